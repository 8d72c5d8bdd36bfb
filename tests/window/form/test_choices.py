"""What the form marks as the recipe's own, what it leaves free, and what it greys with the reason."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from support.plain import PLAIN

from ganstudio.catalog.resolve import KINDS
from ganstudio.catalog.variants import VARIANTS
from ganstudio.window.form.draft import draft_of
from ganstudio.window.form.fields import Chooser, Field, sections
from ganstudio.window.form.rows import ChooserRow

DIGITS = draft_of(PLAIN)


def rows(draft) -> dict[str, Field | Chooser]:
    found = [row for section in sections(draft, False) for row in section.rows]
    return {row.key: row for row in found if isinstance(row, Field | Chooser)}


def test_what_the_recipe_says_is_told_and_the_rest_is_not():
    shown = rows(DIGITS)
    assert shown["optimizer.generator.betas"].recipe == "DCGAN, 2015"
    assert "recipe of DCGAN, 2015" in shown["optimizer.generator.betas"].tooltip
    assert shown["objective.loss"].recipe == "DCGAN, 2015"
    assert not shown["seed"].recipe and "recipe" not in shown["seed"].tooltip


def test_a_changed_value_names_the_recipes_and_goes_back_to_it(form):
    row = form.row("optimizer.generator.betas")
    assert row.dot.isEnabled() is False and not row.dot.is_changed
    form.model.edit("optimizer.generator.betas", [0.9, 0.999])
    assert row.dot.is_changed and "recipe of DCGAN, 2015" in row.dot.toolTip()
    QTest.mouseClick(row.dot, Qt.MouseButton.LeftButton)
    assert form.model.draft == DIGITS and not row.dot.is_changed


def test_only_the_losses_of_the_recipe_are_offered():
    offered = [kind.name for kind in rows(DIGITS)["objective.loss"].options]
    assert set(offered) == set(VARIANTS["dcgan"].objectives)


def test_a_single_loss_is_fixed_and_says_so(form, monkeypatch):
    object.__setattr__(VARIANTS["dcgan"], "objectives", ("non-saturating",))
    try:
        form.model.changed.emit()
        row = form.row("objective.loss")
        assert not row.box.isEnabled() and "defined by it" in row.box.toolTip()
    finally:
        object.__setattr__(VARIANTS["dcgan"], "objectives", ("non-saturating", "saturating"))


def test_networks_that_cannot_serve_the_data_are_greyed_with_the_reason(form):
    ring = DIGITS.with_source("ring")
    why = {kind.name: kind.why for kind in rows(ring)["generator.network"].options}
    assert set(why) == set(KINDS["generators"])
    assert not why["mlp"] and "points" in why["dcgan"]
    form.model.push(ring, "test")
    row = form.row("generator.network")
    assert isinstance(row, ChooserRow)
    item = row.box.model().item(row.box.findData("dcgan"))
    assert not item.isEnabled() and "points" in item.toolTip()
    assert row.box.model().item(row.box.findData("mlp")).isEnabled()


def test_conditioning_by_labels_is_greyed_where_the_data_has_none(form):
    why = {kind.name: kind.why for kind in rows(DIGITS)["conditioning.by"].options}
    assert not why["concatenation"] and "code" in why["codes"]
    form.model.push(DIGITS.with_source("folder", "/x"), "test")
    unlabelled = DIGITS.with_source("celeba")
    why = {kind.name: kind.why for kind in rows(unlabelled)["conditioning.by"].options}
    assert "no labels" in why["projection"]


def test_a_code_makes_conditioning_by_codes_possible():
    coded = DIGITS.set("latent.categorical", 1)
    why = {kind.name: kind.why for kind in rows(coded)["conditioning.by"].options}
    assert not why["codes"]


def test_advanced_settings_lie_behind_more_until_they_are_changed(form):
    row = form.row("generator_steps")
    assert not row.isVisible()
    form.model.edit("generator_steps", 2)
    assert row.isVisible() and row.dot.is_changed


def test_every_kind_of_every_chooser_can_be_shown(form):
    for key, row in rows(DIGITS).items():
        if isinstance(row, Chooser):
            for kind in row.options:
                if not kind.why:
                    draft = DIGITS.with_kind(row.place, row.tag, kind.name)
                    form.model.push(draft, "test")
                    assert form.row(key).box.currentData() == kind.name
