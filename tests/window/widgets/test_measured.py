"""Charts of measured numbers: what is drawn, told, kept apart and exported."""

from __future__ import annotations

import csv
import io
import math
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import inputs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot
from support.reported import measurement

from ganstudio.window.theme import theme
from ganstudio.window.widgets.charts import measures
from ganstudio.window.widgets.charts.measured import MeasuredPanel, spec_of
from ganstudio.window.widgets.charts.measures import MeasuredCurve, courses, place
from ganstudio.window.widgets.charts.spec import ChartOptions, Mark

POINTS = tuple(measurement("fd-domain", 50.0 - step / 100, step) for step in (600, 1200, 2400))


def curve(points=POINTS, **more) -> MeasuredCurve:
    return MeasuredCurve("run", "accent-text", tuple(points), **more)


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[MeasuredPanel]:
    store = inputs.training(500)
    made = MeasuredPanel(spec_of(POINTS[0]), store)
    qtbot.addWidget(made)
    made.resize(404, 160)
    made.show_curves([curve(best=2400, store=store)])
    made.show()
    made.refresh(force=True)
    yield made
    made.close()


def test_points_and_intervals_are_where_they_were_measured(panel: MeasuredPanel):
    (placed,) = panel._points.placed
    assert placed.x.tolist() == [600, 1200, 2400] and placed.y.tolist() == [44, 38, 26]
    assert placed.low.tolist() == [43, 37, 25] and placed.high.tolist() == [45, 39, 27]
    assert placed.best == 2
    left, right, low, high = panel.plot.furniture.range
    assert (left, right) == (0, 3000), "the axis is that of the run's other charts"
    assert low <= 25 and high >= 45


def test_it_paints_a_point_in_its_colour_and_the_best_in_a_ring(panel: MeasuredPanel):
    image, plot = panel.plot.grab().toImage(), panel.plot
    for step, value in ((600, 44), (2400, 26)):
        x, y = round(plot.x_of(step)), round(plot.y_of(value))
        assert image.pixelColor(x, y) == theme().color("accent-text")
    rows = range(round(plot.y_of(26)) - 8, round(plot.y_of(26)) - 4)
    ring = [image.pixelColor(round(plot.x_of(2400)), y).lightness() for y in rows]
    assert max(abs(light - theme().color("text").lightness()) < 60 for light in ring)


@pytest.mark.parametrize("unit", ["step", "images", "time"])
@pytest.mark.parametrize("scale", ["linear", "log", "symlog"])
def test_every_axis(panel: MeasuredPanel, unit: str, scale: str):
    panel.set_options(ChartOptions(0.9, unit, scale))
    panel.set_marks([Mark(1200, "changed")])
    panel.set_cursor(1200)
    panel.refresh(force=True)
    x = {"step": 1200, "images": 1200 * 64, "time": 20.0}[unit]
    (placed,) = panel._points.placed
    assert placed.x[1] == pytest.approx(x) and panel.plot.furniture.cursor == pytest.approx(x)
    assert panel.plot.furniture.uprights[0].x == pytest.approx(x)
    assert placed.y[1] == pytest.approx(
        {"linear": 38, "log": math.log10(38), "symlog": math.log10(39)}[scale]
    )


def test_an_interval_below_zero_has_an_end_on_a_logarithmic_axis():
    placed = place(curve([measurement("fd-domain", 0.5, 1)]), "step", "log")
    assert placed.low[0] == placed.y[0] == pytest.approx(math.log10(0.5))
    assert placed.high[0] == pytest.approx(math.log10(1.5))


def test_the_pointer_is_told_number_step_and_protocol_and_moves_the_cursor(
    qtbot: QtBot, panel: MeasuredPanel
):
    seen: list[int | None] = []
    panel.cursor_moved.connect(seen.append)
    plot = panel.plot
    qtbot.mouseMove(plot.viewport(), QPoint(round(plot.x_of(2400)), 30))
    assert seen[-1] == 2400
    for words in ("26", "25.0 to 27.0", "step\u00a02,400, the best", "unbiased covariance", "500 samples"):
        assert words in plot.toolTip()
    qtbot.mouseMove(plot.viewport(), QPoint(round(plot.x_of(1800)), 30))
    assert plot.toolTip() == ""


def test_without_series_the_cursor_counts_steps(qtbot: QtBot):
    made = MeasuredPanel(spec_of(POINTS[0]))
    qtbot.addWidget(made)
    made.resize(404, 160)
    made.show_curves([curve(), MeasuredCurve("other", "#123456", POINTS[:1], "dash")])
    made.show()
    picked: list[int] = []
    made.step_picked.connect(picked.append)
    made.set_cursor(1300)
    made.refresh(force=True)
    assert made.plot.furniture.cursor == 1300
    assert [e.value for e in made.header.entries()] == ["38.00", "44.00"]
    qtbot.mouseClick(
        made.plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(round(made.plot.x_of(1500)), 30)
    )
    assert abs(picked[0] - 1500) <= 10
    made.close()


def test_an_empty_one_says_what_will_be_here(panel: MeasuredPanel):
    panel.show_curves([curve(())])
    panel.refresh(force=True)
    assert not panel.has_data()
    assert panel.plot.furniture.message == "Points appear when a checkpoint is measured."


def test_numbers_of_different_protocols_are_never_joined():
    few = [measurement("fd-domain", 9.0, step, samples=100) for step in (600, 1200)]
    again = measurement("fd-domain", 40.0, 600)
    folders = measurement("fd-domain", 1.0, None)
    found = courses([*POINTS, *few, again, folders, measurement("fd-domain", float("nan"), 9)])
    assert [[m.value for m in course] for course in found.values()] == [[40, 38, 26], [9, 9]]


@given(st.lists(st.tuples(st.integers(0, 10**6), st.floats(-1e6, 1e6)), min_size=1, max_size=8))
def test_the_ranges_hold_all_points(pairs: list[tuple[int, float]]):
    placed = [place(curve([measurement("w1", value, step) for step, value in pairs]), "step", "linear")]
    left, right = measures.x_range(placed, "step")
    low, high = measures.y_range(placed, False) or (0, 0)
    assert left <= min(p[0] for p in pairs) and right >= max(p[0] for p in pairs) and left < right
    assert low <= min(p[1] for p in pairs) - 0.9 and high >= max(p[1] for p in pairs) + 0.9


def test_exports(panel: MeasuredPanel):
    rows = list(csv.DictReader(io.StringIO(panel._csv().decode())))
    assert (rows[0]["step"], rows[0]["value"], rows[0]["low"]) == ("600", "44.0", "43.0")
    assert "unbiased covariance" in rows[0]["protocol"] and rows[0]["metric"] == "fd-domain"
    assert ET.fromstring(panel._svg()).tag.endswith("svg")
    image = QImage.fromData(panel._png())
    assert image.width() == 2 * panel.export_size().width()
    pixels = np.array(
        [
            image.pixelColor(x, y).rgb()
            for x in range(0, image.width(), 2)
            for y in range(0, image.height(), 2)
        ]
    )
    assert (pixels == theme().color("accent-text").rgb()).sum() > 10
