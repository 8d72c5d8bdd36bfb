"""Digits and letters drawn with a pen: six styles, with weight, width, slant, size, place, colours and grain."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor

from ganstudio.catalog.rendered import CHARACTERS, DIGITS, Glyphs
from ganstudio.data.rendered import sdf
from ganstudio.data.rendered.canvas import blank
from ganstudio.data.rendered.factors import Factor, Values, categorical, choose, continuous, over_pixels
from ganstudio.data.rendered.grain import grain
from ganstudio.data.rendered.lettering import STYLES, lettering
from ganstudio.data.rendered.palette import Palette, figure_and_ground
from ganstudio.data.rendered.source import RenderedSource, article

THIN, BOLD = 0.1, 0.16
SLANTED = 7.0
NOISY = 0.1
SHAKE = 0.06
HOLLOW_WEIGHT, HOLLOW_EDGE = 1.3, 0.32
"""An outlined character's pen in the plain one's, and the thickness of its edge in half widths of the stroke."""


@dataclass(frozen=True)
class GlyphSource(RenderedSource):
    """One character in each picture. ``simple`` keeps to the plain style without grain."""

    characters: tuple[str, ...] = DIGITS
    simple: bool = False

    @property
    def colours(self) -> tuple[Palette, Palette]:
        """Those of ink and paper."""
        return figure_and_ground(self.channels)

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Weight is the half width of the stroke in half heights; size, x and y are in half pictures; slant is in
        degrees clockwise from upright; noise is the deviation of the brightest grain; hand and grain tell patterns.
        """
        return _factors(self.characters, *self.colours, self.simple)

    @property
    def class_names(self) -> tuple[str, ...]:
        """The characters."""
        return self.characters

    def labels(self, values: Values) -> Tensor:
        """The character."""
        return values["character"]

    def paint(self, values: Values) -> Tensor:
        """Paper, ink, grain."""
        canvas = blank(len(values["size"]), self.channels, self.resolution, values["size"].device)
        inks, papers = self.colours
        canvas.fill(papers.pick(values["paper"], self.channels))
        canvas.figure(inks.pick(values["ink"], self.channels), self._outline(canvas.x, canvas.y, values))
        noise = grain(values["grain"], self.resolution).mul_(over_pixels(values["noise"]))
        return canvas.image.add_(noise.unsqueeze(1)).clamp_(0, 1)

    def _outline(self, x: Tensor, y: Tensor, values: Values) -> Tensor:
        """The signed distance to the character's edge."""
        style = values["style"]
        segments = lettering(self.characters, style.device)[style, values["character"]]
        hollow = choose(tuple(float(name == "outlined") for name in STYLES), style)
        pen = over_pixels(values["weight"] * values["size"]) * (1 + (HOLLOW_WEIGHT - 1) * hollow)
        edge = HOLLOW_EDGE * pen
        distance = sdf.brush(x, y, placed(segments[..., :4], values), segments[..., 4:], pen)
        return torch.where(hollow > 0, (distance + edge).abs() - edge, distance)

    def captions(self, values: Values) -> list[str]:
        """Such as "a bold serif letter K in white on black, slanted to the right"."""
        words = zip(
            *(self.words(name, values) for name in ("character", "style", "ink", "paper")), strict=True
        )
        numbers = zip(*(values[name].tolist() for name in ("weight", "slant", "noise")), strict=True)
        return [_sentence(*word, *number) for word, number in zip(words, numbers, strict=True)]


@cache
def _factors(characters: tuple[str, ...], inks: Palette, papers: Palette, simple: bool) -> tuple[Factor, ...]:
    some = 0.0 if simple else 1.0
    return (
        categorical("character", characters),
        categorical("style", STYLES[:1] if simple else STYLES),
        continuous("weight", 0.07, 0.2),
        continuous("width", 0.85, 1.1),
        continuous("slant", -8, 14),
        continuous("size", 0.5, 0.68),
        continuous("x", -0.07, 0.07),
        continuous("y", -0.07, 0.07),
        categorical("ink", inks.names),
        categorical("paper", papers.names),
        continuous("noise", 0, 0.2 * some),
        continuous("hand", 0, some),
        continuous("grain", 0, some),
    )


def placed(segments: Tensor, values: Values) -> Tensor:
    """Segments (N, S, 4) of the character's box where they lie in the picture."""
    x, y = segments[..., 0::2], segments[..., 1::2]
    shake = SHAKE * choose(tuple(float(name == "shaky") for name in STYLES), values["style"])
    phase = 2 * math.pi * over_pixels(values["hand"])
    bent = x + shake * ((2.6 * y + phase).sin() + (5.3 * y - 3.1 * x + 3 * phase).sin())
    y = y + shake * ((2.2 * x + 2 * phase).sin() + (4.7 * x + 3.7 * y + 5 * phase).sin())
    x = bent * over_pixels(values["width"]) + y * over_pixels((values["slant"] * (math.pi / 180)).tan())
    size = over_pixels(values["size"])
    x, y = x * size + over_pixels(values["x"]), y * size + over_pixels(values["y"])
    return torch.stack((x, y), dim=-1).flatten(-2)


def _sentence(
    character: str, style: str, ink: str, paper: str, weight: float, slant: float, noise: float
) -> str:
    kind = "digit" if character in DIGITS else "letter"
    stroke = "thin " if weight < THIN else "bold " if weight > BOLD else ""
    lean = f", slanted to the {'right' if slant > 0 else 'left'}" if abs(slant) > SLANTED else ""
    ground = f"noisy {paper}" if noise > NOISY else paper
    return f"{article(f'{stroke}{style} {kind} {character}')} in {ink} on {ground}{lean}"


def load_glyphs(options: Glyphs) -> GlyphSource:
    """The source that the settings ask for."""
    characters = CHARACTERS[options.set]
    return GlyphSource(options.kind, options.resolution, options.channels, characters, options.simple)
