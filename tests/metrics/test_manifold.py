"""Precision, recall, density, coverage and neighbours: known answers, peers, exactness at the edge of a ball."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from ganstudio.data import Cancelled
from ganstudio.metrics import distances
from ganstudio.metrics.distances import Cloud, middle_of, nearest
from ganstudio.metrics.figures import MetricError
from ganstudio.metrics.manifold import NAEEM, Balls, manifold, membership
from ganstudio.metrics.neighbours import memory, neighbours

whole = slice(0, 300)


def normal(count: int, width: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(count, width, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks so small that every sum goes over several of them."""
    for module in ("ganstudio.metrics.distances", "ganstudio.metrics.manifold"):
        monkeypatch.setattr(f"{module}.ROWS", 37)
        monkeypatch.setattr(f"{module}.COLUMNS", 64)


# ---------------------------------------------------------------- known answers


def test_a_set_against_itself():
    x = normal(800, 8)
    found = manifold(x, x)
    assert (found.precision.value, found.recall.value, found.coverage.value) == (1, 1, 1)
    # Every sample is in its own ball, and on average in those of the k - 1 that are nearer than their k-th.
    assert found.density.value == pytest.approx(1, abs=0.05)


def test_narrow_samples_are_precise_and_recall_little():
    real, made = 3 * normal(1000, 2, 1), 0.1 * normal(1000, 2, 2)
    found = manifold(made, real)
    assert found.precision.value > 0.95 and found.recall.value < 0.05 and found.coverage.value < 0.05


def test_far_samples_are_neither_precise_nor_recall():
    found = manifold(normal(200, 4, 1) + 100, normal(200, 4, 2))
    assert [f.value for f in (found.precision, found.recall, found.density, found.coverage)] == [0, 0, 0, 0]


def test_on_a_line_by_hand():
    real = torch.tensor([[0.0], [1.0], [2.0], [10.0]]).double()
    made = torch.tensor([[1.5], [3.0], [18.0], [30.0]]).double()
    one = Balls(1, inclusive=True)
    found = membership(made, real, one, Balls(1, inclusive=False))
    # Radii of the real balls: 1, 1, 1, 8; 3 lies on the edge of the ball around 2, 18 on that around 10.
    assert found.precise.tolist() == [True, True, True, False]
    assert found.dense.tolist() == [2, 1, 0, 0]  # 1.5 in two balls, 3 in the wide ball around 10
    assert found.covered.tolist() == [False, True, True, True]
    # Radii of the generated balls: 1.5, 1.5, 12, 12.
    assert found.recalled.tolist() == [True, True, True, True]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_too_few_samples_are_told(count: int):
    with pytest.raises(MetricError):
        manifold(normal(count, 3), normal(100, 3))


def test_it_can_be_stopped():
    with pytest.raises(Cancelled):
        manifold(normal(50, 3, 1), normal(50, 3, 2), cancelled=lambda: True)


# ---------------------------------------------------------------- peers


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("width", [2, 64, 512])
@pytest.mark.parametrize("kind", [torch.float32, torch.float64])
def test_agrees_with_prdc(width: int, kind: torch.dtype):
    from prdc import compute_prdc

    real, made = normal(500, width, 1).to(kind), (0.9 * normal(400, width, 2) + 0.1).to(kind)
    with contextlib.redirect_stdout(io.StringIO()):
        theirs = compute_prdc(real.double().numpy(), made.double().numpy(), nearest_k=5)
    ours = manifold(made, real, NAEEM, NAEEM)
    for name, value in theirs.items():
        assert getattr(ours, name).value == pytest.approx(value, rel=1e-12), name


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("width", [2, 64, 512])
def test_agrees_with_torch_fidelity(width: int):
    from torch_fidelity.metric_prc import prc_features_to_metric

    made, real = 1.1 * normal(450, width, 3), normal(350, width, 4)
    theirs = prc_features_to_metric(
        made, real, prc_neighborhood=3, prc_batch_size=100, save_cpu_ram=True, verbose=False
    )
    ours = manifold(made, real)
    assert ours.precision.value == pytest.approx(theirs["precision"], rel=1e-6)
    assert ours.recall.value == pytest.approx(theirs["recall"], rel=1e-6)


# ---------------------------------------------------------------- exactness


def brute(made: torch.Tensor, real: torch.Tensor, k: int) -> list[bool]:
    """Precision with the edge, from differences in float64."""
    within = (real[:, None] - real[None]).square().sum(-1).sort(1).values[:, k]
    return ((made[:, None] - real[None]).square().sum(-1) <= within).any(1).tolist()


@given(st.integers(0, 10**6), st.integers(-20, 20), st.integers(-10, 10))
@settings(max_examples=25)
def test_decisions_are_those_of_float64_wherever_the_samples_lie(seed: int, shift: int, scale: int):
    grid = torch.randint(0, 4, (120, 3), generator=torch.Generator().manual_seed(seed)).double()
    # On a grid many samples lie exactly on edges, and many are the same. Powers of two keep differences exact: with
    # others the order of a sum decides what lies on an edge, and no answer is the right one.
    x = grid * 2.0**scale + 2.0**shift
    made, real = x[:60], x[60:]
    assert membership(made, real, Balls(3, True)).precise.tolist() == brute(made, real, 3)


def alike(count: int, width: int, seed: int) -> torch.Tensor:
    """Samples that all point the same way: sums of products only grow, the worst case for their rounding."""
    return normal(count, 1, seed).abs() + 0.01 * normal(count, width, seed + 1)


