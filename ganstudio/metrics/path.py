"""Perceptual path length: how much a picture changes for a tiny step in latent space (Karras et al. 2019,
arXiv:1812.04948, section 4.1). Large where latents of different pictures lie side by side."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor

from ganstudio.metrics.figures import CancelCheck, Figure, MetricError, Numbers, Progress, bootstrapped_mean
from ganstudio.metrics.ticks import tick

EPSILON = 1e-4
TRIM = (1.0, 99.0)
"""Percentiles outside which lengths are left out: a few huge ones would decide everything."""
Interpolate = Callable[[Tensor, Tensor, Tensor], Tensor]


def lerp(first: Tensor, second: Tensor, t: Tensor) -> Tensor:
    """The straight way from (N, D) to (N, D) at ``t`` (N,), for an intermediate latent space w."""
    return torch.lerp(first, second, t.unsqueeze(1))


def slerp(first: Tensor, second: Tensor, t: Tensor) -> Tensor:
    """The way along the sphere at ``t`` (N,), for normal latents z (Shoemake 1985); lengths change evenly.

    Vectors in (nearly) the same or the opposite direction have no great circle of their own: there it is the
    straight way.
    """
    lengths = first.norm(dim=1, keepdim=True), second.norm(dim=1, keepdim=True)
    a, b = (x / n.clamp_min(torch.finfo(x.dtype).tiny) for x, n in zip((first, second), lengths, strict=True))
    cosine = (a * b).sum(1, keepdim=True).clamp(-1, 1)
    angle, part = cosine.acos(), t.unsqueeze(1)
    sine = angle.sin()
    straight = sine < 1e-6
    on_sphere = (((1 - part) * angle).sin() * a + (part * angle).sin() * b) / sine.masked_fill(straight, 1)
    return torch.where(straight, lerp(first, second, t), on_sphere * torch.lerp(*lengths, part))


def path_lengths(
    render: Callable[[Tensor, slice], Tensor],
    distance: Callable[[Tensor, Tensor], Tensor],
    first: Tensor,
    second: Tensor,
    t: Tensor,
    *,
    interpolate: Interpolate = slerp,
    epsilon: float = EPSILON,
    at_once: int = 128,
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> Numbers:
    """distance(G(p(t)), G(p(t + epsilon))) / epsilon^2 (N,) on paths p from ``first`` to ``second`` (N, D).

    ``render`` draws latents (n, D) that belong to a slice of the paths, so that labels can go with them;
    ``distance`` gives a squared distance for each pair of pictures (n,); ``t`` (N,) is uniform on [0, 1) in the
    paper's full version and 0 for its ends. Latents are interpolated in float64, so that a step is a step.
    """
    found: list[Tensor] = []
    with all_digits():
        for start in range(0, len(t), at_once):
            tick(progress, cancelled, "Walking in latent space", start / len(t))
            part = slice(start, start + at_once)
            ends, at = (first[part].double(), second[part].double()), t[part].double()
            near, far = (interpolate(*ends, moment).float() for moment in (at, at + epsilon))
            found.append(distance(render(near, part), render(far, part)).double().cpu() / epsilon**2)
    return torch.cat(found).numpy()


@contextmanager
def all_digits() -> Generator[None]:
    """Convolutions in whole float32 on a GPU too: in TF32, which is usual there, rounding drowns a step of 1e-4."""
    convolutions = torch.backends.cudnn.conv  # pyright: ignore[reportAttributeAccessIssue]
    before = convolutions.fp32_precision
    convolutions.fp32_precision = "ieee"
    try:
        yield
    finally:
        convolutions.fp32_precision = before


def trimmed(lengths: Numbers, trim: tuple[float, float] = TRIM) -> Numbers:
    """The lengths between two percentiles, those on the edges included."""
    low = np.percentile(lengths, trim[0], method="lower")
    high = np.percentile(lengths, trim[1], method="higher")
    return lengths[(lengths >= low) & (lengths <= high)]


def path_figure(lengths: Numbers) -> Figure:
    """The mean length without the outermost percents, with its bootstrap; raises :class:`MetricError`."""
    if len(lengths) == 0 or not np.isfinite(lengths).all():
        raise MetricError(
            "The lengths of paths are not finite numbers.",
            "The generator may have diverged: take an earlier one.",
        )
    return bootstrapped_mean(trimmed(lengths))
