"""The pane as a whole: what is shown, what is said, how it is reached."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QSlider, QWidget
from support.reported import measurement

from ganstudio.core.run_list import TRAINING
from ganstudio.core.runs import RunFolder
from ganstudio.window.compare.views.pane import VIEWS
from ganstudio.window.compare.views.strands import MOST
from ganstudio.window.theme import DARK, LIGHT, theme


def test_without_runs_it_says_where_to_choose_them(shown) -> None:
    pane = shown.pane
    assert pane._stack.currentWidget() is pane.empty
    assert "Select runs in the table" in pane.empty.accessibleName()
    assert not pane.legend.isVisible()


@pytest.mark.parametrize("view", [name for name, _, _ in VIEWS])
def test_every_view_shows_one_run_and_several_and_none_again(shown, made, view: str) -> None:
    runs = [made(f"run-{i}", seed=i) for i in range(3)]
    shown.show(runs[0], view=view)
    assert shown.pane._stack.currentWidget() is shown.pane.views[view]
    shown.show(*runs, view=view)
    shown.show(view=view)
    assert shown.pane._stack.currentWidget() is shown.pane.empty


@pytest.mark.parametrize("view", [name for name, _, _ in VIEWS])
def test_a_run_that_is_gone_or_damaged_is_told_and_hides_no_other(shown, made, save_grid, view: str) -> None:
    whole, gone, damaged = (made(name) for name in ("whole", "gone", "damaged"))
    save_grid(whole, 40)
    shutil.rmtree(gone.path)
    for name in ("run.toml", "metrics.jsonl", "samples/000040.png"):
        (damaged.path / name).write_bytes(b"nonsense \xff")
    said: list[str] = []
    shown.pane.told.connect(said.append)
    pane = shown.show(whole, gone, damaged, view=view)
    if view == "curves":
        assert [s.label for s in pane.curves.charts["loss/generator"].strands()] == ["whole"]
        assert pane.curves.problems.isVisible()
        assert pane.curves.problems.text() == " ".join(said)
        assert said == [
            "gone has no series: metrics.jsonl is missing.",
            "The metrics.jsonl of damaged holds no report that can be read.",
        ]
    elif view == "settings":
        assert "gone: run.toml is missing." in pane.settings.problems.text()
        assert "damaged: its config cannot be used" in pane.settings.problems.text()
    elif view == "samples":
        words = [column.words.text() for column in pane.samples.columns.values()]
        assert words[1] == "No samples are saved."
        assert words[2].startswith("Its config cannot be used")
        assert next(iter(pane.samples.columns.values())).grid.images() is not None


def test_more_than_can_be_drawn_is_said(shown, made) -> None:
    runs = [made(f"run-{i}", steps=2, pictures=()) for i in range(MOST + 1)]
    pane = shown.show(*runs)
    assert pane.note.text() == "The first 12 of 13 chosen runs are shown."
    assert len(pane.curves.charts["loss/generator"].strands()) == MOST
    shown.show(*runs, view="scatter")
    assert pane.note.text() == "", "the scatter shows all"
    assert len(pane.scatter.chart.plot.places) == MOST + 1


def test_a_name_hides_its_run_and_shows_it_again(shown, made, qtbot) -> None:
    pane = shown.show(made("one"), made("two"))
    chart, button = pane.curves.charts["loss/generator"], pane.legend.buttons[0]
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    shown.settle()
    assert [s.label for s in chart.strands()] == ["two"]
    assert chart.strands()[0].color == "run-2", "the other keeps its colour"
    pane.set_view("settings")
    shown.settle()
    assert [s.label for s in pane.settings.table.rows.strands] == ["two"]
    button.click()
    pane.set_view("curves")
    shown.settle()
    assert [s.label for s in chart.strands()] == ["one", "two"]


def test_a_double_click_on_a_name_opens_the_run(shown, made, qtbot) -> None:
    run = made("one")
    pane = shown.show(run)
    opened: list[Path] = []
    pane.open_wanted.connect(opened.append)
    qtbot.mouseDClick(pane.legend.buttons[0], Qt.MouseButton.LeftButton)
    assert opened == [run.path]


def test_a_run_that_is_being_trained_is_followed_while_it_is_seen(shown, made) -> None:
    run = replace(made("live"), state=TRAINING)
    pane = shown.show(run)
    chart = pane.curves.charts["loss/generator"]
    assert pane._following.isActive()
    before = chart.plot.furniture.range[1]
    RunFolder(run.path).append_metrics(80, 9, 9.0, {"loss/generator": 1.0, "later": 3.0})
    RunFolder(run.path).append_evaluation(measurement("fd-domain", 3.0, 80))
    pane._follow()
    shown.settle()
    assert chart.plot.furniture.range[1] == 80 > before
    assert pane.curves.charts["later"].has_data()
    assert len(pane.curves.measured) == 1
    pane.set_view("settings")
    assert not pane._following.isActive()
    pane.set_view("curves")
    pane.hide()
    assert not pane._following.isActive()
    pane.show()
    assert pane._following.isActive()
    shown.settle()
    pane.show_runs([replace(run, state="Finished")])
    assert not pane._following.isActive()


def test_what_is_known_is_not_read_again(shown, made, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [made("one"), made("two")]
    pane = shown.show(*runs)
    store = pane.library.book(runs[0].path).store
    shown.show(runs[1])
    shown.show(*runs)
    assert pane.library.book(runs[0].path).store is store


def test_choosing_other_runs_gives_up_reading_the_first(shown, made) -> None:
    first, second = made("one"), made("two")
    shown.pane.show_runs([first])
    shown.pane.show_runs([second])
    shown.settle()
    assert [s.label for s in shown.pane.curves.charts["loss/generator"].strands()] == ["two"]


@pytest.mark.parametrize("view", [name for name, _, _ in VIEWS])
def test_every_control_has_a_name_and_a_tooltip(shown, made, view: str) -> None:
    pane = shown.show(made("one", seed=1), made("two", seed=2), view=view)
    kinds = (QAbstractButton, QLineEdit, QComboBox, QSlider)
    found = [w for w in pane.findChildren(QWidget) if isinstance(w, kinds) and w.isVisibleTo(pane)]
    found = [w for w in found if not w.objectName().startswith("qt_") and "Corner" not in type(w).__name__]
    assert len(found) >= 2
    nameless = [w for w in found if not (w.accessibleName() or getattr(w, "text", str)())]
    assert not nameless
    assert not [w for w in found if not _tip(w)]


def _tip(widget: QWidget | None) -> str:
    while widget is not None and not widget.toolTip():
        widget = widget.parentWidget()
    return widget.toolTip() if widget is not None else ""


@pytest.mark.parametrize("view", [name for name, _, _ in VIEWS])
def test_a_new_theme_is_taken_up_everywhere(shown, made, view: str) -> None:
    theme().set_mode("dark")
    pane = shown.show(made("one"), made("two", seed=2), view=view)
    theme().set_mode("light")
    shown.settle()
    seen = colours(pane.grab().toImage())
    few = seen.total() / 1000  # the soft edges of letters pass through many greys
    assert not [token for token in ("run-1", "run-2", "accent") if seen[DARK[token]]]
    assert not [token for token in ("card", "window", "panel") if seen[DARK[token]] > few]
    assert seen[LIGHT["accent"]]


def colours(image: QImage) -> Counter[str]:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    data = bytes(image.constBits())
    found = Counter(data[i : i + 3] for i in range(0, len(data), 4))
    return Counter({f"#{c[2]:02x}{c[1]:02x}{c[0]:02x}": n for c, n in found.items()})


def test_the_views_are_reached_by_keys(shown, made, qtbot) -> None:
    pane = shown.show(made("one"))
    for view in ("settings", "samples", "scatter"):
        qtbot.keyClick(pane.switch, Qt.Key.Key_Right)
        assert pane.view() == view
        assert pane._stack.currentWidget() is pane.views[view]
    shown.settle()
