"""The first samples of a run's newest grid, small: read away from the window's thread, only where somebody looks."""

from __future__ import annotations

import json
import math
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from ganstudio.window.background import Background

if TYPE_CHECKING:
    from PIL.Image import Image

TAG = "thumbnails"
SIDE = 96
"""Pixels of a thumbnail at the most: more than the largest screen ratio needs."""
MOST_PIXELS = 64_000_000
MOST_KEPT = 4096
GAP = 2


def read_thumbnails(paths: Sequence[Path]) -> dict[Path, QImage | None]:
    """A small picture of each grid; ``None`` where it cannot be read."""
    return {path: _read(path) for path in paths}


def _read(path: Path) -> QImage | None:
    from PIL import Image

    try:
        with Image.open(path) as grid:
            if grid.width * grid.height > MOST_PIXELS:
                return None
            small = first_samples(grid, grid.info.get("ganstudio")).convert("RGB")
            return QImage(
                small.tobytes(), small.width, small.height, 3 * small.width, QImage.Format.Format_RGB888
            ).copy()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def first_samples(grid: Image, told: Any) -> Image:
    """The first sample, or four of them where they are small, out of a grid; all of a picture that is none."""
    across, down = _cells(told)
    if not across:
        return _shrunk(grid)
    width, height = (grid.width - GAP) // across, (grid.height - GAP) // down
    if width <= GAP or height <= GAP:
        return _shrunk(grid)
    count = 2 if max(width, height) < 40 and across > 1 and down > 1 else 1
    return _shrunk(grid.crop((GAP, GAP, count * width, count * height)))


def _cells(told: Any) -> tuple[int, int]:
    """Columns and rows by a grid's own description; 0 where it has none, as pictures of points have."""
    try:
        table = json.loads(told) if isinstance(told, str) else {}
    except (ValueError, RecursionError):
        return 0, 0
    count = table.get("count") if isinstance(table, dict) else None
    if type(count) is not int or not 0 < count <= 4096:
        return 0, 0
    columns = table.get("columns")
    across = columns if type(columns) is int and 0 < columns <= count else math.ceil(math.sqrt(count))
    return across, math.ceil(count / across)


def _shrunk(picture: Image) -> Image:
    """No larger than a thumbnail; what is small stays as it is, to be enlarged without smoothing."""
    from PIL import Image

    if max(picture.size) <= SIDE:
        return picture
    small = picture.convert("RGB")
    small.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    return small


class Thumbnails(QObject):
    """The small pictures by the path of their grid; what is not there yet is fetched with :meth:`want`."""

    came = Signal()

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._kept: OrderedDict[Path, QImage | None] = OrderedDict()
        background.done.connect(self._on_done)

    def get(self, path: Path | None) -> QImage | None:
        """The picture, if it has been read."""
        return self._kept.get(path) if path is not None else None

    def want(self, paths: Iterable[Path]) -> None:
        """Fetch what is missing of these; what was wanted before and is not among them may be skipped."""
        missing = [path for path in paths if path not in self._kept]
        if missing:
            self._background.submit(TAG, partial(read_thumbnails, missing))

    @Slot(str, int, object)
    def _on_done(self, tag: str, _number: int, result: object) -> None:
        if tag != TAG or not isinstance(result, dict):
            return
        self._kept.update(result)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        self.came.emit()
