"""Quantiles of Student's t, against the tables and against scipy."""

from __future__ import annotations

import math

import pytest
from scipy import stats

from ganstudio.core.student import quantile, within


@pytest.mark.parametrize(
    ("freedom", "known"), [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (9, 2.262), (29, 2.045)]
)
def test_the_tables_of_every_textbook(freedom, known):
    assert quantile(0.95, freedom) == pytest.approx(known, abs=6e-4)


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 8, 17, 64, 999])
@pytest.mark.parametrize("level", [0.5, 0.95, 0.99])
def test_the_same_as_scipy(level, freedom):
    assert quantile(level, freedom) == pytest.approx(stats.t.ppf(0.5 + level / 2, freedom), rel=1e-10)


def test_many_degrees_of_freedom_are_nearly_normal():
    assert within(1.959964, 5000) == pytest.approx(0.95, abs=1e-4)
    assert within(1.0, 1) == pytest.approx(2 * math.atan(1.0) / math.pi)
