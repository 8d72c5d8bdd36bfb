"""The net under the window's tests: nothing may leak, nothing may be logged that was not expected."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QT_API"] = "pyside6"
os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"

import gc
import logging
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from PySide6.QtCore import QEvent, QThread, QTimer, SignalInstance
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from pytestqt.wait_signal import SignalBlocker
from support import fake_measures
from support.fake_engine import serve

from ganstudio.core.config import RunConfig
from ganstudio.core.lifecycle import State
from ganstudio.window.form.draft import examine
from ganstudio.window.form.presets import draft_of_preset
from ganstudio.window.main_window import MainWindow
from ganstudio.window.settings import SettingsFile
from ganstudio.window.theme import theme

LONG = 60_000
"""Milliseconds to wait for a condition that real training brings about; other processes share the machine."""


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    return QApplication


@pytest.fixture(scope="session", autouse=True)
def no_collection_elsewhere() -> Iterator[None]:
    """As in the program: a collection in a worker thread could destroy Qt objects there."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Settings, logs and runs of a test lie in its own folder."""
    config, runs = tmp_path / "config", tmp_path / "runs"
    monkeypatch.setenv("GANSTUDIO_CONFIG_HOME", str(config))
    monkeypatch.setenv("GANSTUDIO_RUNS", str(runs))
    runs.mkdir()
    return SimpleNamespace(config=config, runs=runs)


@pytest.fixture(autouse=True)
def no_surprises_in_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A record of level WARNING or above fails the test."""
    yield
    for phase in ("setup", "call"):
        loud = [r.getMessage() for r in caplog.get_records(phase) if r.levelno >= logging.WARNING]
        assert not loud, f"unexpected log records: {loud}"


@pytest.fixture(autouse=True, scope="session")
def old_objects_aside() -> Iterator[None]:
    """What was imported before (torch among it) need not be searched for leaks after every test."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def leak_net(qapp: QApplication) -> Iterator[None]:
    """Windows, threads, timers and processes that outlive the test fail it."""
    theme().install(qapp)
    before = {id(widget) for widget in qapp.topLevelWidgets()}
    children = {child.pid for child in psutil.Process().children(recursive=True)}
    yield
    for _ in range(3):
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        qapp.processEvents()
        gc.collect()
    left = [w for w in qapp.topLevelWidgets() if id(w) not in before and w.isVisible()]
    timers = [t for w in _alive(QTimer) if (t := w).isActive()]
    threads = [t for t in _alive(QThread) if t.isRunning() and t is not qapp.thread()]
    for thread in threads:  # Qt aborts the process, and all later tests, when one is destroyed while it runs
        getattr(thread, "close", thread.quit)()
        thread.wait(LONG)
    assert not left, f"windows left open: {left}"
    assert not timers, f"timers still running: {[(t, t.parent()) for t in timers]}"
    assert not threads, f"threads still running: {threads}"
    now = psutil.Process().children(recursive=True)
    orphans = [c for c in now if c.pid not in children and "resource_tracker" not in " ".join(_command(c))]
    assert not orphans, f"processes left behind: {[_command(c) for c in orphans]}"
    theme().set_mode("system")


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline() or [process.name()]
    except psutil.Error:
        return ["resource_tracker or gone"]


def _alive(kind: type) -> list:
    import shiboken6

    # type(o), not isinstance: asking some of torch's objects for their class gives a deprecation warning
    return [o for o in gc.get_objects() if issubclass(type(o), kind) and shiboken6.isValid(o)]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform says this of windows and pop-ups; it means nothing."""
    for item in items:
        if "window" in item.path.parts:
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support"))


class PatientBot(QtBot):
    """Waits for conditions and signals as long as a busy machine may need."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = LONG) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: SignalInstance, *, timeout: int = LONG, **options: Any) -> SignalBlocker:
        return super().waitSignal(signal, timeout=timeout, **options)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


class Studio:
    """A real window with its engine, driven by tests."""

    def __init__(
        self,
        qtbot: QtBot,
        target: Callable[[Connection], None] | None = None,
        measures: Callable[[Connection], None] | None = None,
    ) -> None:
        self.qtbot = qtbot
        self.window = MainWindow(SettingsFile(), target, None, measures)
        self.window.resize(1280, 720)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.begin()

    @property
    def model(self):
        return self.window.model

    @property
    def state(self) -> State:
        return self.window.model.state

    def until(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition)

    def until_state(self, *states: State) -> None:
        self.until(lambda: self.state in states)

    def do(self, action: str) -> None:
        """Trigger an action as a menu does; it must be enabled."""
        found = self.window.registry.action(action)
        assert found.isEnabled(), f"{action}: {found.toolTip()}"
        found.trigger()

    def tiny(self, steps: int = 100_000, **changes: object) -> RunConfig:
        """Put a run into the form that is as quick as a run can be; points on a ring."""
        draft = draft_of_preset("ring-2d")
        small = {
            "generator.width": 16,
            "discriminator.width": 16,
            "generator.depth": 1,
            "discriminator.depth": 1,
        }
        for key, value in {"steps": steps, "batch_size": 32, "samples.every": 20, **small, **changes}.items():
            draft = draft.set(key, value)
        self.window.form_model.push(draft, "test")
        return examine(draft).config

    def start(self, steps: int = 100_000, **changes: object) -> None:
        """Start a tiny run and wait until it trains."""
        self.tiny(steps, **changes)
        self.do("run.toggle")
        self.until_state(State.RUNNING, State.FINISHED)  # a short run may be over before anybody looks
        self.until(lambda: self.model.last is not None)

    def close(self) -> None:
        """Close without a question and wait until everything is gone."""
        if not self.window._closed:
            self.window._leave(save=False)
            self.until(lambda: self.window._closed)
        self.window.deleteLater()


@pytest.fixture
def fake(qtbot: QtBot) -> Iterator[Studio]:
    """A window over the quick stand-in for the engine, in a real process all the same."""
    opened = Studio(qtbot, serve, fake_measures.serve)
    yield opened
    opened.close()


@pytest.fixture
def studio(qtbot: QtBot) -> Iterator[Studio]:
    """A window over the real engine."""
    opened = Studio(qtbot)
    yield opened
    opened.close()


def texts(widget: QWidget) -> list[str]:
    """Every text that labels below a widget show."""
    from PySide6.QtWidgets import QLabel

    return [label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)]
