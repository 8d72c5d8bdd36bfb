"""What a run measures about itself."""

from __future__ import annotations

import pytest
import torch

from ganstudio.training.meter import KEEP, Meter


def filled() -> Meter:
    meter = Meter()
    for value in (1.0, 2.0, 6.0):
        meter.scalar("loss/generator", torch.tensor(value))
    meter.logits("real", torch.tensor([2.0, -1.0, 3.0]))
    meter.logits("real", torch.tensor([1.0]))
    meter.logits("fake", torch.tensor([-2.0, 0.5, -1.0, -4.0]))
    return meter


def test_means_scores_and_accuracies():
    values = filled().read(probability=True)
    assert values["loss/generator"] == pytest.approx(3)
    assert values["accuracy/real"] == pytest.approx(3 / 4)
    assert values["accuracy/fake"] == pytest.approx(3 / 4)
    sigmoid = torch.tensor([2.0, -1.0, 3.0, 1.0]).sigmoid().mean().item()
    assert values["score/real"] == pytest.approx(sigmoid)
    assert 0 < values["score/fake"] < 1


def test_raw_scores_where_there_is_no_probability():
    values = filled().read(probability=False)
    assert values["score/real"] == pytest.approx(5 / 4)
    assert values["score/fake"] == pytest.approx(-6.5 / 4)


def test_an_undecided_answer_is_right_for_neither():
    meter = Meter()
    meter.logits("real", torch.zeros(4))
    meter.logits("fake", torch.zeros(4))
    values = meter.read(True)
    assert values["accuracy/real"] == values["accuracy/fake"] == 0
    assert values["score/real"] == 0.5


def test_reading_starts_anew():
    meter = filled()
    meter.read(True)
    assert meter.read(True) == {}
    meter.scalar("loss/generator", torch.tensor(5.0))
    assert meter.read(True) == {"loss/generator": 5.0}


def test_only_the_last_values_are_kept():
    meter = Meter()
    for index in range(KEEP * 3):
        meter.scalar("loss/generator", torch.tensor(float(index)))
        meter.logits("real", torch.full((2,), float(index)))
    latest = meter.latest_logits("real")
    assert latest is not None and latest.tolist() == [KEEP * 3 - 1] * 2
    last = range(KEEP * 2, KEEP * 3)
    values = meter.read(probability=False)
    assert values["loss/generator"] == values["score/real"] == pytest.approx(sum(last) / KEEP)


def test_nothing_noted_keeps_a_graph_alive():
    meter, weight = Meter(), torch.ones(3, requires_grad=True)
    meter.logits("fake", weight * 2)
    meter.scalar("loss/generator", (weight * 2).sum())
    latest = meter.latest_logits("fake")
    assert latest is not None and not latest.requires_grad
    assert meter.latest_logits("real") is None


def test_not_finite_values_are_told_not_hidden():
    meter = Meter()
    meter.scalar("loss/generator", torch.tensor(1.0))
    meter.scalar("loss/generator", torch.tensor(float("nan")))
    value = meter.read(True)["loss/generator"]
    assert value != value
