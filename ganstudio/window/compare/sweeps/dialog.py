"""Plans a sweep: settings with their values, seeds, and all runs that this makes, before any is queued."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ganstudio.catalog.sweeping import SweepPlan, axis_of, plan
from ganstudio.core.config import RunConfig
from ganstudio.core.notes import one_line
from ganstudio.core.numbers import whole
from ganstudio.core.schema import ConfigError
from ganstudio.core.sweep_values import IN_SHORT, parse_seeds
from ganstudio.window.compare.sweeps.axis_row import KEY_WIDTH, AxisRow
from ganstudio.window.compare.sweeps.keys import sweep_keys
from ganstudio.window.compare.tag_field import TagField
from ganstudio.window.explore.column.section import link
from ganstudio.window.form.draft import draft_of
from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption

WAIT_MS = 120
"""Until somebody who types has paused."""
MOST_SHOWN = 200
SEEDS_HELP = (
    "The seeds of every combination: 0, 1, 2 or 0-4. Several tell how far results spread by chance alone."
)


class SweepDialog(QDialog):
    """``queued`` carries the :class:`SweepPlan` that the person settled on."""

    queued = Signal(object)

    def __init__(
        self, config: RunConfig, parent: QWidget | None = None, known_tags: Sequence[str] = ()
    ) -> None:
        super().__init__(parent)
        self.config, self._known_tags = config, tuple(known_tags)
        self.plan: SweepPlan | None = None
        self._table = draft_of(config).table
        self._keys = sweep_keys(config)
        self.rows: list[AxisRow] = []
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Sweep")
        self.resize(720, 660)
        # widgets
        self.more = link("Add a setting", "Vary one more setting: every combination is trained")
        self.seeds = QLineEdit(f"{config.seed}-{config.seed + 2}")
        self.name = QLineEdit(f"{config.name} sweep")
        self.tags = TagField()
        self.runs = QTreeWidget()
        self.count, self.problem = Caption(wrap=True), Caption(wrap=True)
        self.queue = QPushButton("Add to queue")
        self.leave = QPushButton("Cancel")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._dress()
        self._assemble()
        # connections
        self.more.clicked.connect(self.add_row)
        self.seeds.textChanged.connect(self._on_change)
        self.name.textChanged.connect(self._on_change)
        self.tags.changed.connect(self._on_change)
        self.queue.clicked.connect(self._on_queue)
        self.leave.clicked.connect(self.reject)
        self._timer.timeout.connect(self.examine)
        self.add_row()
        self.rows[0].set_key("optimizer.generator.lr")
        self.examine()

    def _dress(self) -> None:
        self.seeds.setAccessibleName("Seeds")
        self.seeds.setToolTip(SEEDS_HELP)
        self.seeds.setFont(theme().font("figure"))
        self.seeds.setPlaceholderText("0-2")
        self.name.setAccessibleName("Name of the sweep")
        self.name.setToolTip("The runs are grouped under this name in the Compare workspace")
        self.tags.edit.setToolTip("Words that every run of the sweep gets, with commas between")
        self.tags.edit.setPlaceholderText("none; words with commas between")
        self.runs.setHeaderLabels(["Run", "What is set"])
        self.runs.setRootIsDecorated(False)
        self.runs.setUniformRowHeights(True)
        self.runs.setAccessibleName("Runs of the sweep")
        self.runs.setToolTip("Every run that will be trained, in this order")
        self.runs.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
        self.runs.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.runs.header().setStretchLastSection(True)
        set_role(self.problem, "warning")
        set_role(self.queue, "primary")
        self.queue.setDefault(True)
        self.leave.setToolTip("Close; nothing is queued")

    def _assemble(self) -> None:
        title = QLabel("Sweep")
        title.setFont(theme().font("heading"))
        about = Caption(
            f"Trains {self.config.name} once for every combination of the values below, one run after the other.",
            wrap=True,
        )
        self._axes = QVBoxLayout()
        self._axes.setSpacing(8)
        add = QHBoxLayout()
        add.setSpacing(8)
        self.more.setFixedWidth(KEY_WIDTH)
        add.addWidget(self.more)
        add.addWidget(Caption(f"Values: {IN_SHORT}", wrap=True), 1)
        form = QGridLayout()
        form.setHorizontalSpacing(8)
        form.setVerticalSpacing(8)
        form.setColumnMinimumWidth(0, KEY_WIDTH)
        for line, (words, field) in enumerate(
            (("Seeds", self.seeds), ("Name", self.name), ("Tags", self.tags))
        ):
            label = QLabel(words)
            label.setBuddy(field)
            label.setFixedHeight(self.name.sizeHint().height())
            form.addWidget(label, line, 0, Qt.AlignmentFlag.AlignTop)
            form.addWidget(field, line, 1)
        feet = QHBoxLayout()
        feet.addWidget(self.count, 1)
        feet.addWidget(self.leave)
        feet.addWidget(self.queue)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        for widget in (title, about):
            column.addWidget(widget)
        column.addLayout(self._axes)
        column.addLayout(add)
        column.addLayout(form)
        column.addWidget(self.runs, 1)
        column.addWidget(self.problem)
        column.addLayout(feet)

    # ------------------------------------------------------------ settings

    @Slot()
    def add_row(self) -> AxisRow:
        """One more setting."""
        row = AxisRow(self._keys)
        row.changed.connect(self._on_change)
        row.removed.connect(self._on_removed)
        self.rows.append(row)
        self._axes.addWidget(row)
        self._on_change()
        return row

    @Slot(object)
    def _on_removed(self, row: AxisRow) -> None:
        self.rows.remove(row)
        self._axes.removeWidget(row)
        row.deleteLater()
        self._on_change()

    @Slot()
    def _on_change(self) -> None:
        self._timer.start()

    # ------------------------------------------------------------ what comes of it

    @Slot()
    def examine(self) -> None:
        """Plan the runs, or say at its field what is wrong."""
        self._timer.stop()
        self.plan = None
        for row in self.rows:
            row.show_problem("")
        self._mark_seeds("")
        self.problem.setText("")
        try:
            self.plan = self._planned()
        except ConfigError as error:
            self._tell(error)
        self.problem.setVisible(bool(self.problem.text()))
        self.tags.suggest((self._name(), *self._known_tags))
        self._show_runs()

    def _name(self) -> str:
        return one_line(self.name.text())

    def _planned(self) -> SweepPlan:
        """The plan that the fields ask for; a row without a setting is still empty and asks for nothing."""
        axes = [axis_of(self.config, row.key, row.text) for row in self.rows if row.key]
        seeds = parse_seeds(self.seeds.text()) if self.seeds.text().strip() else ()
        found = plan(self._table, axes, seeds, self._name(), self.tags.tags())
        if not axes and len(seeds) < 2:
            raise ConfigError("", "choose a setting to vary, or more than one seed")
        return found

    def _tell(self, error: ConfigError) -> None:
        rows = [row for row in self.rows if row.key == error.key]
        if rows:
            rows[-1].show_problem(error.problem)
        elif error.key == "seed":
            self._mark_seeds(error.problem)
            self.problem.setText(f"Seeds: {error.problem}.")
        else:
            words = f"{error}."
            self.problem.setText(f"{words[:1].upper()}{words[1:]}")

    def _mark_seeds(self, problem: str) -> None:
        self.seeds.setToolTip(f"{problem}\n{SEEDS_HELP}" if problem else SEEDS_HELP)
        self.seeds.setProperty("invalid", bool(problem))
        self.seeds.style().unpolish(self.seeds)
        self.seeds.style().polish(self.seeds)

    def _show_runs(self) -> None:
        self.runs.clear()
        found = self.plan
        self.queue.setEnabled(found is not None)
        if found is None:
            self.count.setText("")
            self.queue.setToolTip("Something above cannot be used yet")
            return
        rows = [
            QTreeWidgetItem([whole(number), run.label])
            for number, run in enumerate(found.runs[:MOST_SHOWN], 1)
        ]
        if len(found.runs) > MOST_SHOWN:
            rows.append(QTreeWidgetItem(["…", f"and {whole(len(found.runs) - MOST_SHOWN)} more"]))
        for row, run in zip(rows, found.runs, strict=False):
            row.setToolTip(1, run.config.name)
        self.runs.addTopLevelItems(rows)
        self.count.setText(count_words(found))
        self.queue.setToolTip("Train these runs as soon as nothing else trains")

    @Slot()
    def _on_queue(self) -> None:
        self.examine()
        if self.plan is not None:
            self.queued.emit(self.plan)
            self.accept()


def count_words(found: SweepPlan) -> str:
    """How much work it is: ``12 runs of 3,000 steps each, 36,000 in all``."""
    steps = {run.config.steps for run in found.runs}
    count = len(found.runs)
    runs = "1 run" if count == 1 else f"{whole(count)} runs"
    each = f" of {whole(steps.pop())} steps each" if len(steps) == 1 else ""
    return f"{runs}{each}, {whole(found.steps)} steps in all"
