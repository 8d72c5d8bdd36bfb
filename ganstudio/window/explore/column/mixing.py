"""Mixing: some rows of another latent, by groups or one by one, each with its strength."""

from __future__ import annotations

import secrets

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ganstudio.core.explore.recipe import Seed
from ganstudio.core.numbers import whole
from ganstudio.window.explore import edits
from ganstudio.window.explore.column.section import Section, row, small_button
from ganstudio.window.explore.column.where import RANDOM_BELOW
from ganstudio.window.explore.dial import Dial
from ganstudio.window.explore.state import Explorer
from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role

STYLES = {"coarse": "Pose and overall shape", "middle": "Features", "fine": "Colours and texture"}
PLAIN = "This generator has no styles: what is mixed are the means and deviations of hidden activations."
FIRST_SOURCE = 7


class SeedField(QLineEdit):
    """A seed to type."""

    def __init__(self, name: str, seed: int, parent: QWidget | None = None) -> None:
        super().__init__(str(seed), parent)
        self.setValidator(QIntValidator(0, edits.MOST_SEED, self))
        self.setFixedWidth(64)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFont(theme().font("figure"))
        self.setAccessibleName(name)
        self.setToolTip(f"{name}: a number")
        self.editingFinished.connect(self._on_done)

    @Slot()
    def _on_done(self) -> None:
        self.setModified(False)

    def seed(self) -> int:
        """The number; 0 for none."""
        return int(self.text() or 0)


class RowMix(QWidget):
    """One row with a source of its own."""

    def __init__(self, label: str, section: MixSection, first: int, last: int) -> None:
        super().__init__(section)
        self._section, self.first, self.last = section, first, last
        self.dial = Dial(label, 0.0, 1.0, 0.0, f"How much of {label} comes from the source at the right.")
        self.source = SeedField(f"Source of {label}", FIRST_SOURCE)
        self.source.setFixedWidth(48)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(self.dial, 1)
        line.addWidget(self.source)
        self.dial.moved.connect(self._on_moved)
        self.dial.released.connect(section.explorer.seal)
        self.source.editingFinished.connect(self._on_moved)

    def show_recipe(self) -> None:
        """Strength and source as the recipe has them."""
        mix = edits.mix_of(self._section.explorer.recipe, self.first, self.last)
        self.dial.set_value(mix.strength if mix is not None else 0.0)
        if mix is not None and not self.source.isModified():
            self.source.setText(str(edits.base_seed(mix.source)))

    @Slot()
    def _on_moved(self) -> None:
        explorer, key = self._section.explorer, f"mix-{self.first}-{self.last}"
        place = Seed(self.source.seed())
        recipe = edits.with_mix(explorer.recipe, self.first, self.last, place, self.dial.value())
        explorer.change(recipe, f"Mix {self.dial.label.text()}", key)


class MixSection(Section):
    """Coarse, middle and fine from one source, and every row from its own."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__("Mix", explorer, parent)
        self._built: tuple[object, ...] | None = None
        self.source = SeedField("Source", FIRST_SOURCE)
        self.random = small_button("Random", "Any other source")
        self.groups: dict[str, Dial] = {}
        self._ranges: dict[str, tuple[int, int]] = {}
        self.each: list[RowMix] = []
        self.fold = QPushButton("Every row")
        self.fold.setCheckable(True)
        self.fold.setToolTip("Show a slider and a source for every single row")
        set_role(self.fold, "fold")
        self._box, self._every = QWidget(), QWidget()
        for box in (self._box, self._every):
            lines = QVBoxLayout(box)
            lines.setContentsMargins(0, 0, 0, 0)
            lines.setSpacing(6)
        self._every.hide()
        self.rows.addLayout(row("Source", self.random, self.source))
        self.rows.addWidget(self._box)
        self.rows.addWidget(self.fold)
        self.rows.addWidget(self._every)
        self.fold.toggled.connect(self._on_fold)
        self.random.clicked.connect(self._on_random)
        self.source.editingFinished.connect(self._on_source)
        self._finish()

    def show_model(self) -> None:
        """The rows of the model."""
        can, why = self.explorer.can, self.explorer.why_not("mixing")
        wanted = (can.styles, can.rows, tuple(can.groups.items())) if can is not None else None
        if can is not None and self._built != wanted:
            self._built = wanted
            self._build(can.styles, can.rows, can.groups)
        for dial in (*self.groups.values(), *(each.dial for each in self.each)):
            dial.set_why(why)
        for widget in (self.source, self.random, self.fold, *(each.source for each in self.each)):
            widget.setEnabled(not why)
        self.say("" if can is None else why or ("" if can.styles else PLAIN))

    def _build(self, styles: bool, rows: tuple[int, ...], groups: dict[str, tuple[int, int]]) -> None:
        for widget in (*self.groups.values(), *self.each):
            widget.hide()
            widget.deleteLater()
        self._ranges = dict(groups)
        tips = {
            name: tip_of(name, rows[first : last + 1]) if styles else PLAIN
            for name, (first, last) in groups.items()
        }
        self.groups = {name: Dial(name, 0.0, 1.0, 0.0, tips[name]) for name in groups}
        box, every = self._box.layout(), self._every.layout()
        assert box is not None and every is not None
        for name, dial in self.groups.items():
            dial.setObjectName(name)
            dial.moved.connect(self._on_group)
            dial.released.connect(self.explorer.seal)
            box.addWidget(dial)
        word = "row" if styles else "layer"
        self.each = [RowMix(f"{word} {i} · {side}", self, i, i) for i, side in enumerate(rows)]
        for each in self.each:
            every.addWidget(each)
        self.fold.setText(f"Every {word}")

    def show_recipe(self) -> None:
        """Strengths and sources of the recipe."""
        for name, dial in self.groups.items():
            mix = edits.mix_of(self.explorer.recipe, *self._ranges[name])
            dial.set_value(mix.strength if mix is not None else 0.0)
            if mix is not None and isinstance(mix.source, Seed) and not self.source.isModified():
                self.source.setText(str(mix.source.seed))
        for each in self.each:
            each.show_recipe()

    @Slot(bool)
    def _on_fold(self, on: bool) -> None:
        self._every.setVisible(on)

    @Slot(float)
    def _on_group(self, value: float) -> None:
        sender = self.sender()
        name = sender.objectName() if sender is not None else ""
        place = Seed(self.source.seed())
        recipe = edits.with_mix(self.explorer.recipe, *self._ranges[name], place, value)
        self.explorer.change(recipe, f"Mix {name}", f"mix-{name}")

    @Slot()
    def _on_random(self) -> None:
        self.source.setText(str(secrets.randbelow(RANDOM_BELOW)))
        self._on_source()

    @Slot()
    def _on_source(self) -> None:
        """What the groups mix comes from the new source."""
        recipe, place = self.explorer.recipe, Seed(self.source.seed())
        for name, dial in self.groups.items():
            if dial.value() > 0:
                recipe = edits.with_mix(recipe, *self._ranges[name], place, dial.value())
        self.explorer.change(recipe, f"Mix with seed {whole(place.seed)}")


def tip_of(group: str, sizes: tuple[int, ...]) -> str:
    """What a group of rows is known to carry, and which rows it has."""
    span = f"{sizes[0]} px" if sizes[0] == sizes[-1] else f"{sizes[0]} to {sizes[-1]} px"
    return f"{STYLES[group]} in most generators with styles: the rows of {span}."
