"""Theory and changed settings in the charts of several runs: what is true of all, and nothing that hides a curve."""

from __future__ import annotations

import math

import pytest
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from support.reported import measurement

from ganstudio.core.runs import RunFolder
from ganstudio.window.compare.views.changes import MOST_TOLD, ChangedAt, shared, told
from ganstudio.window.theme import theme
from ganstudio.window.widgets.charts.spec import ChartOptions

RATE = "optimizer.generator.lr"


def lines(view, name: str) -> list[tuple[float, str]]:
    return [(line.position, line.label) for line in view.charts[name].plot.furniture.lines]


def change(run, step: int, old: float = 2e-4, new: float = 1e-4) -> None:
    RunFolder(run.path).append_event("changed", step, key=RATE, old=old, new=new)


def test_theory_is_drawn_where_it_says_the_same_of_all_runs(shown, made) -> None:
    runs = made("one"), made("two", seed=1)
    for run in runs:
        RunFolder(run.path).append_metrics(41, 41, 1.0, {"score/real": 0.6, "score/fake": 0.4})
    view = shown.show(*runs).curves
    assert lines(view, "loss/generator") == [(pytest.approx(math.log(2)), "ln 2 equilibrium")]
    assert lines(view, "score/real") == lines(view, "score/fake") == [(0.5, "½ equilibrium")]
    assert lines(view, "rate/images_per_second") == []
    low, high = view.charts["loss/generator"].plot.furniture.range[2:]
    assert low <= math.log(2) <= high, "the line is in sight"


def test_theory_is_left_out_where_runs_play_for_different_objectives(shown, made) -> None:
    one, other = made("one"), made("other", preset="digits-lsgan")
    view = shown.show(one, other).curves
    assert lines(view, "loss/generator") == []
    shown.pane.legend.buttons[1].click()
    shown.settle()
    assert lines(view, "loss/generator") == [(pytest.approx(math.log(2)), "ln 2 equilibrium")]


def test_theory_is_left_out_where_the_settings_of_one_are_damaged(shown, made) -> None:
    one, two = made("one"), made("two")
    (two.path / "run.toml").write_text("[[[")
    view = shown.show(one, two).curves
    assert lines(view, "loss/generator") == []


def test_theory_on_a_logarithmic_axis_is_where_its_value_is(shown, made) -> None:
    view = shown.show(made("one")).curves
    view._options_chosen(ChartOptions(y="log"))
    shown.settle()
    assert lines(view, "loss/generator") == [(pytest.approx(math.log10(math.log(2))), "ln 2 equilibrium")]


def test_only_runs_with_the_series_count(made) -> None:
    one, two = made("one").path, made("two").path
    assert shared("x", [one], {one: {"x": 1.0}, two: {}}) == 1.0
    assert shared("x", [one, two], {one: {"x": 1.0}, two: {}}) is None
    assert shared("x", [one, two], {one: {"x": 1.0}, two: {"x": 2.0}}) is None
    assert shared("x", [], {}) is None


def test_a_change_is_a_notch_of_its_runs_colour_in_every_chart(shown, made) -> None:
    one, two = made("one"), made("two")
    change(two, 20)
    change(two, 30, 1e-4, 5e-5)
    view = shown.show(one, two).curves
    for name in ("loss/generator", "loss/discriminator"):
        plot = view.charts[name].plot
        assert [(n.x, n.run, n.color) for n in plot.notches()] == [
            (20, two.path, "run-2"),
            (30, two.path, "run-2"),
        ]
        assert plot.lit() == [], "no line hides a curve"
    words = view.charts["loss/generator"].plot.notches()[0].words
    assert words == "two, step\u00a020: Generator rate 2e-4 → 1e-4"
    view._options_chosen(ChartOptions(x="images"))
    shown.settle()
    assert [n.x for n in view.charts["loss/generator"].plot.notches()] == [20 * 32, 30 * 32]
    shown.pane.legend.buttons[1].click()
    shown.settle()
    assert view.charts["loss/generator"].plot.notches() == ()


def test_the_pointer_at_a_notch_tells_what_was_changed(shown, made, qtbot) -> None:
    one, two = made("one"), made("two")
    change(one, 20)
    change(two, 20)
    view = shown.show(one, two).curves
    plot = view.charts["loss/generator"].plot
    at = QPoint(round(float(plot.x_of(20.0))) + 3, round(plot.inner().center().y()))
    QTest.mouseMove(plot.viewport(), at)
    qtbot.waitUntil(lambda: bool(plot.toolTip()), timeout=20_000)
    assert [line.partition(",")[0] for line in plot.toolTip().splitlines()] == ["one", "two"]
    assert [n.run for n in plot.lit()] == [one.path, two.path]
    QTest.mouseMove(plot.viewport(), QPoint(at.x() + 60, at.y()))
    qtbot.waitUntil(lambda: not plot.toolTip() and not plot.lit(), timeout=20_000)


