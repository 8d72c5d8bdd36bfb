"""The colours of a report, light and dark: those of the window, and eight that tell runs apart."""

from __future__ import annotations

from collections.abc import Mapping

Tokens = Mapping[str, str]
LIGHT: Tokens = {
    "window": "#eceef2", "panel": "#f6f7f9", "card": "#ffffff", "line": "#d9dde4", "grid": "#e8ebf0",
    "text": "#1b1f27", "muted": "#5d6675", "accent": "#5b48d9", "generator": "#c47a00", "discriminator": "#0a6fb4",
    "real": "#00795a", "warning": "#a06a00",
}  # fmt: skip
DARK: Tokens = {
    "window": "#16181d", "panel": "#1d2027", "card": "#23272f", "line": "#323844", "grid": "#2d323c",
    "text": "#e6e9ef", "muted": "#98a1b0", "accent": "#a79bf9", "generator": "#f0a020", "discriminator": "#5ab0ec",
    "real": "#2cb98a", "warning": "#f5c451",
}  # fmt: skip
RUNS_LIGHT = ("#5b48d9", "#c47a00", "#0a6fb4", "#00795a", "#b5447f", "#a3441a", "#3f7d9c", "#6b7382")
RUNS_DARK = ("#a79bf9", "#f0a020", "#5ab0ec", "#2cb98a", "#e08ab8", "#f08060", "#8fc7dd", "#98a1b0")
DASHES = ("solid", "dash", "dot")
DASH_ARRAYS: Mapping[str, str] = {"solid": "", "dash": "5 3", "dot": "1.5 2.5"}


def run_color(place: int) -> tuple[str, str]:
    """Colour token and dash of the run at a place: eight colours, and the dash changes once they are used up."""
    return f"run-{place % len(RUNS_LIGHT) + 1}", DASHES[place // len(RUNS_LIGHT) % len(DASHES)]


def variables(tokens: Tokens, runs: tuple[str, ...]) -> str:
    """The tokens as CSS variables."""
    named = dict(tokens) | {f"run-{i}": color for i, color in enumerate(runs, 1)}
    return "".join(f"--{name}:{color};" for name, color in named.items())


def light(token: str) -> str:
    """A colour by its token, for paper."""
    if token.startswith("run-"):
        return RUNS_LIGHT[int(token.removeprefix("run-")) - 1]
    return LIGHT[token]
