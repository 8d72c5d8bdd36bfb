"""A chart as PNG or SVG as it stands on the screen, and its data as CSV."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QRect, QRectF, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from ganstudio.core.files import write_atomically
from ganstudio.window.model.series import SeriesStore
from ganstudio.window.theme import theme
from ganstudio.window.widgets.saving import SaveDialog

Paint = Callable[[QPainter], None]
SCALE = 2


def to_image(paint: Paint, size: QSize, scale: int = SCALE) -> QImage:
    """The drawing on the card's colour, ``scale`` pixels for each of the screen's."""
    image = QImage(size * scale, QImage.Format.Format_RGB32)
    image.fill(theme().color("card"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.scale(scale, scale)
    paint(painter)
    painter.end()
    return image


def to_svg(paint: Paint, size: QSize, title: str) -> bytes:
    """The drawing as SVG, with text as text."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setTitle(title)
    painter = QPainter(generator)
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), theme().color("card"))
    paint(painter)
    painter.end()
    return bytes(buffer.data().data())


def to_csv(store: SeriesStore, names: Sequence[str]) -> str:
    """All rows of some scalars. Where rows stand for several reports, mean, minimum and maximum are given."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = [store.series(name) for name in names if name in store]
    known = [name for name in names if name in store]
    merged = store.stride > 1
    parts = [(n, ("", "/min", "/max") if merged else ("",)) for n in known]
    writer.writerow(
        ["step", "images", "seconds", *(n + suffix for n, suffixes in parts for suffix in suffixes)]
    )
    for row in range(len(store) if columns else 0):
        values = [v for s in columns for v in ((s.mean, s.low, s.high) if merged else (s.mean,))]
        first = columns[0]
        fixed = [int(first.step[row]), int(first.images[row]), _plain(float(first.seconds[row]))]
        writer.writerow([*fixed, *(_plain(float(v[row])) for v in values)])
    return out.getvalue()


def _plain(value: float) -> str:
    return "" if math.isnan(value) else repr(value)


def write(parent: QWidget, title: str, name: str, suffix: str, content: Callable[[], bytes]) -> Path | None:
    """Ask where and write; the path if it was written."""
    path = SaveDialog.ask(parent, title, name, suffix)
    if path is None:
        return None
    try:
        write_atomically(path, content())
    except OSError as error:
        SaveDialog.tell_failure(parent, path, error)
        return None
    return path


def png_bytes(image: QImage) -> bytes:
    """A picture as PNG."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())
