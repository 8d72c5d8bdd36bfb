"""Modulated convolution (Karras 2020, arXiv:1912.04958, section 2.2).

Every sample has filters of its own: the learned ones, with input channel i multiplied by the sample's style s_i. As a
convolution is linear, it is the same to multiply the feature maps instead of the filters,

    sum_i (s_i W_oi) * x_i = sum_i W_oi * (s_i x_i),

so one plain convolution serves the whole batch, where filters for each sample would take a grouped one. Demodulation
divides each output channel by the length of its sample's filters, which is a product of squares and needs no filters
for each sample either.
"""

from __future__ import annotations

from math import sqrt

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, conv_transpose2d, linear

from ganstudio.nets.equalized import EqualizedLinear
from ganstudio.nets.filters import kernel, resample

EPS = 1e-8
BINOMIAL = (1, 3, 3, 1)
"""The filter of StyleGAN2's changes of size."""


class ModulatedConv2d(nn.Module):
    """Maps (N, inputs, H, W) and styles w (N, width) -> (N, outputs, H, W) at stride 1.

    The style's scales are a learned affine map of w that begins at one. ``padding`` defaults to what keeps the size.
    """

    def __init__(
        self, inputs: int, outputs: int, width: int, size: int = 3, demodulate: bool = True,
        padding: int | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.style = EqualizedLinear(width, inputs, bias_start=1.0)
        self.weight = nn.Parameter(torch.randn(outputs, inputs, size, size))
        self.scale = 1 / sqrt(inputs * size * size)
        self.demodulate = demodulate
        self.padding = size // 2 if padding is None else padding

    def forward(self, x: Tensor, w: Tensor, gain: float | Tensor = 1.0) -> Tensor:
        """The convolution of each sample with its filters; ``gain`` multiplies the result."""
        with torch.autocast(w.device.type, enabled=False):
            scales = self.style(w)
        return self.modulated(x, scales, gain)

    def modulated(self, x: Tensor, scales: Tensor, gain: float | Tensor = 1.0) -> Tensor:
        """The same for scales (N, inputs)."""
        y = self.convolve(x * scales.to(x.dtype)[:, :, None, None], self.weight * self.scale)
        if not self.demodulate:
            return y * gain
        with torch.autocast(scales.device.type, enabled=False):
            lengths = self.demodulation(scales) * gain
        return y * lengths.to(y.dtype)[:, :, None, None]

    def demodulation(self, scales: Tensor) -> Tensor:
        """1 / length of the filters to each output channel for scales (N, inputs): (N, outputs) (equation 3)."""
        power = (self.weight * self.scale).square().sum((2, 3))
        return (linear(scales.square(), power) + EPS).rsqrt()

    def convolve(self, x: Tensor, weight: Tensor) -> Tensor:
        """What is done with the modulated maps, linear in both."""
        return conv2d(x, weight, padding=self.padding)


class GrowingModulatedConv2d(ModulatedConv2d):
    """Maps (N, inputs, H, W) and styles w (N, width) -> (N, outputs, 2H, 2W).

    A transposed convolution spreads the pixels, and the binomial filter smooths what lies between them: the same as
    doubling first, with a quarter of the products.
    """

    taps: Tensor

    def __init__(self, inputs: int, outputs: int, width: int) -> None:
        super().__init__(inputs, outputs, width)
        self.register_buffer("taps", kernel(BINOMIAL), persistent=False)

    def convolve(self, x: Tensor, weight: Tensor) -> Tensor:
        """Spread, convolved, filtered; multiplied by the four pixels that one becomes."""
        spread = conv_transpose2d(x, weight.transpose(0, 1), stride=2)
        return resample(spread, self.taps, padding=(1, 1, 1, 1), gain=4.0)
