"""Charts: what is drawn, said, linked and exported."""

from __future__ import annotations

import csv
import io
import math
import xml.etree.ElementTree as ET
from pathlib import Path

import inputs
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics, QImage
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from ganstudio.catalog.metrics import METRICS
from ganstudio.core.messages import Scalars, Scores
from ganstudio.window.model.series import SeriesStore
from ganstudio.window.theme import DARK, LIGHT, theme
from ganstudio.window.widgets.charts.column import CHARTS, ChartColumn
from ganstudio.window.widgets.charts.controls import stop_of, weight_of
from ganstudio.window.widgets.charts.from_catalogue import bounds_of, charted
from ganstudio.window.widgets.charts.furniture import below
from ganstudio.window.widgets.charts.header import ChartHeader
from ganstudio.window.widgets.charts.panel import ChartPanel
from ganstudio.window.widgets.charts.spec import ChartOptions, Mark
from ganstudio.window.widgets.saving import SaveDialog


@pytest.fixture
def column(qtbot: QtBot) -> ChartColumn:
    made = ChartColumn(inputs.training(300))
    qtbot.addWidget(made)
    made.resize(404, 900)
    made.show()
    made.refresh(force=True)
    yield made
    made.close()


def losses(column: ChartColumn) -> ChartPanel:
    return column.panel("losses")


def test_curves_show_the_series_and_follow_it(column: ChartColumn) -> None:
    panel, store = losses(column), column.store
    x, y = panel.plot.curve("raw:loss/generator")
    assert x[-1] == store.steps()[-1]
    assert y.max() == pytest.approx(store.series("loss/generator").high.max())
    store.append(Scalars(9999, 9999, 60.0, {"loss/generator": 7.0, "loss/discriminator": 1.0}))
    column.refresh(force=True)
    assert panel.plot.curve("raw:loss/generator")[1].max() == 7.0
    assert panel.plot.furniture.range[1] == 9999
    assert panel.plot.furniture.range[3] >= 7


def test_it_redraws_only_when_something_changed(column: ChartColumn, monkeypatch: pytest.MonkeyPatch) -> None:
    panel, clock = losses(column), [1e6]
    monkeypatch.setattr("ganstudio.window.widgets.charts.frame.time.monotonic", lambda: clock[0])
    panel.refresh()
    clock[0] += 1
    assert not panel.refresh()
    column.store.append(Scalars(5000, 1, 1.0, {"loss/generator": 1.0}))
    assert panel.refresh()
    column.store.append(Scalars(5001, 1, 1.0, {"loss/generator": 1.0}))
    clock[0] += 0.05
    assert not panel.refresh(), "ten times a second at most"
    clock[0] += 0.06
    assert panel.refresh()
    panel.hide()
    column.store.append(Scalars(5002, 1, 1.0, {"loss/generator": 1.0}))
    clock[0] += 1
    assert not panel.refresh(), "not while hidden"


def test_theory_and_marks_are_named(column: ChartColumn) -> None:
    column.set_theory(inputs.THEORY)
    column.set_marks([Mark(600, "G rate 1e−4 → 2e−4"), Mark(900, "resumed", "resume")])
    column.refresh(force=True)
    furniture = losses(column).plot.furniture
    assert {line.label for line in furniture.lines} == {"2 ln 2 discriminator", "ln 2 generator"}
    assert [mark.x for mark in furniture.uprights] == [600, 900]
    output = column.panel("discriminator-output").plot.furniture
    assert [(line.position, line.label) for line in output.lines] == [(0.5, "½ equilibrium")]
    assert output.range[2:] == (0.0, 1.0)


def test_a_critics_scores_have_the_range_they_have(column: ChartColumn) -> None:
    """Scores between 0 and 1 fill that range only where they are probabilities."""
    store = SeriesStore()
    for i in range(20):
        values = {"score/real": 0.004 + 1e-4 * i, "score/fake": 0.003}
        store.append(Scalars(i, i * 64, i * 0.1, values))
    column.set_store(store)
    column.set_probability(False)
    column.refresh(force=True)
    low, high = column.panel("discriminator-output").plot.furniture.range[2:]
    assert 0 <= low <= 0.003 and 0.0058 <= high < 0.01
    column.set_probability(True)
    column.refresh(force=True)
    assert column.panel("discriminator-output").plot.furniture.range[2:] == (0.0, 1.0)


