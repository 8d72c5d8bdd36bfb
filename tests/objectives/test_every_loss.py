"""What holds for every loss of the catalogue, and the values that theory and publications give."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from ganstudio.catalog import objectives as options
from ganstudio.catalog.objectives import OBJECTIVES as CATALOGUE
from ganstudio.catalog.objectives.divergences import FDivergence
from ganstudio.core.schema import settings_of
from ganstudio.objectives import OBJECTIVES, build_objective

REAL = torch.tensor([-5, 1.4, 12.5, 2.7], dtype=torch.float64)
FAKE = torch.tensor([10, 4.4, -5.5, 3.6], dtype=torch.float64)
DIVERGENCES = next(s for s in settings_of(FDivergence) if s.name == "divergence").option.choices


def choices() -> list[Any]:
    """Every loss, the f-divergences each by itself and with either generator."""
    others = [cls() for kind, cls in CATALOGUE.items() if kind != "f-divergence"]
    mine = [
        FDivergence(divergence=str(d), generator=g) for d in DIVERGENCES for g in ("heuristic", "minimax")
    ]
    return others + mine


def name(chosen: Any) -> str:
    return "-".join(str(value) for value in (chosen.kind, *vars(chosen).values()))


def softplus(x: float) -> float:
    return math.log1p(math.exp(x))


def test_the_two_registries_agree():
    assert OBJECTIVES.keys() == CATALOGUE.keys()


KNOWN = {  # by hand, from the definitions
    "hinge": (6.75, -3.125),
    "wasserstein": (0.225, -3.125),
    "least-squares": (
        sum((r - 1) ** 2 for r in REAL.tolist()) / 8 + sum(f * f for f in FAKE.tolist()) / 8,
        sum((f - 1) ** 2 for f in FAKE.tolist()) / 8,
    ),
    "relativistic": (
        sum(softplus(f - r) for r, f in zip(REAL.tolist(), FAKE.tolist(), strict=True)) / 4,
        sum(softplus(r - f) for r, f in zip(REAL.tolist(), FAKE.tolist(), strict=True)) / 4,
    ),
    "relativistic-average": (
        sum(softplus(3.125 - r) + softplus(f - 2.9) for r, f in zip(REAL.tolist(), FAKE.tolist(), strict=True)) / 4,
        sum(softplus(2.9 - f) + softplus(r - 3.125) for r, f in zip(REAL.tolist(), FAKE.tolist(), strict=True)) / 4,
    ),
}  # fmt: skip


@pytest.mark.parametrize("loss", KNOWN)
def test_known_values(loss: str):
    objective, (discriminator, generator) = build_objective(CATALOGUE[loss]()), KNOWN[loss]
    assert objective.discriminator(REAL, FAKE).item() == pytest.approx(discriminator, abs=1e-9)
    assert objective.generator(FAKE, REAL).mean().item() == pytest.approx(generator, abs=1e-9)


def optimum(chosen: Any) -> Tensor:
    """The answer of the best discriminator where both densities are equal."""
    value = -0.5 if chosen.energy else (chosen.middle() or 0.0)
    return torch.full((6,), value, dtype=torch.float64)


@pytest.mark.parametrize("chosen", [c for c in choices() if c.kind != "boundary-equilibrium"], ids=name)
def test_the_equilibrium_is_what_the_catalogue_says(chosen: Any):
    logits, objective = optimum(chosen), build_objective(chosen)
    found = {
        "loss/discriminator": objective.discriminator(logits, logits).item(),
        "loss/generator": objective.generator(logits, logits).mean().item(),
        "score/real": (logits.sigmoid() if chosen.probability else logits).mean().item(),
    }
    found["score/fake"] = found["score/real"]
    found |= {key: value.item() for key, value in objective.measures(logits, logits).items()}
    promised = chosen.expects()
    assert "loss/discriminator" in promised
    for series, value in promised.items():
        assert found[series] == pytest.approx(value, abs=1e-12), series


@pytest.mark.parametrize("chosen", [c for c in choices() if c.kind != "boundary-equilibrium"], ids=name)
@settings(max_examples=30)
@given(values=st.lists(st.floats(-12, 12), min_size=2, max_size=12))
def test_no_other_answer_is_better_there(chosen: Any, values: list[float]):
    """Where real and generated samples are the same, the best loss is the promised one."""
    logits = torch.tensor(values, dtype=torch.float64)
    logits = -logits.abs() if chosen.energy else logits
    turned = logits.flip(0) if chosen.paired else logits
    loss = build_objective(chosen).discriminator(logits, turned).item()
    assert loss >= chosen.expects()["loss/discriminator"] - 1e-9


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("chosen", choices(), ids=name)
def test_extreme_answers_have_finite_losses_and_gradients(chosen: Any, dtype: torch.dtype):
    objective = build_objective(chosen)
    for size in (50.0, 90.0, 1e4):
        for sign in (1, -1):
            real = torch.tensor([size, -size, 0], dtype=dtype, requires_grad=True)
            fake = (sign * real.detach()).requires_grad_()
            total = objective.discriminator(real, fake) + objective.generator(fake, real).mean()
            gradients = torch.autograd.grad(total, (real, fake), allow_unused=True)
            assert torch.isfinite(total)
            assert all(torch.isfinite(g).all() for g in gradients if g is not None)


@pytest.mark.parametrize("chosen", choices(), ids=name)
def test_the_players_pull_in_opposite_directions(chosen: Any):
    """More real-looking generated samples please the generator and never the discriminator."""
    objective = build_objective(chosen)
    fake = optimum(chosen).requires_grad_()
    real = optimum(chosen) + 0.1
    objective.state = {key: torch.ones_like(value) for key, value in objective.state.items()}
    (for_generator,) = torch.autograd.grad(objective.generator(fake, real).mean(), fake)
    (for_discriminator,) = torch.autograd.grad(objective.discriminator(real, fake), fake)
    assert (for_generator < 0).all() and (for_discriminator > 0).all()


def test_only_probabilities_are_called_so():
    """The flag is right where the optimal answer is the logarithm of the odds, and its boundary is 0."""
    assert [kind for kind, cls in CATALOGUE.items() if cls.probability] == ["non-saturating", "saturating"]  # type: ignore[attr-defined]
    assert {k for k, c in CATALOGUE.items() if c.targets} == {"non-saturating", "saturating", "least-squares"}  # type: ignore[attr-defined]


@pytest.mark.parametrize("target", [0.0, 0.3, 0.9, 1.0])
def test_least_squares_with_a_target_has_the_gradient_of_the_squared_distance(target: float):
    logits = REAL.clone().requires_grad_()
    objective = build_objective(options.LeastSquares())
    (found,) = torch.autograd.grad(objective.discriminator(logits, FAKE, on_real=target), logits)
    assert torch.allclose(found, (logits.detach() - target) / 4)


# ---------------------------------------------------------------- errors that copies carry


def test_least_squares_halves_both_sides():
    """Dropping one half changes the ratio of the players; a sigmoid left in keeps answers from reaching 1."""
    objective, one = build_objective(options.LeastSquares()), torch.ones(1, dtype=torch.float64)
    assert objective.discriminator(3 * one, 0 * one).item() == 2.0
    assert objective.discriminator(one, 2 * one).item() == 2.0
    assert objective.generator(3 * one).item() == 2.0


@pytest.mark.parametrize("loss", ["wasserstein", "hinge"])
def test_no_sigmoid_is_left_in_a_critic(loss: str):
    """The generator's reward grows without bound: as much from 9 to 10 as from 0 to 1."""
    objective = build_objective(CATALOGUE[loss]())
    costs = objective.generator(torch.tensor([0.0, 1.0, 9.0, 10.0]))
    assert costs.tolist() == [0.0, -1.0, -9.0, -10.0]


def test_hinge_has_no_margin_for_the_generator():
    fake = torch.tensor([5.0], requires_grad=True)
    (slope,) = torch.autograd.grad(build_objective(options.Hinge()).generator(fake).sum(), fake)
    assert slope.item() == -1


def test_pairs_are_pairs_and_not_averages():
    real, fake = torch.tensor([4.0, -4.0]), torch.tensor([-4.0, 4.0])
    pairs = build_objective(options.Relativistic())
    assert pairs.discriminator(real, fake).item() == pytest.approx((softplus(-8) + softplus(8)) / 2, rel=1e-6)
    average = build_objective(options.RelativisticAverage())
    assert average.discriminator(real, fake).item() == pytest.approx(softplus(4) + softplus(-4), rel=1e-6)


def test_a_comparison_only_sees_differences():
    for cls in (options.Relativistic, options.RelativisticAverage):
        objective = build_objective(cls())
        assert objective.wants_real
        there = objective.discriminator(REAL + 100, FAKE + 100).item()
        assert there == pytest.approx(objective.discriminator(REAL, FAKE).item())
