"""A face's skin and features, painted from back to front."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ganstudio.catalog.rendered import FACE_LABELS
from ganstudio.data.rendered import sdf
from ganstudio.data.rendered.canvas import Canvas
from ganstudio.data.rendered.face_hair import COVERS_EARS
from ganstudio.data.rendered.face_model import EXPRESSIONS, EYES, HEAD_Y, NOWHERE, SKULL_V, Face, lighter
from ganstudio.data.rendered.factors import constant

EYE_LINE, MOUTH_LINE = 0.0, -0.335
INK = "2a1d1a"
WING = (0.16, -0.62, 0.25, -0.72, 0.16, -0.93, 0.0, -0.82)
"""The corners of a collar's wing: x, y, x, y, ..."""


@dataclass(frozen=True)
class Mood:
    """An expression: eyes ``tall`` in their half widths and open or closed, brows lifted by ``lift``, with their
    inner ends up by ``sad``; lips whose corners are up by ``bend``, or an open mouth ``across`` in half widths of the
    mouth, ``deep`` downwards and cut off above ``top``, with teeth or not."""

    tall: float
    bend: float = 0.0
    lift: float = 0.0
    sad: float = 0.0
    open_eyes: bool = True
    open_mouth: bool = False
    across: float = 1.0
    deep: float = 0.1
    top: float = NOWHERE
    teeth: bool = False


MOODS = {
    "smiling": Mood(0.72, bend=0.055),
    "neutral": Mood(0.76, bend=0.008, lift=-0.005),
    "sad": Mood(0.66, bend=-0.045, sad=0.05),
    "laughing": Mood(
        0.5, lift=0.015, open_eyes=False, open_mouth=True, across=1.05, deep=0.145, top=0.0, teeth=True
    ),
    "surprised": Mood(1.0, lift=0.055, sad=0.01, open_mouth=True, across=0.5, deep=0.075),
}


def mood(face: Face, name: str) -> Tensor:
    """A measure of each sample's expression, (N, 1, 1)."""
    return face.table("expression", *(float(getattr(MOODS[choice], name)) for choice in EXPRESSIONS))


def paint_ground(canvas: Canvas, face: Face, ground: Tensor) -> None:
    """The wall behind: plain, darker downwards, with a halo, or with broad slanting stripes."""
    canvas.fill(ground)
    x, y = canvas.x, canvas.y
    shaded = face.table("backdrop", 0, 1, 0, 0) * (0.5 - 0.5 * y)
    canvas.paint(ground * 0.72, shaded.expand(-1, -1, x.shape[-1]))
    halo = sdf.coverage(sdf.circle(x, y - 0.05, 0.8), canvas.pixel) * face.table("backdrop", 0, 0, 0.5, 0)
    stripes = sdf.stripes(x + y, 0.5, canvas.pixel * 1.4) * face.table("backdrop", 0, 0, 0, 0.3)
    canvas.paint(lighter(ground, 1), halo + stripes)


def paint_bust(canvas: Canvas, face: Face) -> None:
    """Neck, shoulders and what is worn."""
    part = canvas.window(-1, 1, -1, -0.2)
    x, y = part.x, part.y - HEAD_Y
    part.figure(face.skin, sdf.rounded_box(x, y + 0.7, 0.17, 0.35, 0.1))
    chin = SKULL_V - face.chin
    part.paint(face.shade, sdf.soft(sdf.circle(x, y - chin + 0.07, face.jaw), 0.1) * _inside(part, x, y))
    worn = sdf.difference(sdf.rounded_box(x, y + 1.27, 0.66, 0.5, 0.34), _neckline(face, x, y))
    part.figure(face.cloth, worn)
    low = sdf.coverage(worn, part.pixel)
    part.paint(face.cloth * 0.8, low * (0.5 + face.light * x * -0.9).clamp(0, 1) * 0.55)
    seam = (_neckline(face, x, y) - 0.03).abs()
    part.line(face.cloth * 0.72, seam, 0.01, low * face.table("collar", 1, 1, 0, 0))
    _paint_collar(part, face, x, y)


def _inside(part: Canvas, x: Tensor, y: Tensor) -> Tensor:
    """Where the neck is."""
    return sdf.coverage(sdf.rounded_box(x, y + 0.7, 0.17, 0.35, 0.1), part.pixel)


