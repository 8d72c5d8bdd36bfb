"""What goes wrong while training: numbers that break down, memory that runs out, a disk that refuses."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from support.sessions import ThreadTalk
from support.tiny import IMAGES, POINTS, assert_same_tensors, make_trainer, tensors_of, tiny

from ganstudio.core import messages as m
from ganstudio.core.lifecycle import State
from ganstudio.core.runs import RunFolder
from ganstudio.engine import safety
from ganstudio.training import checkpoint
from ganstudio.training.trainer import Trainer

LONG = 10**6
WILD = {"kind": "sgd", "lr": 10.0}


def finite(folder: Path) -> bool:
    """Whether every checkpoint of a run holds numbers only."""
    run = RunFolder(folder)
    states = [checkpoint.read(run.checkpoint_path(step)).state for step in run.checkpoint_steps()]
    return not any(safety.first_bad_tensors(s.weights | s.optimizers) for s in states)


# ---------------------------------------------------------------- numbers


def poke(talk: ThreadTalk, value: float = math.nan) -> str:
    """Break one weight of the generator; the run must be paused. Returns the tensor's name."""
    trainer = talk.session.run.trainer
    name, weight = next(iter(trainer.players["generator"].net.named_parameters()))
    with torch.no_grad():
        weight.view(-1)[0] = value
    return f"generator.{name}"


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_broken_weight_pauses_and_is_named(value: float, talk: ThreadTalk, folder: Path):
    talk.begin(folder, tiny(steps=LONG), paused=True)
    talk.until_paused()
    name = poke(talk, value)
    place = talk.mark()
    talk.send(m.Resume())
    finding = talk.wait(m.Finding)
    assert (finding.kind, finding.severity) == ("not-finite", "error")
    assert name in finding.text or "generator" in finding.text
    assert finding.series and finding.advice[0].commands == (m.RollBack(0.5), m.Resume())
    talk.until_paused(place)
    assert talk.state is State.PAUSED


def test_a_wild_rate_pauses_rolls_back_and_goes_on(talk: ThreadTalk, folder: Path):
    config = tiny(
        data={"source": "digits", "resolution": 8},
        steps=LONG,
        optimizer={"generator": WILD, "discriminator": WILD},
        checkpoint={"every": 7},
    )
    started = talk.begin(folder, config)
    finding = talk.wait(m.Finding, lambda f: f.kind == "not-finite")
    assert finding.step >= started.step
    good = talk.session.guard.good
    place = talk.mark()
    talk.send(*finding.advice[0].commands[:1])
    rates = [
        talk.wait(m.Changed, lambda c, p=player: p in c.key, place)
        for player in ("generator", "discriminator")
    ]
    assert [(c.old, c.new) for c in rates] == [(10.0, 5.0), (10.0, 5.0)]
    again = talk.until_paused(place)
    assert again.step == good.counters["steps"]
    talk.send(
        m.Change("optimizer.generator.lr", 1e-4), m.Change("optimizer.discriminator.lr", 1e-4), m.Resume()
    )
    talk.wait(m.Scalars, lambda s: s.step > again.step + 20, place)
    talk.send(m.Stop())
    end = talk.end(place)
    assert isinstance(end, m.Finished) and finite(folder)


def test_rolling_back_restores_every_bit(talk: ThreadTalk, folder: Path):
    talk.begin(folder, tiny(steps=LONG), paused=True)
    talk.until_paused()
    before = tensors_of(talk.session.run.trainer)
    talk.send(m.Step(), m.Step("discriminator"), m.Step())
    talk.wait(m.Scalars, lambda s: s.step == 2)
    place = talk.mark()
    talk.send(m.RollBack(0.25))
    assert talk.until_paused(place).step == 0
    assert_same_tensors(tensors_of(talk.session.run.trainer), before)
    assert talk.session.run.trainer.config.optimizer.generator.lr == pytest.approx(2e-4 / 4)  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", [m.Save(), m.Stop()])
