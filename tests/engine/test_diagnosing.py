"""A session tells what its doctor finds, takes it back, and writes both down."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from support.sessions import ThreadTalk
from support.tiny import IMAGES, POINTS, tiny

from ganstudio.core import messages as m
from ganstudio.core.runs import RunFolder
from ganstudio.engine import diagnosing, examining, session

LONG = 10**6
IDLE = {"optimizer": {"generator": {"lr": 0.0}}}


@pytest.fixture(autouse=True)
def _at_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look, report and examine whenever it is possible, however fast this machine is."""
    for place in (examining, diagnosing):
        monkeypatch.setattr(place, "EVERY", 0.0)
        monkeypatch.setattr(place, "SHARE", float("inf"))
    monkeypatch.setattr(session, "REPORT_EVERY", 0.0)


def test_a_finding_is_told_written_down_and_taken_back(talk: ThreadTalk, folder: Path):
    talk.begin(folder, tiny(POINTS, steps=LONG, **IDLE))
    finding = talk.wait(m.Finding)
    assert finding.kind == "idle" and finding.series == ("distance/data",)
    place = talk.mark()
    talk.send(*finding.advice[0].commands)
    assert talk.wait(m.Changed, after=place).key == "optimizer.generator.lr"
    healed = talk.wait(m.Healed, after=place)
    assert healed.kind == "idle"
    talk.send(m.Stop(save=False))
    talk.end()
    events = [e for e in RunFolder(folder).events() if e["event"] in ("finding", "healed")]
    assert [e["finding"] for e in events[:2]] == ["idle", "idle"]
    assert events[0]["series"] == ["distance/data"] and events[0]["title"] == finding.title
    assert "distance/data" in RunFolder(folder).metrics().values


def test_more_steps_change_nothing_that_was_seen(talk: ThreadTalk, folder: Path):
    talk.begin(folder, tiny(POINTS, steps=LONG, **IDLE))
    talk.wait(m.Finding)
    place = talk.mark()
    talk.send(m.Change("steps", LONG + 1), m.Pause())
    talk.until_paused(place)
    assert not talk.all(m.Healed)


def test_pictures_are_held_out_of_training(talk: ThreadTalk, folder: Path):
    started = talk.begin(folder, tiny(IMAGES, steps=LONG, held_out=10), paused=True)
    run = talk.session.run
    assert run.held_out is not None and run.held_out.shape == (179, 1, 8, 8)
    assert run.trainer.feed.length == 1797 - 179 and "179 more held out" in started.data_summary  # type: ignore[attr-defined]
    assert not any(bool((run.held_out[0] == x).all()) for x in run.trainer.feed.batch(0, 1618)[0])
    assert torch.is_tensor(run.held_out)
