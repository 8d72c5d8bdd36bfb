"""The toy distributions against their definitions."""

from __future__ import annotations

import math

import pytest
import torch
from sklearn.datasets import make_moons, make_swiss_roll

from ganstudio.catalog.datasets import DATASETS, Points
from ganstudio.data import LOADERS, GaussianMixture, PointSource, load

NAMES = [name for name, cls in DATASETS.items() if issubclass(cls, Points)]
COUNT = 60_000


def source(name: str) -> PointSource:
    found = load(DATASETS[name]())
    assert isinstance(found, PointSource)
    return found


def draw(name: str, count: int = COUNT, seed: int = 0) -> torch.Tensor:
    return source(name).sample(count, torch.Generator().manual_seed(seed))


def test_every_data_source_of_the_catalogue_has_a_loader():
    assert set(LOADERS) == set(DATASETS)


@pytest.mark.parametrize("name", NAMES)
def test_samples_are_float_points_of_the_declared_dimension(name: str):
    cls = DATASETS[name]
    assert issubclass(cls, Points)
    x = draw(name, 37)
    assert x.dtype == torch.float32
    assert x.shape == (37, cls.dimension) == (37, source(name).dimension)
    assert source(name).shape.size == (cls.dimension,)
    assert source(name).name == name


@pytest.mark.parametrize("name", NAMES)
def test_samples_come_from_the_generator_alone(name: str):
    torch.manual_seed(0)
    first = draw(name, 100, seed=5)
    torch.manual_seed(1)
    assert torch.equal(first, draw(name, 100, seed=5))
    assert not torch.equal(first, draw(name, 100, seed=6))


@pytest.mark.parametrize("name", NAMES)
def test_sampling_leaves_the_global_generator_alone(name: str):
    before = torch.get_rng_state()
    draw(name, 10)
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("name", NAMES)
def test_scale_gives_about_unit_size_and_the_view_holds_the_data(name: str):
    toy = source(name)
    x = draw(name)
    assert 0.75 < (x / toy.scale).square().mean().sqrt() < 1.25
    assert toy.view[0] < x.min() and x.max() < toy.view[1]


@pytest.mark.parametrize("name", ["mixture-3", "mixture-5", "ring", "grid"])
def test_mixture_moments(name: str):
    toy = source(name)
    assert isinstance(toy, GaussianMixture)
    weights = torch.tensor(toy.weights, dtype=torch.float64)
    means, deviations = torch.tensor(toy.means).double(), torch.tensor(toy.deviations).double()
    mean = weights @ means
    variance = weights @ (deviations[:, None].square() + means.square()) - mean.square()
    x = draw(name).double()
    assert weights.sum().item() == pytest.approx(1.0)
    # Five standard errors; the fourth moment is at most that of a two-point distribution at the extremes.
    assert torch.all((x.mean(0) - mean).abs() < 5 * (variance / COUNT).sqrt())
    assert torch.all((x.var(0) - variance).abs() < 5 * x.sub(mean).square().std(0) / math.sqrt(COUNT))


@pytest.mark.parametrize("name", ["mixture-5", "ring", "grid"])
def test_every_mode_has_its_weight_and_width(name: str):
    toy = source(name)
    assert toy.centres is not None and toy.deviation is not None
    x = draw(name)
    distance, nearest = torch.cdist(x, toy.centres).min(1)
    share = torch.bincount(nearest, minlength=len(toy.centres)) / COUNT
    expected = 1 / len(toy.centres)
    assert torch.all((share - expected).abs() < 5 * math.sqrt(expected / COUNT))
    assert distance.square().mean().item() == pytest.approx(
        toy.dimension * toy.deviation[0].item() ** 2, rel=0.05
    )


def test_the_three_gaussians_are_those_of_the_issue():
    toy = source("mixture-3")
    assert toy.centres is not None and toy.deviation is not None
    assert toy.centres.flatten().tolist() == [-2, 0, 3]
    assert toy.deviation.tolist() == pytest.approx([0.5, 0.8, 0.3])
    x = draw("mixture-3").flatten()
    assert (x > 1.8).float().mean().item() == pytest.approx(0.2 + 0.5 * 0.012224, abs=0.01)
    weights = toy.weights if isinstance(toy, GaussianMixture) else ()
    assert weights == (0.3, 0.5, 0.2)


def test_ring_has_eight_modes_and_none_twice():
    centres = source("ring").centres
    assert centres is not None
    assert centres.shape == (8, 2)
    assert torch.allclose(centres.norm(dim=1), torch.full((8,), 2.0))
    gaps = torch.pdist(centres)
    side = 2 * 2 * math.sin(math.pi / 8)
    assert gaps.min().item() == pytest.approx(side, rel=1e-5)
    assert (gaps < side * 1.001).sum() == 8  # a closed, regular octagon


def test_grid_has_twenty_five_modes():
    centres = source("grid").centres
    assert centres is not None
    places = {tuple(c) for c in centres.tolist()}
    assert places == {(x, y) for x in (-4, -2, 0, 2, 4) for y in (-4, -2, 0, 2, 4)}


