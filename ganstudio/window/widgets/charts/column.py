"""The column of charts at the right of the Train workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganstudio.core.measurement import Measurement
from ganstudio.core.messages import Scores
from ganstudio.window.model.series import SeriesStore
from ganstudio.window.widgets.basic import scrolled
from ganstudio.window.widgets.charts import compose
from ganstudio.window.widgets.charts.controls import ChartControls
from ganstudio.window.widgets.charts.from_catalogue import charted
from ganstudio.window.widgets.charts.histogram import OutputHistogram
from ganstudio.window.widgets.charts.metrics_stack import MetricsStack
from ganstudio.window.widgets.charts.panel import ChartPanel
from ganstudio.window.widgets.charts.spec import ChartOptions, ChartSpec, Curve, Mark

G, D = "generator", "discriminator"

CHARTS: tuple[ChartSpec, ...] = (
    ChartSpec(
        "losses",
        "Losses",
        (Curve("loss/generator", G, G), Curve("loss/discriminator", D, D)),
        help="What each player minimises. In a GAN neither tells how good the samples are: the two pull on each "
        "other, and a steady balance is a good sign.",
    ),
    ChartSpec(
        "discriminator-output",
        "Discriminator output",
        (Curve("score/real", "on real", "real"), Curve("score/fake", "on generated", G)),
        help="What the discriminator says on average. Close together it cannot tell the two apart.",
        bounds=(0.0, 1.0),
    ),
    ChartSpec(
        "distance",
        "Distance to the data",
        (
            Curve("divergence", "estimated divergence", D),
            Curve("convergence", "measure of convergence", "accent-text"),
        ),
        help="How far the generated samples are from the data by the discriminator's own measure: unlike most losses "
        "it should fall.",
        optional=True,
    ),
    ChartSpec(
        "gradient-norm",
        "Gradient norm",
        (Curve("grad_norm/generator", G, G), Curve("grad_norm/discriminator", D, D)),
        help="How strongly each player is pushed at each step. A generator's norm near zero learns nothing; a "
        "sudden rise announces trouble.",
        prefix="grad_norm/",
    ),
    ChartSpec(
        "penalties",
        "Penalties",
        help="What regularisation adds to the losses.",
        prefix="penalty/",
        optional=True,
    ),
    ChartSpec(
        "accuracy",
        "Discriminator accuracy",
        (Curve("accuracy/real", "on real", "real"), Curve("accuracy/fake", "on generated", G)),
        help="How often the discriminator is right. Near one half it can only guess; near 1 it has the upper hand.",
        bounds=(0.0, 1.0),
        optional=True,
        collapsed=True,
    ),
    ChartSpec(
        "speed",
        "Speed",
        (Curve("rate/images_per_second", "training", "accent-text"),),
        help="Real images seen per second of training.",
        unit="img/s",
        optional=True,
        collapsed=True,
    ),
)
MEASURED_BEFORE = "gradient-norm"
HISTOGRAM_AFTER = "discriminator-output"
LAST = 2
"""Charts that stay at the end: those that come later stand before them."""


class ChartColumn(QWidget):
    """Losses, discriminator output, its histogram, gradient norms, penalties, speed; one cursor through all.

    What else a run measures gets a chart as soon as it does.
    """

    cursor_moved = Signal(object)
    """int or None: the step under the pointer in any chart."""
    step_picked = Signal(int)
    """A click in any chart: the step there."""
    options_changed = Signal(object)
    """ChartOptions, when the person changed the shared controls."""

    def __init__(self, store: SeriesStore | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.store: SeriesStore = SeriesStore() if store is None else store
        self._marks: list[Mark] = []
        self._maximised: ChartPanel | None = None
        # widgets
        self.controls = ChartControls()
        self.histogram = OutputHistogram()
        self.panels = [ChartPanel(spec, self.store) for spec in CHARTS]
        self._waiting = charted(CHARTS)
        self._metrics = MetricsStack()
        self._theory: Mapping[str, float] = {}
        # connections
        self.controls.changed.connect(self._options_chosen)
        for panel in self.panels:
            self._connect(panel)
        self._assemble()
        self._show_panels()

    def _connect(self, panel: ChartPanel) -> None:
        panel.set_options(self.controls.options())
        panel.cursor_moved.connect(self._cursor_moved)
        panel.step_picked.connect(self.step_picked)
        panel.maximise_toggled.connect(self._maximise_toggled)

    def _grow(self) -> None:
        """Make the charts of series that a run has begun to measure."""
        due = [spec for spec in self._waiting if compose.curves_of(spec, self.store)]
        for spec in due:
            self._waiting.remove(spec)
            panel = ChartPanel(spec, self.store)
            self._connect(panel)
            panel.set_theory(self._theory)
            panel.set_marks(self._marks)
            self._stack.insertWidget(self._stack.indexOf(self.panels[-LAST]), panel)
            self.panels.insert(len(self.panels) - LAST, panel)

    def set_measurements(self, measurements: Sequence[Measurement], chosen: str = "") -> None:
        """What was measured of the run's checkpoints; ``chosen`` is the metric by which the best one is kept."""
        new, gone = self._metrics.show(measurements, chosen, self.store)
        for panel in gone:
            if panel is self._maximised:
                self._restore()
            self.panels.remove(panel)
            self._stack.removeWidget(panel)
            panel.hide()
            panel.deleteLater()
        for panel in new:
            self._connect(panel)
            panel.set_marks(self._marks)
            before = self.panel(MEASURED_BEFORE)
            self._stack.insertWidget(self._stack.indexOf(before), panel)
            self.panels.insert(self.panels.index(before), panel)
        self._show_panels()

    def _assemble(self) -> None:
        inside = QWidget()
        self._stack = QVBoxLayout(inside)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(8)
        for panel in self.panels:
            self._stack.addWidget(panel)
            if panel.spec.key == HISTOGRAM_AFTER:
                self._stack.addWidget(self.histogram)
        self._stack.addStretch(1)
        self._scroll = scrolled(inside)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.controls)
        layout.addWidget(self._scroll, 1)
        self.setMinimumWidth(300)
        self.setAccessibleName("Charts")

    # ------------------------------------------------------------ content

    def set_store(self, store: SeriesStore) -> None:
        """Show another run; marks, cursor and scores are cleared."""
        self.store = store
        for panel in self.panels:
            panel.set_store(store)
        self.set_marks(())
        self.set_cursor(None)
        self.set_scores(None)
        self.refresh(force=True)

    def refresh(self, force: bool = False) -> None:
        """Redraw what is visible and changed; called from the owner's one timer, 10 to 30 times a second."""
        self._grow()
        self._show_panels()
        for panel in self.panels:
            panel.refresh(force)
        self.histogram.refresh(force)

    def set_theory(self, equilibrium: Mapping[str, float]) -> None:
        """An objective's ``equilibrium``: scalar name to value."""
        self._theory = equilibrium
        for panel in self.panels:
            panel.set_theory(equilibrium)

    def set_probability(self, probability: bool) -> None:
        """Whether the discriminator's answers are probabilities, to be shown between 0 and 1, or any numbers."""
        bounds = {spec.key: spec.bounds for spec in CHARTS}
        for panel in self.panels:
            if panel.spec.key in bounds:  # the others came later, and their range is their own
                panel.set_bounds(bounds[panel.spec.key] if probability else None)

    def set_scores(self, scores: Scores | None) -> None:
        """The discriminator's newest answers."""
        self.histogram.set_scores(scores)

    def add_mark(self, mark: Mark) -> None:
        """A changed setting or a resume."""
        self.set_marks([*self._marks, mark])

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """All marks, such as those of a run that was opened."""
        self._marks = list(marks)
        for panel in self.panels:
            panel.set_marks(self._marks)

    def marks(self) -> tuple[Mark, ...]:
        """All marks."""
        return tuple(self._marks)

    def set_cursor(self, step: int | None) -> None:
        """The cursor in all charts, without a signal."""
        for panel in self.panels:
            panel.set_cursor(step)

    # ------------------------------------------------------------ options

    def set_options(self, options: ChartOptions) -> None:
        """The shared way to draw, without a signal."""
        self.controls.set_options(options)
        for panel in self.panels:
            panel.set_options(options)

    def options(self) -> ChartOptions:
        """The shared way to draw."""
        return self.controls.options()

    # ------------------------------------------------------------ places

    def panel(self, key: str) -> ChartPanel:
        """The chart with a spec's key; ``KeyError`` for an unknown one."""
        found = [panel for panel in self.panels if panel.spec.key == key]
        if not found:
            raise KeyError(key)
        return found[0]

    def show_series(self, name: str) -> None:
        """Scroll to the chart with this scalar, as evidence of a finding."""
        self._grow()
        for panel in self.panels:
            if any(curve.name == name for curve in panel.curves()):
                if self._maximised is not None and self._maximised is not panel:
                    self._restore()
                panel.set_folded(False)
                self._show_panels()
                self._scroll.ensureWidgetVisible(panel)
                panel.header.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def _show_panels(self) -> None:
        """One chart alone while it is enlarged; otherwise all but the optional ones without data."""
        for panel in self.panels:
            wanted = not panel.spec.optional or panel.has_data()
            shown = panel is self._maximised if self._maximised is not None else wanted
            if panel.isVisibleTo(self) != shown:
                panel.setVisible(shown)
        if self.histogram.isVisibleTo(self) != (self._maximised is None):
            self.histogram.setVisible(self._maximised is None)

    def _restore(self) -> None:
        if self._maximised is not None:
            self._maximised.set_maximised(False)
            self._stack.setStretchFactor(self._maximised, 0)
            self._maximised = None

    # ------------------------------------------------------------ slots

    @Slot(object)
    def _cursor_moved(self, step: int | None) -> None:
        self.set_cursor(step)
        self.cursor_moved.emit(step)

    @Slot(object)
    def _options_chosen(self, options: ChartOptions) -> None:
        for panel in self.panels:
            panel.set_options(options)
        self.refresh(force=True)
        self.options_changed.emit(options)

    @Slot(bool)
    def _maximise_toggled(self, maximised: bool) -> None:
        panel = self.sender()
        self._restore()
        if maximised and isinstance(panel, ChartPanel):
            panel.set_maximised(True)
            self._maximised = panel
            self._stack.setStretchFactor(panel, 1)
        self._show_panels()
        self.refresh(force=True)
