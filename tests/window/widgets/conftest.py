"""Widgets alone: a lighter net than the window's, a helper that paints and looks at pixels."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from ganstudio.window.theme import Tokens, theme

sys.path.insert(0, str(Path(__file__).parents[2] / "screenshots"))

Colours = Callable[[QWidget], set[str]]


@pytest.fixture(autouse=True)
def leak_net(qapp: QApplication) -> Iterator[None]:
    """No window stays open and no timer runs on after a test."""
    theme().install(qapp)
    theme().set_mode("dark")
    yield
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.processEvents()
    windows = [w for w in qapp.topLevelWidgets() if w.isVisible()]
    assert not windows, f"windows left open: {windows}"
    running = [t for w in qapp.topLevelWidgets() for t in w.findChildren(QTimer) if t.isActive()]
    assert not running, f"timers still running: {running}"
    theme().set_mode("system")


@pytest.fixture(autouse=True)
def own_folders() -> None:
    """Widgets write only where a test's answer to the save question says."""


def counted(image: QImage) -> Counter[str]:
    """All colours of a picture, as ``#rrggbb``, with the number of their pixels."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    data = bytes(image.constBits())
    found = Counter(data[i : i + 3] for i in range(0, len(data), 4))
    return Counter({f"#{c[2]:02x}{c[1]:02x}{c[0]:02x}": n for c, n in found.items()})


@pytest.fixture
def colours(qapp: QApplication) -> Colours:
    """A function: the colours that a widget paints."""

    def look(widget: QWidget) -> set[str]:
        qapp.processEvents()
        return set(counted(widget.grab().toImage()))

    return look


@pytest.fixture
def left_over(qapp: QApplication) -> Callable[[QWidget, Tokens, Tokens], list[str]]:
    """A function: the tokens of the old theme that a widget still paints.

    The soft edges of letters pass through many greys, so a grey counts from one pixel in a thousand on.
    """

    def look(widget: QWidget, old: Tokens, new: Tokens) -> list[str]:
        qapp.processEvents()
        seen = counted(widget.grab().toImage())
        few = seen.total() / 1000
        gone = {token: colour for token, colour in old.items() if colour not in new.values()}
        return [token for token, c in gone.items() if seen[c] > (0 if _is_colourful(c) else few)]

    return look


def _is_colourful(colour: str) -> bool:
    channels = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return max(channels) - min(channels) > 40
