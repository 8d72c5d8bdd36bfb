"""Asks what is to be measured of the run on the screen; progress and numbers as they come."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QLocale, QSize, Qt, Slot
from PySide6.QtGui import QDoubleValidator, QIntValidator
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.catalog.best import best_checkpoint
from ganstudio.catalog.measures import MEASURES, downloads
from ganstudio.core.config import RunConfig
from ganstudio.core.lifecycle import State
from ganstudio.core.messages import Measure
from ganstudio.core.numbers import step as step_words
from ganstudio.core.numbers import whole
from ganstudio.core.published import PublishedNetwork
from ganstudio.core.runs import RunFolder
from ganstudio.window.measuring.choices import OWN, PUBLISHED, has_both, in_own_features, usual_samples
from ganstudio.window.measuring.kept import last_measured
from ganstudio.window.measuring.measurer import Measurer, title_of
from ganstudio.window.measuring.metric_list import MetricList
from ganstudio.window.measuring.results import ResultList, shared_words
from ganstudio.window.measuring.weights_card import WeightsCard
from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption, Card, ElidedLabel
from ganstudio.window.widgets.segmented import SegmentedControl

SIZE = QSize(940, 680)
SIDE = 400
NEWEST, NOW, BEST = -1, -2, -3
"""Checkpoints that are no step: the newest, one saved now, the best."""
FEATURES = (
    (
        OWN,
        "Own classifier",
        "A small network that learns the data itself: needs no download, compares only this data",
    ),
    (PUBLISHED, "Published", "The networks that published numbers are made with, downloaded once"),
)


class MeasureDialog(QDialog):
    """What to measure of one run, and what came of it. It may be closed while measuring goes on."""

    def __init__(
        self, measurer: Measurer, folder: RunFolder, config: RunConfig, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Measure")
        self.measurer, self.folder, self.config = measurer, folder, config
        self.model = measurer.controller.model
        self._known: object = None
        self._kept = last_measured(folder)
        self._make_widgets()
        self._assemble()
        self._connect()
        self.list.show_metrics(config, OWN, config.measure.names)
        self._fill_checkpoints()
        self._as_last_time()
        self.refresh()
        self.go.setFocus(Qt.FocusReason.OtherFocusReason)
        measurer.wanted = True

    def _as_last_time(self) -> None:
        """What was last asked for of this run stands there again."""
        last = self.measurer.asked
        if last is None or not isinstance(last.wish, Measure) or last.wish.run != str(self.folder.path):
            return
        wish = last.wish
        self.samples.setText(str(wish.samples))
        self.seed.setText(str(wish.seed))
        self.truncation.setText(f"{wish.truncation:g}")
        published = any(downloads(MEASURES[name]) for name in wish.metrics)
        self.features.set_value(PUBLISHED if published else OWN)
        self.list.show_metrics(self.config, self.features.value(), wish.metrics)

    # ------------------------------------------------------------ assembly

    def _make_widgets(self) -> None:
        self.list = MetricList()
        self.features = SegmentedControl(FEATURES, "Features")
        self.weights = WeightsCard(self.measurer)
        self.checkpoint = QComboBox()
        self.samples = self._number(self.config.measure.samples or usual_samples(self.config), 2, 1_000_000)
        self.seed = self._number(0, 0, 2**31 - 1)
        self.truncation = QLineEdit("1")
        self.truncation.setValidator(_plain(QDoubleValidator(0, 10, 4, self)))
        self.results, self.shared = ResultList(), Caption(wrap=True)
        self.what, self.problem = ElidedLabel(), Caption(wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of measuring")
        set_role(self.problem, "warning")
        self.none_, self.all_ = QPushButton("None"), QPushButton("All")
        self.stop, self.go, self.leave = QPushButton("Cancel"), QPushButton("Measure"), QPushButton("Close")
        set_role(self.go, "primary")
        self.go.setDefault(True)
        for widget, name, tip in (
            (self.checkpoint, "Checkpoint", "Which state of the run is measured"),
            (
                self.samples,
                "Samples",
                "How many the generator makes; few give noisy numbers, and a warning says so",
            ),
            (self.seed, "Seed", "Where the latents start: the same seed gives the same numbers"),
            (
                self.truncation,
                "Truncation",
                "1 is the whole prior; less moves w towards its average, or makes z shorter where there is no w",
            ),
            (self.none_, "No metric", "Switch all metrics off"),
            (self.all_, "All metrics", "Switch all metrics on that suit this run"),
            (self.stop, "Cancel measuring", "End it; what has been measured stays"),
            (self.leave, "Close", "Close this; measuring goes on in the background"),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(tip)

    def _number(self, value: int, low: int, high: int) -> QLineEdit:
        edit = QLineEdit(str(value))
        edit.setValidator(_plain(QIntValidator(low, high, self)))
        edit.setFont(theme().font("figure"))
        return edit

    def _assemble(self) -> None:
        title = QLabel("Measure")
        title.setFont(theme().font("heading"))
        name = ElidedLabel(f"{self.folder.path.name} · {self.config.variant} on {self.config.data.kind}")
        name.setFont(theme().font("caption"))
        set_role(name, "caption")
        metrics = Card("Metrics")
        for button in (self.none_, self.all_):
            set_role(button, "quiet")
            metrics.add_control(button)
        metrics.body.addWidget(self.list)
        side = QVBoxLayout()
        side.setSpacing(8)
        side.addWidget(self._how())
        self.found = Card("Results")
        self.found.body.addWidget(self.shared)
        self.found.body.addWidget(self.results)
        side.addWidget(self.found, 1)
        right = QWidget()
        right.setFixedWidth(SIDE)
        right.setLayout(side)
        side.setContentsMargins(0, 0, 0, 0)
        middle = QHBoxLayout()
        middle.setSpacing(10)
        middle.addWidget(metrics, 1)
        middle.addWidget(right)
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        buttons.addWidget(self.what, 1)
        for button in (self.leave, self.stop, self.go):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(8)
        for widget in (title, name):
            column.addWidget(widget)
        column.addLayout(middle, 1)
        for widget in (self.problem, self.bar):
            column.addWidget(widget)
        column.addLayout(buttons)
        self.resize(SIZE.boundedTo(self.screen().availableGeometry().size()))

    def _how(self) -> Card:
        card = Card("How")
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(6)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("Checkpoint", self.checkpoint)
        form.addRow("Samples", self.samples)
        form.addRow("Seed", self.seed)
        form.addRow("Truncation", self.truncation)
        card.body.addLayout(form)
        if has_both(self.config):
            form.addRow("Features", self.features)
            card.body.addWidget(self.weights)
        return card

    def _connect(self) -> None:
        self.features.chosen.connect(self._on_features)
        self.list.changed.connect(self.refresh)
        self.none_.clicked.connect(self._on_none)
        self.all_.clicked.connect(self._on_all)
        for edit in (self.samples, self.seed, self.truncation):
            edit.textChanged.connect(self.refresh)
        self.go.clicked.connect(self._on_go)
        self.stop.clicked.connect(self.measurer.cancel)
        self.leave.clicked.connect(self.reject)
        self.measurer.changed.connect(self.refresh)
        self.measurer.weights_here.connect(self.refresh)
        self.model.state_changed.connect(self._on_run)
        self.model.progress_changed.connect(self._on_run)
        self.model.measurements_changed.connect(self._on_run)

    # ------------------------------------------------------------ which checkpoint

    def _fill_checkpoints(self) -> None:
        """The newest, one saved now where the run trains here, the best, every step from the newest to the oldest."""
        steps, best = self.folder.checkpoint_steps(), best_checkpoint(self.folder)
        entries: list[tuple[str, int]] = []
        if self._live():
            entries.append(("As it is now (saves one first)", NOW))
        if steps:
            entries.append((f"Newest ({whole(steps[-1])})", NEWEST))
        if best is not None:
            entries.append((f"Best ({whole(best)})", BEST))
        entries += [(whole(step), step) for step in reversed(steps)]
        now = [
            (self.checkpoint.itemText(i), self.checkpoint.itemData(i)) for i in range(self.checkpoint.count())
        ]
        if entries == now:
            return
        chosen = self.checkpoint.currentData()
        self.checkpoint.clear()
        for text, step in entries:
            self.checkpoint.addItem(text, step)
        first = NEWEST if steps else NOW
        self.checkpoint.setCurrentIndex(max(self.checkpoint.findData(first if chosen is None else chosen), 0))

    def _live(self) -> bool:
        shown = self.model.folder is not None and self.model.folder.path == self.folder.path
        return shown and self.model.state in (State.RUNNING, State.PAUSED)

    @Slot()
    def _on_run(self) -> None:
        """The run has moved on: look at its checkpoints where there are others by now."""
        known = (self.model.saved_step, self._live(), len(self.model.measurements))
        if known != self._known and not self.checkpoint.view().isVisible():
            self._known = known
            self._kept = last_measured(self.folder)
            self._fill_checkpoints()
            self.refresh()

    # ------------------------------------------------------------ showing

    @Slot()
    def refresh(self) -> None:
        """Show what the measurer does, and whether the wish is complete."""
        job, busy = self.measurer.asked, self.measurer.busy
        mine = job is not None and job.run is not None and job.run.path == self.folder.path
        why = self._missing()
        self.go.setEnabled(not why and not busy)
        self.go.setToolTip(
            why or ("Something is being measured already." if busy else "Measure in the background")
        )
        self.stop.setVisible(busy)
        self.bar.setVisible(busy)
        self.bar.setRange(0, 0 if job is None or job.done < 0 else 1000)
        if job is not None and job.done >= 0:
            self.bar.setValue(round(1000 * job.done))
        self.what.setText(f"{job.what} …" if busy and job is not None else self._said())
        self.problem.setText(job.problem if job is not None and not busy else "")
        self.problem.setVisible(bool(self.problem.text()))
        found = job.found if mine and job is not None else self._kept
        self.results.show_results(found)
        self.shared.setText(shared_words(found[0]) if found else "")
        self.shared.setVisible(bool(found))
        self.found.set_caption(title_of(job) if mine and job is not None else self._kept_words())
        self.weights.show_needed(self._needed())

    def _kept_words(self) -> str:
        """What the results are where nothing of this run has been asked for yet."""
        if not self._kept:
            return "numbers appear here as they are found"
        return f"measured before, at {step_words(self._kept[0].step or 0)}"

    def _said(self) -> str:
        job = self.measurer.asked
        if job is None or not job.ended or job.problem:
            return ""
        if job.cancelled:
            return "Cancelled. What had been measured stays in the run."
        if job.best is not None:
            return f"The best checkpoint of the run is that of step {whole(job.best)}."
        return "Measured; the numbers stand in the run." if job.found else ""

    def _missing(self) -> str:
        """Why nothing can be measured as it stands."""
        names = self.list.names()
        if not names:
            return "Switch a metric on."
        if self.checkpoint.currentData() is None:
            return "There is no checkpoint to measure yet."
        for edit, what in (
            (self.samples, "samples"),
            (self.seed, "the seed"),
            (self.truncation, "the truncation"),
        ):
            if not edit.hasAcceptableInput():
                return f"Give a number for {what}."
        fewest = max(MEASURES[name].least for name in names)
        if int(self.samples.text()) < fewest:
            return f"At least {whole(fewest)} samples are needed for these metrics."
        if missing := self.weights.missing(self._needed()):
            return f"The weights of {' and '.join(network.words for network in missing)} are not here yet."
        return ""

    def _needed(self) -> list[PublishedNetwork]:
        """The published networks that the chosen metrics need, each once."""
        return list(dict.fromkeys(n for name in self.list.names() for n in downloads(MEASURES[name])))

    # ------------------------------------------------------------ doing

    @Slot(str)
    def _on_features(self, features: str) -> None:
        kept = [name for name in self.list.names() if not _paired(name)]
        pairs = [other for name in self.list.names() if (other := _paired(name))]
        self.list.show_metrics(self.config, features, [*kept, *pairs] or ("",))
        self.refresh()

    @Slot()
    def _on_none(self) -> None:
        self.list.set_all(False)

    @Slot()
    def _on_all(self) -> None:
        self.list.set_all(True)

    def wish(self) -> Measure:
        """What is asked for as the dialog stands."""
        step = int(self.checkpoint.currentData())
        if step in (NEWEST, NOW, BEST):
            steps = self.folder.checkpoint_steps()
            step = best_checkpoint(self.folder) if step == BEST else max(steps, default=None)  # type: ignore[assignment]
        return Measure(
            str(self.folder.path),
            metrics=self.list.names(),
            samples=int(self.samples.text()),
            checkpoint=step,
            seed=int(self.seed.text()),
            truncation=float(self.truncation.text()),
        )

    @Slot()
    def _on_go(self) -> None:
        self.measurer.measure(self.wish(), save_first=self.checkpoint.currentData() == NOW)

    def done(self, result: int) -> None:
        """Closing leaves measuring alone; the child goes when it has nothing left to do."""
        self.measurer.let_rest()
        super().done(result)


Checker = TypeVar("Checker", QIntValidator, QDoubleValidator)


def _plain(validator: Checker) -> Checker:
    """Numbers as programs write them, whatever the system's language."""
    validator.setLocale(QLocale.c())
    return validator


def _paired(name: str) -> str:
    """The same number in the other features; empty where there is none."""
    measure = MEASURES[name]
    own = in_own_features(measure)
    if own is not None:
        return own.name
    return next((other.name for other in MEASURES.values() if in_own_features(other) is measure), "")
