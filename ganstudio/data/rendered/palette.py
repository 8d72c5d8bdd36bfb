"""Colours by name, as the rendered sources use them: sRGB, 0 to 1; the grey of a colour is its luma."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ganstudio.data.rendered.factors import constant

LUMA = (0.299, 0.587, 0.114)
"""Weights of red, green and blue in brightness: ITU-R BT.601, as Pillow's grey."""


@dataclass(frozen=True)
class Palette:
    """Named colours, each an RGB triple of 0 to 255."""

    names: tuple[str, ...]
    rgb: tuple[tuple[int, int, int], ...]

    def table(self, device: torch.device, channels: int) -> Tensor:
        """All colours, float32 (colours, channels) in 0 to 1, on the device."""
        flat = tuple(part / 255 for colour in self.rgb for part in colour)
        return in_channels(constant(flat, device).view(-1, 3), channels)

    def pick(self, index: Tensor, channels: int) -> Tensor:
        """The colour of each sample, (N, channels); ``index`` is int64 (N,)."""
        return self.table(index.device, channels)[index]

    def ramp(self, place: Tensor, channels: int) -> Tensor:
        """Colours between neighbours of the palette, (N, channels); ``place`` (N,) goes from 0 to 1 over all."""
        table = self.table(place.device, channels)
        position = place.clamp(0, 1) * (len(self.names) - 1)
        low = position.long().clamp_max(len(self.names) - 2)
        return torch.lerp(table[low], table[low + 1], (position - low).unsqueeze(-1))


def palette(**colours: str) -> Palette:
    """A palette from names (underscores for spaces) and hexadecimal colours such as ``"d9372c"``."""
    triples = tuple((int(h[:2], 16), int(h[2:4], 16), int(h[4:], 16)) for h in colours.values())
    return Palette(tuple(name.replace("_", " ") for name in colours), triples)


def in_channels(rgb: Tensor, channels: int) -> Tensor:
    """(..., 3) as it is, or as luma (..., 1)."""
    if channels == 3:
        return rgb
    return (rgb * constant(LUMA, rgb.device)).sum(-1, keepdim=True)


def colour(code: str, channels: int, device: torch.device) -> Tensor:
    """One colour for all samples, (1, channels), from its hexadecimal code."""
    flat = tuple(int(code[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return in_channels(constant(flat, device).view(1, 3), channels)


VIVID = palette(
    red="d8352f", orange="f0832a", yellow="f5c52c", green="3f9e4d",
    teal="1ba39c", blue="2f6fd0", purple="8a4fbf", pink="ee6fa5",
)  # fmt: skip
"""Colours of figures: they stand out from every colour of :data:`CALM`."""
CALM = palette(
    white="fbfaf6", cream="f7ecd2", pale_blue="d3e5f5", pale_green="d5ecd4",
    pale_pink="f8dde0", black="17171c", navy="1b2747", dark_green="143327",
)  # fmt: skip
"""Colours of backgrounds: pale or dark."""
LIGHT_GREYS = palette(white="ffffff", light_grey="cfcfcf", grey="adadad")
DARK_GREYS = palette(black="000000", dark_grey="2e2e2e", slate_grey="414141")


def figure_and_ground(channels: int) -> tuple[Palette, Palette]:
    """Colours of figures and of backgrounds that stand out from each other; greys where there is one channel."""
    return (VIVID, CALM) if channels == 3 else (LIGHT_GREYS, DARK_GREYS)
