"""Where in the latent space: the seed, and how far the latent is drawn towards its mean."""

from __future__ import annotations

import secrets

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from ganstudio.window.explore import edits
from ganstudio.window.explore.column.section import Section, buttons, row, small_button
from ganstudio.window.explore.dial import Dial
from ganstudio.window.explore.state import Explorer
from ganstudio.window.theme import theme

RANDOM_BELOW = 100_000
PSI_TIP = (
    "Truncation: below 1 the latent comes nearer to its mean, which gives more typical and less varied pictures. "
    "1 is as trained."
)


class WhereSection(Section):
    """Seed and truncation."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__("Where we are", explorer, parent)
        self.seed = QLineEdit()
        self.previous = small_button("‹", "The seed before ([)")
        self.next = small_button("›", "The next seed (])")
        self.random = small_button("Random", "Any seed (Shift+R)")
        self.lock = small_button("Lock", "Keep the seed: dragging, typing and the map leave it alone", True)
        self.walk = small_button(
            "Walk", "Wander from seed to seed on great circles, which keeps the prior (W)", True
        )
        self.speed = Dial("Speed", 0.05, 2.0, 0.4, "Seeds a second on a walk.")
        self.speed.hide()
        self.psi = Dial("Truncation", 0.0, 1.5, 1.0, PSI_TIP)
        self.cutoff = Dial(
            "Cutoff", 0, 1, 1, "How many rows of w, the coarsest first, are truncated.", digits=0
        )
        self._dress()
        self.rows.addLayout(row("Seed", self.previous, self.seed, self.next))
        self.rows.addLayout(buttons(self.random, self.walk, self.lock))
        self.rows.addWidget(self.speed)
        self.rows.addWidget(self.psi)
        self.rows.addWidget(self.cutoff)
        self._finish()

    def _dress(self) -> None:
        self.seed.setValidator(QIntValidator(0, edits.MOST_SEED, self.seed))
        self.seed.setFixedWidth(88)
        self.seed.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.seed.setFont(theme().font("figure"))
        self.seed.setAccessibleName("Seed")
        self.seed.setPlaceholderText("none")
        self.seed.setToolTip(
            "The number that the latent is drawn from: the same seed is always the same latent"
        )
        self.seed.editingFinished.connect(self._on_typed)
        self.previous.clicked.connect(self.step_back)
        self.next.clicked.connect(self.step_on)
        self.random.clicked.connect(self.draw)
        self.lock.toggled.connect(self._on_lock)
        self.walk.toggled.connect(self.speed.setVisible)
        self.psi.moved.connect(self._on_psi)
        self.cutoff.moved.connect(self._on_cutoff)
        for dial in (self.psi, self.cutoff):
            dial.released.connect(self.explorer.seal)

    # ------------------------------------------------------------ showing

    def show_model(self) -> None:
        """Greyed without a model; the cutoff belongs to styles."""
        can, why = self.explorer.can, self.explorer.why_not("truncation")
        styles = can is not None and can.styles
        plainly = "" if can is None or styles else self.explorer.why_not("cutoff")
        self.psi.set_tip(f"{PSI_TIP}\n{plainly}" if plainly else PSI_TIP)
        self.psi.set_why(why)
        if can is not None:
            self.psi.set_range(-1.0 if styles else 0.0, 1.5, 1.0)
            self.cutoff.set_range(0, max(len(can.rows), 1), max(len(can.rows), 1))
        self.cutoff.set_why(self.explorer.why_not("cutoff"))
        self.cutoff.setVisible(styles)
        for widget in (self.seed, self.previous, self.next, self.random, self.walk, self.lock):
            widget.setEnabled(can is not None)

    def show_recipe(self) -> None:
        """The numbers of the recipe."""
        recipe, can = self.explorer.recipe, self.explorer.can
        if not self.seed.hasFocus() or not self.seed.isModified():
            self.seed.setText(str(edits.base_seed(recipe.place)) if edits.seeded(recipe.place) else "")
        self.psi.set_value(recipe.psi)
        rows = len(can.rows) if can is not None else 0
        self.cutoff.set_value(rows if recipe.cutoff < 0 else min(recipe.cutoff, rows))

    # ------------------------------------------------------------ doing

    def _to(self, seed: int, label: str) -> None:
        recipe = edits.with_seed(self.explorer.recipe, seed)
        self.explorer.go(recipe.place, label)

    @Slot()
    def step_on(self) -> None:
        """The next seed."""
        seed = edits.base_seed(self.explorer.recipe.place) + 1
        self._to(seed, f"Seed {seed}")

    @Slot()
    def step_back(self) -> None:
        """The seed before."""
        seed = max(edits.base_seed(self.explorer.recipe.place) - 1, 0)
        self._to(seed, f"Seed {seed}")

    @Slot()
    def draw(self) -> None:
        """Any seed."""
        seed = secrets.randbelow(RANDOM_BELOW)
        self._to(seed, f"Seed {seed}")

    @Slot()
    def _on_typed(self) -> None:
        text, self_set = self.seed.text(), self.seed.isModified()
        self.seed.setModified(False)
        if self_set and text:
            self._to(int(text), f"Seed {text}")
        self.show_recipe()

    @Slot(bool)
    def _on_lock(self, on: bool) -> None:
        self.explorer.locked = on
        for widget in (self.seed, self.previous, self.next, self.random, self.walk):
            widget.setEnabled(not on)
        if on:
            self.walk.setChecked(False)

    @Slot(float)
    def _on_psi(self, value: float) -> None:
        self.explorer.edit("Truncation", "psi", psi=value)

    @Slot(float)
    def _on_cutoff(self, value: float) -> None:
        can = self.explorer.can
        rows = len(can.rows) if can is not None else 0
        self.explorer.edit("Cutoff", "cutoff", cutoff=-1 if value >= rows else int(value))
