"""What catches everything that goes wrong, collects garbage in the right thread, and listens to signals."""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import logging
import os
import signal
import socket
import sys
import threading
import traceback
from logging.handlers import RotatingFileHandler
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, TextIO

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    QSocketNotifier,
    QTimer,
    QtMsgType,
    Signal,
    Slot,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from ganstudio.window.dialogs.error import Problem, show_problem
from ganstudio.window.settings import log_home

if TYPE_CHECKING:
    from ganstudio.window.main_window import MainWindow

COLLECT_EVERY_MS = 1000
QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
log = logging.getLogger("ganstudio.window")


class Collector(QObject):
    """Garbage collection in the window's thread only.

    A collection that happens to run in a worker thread may destroy Qt objects there and crash, so the
    automatic one is off and this timer does its work, generation by generation.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)
        self._timer.start(COLLECT_EVERY_MS)

    @Slot()
    def collect(self) -> None:
        """Collect the oldest generation that has reached its threshold."""
        counts, limits = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > limits[generation]:
                gc.collect(generation)
                return

    def close(self) -> None:
        """Back to the automatic collection."""
        self._timer.stop()
        gc.enable()


class Signals(QObject):
    """Ctrl-C and termination close the window as the person would; a second one ends the program."""

    def __init__(self, window: MainWindow, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window = window
        self._count = 0
        self._notifier: QSocketNotifier | None = None
        self._timer: QTimer | None = None
        self._old = {
            number: signal.signal(number, self._handle) for number in (signal.SIGINT, signal.SIGTERM)
        }
        if os.name == "posix":
            self._ours, theirs = socket.socketpair()
            self._theirs = theirs
            for end in (self._ours, theirs):
                end.setblocking(False)
            self._old_fd = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
            self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
            self._notifier.activated.connect(self._wake)
        else:  # no wake-up by descriptor there: let Python look for signals twice a second
            self._timer = QTimer(self)
            self._timer.timeout.connect(self._look)
            self._timer.start(500)

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        self._count += 1
        if self._count > 1:
            QApplication.exit(130)
        else:
            self._window.close_for_signal()

    @Slot()
    def _wake(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._ours.recv(64)

    @Slot()
    def _look(self) -> None:
        """Running Python code is all that is needed."""

    def close(self) -> None:
        """Give the signals back."""
        for number, handler in self._old.items():
            signal.signal(number, handler)
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            signal.set_wakeup_fd(self._old_fd)
            self._ours.close()
            self._theirs.close()
        if self._timer is not None:
            self._timer.stop()


class Hooks(QObject):
    """Logging, crash file, exceptions, signals and garbage: installed once, taken back by :meth:`close`."""

    caught = Signal(str, str)
    """Summary and traceback of an exception nobody caught; may be emitted from any thread."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._window: MainWindow | None = None
        self._faults: TextIO | None = None
        self._handler = self._start_logging()
        self._collector = Collector(self)
        self._signals: Signals | None = None
        self._told: set[str] = set()
        self._old = (sys.excepthook, sys.unraisablehook, threading.excepthook)
        self._old_qt = qInstallMessageHandler(_on_qt_message)
        self.caught.connect(self._tell)
        sys.excepthook = self._on_exception
        sys.unraisablehook = self._on_unraisable
        threading.excepthook = self._on_thread_exception

    def _start_logging(self) -> logging.Handler | None:
        """A small log file and a file for crashes; without a writable home there is neither."""
        try:
            log_home().mkdir(parents=True, exist_ok=True)
            path = log_home() / "window.log"
            handler = RotatingFileHandler(path, maxBytes=500_000, backupCount=2, encoding="utf-8")
            self._faults = (log_home() / "crash.log").open("w", encoding="utf-8")
        except OSError:
            return None
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        root = logging.getLogger()
        root.addHandler(handler)
        logging.getLogger("ganstudio").setLevel(logging.INFO)
        faulthandler.enable(self._faults)
        return handler

    def watch(self, window: MainWindow) -> None:
        """The window over which problems are told, and which signals close."""
        self._window = window
        self._signals = Signals(window, self)

    def close(self) -> None:
        """Put everything back."""
        sys.excepthook, sys.unraisablehook, threading.excepthook = self._old
        qInstallMessageHandler(self._old_qt)
        if self._signals is not None:
            self._signals.close()
        self._collector.close()
        if self._handler is not None:
            logging.getLogger().removeHandler(self._handler)
            self._handler.close()
        if self._faults is not None:
            faulthandler.disable()
            self._faults.close()

    # ------------------------------------------------------------ exceptions

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        detail = "".join(traceback.format_exception(kind, error, trace))
        log.error("an exception was not caught\n%s", detail)
        self.caught.emit(f"{kind.__name__}: {error}", detail)

    def _on_unraisable(self, fault: Any) -> None:
        log.error("an exception could not be raised: %s", fault.err_msg or fault.object)
        self._on_exception(fault.exc_type, fault.exc_value or fault.exc_type(), fault.exc_traceback)

    def _on_thread_exception(self, fault: threading.ExceptHookArgs) -> None:
        if fault.exc_value is not None:
            self._on_exception(fault.exc_type, fault.exc_value, fault.exc_traceback)

    @Slot(str, str)
    def _tell(self, summary: str, detail: str) -> None:
        """One dialog for each fault, however often it happens."""
        if summary in self._told:
            return
        self._told.add(summary)
        problem = Problem(
            "Something in the program went wrong",
            f"The window met a fault it did not expect ({summary}). Training is not touched by it.",
            f"You can go on. If it keeps happening, report it with the details; the log is in {log_home()}.",
            detail,
        )
        show_problem(problem, self._window)


def _on_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    logging.getLogger(f"qt.{context.category or 'default'}").log(QT_LEVELS.get(kind, logging.INFO), message)
