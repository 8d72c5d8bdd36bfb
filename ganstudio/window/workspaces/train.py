"""The Train workspace: samples and what is going on in the middle, setup and charts in docks."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from ganstudio.core.lifecycle import State
from ganstudio.core.messages import Change
from ganstudio.window.background import Background
from ganstudio.window.controller import Fresh, RunController
from ganstudio.window.form.model import FormModel
from ganstudio.window.form.setup_form import SetupForm
from ganstudio.window.run_loader import RunError, read_grid, read_points
from ganstudio.window.story import Button, Line, story
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.stage import SampleStage
from ganstudio.window.workspaces.going_on import GoingOn

if TYPE_CHECKING:
    from ganstudio.window.widgets.charts.column import ChartColumn

CACHED_GRIDS = 48


class TrainWorkspace(QWidget):
    """Set a run up and watch it train. ``form`` and ``charts_frame`` are what its two docks hold.

    The charts are made by :meth:`complete` once the window is on the screen: their library takes as long to
    load as all the rest.
    """

    action_wanted = Signal(str)
    """The id of an action of the window."""

    def __init__(
        self,
        controller: RunController,
        form_model: FormModel,
        background: Background,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.controller, self.model = controller, controller.model
        self._background = background
        self._cache: OrderedDict[int, Any] = OrderedDict()
        self.form, self._form_model = SetupForm(form_model), form_model
        self._charts: ChartColumn | None = None
        self._shown_real: Any = None
        self._shown_codes: tuple[int, int, int, tuple[str, ...]] | None = None
        self.charts_frame = QWidget()
        self.stage = SampleStage()
        self.going_on = GoingOn()
        self._grown = 0
        """The card's height before it grew; 0 while it has its own."""
        self._assemble()
        self._connect()
        self.show_run()
        self.show_state()

    @property
    def charts(self) -> ChartColumn:
        """The column of charts."""
        if self._charts is None:
            self.complete()
        assert self._charts is not None
        return self._charts

    @Slot()
    def complete(self) -> None:
        """Make the charts, if they are not there yet."""
        if self._charts is not None:
            return
        from ganstudio.window.widgets.charts.column import ChartColumn

        self._charts = ChartColumn(self.model.series)
        layout = self.charts_frame.layout()
        assert layout is not None
        layout.addWidget(self._charts)
        self._charts.step_picked.connect(self._on_step_picked)
        self._charts.cursor_moved.connect(self._on_cursor_moved)
        self._show_charts()

    def _assemble(self) -> None:
        set_role(self.charts_frame, "window")
        self.charts_frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        frame = QVBoxLayout(self.charts_frame)
        frame.setContentsMargins(0, 0, 12, 12)
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._splitter.setHandleWidth(10)
        self._splitter.addWidget(self.stage)
        self._splitter.addWidget(self.going_on)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setStretchFactor(1, 0)
        self._splitter.setCollapsible(0, False)
        self._splitter.setCollapsible(1, False)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(self._splitter)

    def _connect(self) -> None:
        self.form.gallery_wanted.connect(self._on_gallery_wanted)
        self.stage.slider.step_chosen.connect(self._on_step_chosen)
        self.stage.grid.action_requested.connect(self._on_empty_pressed)
        self.stage.cloud.action_requested.connect(self._on_empty_pressed)
        self.stage.codes.looked.connect(self._on_looked)
        self.going_on.pressed.connect(self._on_pressed)
        self._background.done.connect(self._on_background)
        self.model.state_changed.connect(self.show_state)
        self.model.findings_changed.connect(self.show_state)
        self._form_model.undo_changed.connect(self._on_undo_changed)
        self.model.run_changed.connect(self.show_run)
        self.model.samples_changed.connect(self.show_samples)
        self.model.marks_changed.connect(self._show_marks)
        self.model.measurements_changed.connect(self._show_measured)

    @Slot()
    def _on_gallery_wanted(self) -> None:
        self.action_wanted.emit("view.gallery")

    # ------------------------------------------------------------ showing

    def show_fresh(self, fresh: Fresh) -> None:
        """What the last poll brought; called by the window's one timer."""
        if fresh.scalars:
            self._tell()
        if fresh.picture or fresh.cloud:
            self._show_live()
        if self._charts is not None:
            if fresh.scores:
                self._charts.set_scores(self.model.scores)
            self._charts.refresh()

    def _tell(self) -> None:
        """Say what is going on. The card grows for findings with their buttons, up to a third, and shrinks again."""
        self.going_on.show_lines(story(self.model))
        above, below = self._splitter.sizes()
        wanted = min(self.going_on.wanted_height(), (above + below) // 3)
        if below < wanted:
            self._grown = self._grown or below
        elif self._grown and wanted < below:
            wanted = max(wanted, self._grown)
            self._grown = 0 if wanted == self._grown else self._grown
        else:
            return
        self._splitter.setSizes([above + below - wanted, wanted])

    @Slot()
    def show_state(self) -> None:
        """The run has moved on in its life."""
        self._tell()
        self._show_empty()
        self._show_codes()
        self.show_samples()

    @Slot()
    def show_run(self) -> None:
        """Another run, or none, or more is known of the one there is."""
        model = self.model
        self._cache.clear()
        self._background.cancel("samples")
        points = model.shape is not None and model.shape.kind == "points"
        (self.stage.show_cloud if points else self.stage.show_grid)()
        self.stage.set_title("Points" if points else "Samples")
        if model.picture is None and model.cloud is None:
            self.stage.grid.set_generated(None)
            self.stage.cloud.set_generated(None)
        self.stage.slider.set_position(None)
        self.form.set_data_summary(model.started.data_summary if model.started else "")
        self._shown_codes = None
        self._show_charts()
        self.show_state()

    def _show_codes(self) -> None:
        """The dials of the run there is, as drawn when it is another; locked while nobody trains it."""
        model, codes = self.model, self.stage.codes
        latent = model.config.latent if model.config is not None else None
        wanted = (
            None
            if latent is None
            else (latent.categorical, latent.categories, latent.continuous, model.labels)
        )
        if wanted is None:
            codes.set_codes(0, 0, 0)
        elif wanted != self._shown_codes:
            codes.set_codes(*wanted)
        self._shown_codes = wanted
        running = model.state in (State.RUNNING, State.PAUSED)
        codes.set_locked(
            "" if running else "Codes can be turned while the run is under way, also while it is paused."
        )

    @Slot()
    def _on_looked(self) -> None:
        """Ask for the newest samples with these codes."""
        self.stage.slider.set_position(None)
        self.charts.set_cursor(None)
        self.controller.look(*self.stage.codes.wish())
        self._tell_caption()

    def _show_charts(self) -> None:
        """Theory, marks and curves of the run there is."""
        if self._charts is None:
            return
        model = self.model
        self._charts.set_scores(model.scores)
        objective = model.config.objective if model.config else None
        self._charts.set_theory(objective.expects() if objective else {})
        self._charts.set_probability(objective is None or objective.probability)
        self._charts.set_cursor(None)
        self._charts.set_marks(model.marks)
        self._show_measured()
        self._charts.refresh(force=True)

    @Slot()
    def show_samples(self) -> None:
        """The saved grids, the real samples, and the words around them."""
        model = self.model
        slider = self.stage.slider
        if tuple(slider.steps()) != tuple(model.sample_steps):
            slider.set_steps(model.sample_steps)
        slider.set_live_step(model.step)
        self.stage.grid.set_real(model.real if model.picture is not None or not self._points else None)
        if self._points:
            self.stage.cloud.set_density(model.density)
            if model.real is not None:
                self.stage.cloud.set_real(model.real)
        else:
            self.stage.cloud.set_density(None)
        for mode in ("real", "both"):
            known = model.real is not None or self._points
            self.stage.modes.set_enabled(
                mode, known, "" if known else "The real samples are loaded when a run starts."
            )
        self._tell_caption()
        if self._shown_real is not model.real:
            self._shown_real = model.real
            self.form.set_real(model.real)
        self._show_live()

    @property
    def _points(self) -> bool:
        return self.model.shape is not None and self.model.shape.kind == "points"

    def _tell_caption(self) -> None:
        caption = self._caption()
        if caption != self.stage.caption_label.text():
            self.stage.set_caption(caption)

    def _caption(self) -> str:
        config = self.model.config
        if config is None:
            return ""
        turned = self.stage.codes.is_set and self.stage.slider.position() is None
        ends = " · averaged weights" if getattr(config.ema, "half_life", 0) else ""
        ends += " · codes set by hand" if turned else ""
        if self._points:
            return f"{config.samples.count * 16:,} points{ends}"
        canvas = self.stage.grid.generated
        tiles = canvas.tiles()
        if tiles is not None and canvas.rows():
            return f"seeds 0–{tiles.columns - 1:,}, a row for each class{ends}"
        return f"seeds 0–{config.samples.count - 1:,}{ends}"

    def _show_live(self) -> None:
        """The newest samples, unless the person looks at older ones."""
        model, slider = self.model, self.stage.slider
        slider.set_live_step(model.step)
        if slider.position() is not None:
            return
        if model.picture is not None and model.picture.rows and self._shown_codes is not None:
            self._show_codes()  # whose classes are known by their rows alone
        if model.picture is not None:
            shown = model.picture
            self.stage.grid.set_generated(shown.images, shown.step, shown.columns, shown.rows)
            self._tell_caption()
        elif model.cloud is not None:
            self.stage.cloud.set_real(model.cloud.real)
            self.stage.cloud.set_generated(model.cloud.generated, model.cloud.step)
        elif model.sample_steps:
            self._load(model.sample_steps[-1])

    @Slot()
    def _show_marks(self) -> None:
        if self._charts is not None:
            self._charts.set_marks(self.model.marks)

    @Slot()
    def _show_measured(self) -> None:
        if self._charts is not None:
            config = self.model.config
            chosen = config.measure.keep_best if config is not None else ""
            self._charts.set_measurements(self.model.measurements, chosen)

    def _show_empty(self) -> None:
        if self.model.state is State.STARTING:
            self.stage.set_empty("The first samples come in a moment", "Networks and data are being set up.")
        elif self.model.active:
            self.stage.set_empty(
                "The first samples come in a moment", "They appear once the generator has made some."
            )
        elif self.model.folder is not None:
            self.stage.set_empty("No samples are saved", "This run ended before its first grid was written.")
        else:
            self.stage.set_empty(
                "Samples appear here",
                "Press Start: the generator learns to imitate the data at the left, and you see how far it has come.",
                "Start",
                "Train what the form says (Space)",
            )

    # ------------------------------------------------------------ one cursor for slider and charts

    @Slot(object)
    def _on_step_chosen(self, step: int | None) -> None:
        self.charts.set_cursor(step)
        self._look_at(step)

    @Slot(int)
    def _on_step_picked(self, step: int) -> None:
        """A click in a chart moves the slider to the nearest saved grid."""
        self.stage.slider.set_position(step)
        self.charts.set_cursor(step)
        self._look_at(self.stage.slider.position())

    @Slot(object)
    def _on_cursor_moved(self, step: int | None) -> None:
        if step is None:
            self.charts.set_cursor(self.stage.slider.position())

    def _look_at(self, step: int | None) -> None:
        if step is None:
            self._background.cancel("samples")
            self._show_live()
        else:
            self._load(step)

    def _load(self, step: int) -> None:
        """Fetch the saved samples of a step, decoded away from this thread."""
        model = self.model
        if step in self._cache:
            self._background.cancel("samples")
            self._show_saved(step, self._cache[step])
            return
        if model.folder is None or model.shape is None or model.config is None:
            return
        if self._points:
            job = partial(_with_step, step, read_points, model.folder.points_path(step))
        else:
            path, count = model.folder.sample_path(step), model.config.samples.count
            job = partial(_with_step, step, read_grid, path, model.shape, count)
        self._background.submit("samples", job)

    @Slot(str, int, object)
    def _on_background(self, tag: str, number: int, result: object) -> None:
        if tag != "samples" or number != self._background.newest(tag):
            return
        if isinstance(result, RunError):
            self.stage.set_caption(str(result))
        elif isinstance(result, tuple):
            step, samples = result
            self._cache[step] = samples
            if len(self._cache) > CACHED_GRIDS:
                self._cache.popitem(last=False)
            self._show_saved(step, samples)

    def _show_saved(self, step: int, samples: Any) -> None:
        if self._points:
            generated, real = samples
            if real is not None:
                self.stage.cloud.set_real(real)
            self.stage.cloud.set_generated(generated, step)
        else:
            self.stage.grid.set_generated(samples.images, step, samples.columns, samples.rows)
            self._tell_caption()

    # ------------------------------------------------------------ buttons

    @Slot()
    def _on_empty_pressed(self) -> None:
        self.action_wanted.emit("run.toggle")

    @Slot(object)
    def _on_pressed(self, pressed: tuple[Line, Button]) -> None:
        line, button = pressed
        if button.series:
            self.charts.show_series(button.series)
        elif button.action == "finding.dismiss":
            self.model.dismiss(line.kind)
        elif button.action == "advice.undo":
            self._form_model.undo()
        elif button.action:
            self.action_wanted.emit(button.action)
        elif button.commands:
            self._follow_advice(button)
            if line.kind:
                self.model.dismiss(line.kind)

    def _follow_advice(self, button: Button) -> None:
        """Send an advice's commands. Its changes go through the form, as an edit that undo takes back."""
        changes = [command for command in button.commands if isinstance(command, Change)]
        edited = bool(changes) and self._form_model.take_advice(
            {c.key: c.value for c in changes}, button.label
        )
        self.controller.obey(tuple(c for c in button.commands if not (edited and isinstance(c, Change))))
        self.model.follow(button.label if edited else "")

    @Slot()
    def _on_undo_changed(self) -> None:
        """An advice can be put back as long as it is the form's last edit."""
        if self.model.followed and self._form_model.undo_text() != self.model.followed:
            self.model.follow("")


def _with_step(step: int, read: Any, *arguments: Any) -> tuple[int, Any]:
    return step, read(*arguments)
