"""The dials for codes and labels: what they say, how a drag is thinned out, keys, putting back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ganstudio.window.theme import DARK, LIGHT, theme
from ganstudio.window.widgets.codes_panel import AS_DRAWN, CodesPanel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot: QtBot) -> CodesPanel:
    made = CodesPanel()
    qtbot.addWidget(made)
    made.set_codes(1, 10, 2, ("cat", "dog"))
    made.resize(500, 120)
    made.show()
    yield made
    made.close()


def test_nothing_to_set_shows_nothing(panel: CodesPanel) -> None:
    panel.set_codes(0, 10, 0)
    assert panel.isHidden() and panel.wish() == ((), None)
    panel.set_codes(0, 10, 0, ("a",))
    assert not panel.isHidden() and panel.label is not None


def test_every_code_has_its_control_and_all_are_as_drawn(panel: CodesPanel) -> None:
    assert (len(panel.choices), len(panel.dials)) == (1, 2)
    assert [panel.choices[0].itemText(i) for i in (0, 1, 10)] == [AS_DRAWN, "1", "10"]
    assert panel.label is not None and panel.label.count() == 3
    assert panel.wish() == ((), None) and not panel.is_set and not panel.reset.isEnabled()


def test_a_choice_and_a_dial_are_told_once_each(qtbot: QtBot, panel: CodesPanel) -> None:
    with qtbot.waitSignal(panel.looked):
        panel.choices[0].setCurrentIndex(4)
        panel.choices[0].activated.emit(4)
    assert panel.wish() == ((3, None, None), None)
    with qtbot.waitSignal(panel.looked):
        qtbot.keyClick(panel.dials[1].slider, Qt.Key.Key_Left)
    assert panel.wish() == ((3, None, -0.05), None)
    assert panel.dials[1].figure.text() == "−0.05" and panel.dials[0].figure.text() == AS_DRAWN


def test_a_label_alone_leaves_the_codes_as_they_are(qtbot: QtBot, panel: CodesPanel) -> None:
    assert panel.label is not None
    with qtbot.waitSignal(panel.looked):
        panel.label.setCurrentIndex(2)
        panel.label.activated.emit(2)
    assert panel.wish() == ((), 1) and panel.is_set


def test_a_drag_is_told_now_and_then_and_at_its_end(qtbot: QtBot, panel: CodesPanel) -> None:
    told: list[object] = []
    panel.looked.connect(lambda: told.append(panel.wish()))
    for value in range(1, 101):
        panel.dials[0].slider.setValue(value)
    qtbot.waitUntil(lambda: bool(told))
    assert len(told) == 1 and told[0] == ((None, 1.0, None), None)


def test_zero_can_be_chosen_and_differs_from_as_drawn(qtbot: QtBot, panel: CodesPanel) -> None:
    dial = panel.dials[0]
    dial.slider.setValue(5)
    dial.slider.setValue(0)
    assert dial.value() == 0.0 and panel.is_set
    qtbot.mouseClick(dial.mark, LEFT)
    assert dial.value() is None and not panel.is_set


def test_reset_puts_everything_back_and_tells_at_once(qtbot: QtBot, panel: CodesPanel) -> None:
    panel.dials[0].slider.setValue(50)
    panel.choices[0].setCurrentIndex(2)
    assert panel.reset.isEnabled()
    with qtbot.waitSignal(panel.looked):
        qtbot.mouseClick(panel.reset, LEFT)
    assert panel.wish() == ((), None) and not panel.reset.isEnabled()


def test_locked_says_why(panel: CodesPanel) -> None:
    panel.set_locked("no run")
    assert not panel.dials[0].slider.isEnabled() and panel.toolTip() == "no run"
    panel.set_locked("")
    assert panel.dials[0].slider.isEnabled()


def test_the_same_run_keeps_its_controls_and_another_gets_new_ones(panel: CodesPanel) -> None:
    kept = panel.dials
    kept[0].slider.setValue(30)
    panel.set_codes(1, 10, 2, ("cat", "dog"))
    assert panel.dials is kept and not panel.is_set, "another run begins as drawn"
    panel.set_codes(0, 10, 3)
    assert len(panel.dials) == 3 and panel.label is None


def test_many_codes_scroll_in_a_small_room(panel: CodesPanel) -> None:
    before = panel.sizeHint().height()
    panel.set_codes(0, 10, 64)
    assert panel.sizeHint().height() <= before + 80


def test_it_follows_the_theme(colours, left_over, panel: CodesPanel) -> None:
    panel.dials[0].slider.setValue(50)
    colours(panel)
    theme().set_mode("light")
    assert left_over(panel, DARK, LIGHT) == []
