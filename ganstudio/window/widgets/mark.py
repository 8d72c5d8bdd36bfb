"""The small mark beside a setting: changed by the person, or as the recipe has it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolButton, QWidget

from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role

SIDE, RADIUS = 18, 2.75


class Mark(QToolButton):
    """A dot while the setting is changed, pressing which puts it back; a ring while it is the recipe's own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dot")
        self.setFixedSize(SIDE, SIDE)
        set_role(self, "tool")
        self._changed = False
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        theme().changed.connect(self.update)
        self.hide()

    def tell(self, changed: bool, label: str, baseline: str, locked: str = "", recipe: str = "") -> None:
        """Show the mark, and say what pressing it puts back; ``recipe`` names whose recipe has this value."""
        self._changed = changed
        self.setVisible(changed or bool(recipe))
        self.setEnabled(changed and not locked)
        text = f"From the recipe of {recipe}."
        if changed:
            text = f"{label} is changed. Put it back to {baseline}."
            text += f" That is the recipe of {recipe}." if recipe else ""
        self.setToolTip(f"{text}\n{locked}" if locked and changed else text)
        self.setAccessibleName(f"Put {label} back to {baseline}" if changed else text)
        self.update()

    @property
    def is_changed(self) -> bool:
        """Whether it shows the dot of a changed setting."""
        return self._changed and not self.isHidden()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A dot in the accent colour, or a muted ring."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(QRectF(self.rect()).center())
        if self._changed:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("accent-text" if self.isEnabled() else "disabled"))
            painter.drawEllipse(middle, RADIUS, RADIUS)
        else:
            painter.setPen(QPen(theme().color("disabled"), 1.2))
            painter.drawEllipse(middle, RADIUS - 0.5, RADIUS - 0.5)
