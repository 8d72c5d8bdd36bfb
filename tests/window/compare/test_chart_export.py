""" "Export chart" in the Compare workspace: curves, scatter, mean and spread, in every form, and why not."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from ganstudio.window.dialogs.chooser import ENTRY, Chooser
from ganstudio.window.widgets.charts.spec import ChartOptions
from ganstudio.window.widgets.saving import SaveDialog

EXPORT = "file.export-chart"


@pytest.fixture
def saved(tmp_path, monkeypatch):
    """Where everything is saved, and under which name it was offered."""
    offered: list[str] = []

    def ask(_parent, _title, name, suffix):
        offered.append(f"{name}{suffix}")
        return tmp_path / f"chart{suffix}"

    monkeypatch.setattr(SaveDialog, "ask", ask)
    return offered


def export(comparing, form: str) -> str:
    """Choose a form as a person does; returns the chart that the menu names."""
    comparing.do(EXPORT)
    (menu,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, Chooser) and w.isVisible()]
    rows = [menu.list.item(row).data(ENTRY) for row in range(menu.list.count())]
    assert [entry.title for entry in rows[1:]] == ["PNG", "SVG", "CSV"]
    menu.list.setCurrentRow(next(i for i, e in enumerate(rows[1:], 1) if e.title == form))
    comparing.qtbot.keyClick(menu.list, Qt.Key.Key_Return)
    return rows[0]


def drawn(comparing) -> None:
    pane = comparing.space.below.pane
    comparing.until(lambda: not pane.is_busy() and not comparing.why(EXPORT))


def test_curves_are_taken_home_in_every_form(comparing, saved, tmp_path):
    assert comparing.why(EXPORT).startswith("No chart is shown: select runs")
    comparing.select("alpha", "beta")
    drawn(comparing)
    curves = comparing.space.below.pane.curves
    loss = curves.charts["loss/generator"]
    loss.header.setFocus()
    assert export(comparing, "CSV") == "Generator loss"
    rows = list(csv.reader(io.StringIO((tmp_path / "chart.csv").read_text())))
    assert rows[0] == ["run", "step", "images", "seconds", "loss/generator"]
    assert {row[0] for row in rows[1:]} == {"My best", "beta"} and len(rows) == 61
    export(comparing, "PNG")
    assert QImage(str(tmp_path / "chart.png")).width() >= 800
    export(comparing, "SVG")
    words = " ".join(ET.parse(tmp_path / "chart.svg").getroot().itertext())
    assert "Generator loss" in words and "My best" in words and "beta" in words
    assert saved == ["loss-generator.csv", "loss-generator.png", "loss-generator.svg"]


def test_without_the_focus_the_first_chart_that_is_seen_is_meant(comparing, saved):
    comparing.select("alpha", "beta")
    drawn(comparing)
    comparing.space.table.setFocus()
    first = next(iter(comparing.space.below.pane.curves.measured.values()))
    assert export(comparing, "CSV") == first.spec.title
    bar = comparing.space.below.pane.curves._scroll.verticalScrollBar()
    bar.setValue(bar.maximum())
    comparing.until(lambda: not first.is_seen())
    assert export(comparing, "CSV") != first.spec.title


def test_a_chart_out_of_sight_is_exported_as_it_would_be_drawn_now(comparing):
    comparing.select("alpha", "beta")
    drawn(comparing)
    view = comparing.space.below.pane.curves
    last = view.shown()[-1]
    assert not last.is_seen()
    view._options_chosen(ChartOptions(smoothing=0.0, x="images"))
    comparing.until(lambda: not view.is_busy())
    last._png()
    assert last.plot.furniture.range[1] == 32 * 40


def test_scatter_and_mean_and_spread_are_taken_home_too(comparing, saved, tmp_path):
    comparing.select("alpha", "beta", "gamma")
    pane = comparing.space.below.pane
    pane.set_view("scatter")
    drawn(comparing)
    assert export(comparing, "CSV") == pane.scatter.chart.export_title()
    assert len((tmp_path / "chart.csv").read_text().splitlines()) == 4
    comparing.space.below.bring("sweep")
    comparing.until(lambda: comparing.space.below.sweep.has_chart() and not comparing.why(EXPORT))
    assert export(comparing, "SVG").endswith(": mean and spread")
    assert ET.parse(tmp_path / "chart.svg").getroot().tag.endswith("svg")
    assert saved == ["scatter.csv", "sweep.svg"]


@pytest.mark.parametrize("view", ["settings", "samples"])
def test_where_there_is_no_chart_the_reason_is_said(comparing, view):
    comparing.select("alpha")
    drawn(comparing)
    comparing.space.below.pane.set_view(view)
    comparing.until(lambda: comparing.why(EXPORT).startswith("No chart is shown"))
    comparing.space.below.pane.set_view("curves")
    drawn(comparing)
    comparing.space.below.bring("queue")
    comparing.until(lambda: comparing.why(EXPORT).startswith("No chart is shown"))


def test_in_the_train_workspace_its_own_charts_are_meant(fake, saved, tmp_path):
    assert not fake.window.registry.action(EXPORT).isEnabled()
    fake.start(steps=40)
    charts = fake.window.train.charts
    fake.until(lambda: charts.panel("losses").has_data() and fake.window.registry.action(EXPORT).isEnabled())
    fake.do(EXPORT)
    (menu,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, Chooser) and w.isVisible()]
    assert menu.list.item(0).data(ENTRY) == "Losses"
    menu.list.setCurrentRow(3)
    fake.qtbot.keyClick(menu.list, Qt.Key.Key_Return)
    assert saved == ["losses.csv"]
    assert (tmp_path / "chart.csv").read_text().startswith("step,images,seconds,loss/generator")
