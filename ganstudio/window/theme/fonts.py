"""The type: the system's font at 13 px, captions at 11.5 px, figures of equal width."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

BODY_PX = 13.0
CAPTION_PX = 11.5
POINTS_PER_INCH = 72.0
USUAL_DPI = 96.0

ROLES = {
    "body": (BODY_PX, QFont.Weight.Normal, False),
    "title": (BODY_PX, QFont.Weight.DemiBold, False),
    "heading": (15.0, QFont.Weight.DemiBold, False),
    "caption": (CAPTION_PX, QFont.Weight.Normal, False),
    "figure": (BODY_PX, QFont.Weight.Normal, True),
    "small-figure": (CAPTION_PX, QFont.Weight.Normal, True),
}


def font_for(role: str) -> QFont:
    """The font of a role; ``KeyError`` for an unknown one. Sizes are logical pixels, fractions included."""
    return QFont(_made(role))


@cache
def _made(role: str) -> QFont:
    pixels, weight, tabular = ROLES[role]
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    # setPixelSize takes whole numbers only, so a fraction goes by way of points.
    if pixels.is_integer():
        font.setPixelSize(int(pixels))
    else:
        font.setPointSizeF(pixels * POINTS_PER_INCH / _logical_dpi())
    font.setWeight(weight)
    if tabular:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font


def _logical_dpi() -> float:
    screen = QGuiApplication.primaryScreen()
    return screen.logicalDotsPerInch() if screen is not None else USUAL_DPI
