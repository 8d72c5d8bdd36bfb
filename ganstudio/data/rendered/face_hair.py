"""Hair: a cap around the head with an opening for the face, what hangs behind, and a bun."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ganstudio.catalog.rendered import FACE_LABELS
from ganstudio.data.rendered import sdf
from ganstudio.data.rendered.canvas import Canvas
from ganstudio.data.rendered.face_model import NOWHERE, SKULL_V, Face, lighter


@dataclass(frozen=True)
class Cut:
    """A hair style, in the frame of the head.

    The cap stands ``volume`` off the head, ``rise`` more towards the top and ``curl`` more on its waves, and ends
    at the height ``lowest``. Its opening has its upper edge at ``top``, is ``side`` wider than the skull on both
    sides, with corners of ``radius``; it leans by ``lean`` radians to the left, lies ``aside`` to the right, follows
    the turning face by ``follow``, and is ``parted`` in the middle or not. Behind the neck hair hangs down to
    ``hanging``, ``flare`` wider than the skull. ``bun`` tells whether there is one.
    """

    volume: float
    top: float
    side: float
    radius: float
    lowest: float
    rise: float = 0.0
    curl: float = 0.0
    lean: float = 0.0
    aside: float = 0.0
    follow: float = 0.05
    parted: bool = False
    hanging: float = NOWHERE
    flare: float = 0.0
    bun: bool = False


CUTS = {
    "bald": Cut(-NOWHERE, 0.0, 0.0, 0.2, NOWHERE),
    "cropped": Cut(0.03, 0.36, -0.035, 0.22, 0.02, rise=0.03),
    "side-parted": Cut(0.06, 0.315, 0.13, 0.12, -0.04, rise=0.1, lean=0.3, aside=0.06),
    "fringed": Cut(0.055, 0.2, -0.06, 0.06, -0.2, hanging=-0.3, flare=0.03),
    "bobbed": Cut(0.065, 0.255, -0.075, 0.1, -0.42, lean=0.06, hanging=-0.5, flare=0.1),
    "long": Cut(0.06, 0.38, -0.03, 0.3, -0.5, rise=0.03, lean=-0.11, parted=True, hanging=-1.02, flare=0.1),
    "curly": Cut(0.13, 0.29, -0.05, 0.2, -0.22, curl=0.055, hanging=-0.33, flare=0.13),
    "bun": Cut(0.03, 0.37, -0.02, 0.28, 0.06, follow=0.01, bun=True),
}
COVERS_EARS = ("bobbed", "long", "curly")
PRESSED = 0.045
"""The most that hair stands off the head under a hat."""


def measure(face: Face, name: str) -> Tensor:
    """A measure of each sample's cut, (N, 1, 1)."""
    return face.table("hair", *(float(getattr(CUTS[cut], name)) for cut in FACE_LABELS["hair"]))


def paint_back_hair(head: Canvas, face: Face) -> None:
    """What hangs behind the neck, and the bun on top; neither sticks out of a hat."""
    u, v = head.x, head.y
    hat = face.table("hat", 0, 1, 1, 1)
    bottom, top = measure(face, "hanging"), 0.45 - 0.09 * hat
    half = ((top - bottom) / 2).clamp_min(0.27)
    wide = face.skull + measure(face, "flare") + face.number("hair volume", 0, 0.05)
    box = sdf.rounded_box(u, v - (top + bottom) / 2, wide, half, 0.27)
    lump = sdf.circle(u, v - SKULL_V - face.skull - 0.1, face.number("hair volume", 0.12, 0.16))
    bun = lump + NOWHERE * (1 - measure(face, "bun") * (1 - hat))
    head.figure(face.hair * 0.8, torch.minimum(box, bun))


def paint_hair(head: Canvas, face: Face) -> None:
    """The cap of hair around the face, its shadow on the forehead, its shine and its dark sides."""
    u, v = head.x, head.y
    cap, outline = _cap(face, u, v), face.head(u, v)
    head.paint(face.shade, sdf.soft(cap - 0.015, 0.07) * sdf.coverage(outline, head.pixel) * 0.55)
    inside = sdf.coverage(cap, head.pixel)
    head.paint(face.hair, inside)
    shine = sdf.soft(sdf.ellipse(u - 0.26 * face.light - 0.02, v - 0.46, 0.16, 0.05), 0.16)
    head.paint(lighter(face.hair, 0.45), inside * shine * 0.4)
    sides = sdf.soft(-(outline + 0.05), 0.14) * sdf.soft(v - 0.1, 0.5)
    head.paint(face.hair * 0.62, inside * sides * 0.5)


def _cap(face: Face, u: Tensor, v: Tensor) -> Tensor:
    """Around the head, without the opening for the face, and no further down than the cut goes."""
    around = face.head(u, v) - _volume(face, u, v)
    return sdf.intersection(around, -_opening(face, u, v), measure(face, "lowest") - v)


def _opening(face: Face, u: Tensor, v: Tensor) -> Tensor:
    """Where the face shows; under a hat hair lies straight."""
    free = face.table("hat", 1, 0, 0, 0)
    across = u - face.turn * measure(face, "follow") - measure(face, "aside") * free
    across = torch.where(measure(face, "parted") > 0, across.abs(), across)
    x, y = sdf.rotate(across, v - measure(face, "top"), measure(face, "lean") * free)
    return sdf.rounded_box(x, y + 1, face.skull + measure(face, "side"), 1.0, measure(face, "radius"))


def _volume(face: Face, u: Tensor, v: Tensor) -> Tensor:
    """How far the hair stands off the head."""
    base = measure(face, "volume") * face.number("hair volume", 0.8, 1.25)
    pressed = face.table("hat", 0, 1, 1, 1)
    base = torch.where(pressed > 0, base.clamp_max(PRESSED), base)
    rise = (v - SKULL_V).clamp(0, 0.5) * measure(face, "rise") * (1 - pressed)
    waves = (torch.atan2(u, v - SKULL_V) * 8).sin().abs()
    return base + rise + measure(face, "curl") * (1 - 0.6 * pressed) * waves
