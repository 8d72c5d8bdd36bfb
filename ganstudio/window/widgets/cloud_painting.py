"""Painting points and densities: shapes as well as colours tell real from generated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from ganstudio.core.messages import Density
from ganstudio.core.scales import nice_step, value_ticks
from ganstudio.window.model.bins import density_of
from ganstudio.window.theme import theme
from ganstudio.window.widgets.painting import pen

Points = NDArray[np.float32]
LEFT, TOP, RIGHT, BOTTOM = 40.0, 28.0, 10.0, 22.0
MARGIN = 0.12
GRID = 400
REAL_BINS = 48
FILL = 0.35


@dataclass(frozen=True)
class Range:
    """What part of the world is shown; for points on a line the y range is that of densities."""

    x: tuple[float, float]
    y: tuple[float, float]
    dimension: int


@dataclass(frozen=True)
class Scene:
    """What is painted; ``None`` is left out."""

    range: Range
    real: Points | None
    generated: Points | None
    density: Density | None


def checked(points: Points) -> Points:
    """Points as they must be: (N, 1) or (N, 2) with N at least 1; ``ValueError`` otherwise."""
    if points.ndim != 2 or points.shape[1] not in (1, 2) or not len(points):
        raise ValueError(f"points must be (N, 1) or (N, 2), not {points.shape}")
    return np.asarray(points, dtype=np.float32)


def range_of(points: Points) -> Range:
    """The range of finite points with a margin; equal scales in the plane are the painter's matter."""
    finite = points[np.isfinite(points).all(axis=1)]
    if not len(finite):
        finite = np.zeros((1, points.shape[1]), dtype=np.float32)
    spans = [_padded(finite[:, i]) for i in range(points.shape[1])]
    return Range(spans[0], spans[1] if len(spans) > 1 else (0.0, 1.0), points.shape[1])


def _padded(values: NDArray[np.float32]) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    pad = MARGIN * (high - low) or 1.0
    return low - pad, high + pad


