"""Layers with an equalised learning rate (Karras 2018, arXiv:1710.10196, section 4.1).

Weights are drawn from N(0, 1) and scaled by He's constant whenever they are used, so that an optimizer that normalises
gradients (Adam) moves every weight as fast in relation to its size as every other. ``lr_multiplier`` slows a layer
further: its weights begin larger by what they are used smaller (Karras 2019, arXiv:1812.04948, appendix C).
"""

from __future__ import annotations

from math import sqrt

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, linear


class EqualizedLinear(nn.Module):
    """(N, ..., inputs) -> (N, ..., outputs); ``gain`` 1 keeps the variance, sqrt 2 does so before a rectifier."""

    def __init__(
        self, inputs: int, outputs: int, bias: bool = True, gain: float = 1.0, lr_multiplier: float = 1.0,
        bias_start: float = 0.0,
    ) -> None:  # fmt: skip
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs) / lr_multiplier)
        self.bias = nn.Parameter(torch.full((outputs,), bias_start / lr_multiplier)) if bias else None
        self.scale, self.lr_multiplier = gain * lr_multiplier / sqrt(inputs), lr_multiplier

    def forward(self, x: Tensor) -> Tensor:
        """The scaled weights' linear map of ``x``."""
        bias = None if self.bias is None else self.bias * self.lr_multiplier
        return linear(x, self.weight * self.scale, bias)


class EqualizedConv2d(nn.Module):
    """(N, inputs, H, W) -> (N, outputs, H, W) at stride 1, edges filled with zeros."""

    def __init__(
        self, inputs: int, outputs: int, size: int = 3, bias: bool = True, gain: float = 1.0
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, size, size))
        self.bias = nn.Parameter(torch.zeros(outputs)) if bias else None
        self.scale, self.padding = gain / sqrt(inputs * size * size), size // 2

    def forward(self, x: Tensor) -> Tensor:
        """The scaled weights' convolution of ``x``."""
        return conv2d(x, self.weight * self.scale, self.bias, padding=self.padding)
