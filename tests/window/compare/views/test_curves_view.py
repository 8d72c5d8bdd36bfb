"""Curves of several runs: one axis, one cursor, one way of drawing; means with bands; measured points; files."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from support.reported import measurement, values_at

from ganstudio.core.runs import RunFolder
from ganstudio.window.theme import DARK, theme
from ganstudio.window.widgets.charts.spec import ChartOptions
from ganstudio.window.widgets.saving import SaveDialog


def test_every_series_of_any_run_has_a_chart_with_a_line_for_each_run(shown, made) -> None:
    one, two = made("one"), made("two", steps=20)
    RunFolder(two.path).append_metrics(21, 1, 1.0, {"only/here": 5.0})
    view = shown.show(one, two).curves
    assert set(view.charts) == {*values_at(1), "penalty/r1", "only/here"}
    loss = view.charts["loss/generator"]
    assert [s.label for s in loss.strands()] == ["one", "two"]
    assert loss.plot.furniture.range[:2] == (0, 40), "the axis spans both"
    assert [s.label for s in view.charts["only/here"].strands()] == ["two"]
    assert loss.spec.title == "Generator loss"
    names = [chart.name for chart in view._in_order()]
    assert names[:2] == ["loss/generator", "loss/discriminator"]
    assert names[-1] == "rate/images_per_second"


def test_lines_follow_the_numbers(shown, made) -> None:
    run = made("one")
    view = shown.show(run).curves
    view._options_chosen(ChartOptions(smoothing=0.0))
    shown.settle()
    x, y = view.charts["loss/generator"].plot.curve(str(run.path))
    np.testing.assert_allclose(y, 1 + 1 / x)


def test_what_is_reported_now_and_then_is_a_line_and_a_single_report_a_dot(shown, made) -> None:
    run = made("one")
    for step in range(41, 100):
        rare = {"rare": float(step)} if step % 10 == 0 else {}
        once = {"once": 7.0} if step == 50 else {}
        RunFolder(run.path).append_metrics(step, step, 1.0, {"loss/generator": 1.0, **rare, **once})
    view = shown.show(run).curves
    view.controls._accept(ChartOptions(smoothing=0.0))
    shown.settle()
    x, y = view.charts["rare"].plot.curve(str(run.path))
    assert x.tolist() == y.tolist() == [50, 60, 70, 80, 90]
    assert not view.charts["rare"].plot.dots()
    (dot,) = view.charts["once"].plot.dots()
    assert (dot.x[0], dot.y[0], dot.token) == (50, 7, "run-1")


@pytest.mark.parametrize(("unit", "end"), [("step", 40), ("images", 32 * 40), ("time", 20)])
@pytest.mark.parametrize("scale", ["linear", "log", "symlog"])
def test_all_charts_share_axis_scale_and_smoothing(shown, made, unit: str, end: float, scale: str) -> None:
    view = shown.show(made("one"), made("two")).curves
    view.controls._accept(ChartOptions(0.5, unit, scale, True))
    shown.settle()
    assert {chart.options() for chart in view.charts.values()} == {ChartOptions(0.5, unit, scale, True)}
    assert view.charts["loss/generator"].plot.furniture.range[1] == end


def test_one_cursor_goes_through_all_charts(shown, made, qtbot) -> None:
    view = shown.show(made("one"), made("two", steps=20)).curves
    loss = view.charts["loss/generator"]
    qtbot.mouseMove(loss.plot.viewport(), QPoint(round(loss.plot.x_of(30)), 40))
    places = {round(chart.plot.furniture.cursor or 0) for chart in view.charts.values()}
    assert places == {30}
    assert "step\u00a030" in loss.plot.furniture.cursor_label
    told = [entry.value for entry in loss.header.entries()]
    assert told[0].startswith("1.0")
    assert told[1] == "", "the second run has not come so far"
    view._pointed(None)
    assert loss.plot.furniture.cursor is None
    assert all(entry.value for entry in loss.header.entries())


def test_runs_that_differ_only_in_their_seed_become_a_mean_with_a_band(shown, made) -> None:
    runs = [made("a", seed=0), made("b", seed=1), made("c", seed=0, batch_size=64)]
    for run, level in zip(runs, (1.0, 3.0, 9.0), strict=True):
        lines = [
            f'{{"step":{step},"images":1,"seconds":1,"loss/generator":{level}}}\n' for step in range(1, 9)
        ]
        (run.path / "metrics.jsonl").write_text("".join(lines))
    pane = shown.show(*runs)
    view = pane.curves
    assert view.together.isEnabled()
    view.together.click()
    shown.settle()
    chart = view.charts["loss/generator"]
    assert [s.label for s in chart.strands()] == ["a, 2 runs", "c"]
    assert [b.text() for b in pane.legend.buttons] == ["a, 2 runs", "c"]
    _, y = chart.plot.curve(str(runs[0].path))
    np.testing.assert_allclose(y, 2)
    (band,) = chart.plot.bands()
    np.testing.assert_allclose((band.low[0], band.high[0]), (1, 3))
    assert [e.value for e in chart.header.entries()] == ["2.00 (1.00 to 3.00)", "9.00"]
    view.spread._choose(1)
    shown.settle()
    assert chart.header.entries()[0].value == "2.00 ± 1.4"
    assert "± deviation" in view.spread.accessibleName()
    view.together.click()
    shown.settle()
    assert len(chart.strands()) == 3
    assert not chart.plot.bands()


def test_the_switch_says_why_there_is_nothing_to_join(shown, made) -> None:
    view = shown.show(made("a", seed=0), made("b", seed=1, batch_size=64)).curves
    assert not view.together.isEnabled()
    assert "No two of the chosen runs" in view.together.toolTip()


def test_a_mean_that_has_no_common_place_says_so(shown, made) -> None:
    runs = [made("a", seed=0), made("b", seed=1)]
    for run, steps in zip(runs, ((1, 2), (5, 6)), strict=True):
        lines = [f'{{"step":{step},"images":1,"seconds":1,"loss/generator":1}}\n' for step in steps]
        (run.path / "metrics.jsonl").write_text("".join(lines))
    view = shown.show(*runs).curves
    view.together.click()
    shown.settle()
    chart = view.charts["loss/generator"]
    assert "no place in common" in chart.plot.furniture.message
    assert chart.header.entries()[0].value == "no place in common"


def test_measured_numbers_have_a_chart_for_each_protocol(shown, made) -> None:
    runs = [made("a", seed=0), made("b", seed=1)]
    for level, run in enumerate(runs):
        for step in (20, 40):
            RunFolder(run.path).append_evaluation(measurement("fd-domain", 10.0 * level + step, step))
        RunFolder(run.path).append_evaluation(measurement("fd-domain", 99.0, 40, samples=64))
    view = shown.show(*runs).curves
    assert len(view.measured) == 2
    few = next(p for p in view.measured.values() if p.measured[0].points[0].protocol.samples == 500)
    assert [[m.value for m in c.points] for c in few.measured] == [[20, 40], [30, 50]]
    assert [e.value for e in few.header.entries()] == ["40.00", "50.00"]
    view.together.click()
    shown.settle()
    assert [[m.value for m in c.points] for c in few.measured] == [[25, 45]]
    view._pointed(25.0)
    told = few.header.entries()[0].value
    assert told == "25.00 (20.0 to 30.0)", "the last point before the cursor, and the spread of the runs"


def test_a_logarithm_of_nothing_positive_says_so(shown, made) -> None:
    run = made("one")
    (run.path / "metrics.jsonl").write_text('{"step":1,"images":1,"seconds":1,"loss/generator":-1}\n')
    view = shown.show(run).curves
    view.controls._accept(ChartOptions(0.9, "step", "log"))
    shown.settle()
    assert "above zero" in view.charts["loss/generator"].plot.furniture.message


def test_one_chart_can_be_enlarged_and_folded(shown, made) -> None:
    view = shown.show(made("one"), made("two"), made("three")).curves
    chart, other = view.charts["loss/generator"], view.charts["loss/discriminator"]
    assert [e.label for e in chart.header.entries()] == ["", "", ""], "small: the names stand above"
    chart.maximise_button.click()
    shown.settle()
    assert chart.isVisible()
    assert not other.isVisible()
    assert chart.plot.height() > 300
    assert [e.label for e in chart.header.entries()] == ["one", "two", "three"]
    chart.maximise_button.click()
    shown.settle()
    assert other.isVisible()
    chart.header.fold_requested.emit()
    shown.settle()
    assert chart.is_folded()
    assert chart.header.entries()[0].value


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "saved"
    monkeypatch.setattr(SaveDialog, "ask", lambda *_: path)
    return path


def test_files_have_names_and_all_numbers(shown, made, saved: Path) -> None:
    theme().set_mode("dark")
    chart = shown.show(made("one"), made("two", steps=20), made("three", steps=20)).curves.charts[
        "loss/generator"
    ]
    chart.save_csv()
    rows = list(csv.DictReader(io.StringIO(saved.read_text())))
    assert len(rows) == 40 + 20 + 20
    assert [row["run"] for row in rows[:1]] == ["one"]
    assert float(rows[1]["loss/generator"]) == 1.5
    chart.save_svg()
    drawing = saved.read_text()
    assert ET.fromstring(drawing).tag.endswith("svg")
    assert "three" in drawing
    assert DARK["run-3"] in drawing
    chart.save_png()
    assert QImage(str(saved)).width() >= 800
    assert [e.label for e in chart.header.entries()] == ["", "", ""]


def test_in_a_narrow_room_charts_stand_below_each_other(shown, made) -> None:
    view = shown.show(made("one")).curves
    first, second = (view.charts[name] for name in ("loss/generator", "loss/discriminator"))
    assert first.y() == second.y()
    shown.pane.resize(420, 500)
    shown.settle()
    assert first.y() < second.y()
    assert (
        view.charts["loss/generator"].plot.viewport().width()
        == view.charts["loss/generator"].plot._picture.width()
    )