class Frame:
    """The box of the data on the painter, and the way from values to pixels."""

    def __init__(self, room: QRectF, x: tuple[float, float], y: tuple[float, float], equal: bool) -> None:
        self.box = room.adjusted(LEFT, TOP, -RIGHT, -BOTTOM)
        self.x, self.y = x, y
        if equal:
            self._equalise()

    def _equalise(self) -> None:
        """Widen one of the ranges so that a unit is as long across as it is upwards."""
        unit = max((self.x[1] - self.x[0]) / self.box.width(), (self.y[1] - self.y[0]) / self.box.height())
        self.x = _widened(self.x, unit * self.box.width())
        self.y = _widened(self.y, unit * self.box.height())

    def xs(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        """Pixels across."""
        share = (np.asarray(values, dtype=np.float64) - self.x[0]) / (self.x[1] - self.x[0])
        return self.box.left() + share * self.box.width()

    def ys(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        """Pixels down."""
        share = (np.asarray(values, dtype=np.float64) - self.y[0]) / (self.y[1] - self.y[0])
        return self.box.bottom() - share * self.box.height()


def _widened(span: tuple[float, float], length: float) -> tuple[float, float]:
    middle = (span[0] + span[1]) / 2
    return middle - length / 2, middle + length / 2


def paint(painter: QPainter, room: QRectF, scene: Scene) -> None:
    """Axes, legend, and points or densities."""
    if scene.range.dimension == 2:
        frame = Frame(room, scene.range.x, scene.range.y, equal=True)
        _paint_axes(painter, frame)
        _paint_points(painter, frame, scene)
        entries = [("real", "real", "ring"), ("generated", "generator", "cross")]
    else:
        grid = np.linspace(*scene.range.x, GRID)
        frame = Frame(room, scene.range.x, (0.0, _top(scene, grid)), equal=False)
        _paint_axes(painter, frame)
        _paint_densities(painter, frame, scene, grid)
        entries = [
            ("real density", "real", "dash"),
            ("real points", "real", "bar"),
            ("generated", "generator", "area"),
        ]
    shown = {
        "real": scene.real is not None,
        "generated": scene.generated is not None,
        "real density": scene.density is not None,
        "real points": scene.real is not None,
    }
    _paint_legend(painter, room, [entry for entry in entries if shown[entry[0]]])


# ---------------------------------------------------------------- axes and legend


def _paint_axes(painter: QPainter, frame: Frame) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setFont(theme().font("small-figure"))
    height, box = painter.fontMetrics().height(), frame.box
    for tick in value_ticks(*frame.x, "linear", max(2, int(box.width() / 70))):
        x = round(float(frame.xs(np.array([tick.position]))[0]))
        painter.setPen(pen(theme().color("grid")))
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
        painter.setPen(theme().color("axis"))
        painter.drawText(
            QRectF(x - 40, box.bottom() + 4, 80, height), Qt.AlignmentFlag.AlignHCenter, tick.label
        )
    for tick in value_ticks(*frame.y, "linear", max(2, int(box.height() / 45))):
        y = round(float(frame.ys(np.array([tick.position]))[0]))
        painter.setPen(pen(theme().color("grid")))
        painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
        painter.setPen(theme().color("axis"))
        where = QRectF(0, y - height / 2, box.left() - 6, height)
        painter.drawText(where, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tick.label)


def _paint_legend(painter: QPainter, room: QRectF, entries: list[tuple[str, str, str]]) -> None:
    painter.setFont(theme().font("caption"))
    metrics, x, y = painter.fontMetrics(), room.left() + LEFT, room.top() + 11
    for words, token, shape in entries:
        _paint_sign(painter, QPointF(x + 6, y), theme().color(token), shape)
        painter.setPen(theme().color("text"))
        width = metrics.horizontalAdvance(words)
        where = QRectF(x + 17, y - metrics.height() / 2, width + 2, metrics.height())
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, words)
        x += 17 + width + 16


def _paint_sign(painter: QPainter, at: QPointF, color: QColor, shape: str) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if shape == "dash":
        painter.setPen(_thick(color, dashed=True))
        painter.drawLine(QPointF(at.x() - 6, at.y()), QPointF(at.x() + 6, at.y()))
    elif shape in ("bar", "area"):
        faint = QColor(color)
        faint.setAlphaF(FILL)
        painter.fillRect(QRectF(at.x() - 5, at.y() - 5, 10, 10), faint)
        if shape == "area":
            painter.setPen(_thick(color))
            painter.drawLine(QPointF(at.x() - 5, at.y() - 5), QPointF(at.x() + 5, at.y() - 5))
    else:
        painter.setPen(_thick(color))
        painter.drawPath(_ring(at.x(), at.y(), 3.2) if shape == "ring" else _cross(at.x(), at.y(), 3.2))
    painter.restore()


def _thick(color: QColor, *, dashed: bool = False) -> QPen:
    """A pen for few and short lines only."""
    result = QPen(color, 1.6)
    if dashed:
        result.setDashPattern([4.0, 2.5])
    return result


def _ring(x: float, y: float, radius: float) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(x, y), radius, radius)
    return path


def _cross(x: float, y: float, radius: float) -> QPainterPath:
    path = QPainterPath(QPointF(x - radius, y - radius))
    path.lineTo(x + radius, y + radius)
    path.moveTo(x - radius, y + radius)
    path.lineTo(x + radius, y - radius)
    return path


# ---------------------------------------------------------------- the plane