def _neckline(face: Face, x: Tensor, y: Tensor) -> Tensor:
    """The hole for the neck: round, pointed, none under a roll neck, narrow and pointed in a shirt."""
    round_hole = sdf.ellipse(x, y + 0.72, 0.2, 0.13) + face.table("collar", 0, 9, 9, 9)
    slope = face.table("collar", 0.53, 0.53, 0.53, 0.42)
    pointed = x.abs() * (1 - slope * slope).sqrt() - (y + face.table("collar", 0, 1.02, 0, 0.98)) * slope
    return torch.minimum(round_hole, pointed + face.table("collar", 9, 0, 9, 0))


def _paint_collar(part: Canvas, face: Face, x: Tensor, y: Tensor) -> None:
    """The roll of a roll neck and the wings of a shirt."""
    roll = sdf.rounded_box(x, y + 0.68, 0.205, 0.1, 0.06)
    part.figure(face.cloth * 0.9, roll, face.table("collar", 0, 0, 1, 0))
    wing = sdf.polygon(x.abs(), y, constant(WING, x.device).view(-1, 2)) - 0.012
    part.figure(lighter(face.cloth, 0.45), wing, face.table("collar", 0, 0, 0, 1))


def paint_head(head: Canvas, face: Face) -> None:
    """Ears, the head, and the shade on the side away from the light."""
    u, v = head.x, head.y
    ear = sdf.ellipse((u + 0.02 * face.turn).abs() - face.skull, v + 0.05, 0.075, 0.105)
    shown = face.table("hair", *(float(cut not in COVERS_EARS) for cut in FACE_LABELS["hair"]))
    head.figure(face.skin, ear, shown)
    head.paint(face.shade, sdf.soft(ear + 0.045, 0.05) * shown * 0.6)
    outline = face.head(u, v)
    inside = sdf.coverage(outline, head.pixel)
    head.paint(face.skin, inside)
    away = (-face.light * u / 0.42 - 0.1).clamp(0, 1)
    rim = (1 + outline / 0.16).clamp(0, 1)
    head.paint(face.shade, inside * (0.5 * away + 0.22 * rim * rim))


def paint_cheeks(head: Canvas, face: Face) -> None:
    """Two soft red spots."""
    part = head.window(-0.6, 0.6, -0.45, 0.15)
    u = (part.x - 0.05 * face.turn).abs()
    part.paint(face.tone("e2584f"), sdf.soft(sdf.circle(u - 0.25, part.y + 0.17, 0.05), 0.16) * 0.22)


def paint_eyes(head: Canvas, face: Face) -> None:
    """Both at once, folded over each other: white, iris, pupil, a light, the lid."""
    part = head.window(-0.6, 0.6, -0.25, 0.3)
    across = part.x - 0.06 * face.turn
    u, v = across.abs() - face.number("eye spacing", 0.155, 0.185), part.y - EYE_LINE
    half = face.number("eye size", 0.076, 0.1)
    tall = half * mood(face, "tall")
    lens = sdf.ellipse(u, v, half, tall)
    white = sdf.coverage(lens, part.pixel) * mood(face, "open_eyes")
    part.paint(face.tone("fdfbf7"), white)
    gaze = across.sign() * face.number("gaze", -0.028, 0.028)
    iris = sdf.circle(u - gaze, v, 0.062 * half / 0.088)
    part.paint(face.pick(EYES, "eye colour"), torch.minimum(sdf.coverage(iris, part.pixel), white))
    part.paint(face.tone("17120f"), torch.minimum(sdf.coverage(iris + 0.031, part.pixel), white))
    shine = sdf.circle(u - gaze - 0.022 * across.sign(), v - 0.024, 0.015)
    part.paint(face.tone("ffffff"), torch.minimum(sdf.coverage(shine, part.pixel), white))
    upper = (v / tall * 2 + 0.2).clamp(0, 1)
    part.line(face.tone(INK), lens.abs(), 0.013, upper)


def paint_brows(head: Canvas, face: Face) -> None:
    """Bent lines over the eyes that share in the expression."""
    part = head.window(-0.6, 0.6, 0.0, 0.45)
    u = (part.x - 0.06 * face.turn).abs() - face.number("eye spacing", 0.155, 0.185)
    lift = face.number("brow height", 0.115, 0.145) + mood(face, "lift")
    sad = mood(face, "sad")
    ends = (-0.085, -0.01 + sad), (0.105, -0.02 - 0.6 * sad)
    distance = sdf.bezier(u, part.y - lift, ends[0], (0.01, 0.05 + 0.2 * sad), ends[1])
    part.line(face.hair * 0.72, distance, face.number("brow weight", 0.012, 0.026))


