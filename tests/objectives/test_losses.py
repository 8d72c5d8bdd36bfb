"""Losses and penalties against values worked out by hand or published."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from ganstudio.catalog import objectives as options
from ganstudio.objectives import build_objective
from ganstudio.objectives.losses import NonSaturating, Saturating
from ganstudio.objectives.penalties import r1, squared_gradient


def double(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


NON_SATURATING = NonSaturating(options.NonSaturating())
SATURATING = Saturating(options.Saturating())
REAL, FAKE = double(-5, 1.4, 12.5, 2.7), double(10, 4.4, -5.5, 3.6)


def test_non_saturating_known_values():
    assert NON_SATURATING.discriminator(REAL, FAKE).item() == pytest.approx(5.833866, abs=1e-6)
    assert NON_SATURATING.generator(FAKE).mean().item() == pytest.approx(1.385821, abs=1e-6)


def test_saturating_generator_is_the_discriminators_half_turned_round():
    by_hand = sum(math.log(1 / (1 + math.exp(x))) for x in FAKE.tolist()) / 4
    assert SATURATING.generator(FAKE).mean().item() == pytest.approx(by_hand, abs=1e-12)
    assert torch.equal(SATURATING.discriminator(REAL, FAKE), NON_SATURATING.discriminator(REAL, FAKE))


@pytest.mark.parametrize("name", ["non-saturating", "saturating"])
def test_equilibrium_of_the_catalogue(name: str):
    """Logits of zero are probabilities of one half: the losses are what the catalogue promises."""
    settings = options.OBJECTIVES[name]()
    objective, promised = build_objective(settings), settings.equilibrium  # type: ignore[attr-defined]
    zeros = torch.zeros(5, dtype=torch.float64)
    assert objective.discriminator(zeros, zeros).item() == pytest.approx(promised["loss/discriminator"])
    assert objective.generator(zeros).mean().item() == pytest.approx(promised["loss/generator"])
    assert promised["loss/discriminator"] == pytest.approx(2 * math.log(2))
    assert abs(promised["loss/generator"]) == pytest.approx(math.log(2))


@pytest.mark.parametrize("target", [0.5, 0.75, 0.9, 1.0])
def test_smoothing_is_cross_entropy_with_that_target(target: float):
    wanted = binary_cross_entropy_with_logits(REAL, torch.full_like(REAL, target))
    wanted = wanted + binary_cross_entropy_with_logits(FAKE, torch.zeros_like(FAKE))
    found = NON_SATURATING.discriminator(REAL, FAKE, on_real=target)
    assert found.item() == pytest.approx(wanted.item(), abs=1e-12)


def test_the_saturating_gradient_fades_where_the_other_stays():
    logits = double(-12.0).requires_grad_()
    (faded,) = torch.autograd.grad(SATURATING.generator(logits).sum(), logits)
    (strong,) = torch.autograd.grad(NON_SATURATING.generator(logits).sum(), logits)
    assert abs(faded.item()) < 1e-5 and strong.item() == pytest.approx(-1, abs=1e-5)


# ---------------------------------------------------------------- penalties

A = torch.tensor([[2.0, 1.0], [1.0, 3.0]], dtype=torch.float64)
POINTS = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, -1.0]], dtype=torch.float64)


def quadratic(x: Tensor) -> Tensor:
    return (x @ A * x).sum(1) / 2


def test_r1_of_the_quadratic_form():
    x = POINTS.clone().requires_grad_()
    assert squared_gradient(quadratic(x), x).item() == pytest.approx(20 / 3, abs=1e-12)
    assert r1(quadratic(x), x, 10).item() == pytest.approx(100 / 3, abs=1e-12)


def test_r1_sums_over_pixels_and_averages_over_samples():
    x = torch.zeros(5, 3, 4, 4, requires_grad=True)
    assert squared_gradient(x.flatten(1).sum(1), x).item() == pytest.approx(3 * 4 * 4)


def test_r1_can_be_learned_from():
    x, weight = POINTS.clone().requires_grad_(), double(1.0, 2.0).requires_grad_()
    r1(x @ weight, x, 2).backward()
    assert weight.grad is not None
    assert torch.allclose(weight.grad, 2 * weight.detach())
