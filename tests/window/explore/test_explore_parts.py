"""The parts of the Explore workspace that know no Qt: history, edits, timeline, files."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.core.explore import files
from ganstudio.core.explore.recipe import Blend, Direction, Model, Path, Recipe, Seed
from ganstudio.window.explore import edits
from ganstudio.window.explore.history import MOST, History
from ganstudio.window.explore.images import SIDE, pictures
from ganstudio.window.explore.timeline import Timeline
from ganstudio.window.explore.views.one import nearness


def recipe(seed: int) -> Recipe:
    return Recipe(Seed(seed))


# ---------------------------------------------------------------- history


def test_a_drag_is_one_entry_and_the_next_drag_another():
    history = History(recipe(0))
    for seed in range(1, 5):
        history.push(recipe(seed), "drag", "a")
    history.seal()
    history.push(recipe(9), "drag", "a")
    assert [entry.recipe for entry in history.entries()] == [recipe(0), recipe(4), recipe(9)]


def test_a_drag_after_an_undo_does_not_change_what_was_left_behind():
    history = History(recipe(0))
    history.push(recipe(1), "drag", "a")
    history.push(recipe(2), "step")
    history.undo()
    history.push(recipe(3), "drag", "a")
    assert [entry.recipe for entry in history.entries()] == [recipe(0), recipe(1), recipe(2), recipe(3)]
    assert history.current.parent is history.entries()[1]


def test_redo_follows_the_branch_that_was_left():
    history = History(recipe(0))
    history.push(recipe(1), "one")
    history.undo()
    history.push(recipe(2), "two")
    history.undo()
    assert history.redo() and history.current.recipe == recipe(2)
    assert not history.redo()
    assert [entry.recipe for entry in history.line()] == [recipe(0), recipe(2)]


@given(st.lists(st.sampled_from(["push", "undo", "redo", "jump"]), max_size=3 * MOST))
def test_the_tree_keeps_its_bounds_and_its_current_entry(steps):
    history = History(recipe(0))
    for number, step in enumerate(steps):
        if step == "push":
            history.push(recipe(number + 1), "x")
        elif step == "jump":
            history.jump(history.entries()[number % len(history.entries())])
        else:
            getattr(history, step)()
        assert history.current in history.entries() and len(history.entries()) <= MOST
        assert all(entry in history.entries() for entry in history.line())


# ---------------------------------------------------------------- edits


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=1, max_size=50))
def test_travelling_never_piles_places_up_and_adds_up(ways):
    place = Seed(42)
    for right, down in ways:
        place = edits.travelled(place, right, down)
    assert edits.depth(place) <= 2 and edits.base_seed(place) == 42
    _, across, below = edits.standing(place)
    assert across == pytest.approx(sum(r for r, _ in ways), abs=1e-9)
    assert below == pytest.approx(sum(d for _, d in ways), abs=1e-9)


def test_variations_have_the_recipe_in_the_middle():
    found = edits.around(recipe(3), 0.4, 9, 100)
    assert found[4] == recipe(3) and len({r.place for r in found}) == 9
    assert found[0].place == Blend(Seed(3), Seed(100), 0.4)


def test_a_direction_kept_apart_is_at_right_angles_to_the_other():
    one = Direction("smile", "z", (0.6, 0.8, 0.0))
    other = Direction("age", "z", (1.0, 0.0, 0.0))
    made = edits.apart(one, other)
    assert made is not None
    assert np.dot(made.vector, other.vector) == pytest.approx(0, abs=1e-12)
    assert np.linalg.norm(made.vector) == pytest.approx(1)
    assert edits.apart(other, other) is None
    assert edits.apart(one, Direction("w", "w", (1.0, 0.0, 0.0))) is None


MIXTURES = st.dictionaries(st.integers(0, 9), st.floats(0, 1), max_size=5).map(lambda d: tuple(d.items()))


@given(MIXTURES, st.integers(0, 9), st.floats(0, 1))
def test_shares_of_classes_sum_to_one_and_the_others_keep_their_proportions(labels, number, share):
    before = Recipe(labels=labels)
    mixed = dict(edits.with_share(before, number, share).labels)
    assert sum(mixed.values()) == pytest.approx(1) and all(weight >= 0 for weight in mixed.values())
    others = {k: weight for k, weight in labels if k != number}
    assert mixed[number] == pytest.approx(share if others else 1)
    assert set(mixed) == {*others, number}
    if (total := sum(others.values())) > 1e-3:
        assert {k: mixed[k] for k in others} == pytest.approx(
            {k: (1 - share) * weight / total for k, weight in others.items()}
        )
    left = edits.without_class(before, number).labels
    assert {k for k, _ in left} == set(others) and (not left or sum(w for _, w in left) == pytest.approx(1))


def test_the_first_class_of_a_mixture_is_another_and_none_is_the_seeds():
    mixed = Recipe(labels=((1, 0.75), (0, 0.25)))
    assert edits.with_class(mixed, 2).labels == ((2, 0.75), (0, 0.25))
    assert edits.with_class(mixed, 0).labels == ((0, 1.0),)
    assert edits.with_class(mixed, None).labels == ()
    assert edits.with_class(Recipe(), 3).labels == ((3, 1.0),)


def test_moves_and_mixes_are_set_changed_and_taken_away():
    smile = Direction("smile", "z", (1.0,))
    moved = edits.with_move(edits.with_move(recipe(1), smile, 2.0), smile, -1.0)
    assert edits.amount_of(moved, smile) == -1.0 and len(moved.moves) == 1
    assert edits.with_move(moved, smile, 0.0) == recipe(1)
    mixed = edits.with_mix(edits.with_mix(recipe(1), 2, 2, Seed(8), 0.5), 0, 3, Seed(7), 1.0)
    assert [(mix.first, mix.last) for mix in mixed.mixes] == [(0, 3), (2, 2)]
    assert edits.with_mix(mixed, 2, 2, Seed(8), 0.0).mixes == mixed.mixes[:1]


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (Seed(1234), "seed 1,234"),
        (Blend(Seed(1), Seed(7), 0.25), "seed 1 to 7, 25%"),
        (edits.travelled(Seed(5), 0.2, 0.0), "near seed 5"),
        (Path((Seed(1), Seed(2)), 0.5), "on a path of 2 keys"),
    ],
)
def test_places_have_names(place, name):
    assert edits.place_name(place) == name


def test_words_of_nearness_are_measured_by_the_data():
    assert "copy" in nearness(0.1, 1.0) and "perhaps" in nearness(0.1, 1.0)
    assert nearness(0.6, 1.0).endswith("near") and nearness(1.2, 1.0).endswith("not a copy")


# ---------------------------------------------------------------- timeline


def test_a_loop_ends_one_frame_before_its_beginning():
    timeline = Timeline((Seed(1), Seed(2)), loop=True, seconds=1.0)
    shares = [frame.place.at for frame in timeline.frames(Recipe(), 10)]
    assert shares == [i / 10 for i in range(10)]
    straight = Timeline((Seed(1), Seed(2)), seconds=1.0).frames(Recipe(), 10)
    assert straight[0].place.at == 0 and straight[-1].place.at == 1


def test_keys_are_moved_replaced_and_removed():
    timeline = Timeline().with_key(Seed(1)).with_key(Seed(2)).with_key(Seed(3))
    assert timeline.moved(2, -1).keys == (Seed(1), Seed(3), Seed(2))
    assert timeline.moved(0, -1) == timeline
    assert timeline.with_key_at(1, Seed(9)).keys == (Seed(1), Seed(9), Seed(3))
    assert timeline.without_key(0).keys == (Seed(2), Seed(3))


def test_a_timeline_survives_a_file():
    timeline = Timeline((Seed(1), Blend(Seed(2), Seed(3), 0.5)), "matched", "w", "smooth", True, 2.5)
    table = json.loads(json.dumps(files.to_table(timeline)))
    assert files.read(Timeline, table, "timeline") == timeline


# ---------------------------------------------------------------- points


def test_points_are_drawn_where_they_lie():
    drawn = pictures(np.array([[0.0, 0.0], [1.0, 1.0], [np.nan, 99.0]], np.float32))
    assert drawn.shape == (3, SIDE, SIDE, 1)
    assert drawn[0, SIDE // 2, SIDE // 2, 0] == 240
    assert drawn[1, SIDE // 4, SIDE * 3 // 4, 0] == 240


def test_the_best_checkpoint_is_named_in_the_list() -> None:
    from ganstudio.window.explore.column.model_card import LIVE, NEWEST, name_of

    models = [Model("run", None, True), Model("run"), Model("run", 4000), Model("run", 2000)]
    assert [name_of(model, 2000) for model in models] == [LIVE, NEWEST, "4,000", "2,000 · best"]
    assert name_of(models[3], None) == "2,000"
