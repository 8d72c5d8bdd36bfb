"""The colours of a report, light and dark: those of the window."""

from __future__ import annotations

from collections.abc import Mapping

from ganstudio.core.run_colors import RUNS_LIGHT

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
DASH_ARRAYS: Mapping[str, str] = {"solid": "", "dash": "5 3", "dot": "1.5 2.5"}


def variables(tokens: Tokens, runs: tuple[str, ...]) -> str:
    """The tokens as CSS variables."""
    named = dict(tokens) | {f"run-{i}": color for i, color in enumerate(runs, 1)}
    return "".join(f"--{name}:{color};" for name, color in named.items())


def light(token: str) -> str:
    """A colour by its token, for paper."""
    if token.startswith("run-"):
        return RUNS_LIGHT[int(token.removeprefix("run-")) - 1]
    return LIGHT[token]
