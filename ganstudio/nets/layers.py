"""Layers that several families share."""

from __future__ import annotations

from math import gcd, sqrt

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate, leaky_relu

SLOPE = 0.2
"""Of leaky rectifiers, as in DCGAN."""
GROUP = 16
"""Channels that group norm takes together, where the channels divide so (Wu & He 2018, table 3)."""


class PixelNorm(nn.Module):
    """x / sqrt(mean over channels of x^2 + 1e-8), at every pixel (Karras 2018, arXiv:1710.10196, section 4.2)."""

    eps = 1e-8

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, ...) -> the same shape, of mean square one across channels."""
        return x * (x.square().mean(1, keepdim=True) + self.eps).rsqrt()


def groups_of(channels: int) -> int:
    """How many groups: of 16 channels, or of as many as divide both; never groups of one."""
    size = gcd(channels, GROUP)
    return channels // size if size > 1 else 1


def normalization(name: str, channels: int, maps: bool = True, affine: bool = True) -> list[nn.Module]:
    """The normalisation of that name for maps (N, C, H, W) or vectors (N, C), as one layer or none.

    Layer norm of maps is group norm with one group: mean and variance over channels and pixels of a sample, gain and
    shift for each channel, as the critics of WGAN-GP have it (Gulrajani 2017, arXiv:1704.00028, section 4).
    """
    if name == "none":
        return []
    if name == "batch":
        kind = nn.BatchNorm2d if maps else nn.BatchNorm1d
        return [kind(channels, affine=affine)]
    if name == "instance":
        return [nn.InstanceNorm2d(channels, affine=affine)]
    if name == "pixel":
        return [PixelNorm()]
    if name == "layer" and not maps:
        return [nn.LayerNorm(channels)]
    groups = {"layer": 1, "group": groups_of(channels)}[name]
    return [nn.GroupNorm(groups, channels, affine=affine)]


def has_shift(name: str) -> bool:
    """Whether a normalisation brings a shift of its own, so that the layer before it needs no bias."""
    return name not in ("none", "pixel")


class ConditionalNorm(nn.Module):
    """A normalisation whose gain and shift depend on a condition (de Vries 2017; Brock 2019, arXiv:1809.11096).

    ``gain`` and ``shift`` turn the condition into (N, C); the gain is one plus what they say, so that a condition
    that says nothing changes nothing. Neither is ever spectrally normalised.
    """

    def __init__(self, name: str, channels: int, gain: nn.Module, shift: nn.Module) -> None:
        super().__init__()
        self.norm = nn.Sequential(*normalization(name, channels, affine=False))
        self.gain, self.shift = gain, shift

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        """Maps (N, C, H, W), and labels (N,) or vectors (N, D), to maps of the same shape."""
        gain = 1 + self.gain(condition)
        return self.norm(x) * gain[:, :, None, None] + self.shift(condition)[:, :, None, None]


class PlainNorm(nn.Module):
    """A normalisation that takes a condition and does not look at it."""

    def __init__(self, name: str, channels: int) -> None:
        super().__init__()
        self.norm = nn.Sequential(*normalization(name, channels))

    def forward(self, x: Tensor, condition: Tensor | None = None) -> Tensor:
        """(N, C, H, W) -> the same shape."""
        return self.norm(x)


class BiasedActivation(nn.Module):
    """Leaky rectifier after a shift for each channel."""

    gain = sqrt(2 / (1 + SLOPE**2))
    """What weights of unit gain must be multiplied by to keep the variance through it (He 2015)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> the same shape."""
        return leaky_relu(x + self.bias[:, None, None].to(x.dtype), SLOPE)


ACTIVATIONS = (nn.ReLU, nn.LeakyReLU, nn.ELU, nn.Tanh, BiasedActivation)
"""The kinds of layer behind which a discriminator's values can be dropped."""


def doubled(x: Tensor) -> Tensor:
    """(N, C, H, W) -> (N, C, 2H, 2W): every pixel four times (nearest)."""
    return interpolate(x, scale_factor=2.0, mode="nearest")


def halved(x: Tensor) -> Tensor:
    """(N, C, H, W) -> (N, C, H/2, W/2): means of two by two pixels."""
    return avg_pool2d(x, 2)


class Up(nn.Module):
    """Doubles the size with the filter [1, 2, 1] / 4 in both directions; beyond the edge lies the edge itself."""

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, 2H, 2W); a constant stays what it is."""
        large = doubled(x)
        large = torch.cat([large, large[:, :, -1:]], 2)
        large = torch.cat([large, large[:, :, :, -1:]], 3)
        return avg_pool2d(large, 2, 1)


class Down(nn.Module):
    """Halves the size behind the filter [1, 2, 1] / 4 in both directions; beyond the edge lies the edge itself."""

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, H/2, W/2); a constant stays what it is."""
        x = torch.cat([x[:, :, :1], x], 2)
        x = torch.cat([x[:, :, :, :1], x], 3)
        return halved(avg_pool2d(x, 2, 1))
