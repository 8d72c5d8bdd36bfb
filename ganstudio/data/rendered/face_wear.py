"""What a face may wear: glasses and hats."""

from __future__ import annotations

import torch
from torch import Tensor

from ganstudio.data.rendered import sdf
from ganstudio.data.rendered.canvas import Canvas
from ganstudio.data.rendered.face_model import CLOTHES, NOWHERE, SKULL_V, Face, lighter

BRIM = 0.25
"""The height of a hat's lower edge over the eyes."""


def paint_glasses(head: Canvas, face: Face) -> None:
    """Both lenses at once, folded over each other, the bridge and the bows."""
    part = head.window(-0.65, 0.65, -0.3, 0.25)
    across = part.x - 0.065 * face.turn
    space = face.number("eye spacing", 0.155, 0.185)
    u, v = across.abs() - space, part.y + 0.01
    wide = face.table("glasses", 0.1, 0.118, 0.125, 0.14)
    lens = sdf.rounded_box(u, v, wide, face.table("glasses", 0.1, 0.118, 0.095, 0.108),
                           face.table("glasses", 0.1, 0.118, 0.03, 0.07))  # fmt: skip
    worn = face.table("glasses", 0, 1, 1, 1)
    glass = torch.where(
        face.table("glasses", 0, 0, 0, 1).squeeze(-1) > 0, face.tone("23262e"), face.tone("eef6fb")
    )
    part.figure(glass, lens, face.table("glasses", 0, 0.16, 0.16, 0.92))
    glare = sdf.soft((u + v * 0.8 + 0.02).abs() - 0.02, 0.04) * sdf.coverage(lens + 0.02, part.pixel)
    part.paint(face.tone("ffffff"), glare * face.table("glasses", 0, 0.15, 0.15, 0.28))
    bridge = sdf.segment(u, v, (-space, 0.03), (-wide, 0.025))
    bow = sdf.segment(u, v, (wide, 0.03), (face.skull - space + 0.01, 0.045))
    part.line(face.tone("2d2a30"), sdf.union(lens.abs(), bridge, bow), 0.0135, worn)


def paint_hat(head: Canvas, face: Face) -> None:
    """A beanie with a bobble, a cap with a visor, or a sun hat with a ribbon."""
    part = head.window(-1, 1, 0, 1)
    u, v = part.x, part.y
    colour = face.pick(CLOTHES, "hat colour")
    crown = _crown(face, u, v)
    high = face.skull + face.table("hat", 0, 0.15, 0.075, 0)
    bobble = sdf.circle(u, v - SKULL_V - high, face.table("hat", -NOWHERE, 0.09, 0.03, -NOWHERE))
    part.figure(lighter(colour, 0.35), bobble)
    inside = sdf.coverage(crown, part.pixel)
    part.paint(colour, inside)
    away = (0.5 - 0.9 * face.light * u - 0.4 * (v - 0.4)).clamp(0, 1)
    part.paint(colour * 0.7, inside * away * 0.5)
    knit = sdf.stripes(u + 0.03, 0.12, part.pixel) * face.table("hat", 0, 0.25, 0, 0)
    part.paint(colour * 0.65, inside * knit)
    ribbon = sdf.box(u, v - BRIM - 0.1, 1.0, 0.045)
    part.paint(colour * 0.5, inside * sdf.coverage(ribbon, part.pixel) * face.table("hat", 0, 0, 0, 1))
    _paint_brim(part, face, u, v, colour)


def _crown(face: Face, u: Tensor, v: Tensor) -> Tensor:
    """Around the skull, down to the brim; a sun hat is flatter on top."""
    around = sdf.circle(u, v - SKULL_V, face.skull + face.table("hat", -NOWHERE, 0.085, 0.075, 0.08))
    low = sdf.rounded_box(u, v - 0.32, face.skull + 0.015, 0.335, 0.18) + face.table(
        "hat", NOWHERE, NOWHERE, NOWHERE, 0
    )
    around = torch.where(face.table("hat", 0, 0, 0, 1) > 0, low, around)
    return sdf.intersection(around, BRIM - v)


def _paint_brim(part: Canvas, face: Face, u: Tensor, v: Tensor, colour: Tensor) -> None:
    """The fold of a beanie, the visor of a cap, the wide brim of a sun hat; with its shadow below."""
    v = v - BRIM
    fold = sdf.rounded_box(u, v - 0.02, face.skull + 0.09, 0.08, 0.05) + face.table(
        "hat", NOWHERE, 0, NOWHERE, NOWHERE
    )
    across = u - 0.1 * face.turn
    visor = sdf.ellipse(across, v + 0.02, face.skull * 0.97, 0.105) + face.table(
        "hat", NOWHERE, NOWHERE, 0, NOWHERE
    )
    wide = sdf.ellipse(u, v, 0.76, 0.105) + face.table("hat", NOWHERE, NOWHERE, NOWHERE, 0)
    brim = sdf.union(fold, visor, wide)
    part.paint(face.tone("2a1d1a"), sdf.soft(brim - 0.01, 0.07) * sdf.coverage(v, part.pixel) * 0.25)
    part.figure(torch.where(face.values["hat"].view(-1, 1) == 1, lighter(colour, 0.18), colour * 0.8), brim)
