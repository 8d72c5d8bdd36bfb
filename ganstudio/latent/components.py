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
from torch.nn.functional import normalize

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
TURNS = 6
"""Times that search multiplies by the covariance of its samples."""
SEARCHED = 4000
"""Samples at most that search keeps, and ``MOST_KEPT`` numbers at most."""
MOST_KEPT = 1 << 25
Stop = Callable[[], bool]
Progress = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Components:
    """Variances (K,), falling, components (K, D) of length one, and the sum of all variances.

    ``back`` (K, L): the mean of the components' coordinates, in units of their deviations, times the latents.
    """

    variances: Tensor
    vectors: Tensor
    back: Tensor
    total: float


class Samples:
    """Samples of something D numbers wide, gone through a part at a time."""

    def __init__(self, make: Callable[[int, int], tuple[Tensor, Tensor]], count: int) -> None:
        self.make, self.count = make, count
        self.stop: Stop = lambda: False
        self.progress: Progress = lambda done: None

    def parts(self, count: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
        """What is looked at (n, D) and the latents (n, L) that it comes from; with ``count`` of the first ones."""
        last = min(count or self.count, self.count)
        for first in range(0, last, AT_ONCE):
            if self.stop():
                raise Stopped
            self.progress(first / self.count)
            yield self.make(first, min(AT_ONCE, last - first))


def pca(
    model: Explorer, count: int = 10, samples: int = 20_000, layer: int = 0, stop: Stop = lambda: False,
    progress: Progress = lambda done: None,
) -> tuple[Direction, ...]:  # fmt: skip
    """The ``count`` strongest components over ``samples`` latents, with their shares of the variance.

    ``layer`` is one of :func:`ganstudio.latent.mixing.stages`, for models without styles. Raises
    :class:`ExploreError` where there is no such layer and :class:`Stopped` once ``stop()`` is true.
    """
    if samples < 2:
        raise ExploreError("components need two samples at least")
    source = Samples(_styles(model) if model.styled else _activations(model, layer), samples)
    source.stop, source.progress = stop, progress
    with torch.no_grad():
        found = components(source, count)
    # The coordinates are uncorrelated and of variance one, so that U = mean of z x'.
    vectors = found.vectors if model.styled is not None else normalize(found.back, dim=1)
    values = torch.cat([found.variances, _rest(found)])
    return named(model, "w" if model.styled else "z", values, vectors, count, "pca")


def components(source: Samples, count: int) -> Components:
    """The strongest components of what the samples show, in one pass.

    Up to 1,024 numbers the covariance is that of all numbers, beyond that the one within the space that the strongest
    components of the first samples span, and some vectors more.
    """
    first, _ = source.make(0, 1)
    basis = None if first.shape[1] <= EXACT_WIDTH else searched(source, first.shape[1], count + EXTRA)
    moments = _Moments()
    for x, z in source.parts():
        moments.add(x if basis is None else x @ basis, z, float(x.square().sum(dtype=torch.float64)))
        moments.sum(x)
    covariance, cross = moments.central()
    values, turn = torch.linalg.eigh(covariance)
    values, turn = values.flip(0)[:count].clamp(min=0), turn.T.flip(0)[:count]
    turn = signed(turn)
    back = turn @ cross / values.sqrt().clamp(min=1e-8)[:, None]
    vectors = turn.float() if basis is None else turn.float() @ basis.T
    return Components(values.float(), vectors, back.float(), moments.variance())


def searched(source: Samples, width: int, count: int) -> Tensor:
    """An orthonormal basis (D, count) close to the strongest components of the first samples: subspace iteration."""
    kept = min(SEARCHED, max(2 * count, MOST_KEPT // width))
    x = torch.cat([part for part, _ in source.parts(kept)])
    x = x - x.mean(0)
    random = torch.randn(width, min(width, count), generator=torch.Generator().manual_seed(0)).to(x)
    basis = torch.linalg.qr(random)[0]
    for _ in range(TURNS):
        basis = torch.linalg.qr(x.T @ (x @ basis))[0]
    return basis


class _Moments:
    """Sums over samples x (n, D), what is looked at of them y (n, K) and latents z (n, L), in float64."""

    def __init__(self) -> None:
        self.count, self.squares = 0, 0.0
        self.x = self.y = self.z = self.yy = self.yz = torch.zeros(())

    def add(self, y: Tensor, z: Tensor, squares: float) -> None:
        """Take in some samples; ``squares`` is the sum of all squares of x."""
        self.count += len(y)
        self.squares += squares
        self.y, self.z = self.y + y.sum(0, dtype=torch.float64), self.z + z.sum(0, dtype=torch.float64)
        self.yy, self.yz = self.yy + (y.T @ y).double(), self.yz + (y.T @ z).double()

    def sum(self, x: Tensor) -> None:
        """Take in the samples themselves, for their mean."""
        self.x = self.x + x.sum(0, dtype=torch.float64)

    def central(self) -> tuple[Tensor, Tensor]:
        """The covariances of y with itself (K, K) and with z (K, L)."""
        y, z = self.y / self.count, self.z / self.count
        return self.yy / self.count - torch.outer(y, y), self.yz / self.count - torch.outer(y, z)

    def variance(self) -> float:
        """The sum of the variances of x."""
        return self.squares / self.count - float((self.x / self.count).square().sum())


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
