"""Augmentations of what the discriminator sees, real and generated alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ganstudio.catalog.stabilizers.base import Stabilizer, tells_by_sign
from ganstudio.core.schema import option

if TYPE_CHECKING:
    from ganstudio.core.config import RunConfig
    from ganstudio.core.shapes import DataShape


class _Augmentation(Stabilizer):
    """What changes pictures."""

    group: ClassVar[str] = "Inputs"
    year: ClassVar[int] = 2020

    def refuses(self, config: RunConfig, shape: DataShape | None) -> str:
        """Points have neither colours nor edges."""
        if shape is not None and shape.kind != "image":
            return "points have no colours and no frame to move in: augmentation is for pictures"
        return ""


@dataclass(frozen=True)
class DiffAugment(_Augmentation):
    """Differentiable augmentation (Zhao 2020)."""

    kind: ClassVar[str] = "diffaugment"
    title: ClassVar[str] = "DiffAugment"
    idea: ClassVar[str] = (
        "Real and generated pictures are recoloured, moved and cut alike, so that few pictures cannot be memorised."
    )
    paper: ClassVar[str] = "arXiv:2006.10738"
    compiles: ClassVar[bool] = True

    colour: bool = option(
        True, live=True, help="Random brightness, saturation and contrast; saturation needs three channels."
    )
    translation: bool = option(
        True, live=True, help="Random shifts by up to an eighth of the size; what comes into view is grey."
    )
    cutout: bool = option(True, live=True, help="A random square of half the size is greyed out.")


@dataclass(frozen=True)
class AdaptiveAugment(_Augmentation):
    """Adaptive discriminator augmentation (ADA, Karras 2020)."""

    kind: ClassVar[str] = "adaptive-augment"
    title: ClassVar[str] = "Adaptive augmentation (ADA)"
    idea: ClassVar[str] = (
        "Pictures are changed just as often as the discriminator overfits: measured while it learns."
    )
    paper: ClassVar[str] = "arXiv:2006.06676"
    compiles: ClassVar[bool] = True

    target: float = option(
        0.6,
        low=0,
        high=1,
        live=True,
        label="Target of overfitting",
        help="The mean sign of the answers to real pictures that the probability is steered by: "
        "0 without overfitting, 1 when every picture is known.",
    )
    every: int = option(4, low=1, high=1000, unit="updates", help="Updates between two changes.")
    kimg: float = option(
        500.0,
        low=0,
        open_low=True,
        high=100000,
        live=True,
        logarithmic=True,
        unit="thousand images",
        label="Speed",
        help="Thousands of images in which the probability could rise from 0 to 1.",
    )
    limit: float = option(
        1.0,
        low=0,
        high=1,
        live=True,
        help="The highest probability; above 0.8 the changes can leak into the samples, as the paper shows.",
    )
    start: float = option(
        0.0, low=0, high=1, label="Probability at the start", help="The probability in the first update."
    )
    adapt: bool = option(
        True, live=True, help="Steer the probability; otherwise it stays where it is, as in R3GAN's schedule."
    )
    blitting: bool = option(True, live=True, help="Mirrored, turned by quarters, moved by whole pixels.")
    geometry: bool = option(True, live=True, help="Scaled, stretched, turned, and moved by parts of a pixel.")
    colour: bool = option(
        True, live=True, help="Brightness, contrast, light and dark swapped, hue, saturation."
    )

    def refuses(self, config: RunConfig, shape: DataShape | None) -> str:
        """Overfitting is read off the sign of the answers."""
        reason = super().refuses(config, shape)
        if not reason and self.adapt and not tells_by_sign(config.objective):
            return (
                f"{config.objective.title} gives answers whose sign says nothing, and by that overfitting is measured: "
                "switch 'adapt' off and give a probability at the start"
            )
        return reason
