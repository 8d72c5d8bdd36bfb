"""The actions of the Compare workspace as a table, like those of the rest of the window. Knows no Qt."""

from __future__ import annotations

from ganstudio.window.actions import ActionSpec, Situation

ELSEWHERE = "This belongs to the Compare workspace (Ctrl+4)."


def _in_front(now: Situation) -> str:
    return "" if now.workspace == "compare" else ELSEWHERE


def _with_runs(now: Situation) -> str:
    return _in_front(now) or ("" if now.runs_selected else "Select a run in the table first.")


def _with_one(now: Situation) -> str:
    return _with_runs(now) or ("" if now.runs_selected == 1 else "Select one run only.")


def _whole(now: Situation) -> str:
    return _with_one(now) or ("This run is damaged: its settings cannot be used." if now.run_damaged else "")


def _open(now: Situation) -> str:
    return _whole(now) or ("Stop the run under way first." if now.active and not now.run_in_train else "")


def _duplicate(now: Situation) -> str:
    return _whole(now) or ("Stop the run under way first." if now.active else "")


def _report(now: Situation) -> str:
    if why := _with_runs(now):
        return why
    return "A report is about 64 runs at the most." if now.runs_selected > 64 else ""


def _listed(now: Situation) -> str:
    return _in_front(now) or ("" if now.runs_shown else "No run is shown.")


def _elsewhere(now: Situation) -> str:
    return _with_runs(now) or (
        "" if now.runs_added else "Only runs from outside the runs folder can be taken off."
    )


def _action(id: str, text: str, keys: str, tip: str, when: object, **more: bool) -> ActionSpec:
    return ActionSpec(f"compare.{id}", text, keys, tip, "Compare", when, **more)  # type: ignore[arg-type]


COMPARE_ACTIONS: tuple[ActionSpec, ...] = (
    _action("open", "Open", "", "Show the selected run's samples and charts (Enter in the table).", _open),
    _action("explore", "Explore", "E", "Travel through what the selected run's generator has learned.", _whole),
    _action("duplicate", "Duplicate", "Ctrl+D",
            "Put the selected run's settings into the form, seed and name too, as the start of a new run.", _duplicate),
    _action("sweep", "Sweep from this run …", "",
            "Train the selected run's settings again with several values of some of them, and several seeds.", _whole),
    _action("report", "Report …", "Ctrl+Alt+R",
            "Write one report about all selected runs, beside each other.", _report),
    _action("show-folder", "Show in the file manager", "", "Open the selected run's folder.", _with_one),
    _action("star", "Star", "S", "Give the selected runs a star, or take it away.", _with_runs, separator=True),
    _action("rename", "Rename", "F2", "Give the selected run a name of its own; its folder keeps its name.", _with_one),
    _action("tags", "Tags …", "T", "Give the selected runs words by which they are found again.", _with_runs),
    _action("note", "Note …", "N", "Write down what you think of the selected run.", _with_one),
    _action("archive", "Archive", "A",
            "Put the selected runs out of sight, or back; they stay where they are on the disk.", _with_runs,
            separator=True),
    _action("trash", "Move to the trash", "Del",
            "Move the selected runs' folders to the system's trash; undo brings them back.", _with_runs),
    _action("take-off", "Take off the list", "", "Forget runs from outside the runs folder; their folders stay.",
            _elsewhere),
    _action("add", "Add a run …", "Ctrl+Alt+O", "Show a run from anywhere in the table too; a folder of runs as well.",
            _in_front, separator=True),
    _action("filter", "Filter", "Ctrl+F", "Find runs by words and terms.", _in_front),
    _action("sort", "Sort by …", "Ctrl+Alt+S", "Choose the column that the table is sorted by.", _listed),
    _action("columns", "Columns …", "Ctrl+Alt+C", "Choose the columns of the table.", _in_front),
    _action("export", "Export the table …", "Ctrl+Alt+E", "Write the runs and columns that are shown as CSV.", _listed),
    _action("view-runs", "Below: Selected runs", "Ctrl+Alt+1", "Curves, settings, samples and scatter.", _in_front,
            separator=True),
    _action("view-sweep", "Below: Mean and spread", "Ctrl+Alt+2", "What a setting does on average.", _in_front),
    _action("view-queue", "Below: Queue", "Ctrl+Alt+3", "Runs that wait for their turn.", _in_front),
)  # fmt: skip
