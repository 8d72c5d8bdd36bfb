"""The data gallery as the main window has it: one dialog, locked while a run trains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from ganstudio.core.schema import Options

if TYPE_CHECKING:
    from ganstudio.window.gallery.dialog import GalleryDialog
    from ganstudio.window.main_window import MainWindow


class GalleryDesk(QObject):
    """Opens the gallery, takes what is chosen there into the form, and ends it with the window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.dialog: GalleryDialog | None = None

    def open(self) -> None:
        """The dialog; one at a time."""
        from ganstudio.window.gallery.dialog import GalleryDialog

        window = self._window
        if self.dialog is None:
            self.dialog = GalleryDialog(window.form_model.examined.config.data, window)
            self.dialog.chosen.connect(self._on_chosen)
            self.dialog.finished.connect(self._on_finished)
            window.model.state_changed.connect(self._lock)
            self._lock()
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    @Slot()
    def _lock(self) -> None:
        if self.dialog is not None:
            active = self._window.model.active
            self.dialog.lock("Stop the run first, then take other data." if active else "")

    @Slot()
    def _on_finished(self) -> None:
        self._window.model.state_changed.disconnect(self._lock)
        self.dialog = None

    @Slot(object)
    def _on_chosen(self, data: Options) -> None:
        form = self._window.form_model
        draft = form.draft.with_source(data.kind, getattr(data, "path", ""))
        if draft.table != form.draft.table:
            form.push(draft, f"Take data {data.kind}")

    def shut_down(self) -> None:
        """No thread, no child and no dialog is left."""
        if self.dialog is not None:
            self.dialog.reject()
