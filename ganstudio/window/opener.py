"""Opens what a person names, chooses or drops: presets, configs, runs, folders of pictures, saved recipes."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from ganstudio.catalog.presets import load_spec, presets
from ganstudio.core.schema import ConfigError
from ganstudio.window.form.draft import Draft, draft_of
from ganstudio.window.form.presets import draft_of_file, draft_of_preset
from ganstudio.window.opening import Dropped, what_is
from ganstudio.window.run_loader import RunError, StoredRun, read_run

if TYPE_CHECKING:
    from ganstudio.window.main_window import MainWindow

STOP_FIRST = "Stop the run first, then take other settings."


class Opener(QObject):
    """Puts settings into the form and runs on the screen; says why where that cannot be."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.background.done.connect(self._on_read)

    def open_target(self, target: str) -> None:
        """A preset's name, a TOML file, a run's folder or a folder of pictures."""
        path = Path(target).expanduser()
        if path.exists():
            self.open_path(path)
            return
        try:
            self._take(
                draft_of_preset(target) if target in presets() else draft_of(load_spec(target)), target
            )
        except ConfigError as error:
            self._window.problem("This cannot be opened", f"{error}.")

    def open_path(self, path: Path) -> None:
        """Open whatever lies at a path."""
        window, kind = self._window, what_is(path)
        if kind is Dropped.RECIPE:
            window.switcher.restore(path)
        elif kind is Dropped.RUN and window.switcher.take_run(path if path.is_dir() else path.parent):
            return
        elif window.model.active:
            window.status.tell("Stop the run first, then open another.")
        elif kind is Dropped.RUN:
            self.open_run(path if path.is_dir() else path.parent)
        elif kind is Dropped.CONFIG:
            self._open_config(path)
        elif kind is Dropped.PICTURES:
            window.train.form.take_folder(path)
            window.status.tell(f"Pictures come from {path}.")
        else:
            window.problem(
                "This cannot be opened",
                f"{path} is neither a run, nor a config (TOML), nor a folder of pictures, nor a picture or film.",
                "Drop one of these into the window, or use the File menu.",
            )

    def open_run(self, path: Path) -> None:
        """Read a run in the background, then show it."""
        self._window.status.tell(f"Opening {path.name} …")
        self._window.background.submit("run", partial(read_run, path))

    def take_preset(self, name: str) -> None:
        """A preset that needs more (a folder of pictures) is shown with what is missing marked."""
        try:
            self._take(draft_of_preset(name), name)
        except ConfigError as error:
            self._window.problem("This preset cannot be used", f"{error}.")

    def _open_config(self, path: Path) -> None:
        """Take the settings in a file."""
        try:
            self._take(draft_of_file(path), path.name)
        except ConfigError as error:
            self._window.problem(
                "This config cannot be used", f"{error}.", "Correct the file and open it again."
            )

    def _take(self, draft: Draft, name: str) -> None:
        """Show settings in the form."""
        if self._window.model.active:
            self._window.status.tell(STOP_FIRST)
            return
        self._window.form_model.push(draft, f"Take {name}")

    @Slot(str, int, object)
    def _on_read(self, tag: str, number: int, result: object) -> None:
        window = self._window
        if tag != "run" or number != window.background.newest(tag):
            return
        window.status.tell("")
        if isinstance(result, RunError):
            window.problem("This run cannot be opened", str(result))
        elif isinstance(result, StoredRun) and not window.model.active:
            window.form_model.load(result.config, f"Open {result.folder.name}")
            window.controller.show_stored(result)
