"""The scatter on the screen: choosing columns, pointing, opening, files."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from support.reported import measurement

from ganstudio.core.run_list import RunEntry
from ganstudio.window.compare.views.scatter_view import ScatterView
from ganstudio.window.widgets.saving import SaveDialog


def entries(count: int = 4) -> list[RunEntry]:
    """Runs whose rate doubles, whose time falls and whose distance has its least in the middle."""
    found = []
    for i in range(count):
        settings = {
            "variant": "dcgan",
            "data.source": "digits",
            "seed": i,
            "optimizer.generator.lr": 1e-4 * 2**i,
        }
        numbers = (measurement("fd-domain", 10.0 + (i - 1) ** 2, 40),)
        run = RunEntry(
            Path(f"/runs/{i}"), f"run-{i}", variant="dcgan", source="digits", state="Finished", step=40, images=100 + i,
            seconds=100.0 - 10 * i, settings=settings, measurements=numbers,
        )  # fmt: skip
        found.append(run)
    return found


def choose(view: ScatterView, **titles: str) -> None:
    for name, title in titles.items():
        box = getattr(view, name)
        box.setCurrentIndex(box.findText(title))
        assert box.currentText() == title
    view._show()


@pytest.fixture
def view(shown) -> ScatterView:
    return shown.show(*entries(), view="scatter").scatter


def test_it_begins_with_a_measurement_against_what_differs(view: ScatterView) -> None:
    assert view.up.currentText() == "Frechet distance, own features"
    assert view.across.currentText() == "Generator rate"
    assert view.color.currentText() == "Run"
    places = view.chart.plot.places
    np.testing.assert_allclose(places[:, 0], [1e-4, 2e-4, 4e-4, 8e-4])
    np.testing.assert_allclose(places[:, 1], [11, 10, 11, 14])
    assert view.chart.plot.dots()[0].low[0] == 10, "the interval is drawn"
    assert view.chart.header.accessibleName() == "Frechet distance, own features against generator rate"


def test_an_axis_can_be_logarithmic_where_there_are_numbers_above_zero(shown, view: ScatterView) -> None:
    view.logs[0].click()
    shown.settle()
    np.testing.assert_allclose(np.diff(view.chart.plot.places[:, 0]), math.log10(2))
    choose(view, across="Run")
    shown.settle()
    assert not view.logs[0].isEnabled()
    assert "above zero" in view.logs[0].toolTip()
    assert [tick.label for tick in view.chart.plot.furniture.x_ticks] == ["run-0", "run-1", "run-2", "run-3"]
    np.testing.assert_allclose(view.chart.plot.places[:, 0], range(4))


def test_pointing_tells_the_run_and_a_click_chooses_it(shown, view: ScatterView, qtbot) -> None:
    plot = view.chart.plot
    qtbot.mouseMove(plot.viewport(), plot.pixel(2).toPoint())
    assert "run-2" in plot.toolTip()
    assert "Generator rate: 4e-4" in plot.toolTip()
    qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=plot.pixel(2).toPoint())
    assert plot.current == 2
    assert view.told.text().startswith("run-2 · ")
    opened: list[Path] = []
    shown.pane.open_wanted.connect(opened.append)
    view.open.click()
    qtbot.mouseDClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=plot.pixel(0).toPoint())
    assert opened == [Path("/runs/2"), Path("/runs/0")]


def test_keys_go_along_the_axis_and_open(shown, view: ScatterView, qtbot) -> None:
    plot = view.chart.plot
    choose(view, across="Time trained in s")
    shown.settle()
    seen = []
    for _ in range(5):
        qtbot.keyClick(plot, Qt.Key.Key_Right)
        seen.append(plot.current)
    assert seen == [3, 2, 1, 0, 0], "by rising time"
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    opened: list[Path] = []
    shown.pane.open_wanted.connect(opened.append)
    qtbot.keyClick(plot, Qt.Key.Key_Return)
    assert opened == [Path("/runs/1")]
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    assert plot.current == -1
    assert not view.open.isEnabled()


def test_the_best_of_both_need_a_better_side(shown, view: ScatterView) -> None:
    assert not view.best.isEnabled()
    assert "better side" in view.best.toolTip()
    choose(view, across="Time trained in s")
    view.best.click()
    shown.settle()
    assert view.chart.front() == [3, 2, 1], "the slowest run is no better than another"
    x, y = view.chart.plot.curve("front")
    assert x.tolist() == [70, 80, 90]
    assert y.tolist() == [14, 11, 10]
    view.best.click()
    shown.settle()
    with pytest.raises(KeyError):
        view.chart.plot.curve("front")


def test_runs_without_a_value_are_counted_not_drawn(shown, qtbot) -> None:
    runs = entries()
    runs[1] = replace(runs[1], measurements=())
    view = shown.show(*runs, view="scatter").scatter
    assert view.told.text() == "1 run lacks one of the two values and cannot be drawn."
    assert len(view.chart.plot.dots()) == 3
    assert np.isnan(view.chart.plot.places[1]).all()
    shown.show(RunEntry(Path("/x"), "x"), view="scatter")
    assert "has both values" in view.chart.plot.furniture.message


def test_colours_tell_the_third_column_apart(shown, view: ScatterView) -> None:
    choose(view, color="Seed")
    shown.settle()
    assert [e.label for e in view.chart.header.entries()] == ["0", "1", "2", "3"]
    assert [d.token for d in view.chart.plot.dots()] == ["run-1", "run-2", "run-3", "run-4"]


def test_it_is_drawn_anew_when_the_legend_takes_its_room(shown, view: ScatterView) -> None:
    plot = view.chart.plot
    shown.pane.resize(420, 400)
    shown.settle()
    assert plot._picture.deviceIndependentSize().toSize() == plot.viewport().size()


def test_whole_numbers_have_whole_ticks(shown, view: ScatterView) -> None:
    choose(view, across="Seed")
    shown.settle()
    assert [tick.label for tick in view.chart.plot.furniture.x_ticks] == ["0", "1", "2", "3"]


def test_the_choice_stays_with_other_runs(shown, view: ScatterView) -> None:
    choose(view, across="Images seen", up="Time trained in s")
    shown.show(*entries(2), view="scatter")
    assert (view.across.currentText(), view.up.currentText()) == ("Images seen", "Time trained in s")


def test_files_have_the_numbers_and_the_dots(
    view: ScatterView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "saved"
    monkeypatch.setattr(SaveDialog, "ask", lambda *_: path)
    view.chart.save_csv()
    rows = list(csv.DictReader(io.StringIO(path.read_text())))
    assert [row["run"] for row in rows] == ["run-0", "run-1", "run-2", "run-3"]
    assert rows[3]["Generator rate"] == "0.0008"
    view.chart.save_svg()
    assert "against generator rate" in path.read_text()
    menu = view.chart.build_menu()
    assert menu.actions()[0].text() == "Save as PNG …"
    menu.deleteLater()
