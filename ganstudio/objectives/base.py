"""What a game is played for: costs of single samples, combined into the two players' losses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

import torch
from torch import Tensor

SettingsT = TypeVar("SettingsT")


class Objective(Generic[SettingsT]):
    """The costs of both players as functions of logits (N,), one number for each sample.

    ``wants_real``: the generator's cost looks at fresh real samples, too. ``state`` is what the objective
    remembers from update to update, as tensors on ``device``; checkpoints keep it.
    """

    wants_real = False

    def __init__(self, settings: SettingsT, device: torch.device | str = "cpu") -> None:
        self.settings, self.device = settings, torch.device(device)
        self.state: dict[str, Tensor] = {}

    def discriminator(
        self, real: Tensor, fake: Tensor, on_real: float | Tensor = 1.0, on_fake: float | Tensor = 0.0
    ) -> Tensor:
        """The discriminator's loss, a scalar. ``on_real`` and ``on_fake`` are the targets (1 real, 0 generated)."""
        raise AssertionError(f"{type(self).__name__} has no loss for the discriminator")

    def generator(self, fake: Tensor, real: Tensor | None = None) -> Tensor:
        """The generator's cost of each of its samples (N,)."""
        raise AssertionError(f"{type(self).__name__} has no loss for the generator")

    def measures(self, real: Tensor, fake: Tensor) -> Mapping[str, Tensor]:
        """Further scalars to plot from the discriminator's turn, by the names of their series."""
        return {}

    def settle(self, real: Tensor, fake: Tensor) -> None:
        """Bring what is remembered up to date after an update of the discriminator; without gradients."""


class Separable(Objective[SettingsT]):
    """Real and generated samples have costs of their own.

    A target t between 0 and 1 mixes them: t real(x) + (1 - t) fake(x), which for a cross-entropy is the target
    t (label smoothing, Salimans 2016, section 3.4) and for least squares has the same gradient as (x - t)^2 / 2.
    """

    def real(self, logits: Tensor) -> Tensor:
        """The discriminator's cost of samples that are real (N,)."""
        raise AssertionError(f"{type(self).__name__} has no cost of real samples")

    def fake(self, logits: Tensor) -> Tensor:
        """The discriminator's cost of samples that are generated (N,)."""
        raise AssertionError(f"{type(self).__name__} has no cost of generated samples")

    def aimed(self, logits: Tensor, target: float | Tensor) -> Tensor:
        """The cost (N,) of answers that should have been ``target``."""
        if isinstance(target, float | int):
            if target == 1:
                return self.real(logits)
            if target == 0:
                return self.fake(logits)
        return self.real(logits) * target + self.fake(logits) * (1 - target)

    def discriminator(
        self, real: Tensor, fake: Tensor, on_real: float | Tensor = 1.0, on_fake: float | Tensor = 0.0
    ) -> Tensor:
        """The mean costs of both kinds of samples, added."""
        return self.aimed(real, on_real).mean() + self.aimed(fake, on_fake).mean()
