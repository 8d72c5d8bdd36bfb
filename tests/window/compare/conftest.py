"""A Compare workspace over runs made by hand, in a window with a quick stand-in for the engine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid
from support import fake_engine, fake_explore
from support.reported import make_run, measurement

from ganstudio.core.notes import Notes, write_notes
from ganstudio.core.runs import RunFolder
from ganstudio.window.main_window import MainWindow
from ganstudio.window.settings import SettingsFile
from ganstudio.window.workspaces.compare import CompareWorkspace

LONG = 60_000


class Comparing:
    """A window with the Compare workspace in front, driven by tests."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.window = MainWindow(SettingsFile(), fake_engine.serve, fake_explore.serve)
        self.window.resize(1440, 900)
        self.window.show()
        self.until(self.window.isActiveWindow)
        self.window.begin()
        self.window.performer.perform("workspace.compare")
        self.until(lambda: self.space._known is not None)

    @property
    def space(self) -> CompareWorkspace:
        found = self.window.switcher.compare
        assert found is not None
        return found

    def until(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=LONG)

    def names(self) -> list[str]:
        """The folders of the runs that are shown, from top to bottom."""
        return [entry.path.name for entry in self.space.model.arrangement.entries()]

    def entry(self, name: str):
        return next(e for e in self.space.model.all_entries if e.path.name == name)

    def select(self, *names: str) -> None:
        """Select runs by their folders' names and wait until that is told."""
        self.space.table.select([e.path for e in self.space.model.all_entries if e.path.name in names])
        self.until(lambda: {p.name for p in self.space.table._told} == set(names))

    def filter(self, text: str) -> None:
        self.space.bar.filter.setText(text)
        self.until(lambda: self.space.model.wish.filter == text)

    def do(self, action: str) -> None:
        """Trigger an action as a menu does; it must be enabled."""
        found = self.window.registry.action(action)
        assert found.isEnabled(), f"{action}: {found.toolTip()}"
        found.trigger()

    def why(self, action: str) -> str:
        """Why an action cannot be done; empty where it can."""
        found = self.window.registry.action(action)
        return "" if found.isEnabled() else found.toolTip().splitlines()[-1]

    def said(self) -> str:
        return self.window.status.notice.text()

    def close(self) -> None:
        for popup in QApplication.topLevelWidgets():
            if popup.isVisible() and popup is not self.window:
                popup.close()
        if not isValid(self.window):  # closed by the test itself
            return
        if not self.window._closed:
            self.window._leave(save=False)
            self.until(lambda: self.window._closed)
        self.window.deleteLater()


@pytest.fixture
def runs(own_folders) -> Path:
    """Three whole runs of two variants, one of them measured twice, and a damaged one."""
    parent = own_folders.runs
    for number, name in enumerate(("alpha", "beta", "gamma")):
        preset = "digits-lsgan" if name == "gamma" else "digits-dcgan"
        path = make_run(parent, name, steps=40 if name != "beta" else 20, preset=preset, seed=number)
        os.utime(path / "run.toml", (1777890030 + number, 1777890030 + number))
        if name != "gamma":
            RunFolder(path).append_evaluation(measurement("fd-domain", 40.0 + number, 40))
    write_notes(parent / "alpha", Notes("My best", ("good",), True, "Worth another look."))
    broken = make_run(parent, "broken")
    (broken / "run.toml").write_text("[[[")
    return parent


@pytest.fixture
def comparing(qtbot: QtBot, runs: Path) -> Iterator[Comparing]:
    made = Comparing(qtbot)
    made.until(lambda: len(made.space.model.all_entries) == 4)
    yield made
    made.close()


@pytest.fixture
def bare(qtbot: QtBot) -> Iterator[Comparing]:
    """Without any run."""
    made = Comparing(qtbot)
    yield made
    made.close()
