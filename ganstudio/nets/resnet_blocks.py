"""The residual blocks of WGAN-GP, SNGAN and BigGAN (Gulrajani 2017; Miyato 2018, figure 3; Brock 2019, figure 15).

Before an activation comes the normalisation (pre-activation), so that the way around a block stays a plain sum. No
rectifier works in place: the first one of a block would overwrite what the way around it still needs.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

from torch import Tensor, nn

from ganstudio.nets.layers import doubled, halved, normalization

MakeNorm = Callable[[int], nn.Module]
"""Channels to a normalisation that is called with maps and a condition."""


class UpBlock(nn.Module):
    """Maps (N, C, H, W) and a condition -> (N, K, 2H, 2W), or of the same size where ``grows`` is false.

    norm, ReLU, nearest doubling, 3 x 3, norm, ReLU, 3 x 3, beside the input doubled and, where sizes or widths
    differ, mixed by a 1 x 1 convolution.
    """

    def __init__(self, inner: int, outer: int, norm: MakeNorm, grows: bool = True) -> None:
        super().__init__()
        self.grows = grows
        self.norms = nn.ModuleList([norm(inner), norm(outer)])
        self.bends = nn.ModuleList([nn.ReLU(), nn.ReLU()])
        self.first = nn.Conv2d(inner, outer, 3, 1, 1)
        self.second = nn.Conv2d(outer, outer, 3, 1, 1)
        self.shortcut = nn.Conv2d(inner, outer, 1) if grows or inner != outer else nn.Identity()

    def forward(self, x: Tensor, condition: Tensor | None) -> Tensor:
        """The input, resized, plus what the two convolutions add."""
        inside = self.bends[0](self.norms[0](x, condition))
        around = self.shortcut(x)  # a 1 x 1 convolution commutes with doubling and is cheaper before it
        if self.grows:
            inside, around = doubled(inside), doubled(around)
        inside = self.bends[1](self.norms[1](self.first(inside), condition))
        return around + self.second(inside)


class DownBlock(nn.Module):
    """Maps (N, C, H, W) -> (N, K, H/2, W/2), or of the same size where ``shrinks`` is false.

    ``opens``: the block stands first, where the input is a picture and nothing comes before the first convolution.
    ``wide``: the inner maps have the output's width (BigGAN) instead of the input's (SNGAN).
    """

    def __init__(
        self, inner: int, outer: int, norm: str, shrinks: bool, opens: bool = False, wide: bool = False
    ) -> None:
        super().__init__()
        middle = outer if opens or wide else inner
        before = [] if opens else [*normalization(norm, inner), nn.ReLU()]
        self.shrinks, self.opens = shrinks, opens
        self.layers = nn.Sequential(
            *before,
            nn.Conv2d(inner, middle, 3, 1, 1),
            *normalization(norm, middle),
            nn.ReLU(),
            nn.Conv2d(middle, outer, 3, 1, 1),
        )
        self.shortcut = nn.Conv2d(inner, outer, 1) if shrinks or inner != outer else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        """The input, resized, plus what the two convolutions add."""
        inside = self.layers(x)
        if not self.shrinks:
            return inside + self.shortcut(x)
        if self.opens:  # few channels: halve the picture first
            return halved(inside) + self.shortcut(halved(x))
        return halved(inside + self.shortcut(x))


def glorot(net: nn.Module) -> None:
    """Glorot's uniform start: gain sqrt 2 inside blocks, 1 on the way around them and elsewhere (Miyato 2018)."""
    for name, module in net.named_modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            inside = any(part in name for part in (".first", ".second", ".layers."))
            nn.init.xavier_uniform_(module.weight, sqrt(2) if inside else 1.0)
            if module.bias is not None:
                nn.init.zeros_(module.bias)


def orthogonal(net: nn.Module) -> None:
    """Orthogonal rows or columns everywhere (Brock 2019, section 3), biases zero."""
    for module in net.modules():
        if isinstance(module, nn.Conv2d | nn.Linear | nn.Embedding):
            nn.init.orthogonal_(module.weight)
        if isinstance(module, nn.Conv2d | nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)
