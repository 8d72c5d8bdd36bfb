"""LPIPS: how far apart two pictures look (Zhang et al. 2018, arXiv:1801.03924), version 0.1 in VGG16.

The published perceptual path length is taken in it (Karras et al. 2019, arXiv:1812.04948, section 4.1). VGG16
(Simonyan and Zisserman 2015, arXiv:1409.1556, column D) has the weights that torchvision publishes for ImageNet; the
1,472 linear weights are the authors' own and come with this program (``resources/lpips``).
"""

from __future__ import annotations

import torch
from safetensors.torch import load
from torch import Tensor, nn
from torch.nn import functional

from ganstudio.catalog.measures import LEAST_SIDE
from ganstudio.catalog.presets import shipped
from ganstudio.core.shapes import DataShape
from ganstudio.metrics.figures import CancelCheck, MetricError, Progress
from ganstudio.metrics.published import UNVERIFIED, facts_of, filled, weights_at_hand
from ganstudio.metrics.weightfile import read_weights

NAME = "vgg16"
CONVOLUTIONS = "features."
"""How the names of the weights begin that are needed; those of the classifier are not read."""
WIDTHS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
"""Channels of the convolutions of each stage; between stages sizes are halved."""
SHIFT, SCALE = (-0.030, -0.088, -0.188), (0.458, 0.448, 0.450)
"""Mean and deviation of ImageNet's colours on [-1, 1]."""
TINY = 1e-10
LARGEST = 256
"""Larger pictures are reduced, as the paper of StyleGAN does."""
PATCH = 64
"""Pixels of the patches on which people's answers for LPIPS were collected."""
AT_ONCE = {"cpu": 1 << 16}
AT_ONCE_ELSEWHERE = 1 << 20
"""Pixels that are looked at between two looks at whether to stop."""


class Vgg16(nn.Module):
    """The 13 convolutions, 3 x 3, by the names of torchvision's file."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels = 3
        for stage in WIDTHS:
            layers += [nn.MaxPool2d(2)] if layers else []
            for width in stage:
                layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU(inplace=True)]
                channels = width
        self.features = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> list[Tensor]:
        """Pictures (N, 3, H, W) -> what leaves each of the five stages: (N, 64, H, W) to (N, 512, H/16, W/16)."""
        found: list[Tensor] = []
        for layer in self.features:
            if isinstance(layer, nn.MaxPool2d):
                found.append(x)
            x = layer(x)
        return [*found, x]


class Lpips:
    """LPIPS on a device. ``genuine`` says whether VGG16 has the published weights."""

    resize = f"averaged over blocks down to {LARGEST} px where larger, as they are below"

    def __init__(self, net: Vgg16, device: torch.device | str = "cpu", genuine: bool = True) -> None:
        self.device = torch.device(device)
        # Not channels_last: a fifth faster on a CPU, but rounding is ten times as loud, and steps are tiny.
        self.net = net.to(self.device)
        self.linear = [weights.to(self.device) for weights in linear_weights()]
        self.shift, self.scale = (
            torch.tensor(numbers, device=self.device).view(3, 1, 1) for numbers in (SHIFT, SCALE)
        )
        self.name = NAME if genuine else f"{UNVERIFIED}{NAME}"
        self.facts = f"LPIPS v0.1 in torchvision's VGG16 (vgg16-397923af), {facts_of(NAME, genuine)}"

    @torch.no_grad()
    def distance(self, first: Tensor, second: Tensor) -> Tensor:
        """LPIPS (N,) of pairs of pictures (N, C, H, W) in [-1, 1], grey ones in three equal channels.

        sum over stages of mean over places of sum_c w_c (a_c / |a| - b_c / |b|)^2. Raises :class:`MetricError`.
        """
        left, right = (self.net(self._prepared(x)) for x in (first, second))
        parts = [
            (weights.view(-1, 1, 1) * (_unit(a) - _unit(b)).square()).sum(1).mean((1, 2))
            for a, b, weights in zip(left, right, self.linear, strict=True)
        ]
        return torch.stack(parts).sum(0)

    def pairs_at_once(self, shape: DataShape) -> int:
        """How many pairs of pictures are compared at once."""
        pixels = AT_ONCE.get(self.device.type, AT_ONCE_ELSEWHERE)
        return max(1, min(128, pixels // min(shape.height * shape.width, LARGEST**2)))

    def _prepared(self, x: Tensor) -> Tensor:
        colour = x.expand(-1, 3, -1, -1) if x.shape[1] == 1 else x
        if colour.shape[1] != 3:
            raise MetricError(f"LPIPS sees grey and colour pictures, not {colour.shape[1]} channels.")
        side = min(colour.shape[-2:])
        if side < LEAST_SIDE:
            raise MetricError(
                f"LPIPS needs pictures of {LEAST_SIDE} px or more, and these have {side}.",
                "Choose the -domain metrics, which take any size.",
            )
        return (reduced(colour.to(self.device).float()) - self.shift) / self.scale


def reduced(x: Tensor) -> Tensor:
    """Pictures (N, C, H, W) averaged over blocks, as large as keep both sides at :data:`LARGEST` or above it."""
    factor = min(x.shape[-2:]) // LARGEST
    return functional.avg_pool2d(x, factor) if factor > 1 else x


def _unit(x: Tensor) -> Tensor:
    """Features (N, C, H, W) with length 1 at every place; where nothing was seen they stay 0."""
    return x / (x.square().sum(1, keepdim=True).sqrt() + TINY)


def linear_weights() -> list[Tensor]:
    """How much each channel counts, (C,) for each stage; none is negative."""
    file = shipped("resources") / "lpips" / "vgg16-v0.1.safetensors"
    tensors = load(file.read_bytes())
    return [tensors[f"lin{stage}"] for stage in range(len(WIDTHS))]


def doubts(shape: DataShape) -> tuple[str, ...]:
    """What has to be said of LPIPS on pictures of that shape."""
    side = min(shape.height, shape.width)
    return (f"LPIPS was made for pictures of {PATCH} px or more: at {side} px it sees little.",) * (
        side < PATCH
    )


def load_lpips(
    device: torch.device | str = "cpu",
    *,
    allow_fetch: bool = False,
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> Lpips:
    """LPIPS with VGG16's weights from the disk; with ``allow_fetch`` they are downloaded where they are not there.

    Raises :class:`MetricError` or ``Cancelled``.
    """
    path, genuine = weights_at_hand(NAME, allow_fetch, progress, cancelled)
    net = filled(Vgg16, read_weights(path, CONVOLUTIONS), "VGG16")
    return Lpips(net, device, genuine)
