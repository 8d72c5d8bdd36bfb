"""A drawing area that keeps its picture: what it paints, when it paints anew, and what a file gets."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ganstudio.window.theme import DARK, LIGHT, theme
from ganstudio.window.theme.tokens import mix
from ganstudio.window.widgets.charts import export
from ganstudio.window.widgets.charts.kept_plot import BAND_OPACITY, Band, Dots, KeptPlot

X = np.array([0.0, 10.0])


@pytest.fixture
def plot(qtbot: QtBot) -> Iterator[KeptPlot]:
    frame = QWidget()  # pyqtgraph's view clears itself when it is closed as a window
    made = KeptPlot(frame)
    qtbot.addWidget(frame)
    frame.resize(600, 400)
    made.resize(320, 200)
    frame.show()
    made.set_range(0, 10, 0, 10)
    made.set_curve("one", X, X, "run-2")
    made.redraw()
    yield made
    frame.close()


def colour_at(image: QImage, x: float, y: float) -> str:
    return image.pixelColor(round(x), round(y)).name()


def test_the_cursor_moves_over_the_kept_picture(
    plot: KeptPlot, colours, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert DARK["run-2"] in colours(plot)
    assert DARK["cursor"] not in colours(plot)
    drawn = []
    monkeypatch.setattr(plot, "render", lambda *_: drawn.append(1))
    plot.set_cursor(5.0, "step 5")
    seen = colours(plot)
    assert DARK["cursor"] in seen
    assert DARK["run-2"] in seen
    assert not drawn, "the curves are not painted again"
    plot.set_cursor(None)
    assert DARK["cursor"] not in colours(plot)


def test_a_band_is_translucent_and_a_dot_solid(plot: KeptPlot) -> None:
    plot.keep_only(set())
    plot.set_bands([Band(X, np.array([2.0, 2.0]), np.array([8.0, 8.0]), "run-4")])
    one = np.array([5.0])
    plot.set_dots([Dots(one, np.array([5.0]), np.array([4.0]), np.array([6.0]), "run-1")])
    plot.redraw()
    image = plot.grab().toImage()
    expected = mix(DARK["run-4"], DARK["card"], BAND_OPACITY)
    assert colour_at(image, plot.x_of(2), plot.y_of(3)) == expected
    assert colour_at(image, plot.x_of(2), plot.y_of(1)) == DARK["card"]
    assert colour_at(image, plot.x_of(5), plot.y_of(5)) == DARK["run-1"]
    assert len(plot.bands()) == len(plot.dots()) == 1


def test_a_gap_in_band_or_dots_is_left_out(plot: KeptPlot, colours) -> None:
    plot.keep_only(set())
    gone = np.array([np.nan, np.nan])
    plot.set_bands([Band(X, gone, gone, "run-4")])
    plot.set_dots([Dots(X, gone, gone, gone, "run-1")])
    plot.redraw()
    assert DARK["run-1"] not in colours(plot)


def test_a_new_theme_leaves_nothing_of_the_old_one(plot: KeptPlot, colours, left_over) -> None:
    plot.set_dots([Dots(X, X, X, X, "run-5", dash) for dash in ("solid", "dash", "dot")])
    plot.redraw()
    theme().set_mode("light")
    assert not left_over(plot, DARK, LIGHT)
    assert LIGHT["run-2"] in colours(plot)
    plot.redraw()
    assert not left_over(plot, DARK, LIGHT)


def test_a_new_size_stretches_the_picture_until_it_is_drawn(plot: KeptPlot, colours) -> None:
    plot.resize(500, 300)
    assert DARK["run-2"] in colours(plot)
    plot.redraw()
    assert DARK["run-2"] in colours(plot)
    assert plot.inner().right() > 400


def test_more_room_for_words_moves_the_curves(plot: KeptPlot) -> None:
    before = plot.inner().left()
    plot.set_left(int(before) + 60)
    assert plot.inner().left() == before + 60
    assert plot.x_of(0) == before + 60


def test_a_file_gets_the_curves_as_lines(plot: KeptPlot) -> None:
    def paint(painter: QPainter) -> None:
        area = plot.viewport().rect()
        plot.render(painter, QRectF(area), area)

    svg = export.to_svg(paint, plot.viewport().size(), "one").decode()
    assert "<image" not in svg
    assert DARK["run-2"] in svg