@pytest.mark.parametrize(("width", "named"), [(300, False), (400, True)])
def test_the_sliders_name_gives_way_before_words_are_cut(
    qtbot: QtBot, column: ChartColumn, width: int, named: bool
) -> None:
    controls = column.controls
    column.set_options(ChartOptions(0.9, "images", "symlog", True))  # the longest words
    column.resize(width, 900)
    assert controls.findChild(QLabel).isVisible() is named
    buttons = controls.findChildren(QToolButton)
    qtbot.waitUntil(lambda: all(button.width() >= button.sizeHint().width() for button in buttons))


def test_no_half_of_a_figure_looks_out_from_behind_the_cursors_words(column: ChartColumn) -> None:
    plot, card, touched = losses(column).plot, theme().color("card").rgb(), 0
    metrics = QFontMetrics(theme().font("small-figure"))
    for step in range(0, 900, 25):
        column.set_cursor(step)
        shown = plot.grab().toImage()
        half = metrics.horizontalAdvance(plot.furniture.cursor_label) / 2 + 4
        at = min(max(plot.x_of(step), plot.inner().left() - 4 + half), plot.inner().right() + 4 - half)
        for room, _ in below(plot, metrics):
            if room.left() < at + half - 1 and room.right() > at - half + 1:
                beside = [x for x in range(int(room.left()), int(room.right())) if abs(x - at) > half + 1]
                rows = range(int(room.top()) + 3, int(room.bottom()))
                assert all(shown.pixel(x, y) == card for x in beside for y in rows)
                touched += len(beside) > 4
    assert touched


def test_one_cursor_goes_through_all_charts(qtbot: QtBot, column: ChartColumn) -> None:
    seen: list[int | None] = []
    picked: list[int] = []
    column.cursor_moved.connect(seen.append)
    column.step_picked.connect(picked.append)
    plot = losses(column).plot
    where = QPoint(round(plot.x_of(906)), 40)
    qtbot.mouseMove(plot.viewport(), where)
    qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert abs(picked[0] - 906) <= 6
    assert seen
    assert abs(seen[-1] - 906) <= 6
    column.set_cursor(600)
    for panel in column.panels[:3]:
        assert panel.plot.furniture.cursor == 600
    value = column.store.at("loss/generator", 600)
    assert float(losses(column).header.entries()[0].value) == pytest.approx(value, rel=0.01)
    column.set_cursor(None)
    assert losses(column).plot.furniture.cursor is None


@pytest.mark.parametrize("x", ["step", "images", "time"])
@pytest.mark.parametrize("y", ["linear", "log", "symlog"])
def test_every_scale_draws_and_marks_where_the_step_is(column: ChartColumn, x: str, y: str) -> None:
    column.set_options(ChartOptions(0.5, x, y, True))
    column.set_cursor(600)
    column.refresh(force=True)
    plot = losses(column).plot
    expected = {"step": 600, "images": 600 * 64, "time": 10.0}[x]
    assert plot.furniture.cursor == pytest.approx(expected)
    raw = plot.curve("raw:loss/discriminator")[1]
    value = column.store.series("loss/discriminator").mean.max()
    drawn = {"linear": value, "log": math.log10(value), "symlog": math.log10(1 + value)}[y]
    assert np.nanmax(raw) == pytest.approx(drawn)


def test_a_logarithm_of_nothing_positive_says_so(column: ChartColumn) -> None:
    store = SeriesStore()
    store.append(Scalars(1, 1, 1.0, {"loss/generator": -1.0}))
    column.set_store(store)
    column.set_options(ChartOptions(0.9, "step", "log"))
    column.refresh(force=True)
    assert "above zero" in losses(column).plot.furniture.message
    column.set_store(SeriesStore())
    column.refresh(force=True)
    assert "first report" in losses(column).plot.furniture.message


def test_optional_charts_come_with_their_data(column: ChartColumn) -> None:
    assert not column.panel("penalties").isVisible()
    column.store.append(Scalars(5000, 1, 1.0, {"penalty/r1": 0.1, "penalty/drift": 0.2}))
    column.refresh(force=True)
    panel = column.panel("penalties")
    assert panel.isVisible()
    assert [entry.label for entry in panel.header.entries()] == ["drift", "r1"]
    assert len({(entry.color, entry.dash) for entry in panel.header.entries()}) == 2


