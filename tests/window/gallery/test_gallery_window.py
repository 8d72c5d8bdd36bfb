"""The gallery from the window: opened by keys and from the data menu, its data taken, closed with everything."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from ganstudio.core.lifecycle import State
from ganstudio.window.dialogs.chooser import Chooser
from ganstudio.window.form.cards import GALLERY


def test_a_real_preview_is_taken_into_the_form_and_trained_on(studio):
    studio.do("view.gallery")
    gallery = studio.window.gallery.dialog
    assert gallery is not None
    gallery.select("shapes")
    studio.until(lambda: gallery.found is not None and gallery.found.data.kind == "shapes")
    assert gallery.found.samples.ndim == 4 and len(gallery.found.counts) > 1
    gallery.use.click()
    assert studio.window.gallery.dialog is None
    assert studio.window.form_model.draft.source == "shapes"
    studio.do("edit.undo")
    assert studio.window.form_model.draft.source != "shapes"


def test_it_opens_from_the_data_menu_and_only_once(fake):
    fake.window.train.form._open_data()
    menu = next(w for w in QApplication.topLevelWidgets() if isinstance(w, Chooser) and w.isVisible())
    menu.search.setText("gallery")
    fake.qtbot.keyClick(menu.search, Qt.Key.Key_Return)
    gallery = fake.window.gallery.dialog
    assert gallery is not None and gallery.isVisible()
    before = fake.window.form_model.draft
    fake.do("view.gallery")
    assert fake.window.gallery.dialog is gallery
    gallery.close()
    assert fake.window.gallery.dialog is None and fake.window.form_model.draft == before


def test_the_menu_has_every_source_and_the_gallery_last(fake):
    fake.window.train.form._open_data()
    menu = next(w for w in QApplication.topLevelWidgets() if isinstance(w, Chooser) and w.isVisible())
    assert menu._entries[-1].id == GALLERY
    menu.close()


def test_while_a_run_trains_no_data_can_be_taken(fake):
    fake.do("view.gallery")
    gallery = fake.window.gallery.dialog
    fake.start()
    assert not gallery.use.isEnabled()
    fake.do("run.stop")
    fake.until_state(State.FINISHED)
    assert gallery.use.isEnabled()
    gallery.close()


def test_closing_the_window_closes_the_gallery_and_its_child(fake):
    fake.do("view.gallery")
    gallery = fake.window.gallery.dialog
    fake.until(lambda: gallery.worker.pid != 0)
    fake.window.close()
    fake.until(lambda: fake.window._closed)
    assert fake.window.gallery.dialog is None
