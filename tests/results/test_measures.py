"""The measures of the result scripts against known answers."""

from __future__ import annotations

import math

import pytest
import torch
from support.measures import coverage, frechet

from ganstudio.catalog.datasets import DATASETS
from ganstudio.data import load


def ring():
    return load(DATASETS["ring"]())


@pytest.mark.parametrize("modes", [1, 3, 8])
def test_samples_exactly_on_some_centres(modes: int):
    found = coverage(ring().centres[:modes].repeat(50, 1), ring())
    assert (found.modes, found.good) == (modes, 1.0)
    assert found.reverse_kl == pytest.approx(math.log(8 / modes), abs=1e-12)


def test_samples_four_deviations_away_are_not_good():
    found = coverage(ring().centres * (1 + 4 * 0.02 / 2), ring())
    assert (found.modes, found.good) == (0, 0.0)


def test_real_samples_cover_everything():
    points = ring().sample(4000, torch.Generator().manual_seed(0))
    found = coverage(points, ring())
    assert found.modes == 8 and found.good > 0.98 and found.reverse_kl < 0.01


def test_distance_of_diagonal_gaussians():
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(4000, 3, generator=generator, dtype=torch.float64)
    x = (x - x.mean(0)) @ torch.linalg.inv(torch.linalg.cholesky(torch.cov(x.T))).T  # exactly white
    scale, shift = torch.tensor([1.0, 2.0, 0.5]).double(), torch.tensor([1.0, 0.0, -2.0]).double()
    assert frechet(x, x) == pytest.approx(0, abs=1e-9)
    wanted = 5 + ((scale - 1) ** 2).sum().item()
    assert frechet(x, x * scale + shift) == pytest.approx(wanted, rel=1e-9)


def test_few_samples_give_a_real_number():
    generator = torch.Generator().manual_seed(1)
    few, many = torch.randn(5, 64, generator=generator), torch.randn(500, 64, generator=generator)
    assert 0 < frechet(few, many) < 1e4
