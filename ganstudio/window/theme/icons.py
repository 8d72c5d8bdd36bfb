"""Own-drawn vector icons, coloured by a token and drawn anew when the theme changes.

An icon is an SVG of 16 x 16 units in ``resources/icons`` whose strokes and fills are ``currentColor``.
"""

from __future__ import annotations

import tempfile
from functools import cache
from importlib.resources import files
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer


@cache
def svg_of(name: str) -> str:
    """The text of an icon; ``FileNotFoundError`` for an unknown name."""
    inside = files("ganstudio").joinpath("resources", "icons", f"{name}.svg")
    if inside.is_file():
        return inside.read_text(encoding="utf-8")
    source = Path(__file__).parents[3] / "resources" / "icons" / f"{name}.svg"
    return source.read_text(encoding="utf-8")


def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(svg_of(name).replace("currentColor", colour).encode()))


def pixmap(name: str, colour: str, size: int = 16, ratio: float = 1.0) -> QPixmap:
    """An icon of ``size`` logical pixels in one colour (``#rrggbb``), sharp at a device pixel ratio."""
    result = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    _renderer(name, colour).render(painter, QRectF(0, 0, result.width(), result.height()))
    painter.end()
    result.setDevicePixelRatio(ratio)
    return result


class _ThemedEngine(QIconEngine):
    """Asks the theme at each painting, so that no icon keeps an old colour."""

    def __init__(self, name: str, token: str) -> None:
        super().__init__()
        self._name, self._token = name, token

    def paint(self, painter: QPainter, rect: object, mode: QIcon.Mode, _state: QIcon.State) -> None:
        """Draw into ``rect``; disabled icons take the disabled colour."""
        from ganstudio.window.theme.manager import theme

        token = "disabled" if mode == QIcon.Mode.Disabled else self._token
        _renderer(self._name, theme().tokens[token]).render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The icon as a pixmap of ``size`` device pixels."""
        result = QPixmap(size)
        result.fill(Qt.GlobalColor.transparent)
        painter = QPainter(result)
        self.paint(painter, QRectF(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return result

    def clone(self) -> QIconEngine:
        """A second engine for the same icon."""
        return _ThemedEngine(self._name, self._token)


def icon(name: str, token: str = "text") -> QIcon:
    """An icon that follows the theme."""
    svg_of(name)
    return QIcon(_ThemedEngine(name, token))


@cache
def _icon_folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="ganstudio-icons-")


def icon_file(name: str, colour: str) -> str:
    """The path of a coloured copy of an icon, for style sheets, which take files only."""
    path = Path(_icon_folder().name) / f"{name}-{colour.lstrip('#')}.svg"
    if not path.exists():
        path.write_text(svg_of(name).replace("currentColor", colour), encoding="utf-8")
    return path.as_posix()


def screen_ratio() -> float:
    """The largest device pixel ratio of the screens."""
    return max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0)
