"""What the window says of a run that goes on."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ganstudio.core.lifecycle import State
from ganstudio.core.messages import Advice, Begin, Change, Finding
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
    model: Any = SimpleNamespace(state=State.RUNNING, waiting="", findings=[], followed="", value=values.get)
    (line,) = story(model)
    assert line.mark == "good" and line.text == text


@pytest.mark.parametrize(("active", "labels"), [(True, ["Slow down", "Anew"]), (False, ["Anew"])])
def test_advice_is_given_as_long_as_it_can_be_followed(active: bool, labels: list[str]):
    advice = (Advice("Slow down", (Change("batch_size", 8),)), Advice("Anew", (Begin("run"),)))
    finding = Finding("x", "warning", "So", "It is so", 5, ("loss/generator",), 3, advice)
    model: Any = SimpleNamespace(
        state=State.RUNNING, waiting="", findings=[finding], followed="", value={}.get, active=active
    )
    _, line = story(model)
    assert (line.mark, line.text) == ("warning", "So. It is so.")
    assert [button.label for button in line.buttons] == [*labels, "Show in chart", "Dismiss"]


def test_a_followed_advice_can_be_put_back_while_somebody_obeys():
    model: Any = SimpleNamespace(
        state=State.RUNNING, waiting="", findings=[], followed="Slow down", value={}.get, active=True
    )
    _, line = story(model)
    assert line.text == "Followed: Slow down." and [button.label for button in line.buttons] == ["Put back"]
    model.active = False
    assert len(story(model)) == 1
