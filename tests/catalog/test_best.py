"""Which checkpoint is the best: one rule for marks, reports and commands."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.marking import number, put

from ganstudio.catalog.best import alike, best_checkpoint, best_of, leading, present, settle
from ganstudio.core import marks
from ganstudio.core.runs import RunFolder


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    made = RunFolder(tmp_path)
    for step in (1, 2, 3):
        put(made, step)
    return made


def tell(run: RunFolder, *values: tuple[int, float]) -> None:
    for step, value in values:
        run.append_evaluation(number(step, value))


def test_what_decides():
    told = [
        number(1, 1.0, "recall-domain"),
        number(1, 2.0, "kd-domain"),
        number(1, float("nan"), "fd-domain"),
    ]
    assert leading(told) == "kd-domain"
    assert leading(told, "recall-domain") == "recall-domain"
    assert leading(told, "density-domain") == "kd-domain", "neither way is better"
    assert leading(told, "fd-domain") == "kd-domain", "no finite number of it"
    assert leading(told[:1]) == "" and best_of(told[:1]) is None and best_of([]) is None


@pytest.mark.parametrize(("metric", "step"), [("fd-domain", 2), ("precision-domain", 3)])
def test_the_direction_is_the_metrics_own(metric: str, step: int):
    found = best_of([number(s, v, metric) for s, v in ((1, 5.0), (2, 1.0), (3, 9.0))], metric)
    assert found is not None and found.step == step


def test_of_two_equal_ones_the_later():
    found = best_of([number(1, 5.0), number(3, 5.0), number(2, 5.0)])
    assert found is not None and found.step == 3


def test_numbers_of_another_protocol_are_not_compared():
    scheduled = [number(1, 5.0), number(2, 7.0)]
    by_hand = number(3, 0.1, samples=50, scheduled=False)
    assert [m.step for m in alike([*scheduled, by_hand], "fd-domain")] == [1, 2]
    assert [m.step for m in alike([by_hand, *scheduled], "fd-domain")] == [1, 2]
    other = number(3, 0.1, samples=50)
    assert [m.step for m in alike([*scheduled, other], "fd-domain")] == [3], (
        "the schedule has another protocol now"
    )
    assert [m.step for m in alike([number(1, 1.0, scheduled=False), by_hand], "fd-domain")] == [3]


def test_the_mark_moves_to_the_best_that_is_there(run: RunFolder):
    assert settle(run, "fd-domain") is None and best_checkpoint(run) is None
    tell(run, (1, 5.0))
    assert settle(run, "fd-domain") == 1 == best_checkpoint(run)
    tell(run, (2, 3.0), (3, 4.0))
    assert best_checkpoint(run) == 1, "the mark stands until somebody settles"
    assert settle(run, "fd-domain") == 2
    tell(run, (99, 0.5))
    assert settle(run, "fd-domain") == 2, "that checkpoint is gone"
    assert settle(run, "") is None and settle(run, "kd-domain") is None
    assert marks.marked(run, marks.BEST) == [2]


def test_a_number_counts_for_the_weights_it_was_found_with_alone(run: RunFolder):
    tell(run, (1, 5.0), (2, 3.0))
    (run.checkpoint_path(2) / "state.json").unlink()
    run.checkpoint_path(2).rmdir()
    put(run, 2, weights="of another course")
    assert [m.step for m in present(run, run.evaluations())] == [1]
    assert settle(run, "fd-domain") == 1
    run.append_evaluation(number(3, 1.0, weights=""))
    assert settle(run, "fd-domain") == 3, "an earlier version did not write the weights down"


def test_without_a_mark_what_was_measured_decides(run: RunFolder):
    tell(run, (1, 5.0), (2, 3.0), (3, 4.0))
    assert best_checkpoint(run) == 2 and marks.best(run) is None
    marks.mark_best(run, 1)
    assert best_checkpoint(run) == 1


@given(st.lists(st.tuples(st.integers(1, 9), st.floats(-1e9, 1e9)), min_size=1))
def test_nothing_alike_is_better(pairs: list[tuple[int, float]]):
    told = [number(step, value) for step, value in pairs]
    found = best_of(told)
    assert found is not None and found.value == min(m.value for m in alike(told, "fd-domain"))
    newest = dict(pairs)
    assert found.value == min(newest.values())
