"""Opens the window: environment, display check, hooks, event loop."""

from __future__ import annotations

import os
import signal
import sys
import time
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

NO_DISPLAY = 3
"""Exit code where no window can be opened."""


def prepare_environment() -> None:
    """What Qt's helpers read when they are first imported."""
    os.environ["QT_API"] = "pyside6"
    os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"


def run_window(target: str | None = None) -> int:
    """Open the window, with a run, a preset or a TOML file if one is named; returns the exit code."""
    early = EarlySignals()
    try:
        return _open(target, early)
    finally:
        early.restore()


class EarlySignals:
    """Remembers Ctrl-C and termination until there is a window that they can close."""

    def __init__(self) -> None:
        self.count = 0
        numbers = (signal.SIGINT, signal.SIGTERM)
        self._old = {number: signal.signal(number, self._take) for number in numbers}

    def _take(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1
        if self.count > 1:
            raise KeyboardInterrupt

    def restore(self) -> None:
        """Give the signals back."""
        for number, handler in self._old.items():
            signal.signal(number, handler)


def _open(target: str | None, early: EarlySignals) -> int:
    """Open the window and run it to its end."""
    from ganstudio.core.platform import window_problem

    problem = window_problem()
    if problem:
        sys.stderr.write(f"ganstudio: {problem}\n")
        return NO_DISPLAY
    prepare_environment()
    app = make_application()

    from PySide6.QtCore import Qt, QTimer

    from ganstudio.window.hooks import Hooks
    from ganstudio.window.main_window import MainWindow
    from ganstudio.window.settings import SettingsFile

    hooks = Hooks(app)
    window = MainWindow(SettingsFile())
    window.gone.connect(app.quit, Qt.ConnectionType.QueuedConnection)  # also if it comes before the loop runs
    window.show()
    if os.environ.get("GANSTUDIO_TIME_START"):
        _report_start(app)
    window.begin(target)
    hooks.watch(window)
    if early.count:
        QTimer.singleShot(0, window.close_for_signal)
    try:
        return app.exec()
    finally:
        hooks.close()


def make_application() -> QApplication:
    """The application object with its names, icon and look."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QApplication

    from ganstudio.window.theme import icon, theme

    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication.instance() or QApplication(["ganstudio"])
    assert isinstance(app, QApplication)
    app.setOrganizationName("ganstudio")
    app.setApplicationName("ganstudio")
    app.setApplicationDisplayName("GAN Studio")
    app.setDesktopFileName("ganstudio")
    app.setQuitOnLastWindowClosed(False)  # the window says when it is gone: a run may still be saving
    app.setWindowIcon(icon("train", "accent"))
    theme().install(app)
    return app


def _report_start(app: QApplication) -> None:
    """Say how long the process took to its first painted window; for the benchmark."""
    import psutil

    app.processEvents()
    seconds = time.time() - psutil.Process().create_time()
    sys.stderr.write(f"window on screen after {seconds:.3f} s\n")