def test_a_bad_state_never_replaces_a_good_one(command: m.Command, talk: ThreadTalk, folder: Path):
    talk.begin(folder, tiny(steps=LONG), paused=True)
    talk.send(m.Step(), m.Step(), m.Save())
    talk.wait(m.Saved)
    name = poke(talk)
    talk.send(command)
    if isinstance(command, m.Save):
        finding = talk.wait(m.Finding)
        assert name in finding.text and len(talk.all(m.Saved)) == 1
        talk.send(m.Stop())
    talk.end()
    assert finite(folder) and checkpoint.newest(RunFolder(folder))[0].step == 2


def test_breaking_down_in_the_last_steps_does_not_pass_for_an_end(talk: ThreadTalk, folder: Path):
    talk.begin(folder, tiny(steps=3), paused=True)
    talk.until_paused()
    poke(talk)
    place = talk.mark()
    talk.send(m.Resume())
    talk.wait(m.Finding, lambda f: f.kind == "not-finite")
    talk.until_paused(place)
    talk.send(m.RollBack(), m.Resume())
    end = talk.end()
    assert isinstance(end, m.Finished) and (end.step, end.reason) == (3, "done")
    assert finite(folder)


def test_the_last_good_state_is_kept_up_to_date(
    talk: ThreadTalk, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(safety, "GOOD_EVERY", 0.0)
    talk.begin(folder, tiny(steps=LONG), paused=True)
    talk.send(m.Step(), m.Step())
    talk.wait(m.Scalars, lambda s: s.step == 2)
    talk.send(m.RollBack(1.0))
    assert talk.wait(m.StateChanged, lambda c: c.state is State.PAUSED and c.step > 0).step == 2
    poke(talk)
    talk.send(m.Step())
    finding = talk.wait(m.Finding)
    assert "step 2" in finding.text and talk.session.guard.good_step == 2


# ---------------------------------------------------------------- memory


@pytest.fixture
def small_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, int]]:
    """A machine on which batches larger than ``rooms["batch"]`` do not fit into a player's update."""
    rooms = {"generator": LONG, "discriminator": LONG}
    draw = Trainer.draw

    def crowded(self: Trainer, phase: object, player: object, count: int) -> object:
        if count > rooms[phase.player]:  # type: ignore[attr-defined]
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB.")
        return draw(self, phase, player, count)  # type: ignore[arg-type]

    monkeypatch.setattr(Trainer, "draw", crowded)
    yield rooms


@pytest.mark.parametrize("crowded", ["generator", "discriminator"])
@pytest.mark.parametrize("base", [POINTS, IMAGES], ids=["points", "images"])
def test_running_out_of_memory_says_which_batch_fits(
    crowded: str, base: dict[str, object], small_memory: dict[str, int], talk: ThreadTalk, folder: Path
):
    small_memory[crowded] = 20
    talk.begin(folder, tiny(base, steps=6, batch_size=64))
    finding = talk.wait(m.Finding)
    assert (finding.kind, finding.severity) == ("out-of-memory", "error")
    assert "64" in finding.text and "16" in finding.text
    talk.until_paused()
    assert RunFolder(folder).checkpoint_steps() == []
    assert finding.advice[0].commands == (m.Change("batch_size", 16), m.Resume())
    talk.send(*finding.advice[0].commands)
    end = talk.end()
    assert isinstance(end, m.Finished) and end.step == 6
    place = talk.mark()
    talk.run(folder, resume=True, steps=8)
    end = talk.end(place)
    assert isinstance(end, m.Finished) and end.step == 8


def test_when_nothing_fits_the_run_can_still_be_saved(
    small_memory: dict[str, int], talk: ThreadTalk, folder: Path
):
    talk.begin(folder, tiny(steps=LONG, batch_size=64), paused=True)
    talk.send(m.Step())
    talk.wait(m.Scalars)
    small_memory["discriminator"] = 0
    talk.send(m.Resume())
    finding = talk.wait(m.Finding)
    assert "does not fit" in finding.text and finding.advice[0].commands == (m.Save(),)
    talk.send(*finding.advice[0].commands, m.Stop())
    talk.end()
    assert checkpoint.newest(RunFolder(folder))[0].step == 1


@pytest.mark.parametrize("player", ["generator", "discriminator"])
def test_looking_for_a_batch_that_fits_changes_no_tensor(player: str, small_memory: dict[str, int]):
    trainer = make_trainer(tiny(IMAGES, batch_size=64, data={"resolution": 16}))
    trainer.step()
    trainer.half_step(player)
    before = tensors_of(trainer)
    small_memory["discriminator"] = 9
    assert safety.fitting_batch(trainer) == 8
    assert_same_tensors(tensors_of(trainer), before)
    assert trainer.meter.read(True) == {}


