"""A typeface for paper: one of the system's with many letters, or else the one that every PDF reader has."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from ganstudio.reports.markup import clean

PAIRS = (
    ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"),
    ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"),
    ("arial.ttf", "arialbd.ttf"),
    ("Arial.ttf", "Arial Bold.ttf"),
)
PLACES = (
    "/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/TTF", "/usr/share/fonts/dejavu-sans-fonts",
    "/usr/share/fonts/truetype/noto", "/usr/share/fonts/noto", "/usr/share/fonts/truetype/liberation",
    "/usr/share/fonts/truetype/liberation2", "/System/Library/Fonts/Supplemental", "/Library/Fonts",
)  # fmt: skip
SIMPLER = str.maketrans({"→": "->", "−": "-", "∞": "inf", "\u2009": " ", "\u00a0": " ", "≥": ">=", "≤": "<="})
INVISIBLE = str.maketrans({"\u2009": " ", "\n": " ", "\t": " ", "\r": " "})


@dataclass(frozen=True)
class Typeface:
    """Two registered fonts, and the characters they have; ``None`` stands for those of Windows-1252."""

    regular: str = "Helvetica"
    bold: str = "Helvetica-Bold"
    letters: frozenset[int] | None = None

    def shown(self, words: object) -> str:
        """The text with what the font can show; a question mark stands for any other character."""
        told = clean(words).translate(INVISIBLE)
        if self.letters is None:
            return told.translate(SIMPLER).encode("cp1252", "replace").decode("cp1252")
        return "".join(letter if ord(letter) in self.letters else "?" for letter in told)


def typeface() -> Typeface:
    """The first pair of fonts that is there and can be read."""
    for regular, bold in PAIRS:
        for place in _places():
            if (place / regular).is_file() and (place / bold).is_file():
                try:
                    return _registered(place / regular, place / bold)
                except (TTFError, OSError):
                    continue
    return Typeface()


def _places() -> list[Path]:
    windows = os.environ.get("WINDIR")
    return [*([Path(windows) / "Fonts"] if windows else []), *map(Path, PLACES)]


def _registered(regular: Path, bold: Path) -> Typeface:
    fonts: list[Any] = [TTFont(path.stem, str(path)) for path in (regular, bold)]
    for font in fonts:
        pdfmetrics.registerFont(font)
    letters = frozenset(fonts[0].face.charToGlyph) & frozenset(fonts[1].face.charToGlyph)
    return Typeface(regular.stem, bold.stem, letters)
