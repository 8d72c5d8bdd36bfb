"""Up, filter, down: what sampling theory asks of a change of size, in plain torch.

A picture is spread by putting zeros between its pixels, filtered, and thinned out (any text on multirate signal
processing, e.g. Vaidyanathan 1993, chapter 4). A filter that sums to one keeps the mean of a constant picture, if
spreading multiplies by the number of pixels that one pixel becomes.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import conv2d, conv_transpose2d, pad

Padding = tuple[int, int, int, int]
"""Left, right, top, bottom; negative numbers cut off."""


def kernel(taps: Sequence[float]) -> Tensor:
    """Separable taps to one filter (K,) that sums to one, in float32."""
    filter = torch.tensor(list(taps), dtype=torch.float32)
    return filter / filter.sum()


def resample(
    x: Tensor, taps: Tensor, up: int = 1, down: int = 1, padding: Padding = (0, 0, 0, 0), gain: float = 1.0
) -> Tensor:
    """Maps (N, C, H, W), spread by ``up``, padded, filtered along both axes with ``taps`` (K,) and thinned by ``down``.

    The result is ((H * up + top + bottom - K) // down + 1) pixels high. It is multiplied by ``gain`` and by up^2, so
    that a constant keeps its value. Filters are convolved, not correlated: the taps are turned round.
    """
    if up > 1:
        return _spread(x, taps, up, padding, gain)[:, :, ::down, ::down]
    channels, (left, right, top, bottom) = x.shape[1], padding
    row = taps.to(x.dtype).flip(0)
    across = row.reshape(1, 1, 1, -1).expand(channels, 1, 1, -1)
    along = (row * gain).reshape(1, 1, -1, 1).expand(channels, 1, -1, 1)
    if left == right >= 0 and top == bottom >= 0:  # the convolutions pad by themselves, without a copy
        x = conv2d(x, across, groups=channels, stride=(1, down), padding=(0, left))
        return conv2d(x, along, groups=channels, stride=(down, 1), padding=(top, 0))
    x = conv2d(pad(x, padding), across, groups=channels, stride=(1, down))
    return conv2d(x, along, groups=channels, stride=(down, 1))


def _spread(x: Tensor, taps: Tensor, up: int, padding: Padding, gain: float) -> Tensor:
    """Spread and filtered at once: a transposed convolution spends nothing on the zeros between pixels."""
    channels, edge = x.shape[1], taps.numel() - 1
    row = (taps * up).to(x.dtype)
    across = row.reshape(1, 1, 1, -1).expand(channels, 1, 1, -1)
    along = (row * gain).reshape(1, 1, -1, 1).expand(channels, 1, -1, 1)
    left, right, top, bottom = padding
    sides, ends = _cut(edge - left, edge - right - up + 1), _cut(edge - top, edge - bottom - up + 1)
    x = conv_transpose2d(x, across, groups=channels, stride=(1, up), padding=(0, sides[0]))
    x = conv_transpose2d(x, along, groups=channels, stride=(up, 1), padding=(ends[0], 0))
    rest = (*sides[1:], *ends[1:])
    return pad(x, rest) if any(rest) else x


def _cut(low: int, high: int) -> tuple[int, int, int]:
    """What a transposed convolution can leave out at both ends by itself, and what is still to be added at each."""
    both = max(0, min(low, high))
    return both, both - low, both - high


def doubled(x: Tensor, taps: Tensor, gain: float = 1.0) -> Tensor:
    """(N, C, H, W) -> (N, C, 2H, 2W), filtered with ``taps`` (K,)."""
    size = taps.numel()
    before, after = (size + 1) // 2, (size - 2) // 2
    return resample(x, taps, up=2, padding=(before, after, before, after), gain=gain)


def halved(x: Tensor, taps: Tensor, gain: float = 1.0) -> Tensor:
    """(N, C, H, W) -> (N, C, H/2, W/2), filtered with ``taps`` (K,)."""
    size = taps.numel()
    before, after = (size - 1) // 2, (size - 2) // 2
    return resample(x, taps, down=2, padding=(before, after, before, after), gain=gain)
