"""Two hundred actions in a random but repeatable order: nothing hangs, nothing is lost, nothing is left."""

from __future__ import annotations

import random

import pytest
from PySide6.QtTest import QTest

from ganstudio.core.lifecycle import State
from ganstudio.window.dialogs.chooser import Chooser
from ganstudio.window.dialogs.error import ErrorDialog
from ganstudio.window.run_model import RunModel

ACTIONS = (
    *("run.toggle",) * 6,
    *("run.step", "run.half-discriminator", "run.half-generator", "run.save") * 2,
    *("run.stop", "run.resume", "run.close", "run.start-paused"),
    *(
        "edit.undo",
        "edit.redo",
        "view.setup",
        "view.charts",
        "theme.light",
        "theme.dark",
        "view.reset-layout",
    ),
    *("change", "change", "change", "preset", "palette", "slide"),
)


def act(studio, name: str, dice: random.Random) -> None:
    window = studio.window
    if name == "change":
        window.form_model.edit("batch_size", dice.choice([16, 24, 32]))
        window.form_model.edit("seed", dice.randrange(100))
    elif name == "preset":
        if not studio.model.active:
            studio.tiny(steps=dice.choice([5, 40, 100_000]))
    elif name == "palette":
        window.performer.app_palette()
        for chooser in window.findChildren(Chooser):
            chooser.close()
    elif name == "slide":
        steps = window.train.stage.slider.steps()
        if steps:
            window.train.charts.step_picked.emit(dice.choice(steps))
    elif window.registry.action(name).isEnabled():
        window.registry.action(name).trigger()
    if name == "run.toggle" and dice.random() < 0.5:
        studio.until(lambda: at_rest(studio.model))
    QTest.qWait(dice.randrange(8))  # how far the engine gets in the meantime matters to no check


def at_rest(model: RunModel) -> bool:
    """Whether the engine has answered what was asked of it."""
    return model.state not in (State.STARTING, State.STOPPING) and not model.waiting


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1])
def test_a_random_walk_of_200_actions(fake, seed):
    dice = random.Random(seed)
    fake.tiny()
    seen = set()
    for _ in range(200):
        act(fake, dice.choice(ACTIONS), dice)
        seen.add(fake.state)
    assert {State.RUNNING, State.PAUSED} <= seen
    assert not fake.window.findChildren(ErrorDialog)
    if fake.model.active:
        if fake.state is not State.STOPPING:
            fake.do("run.stop")
        fake.until(lambda: not fake.model.active)


@pytest.mark.slow
def test_a_random_walk_over_the_real_engine(studio):
    dice = random.Random(2)
    studio.tiny()
    for _ in range(80):
        act(studio, dice.choice(ACTIONS), dice)
    assert not studio.window.findChildren(ErrorDialog)
    if studio.model.active:
        if studio.state is not State.STOPPING:
            studio.do("run.stop")
        studio.until(lambda: not studio.model.active)
