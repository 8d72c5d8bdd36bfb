"""Measuring on schedule: what training writes for it, that training is the same with it, and kills at any moment."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

import pytest
from support.marking import mark_until_killed, number, put
from support.measuring import make_run
from support.sessions import Talk, ThreadTalk
from support.tiny import IMAGES, POINTS, all_tensors, assert_same_tensors, tiny

from ganstudio.catalog.best import best_of, present
from ganstudio.core import marks
from ganstudio.core import messages as m
from ganstudio.core.runs import RunFolder
from ganstudio.engine import measuring
from ganstudio.engine.keeping import kept, note, tidy
from ganstudio.engine.launch import EngineProcess
from ganstudio.engine.ports import LocalPort
from ganstudio.metrics import domain
from ganstudio.training import checkpoint

EVERY = {"every": 10, "metrics": "modes", "samples": 20}


def finished(talk: ThreadTalk, folder: Path, **changes: Any) -> RunFolder:
    end = talk.run(folder, tiny(**changes))
    assert isinstance(end, m.Finished), end
    return RunFolder(folder)


def test_due_checkpoints_are_told_and_the_newest_waits(talk: ThreadTalk, folder: Path):
    run = finished(talk, folder, steps=35, measure=EVERY, checkpoint={"every": 7, "keep": 1})
    assert [r.step for r in talk.all(m.Due)] == [10, 20, 30]
    assert [r.step for r in talk.all(m.Saved)] == [7, 10, 14, 20, 21, 28, 30, 35]
    assert marks.marked(run, marks.WAITING) == [30] and run.checkpoint_steps() == [30, 35]


@pytest.mark.parametrize("base", [POINTS, IMAGES], ids=["points", "images"])
def test_training_is_the_same_bit_for_bit_with_and_without_measuring(
    talk: ThreadTalk, tmp_path: Path, base: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("GANSTUDIO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(domain, "UPDATES", 2)
    one, other = tmp_path / "one", tmp_path / "other"
    assert isinstance(talk.run(one, tiny(base, steps=25)), m.Finished)
    heard = Talk()
    session = measuring.MeasuringSession(LocalPort(heard.note))
    measured = ThreadTalk()
    measured.begin(other, tiny(base, steps=25, measure={"every": 5, "samples": 20}))
    end = measured.end()
    measured.close()
    for due in measured.all(m.Due)[-1:]:
        session._serve(1, lambda: session._measure(m.Measure(str(other), samples=20, checkpoint=due.step)))  # noqa: B023
    assert isinstance(end, m.Finished) and heard.wait(m.MeasureEnded) and heard.all(m.Measured)
    states = [checkpoint.read(RunFolder(path).checkpoint_path(25)).state for path in (one, other)]
    assert states[0].counters == states[1].counters
    assert_same_tensors(all_tensors(states[1]), all_tensors(states[0]))


def test_a_person_may_have_one_saved_and_measured(talk: ThreadTalk, folder: Path):
    talk.begin(folder, tiny(steps=10**6), paused=True)
    talk.send(m.Save(measure=True))
    due = talk.wait(m.Due)
    assert marks.waiting(RunFolder(folder)) == due.step == talk.wait(m.Saved).step
    talk.send(m.Stop(save=False))
    talk.end()


def test_what_waited_when_all_was_killed_is_due_again(talk: ThreadTalk, folder: Path):
    run = finished(talk, folder, steps=20, measure=EVERY, checkpoint={"keep": 5})
    (run.checkpoint_path(10) / marks.WAITING).touch()
    (run.checkpoint_path(10) / f"{marks.HELD}4194305").write_text('{"pid": 4194305, "started": 1}')
    place = talk.mark()
    talk.run(folder, resume=True, steps=25)
    assert talk.wait(m.Due, after=place).step == 20
    assert marks.marked(run, marks.WAITING) == [20] and not marks.marks_of(run.checkpoint_path(10))


def test_without_a_schedule_nothing_waits_after_resuming(talk: ThreadTalk, folder: Path):
    run = finished(talk, folder, steps=20, measure=EVERY)
    place = talk.mark()
    talk.begin(folder, resume=True, steps=10**6, paused=True)
    talk.send(m.Change("measure.every", 0), m.Save(), m.Stop())
    talk.end(after=place)
    place = talk.mark()
    talk.begin(folder, resume=True, paused=True)
    talk.until_paused(place)
    assert marks.waiting(run) is None and not [r for r in talk.reports[place:] if isinstance(r, m.Due)]
    talk.send(m.Stop(save=False))
    talk.end(after=place)


def test_the_schedule_may_change_while_it_goes_on(talk: ThreadTalk, folder: Path):
    talk.begin(folder, tiny(steps=40), paused=True)
    talk.send(m.Change("measure.every", 15), m.Change("measure.keep_best", "modes"), m.Resume())
    talk.end()
    assert [r.step for r in talk.all(m.Due)] == [15, 30]
    assert marks.criterion(RunFolder(folder)) == "modes"


def test_the_best_outlives_pruning_and_resuming_and_loses_its_mark_to_a_better_one(
    talk: ThreadTalk, folder: Path
):
    measure = EVERY | {"keep_best": "modes"}
    run = finished(talk, folder, steps=10, measure=measure, checkpoint={"every": 100, "keep": 1})
    note(run, number(10, 4.0, "modes", weights=marks.weights_of(run, 10)))
    assert marks.best(run) == 10
    marks.let_go(run)
    talk.run(folder, resume=True, steps=35)
    assert run.checkpoint_steps() == [10, 30, 35] and marks.best(run) == 10
    assert note(run, number(30, 3.0, "modes", weights=marks.weights_of(run, 30))) == 10
    assert note(run, number(30, 6.0, "modes", weights=marks.weights_of(run, 30))) == 30
    assert marks.marked(run, marks.BEST) == [30]
    marks.let_go(run)
    marks.prune(run, 1)
    assert run.checkpoint_steps() == [30, 35]


def test_saving_the_same_step_again_keeps_the_mark_for_the_same_weights_alone(tmp_path: Path):
    from support.tiny import trained

    run = make_run(tmp_path, tiny(), 2)
    for mark in (marks.BEST, marks.WAITING, marks.STAR):
        (run.checkpoint_path(2) / mark).touch()
    checkpoint.save(trained(tiny(), 2), run, 9.0)
    assert set(marks.marks_of(run.checkpoint_path(2))) == {marks.BEST, marks.WAITING, marks.STAR}
    checkpoint.save(trained(tiny(seed=1), 2), run, 9.0)
    assert marks.marks_of(run.checkpoint_path(2)) == [marks.STAR]


def test_a_killed_measurer_loses_no_best_checkpoint(tmp_path: Path):
    """Killed between writing the number and moving the mark: what it held stays until somebody has caught up."""
    run = RunFolder(tmp_path)
    put(run, 1)
    with kept(run, 1):
        note(run, number(1, 9.0))
    put(run, 2)
    (run.checkpoint_path(2) / f"{marks.HELD}4194305").write_text("{}")
    run.append_evaluation(number(2, 1.0))
    put(run, 3)
    marks.prune(run, 1)
    assert run.checkpoint_steps() == [1, 2, 3] and marks.best(run) == 1
    tidy(run)
    marks.prune(run, 1)
    assert run.checkpoint_steps() == [2, 3] and marks.best(run) == 2


@pytest.mark.slow
def test_kills_at_random_moments_leave_no_wrong_mark(tmp_path: Path):
    chance, run = random.Random(3), RunFolder(tmp_path / "run")
    for kill in range(12):
        child = EngineProcess(mark_until_killed)
        child.connection.send((str(run.path), max(run.checkpoint_steps(), default=0) + 1, kill))
        child.receive()
        deadline = time.monotonic() + chance.uniform(0, 0.15)
        while time.monotonic() < deadline:
            if child.connection.poll(0.01):
                child.receive()
        child.process.kill()
        child.process.join(10)
        child.close()
        for item in run.checkpoints.glob(".*.tmp"):
            checkpoint.clear_leftovers(run)
            assert not item.exists()
        found = marks.marked(run, marks.BEST)
        assert len(found) <= 1
        told = run.evaluations()
        before = [best_of(told[:-1]), best_of(told)]
        assert not found or found[0] in [b.step for b in before if b is not None]
        tidy(run)
        best = best_of(told)
        assert best is not None and marks.best(run) == best.step, (
            "the best of all that was ever told is there"
        )
        assert best in present(run, told)
        assert len(run.checkpoint_steps()) <= 4
