"""The list of metrics: a switch for each, in groups, with its idea; what does not suit is greyed with the reason."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ganstudio.core.config import RunConfig
from ganstudio.window.measuring.choices import Choice, groups
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption
from ganstudio.window.widgets.toggle import INDENT, ToggleSwitch


class MetricRow(QWidget):
    """One metric: a switch with its title, and below it the idea or why it cannot be had."""

    def __init__(self, choice: Choice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice = choice
        self.switch = ToggleSwitch(choice.title)
        self.switch.setChecked(choice.on)
        self.switch.setEnabled(not choice.why)
        self.switch.setAccessibleName(choice.title)
        self.switch.setAccessibleDescription(choice.why or choice.measure.idea)
        self.words = Caption(choice.why or choice.measure.idea, wrap=True)
        self.words.setContentsMargins(INDENT, 0, 0, 0)
        for widget in (self, self.switch, self.words):
            widget.setToolTip(choice.tooltip)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addWidget(self.switch)
        column.addWidget(self.words)


class MetricList(QScrollArea):
    """All metrics of a run. ``changed`` tells that another choice was made."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, MetricRow] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Metrics")

    def show_metrics(self, config: RunConfig, features: str, chosen: Iterable[str] = ()) -> None:
        """The metrics of a run in the chosen features; ``chosen`` are switched on, or without any the usual ones."""
        wanted = set(chosen)
        inside = QWidget()
        set_role(inside, "scrolled")
        column = QVBoxLayout(inside)
        column.setContentsMargins(2, 0, 12, 4)
        column.setSpacing(8)
        self.rows = {}
        for title, choices in groups(config, features):
            heading = Caption(title)
            heading.setContentsMargins(0, 8 if self.rows else 0, 0, 0)
            column.addWidget(heading)
            for choice in choices:
                row = MetricRow(choice)
                if wanted and not choice.why:
                    row.switch.setChecked(choice.measure.name in wanted)
                row.switch.toggled.connect(self.changed)
                self.rows[choice.measure.name] = row
                column.addWidget(row)
        column.addStretch(1)
        self.setWidget(inside)
        self.changed.emit()

    def names(self) -> tuple[str, ...]:
        """The metrics that are switched on."""
        return tuple(
            name for name, row in self.rows.items() if row.switch.isChecked() and row.switch.isEnabled()
        )

    def set_all(self, on: bool) -> None:
        """Switch everything that suits on or off."""
        for row in self.rows.values():
            if row.switch.isEnabled():
                row.switch.setChecked(on)