@pytest.mark.parametrize("name", ["mixture-3", "mixture-5"])
def test_density_on_a_line_integrates_to_one(name: str):
    x = torch.linspace(-10, 10, 20_001, dtype=torch.float64)
    log_p = source(name).log_density(x.unsqueeze(-1))
    assert log_p is not None and log_p.shape == x.shape
    assert torch.trapezoid(log_p.exp(), x).item() == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "half", "cells"), [("ring", 3, 600), ("grid", 5, 400), ("checkerboard", 5, 100)]
)
def test_density_in_the_plane_integrates_to_one(name: str, half: float, cells: int):
    step = 2 * half / cells
    axis = torch.arange(cells) * step - half + step / 2
    plane = torch.cartesian_prod(axis, axis)
    log_p = source(name).log_density(plane)
    assert log_p is not None
    assert (log_p.exp().sum() * step**2).item() == pytest.approx(1.0, rel=1e-3)


@pytest.mark.parametrize("name", ["mixture-3", "mixture-5", "ring", "grid", "checkerboard"])
def test_density_agrees_with_the_samples(name: str):
    """E[log p(x)] over samples is minus the entropy; a shifted or doubled mode would change it."""
    toy = source(name)
    log_p = toy.log_density(draw(name))
    assert log_p is not None and torch.isfinite(log_p).all()
    modes = {"ring": 8, "grid": 25, "mixture-5": 5}
    if name in modes:  # well separated modes: entropy is log K plus that of one Gaussian
        assert toy.deviation is not None
        one = toy.dimension * (0.5 * math.log(2 * math.pi * math.e) + math.log(toy.deviation[0].item()))
        assert -log_p.mean().item() == pytest.approx(math.log(modes[name]) + one, abs=0.02)
    elif name == "checkerboard":
        assert log_p.unique().tolist() == pytest.approx([-math.log(32)])
    else:
        x = torch.linspace(-8, 8, 16_001, dtype=torch.float64)
        exact = toy.log_density(x.unsqueeze(-1))
        assert exact is not None
        assert log_p.mean().item() == pytest.approx(torch.trapezoid(exact * exact.exp(), x).item(), abs=0.02)


@pytest.mark.parametrize("name", ["spiral", "moons", "swiss-roll"])
def test_an_unknown_density_is_not_invented(name: str):
    assert source(name).log_density(torch.zeros(3, 2)) is None
    assert source(name).centres is None and source(name).deviation is None


def test_checkerboard_fills_eight_fields_evenly():
    x = draw("checkerboard")
    field = ((x + 4) / 2).floor().long()
    assert torch.all((field >= 0) & (field <= 3))
    assert torch.all(field.sum(1) % 2 == 0)
    share = torch.bincount(field[:, 0] * 4 + field[:, 1], minlength=16) / COUNT
    assert (share > 0).sum() == 8
    assert torch.all((share[share > 0] - 1 / 8).abs() < 5 * math.sqrt(1 / 8 / COUNT))
    assert source("checkerboard").log_density(torch.tensor([[-3.0, -1.0], [9.0, 9.0]])).exp().tolist() == [
        0,
        0,
    ]


def test_spiral_lies_on_its_arm():
    x = draw("spiral")
    radius = x.norm(dim=1)
    assert radius.square().mean().item() == pytest.approx(math.pi**2 / 2 + 2 * 0.1**2, rel=0.02)
    far = x[radius > 1]
    r = far.norm(dim=1)
    on_arm = torch.stack([-(3 * r).cos(), (3 * r).sin()], 1) * r.unsqueeze(1)
    # Noise across the arm turns into a shift along the angle of 3 per unit of radius; it stays near.
    assert (far - on_arm).norm(dim=1).median() < 0.6


def test_moons_agree_with_scikit_learn():
    theirs = torch.from_numpy(make_moons(COUNT, noise=0.05, random_state=0)[0])
    _same_distribution(draw("moons"), theirs)


def test_swiss_roll_agrees_with_scikit_learn():
    theirs = torch.from_numpy(make_swiss_roll(COUNT, noise=0.25, random_state=0)[0][:, [0, 2]])
    _same_distribution(draw("swiss-roll"), theirs)
    assert source("swiss-roll").scale == 7.5


def _same_distribution(ours: torch.Tensor, theirs: torch.Tensor) -> None:
    size = theirs.std(0).max()
    assert torch.all((ours.mean(0) - theirs.mean(0)).abs() < 0.03 * size)
    assert torch.all((torch.cov(ours.T.double()) - torch.cov(theirs.T)).abs() < 0.03 * size**2)
    for axis in range(2):
        levels = torch.linspace(0.02, 0.98, 49, dtype=torch.float64)
        gap = ours[:, axis].double().quantile(levels) - theirs[:, axis].quantile(levels)
        assert gap.abs().max() < 0.06 * size
