"""How alike samples are among themselves, by the multi-scale structural similarity of pairs.

MS-SSIM of Wang, Simoncelli and Bovik (2003), as a measure of (missing) diversity by Odena et al. (2017,
arXiv:1610.09585, section 4.3): pairs are of the same class where there are classes.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ganstudio.metrics.figures import CancelCheck, Figure, MetricError, Progress, bootstrapped_mean
from ganstudio.metrics.ticks import tick

WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
"""Exponents of the five scales, from the finest on."""
WINDOW, DEVIATION = 11, 1.5
STEADY = (0.01, 0.03)
"""K1 and K2: keep quotients steady where there is no light and no contrast."""


def scales_of(side: int) -> int:
    """How many scales a picture with this shorter side has: the window must fit into the coarsest."""
    return max(1, min(len(WEIGHTS), (max(side, 1) // WINDOW).bit_length()))


def ms_ssim(first: Tensor, second: Tensor, span: float = 1.0, scales: int | None = None) -> Tensor:
    """The similarity (N,) of pairs of pictures (N, C, H, W) whose values span ``span``; 1 for equal ones.

    Pictures too small for five scales have fewer, their exponents scaled to the same sum, and pictures of less than
    11 px a smaller window: numbers of different sizes are not to be compared.
    """
    x, y = first.double(), second.double()
    count = scales_of(min(x.shape[-2:])) if scales is None else scales
    exponents = torch.tensor(WEIGHTS[:count], dtype=x.dtype, device=x.device)
    exponents = exponents * (sum(WEIGHTS) / exponents.sum())
    result = torch.ones(len(x), dtype=x.dtype, device=x.device)
    for scale in range(count):
        whole, contrast = _similarity(x, y, span)
        last = scale == count - 1
        result = result * (whole if last else contrast).clamp_min(0) ** exponents[scale]
        if not last:
            x, y = functional.avg_pool2d(x, 2), functional.avg_pool2d(y, 2)
    return result


def _similarity(x: Tensor, y: Tensor, span: float) -> tuple[Tensor, Tensor]:
    """SSIM and its contrast and structure part, both the mean over a picture (N,)."""
    light, contrast = ((k * span) ** 2 for k in STEADY)
    stacked = torch.cat([x, y, x * x, y * y, x * y])
    mx, my, xx, yy, xy = _blur(stacked).chunk(5)
    structure = (2 * (xy - mx * my) + contrast) / (xx - mx * mx + yy - my * my + contrast)
    whole = structure * (2 * mx * my + light) / (mx * mx + my * my + light)
    return whole.flatten(1).mean(1), structure.flatten(1).mean(1)


def _blur(x: Tensor) -> Tensor:
    """Means under a Gaussian window, where it fits in whole."""
    side = min(WINDOW, *x.shape[-2:])
    place = torch.arange(side, dtype=x.dtype, device=x.device) - (side - 1) / 2
    line = torch.exp(-place.square() / (2 * DEVIATION**2))
    line = line / line.sum()
    planes = x.flatten(0, 1).unsqueeze(1)
    planes = functional.conv2d(functional.conv2d(planes, line.view(1, 1, 1, -1)), line.view(1, 1, -1, 1))
    return planes.view(*x.shape[:2], *planes.shape[-2:])


def pairs_of(count: int, pairs: int, labels: Tensor | None, seed: int) -> tuple[Tensor, Tensor]:
    """Indices of ``pairs`` random pairs of different samples, of the same class where there are labels."""
    generator = np.random.default_rng(seed)
    classes = np.zeros(count, dtype=np.int64) if labels is None else labels.cpu().numpy()
    members = [found for kind in np.unique(classes) if len(found := np.flatnonzero(classes == kind)) > 1]
    if not members:
        raise MetricError("No class has two samples to compare.", "Take more samples.")
    shares = np.array([len(m) for m in members]) / sum(len(m) for m in members)
    chosen = generator.choice(len(members), pairs, p=shares)
    picked = np.array([generator.choice(members[k], 2, replace=False) for k in chosen])
    return torch.from_numpy(picked[:, 0]), torch.from_numpy(picked[:, 1])


def diversity_figure(
    images: Tensor,
    labels: Tensor | None = None,
    *,
    pairs: int = 1000,
    seed: int = 0,
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> Figure:
    """The mean similarity of random pairs of uint8 pictures (N, C, H, W): nearer to 0 is more diverse."""
    left, right = pairs_of(len(images), pairs, labels, seed)
    found: list[Tensor] = []
    for start in range(0, pairs, 64):
        tick(progress, cancelled, "Comparing pairs", start / pairs)
        part = slice(start, start + 64)
        found.append(ms_ssim(images[left[part]], images[right[part]], span=255.0).cpu())
    return bootstrapped_mean(torch.cat(found))
