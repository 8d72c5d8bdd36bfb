"""Layers that look at a whole picture, or at a whole batch, at once."""

from __future__ import annotations

from math import gcd

import torch
from torch import Tensor, nn
from torch.nn.functional import max_pool2d, softmax

from ganstudio.core.seeds import derive


class SelfAttention(nn.Module):
    """x + gamma * o(attention(theta, phi, g)) (Zhang 2019, arXiv:1805.08318, section 3, with gamma from 0).

    theta and phi have C/8 channels, g C/2; phi and g are max-pooled 2 x 2; softmax over the places looked at,
    without 1/sqrt(d), as in the authors' program.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        narrow, half = max(1, channels // 8), max(1, channels // 2)
        self.theta = nn.Conv2d(channels, narrow, 1, bias=False)
        self.phi = nn.Conv2d(channels, narrow, 1, bias=False)
        self.g = nn.Conv2d(channels, half, 1, bias=False)
        self.o = nn.Conv2d(half, channels, 1, bias=False)
        self.gamma = nn.Parameter(torch.zeros(()))
        for layer in (self.theta, self.phi, self.g, self.o):
            nn.init.xavier_uniform_(layer.weight)

    def weights(self, x: Tensor) -> Tensor:
        """How much each place looks at each pooled one: (N, places, places / 4), rows summing to one."""
        asked = self.theta(x).flatten(2).transpose(1, 2)
        offered = max_pool2d(self.phi(x), 2).flatten(2)
        return softmax(asked @ offered, dim=-1)

    def forward(self, x: Tensor) -> Tensor:
        """Maps (N, C, H, W) -> the same shape."""
        values = max_pool2d(self.g(x), 2).flatten(2)
        seen = (self.weights(x) @ values.transpose(1, 2)).transpose(1, 2)
        return x + self.gamma * self.o(seen.unflatten(2, x.shape[2:]))


class MinibatchStd(nn.Module):
    """One channel more: the mean standard deviation in a group of samples (Karras 2018, arXiv:1710.10196, section 3).

    Biased variance over the group, 1e-8 inside the root, mean over all features and places. A batch of B makes
    B / samples groups of every (B / samples)-th sample; where that does not come out even, smaller groups.
    """

    extra = 1

    def __init__(self, samples: int) -> None:
        super().__init__()
        self.samples = samples

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, ...) -> (N, C + 1, ...)."""
        samples = gcd(len(x), self.samples)
        groups = x.unflatten(0, (samples, -1))
        spread = (groups.var(0, correction=0) + 1e-8).sqrt().flatten(1).mean(1)
        return beside(x, spread.repeat(samples)[:, None])


class MinibatchDiscrimination(nn.Module):
    """Sums over the other samples of exp(-L1 distance), minus one (Salimans 2016, arXiv:1606.03498, section 3.2).

    Features (N, A) go through a tensor T to (N, kernels, dimension); the distance is taken for each kernel, a sample's
    to itself is left out, and the shift begins at -1 as in the authors' program. T begins with columns of length one.
    """

    def __init__(self, features: int, kernels: int, dimension: int) -> None:
        super().__init__()
        self.size = (kernels, dimension)
        table = torch.randn(features, kernels * dimension)
        self.table = nn.Parameter(table / table.norm(dim=0, keepdim=True))
        self.bias = nn.Parameter(torch.full((kernels,), -1.0))
        self.extra = kernels

    def closeness(self, features: Tensor) -> Tensor:
        """(N, A) -> (N, kernels)."""
        seen = (features @ self.table.to(features.dtype)).unflatten(1, self.size)
        distance = (seen[:, None] - seen[None]).abs().sum(3)
        oneself = torch.eye(len(features), dtype=distance.dtype, device=distance.device)
        return ((-distance).exp() * (1 - oneself)[:, :, None]).sum(1) + self.bias

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, ...) -> (N, C + kernels, ...)."""
        return beside(x, self.closeness(x.flatten(1)))


def beside(x: Tensor, more: Tensor) -> Tensor:
    """x (N, C, ...) with channels more (N, K), the same at every place."""
    spread = more.to(x.dtype)[(...,) + (None,) * (x.dim() - 2)]
    return torch.cat([x, spread.expand(-1, -1, *x.shape[2:])], 1)


class CountedDropout(nn.Module):
    """Dropout (Srivastava 2014) whose masks are decided by ``seed`` and how often it was passed since that was set."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number, self.seed, self.passes, self.probability = number, 0, 0, 0.0

    def begin(self, seed: int, probability: float) -> None:
        """Count anew from this seed."""
        self.seed, self.passes, self.probability = seed, 0, probability

    def forward(self, x: Tensor) -> Tensor:
        """x with some values left out and the others enlarged to make up for them; x itself in evaluation."""
        if not self.training or not self.probability:
            return x
        keep = 1 - self.probability
        random = torch.Generator(x.device).manual_seed(derive(self.seed, "dropout", self.number, self.passes))
        self.passes += 1
        return x * torch.empty_like(x).bernoulli_(keep, generator=random) / keep
