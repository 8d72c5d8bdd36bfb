"""The bar above the table: filter, groups, archived runs, columns, how many are shown, what to do with them."""

from __future__ import annotations

from PySide6.QtCore import QSize, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.window.compare.arranging import Arrangement
from ganstudio.window.compare.filters import HELP
from ganstudio.window.compare.grouping import GROUPINGS
from ganstudio.window.registry import Registry
from ganstudio.window.theme import icon, theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.toolbar import ActionButton
from ganstudio.window.widgets.basic import ElidedLabel
from ganstudio.window.widgets.toggle import ToggleSwitch

TYPING_MS = 150
WIDE = 1080
"""Below this width the button that the context menu has too gives way."""
BUTTONS = ("compare.open", "compare.explore", "compare.duplicate", "compare.report")


class FilterBox(QLineEdit):
    """Where words and terms are typed; Down leads into the table, Esc empties it."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText("Filter: words, or variant:dcgan  fd-domain<50")
        self.setAccessibleName("Filter of runs")
        self.setToolTip(f"{HELP}\n(Ctrl+F; Esc empties it)")
        self.setClearButtonEnabled(True)
        for action in self.findChildren(QAction):  # the one that empties it: Qt's own sign knows no theme
            action.setIcon(icon("close", "muted"))
        for button in self.findChildren(QToolButton):
            button.setAccessibleName("Empty the filter")
        self.setMinimumWidth(150)
        self.setFixedHeight(28)
        self.setMaximumWidth(520)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down, Enter and Esc."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class RunBar(QWidget):
    """``wished`` tells that filter, grouping or the switch for archived runs has changed."""

    wished = Signal()
    columns_wanted = Signal()
    table_wanted = Signal()

    def __init__(self, registry: Registry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # widgets
        self.filter = FilterBox()
        self.group = QComboBox()
        self.group.setAccessibleName("Groups")
        self.group.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.group.setMinimumContentsLength(16)
        self.group.view().setMinimumWidth(220)
        self.group.setToolTip(
            "Put runs together that have something in common; a group's row has means and spreads"
        )
        for place, (value, title, tip) in enumerate(GROUPINGS):
            self.group.addItem(title, value)
            self.group.setItemData(place, tip, Qt.ItemDataRole.ToolTipRole)
        self.archived = ToggleSwitch("Archived")
        self.archived.setToolTip("Show archived runs too; A archives the selected ones or takes them back")
        self.columns = QToolButton()
        self.columns.setText("Columns")
        self.columns.setIcon(icon("chevron-down", "muted"))
        self.columns.setIconSize(QSize(10, 10))
        self.columns.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.columns.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.columns.setToolTip("Choose the columns of the table; its header's context menu does it too")
        set_role(self.columns, "quiet")
        self.buttons = [ActionButton(registry, id) for id in BUTTONS]
        self.count = ElidedLabel()
        self.count.setFont(theme().font("caption"))
        set_role(self.count, "caption")
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.problem = ElidedLabel()
        set_role(self.problem, "warning")
        self.problem.hide()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        # connections
        self.filter.textChanged.connect(self._typing.start)
        self.filter.left.connect(self.table_wanted)
        self._typing.timeout.connect(self.wished)
        self.group.activated.connect(self._on_changed)
        self.archived.toggled.connect(self._on_changed)
        self.columns.clicked.connect(self.columns_wanted)
        self._assemble()

    def _assemble(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.filter, 3)
        line.addWidget(self.group)
        line.addWidget(self.archived)
        line.addWidget(self.columns)
        line.addWidget(self.count, 2)
        line.addSpacing(4)
        for button in self.buttons:
            line.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(line)
        column.addWidget(self.problem)

    @Slot()
    def _on_changed(self) -> None:
        self._typing.stop()
        self.wished.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window what can be spared gives way."""
        super().resizeEvent(event)
        self.buttons[BUTTONS.index("compare.duplicate")].setVisible(event.size().width() >= WIDE)

    def stop(self) -> None:
        """No timer runs any more."""
        self._typing.stop()

    def set_group(self, value: str) -> None:
        """Show a grouping, without a signal."""
        place = self.group.findData(value)
        self.group.setCurrentIndex(max(place, 0))

    def show_counts(self, shown: Arrangement, selected: int) -> None:
        """How many runs there are, are shown and are selected, and what is wrong with the filter."""
        here = sum(1 for _ in shown.entries())
        told = f"{here:,} runs" if here == shown.total else f"{here:,} of {shown.total:,} runs"
        if shown.archived:
            told += f" · {shown.archived:,} archived"
        if selected > 1:
            told += f" · {selected:,} selected"
        self.count.setText(told if here != 1 or here != shown.total else "1 run")
        self.problem.setText(shown.problem)
        self.problem.setVisible(bool(shown.problem))
