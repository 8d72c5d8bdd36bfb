"""What the discriminator gets to see."""

from __future__ import annotations

from collections.abc import Callable
from math import exp
from typing import Any

import torch
from torch import Tensor

from ganstudio.catalog.stabilizers import inputs as options
from ganstudio.nets.filters import kernel, resample
from ganstudio.stabilizers.ada import AdaptiveAugment
from ganstudio.stabilizers.base import Rule, Site, Turn
from ganstudio.stabilizers.diffaugment import DiffAugment
from ganstudio.stabilizers.packing import Packing
from ganstudio.stabilizers.replay import Replay


class InstanceNoise(Rule[options.InstanceNoise]):
    """Adds Gaussian noise to real and generated alike, fading linearly if so set."""

    def deviation(self, step: int) -> float:
        """The standard deviation after so many steps."""
        fade = self.settings.fade
        left = max(0.0, 1 - step / fade) if fade else 1.0
        return self.settings.deviation * left

    def before_discriminator(self, x: Tensor, which: str, turn: Turn) -> Tensor:
        """``x`` with noise of its own for real and for generated."""
        deviation = self.deviation(turn.step)
        return x + turn.noise_like(x, f"instance noise {which}") * deviation if deviation > 0 else x


class FadingBlur(Rule[options.FadingBlur]):
    """Blurs real and generated alike, less and less (Karras 2021, arXiv:2106.12423, appendix F).

    Beyond the edge lies the edge itself, so that a plain picture stays what it is.
    """

    def deviation(self, images: int) -> float:
        """The standard deviation in px after so many real images."""
        return self.settings.deviation * max(0.0, 1 - images / self.settings.fade)

    def before_discriminator(self, x: Tensor, which: str, turn: Turn) -> Tensor:
        """``x`` behind a Gaussian of three deviations to either side."""
        deviation = self.deviation(turn.images)
        reach = int(3 * deviation)
        if not reach:
            return x
        taps = kernel([exp(-((k / deviation) ** 2) / 2) for k in range(-reach, reach + 1)]).to(x.device)
        return resample(_edged(_edged(x, reach, 2), reach, 3), taps)


def _edged(x: Tensor, reach: int, axis: int) -> Tensor:
    """``x`` with its edge repeated on both sides of an axis; unlike torch's own padding deterministic on a GPU."""
    first, last = x.narrow(axis, 0, 1), x.narrow(axis, x.shape[axis] - 1, 1)
    size = [-1] * x.dim()
    size[axis] = reach
    return torch.cat([first.expand(size), x, last.expand(size)], axis)


RULES: dict[str, Callable[[Any, Site], Rule[Any]]] = {
    "instance-noise": InstanceNoise,
    "fading-blur": FadingBlur,
    "diffaugment": DiffAugment,
    "adaptive-augment": AdaptiveAugment,
    "packing": Packing,
    "replay": Replay,
}
