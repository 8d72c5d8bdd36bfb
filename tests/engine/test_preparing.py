"""While data is being prepared: progress is told, commands wait, stopping is quick."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.sessions import PATIENCE, ThreadTalk
from support.tiny import tiny

from ganstudio.core import messages as m
from ganstudio.core.lifecycle import State
from ganstudio.core.runs import RunFolder
from ganstudio.data import Cancelled
from ganstudio.engine import setup

LONG = 10**6


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Data that is ready only when the event is set, and asks now and then whether to stop."""
    ready, load = threading.Event(), setup.load

    def slow(options: Any, progress: Callable[[str, float], None], cancelled: Callable[[], bool]) -> Any:
        progress("Reading pictures", 0.25)
        while not ready.wait(0.01):
            if cancelled():
                raise Cancelled
        return load(options, progress, cancelled)

    monkeypatch.setattr(setup, "load", slow)
    yield ready
    ready.set()


def start(talk: ThreadTalk, folder: Path, **more: Any) -> None:
    talk.send(m.Begin(str(folder), tiny(steps=LONG), window=False, **more))
    assert talk.wait(m.Preparing) == m.Preparing("Reading pictures", 0.25)
    assert talk.state is State.STARTING


@pytest.mark.parametrize("command", [m.Stop(), m.Stop(save=False), m.Quit()])
def test_stopping_while_preparing(command: m.Command, door: threading.Event, talk: ThreadTalk, folder: Path):
    start(talk, folder)
    talk.send(command)
    end = talk.end()
    assert isinstance(end, m.Finished) and (end.step, end.reason) == (0, "stopped")
    assert not folder.exists()
    if isinstance(command, m.Quit):
        talk._thread.join(PATIENCE)
        assert talk.gone


def test_commands_wait_for_the_run_to_be_there(door: threading.Event, talk: ThreadTalk, folder: Path):
    start(talk, folder)
    talk.send(m.Pause(), m.Change("batch_size", 5), m.Begin("elsewhere"), m.Step())
    door.set()
    talk.wait(m.Scalars)
    assert talk.wait(m.Refused).command == "Begin"
    assert talk.wait(m.Changed).new == 5
    assert talk.session.run.trainer.images == 5 and talk.state is State.PAUSED


def test_after_stopping_another_run_can_begin(door: threading.Event, talk: ThreadTalk, folder: Path):
    start(talk, folder)
    talk.send(m.Stop())
    talk.end()
    door.set()
    end = talk.run(folder, tiny(steps=2))
    assert isinstance(end, m.Finished) and end.step == 2


def test_stop_right_behind_begin(talk: ThreadTalk, folder: Path):
    """Toy data asks nobody whether to stop: the run is made, and ended before its first step."""
    talk.send(m.Begin(str(folder), tiny(steps=LONG), window=False), m.Stop())
    end = talk.end()
    assert isinstance(end, m.Finished) and end.reason == "stopped" and end.step < 100
    assert not RunFolder(folder).interrupted()


def test_pictures_that_cannot_be_read_are_told(talk: ThreadTalk, folder: Path, tmp_path: Path):
    from PIL import Image

    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for index in range(6):
        Image.new("RGB", (9, 9), (index * 40, 0, 0)).save(pictures / f"{index}.png")
    (pictures / "broken.png").write_bytes(b"no picture")
    config = tiny(
        generator={"width": 8}, discriminator={"width": 8}, samples={"every": 10},
        data={"source": "folder", "path": str(pictures), "resolution": 8}, steps=2, batch_size=4,
    )  # fmt: skip
    end = talk.run(folder, config)
    assert isinstance(end, m.Finished)
    finding = talk.wait(m.Finding)
    assert finding.kind == "unreadable" and "broken.png" in finding.text and finding.title.startswith("1 ")
