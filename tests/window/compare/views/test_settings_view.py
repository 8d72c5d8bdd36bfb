"""The table of settings on the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from ganstudio.core.runs import RunFolder
from ganstudio.window.compare.views.settings_model import SettingsModel
from ganstudio.window.widgets.saving import SaveDialog

ROLE = Qt.ItemDataRole


def keys(model: SettingsModel) -> list[str]:
    return [row.key for row in model.rows]


def test_differences_are_listed_with_names_marks_and_help(shown, made) -> None:
    one, two = made("one", seed=1), made("two", seed=1, optimizer__generator__lr=3e-4)
    view = shown.show(one, two, view="settings").settings
    model = view.table.rows
    assert keys(model) == ["optimizer.generator.lr"]
    assert [model.headerData(i, Qt.Orientation.Horizontal) for i in range(4)] == [
        "Setting",
        "one",
        "two",
        "Key",
    ]
    assert model.headerData(1, Qt.Orientation.Horizontal, ROLE.DecorationRole) is not None
    cells = [model.index(0, i) for i in range(4)]
    assert [index.data() for index in cells] == [
        "Generator rate",
        "• 1e-3",
        "• 3e-4",
        "optimizer.generator.lr",
    ]
    assert "learning rate" in cells[0].data(ROLE.ToolTipRole).lower()
    assert "Variant and data alone would give 2e-4" in cells[2].data(ROLE.ToolTipRole)
    assert cells[2].data(ROLE.AccessibleTextRole) == "Generator rate, two: 3e-4, changed from 2e-4"
    assert view.told.text().startswith("1 setting of")
    view.every.click()
    assert len(keys(model)) > 40


def test_equal_runs_say_so_and_one_run_shows_what_is_not_usual(shown, made) -> None:
    one, two = made("one", seed=1), made("two", seed=1)
    view = shown.show(one, two, view="settings").settings
    assert view.empty.isVisible()
    assert "same settings" in view.empty.accessibleName()
    assert view.told.text().startswith("All ")
    shown.show(one, view="settings")
    assert view.table.isVisible()
    assert "batch_size" in keys(view.table.rows)
    assert "data.resolution" not in keys(view.table.rows)


def test_a_live_change_appears_when_the_run_is_shown_again(shown, made) -> None:
    one, two = made("one", seed=1), made("two", seed=1)
    view = shown.show(one, two, view="settings").settings
    RunFolder(two.path).append_event("changed", 30, key="optimizer.generator.lr", old=1e-3, new=1e-4)
    shown.show(one, two, view="settings")
    assert view.table.rows.index(0, 2).data() == "• 1e-3 → 1e-4 at step\u00a030"


def test_rows_are_copied_and_the_table_saved(
    shown, made, qtbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = shown.show(made("one", seed=1), made("two", seed=2), view="settings").settings
    view.table.selectRow(0)
    qtbot.keyClick(view.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Setting\tone\ttwo\nseed\t1\t2"
    path = tmp_path / "saved.csv"
    monkeypatch.setattr(SaveDialog, "ask", lambda *_: path)
    view.table.save_csv()
    assert path.read_text() == "setting,key,one,two\nSeed,seed,1,2\n"
