"""Directions out of weights alone: closed-form factorisation (SeFa, Shen & Zhou 2021, arXiv:2007.06600).

A = the stacked weights of the first layers that take the latent linearly, each output row of length one. The directions
n of length one along which A n is longest are the eigenvectors of A'A, the largest eigenvalue first (section 3.2).
"""

from __future__ import annotations

from math import sqrt
from typing import Any, cast

import torch
from torch import Tensor, nn

from ganstudio.core.explore.recipe import Direction, Space
from ganstudio.latent.errors import ExploreError
from ganstudio.latent.mixing import span
from ganstudio.latent.model import Explorer
from ganstudio.nets.equalized import EqualizedConv2d, EqualizedLinear

LINEAR = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.ConvTranspose2d, EqualizedLinear, EqualizedConv2d)
LOUD = 1000.0
"""What the probing latent is multiplied by, so that one-hot numbers beside it do not matter."""
SAMPLES = 2000
"""Latents over which the spread along a direction in w is measured."""


def sefa(model: Explorer, count: int = 10, layers: tuple[int, int] = (0, -1)) -> tuple[Direction, ...]:
    """The strongest directions with their share of all eigenvalues: in w for the rows ``layers``, else in z.

    Raises :class:`ExploreError` for a network whose first step on the latent is not linear.
    """
    matrices = style_steps(model, layers) if model.styled is not None else first_steps(model)
    if not matrices:
        raise ExploreError(
            "no layer of this model takes the latent linearly: its weights name no directions",
            "Find directions by PCA.",
        )
    space: Space = "w" if model.styled is not None else "z"
    values, vectors = factorized(torch.cat(matrices))
    return named(model, space, values, vectors, count, "sefa")


def factorized(matrix: Tensor) -> tuple[Tensor, Tensor]:
    """Eigenvalues (D,), falling, and eigenvectors (D, D) as rows of A'A, A (outputs, D) with rows of length one."""
    length = matrix.double().norm(dim=1, keepdim=True)
    rows = matrix.double() / length.clamp(min=1e-12)
    values, vectors = torch.linalg.eigh(rows.T @ rows)
    return values.flip(0).clamp(min=0), vectors.T.flip(0)


def named(
    model: Explorer, space: Space, values: Tensor, vectors: Tensor, count: int, origin: str
) -> tuple[Direction, ...]:
    """The first ``count`` vectors (D,) as directions with sigmas, and shares of the eigenvalues as scores."""
    vectors = signed(vectors[:count]).float().cpu()
    shares = (values / values.sum().clamp(min=1e-12))[:count].tolist()
    sigmas = spreads(model, space, vectors)
    label = {"sefa": "SeFa", "pca": "PCA"}[origin]
    return tuple(
        Direction(f"{label} {k + 1}", space, tuple(vector.tolist()), sigma, origin, share)
        for k, (vector, sigma, share) in enumerate(zip(vectors, sigmas, shares, strict=True))
    )


def signed(vectors: Tensor) -> Tensor:
    """Vectors (K, D) with the sign that makes the largest number positive, since either sign is an eigenvector."""
    largest = vectors.gather(1, vectors.abs().argmax(1, keepdim=True))
    return vectors * torch.where(largest < 0, -1.0, 1.0).to(vectors.dtype)


def spreads(model: Explorer, space: Space, vectors: Tensor) -> list[float]:
    """The standard deviation of latents along each vector (K, D) of length one.

    In z that of the prior: 1, or 1/sqrt 3 for uniform numbers; in w that of samples.
    """
    if space == "z":
        one = 1 / sqrt(3) if model.latent.prior == "uniform" else 1.0
        return [one] * len(vectors)
    along = style_samples(model, SAMPLES) @ vectors.T.to(model.device)
    return along.std(0).clamp(min=1e-6).tolist()


@torch.no_grad()
def style_samples(model: Explorer, count: int) -> Tensor:
    """w (count, width) of counted latents, as the first row of styles has it."""
    assert model.styled is not None
    parts = [model.styled.map(*model.drawn(first, 500))[:, 0] for first in range(0, count, 500)]
    return torch.cat(parts)[:count]


