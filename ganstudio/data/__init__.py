"""Data to learn from: options in, an :class:`ImageSet`, :class:`PointSource` or
:class:`RenderedSource` out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ganstudio.catalog.downloads import DOWNLOADS
from ganstudio.core.schema import Options
from ganstudio.data import curves, points
from ganstudio.data.digits import load_digits
from ganstudio.data.downloads import load_download
from ganstudio.data.errors import Cancelled, DataError
from ganstudio.data.feed import Data, Feed, ImageFeed, PointFeed, make_feed
from ganstudio.data.folder import load_folder
from ganstudio.data.pixels import from_pixels, to_pixels
from ganstudio.data.points import GaussianMixture, PointSource
from ganstudio.data.rendered import RENDERERS, RenderedFeed, RenderedSource
from ganstudio.data.sources import ImageSet

__all__ = [
    "LOADERS",
    "Cancelled",
    "Data",
    "DataError",
    "Feed",
    "GaussianMixture",
    "ImageFeed",
    "ImageSet",
    "PointFeed",
    "PointSource",
    "RenderedFeed",
    "RenderedSource",
    "from_pixels",
    "load",
    "make_feed",
    "to_pixels",
]

Progress = Callable[[str, float], None]
"""Called with what is being done and how far it is: 0 to 1, negative where that is unknown."""
CancelCheck = Callable[[], bool]
"""Says whether the person has asked to stop."""
Loader = Callable[[Any, Progress | None, CancelCheck | None], Data]


def _ready(make: Callable[[], PointSource]) -> Loader:
    return lambda options, progress, cancelled: make()


def _rendered(make: Callable[[Any], RenderedSource]) -> Loader:
    return lambda options, progress, cancelled: make(options)


LOADERS: Mapping[str, Loader] = {
    "digits": lambda options, progress, cancelled: load_digits(options),
    "folder": load_folder,
    **{kind: _rendered(make) for kind, make in RENDERERS.items()},
    **{cls.kind: load_download for cls in DOWNLOADS},
    "mixture-3": _ready(points.mixture_3),
    "mixture-5": _ready(points.mixture_5),
    "ring": _ready(points.ring),
    "grid": _ready(points.grid),
    "spiral": _ready(curves.spiral),
    "moons": _ready(curves.moons),
    "checkerboard": _ready(curves.checkerboard),
    "swiss-roll": _ready(curves.swiss_roll),
}
"""Catalogue kind -> what reads it."""


def load(options: Options, progress: Progress | None = None, cancelled: CancelCheck | None = None) -> Data:
    """The data that ``options`` (a settings object of ``catalog.datasets``) asks for.

    Raises :class:`DataError` with problem and remedy, or :class:`Cancelled` once ``cancelled()`` is true.
    """
    return LOADERS[options.kind](options, progress, cancelled)
