"""The colours and dashes that tell runs apart, the same in the window and in reports, light and dark."""

from __future__ import annotations

RUNS_LIGHT = ("#5b48d9", "#c47a00", "#0a6fb4", "#00795a", "#b5447f", "#a3441a", "#7a7000", "#6b7382")
RUNS_DARK = ("#a79bf9", "#f0a020", "#5ab0ec", "#2cb98a", "#e08ab8", "#f08060", "#cfd05a", "#98a1b0")
DASHES = ("solid", "dash", "dot")


def run_color(place: int) -> tuple[str, str]:
    """Colour token and dash of the run at a place: eight colours, and the dash changes once they are used up."""
    return f"run-{place % len(RUNS_LIGHT) + 1}", DASHES[place // len(RUNS_LIGHT) % len(DASHES)]
