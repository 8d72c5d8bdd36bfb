"""Everything can be reached by keyboard, has a name for a screen reader, and says what it does."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QSlider, QWidget
from support.reported import make_run

from ganstudio.window.form.cards import ChoiceCard

CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QSlider, ChoiceCard)


def controls(window: QWidget) -> list[QWidget]:
    found = [w for w in window.findChildren(QWidget) if isinstance(w, CONTROLS) and w.isVisibleTo(window)]
    return [w for w in found if not w.objectName().startswith("qt_") and w.parent() is not None]


def name_of(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return widget.accessibleName() or text


def place_of(widget: QWidget) -> str:
    parents, here = [], widget
    while here is not None:
        parents.append(f"{type(here).__name__}:{here.objectName()}")
        here = here.parentWidget()
    return " < ".join(parents[:5])


def test_every_control_has_a_name_and_a_tooltip(fake):
    fake.window.train.complete()
    nameless = [place_of(w) for w in controls(fake.window) if not name_of(w)]
    assert not nameless, nameless
    silent = [place_of(w) for w in controls(fake.window) if not _tip(w)]
    assert not silent, silent


def _tip(widget: QWidget | None) -> str:
    while widget is not None and not widget.toolTip():
        widget = widget.parentWidget()
    return widget.toolTip() if widget is not None else ""


def test_tab_walks_down_the_form(fake):
    form = fake.window.train.form
    form.row("steps").editor.setFocus(Qt.FocusReason.TabFocusReason)
    visited = []
    for _ in range(4):
        fake.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        visited.append(QApplication.focusWidget().objectName())
    assert visited == ["batch_size", "discriminator_steps", "seed", "name"]


def test_every_control_of_the_explore_workspace_has_a_name_and_a_tooltip(fake):
    fake.do("workspace.explore")
    space = fake.window.switcher.explore
    space._stack.setCurrentIndex(1)
    for view in space.stage.views.values():
        space.stage.set_view(view)
        found = controls(space)
        assert len(found) > 20
        assert not (nameless := [place_of(w) for w in found if not name_of(w)]), nameless
        assert not (silent := [place_of(w) for w in found if not _tip(w)]), silent


def test_every_control_of_the_compare_workspace_has_a_name_and_a_tooltip(fake, own_folders):
    make_run(own_folders.runs, "alpha")
    fake.do("workspace.compare")
    space = fake.window.switcher.compare
    fake.until(lambda: space.model.rowCount() == 1)
    space.table.select([space.model.all_entries[0].path])
    fake.until(lambda: bool(space.below.pane._entries))
    for place in ("runs", "sweep", "queue"):
        space.below.bring(place)
        for view in ("curves", "settings", "samples", "scatter") if place == "runs" else ("",):
            if view:
                space.below.pane.set_view(view)
            fake.until(lambda: not space.below.pane.is_busy())
            found = controls(space)
            assert len(found) > 8
            assert not (nameless := [place_of(w) for w in found if not name_of(w)]), nameless
            assert not (silent := [place_of(w) for w in found if not _tip(w)]), silent
