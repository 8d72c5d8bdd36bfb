"""Measuring as the main window has it: one measurer, one dialog, a place in the status strip."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from ganstudio.window.measuring.measurer import Measurer

if TYPE_CHECKING:
    from ganstudio.window.main_window import MainWindow
    from ganstudio.window.measuring.dialog import MeasureDialog


class MeasuringDesk(QObject):
    """Opens the dialog for the run on the screen and ends everything with the window."""

    def __init__(self, window: MainWindow, target: Callable[[Connection], None] | None = None) -> None:
        super().__init__(window)
        self._window = window
        self.measurer = Measurer(window.controller, target)
        self.dialog: MeasureDialog | None = None
        self.measurer.told.connect(window.status.tell)
        window.status.follow(self.measurer)
        window.model.run_changed.connect(self._on_run)

    def open(self) -> None:
        """The dialog; one at a time."""
        from ganstudio.window.measuring.dialog import MeasureDialog

        model = self._window.model
        if model.folder is None or model.config is None:
            return
        if self.dialog is None:
            self.dialog = MeasureDialog(self.measurer, model.folder, model.config, self._window)
            self.dialog.finished.connect(self._on_finished)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    @Slot()
    def _on_finished(self) -> None:
        self.dialog = None

    @Slot()
    def _on_run(self) -> None:
        """Another run, or none: the dialog was about the one before."""
        model = self._window.model
        if self.dialog is not None and (model.folder is None or model.folder.path != self.dialog.folder.path):
            self.dialog.reject()

    def shut_down(self) -> None:
        """No thread, no child and no dialog is left."""
        if self.dialog is not None:
            self.dialog.reject()
        self.measurer.shut_down()