def test_folding_and_enlarging(qtbot: QtBot, column: ChartColumn) -> None:
    panel = losses(column)
    qtbot.keyClick(panel.header, Qt.Key.Key_Return)
    assert panel.is_folded()
    assert not panel.maximise_button.isEnabled()
    qtbot.keyClick(panel.header, Qt.Key.Key_Right)
    qtbot.mouseClick(panel.maximise_button, Qt.MouseButton.LeftButton)
    assert [p.spec.key for p in column.panels if p.isVisible()] == ["losses"]
    assert not column.histogram.isVisible()
    column.show_series("grad_norm/generator")
    assert column.panel("gradient-norm").isVisible()
    assert column.histogram.isVisible()


def test_the_shared_controls_reach_every_chart(qtbot: QtBot, column: ChartColumn) -> None:
    seen: list[ChartOptions] = []
    column.options_changed.connect(seen.append)
    column.controls.slider.setValue(0)
    qtbot.mouseClick(column.controls.outliers, Qt.MouseButton.LeftButton)
    column.controls.y_button.menu().actions()[1].trigger()
    assert seen[-1] == ChartOptions(0.0, "step", "log", True)
    assert all(panel.options() == seen[-1] for panel in column.panels)
    assert "raw:loss/generator" not in losses(column).plot._curves
    assert all(stop_of(weight_of(stop)) == stop for stop in range(101))
    assert (weight_of(0), weight_of(100)) == (0.0, 0.999)


def test_the_histogram_draws_both_sides(column: ChartColumn, colours) -> None:
    scores = Scores(10, np.full(64, 0.9, np.float32), np.full(64, 0.1, np.float32), True)
    column.set_scores(scores)
    column.refresh(force=True)
    assert {DARK["real"], DARK["generator"]} <= colours(column.histogram.bars)
    box = column.histogram.bars.box()
    assert "100\u00a0% of the generated" in column.histogram.bars.words_at(box.left() + 0.1 * box.width())
    column.set_scores(inputs.scores(probability=False))
    column.refresh(force=True)
    assert column.histogram.bars.bins.edges[0] < -5


def test_switching_the_theme_leaves_no_old_colour(column: ChartColumn, colours, left_over) -> None:
    column.set_scores(inputs.scores())
    column.set_theory(inputs.THEORY)
    column.refresh(force=True)
    assert DARK["discriminator"] in colours(column)
    theme().set_mode("light")
    seen = colours(column)
    assert {LIGHT["card"], LIGHT["discriminator"], LIGHT["generator"], LIGHT["real"]} <= seen
    assert left_over(column, DARK, LIGHT) == []


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(SaveDialog, "ask", lambda _p, _t, name, suffix: tmp_path / (name + suffix))
    return tmp_path


def test_export_as_csv_holds_all_data(column: ChartColumn, saved: Path) -> None:
    losses(column).save_csv()
    rows = list(csv.DictReader(io.StringIO((saved / "losses.csv").read_text())))
    series = column.store.series("loss/generator")
    assert [int(row["step"]) for row in rows] == series.step.tolist()
    assert [float(row["loss/generator"]) for row in rows] == series.mean.tolist()
    assert list(rows[0]) == ["step", "images", "seconds", "loss/generator", "loss/discriminator"]


def test_export_as_svg_is_a_drawing_with_words_and_curves(column: ChartColumn, saved: Path) -> None:
    column.set_theory(inputs.THEORY)
    column.refresh(force=True)
    losses(column).save_svg()
    root = ET.fromstring((saved / "losses.svg").read_bytes())
    words = [" ".join(node.itertext()).strip() for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"Losses", "2 ln 2 discriminator"} <= set(words)
    text = (saved / "losses.svg").read_text()
    assert DARK["discriminator"] in text
    shapes = [n for n in root.iter() if n.tag.endswith(("path", "polyline"))]
    longest = max(len(n.get("d") or n.get("points") or "") for n in shapes)
    assert longest > 300 * 4


def test_export_as_png_shows_the_curves(column: ChartColumn, saved: Path) -> None:
    losses(column).save_png()
    image = QImage(str(saved / "losses.png"))
    assert image.width() == 2 * losses(column).export_size().width()
    seen = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert {DARK["card"], DARK["generator"], DARK["discriminator"]} <= seen


