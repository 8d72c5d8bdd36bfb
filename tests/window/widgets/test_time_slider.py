"""The time slider: keys, mouse, live end, playing."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from ganstudio.window.widgets.time_slider import TimeSlider

LEFT = Qt.MouseButton.LeftButton


def made(qtbot: QtBot, steps: tuple[int, ...] = (0, 100, 200, 1440)) -> tuple[TimeSlider, list[int | None]]:
    slider, seen = TimeSlider(), []
    qtbot.addWidget(slider)
    slider.resize(500, 30)
    slider.set_steps(steps)
    slider.step_chosen.connect(seen.append)
    return slider, seen


def test_keys_walk_through_the_saved_steps(qtbot: QtBot) -> None:
    slider, seen = made(qtbot)
    assert slider.position() is None
    for key in (
        Qt.Key.Key_Left,
        Qt.Key.Key_Left,
        Qt.Key.Key_Home,
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_End,
    ):
        qtbot.keyClick(slider.track, key)
    assert seen == [1440, 200, 0, 100, None]
    assert slider.text() == "live · step\u00a01,440"


def test_the_live_end_follows_and_a_chosen_step_stays(qtbot: QtBot) -> None:
    slider, seen = made(qtbot)
    slider.set_live_step(1500)
    assert slider.text() == "live · step\u00a01,500"
    slider.set_position(210)
    assert slider.position() == 200
    slider.add_step(1600)
    slider.add_step(1600)
    assert slider.position() == 200
    assert slider.steps() == (0, 100, 200, 1440, 1600)
    slider.set_steps([0, 50])
    assert slider.position() == 50
    slider.set_steps([])
    assert slider.position() is None
    assert seen == []


def test_the_mouse_picks_the_nearest(qtbot: QtBot) -> None:
    slider, seen = made(qtbot)
    slider.show()
    track = slider.track
    for index in (1, 3):
        qtbot.mouseClick(track, LEFT, pos=QPoint(round(track.x_of(index)) + 1, 12))
    qtbot.mouseClick(track, LEFT, pos=QPoint(track.width() - 2, 12))
    assert seen == [100, 1440, None]
    slider.close()


def test_many_steps_can_all_be_reached(qtbot: QtBot) -> None:
    slider, _ = made(qtbot, tuple(range(0, 10_000, 10)))
    assert all(abs(slider.track.index_at(slider.track.x_of(i)) - i) <= 4 for i in range(0, 1000, 37))
    slider.show()
    assert not slider.track.grab().isNull()
    slider.close()


def test_it_plays_to_the_end_and_goes_live(qtbot: QtBot) -> None:
    slider, seen = made(qtbot)
    slider._timer.setInterval(1)
    qtbot.mouseClick(slider.play_button, LEFT)
    assert slider.is_playing()
    qtbot.waitUntil(lambda: not slider.is_playing())
    assert seen == [0, 100, 200, 1440, None]
    slider.set_playing(True)
    qtbot.keyClick(slider.track, Qt.Key.Key_Right)
    assert not slider.is_playing()


def test_nothing_to_play_says_so(qtbot: QtBot) -> None:
    slider, _ = made(qtbot, (0,))
    assert not slider.play_button.isEnabled()
    assert "once two grids" in slider.play_button.toolTip()
    slider.set_playing(True)
    assert not slider.is_playing()


def test_the_end_can_be_called_otherwise(qtbot: QtBot) -> None:
    slider = TimeSlider(end="newest")
    qtbot.addWidget(slider)
    assert slider.text() == "newest"
    slider.set_steps([10, 20])
    assert slider.text() == "newest · step\u00a020"
