"""Pictures with known truth, drawn by signed distances on the training device."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ganstudio.data.rendered.faces import load_faces
from ganstudio.data.rendered.factors import Factor, Values
from ganstudio.data.rendered.feed import RenderedFeed
from ganstudio.data.rendered.glyphs import load_glyphs
from ganstudio.data.rendered.shapes import load_shapes
from ganstudio.data.rendered.source import RenderedSource
from ganstudio.data.rendered.stacked import load_stacked

__all__ = ["RENDERERS", "Factor", "RenderedFeed", "RenderedSource", "Values"]

RENDERERS: Mapping[str, Callable[[Any], RenderedSource]] = {
    "shapes": load_shapes,
    "glyphs": load_glyphs,
    "faces": load_faces,
    "stacked-digits": load_stacked,
}
"""Catalogue kind -> what makes its source of the settings."""
