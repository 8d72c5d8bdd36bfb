"""What a drawn face is made of: its factors, and the measures and colours that follow from them.

Measures are in half pictures, in the frame of the head: u to the right, v up, the eyes on v = 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor

from ganstudio.catalog.rendered import FACE_LABELS
from ganstudio.data.rendered import sdf
from ganstudio.data.rendered.canvas import Canvas
from ganstudio.data.rendered.factors import (
    Factor,
    Values,
    categorical,
    choose,
    constant,
    continuous,
    over_pixels,
)
from ganstudio.data.rendered.palette import Palette, colour, palette

SKINS = palette(
    fair="ffe3cf", light="f8cfae", golden="e9b384", tan="cd9160", brown="a36c42", deep="744a2f", dark="4f3122"
)
HAIRS = palette(
    black="26211f",
    dark_brown="46301f",
    chestnut="80502c",
    red="b9562a",
    blond="e2bd6c",
    grey="bdbab6",
    blue="4a6cc9",
)
EYES = palette(brown="5b3a22", hazel="8d6d36", green="4f8453", blue="4b8ac2")
CLOTHES = palette(
    coral="e4765f", mustard="dba83d", sage="86a67b", teal="31848b",
    denim="4a6896", plum="7b5585", charcoal="41444d", white="f3f0ea",
)  # fmt: skip
GROUNDS = palette(
    sky="bddcf0", mint="c3e6d3", sand="f0deba", peach="f9ceb9",
    lilac="d8caeb", rose="f3c5d0", slate="627087", sea="6db2ad",
)  # fmt: skip
BACKDROPS = ("plain", "shaded", "haloed", "striped")
COLLARS = ("crew neck", "V-neck", "roll neck", "shirt")
BEARDS = ("none", "stubble", "moustache", "beard")
EXPRESSIONS = FACE_LABELS["expression"]
SKULL_V = 0.13
"""The height of the skull's middle over the eyes."""
NOWHERE = 9.0
"""A distance that takes a figure out of every picture."""
HEAD_Y = 0.02
"""Where the eyes are in the picture."""


@cache
def factors(simple: bool) -> tuple[Factor, ...]:
    """All that varies. Numbers without a unit go from -1 (least) to 1 (most); the skin from 0 (fair) to 1 (dark)."""
    some = 0.0 if simple else 1.0
    return (
        continuous("skin", 0, 1),
        continuous("face width", -1, 1),
        continuous("face length", -1, 1),
        continuous("jaw", -1, 1),
        categorical("hair", FACE_LABELS["hair"]),
        categorical("hair colour", HAIRS.names),
        continuous("hair volume", -1, 1),
        categorical("eye colour", EYES.names),
        continuous("eye size", -1, 1),
        continuous("eye spacing", -1, 1),
        continuous("gaze", -some, some),
        continuous("brow weight", -1, 1),
        continuous("brow height", -1, 1),
        continuous("nose length", -1, 1),
        continuous("nose width", -1, 1),
        categorical("expression", EXPRESSIONS),
        continuous("mouth width", -1, 1),
        continuous("lips", -1, 1),
        _rarely("beard", BEARDS, 0.7, simple),
        _rarely("glasses", FACE_LABELS["glasses"], 0.64, simple),
        _rarely("hat", FACE_LABELS["hat"], 0.7, simple),
        categorical("hat colour", CLOTHES.names[:1] if simple else CLOTHES.names),
        categorical("collar", COLLARS[:1] if simple else COLLARS),
        categorical("clothes", CLOTHES.names),
        categorical("background", GROUNDS.names),
        categorical("backdrop", BACKDROPS[:1] if simple else BACKDROPS),
        continuous("light", -some, some),
        continuous("turn", -some, some),
        continuous("tilt", -some, some),
    )


def _rarely(name: str, choices: tuple[str, ...], none: float, simple: bool) -> Factor:
    """A choice whose first, nothing, has the share ``none``, and the others equal ones."""
    if simple:
        return categorical(name, choices[:1])
    return categorical(name, choices, (none, *((1 - none) / (len(choices) - 1),) * (len(choices) - 1)))


@dataclass(frozen=True)
class Face:
    """A batch of faces: numbers are (N, 1, 1), colours (N, C), choices int64 (N,)."""

    values: Values
    channels: int
    skull: Tensor
    jaw: Tensor
    chin: Tensor
    skin: Tensor
    shade: Tensor
    hair: Tensor
    cloth: Tensor

    def number(self, name: str, low: float, high: float) -> Tensor:
        """A factor from -1 to 1, brought to a range of measures."""
        return over_pixels(self.values[name]) * ((high - low) / 2) + (high + low) / 2

    def table(self, name: str, *numbers: float) -> Tensor:
        """A measure for each choice of a factor."""
        return choose(numbers, self.values[name])

    def pick(self, colours: Palette, name: str) -> Tensor:
        """The colour that a factor chooses."""
        return colours.pick(self.values[name], self.channels)

    def tone(self, code: str) -> Tensor:
        """A colour that is the same for all, (1, C)."""
        return colour(code, self.channels, self.skin.device)

    def head(self, u: Tensor, v: Tensor) -> Tensor:
        """The signed distance to the outline of the head, without ears and hair."""
        return sdf.egg(u, v - SKULL_V, self.skull, self.jaw, self.chin)

    @property
    def turn(self) -> Tensor:
        """How far the head looks to the right of the picture, -1 to 1."""
        return over_pixels(self.values["turn"])

    @property
    def light(self) -> Tensor:
        """Where the light comes from, -1 (left) to 1 (right)."""
        return over_pixels(self.values["light"])


def make_face(values: Values, channels: int) -> Face:
    """Measures and colours from factors."""
    skin = SKINS.ramp(values["skin"], channels)
    # Shadows on skin are redder than the skin.
    warm = (0.84, 0.70, 0.66) if channels == 3 else (0.74,)
    return Face(
        values, channels,
        skull=over_pixels(values["face width"]) * 0.03 + 0.40,
        jaw=over_pixels(values["jaw"]) * 0.05 + 0.27,
        chin=over_pixels(values["face length"]) * 0.04 + 0.42,
        skin=skin,
        shade=skin * constant(warm, skin.device),
        hair=HAIRS.pick(values["hair colour"], channels),
        cloth=CLOTHES.pick(values["clothes"], channels),
    )  # fmt: skip


def in_head_frame(canvas: Canvas, face: Face) -> Canvas:
    """The picture in the frame of the head, leaning to its side by up to 6 degrees around the neck."""
    angle = over_pixels(face.values["tilt"]) * (-6 * math.pi / 180)
    low = -0.6
    turned = canvas.moved(0.0, low, angle)
    return turned.moved(0.0, HEAD_Y - low)


def lighter(colour: Tensor, amount: float) -> Tensor:
    """Towards white."""
    return torch.lerp(colour, torch.ones_like(colour), amount)
