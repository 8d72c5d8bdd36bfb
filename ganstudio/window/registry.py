"""Makes Qt's actions out of the table, fills the menus, and keeps them enabled or explains why not."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from ganstudio.window.actions import ACTIONS, WORKSPACES, ActionSpec, Situation
from ganstudio.window.compare_actions import COMPARE_ACTIONS
from ganstudio.window.dialogs.chooser import Entry
from ganstudio.window.explore_actions import EXPLORE_ACTIONS
from ganstudio.window.theme import icon

MENUS = ("File", "Edit", "Run", "Explore", "Compare", "View", "Help")


class Registry(QObject):
    """All actions of one window. ``triggered`` carries the id; the window decides what it means."""

    triggered = Signal(str)
    recent_wanted = Signal()
    """The menu of recent runs is about to open and wants its entries."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._actions: dict[str, QAction] = {}
        self._groups: dict[str, QActionGroup] = {}
        self.recent_menu = QMenu("Recent runs", window)
        self.recent_menu.aboutToShow.connect(self.recent_wanted)
        for spec in specs():
            self._actions[spec.id] = self._make(spec, window)
        self.follow(Situation())

    def _make(self, spec: ActionSpec, window: QWidget) -> QAction:
        action = QAction(spec.text, window)
        action.setObjectName(spec.id)
        action.setData(spec.id)
        action.setCheckable(spec.checkable)
        if spec.shortcut:
            action.setShortcut(QKeySequence(spec.shortcut))
        if spec.icon:
            action.setIcon(icon(spec.icon, "text"))
            action.setIconVisibleInMenu(False)
        if spec.group:
            group = self._groups.setdefault(spec.group, QActionGroup(self))
            group.addAction(action)
        action.setStatusTip("")
        action.triggered.connect(self._on_triggered)
        window.addAction(action)
        return action

    @Slot()
    def _on_triggered(self) -> None:
        sender = self.sender()
        if isinstance(sender, QAction):
            self.triggered.emit(str(sender.data()))

    def action(self, id: str) -> QAction:
        """The action with an id; ``KeyError`` for an unknown one."""
        return self._actions[id]

    def fill_menus(self, bar: QMenuBar) -> None:
        """Every action in its menu."""
        menus: dict[str, QMenu] = {title: bar.addMenu(title) for title in MENUS}
        for menu in menus.values():
            menu.setToolTipsVisible(True)
        for spec in specs():
            menu = menus.get(spec.menu) or _submenu(menus, spec.menu)
            if spec.separator:
                menu.addSeparator()
            menu.addAction(self._actions[spec.id])
            if spec.id == "file.open-config":
                menu.addMenu(self.recent_menu)

    def follow(self, now: Situation) -> None:
        """Enable what can be done; the tooltip of the rest says why not."""
        for spec in specs():
            why = spec.when(now)
            action = self._actions[spec.id]
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            tip = f"{spec.tip} ({keys})" if keys else spec.tip
            action.setEnabled(not why)
            action.setToolTip(f"{tip}\n{why}" if why else tip)

    def entries(self, why: Mapping[str, str]) -> list[Entry]:
        """All actions for the palette; ``why`` tells by id why one is disabled."""
        found: list[Entry] = []
        for spec in specs():
            action = self._actions[spec.id]
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            title = action.text().rstrip(" …")
            if "/" in spec.menu:
                title = f"{spec.menu.partition('/')[2]}: {title}"
            reason = why.get(spec.id, "")
            group = spec.menu.replace("/", " · ")
            found.append(Entry(spec.id, title, spec.tip, keys, group, enabled=not reason, why=reason))
        return found


def specs() -> tuple[ActionSpec, ...]:
    """The table, with one action for each workspace."""
    spaces = tuple(
        ActionSpec(f"workspace.{space.name}", space.title, space.shortcut, space.tip, "View", checkable=True,
                   group="workspace")
        for space in WORKSPACES
    )  # fmt: skip
    return (*spaces, *ACTIONS, *EXPLORE_ACTIONS, *COMPARE_ACTIONS)


def _submenu(menus: dict[str, QMenu], path: str) -> QMenu:
    parent, _, title = path.rpartition("/")
    menus[path] = menus[parent].addMenu(title)
    menus[path].setToolTipsVisible(True)
    return menus[path]
