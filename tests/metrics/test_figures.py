"""What goes into a metric is checked; how sure a number is is that of its samples."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ganstudio.metrics.figures import AT_ONCE, MetricError, bootstrapped_mean, checked


@pytest.mark.parametrize("bad", [torch.nan, torch.inf, -torch.inf])
@pytest.mark.parametrize("place", [0, AT_ONCE, 2 * AT_ONCE + 6])
def test_a_single_value_that_is_no_number_is_found(bad: float, place: int):
    x = torch.zeros(2 * AT_ONCE + 7, 3)
    x[place, 1] = bad
    with pytest.raises(MetricError, match="not finite numbers"):
        checked(x)


def test_sums_that_grow_too_large_are_no_fault():
    x = torch.full((10, 3), 3e38)
    assert torch.equal(checked(x), x)
    x[0, 0] = -torch.inf
    with pytest.raises(MetricError, match="not finite numbers"):
        checked(x)


def test_the_bootstrap_of_a_mean_is_its_standard_error():
    values = np.random.default_rng(0).normal(3, 2, 2000)
    found = bootstrapped_mean(values)
    assert found.spread == pytest.approx(2 / np.sqrt(2000), rel=0.1)
    assert found.low < found.value < found.high and found.value == values.mean()