def _paint_points(painter: QPainter, frame: Frame, scene: Scene) -> None:
    """Real ones as rings and generated ones as smaller crosses over them, so that where both lie both show."""
    painter.save()
    painter.setClipRect(frame.box)
    for points, token, shape in (
        (scene.real, "real", _stamp_ring),
        (scene.generated, "generator", _stamp_cross),
    ):
        if points is None or points.shape[1] != 2:
            continue
        x, y = frame.xs(points[:, 0]), frame.ys(points[:, 1])
        inside = (np.abs(x - frame.box.center().x()) < frame.box.width()) & np.isfinite(y)
        inside &= np.abs(y - frame.box.center().y()) < frame.box.height()
        shape(painter, x[inside], y[inside], theme().color(token))
    painter.restore()


def _stamp_ring(painter: QPainter, x: NDArray[np.float64], y: NDArray[np.float64], color: QColor) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color, 1.1))
    for px, py in zip(x.tolist(), y.tolist(), strict=True):
        painter.drawEllipse(QPointF(px, py), 3.4, 3.4)


def _stamp_cross(painter: QPainter, x: NDArray[np.float64], y: NDArray[np.float64], color: QColor) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color, 1.3))
    arm = 1.9
    for px, py in zip(x.tolist(), y.tolist(), strict=True):
        painter.drawLine(QPointF(px - arm, py - arm), QPointF(px + arm, py + arm))
        painter.drawLine(QPointF(px - arm, py + arm), QPointF(px + arm, py - arm))


# ---------------------------------------------------------------- the line


def _top(scene: Scene, grid: NDArray[np.float64]) -> float:
    """The top of the density axis: a tenth above the exact density, wherever that is known, and stays there."""
    if scene.density is not None and len(scene.density.p):
        top = 1.35 * float(np.nanmax(scene.density.p))
    else:
        parts = [density_of(p, grid) for p in (scene.real, scene.generated) if p is not None]
        top = 1.2 * max((float(p.max()) for p in parts), default=1.0)
    step = nice_step(max(top, 1e-6), 5)
    return float(np.ceil(max(top, 1e-6) / step) * step)


def _paint_densities(painter: QPainter, frame: Frame, scene: Scene, grid: NDArray[np.float64]) -> None:
    painter.save()
    painter.setClipRect(frame.box)
    if scene.real is not None:
        _paint_bars(painter, frame, scene.real)
    if scene.generated is not None:
        _paint_area(painter, frame, grid, density_of(scene.generated, grid))
    if scene.density is not None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(_thick(theme().color("real"), dashed=True))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(_polygon(frame.xs(scene.density.x), frame.ys(scene.density.p)))
    painter.restore()


def _paint_bars(painter: QPainter, frame: Frame, points: Points) -> None:
    """The real points as a histogram, in units of density."""
    finite = points[:, 0][np.isfinite(points[:, 0])]
    counts, edges = np.histogram(finite, bins=REAL_BINS, range=frame.x)
    heights = counts / max(len(finite), 1) / (edges[1] - edges[0])
    color = theme().color("real")
    color.setAlphaF(FILL)
    left, top = frame.xs(edges), frame.ys(heights)
    for i in np.flatnonzero(counts).tolist():
        x0, x1 = round(left[i]), round(left[i + 1]) - 1
        painter.fillRect(QRectF(x0, top[i], x1 - x0, frame.box.bottom() - top[i]), color)


def _paint_area(painter: QPainter, frame: Frame, x: NDArray[np.float64], p: NDArray[np.float64]) -> None:
    """The generated density: filled lightly, with an outline."""
    outline = _polygon(frame.xs(x), frame.ys(p))
    area = QPolygonF(outline)
    area.append(QPointF(frame.box.right(), frame.box.bottom()))
    area.append(QPointF(frame.box.left(), frame.box.bottom()))
    faint = theme().color("generator")
    faint.setAlphaF(FILL)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(faint)
    painter.drawPolygon(area)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_thick(theme().color("generator")))
    painter.drawPolyline(outline)


def _polygon(x: NDArray[np.float64], y: NDArray[np.float64]) -> QPolygonF:
    return QPolygonF([QPointF(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)])
