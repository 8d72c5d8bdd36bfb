"""Opens the window: environment, display check, hooks, event loop."""

from __future__ import annotations

import os
import sys
import time
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
    from ganstudio.core.platform import window_problem

    problem = window_problem()
    if problem:
        sys.stderr.write(f"ganstudio: {problem}\n")
        return NO_DISPLAY
    prepare_environment()
    app = make_application()

    from PySide6.QtCore import Qt

    from ganstudio.window.hooks import Hooks
    from ganstudio.window.main_window import MainWindow
    from ganstudio.window.settings import SettingsFile

    hooks = Hooks(app)
    window = MainWindow(SettingsFile())
    hooks.watch(window)
    window.gone.connect(app.quit, Qt.ConnectionType.QueuedConnection)  # also if it comes before the loop runs
    window.show()
    if os.environ.get("GANSTUDIO_TIME_START"):
        _report_start(app)
    window.begin(target)
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
