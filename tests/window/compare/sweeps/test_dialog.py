"""The dialog that plans a sweep: what it offers, says and queues."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit
from shiboken6 import isValid

from ganstudio.catalog.presets import load_spec
from ganstudio.catalog.sweeping import SweepPlan, axis_of, known_keys, plan
from ganstudio.catalog.variants import VARIANTS
from ganstudio.core.schema import ConfigError
from ganstudio.window.compare.sweeps.dialog import SweepDialog, count_words
from ganstudio.window.compare.sweeps.keys import NOT_VARIED, sweep_keys
from ganstudio.window.dialogs.chooser import ENTRY
from ganstudio.window.form.draft import draft_of, first_source


@pytest.fixture
def dialog(qtbot) -> Iterator[SweepDialog]:
    made = SweepDialog(load_spec("digits-dcgan"))
    made.show()
    qtbot.waitExposed(made)
    yield made
    if isValid(made):
        made.close()


def test_it_begins_with_something_sensible(dialog: SweepDialog):
    assert dialog.rows[0].key == "optimizer.generator.lr"
    assert dialog.plan is not None
    assert len(dialog.plan.runs) == 9
    assert dialog.runs.topLevelItemCount() == 9
    assert dialog.runs.topLevelItem(0).text(1) == "generator.lr=5e-4 seed=0"
    assert dialog.count.text() == "9 runs of 8,000 steps each, 72,000 steps in all"


def test_what_is_typed_is_planned_once_typing_pauses(dialog: SweepDialog, qtbot):
    dialog.rows[0].values.setText("1e-4")
    dialog.seeds.setText("7")
    qtbot.waitUntil(lambda: dialog.plan is not None and len(dialog.plan.runs) == 1, timeout=20_000)
    assert dialog.plan.runs[0].config.seed == 7


@pytest.mark.parametrize(
    ("values", "seeds", "field"),
    [("1e-4, x", "0", "row"), ("", "0", "row"), ("1e-4", "zero", "seeds"), ("1e-4", "0, 0", "seeds")],
)
def test_a_problem_is_said_at_its_field(dialog: SweepDialog, values, seeds, field):
    dialog.rows[0].values.setText(values)
    dialog.seeds.setText(seeds)
    dialog.examine()
    assert dialog.plan is None
    assert not dialog.queue.isEnabled()
    assert dialog.queue.toolTip()
    assert bool(dialog.rows[0].values.property("invalid")) is (field == "row")
    assert bool(dialog.seeds.property("invalid")) is (field == "seeds")
    dialog.rows[0].values.setText("1e-4, 2e-4")
    dialog.seeds.setText("0")
    dialog.examine()
    assert not dialog.rows[0].values.property("invalid")
    assert dialog.queue.isEnabled()


def test_several_settings_and_taking_one_away(dialog: SweepDialog, qtbot):
    row = dialog.add_row()
    dialog.examine()
    assert len(dialog.plan.runs) == 9  # a row without a setting asks for nothing yet
    row.set_key("batch_size", "8, 16")
    dialog.examine()
    assert len(dialog.plan.runs) == 18
    qtbot.mouseClick(row.remove, Qt.MouseButton.LeftButton)
    dialog.examine()
    assert len(dialog.plan.runs) == 9


def test_the_same_setting_twice_is_refused_at_the_second(dialog: SweepDialog):
    row = dialog.add_row()
    row.set_key("optimizer.generator.lr", "1")
    dialog.examine()
    assert row.values.property("invalid")
    assert not dialog.rows[0].values.property("invalid")


def test_nothing_to_vary_is_said(dialog: SweepDialog):
    dialog._on_removed(dialog.rows[0])
    dialog.seeds.setText("0")
    dialog.examine()
    assert dialog.plan is None
    assert dialog.problem.text() == "Choose a setting to vary, or more than one seed."
    dialog.seeds.setText("0-9")
    dialog.examine()
    assert len(dialog.plan.runs) == 10


def test_a_thousand_runs_are_listed_in_part(dialog: SweepDialog):
    dialog.rows[0].values.setText("log 1e-5..1e-3 x100")
    dialog.seeds.setText("0-9")
    dialog.examine()
    assert len(dialog.plan.runs) == 1000
    assert dialog.runs.topLevelItemCount() == 201
    assert dialog.runs.topLevelItem(200).text(1) == "and 800 more"
    dialog.seeds.setText("0-10")
    dialog.examine()
    assert dialog.plan is None


def test_adding_to_the_queue_gives_the_plan(dialog: SweepDialog, qtbot):
    dialog.name.setText("  my   sweep ")
    with qtbot.waitSignal(dialog.queued, timeout=20_000) as caught:
        qtbot.mouseClick(dialog.queue, Qt.MouseButton.LeftButton)
    (found,) = caught.args
    assert isinstance(found, SweepPlan)
    assert found.name == "my sweep"


def test_every_run_gets_the_tags_and_the_name_of_the_sweep_is_offered(qtbot):
    dialog = SweepDialog(load_spec("digits-dcgan"), known_tags=("good", "to show"))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    assert [button.text() for button in dialog.tags.buttons] == ["digits-dcgan sweep", "good", "to show"]
    dialog.name.setText("rates")
    dialog.examine()
    assert [button.text() for button in dialog.tags.buttons] == ["rates", "good", "to show"]
    for place in (2, 0, 0):
        qtbot.mouseClick(dialog.tags.buttons[place], Qt.MouseButton.LeftButton)
    assert dialog.tags.edit.text() == "to show, rates"
    dialog.tags.edit.setText("to show,, Rates , rates")
    with qtbot.waitSignal(dialog.queued, timeout=20_000) as caught:
        qtbot.mouseClick(dialog.queue, Qt.MouseButton.LeftButton)
    assert caught.args[0].tags == ("to show", "Rates")


def test_a_setting_is_found_by_a_few_letters(dialog: SweepDialog, qtbot):
    row = dialog.add_row()
    row.open_menu()
    menu = row.menu
    assert menu is not None
    menu.search.setText("discriminator rate")
    entry = menu.list.currentItem().data(ENTRY)
    assert entry.id == "optimizer.discriminator.lr"
    qtbot.keyClick(menu.search, Qt.Key.Key_Return)
    assert row.key == "optimizer.discriminator.lr"


def test_every_control_has_a_name_and_a_tooltip(dialog: SweepDialog):
    dialog.add_row()
    for kind in (QAbstractButton, QLineEdit):
        for control in dialog.findChildren(kind):
            if control.isVisibleTo(dialog):
                text = control.text() if isinstance(control, QAbstractButton) else ""
                assert control.accessibleName() or text
                assert control.toolTip(), control.text()


@pytest.mark.parametrize("variant", sorted(VARIANTS))
def test_every_offered_setting_can_be_varied_with_the_values_it_begins_with(variant):
    from ganstudio.catalog.resolve import resolve

    config = resolve({"variant": variant, "data": {"source": first_source(variant)}})
    table, keys = draft_of(config).table, sweep_keys(config)
    assert len({key.key for key in keys}) == len(keys)
    assert len({key.label for key in keys}) == len(keys)
    assert {"optimizer.generator.lr", "batch_size", "variant"} <= {key.key for key in keys}
    for key in keys:
        assert key.help
        values = axis_of(config, key.key, key.values).values
        assert values
        try:
            plan(table, [axis_of(config, key.key, key.values)])
        except (
            ConfigError
        ) as error:  # what another setting stands against is said, and is no error of the key
            assert "no such setting" not in error.problem, key
    assert set(known_keys(config)) - {key.key for key in keys} <= NOT_VARIED


def test_steps_that_differ_are_not_said_to_be_equal(dialog: SweepDialog):
    found = plan(draft_of(dialog.config).table, [axis_of(dialog.config, "steps", "10, 20")])
    assert count_words(found) == "2 runs, 30 steps in all"
