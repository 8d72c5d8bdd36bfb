"""Any commands in any order: the session never hangs, never breaks, and every run ends in order."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.sessions import ChildTalk, Talk, ThreadTalk
from support.tiny import IMAGES, POINTS, tiny

from ganstudio.core import messages as m
from ganstudio.core.lifecycle import MOVES, State
from ganstudio.core.runs import RunFolder
from ganstudio.training import checkpoint

CONFIGS = [
    tiny(base, steps=steps, checkpoint={"every": 7}) for base in (POINTS, IMAGES) for steps in (3, 10**6)
]
VALUES = (1, 2, 9, 0.5, -1, "x", None, 1e9, float("nan"))
KEYS = (
    "batch_size",
    "optimizer.generator.lr",
    "discriminator_steps",
    "steps",
    "seed",
    "nonsense",
    "latent.dimension",
)


def commands(folders: list[str]) -> st.SearchStrategy[m.Command]:
    """Begin now and then, everything else more often."""
    folder = st.sampled_from(folders)
    begin = st.builds(
        m.Begin, folder, st.sampled_from([*CONFIGS, None]), st.booleans(), st.sampled_from([None, None, 3, 7]),
        st.sampled_from([None, None, 5, 0]), st.booleans(), st.booleans(),
    )  # fmt: skip
    steer = st.sampled_from([m.Pause(), m.Resume(), m.Step(), m.Step("generator"), m.Step("discriminator")])
    rare = st.sampled_from(
        [m.Save(), m.Stop(), m.Stop(save=False), m.RollBack(), m.RollBack(2.0), m.Step("judge")]
    )
    change = st.builds(m.Change, st.sampled_from(KEYS), st.sampled_from(VALUES))
    return st.one_of(begin, begin, steer, steer, rare, change)


def check(talk: Talk, begins: int) -> None:
    """Every begin was answered, every state follows from the one before, and nothing broke inside."""
    refused = sum(r.command == "Begin" for r in talk.all(m.Refused))
    ends = [r for r in talk.reports if isinstance(r, m.Finished | m.Failed)]
    assert refused + len(ends) == begins
    assert not [end.detail for end in ends if isinstance(end, m.Failed) and end.detail]
    assert all(r.reason and "\n" not in r.reason for r in talk.all(m.Refused))
    state = State.IDLE
    for report in talk.all(m.StateChanged):
        state = State.IDLE if report.state is State.STARTING else state
        assert report.state is state or report.state in MOVES[state]
        state = report.state


def check_runs(folders: list[str]) -> None:
    """What the runs left behind is whole."""
    for path in folders:
        run = RunFolder(path)
        for step in run.checkpoint_steps():
            checkpoint.read(run.checkpoint_path(step))
        assert not run.interrupted() and run.trainer() is None


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_sequence_in_a_thread(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory):
    place = tmp_path_factory.mktemp("walk")
    folders = [str(place / name) for name in "ab"]
    sequence = data.draw(st.lists(commands(folders), min_size=1, max_size=25))
    talk = ThreadTalk()
    talk.send(*sequence)
    talk.close()
    check(talk, sum(isinstance(c, m.Begin) for c in sequence))
    check_runs(folders)


def draw(chance: random.Random, folders: list[str]) -> m.Command:
    """As above, from a seed, for a long walk."""
    choices: list[Callable[[], m.Command]] = [
        lambda: m.Begin(
            chance.choice(folders), chance.choice([*CONFIGS, None]), resume=chance.random() < 0.5,
            window=chance.random() < 0.5, paused=chance.random() < 0.3,
        ),
        lambda: chance.choice([m.Pause(), m.Resume(), m.Resume()]),
        lambda: m.Step(chance.choice(["", "generator", "discriminator"])),
        lambda: m.Change(chance.choice(KEYS), chance.choice(VALUES)),
        lambda: chance.choice([m.Save(), m.RollBack(), m.Stop(), m.Stop(save=False)]),
    ]  # fmt: skip
    return chance.choice(choices)()


@pytest.mark.slow
def test_a_long_walk_with_a_real_child(tmp_path: Path):
    """Two hundred commands, some at once, some after the child has answered the one before."""
    chance, talk, begins = random.Random(7), ChildTalk(), 0
    folders = [str(tmp_path / name) for name in "abc"]
    for _ in range(200):
        command, place = draw(chance, folders), talk.mark()
        begins += isinstance(command, m.Begin)
        talk.send(command)
        if chance.random() < 0.2:
            talk.send(m.Change("nonsense", 0))  # is always refused: the child has got as far as here
            talk.wait(m.Refused, lambda r: r.command == "Change", place)
    talk.close()
    check(talk, begins)
    check_runs(folders)
