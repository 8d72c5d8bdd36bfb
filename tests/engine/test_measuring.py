"""Measuring beside a window: by a session in a thread, and by a real child."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from support.measuring import make_run
from support.sessions import PATIENCE, ChildTalk, Talk, ThreadTalk
from support.tiny import IMAGES, POINTS, tiny

from ganstudio.core import messages as m
from ganstudio.core.runs import RunFolder
from ganstudio.engine.launch import serve_measuring
from ganstudio.engine.measuring import MeasuringSession
from ganstudio.engine.ports import LocalPort
from ganstudio.metrics import domain


class MeasuringTalk(Talk):
    """A measuring session in a thread of this process."""

    def __init__(self) -> None:
        super().__init__()
        self.port = LocalPort(self.note)
        self._thread = threading.Thread(target=MeasuringSession(self.port).serve, daemon=True)
        self._thread.start()

    def send(self, *commands: m.Command) -> None:
        for command in commands:
            self.port.commands.put(command)

    def close(self) -> None:
        self.send(m.Quit())
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSTUDIO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(domain, "UPDATES", 2)


@pytest.fixture
def talk() -> Iterator[MeasuringTalk]:
    made = MeasuringTalk()
    yield made
    made.close()


@pytest.fixture
def ring(tmp_path: Path) -> RunFolder:
    return make_run(tmp_path / "ring", tiny(POINTS))


def test_every_number_is_told_and_kept(talk: MeasuringTalk, ring: RunFolder):
    talk.send(m.Measure(str(ring.path), metrics=("modes", "js"), samples=50, number=7))
    assert talk.wait(m.MeasureEnded) == m.MeasureEnded(7)
    told = [report.measurement for report in talk.all(m.Measured)]
    assert [t.metric for t in told] == ["modes", "js"] and all(r.number == 7 for r in talk.all(m.Measured))
    assert ring.evaluations() == told
    assert talk.all(m.Preparing)


def test_what_cannot_be_measured_is_told_and_the_next_is_measured(talk: MeasuringTalk, ring: RunFolder):
    talk.send(m.Measure(str(ring.path), metrics=("fid",), number=1))
    failed = talk.wait(m.MeasureFailed)
    assert failed.number == 1 and "fid is for pictures, and these are points" in failed.problem
    talk.send(m.Measure(str(ring.path) + "-gone", number=2))
    assert talk.wait(m.MeasureFailed, lambda r: r.number == 2).problem
    talk.send(m.Measure(str(ring.path), metrics=("modes",), samples=20, number=3))
    assert talk.wait(m.MeasureEnded, lambda r: r.number == 3).cancelled is False


def test_nothing_unforeseen_ends_the_session(
    talk: MeasuringTalk, ring: RunFolder, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object) -> None:
        raise RuntimeError("out of memory")

    monkeypatch.setattr("ganstudio.engine.measuring.prepare", broken)
    talk.send(m.Measure(str(ring.path)))
    assert "not enough memory" in talk.wait(m.MeasureFailed).problem


@pytest.mark.parametrize("other", [m.StopMeasuring(), m.Measure(folders=("no", "no"), number=2)])
def test_it_can_be_stopped_and_a_newer_wish_comes_first(
    talk: MeasuringTalk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: m.Command
):
    run = make_run(tmp_path / "digits", tiny(IMAGES))
    monkeypatch.setattr(domain, "UPDATES", 10**9)  # learning never ends by itself
    talk.send(m.Measure(str(run.path), samples=20, number=1))
    talk.wait(m.Preparing, lambda r: "Training a classifier" in r.what)
    talk.send(other)
    assert talk.wait(m.MeasureEnded) == m.MeasureEnded(1, cancelled=True)
    assert run.evaluations() == []
    if isinstance(other, m.Measure):
        assert talk.wait(m.MeasureFailed).number == 2


def test_other_commands_are_refused(talk: MeasuringTalk):
    talk.send(m.StopMeasuring(), m.Pause())
    assert "only measures" in talk.wait(m.Refused).reason


def test_an_engine_that_trains_does_not_measure(tmp_path: Path):
    trains = ThreadTalk()
    trains.begin(tmp_path / "run", tiny(steps=10**6))
    trains.send(m.Measure("x"))
    assert "measured by one of its own" in trains.wait(m.Refused).reason
    trains.send(m.Stop(save=False))
    trains.end()
    trains.close()


@pytest.mark.slow
def test_a_real_child_measures_and_goes_with_its_window(ring: RunFolder):
    child = ChildTalk(serve_measuring)
    child.wait(m.Ready)
    process = psutil.Process(child.pid)
    child.send(m.Measure(str(ring.path), metrics=("modes",), samples=50))
    assert child.wait(m.Measured).measurement.protocol.device == "CPU, 1 thread"
    child.wait(m.MeasureEnded)
    assert process.nice() > psutil.Process().nice() or process.nice() == 19
    child.close()
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
