"""Style mixing: rows of w from another latent; without styles, the statistics of hidden activations.

A row of styles sets the mean and deviation of a layer's channels (Karras 2019, arXiv:1812.04948, section 3.1). A
network without styles takes z once, so that whole activations of another latent in one layer would make the other
latent's picture and nothing between. What can be mixed by layer there, too, are those statistics: the channels' means
and deviations over the picture, as adaptive instance normalisation transfers them (Huang & Belongie 2017,
arXiv:1703.06868, equation 8). Layout stays, colours and texture come along. Activations without a picture (fully
connected layers) have no statistics of their own and are blended as they are.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from ganstudio.core.explore.recipe import Mix
from ganstudio.latent.errors import ExploreError
from ganstudio.latent.model import Explorer
from ganstudio.nets.layers import ACTIVATIONS

EPS = 1e-5
COARSE, MIDDLE = 8, 32
"""Px up to which a layer counts as coarse or middle, as in StyleGAN's figure 3."""
Source = tuple[Mix, Tensor, Tensor | None]
"""A mix with its source's z (1, D) and label."""


@dataclass(frozen=True)
class Stage:
    """A place between two layers: the px of its shorter side and the submodules whose outputs stand there."""

    size: int
    paths: tuple[str, ...]


def stages(net: nn.Module) -> tuple[Stage, ...]:
    """The mixable layers of a generator without styles, in order: named stages, or else its activations.

    Generators side by side have theirs together.
    """
    members = list(getattr(net, "members", []))
    if members:
        inner = [stages(member) for member in members]
        return tuple(
            Stage(
                each[0].size, tuple(f"members.{k}.{p}" for k, stage in enumerate(each) for p in stage.paths)
            )
            for each in zip(*inner, strict=True)
        )
    named: dict[int, tuple[str, int]] = getattr(net, "stages", {})
    if named:
        return tuple(Stage(size, (path,)) for size, (path, _) in sorted(named.items()))
    found = [path for path, module in net.named_modules() if isinstance(module, ACTIVATIONS)]
    last = next((path for path, m in reversed(list(net.named_modules())) if not list(m.children())), "")
    return tuple(Stage(1, (path,)) for path in found if path != last)


def ranges(rows: Sequence[int]) -> dict[str, tuple[int, int]]:
    """Name -> first and last row of the coarse (up to 8 px), middle (up to 32 px) and fine ones, where there are any.

    ``rows`` has the px of each row, rising. A network whose pictures are no larger than 32 px would have no fine rows:
    there its finest size is fine, the one before it middle, and the rest coarse. Where all would be of one kind, thirds
    of the rows are taken instead.
    """
    sizes = sorted(set(rows))
    coarse, middle = COARSE, MIDDLE
    if len(sizes) > 2 and sizes[-1] <= MIDDLE:
        coarse, middle = sizes[-3], sizes[-2]
    kinds = ["coarse" if size <= coarse else "middle" if size <= middle else "fine" for size in rows]
    if len(set(kinds)) < 2 and len(rows) > 1:
        names = ("coarse", "middle", "fine") if len(rows) > 2 else ("coarse", "fine")
        kinds = [names[k * len(names) // len(rows)] for k in range(len(rows))]
    return {
        name: (kinds.index(name), len(kinds) - 1 - kinds[::-1].index(name))
        for name in ("coarse", "middle", "fine")
        if name in kinds
    }


def span(first: int, last: int, rows: int) -> tuple[int, int]:
    """The first and last row meant, within 0 and rows - 1; a negative ``last`` is the last row there is."""
    last = rows - 1 if last < 0 else min(last, rows - 1)
    return min(max(first, 0), rows), last


def mixed_rows(ws: Tensor, source: Tensor, mix: Mix) -> Tensor:
    """w (N, rows, width) with the mix's rows moved towards the source's by its strength."""
    first, last = span(mix.first, mix.last, ws.shape[1])
    inside = ws[:, first : last + 1], source[:, first : last + 1]
    mixed = inside[1] if mix.strength == 1.0 else torch.lerp(*inside, mix.strength)
    return torch.cat([ws[:, :first], mixed, ws[:, last + 1 :]], 1)


def with_statistics(x: Tensor, other: Tensor, strength: float) -> Tensor:
    """x (N, C, H, W) with its channels' means and deviations moved towards the other's; plain numbers are blended."""
    if x.dim() < 4 or x.shape[2] * x.shape[3] == 1:
        return torch.lerp(x, other, strength)
    (variance, mean), (wanted, shift) = (
        torch.var_mean(each, (2, 3), correction=0, keepdim=True) for each in (x, other)
    )
    gain = ((wanted + EPS) / (variance + EPS)).sqrt()
    return torch.lerp(x, (x - mean) * gain + shift, strength)


def layered(model: Explorer, z: Tensor, labels: Tensor | None, sources: Sequence[Source]) -> Tensor:
    """The sample (1, *size) of a model without styles whose layers take statistics from sources, in order.

    Raises :class:`ExploreError` for a network without layers between which one could mix.
    """
    places = stages(model.net)
    if not places:
        raise ExploreError("this model has no layers between which one could mix")
    plans = [(mix, _seen(model, source, label)) for mix, source, label in sources if mix.strength]

    def changed(index: int, path: str, x: Tensor) -> Tensor:
        for mix, seen in plans:
            first, last = span(mix.first, mix.last, len(places))
            if first <= index <= last:
                x = with_statistics(x, seen[path], mix.strength)
        return x

    with _hooked(model.net, places, changed):
        return model.synthesize(z, labels)


def _seen(model: Explorer, z: Tensor, labels: Tensor | None) -> dict[str, Tensor]:
    """What stands at every stage for a latent, by path."""
    seen: dict[str, Tensor] = {}

    def note(index: int, path: str, x: Tensor) -> Tensor:
        seen[path] = x.clone()  # later layers may work in place
        return x

    with _hooked(model.net, stages(model.net), note):
        model.synthesize(z, labels)
    return seen


@contextlib.contextmanager
def _hooked(net: nn.Module, places: Sequence[Stage], change: Any) -> Generator[None]:
    """Within the block ``change(stage number, path, output)`` takes the place of every stage's output."""
    handles = [
        net.get_submodule(path).register_forward_hook(
            lambda module, inputs, made, index=index, path=path: change(index, path, made)
        )
        for index, place in enumerate(places)
        for path in place.paths
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
