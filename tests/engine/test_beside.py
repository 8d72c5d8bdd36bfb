"""Measuring beside a training without a window: a child of its own, the newest due checkpoint first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.fake_measures import serve
from support.marking import put
from support.sessions import PATIENCE

from ganstudio.core import marks
from ganstudio.core import messages as m
from ganstudio.core.runs import RunFolder
from ganstudio.engine.beside import Beside


class Heard:
    def __init__(self) -> None:
        self.reports: list[object] = []
        self.left_out: list[int] = []
        self.beside = Beside(self.reports.append, self.left_out.append, serve)

    def until(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, self.reports
            self.beside.poll()
            time.sleep(0.005)

    def all(self, kind: type) -> list:
        return [report for report in self.reports if isinstance(report, kind)]


@pytest.fixture
def heard() -> Iterator[Heard]:
    made = Heard()
    yield made
    made.beside.close()


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    made = RunFolder(tmp_path)
    for step in (10, 20, 30):
        put(made, step, due=True)
    return made


def test_what_is_due_is_measured_and_the_best_marked(heard: Heard, run: RunFolder):
    heard.beside.due(run.path, 10)
    assert marks.marked(run, marks.WAITING) == [20, 30], "held by this process from now on"
    heard.until(lambda: heard.all(m.MeasureEnded))
    assert heard.all(m.MeasureEnded) == [m.MeasureEnded(10, best=10)]
    heard.beside.due(run.path, 30)
    heard.beside.finish(lambda: False)
    assert heard.all(m.MeasureEnded)[1].best == 30 == marks.best(run)
    assert [(e.metric, e.step, e.scheduled) for e in run.evaluations()] == [
        ("fd-domain", 10, True), ("precision-domain", 10, True),
        ("fd-domain", 30, True), ("precision-domain", 30, True),
    ]  # fmt: skip
    assert not [x for step in (10, 30) for x in marks.marks_of(run.checkpoint_path(step)) if x != marks.BEST]


def test_a_slow_one_leaves_out_all_but_the_newest(heard: Heard, run: RunFolder):
    (run.path / "hang").touch()
    for step in (10, 20, 30):
        heard.beside.due(run.path, step)
    heard.until(lambda: heard.all(m.Preparing))
    assert heard.left_out == [20]
    marks.prune(run, 1)
    assert run.checkpoint_steps() == [10, 20, 30], (
        "what is measured is kept, and what training still marks as waiting"
    )
    (run.path / "hang").unlink()
    heard.beside.finish(lambda: False)
    assert [r.number for r in heard.all(m.MeasureEnded)] == [10, 30]


def test_one_that_was_removed_before_it_could_be_held_is_left_out(heard: Heard, run: RunFolder):
    heard.beside.due(run.path, 99)
    assert heard.left_out == [99] and heard.beside.schedule.busy is None and not heard.reports
    heard.beside.due(run.path, 30)
    heard.beside.finish(lambda: False)
    assert [r.number for r in heard.all(m.MeasureEnded)] == [30]


def test_stopping_leaves_what_is_measured_for_the_next_time(heard: Heard, run: RunFolder):
    (run.path / "hang").touch()
    heard.beside.due(run.path, 10)
    heard.until(lambda: heard.all(m.Preparing))
    heard.beside.finish(lambda: True)
    assert marks.marked(run, marks.WAITING) == [10, 20, 30]


def test_a_child_that_dies_is_told_and_the_next_one_started(heard: Heard, run: RunFolder):
    (run.path / "die").touch()
    heard.beside.due(run.path, 10)
    heard.until(lambda: heard.all(m.MeasureFailed))
    assert "The process that measures has gone: it ended with code 3" in heard.all(m.MeasureFailed)[0].problem
    (run.path / "die").unlink()
    heard.beside.due(run.path, 20)
    heard.until(lambda: heard.all(m.MeasureEnded))


def test_a_failure_is_told_and_the_next_is_measured(heard: Heard, run: RunFolder):
    (run.path / "refuse").touch()
    heard.beside.due(run.path, 10)
    heard.until(lambda: heard.all(m.MeasureFailed))
    (run.path / "refuse").unlink()
    heard.beside.due(run.path, 20)
    heard.beside.finish(lambda: False)
    assert [r.number for r in heard.all(m.MeasureEnded)] == [20]


def test_a_child_that_cannot_be_started_is_told(
    heard: Heard, run: RunFolder, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("ganstudio.engine.beside.EngineProcess", full)
    heard.beside.due(run.path, 10)
    assert "could not be started (Resource temporarily unavailable)" in heard.all(m.MeasureFailed)[0].problem
    heard.beside.finish(lambda: False)
