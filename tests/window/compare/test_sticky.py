"""Columns on the screen: their widths and order are kept, and the name stays when the others scroll away."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from support.reported import measurement

from ganstudio.core.runs import RunFolder
from ganstudio.window.compare.column_menu import ColumnMenu
from ganstudio.window.settings import SettingsFile
from ganstudio.window.theme import theme

from .conftest import Comparing


@pytest.fixture
def table(comparing):
    """A table that is much too narrow for its columns."""
    comparing.window.resize(1100, 700)
    table = comparing.space.table
    comparing.until(lambda: table.horizontalScrollBar().maximum() > 400)
    return table


def place(table, key: str) -> int:
    return table.runs.column_of(key)


def keys(table) -> list[str]:
    return [column.key for column in table.shown_columns()]


def scroll(table, to: int = 400) -> None:
    table.horizontalScrollBar().setValue(to)


def drag(widget, to: QPoint) -> None:
    """Move the pointer with its button held."""
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    where, kind = QPointF(to), QEvent.Type.MouseMove
    event = QMouseEvent(kind, where, widget.mapToGlobal(where), none, left, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, event)


def test_the_name_stays_and_answers_for_its_place(table, comparing):
    index = table.runs.index_of(comparing.entry("beta").path, place(table, "title"))
    before = table.visualRect(index)
    assert table.heads.shift() == 0
    scroll(table)
    now = table.visualRect(index)
    assert (now.left(), now.top(), now.width()) == (0, before.top(), before.width())
    assert table.indexAt(now.center()) == index
    beyond = QPoint(now.right() + 5, now.center().y())
    assert table.indexAt(beyond).row() == index.row() and table.indexAt(beyond) != index
    scroll(table, 0)
    assert table.visualRect(index) == before


def test_what_is_painted_there_is_the_name_of_each_run(table, comparing):
    comparing.select("beta")
    head, rows = table.heads.sectionSize(place(table, "title")), table.viewport().height()
    name = place(table, "title")
    left = table.heads.sectionViewportPosition(name)
    table.viewport().repaint()
    still = table.viewport().grab().toImage().copy(left, 0, head - 1, rows)
    heads = table.heads.viewport().grab().toImage().copy(left, 0, head - 1, table.heads.height())
    scroll(table)
    assert table.viewport().grab().toImage().copy(0, 0, head - 1, rows) == still
    assert table.heads.viewport().grab().toImage().copy(0, 0, head - 1, table.heads.height()) == heads
    edge = table.viewport().grab().toImage().pixelColor(head - 1, 10)
    assert edge.name() == theme().tokens["line"]


def test_clicks_where_it_stays_are_about_it(table, comparing):
    scroll(table)
    index = table.runs.index_of(comparing.entry("beta").path, place(table, "title"))
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(index).center())
    comparing.until(lambda: [e.path.name for e in table.selected()] == ["beta"])
    assert table.horizontalScrollBar().value() == 400
    QTest.mouseClick(table.heads.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 20))
    assert comparing.space.model.wish.sort == "title"
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert table.horizontalScrollBar().value() == 400, "the keys go from name to name"


def test_it_is_renamed_and_made_wider_where_it_stays(table, comparing):
    scroll(table)
    comparing.select("beta")
    table.rename()
    editor = next(c for c in table.viewport().children() if c.isWidgetType() and c.accessibleName())
    assert editor.x() == 2 and table.horizontalScrollBar().value() == 400
    scroll(table, 420)
    assert editor.x() == 2
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    width, shift = table.heads.sectionSize(place(table, "title")), table.heads.shift()
    viewport, edge = table.heads.viewport(), QPoint(width - 1, 20)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=edge)
    for step in (10, 25, 40):
        drag(viewport, edge + QPoint(step, 0))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=edge + QPoint(40, 0))
    assert shift > 0
    assert table.widths() == {"title": width + 40}


def test_a_group_says_its_title_beside_what_stays(table, comparing):
    comparing.space.bar.set_group("variant")
    comparing.space.bar.group.activated.emit(1)
    scroll(table)
    group = table.runs.index(0, place(table, "title"))
    area = table.visualRect(group)
    shown = table.viewport().grab().toImage()
    colors = {shown.pixelColor(x, area.center().y()).name() for x in range(24, 120)}
    assert len(colors) > 2, "the title is written over the columns that are beneath"


def test_a_window_too_narrow_for_it_scrolls_it_with_the_others(table):
    table.place_columns({"title": 900}, ())
    scroll(table)
    assert table.heads.shift() == 0


def test_widths_and_order_are_there_again_at_the_next_start(qtbot, table, comparing):
    heads = table.header_
    heads.moveSection(heads.visualIndex(place(table, "seed")), 3)
    heads.resizeSection(place(table, "variant"), 133)
    wanted = keys(table)
    assert wanted[:4] == ["star", "picture", "title", "seed"]
    comparing.window._leave(save=False)
    comparing.until(lambda: comparing.window._closed)
    RunFolder(comparing.entry("alpha").path).append_evaluation(measurement("precision", 0.5, 40))
    again = Comparing(qtbot)
    try:
        again.until(lambda: len(again.space.model.all_entries) == 4)
        found = again.space.table
        assert [key for key in keys(found) if key in wanted] == wanted
        assert len(keys(found)) == len(wanted) + 1, "a metric that is new has a column in its usual place"
        assert found.header_.sectionSize(place(found, "variant")) == 133
        assert found.widths() == {"variant": 133}
        again.space.columns.reset()
        assert keys(found)[:4] == ["star", "picture", "title", "variant"]
        assert found.header_.sectionSize(place(found, "variant")) == 90
        again.window.settings.save()
        settings = SettingsFile().settings
        assert (settings.compare_order, settings.compare_widths) == ([], {})
    finally:
        again.close()


def test_nonsense_in_the_settings_is_left_out(own_folders):
    own_folders.config.mkdir(parents=True)
    (own_folders.config / "window.toml").write_text(
        'compare_order = ["seed", 3]\n[compare_widths]\nseed = 80\ntitle = "wide"\nstep = -4\ntime = true\n'
    )
    settings = SettingsFile().settings
    assert settings.compare_order == ["seed"]
    assert settings.compare_widths == {"seed": 80}


def test_the_menu_moves_columns_by_keys_and_puts_them_back(table, comparing):
    before = keys(table)
    comparing.space.verbs.columns()
    menu = comparing.space.findChild(ColumnMenu)
    action = next(a for a in menu.actions() if a.data() == "seed")
    menu.setActiveAction(action)
    for _ in range(2):
        QTest.keyClick(menu, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    at = before.index("seed")
    assert keys(table) == [*before[: at - 2], "seed", *before[at - 2 : at], *before[at + 1 :]]
    assert [a.data() for a in menu.actions() if a.isChecked()] == keys(table)
    QTest.keyClick(menu, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert keys(table).index("seed") == at - 1
    menu.setActiveAction(menu.reset)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert keys(table) == before


def test_a_double_click_on_an_edge_makes_a_column_as_wide_as_its_words(table, comparing):
    section = place(table, "data")
    table.resizeColumnToContents(section)
    narrow = table.header_.sectionSize(section)
    table.resizeColumnToContents(place(table, "variant"))
    assert narrow > table.header_.sectionSize(place(table, "variant"))
    assert comparing.space.settings.compare_widths["data"] == narrow


def test_the_table_is_exported_in_the_order_on_the_screen(table):
    table.move_column("seed", -20)
    assert keys(table)[0] == "seed"
