"""f-divergences: estimates at the optimal critic against closed forms, stable forms against the table's."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from support.closed_forms import CLOSED
from torch import Tensor
from torch.nn.functional import softplus

from ganstudio.catalog.objectives import FDivergence
from ganstudio.objectives import build_objective
from ganstudio.objectives.divergences import DIVERGENCES

BEST: dict[str, Callable[[Tensor], Tensor]] = {  # the optimal logit for a logarithm of the ratio of densities
    "kl": lambda ratio: ratio + 1,
    "reverse-kl": lambda ratio: ratio,
    "pearson": lambda ratio: 2 * (ratio.exp() - 1),
    "squared-hellinger": lambda ratio: ratio / 2,
    "jensen-shannon": lambda ratio: ratio,
    "gan": lambda ratio: ratio,
    "total-variation": lambda ratio: 50 * ratio.sign(),
}
X = torch.linspace(-12, 13, 50_001, dtype=torch.float64)
P, Q = ((-((X - mean) ** 2) / 2).exp() / math.sqrt(2 * math.pi) for mean in (0.0, 1.0))
RATIO = -X + 0.5


def estimate(name: str, v: Tensor, p: Tensor = P, q: Tensor = Q) -> float:
    chosen = DIVERGENCES[name]
    return torch.trapezoid(p * chosen.activation(v) - q * chosen.conjugate(v), X).item()


@pytest.mark.parametrize("name", CLOSED)
def test_the_optimal_critic_finds_the_closed_form(name: str):
    assert estimate(name, BEST[name](RATIO)) == pytest.approx(CLOSED[name], abs=2e-6)


def test_hellinger_is_the_published_number():
    assert CLOSED["squared-hellinger"] == pytest.approx(0.235006, abs=1e-6)
    assert CLOSED["gan"] == pytest.approx(-1.163451, abs=1e-6)


@pytest.mark.parametrize("name", CLOSED)
def test_equal_densities(name: str):
    wanted = -math.log(4) if name == "gan" else 0.0
    assert estimate(name, BEST[name](torch.zeros_like(X)), P, P) == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize("name", CLOSED)
@settings(max_examples=30)
@given(scale=st.floats(-2, 2), shift=st.floats(-2, 2))
def test_any_other_critic_finds_less(name: str, scale: float, shift: float):
    v = BEST[name](RATIO)
    other = (scale * RATIO + shift) if name == "total-variation" else (v * scale + shift)
    assert estimate(name, other.clamp(-19, 19)) <= CLOSED[name] + 2e-6


@pytest.mark.parametrize("name", [n for n in CLOSED if n != "total-variation"])
def test_the_best_critic_is_a_stationary_point(name: str):
    v = BEST[name](RATIO).requires_grad_()
    chosen = DIVERGENCES[name]
    inside = (P + Q) > 1e-4
    total = (P * chosen.activation(v) - Q * chosen.conjugate(v))[inside].sum()
    (slope,) = torch.autograd.grad(total, v)
    assert slope.abs().max() < 1e-9


@pytest.mark.parametrize("name", CLOSED)
def test_measured_from_samples(name: str):
    """What a run would plot, by Monte Carlo: within five standard errors of the truth."""
    generator = torch.Generator().manual_seed(7)
    count = 400_000
    real = torch.randn(count, generator=generator, dtype=torch.float64)
    fake = torch.randn(count, generator=generator, dtype=torch.float64) + 1
    objective = build_objective(FDivergence(divergence=name))
    answers = [BEST[name](-x + 0.5) for x in (real, fake)]
    found = objective.measures(*answers)["divergence"].item()
    spread = math.sqrt(
        sum(c.var().item() for c in (objective.real(answers[0]), objective.fake(answers[1]))) / count
    )
    assert found == pytest.approx(CLOSED[name], abs=5 * spread)
    assert -objective.discriminator(*answers).item() == pytest.approx(found)


NAIVE: dict[str, tuple[Callable[[Tensor], Tensor], Callable[[Tensor], Tensor]]] = {  # as the table has it
    "kl": (lambda v: v, lambda t: (t - 1).exp()),
    "reverse-kl": (lambda v: -(-v).exp(), lambda t: -1 - (-t).log()),
    "pearson": (lambda v: v, lambda t: t**2 / 4 + t),
    "squared-hellinger": (lambda v: 1 - (-v).exp(), lambda t: t / (1 - t)),
    "jensen-shannon": (lambda v: math.log(2) - softplus(-v), lambda t: -(2 - t.exp()).log()),
    "gan": (lambda v: -softplus(-v), lambda t: -(1 - t.exp()).log()),
    "total-variation": (lambda v: v.tanh() / 2, lambda t: t),
}


@pytest.mark.parametrize("name", CLOSED)
def test_stable_forms_are_the_tables(name: str):
    v = torch.linspace(-8, 8, 161, dtype=torch.float64)
    activation, conjugate = NAIVE[name]
    assert torch.allclose(DIVERGENCES[name].activation(v), activation(v), rtol=1e-12)
    assert torch.allclose(DIVERGENCES[name].conjugate(v), conjugate(activation(v)), rtol=1e-9)


@pytest.mark.parametrize("name", ["kl", "reverse-kl", "squared-hellinger", "jensen-shannon", "gan"])
def test_the_tables_forms_break_where_the_stable_ones_hold(name: str):
    v = torch.tensor([-120.0, -60.0, 60.0, 120.0])
    activation, conjugate = NAIVE[name]
    naive = torch.stack([activation(v), conjugate(activation(v))])
    stable = torch.stack([DIVERGENCES[name].activation(v), DIVERGENCES[name].conjugate(v)])
    assert not torch.isfinite(naive).all() and torch.isfinite(stable).all()


def test_growth_goes_on_as_a_straight_line():
    v = torch.tensor([19.0, 19.999, 20.001, 25.0, 1000.0], dtype=torch.float64, requires_grad=True)
    for name in ("kl", "squared-hellinger"):
        shift = 1 if name == "kl" else 0
        (slope,) = torch.autograd.grad(DIVERGENCES[name].conjugate(v + shift).sum(), v)
        assert torch.allclose(slope, v.detach().clamp(max=20).exp())


def test_the_generators_two_ways():
    """Minimax lowers what the estimate has of generated samples, the heuristic raises the critic's value."""
    v = torch.tensor([-6.0, 0.0, 2.0], dtype=torch.float64)
    for name, chosen in DIVERGENCES.items():
        minimax = build_objective(FDivergence(divergence=name, generator="minimax"))
        heuristic = build_objective(FDivergence(divergence=name, generator="heuristic"))
        assert torch.equal(minimax.generator(v), -chosen.conjugate(v))
        assert torch.equal(heuristic.generator(v), -chosen.activation(v))
    losing = torch.tensor([-12.0], requires_grad=True)
    slopes = {
        how: torch.autograd.grad(
            build_objective(FDivergence(divergence="gan", generator=how)).generator(losing).sum(), losing
        )[0].item()
        for how in ("minimax", "heuristic")
    }
    assert abs(slopes["minimax"]) < 1e-5 and slopes["heuristic"] == pytest.approx(-1, abs=1e-5)
