"""A finite set of pictures, ready to be put on a training device."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from ganstudio.core.shapes import DataShape


@dataclass(frozen=True, eq=False)
class ImageSet:
    """All pictures of a source, on the CPU.

    ``images``: uint8, (N, C, H, W), 0 to 255, contiguous. ``labels``: int64, (N,), 0 to classes - 1, or ``None``.
    ``unreadable`` names the files that had to be left out, each with the reason. ``fingerprint`` is the SHA-256
    of pixels and labels: two sets with the same one hold the same data.
    """

    images: Tensor
    labels: Tensor | None
    class_names: tuple[str, ...]
    name: str
    summary: str
    unreadable: tuple[str, ...]
    fingerprint: str

    @property
    def shape(self) -> DataShape:
        """The shape of one picture, with the number of classes."""
        return image_shape(self.images, self.class_names)

    def __len__(self) -> int:
        return self.images.shape[0]


def make_image_set(
    images: Tensor,
    labels: Tensor | None = None,
    class_names: tuple[str, ...] = (),
    *,
    name: str,
    unreadable: tuple[str, ...] = (),
    remark: str = "",
) -> ImageSet:
    """An :class:`ImageSet` with its summary and fingerprint; ``remark`` is added to the summary."""
    images = images.contiguous()
    parts = [f"{len(images):,} image{'' if len(images) == 1 else 's'}"]
    parts.append(image_shape(images, class_names).describe())
    parts += [f"{len(unreadable):,} unreadable"] if unreadable else []
    parts += [remark] if remark else []
    return ImageSet(
        images, labels, class_names, name, ", ".join(parts), unreadable, fingerprint(images, labels)
    )


def image_shape(images: Tensor, class_names: tuple[str, ...]) -> DataShape:
    """The shape of one picture of ``images`` (N, C, H, W)."""
    _, channels, height, width = images.shape
    return DataShape("image", channels, height, width, classes=len(class_names))


def fingerprint(images: Tensor, labels: Tensor | None) -> str:
    """SHA-256 in hex over shape, pixels and labels."""
    digest = hashlib.sha256(repr((tuple(images.shape), labels is not None)).encode("ascii"))
    for tensor in (images, labels):
        if tensor is not None:
            digest.update(tensor.contiguous().numpy().reshape(-1).view(np.uint8).data)
    return digest.hexdigest()
