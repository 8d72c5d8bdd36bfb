"""Does what the actions say: one method for each id of the table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QCursor, QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog, QToolTip, QWidget

from ganstudio.core.config import dump_toml
from ganstudio.core.files import write_atomically
from ganstudio.core.lifecycle import State
from ganstudio.window.theme import theme

if TYPE_CHECKING:
    from ganstudio.window.chart_export import ChartExport
    from ganstudio.window.explore.state import Explorer
    from ganstudio.window.form.model import FormModel
    from ganstudio.window.main_window import MainWindow
    from ganstudio.window.workspaces.compare import CompareWorkspace


class Performer(QObject):
    """The verbs of the window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._charts_out: ChartExport | None = None

    @Slot(str)
    def perform(self, id: str) -> None:
        """Do the action with an id, if it can be done now."""
        if id == "run.details":
            self.details()
        elif id.startswith("theme."):
            self.set_theme(id.partition(".")[2])
        elif id.startswith("workspace."):
            self._window.switcher.show(id.partition(".")[2])
        elif not self._window.registry.action(id).isEnabled():
            pass
        elif id.startswith("explore.") and (explore := self._window.switcher.explore) is not None:
            explore.verbs.perform(id)
        elif id.startswith("compare.") and (compare := self._window.switcher.compare) is not None:
            compare.verbs.perform(id)
        else:
            getattr(self, id.replace(".", "_").replace("-", "_"))()
        self._window.refresh()

    # ------------------------------------------------------------ run

    def run_toggle(self) -> None:
        """Start, pause or go on, whichever fits."""
        controller, state = self._window.controller, self._window.model.state
        if state is State.RUNNING:
            controller.pause()
        elif state is State.PAUSED:
            controller.resume()
        elif not self._window.model.active:
            self._start(paused=False)

    def run_start_paused(self) -> None:
        """Set up and wait."""
        self._start(paused=True)

    def _start(self, paused: bool) -> None:
        focus = QApplication.focusWidget()
        if focus is not None:  # what is being typed counts
            focus.clearFocus()
        found = self._window.form_model.examined
        if found.sound:
            self._window.controller.start(found.config, paused)
        else:
            self._window.setup_dock.show()
            self._window.train.form.show_first_problem()
            self._window.status.tell("A setting cannot be used yet: it is marked in the form.")

    def run_step(self) -> None:
        """One update."""
        self._window.controller.step()

    def run_half_discriminator(self) -> None:
        """The discriminator's half."""
        self._window.controller.step("discriminator")

    def run_half_generator(self) -> None:
        """The generator's half."""
        self._window.controller.step("generator")

    def run_stop(self) -> None:
        """End the run with a checkpoint."""
        self._window.controller.stop()

    def run_save(self) -> None:
        """A checkpoint now."""
        self._window.controller.save()

    def run_measure(self) -> None:
        """The dialog of what can be measured."""
        self._window.measuring.open()

    def run_resume(self) -> None:
        """Go on from the newest checkpoint. A run that had reached its end goes on to the form's steps."""
        window = self._window
        at, steps = window.model.resume_step(), window.form_model.examined.config.steps
        more = steps if at is not None and at >= window.model.total_steps and steps > at else None
        if at is not None and at >= window.model.total_steps and more is None:
            window.status.tell(f"This run is complete at step {at:,}. Set more steps in the form to go on.")
            return
        window.controller.resume_run(steps=more)

    def run_queue(self) -> None:
        """The form's run, as soon as nothing else trains."""
        self._window.sweeps.add_one()

    def run_sweep(self) -> None:
        """The dialog that plans a sweep."""
        self._window.sweeps.plan()

    def run_close(self) -> None:
        """No run on the screen."""
        self._window.controller.close_run()

    def details(self) -> None:
        """The details of a failure."""
        failure = self._window.model.failure
        if failure is not None:
            self._window.problem("The run cannot go on", failure.problem, failure.remedy, failure.detail)

    # ------------------------------------------------------------ file

    def file_new(self) -> None:
        """A preset's settings."""
        self._window.menus.choose_preset()

    def file_open_run(self) -> None:
        """A run's folder."""
        chosen = QFileDialog.getExistingDirectory(
            self._window, "Open a run's folder", str(self._window.settings.settings.runs)
        )
        if chosen:
            self._window.opener.open_path(Path(chosen))

    def file_open_config(self) -> None:
        """A TOML file."""
        chosen, _ = QFileDialog.getOpenFileName(self._window, "Open a config", "", "Config (*.toml)")
        if chosen:
            self._window.opener.open_path(Path(chosen))

    def file_save_config(self) -> None:
        """The form as a TOML file."""
        config = self._window.form_model.examined.config
        chosen, _ = QFileDialog.getSaveFileName(
            self._window, "Save the config", f"{config.name}.toml", "Config (*.toml)"
        )
        if not chosen:
            return
        path = Path(chosen).with_suffix(".toml") if not Path(chosen).suffix else Path(chosen)
        try:
            write_atomically(path, dump_toml(config).encode("utf-8"))
        except OSError as error:
            self._window.problem(
                "The config could not be saved", f"{path} cannot be written ({error.strerror or error})."
            )
            return
        self._window.status.tell(f"Saved {path.name}.")

    def file_show_folder(self) -> None:
        """The run's folder in the file manager."""
        folder = self._window.model.folder
        if folder is not None and not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder.path))):
            self._window.status.tell(f"No file manager answers. The folder is {folder.path}.")

    def file_export_grid(self) -> None:
        """The samples as a picture."""
        stage = self._window.train.stage
        stage.cloud.save_picture() if self._points() else stage.grid.save_grid()

    def edit_copy_grid(self) -> None:
        """The samples on the clipboard."""
        stage = self._window.train.stage
        stage.cloud.copy_picture() if self._points() else stage.grid.copy_grid()

    def _points(self) -> bool:
        shape = self._window.model.shape
        return shape is not None and shape.kind == "points"

    def file_report(self) -> None:
        """The report of the run on the screen."""
        from ganstudio.window.dialogs.report import ReportDialog

        folder = self._window.model.folder
        if folder is not None:
            ReportDialog((folder.path,), self._window).open()

    def file_export_chart(self) -> None:
        """A chart of the workspace in front: the focused one, else the first that is seen."""
        from ganstudio.window.chart_export import ChartExport, meant

        switcher = self._window.switcher
        if self._charts_out is None:
            self._charts_out = ChartExport(self._window)
        if switcher.front == "compare" and switcher.compare is not None:
            self._charts_out.ask(switcher.compare.below.chart())
        else:
            self._charts_out.ask(meant(self._window.train.charts.panels))

    # ------------------------------------------------------------ edit and view

    def edit_undo(self) -> None:
        """Take the last edit of the form, step of exploring or change of runs back."""
        self._undoing().undo()

    def edit_redo(self) -> None:
        """Do it again."""
        self._undoing().redo()

    def _undoing(self) -> FormModel | Explorer | CompareWorkspace:
        """Whose steps are taken back: those of the workspace in front."""
        front, explore, compare = (
            self._window.switcher.front, self._window.switcher.explore, self._window.switcher.compare,
        )  # fmt: skip
        if front == "explore" and explore is not None:
            return explore.explorer
        if front == "compare" and compare is not None:
            return compare
        return self._window.form_model

    def view_setup(self) -> None:
        """Show or hide the form."""
        self._window.setup_dock.setVisible(self._window.setup_dock.isHidden())

    def view_charts(self) -> None:
        """Show or hide the charts."""
        self._window.charts_dock.setVisible(self._window.charts_dock.isHidden())

    def view_gallery(self) -> None:
        """Every data source."""
        self._window.gallery.open()

    def view_reset_layout(self) -> None:
        """Every panel in its place."""
        self._window.reset_layout()

    def view_full_screen(self) -> None:
        """The whole screen, or a window again."""
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def set_theme(self, mode: str) -> None:
        """Dark, light, or like the system."""
        settings = self._window.settings
        settings.settings.theme = mode
        settings.save()
        theme().set_mode(mode)

    # ------------------------------------------------------------ app and help

    def app_palette(self) -> None:
        """Any action, preset or recent run."""
        self._window.menus.choose_anything()

    def app_preferences(self) -> None:
        """The preferences."""
        from ganstudio.window.dialogs.preferences import PreferencesDialog

        dialog = PreferencesDialog(self._window.settings.settings, self._window)
        dialog.applied.connect(self._on_preferences)
        dialog.open()

    @Slot()
    def _on_preferences(self) -> None:
        window = self._window
        window.controller.worker.prestart = window.settings.settings.prestart
        self.set_theme(window.settings.settings.theme)
        window.refresh()

    def app_quit(self) -> None:
        """Close the window."""
        self._window.close()

    def help_what(self) -> None:
        """Explain what is under the pointer; where there is nothing to explain, show the keys."""
        widget: QWidget | None = QApplication.widgetAt(QCursor.pos())
        while widget is not None and not widget.toolTip():
            widget = widget.parentWidget()
        if widget is None:
            self.help_keys()
        else:
            QToolTip.showText(QCursor.pos(), widget.toolTip(), widget)

    def help_keys(self) -> None:
        """The page of shortcuts."""
        from ganstudio.window.dialogs.pages import PageDialog, keys_page

        text = keys_page(self._window.registry.entries({}))
        PageDialog("Keyboard shortcuts", text, self._window).open()

    def help_about(self) -> None:
        """The page about the program."""
        from ganstudio.window.dialogs.pages import PageDialog, about_page

        PageDialog("About GAN Studio", about_page(), self._window, (460, 320)).open()
