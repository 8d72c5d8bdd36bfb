"""The engine in a real process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from support import victims
from support.sessions import PATIENCE, ChildTalk
from support.tiny import IMAGES, all_tensors, assert_same_tensors, tensors_of, tiny, trained

from ganstudio.core import messages as m
from ganstudio.core.runs import RunFolder
from ganstudio.engine.launch import EngineProcess
from ganstudio.training import checkpoint

LONG = 10**8
TESTS = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def child() -> Iterator[ChildTalk]:
    """One warm engine for the tests that leave it in order."""
    made = ChildTalk()
    yield made
    made.close()


def gone(pid: int, patience: float) -> bool:
    """Whether a process that is none of ours ends in time."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False


def test_it_says_when_it_is_ready(child: ChildTalk):
    ready = child.wait(m.Ready)
    assert ready.devices[-1] == "cpu" and ready.torch_version


def test_a_child_trains_the_very_same_networks(child: ChildTalk, folder: Path):
    config = tiny(IMAGES, steps=8)
    place = child.mark()
    end = child.run(folder, config)
    assert isinstance(end, m.Finished)
    assert child.wait(m.Started, after=place).config == config
    found = checkpoint.read(RunFolder(folder).checkpoint_path(8))
    assert_same_tensors(all_tensors(found.state), tensors_of(trained(config, 8)))


def test_commands_cross_the_pipe(child: ChildTalk, folder: Path):
    child.begin(folder, tiny(steps=LONG), paused=True)
    place = child.mark()
    child.send(m.Step(), m.Change("batch_size", 9), m.Change("seed", 9), m.Step(), m.Stop())
    end = child.end(place)
    assert isinstance(end, m.Finished) and end.step == 2
    assert child.wait(m.Changed, after=place).new == 9
    assert "cannot change" in child.wait(m.Refused, after=place).reason


def test_it_keeps_a_core_free_beside_a_window(child: ChildTalk, folder: Path):
    place = child.mark()
    started = child.begin(folder, tiny(steps=1, compute={"threads": 0}), window=True)
    cores = len(os.sched_getaffinity(0))
    assert isinstance(child.end(place), m.Finished)
    assert started.device.startswith("CPU, ")
    assert int(started.device.split()[1]) <= max(1, cores - 1)


def test_one_run_after_the_other(child: ChildTalk, tmp_path: Path):
    for number in range(3):
        end = child.run(tmp_path / str(number), tiny(steps=2, seed=number))
        assert isinstance(end, m.Finished) and end.step == 2


def test_ctrl_c_is_the_windows_business(child: ChildTalk, folder: Path):
    child.begin(folder, tiny(steps=LONG))
    place = child.mark()
    os.kill(child.pid, signal.SIGINT)
    child.wait(m.Scalars, after=place)
    child.send(m.Stop())
    assert isinstance(child.end(place), m.Finished)


def test_closing_saves_even_if_nobody_has_read_the_reports(folder: Path):
    """The pipe is full of pictures when the window closes: the child must still get to its checkpoint."""
    engine = EngineProcess()
    assert isinstance(engine.receive(), m.Ready)
    config = tiny(IMAGES, steps=LONG, data={"resolution": 32}, samples={"count": 400, "every": 2})
    engine.send(m.Begin(str(folder), config))
    run, deadline = RunFolder(folder), time.monotonic() + PATIENCE
    while not run.exists() and time.monotonic() < deadline:
        time.sleep(0.05)  # nothing is read any more: the first grid alone is larger than the pipe
    engine.close(patience=PATIENCE)  # one that hangs is killed then, and saves nothing
    assert run.checkpoint_steps() and not run.interrupted()


