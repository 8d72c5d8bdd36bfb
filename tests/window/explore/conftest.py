"""An Explore workspace over a quick stand-in for its child, in a real process all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from support import fake_engine, fake_explore

from ganstudio.core.explore.recipe import Model
from ganstudio.window.main_window import MainWindow
from ganstudio.window.settings import SettingsFile
from ganstudio.window.workspaces.explore import ExploreWorkspace


class Exploring:
    """A window with the Explore workspace in front, driven by tests."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot, self.folder = qtbot, folder
        self.window = MainWindow(SettingsFile(), fake_engine.serve, fake_explore.serve)
        self.window.resize(1440, 900)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.begin()
        self.window.performer.perform("workspace.explore")

    @property
    def space(self) -> ExploreWorkspace:
        found = self.window.switcher.explore
        assert found is not None
        return found

    @property
    def state(self):
        return self.space.explorer

    def until(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()))

    def open(self, name: str = "styled") -> None:
        """Open a run of the stand-in and wait for its picture."""
        (self.folder / name).mkdir(exist_ok=True)
        self.space.open_model(Model(str(self.folder / name)))
        self.until(lambda: self.state.opened is not None and Path(self.state.opened.model.run).name == name)
        self.rest()

    def rest(self) -> None:
        """Until everything is answered and nothing waits to be asked."""
        self.until(lambda: not self.space._rest.isActive() and self.space.desk.idle())

    def do(self, action: str) -> None:
        """Trigger an action as a menu does; it must be enabled."""
        found = self.window.registry.action(action)
        assert found.isEnabled(), f"{action}: {found.toolTip()}"
        found.trigger()

    def shown(self) -> int:
        """The grey of the picture that is shown."""
        image = self.space.stage.one.picture.image()
        return image.pixelColor(5, 5).red() if not image.isNull() else -1

    def close(self) -> None:
        if not self.window._closed:
            self.window._leave(save=False)
            self.until(lambda: self.window._closed)
        self.window.deleteLater()


@pytest.fixture
def exploring(qtbot: QtBot, tmp_path: Path) -> Iterator[Exploring]:
    made = Exploring(qtbot, tmp_path)
    yield made
    made.close()


@pytest.fixture
def opened(exploring: Exploring) -> Exploring:
    exploring.open()
    return exploring
