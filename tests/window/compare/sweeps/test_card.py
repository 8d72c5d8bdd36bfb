"""The queue on the screen: what it shows and what its buttons and keys do."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from ganstudio.window.compare.sweeps.card import QueueCard
from ganstudio.window.theme import theme

from .conftest import Desk


@pytest.fixture
def card(desk: Desk, qtbot):
    made = QueueCard(desk.queue)
    qtbot.addWidget(made)
    made.resize(560, 400)
    made.show()
    qtbot.waitExposed(made)
    return made


def names(card: QueueCard) -> list[str]:
    return [card.rows.data(card.rows.index(row, 0)) for row in range(card.rows.rowCount())]


def test_an_empty_queue_says_what_will_be_here(card: QueueCard, qtbot):
    assert card.empty.isVisible()
    with qtbot.waitSignal(card.action_wanted, timeout=20_000) as caught:
        qtbot.mouseClick(card.empty.button, Qt.MouseButton.LeftButton)
    assert caught.args == ["run.sweep"]


def test_rows_follow_the_queue(card: QueueCard, desk: Desk):
    desk.add("a", "b")
    desk.until_begun("a")
    desk.controller.train(step=10)
    desk.controller.report(step=50)
    model = card.rows
    assert [model.data(model.index(0, i)) for i in range(3)] == ["a", "Training", "50 of 100"]
    assert [model.data(model.index(1, i)) for i in range(3)] == ["b", "Waiting", "100"]
    assert card.bar.value() == 250
    assert card.caption_label.text() == "0 of 2 ended · 15\u00a0s left"
    desk.controller.fail("Broken.")
    desk.until_begun("a", "b")
    assert model.data(model.index(0, 1)) == "Failed"
    assert "Broken." in model.data(model.index(0, 0), Qt.ItemDataRole.ToolTipRole)


def test_pause_and_go_on(card: QueueCard, desk: Desk, qtbot):
    desk.queue.hold()
    desk.add("a")
    assert card.hold.text() == "Go on"
    assert card.notice.text() == "You have paused the queue."
    qtbot.mouseClick(card.hold, Qt.MouseButton.LeftButton)
    desk.until_begun("a")
    assert not card.hold.isVisible()
    desk.add("b")
    assert card.hold.text() == "Pause queue"
    qtbot.mouseClick(card.hold, Qt.MouseButton.LeftButton)
    assert desk.queue.held


def test_keys_move_and_remove(card: QueueCard, desk: Desk, qtbot):
    desk.queue.hold()
    desk.add("a", "b", "c")
    card.select(desk.ids("c"))
    qtbot.keyClick(card.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert names(card) == ["a", "c", "b"]
    assert [item.config.name for item in card.chosen()] == ["c"]
    qtbot.keyClick(card.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(card.list, Qt.Key.Key_Delete)
    assert names(card) == ["a", "b"]
    desk.queue.undo()
    assert names(card) == ["a", "b", "c"]


def test_what_was_taken_back_can_be_done_again(card: QueueCard, desk: Desk, qtbot):
    desk.queue.hold()
    desk.add("a", "b")
    assert "There is nothing to do again." in card.buttons["redo"].toolTip()
    assert not card.buttons["redo"].isEnabled()
    qtbot.mouseClick(card.buttons["undo"], Qt.MouseButton.LeftButton)
    assert names(card) == [] and card.buttons["redo"].isVisible()
    tip = card.buttons["redo"].toolTip()
    assert tip == "Do the change of the list again that was taken back: Queue 2 runs (Ctrl+Shift+Z)"
    qtbot.mouseClick(card.buttons["redo"], Qt.MouseButton.LeftButton)
    assert names(card) == ["a", "b"]
    assert "There is nothing to do again." in card.buttons["redo"].toolTip()


def test_clear_can_be_taken_back(card: QueueCard, desk: Desk, qtbot):
    desk.queue.hold()
    desk.add("a", "b")
    qtbot.mouseClick(card.buttons["clear"], Qt.MouseButton.LeftButton)
    assert names(card) == []
    assert card.buttons["undo"].isVisible()
    assert card.buttons["undo"].toolTip() == "Take the last change of the list back: Clear the queue (Ctrl+Z)"
    qtbot.mouseClick(card.buttons["undo"], Qt.MouseButton.LeftButton)
    assert names(card) == ["a", "b"]


def test_what_cannot_be_done_says_why(card: QueueCard, desk: Desk):
    desk.add("a", "b")
    desk.until_begun("a")
    assert "Choose a run first." in card.buttons["remove"].toolTip()
    card.select(desk.ids("a"))
    assert card.why_not("remove") == "Stop the run first (Ctrl+.)."
    assert card.why_not("earlier") == "Only runs that wait can be moved."
    assert card.why_not("again") == "It has not ended."
    assert not card.why_not("open")
    card.select(desk.ids("b"))
    assert card.why_not("open") == "It has not begun."
    assert not card.buttons["open"].isEnabled()


def test_a_run_is_opened_and_an_ended_one_tried_again(card: QueueCard, desk: Desk, qtbot):
    desk.add("a")
    desk.until_begun("a")
    folder = desk.queue.items[0].folder
    desk.controller.fail("Broken.")
    card.select(desk.ids("a"))
    with qtbot.waitSignal(card.open_wanted, timeout=20_000) as caught:
        qtbot.keyClick(card.list, Qt.Key.Key_Return)
    assert str(caught.args[0]) == folder
    qtbot.mouseClick(card.buttons["again"], Qt.MouseButton.LeftButton)
    desk.until_begun("a", "a")


def test_nothing_is_reckoned_while_nobody_looks(card: QueueCard, desk: Desk):
    desk.add("a", "b")
    desk.until_begun("a")
    card.hide()
    desk.controller.train(step=10)
    desk.controller.report(step=50)
    assert card.bar.value() == 0
    card.show()
    assert card.bar.value() == 250


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_every_button_has_a_tooltip_and_a_name(card: QueueCard, desk: Desk, mode):
    theme().set_mode(mode)
    desk.queue.hold()
    desk.add("a")
    for button in card.findChildren(QPushButton):
        if button.isVisibleTo(card):
            assert button.text()
            assert button.toolTip()
    assert card.grab().width() == 560
