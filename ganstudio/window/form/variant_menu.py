"""The variant menu: every GAN grouped by idea, searchable, with the card of the one that is highlighted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSize, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ganstudio.catalog.datasets import DATASETS
from ganstudio.catalog.formulas import formulas_of_variant
from ganstudio.catalog.recipe import Variant
from ganstudio.catalog.variants import VARIANTS
from ganstudio.window.dialogs.chooser import Chooser, Entry
from ganstudio.window.form.draft import Draft, first_source, learns
from ganstudio.window.papers import address
from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption, Title
from ganstudio.window.widgets.formula import FormulaView

GROUPS = ("Origins", "Objective", "Regularisation", "Architecture", "Conditioning", "Diversity")
"""The order of the ideas; others follow."""
WIDTH, LIST_WIDTH, HEIGHT = 860, 300, 600
LETTERS = "C: the discriminator's score. D(x) = sigmoid(C(x)). G: the generator, z: its latent, p: the data."
KINDS = {"image": "pictures", "points": "points"}


def variants_in_order() -> list[Variant]:
    """All variants, by idea and year."""
    place = {name: index for index, name in enumerate(GROUPS)}
    return sorted(VARIANTS.values(), key=lambda v: (place.get(v.group, len(GROUPS)), v.group, v.year, v.name))


def entries(draft: Draft) -> list[Entry]:
    """The entries of the menu for what is in the form."""
    found: list[Entry] = []
    for variant in variants_in_order():
        detail = variant.idea
        if not learns(variant.name, draft.source):
            source: Any = DATASETS[first_source(variant.name)]
            detail = f"Changes the data to: {source.title}. {detail}"
        words = f"{variant.name} {variant.title} {variant.year} {variant.paper} {variant.idea}"
        entry = Entry(variant.name, variant.title, detail, str(variant.year), variant.group, words=words)
        found.append(replace(entry, current=variant.name == draft.variant))
    return found


class VariantCard(QScrollArea):
    """One variant to read: year and paper, idea, formulas, what to watch, what goes wrong."""

    taken = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.variant: Variant | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.paper = QPushButton()
        self.take = QPushButton()

    def show_variant(self, name: str) -> None:
        """Show another variant."""
        if name not in VARIANTS or (self.variant is not None and self.variant.name == name):
            return
        self.variant = variant = VARIANTS[name]
        inside = QWidget()
        set_role(inside, "scrolled")
        column = QVBoxLayout(inside)
        column.setContentsMargins(18, 8, 14, 12)
        column.setSpacing(6)
        self._head(column, variant)
        self._text(column, "", variant.idea)
        self._formulas(column, variant)
        self._text(column, "What to look for", variant.watch)
        self._text(column, "What goes wrong", variant.pitfalls)
        self._text(column, "Learns", " and ".join(KINDS[kind] for kind in variant.data))
        column.addStretch(1)
        self.setWidget(inside)
        self.setAccessibleName(f"About {variant.title}")

    def _head(self, column: QVBoxLayout, variant: Variant) -> None:
        title = QLabel(variant.title)
        title.setFont(theme().font("heading"))
        self.take = QPushButton(f"Take {variant.title}")
        set_role(self.take, "primary")
        self.take.setToolTip("Put this variant into the form (Enter)")
        self.take.clicked.connect(self._on_take)
        line = QHBoxLayout()
        line.addWidget(title, 1)
        line.addWidget(self.take)
        column.addLayout(line)
        self.paper = QPushButton(variant.paper)
        set_role(self.paper, "link")
        place = address(variant.paper)
        self.paper.setEnabled(bool(place))
        self.paper.setToolTip(f"Open {place} in the browser" if place else "This source has no address")
        self.paper.setAccessibleName(f"Paper: {variant.paper}")
        self.paper.clicked.connect(self._on_paper)
        origin = QHBoxLayout()
        origin.setSpacing(4)
        origin.addWidget(Caption(f"{variant.year} ·"))
        origin.addWidget(self.paper)
        origin.addStretch(1)
        column.addLayout(origin)

    def _text(self, column: QVBoxLayout, title: str, text: str) -> None:
        if title:
            column.addSpacing(6)
            column.addWidget(Title(title))
        label = QLabel(text[:1].upper() + text[1:])
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(label)

    def _formulas(self, column: QVBoxLayout, variant: Variant) -> None:
        before = ""
        shown = formulas_of_variant(variant)
        for part, formula in shown:
            if part != before:
                column.addSpacing(6)
                column.addWidget(Title(part))
                before = part
            line = QHBoxLayout()
            line.setSpacing(10)
            name = Caption(formula.name, wrap=True)
            name.setFixedWidth(92)
            line.addWidget(name, 0, Qt.AlignmentFlag.AlignVCenter)
            line.addWidget(FormulaView(formula.tex), 1)
            column.addLayout(line)
        if shown:
            column.addWidget(Caption(LETTERS, wrap=True))

    @Slot()
    def _on_take(self) -> None:
        if self.variant is not None:
            self.taken.emit(self.variant.name)

    @Slot()
    def _on_paper(self) -> None:
        if self.variant is not None:
            QDesktopServices.openUrl(QUrl(address(self.variant.paper)))


class VariantMenu(Chooser):
    """A click shows a variant's card; Enter, a double click or the card's button takes it."""

    def __init__(self, draft: Draft, parent: QWidget | None = None) -> None:
        self.card = VariantCard()
        super().__init__(entries(draft), "Search by name, year, paper or idea", parent)
        self.setAccessibleName("Variants")
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.removeWidget(self.list)
        line = QHBoxLayout()
        line.setSpacing(0)
        line.addWidget(self.list)
        line.addWidget(self.card, 1)
        column.addLayout(line, 1)
        self.list.setFixedWidth(LIST_WIDTH)
        self.list.itemDoubleClicked.connect(self._take)
        self.highlighted.connect(self.card.show_variant)
        self.card.taken.connect(self._on_taken)
        self.card.show_variant(draft.variant)

    def content_height(self) -> int:
        """As tall as the card likes it, whatever the list needs."""
        return HEIGHT

    def sizeHint(self) -> QSize:
        """List and card side by side."""
        return QSize(WIDTH, HEIGHT)

    @Slot(QListWidgetItem)
    def _click(self, item: QListWidgetItem) -> None:
        self.list.setCurrentItem(item)

    @Slot(QListWidgetItem)
    def _hover(self, item: QListWidgetItem) -> None:
        """The pointer crosses entries on its way to the card: only a click highlights."""

    @Slot(str)
    def _on_taken(self, name: str) -> None:
        self.close()
        self.chosen.emit(name)
