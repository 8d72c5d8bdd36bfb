"""Mean and spread on the screen, from runs made by hand so that every number is known."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from ganstudio.catalog.resolve import resolve
from ganstudio.core.config import dump_toml
from ganstudio.core.notes import change_notes
from ganstudio.core.run_list import RunEntry, read_entry
from ganstudio.core.runs import RunFolder
from ganstudio.core.sweeps import Column, Sample
from ganstudio.window.background import Background
from ganstudio.window.compare.sweeps.drawing import INTERVAL, RANGE, drawing_of, fits_log
from ganstudio.window.compare.sweeps.view import SweepView
from ganstudio.window.widgets.saving import SaveDialog

LOSS = Column("loss/generator", "loss/generator", "")


def make(path: Path, loss: float, state: str = "done", sweep: str = "s", **settings: object) -> RunEntry:
    table = {"variant": "gan", "data": {"source": "ring"}, "steps": 10, "optimizer": {"generator": {}}}
    rate = settings.pop("rate", 1e-4)
    table["optimizer"]["generator"]["lr"] = rate
    folder = RunFolder(path)
    folder.create(dump_toml(resolve(table | settings)))
    folder.append_metrics(10, 640, 2.0, {"loss/generator": loss})
    folder.append_event("started", 0, device="CPU")
    folder.append_event("finished", 10, reason=state)
    if sweep:
        change_notes(path, sweep=sweep)
    return read_entry(path)


@pytest.fixture
def entries(tmp_path: Path) -> list[RunEntry]:
    """Three rates by two seeds: losses 1 and 3, 2 and 4, 10 and 20."""
    numbers = {1e-4: (1.0, 3.0), 1e-3: (2.0, 4.0), 1e-2: (10.0, 20.0)}
    return [
        make(tmp_path / f"{rate}-{seed}", loss, rate=rate, seed=seed)
        for rate, losses in numbers.items()
        for seed, loss in enumerate(losses)
    ]


@pytest.fixture
def view(qtbot):
    background = Background()
    made = SweepView(background)
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    qtbot.waitExposed(made)
    yield made
    background.close()


def cells(view: SweepView, row: int, count: int = 3) -> list[object]:
    return [view.rows.data(view.rows.index(row, column)) for column in range(count)]


def show(view: SweepView, entries: list[RunEntry], qtbot) -> None:
    view.show_runs(entries)
    qtbot.waitUntil(lambda: [s.what for s in view._samples] == list(entries), timeout=20_000)
    rest(view, qtbot)


def rest(view: SweepView, qtbot) -> None:
    """Until what is chosen has been worked out."""
    qtbot.waitUntil(lambda: list(view.rows.table.samples) == view._shown, timeout=20_000)


def test_the_table_has_mean_and_spread_of_each_value(view: SweepView, entries, qtbot):
    show(view, entries, qtbot)
    assert view.rows.table.axes == ("optimizer.generator.lr",)
    assert [view.rows.headerData(i, Qt.Orientation.Horizontal) for i in range(3)] == [
        "generator.lr", "Runs", "loss/generator",
    ]  # fmt: skip
    assert cells(view, 0) == ["1e-4", "2", "2.0 ± 1.4"]
    assert cells(view, 2) == ["0.01", "2", "15.0 ± 7.1"]
    tip = view.rows.data(view.rows.index(0, 2), Qt.ItemDataRole.ToolTipRole)
    assert "95 % interval of the mean ± 12.7" in tip


def test_the_chart_chooses_a_logarithmic_axis_and_the_person_may_not(view: SweepView, entries, qtbot):
    show(view, entries, qtbot)
    assert view.log.isChecked()
    (line,) = view.chart.drawing.lines
    assert [bar.x for bar in line.bars] == pytest.approx([-4, -3, -2])
    assert [bar.spread.mean for bar in line.bars] == [2, 3, 15]
    assert line.bars[0].points == (1.0, 3.0)
    view.log.click()
    assert [bar.x for bar in view.chart.drawing.lines[0].bars] == pytest.approx([1e-4, 1e-3, 1e-2])


def test_bars_are_what_is_chosen(view: SweepView, entries, qtbot):
    show(view, entries, qtbot)
    bar = view.chart.drawing.lines[0].bars[0]
    assert bar.ends(RANGE) == (1.0, 3.0)
    assert bar.ends(INTERVAL) == (pytest.approx(2 - 12.706, abs=1e-3), pytest.approx(2 + 12.706, abs=1e-3))
    view.bars.set_value(RANGE)
    view.draw()
    assert view.chart.bars == RANGE


def test_unfinished_runs_are_left_out_and_that_is_said(view: SweepView, entries, tmp_path, qtbot):
    stopped = make(tmp_path / "stopped", 99.0, state="stopped", rate=1e-4, seed=9)
    show(view, [*entries, stopped], qtbot)
    assert cells(view, 0)[1] == "2"
    assert "1 unfinished run is left out." in view.note.text()
    view.all.click()
    rest(view, qtbot)
    assert cells(view, 0)[1] == "3"
    assert "left out" not in view.note.text()


def test_sweeps_are_told_apart(view: SweepView, entries, tmp_path, qtbot):
    show(view, entries, qtbot)
    assert not view.sweep.isVisible()
    other = make(tmp_path / "other", 5.0, sweep="t", rate=5e-4)
    show(view, [*entries, other], qtbot)
    assert [view.sweep.itemText(i) for i in range(view.sweep.count())] == ["All these runs", "s", "t"]
    view.sweep.setCurrentIndex(2)
    view._show_sweep()
    rest(view, qtbot)
    assert view.rows.rowCount() == 1


def test_two_settings_make_lines(view: SweepView, entries, tmp_path, qtbot):
    more = [make(tmp_path / f"b{rate}", 5.0, rate=rate, batch_size=16) for rate in (1e-4, 1e-3)]
    show(view, [*entries, *more], qtbot)
    assert view.axis.isVisible()
    labels = [line.label for line in view.chart.drawing.lines]
    view.axis.setCurrentIndex(1 - view.axis.currentIndex())
    view._on_axis()
    assert {*labels, *(line.label for line in view.chart.drawing.lines)} >= {
        "batch_size=16",
        "generator.lr=1e-4",
    }


def test_the_number_that_most_values_have_comes_first(view: SweepView, entries, tmp_path, qtbot):
    other = [
        make(tmp_path / f"o{loss}", 5.0, rate=1e-4, objective={"loss": loss}) for loss in ("saturating",)
    ]
    show(view, [*entries, *other], qtbot)
    titles = [view.number.itemText(i) for i in range(view.number.count())]
    assert titles == ["loss/generator (non-saturating)", "loss/generator (saturating)", "Training time"]
    assert (
        view.number.currentText() == "Training time"
    )  # losses of two objectives say nothing beside each other
    assert len(view.chart.drawing.lines) == 2
    show(view, entries, qtbot)
    assert view.number.currentText() == "loss/generator"
    view.number.setCurrentIndex(view.number.findText("Training time"))
    view.number.activated.emit(view.number.currentIndex())
    show(view, entries[:4], qtbot)
    assert view.number.currentText() == "Training time"  # a person's choice holds


def test_empty_states_say_what_will_be_here(view: SweepView, entries, tmp_path, qtbot):
    assert view.empty.isVisible()
    stopped = make(tmp_path / "stopped", 99.0, state="stopped", rate=1e-4)
    show(view, [stopped], qtbot)
    assert view.empty.accessibleName().startswith("No run has finished yet")
    show(view, entries, qtbot)
    assert not view.empty.isVisible()
    view.show_runs([])
    qtbot.waitUntil(view.empty.isVisible, timeout=20_000)


def test_a_hidden_view_reads_nothing(view: SweepView, entries, qtbot):
    view.hide()
    before = view._background.newest("sweep")
    view.show_runs(entries)
    assert view._background.newest("sweep") == before
    view.show()
    qtbot.waitUntil(lambda: view.rows.rowCount() == 3, timeout=20_000)
    view.show_runs(list(entries))
    assert view._background.newest("sweep") == before + 1  # the same runs are not read again


def test_table_and_chart_can_be_taken_home(view: SweepView, entries, tmp_path, qtbot, monkeypatch):
    show(view, entries, qtbot)
    for name, save in (("out.csv", view.save_csv), ("out.png", view.save_png)):
        monkeypatch.setattr(SaveDialog, "ask", lambda *_, name=name: tmp_path / name)
        save()
    lines = (tmp_path / "out.csv").read_text().splitlines()
    assert lines[0].startswith("optimizer.generator.lr,number,protocol,n,missing,mean,standard deviation")
    assert lines[1].startswith(
        "1e-4,loss/generator,the last report of each run; non-saturating loss,2,0,2.0,1.41421356"
    )
    assert not QImage(str(tmp_path / "out.png")).isNull()


def test_the_arrow_keys_tell_every_mean(view: SweepView, entries, qtbot):
    show(view, entries, qtbot)
    qtbot.keyClick(view.chart, Qt.Key.Key_Right)
    assert view.note.text().startswith("generator.lr=1e-4: mean 2.000 over 2 runs")
    qtbot.keyClick(view.chart, Qt.Key.Key_Right)
    assert view.note.text().startswith("generator.lr=1e-3: mean 3.000")
    view.chart.point_at(-1)
    assert "Rings are single runs" in view.note.text()


def sampled(rows: list[tuple[dict[str, object], float]]) -> list[Sample]:
    return [Sample(settings, {LOSS: value}) for settings, value in rows]


@pytest.mark.parametrize("log", [None, True, False])
def test_words_and_switches_are_places_side_by_side(log: bool | None):
    samples = sampled([({"x": "a"}, 1.0), ({"x": "b"}, 2.0), ({"x": None}, 3.0)])
    drawing = drawing_of(samples, ["x"], "x", LOSS, log)
    assert [tick.label for tick in drawing.x_ticks] == ["–", "a", "b"]
    assert not drawing.log
    assert not drawing.numeric
    assert not fits_log(samples, "x")


def test_seeds_alone_are_one_place():
    drawing = drawing_of(sampled([({"seed": 0}, 1.0), ({"seed": 1}, 3.0)]), [], "", LOSS)
    (line,) = drawing.lines
    assert (line.bars[0].x, line.bars[0].spread.mean, drawing.x_title) == (0.0, 2.0, "all runs")
    low, high = drawing.y_range(RANGE)
    assert low <= 1.0 <= 3.0 <= high


def test_a_zero_has_no_place_on_a_logarithmic_axis():
    samples = sampled([({"x": 0}, 1.0), ({"x": 10}, 2.0)])
    assert not drawing_of(samples, ["x"], "x", LOSS, True).log


def test_many_values_have_ticks_as_on_any_axis():
    drawing = drawing_of(sampled([({"x": i}, float(i)) for i in range(1, 40)]), ["x"], "x", LOSS)
    assert 3 <= len(drawing.x_ticks) <= 12


def test_a_run_without_the_number_is_no_mean():
    samples = [Sample({"x": 1}, {}), *sampled([({"x": 2}, 5.0)])]
    (line,) = drawing_of(samples, ["x"], "x", LOSS).lines
    assert len(line.bars) == 1
