"""Axes: there and back, and ticks a person would choose."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.core.scales import (
    backward,
    forward,
    forward_one,
    nice_step,
    rounded,
    value_ticks,
    x_ticks,
)

scales = st.sampled_from(["linear", "log", "symlog"])


@given(st.floats(1e-12, 1e12), scales)
def test_there_and_back(value: float, scale: str) -> None:
    assert backward(forward_one(value, scale), scale) == pytest.approx(value, rel=1e-6, abs=1e-9)


def test_what_a_logarithm_cannot_show_is_a_gap() -> None:
    assert np.isnan(forward(np.array([0.0, -1.0, np.nan]), "log")).all()
    assert forward_one(-9.0, "symlog") == -forward_one(9.0, "symlog")


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), scales, st.integers(2, 10))
def test_ticks_lie_inside_rise_and_are_few(low: float, span: float, scale: str, count: int) -> None:
    if scale != "linear":
        low, span = max(min(low, 12), -12), min(span, 20)
    bottom, top = rounded(low, low + span, scale, count)
    ticks = value_ticks(bottom, top, scale, count)
    positions = [tick.position for tick in ticks]
    assert positions == sorted(positions)
    assert all(bottom - 1e-6 * (top - bottom) <= p <= top + 1e-6 * (top - bottom) for p in positions)
    assert len(ticks) <= 3 * count + 8
    assert bottom <= low + 1e-6 * span
    assert top >= low + span - 1e-6 * span


def test_labels_are_plain() -> None:
    assert [t.label for t in value_ticks(0, 2, "linear", 4)] == ["0.0", "0.5", "1.0", "1.5", "2.0"]
    assert [t.label for t in value_ticks(-2, 0, "log", 4)] == ["0.01", "0.1", "1"]
    assert [t.label for t in x_ticks(0, 3000, "step", 4)] == ["0", "1,000", "2,000", "3,000"]
    assert [t.label for t in x_ticks(0, 180, "time", 3)] == ["0", "1\u00a0min", "2\u00a0min", "3\u00a0min"]


@given(st.floats(1e-9, 1e9), st.integers(1, 12))
def test_steps_are_one_two_or_five(span: float, count: int) -> None:
    step = nice_step(span, count)
    mantissa = step / 10 ** np.floor(np.log10(step) + 1e-9)
    assert min(abs(mantissa - n) for n in (1, 2, 5, 10)) < 1e-6
    assert span / step <= count * (1 + 1e-6)
