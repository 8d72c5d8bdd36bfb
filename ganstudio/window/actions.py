"""Every action of the window as a table: words, keys, menu, and when it can be done. Knows no Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ganstudio.core.lifecycle import State


@dataclass(frozen=True)
class Situation:
    """What decides whether an action can be done."""

    state: State = State.IDLE
    has_run: bool = False
    resume_step: int | None = None
    undo: str = ""
    redo: str = ""
    has_samples: bool = False
    has_series: bool = False
    has_chart: bool = False
    """Whether the Compare workspace shows a chart."""
    busy_elsewhere: bool = False
    workspace: str = "train"
    has_model: bool = False
    has_timeline: bool = False
    runs_shown: int = 0
    runs_selected: int = 0
    runs_added: bool = False
    """Whether all selected runs lie outside the runs folder."""
    run_damaged: bool = False
    run_in_train: bool = False
    """Whether the selected run is the one of the Train workspace."""

    @property
    def active(self) -> bool:
        """Whether a run is under way."""
        return self.state in (State.STARTING, State.RUNNING, State.PAUSED, State.STOPPING)


When = Callable[[Situation], str]
"""Why an action cannot be done now, as a sentence; empty where it can."""


def _always(_now: Situation) -> str:
    return ""


def _toggle(now: Situation) -> str:
    if now.state is State.STARTING:
        return "The run is getting ready."
    if now.state is State.STOPPING:
        return "The run is stopping."
    return ""


def _start(now: Situation) -> str:
    return "A run is under way." if now.active else ""


def _stepping(now: Situation) -> str:
    return "" if now.state in (State.RUNNING, State.PAUSED) else "No run is under way."


def _stoppable(now: Situation) -> str:
    if now.state is State.STOPPING:
        return "The run is stopping."
    return "" if now.active else "No run is under way."


def _inactive(now: Situation) -> str:
    return "Stop the run first." if now.active else ""


def _resumable(now: Situation) -> str:
    if now.active:
        return "A run is under way."
    if not now.has_run:
        return "Open a run first."
    if now.busy_elsewhere:
        return "Another process trains this run."
    return "" if now.resume_step is not None else "This run has no checkpoint to go on from."


def _measurable(now: Situation) -> str:
    if not now.has_run:
        return "No run is open."
    if now.state is State.STARTING:
        return "The run is getting ready."
    return "" if now.active or now.resume_step is not None else "This run has no checkpoint to measure."


def _closable(now: Situation) -> str:
    return _inactive(now) or ("" if now.has_run else "No run is open.")


def _with_run(now: Situation) -> str:
    return "" if now.has_run else "No run is open."


def _with_samples(now: Situation) -> str:
    return "" if now.has_samples else "There are no samples yet."


def _with_chart(now: Situation) -> str:
    if now.workspace == "compare":
        return (
            ""
            if now.has_chart
            else "No chart is shown: select runs and look at their curves or their scatter."
        )
    return "" if now.has_series else "There are no series yet."


def _undo(now: Situation) -> str:
    return "" if now.undo else "There is nothing to take back."


def _redo(now: Situation) -> str:
    return "" if now.redo else "There is nothing to do again."


def _panels(now: Situation) -> str:
    return "" if now.workspace == "train" else "The panels belong to the Train workspace (Ctrl+1)."


@dataclass(frozen=True)
class ActionSpec:
    """One action. ``menu`` is a path such as "View/Theme"; ``group`` makes the choices of a group exclusive."""

    id: str
    text: str
    shortcut: str
    tip: str
    menu: str
    when: When = _always
    checkable: bool = False
    group: str = ""
    icon: str = ""
    separator: bool = False
    """Whether a line stands above it in its menu."""


ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("file.new", "New run from a preset …", "Ctrl+N", "Take the settings of a ready run.", "File", _inactive),
    ActionSpec("file.open-run", "Open run …", "Ctrl+O", "Show a run's folder, and go on with it.", "File", _inactive),
    ActionSpec(
        "file.open-config", "Open config …", "Ctrl+Shift+O", "Take the settings in a TOML file.", "File", _inactive
    ),
    ActionSpec(
        "file.save-config", "Save config as …", "Ctrl+Shift+S", "Write the settings of the form into a TOML file.",
        "File",
    ),
    ActionSpec(
        "file.show-folder", "Show run folder", "Ctrl+Shift+F", "Open the run's folder in the file manager.", "File",
        _with_run, separator=True,
    ),
    ActionSpec(
        "file.export-grid", "Export samples …", "Ctrl+E", "Save the samples on the screen as a picture.", "File",
        _with_samples,
    ),
    ActionSpec(
        "file.export-chart", "Export chart …", "Ctrl+Shift+E",
        "Save the chart that has the focus, or the first, as PNG, SVG or CSV.", "File", _with_chart,
    ),
    ActionSpec(
        "file.report", "Report and export …", "Ctrl+Shift+P",
        "A report as web page, PDF, Markdown or data; generator and checkpoints as files for use elsewhere.", "File",
        _with_run,
    ),
    ActionSpec(
        "app.preferences", "Preferences …", "Ctrl+,", "Folder of runs, theme, engine.", "File", separator=True,
        icon="settings",
    ),
    ActionSpec("app.quit", "Quit", "Ctrl+Q", "Close the window; a run under way is asked about.", "File"),
    ActionSpec("edit.undo", "Undo", "Ctrl+Z", "Take the last change of form, picture or runs back.", "Edit", _undo),
    ActionSpec("edit.redo", "Redo", "Ctrl+Shift+Z", "Do the change again that was taken back.", "Edit", _redo),
    ActionSpec(
        "edit.copy-grid", "Copy samples", "Ctrl+Shift+C", "Put the samples on the clipboard as a picture.", "Edit",
        _with_samples, separator=True,
    ),
    ActionSpec(
        "run.toggle", "Start", "Space", "Train what the form says; pause and go on while a run is under way.", "Run",
        _toggle, icon="play",
    ),
    ActionSpec(
        "run.start-paused", "Start paused", "Shift+Space", "Set the run up and wait before the first step.", "Run",
        _start,
    ),
    ActionSpec(
        "run.step", "Step", ".", "One update of discriminator and generator, then pause.", "Run", _stepping,
        icon="step", separator=True,
    ),
    ActionSpec(
        "run.half-discriminator", "Half step: discriminator", "Shift+D",
        "Update the discriminator alone, then pause.", "Run", _stepping,
    ),
    ActionSpec(
        "run.half-generator", "Half step: generator", "Shift+G", "Update the generator alone, then pause.", "Run",
        _stepping,
    ),
    ActionSpec(
        "run.stop", "Stop", "Ctrl+.", "End the run and save a checkpoint, so that it can go on later.", "Run",
        _stoppable, icon="stop", separator=True,
    ),
    ActionSpec("run.save", "Save checkpoint", "Ctrl+S", "Write the whole state of training now.", "Run", _stepping,
               icon="save"),
    ActionSpec(
        "run.measure", "Measure …", "Ctrl+M",
        "Measure how good the samples are: in the background, with protocol and interval.", "Run", _measurable,
    ),
    ActionSpec(
        "run.resume", "Resume run", "Ctrl+R", "Go on exactly where the newest checkpoint stands.", "Run", _resumable,
        separator=True,
    ),
    ActionSpec(
        "run.queue", "Add to queue", "Ctrl+Shift+A",
        "Train what the form says as soon as nothing else trains.", "Run", separator=True,
    ),
    ActionSpec(
        "run.sweep", "Sweep …", "Ctrl+Shift+W",
        "Train what the form says with several values of its settings and several seeds, one run after the other.",
        "Run",
    ),
    ActionSpec("run.close", "Close run", "Ctrl+W", "Clear samples and charts; the folder stays.", "Run", _closable),
    ActionSpec("view.setup", "Setup", "Ctrl+Shift+1", "Show or hide the setup form.", "View", _panels,
               checkable=True, separator=True),
    ActionSpec("view.charts", "Charts", "Ctrl+Shift+2", "Show or hide the charts.", "View", _panels, checkable=True),
    ActionSpec(
        "view.gallery", "Data gallery …", "Ctrl+G",
        "See every data source: samples, classes, origin, download, and what is left out of a folder.", "View",
        separator=True,
    ),
    ActionSpec(
        "view.reset-layout", "Reset layout", "Ctrl+Shift+0", "Put every panel back where it was at first.", "View"
    ),
    ActionSpec("view.full-screen", "Full screen", "F11", "Use the whole screen, or a window again.", "View",
               checkable=True),
    ActionSpec("theme.system", "Like the system", "", "Follow the system's light or dark theme.", "View/Theme",
               checkable=True, group="theme"),
    ActionSpec("theme.dark", "Dark", "", "Light letters on dark.", "View/Theme", checkable=True, group="theme"),
    ActionSpec("theme.light", "Light", "", "Dark letters on light.", "View/Theme", checkable=True, group="theme"),
    ActionSpec(
        "app.palette", "Search actions …", "Ctrl+K", "Find any action, preset or recent run by a few letters.", "Help",
        icon="search",
    ),
    ActionSpec("help.what", "What is this", "F1", "Explain what is under the pointer.", "Help"),
    ActionSpec("help.keys", "Keyboard shortcuts", "Ctrl+/", "All keys on one page.", "Help"),
    ActionSpec("help.about", "About GAN Studio", "", "Version and licence.", "Help", separator=True),
)  # fmt: skip


@dataclass(frozen=True)
class WorkspaceSpec:
    """A workspace of the rail; ``factory`` is "module:class", imported when first shown."""

    name: str
    title: str
    icon: str
    shortcut: str
    tip: str
    factory: str


WORKSPACES: tuple[WorkspaceSpec, ...] = (
    WorkspaceSpec(
        "train", "Train", "train", "Ctrl+1", "Set a run up and watch it train.",
        "ganstudio.window.workspaces.train:TrainWorkspace",
    ),
    WorkspaceSpec(
        "explore", "Explore", "explore", "Ctrl+2", "Travel through what a generator has learned.",
        "ganstudio.window.workspaces.explore:ExploreWorkspace",
    ),
    WorkspaceSpec(
        "compare", "Compare", "compare", "Ctrl+4", "See all runs in a table, and several beside each other.",
        "ganstudio.window.workspaces.compare:CompareWorkspace",
    ),
)  # fmt: skip

KEYS_IN_PLACE: tuple[tuple[str, str], ...] = (
    ("R", "Samples: show the real ones beside the generated"),
    ("Arrow keys", "Samples: move from one to the next; time slider: from one saved grid to the next"),
    ("Enter, Esc", "Samples: enlarge one, and back to all"),
    ("Arrow keys", "Explore: travel from the picture; move along strips, grids and the matrix"),
    ("Enter", "Compare: open the run in Train; show or hide the runs of a group"),
    ("Ctrl+A", "Compare: select all runs that are shown"),
    ("Up, Down", "Form: change a whole number by one, with Shift by ten"),
)
"""Keys that count where the focus is; told on the page of shortcuts."""
