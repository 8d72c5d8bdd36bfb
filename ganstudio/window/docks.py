"""Docks with a quiet title bar: name, float, hide."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDockWidget,
    QHBoxLayout,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from ganstudio.window.form.cards import ChoiceCard
from ganstudio.window.theme import icon
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Title

USES_SPACE = (QAbstractButton, QComboBox, ChoiceCard)


class SpaceKeeper(QObject):
    """Leaves the space bar to a focused button, which it presses; elsewhere it starts and pauses.

    Installed on top-level windows only: a key that nobody below claims comes up to them.
    """

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Claim the space bar for a focused control."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Space
            and isinstance(QApplication.focusWidget(), USES_SPACE)
        ):
            event.accept()
            return True
        return False


class Pages(QStackedWidget):
    """Pages of which the one in front alone claims room: Qt's own would take it from the docks for the widest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.currentChanged.connect(self._on_changed)

    def minimumSizeHint(self) -> QSize:
        """That of the page in front."""
        page = self.currentWidget()
        return QSize() if page is None else page.minimumSizeHint().expandedTo(page.minimumSize())

    @Slot(int)
    def _on_changed(self, _index: int) -> None:
        self.updateGeometry()


class DockTitle(QWidget):
    """The title bar of a dock; dragging it moves the dock."""

    def __init__(self, dock: QDockWidget, surface: str) -> None:
        super().__init__(dock)
        self._dock = dock
        self.floating = self._button("restore", "Take this panel out of the window, or put it back")
        self.closing = self._button("close", "Hide this panel; the View menu brings it back")
        set_role(self, surface)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 8, 8, 4)
        line.setSpacing(2)
        line.addWidget(Title(dock.windowTitle()))
        line.addStretch(1)
        line.addWidget(self.floating)
        line.addWidget(self.closing)
        self.floating.clicked.connect(self._on_float)
        self.closing.clicked.connect(dock.close)

    def _button(self, name: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(name, "muted"))
        button.setIconSize(QSize(12, 12))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        set_role(button, "quiet")
        return button

    @Slot()
    def _on_float(self) -> None:
        self._dock.setFloating(not self._dock.isFloating())


class Dock(QDockWidget):
    """A movable panel of the window."""

    def __init__(
        self, name: str, title: str, content: QWidget, parent: QWidget, surface: str = "panel"
    ) -> None:
        super().__init__(title, parent)
        self.setObjectName(name)
        self.setTitleBarWidget(DockTitle(self, surface))
        self.setWidget(content)
        self.setAcceptDrops(True)
        self.setAccessibleName(title)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """What may be dropped on the window may be dropped on a panel that floats beside it."""
        self.parentWidget().dragEnterEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """The window opens it."""
        self.parentWidget().dropEvent(event)
