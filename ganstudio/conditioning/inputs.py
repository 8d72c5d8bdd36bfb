"""Layers that bring a label into a network that knows nothing of classes."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, one_hot

from ganstudio.core.shapes import DataShape


class LabelVector(nn.Module):
    """Latents (N, D) and labels (N,) -> latents (N, D + extra): one-hot, or a learned vector for each class."""

    def __init__(self, classes: int, embedding: int) -> None:
        super().__init__()
        self.classes = classes
        self.embedding = nn.Embedding(classes, embedding) if embedding else None
        self.extra = embedding or classes

    def forward(self, z: Tensor, labels: Tensor) -> Tensor:
        """The latents with the class beside them."""
        if self.embedding is None:
            return torch.cat([z, one_hot(labels, self.classes).to(z.dtype)], 1)
        return torch.cat([z, self.embedding(labels).to(z.dtype)], 1)


class LabelPlane(nn.Module):
    """Images (N, C, H, W) and labels (N,) -> (N, C + 1, H, W): a learned plane for each class.

    Smaller images (while networks grow) get the plane reduced to their size.
    """

    extra = 1

    def __init__(self, classes: int, shape: DataShape) -> None:
        super().__init__()
        self.plane = (1, shape.height, shape.width)
        self.embedding = nn.Embedding(classes, shape.height * shape.width)

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        """The images with their class's plane behind the colours."""
        plane = self.embedding(labels).unflatten(1, self.plane).to(x.dtype)
        if plane.shape[2:] != x.shape[2:]:
            plane = avg_pool2d(plane, plane.shape[-1] // x.shape[-1])
        return torch.cat([x, plane], 1)


class LabelBeside(nn.Module):
    """Samples (N, ...) and labels (N,) -> rows (N, numbers + classes): one-hot behind the sample's own numbers."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.extra = self.classes = classes

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        """The samples as rows, with the class beside them."""
        return torch.cat([x.flatten(1), one_hot(labels, self.classes).to(x.dtype)], 1)
