"""The colours as data: one table of tokens for each theme. Knows no Qt.

Every colour on the screen has a name here. The four actors of the game have the same hue everywhere:
generator orange, discriminator blue, real data green, measurements and the main action violet.
"run-1" to "run-8" tell runs apart where several are compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ganstudio.core.run_colors import RUNS_DARK, RUNS_LIGHT

Tokens = Mapping[str, str]

_DARK = {
    "window": "#16181d",
    "panel": "#1d2027",
    "card": "#23272f",
    "line": "#323844",
    "text": "#e6e9ef",
    "muted": "#98a1b0",
    "accent": "#8b7cf6",
    "generator": "#f0a020",
    "discriminator": "#5ab0ec",
    "real": "#2cb98a",
    "warning": "#f5c451",
    # what follows from them
    "accent-text": "#a79bf9",
    "on-accent": "#14101f",
    "accent-hover": "#9d90f8",
    "accent-pressed": "#7b6bef",
    "field": "#1d2027",
    "button": "#2a2f39",
    "hover": "#333946",
    "pressed": "#3b4250",
    "disabled": "#6b7382",
    "track": "#3a414e",
    "selection": "#3d3a66",
    "focus": "#8b7cf6",
    "tip": "#2f3541",
    "grid": "#2d323c",
    "axis": "#98a1b0",
    "cursor": "#c5cad4",
    "paper": "#000000",
}

_LIGHT = {
    "window": "#eceef2",
    "panel": "#f6f7f9",
    "card": "#ffffff",
    "line": "#d9dde4",
    "text": "#1b1f27",
    "muted": "#5d6675",
    "accent": "#5b48d9",
    "generator": "#c47a00",
    "discriminator": "#0a6fb4",
    "real": "#00795a",
    "warning": "#a06a00",
    # what follows from them
    "accent-text": "#5b48d9",
    "on-accent": "#ffffff",
    "accent-hover": "#4e3cc8",
    "accent-pressed": "#4231b0",
    "field": "#ffffff",
    "button": "#e6e9ee",
    "hover": "#dce0e7",
    "pressed": "#cfd5de",
    "disabled": "#98a0ad",
    "track": "#c9ced8",
    "selection": "#dcd8fa",
    "focus": "#5b48d9",
    "tip": "#ffffff",
    "grid": "#e8ebf0",
    "axis": "#5d6675",
    "cursor": "#3c4351",
    "paper": "#000000",
}

FAINT = 0.40
"""How much of a series' colour its raw trace keeps; the rest is the card behind it."""


def mix(over: str, under: str, share: float) -> str:
    """The opaque colour of ``over`` painted with opacity ``share`` (0 to 1) on ``under``."""
    pairs = zip(_channels(over), _channels(under), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour, 0 to 1 (WCAG 2.2)."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (v / 255 for v in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _complete(table: dict[str, str], runs: tuple[str, ...]) -> Tokens:
    """The table with the runs' colours, and the faint ones of raw traces: opaque, since translucent pens are slow."""
    table = table | {f"run-{number}": color for number, color in enumerate(runs, 1)}
    drawn = (
        "generator",
        "discriminator",
        "real",
        "accent",
        "warning",
        "muted",
        *(k for k in table if "run-" in k),
    )
    faint = {f"{name}-faint": mix(table[name], table["card"], FAINT) for name in drawn}
    return MappingProxyType(table | faint)


DARK: Tokens = _complete(_DARK, RUNS_DARK)
LIGHT: Tokens = _complete(_LIGHT, RUNS_LIGHT)
THEMES: Mapping[str, Tokens] = MappingProxyType({"dark": DARK, "light": LIGHT})
