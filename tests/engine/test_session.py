"""A session obeys: one run from begin to end, every command, every refusal."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import weakref
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from support.sessions import Talk, ThreadTalk
from support.tiny import IMAGES, POINTS, all_tensors, assert_same_tensors, tensors_of, tiny, trained

from ganstudio.core import messages as m
from ganstudio.core.lifecycle import MOVES, State
from ganstudio.core.runs import RunFolder
from ganstudio.engine import publisher
from ganstudio.engine.setup import set_threads
from ganstudio.training import checkpoint

LONG = 10**6


def events(folder: Path) -> list[str]:
    return [event["event"] for event in RunFolder(folder).events()]


def check_states(talk: Talk) -> None:
    """Every state told follows from the one before."""
    state = State.IDLE
    for report in talk.all(m.StateChanged):
        if report.state is State.STARTING:
            state = State.IDLE
        assert report.state is state or report.state in MOVES[state], (state, report)
        state = report.state


def state_at(folder: Path, step: int) -> dict[str, object]:
    return all_tensors(checkpoint.read(RunFolder(folder).checkpoint_path(step)).state)  # type: ignore[return-value]


@pytest.mark.parametrize("base", [POINTS, IMAGES], ids=["points", "images"])
def test_a_whole_run(base: dict[str, object], talk: ThreadTalk, folder: Path):
    config = tiny(base, steps=30, samples={"every": 10}, checkpoint={"every": 20})
    end = talk.run(folder, config)
    assert isinstance(end, m.Finished) and (end.step, end.reason) == (30, "done")
    run = RunFolder(folder)
    assert run.sample_steps() == [0, 10, 20, 30] and run.checkpoint_steps() == [20, 30]
    assert (run.live / "weights.safetensors").is_file()
    assert not (folder / "session.json").exists() and not run.interrupted()
    assert events(folder) == ["started", "checkpoint", "checkpoint", "finished"]
    series = run.metrics()
    assert series.step[-1] == 30 and series.images[-1] == 240
    assert set(series.values) >= {"loss/generator", "loss/discriminator", "rate/images_per_second"}
    assert [r.state for r in talk.all(m.StateChanged)] == [
        State.STARTING, State.RUNNING, State.STOPPING, State.FINISHED,
    ]  # fmt: skip
    check_states(talk)
    assert_same_tensors(state_at(folder, 30), tensors_of(trained(config, 30)))  # type: ignore[arg-type]


def test_what_is_told_at_the_start(talk: ThreadTalk, folder: Path):
    started = talk.begin(folder, tiny(IMAGES, steps=LONG), paused=True, window=True)
    assert started.folder == str(folder) and started.step == 0
    assert started.shape.size == (1, 8, 8) and len(started.class_names) == 10
    assert started.parameters[0] > 0 and started.device.startswith("CPU")
    talk.until_paused()
    picture = talk.all(m.Picture)[-1]
    assert picture.images.shape == (4, 8, 8, 1) and picture.saved
    assert talk.all(m.RealSamples)[0].images.shape == (4, 8, 8, 1)


def test_a_window_sees_scores_and_live_pictures_but_trains_the_same(talk: ThreadTalk, folder: Path):
    config = tiny(steps=60)
    talk.run(folder, config, window=True)
    scores = talk.all(m.Scores)
    assert scores and scores[0].probability and len(scores[0].real) == 8
    assert len(talk.all(m.Cloud)) > len(RunFolder(folder).sample_steps())
    assert_same_tensors(state_at(folder, 60), tensors_of(trained(config, 60)))  # type: ignore[arg-type]


def test_pause_resume_stop(talk: ThreadTalk, folder: Path):
    talk.begin(folder, tiny(steps=LONG))
    talk.wait(m.Scalars)
    talk.send(m.Pause())
    paused = talk.until_paused()
    place = talk.mark()
    talk.send(m.Pause(), m.Resume())
    talk.wait(m.Scalars, lambda s: s.step > paused.step, place)
    talk.send(m.Stop())
    end = talk.end()
    assert isinstance(end, m.Finished) and end.reason == "stopped" and end.step > paused.step
    assert RunFolder(folder).checkpoint_steps()[-1] == end.step
    assert events(folder)[:3] == ["started", "paused", "resumed"]
    check_states(talk)


def test_stop_without_saving(talk: ThreadTalk, folder: Path):
    talk.begin(folder, tiny(steps=LONG, checkpoint={"every": LONG}))
    talk.wait(m.Scalars)
    talk.send(m.Stop(save=False))
    end = talk.end()
    assert isinstance(end, m.Finished) and RunFolder(folder).checkpoint_steps() == []


def test_pauses_do_not_count_as_training_time(
    talk: ThreadTalk, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    """A clock that jumps an hour whenever the session waits for a command."""
    import ganstudio.engine.ports as ports
    import ganstudio.engine.stopwatch as stopwatch

    jumped = [0.0]
    real, wait = stopwatch.now, ports.LocalPort.wait
    monkeypatch.setattr(stopwatch, "now", lambda: real() + jumped[0])

    def hour(self: ports.LocalPort) -> m.Command:
        command = wait(self)
        jumped[0] += 3600
        return command

    monkeypatch.setattr(ports.LocalPort, "wait", hour)
    talk.begin(folder, tiny(steps=LONG), paused=True)
    for command in (m.Save(), m.Step(), m.Save(), m.Step("discriminator")):
        talk.send(command)
    talk.wait(m.Scalars, lambda s: s.step == 1)
    talk.send(m.Resume())
    talk.wait(m.Scalars, lambda s: s.step > 5)
    talk.send(m.Pause())
    talk.until_paused(talk.mark() - 1)
    talk.send(m.Save(), m.Stop())
    end = talk.end()
    assert isinstance(end, m.Finished) and 0 < end.seconds < 60
    assert checkpoint.newest(RunFolder(folder))[0].seconds < 60


def test_rates_are_right_also_between_checkpoints(talk: ThreadTalk, folder: Path):
    """Images per second times seconds are images, however often the run saves."""
    talk.run(folder, tiny(steps=120, checkpoint={"every": 1}))
    series = RunFolder(folder).metrics()
    assert len(series) > 2
    seconds = series.seconds - [0.0, *series.seconds[:-1]]
    found = (series.values["rate/images_per_second"] * seconds).sum()
    assert found == pytest.approx(120 * 8, rel=0.05)


def test_every_report_of_a_young_run_is_written_however_long_it_may_get(talk: ThreadTalk, folder: Path):
    talk.begin(folder, tiny(steps=10**9), paused=True)
    talk.send(*[m.Step()] * 20, m.Stop())
    talk.end()
    assert RunFolder(folder).metrics().step.tolist() == list(range(1, 21))


def test_old_runs_write_fewer_lines():
    assert [publisher.line_gap(step) for step in (0, 100, 4999, 10_000, 10**6)] == [1, 1, 1, 2, 200]
    lines, step = 0, 0
    while step < 10**6:
        lines, step = lines + 1, step + publisher.line_gap(step)
    assert lines < 40_000


def test_the_memory_of_a_run_is_free_for_the_next(talk: ThreadTalk, folder: Path, tmp_path: Path):
    talk.run(folder, tiny(steps=2))
    first = weakref.ref(talk.session.run.trainer)
    talk.begin(tmp_path / "next", tiny(steps=LONG), paused=True)
    gc.collect()
    assert first() is None


@pytest.mark.parametrize(("chosen", "stored", "wanted"), [(0, 1, 1), (2, 1, 2), (3, 0, 3)])
def test_a_resumed_run_keeps_its_number_of_threads(chosen: int, stored: int, wanted: int, tmp_path: Path):
    """Sums over other numbers of threads round differently."""
    config = tiny(compute={"threads": chosen})
    checkpoint.save(trained(config, 1), RunFolder(tmp_path), 0.0)
    found = replace(checkpoint.read(RunFolder(tmp_path).checkpoint_path(1)), threads=stored)
    set_threads(config, window=False, stored=found)
    assert torch.get_num_threads() == wanted


def test_single_steps_and_halves(talk: ThreadTalk, folder: Path):
    talk.begin(folder, tiny(steps=LONG), paused=True)
    talk.send(m.Step(), m.Step("discriminator"), m.Step("discriminator"), m.Step("generator"), m.Stop())
    talk.end()
    stored, _ = checkpoint.newest(RunFolder(folder))
    assert stored.state.counters == {"generator": 2, "discriminator": 3, "images": 24, "steps": 2}
    assert [s.step for s in talk.all(m.Scalars)] == [1, 1, 1, 2]
    assert talk.all(m.Refused) == []


def test_half_steps_write_no_second_grid_or_checkpoint(talk: ThreadTalk, folder: Path):
    talk.begin(folder, tiny(steps=LONG, samples={"every": 2}, checkpoint={"every": 2}), paused=True)
    talk.send(m.Step("discriminator"), m.Step(), m.Step(), *[m.Step("discriminator")] * 3)
    talk.wait(m.Scalars, lambda s: s.images == 8 * 6)
    assert [s.step for s in talk.all(m.Saved)] == [2]
    assert [c.step for c in talk.all(m.Cloud) if c.saved] == [0, 2]


def test_a_step_while_running_pauses(talk: ThreadTalk, folder: Path):
    talk.begin(folder, tiny(steps=LONG))
    talk.wait(m.Scalars)
    talk.send(m.Step())
    paused = talk.until_paused()
    talk.wait(m.Scalars, lambda s: s.step == paused.step + 1)
    assert talk.state is State.PAUSED


def test_no_step_beyond_the_last(talk: ThreadTalk, folder: Path):
    talk.begin(folder, tiny(steps=2), paused=True)
    talk.send(m.Step(), m.Step(), m.Step(), m.Step("discriminator"))
    refused = talk.wait(m.Refused, lambda r: talk.all(m.Refused)[-1] is not talk.all(m.Refused)[0])
    assert refused.command == "Step" and "2 steps" in refused.reason
    talk.send(m.Change("steps", 3), m.Step(), m.Resume())
    end = talk.end()
    assert isinstance(end, m.Finished) and (end.step, end.reason) == (3, "done")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (m.Step("referee"), "referee"),
        (m.Change("seed", 3), "cannot change while a run goes on"),
        (m.Change("batch_size", -1), "at least 1"),
        (m.Change("batch_size", "many"), "not a whole number"),
        (m.Change("batch_size", None), "not a whole number"),
        (m.Change("optimizer.generator.lr", float("nan")), "nan"),
        (m.Change("optimizer.generator.rate", 1), "not known"),
        (m.Change("stabilizers.r1.gamma", 1), "not known"),
        (m.Change("", 1), "not known"),
        (m.Change("generator", 1), "not known"),
        (m.Begin("elsewhere"), "under way already"),
        (m.RollBack(float("nan")), "nan"),
        (m.RollBack(-1.0), "at least 0"),
    ],
)
def test_refusals_say_why_and_change_nothing(command: m.Command, words: str, talk: ThreadTalk, folder: Path):
    talk.begin(folder, tiny(steps=LONG), paused=True)
    talk.until_paused()
    before = talk.session.run.trainer.config
    talk.send(command)
    refused = talk.wait(m.Refused)
    assert words in refused.reason and "\n" not in refused.reason
    talk.send(m.Step())
    talk.wait(m.Scalars, lambda s: s.step == 1)
    assert talk.session.run.trainer.config == before


@pytest.mark.parametrize("command", [m.Pause(), m.Resume(), m.Step(), m.Save(), m.Stop(), m.RollBack()])
def test_commands_without_a_run_are_refused(command: m.Command, talk: ThreadTalk):
    talk.send(command)
    assert talk.wait(m.Refused) == m.Refused(type(command).__name__, "no run is under way")


def test_a_live_change_is_told_kept_and_exact_on_resume(talk: ThreadTalk, folder: Path, tmp_path: Path):
    config = tiny(steps=12, stabilizers={"r1": {"gamma": 1.0}})
    talk.begin(folder, config, paused=True)
    changes = (
        m.Change("optimizer.generator.lr", 1e-3),
        m.Change("batch_size", 16),
        m.Change("discriminator_steps", 2),
        m.Change("stabilizers.r1.gamma", 5),
    )
    talk.send(*[m.Step()] * 4, *changes, *[m.Step()] * 2, m.Stop())
    talk.end()
    told = [(c.step, c.key, c.old, c.new) for c in talk.all(m.Changed)]
    assert told == [
        (4, "optimizer.generator.lr", 2e-4, 1e-3), (4, "batch_size", 8, 16),
        (4, "discriminator_steps", 1, 2), (4, "stabilizers.r1.gamma", 1.0, 5.0),
    ]  # fmt: skip
    assert events(folder).count("changed") == 4
    talk.run(folder, resume=True)
    whole = tmp_path / "whole"
    place = talk.mark()
    talk.begin(whole, config, paused=True)
    talk.send(*[m.Step()] * 4, *changes, m.Resume())
    talk.end(place)
    assert_same_tensors(state_at(folder, 12), state_at(whole, 12))  # type: ignore[arg-type]


def test_a_change_after_the_last_save_is_not_lost(talk: ThreadTalk, folder: Path):
    talk.begin(folder, tiny(steps=LONG), paused=True)
    talk.send(m.Step(), m.Save(), m.Change("optimizer.generator.lr", 0.125), m.Stop())
    talk.end()
    assert checkpoint.newest(RunFolder(folder))[0].config.optimizer.generator.lr == 0.125  # type: ignore[attr-defined]


# ---------------------------------------------------------------- resuming


def test_a_finished_run_goes_on_with_more_steps(talk: ThreadTalk, folder: Path):
    talk.run(folder, tiny(steps=5))
    end = talk.run(folder, resume=True, steps=9)
    assert isinstance(end, m.Finished) and (end.step, end.reason) == (9, "done")
    assert_same_tensors(state_at(folder, 9), tensors_of(trained(tiny(steps=9), 9)))  # type: ignore[arg-type]
    assert events(folder).count("resumed") == 1


def test_a_finished_run_without_more_steps_is_finished_at_once(talk: ThreadTalk, folder: Path):
    talk.run(folder, tiny(steps=5))
    before = (folder / "checkpoints" / "000005" / "state.json").read_bytes()
    end = talk.run(folder, resume=True)
    assert isinstance(end, m.Finished) and end.step == 5
    assert (folder / "checkpoints" / "000005" / "state.json").read_bytes() == before


@pytest.mark.parametrize("steps", [0, -4])
def test_a_total_that_cannot_be_is_refused(steps: int, talk: ThreadTalk, folder: Path):
    talk.run(folder, tiny(steps=2))
    end = talk.run(folder, resume=True, steps=steps)
    assert isinstance(end, m.Failed) and end.key == "steps"


def test_looking_at_an_earlier_checkpoint_loses_no_later_one(talk: ThreadTalk, folder: Path):
    talk.run(folder, tiny(steps=6, checkpoint={"every": 2, "keep": 3}))
    talk.begin(folder, resume=True, checkpoint=2, paused=True)
    talk.send(m.Stop())
    talk.end(talk.mark() - 1)
    assert RunFolder(folder).checkpoint_steps() == [2, 4, 6]


def test_going_on_from_an_earlier_checkpoint(talk: ThreadTalk, folder: Path):
    talk.run(folder, tiny(steps=6, checkpoint={"every": 2, "keep": 3}))
    started = talk.begin(folder, resume=True, checkpoint=2, paused=True)
    assert started.step == 2
    place = talk.mark()
    talk.send(m.Step(), m.Stop())
    talk.end(place)
    assert checkpoint.newest(RunFolder(folder))[0].step == 3


def test_a_damaged_checkpoint_is_passed_over_with_a_word(talk: ThreadTalk, folder: Path):
    talk.run(folder, tiny(steps=4, checkpoint={"every": 2}))
    os.truncate(folder / "checkpoints" / "000004" / "weights.safetensors", 100)
    started = talk.begin(folder, resume=True, paused=True)
    assert started.step == 2
    finding = talk.wait(m.Finding)
    assert finding.kind == "resume" and "000004" in finding.text


def test_networks_that_do_not_fit_name_their_checkpoint(talk: ThreadTalk, folder: Path):
    talk.run(folder, tiny(steps=1))
    path = folder / "checkpoints" / "000001" / "state.json"
    record = json.loads(path.read_text())
    record["config"]["generator"]["width"] = 17
    path.write_text(json.dumps(record | {"seal": checkpoint.seal_of(record)}))
    end = talk.run(folder, resume=True)
    assert isinstance(end, m.Failed) and "checkpoint 000001: " in end.problem and end.remedy


def test_a_run_without_a_checkpoint_begins_anew(talk: ThreadTalk, folder: Path):
    talk.begin(folder, tiny(steps=LONG), paused=True)
    talk.send(m.Stop(save=False))
    talk.end()
    end = talk.run(folder, resume=True, steps=3)
    assert isinstance(end, m.Finished) and end.step == 3
    assert any("no checkpoint yet" in f.text for f in talk.all(m.Finding))


def test_half_written_files_of_a_killed_run_are_cleared(talk: ThreadTalk, folder: Path):
    talk.run(folder, tiny(steps=2))
    torn = [
        folder / "samples" / ".000002.png.0123456789ab.tmp",
        folder / "live" / ".weights.safetensors.0123456789ab.tmp",
        folder / ".run.toml.0123456789ab.tmp",
    ]
    mine = folder / "samples" / ".notes.tmp"
    for path in (*torn, mine):
        path.write_bytes(b"half")
    talk.run(folder, resume=True, steps=3)
    assert not any(path.exists() for path in torn) and mine.exists()


# ---------------------------------------------------------------- what cannot begin


def test_a_folder_that_holds_a_run_is_not_overwritten(talk: ThreadTalk, folder: Path):
    talk.run(folder, tiny(steps=2))
    before = (folder / "run.toml").read_bytes()
    end = talk.run(folder, tiny(steps=3))
    assert isinstance(end, m.Failed) and "already holds a run" in end.problem and "resume" in end.remedy
    assert (folder / "run.toml").read_bytes() == before and talk.state is State.FAILED


def test_a_run_that_another_process_trains_is_left_alone(talk: ThreadTalk, folder: Path):
    talk.run(folder, tiny(steps=2))
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        import psutil

        session = {"pid": other.pid, "started": psutil.Process(other.pid).create_time()}
        (folder / "session.json").write_text(json.dumps(session))
        end = talk.run(folder, resume=True)
        assert isinstance(end, m.Failed) and "another process" in end.problem
        assert (folder / "session.json").exists()
    finally:
        other.communicate()
    end = talk.run(folder, resume=True, steps=3)
    assert isinstance(end, m.Finished) and end.step == 3


def test_what_is_no_run_cannot_be_resumed(talk: ThreadTalk, tmp_path: Path):
    end = talk.run(tmp_path, resume=True)
    assert isinstance(end, m.Failed) and "no run.toml" in end.problem


def test_a_file_in_the_way(talk: ThreadTalk, tmp_path: Path):
    (tmp_path / "file").write_text("")
    end = talk.run(tmp_path / "file" / "run", tiny(steps=2))
    assert isinstance(end, m.Failed) and "cannot be written" in end.problem


def folder_data(path: Path) -> object:
    return tiny(IMAGES, data={"source": "folder", "path": str(path), "resolution": 8})


def test_data_that_cannot_be_used_is_told_with_its_key(talk: ThreadTalk, folder: Path, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "empty", tmp_path / "nowhere"):
        end = talk.run(folder, folder_data(path))  # type: ignore[arg-type]
        assert isinstance(end, m.Failed) and end.key == "data" and end.problem and end.remedy
    assert not folder.exists()


def test_a_device_that_is_not_there(talk: ThreadTalk, folder: Path):
    if torch.cuda.is_available():
        pytest.skip("this machine has a CUDA device")
    end = talk.run(folder, tiny(compute={"device": "cuda"}))
    assert isinstance(end, m.Failed) and end.key == "compute.device"


def test_after_a_failure_the_next_run_works(talk: ThreadTalk, folder: Path, tmp_path: Path):
    talk.run(tmp_path, resume=True)
    end = talk.run(folder, tiny(steps=2))
    assert isinstance(end, m.Finished)
    check_states(talk)
