"""The inception score: its ends, and the number of torch-fidelity."""

from __future__ import annotations

import pytest
import torch

from ganstudio.metrics.figures import MetricError
from ganstudio.metrics.inception import inception_score

SURE = 60.0


def test_balanced_and_sure_answers_reach_the_number_of_classes():
    logits = SURE * torch.eye(10).repeat(100, 1)
    assert inception_score(logits, splits=1).value == pytest.approx(10, rel=1e-9)
    assert inception_score(logits, splits=10, seed=None).value == pytest.approx(10, rel=1e-9)


@pytest.mark.parametrize("logits", [torch.zeros(100, 10), SURE * torch.eye(10)[:1].repeat(100, 1)])
def test_answers_that_are_all_alike_score_one(logits: torch.Tensor):
    found = inception_score(logits)
    assert found.value == pytest.approx(1, abs=1e-12)
    assert found.spread == pytest.approx(0, abs=1e-12)


def test_infinitely_sure_answers_are_no_trouble():
    logits = torch.full((20, 4), -1e30)
    logits[torch.arange(20), torch.arange(20) % 4] = 1e30
    assert inception_score(logits, splits=1).value == pytest.approx(4)


def test_more_splits_than_samples_are_told():
    with pytest.raises(MetricError, match="3 samples cannot be divided into 10 splits"):
        inception_score(torch.zeros(3, 5))


@pytest.mark.parametrize("count", [1000, 1003])
@pytest.mark.parametrize("shuffle", [True, False])
def test_agrees_with_torch_fidelity(count: int, shuffle: bool):
    from torch_fidelity.metric_isc import isc_features_to_metric

    logits = 3 * torch.randn(count, 50, generator=torch.Generator().manual_seed(0))
    theirs = isc_features_to_metric(logits, splits=10, shuffle=shuffle, rng_seed=2020)
    ours = inception_score(logits, seed=2020 if shuffle else None)
    assert ours.value == pytest.approx(theirs["inception_score_mean"], rel=1e-10)
    assert ours.spread == pytest.approx(theirs["inception_score_std"], rel=1e-8)
