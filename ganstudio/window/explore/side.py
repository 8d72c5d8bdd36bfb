"""The column at the right: the mixing matrix, truncation in steps, and the direction that is at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganstudio.core.explore.messages import CannotExplore, Render, Rendered
from ganstudio.core.explore.recipe import Recipe
from ganstudio.core.numbers import MINUS
from ganstudio.window.explore import edits
from ganstudio.window.explore.desk import Desk
from ganstudio.window.explore.images import qimages
from ganstudio.window.explore.matrix import MatrixCard
from ganstudio.window.explore.state import Explorer, Pin
from ganstudio.window.explore.strip import Thumb, ThumbStrip
from ganstudio.window.widgets.basic import Card, scrolled

WIDTH, NARROW_WIDTH, SIDE = 336, 264, 40
PSIS = (0.0, 0.25, 0.5, 0.7, 0.85, 1.0, 1.25)
AMOUNTS = (-4.0, -2.5, -1.0, 0.0, 1.0, 2.5, 4.0)


class StripCard(Card):
    """The recipe at several values of one knob; a click takes the value."""

    def __init__(
        self, slot: str, title: str, caption: str, desk: Desk, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, caption, parent)
        self._slot, self._desk = slot, desk
        self._asked: tuple[object, ...] | None = None
        self.strip = ThumbStrip(title, SIDE, captions=True, fit=True)
        self.strip.setToolTip("Click one to take its value")
        self.body.addWidget(self.strip)

    def show_recipes(
        self, explorer: Explorer, recipes: Sequence[Recipe], names: Sequence[str], current: int
    ) -> None:
        """Ask for the pictures, where they are not those that are shown."""
        self.strip.set_current(current)
        if explorer.model is None or explorer.opened is None:
            return
        wanted = (explorer.opened.model, explorer.opened.step, tuple(recipes))
        if wanted == self._asked:
            return
        self._asked = wanted
        old = self.strip.thumbs()
        thumbs = [Thumb(old[i].image if i < len(old) else None, name) for i, name in enumerate(names)]
        self.strip.set_thumbs(thumbs, current)
        request = Render(0, self._slot, explorer.model, tuple(recipes), height=2 * SIDE)
        self._desk.ask(request, self._on_part)

    def _on_part(self, report: object) -> None:
        if isinstance(report, CannotExplore):
            self.strip.set_thumbs(())
            self.strip.set_words(report.problem)
        elif isinstance(report, Rendered):
            for index, image in enumerate(qimages(report.images), report.first):
                self.strip.set_image(index, image)


class SideColumn(QWidget):
    """Parts: ``matrix``, ``psi``, ``direction``."""

    failed = Signal(str, str)

    def __init__(self, explorer: Explorer, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.explorer = explorer
        self._pin: Pin | None = None
        self.matrix = MatrixCard(explorer, desk)
        self.psi = StripCard("psi", "Truncation", "the recipe from its mean outwards", desk)
        self.direction = StripCard("filmstrip", "Direction", "", desk)
        self.direction.hide()
        inside = QWidget()
        lines = QVBoxLayout(inside)
        lines.setContentsMargins(0, 12, 12, 12)
        lines.setSpacing(10)
        for card in (self.matrix, self.direction, self.psi):
            lines.addWidget(card)
        lines.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scrolled(inside))
        self.setFixedWidth(WIDTH)
        self.psi.strip.picked.connect(self._on_psi)
        self.direction.strip.picked.connect(self._on_amount)
        explorer.pins_changed.connect(self._on_pins)

    def set_narrow(self, narrow: bool) -> None:
        """Leave more room to the picture."""
        self.setFixedWidth(NARROW_WIDTH if narrow else WIDTH)

    def refresh(self) -> None:
        """The recipe rests: bring everything in line with it."""
        if not self.isVisible() or self.explorer.opened is None:
            return
        self.matrix.refresh()
        why = self.explorer.why_not("truncation")
        self.psi.setVisible(not why)
        if not why:
            recipe = self.explorer.recipe
            recipes = [replace(recipe, psi=psi) for psi in PSIS]
            at = PSIS.index(recipe.psi) if recipe.psi in PSIS else -1
            self.psi.show_recipes(self.explorer, recipes, [f"{psi:g}" for psi in PSIS], at)
        self._show_direction()

    @Slot(object)
    def show_direction(self, pin: Pin) -> None:
        """Show what a direction does, in steps."""
        if self._pin != pin:
            self._pin = pin
            self._show_direction()

    @Slot()
    def _on_pins(self) -> None:
        pins = self.explorer.pins
        if self._pin is not None and self._pin not in pins:
            same = [pin for pin in pins if pin.direction.vector == self._pin.direction.vector]
            self._pin = same[0] if same else None
        if self._pin is None and pins:
            self._pin = pins[0]
        self._show_direction()

    def _show_direction(self) -> None:
        pin, recipe = self._pin, self.explorer.recipe
        self.direction.setVisible(pin is not None)
        if pin is None or not self.isVisible():
            return
        recipes = [edits.with_move(recipe, pin.direction, a, pin.first, pin.last) for a in AMOUNTS]
        amount = edits.amount_of(recipe, pin.direction)
        at = AMOUNTS.index(amount) if amount in AMOUNTS else -1
        names = [f"{a:+g}".replace("-", MINUS) if a else "0" for a in AMOUNTS]
        self.direction.set_title(pin.direction.name)
        self.direction.set_caption("sigmas along the direction")
        self.direction.show_recipes(self.explorer, recipes, names, at)

    @Slot(int)
    def _on_psi(self, index: int) -> None:
        self.explorer.edit("Truncation", psi=PSIS[index])

    @Slot(int)
    def _on_amount(self, index: int) -> None:
        pin = self._pin
        if pin is not None:
            recipe = edits.with_move(self.explorer.recipe, pin.direction, AMOUNTS[index], pin.first, pin.last)
            self.explorer.change(recipe, f"{pin.direction.name} {edits.signed(AMOUNTS[index])}")
