"""What the generator is told besides the latent: a class or a mixture of two, and readable codes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from ganstudio.window.explore import edits
from ganstudio.window.explore.column.section import Section, row
from ganstudio.window.explore.dial import Dial
from ganstudio.window.explore.state import Explorer
from ganstudio.window.widgets.codes_panel import Choice
from ganstudio.window.widgets.codes_panel import Dial as CodeDial

ANY = "of the seed"


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
    """A class by name, and a second one to mix it with."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__("Class", explorer, parent)
        self._names: tuple[str, ...] = ()
        self.first = choice("Class", (), "What the generator is told to make", ANY)
        self.second = choice(
            "Second class", (), "Mix the class with another: their embeddings are added", "no other"
        )
        self.share = Dial("Share", 0.0, 1.0, 0.5, "How much of the second class there is in the mixture.")
        self.rows.addLayout(row("Class", self.first))
        self.rows.addLayout(row("Mixed with", self.second))
        self.rows.addWidget(self.share)
        self.first.activated.connect(self._on_chosen)
        self.second.activated.connect(self._on_chosen)
        self.share.moved.connect(self._on_share)
        self.share.released.connect(explorer.seal)
        self._finish()

    def show_model(self) -> None:
        """The classes of the model."""
        can = self.explorer.can
        names = can.classes if can is not None else ()
        if names != self._names:
            self._names = names
            for box in (self.first, self.second):
                with QSignalBlocker(box):
                    words = box.itemText(0)
                    box.clear()
                    box.addItems([words, *names])
        why = self.explorer.why_not("classes") or ("" if names else "This model has no classes.")
        for box in (self.first, self.second):
            box.setEnabled(not why)
            box.setVisible(bool(names))
        self.share.setVisible(bool(names))
        self.say(why if can is not None and not names else "")
        for index in range(self.rows.count()):
            item = self.rows.itemAt(index)
            layout = item.layout() if item is not None else None
            label = layout.itemAt(0).widget() if layout is not None and index > 0 else None
            if label is not None:
                label.setVisible(bool(names))

    def show_recipe(self) -> None:
        """The classes of the recipe."""
        labels = self.explorer.recipe.labels
        for box, place in ((self.first, 0), (self.second, 1)):
            with QSignalBlocker(box):
                box.setCurrentIndex(labels[place][0] + 1 if len(labels) > place else 0)
        mixed = len(labels) > 1
        if mixed:
            self.share.set_value(labels[1][1])
        why = self.explorer.why_not("class-mixture")
        self.second.setEnabled(bool(labels) and not why)
        self.second.setToolTip(why or "Mix the class with another: their embeddings are added")
        self.share.set_why("" if mixed else "Choose two classes first.")

    @Slot()
    def _on_chosen(self) -> None:
        self._take("Class", "")

    @Slot(float)
    def _on_share(self, _value: float) -> None:
        self._take("Mixture of classes", "class-share")

    def _take(self, label: str, key: str) -> None:
        recipe = edits.with_labels(
            self.explorer.recipe, self.first.value(), self.second.value(), self.share.value()
        )
        self.explorer.change(recipe, label, key)


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
