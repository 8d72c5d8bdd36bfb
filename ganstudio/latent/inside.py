"""What the layers of either player do with one picture: feature maps, their statistics and spectrum."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ganstudio.core.explore.recipe import Recipe
from ganstudio.latent.errors import ExploreError
from ganstudio.latent.model import Explorer
from ganstudio.latent.rendering import said, values

Player = Literal["generator", "discriminator"]
FLOOR = 1e-12
"""Power that counts as none: -120 dB."""


@dataclass(frozen=True)
class Layer:
    """A layer whose output can be looked at; ``path`` is its submodule. Plain numbers are maps of 1 x 1."""

    path: str
    name: str
    height: int
    width: int
    channels: int


@dataclass(frozen=True, eq=False)
class Inside:
    """Feature maps as pictures, uint8 (N, h, w), each from its least value (black) to its largest (white).

    ``mean``, ``deviation`` and ``largest`` (of the absolute value), (N,), are of the values themselves. ``spectrum``
    (K,) is the power in dB at 0, 1, 2 ... waves over the shorter side, averaged over directions and over all of the
    layer's ``channels``; empty for plain numbers.
    """

    maps: NDArray[np.uint8]
    mean: NDArray[np.float32]
    deviation: NDArray[np.float32]
    largest: NDArray[np.float32]
    spectrum: NDArray[np.float32]
    channels: int


class _Found(Exception):
    """Ends a pass at the wanted layer."""

    def __init__(self, maps: Tensor) -> None:
        super().__init__()
        self.maps = maps


def layers(model: Explorer, player: Player) -> tuple[Layer, ...]:
    """The layers of a player, in the order in which a picture passes through them; none where there is no player.

    A submodule that only hands on what another one has made is left out, and so are outputs that are neither maps nor
    plain numbers.
    """
    net = _player(model, player)
    if net is None:
        return ()
    found: dict[str, Layer] = {}
    last: list[object] = [None]

    def note(path: str, module: nn.Module, made: Any) -> None:
        if isinstance(made, Tensor) and made is not last[0] and path not in found and made.dim() in (2, 4):
            channels, height, width = _as_maps(made).shape
            found[path] = Layer(path, f"{path} {_kind(module)}", height, width, channels)
        last[0] = made

    with _hooked(net, note):
        _pass(model, player, Recipe())
    return tuple(found.values())


def look(model: Explorer, recipe: Recipe, player: Player, layer: int, channels: int = 64) -> Inside:
    """Layer number ``layer`` of :func:`layers` at a recipe's picture, the first ``channels`` maps as pictures.

    Nothing behind the layer is computed. Raises :class:`ExploreError` where there is no such layer.
    """
    known, net = layers(model, player), _player(model, player)
    if net is None or not 0 <= layer < len(known):
        raise ExploreError(f"this model's {player} has no layer {layer + 1} to look into")

    def catch(path: str, module: nn.Module, made: Any) -> None:
        if path == known[layer].path:
            raise _Found(_as_maps(made))

    try:
        with _hooked(net, catch):
            _pass(model, player, recipe)
    except _Found as found:
        return described(found.maps, channels)
    raise ExploreError("this layer has no part in this picture")


def described(maps: Tensor, channels: int) -> Inside:
    """Maps (C, h, w) as pictures with statistics."""
    flat = maps.float().flatten(1)
    shown = maps[:channels].float()
    low, high = (getattr(shown, end)((1, 2), keepdim=True) for end in ("amin", "amax"))
    grey = ((shown - low) / (high - low).clamp(min=1e-12) * 255).round().to(torch.uint8)
    flat = flat[:channels]
    numbers = (flat.mean(1), flat.std(1, correction=0), flat.abs().amax(1))
    mean, deviation, largest = (part.cpu().numpy() for part in numbers)
    return Inside(grey.cpu().numpy(), mean, deviation, largest, spectrum(maps), len(maps))


def spectrum(maps: Tensor) -> NDArray[np.float32]:
    """Mean power in dB at 0, 1, 2 ... waves over the shorter side for maps (C, h, w): |FFT / (h w)|^2 over rings.

    The mean of each map is taken off first: the first number is what is left of it, the others are the detail.
    """
    height, width = maps.shape[1:]
    if min(height, width) < 2:
        return np.zeros(0, np.float32)
    waves = maps.float() - maps.float().mean((1, 2), keepdim=True)
    power = (torch.fft.fft2(waves) / (height * width)).abs().square().mean(0)
    side = min(height, width)
    down, across = (torch.fft.fftfreq(n, device=maps.device) * side for n in (height, width))
    ring = (down[:, None].square() + across[None].square()).sqrt().round().long()
    rings = side // 2 + 1
    inside = ring < rings
    total = torch.zeros(rings, device=maps.device).index_add_(0, ring[inside], power[inside])
    count = torch.bincount(ring[inside], minlength=rings).clamp(min=1)
    return (10 * (total / count).clamp(min=FLOOR).log10()).cpu().numpy()


def _player(model: Explorer, player: Player) -> nn.Module | None:
    return model.net if player == "generator" else model.judge


@torch.no_grad()
def _pass(model: Explorer, player: Player, recipe: Recipe) -> None:
    made = values(model, recipe)
    if player == "discriminator":
        said(model, recipe, made)


def _as_maps(made: Tensor) -> Tensor:
    """The first sample of an output, (C, h, w)."""
    one = made[0].detach().clone()
    return one if one.dim() == 3 else one[:, None, None]


def _kind(module: nn.Module) -> str:
    return type(module).__name__.removeprefix("Parametrized")


@contextlib.contextmanager
def _hooked(net: nn.Module, note: Callable[[str, nn.Module, Any], None]) -> Generator[None]:
    """Within the block ``note(path, module, output)`` hears of every submodule's output."""

    def listener(path: str) -> Callable[[nn.Module, Any, Any], None]:
        return lambda module, inputs, made: note(path, module, made)

    handles = [
        module.register_forward_hook(listener(path))
        for path, module in net.named_modules()
        if path and "parametrizations" not in path
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
