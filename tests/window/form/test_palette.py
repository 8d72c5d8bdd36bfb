"""The palette of stabilizers: groups, search, filter, what is greyed and why, what can be switched in a run."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from support.plain import PLAIN

from ganstudio.catalog.stabilizers import STABILIZERS
from ganstudio.catalog.stabilizers.penalties import R1, GradientPenalty
from ganstudio.core.schema import settings_of
from ganstudio.window.form.draft import draft_of, examine
from ganstudio.window.form.fields import REBUILDS, Switch, sections
from ganstudio.window.form.palette import StabilizerPalette, SwitchRow, fits

DIGITS = draft_of(PLAIN)
LEFT = Qt.MouseButton.LeftButton
R1_TABLE = {s.name: s.default for s in settings_of(R1)}


@pytest.fixture
def palette(form) -> StabilizerPalette:
    return form.findChild(StabilizerPalette)


def switches(draft, active=False) -> dict[str, Switch]:
    section = next(s for s in sections(draft, active) if s.group.name == "stabilizers")
    return {row.name: row for row in section.rows if isinstance(row, Switch)}


@pytest.fixture
def odd(monkeypatch):
    """R1 that has no meaning beside a batch of 7."""
    monkeypatch.setattr(
        R1, "refuses", lambda _self, config, _shape: "seven is odd" if config.batch_size == 7 else ""
    )


def test_every_stabilizer_of_the_catalogue_is_in_a_group_with_its_one_sentence(palette):
    shown = {name for group in palette.groups.values() for name in group._switches}
    assert shown == set(STABILIZERS)
    for name, switch in switches(DIGITS).items():
        assert switch.idea == STABILIZERS[name].idea and switch.group
        assert switch.idea in switch.tooltip


def test_rows_are_made_once_their_group_is_unfolded(palette):
    assert not any(group.rows for group in palette.groups.values())
    group = palette.groups[R1.group]
    QTest.mouseClick(group.heading, LEFT)
    assert group.rows["r1"].isVisible() and group.rows["r1"].words.text() == R1.idea


def test_what_is_switched_on_unfolds_and_is_counted(form, palette):
    form.model.push(DIGITS.switch("r1", True), "test")
    group = palette.groups[R1.group]
    assert group.heading.isChecked() and group.rows["r1"].toggle.isChecked()
    assert group.count.text() == f"1 of {len(group._switches)} on"


def test_search_finds_by_name_idea_paper_and_year(palette):
    r1 = switches(DIGITS)["r1"]
    assert all(fits(r1, typed) for typed in ("", "R1 pen", "settles circling", "1801.04406", "2018"))
    assert not fits(r1, "r1 augmentation")
    QTest.keyClicks(palette.search, "1801.04406 r1 circling")
    visible = [row.switch.name for g in palette.groups.values() for row in g.rows.values() if row.isVisible()]
    assert visible == ["r1"]
    QTest.keyClicks(palette.search, "zzz")
    assert palette.nothing.isVisible()
    QTest.keyClick(palette.search, Qt.Key.Key_Escape)
    assert not palette.search.text() and not palette.nothing.isVisible()
    assert all(group.isVisible() for group in palette.groups.values())


def test_the_filter_shows_only_what_is_on(form, palette):
    QTest.mouseClick(palette.only_on, LEFT)
    assert palette.nothing.isVisible() and "switched on" in palette.nothing.text()
    form.model.push(DIGITS.switch("instance-noise", True), "test")
    assert [name for name, group in palette.groups.items() if group.isVisible()] == ["Inputs"]


def test_what_has_no_meaning_is_greyed_with_the_reason_and_asked_again(form, odd):
    row = form.row("stabilizers.r1")
    assert isinstance(row, SwitchRow) and row.toggle.isEnabled()
    form.model.edit("batch_size", 7)
    assert not row.toggle.isEnabled() and row.words.text() == "Not now: seven is odd."
    assert "seven is odd" in row.toggle.toolTip()
    form.model.edit("batch_size", 8)
    assert row.toggle.isEnabled() and row.words.text() == R1.idea


def test_one_that_is_on_when_it_loses_its_meaning_says_so_and_can_be_switched_off(form, odd):
    row = form.row("stabilizers.r1")
    row.toggle.click()
    form.model.edit("batch_size", 7)
    assert row.toggle.isChecked() and row.toggle.isEnabled()
    assert row.words.text() == "Seven is odd."
    assert not form.model.examined.sound and form.show_first_problem()
    assert form.model.examined.config.batch_size == 7, "only the stabilizer is set aside"
    row.toggle.click()
    assert form.model.examined.sound


def test_the_recipes_own_stabilizer_can_be_set_aside_too(odd):
    on = examine(DIGITS.switch("r1", True)).config
    assert "r1" in on.stabilizers
    found = examine(DIGITS.switch("r1", True).set("batch_size", 7))
    assert set(found.problems) == {"stabilizers.r1"}


def test_in_a_run_only_what_leaves_the_networks_alone_is_switched(form, monkeypatch):
    form.model.set_active(True)
    row = form.row("stabilizers.r1")
    assert row.toggle.isEnabled() and "while the run goes on" in row.toggle.toolTip()
    monkeypatch.setattr(R1, "live_switch", False)
    form.model.changed.emit()
    assert not row.toggle.isEnabled() and REBUILDS in row.toggle.toolTip()


def test_a_switch_in_a_run_is_sent_as_one_change_and_undone_as_one(form, qtbot):
    form.model.set_active(True)
    sent = []
    form.model.live_edit.connect(lambda key, value: sent.append((key, value)))
    form.row("stabilizers.r1").toggle.click()
    form.model.undo()
    assert sent == [("stabilizers.r1", R1_TABLE), ("stabilizers.r1", False)]


def test_the_form_follows_a_switch_made_elsewhere(form):
    form.model.set_active(True)
    changed = examine(DIGITS.switch("r1", True).set("stabilizers.r1.gamma", 4.0)).config
    form.model.follow(changed)
    assert form.model.examined.config == changed
    form.model.follow(examine(DIGITS).config)
    assert form.model.draft == DIGITS


def test_tab_goes_from_the_heading_through_the_switches(form, palette, qtbot):
    group = palette.groups[R1.group]
    group.heading.setChecked(True)
    group.heading.setFocus(Qt.FocusReason.TabFocusReason)
    visited = []
    for _ in range(3):
        here = form.window().focusWidget()
        qtbot.keyClick(here, Qt.Key.Key_Tab)
        visited.append(form.window().focusWidget().objectName())
    names = [f"stabilizers.{name}" for name in group._switches]
    assert visited[0] == names[0]
    assert visited[1] == (names[1] if len(names) > 1 else visited[1])


def test_what_a_setting_of_its_own_can_cure_is_not_greyed(form, monkeypatch):
    monkeypatch.setattr(
        GradientPenalty, "refuses", lambda self, _config, _shape: "" if self.at == "data" else "not between"
    )
    row = form.row("stabilizers.gradient-penalty")
    assert row.toggle.isEnabled()
    row.toggle.click()
    assert row.words.text() == "Not between."
    at = row.fields.row("stabilizers.gradient-penalty.at")
    at.edited.emit("stabilizers.gradient-penalty.at", "data")
    assert form.model.examined.sound and row.words.text() == GradientPenalty.idea
    assert form.model.examined.config.stabilizers["gradient-penalty"].at == "data"