@pytest.mark.parametrize("draw", [normal, alike])
def test_products_are_as_sharp_as_they_are_taken_to_be(draw: Callable[[int, int, int], torch.Tensor]):
    x, y = draw(300, 2048, 1), draw(300, 2048, 2) * 3
    a, b = (Cloud(v, torch.zeros(2048).double()) for v in (x, y))
    block = a.between(b, whole, whole)
    exact = torch.cdist(x, y, compute_mode="donot_use_mm_for_euclid_dist").square()
    off = (block.squared.double() - exact).abs()
    assert (off < 0.5 * distances.ROUNDING * (a.norms.unsqueeze(1) + b.norms)).all()


@pytest.mark.parametrize("along", [0, 1])
@pytest.mark.parametrize("inclusive", [True, False])
def test_only_doubtful_pairs_are_worked_out_again(
    along: int, inclusive: bool, monkeypatch: pytest.MonkeyPatch
):
    x, y = normal(200, 64, 1), normal(300, 64, 2)
    x[:9] = y[:9] + normal(9, 64, 3)
    a, b = (Cloud(v, middle_of(x)) for v in (x, y))
    looked: list[int] = []
    original = distances.exact_of
    monkeypatch.setattr(distances, "exact_of", lambda *args: looked.append(len(args[2])) or original(*args))
    exact = original(x, y, *torch.ones(200, 300).nonzero(as_tuple=True)).view(200, 300)
    # Every limit is exactly the distance of one of its pairs: for the first half of a near one, then of a nearest one.
    limit = exact.sort(1 - along).values.select(1 - along, 20)
    limit[100:] = exact.amin(1 - along)[100:]
    at = limit.unsqueeze(1) if along == 0 else limit
    wanted = exact <= at if inclusive else exact < at
    block = a.between(b, slice(0, 200), slice(0, 300))
    assert torch.equal(block.inside(limit, along, inclusive), wanted)
    assert len(limit) <= sum(looked) < 0.02 * exact.numel()
    looked.clear()
    assert torch.equal(block.reached(limit, along, inclusive), wanted.any(along))
    assert sum(looked) < 0.02 * exact.numel()


@pytest.mark.usefixtures("small_blocks")
def test_nearest_samples_are_the_nearest():
    x, y = normal(150, 5, 1), normal(210, 5, 2)
    middle = middle_of(y)
    squared, index = nearest(Cloud(x, middle), Cloud(y, middle), 4)
    wanted = (x[:, None] - y[None]).square().sum(-1).sort(1)
    assert torch.equal(index, wanted.indices[:, :4])
    assert torch.allclose(squared, wanted.values[:, :4], rtol=1e-12)
    own = Cloud(y, middle)
    squared, index = nearest(own, own, 3)
    assert torch.equal(index[:, 0], torch.arange(210)) and not squared[:, 0].any()
    assert torch.allclose(squared, (y[:, None] - y[None]).square().sum(-1).sort(1).values[:, :3], rtol=1e-12)


# ---------------------------------------------------------------- memory


def test_copies_are_found_with_their_originals():
    training, held_out = normal(500, 6, 1), normal(300, 6, 2)
    picked = torch.tensor([7, 400, 33])
    found = neighbours(training[picked] + 1e-4, training, 2)
    assert found.index[:, 0].tolist() == picked.tolist()
    assert found.distance[:, 0].tolist() == pytest.approx([1e-4 * 6**0.5] * 3, rel=1e-6)
    copies = memory(training[:200] + 0.01 * normal(200, 6, 3), training, held_out)
    assert copies.copied.value > 0.95 and copies.nearer.value > 0.95 and copies.score < -10


def test_fresh_samples_are_no_copies():
    training, held_out = normal(500, 6, 1), normal(300, 6, 2)
    found = memory(normal(300, 6, 3), training, held_out)
    assert found.copied.value == pytest.approx(0.05, abs=0.04)
    assert abs(found.score) < 3 and found.nearer.value == pytest.approx(0.5, abs=0.08)
    assert found.nearer.low <= found.nearer.value <= found.nearer.high


def test_training_samples_stand_in_where_nothing_was_held_out():
    training = normal(400, 6, 1)
    fresh, copies = (
        memory(normal(300, 6, 2), training),
        memory(training[:100] + 0.01 * normal(100, 6, 3), training),
    )
    assert abs(fresh.score) < 3 and copies.copied.value > 0.95
    own = torch.arange(400).unsqueeze(1)
    assert not (fresh.held_out.index == own).any()
    wanted = (training[:, None] - training[None]).square().sum(-1).sort(1).values[:, 1:4].sqrt()
    assert torch.allclose(fresh.held_out.distance, wanted, rtol=1e-9)
    same = memory(normal(20, 6, 2), training[:1].repeat(30, 1))
    assert not same.held_out.distance.any() and same.copied.value == 0


def test_samples_far_from_all_data_are_farther_than_held_out_ones():
    found = memory(normal(100, 4, 3) + 20, normal(100, 4, 1), normal(100, 4, 2))
    assert found.nearer.value == 0 and found.score > 10 and found.copied.value == 0


def test_the_bootstrap_of_a_share_is_its_binomial_spread():
    found = manifold(0.9 * normal(1000, 3, 1), normal(1000, 3, 2)).precision
    wanted = np.sqrt(found.value * (1 - found.value) / 1000)
    assert found.spread == pytest.approx(wanted, rel=0.25)
    assert found.low < found.value < found.high


def test_torch_multiplies_where_onednn_is_missing(monkeypatch: pytest.MonkeyPatch):
    x, y = normal(30, 16, 1).float(), normal(20, 16, 2).float()
    found = distances.product(x, y)
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)
    assert torch.allclose(distances.product(x, y), found, atol=1e-5)
    assert torch.allclose(found, x @ y.T, atol=1e-5)
