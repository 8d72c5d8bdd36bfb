"""Fields from the schema, and the form that shows them: marks, problems in place, undo and redo, locks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit
from support.plain import PLAIN

from ganstudio.catalog.presets import load_spec
from ganstudio.catalog.stabilizers.penalties import R1
from ganstudio.core.schema import settings_of, walk
from ganstudio.window.dialogs.chooser import Chooser
from ganstudio.window.form.draft import draft_of
from ganstudio.window.form.editing import parse, text_of
from ganstudio.window.form.fields import (
    WHILE_TRAINING,
    Field,
    Switch,
    data_fields,
    sections,
)
from ganstudio.window.form.model import FormModel
from ganstudio.window.form.palette import SwitchRow
from ganstudio.window.form.rows import ChooserRow, FieldRow
from ganstudio.window.form.setup_form import SetupForm

DIGITS = draft_of(PLAIN)


def keys_shown(draft) -> list[str]:
    rows = [row for section in sections(draft, False) for row in section.rows]
    fields = [row.key for row in rows if isinstance(row, Field)]
    inner = [f.key for row in rows if isinstance(row, Switch) for f in row.fields]
    return fields + inner + [f.key for f in data_fields(draft, False)]


@pytest.mark.parametrize("name", ["digits-dcgan", "digits-gan", "ring-2d", "mixture-1d"])
def test_every_setting_of_the_schema_has_exactly_one_field(name):
    config = load_spec(name)
    shown = keys_shown(draft_of(config).switch("r1", True))
    expected = {key for key, _, _ in walk(config) if key != "variant"}
    assert sorted(shown) == sorted(expected | {f"stabilizers.r1.{s.name}" for s in settings_of(R1)})


def test_while_training_a_field_says_why_it_is_locked():
    for section in sections(DIGITS, True):
        for row in section.rows:
            if isinstance(row, Field):
                assert (row.locked == WHILE_TRAINING) is not row.option.live
                assert not row.locked or row.locked in row.tooltip


def test_numbers_are_read_as_people_write_them():
    assert parse("integer", "1,440") == 1440
    assert parse("number", "2e-4") == 2e-4
    assert parse("numbers", "0.5, 0.9") == [0.5, 0.9]
    assert parse("integer", "many") == "many"
    assert [text_of(v) for v in (2e-4, 3.0, True, (0.5, 0.999))] == ["2e-4", "3", "on", "0.5, 0.999"]


@pytest.fixture
def form(form, qtbot):
    """Laid out: a switch can be clicked."""
    qtbot.waitUntil(lambda: form.row("stabilizers.r1").toggle.height() > 0)
    return form


def type_into(row: FieldRow, text: str) -> None:
    assert isinstance(row.editor, QLineEdit)
    row.editor.setFocus()
    row.editor.selectAll()
    QTest.keyClicks(row.editor, text)
    QTest.keyClick(row.editor, Qt.Key.Key_Return)


def test_a_typed_value_is_taken_marked_and_put_back_by_its_dot(form):
    row = form.row("batch_size")
    assert row.dot.isHidden()
    type_into(row, "128")
    assert form.model.examined.config.batch_size == 128
    assert row.dot.isVisible() and "64" in row.dot.toolTip()
    QTest.mouseClick(row.dot, Qt.MouseButton.LeftButton)
    assert form.model.draft == DIGITS and row.dot.isHidden() and row.editor.text() == "64"


def test_an_invalid_value_is_explained_at_its_field_and_stays_until_corrected(form):
    row = form.row("steps")
    type_into(row, "0")
    assert row.problem.isVisible() and "at least 1" in row.problem.text()
    assert row.editor.text() == "0" and row.editor.property("invalid")
    assert form.show_first_problem()
    type_into(row, "10")
    assert row.problem.isHidden() and not row.editor.property("invalid")


def test_undo_and_redo_walk_through_the_edits(form):
    type_into(form.row("batch_size"), "128")
    QTest.mouseClick(form.row("stabilizers.r1").toggle, Qt.MouseButton.LeftButton)
    form.row("generator.network").box.activated.emit(0)
    drafts = [form.model.draft]
    while form.model.can_undo():
        form.model.undo()
        drafts.append(form.model.draft)
    assert len(drafts) == 4 and drafts[-1] == DIGITS
    assert form.row("batch_size").editor.text() == "64"
    while form.model.can_redo():
        form.model.redo()
    assert form.model.draft == drafts[0]


def test_a_switched_on_stabilizer_shows_its_strength(form):
    row = form.row("stabilizers.r1")
    assert isinstance(row, SwitchRow)
    QTest.mouseClick(row.toggle, Qt.MouseButton.LeftButton)
    strength = row.findChild(object, "stabilizers.r1.gamma")
    assert strength.isVisible()
    QTest.mouseClick(row.dot, Qt.MouseButton.LeftButton)
    assert not row.toggle.isChecked()


def test_up_and_down_count(form):
    row = form.row("batch_size")
    row.editor.setFocus()
    QTest.keyClick(row.editor, Qt.Key.Key_Up)
    QTest.keyClick(row.editor, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert form.model.examined.config.batch_size == 55


def test_another_network_brings_other_rows(form):
    row = form.row("generator.network")
    assert isinstance(row, ChooserRow) and isinstance(row.box, QComboBox)
    row.box.setCurrentIndex(row.box.findData("mlp"))
    row.box.activated.emit(row.box.currentIndex())
    assert form.row("generator.width") is not None and form.row("generator.base_channels") is None
    assert form.row("discriminator.base_channels") is not None


def test_the_data_menu_by_keyboard(form, qtbot):
    form.data.setFocus()
    QTest.keyClick(form.data, Qt.Key.Key_Return)
    menu = form.findChildren(Chooser)[0]
    QTest.keyClicks(menu.search, "folder")
    QTest.keyClick(menu.search, Qt.Key.Key_Return)
    assert form.model.draft.source == "folder"
    assert not form.row("data.path").problem.isHidden()
    qtbot.waitUntil(lambda: not form.findChildren(Chooser))


def test_while_active_a_live_edit_is_sent_and_others_are_dropped(form, qtbot):
    form.model.set_active(True)
    with qtbot.waitSignal(form.model.live_edit) as sent:
        type_into(form.row("batch_size"), "32")
    assert sent.args == ["batch_size", 32]
    before = form.model.draft
    form.model.edit("seed", 5)
    assert form.model.draft == before
    with qtbot.assertNotEmitted(form.model.live_edit):
        type_into(form.row("batch_size"), "-1")


def test_a_remark_of_the_engine_stands_at_its_field_until_an_edit(form):
    form.model.remark("data.resolution", "no picture is that large")
    assert form.row("data.resolution").problem.text() == "no picture is that large"
    form.model.edit("seed", 4)
    assert form.row("data.resolution").problem.isHidden()


def test_what_keeps_the_best_is_chosen_among_what_suits(qtbot) -> None:
    model = FormModel(DIGITS)
    form = SetupForm(model)
    qtbot.addWidget(form)
    row = form.row("measure.keep_best")
    assert isinstance(row, FieldRow) and isinstance(row.editor, QComboBox)
    offered = [row.editor.itemData(i) for i in range(row.editor.count())]
    assert offered[0] == "" and row.editor.itemText(0) == "none" and row.editor.currentIndex() == 0
    assert "fd-domain" in offered and "w1" not in offered and "density-domain" not in offered
    row.editor.setCurrentIndex(offered.index("kd-domain"))
    row.editor.activated.emit(offered.index("kd-domain"))
    assert model.examined.config.measure.keep_best == "kd-domain"
    model.push(model.draft.with_source("ring"), "other data")
    row = form.row("measure.keep_best")
    assert "w1" in [row.editor.itemData(i) for i in range(row.editor.count())]
    assert "one of , " not in row.toolTip()


def test_measuring_may_change_while_the_run_goes_on() -> None:
    (section,) = [s for s in sections(DIGITS, True) if s.group.name == "measure"]
    assert section.live and all(not row.locked for row in section.rows)
    assert [row.key for row in section.rows] == [
        "measure.every", "measure.metrics", "measure.samples", "measure.keep_best",
    ]  # fmt: skip