# ---------------------------------------------------------------- which layers take the latent


@torch.no_grad()
def first_steps(model: Explorer) -> list[Tensor]:
    """Matrices (outputs, latent.dimension) of all layers that take z, or a part of it, linearly.

    Found by looking at what goes in: a layer whose input holds the numbers of z, perhaps all scaled alike, beside
    others that do not depend on it. What a layer does to them is read off by sending unit vectors through it.
    """
    if model.styled is not None:
        return style_steps(model)
    width = model.latent.dimension
    z = model.z([0])
    z[:, :width] = torch.randn(width, generator=torch.Generator().manual_seed(0)).to(z) * LOUD
    found: list[Tensor] = []
    for layer, seen in _inputs(model, z):
        places = _where(seen.flatten(), z[0, :width])
        if places is not None:
            found.append(_matrix(layer, seen, places, width))
    return found


def style_steps(model: Explorer, layers: tuple[int, int] = (0, -1)) -> list[Tensor]:
    """Matrices (outputs, width) of the layers that take one of the rows of w in ``layers``, first and last."""
    net = model.styled
    assert net is not None
    rows, width = len(net.style_rows), len(net.w_average)
    first, last = span(*layers, rows)
    ws = torch.randn(1, rows, width, generator=torch.Generator().manual_seed(0)).to(model.device)
    found: list[Tensor] = []

    def hear(layer: nn.Module, inputs: tuple[Any, ...]) -> None:
        for row in range(first, last + 1):
            if isinstance(inputs[0], Tensor) and torch.equal(inputs[0].flatten(), ws[0, row]):
                found.append(_matrix(layer, inputs[0], torch.arange(width), width))

    _listen(model.net, hear, lambda: net.render(ws, "none"))
    return found


def _inputs(model: Explorer, z: Tensor) -> list[tuple[nn.Module, Tensor]]:
    """Every linear layer that a pass for z goes through, with its input, the layers of fellow generators included."""
    heard: list[tuple[nn.Module, Tensor]] = []

    def hear(layer: nn.Module, inputs: tuple[Any, ...]) -> None:
        if isinstance(inputs[0], Tensor) and inputs[0].shape[2:].numel() == 1:
            heard.append((layer, inputs[0].clone()))

    _listen(model.net, hear, lambda: model.synthesize(z, model.labels([0])))
    return heard


@torch.no_grad()
def _listen(net: nn.Module, hear: Any, go: Any) -> None:
    layers = [module for module in net.modules() if isinstance(module, LINEAR)]
    handles = [layer.register_forward_pre_hook(hear) for layer in layers]
    try:
        go()
    finally:
        for handle in handles:
            handle.remove()


def _where(seen: Tensor, z: Tensor) -> Tensor | None:
    """For every number of an input (K,) which one of z (D,) it is, -1 for others; ``None`` where none of z is there."""
    scales = (1.0, float(seen.norm() / z.norm()), float(seen.abs().max() / z.abs().max()))
    for scale in scales:
        close = (seen[:, None] - scale * z[None]).abs() <= 1e-4 * scale * z.abs()[None]
        if close.any(1).sum() >= min(2, len(z)):
            return torch.where(close.any(1), close.int().argmax(1), -1)
    return None


def _matrix(layer: nn.Module, seen: Tensor, places: Tensor, width: int) -> Tensor:
    """The linear map of a layer on the numbers of z: (outputs, width)."""
    size = seen[0].numel()
    units = torch.eye(size, device=seen.device, dtype=seen.dtype).reshape(size, *seen.shape[1:])
    zero = torch.zeros_like(units[:1])
    with torch.no_grad():
        columns = (cast("Tensor", layer(units)) - cast("Tensor", layer(zero))).flatten(1).float()
    matrix = torch.zeros(columns.shape[1], width, device=seen.device)
    kept = (places >= 0).nonzero().flatten()
    return matrix.index_add_(1, places[kept].to(seen.device), columns[kept].T)
