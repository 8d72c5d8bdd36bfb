"""StyleGAN3's generator (Karras 2021, arXiv:2106.12423), sized by its widths, layers and margin.

All maps stand for smooth signals on a plane of which the picture is the unit square; a sampling rate s means s pixels
along its side, and a frequency counts waves along it. Rates, cutoffs and sizes are those of ``stylegan3_plan``.
"""

from __future__ import annotations

from math import pi, sqrt
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, leaky_relu

from ganstudio.catalog import networks_style as options
from ganstudio.core.shapes import DataShape
from ganstudio.nets.equalized import EqualizedLinear
from ganstudio.nets.filters import resample
from ganstudio.nets.layers import SLOPE
from ganstudio.nets.lowpass import lowpass, radial_lowpass
from ganstudio.nets.mapping import MappingNetwork
from ganstudio.nets.modulated import ModulatedConv2d
from ganstudio.nets.style_base import StyleGenerator
from ganstudio.nets.stylegan3_plan import Band, plan

TAPS = 6
"""Taps of a filter for each pixel of the lower rate."""
OVERSAMPLING = 2
"""How much finer the grid is on which the rectifier works."""
HALF_LIFE = 20_000
"""Pictures after which an old magnitude counts half."""
OUTPUT = 0.25
"""What the last colours are multiplied by, so that they begin within the range of pictures."""


class FourierInput(nn.Module):
    """Styles (N, width) -> maps (N, channels, size, size): waves at random frequencies, moved and turned by the style.

    Frequencies lie evenly in the disc below the first cutoff (section 3.2); the style gives a rotation and a shift
    (appendix F), which begin as none. ``transform`` (3, 3) or (N, 3, 3) turns and moves the plane further.
    """

    frequencies: Tensor
    phases: Tensor
    grid: Tensor

    def __init__(self, channels: int, width: int, band: Band) -> None:
        super().__init__()
        self.band, self.scale = band, 1 / sqrt(channels)
        angle = torch.rand(channels) * 2 * pi
        radius = torch.rand(channels).sqrt() * band.cutoff
        self.register_buffer("frequencies", torch.stack([angle.cos(), angle.sin()], 1) * radius[:, None])
        self.register_buffer("phases", torch.rand(channels) - 0.5)
        self.weight = nn.Parameter(torch.randn(channels, channels))
        self.affine = EqualizedLinear(width, 4)
        with torch.no_grad():
            self.affine.weight.zero_()
            cast("nn.Parameter", self.affine.bias).copy_(torch.tensor([1.0, 0.0, 0.0, 0.0]))
        along = (torch.arange(band.size) - (band.size - 1) / 2) / band.rate
        across, down = torch.meshgrid(along, along, indexing="xy")
        self.register_buffer("grid", torch.stack([across, down], 2).reshape(-1, 2), persistent=False)

    def forward(self, w: Tensor, transform: Tensor | None = None) -> Tensor:
        """The waves on the grid, mixed to as many channels; float32 or wider."""
        with torch.autocast(w.device.type, enabled=False):
            turned, shift = self._motion(w, transform)
            frequencies = self.frequencies @ turned  # (N, channels, 2)
            phases = self.phases + (self.frequencies @ shift[:, :, None])[:, :, 0]
            waves = torch.sin(2 * pi * (self.grid @ frequencies.transpose(1, 2) + phases[:, None]))
            x = (waves * self._amplitudes(frequencies)[:, None]) @ (self.weight * self.scale).T
        return x.transpose(1, 2).unflatten(2, (self.band.size, self.band.size))

    def _motion(self, w: Tensor, transform: Tensor | None) -> tuple[Tensor, Tensor]:
        """Rotation (N, 2, 2) and shift (N, 2) of the places at which the waves are read; what is seen there moves the
        other way."""
        learned = self.affine(w)
        cosine, sine, right, down = (learned / learned[:, :2].norm(dim=1, keepdim=True)).unbind(1)
        turned = torch.stack([torch.stack([cosine, sine], 1), torch.stack([-sine, cosine], 1)], 1)
        shift = -(turned @ torch.stack([right, down], 1)[:, :, None])[:, :, 0]
        if transform is None:
            return turned, shift
        further = transform.to(w.dtype).expand(len(w), 3, 3)
        return turned @ further[:, :2, :2], (turned @ further[:, :2, 2:])[:, :, 0] + shift

    def _amplitudes(self, frequencies: Tensor) -> Tensor:
        """1 up to the cutoff, down to 0 at half the rate: a transform cannot bring in what the grid cannot hold."""
        band = self.band
        beyond = (frequencies.norm(dim=2) - band.cutoff) / (band.rate / 2 - band.cutoff)
        return (1 - beyond).clamp(0, 1)


