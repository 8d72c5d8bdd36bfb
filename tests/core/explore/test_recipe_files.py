"""Recipes survive their way through JSON, and what is no recipe is told in one sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.core.explore import recipe as r
from ganstudio.core.explore.files import FORMAT, RecipeError, dump, load, to_table

NUMBER = st.floats(-100, 100)
SEEDS = st.integers(0, 2**63 - 1).map(r.Seed)
NUMBERS = st.builds(
    r.Numbers,
    st.sampled_from(["z", "w"]),
    st.lists(st.lists(NUMBER, max_size=4).map(tuple), max_size=3).map(tuple),
)
PLACES: st.SearchStrategy[Any] = st.recursive(
    SEEDS | NUMBERS,
    lambda inner: (
        st.builds(r.Blend, inner, inner, NUMBER)
        | st.builds(r.Path, st.lists(inner, max_size=3).map(tuple), NUMBER, loop=st.booleans())
    ),
    max_leaves=6,
)
DIRECTIONS = st.builds(
    r.Direction, st.text(max_size=8), st.sampled_from(["z", "w"]), st.lists(NUMBER, max_size=4).map(tuple),
    score=st.none() | NUMBER,
)  # fmt: skip
RECIPES = st.builds(
    r.Recipe,
    PLACES,
    st.lists(st.tuples(st.integers(0, 9), NUMBER), max_size=2).map(tuple),
    st.lists(st.none() | NUMBER, max_size=3).map(tuple),
    moves=st.lists(st.builds(r.Move, DIRECTIONS, NUMBER), max_size=2).map(tuple),
    mixes=st.lists(st.builds(r.Mix, PLACES, st.integers(0, 3), st.integers(0, 9)), max_size=2).map(tuple),
)


@given(RECIPES)
def test_a_recipe_comes_back_from_json_as_it_was(recipe: r.Recipe):
    assert load(dump(recipe)) == recipe


def changed(path: str, value: Any) -> str:
    table = {"format": FORMAT, "recipe": to_table(r.Recipe(r.Blend(r.Seed(1), r.Seed(2), 0.5)))}
    *way, last = path.split(".")
    inner = table
    for key in way:
        inner = inner[key]
    inner[last] = value
    return json.dumps(table)


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("format", "png", "no recipe of GAN Studio"),
        ("recipe", 3, "recipe: 3 is not a table"),
        ("recipe.psi", "much", "recipe.psi: 'much' is not a number"),
        ("recipe.psi", float("nan"), "recipe.psi: nan is not a number"),
        ("recipe.psi", True, "recipe.psi: True is not a number"),
        ("recipe.cutoff", 1.5, "recipe.cutoff: 1.5 is not a whole number"),
        ("recipe.colour", 1, "recipe.colour: no such part"),
        ("recipe.place", {"kind": "os.system"}, "recipe.place: the kind of place is not one of seed"),
        ("recipe.place.mode", "fast", "recipe.place.mode: 'fast' is not one of lerp"),
        ("recipe.place.a", {"kind": "seed"}, "recipe.place.a.seed: is missing"),
        ("recipe.labels", [[1]], "recipe.labels[0]: 2 values are needed, not 1"),
        ("recipe.labels", {"x": 1}, "recipe.labels: {'x': 1} is not a list"),
    ],
)
def test_a_damaged_recipe_is_told_by_its_part(path: str, value: Any, problem: str):
    with pytest.raises(RecipeError, match=r"^[^\n]*$") as caught:
        load(changed(path, value))
    assert problem in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000, '{"format": 1}'])
def test_what_is_no_recipe_is_refused(text: str):
    with pytest.raises(RecipeError):
        load(text)


def test_places_nested_too_deep_are_refused():
    place: Any = r.Seed(0)
    for _ in range(40):
        place = r.Blend(place, r.Seed(1), 0.5)
    with pytest.raises(RecipeError, match="too deep"):
        load(dump(r.Recipe(place)))


def test_another_place_leaves_the_rest():
    recipe = r.Recipe(psi=0.7)
    assert recipe.at(r.Seed(5)) == replace(recipe, place=r.Seed(5))