def test_memory_that_runs_out_at_the_start_is_told_as_such(
    talk: ThreadTalk, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object, **__: object) -> None:
        raise RuntimeError("[enforce fail at alloc_cpu.cpp:118] DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr("ganstudio.engine.setup.Trainer", full)
    end = talk.run(folder, tiny())
    assert isinstance(end, m.Failed) and "Memory ran out" in end.problem and end.remedy


@pytest.mark.parametrize(
    ("error", "out"),
    [
        (MemoryError(), True),
        (torch.OutOfMemoryError("CUDA out of memory."), True),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"), True),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: not enough memory: you tried to allocate"), True),
        (RuntimeError("could not create a primitive"), True),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), False),
        (ValueError("out of memory"), False),
    ],
)
def test_what_counts_as_out_of_memory(error: Exception, out: bool):
    from ganstudio.engine.devices import is_out_of_memory

    assert is_out_of_memory(error) is out


def test_memory_that_runs_out_while_samples_are_made_is_told_as_such(
    talk: ThreadTalk, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    talk.begin(folder, tiny(steps=LONG, samples={"every": 3}), paused=True)
    talk.send(m.Step())
    talk.wait(m.Scalars)

    def full(*_: object, **__: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory.")

    monkeypatch.setattr(Trainer, "render", full)
    talk.send(m.Resume())
    end = talk.end()
    assert isinstance(end, m.Failed) and "Memory ran out" in end.problem and "set up" not in end.problem
    assert "resume" in end.remedy.lower()
    assert checkpoint.newest(RunFolder(folder))[0].step == end.step == 3


# ---------------------------------------------------------------- an error in the program


def test_an_error_in_a_step_ends_the_run_with_a_word_and_a_checkpoint(
    talk: ThreadTalk, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    step = Trainer.step

    def breaks(self: Trainer) -> None:
        if self.step_count == 5:
            raise ZeroDivisionError("in the middle")
        step(self)

    monkeypatch.setattr(Trainer, "step", breaks)
    end = talk.run(folder, tiny(steps=LONG))
    assert isinstance(end, m.Failed) and end.step == 5
    assert "ZeroDivisionError: in the middle" in end.problem and "Traceback" in end.detail
    assert "Traceback" not in end.problem and end.remedy
    assert talk.state is State.FAILED and not (folder / "session.json").exists()
    assert checkpoint.newest(RunFolder(folder))[0].step == 5


# ---------------------------------------------------------------- the disk


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """A disk that refuses what is in the set: "series", "grid", "checkpoint", "events"."""
    refuses: set[str] = set()

    def guard(name: str, owner: object, attribute: str) -> None:
        original = getattr(owner, attribute)

        def maybe(*args: object, **more: object) -> object:
            if name in refuses:
                raise OSError(28, "No space left on device")
            return original(*args, **more)

        monkeypatch.setattr(owner, attribute, maybe)

    guard("series", RunFolder, "append_metrics")
    guard("events", RunFolder, "append_event")
    guard("grid", __import__("ganstudio.engine.gallery", fromlist=["x"]), "save_png")
    guard("grid", __import__("ganstudio.engine.gallery", fromlist=["x"]), "save_points")
    guard("checkpoint", checkpoint, "_write")
    yield refuses


EVERYTHING = {"series", "grid", "checkpoint", "events"}


@pytest.mark.parametrize("what", ["series", "grid", "checkpoint"])
def test_a_full_disk_pauses_and_after_making_room_all_goes_on(
    what: str, full_disk: set[str], talk: ThreadTalk, folder: Path
):
    talk.begin(folder, tiny(steps=40, samples={"every": 10}, checkpoint={"every": 10}), paused=True)
    talk.send(m.Step(), m.Save())
    talk.wait(m.Saved)
    full_disk |= {what, "events"}
    place = talk.mark()
    talk.send(m.Resume())
    finding = talk.wait(m.Finding)
    assert finding.kind == "disk" and "No space left" in finding.text
    assert "Traceback" not in finding.text
    talk.until_paused(place)
    assert checkpoint.newest(RunFolder(folder))[0].step >= 1
    full_disk.clear()
    assert finding.advice[0].commands == (m.Save(), m.Resume())
    talk.send(*finding.advice[0].commands)
    end = talk.end()
    assert isinstance(end, m.Finished) and end.step == 40
    assert checkpoint.newest(RunFolder(folder))[0].step == 40


def test_first_samples_that_cannot_be_written_pause_the_run(
    full_disk: set[str], talk: ThreadTalk, folder: Path
):
    full_disk |= {"grid"}
    talk.begin(folder, tiny(steps=LONG))
    assert talk.wait(m.Finding).kind == "disk"
    assert talk.until_paused().step == 0
    full_disk.clear()
    talk.send(m.Resume())
    talk.wait(m.Scalars, lambda s: s.step > 3)


def test_every_command_works_while_the_disk_is_full(full_disk: set[str], talk: ThreadTalk, folder: Path):
    talk.begin(folder, tiny(steps=LONG), paused=True)
    talk.send(m.Step())
    talk.wait(m.Scalars)
    full_disk |= EVERYTHING
    talk.send(m.Step(), m.Save(), m.Change("batch_size", 9), m.RollBack(), m.Resume(), m.Pause(), m.Stop())
    end = talk.end()
    assert isinstance(end, m.Finished) and end.reason == "stopped"


def test_going_on_without_saving_asks_no_more_but_a_save_does(
    full_disk: set[str], talk: ThreadTalk, folder: Path
):
    talk.begin(folder, tiny(steps=LONG, samples={"every": 5}, checkpoint={"every": 5}))
    talk.wait(m.Scalars)
    full_disk |= EVERYTHING
    finding = talk.wait(m.Finding)
    paused = talk.until_paused()
    talk.send(*finding.advice[1].commands)
    talk.wait(m.Scalars, lambda s: s.step > paused.step + 60)
    assert len(talk.all(m.Finding)) == 1 and talk.state is State.RUNNING
    talk.send(m.Save())
    talk.wait(m.Finding, lambda f: f is not finding)
    place = talk.mark()
    full_disk.clear()
    talk.send(m.Save(), m.Resume())
    talk.wait(m.Saved, after=place)
    full_disk |= EVERYTHING  # full once more: the person is told once more
    talk.wait(m.Finding, after=place)


def test_an_end_that_cannot_be_saved_waits_for_room(full_disk: set[str], talk: ThreadTalk, folder: Path):
    talk.begin(folder, tiny(steps=10), paused=True)
    talk.until_paused()
    full_disk |= EVERYTHING
    place = talk.mark()
    talk.send(m.Resume())
    talk.wait(m.Finding, after=place)
    talk.send(m.Resume())
    assert talk.wait(m.StateChanged, lambda c: c.state is State.PAUSED and c.step == 10, place)
    full_disk.clear()
    talk.send(m.Save(), m.Resume())
    assert isinstance(talk.end(), m.Finished)
    assert checkpoint.newest(RunFolder(folder))[0].step == 10


def test_an_end_that_cannot_be_saved_can_be_left(full_disk: set[str], talk: ThreadTalk, folder: Path):
    talk.begin(folder, tiny(steps=3), paused=True)
    talk.until_paused()
    full_disk |= {"checkpoint"}
    place = talk.mark()
    talk.send(m.Resume())
    talk.until_paused(place)
    talk.send(m.Resume())
    end = talk.end()
    assert isinstance(end, m.Finished) and (end.step, end.reason) == (3, "done")


def test_a_live_picture_that_does_not_fit_is_left_out(
    talk: ThreadTalk, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    from ganstudio.engine.gallery import ImageGallery

    whole, failed = ImageGallery.show, []

    def show(gallery: ImageGallery, step: int, saved: bool) -> m.Picture:
        if step:
            failed.append(step)
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return whole(gallery, step, saved)

    monkeypatch.setattr(ImageGallery, "show", show)
    end = talk.run(folder, tiny(IMAGES, steps=40), window=True)
    assert isinstance(end, m.Finished) and end.step == 40
    assert [finding.kind for finding in talk.all(m.Finding)] == ["pictures"]
    assert len(failed) == 1, "it is not tried again and again"
