"""Up, filter, down against scipy's upfirdn, and what a constant picture must become."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.signal import upfirdn
from torch import Tensor

from ganstudio.nets.filters import doubled, halved, kernel, resample

TAPS: dict[str, tuple[float, ...]] = {
    "box": (1, 1), "tent": (1, 2, 1), "binomial": (1, 3, 3, 1), "lopsided": (3, 1, 4, 1, 5),
}  # fmt: skip


def picture(height: int = 7, width: int = 10, seed: int = 0) -> Tensor:
    random = torch.Generator().manual_seed(seed)
    return torch.randn(2, 3, height, width, dtype=torch.float64, generator=random)


def expected(x: Tensor, taps: Tensor, up: int, down: int, before: int, after: int) -> NDArray[np.float64]:
    """Spread, padded, convolved and thinned along one axis after the other, by scipy."""
    found = x.numpy()
    for axis in (2, 3):
        wide = np.apply_along_axis(
            lambda row: _along(row, taps.numpy(), up, down, before, after), axis, found
        )
        found = wide
    return found


def _along(
    row: NDArray[np.float64], taps: NDArray[np.float64], up: int, down: int, before: int, after: int
) -> NDArray[np.float64]:
    spread = np.zeros(len(row) * up)
    spread[::up] = row
    padded = np.pad(spread, (max(before, 0), max(after, 0)))
    padded = padded[max(-before, 0) : len(padded) - max(-after, 0)]
    full = upfirdn(taps * up, padded)  # convolution at every place; then those where the filter lies inside
    return full[len(taps) - 1 : len(padded)][::down]


@pytest.mark.parametrize("taps", TAPS.values(), ids=TAPS)
@pytest.mark.parametrize(("up", "down"), [(1, 1), (2, 1), (1, 2), (4, 1), (3, 2)])
def test_it_is_scipys(taps: tuple[float, ...], up: int, down: int):
    x, filter = picture(), kernel(taps).double()
    for before, after in ((3, 4), (0, 0), (-1, 2)):
        made = resample(x, filter, up, down, (before, after, before, after))
        assert np.allclose(made.numpy(), expected(x, filter, up, down, before, after), atol=1e-12)


@settings(max_examples=25, deadline=None)
@given(
    size=st.tuples(st.integers(4, 9), st.integers(4, 9)), up=st.integers(1, 3), down=st.integers(1, 3),
    padding=st.tuples(*[st.integers(-1, 4)] * 4), taps=st.sampled_from(list(TAPS.values())),
)  # fmt: skip
def test_the_size_is_as_promised(
    size: tuple[int, int], up: int, down: int, padding: tuple[int, int, int, int], taps: tuple[float, ...]
):
    left, right, top, bottom = padding
    high, wide = size[0] * up + top + bottom - len(taps), size[1] * up + left + right - len(taps)
    if min(high, wide) < 0:
        return
    made = resample(picture(*size), kernel(taps).double(), up, down, padding)
    assert made.shape == (2, 3, high // down + 1, wide // down + 1)


@pytest.mark.parametrize("taps", TAPS.values(), ids=TAPS)
def test_doubling_and_halving_change_the_size_by_two(taps: tuple[float, ...]):
    x, filter = picture(6, 10), kernel(taps).double()
    assert doubled(x, filter).shape == (2, 3, 12, 20)
    assert halved(x, filter).shape == (2, 3, 3, 5)


@pytest.mark.parametrize("taps", [TAPS["box"], TAPS["binomial"]], ids=["box", "binomial"])
def test_a_constant_stays_what_it_is_away_from_the_edge(taps: tuple[float, ...]):
    x, filter = torch.full((1, 2, 12, 12), 3.0), kernel(taps)
    for made in (doubled(x, filter), halved(x, filter)):
        assert torch.allclose(made[:, :, 2:-2, 2:-2], torch.tensor(3.0))
    assert torch.allclose(doubled(x, filter, gain=0.5)[:, :, 2:-2, 2:-2], torch.tensor(1.5))


def test_a_box_repeats_and_averages():
    x, box = picture(4, 4), kernel((1, 1)).double()
    repeated = x.repeat_interleave(2, 2).repeat_interleave(2, 3)
    assert torch.allclose(doubled(x, box), repeated)
    assert torch.allclose(halved(x, box), x.unflatten(3, (2, 2)).unflatten(2, (2, 2)).mean((3, 5)))
    assert torch.allclose(halved(repeated, box), x)


def test_taps_sum_to_one():
    assert kernel((1, 3, 3, 1)).tolist() == [0.125, 0.375, 0.375, 0.125]


def test_the_slope_is_the_filter_turned_round():
    """gradcheck: first and second derivatives, which penalties need."""
    x = picture(4, 4)[:1, :1].requires_grad_()
    filter = kernel((3, 1, 4)).double()
    assert torch.autograd.gradcheck(lambda p: resample(p, filter, 2, 1, (1, 1, 1, 1)).square(), x)
    assert torch.autograd.gradgradcheck(lambda p: resample(p, filter, 2, 1, (1, 1, 1, 1)).square(), x)
