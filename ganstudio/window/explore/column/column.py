"""The column at the left, all sections one below the other."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganstudio.window.explore.column.directions import DirectionsSection
from ganstudio.window.explore.column.given import ClassSection, CodesSection
from ganstudio.window.explore.column.mixing import MixSection
from ganstudio.window.explore.column.model_card import ModelSection, Runs
from ganstudio.window.explore.column.noise import NoiseSection
from ganstudio.window.explore.column.where import WhereSection
from ganstudio.window.explore.desk import Desk
from ganstudio.window.explore.state import Explorer
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Title, scrolled

WIDTH = 284


class Column(QWidget):
    """Parts: ``model``, ``where``, ``classes``, ``codes``, ``directions``, ``mix``, ``noise``."""

    def __init__(self, explorer: Explorer, desk: Desk, runs: Runs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = ModelSection(explorer, runs)
        self.where = WhereSection(explorer)
        self.classes = ClassSection(explorer)
        self.codes = CodesSection(explorer)
        self.directions = DirectionsSection(explorer, desk)
        self.mix = MixSection(explorer)
        self.noise = NoiseSection(explorer)
        set_role(self, "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        inside = QWidget()
        lines = QVBoxLayout(inside)
        lines.setContentsMargins(12, 0, 12, 12)
        lines.setSpacing(16)
        for section in self.sections():
            lines.addWidget(section)
        lines.addStretch(1)
        title = Title("Explore")
        title.setContentsMargins(12, 10, 12, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(title)
        column.addWidget(scrolled(inside), 1)
        self.setAccessibleName("Explore")

    def sections(self) -> tuple[QWidget, ...]:
        """All sections, from top to bottom."""
        return (self.model, self.where, self.classes, self.codes, self.directions, self.mix, self.noise)
