"""Runs on the disk for the views, and a pane that shows them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

sys.path.insert(0, str(Path(__file__).parents[3] / "screenshots"))

from support.reported import make_run

from ganstudio.core.run_list import RunEntry, read_entry
from ganstudio.core.runs import RunFolder
from ganstudio.engine.pictures import grid, save_png
from ganstudio.window.background import Background
from ganstudio.window.compare.views.pane import ComparePane

Made = Callable[..., RunEntry]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """A function that makes a run and reads its entry."""

    def make(name: str, **changes: object) -> RunEntry:
        return read_entry(make_run(tmp_path, name, **changes))

    return make


@pytest.fixture
def save_grid() -> Callable[..., None]:
    """A function that saves a run's grid at a step: every cell has its number as its grey."""

    def save(entry: RunEntry, step: int, seed: int = 0, size: int = 16) -> None:
        shades = np.arange(64, dtype=np.uint8) * 3 + step % 50
        images = np.broadcast_to(shades[:, None, None, None], (64, size, size, 1))
        recipe = {"seed": seed, "count": 64}
        save_png(RunFolder(entry.path).sample_path(step), grid(np.ascontiguousarray(images)), recipe)

    return save


class Shown:
    """A pane on the screen."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.background = Background()
        self.pane = ComparePane(self.background)
        qtbot.addWidget(self.pane)
        self.pane.resize(1100, 700)
        self.pane.show()
        qtbot.waitExposed(self.pane)

    def show(self, *entries: RunEntry, view: str = "curves") -> ComparePane:
        """Show runs in a view, until everything is read and drawn."""
        self.pane.set_view(view)
        self.pane.show_runs(entries)
        self.settle()
        return self.pane

    def settle(self) -> None:
        """Until nothing is left to read or draw, also after a few more turns of the event loop."""
        for _ in range(6):
            self.qtbot.waitUntil(lambda: not self.pane.is_busy(), timeout=60_000)
            self.qtbot.wait(1)
        self.qtbot.waitUntil(lambda: not self.pane.is_busy(), timeout=60_000)

    def close(self) -> None:
        self.pane.shut_down()
        self.background.close()
        self.pane.close()


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Shown]:
    """A pane without runs."""
    opened = Shown(qtbot)
    yield opened
    opened.close()
