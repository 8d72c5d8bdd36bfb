"""What goes into a metric is checked; how sure a number is is that of its samples."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ganstudio.metrics.figures import AT_ONCE, MetricError, bootstrapped, bootstrapped_mean, checked, share


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


@pytest.mark.parametrize("yes", [True, False])
def test_a_unanimous_share_is_not_told_as_certain(yes: bool):
    figure = share(torch.full((1000,), yes))
    assert figure.value == float(yes) and figure.spread > 0 and "exact binomial" in figure.how
    edge = figure.low if yes else 1 - figure.high  # so improbable is a unanimous answer at the edge: 2.5 %
    assert edge**1000 == pytest.approx(0.025)
    assert figure.low <= figure.value <= figure.high


def test_equal_values_that_are_no_shares_have_no_spread():
    figure = bootstrapped_mean(torch.full((100,), 1.0))
    assert figure.spread == 0 and figure.how == "bootstrap over 100 samples"
    assert share(torch.tensor([True, False])).value == 0.5


def test_a_statistic_that_resampling_lowers_keeps_its_value_inside():
    """How many of 400 kinds are seen: resampling loses a third of them."""
    kinds = np.arange(400)
    figure = bootstrapped(lambda index: float(len(np.unique(kinds[index]))), 400, most=400.0)
    assert figure.low <= figure.value == 400 == figure.high
