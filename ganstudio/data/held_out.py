"""Real samples that training never sees, so that one can tell learning from learning by heart."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from ganstudio.core.seeds import derive
from ganstudio.data.pixels import from_pixels
from ganstudio.data.sources import ImageSet, make_image_set

MOST = 512
"""Pictures that are held out at most: more would say nothing further."""
FEWEST = 8
"""Pictures on either side, at least."""


def hold_out(images: ImageSet, percent: int, seed: int) -> tuple[ImageSet, Tensor | None]:
    """The set without ``percent`` of its pictures, and those as networks see them: float32 (N, C, H, W), -1 to 1.

    Which ones they are depends on the seed alone. Where too few pictures would be left on either side nothing is held
    out and the second is ``None``.
    """
    count = min(MOST, len(images) * percent // 100)
    if count < FEWEST or len(images) - count < FEWEST:
        return images, None
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(derive(seed, "held out")))
    kept, out = order[count:].sort().values, order[:count]
    labels = None if images.labels is None else images.labels[kept]
    rest = make_image_set(
        images.images[kept], labels, images.class_names,
        name=images.name, remark=f"{count:,} more held out",
    )  # fmt: skip
    return replace(rest, unreadable=images.unreadable), from_pixels(images.images[out])
