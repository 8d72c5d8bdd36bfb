"""The small shared widgets: by mouse, by keyboard, for a screen reader."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from ganstudio.window.theme import DARK, LIGHT, theme
from ganstudio.window.widgets.basic import Card, ElidedLabel, EmptyState
from ganstudio.window.widgets.log_slider import LogSlider
from ganstudio.window.widgets.segmented import SegmentedControl
from ganstudio.window.widgets.toggle import ToggleSwitch

CHOICES = (("a", "First", "the first"), ("b", "Second", ""), ("c", "Third", ""))
LEFT = Qt.MouseButton.LeftButton


def test_a_segment_is_chosen_by_click_and_key(qtbot: QtBot) -> None:
    control = SegmentedControl(CHOICES, "Place")
    qtbot.addWidget(control)
    control.resize(control.sizeHint())
    seen: list[str] = []
    control.chosen.connect(seen.append)
    qtbot.mouseClick(control, LEFT, pos=control.segment_rect(2).center().toPoint())
    qtbot.keyClick(control, Qt.Key.Key_Left)
    qtbot.keyClick(control, Qt.Key.Key_Home)
    qtbot.keyClick(control, Qt.Key.Key_Left)
    assert seen == ["c", "b", "a"]
    assert control.accessibleName() == "Place: First"
    control.set_enabled("b", False, "not now")
    qtbot.keyClick(control, Qt.Key.Key_Right)
    assert (control.value(), seen[3:]) == ("a", [])
    control.set_value("c")
    assert seen[3:] == []
    with pytest.raises(ValueError, match="'d'"):
        control.set_value("d")


def test_a_switch_turns_by_click_and_space(qtbot: QtBot, colours) -> None:
    switch = ToggleSwitch("Label smoothing")
    qtbot.addWidget(switch)
    switch.resize(switch.sizeHint())
    seen: list[bool] = []
    switch.toggled.connect(seen.append)
    assert DARK["accent"] not in colours(switch)
    qtbot.mouseClick(switch, LEFT)
    assert DARK["accent"] in colours(switch)
    qtbot.keyClick(switch, Qt.Key.Key_Space)
    assert seen == [True, False]
    theme().set_mode("light")
    assert LIGHT["track"] in colours(switch)
    assert DARK["track"] not in colours(switch)


def rate(qtbot: QtBot) -> LogSlider:
    slider = LogSlider("Generator rate", 1e-6, 1e-2, 2e-4, help="How far a step goes", maximum=1.0)
    qtbot.addWidget(slider)
    slider.resize(260, 28)
    slider.show()
    return slider


def test_a_rate_can_be_typed(qtbot: QtBot) -> None:
    slider = rate(qtbot)
    seen: list[float] = []
    slider.value_committed.connect(seen.append)
    field = slider._field
    field.selectAll()
    qtbot.keyClicks(field, "0.05")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert seen == [0.05]
    assert (slider.value(), slider._slider.value()) == (0.05, slider._slider.maximum())
    assert field.text() == "0.05"


@pytest.mark.parametrize("text", ["fast", "-1", "7", "nan", ""])
def test_what_is_no_rate_is_marked_and_put_back(qtbot: QtBot, text: str) -> None:
    slider = rate(qtbot)
    seen: list[float] = []
    slider.value_committed.connect(seen.append)
    slider._field.selectAll()
    qtbot.keyClick(slider._field, Qt.Key.Key_Delete)
    qtbot.keyClicks(slider._field, text)
    assert slider._field.property("invalid") is True
    assert "1e-6 to 1" in slider._field.toolTip()
    qtbot.keyClick(slider._field, Qt.Key.Key_Return)
    assert (slider.value(), slider._field.text(), seen) == (2e-4, "2e-4", [])
    assert slider._field.property("invalid") is False


def test_a_rate_moves_by_factors_and_goes_back(qtbot: QtBot) -> None:
    slider = rate(qtbot)
    seen: list[float] = []
    slider.value_changed.connect(seen.append)
    assert not slider._dot.isVisible()
    qtbot.keyClick(slider._slider, Qt.Key.Key_PageUp)
    assert slider.value() == pytest.approx(2e-4 * 10**0.4, rel=0.05)
    assert slider._dot.isVisible()
    assert slider._dot.accessibleName() == "Put Generator rate back to 2e-4"
    qtbot.mouseClick(slider._dot, LEFT)
    assert slider.value() == 2e-4
    assert not slider._dot.isVisible()
    assert seen[-1] == 2e-4
    slider.set_value(1e-3)
    assert len(seen) == 2
    slider.close()


def test_a_slider_by_factors_cannot_begin_at_zero() -> None:
    with pytest.raises(ValueError, match="0 < low < high"):
        LogSlider("Rate", 0, 1, 0.5)


def test_long_texts_are_shortened_with_the_whole_in_the_tooltip(qtbot: QtBot) -> None:
    path = "/home/someone/pictures/of/many/faces/in/a/deep/folder"
    for middle in (True, False):
        label = ElidedLabel(path, middle=middle)
        qtbot.addWidget(label)
        label.resize(120, 20)
        label.show()
        shown = label.shown_text()
        assert "…" in shown
        assert shown.startswith("/home")
        assert shown.endswith("…") is not middle
        assert label.toolTip() == label.text() == path
        label.resize(900, 20)
        assert (label.shown_text(), label.toolTip()) == (path, "")
        label.close()


def test_an_empty_state_offers_its_action(qtbot: QtBot) -> None:
    state = EmptyState("No run", "Start one to see it here. " * 3, "Start")
    qtbot.addWidget(state)
    state.resize(240, 260)
    state.show()
    with qtbot.waitSignal(state.activated):
        qtbot.mouseClick(state.button, LEFT)
    assert state._text.height() >= state._text.heightForWidth(state._text.width())
    assert state.rect().contains(state._text.geometry())
    state.set_content("No run", "")
    assert not state.button.isVisible()
    state.close()


def test_a_card_is_named_by_its_title(qtbot: QtBot) -> None:
    card = Card("Samples", "seeds 0–63")
    qtbot.addWidget(card)
    assert card.accessibleName() == "Samples"
    switch = ToggleSwitch("On")
    card.add_control(switch)
    card.resize(300, 80)
    card.show()
    assert switch.mapTo(card, QPoint(0, 0)).x() > card.caption_label.x()
    card.close()