def test_a_killed_child_is_noticed_and_told_in_words(folder: Path):
    talk = ChildTalk()
    talk.begin(folder, tiny(steps=LONG))
    talk.wait(m.Scalars)
    talk.kill()
    assert talk.gone and "killed (signal 9" in talk.engine.exit_text()
    assert RunFolder(folder).interrupted()
    assert not talk.engine.send(m.Pause()) or not talk.engine.process.is_alive()
    talk.engine.close()
    assert gone(talk.pid, 1)


@pytest.mark.slow
def test_a_killed_parent_leaves_no_child_but_a_checkpoint(folder: Path):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS.parent), str(TESTS)])}
    started = subprocess.Popen(
        [sys.executable, "-m", "support.victims", str(folder)],
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    )
    assert started.stdout is not None
    pid = int(started.stdout.readline())
    assert psutil.pid_exists(pid)
    started.kill()
    started.wait(10)
    started.stdout.close()
    assert gone(pid, PATIENCE)
    run = RunFolder(folder)
    stored, problems = checkpoint.newest(run)
    assert stored.step > 3 and not problems and not run.interrupted()


@pytest.mark.slow
def test_a_real_file_limit_keeps_the_old_checkpoint(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Writes really fail (EFBIG): training pauses, says so, and goes on once there is room."""
    monkeypatch.chdir(tmp_path)
    talk = ChildTalk(victims.small_files)
    try:
        config = tiny(IMAGES, steps=20, checkpoint={"every": 10}, generator={"base_channels": 16})
        talk.begin(folder, config, paused=True)
        talk.send(m.Step(), m.Save())
        talk.wait(m.Saved)
        before = (folder / "checkpoints" / "000001" / "state.json").read_bytes()
        for size in (100, 2000, 9000):
            (tmp_path / "limit").write_text(str(size))
            place = talk.mark()
            talk.send(m.Save())
            finding = talk.wait(m.Finding, after=place)
            assert finding.kind == "disk" and finding.text.startswith("The disk says: ")
            assert [i.name for i in (folder / "checkpoints").iterdir()] == ["000001"]
        place = talk.mark()
        talk.send(m.Resume())
        assert talk.until_paused(place).step == 20  # the person has said to go on; the end asks again
        assert talk.wait(m.Finding, after=place).kind == "disk"
        assert (folder / "checkpoints" / "000001" / "state.json").read_bytes() == before
        (tmp_path / "limit").unlink()
        talk.send(m.Save(), m.Resume())
        end = talk.end(place)
        assert isinstance(end, m.Finished) and end.step == 20
        found = checkpoint.read(RunFolder(folder).checkpoint_path(20))
        assert_same_tensors(all_tensors(found.state), tensors_of(trained(config, 20)))
    finally:
        talk.close()


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="RLIMIT_AS binds on Linux only")
def test_a_real_memory_limit_is_told_with_the_batch_that_fits(folder: Path):
    # In about one child of ten oneDNN, once it has found no memory, makes no primitive ever again, however small.
    # Nothing fits then, which is told rightly: another child is asked.
    for attempt in range(4):
        talk = ChildTalk(victims.little_memory)
        try:
            if _goes_on_with_what_fits(talk, folder.with_name(f"run-{attempt}")):
                return
        finally:
            talk.close()
    pytest.fail("in four children running not even the smallest batch was found to fit")


def _goes_on_with_what_fits(talk: ChildTalk, folder: Path) -> bool:
    """Follow the advice; whether there was one."""
    talk.begin(folder, tiny(IMAGES, data={"resolution": 32}, batch_size=32768, steps=2))
    finding = talk.wait(m.Finding)
    assert finding.kind == "out-of-memory" and "does not fit" in finding.text
    change = finding.advice[0].commands[0]
    if isinstance(change, m.Save):
        return False
    assert isinstance(change, m.Change) and 2 <= change.value < 32768
    talk.send(*finding.advice[0].commands, m.Stop())
    assert isinstance(talk.end(), m.Finished)
    assert checkpoint.newest(RunFolder(folder))[0].config.batch_size == change.value
    return True
