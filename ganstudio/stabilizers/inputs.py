"""What the discriminator gets to see."""

from __future__ import annotations

from collections.abc import Callable
from math import exp
from typing import Any

from torch import Tensor
from torch.nn.functional import pad

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
        return resample(pad(x, (reach,) * 4, mode="replicate"), taps)


RULES: dict[str, Callable[[Any, Site], Rule[Any]]] = {
    "instance-noise": InstanceNoise,
    "fading-blur": FadingBlur,
    "diffaugment": DiffAugment,
    "adaptive-augment": AdaptiveAugment,
    "packing": Packing,
    "replay": Replay,
}
