"""Asks how a film is to be written, shows how far it is, and lets it be cancelled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ganstudio.core.explore.files import to_table
from ganstudio.core.explore.messages import CannotExplore, Dropped, Film, Working, Written
from ganstudio.window.explore.desk import Desk
from ganstudio.window.explore.lapse import Lapse
from ganstudio.window.explore.state import Explorer
from ganstudio.window.explore.timeline import EVEN, EVEN_TIP
from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption, inset
from ganstudio.window.widgets.saving import SaveDialog
from ganstudio.window.widgets.segmented import SegmentedControl
from ganstudio.window.widgets.toggle import ToggleSwitch

FORMATS = (
    ("gif", "GIF", "Plays everywhere; at most 256 colours a frame"),
    ("mp4", "MP4", "Small and smooth; H.264 video"),
    ("webm", "WebM", "Small and smooth; VP9 video"),
    ("frames", "PNG frames", "A folder with one numbered picture a frame, every pixel as it is"),
    ("png", "Strip", "One long picture of all frames"),
)
WHAT = (
    ("timeline", "Timeline", "The way through the keys"),
    ("through", "Training", "This one recipe at every checkpoint of the run"),
)
STEPS = 1000
WORKING_SLOT = "film"
SMALLEST = 256
"""Pixels that a film should be high at least, at first."""


@dataclass(frozen=True)
class Wish:
    """What the controls say."""

    what: str
    format: str
    fps: float
    scale: int
    even: bool


class FilmDialog(QDialog):
    """``written`` carries the path once the film stands on the disk. A pinned time-lapse is what "Training" films."""

    written = Signal(str)

    def __init__(
        self, explorer: Explorer, desk: Desk, lapse: Lapse, what: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Export film")
        self.explorer, self._desk, self._lapse = explorer, desk, lapse
        self._busy = False
        self.what = SegmentedControl(WHAT, "What")
        self.format = SegmentedControl(FORMATS, "Format")
        self.fps = QDoubleSpinBox()
        self.scale = QSpinBox()
        self.even = ToggleSwitch(EVEN)
        self.even.setChecked(explorer.timeline.even)
        self.size = Caption("")
        self.state = QLabel("")
        self.bar = QProgressBar()
        self.go = QPushButton("Export …")
        self.cancel = QPushButton("Close")
        self._dress()
        self._assemble()
        if what:
            self.what.set_value(what)
        self._show_wish()

    def _dress(self) -> None:
        can = self.explorer.can
        side = can.shape.height if can is not None else 64
        self.fps.setRange(1, 120)
        self.fps.setDecimals(1)
        self.fps.setValue(30)
        self.fps.setSuffix(" frames/s")
        self.scale.setRange(1, 64)
        self.scale.setValue(max(1, SMALLEST // max(side, 1)))
        self.scale.setSuffix(" ×")
        self.even.setToolTip(EVEN_TIP)
        for control, name in ((self.fps, "Frames a second"), (self.scale, "Size")):
            inset(control)
            control.setAccessibleName(name)
            control.setToolTip(name)
            control.setFont(theme().font("figure"))
        self.bar.setRange(0, STEPS)
        self.bar.setAccessibleName("Progress")
        self.bar.hide()
        set_role(self.go, "primary")
        self.go.setToolTip("Choose where, then render frame by frame")
        self.cancel.setToolTip("Close; what is being written is removed")
        self.state.setWordWrap(True)
        plays = self.explorer.timeline.plays
        self.what.set_enabled("timeline", plays, "Two keys are needed.")
        if not plays:
            self.what.set_value("through")

    def _assemble(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        form.addRow("What", self.what)
        form.addRow("Format", self.format)
        form.addRow("Speed", self.fps)
        form.addRow("Size", self.scale)
        form.addRow("", self.size)
        form.addRow("", self.even)
        feet = QHBoxLayout()
        feet.addStretch(1)
        feet.addWidget(self.cancel)
        feet.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(form)
        column.addWidget(self.bar)
        column.addWidget(self.state)
        column.addLayout(feet)
        for control in (self.what.chosen, self.format.chosen, self.fps.valueChanged, self.scale.valueChanged):
            control.connect(self._show_wish)
        self.even.toggled.connect(self._on_even)
        self.go.clicked.connect(self._on_go)
        self.cancel.clicked.connect(self.reject)

    def wish(self) -> Wish:
        """What the controls say."""
        return Wish(
            self.what.value(),
            self.format.value(),
            self.fps.value(),
            self.scale.value(),
            self.even.isChecked(),
        )

    @Slot()
    def _show_wish(self) -> None:
        wish, opened = self.wish(), self.explorer.opened
        if opened is None:
            return
        shape = opened.capabilities.shape
        through = wish.what == "through"
        frames = (
            (len(self._lapse.frames()) or len(opened.steps))
            if through
            else len(self.explorer.timeline.frames(self.explorer.recipe, wish.fps))
        )
        width, height = shape.width * wish.scale, shape.height * wish.scale
        words = f"{width:,} × {height:,} px" if shape.kind == "image" else "points, drawn"
        pinned = " · pinned" if through and self._lapse.pinned else ""
        self.size.setText(f"{words} · {frames:,} frames · {frames / wish.fps:.1f} s{pinned}")
        self.even.setEnabled(not through)
        why = self.explorer.why_not("film") or ("" if frames else "This run has no checkpoints.")
        self.go.setEnabled(not why and not self._busy)
        self.state.setText(why)

    @Slot(bool)
    def _on_even(self, on: bool) -> None:
        """The timeline keeps the choice: a film that is dropped on the window brings it back."""
        self.explorer.set_timeline(replace(self.explorer.timeline, even=on), EVEN)

    # ------------------------------------------------------------ writing

    @Slot()
    def _on_go(self) -> None:
        path = self._ask_path()
        if path is not None:
            self.export(path)

    def _ask_path(self) -> Path | None:
        format = self.format.value()
        if format != "frames":
            return SaveDialog.ask(self, "Export film", "film", f".{format}")
        chosen = QFileDialog.getExistingDirectory(self, "A folder for the frames")
        return empty_folder(Path(chosen)) if chosen else None

    def export(self, path: Path) -> None:
        """Render into a file (or a folder, for PNG frames)."""
        wish, model, recipe = self.wish(), self.explorer.model, self.explorer.recipe
        if model is None:
            return
        through = wish.what == "through"
        recipes = (
            (self._lapse.recipe or recipe,) if through else self.explorer.timeline.frames(recipe, wish.fps)
        )
        record = {} if through else {"timeline": to_table(self.explorer.timeline)}
        self._set_busy(True)
        request = Film(
            0,
            WORKING_SLOT,
            model,
            recipes,
            str(path),
            wish.fps,
            wish.scale,
            wish.even and not through,
            through,
            record,
            self._lapse.frames() if through else (),
        )
        self._desk.ask(request, self._on_report)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.bar.setVisible(busy)
        self.bar.setValue(0)
        for control in (self.what, self.format, self.fps, self.scale, self.even, self.go):
            control.setEnabled(not busy)
        self.cancel.setText("Cancel" if busy else "Close")

    def _on_report(self, report: object) -> None:
        if isinstance(report, Working):
            self.bar.setValue(round(report.done * STEPS))
            self.state.setText(f"{report.what}, {report.done:.0%}")
        elif isinstance(report, CannotExplore):
            self._set_busy(False)
            self.state.setText(f"{report.problem} {report.remedy}".strip())
        elif isinstance(report, Written):
            self._set_busy(False)
            self.written.emit(report.path)
            self.accept()
        elif isinstance(report, Dropped):
            self._set_busy(False)

    def done(self, result: int) -> None:
        """A film that is being written is given up."""
        if self._busy:
            self._busy = False
            self._desk.cancel(WORKING_SLOT)
        super().done(result)


def empty_folder(chosen: Path) -> Path:
    """The folder that was chosen where it is empty, else a new one within it: frames and other files stay apart."""
    try:
        if not any(chosen.iterdir()):
            return chosen
    except OSError:  # whoever writes says what is wrong with it
        return chosen
    names = chain(["frames"], (f"frames-{number}" for number in count(2)))
    return next(path for path in map(chosen.joinpath, names) if not path.exists())
