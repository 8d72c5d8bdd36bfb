"""The nearest training pictures, maps of latents and frames at constant perceptual speed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from ganstudio.catalog.resolve import resolve
from ganstudio.core.explore.recipe import Blend, Direction, Mix, Move, Path, Recipe, Seed
from ganstudio.core.shapes import DataShape
from ganstudio.data import load
from ganstudio.latent import maps, speed
from ganstudio.latent.errors import ExploreError, Stopped
from ganstudio.latent.nearest import AT_ONCE, Neighbours, neighbours
from ganstudio.latent.rendering import images, values


def noise(count: int, size: int = 4) -> torch.Tensor:
    random = torch.Generator().manual_seed(0)
    return torch.randint(0, 256, (count, 1, size, size), generator=random, dtype=torch.uint8)


def as_images(pictures: torch.Tensor) -> np.ndarray:
    return pictures.permute(0, 2, 3, 1).numpy()


# ---------------------------------------------------------------- neighbours


def test_a_training_picture_finds_itself_and_then_what_brute_force_finds():
    known = Neighbours(noise(AT_ONCE + 300), sample=False)
    asked = [0, 7, AT_ONCE + 5]
    numbers, distances = known.find(as_images(known.pictures[asked]), 4)
    assert numbers[:, 0].tolist() == asked and distances[:, 0].tolist() == [0, 0, 0]
    flat = known.pictures.flatten(1).double()
    for row, one in enumerate(asked):
        exact = (flat - flat[one]).square().mean(1).sqrt()
        assert numbers[row].tolist() == exact.argsort()[:4].tolist()
        assert distances[row] == pytest.approx(exact.sort()[0][:4].numpy(), abs=1e-4)
    assert np.array_equal(known.shown(numbers[:, 0]), as_images(known.pictures[asked]))


def test_distances_are_in_grey_levels():
    flat = torch.full((1, 1, 4, 4), 100, dtype=torch.uint8)
    _, distances = Neighbours(flat, sample=False).find(as_images(flat + 10), 3)
    assert distances.tolist() == [[10.0]]


def test_the_usual_distance_is_that_between_training_pictures():
    base = noise(50)
    assert Neighbours(base[:1], sample=False).usual() == 0
    twice = Neighbours(torch.cat([base, base]), sample=False)
    assert twice.usual() == 0
    spread = Neighbours(base, sample=False).usual()
    flat = base.flatten(1).double()
    pairs = (flat[:, None] - flat[None]).square().mean(2).sqrt() + torch.eye(50) * 1e9
    assert spread == pytest.approx(float(np.median(pairs.min(1)[0].numpy())), abs=1e-4)


def test_the_search_can_be_stopped():
    with pytest.raises(Stopped):
        Neighbours(noise(10), sample=False).find(as_images(noise(1)), 1, stop=lambda: True)


def test_data_say_whether_they_are_all_there():
    digits = neighbours(
        load(resolve({"variant": "dcgan", "data": {"source": "digits", "resolution": 8}}).data),
        DataShape("image", 1, 8, 8),
    )
    assert not digits.sample and digits.about.startswith("all 1,797")
    shapes = load(resolve({"variant": "dcgan", "data": {"source": "shapes", "resolution": 16}}).data)
    drawn = neighbours(shapes, shapes.shape)
    assert drawn.sample and "without end" in drawn.about
    assert torch.equal(drawn.pictures, neighbours(shapes, shapes.shape).pictures)
    with pytest.raises(ExploreError, match="another shape"):
        neighbours(shapes, DataShape("image", 1, 8, 8))
    with pytest.raises(ExploreError, match="points without end"):
        neighbours(load(resolve({"variant": "gan", "data": {"source": "ring"}}).data), DataShape("points", 2))


# ---------------------------------------------------------------- maps


@pytest.mark.parametrize("method", ["pca", "tsne"])
@pytest.mark.parametrize("name", ["dcgan-classes", "stylegan2", "points", "pac"])
def test_a_map_has_every_seed_once_within_its_frame(families, name: str, method: str):
    model = families(name)
    parts = list(maps.mapped(model, 60, method, height=4))
    assert [part.first for part in parts] == [0, 25, 50] and {part.total for part in parts} == {60}
    assert tuple(seed for part in parts for seed in part.seeds) == tuple(range(60))
    at = np.concatenate([part.at for part in parts])
    assert at.shape == (60, 2) and np.abs(at).max() <= 1 and at.std(0).min() > 0
    thumbnails = parts[0].images.shape
    assert thumbnails == ((25, 0, 0, 1) if name == "points" else (25, 4, 4, 1))
    if name == "stylegan2":
        again = np.concatenate([part.at for part in maps.mapped(model, 60, method, height=4)])
        assert np.array_equal(at, again)


def test_colours_are_scores_classes_or_distances(families):
    model = families("dcgan-classes")
    base = Recipe(labels=((3, 1.0),))
    classes = next(maps.mapped(model, 25, colour="class"))
    assert classes.colour.tolist() == [float(model.labels([s])[0]) for s in range(25)]
    assert set(next(maps.mapped(model, 25, colour="class", recipe=base)).colour.tolist()) == {3.0}
    scores = next(maps.mapped(model, 25, recipe=base))
    assert len(set(scores.colour.tolist())) == 25
    known = Neighbours(torch.from_numpy(images(model, [Recipe(Seed(5))])).permute(0, 3, 1, 2), sample=False)
    distances = next(maps.mapped(model, 25, colour="nearest", neighbours=known))
    assert distances.colour[5] == 0 and distances.colour.min() >= 0
    with pytest.raises(ExploreError, match="not known"):
        next(maps.mapped(model, 25, colour="nearest"))


def test_a_map_ends_when_it_is_told_to(families):
    assert list(maps.mapped(families("dcgan"), 60, "tsne", stop=lambda: True)) == []
    assert list(maps.mapped(families("dcgan"), 60, "pca", stop=lambda: True)) == []


def test_a_map_that_needs_all_pictures_first_tells_how_many_there_are(families):
    told: list[float] = []
    parts = list(maps.mapped(families("dcgan"), 60, "tsne", height=4, progress=told.append))
    assert len(parts) == len(told) == 3
    assert told == sorted(told) and 0 < told[0] < told[-1] < 1


def test_the_axes_are_the_strongest_components():
    random = np.random.default_rng(0)
    features = random.normal(size=(300, 5)).astype(np.float32) * np.array([1, 9, 1, 4, 1], np.float32)
    at = maps.axes(features)(features)
    assert abs(np.corrcoef(at[:, 0], features[:, 1])[0, 1]) > 0.99
    assert abs(np.corrcoef(at[:, 1], features[:, 3])[0, 1]) > 0.99


def test_neighbours_stay_together_in_t_sne():
    random = np.random.default_rng(0)
    group = np.arange(90) % 3
    features = (random.normal(size=(90, 60)) + 8 * np.eye(60)[group * 5]).astype(np.float32)
    at = maps.neighbourly(features)
    distances = np.linalg.norm(at[:, None] - at[None], axis=2) + np.eye(90) * 9
    assert (group[distances.argmin(1)] == group).mean() > 0.95


# ---------------------------------------------------------------- speed


@given(st.lists(st.floats(0, 10), min_size=1, max_size=20))
@example([0.0, 2.225073858507203e-309])  # less than what can be divided by
def test_even_times_begin_and_end_with_the_way_and_never_go_back(steps: list[float]):
    times = speed.even_times(np.array(steps))
    assert len(times) == len(steps) + 1 and (np.diff(times) >= -1e-9).all()
    assert times[0] == 0 and times[-1] <= len(steps)


def test_even_times_spread_a_known_way():
    assert speed.even_times(np.array([1.0, 1.0, 1.0])).tolist() == [0, 1, 2, 3]
    assert speed.even_times(np.array([3.0, 1.0, 2.0])) == pytest.approx([0, 2 / 3, 2, 3])
    assert speed.even_times(np.array([0.0, 0.0])).tolist() == [0, 1, 2]


def frames(count: int, mode: str = "lerp", easing: str = "in") -> list[Recipe]:
    stops = (Seed(1), Seed(2), Seed(3))
    return [Recipe(Path(stops, k / (count - 1), mode, easing=easing)) for k in range(count)]


@pytest.mark.parametrize("name", ["dcgan", "dcgan-classes", "stylegan2", "points"])
def test_a_retimed_film_moves_evenly(families, name: str):
    model = families(name)
    uneven = frames(25)
    even = speed.retimed(model, uneven)
    before, after = (speed.distances(model, recipes) for recipes in (uneven, even))
    assert len(even) == 25 and before.sum() == pytest.approx(1) and after.sum() == pytest.approx(1)
    assert after.std() < 0.5 * before.std()
    assert (even[0], even[-1]) == (uneven[0], uneven[-1])
    assert all(isinstance(recipe.place, Path) for recipe in even)


def test_a_still_film_stays_as_it_is(families):
    still = [Recipe(Seed(1))] * 4
    assert speed.retimed(families("dcgan"), still) == tuple(still)
    assert speed.distances(families("dcgan"), still).tolist() == [0, 0, 0]
    assert speed.retimed(families("dcgan"), still[:2]) == tuple(still[:2])
    with pytest.raises(Stopped):
        speed.retimed(families("dcgan"), still, stop=lambda: True)


def test_between_two_frames_all_amounts_are_between():
    direction = Direction("d", "z", (1.0,))
    a = Recipe(Seed(1), ((0, 1.0),), psi=1.0, moves=(Move(direction, 0.0),), mixes=(Mix(Seed(9), 0, 1, 0.0),))
    b = Recipe(Seed(2), ((1, 1.0),), psi=0.5, moves=(Move(direction, 4.0),), mixes=(Mix(Seed(9), 0, 1, 1.0),))
    half = speed.between(a, b, 0.25)
    assert half.place == Blend(Seed(1), Seed(2), 0.25)
    assert half.psi == 0.875 and half.moves[0].amount == 1.0 and half.mixes[0].strength == 0.25
    assert half.labels == ((0, 0.75), (1, 0.25))
    assert speed.between(a, b, 0.0) is a and speed.between(a, b, 1.0) is b
    other = replace(b, moves=(), mixes=())
    assert speed.between(a, other, 0.25).moves == a.moves and speed.between(a, other, 0.75).moves == ()
    on = Recipe(Blend(Seed(1), Seed(2), 0.2)), Recipe(Blend(Seed(1), Seed(2), 0.4))
    assert speed.between(*on, 0.5).place == Blend(Seed(1), Seed(2), pytest.approx(0.3))


def test_values_are_left_alone_by_looking(families):
    before = values(families("dcgan"), Recipe(Seed(1)))
    list(maps.mapped(families("dcgan"), 4))
    assert torch.equal(values(families("dcgan"), Recipe(Seed(1))), before)
