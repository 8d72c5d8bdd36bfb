"""What adaptive augmentation does to pictures (Karras 2020, arXiv:2006.06676, appendix B).

Pixel blitting, geometric and colour transformations with the distributions of the paper. The paper's orthogonal
low-pass filter around the geometric ones is left out (pictures are read bilinearly, mirrored at the edges), as are
its image-space filters, noise and cutout, which it found of no use. Nothing is clamped: cutting colours off at -1 and
1 would let the changes leak into the samples.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from ganstudio.stabilizers.warping import affine

GATES, CHANCES, NORMALS = 13, 8, 7
"""How many random numbers of each kind one picture takes."""
SHIFT = 0.125
SIZE_SPREAD, FRACTION_SPREAD = 0.2, 0.125
BRIGHTNESS_SPREAD, CONTRAST_SPREAD, SATURATION_SPREAD = 0.2, 0.5, 1.0


@dataclass(frozen=True)
class Dice:
    """Random numbers of N pictures: ``gates`` (N, 13) and ``chances`` (N, 8) in [0, 1), ``normals`` (N, 7)."""

    gates: Tensor
    chances: Tensor
    normals: Tensor

    def choose(self, gate: int, probability: Tensor, value: Tensor, neutral: float) -> Tensor:
        """``value`` (N,) where the gate opens, which it does with the probability; else the neutral one."""
        return torch.where(self.gates[:, gate] < probability, value, neutral)


def matrix(rows: list[list[Tensor | float]], like: Tensor) -> Tensor:
    """N matrices from entries that are numbers or (N,)."""
    return torch.stack([torch.stack([torch.zeros_like(like) + entry for entry in row], 1) for row in rows], 1)


def moving(x: Tensor, y: Tensor) -> Tensor:
    """Leads back from a picture moved by (x, y)."""
    return matrix([[1.0, 0.0, -x], [0.0, 1.0, -y], [0.0, 0.0, 1.0]], x)


def scaling(x: Tensor, y: Tensor) -> Tensor:
    """Leads back from a picture stretched by these factors."""
    return matrix([[1 / x, 0.0, 0.0], [0.0, 1 / y, 0.0], [0.0, 0.0, 1.0]], x)


def turning(cosine: Tensor, sine: Tensor) -> Tensor:
    """Leads back from a picture turned by an angle."""
    return matrix([[cosine, sine, 0.0], [-sine, cosine, 0.0], [0.0, 0.0, 1.0]], cosine)


def blitting(dice: Dice, p: Tensor, size: tuple[int, int]) -> Tensor:
    """Back from: mirrored, turned by quarters, moved by up to an eighth in whole pixels. (N, 3, 3)."""
    height, width = size
    chance = dice.chances
    mirror = dice.choose(0, p, (chance[:, 0] * 2).floor(), 0.0)
    quarters = dice.choose(1, p, (chance[:, 1] * 4).floor(), 0.0) * (math.pi / 2)
    x = dice.choose(2, p, ((chance[:, 2] * 2 - 1) * SHIFT * width).round(), 0.0)
    y = dice.choose(2, p, ((chance[:, 3] * 2 - 1) * SHIFT * height).round(), 0.0)
    quarter_turn = turning(quarters.cos().round(), quarters.sin().round())
    return scaling(1 - 2 * mirror, torch.ones_like(mirror)) @ quarter_turn @ moving(x, y)


def geometry(dice: Dice, p: Tensor, size: tuple[int, int]) -> Tensor:
    """Back from: scaled, turned, stretched, turned again, moved by parts of a pixel. (N, 3, 3).

    Each of the two turns has a probability that makes either happen with p.
    """
    height, width = size
    chance, normal = dice.chances, dice.normals
    turn = 1 - (1 - p).clamp(min=0).sqrt()
    zoom = dice.choose(3, p, torch.exp2(normal[:, 0] * SIZE_SPREAD), 1.0)
    before = dice.choose(4, turn, (chance[:, 4] * 2 - 1) * math.pi, 0.0)
    stretch = dice.choose(5, p, torch.exp2(normal[:, 1] * SIZE_SPREAD), 1.0)
    after = dice.choose(6, turn, (chance[:, 5] * 2 - 1) * math.pi, 0.0)
    x = dice.choose(7, p, normal[:, 2] * FRACTION_SPREAD * width, 0.0)
    y = dice.choose(7, p, normal[:, 3] * FRACTION_SPREAD * height, 0.0)
    turned = turning(before.cos(), before.sin()) @ scaling(stretch, 1 / stretch)
    return scaling(zoom, zoom) @ turned @ turning(after.cos(), after.sin()) @ moving(x, y)


def colours(dice: Dice, p: Tensor, channels: int) -> Tensor:
    """Brightness, contrast, luma flip and, with three channels, hue and saturation: (N, 4, 4) on (r, g, b, 1)."""
    chance, normal = dice.chances, dice.normals
    light = dice.choose(8, p, normal[:, 4] * BRIGHTNESS_SPREAD, 0.0)
    steep = dice.choose(9, p, torch.exp2(normal[:, 5] * CONTRAST_SPREAD), 1.0)
    flip = dice.choose(10, p, (chance[:, 6] * 2).floor(), 0.0)
    one = torch.eye(4, device=light.device)
    grey = torch.ones(4, 4, device=light.device) / 3
    grey[3], grey[:, 3] = 0.0, 0.0
    whole = _shifted(light, steep)
    whole = (one - 2 * grey * flip[:, None, None]) @ whole
    if channels == 3:
        hue = dice.choose(11, p, (chance[:, 7] * 2 - 1) * math.pi, 0.0)
        strength = dice.choose(12, p, torch.exp2(normal[:, 6] * SATURATION_SPREAD), 1.0)
        whole = _hue(hue) @ whole
        whole = (grey + (one - grey) * strength[:, None, None]) @ whole
    return whole


def _shifted(light: Tensor, steep: Tensor) -> Tensor:
    """Brightness first, then contrast."""
    rows: list[list[Tensor | float]] = [[0.0, 0.0, 0.0, light * steep] for _ in range(3)]
    for place, row in enumerate(rows):
        row[place] = steep
    return matrix([*rows, [0.0, 0.0, 0.0, 1.0]], light)


def _hue(angle: Tensor) -> Tensor:
    """A turn about the grey axis (Rodrigues' formula)."""
    cosine, sine = angle.cos(), angle.sin()
    same = cosine + (1 - cosine) / 3
    side, other = (1 - cosine) / 3 - sine / math.sqrt(3), (1 - cosine) / 3 + sine / math.sqrt(3)
    rows: list[list[Tensor | float]] = [
        [same, side, other, 0.0], [other, same, side, 0.0], [side, other, same, 0.0], [0.0, 0.0, 0.0, 1.0]
    ]  # fmt: skip
    return matrix(rows, angle)


def recoloured(x: Tensor, change: Tensor) -> Tensor:
    """Pictures of 1 or 3 channels with colours changed by (N, 4, 4); grey ones by its mean over the colours."""
    if x.shape[1] == 1:
        steep = change[:, :3, :3].sum(2).mean(1)[:, None, None, None]
        return x * steep + change[:, :3, 3].mean(1)[:, None, None, None]
    mixed = (change[:, :3, :3] @ x.flatten(2)).unflatten(2, x.shape[2:])
    return mixed + change[:, :3, 3, None, None]


def warped(x: Tensor, dice: Dice, p: Tensor, blit: bool, bend: bool) -> Tensor:
    """Pictures moved in one go, whatever was drawn: blitting first, then geometry."""
    size = (x.shape[2], x.shape[3])
    if blit and bend:
        return affine(x, blitting(dice, p, size) @ geometry(dice, p, size))
    if blit or bend:
        return affine(x, blitting(dice, p, size) if blit else geometry(dice, p, size))
    return x
