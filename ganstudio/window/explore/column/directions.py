"""Directions: found by SeFa or PCA, learned or read from a file, each with a slider, at most eight at a time."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QInputDialog, QMenu, QVBoxLayout, QWidget

from ganstudio.core.explore import library
from ganstudio.core.explore.messages import CannotExplore, FindDirections, FoundDirections, Working
from ganstudio.core.explore.recipe import Direction, Model
from ganstudio.window.explore import edits
from ganstudio.window.explore.column.section import Section, link, small_button
from ganstudio.window.explore.desk import Desk
from ganstudio.window.explore.dial import Dial
from ganstudio.window.explore.state import Explorer, Pin
from ganstudio.window.widgets.saving import SaveDialog

FARTHEST = 6.0
"""Sigmas at the ends of a slider."""
DIRECTION_FILES = f"Directions ({' '.join(f'*{suffix}' for suffix in library.SUFFIXES)})"
AT_FIRST, FOUND = 5, 10
METHODS = {
    "sefa": (
        "SeFa",
        "Directions that the first layer's weights stretch most (Shen and Zhou 2021); needs no samples",
    ),
    "pca": ("PCA", "Directions in which samples differ most (Härkönen et al. 2020); takes a few seconds"),
}


class DirectionRow(QWidget):
    """A slider with its menu."""

    def __init__(self, pin: Pin, section: DirectionsSection) -> None:
        super().__init__(section)
        self._section, self.pin = section, pin
        tip = "Sigmas along this direction: how far samples spread along it."
        self.dial = Dial(
            pin.direction.name, -FARTHEST, FARTHEST, 0.0, self._tip(pin.direction, tip), digits=1, sign=True
        )
        self.more = small_button("⋯", f"What can be done with {pin.direction.name}")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2)
        line.addWidget(self.dial, 1)
        line.addWidget(self.more)
        self.dial.moved.connect(self._on_moved)
        self.dial.released.connect(section.explorer.seal)
        self.more.clicked.connect(self._on_more)

    @staticmethod
    def _tip(direction: Direction, tip: str) -> str:
        words = {"sefa": "share of the weights' stretch", "pca": "share of the variance",
                 "learned": "held-out accuracy"}.get(direction.origin, "score")  # fmt: skip
        known = (
            f"\nFound by {METHODS.get(direction.origin, (direction.origin,))[0]}" if direction.origin else ""
        )
        return tip + known + (f", {words} {direction.score:.0%}." if direction.score is not None else ".")

    @Slot(float)
    def _on_moved(self, amount: float) -> None:
        explorer, pin = self._section.explorer, self.pin
        recipe = edits.with_move(explorer.recipe, pin.direction, amount, pin.first, pin.last)
        self._section.touched.emit(pin)
        explorer.change(recipe, f"{pin.direction.name} {edits.signed(amount)}", f"move-{pin.direction.name}")

    @Slot()
    def _on_more(self) -> None:
        menu = self._section.menu_of(self.pin)
        menu.exec(self.more.mapToGlobal(QPoint(0, self.more.height())))
        menu.deleteLater()


class DirectionsSection(Section):
    """The sliders, and where more come from. ``touched`` carries the :class:`Pin` that is at hand."""

    touched = Signal(object)
    learn_wanted = Signal()
    failed = Signal(str, str)
    """What could not be done: the problem and its remedy."""

    def __init__(self, explorer: Explorer, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("Directions", explorer, parent)
        self._desk = desk
        self.sliders: list[DirectionRow] = []
        self.finders = {name: link(title, f"{tip}.") for name, (title, tip) in METHODS.items()}
        for name, button in self.finders.items():
            button.setObjectName(name)
            button.clicked.connect(self._on_find)
            self._head.addWidget(button)
        self._box = QWidget()
        self._lines = QVBoxLayout(self._box)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(4)
        self.learn = link(
            "Learn one from samples …", "Mark samples with + and − and learn what tells them apart"
        )
        self.load = link(
            "Open a saved one …", "Read a direction from a file; it works on other checkpoints too"
        )
        self.learn.clicked.connect(self.learn_wanted)
        self.load.clicked.connect(self.ask_file)
        self.more = link("More …", "The other directions that were found")
        self.more.clicked.connect(self._on_more)
        self.more.hide()
        self._head.insertWidget(2, self.more)
        self.rows.addWidget(self._box)
        self.rows.addWidget(self.learn, 0, Qt.AlignmentFlag.AlignLeft)
        self.rows.addWidget(self.load, 0, Qt.AlignmentFlag.AlignLeft)
        explorer.pins_changed.connect(self._on_pins)
        self._finish()
        self._on_pins()

    # ------------------------------------------------------------ showing

    def show_model(self) -> None:
        """What the model refuses is greyed."""
        for name, button in self.finders.items():
            why = self.explorer.why_not("directions") or self.explorer.why_not(name)
            button.setEnabled(not why)
            button.setToolTip(why or f"{METHODS[name][1]}.")
        why = self.explorer.why_not("directions")
        for button in (self.learn, self.load):
            button.setEnabled(not why)
        if why and self.explorer.can is not None:
            self.say(why)
        elif not self.explorer.pins:
            self.say(
                "SeFa or PCA finds what this generator can turn." if self.explorer.can is not None else ""
            )

    def show_recipe(self) -> None:
        """The amounts of the recipe."""
        for row in self.sliders:
            row.dial.set_value(edits.amount_of(self.explorer.recipe, row.pin.direction))

    @Slot()
    def _on_pins(self) -> None:
        pins = self.explorer.pins
        if [row.pin for row in self.sliders] != list(pins):
            for row in self.sliders:
                self._lines.removeWidget(row)
                row.hide()
                row.deleteLater()
            self.sliders = [DirectionRow(pin, self) for pin in pins]
            for row in self.sliders:
                self._lines.addWidget(row)
        self._box.setVisible(bool(pins))
        self.more.setVisible(len(self.explorer.found) > 0)
        if pins:
            self.say("")
        self.show_recipe()

    # ------------------------------------------------------------ finding

    @Slot()
    def _on_find(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.find(sender.objectName())

    def find(self, method: str) -> None:
        """Have directions found: "sefa" or "pca"."""
        model = self.explorer.model
        if isinstance(model, Model):
            self.say(f"{METHODS[method][0]} is looking for directions …")
            request = FindDirections(0, "directions", model, method, FOUND)  # type: ignore[arg-type]
            self._desk.ask(request, self._on_found)

    def _on_found(self, report: object) -> None:
        if isinstance(report, Working):
            self.say(f"{report.what}, {report.done:.0%}")
        elif isinstance(report, CannotExplore):
            self.say("")
            self.failed.emit(report.problem, report.remedy)
        elif isinstance(report, FoundDirections):
            self.say("")
            self.explorer.found = report.directions
            self.explorer.pin(*report.directions[:AT_FIRST])

    @Slot()
    def _on_more(self) -> None:
        menu = QMenu(self)
        pinned = {pin.direction for pin in self.explorer.pins}
        for direction in self.explorer.found:
            score = f" · {direction.score:.1%}" if direction.score is not None else ""
            action = menu.addAction(f"{direction.name}{score}", partial(self.explorer.pin, direction))
            action.setEnabled(direction not in pinned)
        menu.exec(self.more.mapToGlobal(QPoint(0, self.more.height())))
        menu.deleteLater()

    # ------------------------------------------------------------ the menu of a slider

    def menu_of(self, pin: Pin) -> QMenu:
        """Rename, rows, apart from, save, remove."""
        menu, direction = QMenu(self), pin.direction
        menu.addAction("Show as a filmstrip", partial(self.touched.emit, pin))
        menu.addAction("Rename …", partial(self._rename, direction))
        self._add_ranges(menu.addMenu("Rows it moves"), pin)
        apart = menu.addMenu("Keep apart from")
        for other in self.explorer.pins:
            if other is not pin and edits.apart(direction, other.direction) is not None:
                apart.addAction(other.direction.name, partial(self._apart, direction, other.direction))
        apart.setEnabled(not apart.isEmpty())
        menu.addSeparator()
        menu.addAction("Save …", partial(self.save, direction))
        menu.addAction("Remove the slider", partial(self.explorer.unpin, direction))
        return menu

    def _add_ranges(self, menu: QMenu, pin: Pin) -> None:
        can = self.explorer.can
        if can is None or not can.styles or pin.direction.space != "w":
            menu.setEnabled(False)
            return
        ranges = {"all": (0, -1), **can.groups}
        ranges |= {f"row {i} · {side} px": (i, i) for i, side in enumerate(can.rows)}
        for name, (first, last) in ranges.items():
            action = menu.addAction(name, partial(self.explorer.set_range, pin.direction, first, last))
            action.setCheckable(True)
            action.setChecked((pin.first, pin.last) == (first, last))

    def _rename(self, direction: Direction) -> None:
        name, sure = QInputDialog.getText(self, "Rename", "What does it change?", text=direction.name)
        if sure and name.strip():
            self.explorer.rename(direction, name.strip()[:40])

    def _apart(self, direction: Direction, other: Direction) -> None:
        made = edits.apart(direction, other)
        if made is not None:
            self.explorer.pin(made)

    def save(self, direction: Direction) -> None:
        """Ask where, and write it as JSON or as safetensors."""
        path = SaveDialog.ask(self, "Save the direction", direction.name, *library.SUFFIXES)
        if path is None:
            return
        try:
            library.write(path, direction)
        except OSError as error:
            SaveDialog.tell_failure(self, path, error)

    @Slot()
    def ask_file(self) -> None:
        """Ask which file holds the direction."""
        chosen, _ = QFileDialog.getOpenFileName(self, "Open a direction", "", DIRECTION_FILES)
        if chosen:
            self.take_file(Path(chosen))

    def take_file(self, path: Path) -> None:
        """A direction from a file, if it fits this model."""
        try:
            entry = library.load(path)
        except library.LibraryError as error:
            self.failed.emit(f"{str(error).rstrip('.')}.", "Choose a file that was saved from here.")
            return
        if isinstance(entry, Direction):
            self.take(entry)
        else:
            self.failed.emit(f"{path.name} holds a latent.", "Drop it on the window to see its picture.")

    def take(self, direction: Direction) -> None:
        """Give a direction from elsewhere a slider, if it fits this model."""
        can = self.explorer.can
        length = (
            can.dimension
            if can is not None and direction.space == "z"
            else can.width
            if can is not None
            else 0
        )
        if len(direction.vector) != length:
            words = f"This direction has {len(direction.vector)} numbers; the model's {direction.space} has {length}."
            self.failed.emit(words, "Open it with the model that it was found in.")
        else:
            self.explorer.pin(direction)
