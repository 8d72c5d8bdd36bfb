"""What the result scripts measure with: mode coverage of mixtures, and a distance in a classifier's features."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ganstudio.data import GaussianMixture


@dataclass(frozen=True)
class Coverage:
    """Modes with at least one good sample, the share of good samples, and KL(generated modes || real modes)."""

    modes: int
    good: float
    reverse_kl: float


def coverage(points: Tensor, mixture: GaussianMixture) -> Coverage:
    """How points (N, D) in raw units lie on the modes.

    A sample is good within three standard deviations of its nearest mode; all samples count for the divergence, in
    nats, as in PacGAN (Lin 2018, arXiv:1712.04086, section 4.1) and VEEGAN.
    """
    distance = torch.cdist(points.double(), mixture.centres.double())
    nearest, mode = distance.min(1)
    good = nearest <= 3 * mixture.deviation.double()[mode]
    counts = torch.bincount(mode, minlength=len(mixture.centres)).double()
    share, wanted = counts / counts.sum(), torch.tensor(mixture.weights, dtype=torch.float64)
    seen = share > 0
    divergence = (share[seen] * (share[seen] / wanted[seen]).log()).sum().item()
    return Coverage(len(mode[good].unique()), good.double().mean().item(), divergence)


def frechet(first: Tensor, second: Tensor) -> float:
    """|mu1 - mu2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2)) of two sets of features (N, F) (Heusel 2017, equation 6).

    The trace of the root is the sum of the roots of the eigenvalues of S1^(1/2) S2 S1^(1/2), which is symmetric: no
    complex numbers can come out, however few samples there are.
    """
    a, b = first.double(), second.double()
    root = _root(torch.cov(a.T))
    inner = torch.linalg.eigvalsh(root @ torch.cov(b.T) @ root).clamp_min(0).sqrt().sum()
    difference = (a.mean(0) - b.mean(0)).square().sum()
    return (difference + a.var(0).sum() + b.var(0).sum() - 2 * inner).item()


def _root(matrix: Tensor) -> Tensor:
    values, vectors = torch.linalg.eigh(matrix)
    return vectors @ torch.diag(values.clamp_min(0).sqrt()) @ vectors.T


class Classifier(nn.Module):
    """A small convolutional classifier: images (N, C, R, R) -> class logits; :meth:`features` are its last 64."""

    def __init__(self, channels: int, resolution: int, classes: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        width = 32
        for _ in range(int(math.log2(resolution)) - 2):
            layers += [
                nn.Conv2d(channels, width, 3, padding=1),
                nn.BatchNorm2d(width),
                nn.ReLU(),
                nn.MaxPool2d(2),
            ]
            channels, width = width, min(2 * width, 128)
        self.body = nn.Sequential(*layers, nn.Flatten(), nn.Linear(channels * 16, 64), nn.ReLU())
        self.last = nn.Linear(64, classes)

    def features(self, x: Tensor) -> Tensor:
        """What the last layer sees (N, 64)."""
        return self.body(x)

    def forward(self, x: Tensor) -> Tensor:
        """Class logits (N, classes)."""
        return self.last(self.body(x))