class FilteredLayer(nn.Module):
    """Modulated convolution, shift, and a leaky rectifier on a finer grid between two low-pass filters (figure 4b).

    Maps (N, inner, a, a) and styles (N, width) -> (N, outer, b, b), from one band to another. Inputs are divided by
    the running root mean square of what came in in training. ``last`` is the layer that makes colours: 1 x 1, without
    demodulation, rectifier or filters.
    """

    magnitude: Tensor
    up_taps: Tensor
    down_taps: Tensor

    def __init__(
        self, inner: int, outer: int, width: int, before: Band, after: Band, kernel: int, round_filter: bool,
        last: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self.last = last
        self.conv = ModulatedConv2d(inner, outer, width, kernel, demodulate=not last, padding=kernel - 1)
        self.bias = nn.Parameter(torch.zeros(outer))
        self.register_buffer("magnitude", torch.ones(()))
        fine = max(before.rate, after.rate) * (1 if last else OVERSAMPLING)
        self.up, self.down = int(fine // before.rate), int(fine // after.rate)
        above, below = (1 if last else TAPS * self.up), (1 if last else TAPS * self.down)
        design = radial_lowpass if round_filter else lowpass
        up_taps = torch.ones(1) if last else lowpass(above, before.cutoff, 2 * before.half_width, fine)
        down_taps = torch.ones(1) if last else design(below, after.cutoff, 2 * after.half_width, fine)
        self.register_buffer("up_taps", up_taps, persistent=False)
        self.register_buffer("down_taps", down_taps, persistent=False)
        total = (after.size - 1) * self.down + 1 - (before.size + kernel - 1) * self.up + above + below - 2
        low = (total + self.up) // 2
        self.padding = (low, total - low, low, total - low)

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        """The layer's maps; in training mode the running magnitude follows."""
        if self.training:
            self._follow(x)
        x = self.conv(x, w, self.magnitude.rsqrt()) + self.bias.to(x.dtype)[:, None, None]
        if self.last:
            return x
        # The gain before the rectifier, where the filter has it for nothing, is the same as behind it.
        x = resample(x, self.up_taps, up=self.up, padding=self.padding, gain=sqrt(2))
        return self._thinned(leaky_relu(x, SLOPE))

    @torch.no_grad()
    def _follow(self, x: Tensor) -> None:
        keep = 0.5 ** (len(x) / HALF_LIFE)
        self.magnitude.lerp_(x.detach().to(self.magnitude.dtype).square().mean(), 1 - keep)

    def _thinned(self, x: Tensor) -> Tensor:
        """Filtered and brought to the layer's own rate."""
        taps = self.down_taps
        if taps.dim() == 1:
            return resample(x, taps, down=self.down)
        channels = x.shape[1]
        filter = taps.to(x.dtype).expand(channels, 1, -1, -1)
        return conv2d(x, filter, groups=channels, stride=self.down)


class Stylegan3Generator(StyleGenerator):
    """z (N, D), and labels where it is class-conditional, -> images (N, C, R, R), about in [-1, 1] but not bounded.

    There is neither noise nor mixing of styles. Rows of styles: one for the waves, one for each layer, one for the
    colours.
    """

    def __init__(self, settings: options.Stylegan3Generator, latent: int, shape: DataShape) -> None:
        super().__init__()
        bands = plan(shape.height, settings.layers, settings.margin)
        turns = settings.equivariance == "rotation"
        half = shape.height / 2
        widths = [min(round(settings.base_channels * half / b.cutoff), settings.most_channels) for b in bands]
        width = settings.style
        self.mapping = MappingNetwork(latent, shape.classes, width, settings.mapping)
        self.waves = FourierInput(widths[0], width, bands[0])
        self.layers = nn.ModuleList()
        for k, (before, after) in enumerate(zip([bands[0], *bands], bands, strict=False)):
            inner, last = widths[max(k - 1, 0)], k == settings.layers
            self.layers.append(
                FilteredLayer(
                    inner, shape.channels if last else widths[k], width, before, after,
                    kernel=1 if turns or last else 3, round_filter=turns and not after.critical, last=last,
                )
            )  # fmt: skip
        self.style_rows = (bands[0].rate, *(band.rate for band in bands))

    def render(self, ws: Tensor, noise: str = "", transform: Tensor | None = None) -> Tensor:
        """Pictures for styles (N, rows, width); there is no noise to choose.

        ``transform``, a matrix (3, 3) or (N, 3, 3), maps places of the picture, the middle being 0 and a side 1, to
        the places whose content they show: shifting by (a, b) moves content left and up.
        """
        rows = ws.unbind(1)
        x = self.waves(rows[0], transform).contiguous(memory_format=torch.channels_last)
        for layer, w in zip(self.layers, rows[1:], strict=True):
            x = layer(x, w)
        return x * OUTPUT
