"""Inversion: a picture that a generator made is found again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from support.explored import stored
from support.tiny import IMAGES, trained

from ganstudio.catalog.resolve import merge, resolve
from ganstudio.core.explore.recipe import Recipe, Seed
from ganstudio.core.shapes import DataShape
from ganstudio.latent import inversion
from ganstudio.latent.errors import ExploreError
from ganstudio.latent.inversion import fitted, invert, psnr
from ganstudio.latent.model import Explorer, opened
from ganstudio.latent.rendering import images

DIGITS = resolve(
    merge(
        IMAGES,
        {
            "data": {"resolution": 16},
            "batch_size": 32,
            "latent": {"dimension": 16},
            "generator": {"base_channels": 8},
            "discriminator": {"base_channels": 8},
        },
    )
)


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Explorer:
    """A DCGAN that has learned a little of digits."""
    return opened(stored(trained(DIGITS, 120), tmp_path_factory.mktemp("digits") / "run"))


def test_a_generated_picture_is_found_again(digits):
    for seed in (1000, 1001):
        target = images(digits, [Recipe(Seed(seed))])[0]
        told = list(invert(digits, target, steps=80, restarts=2))
        assert told[-1].done and not any(one.done for one in told[:-1])
        assert told[-1].psnr > 30 and told[-1].psnr > told[0].psnr + 5
        assert [one.psnr for one in told] == sorted(one.psnr for one in told)
        assert np.array_equal(images(digits, [told[-1].recipe])[0], told[-1].image)
        assert told[-1].psnr == psnr(told[-1].image, target)


def test_the_length_of_what_is_found_is_that_of_samples(digits):
    random = np.random.default_rng(0).integers(0, 256, (16, 16, 1), np.uint8)
    *_, last = invert(digits, random, steps=60, restarts=2)
    z = torch.tensor(last.recipe.place.rows)
    assert 0.5 < float(z.square().mean()) < 2.0


def test_the_first_picture_comes_before_the_search(digits):
    search = invert(digits, np.zeros((16, 16, 1), np.uint8), steps=10_000)
    first = next(search)  # and not ten thousand steps later
    assert first.step == 0 and not first.done and first.image.shape == (16, 16, 1)
    search.close()


def test_a_search_ends_when_it_is_told_to(digits):
    told = list(invert(digits, np.zeros((16, 16, 1), np.uint8), stop=lambda: True))
    assert len(told) == 1 and not told[0].done


@pytest.mark.parametrize("space", ["z", "w", "w+"])
def test_every_space_of_a_network_with_styles_is_searched(families, space: str):
    model = families("stylegan")
    target = images(model, [Recipe(Seed(77))])[0]
    told = list(invert(model, target, space, steps=40, restarts=2))
    rows = told[-1].recipe.place.rows
    assert len(rows) == (4 if space == "w+" else 1)
    assert told[-1].recipe.place.space == ("z" if space == "z" else "w")
    assert told[-1].psnr >= told[0].psnr
    assert np.array_equal(images(model, [told[-1].recipe])[0], told[-1].image)


@pytest.mark.parametrize(
    "name", ["mlp", "biggan", "codes", "dcgan-classes", "crowd", "pac", "compared", "progan"]
)
def test_every_family_is_searched(families, name: str):
    model = families(name)
    target = images(model, [Recipe(Seed(77))])[0]
    told = list(invert(model, target, steps=20, restarts=2))
    assert [one.step for one in told] == [0, 10, 20]
    assert np.array_equal(images(model, [told[-1].recipe])[0], told[-1].image)
    assert bool(told[-1].recipe.labels) is bool(model.kinds)


def test_the_classes_that_are_asked_for_are_kept(families):
    model, wanted = families("dcgan-classes"), ((2, 0.5), (4, 0.5))
    *_, last = invert(model, np.zeros((8, 8, 1), np.uint8), steps=5, restarts=2, labels=wanted)
    assert last.recipe.labels == wanted


def test_a_uniform_prior_is_never_left(tmp_path: Path):
    config = resolve(merge(IMAGES, {"latent": {"prior": "uniform"}}))
    model = opened(stored(trained(config, 1), tmp_path / "run"))
    *_, last = invert(model, np.full((8, 8, 1), 255, np.uint8), steps=30, restarts=2)
    assert np.abs(last.recipe.place.rows).max() <= 1


def test_searches_come_out_the_same_again(digits):
    target = images(digits, [Recipe(Seed(5))])[0]
    one, two = (list(invert(digits, target, steps=12, restarts=2))[-1] for _ in range(2))
    assert one.recipe == two.recipe


@pytest.mark.parametrize("size", [(40, 20, 3), (7, 9, 1), (16, 16, 4), (16, 12, 1)])
def test_pictures_of_any_size_are_fitted(size):
    picture = np.random.default_rng(0).integers(0, 256, size, np.uint8)
    assert fitted(picture, DataShape("image", 3, 16, 12)).shape == (16, 12, 3)
    assert fitted(picture, DataShape("image", 1, 16, 16)).shape == (16, 16, 1)


def test_the_middle_of_a_wide_picture_is_taken_and_a_fitting_one_kept():
    wide = np.zeros((8, 24, 1), np.uint8)
    wide[:, 8:16] = 200
    assert (fitted(wide, DataShape("image", 1, 8, 8)) == 200).all()
    exact = np.random.default_rng(0).integers(0, 256, (8, 8, 1), np.uint8)
    assert np.array_equal(fitted(exact, DataShape("image", 1, 8, 8)), exact)
    with pytest.raises(ExploreError, match="no picture"):
        fitted(np.zeros((8, 8, 2), np.uint8), DataShape("image", 1, 8, 8))


def test_known_ratios_and_steps():
    dark = np.zeros((4, 4, 1), np.uint8)
    assert psnr(dark, dark) == 99 and psnr(dark, dark + 255) == 0
    assert psnr(dark, dark + 1) == pytest.approx(48.1308, abs=1e-4)
    assert inversion.pace(0.0) == 0 and inversion.pace(0.5) == 1 and inversion.pace(1.0) == pytest.approx(0)
    assert inversion.pace(0.025) == pytest.approx(0.5) and inversion.pace(0.875) == pytest.approx(0.5)


def test_what_cannot_be_searched_is_refused(families):
    with pytest.raises(ExploreError, match="points, not pictures"):
        invert(families("points"), np.zeros((8, 8, 1), np.uint8))
    with pytest.raises(ExploreError, match="has no w"):
        invert(families("dcgan"), np.zeros((8, 8, 1), np.uint8), "w")