def test_the_menu_offers_what_the_panel_can(column: ChartColumn) -> None:
    menu = losses(column).build_menu()
    actions = {action.text(): action for action in menu.actions() if action.text()}
    actions["Logarithmic"].trigger()
    actions["Ignore outliers"].trigger()
    assert losses(column).options().y == "log"
    assert losses(column).options().ignore_outliers
    assert actions["Save as SVG …"].isEnabled()


# ---------------------------------------------------------------- charts that come with what a run measures


def test_every_series_of_the_catalogue_has_exactly_one_chart() -> None:
    specs = [*CHARTS, *charted(CHARTS)]
    assert len({spec.key for spec in specs}) == len(specs)
    for name in METRICS:
        shown = [
            s
            for s in specs
            if any(c.name == name for c in s.curves) or (s.prefix and name.startswith(s.prefix))
        ]
        assert len(shown) == 1, name


@pytest.mark.parametrize(
    ("words", "bounds"),
    [("0 to 1", (0.0, 1.0)), ("-1 to 1", (-1.0, 1.0)), ("0 and more", None), ("0 to 1, or so", None)],
)
def test_ranges_are_read_from_words(words: str, bounds: tuple[float, float] | None) -> None:
    assert bounds_of(words) == bounds


def test_a_new_series_brings_its_chart_with_the_catalogues_title(column: ChartColumn) -> None:
    before = [panel.spec.key for panel in column.panels]
    column.add_mark(Mark(100, "changed"))
    values = {"augment/probability": 0.3, "classified/real": 0.9, "classified/fake": 0.4}
    for step in (500, 501):
        column.store.append(Scalars(step, step, step / 10, values))
    column.refresh(force=True)
    fresh = [panel for panel in column.panels if panel.spec.key not in before]
    assert [panel.spec.title for panel in fresh] == [
        METRICS["augment/probability"].title, METRICS["classified/<which>"].title
    ]  # fmt: skip
    probability, classes = fresh
    assert probability.isVisible() and probability.spec.bounds == (0.0, 1.0)
    assert METRICS["augment/probability"].idea in probability.header.toolTip()
    assert {(c.label, c.color) for c in classes.curves()} == {("real", "real"), ("generated", "generator")}
    order = [panel.spec.key for panel in column.panels]
    assert order[-2:] == before[-2:], "speed stays at the end"
    column.refresh(force=True)
    assert [panel.spec.key for panel in column.panels] == order, "made once"
    column.set_store(inputs.training(50))
    assert not probability.isVisible(), "another run does not measure it"


def test_a_finding_can_show_a_series_that_has_just_come(column: ChartColumn) -> None:
    column.store.append(Scalars(900, 900, 90.0, {"information": 1.2}))
    column.show_series("information")
    assert column.panel("information").isVisible()


def test_a_series_that_few_reports_have_is_drawn_and_told(column: ChartColumn) -> None:
    store = SeriesStore()
    for step in range(1, 301):
        rare = {"distance/data": 1 - step / 300} if step % 30 == 0 else {}
        store.append(Scalars(step, step, step / 10, {"loss/generator": 1.0} | rare))
    column.set_store(store)
    column.show_series("distance/data")
    column.refresh(force=True)
    panel = column.panel("distance-data")
    assert len(panel.plot.curve("raw:distance/data")[1]) == 10
    assert np.isfinite(panel.plot.curve("distance/data")[1]).all()
    assert [float(entry.value) for entry in panel.header.entries()] == pytest.approx([0.0], abs=0.01)


def test_a_head_can_have_another_title_and_be_fixed(qtbot: QtBot) -> None:
    header, folded = ChartHeader("One"), []
    qtbot.addWidget(header)
    header.resize(200, 20)
    header.fold_requested.connect(lambda: folded.append(1))
    qtbot.mouseClick(header, Qt.MouseButton.LeftButton, pos=QPoint(20, 8))
    assert folded == [1]
    header.set_title("Two")
    assert header.accessibleName() == "Two"
    header.set_foldable(False)
    qtbot.mouseClick(header, Qt.MouseButton.LeftButton, pos=QPoint(20, 8))
    assert folded == [1]
    assert header.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_a_long_title_ends_in_an_ellipsis_where_the_room_ends(qtbot: QtBot) -> None:
    header = ChartHeader("Frechet distance, own features")
    qtbot.addWidget(header)
    assert header.title_within(1000) == "Frechet distance, own features"
    cut = header.title_within(140)
    assert cut.endswith("…") and header.title().startswith(cut[:-1]) and len(cut) > 8
