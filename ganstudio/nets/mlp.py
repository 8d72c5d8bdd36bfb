"""Fully connected networks, for points and small pictures."""

from __future__ import annotations

from torch import Tensor, nn

from ganstudio.catalog import networks as options
from ganstudio.core.shapes import DataShape
from ganstudio.nets.base import Discriminator, Generator
from ganstudio.nets.layers import SLOPE
from ganstudio.nets.layers import normalization as norm


def activation(name: str) -> nn.Module:
    """The nonlinearity of that name; leaky ReLU has slope 0.2, as in DCGAN."""
    return {"relu": nn.ReLU, "leaky-relu": lambda: nn.LeakyReLU(SLOPE), "tanh": nn.Tanh}[name]()


def hidden_layers(inputs: int, width: int, depth: int, bend: str, normalization: str) -> list[nn.Module]:
    """``depth`` blocks of linear, normalisation, activation."""
    layers: list[nn.Module] = []
    for _ in range(depth):
        layers.append(nn.Linear(inputs, width))
        layers += norm(normalization, width, maps=False)
        layers.append(activation(bend))
        inputs = width
    return layers


class MlpGenerator(Generator):
    """z (N, D) -> samples (N, *shape.size): images in [-1, 1] through tanh, points unbounded."""

    def __init__(self, settings: options.MlpGenerator, latent: int, shape: DataShape) -> None:
        super().__init__()
        self.size = shape.size
        hidden = hidden_layers(
            latent, settings.width, settings.depth, settings.activation, settings.normalization
        )
        last: list[nn.Module] = [nn.Linear(settings.width, shape.numel)]
        if shape.kind == "image":
            last.append(nn.Tanh())
        self.layers = nn.Sequential(*hidden, *last)

    def synthesize(self, z: Tensor, labels: Tensor | None) -> Tensor:
        """One sample for each latent."""
        return self.layers(z).unflatten(1, self.size)


class MlpDiscriminator(Discriminator):
    """Samples (N, *shape.size) -> logits (N,)."""

    flat = True

    def __init__(self, settings: options.MlpDiscriminator, shape: DataShape) -> None:
        super().__init__()
        hidden = hidden_layers(
            shape.numel, settings.width, settings.depth, settings.activation, settings.normalization
        )
        self.layers = nn.Sequential(*hidden)
        self.finish(settings.width)

    def trunk(self, x: Tensor) -> Tensor:
        """The values of the last hidden layer."""
        return self.layers(x.flatten(1))
