"""Measuring from the window: wishes of a person, what a run makes due, charts, strip, and nothing left behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psutil
import pytest
from support.marking import number

from ganstudio.core import marks
from ganstudio.core.lifecycle import State
from ganstudio.core.messages import Measure
from ganstudio.core.runs import RunFolder
from ganstudio.window.measuring.measurer import Measurer


def start(fake: Any, **changes: Any) -> RunFolder:
    fake.start(**changes)
    return fake.model.folder


def measurer(fake: Any) -> Measurer:
    return fake.window.measuring.measurer


def test_without_a_wish_there_is_no_thread_and_no_child(fake: Any):
    start(fake)
    assert measurer(fake).worker is None and not fake.window.status.measuring.isVisibleTo(fake.window)


def test_what_is_due_is_measured_shown_and_the_best_marked(fake: Any):
    run = start(fake, **{"measure.every": 10, "measure.keep_best": "modes", "measure.metrics": "modes"})
    fake.until(lambda: len({m.step for m in fake.model.measurements}) >= 2)
    fake.do("run.stop")
    fake.until_state(State.FINISHED)
    fake.until(lambda: measurer(fake).job is None)
    told = run.evaluations()
    assert fake.model.measurements == told and all(m.scheduled for m in told)
    charts = fake.window.train.charts
    charts.refresh(force=True)
    panels = charts._metrics.panels
    assert {p.spec.key for p in panels.values()} == {"fd-domain", "precision-domain"}
    assert charts.panels.index(charts.panel("fd-domain")) < charts.panels.index(charts.panel("gradient-norm"))
    assert not charts.panel("fd-domain").is_folded() and charts.panel("precision-domain").is_folded()
    assert charts.panel("fd-domain").measured[0].best == max(m.step for m in told), "later is better there"
    assert marks.waiting(run) is None


def test_a_slow_one_leaves_out_and_says_so(fake: Any):
    run = start(fake, **{"measure.every": 20})
    (run.path / "hang").touch()
    fake.until(lambda: measurer(fake).schedule.dropped >= 1)
    fake.until(lambda: "left out for a newer one" in fake.window.status.notice.text())
    fake.do("run.toggle")
    fake.until_state(State.PAUSED)
    assert fake.window.status.measuring.isVisibleTo(fake.window)
    assert fake.window.status.measuring.words.text().startswith("Measuring step")
    (run.path / "hang").unlink()
    fake.until(lambda: measurer(fake).job is None)
    assert not fake.window.status.measuring.isVisibleTo(fake.window)
    assert max(m.step for m in run.evaluations()) == max(run.checkpoint_steps())


def test_a_persons_wish_goes_first_and_the_schedule_goes_on_after_it(fake: Any):
    run = start(fake, **{"measure.every": 20})
    (run.path / "hang").touch()
    fake.until(lambda: measurer(fake).job is not None and measurer(fake).job.done == 0.25)
    fake.do("run.toggle")
    fake.until_state(State.PAUSED)
    due = measurer(fake).job.step
    measurer(fake).measure(Measure(str(run.path), metrics=("w1",), samples=7, checkpoint=due))
    fake.until(lambda: not measurer(fake).job.scheduled)
    (run.path / "hang").unlink()
    fake.until(lambda: measurer(fake).job is None and not measurer(fake).busy)
    told = run.evaluations()
    assert told[0].metric == "w1" and not told[0].scheduled and told[0].protocol.samples == 7
    assert {m.step for m in told if m.scheduled} >= {max(s for s in run.checkpoint_steps())}
    assert not marks.marks_of(run.checkpoint_path(due)) or marks.marks_of(run.checkpoint_path(due)) == [
        "best"
    ]


def test_cancelling_keeps_what_was_found_and_lets_the_child_go(fake: Any):
    run = start(fake)
    fake.do("run.save")
    fake.until(lambda: bool(run.checkpoint_steps()))
    (run.path / "hang").touch()
    measurer(fake).measure(Measure(str(run.path)))
    fake.until(lambda: measurer(fake).job is not None and measurer(fake).job.done == 0.25)
    pid = measurer(fake).worker.pid
    assert psutil.pid_exists(pid)
    fake.window.status.measuring.stop.click()
    fake.until(lambda: not measurer(fake).busy)
    assert measurer(fake).asked.cancelled and measurer(fake).job is None
    fake.until(lambda: measurer(fake).worker.pid == 0)


def test_a_live_run_is_saved_first(fake: Any):
    run = start(fake)
    assert run.checkpoint_steps() == []
    measurer(fake).measure(Measure(str(run.path), metrics=("modes",)), save_first=True)
    assert measurer(fake).busy and "Saving" in measurer(fake).asked.what
    fake.until(lambda: not measurer(fake).busy)
    (found,) = run.evaluations()
    assert found.step == run.checkpoint_steps()[-1] and marks.waiting(run) is None


def test_a_run_that_ends_before_it_could_save_is_measured_at_its_last_checkpoint(fake: Any):
    run = start(fake)
    measurer(fake)._saving = Measure(str(run.path), metrics=("modes",))
    fake.do("run.stop")
    fake.until_state(State.FINISHED)
    fake.until(lambda: measurer(fake).asked is not None and not measurer(fake).busy)
    assert run.evaluations()[0].step == run.checkpoint_steps()[-1]


def test_failures_are_told_once_on_schedule_and_in_the_job_for_a_person(fake: Any):
    run = start(fake, **{"measure.every": 20})
    (run.path / "refuse").touch()
    fake.until(
        lambda: "was not measured: The data has gone. Bring it back." in fake.window.status.notice.text()
    )
    measurer(fake).measure(Measure(str(run.path)))
    fake.until(lambda: not measurer(fake).busy)
    assert measurer(fake).asked.problem == "The data has gone. Bring it back."


def test_a_child_that_dies_is_told_and_another_one_started(fake: Any):
    run = start(fake)
    fake.do("run.save")
    fake.until(lambda: bool(run.checkpoint_steps()))
    (run.path / "die").touch()
    measurer(fake).measure(Measure(str(run.path), metrics=("modes",)))
    fake.until(lambda: not measurer(fake).busy)
    assert "The process that measures has gone: it ended with code 3" in measurer(fake).asked.problem
    (run.path / "die").unlink()
    measurer(fake).measure(Measure(str(run.path), metrics=("modes",)))
    fake.until(lambda: not measurer(fake).busy)
    assert [m.metric for m in run.evaluations()] == ["modes"]


def test_closing_while_something_is_measured_leaves_it_waiting(fake: Any):
    run = start(fake, **{"measure.every": 20})
    (run.path / "hang").touch()
    fake.until(lambda: measurer(fake).job is not None and measurer(fake).job.done == 0.25)
    step = measurer(fake).job.step
    fake.close()
    waits = marks.waiting(run)
    assert waits is not None and waits >= step
    assert not [mark for mark in marks.marks_of(run.checkpoint_path(step)) if mark.startswith(marks.HELD)]


def test_an_opened_run_shows_what_was_measured_and_another_run_takes_it_away(fake: Any, tmp_path: Path):
    from support.reported import make_run

    path = make_run(tmp_path, "old", checkpoint__every=20)
    folder = RunFolder(path)
    for step, value in ((20, 9.0), (40, 5.0)):
        folder.append_evaluation(number(step, value, weights=""))
    folder.append_evaluation(number(40, 4.0, samples=99, weights=""))
    fake.window.opener.open_run(path)
    fake.until(lambda: len(fake.model.measurements) == 3)
    charts = fake.window.train.charts
    found = sorted((p.measured[0].label, len(p.measured[0].points)) for p in charts._metrics.panels.values())
    assert found == [("500 samples", 2), ("99 samples", 1)]
    charts.set_cursor(20)
    assert next(p.header.entries()[0].value for p in charts._metrics.panels.values()) == "9.000"
    fake.do("run.close")
    assert charts._metrics.panels == {} and not [p for p in charts.panels if p.spec.key == "fd-domain"]


@pytest.mark.slow
def test_the_real_child_measures_a_real_run(studio: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("GANSTUDIO_CACHE", str(tmp_path / "cache"))
    changes = {
        "measure.every": 40,
        "measure.samples": 200,
        "measure.metrics": "modes",
        "measure.keep_best": "modes",
    }
    studio.start(steps=80, **changes)
    studio.until_state(State.FINISHED)
    studio.until(lambda: bool(studio.model.measurements) and studio.window.measuring.measurer.job is None)
    run = studio.model.folder
    assert {m.metric for m in run.evaluations()} == {"modes"} and marks.best(run) in run.checkpoint_steps()
