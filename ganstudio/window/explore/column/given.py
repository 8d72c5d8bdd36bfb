"""What the generator is told besides the latent: a class or a mixture of classes, and readable codes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from ganstudio.window.explore import edits
from ganstudio.window.explore.column.section import Section, row, small_button
from ganstudio.window.explore.dial import Dial
from ganstudio.window.explore.state import Explorer
from ganstudio.window.widgets.codes_panel import Choice
from ganstudio.window.widgets.codes_panel import Dial as CodeDial

ANY = "of the seed"
MIX = "Mix the class with another: the vectors that stand for them are added, by their shares"


def choice(name: str, values: Sequence[str], tip: str, first: str = "as drawn") -> Choice:
    """A box of values whose first entry is "as drawn"."""
    box = Choice()
    box.addItems([first, *values])
    box.setAccessibleName(name)
    box.setToolTip(tip)
    box.setMinimumWidth(110)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return box


class ClassSection(Section):
    """A class by name, and any number of others mixed in: a share and a button that takes it out for each."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__("Class", explorer, parent)
        self._names: tuple[str, ...] = ()
        self._mixed: tuple[int, ...] = ()
        self.first = choice("Class", (), "What the generator is told to make", ANY)
        self.add = choice("Mix in", (), MIX, "add a class")
        self.shares: list[Dial] = []
        self.removers: list[QToolButton] = []
        self._box: QWidget | None = None
        self._given = QWidget()
        lines = QVBoxLayout(self._given)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(6)
        lines.addLayout(row("Class", self.first))
        lines.addLayout(row("Mix in", self.add))
        self.rows.addWidget(self._given)
        self.first.activated.connect(self._on_chosen)
        self.add.activated.connect(self._on_added)
        self._finish()

    def show_model(self) -> None:
        """The classes of the model."""
        can = self.explorer.can
        names = can.classes if can is not None else ()
        if names != self._names:
            self._names = names
            with QSignalBlocker(self.first):
                self.first.clear()
                self.first.addItems([ANY, *names])
        why = self.explorer.why_not("classes") or ("" if names else "This model has no classes.")
        self.first.setEnabled(not why)
        self._given.setVisible(bool(names))
        self.say(why if can is not None and not names else "")

    def show_recipe(self) -> None:
        """The classes of the recipe."""
        labels = self.explorer.recipe.labels
        with QSignalBlocker(self.first):
            self.first.setCurrentIndex(labels[0][0] + 1 if labels else 0)
        self._offer([number for number, _ in labels])
        why = self.explorer.why_not("class-mixture")
        self.add.setEnabled(bool(labels) and not why and self.add.count() > 1)
        self.add.setToolTip(why or (MIX if labels else "Choose a class first."))
        mixed = tuple(number for number, _ in labels) if len(labels) > 1 and self._names else ()
        if mixed != self._mixed:
            self._mixed = mixed
            self._build(mixed)
        for dial, (_, share) in zip(self.shares, labels, strict=False):
            dial.set_value(share)

    def _offer(self, taken: Sequence[int]) -> None:
        """The classes that are not in the mixture."""
        free = [(name, number) for number, name in enumerate(self._names) if number not in taken]
        with QSignalBlocker(self.add):
            self.add.clear()
            self.add.addItem("add a class", None)
            for name, number in free:
                self.add.addItem(name, number)

    def _build(self, mixed: tuple[int, ...]) -> None:
        """A line for each class of a mixture."""
        if self._box is not None:
            self.rows.removeWidget(self._box)
            self._box.hide()
            self._box.deleteLater()
            self._box = None
        self.shares, self.removers = [], []
        if not mixed:
            return
        self._box = QWidget()
        lines = QVBoxLayout(self._box)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(4)
        for number in mixed:
            name = self._names[number] if number < len(self._names) else str(number)
            dial = Dial(name, 0.0, 1.0, 1 / len(mixed), f"How much of {name} there is in the mixture.")
            remove = small_button("×", f"Take {name} out of the mixture")
            dial.moved.connect(partial(self._on_share, number))
            dial.released.connect(self.explorer.seal)
            remove.clicked.connect(partial(self._on_removed, number))
            line = QHBoxLayout()
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(2)
            line.addWidget(dial, 1)
            line.addWidget(remove)
            lines.addLayout(line)
            self.shares.append(dial)
            self.removers.append(remove)
        self.rows.insertWidget(2, self._box)

    @Slot()
    def _on_chosen(self) -> None:
        self.explorer.change(edits.with_class(self.explorer.recipe, self.first.value()), "Class")

    @Slot()
    def _on_added(self) -> None:
        number, recipe = self.add.currentData(), self.explorer.recipe
        if number is not None:
            share = 1 / (len(recipe.labels) + 1)
            self.explorer.change(edits.with_share(recipe, number, share), f"Mix in {self._names[number]}")

    def _on_share(self, number: int, share: float) -> None:
        recipe = edits.with_share(self.explorer.recipe, number, share)
        self.explorer.change(recipe, "Mixture of classes", f"class-share-{number}")

    def _on_removed(self, number: int) -> None:
        self.explorer.change(edits.without_class(self.explorer.recipe, number), "Class taken out")


class CodesSection(Section):
    """A choice for each categorical code, a slider for each continuous one."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__("Codes", explorer, parent)
        self._built = (0, 0, 0)
        self._box: QWidget | None = None
        self.choices: list[Choice] = []
        self.dials: list[CodeDial] = []
        self._finish()

    def show_model(self) -> None:
        """The codes of the model; hidden where it has none."""
        can = self.explorer.can
        wanted = (can.categorical, can.categories, can.continuous) if can is not None else (0, 0, 0)
        if wanted != self._built:
            self._built = wanted
            self._build(*wanted)
        self.setVisible(bool(wanted[0] or wanted[2]))

    def _build(self, categorical: int, categories: int, continuous: int) -> None:
        if self._box is not None:
            self.rows.removeWidget(self._box)
            self._box.hide()
            self._box.deleteLater()
        self._box = QWidget()
        lines = QVBoxLayout(self._box)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(6)
        numbers = [str(value + 1) for value in range(categories)]
        names = [f"Code {index + 1}" for index in range(categorical + continuous)]
        self.choices = [choice(n, numbers, f"{n}, a choice of {categories}") for n in names[:categorical]]
        self.dials = [CodeDial(name) for name in names[categorical:]]
        for box in self.choices:
            box.activated.connect(self._on_moved)
        for dial in self.dials:
            dial.moved.connect(self._on_moved)
        for name, widget in zip(names, [*self.choices, *self.dials], strict=True):
            lines.addLayout(row(name, widget, stretch=isinstance(widget, Choice)))
        self.rows.insertWidget(1, self._box)

    def show_recipe(self) -> None:
        """The codes of the recipe, where they are not those that the controls show already."""
        codes = self.explorer.recipe.codes
        if codes == self._wish():
            return
        for place, box in enumerate(self.choices):
            value = codes[place] if place < len(codes) else None
            with QSignalBlocker(box):
                box.setCurrentIndex(0 if value is None else int(value) + 1)
        for place, dial in enumerate(self.dials, len(self.choices)):
            value = codes[place] if place < len(codes) else None
            with QSignalBlocker(dial):
                dial.set_value(value)

    def _wish(self) -> tuple[float | None, ...]:
        codes = (*(box.value() for box in self.choices), *(dial.value() for dial in self.dials))
        return () if all(code is None for code in codes) else codes

    @Slot()
    def _on_moved(self) -> None:
        self.explorer.edit("Codes", "codes", codes=self._wish())
