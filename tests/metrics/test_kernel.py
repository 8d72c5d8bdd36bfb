"""The kernel distance: by hand, without bias, and as torch-fidelity and torchmetrics have it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ganstudio.data import Cancelled
from ganstudio.metrics import kernel
from ganstudio.metrics.figures import MetricError
from ganstudio.metrics.kernel import kernel_figure, mmd2, subsets


def normal(count: int, width: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(count, width, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_by_hand():
    x, y = torch.tensor([[0.0], [1.0]]).double(), torch.tensor([[2.0], [0.0]]).double()
    # k(0, 1) = 1; k(2, 0) = 1; k(0, 2) = k(0, 0) = 1, k(1, 2) = 27, k(1, 0) = 1
    assert mmd2(x, y).item() == pytest.approx(1 + 1 - 2 * (1 + 1 + 27 + 1) / 4)


def test_it_is_without_bias_where_the_distributions_are_the_same():
    found = [mmd2(normal(20, 4, seed), normal(20, 4, seed + 1000)).item() for seed in range(400)]
    assert abs(np.mean(found)) < 3 * np.std(found) / 20
    assert min(found) < 0 < max(found)


def test_subsets_have_no_sample_twice_and_come_again():
    one, other = list(subsets(50, 30, 20, 3, seed=1)), list(subsets(50, 30, 20, 3, seed=1))
    for (a, b), (c, d) in zip(one, other, strict=True):
        assert len(set(a)) == len(set(b)) == 20
        assert (a == c).all() and (b == d).all()


def test_subsets_of_all_samples_do_not_vary():
    found = kernel_figure(normal(40, 3, 1), normal(40, 3, 2), count=5, size=40)
    assert found.spread == pytest.approx(0, abs=1e-12)


def test_too_few_samples_are_told():
    with pytest.raises(MetricError, match="Subsets of 1,000 cannot be drawn from 10 and 2,000 samples"):
        kernel_figure(normal(10, 3), normal(2000, 3))


def test_it_can_be_stopped():
    with pytest.raises(Cancelled):
        kernel_figure(normal(40, 3, 1), normal(40, 3, 2), count=5, size=40, cancelled=lambda: True)


@pytest.mark.parametrize("count", [4, 40])
def test_agrees_with_torch_fidelity_on_the_same_subsets(count: int, monkeypatch: pytest.MonkeyPatch):
    """Both ways: 4 subsets one by one, 40 from all pairs."""
    monkeypatch.setattr(kernel, "BLOCK", 256)
    ways: list[str] = []
    for name in ("_one_by_one", "_from_all_pairs"):
        original = getattr(kernel, name)
        monkeypatch.setattr(kernel, name, lambda *a, o=original, n=name: ways.append(n) or o(*a))
    from torch_fidelity.metric_kid import kid_features_to_metric

    a, b = normal(700, 64, 1), normal(600, 64, 2).exp()
    theirs = kid_features_to_metric(
        a, b, kid_subsets=count, kid_subset_size=200, rng_seed=2020, verbose=False, kid_kernel="poly",
        kid_kernel_poly_degree=3, kid_kernel_poly_gamma=None, kid_kernel_poly_coef0=1,
    )  # fmt: skip
    ours = kernel_figure(a, b, count=count, size=200, seed=2020)
    assert ways == ["_one_by_one" if count == 4 else "_from_all_pairs"]
    assert ours.value == pytest.approx(theirs["kernel_inception_distance_mean"], rel=1e-10)
    assert ours.spread == pytest.approx(theirs["kernel_inception_distance_std"], rel=1e-9)


def test_agrees_with_torchmetrics():
    from torchmetrics.image.kid import poly_mmd

    a, b = normal(300, 32, 1), normal(300, 32, 2) * 1.3
    assert mmd2(a, b).item() == pytest.approx(poly_mmd(a, b).item(), rel=1e-9)
