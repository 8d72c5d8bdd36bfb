"""What every chart has: a head with title and legend, a drawing area, folding, enlarging, a menu, export."""

from __future__ import annotations

import time
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QContextMenuEvent, QPainter
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QMenu, QSizePolicy, QWidget

from ganstudio.window.theme import icon, theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.charts import export
from ganstudio.window.widgets.charts.header import LINE, ChartHeader
from ganstudio.window.widgets.charts.plot import Plot
from ganstudio.window.widgets.charts.spec import ChartOptions, ChartSpec
from ganstudio.window.widgets.charts.tools import tool
from ganstudio.window.widgets.saving import copy_image, export_size

SHORTEST_PAUSE = 0.1
HEIGHT = 112
SCALES = (("linear", "Linear"), ("log", "Logarithmic"), ("symlog", "Symmetric logarithmic"))


class ChartFrame(QFrame):
    """A chart that can be folded, enlarged and exported; what it draws is its heirs' matter.

    It is empty by itself: an heir tells in ``_state`` what its drawing depends on, and in ``_draw``,
    ``_show_values``, ``has_data`` and ``_csv`` what it is. The owner calls :meth:`refresh` from
    its one timer.
    """

    maximise_toggled = Signal(bool)
    fold_toggled = Signal(bool)
    resized = Signal()
    """The drawing area has another size: the owner may want to have it drawn anew."""

    def __init__(self, spec: ChartSpec, plot: Plot, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec = spec
        self._options = ChartOptions()
        self._view: tuple[float, float] | None = None  # None: everything
        self._shown: object = None
        self._last_drawn = -1.0
        self._folded = self._maximised = False
        # widgets
        self.header = ChartHeader(spec.title)
        self.plot = plot
        self.maximise_button = tool("maximise", "Enlarge this chart")
        self.menu_button = tool("more", "Scale, outliers, export")
        self._dress()
        # connections
        self.header.fold_requested.connect(self._fold)
        self.maximise_button.clicked.connect(self._maximise)
        self.menu_button.clicked.connect(self._open_menu)
        self.plot.moved.connect(self._moved)
        self.plot.fit_requested.connect(self.fit)
        self.plot.resized.connect(self.resized)
        theme().changed.connect(self._theme_changed)
        self._assemble()
        self.set_folded(spec.collapsed)

    def _dress(self) -> None:
        self.header.setToolTip("\n".join(part for part in (self.spec.title, self.spec.help) if part))
        self.setAccessibleName(self.spec.title)
        self.plot.setAccessibleName(f"{self.spec.title}, curves")
        self.plot.setMinimumHeight(70)
        self.plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        set_role(self, "card")

    def _assemble(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        buttons.addWidget(self.maximise_button)
        buttons.addWidget(self.menu_button)
        layout = QGridLayout(self)
        layout.setContentsMargins(10, 6, 8, 6)
        layout.setSpacing(2)
        layout.addWidget(self.header, 0, 0)
        layout.addLayout(buttons, 0, 1, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.plot, 1, 0, 1, 2)
        layout.setColumnStretch(0, 1)
        layout.setRowStretch(1, 1)
        self._size_plot()

    # ------------------------------------------------------------ what an heir tells

    def _state(self) -> object:
        """All that the drawing depends on beside options, view and size; equal states draw alike."""
        return self.has_data()

    def _draw(self) -> None:
        """Draw everything anew; an empty chart has only its ground."""
        self.plot.redraw()

    def _show_values(self) -> None:
        """Write the legend; an empty chart has none."""
        self.header.set_entries(())

    def has_data(self) -> bool:
        """Whether there is anything to draw."""
        return False

    def _csv(self) -> bytes:
        """The numbers behind it as a table."""
        return b""

    # ------------------------------------------------------------ options and drawing

    def set_options(self, options: ChartOptions) -> None:
        """How to draw."""
        if options.x != self._options.x:
            self._view = None
        self._options = options

    def options(self) -> ChartOptions:
        """How it draws."""
        return self._options

    @Slot()
    def fit(self) -> None:
        """Show the whole run, and follow it."""
        self._view = None
        self.refresh(force=True)

    def stale(self) -> bool:
        """Whether it can be seen and something has changed since it was drawn."""
        if self._folded:
            return self.isVisible() and self._state() != self._shown
        return self._seen() and self._whole_state() != self._shown

    def _whole_state(self) -> object:
        return (self._state(), self._options, self._view, self.plot.size())

    def is_seen(self) -> bool:
        """Whether any of its curves are on the screen."""
        return not self._folded and self._seen()

    def refresh(self, force: bool = False) -> bool:
        """Redraw if visible, changed, and not drawn within the last 100 ms; tells whether it did."""
        now = time.monotonic()
        if not force and now - self._last_drawn < SHORTEST_PAUSE:
            return False
        if self._folded:
            return self._refresh_values()
        if not self._seen() or not (force or self.stale()):
            return False
        self._shown, self._last_drawn = self._whole_state(), now
        self._draw()
        return True

    def _refresh_values(self) -> bool:
        if not self.stale():
            return False
        self._shown = self._state()
        self._show_values()
        return True

    def _seen(self) -> bool:
        return self.plot.isVisible() and not self.plot.viewport().visibleRegion().isEmpty()

    @Slot()
    def _theme_changed(self) -> None:
        self._shown = None

    def showEvent(self, event: QEvent) -> None:
        """Drawn anew by the next refresh."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._shown = None

    @Slot(float, float)
    def _moved(self, left: float, right: float) -> None:
        self._view = (left, right)
        self.refresh(force=True)

    # ------------------------------------------------------------ folding and enlarging

    def is_folded(self) -> bool:
        """Whether only the head is shown."""
        return self._folded

    def set_folded(self, folded: bool) -> None:
        """Show only the head, or everything."""
        self._folded = folded
        self.plot.setVisible(not folded)
        self.header.set_folded(folded)
        self.maximise_button.setEnabled(not folded)
        self.maximise_button.setToolTip(
            "Unfold the chart to enlarge it" if folded else self._maximise_words()
        )
        self._shown = None

    def set_maximised(self, maximised: bool) -> None:
        """Take all the height there is, or the usual one."""
        self._maximised = maximised
        self.maximise_button.setIcon(icon("restore" if maximised else "maximise", "muted"))
        self.maximise_button.setToolTip(self._maximise_words())
        self.maximise_button.setAccessibleName(self._maximise_words())
        self._size_plot()

    def _maximise_words(self) -> str:
        return "Back to all charts" if self._maximised else "Enlarge this chart"

    def _size_plot(self) -> None:
        self.plot.setMaximumHeight(16777215 if self._maximised else HEIGHT)
        self.plot.setMinimumHeight(70 if self._maximised else HEIGHT)

    @Slot()
    def _fold(self) -> None:
        if not self._maximised:
            self.set_folded(not self._folded)
            self.fold_toggled.emit(self._folded)

    @Slot()
    def _maximise(self) -> None:
        self.set_maximised(not self._maximised)
        self.maximise_toggled.emit(self._maximised)

    # ------------------------------------------------------------ menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The same menu as the button's."""
        self._run_menu(event.globalPos())

    @Slot()
    def _open_menu(self) -> None:
        self._run_menu(self.menu_button.mapToGlobal(QPoint(0, self.menu_button.height())))

    def _run_menu(self, where: QPoint) -> None:
        menu = self.build_menu()
        menu.exec(where)
        menu.deleteLater()

    def build_menu(self) -> QMenu:
        """Scale, outliers, view, export."""
        menu = QMenu(self)
        self._add_scales(menu)
        outliers = menu.addAction("Ignore outliers")
        outliers.setCheckable(True)
        outliers.setChecked(self._options.ignore_outliers)
        outliers.toggled.connect(self._outliers_toggled)
        menu.addAction("Show the whole run", self.fit)
        menu.addSeparator()
        self.add_exports(menu)
        return menu

    def _add_scales(self, menu: QMenu) -> None:
        group = QActionGroup(menu)
        for value, label in SCALES:
            action = menu.addAction(label)
            action.setCheckable(True)
            action.setChecked(self._options.y == value)
            action.setData(value)
            group.addAction(action)
        group.triggered.connect(self._scale_chosen)
        menu.addSeparator()

    def add_exports(self, menu: QMenu) -> None:
        """What can be taken away."""
        for label, slot in (
            ("Save as PNG …", self.save_png),
            ("Save as SVG …", self.save_svg),
            ("Save values as CSV …", self.save_csv),
            ("Copy picture", self.copy_picture),
        ):
            menu.addAction(label, slot).setEnabled(self.has_data())

    @Slot(QAction)
    def _scale_chosen(self, action: QAction) -> None:
        self._options = replace(self._options, y=action.data())
        self.refresh(force=True)

    @Slot(bool)
    def _outliers_toggled(self, on: bool) -> None:
        self._options = replace(self._options, ignore_outliers=on)
        self.refresh(force=True)

    # ------------------------------------------------------------ export

    def export_title(self) -> str:
        """Which chart it is, in words."""
        return self.header.title()

    def paint_on(self, painter: QPainter) -> None:
        """Title, legend and curves, for export."""
        if self._whole_state() != self._shown:  # it was not to be seen since something changed
            self._draw()
        size, head = self.export_size(), self.header.height_for(self.export_size().width() - 20)
        painter.save()
        painter.translate(10, 6)
        self.header.paint_on(painter, size.width() - 20)
        painter.restore()
        source = self.plot.viewport().rect()
        self.plot.render(painter, QRectF(10, head + 8, source.width(), source.height()), source)

    def export_size(self) -> QSize:
        """The size of the exported drawing."""
        plot = self.plot.viewport().size()
        head = max(self.header.height_for(plot.width()), LINE)
        return export_size(QSize(plot.width() + 20, plot.height() + head + 16))

    @Slot()
    def save_png(self) -> None:
        """Ask where and save the chart as it stands."""
        export.write(self, "Save chart", self.spec.key, ".png", self._png)

    @Slot()
    def save_svg(self) -> None:
        """Ask where and save the chart as it stands, as a drawing."""
        export.write(self, "Save chart", self.spec.key, ".svg", self._svg)

    @Slot()
    def save_csv(self) -> None:
        """Ask where and save all values."""
        export.write(self, "Save values", self.spec.key, ".csv", self._csv)

    @Slot()
    def copy_picture(self) -> None:
        """Put the chart on the clipboard."""
        copy_image(export.to_image(self.paint_on, self.export_size()))

    def _png(self) -> bytes:
        return export.png_bytes(export.to_image(self.paint_on, self.export_size()))

    def _svg(self) -> bytes:
        return export.to_svg(self.paint_on, self.export_size(), self.spec.title)