def test_the_name_above_tells_and_lights_the_changes_of_its_runs(shown, made, qtbot) -> None:
    one, two = made("one"), made("two")
    change(two, 20)
    view = shown.show(one, two).curves
    first, second = shown.pane.legend.buttons
    assert "Changed" not in first.toolTip()
    assert "Changed while it trained:\nstep\u00a020: Generator rate 2e-4 → 1e-4" in second.toolTip()
    plots = [chart.plot for chart in view.charts.values() if chart.has_data()]
    QApplication.sendEvent(second, QEvent(QEvent.Type.Enter))
    assert all([n.run for n in plot.lit()] == [two.path] for plot in plots)
    QApplication.sendEvent(second, QEvent(QEvent.Type.Leave))
    assert not any(plot.lit() for plot in plots)
    second.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lambda: all(plot.lit() for plot in plots), timeout=20_000)
    first.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lambda: not any(plot.lit() for plot in plots), timeout=20_000)


def test_nothing_stays_lit_when_other_runs_are_chosen(shown, made) -> None:
    one, two = made("one"), made("two")
    change(one, 20)
    view = shown.show(one).curves
    QApplication.sendEvent(shown.pane.legend.buttons[0], QEvent(QEvent.Type.Enter))
    plot = view.charts["loss/generator"].plot
    assert plot.lit()
    shown.show(one, two)
    assert plot.notches() and not plot.lit()


def test_a_lit_change_is_a_dotted_line_and_not_in_the_exported_picture(shown, made) -> None:
    run = made("one")
    change(run, 20)
    view = shown.show(run).curves
    chart = view.charts["loss/generator"]
    x = round(float(chart.plot.x_of(20.0)))
    before = chart._png()

    color = theme().tokens["run-1"]

    def dots() -> int:
        shot, box = chart.plot.viewport().grab().toImage(), chart.plot.inner()
        column = range(round(box.top()) + 8, round(box.bottom()))
        return sum(shot.pixelColor(x, y).name() == color for y in column)

    plain = dots()
    chart.light({run.path})
    assert dots() > plain + 15
    assert chart._png() == before
    chart.light(())
    assert dots() == plain


def test_words_in_the_chart_keep_clear_of_notches(shown, made) -> None:
    run = made("one")
    change(run, 20)
    plot = shown.show(run).curves.charts["loss/generator"].plot
    x, top = float(plot.x_of(20.0)), plot.inner().top()
    assert plot.crossed(QRectF(x - 30, top - 4, 60, 9))
    assert not plot.crossed(QRectF(x + 8, top - 4, 30, 5))


def test_a_change_made_while_one_looks_appears(shown, made) -> None:
    run = made("one")
    view = shown.show(run).curves
    assert view.charts["loss/generator"].plot.notches() == ()
    change(run, 20)
    shown.pane._follow()
    shown.settle()
    assert [n.x for n in view.charts["loss/generator"].plot.notches()] == [20]


def test_measured_points_have_the_notches_of_their_runs_too(shown, made, qtbot) -> None:
    one, two, bare = made("one"), made("two"), made("bare")
    for run in (one, two):
        RunFolder(run.path).append_evaluation(measurement("fd-domain", 40.0, 40))
    change(two, 20)
    change(bare, 30)
    view = shown.show(one, two, bare).curves
    (panel,) = view.measured.values()
    assert [(n.x, n.run, n.color) for n in panel.plot.notches()] == [(20, two.path, "run-2")]
    at = QPoint(round(float(panel.plot.x_of(20.0))), round(panel.plot.inner().center().y()))
    QTest.mouseMove(panel.plot.viewport(), at)
    qtbot.waitUntil(lambda: "Generator rate" in panel.plot.toolTip(), timeout=20_000)
    assert panel.plot.toolTip().startswith("two, step"), "no point is near"
    view.light([two.path])
    assert [n.run for n in panel.plot.lit()] == [two.path]
    view.controls._accept(ChartOptions(x="images"))
    shown.settle()
    assert [n.x for n in panel.plot.notches()] == [20 * 32]


def test_many_changes_are_told_in_part() -> None:
    lines_ = told([ChangedAt(step, "x") for step in range(MOST_TOLD + 3)]).splitlines()
    assert len(lines_) == MOST_TOLD + 2 and lines_[-1] == "and 3 more"
    assert told(()) == ""
