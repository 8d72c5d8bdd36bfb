"""What the window says of a run that goes on."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ganstudio.core.lifecycle import State
from ganstudio.core.numbers import percent
from ganstudio.window.story import story

RIGHT = {"accuracy/real": 0.8, "accuracy/fake": 0.6}
SAYS = (
    f"The discriminator is right about {percent(0.7)} of the time, and the generator keeps learning from it."
)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({}, "Training has begun."),
        (RIGHT, f"Training. {SAYS}"),
        (RIGHT | {"growth/resolution": 8.0, "growth/alpha": 1.0}, f"Training at 8 px. {SAYS}"),
        (
            RIGHT | {"growth/resolution": 16.0, "growth/alpha": 0.4},
            f"Training at 16 px, the newest layers faded in by {percent(0.4)}. {SAYS}",
        ),
    ],
)
def test_a_running_game_in_one_sentence(values: dict[str, float], text: str):
    model: Any = SimpleNamespace(state=State.RUNNING, waiting="", findings=[], value=values.get)
    (line,) = story(model)
    assert line.mark == "good" and line.text == text
