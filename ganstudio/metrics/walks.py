"""Path lengths by the names of the catalogue: in which space is walked, and what tells how far pictures are apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from ganstudio.core.seeds import derive
from ganstudio.core.shapes import DataShape
from ganstudio.metrics.bench import Bench, Found
from ganstudio.metrics.features import DistanceNet
from ganstudio.metrics.lpips import doubts
from ganstudio.metrics.path import EPSILON, Interpolate, lerp, path_figure, path_lengths, slerp
from ganstudio.metrics.sides import GeneratorSide
from ganstudio.nets.style_base import StyleGenerator

Render = Callable[[Tensor, slice], Tensor]
MOST, AT_ONCE = 2000, 128


@dataclass(frozen=True)
class Manner:
    """How paths are measured: by which network, how many at most (0: as many as samples are asked for), at their
    beginnings only (StyleGAN2, arXiv:1912.04958) or anywhere on them, and what has to be said of it."""

    net: Callable[[Bench], DistanceNet]
    at_once: Callable[[Bench], int] = lambda bench: AT_ONCE
    most: int = 0
    beginnings: bool = False
    doubts: Callable[[DataShape], tuple[str, ...]] = lambda shape: ()

    def count(self, side: GeneratorSide) -> int:
        """How many paths are walked."""
        return min(len(side), self.most or len(side))


OWN = Manner(lambda bench: bench.domain, most=MOST)
LPIPS = Manner(
    lambda bench: bench.lpips,
    lambda bench: bench.lpips.pairs_at_once(bench.shape),
    beginnings=True,
    doubts=doubts,
)


def between_latents(manner: Manner) -> Callable[[Bench], Found]:
    """Between latents z: on the sphere, or straight where the prior is uniform. Codes stay as they are."""

    def measured(bench: Bench) -> Found:
        side = generator_of(bench)
        latent = side.generator.config.latent
        first, second = _ends(side, manner)
        codes, labels = first[:, latent.dimension :], side.labels

        def render(z: Tensor, part: slice) -> Tensor:
            whole = torch.cat([z, codes[part]], 1)
            return side.render(whole, None if labels is None else labels[part])

        way = lerp if latent.prior == "uniform" else slerp
        ends = first[:, : latent.dimension], second[:, : latent.dimension]
        return _walked(bench, manner, render, ends, way, "z")

    return measured


def between_styles(manner: Manner) -> Callable[[Bench], Found]:
    """Between styles w, straight, each pair of the same label."""

    def measured(bench: Bench) -> Found:
        side = generator_of(bench)
        net, device = side.generator.net, side.generator.device
        assert isinstance(net, StyleGenerator)
        labels = None if side.labels is None else side.labels[: manner.count(side)].to(device)
        with torch.no_grad():
            first, second = (
                net.map(z.to(device), labels, side.truncation)[:, 0] for z in _ends(side, manner)
            )

        @torch.no_grad()
        def render(w: Tensor, part: slice) -> Tensor:
            return net.render(w[:, None].repeat(1, net.rows, 1))

        return _walked(bench, manner, render, (first, second), lerp, "w")

    return measured


def generator_of(bench: Bench) -> GeneratorSide:
    """The generated side of what needs a generator."""
    assert isinstance(bench.made, GeneratorSide)
    return bench.made


def _ends(side: GeneratorSide, manner: Manner) -> tuple[Tensor, Tensor]:
    """Latents (n, width) at both ends of each path."""
    count = manner.count(side)
    return side.latents(0, count, "path begin"), side.latents(0, count, "path end")


def _walked(
    bench: Bench, manner: Manner, render: Render, ends: tuple[Tensor, Tensor], way: Interpolate, space: str
) -> Found:
    first, second = ends
    net = manner.net(bench)
    stream = torch.Generator().manual_seed(derive(bench.seed, "path places"))
    t = torch.rand(len(first), generator=stream).to(first.device)
    lengths = path_lengths(
        render, net.distance, first, second, torch.zeros_like(t) if manner.beginnings else t,
        interpolate=way, at_once=manner.at_once(bench), progress=bench.progress, cancelled=bench.cancelled,
    )  # fmt: skip
    places = "beginnings of paths" if manner.beginnings else "full paths"
    kind = "on the sphere" if way is slerp else "straight"
    rules = f"{len(first):,} {places} in {space}, {kind}, step {EPSILON:g}, without the outermost percents"
    return Found(path_figure(lengths), rules, net, warnings=manner.doubts(bench.shape))
