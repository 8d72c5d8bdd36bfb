"""What every generator and every discriminator is, whatever its family."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from torch import Tensor, nn


@dataclass(frozen=True)
class Judgement:
    """What a discriminator says of N samples, out of one forward pass.

    ``logits``: (N,), real is positive; an energy-based discriminator has minus its energy here. ``features``:
    (N, width), what the last layer sees of each sample alone. ``heads``: what further heads say, by name,
    (N, ...) each.
    """

    logits: Tensor
    features: Tensor
    heads: Mapping[str, Tensor] = field(default_factory=dict[str, Tensor])

    def float(self) -> Judgement:
        """The same in float32."""
        heads = {name: said.float() for name, said in self.heads.items()}
        return Judgement(self.logits.float(), self.features.float(), heads)


class Generator(nn.Module):
    """Latents (N, D), and labels (N,) where it is conditional, to samples (N, *shape.size).

    A family implements :meth:`synthesize`. ``label_input`` (latents and labels to latents) is how a family that
    knows nothing of classes is made conditional. ``takes_labels`` families are given the labels themselves.
    ``stages`` names for a resolution the submodule whose output has it and that output's channels.
    """

    takes_labels: bool = False

    def __init__(self) -> None:
        super().__init__()
        self.label_input: nn.Module | None = None
        self.stages: dict[int, tuple[str, int]] = {}

    def synthesize(self, z: Tensor, labels: Tensor | None) -> Tensor:
        """One sample for each latent."""
        raise AssertionError(f"{type(self).__name__} does not say how it makes samples")

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """One sample for each latent, of the class of its label."""
        if self.label_input is not None:
            z = self.label_input(z, labels)
        return self.synthesize(z, labels)


class Discriminator(nn.Module):
    """Samples (N, *shape.size), and labels (N,) where it is conditional, to a :class:`Judgement`.

    A family implements :meth:`trunk` and :meth:`make_last` and calls :meth:`finish` at the end of its
    constructor. ``label_input`` merges the label into the sample before the trunk, ``mixer`` looks over the whole
    batch behind it and adds channels for the last layer alone, ``projection`` embeds the label for an inner product
    with the features (Miyato & Koyama 2018), ``heads`` answer further questions. ``stages`` is as for generators.
    """

    flat = False
    """The family reads a sample as a plain row of numbers, whatever its shape."""
    label_input: nn.Module | None
    mixer: nn.Module | None
    projection: nn.Module | None

    def __init__(self) -> None:
        super().__init__()
        self.label_input = self.mixer = self.projection = None
        self.heads = nn.ModuleDict()
        self.stages: dict[int, tuple[str, int]] = {}
        self.channels = self.area = self.mixed = 0

    def trunk(self, x: Tensor) -> Tensor:
        """Features (N, channels) or (N, channels, h, w)."""
        raise AssertionError(f"{type(self).__name__} does not say what it sees")

    def make_last(self, channels: int) -> nn.Module:
        """A fresh last layer from features of so many channels to one logit: (N, channels, ...) -> N numbers."""
        return nn.Linear(channels * self.area, 1)

    def finish(self, channels: int, area: int = 1) -> None:
        """Set the size of the features and make the last layer; ``area`` is h times w."""
        self.channels, self.area = channels, area
        self.last = self.make_last(channels)

    def mix(self, mixer: nn.Module, extra: int) -> None:
        """Put a layer that adds ``extra`` channels, made from the whole batch, before a new last layer."""
        self.mixer = mixer if self.mixer is None else nn.Sequential(self.mixer, mixer)
        self.mixed += extra
        self.last = self.make_last(self.channels + self.mixed)

    @property
    def width(self) -> int:
        """How many numbers the features of a sample are."""
        return self.channels * self.area

    def judge(self, x: Tensor, labels: Tensor | None = None) -> Judgement:
        """All that is said of the samples, from one pass."""
        if self.label_input is not None:
            x = self.label_input(x, labels)
        return self.conclude(self.trunk(x), labels)

    def conclude(self, features: Tensor, labels: Tensor | None) -> Judgement:
        """The judgement that follows from the features."""
        flat = features.flatten(1)
        seen = features if self.mixer is None else self.mixer(features)
        single = isinstance(self.last, nn.Linear)
        logits = self.last(seen.flatten(1) if single else seen).flatten()
        if self.projection is not None:
            logits = logits + (self.projection(labels) * flat).sum(1)
        return Judgement(logits, flat, {name: head(flat) for name, head in self.heads.items()})

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        """The logits alone."""
        return self.judge(x, labels).logits
