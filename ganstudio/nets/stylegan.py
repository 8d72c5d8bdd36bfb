"""The networks of StyleGAN (Karras 2019, arXiv:1812.04948, section 2 and appendix C), sized by width.

The generator begins with a learned constant of 4 px. Behind each convolution come noise, shift, rectifier and an
adaptive instance normalisation by the row of styles of that layer; two rows steer each size. Where the size changes,
maps are blurred by [1, 2, 1] / 4. Sizes are entered and left as in the progressive GAN.
"""

from __future__ import annotations

from math import sqrt

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu

from ganstudio.catalog import networks_growing as options
from ganstudio.core.shapes import SEED_SIDE, DataShape
from ganstudio.nets.counted import PixelNoise
from ganstudio.nets.equalized import EqualizedConv2d, EqualizedLinear
from ganstudio.nets.filters import kernel, resample
from ganstudio.nets.growth import Growth
from ganstudio.nets.layers import SLOPE, doubled
from ganstudio.nets.mapping import MappingNetwork
from ganstudio.nets.progan import Exits, GrowingDiscriminator, Halve, convolution
from ganstudio.nets.style_base import StyleGenerator

KEEP = 0.995
"""What an old average of w keeps in each pass."""
EPS = 1e-8


class Blur(nn.Module):
    """Maps filtered by [1, 2, 1] / 4 in both directions, zeros beyond the edge (Zhang 2019, arXiv:1904.11486)."""

    taps: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("taps", kernel((1, 2, 1)), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> the same shape."""
        return resample(x, self.taps, padding=(1, 1, 1, 1))


def standardized(x: Tensor) -> Tensor:
    """Each map of (N, C, H, W) brought to mean 0 and (biased) deviation 1, in float32 or wider."""
    wide = x if x.dtype == torch.float64 else x.float()
    variance, mean = torch.var_mean(wide, (2, 3), correction=0, keepdim=True)
    return (wide - mean) * (variance + EPS).rsqrt()


class AdaptiveNorm(nn.Module):
    """AdaIN: each map to mean 0 and deviation 1, then times y_s plus y_b, both linear in w (equation 1).

    y_s is one plus what the layer says, so that it begins at one.
    """

    def __init__(self, channels: int, style: int) -> None:
        super().__init__()
        self.affine = EqualizedLinear(style, 2 * channels)

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        """Maps (N, C, H, W) and styles (N, style) -> the same shape as the maps."""
        scale, shift = self.affine(w)[:, :, None, None].chunk(2, 1)
        return standardized(x) * (1 + scale) + shift


class Styled(nn.Module):
    """What follows a convolution: noise, shift, rectifier, style."""

    def __init__(self, channels: int, size: int, settings: options.StyleganGenerator) -> None:
        super().__init__()
        self.noise = PixelNoise(size, size, channels) if settings.noise else None
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1))
        self.adapt = AdaptiveNorm(channels, settings.style)

    def forward(self, x: Tensor, w: Tensor, noise: str) -> Tensor:
        """Maps (N, C, H, W) and styles (N, style) -> the same shape as the maps."""
        if self.noise is not None:
            x = self.noise(x, noise)
        return self.adapt(leaky_relu(x + self.bias.to(x.dtype), SLOPE), w)


class StyleBlock(nn.Module):
    """One size: a constant, or the size before doubled, convolved and blurred; style; convolution; style.

    ``after`` does nothing: it is where a further layer can be put.
    """

    def __init__(self, inner: int, outer: int, size: int, settings: options.StyleganGenerator) -> None:
        super().__init__()
        self.enter = None if size == SEED_SIDE else _unshifted(inner, outer)
        self.blur = Blur()
        self.convolve = _unshifted(outer, outer)
        self.styles = nn.ModuleList(Styled(outer, size, settings) for _ in range(2))
        self.after = nn.Identity()

    def forward(self, x: Tensor, ws: Tensor, noise: str) -> Tensor:
        """Maps of the size before and two rows of styles (N, 2, style) to maps of this size."""
        if self.enter is not None:
            x = self.blur(self.enter(doubled(x)))
        x = self.styles[0](x, ws[:, 0], noise)
        return self.after(self.styles[1](self.convolve(x), ws[:, 1], noise))


def _unshifted(inputs: int, outputs: int) -> EqualizedConv2d:
    return EqualizedConv2d(inputs, outputs, 3, bias=False, gain=sqrt(2))


class StyleganGenerator(StyleGenerator):
    """z (N, D), and labels where there are classes, -> images (N, C, H, W), about in [-1, 1] but not bounded."""

    def __init__(self, settings: options.StyleganGenerator, latent: int, shape: DataShape) -> None:
        super().__init__()
        widths, sizes = settings.widths(shape), settings.stages(shape)
        self.growth = Growth(len(sizes))
        self.mapping = MappingNetwork(latent, shape.classes, settings.style, settings.mapping, keep=KEEP)
        self.mix_styles(settings.mixing)
        self.constant = nn.Parameter(torch.ones(1, widths[0], SEED_SIDE, SEED_SIDE))
        self.blocks, self.leave = nn.ModuleList(), Exits(shape.channels, shape.height)
        for k, outer in enumerate(widths):
            self.blocks.append(StyleBlock(widths[max(k - 1, 0)], outer, sizes[k], settings))
            self.stages[sizes[k]] = (f"blocks.{k}.after", outer)
            self.leave.add(outer)
        self.style_rows = tuple(size for size in sizes for _ in range(2))

    @property
    def active_rows(self) -> int:
        """Two rows for each size grown to."""
        return 2 * (self.growth.read()[0] + 1)

    def render(self, ws: Tensor, noise: str = "") -> Tensor:
        """Pictures for styles (N, rows, width), of the size grown to; of full size in evaluation."""
        level, alpha = self.growth.read()
        constant = self.constant.expand(
            ws.shape[0], -1, -1, -1
        )  # len() would fix the batch of an exported network
        x = before = constant.contiguous(memory_format=torch.channels_last)
        for k in range(level + 1):
            before, x = x, self.blocks[k](x, ws[:, 2 * k : 2 * k + 2], noise)
        return self.leave.picture(x, before, level, alpha)


class StyleganDiscriminator(GrowingDiscriminator):
    """The progressive GAN's with a blur before the second convolution of each size."""

    def make_block(self, inner: int, outer: int) -> nn.Module:
        """Convolution, blur, convolution, half the size."""
        second = EqualizedConv2d(inner, outer, 3, gain=sqrt(2))
        return nn.Sequential(*convolution(inner, inner), Blur(), second, Halve(), nn.LeakyReLU(SLOPE))
