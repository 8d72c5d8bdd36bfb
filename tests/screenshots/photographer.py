"""What all scripts that take pictures of the window share: a home of their own, a large screen, and who drives it.

Importing this sets the environment, so it comes before anything of the window.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
HOME = Path(tempfile.mkdtemp(prefix="ganstudio-shots-"))
RUNS = HOME / "runs"
SCREEN = {"name": "large", "x": 0, "y": 0, "width": 2800, "height": 1600, "logicalDpi": 96, "dpr": 1}
(HOME / "screen.json").write_text(json.dumps({"screens": [SCREEN]}))  # the usual 800 x 800 is too small
os.environ.setdefault("QT_QPA_PLATFORM", f"offscreen:configfile={HOME}/screen.json")
os.environ["GANSTUDIO_CONFIG_HOME"] = f"{HOME}/config"
os.environ["GANSTUDIO_RUNS"] = str(RUNS)
os.environ.setdefault("GANSTUDIO_CACHE", f"{HOME}/cache")

from ganstudio.window.application import make_application, prepare_environment  # noqa: E402

prepare_environment()

from PySide6.QtCore import QPoint  # noqa: E402
from PySide6.QtGui import QPainter, QPixmap  # noqa: E402
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget  # noqa: E402

from ganstudio.window.main_window import MainWindow  # noqa: E402
from ganstudio.window.settings import SettingsFile  # noqa: E402
from ganstudio.window.theme import theme  # noqa: E402
from ganstudio.window.theme.style import set_role  # noqa: E402

LARGE, SMALL, SMALLEST, HUGE = (1440, 900), (1280, 720), (960, 600), (2560, 1440)
MODES = ("dark", "light")


def begin(out: Path) -> QApplication:
    """The application as the program has it, and a folder for the pictures."""
    out.mkdir(parents=True, exist_ok=True)
    gc.disable()  # as in the program: a collection in a worker thread could destroy Qt objects there
    return make_application()


def until(condition: Callable[[], bool], seconds: float = 120) -> None:
    """Run the application until a condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        QApplication.processEvents()
        time.sleep(0.005)


def settle(seconds: float = 0.4) -> None:
    """Let layouts and charts come to rest."""
    end = time.monotonic() + seconds
    until(lambda: time.monotonic() > end)


def themes() -> Iterator[str]:
    """Each theme in turn, set."""
    for mode in MODES:
        theme().set_mode(mode)
        yield mode


def save(what: QWidget | QPixmap, path: Path) -> None:
    """Write a picture and say so."""
    (what.grab() if isinstance(what, QWidget) else what).save(str(path))
    print(path.name, flush=True)


def framed(inner: QWidget) -> QWidget:
    """A widget as it lies in the window, with its own size."""
    size, frame = inner.size(), QWidget()
    set_role(frame, "window")
    frame.setAutoFillBackground(True)
    column = QVBoxLayout(frame)
    column.setContentsMargins(12, 12, 12, 12)
    column.addWidget(inner)
    frame.resize(size.width() + 24, size.height() + 24)
    return frame


class Photographer:
    """Drives one window through its states and takes a picture of each, in both themes."""

    prefix = ""
    """Stands before the name of every picture."""

    def __init__(self, out: Path) -> None:
        begin(out)
        self.out = out
        self.window = MainWindow(SettingsFile())
        self.window.resize(*LARGE)
        self.window.show()
        self.window._default_layout()
        self.window.begin()

    def rest(self) -> None:
        """Let the window come to rest before a picture is taken."""
        settle()

    def take(
        self, name: str, before: Callable[[], object] | None = None, widget: QWidget | None = None
    ) -> None:
        """A picture of the window, or of one widget, in each theme.

        Pop-ups and dialogs are painted where they stand, then closed; ``before`` opens them.
        """
        for mode in MODES:
            self.window.performer.set_theme(mode)
            if before:
                before()
            self.rest()
            save(widget or self._shot(), self.out / f"{self.prefix}{name}-{mode}.png")
            if widget is None:
                self.close_popups()
                settle(0.1)

    def _above(self) -> list[QWidget]:
        return [w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not self.window]

    def _shot(self) -> QPixmap:
        picture = self.window.grab()
        painter = QPainter(picture)
        for widget in self._above():
            corner = widget.mapToGlobal(QPoint()) - self.window.mapToGlobal(QPoint())
            if not 0 <= corner.x() <= self.window.width() - widget.width():
                corner.setX((self.window.width() - widget.width()) // 2)
            painter.drawPixmap(corner, widget.grab())
        painter.end()
        return picture

    def close_popups(self) -> None:
        """Close whatever stands above the window."""
        for popup in self._above():
            popup.close()

    def close(self) -> None:
        """Close the window and wait until it is gone."""
        gone: list[bool] = []
        self.window.gone.connect(lambda: gone.append(True))
        self.window.close()
        until(lambda: bool(gone))


def take_all(photographer: Any, states: Sequence[Callable[[Any], None]], names: Sequence[str]) -> None:
    """The states that are named, or all of them; then close the window."""
    for state in [state for state in states if state.__name__ in names] or states:
        state(photographer)
    photographer.close()
