"""Three real digits in three colour channels: 1,000 equally likely modes.

After Stacked MNIST (Metz et al. 2016, arXiv:1611.02163; Srivastava et al. 2017, arXiv:1705.07761), with the digits
of UCI, which are here without a download. Every triple of classes is equally likely: within a class, each of its
drawings is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor
from torch.nn import functional

from ganstudio.catalog.datasets import Digits
from ganstudio.catalog.rendered import DIGITS, StackedDigits
from ganstudio.data.digits import load_digits
from ganstudio.data.rendered.factors import Factor, Values, categorical, continuous
from ganstudio.data.rendered.source import RenderedSource, join

CHANNELS = ("red", "green", "blue")
MODES = tuple(f"{label:03}" for label in range(1000))
FACTORS = (
    *(categorical(f"{name} digit", DIGITS) for name in CHANNELS),
    *(continuous(f"{name} drawing", 0, 1) for name in CHANNELS),
)


@dataclass(frozen=True)
class StackedSource(RenderedSource):
    """Factors: the digit of each channel, and which of its drawings it is (0 to 1 over those of its class)."""

    @property
    def factors(self) -> tuple[Factor, ...]:
        """``red digit`` and so on, then ``red drawing`` and so on."""
        return FACTORS

    @property
    def class_names(self) -> tuple[str, ...]:
        """The three digits, red first: "000" to "999"."""
        return MODES

    def labels(self, values: Values) -> Tensor:
        """100 red + 10 green + blue."""
        red, green, blue = (values[f"{name} digit"] for name in CHANNELS)
        return 100 * red + 10 * green + blue

    def paint(self, values: Values) -> Tensor:
        """The drawings, enlarged by bicubic interpolation like the ``digits`` themselves."""
        drawings, first, count = _drawings(values["red digit"].device)
        chosen = [
            drawings[picked(first[digit], count[digit], values[f"{name} drawing"])]
            for name in CHANNELS
            for digit in (values[f"{name} digit"],)
        ]
        small = torch.stack(chosen, dim=1)
        size = (self.resolution, self.resolution)
        return functional.interpolate(small, size, mode="bicubic", align_corners=False).clamp_(0, 1)

    def captions(self, values: Values) -> list[str]:
        """Such as "a red 3, a green 1 and a blue 4 on top of each other"."""
        rows = zip(*(self.words(f"{name} digit", values) for name in CHANNELS), strict=True)
        return [
            join([f"a {name} {digit}" for name, digit in zip(CHANNELS, row, strict=True)])
            + " on top of each other"
            for row in rows
        ]


def picked(first: Tensor, count: Tensor, place: Tensor) -> Tensor:
    """The drawing at ``place`` (0 to 1) among ``count`` ones from ``first`` on, int64 (N,)."""
    return first + torch.minimum((place * count).long(), count - 1)


@cache
def _drawings(device: torch.device) -> tuple[Tensor, Tensor, Tensor]:
    """All digits sorted by class, (1797, 8, 8) in 0 to 1; each class's first place and number of drawings."""
    digits = load_digits(Digits(resolution=8))
    assert digits.labels is not None
    order = digits.labels.argsort(stable=True)
    count = digits.labels.bincount(minlength=len(DIGITS))
    images = digits.images[order, 0].float() / 255
    return images.to(device), (count.cumsum(0) - count).to(device), count.to(device)


def load_stacked(options: StackedDigits) -> StackedSource:
    """The source that the settings ask for; raises ``DataError`` where the digits cannot be read."""
    _drawings(torch.device("cpu"))
    return StackedSource(options.kind, options.resolution, options.channels)
