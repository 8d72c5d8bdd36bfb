"""Discriminators that are autoencoders: a sample's energy is its mean error (EBGAN, Zhao 2017; BEGAN, Berthelot 2017).

The logit is minus the energy, so that real stays positive beside generated; the features are the code.
"""

from __future__ import annotations

from math import prod

import torch
from torch import Tensor, nn

from ganstudio.catalog import networks_autoencoder as options
from ganstudio.core.shapes import DataShape, doublings, seed_size
from ganstudio.nets.base import Discriminator, Generator, Judgement
from ganstudio.nets.dcgan import initialize
from ganstudio.nets.layers import SLOPE, doubled, has_shift, normalization
from ganstudio.nets.mlp import hidden_layers


class Energetic(Discriminator):
    """Encodes, decodes and compares. A family makes ``encoder`` and ``decoder`` and says how long the code is."""

    encoder: nn.Module
    decoder: nn.Module

    def __init__(self, error: str) -> None:
        super().__init__()
        self.error = error

    def rebuilt(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Samples (N, ...) to their codes (N, K) and what becomes of them (N, ...)."""
        code = self.encoder(x)
        return code.flatten(1), self.decoder(code)

    def energy(self, x: Tensor, again: Tensor) -> Tensor:
        """Mean squared or mean absolute difference over all numbers of a sample (N,), in float32."""
        difference = (x - again).flatten(1).float()
        return (difference.square() if self.error == "l2" else difference.abs()).mean(1)

    def judge(self, x: Tensor, labels: Tensor | None = None) -> Judgement:
        """Minus the energy, the code, and what heads read in the code."""
        if self.label_input is not None:
            x = self.label_input(x, labels)
        code, again = self.rebuilt(x)
        logits = -self.energy(x, again)
        if self.projection is not None:
            logits = logits + (self.projection(labels) * code).sum(1)
        return Judgement(logits, code, {name: head(code) for name, head in self.heads.items()})


class Autoencoder(Energetic):
    """EBGAN's: 4 x 4 convolutions of stride two down to the seed, and their mirror image up again."""

    def __init__(self, settings: options.Autoencoder, shape: DataShape) -> None:
        super().__init__(settings.error)
        steps = doublings(shape.height, shape.width)
        widths = [settings.base_channels * 2**k for k in range(steps)]
        norm, bias = settings.normalization, not has_shift(settings.normalization)
        down: list[nn.Module] = []
        for inner, outer in zip([shape.channels, *widths], widths, strict=False):
            between = normalization(norm, outer) if down else []
            down += [nn.Conv2d(inner, outer, 4, 2, 1, bias=bias), *between, nn.LeakyReLU(SLOPE)]
        up: list[nn.Module] = []
        for inner, outer in zip(widths[:0:-1], widths[-2::-1], strict=True):
            up += [
                nn.ConvTranspose2d(inner, outer, 4, 2, 1, bias=bias),
                *normalization(norm, outer),
                nn.ReLU(),
            ]
        up += [nn.ConvTranspose2d(widths[0], shape.channels, 4, 2, 1), nn.Tanh()]
        maps = (widths[-1], *seed_size(shape.height, shape.width))
        self.channels, self.area = maps[0], maps[1] * maps[2]
        if settings.code:
            down += [nn.Flatten(), nn.Linear(prod(maps), settings.code)]
            up = [nn.Linear(settings.code, prod(maps)), nn.Unflatten(1, maps), nn.ReLU(), *up]
            self.channels, self.area = settings.code, 1
        self.encoder, self.decoder = nn.Sequential(*down), nn.Sequential(*up)
        initialize(self)


class MlpAutoencoder(Energetic):
    """Fully connected, for points and small pictures: samples (N, *size) -> logits (N,)."""

    flat = True

    def __init__(self, settings: options.MlpAutoencoder, shape: DataShape) -> None:
        super().__init__(settings.error)
        width, depth, bend = settings.width, settings.depth, settings.activation
        self.encoder = nn.Sequential(
            nn.Flatten(),
            *hidden_layers(shape.numel, width, depth, bend, "none"),
            nn.Linear(width, settings.code),
        )
        last: list[nn.Module] = [nn.Tanh()] if shape.kind == "image" else []
        self.decoder = nn.Sequential(
            *hidden_layers(settings.code, width, depth, bend, "none"),
            nn.Linear(width, shape.numel),
            *last,
            nn.Unflatten(1, shape.size),
        )
        self.channels, self.area = settings.code, 1


class Doubling(nn.Module):
    """Nearest doubling as a layer."""

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, 2H, 2W)."""
        return doubled(x)


def pair(inner: int, outer: int) -> list[nn.Module]:
    """Two 3 x 3 convolutions with exponential linear units."""
    return [nn.Conv2d(inner, outer, 3, 1, 1), nn.ELU(), nn.Conv2d(outer, outer, 3, 1, 1), nn.ELU()]


class BeganDecoder(nn.Module):
    """Codes or latents (N, D) -> images (N, C, H, W): two convolutions at each size from 8 px up, no bound."""

    def __init__(self, latent: int, channels: int, shape: DataShape) -> None:
        super().__init__()
        steps = doublings(shape.height, shape.width) - 1
        seed = (channels, shape.height >> steps, shape.width >> steps)
        self.first = nn.Sequential(nn.Linear(latent, prod(seed)), nn.Unflatten(1, seed))
        self.layers = nn.Sequential(nn.Sequential(*pair(channels, channels)))
        for _ in range(steps):
            self.layers.append(nn.Sequential(Doubling(), *pair(channels, channels)))
        self.last = nn.Conv2d(channels, shape.channels, 3, 1, 1)

    def forward(self, code: Tensor) -> Tensor:
        """One image for each code."""
        return self.last(self.layers(self.first(code).contiguous(memory_format=torch.channels_last)))


class BeganGenerator(Generator):
    """z (N, D) -> images (N, C, H, W), about in [-1, 1] but not bounded."""

    def __init__(self, settings: options.BeganGenerator, latent: int, shape: DataShape) -> None:
        super().__init__()
        self.decoder = BeganDecoder(latent, settings.base_channels, shape)
        self.stages = {
            size: (f"decoder.layers.{k}", settings.base_channels)
            for k, size in enumerate(settings.stages(shape))
        }

    def synthesize(self, z: Tensor, labels: Tensor | None) -> Tensor:
        """One image for each latent."""
        return self.decoder(z)


class BeganAutoencoder(Energetic):
    """BEGAN's: widths n, 2n, 3n, ... down to 8 px and a linear code; the decoder is a generator of its own."""

    def __init__(self, settings: options.BeganAutoencoder, shape: DataShape) -> None:
        super().__init__(settings.error)
        steps, n = doublings(shape.height, shape.width) - 1, settings.base_channels
        down: list[nn.Module] = [nn.Conv2d(shape.channels, n, 3, 1, 1), nn.ELU(), *pair(n, n)]
        width = n
        for _ in range(steps):
            down += [nn.Conv2d(width, width + n, 3, 2, 1), nn.ELU(), *pair(width + n, width + n)]
            width += n
        area = (shape.height >> steps) * (shape.width >> steps)
        self.encoder = nn.Sequential(*down, nn.Flatten(), nn.Linear(width * area, settings.code))
        self.decoder = BeganDecoder(settings.code, n, shape)
        self.channels, self.area = settings.code, 1
