"""Adaptive augmentation (Karras 2020, arXiv:2006.06676, section 3)."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from ganstudio.catalog.stabilizers import augment as options
from ganstudio.stabilizers import ada_pipeline as pipeline
from ganstudio.stabilizers.base import Round, Rule, Site, Turn
from ganstudio.stabilizers.warping import packs, pictures


class AdaptiveAugment(Rule[options.AdaptiveAugment]):
    """Changes pictures with a probability that rises while the discriminator overfits.

    Overfitting is the mean sign of the answers to real pictures over ``every`` updates (equation 1's r_t); the
    probability is a tensor on the device, so that nobody waits for it.
    """

    def __init__(self, settings: options.AdaptiveAugment, site: Site) -> None:
        super().__init__(settings, site)
        self.state = {
            "probability": torch.full((), settings.start, device=site.device),
            "overfitting": torch.zeros((), device=site.device),
            "signs": torch.zeros((), device=site.device),
            "updates": torch.zeros((), dtype=torch.int64),
        }

    def before_discriminator(self, x: Tensor, which: str, turn: Turn) -> Tensor:
        """The pictures, changed by random numbers of their own."""
        with torch.autocast(x.device.type, enabled=False):
            single = pictures(x, self.site.shape.channels).float()
            return packs(self._changed(single, self._dice(len(single), which, turn)), x).to(x.dtype)

    def _dice(self, count: int, which: str, turn: Turn) -> pipeline.Dice:
        like = self.state["probability"]
        gates = turn.uniform((count, pipeline.GATES), like, f"augment gates {which}")
        chances = turn.uniform((count, pipeline.CHANCES), like, f"augment chances {which}")
        normals = turn.noise_like(like.new_empty(count, pipeline.NORMALS), f"augment normals {which}")
        return pipeline.Dice(gates, chances, normals)

    def _changed(self, x: Tensor, dice: pipeline.Dice) -> Tensor:
        settings, probability = self.settings, self.state["probability"].clone()
        x = pipeline.warped(x, dice, probability, settings.blitting, settings.geometry)
        if settings.colour and x.shape[1] in (1, 3):
            x = pipeline.recoloured(x, pipeline.colours(dice, probability, x.shape[1]))
        return x

    def settle(self, round: Round) -> None:
        """Every so many updates of the discriminator: the probability moves towards what the answers ask for."""
        if round.turn.player != "discriminator":
            return
        _, judged = round.reals
        self.state["signs"].add_(judged.logits.sign().mean())
        self.state["updates"].add_(1)
        updates = int(self.state["updates"])
        if updates >= self.settings.every:
            self._adjust(updates, len(round.z))

    def _adjust(self, updates: int, batch: int) -> None:
        probability, overfitting = self.state["probability"], self.state["overfitting"]
        overfitting.copy_(self.state["signs"] / updates)
        if self.settings.adapt:
            move = batch * updates / (self.settings.kimg * 1000)
            probability.add_((overfitting - self.settings.target).sign() * move)
            probability.clamp_(0.0, self.settings.limit)
        self.state["signs"].zero_()
        self.state["updates"].zero_()

    def measures(self, round: Round) -> Mapping[str, Tensor]:
        """The probability, and the overfitting it was last steered by."""
        return {
            "augment/probability": self.state["probability"].clone(),
            "augment/overfitting": self.state["overfitting"].clone(),
        }