def paint_nose(head: Canvas, face: Face) -> None:
    """The shade beside the bridge and the line under the tip."""
    part = head.window(-0.4, 0.4, -0.4, 0.1)
    u, v = part.x - 0.09 * face.turn, part.y
    tip = face.number("nose length", -0.135, -0.19)
    wide = face.number("nose width", 0.045, 0.075)
    beside = sdf.ellipse(u + 0.03 * face.light.sign(), v - tip * 0.6, 0.028, -tip * 0.5)
    part.paint(face.shade, sdf.soft(beside, 0.06) * 0.35)
    part.paint(lighter(face.skin, 0.5), sdf.soft(sdf.circle(u, v - tip - 0.035, 0.012), 0.06) * 0.45)
    under = sdf.bezier(u, v - tip, (-wide, 0.012), (0.0, -0.055), (wide, 0.012))
    part.line(face.shade * 0.78, under, 0.011)


def paint_beard(head: Canvas, face: Face) -> None:
    """Stubble and full beard around the chin, a moustache under the nose."""
    part = head.window(-0.62, 0.62, -0.8, 0.15)
    u, v = part.x, part.y
    around = sdf.ellipse(u - 0.05 * face.turn, v - 0.03, face.skull * 0.76, 0.3)
    growth = face.table("beard", 0, 0.004, 0, 0.035)
    region = sdf.intersection(face.head(u, v) - growth, -around, v)
    part.paint(face.hair * 0.9, sdf.soft(region, part.pixel + 0.012) * face.table("beard", 0, 0.28, 0, 1))
    side = (u - 0.07 * face.turn).abs()
    tip = face.number("nose length", -0.135, -0.19)
    lip = sdf.bezier(side, v, (0.015, tip - 0.065), (0.08, tip - 0.055), (0.15, tip - 0.115))
    part.line(face.hair * 0.85, lip, 0.026, face.table("beard", 0, 0, 1, 1))


def paint_mouth(head: Canvas, face: Face) -> None:
    """A bent line between lips, or an open mouth with teeth and tongue."""
    part = head.window(-0.45, 0.45, -0.6, -0.15)
    u, v = part.x - 0.07 * face.turn, part.y - MOUTH_LINE
    wide = face.number("mouth width", 0.115, 0.165)
    bend = mood(face, "bend")
    is_open = mood(face, "open_mouth")
    lip = torch.lerp(face.skin, face.tone("b8323f"), 0.5)
    curve = sdf.bezier(u, v, (-wide, bend * 0.7), (0.0, -bend * 1.3), (wide, bend * 0.7))
    fullness = face.number("lips", 0.012, 0.03)
    part.line(lip, curve, fullness, 1 - is_open)
    part.line(lip * 0.5, curve, 0.008, 1 - is_open)
    _paint_open_mouth(part, face, u, v, wide, lip, is_open)


def _paint_open_mouth(
    part: Canvas, face: Face, u: Tensor, v: Tensor, wide: Tensor, lip: Tensor, is_open: Tensor
) -> None:
    """Half an ellipse when laughing, a small whole one when surprised."""
    across, deep, top = wide * mood(face, "across"), mood(face, "deep"), mood(face, "top")
    raised = v - 0.035 * mood(face, "teeth")
    hollow = sdf.intersection(sdf.ellipse(u, raised, across, deep), raised - top)
    inside = sdf.coverage(hollow, part.pixel) * is_open
    part.line(lip, hollow.abs(), face.number("lips", 0.01, 0.022), is_open)
    part.paint(face.tone("5d1a20"), inside)
    tongue = sdf.ellipse(u, v + deep * 0.85, across * 0.6, deep * 0.45)
    part.paint(face.tone("d9646a"), torch.minimum(sdf.coverage(tongue, part.pixel), inside))
    teeth = sdf.coverage(-0.01 - v, part.pixel) * mood(face, "teeth")
    part.paint(face.tone("fbf8f2"), torch.minimum(teeth, inside))
