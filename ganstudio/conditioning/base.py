"""What a way of conditioning is: a rule that also decides what labels generated samples have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from torch import nn

from ganstudio.conditioning.inputs import LabelVector
from ganstudio.core.shapes import DataShape
from ganstudio.nets.base import Discriminator, Generator
from ganstudio.stabilizers.base import Rule, SettingsT

GeneratorFamily = Callable[[int, int], Generator]
"""Length of the latent and number of classes (0: none) to a fresh generator of the run's family."""
DiscriminatorFamily = Callable[[DataShape], Discriminator]


class Way(Rule[SettingsT]):
    """Unconditional: neither network knows of labels.

    ``kinds`` is the number of different labels a generated sample can have, 0 for none; ``from_data`` says that
    they are the classes of the data, with the same frequencies.
    """

    from_data = False

    @property
    def kinds(self) -> int:
        """How many labels there are to choose from; 0 where samples have none."""
        return 0

    def make_generator(self, family: GeneratorFamily) -> Generator:
        """The generator with what it needs to know its label."""
        return family(self.site.latent.width, 0)

    def make_discriminator(self, family: DiscriminatorFamily) -> Discriminator:
        """The discriminator with what it needs to know or to tell the label."""
        return family(self.site.shape)


class Labelled(Way[SettingsT]):
    """The generator is told a class of the data."""

    from_data = True
    embedding = 0

    @property
    def kinds(self) -> int:
        """The data's classes."""
        return self.site.shape.classes

    def make_generator(self, family: GeneratorFamily) -> Generator:
        """A family that takes labels is given them; others find the class beside z."""
        probe = family(self.site.latent.width, self.kinds)
        if probe.takes_labels:
            return probe
        beside = LabelVector(self.kinds, self.embedding)
        net = family(self.site.latent.width + beside.extra, 0)
        net.label_input = beside
        return net


def head(width: int, outputs: int, hidden: int = 0) -> nn.Module:
    """Features (N, width) -> (N, outputs): linear, or with one hidden layer."""
    if not hidden:
        return nn.Linear(width, outputs)
    return nn.Sequential(nn.Linear(width, hidden), nn.LeakyReLU(0.2), nn.Linear(hidden, outputs))


def widened(shape: DataShape, extra: int) -> DataShape:
    """The shape with so many more channels."""
    return replace(shape, channels=shape.channels + extra)
