"""Scores of directions and mixes against known factors: what one factor alone, all alike and nothing at all give."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from support.explored import GROWN, IMAGES, stored
from support.factor_page import division, page
from support.factor_reading import Attribute, Lab, Reader, candidates, chance, group_of, halves, rows_of
from support.factor_scores import above_chance, effect, ends, nearer, transfer, units_of
from support.tiny import trained

from ganstudio.catalog.resolve import resolve
from ganstudio.core.explore.recipe import Mix, Recipe, Seed
from ganstudio.data import RenderedSource, load
from ganstudio.latent.model import opened
from ganstudio.metrics.domain import DomainFeatures, Lessons, train_judge

RANDOM = np.random.default_rng(0)
NAMES = ("skin", "hat", "turn", "jaw")


def still(count: int = 50) -> dict[str, np.ndarray]:
    return {name: RANDOM.standard_normal((count, 1 if name != "hat" else 4)) for name in NAMES}


# ---------------------------------------------------------------- scores


def test_a_move_of_one_factor_is_pure():
    before = still()
    after = before | {"hat": before["hat"] + [1, 0, 0, -1]}
    found = effect(before, after, units_of(before))
    assert found.ranked[0] == "hat"
    assert found.purity == pytest.approx(1)
    assert found.steady["hat"] == pytest.approx(1)
    assert found.share("jaw") == 0
    assert found.amounts["hat"] == pytest.approx(2**0.5 / units_of(before)["hat"])


def test_a_move_of_all_alike_has_the_share_of_one_in_all():
    before = still()
    units = units_of(before)
    after = {name: read + units[name] / read.shape[1] ** 0.5 for name, read in before.items()}
    found = effect(before, after, units)
    assert all(amount == pytest.approx(1) for amount in found.amounts.values())
    assert found.purity == pytest.approx(1 / len(NAMES))


def test_a_random_change_is_neither_pure_nor_steady():
    before, after = still(2000), still(2000)
    found = effect(before, after, units_of(before))
    assert found.purity < 0.4
    assert max(found.steady.values()) < 0.1


def test_what_differs_from_picture_to_picture_is_not_in_common():
    before = still(2000)
    after = before | {"skin": before["skin"] + 1, "jaw": 3 * still(2000)["jaw"]}
    found = effect(before, after, units_of(before))
    assert found.ranked[0] == "jaw"
    assert found.common.ranked[0] == "skin"
    assert found.common.purity > 0.9


def test_a_move_that_does_nothing_has_no_share():
    before = still()
    assert effect(before, before, units_of(before)).purity == 0


def test_units_are_deviations_over_all_columns():
    read = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert units_of({"choice": read})["choice"] == pytest.approx(0.5**0.5)
    assert units_of({"flat": np.ones((3, 1))})["flat"] > 0


def test_all_of_b_transfers_everything_and_none_of_it_nothing():
    a, b = still()["hat"], still()["hat"]
    assert transfer(a, b, b) == pytest.approx(1)
    assert transfer(a, b, a) == 0
    assert transfer(a, b, (a + 3 * b) / 4) == pytest.approx(0.75)
    assert nearer(a, b, b, 1.0) == 1
    assert nearer(a, b, a, 1.0) == 0


def test_pairs_that_hardly_differ_are_not_asked():
    a = np.array([[0.0], [0.0]])
    b = np.array([[0.1], [2.0]])
    assert nearer(a, b, np.array([[0.1], [0.5]]), 1.0) == 0
    assert np.isnan(nearer(a, a, a, 1.0))


def test_a_score_is_counted_from_chance():
    assert above_chance(0.7, (0.7, 0.1, 0.1, 0.1)) == pytest.approx(0)
    assert above_chance(1.0, (0.7, 0.3)) == 1
    assert above_chance(0.8, ()) == 0.8


def test_ends_are_the_highest_and_the_lowest_without_overlap():
    assert ends(np.array([3.0, 1.0, 2.0, 5.0]), 1) == ([3], [1])
    most, least = ends(np.array([3.0, 1.0, 2.0]), 9)
    assert not set(most) & set(least)


def test_factors_have_their_groups():
    assert [group_of(name) for name in ("skin", "turn", "backdrop")] == [
        "colour",
        "pose and shape",
        "pattern",
    ]


# ---------------------------------------------------------------- with a small run

DATA = {"source": "shapes", "resolution": 16, "simple": True}
Labs = Callable[[str], Lab]


@pytest.fixture(scope="module")
def reader() -> Reader:
    """One that has hardly learned, and uses all the same what it would read."""
    source = load(resolve(IMAGES | {"data": DATA}).data)
    assert isinstance(source, RenderedSource)
    return Reader(source, DomainFeatures(*train_judge(Lessons(source), 12)), good=-9.0)


@pytest.fixture(scope="module")
def labs(reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> Labs:
    def lab(variant: str) -> Lab:
        table = IMAGES | {"variant": variant, "data": DATA}
        if variant == "stylegan2":
            table |= {"generator": {**GROWN, "style": 6, "mapping": 2}, "discriminator": GROWN}
        folder: Path = tmp_path_factory.mktemp("runs") / variant
        return Lab(opened(stored(trained(resolve(table), 2), folder)), reader, range(4))

    return lab


def test_the_reader_reads_numbers_and_probabilities(reader: Reader):
    reads = reader.read(Lessons(reader.source).held_out()[0][:3])
    assert set(reads) == {"shape", "colour", "size", "x", "y", "background"}
    assert reads["size"].shape == (3, 1)
    assert reads["shape"].sum(1) == pytest.approx(np.ones(3))
    warm = reader.shows(Attribute("warm", "colour", ("red", "pink")), reads)
    assert warm == pytest.approx(reads["colour"][:, 0] + reads["colour"][:, 7])
    assert set(reader.ceiling(8)) == set(reads)


def test_mixing_all_rows_is_the_other_picture(labs: Labs):
    lab = labs("stylegan2")
    a, b = (lab.reads([Recipe(Seed(seed))]) for seed in (1, 2))
    mixed = lab.reads([Recipe(Seed(1), mixes=(Mix(Seed(2), 0, -1),))])
    assert all(mixed[name] == pytest.approx(b[name]) for name in b)
    assert transfer(a["colour"], b["colour"], mixed["colour"]) == pytest.approx(1)
    sizes = rows_of(lab.model)
    assert list(sizes) == [4, 8, 16]
    assert sizes[4][0] == 0
    assert sizes[16][1] == len(lab.model.styled.style_rows) - 1
    assert all(sizes[small][1] + 1 == sizes[large][0] for small, large in ((4, 8), (8, 16)))
    assert set(lab.mixed()) == {"4 px", "8 px", "16 px"}


@pytest.mark.parametrize("variant", ["dcgan", "stylegan2"])
def test_directions_are_followed_in_all_rows_and_in_parts(labs: Labs, variant: str):
    lab = labs(variant)
    parts = halves(lab.model)
    assert list(parts) == (["all", "to 4 px", "from 8 px"] if variant == "stylegan2" else ["all"])
    for rows in parts.values():
        found = candidates(lab.model, rows, 2, 50)
        assert [len(directions) for directions in found.values()] == [2, 2, 4]
        assert all(0 < lab.effect(d, rows).purity <= 1 for ds in found.values() for d in ds)


def test_random_directions_are_the_same_each_time(labs: Labs):
    model = labs("dcgan").model
    assert chance(model, 2) == chance(model, 2)
    assert np.linalg.norm(chance(model, 1)[0].vector) == pytest.approx(1)


def test_a_learned_direction_leads_to_what_it_was_learned_from(labs: Labs):
    lab = labs("dcgan")
    attribute = Attribute("warm", "colour", ("red", "orange", "yellow", "pink"))
    known = lab.learn(attribute, lab.pool(40), 15)
    low, high = (lab.reader.shows(attribute, reads).mean() for reads in lab.moved(known.direction))
    assert high > low


# ---------------------------------------------------------------- in words


def test_the_page_says_what_came_out():
    text = page([row()], TERMS)
    assert "Of 2 factors 1 is read well enough" in text
    assert "Of 1 PCA directions 1 is purer than every random one: PCA 1 (skin, 0.90)" in text
    assert "Of 1 SeFa directions none is purer" in text
    assert "Mixing carries colour most by the rows of 8 px (0.10 by 4 px, 0.80 by 8 px)." in text
    assert "finer rows (8 px) carry, factor by factor: skin 0.80." in text
    assert "Not tried, since their factors are read too badly: mouth open, glasses" in text
    assert "| gaze | 0.10 | 0.05 | not used |" in text


def test_a_division_shows_where_finer_rows_carry_clearly_more_colour():
    assert "colour by fine ones, shows" in "".join(division({"colour": 0.8, "pose and shape": 0.3}))
    assert "does not show" in "".join(division({"colour": 0.4, "pose and shape": 0.3}))
    assert not list(division({"colour": 0.8}))


TERMS = {"seeds": 4, "count": 1, "samples": 9, "pool": 9, "marked": 3}


def row() -> dict:
    def move(origin: str, name: str, purity: float) -> dict:
        return {
            "origin": origin, "name": name, "rows": "all", "score": 0.5, "factor": "skin", "amount": 1.0,
            "purity": purity, "steady": 0.5, "second": "gaze", "second_share": 0.1, "common_factor": "skin",
            "common_purity": 0.6,
        }  # fmt: skip

    return {
        "key": "faces-stylegan2", "data": "faces", "variant": "stylegan2", "seed": 0, "step": 9, "images": 90,
        "trained": 1, "resolution": 32, "reader": {"gaze": [0.1, 0.05], "skin": [0.9, 0.9]}, "used": ["skin"],
        "ceiling": {"skin": 0.95}, "mixing": {"4 px": {"skin": [0.1, 0.2]}, "8 px": {"skin": [0.8, 0.9]}},
        "moves": [move("random", "random 1", 0.4), move("PCA", "PCA 1", 0.9), move("SeFa", "SeFa 1", 0.3)],
        "measured": 1, "updates": 5, "date": "2026-01-01",
    }  # fmt: skip
