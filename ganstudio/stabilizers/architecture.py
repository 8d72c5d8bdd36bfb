"""Layers added to the networks; the layers themselves are in ``nets.spectral`` and ``nets.mixing``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from ganstudio.catalog.stabilizers import architecture as options
from ganstudio.nets import mixing
from ganstudio.nets.base import Discriminator, Generator
from ganstudio.nets.layers import ACTIVATIONS
from ganstudio.nets.spectral import spectral_norm
from ganstudio.stabilizers.base import Rule, Site, Turn


class SpectralNorm(Rule[options.SpectralNorm]):
    """Divides weights by their largest singular value."""

    def remodel_generator(self, net: Generator) -> None:
        """Where it is asked for."""
        if self.settings.generator:
            spectral_norm(net)

    def remodel_discriminator(self, net: Discriminator) -> None:
        """Where it is asked for; the embedding of a projection is part of it."""
        if self.settings.discriminator:
            spectral_norm(net)


class SelfAttention(Rule[options.SelfAttention]):
    """Puts attention behind the feature maps of one size."""

    def remodel_generator(self, net: Generator) -> None:
        """Where it is asked for."""
        if self.settings.generator:
            for one in getattr(net, "members", [net]):
                self._insert(one)

    def remodel_discriminator(self, net: Discriminator) -> None:
        """Where it is asked for."""
        if self.settings.discriminator:
            self._insert(net)

    def _insert(self, net: Generator | Discriminator) -> None:
        size = self.settings.resolution or options.middle(tuple(net.stages), self.site.shape)
        path, channels = net.stages[size]
        net.set_submodule(path, nn.Sequential(net.get_submodule(path), mixing.SelfAttention(channels)))


class MinibatchStd(Rule[options.MinibatchStd]):
    """Adds the spread of a group of samples to what the last layer sees."""

    def remodel_discriminator(self, net: Discriminator) -> None:
        """One channel more before a new last layer."""
        net.mix(mixing.MinibatchStd(self.settings.samples), 1)


class MinibatchDiscrimination(Rule[options.MinibatchDiscrimination]):
    """Adds the closeness to the other samples to what the last layer sees."""

    def remodel_discriminator(self, net: Discriminator) -> None:
        """A channel more for each kernel before a new last layer."""
        seen = (net.channels + net.mixed) * net.area
        mixer = mixing.MinibatchDiscrimination(seen, self.settings.kernels, self.settings.dimension)
        net.mix(mixer, mixer.extra)


class Dropout(Rule[options.Dropout]):
    """Leaves out values behind each activation of the discriminator, in both players' updates."""

    def __init__(self, settings: options.Dropout, site: Site) -> None:
        super().__init__(settings, site)
        self.layers: list[mixing.CountedDropout] = []

    def remodel_discriminator(self, net: Discriminator) -> None:
        """A layer behind every activation on the way to the logit."""
        for path, module in list(net.named_modules()):
            if isinstance(module, ACTIVATIONS) and not path.startswith(("heads.", "label_input")):
                layer = mixing.CountedDropout(len(self.layers))
                net.set_submodule(path, nn.Sequential(module, layer))
                self.layers.append(layer)

    def begin(self, turn: Turn, net: torch.nn.Module) -> None:
        """Masks of this update begin: its own seed, a new mask for every pass and layer."""
        seed = turn.stream("dropout").initial_seed()
        for layer in self.layers:
            layer.begin(seed, self.settings.probability)


RULES: dict[str, Callable[[Any, Site], Rule[Any]]] = {
    "spectral-norm": SpectralNorm,
    "self-attention": SelfAttention,
    "minibatch-std": MinibatchStd,
    "minibatch-discrimination": MinibatchDiscrimination,
    "dropout": Dropout,
}
