"""Saved grids for a report: a choice over time that stays within a size, checked to be pictures."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from ganstudio.core.measurement import Measurement
from ganstudio.core.runs import RunFolder
from ganstudio.reports.data import ReportData

MOST = 24
MOST_BYTES = 6 << 20
"""Bytes of all pictures in one report."""
LARGEST_FILE = 64 << 20
LARGEST_SIDE = 1600
PIXELS = 320
"""Up to this side a grid is enlarged without smoothing, so that its pixels stay pixels."""


@dataclass(frozen=True)
class Shot:
    """A saved grid: its step, PNG bytes and size in pixels."""

    step: int
    png: bytes
    width: int
    height: int

    @property
    def small(self) -> bool:
        """Whether it should be enlarged pixel by pixel."""
        return max(self.width, self.height) <= PIXELS


def chosen_steps(steps: Sequence[int], most: int = MOST) -> list[int]:
    """At most so many of the steps, the first and the last among them, denser where more happens: at the start."""
    if len(steps) <= most or most < 2:
        return list(steps[-most:]) if most < 2 else list(steps)
    first, last = steps[0], steps[-1]
    wanted = [first + (last - first) * (i / (most - 1)) ** 1.5 for i in range(most)]
    picked = {min(steps, key=lambda step: abs(step - place)) for place in wanted}
    return sorted(picked | {first, last})


def shots(report: ReportData, most: int = MOST, budget: int = MOST_BYTES) -> list[Shot]:
    """Grids over time in at most ``budget`` bytes, the last one always among them; what is no picture is left out."""
    found = [
        shot for step in chosen_steps(report.samples, most) if (shot := read_shot(report.picture(step), step))
    ]
    while len(found) > 1 and sum(len(shot.png) for shot in found) > budget:
        keep = max(1, min(len(found) - 1, math.floor(len(found) * budget / sum(len(s.png) for s in found))))
        steps = set(chosen_steps([shot.step for shot in found], keep))
        found = [shot for shot in found if shot.step in steps][-keep:]
    return found


def last_shot(report: ReportData) -> Shot | None:
    """The newest grid that can be read."""
    read = (read_shot(report.picture(step), step) for step in reversed(report.samples))
    return next((shot for shot in read if shot is not None), None)


def pairs_shot(report: ReportData) -> tuple[Measurement, Shot] | None:
    """The newest memorisation test whose picture is there, with its picture."""
    folder = RunFolder(report.folder)
    for measurement in reversed(report.measurements):
        path = folder.evaluation_picture(measurement)
        shot = None if path is None else read_shot(path, measurement.step or 0)
        if shot is not None:
            return measurement, shot
    return None


def read_shot(path: Path, step: int) -> Shot | None:
    """A PNG as it goes into a report, without its metadata; ``None`` for a file that is no sound picture."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            return None
        with Image.open(path, formats=["PNG"]) as picture:
            picture.load()
            plain = picture.convert("L" if picture.mode in ("1", "L") else "RGB")
    except (
        OSError,
        ValueError,
        SyntaxError,
        MemoryError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ):
        return None
    if max(plain.size) > LARGEST_SIDE:
        plain.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    plain.save(file, "PNG", optimize=True)
    return Shot(step, file.getvalue(), plain.width, plain.height)


def enlarged(shot: Shot, side: int = 600) -> bytes:
    """The PNG for paper, where readers smooth what they enlarge: small grids come with every pixel several times."""
    factor = side // max(shot.width, shot.height, 1)
    if not shot.small or factor < 2:
        return shot.png
    with Image.open(io.BytesIO(shot.png)) as picture:
        larger = picture.resize((shot.width * factor, shot.height * factor), Image.Resampling.NEAREST)
    file = io.BytesIO()
    larger.save(file, "PNG", optimize=True)
    return file.getvalue()
