"""The Frechet distance: closed forms, hard cases, and the same number as torch-fidelity and torchmetrics."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from ganstudio.metrics.figures import MetricError
from ganstudio.metrics.frechet import (
    Moments,
    _factor,  # pyright: ignore[reportPrivateUsage]
    _shared,  # pyright: ignore[reportPrivateUsage]
    frechet,
    frechet_distance,
    frechet_figure,
    influences,
    moments,
)


def normal(count: int, width: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(count, width, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def white(count: int, width: int, seed: int = 0) -> torch.Tensor:
    """Samples whose mean is exactly 0 and whose covariance is exactly the unit matrix."""
    x = normal(count, width, seed)
    x = x - x.mean(0)
    return x @ torch.linalg.inv(torch.linalg.cholesky(torch.cov(x.T))).T


# ---------------------------------------------------------------- moments


@given(st.lists(st.integers(1, 30), min_size=1, max_size=6), st.integers(0, 99))
@settings(max_examples=30)
def test_moments_of_parts_merge_to_those_of_the_whole(sizes: list[int], seed: int):
    x = normal(sum(sizes), 3, seed) + 1e4
    parts = [moments(part) for part in x.split(sizes)]
    whole = parts[0]
    for part in parts[1:]:
        whole = whole + part
    direct = moments(x)
    assert whole.count == direct.count
    assert torch.allclose(whole.mean, direct.mean, rtol=1e-13)
    assert torch.allclose(whole.scatter, direct.scatter, rtol=1e-9, atol=1e-7)


def test_a_mean_far_from_zero_costs_no_digits():
    x = normal(2000, 2)
    found = moments((x + 1e7).float().double())
    assert torch.allclose(found.covariance, torch.cov((x + 1e7).float().double().T), rtol=1e-8)


# ---------------------------------------------------------------- closed forms


def test_diagonal_gaussians():
    x = white(4000, 3)
    scale, shift = torch.tensor([1.0, 2.0, 0.5]).double(), torch.tensor([1.0, 0.0, -2.0]).double()
    wanted = shift.square().sum() + (scale - 1).square().sum()
    assert frechet(x, x * scale + shift) == pytest.approx(wanted.item(), rel=1e-10)


def test_equal_covariances_in_2048_dimensions():
    unit = torch.eye(2048, dtype=torch.float64)
    zero, one = torch.zeros(2048).double(), torch.ones(2048).double()
    found = frechet_distance(Moments(2, zero, unit), Moments(2, one, unit))
    assert found == pytest.approx(2048, rel=1e-9)


def test_covariances_that_do_not_commute():
    from scipy.linalg import sqrtm

    a, b = normal(300, 5, 1) @ normal(5, 5, 2), normal(300, 5, 3) @ normal(5, 5, 4)
    first, second = torch.cov(a.T).numpy(), torch.cov(b.T).numpy()
    wanted = np.square(a.mean(0).numpy() - b.mean(0).numpy()).sum() + np.trace(
        first + second - 2 * sqrtm(first @ second).real
    )
    assert frechet(a, b) == pytest.approx(wanted, rel=1e-10)


# ---------------------------------------------------------------- hard cases


@pytest.mark.parametrize("count", [2, 3, 50, 64, 500])
@pytest.mark.parametrize("sharp", [0, 512])
def test_a_set_against_itself(count: int, sharp: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ganstudio.metrics.frechet.SHARP", sharp)
    x = normal(count, 64)
    assert 0 <= frechet(x, x) < (1e-10 if sharp else 1e-7)


@pytest.mark.parametrize(("count", "other"), [(3000, 2500), (40, 3000), (3000, 40), (40, 30)])
def test_many_features_are_measured_as_sharply_as_few(
    count: int, other: int, monkeypatch: pytest.MonkeyPatch
):
    falling = torch.logspace(0, -4, 96, dtype=torch.float64)
    a, b = normal(count, 96, 1) * falling, normal(other, 96, 2) * falling + 0.01
    wanted = frechet(a, b)
    monkeypatch.setattr("ganstudio.metrics.frechet.SHARP", 0)
    assert frechet(a, b) == pytest.approx(wanted, rel=1e-8)


def test_two_samples_in_many_dimensions():
    a, b = normal(2, 512, 1), normal(2, 512, 2)
    first, second = (a[0] - a[1]) / math.sqrt(2), (b[0] - b[1]) / math.sqrt(2)
    wanted = (a.mean(0) - b.mean(0)).square().sum() + first.square().sum() + second.square().sum()
    wanted -= 2 * (first @ second).abs()
    assert frechet(a, b) == pytest.approx(wanted.item(), rel=1e-10)


def test_singular_covariances_give_what_the_plane_gives_in_which_they_lie():
    turn = torch.linalg.qr(normal(256, 256, 9)).Q[:3]
    a, b = normal(1000, 3, 1), normal(1000, 3, 2) * 2 + 1
    assert frechet(a @ turn, b @ turn) == pytest.approx(frechet(a, b), rel=1e-9)


def test_constant_sets():
    a, b = torch.zeros(10, 8), torch.ones(10, 8)
    assert frechet(a, a) == 0
    assert frechet(a, b) == 8
    assert frechet(a, normal(500, 8)) > 0
    assert frechet_figure(a.repeat(3, 1), b).spread == 0
    assert frechet_figure(a.repeat(3, 1), normal(500, 8)).spread == pytest.approx(0, abs=1e-9)
    assert frechet_figure(normal(500, 8), b).spread > 0


@given(st.integers(2, 40), st.integers(2, 40), st.integers(1, 24), st.integers(0, 10**6))
@settings(max_examples=40)
def test_never_negative_never_complex_and_symmetric(n: int, m: int, width: int, seed: int):
    a, b = normal(n, width, seed), normal(m, width, seed + 1)
    one, other = frechet(a, b), frechet(b, a)
    assert isinstance(one, float) and math.isfinite(one) and one >= 0
    assert one == pytest.approx(other, rel=1e-9, abs=1e-10)


@pytest.mark.parametrize(
    ("first", "second", "problem"),
    [
        (torch.zeros(1, 4), torch.zeros(5, 4), "only 1 sample"),
        (torch.zeros(5, 4), torch.zeros(5, 3), "4 and 3 features"),
        (torch.full((5, 4), torch.nan), torch.zeros(5, 4), "not finite"),
        (torch.zeros(5), torch.zeros(5, 3), "the shape (5,)"),
    ],
)
def test_what_cannot_be_measured_is_told(first: torch.Tensor, second: torch.Tensor, problem: str):
    with pytest.raises(MetricError) as caught:
        frechet(first, second)
    assert problem in str(caught.value)


# ---------------------------------------------------------------- spread


FALLING = torch.logspace(0, -4, 64, dtype=torch.float64)
CASES: dict[str, tuple[int, int, Callable[[torch.Tensor], torch.Tensor], torch.Tensor]] = {
    "wider": (400, 4, lambda x: x * 1.2, torch.ones(4)),
    "shifted": (400, 4, lambda x: x + 0.3, torch.ones(4)),
    "falling variances": (600, 64, lambda x: x * FALLING * 1.1, FALLING),
    "fewer samples than features": (50, 64, lambda x: x * 1.3, torch.ones(64)),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("sharp", [0, 512])
def test_the_standard_error_is_that_of_fresh_samples(case: str, sharp: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ganstudio.metrics.frechet.SHARP", sharp)
    count, width, change, scale = CASES[case]
    real = normal(4000, width, 999) * scale
    fresh = [frechet(change(normal(count, width, seed)), real) for seed in range(60)]
    told = [frechet_figure(change(normal(count, width, seed)), real) for seed in range(8)]
    assert told[0].value == pytest.approx(fresh[0], rel=1e-9 if sharp else 1e-6)
    assert told[0].low < told[0].value < told[0].high
    assert np.mean([figure.spread for figure in told]) == pytest.approx(np.std(fresh), rel=0.4)


def test_the_standard_error_is_about_that_of_a_bootstrap():
    made, real = normal(500, 4, 1) * 1.3 + 0.2, normal(3000, 4, 2)
    choice = torch.Generator().manual_seed(0)
    found = [frechet(made[torch.randint(500, (500,), generator=choice)], real) for _ in range(200)]
    assert frechet_figure(made, real).spread == pytest.approx(np.std(found), rel=0.2)


@pytest.mark.parametrize("width", [3, 40])
def test_influences_are_derivatives(width: int):
    made, real = normal(300, width, 1) * 1.3 + 0.2, normal(400, width, 2)
    first, second = moments(made), moments(real)
    matrix = (left := _factor(first)).T @ (right := _factor(second))
    found = influences(made, first, second, _shared(matrix, left, right)[1])
    share, wanted = 1e-7, []
    for x in made[:4]:  # a little weight on one sample moves mean and covariance
        d = x - first.mean
        covariance = (1 - share) * first.covariance + share * (1 - share) * torch.outer(d, d)
        moved = Moments(first.count, first.mean + share * d, covariance * (first.count - 1))
        wanted.append((frechet_distance(moved, second) - frechet_distance(first, second)) / share)
    off = found[:4] - torch.tensor(wanted)
    assert torch.allclose(off, off[:1].expand(4), atol=5e-4)  # up to a constant
    assert found[:4].std() > 1


def test_few_samples_have_no_spread_and_say_so():
    found = frechet_figure(normal(4, 3, 1), normal(9, 3, 2))
    assert math.isnan(found.spread) and "too few" in found.how


# ---------------------------------------------------------------- peers


@pytest.mark.parametrize("sharp", [0, 512])
def test_agrees_with_torch_fidelity(sharp: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ganstudio.metrics.frechet.SHARP", sharp)
    from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric

    a, b = normal(3000, 96, 1).abs() + 0.3, normal(2500, 96, 2).exp()
    theirs = fid_statistics_to_metric(fid_features_to_statistics(a), fid_features_to_statistics(b), False)
    assert frechet(a, b) == pytest.approx(theirs["frechet_inception_distance"], rel=1e-9)


def test_agrees_with_torchmetrics():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from torchmetrics.image.fid import FrechetInceptionDistance

        peer = FrechetInceptionDistance(feature=Same(48), normalize=True)
        peer.set_dtype(torch.float64)
    a, b = normal(900, 48, 1), normal(800, 48, 2) * 1.5 + 0.2
    peer.update(a, real=True)
    peer.update(b, real=False)
    assert frechet(a, b) == pytest.approx(peer.compute().item(), rel=1e-6)


class Same(torch.nn.Module):
    """A feature network that gives back what it gets."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.num_features = width

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x
