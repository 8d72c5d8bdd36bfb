"""Rounds of the game with given samples and answers, for rules alone."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ganstudio.core.config import Latent
from ganstudio.core.shapes import DataShape
from ganstudio.nets.base import Judgement
from ganstudio.stabilizers import Site, Turn
from ganstudio.stabilizers.base import Round
from ganstudio.training.streams import Streams

STREAMS = Streams(0, torch.device("cpu"))


def place(channels: int = 3, size: int = 8, latent: Latent | None = None, classes: int = 0) -> Site:
    """Where a rule for square pictures lives."""
    shape = DataShape("image", channels, size, size, classes)
    return Site(shape, latent or Latent(), torch.device("cpu"), 8)


def turn_of(
    player: str = "discriminator", count: int = 0, step: int = 0, rival: int = 0, length: int = 0
) -> Turn:
    """A turn with random numbers of its own."""
    return Turn(player, count, step, STREAMS, 0, rival, length)


def judged(logits: Tensor, features: Tensor | None = None, **heads: Tensor) -> Judgement:
    """An answer."""
    return Judgement(logits, logits[:, None] if features is None else features, heads)


def round_of(
    turn: Turn, fake: Judgement, real: Judgement | None = None, labels: Tensor | None = None,
    real_labels: Tensor | None = None, z: Tensor | None = None,
) -> Round:  # fmt: skip
    """A round with these answers; the samples themselves are zeros."""
    never: Any = None
    size = len(fake.logits)
    z = torch.zeros(size, 1) if z is None else z
    samples = None if real is None else torch.zeros(len(real.logits), 1)
    return Round(turn, z, labels, torch.zeros(size, 1), fake, samples, real_labels, real, never)
