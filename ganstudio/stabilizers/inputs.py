"""What the discriminator gets to see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor

from ganstudio.catalog.stabilizers import inputs as options
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


RULES: dict[str, Callable[[Any, Site], Rule[Any]]] = {
    "instance-noise": InstanceNoise,
    "diffaugment": DiffAugment,
    "adaptive-augment": AdaptiveAugment,
    "packing": Packing,
    "replay": Replay,
}
