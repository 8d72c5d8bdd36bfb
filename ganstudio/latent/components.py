"""Directions out of samples: principal components (GANSpace, Härkönen 2020, arXiv:2004.02546, sections 3.1 and 3.2).

With styles these are the components of w itself. Without, z is the same in all directions and has none; taken are the
components of the activations behind an early layer, regressed back to z: the columns u of the U that minimises
sum |U x - z|^2 over samples, x being the activations' coordinates in units of their deviations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ganstudio.core.explore.recipe import Direction
from ganstudio.latent.directions import named, signed
from ganstudio.latent.errors import ExploreError, Stopped
from ganstudio.latent.mixing import stages
from ganstudio.latent.model import Explorer

AT_ONCE = 500
EXACT_WIDTH = 1024
"""Activations of up to so many numbers have their whole covariance computed, wider ones the strongest components."""
EXTRA = 10
"""Vectors that the search for the strongest components carries beside those wanted (Halko 2011, arXiv:0909.4061)."""
PASSES = 2
"""Times that search goes through the samples."""
Stop = Callable[[], bool]
Progress = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Components:
    """Variances (K,), falling, components (K, D) of length one, the mean (D,) and the sum of all variances."""

    variances: Tensor
    vectors: Tensor
    mean: Tensor
    total: float


class Samples:
    """Samples of something D numbers wide that can be gone through again and again, a part at a time."""

    def __init__(self, make: Callable[[int, int], tuple[Tensor, Tensor]], count: int, passes: int) -> None:
        self.make, self.count, self.passes, self.done = make, count, passes, 0
        self.stop: Stop = lambda: False
        self.progress: Progress = lambda done: None

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Parts: what is looked at (n, D) and the latents (n, K) that it comes from."""
        for first in range(0, self.count, AT_ONCE):
            if self.stop():
                raise Stopped
            self.progress(min(1.0, (self.done * self.count + first) / (self.count * self.passes)))
            yield self.make(first, min(AT_ONCE, self.count - first))
        self.done += 1


def pca(
    model: Explorer, count: int = 10, samples: int = 20_000, layer: int = 0, stop: Stop = lambda: False,
    progress: Progress = lambda done: None,
) -> tuple[Direction, ...]:  # fmt: skip
    """The ``count`` strongest components over ``samples`` latents, with shares of the variance.

    ``layer`` is one of :func:`ganstudio.latent.mixing.stages`, for models without styles. Raises
    :class:`ExploreError` where there is no such layer and :class:`Stopped` once ``stop()`` is true.
    """
    if samples < 2:
        raise ExploreError("components need two samples at least")
    source = Samples(_styles(model) if model.styled else _activations(model, layer), samples, PASSES + 2)
    source.stop, source.progress = stop, progress
    with torch.no_grad():
        found = components(source, count)
        if model.styled is not None:
            vectors = found.vectors
        else:
            vectors = regressed(source, found)
    values = torch.cat([found.variances, _rest(found)])
    return named(model, "w" if model.styled else "z", values, vectors, count, "pca")


def components(source: Samples, count: int) -> Components:
    """The strongest components of what the samples show, exact for up to 1,024 numbers."""
    total, squares, seen = torch.zeros(()), 0.0, 0
    gram: Tensor | None = None
    for x, _ in source:
        if seen == 0:
            total = torch.zeros(x.shape[1], dtype=torch.float64, device=x.device)
            gram = torch.zeros(x.shape[1], x.shape[1], device=x.device) if x.shape[1] <= EXACT_WIDTH else None
        total += x.sum(0, dtype=torch.float64)
        squares += float(x.square().sum(dtype=torch.float64))
        seen += len(x)
        if gram is not None:
            gram += x.T @ x
    mean = total / seen
    variance = squares / seen - float(mean.square().sum())
    mean = mean.float()
    if gram is not None:
        covariance = gram.double() / seen - torch.outer(mean.double(), mean.double())
        values, vectors = torch.linalg.eigh(covariance)
        kept = vectors.T.flip(0)[:count].float()
        return Components(values.flip(0)[:count].clamp(min=0).float(), kept, mean, variance)
    return _strongest(source, mean, count, variance)


def _strongest(source: Samples, mean: Tensor, count: int, total: float) -> Components:
    """Subspace iteration with a Rayleigh-Ritz step at the end; the covariance itself is never formed."""
    width = len(mean)
    generator = torch.Generator().manual_seed(0)
    basis = torch.linalg.qr(
        torch.randn(width, min(width, count + EXTRA), generator=generator).to(mean.device)
    )[0]
    last, small = basis, torch.zeros(0)
    for _ in range(PASSES):
        image, small = torch.zeros_like(basis), torch.zeros(basis.shape[1], basis.shape[1]).to(mean.device)
        for x, _z in source:
            along = (x - mean) @ basis
            image += (x - mean).T @ along / source.count
            small += along.T @ along / source.count
        last, basis = basis, torch.linalg.qr(image)[0]
    # With C the covariance and Q the basis before the last pass, image = C Q: Q'CQ is known, its vectors turn Q.
    values, turn = torch.linalg.eigh(small)
    vectors = (last @ turn).T.flip(0)[:count]
    return Components(values.flip(0)[:count].clamp(min=0), vectors, mean, total)


def regressed(source: Samples, found: Components) -> Tensor:
    """The directions (K, D) of length one in z along which the components' coordinates change most."""
    scale = found.variances.sqrt().clamp(min=1e-8)
    total: Tensor | None = None
    for x, z in source:
        # The coordinates are uncorrelated and of variance one, so that U = mean of z x'.
        coordinates = (x - found.mean) @ found.vectors.T / scale
        part = coordinates.T @ z
        total = part if total is None else total + part
    assert total is not None
    return torch.nn.functional.normalize(signed(total), dim=1)


def _rest(found: Components) -> Tensor:
    """What is left of the variance, as one number, so that shares are of the whole."""
    left = max(0.0, found.total - float(found.variances.sum()))
    return torch.tensor([left], device=found.variances.device)


def _styles(model: Explorer) -> Callable[[int, int], tuple[Tensor, Tensor]]:
    def make(first: int, count: int) -> tuple[Tensor, Tensor]:
        assert model.styled is not None
        ws = model.styled.map(*model.drawn(first, count))[:, 0]
        return ws, ws

    return make


def _activations(model: Explorer, layer: int) -> Callable[[int, int], tuple[Tensor, Tensor]]:
    places = stages(model.net)
    if not 0 <= layer < len(places):
        raise ExploreError(f"this model has {len(places)} layers to find components of, no layer {layer + 1}")

    def make(first: int, count: int) -> tuple[Tensor, Tensor]:
        z, labels = model.drawn(first, count)
        return early(model, z, labels, places[layer].paths), z[:, : model.latent.dimension]

    return make


class _Reached(Exception):
    """Ends a pass behind the wanted layer."""


def early(model: Explorer, z: Tensor, labels: Tensor | None, paths: tuple[str, ...]) -> Tensor:
    """The activations (N, D) behind a layer; nothing behind it is computed. Of fellow generators all side by side."""
    seen: list[Tensor] = []

    def catch(module: nn.Module, inputs: object, made: Tensor) -> None:
        seen.append(made.flatten(1).float())
        if len(seen) == len(paths):
            raise _Reached

    handles = [model.net.get_submodule(path).register_forward_hook(catch) for path in paths]
    try:
        model.synthesize(z, labels)
    except _Reached:
        pass
    finally:
        for handle in handles:
            handle.remove()
    return torch.cat(seen, 1)
