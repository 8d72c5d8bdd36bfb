"""Which workspace is in front: made when it is first looked at; panels come and go with the Train workspace."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QObject, Slot
from PySide6.QtWidgets import QDockWidget

from ganstudio.core.config import RunConfig
from ganstudio.core.explore.recipe import Model
from ganstudio.window.actions import WORKSPACES
from ganstudio.window.opener import STOP_FIRST

if TYPE_CHECKING:
    from ganstudio.window.main_window import MainWindow
    from ganstudio.window.workspaces.compare import CompareWorkspace
    from ganstudio.window.workspaces.explore import ExploreWorkspace


class Switcher(QObject):
    """Makes the workspaces of a window and brings one to the front."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.front = WORKSPACES[0].name
        self.explore: ExploreWorkspace | None = None
        self.compare: CompareWorkspace | None = None
        self._made: dict[str, Any] = {}
        self._hidden: list[QDockWidget] = []
        self._layout: QByteArray | None = None

    def make(self, name: str) -> Any:
        """A workspace, made now if nobody has looked at it yet."""
        if name not in self._made:
            space = next(space for space in WORKSPACES if space.name == name)
            module, _, cls = space.factory.partition(":")
            factory = getattr(importlib.import_module(module), cls)
            window = self._window
            widget = factory(window.controller, window.form_model, window.background, *window.targets(name))
            widget.action_wanted.connect(window.performer.perform)
            window.stack.addWidget(widget)
            self._made[name] = widget
            if name == "explore":
                self._connect_explore(widget)
            elif name == "compare":
                self._connect_compare(widget)
        return self._made[name]

    def _connect_explore(self, space: ExploreWorkspace) -> None:
        window = self._window
        self.explore = space
        space.undo_changed.connect(window.refresh)
        space.told.connect(window.status.tell)
        space.problem.connect(self._on_problem)

    def _connect_compare(self, space: CompareWorkspace) -> None:
        window = self._window
        self.compare = space
        space.changed.connect(window.refresh)
        space.told.connect(window.status.tell)
        space.problem.connect(self._on_problem)
        space.open_wanted.connect(self._on_open)
        space.explore_wanted.connect(self._on_explore)
        space.duplicate_wanted.connect(self._on_duplicate)
        space.sweep_wanted.connect(self._on_sweep)

    @Slot(object)
    def _on_open(self, path: Path) -> None:
        """Show a run in the Train workspace; the one that trains there is there already."""
        window = self._window
        here = window.model.folder is not None and window.model.folder.path == path
        if window.model.active and not here:
            window.status.tell("Stop the run first, then open another.")
            return
        self.show("train")
        if not window.model.active:
            window.opener.open_run(path)

    @Slot(object)
    def _on_explore(self, path: Path) -> None:
        """Explore a run."""
        self.show("explore")
        assert self.explore is not None
        self.explore.open_model(self.explore.runs.model(str(path)))

    @Slot(object)
    def _on_sweep(self, config: RunConfig) -> None:
        """Plan a sweep over a run's settings."""
        self._window.sweeps.plan(config)

    @Slot(object, str)
    def _on_duplicate(self, config: RunConfig, title: str) -> None:
        """A run's settings as the start of a new one."""
        window = self._window
        if window.model.active:
            window.status.tell(STOP_FIRST)
            return
        window.form_model.load(config, f"Duplicate {title}")
        self.show("train")
        window.status.tell(f"The form has the settings of {title}. Start trains them as a new run.")

    @Slot(str, str, str)
    def _on_problem(self, title: str, what: str, remedy: str) -> None:
        self._window.problem(title, what, remedy)

    def show(self, name: str) -> None:
        """Bring a workspace to the front. The panels of the Train workspace leave with it and come back with it."""
        if name == self.front:
            return
        widget = self.make(name)
        if self.front == "train":
            self._layout = self._window.saveState(self._window.layout_version)
            docks = (self._window.setup_dock, self._window.charts_dock)
            self._hidden = [dock for dock in docks if not dock.isHidden()]
        self.front = name
        if name != "train":
            self._show_panels(False)
        self._window.stack.setCurrentWidget(widget)
        if name == "train":  # after the page in front has given its room back
            self._show_panels(True)
        self._window.refresh()

    def _show_panels(self, shown: bool) -> None:
        for dock in self._hidden:
            dock.setVisible(shown)

    def layout(self) -> QByteArray:
        """The arrangement of the Train workspace's panels, also while another one is in front."""
        if self.front != "train" and self._layout is not None:
            return self._layout
        return self._window.saveState(self._window.layout_version)

    def explore_seed(self, seed: int, row: int) -> None:
        """Show a picture of the Train workspace's run; ``row`` is its class or code, -1 for none."""
        model = self._window.model
        if model.folder is None:
            return
        self.show("explore")
        assert self.explore is not None
        self.explore.open_seed(Model(str(model.folder.path), None, model.active), seed, row)

    def take_run(self, path: Path) -> bool:
        """A run was dropped: explore it, or put it into the table, if that workspace is in front."""
        if self.front == "explore" and self.explore is not None:
            self.explore.open_model(self.explore.runs.model(str(path)))
            return True
        if self.front == "compare" and self.compare is not None:
            self.compare.add([path])
            return True
        return False

    def restore(self, path: Path) -> None:
        """A picture, film or file of latents was dropped."""
        self.show("explore")
        assert self.explore is not None
        self.explore.home.restore(path)

    def shut_down(self) -> None:
        """No thread and no child is left."""
        if self.explore is not None:
            self.explore.shut_down()
        if self.compare is not None:
            self.compare.shut_down()
