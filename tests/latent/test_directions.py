"""Directions: known factorisations and components, planted attributes, cancelling, the library's files."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.core.explore.recipe import Direction, Move, Recipe, Seed
from ganstudio.latent import components
from ganstudio.latent.components import Samples, pca
from ganstudio.latent.directions import factorized, first_steps, sefa, style_steps
from ganstudio.latent.errors import ExploreError, Stopped
from ganstudio.latent.learning import apart, learned, orthogonal, separated
from ganstudio.latent.rendering import latent_of, values


def matrix(directions) -> torch.Tensor:
    return torch.tensor([direction.vector for direction in directions])


# ---------------------------------------------------------------- SeFa


def test_a_factorisation_of_known_rows():
    # Rows of length one along x (three times) and y (once): A'A is diagonal with 3 and 1.
    values, vectors = factorized(torch.tensor([[5.0, 0.0], [1.0, 0.0], [-2.0, 0.0], [0.0, 7.0]]))
    assert values.tolist() == pytest.approx([3.0, 1.0])
    assert vectors.abs().tolist() == [[1.0, 0.0], [0.0, 1.0]]


@given(st.integers(0, 1000))
def test_no_other_direction_is_stretched_more_than_the_first(seed: int):
    random = torch.Generator().manual_seed(seed)
    a = torch.randn(12, 5, generator=random, dtype=torch.float64)
    rows = a / a.norm(dim=1, keepdim=True)
    values, vectors = factorized(a)
    assert (values[:-1] >= values[1:]).all()
    assert float((rows @ vectors[0]).square().sum()) == pytest.approx(float(values[0]))
    other = torch.nn.functional.normalize(torch.randn(5, generator=random, dtype=torch.float64), dim=0)
    assert float((rows @ other).square().sum()) <= float(values[0]) + 1e-9


def test_sefa_of_a_transposed_convolution_and_of_a_linear_layer(families):
    weight = families("dcgan").net.layers[0].weight  # (latent, channels, 4, 4)
    (found,) = first_steps(families("dcgan"))
    assert torch.allclose(found, weight.flatten(1).T, atol=1e-4)
    (found,) = first_steps(families("mlp"))
    assert torch.allclose(found, families("mlp").net.layers[0].weight, atol=1e-4)


def test_a_label_beside_z_is_no_part_of_the_directions(families):
    (found,) = first_steps(families("dcgan-classes"))
    weight = families("dcgan-classes").net.layers[0].weight
    assert torch.allclose(found, weight[:8].flatten(1).T, atol=1e-4)
    assert found.shape[1] == 8


def test_every_layer_that_takes_a_part_of_z_counts(families):
    model = families("biggan")
    steps = first_steps(model)
    assert torch.cat(steps).norm(dim=0).min() > 0  # no number of z is left out
    assert torch.allclose(steps[0][:, :5], model.net.first.weight, atol=1e-4)
    assert (steps[0][:, 5:] == 0).all()


def test_a_latent_that_is_scaled_first_is_found(families):
    (found,) = first_steps(families("progan"))
    seed = families("progan").net.first[1]
    assert torch.allclose(found, seed.weight * seed.scale, atol=1e-3)
    assert first_steps(families("crowd"))[0].abs().max() > 0


@pytest.mark.parametrize("name", ["stylegan", "stylegan2", "stylegan3"])
def test_with_styles_the_chosen_rows_are_factorised(families, name: str):
    model = families(name)
    rows = len(model.styled.style_rows)
    steps = [style_steps(model, (row, row)) for row in range(rows)]
    assert all(steps)
    assert len(style_steps(model)) == sum(len(step) for step in steps)
    coarse, fine = sefa(model, 3, (0, 1)), sefa(model, 3, (rows - 1, rows - 1))
    assert coarse[0].space == "w" and coarse[0].vector != fine[0].vector


def test_directions_are_unit_vectors_sorted_by_share(model):
    found = sefa(model, 4)
    vectors, shares = matrix(found), [direction.score for direction in found]
    assert torch.allclose(vectors @ vectors.T, torch.eye(len(found)), atol=1e-4)
    assert shares == sorted(shares, reverse=True) and 0 < sum(shares) <= 1.0001
    assert all(direction.origin == "sefa" and direction.sigma > 0 for direction in found)
    moved = values(model, Recipe(Seed(1), moves=(Move(found[0], 2.0),)))
    assert not torch.equal(moved, values(model, Recipe(Seed(1))))


def test_the_unit_of_a_slider_is_the_spread_of_the_prior(families):
    assert sefa(families("dcgan"), 1)[0].sigma == 1.0
    assert sefa(families("points"), 1)[0].sigma == pytest.approx(1 / sqrt(3))
    model = families("stylegan")
    direction = sefa(model, 1)[0]
    ws = torch.stack([latent_of(model, Recipe(Seed(s)))[0] for s in range(400)])
    assert float((ws @ torch.tensor(direction.vector)).std()) == pytest.approx(direction.sigma, rel=0.15)


# ---------------------------------------------------------------- components


def planted(width: int, count: int = 3000) -> tuple[Samples, torch.Tensor]:
    """Samples whose first three components are known: deviations 8, 4, 2 along z, little noise elsewhere."""
    random = torch.Generator().manual_seed(1)
    axes = torch.linalg.qr(torch.randn(width, 3, generator=random))[0].T
    z = torch.randn(count, 3, generator=random)
    x = (
        z @ (axes * torch.tensor([8.0, 4.0, 2.0])[:, None])
        + 0.1 * torch.randn(count, width, generator=random)
        + 5
    )
    return Samples(lambda first, n: (x[first : first + n], z[first : first + n]), count), axes


@pytest.mark.parametrize("width", [20, components.EXACT_WIDTH + 1])
def test_components_of_known_samples(width: int):
    source, axes = planted(width)
    found = components.components(source, 3)
    assert (found.vectors * axes).sum(1).abs().tolist() == pytest.approx([1, 1, 1], abs=1e-2)
    assert found.variances.sqrt().tolist() == pytest.approx([8, 4, 2], rel=0.05)
    assert found.total == pytest.approx(64 + 16 + 4 + 0.01 * width, rel=0.05)
    # Each component is one number of z: its coordinate is that number, and no other.
    assert torch.allclose(found.back.abs(), torch.eye(3), atol=0.05)


def test_wide_and_narrow_ways_find_the_same(monkeypatch):
    narrow = components.components(planted(64)[0], 3)
    monkeypatch.setattr(components, "EXACT_WIDTH", 8)
    wide = components.components(planted(64)[0], 3)
    assert (narrow.vectors * wide.vectors).sum(1).abs().tolist() == pytest.approx([1, 1, 1], abs=1e-3)
    assert torch.allclose(narrow.variances, wide.variances, rtol=1e-3)


def test_components_of_w_are_those_of_its_covariance(families):
    model = families("stylegan2")
    found = pca(model, 2, samples=2000)
    ws = torch.cat([model.styled.map(*model.drawn(k, 500))[:, 0] for k in range(0, 2000, 500)]).numpy()
    _, _, vectors = np.linalg.svd(ws - ws.mean(0))
    assert abs(float(np.dot(vectors[0], found[0].vector))) == pytest.approx(1, abs=1e-3)
    assert found[0].space == "w" and found[0].score > found[1].score


@pytest.mark.parametrize("name", ["mlp", "dcgan", "biggan", "r3gan", "codes", "apart", "points"])
def test_components_of_activations_lead_back_to_z(families, name: str):
    model = families(name)
    found = pca(model, 3, samples=600)
    vectors = matrix(found)
    assert vectors.shape == (3, model.latent.dimension)
    assert torch.allclose(vectors.norm(dim=1), torch.ones(3), atol=1e-5)
    assert found[0].score >= found[1].score >= found[2].score > 0
    moved = values(model, Recipe(Seed(1), moves=(Move(found[0], 2.0),)))
    assert not torch.equal(moved, values(model, Recipe(Seed(1))))


def test_components_can_be_cancelled_and_tell_how_far_they_are(families):
    told: list[float] = []
    with pytest.raises(Stopped):
        pca(families("dcgan"), stop=lambda: len(told) >= 3, progress=told.append)
    assert len(told) == 3
    pca(families("dcgan"), samples=1500, progress=told.append)
    assert told[3:] == sorted(told[3:]) and told[-1] < 1
    with pytest.raises(ExploreError, match="no layer 9"):
        pca(families("dcgan"), layer=8)


# ---------------------------------------------------------------- learned ones


def marked(model, along: torch.Tensor, count: int = 12) -> tuple[list[Recipe], list[Recipe]]:
    """Samples by the sign of their latent along a vector."""
    sides: tuple[list[Recipe], list[Recipe]] = ([], [])
    for seed in range(400):
        recipe = Recipe(Seed(seed))
        side = sides[int(float(latent_of(model, recipe).mean(0) @ along) < 0)]
        if len(side) < count:
            side.append(recipe)
    return sides


@pytest.mark.parametrize("name", ["dcgan", "stylegan"])
def test_a_planted_attribute_is_learned(families, name: str):
    model = families(name)
    width = 6 if name == "stylegan" else 8
    along = torch.zeros(width)
    along[2] = 1.0
    if name == "stylegan":
        ws = torch.cat([latent_of(model, Recipe(Seed(s)))[:1] for s in range(200)])
        along = torch.linalg.svd(ws - ws.mean(0))[2][0]
        pairs = sorted(((float(w @ along), s) for s, w in enumerate(ws)), reverse=True)
        plus = [Recipe(Seed(s)) for _, s in pairs[:40]]
        minus = [Recipe(Seed(s)) for _, s in pairs[-40:]]
    else:
        plus, minus = marked(model, along, 60)
    found = learned(model, "attribute", plus, minus)
    assert float(torch.tensor(found.direction.vector) @ along) > 0.8
    assert found.held_out > 0.8
    assert found.direction.origin == "learned" and found.direction.score == found.held_out


def test_marks_without_meaning_are_not_told_apart():
    random = np.random.default_rng(0)
    _, score = separated(random.normal(size=(200, 4)), random.integers(0, 2, 200))
    assert 0.35 < score < 0.65


def test_too_few_or_equal_samples_are_refused(families):
    model = families("dcgan")
    with pytest.raises(ExploreError, match="2 samples with plus and 2 with minus"):
        learned(model, "x", [Recipe()], [Recipe(), Recipe()])
    with pytest.raises(ExploreError, match="nothing tells them apart"):
        learned(model, "x", [Recipe()] * 2, [Recipe()] * 2)
    least = learned(model, "x", [Recipe(Seed(0)), Recipe(Seed(1))], [Recipe(Seed(2)), Recipe(Seed(3))])
    assert np.linalg.norm(least.direction.vector) == pytest.approx(1)


def test_a_direction_leaves_others_alone(families):
    model = families("dcgan")
    others = sefa(model, 2)
    plus, minus = marked(model, torch.ones(8))
    found = learned(model, "x", plus, minus, others).direction
    assert (matrix(others) @ torch.tensor(found.vector)).abs().max() < 1e-5
    again = apart(Direction("y", "z", (1.0,) * 8), others)
    assert (matrix(others) @ torch.tensor(again.vector)).abs().max() < 1e-5 and again.origin == "orthogonal"
    with pytest.raises(ExploreError, match="nothing is left"):
        orthogonal(np.array(others[0].vector), others, "z")
    with pytest.raises(ExploreError, match="another space"):
        orthogonal(np.ones(8), [Direction("w", "w", (1.0,) * 8)], "z")


def test_directions_that_are_not_at_right_angles_are_all_left_alone():
    others = [Direction("a", "z", (1.0, 0.0, 0.0)), Direction("b", "z", (0.6, 0.8, 0.0))]
    assert orthogonal(np.array([1.0, 2.0, 3.0]), others, "z") == pytest.approx([0, 0, 1])
