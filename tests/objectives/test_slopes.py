"""Penalties as formulas: known values that the errors of published copies miss."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from ganstudio.objectives.penalties import (
    around,
    between,
    distance_from,
    gradients,
    orthogonality,
    pulling_away,
    r1,
    r2,
)

A = torch.tensor([[2.0, 1.0], [1.0, 3.0]], dtype=torch.float64)
POINTS = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, -1.0]], dtype=torch.float64)


def pixels(x: Tensor) -> Tensor:
    return x.flatten(1).sum(1)


def wgan_gp(x: Tensor, logits: Tensor) -> float:
    return distance_from(gradients(logits, x), 1.0, one_sided=False).item()


@pytest.mark.parametrize("shape", [(1, 1, 1, 1), (4, 1, 4, 4), (5, 3, 8, 8), (3, 2, 4, 6), (7, 2)])
def test_the_norm_is_over_all_numbers_of_one_sample(shape: tuple[int, ...]):
    """(sqrt(n) - 1)^2: neither over one axis, nor over the whole batch, which give other numbers."""
    x = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
    per_sample = math.prod(shape[1:])
    assert wgan_gp(x, pixels(x)) == pytest.approx((math.sqrt(per_sample) - 1) ** 2)
    gradient = torch.ones(shape, dtype=torch.float64)
    whole_batch = (gradient.norm().item() - 1) ** 2
    if shape[0] > 1:
        assert wgan_gp(x, pixels(x)) != pytest.approx(whole_batch)
    if len(shape) == 4 and shape[2] > 1:
        one_axis = (gradient.norm(dim=1) - 1).square().mean().item()
        assert wgan_gp(x, pixels(x)) != pytest.approx(one_axis)


def test_samples_are_judged_one_by_one():
    """Slopes 3 and 1 have penalty 2, whatever their mean or their common norm says."""
    x = torch.zeros(2, 1, dtype=torch.float64, requires_grad=True)
    assert wgan_gp(x, (x * torch.tensor([[3.0], [1.0]])).flatten()) == pytest.approx((4 + 0) / 2)


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=5))
def test_a_direction_of_length_one_costs_nothing(values: list[float]):
    weight = torch.tensor([*values, 1.0], dtype=torch.float64)
    weight = weight / weight.norm()
    x = torch.randn(6, len(weight), dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    x.requires_grad_()
    assert wgan_gp(x, x @ weight) == pytest.approx(0, abs=1e-18)


@pytest.mark.parametrize(
    ("slope", "both", "one", "flat"), [(0.25, 0.5625, 0, 0.0625), (1, 0, 0, 1), (3, 4, 4, 9)]
)
def test_sides_and_centres(slope: float, both: float, one: float, flat: float):
    gradient = torch.tensor([[slope, 0.0], [0.0, -slope]], dtype=torch.float64)
    assert distance_from(gradient, 1.0, one_sided=False).item() == pytest.approx(both)
    assert distance_from(gradient, 1.0, one_sided=True).item() == pytest.approx(one)
    for side in (True, False):
        assert distance_from(gradient, 0.0, one_sided=side).item() == pytest.approx(flat)


def test_flat_ground_has_a_gradient_to_learn_from():
    """The slope of a norm at 0 must not be NaN."""
    weight = torch.zeros(3, requires_grad=True)
    x = torch.ones(2, 3, requires_grad=True)
    for centre in (0.0, 1.0):
        penalty = distance_from(gradients(x @ weight, x), centre, one_sided=False)
        (slope,) = torch.autograd.grad(penalty, weight)
        assert penalty.item() == centre and torch.isfinite(slope).all()


def test_one_share_for_each_sample_and_not_for_each_pixel():
    real, fake = torch.ones(5, 2, 3, 3), torch.zeros(5, 2, 3, 3)
    share = torch.tensor([0.0, 0.25, 0.5, 0.75, 1.0])
    assert torch.equal(between(real, fake, share), share.view(5, 1, 1, 1).expand(5, 2, 3, 3))
    points = between(torch.ones(5, 2), torch.zeros(5, 2), share)
    assert torch.equal(points, share[:, None].expand(5, 2))


def test_the_cloud_around_the_data_has_half_its_deviation():
    real = torch.randn(6, 1, 4, 4, generator=torch.Generator().manual_seed(1))
    noise, share = torch.full_like(real, 0.5), torch.linspace(0, 1, 6)
    wanted = real + (share * 0.5 * real.std(correction=0) * 0.5).view(6, 1, 1, 1)
    assert torch.allclose(around(real, noise, share), wanted)


def test_r1_and_r2_have_one_half_and_are_the_same_formula_elsewhere():
    for penalty in (r1, r2):
        x = POINTS.clone().requires_grad_()
        assert penalty((x @ A * x).sum(1) / 2, x, 10).item() == pytest.approx(100 / 3, abs=1e-12)


def test_the_penalty_is_computed_in_float32_also_beside_half_precision():
    x = torch.randn(64, 33, requires_grad=True)
    layer = torch.nn.Linear(33, 1)
    with torch.autocast("cpu", torch.bfloat16):
        logits = layer(x).flatten()
        assert logits.dtype == torch.bfloat16
        found = r1(logits, x, 2.0)
    assert found.dtype == torch.float32
    assert found.item() == pytest.approx(layer.weight.square().sum().item(), rel=1e-2)


# ---------------------------------------------------------------- weights and features


def test_only_what_is_off_the_diagonal_counts():
    weight = torch.tensor([[3.0, 0.0], [0.0, 5.0]], dtype=torch.float64)
    assert orthogonality([weight]).item() == 0
    slanted = torch.tensor([[1.0, 2.0], [3.0, 4.0]], dtype=torch.float64)
    assert orthogonality([slanted]).item() == 2 * 11**2
    assert orthogonality([slanted, slanted]).item() == 4 * 11**2
    assert orthogonality([torch.ones(1, 9)]).item() == 0 and orthogonality([]).item() == 0


def test_its_gradient_is_the_whole_one():
    """4 (W W' * (1 - I)) W; the published hand-written gradient is half of it."""
    weight = torch.randn(4, 6, generator=torch.Generator().manual_seed(2)).requires_grad_()
    (found,) = torch.autograd.grad(orthogonality([weight]), weight)
    w = weight.detach()
    assert torch.allclose(found, 4 * (w @ w.T * (1 - torch.eye(4))) @ w, rtol=1e-4)


def test_pulling_away_is_a_mean_over_pairs():
    basis = torch.eye(4)
    assert pulling_away(basis).item() == 0
    assert pulling_away(torch.ones(5, 3)).item() == pytest.approx(1)
    assert pulling_away(torch.tensor([[1.0, 0.0], [-7.0, 0.0]])).item() == pytest.approx(1)
    half = torch.tensor([[1.0, 0.0], [1.0, 1.0]])
    assert pulling_away(half).item() == pytest.approx(0.5)
    assert pulling_away(torch.ones(1, 3)).item() == 0


@given(scale=st.floats(0.01, 100), seed=st.integers(0, 99))
def test_pulling_away_knows_directions_only(scale: float, seed: int):
    features: Any = torch.randn(5, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    found = pulling_away(features).item()
    assert 0 <= found <= 1
    assert pulling_away(features * scale).item() == pytest.approx(found)
