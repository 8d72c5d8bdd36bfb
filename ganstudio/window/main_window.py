"""The main window: puts the parts together and does what the actions say."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMainWindow, QSizePolicy, QToolBar, QVBoxLayout, QWidget

from ganstudio.catalog.presets import DEFAULT_PRESET, load_spec
from ganstudio.core.lifecycle import State
from ganstudio.core.messages import Failed
from ganstudio.window.actions import WORKSPACES, Situation
from ganstudio.window.background import Background
from ganstudio.window.compare.sweeps.door import SweepDoor
from ganstudio.window.controller import RunController
from ganstudio.window.dialogs.closing import ClosingDialog
from ganstudio.window.dialogs.error import ErrorDialog, Problem, show_problem
from ganstudio.window.docks import Dock, Pages, SpaceKeeper
from ganstudio.window.form.draft import draft_of
from ganstudio.window.form.model import FormModel
from ganstudio.window.gallery.desk import GalleryDesk
from ganstudio.window.measuring.desk import MeasuringDesk
from ganstudio.window.menus import Menus
from ganstudio.window.opener import Opener
from ganstudio.window.performer import Performer
from ganstudio.window.registry import Registry
from ganstudio.window.settings import SettingsFile
from ganstudio.window.status import StatusStrip
from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.toolbar import RailButton, TopBar
from ganstudio.window.workspaces.switching import Switcher
from ganstudio.window.workspaces.train import TrainWorkspace

LAYOUT_VERSION = 1
BUSY_MS, IDLE_MS = 33, 200
FIRST_PAINT_MS = 50
FIRST_SIZE = QSize(1440, 900)
SMALLEST = QSize(960, 600)
FRAME = QSize(8, 40)
"""Room that a window manager's title bar and borders take at the most."""
RAIL_WIDTH, SETUP_WIDTH, CHARTS_WIDTH = 65, 280, 404


