"""What pictures are compared by: networks that turn uint8 pictures into features and class logits.

The TF-ported Inception is the one that published numbers are made with; only with its published weights a distance
is called FID. Without any download a small classifier of the data itself does (:mod:`ganstudio.metrics.domain`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from ganstudio.metrics.figures import CancelCheck, MetricError, Progress
from ganstudio.metrics.inception_net import SIDE, Inception, filled
from ganstudio.metrics.published import UNVERIFIED, facts_of, weights_at_hand
from ganstudio.metrics.ticks import tick
from ganstudio.metrics.weightfile import read_weights

NAME = "inception"


@dataclass(frozen=True, eq=False)
class Seen:
    """What a network says of pictures: ``features`` (N, F) and ``logits`` (N, C), float32, on the CPU."""

    features: Tensor
    logits: Tensor

    def __len__(self) -> int:
        return len(self.features)


class PictureNet(Protocol):
    """A network that numbers are found with. ``name`` says which in short, ``facts`` stands in the protocol."""

    @property
    def name(self) -> str:
        """ "inception", "vgg16" or "domain"; with "unverified-" before it where nobody can vouch for the weights."""
        ...

    @property
    def facts(self) -> str:
        """Which network it is, its weights and how it was made."""
        ...

    @property
    def resize(self) -> str:
        """What is done to the size of pictures before they are seen."""
        ...


class FeatureNet(PictureNet, Protocol):
    """Sees pictures."""

    def see(self, images: Tensor) -> Seen:
        """Features and logits of uint8 pictures (N, C, H, W)."""
        ...


class DistanceNet(PictureNet, Protocol):
    """Tells how far two pictures are apart."""

    def distance(self, first: Tensor, second: Tensor) -> Tensor:
        """Squared distances (N,) between pictures (N, C, H, W) in [-1, 1], not rounded to bytes."""
        ...


def see_all(
    net: FeatureNet,
    batches: Iterable[Tensor],
    total: int,
    what: str,
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> Seen:
    """Features and logits of all pictures in ``batches`` (uint8), ``total`` in number."""
    parts: list[Seen] = []
    done = 0
    for images in batches:
        tick(progress, cancelled, what, done / max(total, 1))
        parts.append(net.see(images))
        done += len(images)
    if not parts:
        raise MetricError("There are no pictures to look at.", "Take more samples.")
    return Seen(torch.cat([p.features for p in parts]), torch.cat([p.logits for p in parts]))


class InceptionFeatures:
    """The published Inception on a device. ``genuine`` says whether its weights are the published ones."""

    resize = f"TensorFlow 1 bilinear to {SIDE} px"

    def __init__(self, net: Inception, device: torch.device | str = "cpu", genuine: bool = True) -> None:
        self.device = torch.device(device)
        self.net = net.to(self.device)
        self.name = NAME if genuine else f"{UNVERIFIED}{NAME}"
        self.facts = f"TF Inception 2015-12-05 (pt_inception-2015-12-05-6726825d), {facts_of(NAME, genuine)}"

    @torch.no_grad()
    def see(self, images: Tensor) -> Seen:
        """2,048 features and 1,008 logits; grey pictures are shown in three equal channels."""
        colour = images.expand(-1, 3, -1, -1) if images.shape[1] == 1 else images
        if colour.shape[1] != 3:
            raise MetricError(f"The Inception sees grey and colour pictures, not {colour.shape[1]} channels.")
        parts = [self.net(part.to(self.device)) for part in colour.split(32)]
        return Seen(*(torch.cat([part[i].cpu() for part in parts]) for i in range(2)))


def load_inception(
    device: torch.device | str = "cpu",
    *,
    allow_fetch: bool = False,
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> InceptionFeatures:
    """The Inception with weights from the disk; with ``allow_fetch`` they are downloaded where they are not there.

    Raises :class:`MetricError` or ``Cancelled``.
    """
    path, genuine = weights_at_hand(NAME, allow_fetch, progress, cancelled)
    return InceptionFeatures(filled(read_weights(path)), device, genuine)
