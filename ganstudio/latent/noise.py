"""Per-pixel noise of networks that have it: chosen, scaled, and how much of a picture depends on it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ganstudio.core.explore.recipe import Noise, Recipe
from ganstudio.core.seeds import derive
from ganstudio.latent.errors import ExploreError, Stopped
from ganstudio.latent.model import Explorer
from ganstudio.nets.counted import PixelNoise
from ganstudio.nets.style_base import StyleGenerator

WHY_NOT = "This model has no noise inputs: its pictures depend on the latent alone."


def noise_layers(net: nn.Module) -> list[PixelNoise]:
    """The layers that add noise."""
    return [module for module in net.modules() if isinstance(module, PixelNoise)]


def rendered(net: StyleGenerator, ws: Tensor, noise: Noise) -> Tensor:
    """Samples for w (1, rows, width) with this noise; "random" is decided by its seed alone."""
    net.reseed(derive(noise.seed, "explore noise"))
    with scaled(net, noise.strength):
        return net.render(ws, noise.mode).float()


@contextlib.contextmanager
def scaled(net: Any, strength: float) -> Generator[None]:
    """Within the block all noise is ``strength`` times what the network learned."""

    def hook(layer: nn.Module, inputs: tuple[Any, ...], made: Tensor) -> Tensor:
        return torch.lerp(inputs[0], made, strength)

    layers = [] if strength == 1.0 else noise_layers(net)
    handles = [layer.register_forward_hook(hook) for layer in layers]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def spread(
    model: Explorer, recipe: Recipe, draws: int, make: Callable[[Explorer, Recipe], Tensor],
    stop: Callable[[], bool] = lambda: False,
) -> NDArray[np.float32]:  # fmt: skip
    """Standard deviation of each pixel over ``draws`` noises, (H, W) in grey levels of 0 to 255, averaged over colours.

    ``make`` is :func:`ganstudio.latent.rendering.values`. Raises :class:`ExploreError` for a model without noise.
    """
    if not noise_layers(model.net):
        raise ExploreError(WHY_NOT)
    pictures: list[Tensor] = []
    for seed in range(max(2, draws)):
        if stop():
            raise Stopped
        one = make(model, replace(recipe, noise=replace(recipe.noise, mode="random", seed=seed)))
        pictures.append(one.clamp(-1, 1))
    deviation = torch.cat(pictures).std(0, correction=0) * 127.5
    return deviation.square().mean(0).sqrt().cpu().numpy()
