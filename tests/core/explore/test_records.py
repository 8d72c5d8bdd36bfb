"""What files say of themselves comes back as it was, small, and what is damaged is told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from core.explore.test_recipe_files import RECIPES
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.core.explore import recipe as r
from ganstudio.core.explore.files import RecipeError
from ganstudio.core.explore.records import FORMAT, KINDS, Record, change, changed, facts, load
from ganstudio.core.explore.ways import matrix, way

RECORDS = st.builds(
    Record, st.sampled_from(KINDS), st.text(max_size=9), st.integers(0, 10**9),
    st.lists(RECIPES, min_size=1, max_size=5).map(tuple), st.integers(0, 9), st.integers(1, 9),
    st.floats(0, 1000), st.dictionaries(st.text(max_size=3), st.integers(), max_size=2), st.booleans(),
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc@"), inner, max_size=3),
    max_leaves=8,
)


@given(RECORDS)
def test_a_record_comes_back_from_json_as_it_was(record: Record):
    assert load(json.dumps(facts(record))) == record


@given(JSON, JSON)
def test_a_change_makes_the_new_out_of_the_old(old: Any, new: Any):
    assert changed(old, change(old, new)) == new


def test_a_film_is_written_as_changes():
    vector = tuple(float(n) for n in range(512))
    base = r.Recipe(moves=(r.Move(r.Direction("smile", "w", vector), 1.0),))
    film = Record("film", "run", 1, way([r.Seed(1), r.Seed(2)], 600, base))
    text = json.dumps(facts(film))
    assert load(text) == film
    assert len(text) < 2 * len(json.dumps(facts(Record("film", "run", 1, film.recipes[:1])))) + 600 * 60


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ({"format": "other"}, "no recipe of GAN Studio"),
        ({"format": FORMAT, "kind": "song"}, "kind: 'song' is not one of"),
        ({"format": FORMAT, "kind": "film", "recipes": []}, "recipes: is not a list"),
        ({"format": FORMAT, "kind": "film", "recipes": [{}, 3]}, "a change is damaged"),
        ({"format": FORMAT, "kind": "film", "recipes": [{"psi": "x"}]}, "recipes[0].psi: 'x' is not a number"),
        ({"format": FORMAT, "kind": "film", "recipes": [{}], "run": 3}, "run: is not a short text"),
        ({"format": FORMAT, "kind": "film", "recipes": [{}], "run": "x", "step": -1}, "step: '-1' is not a count"),
        ({"format": FORMAT, "kind": "film", "recipes": [{}], "fps": "x"}, "fps: is not a number"),
        ({"format": FORMAT, "kind": "film", "recipes": [{}], "more": 3}, "more: is not a table"),
        ({"kind": "samples"}, "seed: 'None' is not a count"),
        ({"kind": "samples", "seed": 0, "count": 10**9}, "damaged"),
        ({"kind": "samples", "seed": 0, "count": 1, "labels": "x"}, "labels: is not a list"),
    ],
)  # fmt: skip
def test_what_is_damaged_is_told_by_its_part(table: dict[str, Any], problem: str):
    with pytest.raises(RecipeError, match=r"^[^\n]*$") as caught:
        load(json.dumps(table))
    assert problem in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "[" * 100_000, " " * (17 * 2**20)])
def test_what_is_no_record_is_refused(text: str):
    with pytest.raises(RecipeError):
        load(text)


def test_a_bomb_of_changes_is_refused():
    place = {"kind": "numbers", "space": "z", "rows": [[1.0] * 100_000]}
    table = {"format": FORMAT, "kind": "film", "recipes": [{"place": place}, *[{}] * 99_000]}
    with pytest.raises(RecipeError, match="larger than any"):
        load(json.dumps(table))


def test_a_grid_of_samples_tells_its_recipes():
    plain = {"kind": "samples", "run": "x", "step": 3, "seed": 5, "count": 3, "truncation": 0.5}
    assert load(json.dumps(plain)).recipes == tuple(r.Recipe(r.Seed(s), psi=0.5) for s in (5, 6, 7))
    rows = plain | {"count": 4, "columns": 2, "labels": [3, 8]}
    wanted = [(5, 3), (6, 3), (5, 8), (6, 8)]
    found = load(json.dumps(rows)).recipes
    assert [(one.place, one.labels) for one in found] == [(r.Seed(s), ((n, 1.0),)) for s, n in wanted]


# ---------------------------------------------------------------- whole strips


@pytest.mark.parametrize(("loop", "last"), [(False, 1.0), (True, 0.75)])
def test_a_way_ends_where_it_should(loop: bool, last: float):
    film = way([r.Seed(1), r.Seed(2)], 4 if loop else 5, r.Recipe(psi=0.5), "lerp", "z", loop, "smooth")
    places = [recipe.place for recipe in film]
    assert all(isinstance(place, r.Path) and place.loop == loop for place in places)
    assert [place.at for place in places][:: len(places) - 1] == [0.0, last]  # type: ignore[union-attr]
    assert {recipe.psi for recipe in film} == {0.5}


def test_a_matrix_has_its_sources_at_the_margins():
    made = matrix([r.Seed(1), r.Seed(2)], [r.Seed(7), r.Seed(8), r.Seed(9)], 0, 3, r.Recipe(), 0.5)
    assert len(made) == 3 + 2 * 4
    assert [recipe.place for recipe in made[:3]] == [r.Seed(7), r.Seed(8), r.Seed(9)]
    assert made[3] == r.Recipe(r.Seed(1)) and made[7] == r.Recipe(r.Seed(2))
    assert made[9] == r.Recipe(r.Seed(2), mixes=(r.Mix(r.Seed(8), 0, 3, 0.5),))