class MainWindow(QMainWindow):
    """The window. ``gone`` comes once it has closed and no thread or child is left."""

    gone = Signal()

    layout_version = LAYOUT_VERSION

    def __init__(
        self,
        settings: SettingsFile,
        target: Callable[[Connection], None] | None = None,
        explore_target: Callable[[Connection], None] | None = None,
        measure_target: Callable[[Connection], None] | None = None,
    ) -> None:
        super().__init__()
        self._explore_target = explore_target
        self.settings = settings
        theme().set_mode(settings.settings.theme)
        self.controller = RunController(settings, target, self)
        self.model = self.controller.model
        self.form_model = FormModel(draft_of(load_spec(DEFAULT_PRESET)), self)
        self.background = Background(self)
        self.registry = Registry(self)
        self.opener = Opener(self)
        self.menus = Menus(self)
        self.gallery = GalleryDesk(self)
        self.performer = Performer(self)
        self.switcher = Switcher(self)
        self.sweeps = SweepDoor(self)
        self._closing: ClosingDialog | None = None
        self._closed = False
        self._keeper = SpaceKeeper(self)
        self._timer = QTimer(self)
        self._first_paint = QTimer(self)
        self._first_paint.setSingleShot(True)
        self._build()
        self.measuring = MeasuringDesk(self, measure_target)
        self._connect()
        self._restore()
        self.refresh()

    # ------------------------------------------------------------ assembly

    def _build(self) -> None:
        self.setWindowTitle("GAN Studio")
        self.setObjectName("main")
        self.setAcceptDrops(True)
        self.setMinimumSize(SMALLEST)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setDockOptions(QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AllowTabbedDocks)
        self.top = TopBar(self.registry)
        self.setMenuWidget(self.top)
        self.status = StatusStrip(self.model)
        self.stack = Pages()
        self.setCentralWidget(self._centre())
        self._rail()
        self.train: TrainWorkspace = self.switcher.make("train")
        self.setup_dock = Dock("setup", "Setup", self.train.form, self)
        self.charts_dock = Dock("charts", "Charts", self.train.charts_frame, self, "window")
        self.setup_dock.setAllowedAreas(Qt.DockWidgetArea.AllDockWidgetAreas)
        self._default_layout()
        for top_level in (self, self.setup_dock, self.charts_dock):
            top_level.installEventFilter(self._keeper)

    def _centre(self) -> QWidget:
        """The workspaces; the strip below spans the whole window as its status bar."""
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        bar.setContentsMargins(0, 0, 0, 0)
        bar.addWidget(self.status, 1)
        centre = QWidget()
        set_role(centre, "window")
        centre.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        return centre

    def _rail(self) -> None:
        bar = QToolBar("Workspaces")
        bar.setObjectName("rail")
        bar.setMovable(False)
        bar.setFloatable(False)
        bar.setFixedWidth(RAIL_WIDTH)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        for space in WORKSPACES:
            button = RailButton(space.title, space.icon, f"{space.tip} ({space.shortcut})")
            button.setChecked(space is WORKSPACES[0])
            button.clicked.connect(self.registry.action(f"workspace.{space.name}").trigger)
            self.registry.action(f"workspace.{space.name}").toggled.connect(button.setChecked)
            bar.addWidget(button)
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        bar.addWidget(spacer)
        gear = RailButton("Settings", "settings", self.registry.action("app.preferences").toolTip())
        gear.setCheckable(False)
        gear.clicked.connect(self.registry.action("app.preferences").trigger)
        bar.addWidget(gear)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, bar)
        bar.ensurePolished()
        QApplication.sendEvent(bar, QEvent(QEvent.Type.StyleChange))  # its margins are older than its name

    def targets(self, name: str) -> tuple[Any, ...]:
        """What a workspace is made with besides the parts that all share."""
        more = {"explore": (None, self._explore_target), "compare": (self.registry, self.sweeps.queue)}
        return more.get(name, ())

    def _default_layout(self) -> None:
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self.setup_dock)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.charts_dock)
        docks = [self.setup_dock, self.charts_dock]
        for dock in docks:
            dock.setFloating(False)
            dock.show()
        self.resizeDocks(docks, [SETUP_WIDTH, CHARTS_WIDTH], Qt.Orientation.Horizontal)

    def _connect(self) -> None:
        self.registry.triggered.connect(self.performer.perform)
        self.registry.recent_wanted.connect(self.menus.fill_recent)
        self.top.preset_pressed.connect(self.menus.choose_preset)
        self.top.device_pressed.connect(self.menus.choose_device)
        for dock, action in ((self.setup_dock, "view.setup"), (self.charts_dock, "view.charts")):
            dock.visibilityChanged.connect(self.refresh)
            dock.setProperty("action", action)
        self.controller.refused.connect(self._on_refused)
        self.controller.failed.connect(self._on_failed)
        self.controller.setting_changed.connect(self._on_setting_changed)
        self.controller.closed.connect(self._on_controller_closed)
        self.model.state_changed.connect(self._on_state)
        self.model.run_changed.connect(self._on_run)
        self.model.samples_changed.connect(self.refresh)
        self.form_model.changed.connect(self.refresh)
        self.form_model.undo_changed.connect(self.refresh)
        self.form_model.live_edit.connect(self._on_live_edit)
        self.train.stage.grid.explore_requested.connect(self.switcher.explore_seed)
        self._timer.timeout.connect(self._on_tick)
        self._first_paint.timeout.connect(self.train.complete)
        self._timer.start(IDLE_MS)

    # ------------------------------------------------------------ beginning

    def begin(self, target: str | None = None) -> None:
        """Warm the engine up, tell what is due, open what was asked for."""
        self.setFocus()
        self.controller.start_engine()
        self._first_paint.start(FIRST_PAINT_MS)
        if self.settings.notice:
            self.problem("Settings put back", self.settings.notice)
        self.sweeps.begin()
        if target:
            self.opener.open_target(target)

    # ------------------------------------------------------------ telling

    def problem(self, title: str, what: str, remedy: str = "", detail: str = "") -> ErrorDialog:
        """The one error dialog."""
        return show_problem(Problem(title, what, remedy, detail), self)

    @Slot(str)
    def _on_refused(self, reason: str) -> None:
        """Say so, and show what holds instead of what was wished for."""
        self.status.tell(reason)
        if self.model.config is not None and self.model.active:
            self.form_model.follow(self.model.config)

    @Slot(object)
    def _on_failed(self, failed: Failed) -> None:
        if self.sweeps.takes(failed):
            return
        if failed.key:
            self.form_model.remark(failed.key, failed.problem)
            self.train.form.show_first_problem()
        self.problem("The run cannot go on", failed.problem, failed.remedy, failed.detail)

    # ------------------------------------------------------------ following

    @Slot()
    def _on_tick(self) -> None:
        self.train.show_fresh(self.controller.poll())

    @Slot()
    def _on_state(self) -> None:
        active = self.model.active
        self._timer.setInterval(BUSY_MS if active else IDLE_MS)
        self.form_model.set_active(active)
        self.top.show_state(self.model.state)
        if self.model.state in (State.RUNNING, State.FAILED):
            self.status.tell("")
        self.refresh()

    @Slot()
    def _on_run(self) -> None:
        config = self.model.config
        running = self.model.active and self.model.started is not None
        if config is not None and running and draft_of(config) != self.form_model.draft:
            self.form_model.adopt(config)
        self.refresh()

    @Slot(str, object)
    def _on_live_edit(self, key: str, value: object) -> None:
        self.controller.change(key, value)

    @Slot(str, object)
    def _on_setting_changed(self, _key: str, _value: object) -> None:
        if self.model.config is not None:
            self.form_model.follow(self.model.config)

    def situation(self) -> Situation:
        """What decides which actions can be done."""
        model, form, explore = self.model, self.form_model, self.switcher.explore
        exploring = self.switcher.front == "explore" and explore is not None
        undo = form.undo_text() or "edit" if form.can_undo() else ""
        redo = form.redo_text() or "edit" if form.can_redo() else ""
        if exploring and explore is not None:
            undo, redo = explore.undo_words()
        compare = self.switcher.compare if self.switcher.front == "compare" else None
        if compare is not None:
            undo, redo = compare.undo_words()
        return Situation(
            state=model.state,
            has_run=model.folder is not None,
            resume_step=model.resume_step(),
            undo=undo,
            redo=redo,
            has_samples=model.picture is not None or model.cloud is not None or bool(model.sample_steps),
            has_series=bool(model.series.names()),
            busy_elsewhere=model.stored is not None and model.stored.trainer is not None,
            workspace=self.switcher.front,
            has_model=explore is not None and explore.explorer.opened is not None,
            has_timeline=explore is not None and explore.explorer.timeline.plays,
            **(compare.facts() if compare is not None else {}),
        )

    @Slot()
    def refresh(self) -> None:
        """Bring actions, title and bar in line with the model."""
        now = self.situation()
        self.registry.follow(now)
        for dock in (self.setup_dock, self.charts_dock):
            self.registry.action(str(dock.property("action"))).setChecked(not dock.isHidden())
        self.registry.action("view.full-screen").setChecked(self.isFullScreen())
        self.registry.action(f"theme.{theme().mode}").setChecked(True)
        self.registry.action(f"workspace.{now.workspace}").setChecked(True)
        for id, word, what in (
            ("edit.undo", "Undo", now.undo),
            ("edit.redo", "Redo", now.redo),
        ):
            self.registry.action(id).setText(f"{word}: {what}" if what else word)
        name = self.form_model.examined.config.name
        self.top.set_preset(name)
        self.top.set_device(*self.menus.device_words())
        run = self.model.folder.path.name if self.model.folder else ""
        self.setWindowTitle(f"{run} – GAN Studio" if run else "GAN Studio")

    # ------------------------------------------------------------ layout

    def reset_layout(self) -> None:
        """Every panel back to its place."""
        self.switcher.show("train")
        self._default_layout()
        self.refresh()

    def _restore(self) -> None:
        remembered = self.settings.settings
        area = self.screen().availableGeometry().size() - FRAME
        self.resize(FIRST_SIZE.boundedTo(area))
        with contextlib.suppress(ValueError):
            self.restoreGeometry(QByteArray.fromBase64(remembered.geometry.encode()))
        if remembered.layout and remembered.layout_version == LAYOUT_VERSION:
            self.restoreState(QByteArray.fromBase64(remembered.layout.encode()), LAYOUT_VERSION)

    def _remember(self) -> None:
        remembered = self.settings.settings
        remembered.geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        remembered.layout = bytes(self.switcher.layout().toBase64().data()).decode()
        remembered.layout_version = LAYOUT_VERSION
        self.settings.save()

    # ------------------------------------------------------------ drag and drop

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file or folder may be dropped anywhere."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the first file or folder dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.opener.open_path(paths[0])

    # ------------------------------------------------------------ closing

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask if a run is under way; then wait for the engine without freezing."""
        if self._closed:
            event.accept()
            return
        event.ignore()
        if self.model.active:
            self._ask_closing()
        else:
            self._leave(save=False)

    def _ask_closing(self) -> None:
        if self._closing is None:
            self._closing = ClosingDialog(self)
            self._closing.decided.connect(self._on_closing_decided)
            self._closing.destroyed.connect(self._on_closing_gone)
            self._closing.open()

    @Slot()
    def _on_closing_gone(self) -> None:
        self._closing = None

    @Slot(str)
    def _on_closing_decided(self, decision: str) -> None:
        if decision == "save":
            self.controller.shut_down(save=True)
        elif decision == "quit":
            self._leave(save=False)
        else:
            self._closing = None

    def close_for_signal(self) -> None:
        """A termination signal saves the run and quits without a question."""
        self.controller.shut_down(save=True)

    def _leave(self, save: bool) -> None:
        """Out of sight at once; the engine may take a moment more."""
        self.gallery.shut_down()
        self._remember()
        self.hide()
        self.controller.close_now() if not save and self.controller.saving else self.controller.shut_down(
            save
        )

    @Slot()
    def _on_controller_closed(self) -> None:
        if self._closed:
            return
        if not self.isHidden():
            self._remember()
        self._closed = True
        self.gallery.shut_down()
        self._timer.stop()
        self._first_paint.stop()
        self.measuring.shut_down()
        self.switcher.shut_down()
        self.sweeps.shut_down()
        self.background.close()
        for window in QGuiApplication.topLevelWindows():
            if window.type() == Qt.WindowType.Popup:
                window.close()
        self.close()
        self.gone.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Full screen may be left by the window manager too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange and hasattr(self, "train"):
            self.refresh()
