"""Saved samples: which steps, which cell size, which seeds, and damage in one sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.reported import make_run

from ganstudio.core.runs import RunFolder
from ganstudio.engine.pictures import grid, save_png, save_points
from ganstudio.window.compare.views.grids import (
    SMALLEST,
    Need,
    Samples,
    at_or_before,
    best_rows,
    common_steps,
    read_samples,
    read_steps,
    seed_words,
    side_for,
)
from ganstudio.window.model.tiles import GAP
from ganstudio.window.run_loader import SavedGrid


def test_the_slider_has_the_steps_that_all_have_or_else_all_steps() -> None:
    assert common_steps([[0, 100, 200, 300], [0, 200, 400]]) == [0, 200]
    assert common_steps([[1, 3], [2, 4], []]) == [1, 2, 3, 4]
    assert common_steps([[], []]) == []


@given(st.lists(st.integers(0, 500), unique=True).map(sorted), st.integers(0, 500))
def test_a_run_shows_its_last_grid_that_is_not_later(steps: list[int], step: int) -> None:
    earlier = [s for s in steps if s <= step]
    assert at_or_before(steps, step) == (max(earlier) if earlier else None)
    assert at_or_before(steps, None) == (steps[-1] if steps else None)


@given(
    st.lists(
        st.builds(Need, st.integers(1, 16), st.integers(1, 16), st.integers(1, 128), st.just(0)),
        min_size=1,
        max_size=6,
    ),
    st.integers(50, 2000),
    st.integers(50, 1500),
)
def test_cells_fit_or_are_as_small_as_they_may_be(needs: list[Need], width: int, height: int) -> None:
    side = side_for(needs, width, height)
    fits = all(
        n.across * (side + GAP) + GAP <= width and n.down * (side + GAP) + GAP <= height for n in needs
    )
    assert fits or side <= SMALLEST
    native = max(n.pixels for n in needs)
    assert side < native or side % native == 0, "enlarged by whole numbers"


def test_columns_go_into_more_rows_where_that_makes_them_larger() -> None:
    square = Need(8, 8, 16)
    assert best_rows([square] * 2, 2, 1300, 700, 60) == (1, 64)
    rows, side = best_rows([square] * 8, 8, 1300, 700, 60)
    assert rows == 2
    assert side == 32
    assert best_rows([], 0, 1300, 700, 60)[0] == 1
    assert best_rows([square] * 7, 7, 640, 330, 60)[0] > 1, "no scrolling to the side where rows avoid it"


def test_saved_cells_come_back(tmp_path: Path) -> None:
    run = make_run(tmp_path, "run", steps=0, pictures=())
    images = np.random.default_rng(0).integers(0, 256, (64, 16, 16, 1), dtype=np.uint8)
    save_png(RunFolder(run).sample_path(5), grid(images), {"seed": 3, "count": 64})
    found = read_samples(run, 5)
    assert found.problem == ""
    assert found.seed == 3
    np.testing.assert_array_equal(found.grid.images, images)
    steps = read_steps(run)
    assert steps.steps == (5,)
    assert read_steps(run, steps) is None


def test_saved_points_come_back_and_odd_ones_are_told(tmp_path: Path) -> None:
    run = make_run(tmp_path, "run", steps=0, pictures=())
    points = np.zeros((4, 2), np.float32)
    save_points(RunFolder(run).points_path(5), points + 1, points)
    found = read_samples(run, 5)
    assert found.points.tolist() == (points + 1).tolist()
    assert found.real.tolist() == points.tolist()
    save_points(RunFolder(run).points_path(6), np.zeros((4, 3), np.float32), points)
    assert read_samples(run, 6).problem == "The points of step 6 cannot be drawn."


def test_damage_is_one_sentence(tmp_path: Path) -> None:
    run = make_run(tmp_path, "run", steps=0, pictures=())
    folder = RunFolder(run)
    folder.sample_path(1).write_bytes(b"nonsense")
    assert read_samples(run, 1).problem == "The grid 000001.png cannot be read (it is no picture)."
    folder.points_path(2).write_bytes(b"nonsense")
    assert read_samples(run, 2).problem.startswith("The points 000002.safetensors cannot be read")
    assert "cannot be read" in read_samples(run, 3).problem
    folder.config_path.write_text("variant = 7")
    assert read_samples(run, 1).problem.startswith("Its config cannot be used")


def saved(seed: int | None = 0, count: int = 4, columns: int = 0) -> Samples:
    return Samples(1, SavedGrid(np.zeros((count, 2, 2, 1), np.uint8), columns), seed=seed)


@pytest.mark.parametrize(
    ("found", "settings", "part"),
    [
        ([saved(), saved()], [{}, {}], ""),
        ([saved(), saved(None)], [{}, {}], ""),
        ([saved(0), saved(100)], [{}, {}], "different seeds: a from 0, b from 100."),
        ([saved(), saved()], [{"latent.dimension": 8}, {"latent.dimension": 16}], "latent.dimension (16, 8)"),
        ([saved(), saved(count=9)], [{}, {}], "different layouts"),
        ([saved(0), Samples(1, problem="gone")], [{}, {}], ""),
    ],
)
def test_cells_that_are_not_the_same_latent_are_told(found: list, settings: list, part: str) -> None:
    words = seed_words(["a", "b"], found, settings)
    assert part in words
    assert bool(words) == bool(part)
