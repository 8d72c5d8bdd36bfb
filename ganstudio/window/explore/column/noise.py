"""The noise that a generator with noise inputs gets at every pixel."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from ganstudio.window.explore.column.section import Section, link, row
from ganstudio.window.explore.dial import Dial
from ganstudio.window.explore.state import Explorer
from ganstudio.window.widgets.segmented import SegmentedControl

MODES = (
    ("fixed", "Fixed", "The noise that was drawn when the net was made"),
    ("random", "Seeded", "Noise of a seed of its own"),
    ("none", "None", "No noise: what the latent alone decides"),
)


class NoiseSection(Section):
    """Which noise, its seed and its strength."""

    map_wanted = Signal()

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__("Noise", explorer, parent)
        self.mode = SegmentedControl(MODES, "Noise")
        self.mode.setToolTip("Which noise the generator gets at every pixel")
        self.seed = Dial("Noise seed", 0, 100, 0, "Another seed, other noise.", digits=0)
        self.strength = Dial("Strength", 0.0, 2.0, 1.0, "Multiplies the strength that was learned.")
        self.map = link("Where it matters …", "A picture of how much each pixel depends on the noise")
        self.rows.addLayout(row("Mode", self.mode))
        self.rows.addWidget(self.seed)
        self.rows.addWidget(self.strength)
        self.rows.addWidget(self.map)
        self.mode.chosen.connect(self._on_mode)
        self.seed.moved.connect(self._on_seed)
        self.strength.moved.connect(self._on_strength)
        self.map.clicked.connect(self.map_wanted)
        for dial in (self.seed, self.strength):
            dial.released.connect(explorer.seal)
        self._finish()

    def show_model(self) -> None:
        """Greyed where the generator has no noise inputs."""
        why = self.explorer.why_not("noise")
        for dial in (self.seed, self.strength):
            dial.set_why(why)
        for name, _, _ in MODES:
            self.mode.set_enabled(name, not why, why)
        self.map.setEnabled(not why)
        self.map.setToolTip(why or "A picture of how much each pixel depends on the noise")
        self.say(why if self.explorer.can is not None else "")
        shown = self.explorer.can is None or not why
        for widget in (self.mode, self.seed, self.strength, self.map):
            widget.setVisible(shown)
        line = self.rows.itemAt(1).layout()
        line.itemAt(0).widget().setVisible(shown)

    def show_recipe(self) -> None:
        """The noise of the recipe."""
        noise = self.explorer.recipe.noise
        self.mode.set_value(noise.mode)
        self.seed.set_value(noise.seed)
        self.strength.set_value(noise.strength)
        if not self.explorer.why_not("noise"):
            self.seed.set_why("" if noise.mode == "random" else "Only seeded noise has a seed.")
            self.strength.set_why("" if noise.mode != "none" else "There is no noise.")

    @Slot(str)
    def _on_mode(self, mode: str) -> None:
        self.explorer.edit(f"Noise {mode}", noise=replace(self.explorer.recipe.noise, mode=mode))

    @Slot(float)
    def _on_seed(self, value: float) -> None:
        noise = replace(self.explorer.recipe.noise, seed=int(value))
        self.explorer.edit("Noise seed", "noise-seed", noise=noise)

    @Slot(float)
    def _on_strength(self, value: float) -> None:
        noise = replace(self.explorer.recipe.noise, strength=value)
        self.explorer.edit("Noise strength", "noise-strength", noise=noise)
