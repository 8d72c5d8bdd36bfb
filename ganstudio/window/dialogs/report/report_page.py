"""The page of the report itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganstudio.reports.parts import PARTS, Making
from ganstudio.reports.write import FORMATS, write_report
from ganstudio.window.dialogs.report.making import Make
from ganstudio.window.dialogs.report.page import Page
from ganstudio.window.widgets.toggle import ToggleSwitch

TENSORBOARD = "tensorboard"
"""How the folder of event files is called at first."""


class ReportPage(Page):
    """The report of one run, or of several: its format and what is in it."""

    title = "Report"

    def __init__(self, runs: Sequence[Path], parent: QWidget | None = None) -> None:
        super().__init__({suffix: (title, about) for suffix, (title, about, _) in FORMATS.items()}, parent)
        self.runs = tuple(runs)
        self.switches = {name: ToggleSwitch(title) for name, title in PARTS.items()}
        contents = QWidget()
        column = QVBoxLayout(contents)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for switch in self.switches.values():
            switch.setChecked(True)
            column.addWidget(switch)
        self.assemble([("Contents", contents)])

    def first_path(self, suffix: str) -> Path:
        """In the folder of the run; of several, beside them."""
        first = self.runs[0]
        return (
            first if len(self.runs) == 1 else first.parent
        ) / f"{'report' if suffix else TENSORBOARD}{suffix}"

    def parts(self) -> frozenset[str]:
        """What is switched on."""
        return frozenset(name for name, switch in self.switches.items() if switch.isChecked())

    def make(self) -> Make:
        """Read the runs and write their report."""
        runs, out = self.runs, self.target()

        def made(making: Making) -> list[Path]:
            return write_report(runs, out, making)

        return made
