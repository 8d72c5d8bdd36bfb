"""The setup form: variant, data, and below them a row for every setting of the config."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from ganstudio.window.form import cards
from ganstudio.window.form.cards import ChoiceCard
from ganstudio.window.form.field_list import FieldList
from ganstudio.window.form.fields import (
    WHILE_TRAINING,
    Field,
    Section,
    Switch,
    data_fields,
    keys_of,
    problem_elsewhere,
    sections,
)
from ganstudio.window.form.model import FormModel
from ganstudio.window.form.palette import StabilizerPalette, SwitchRow
from ganstudio.window.form.rows import ChooserRow, FieldRow, FoldButton
from ganstudio.window.form.variant_menu import WIDTH as MENU_WIDTH
from ganstudio.window.form.variant_menu import VariantMenu
from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption

WIDTH = 280


class SectionBox(QWidget):
    """A heading, which folds, and its rows; those few need lie behind a second fold."""

    def __init__(self, section: Section, model: FormModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        folded = section.group.folded
        self.heading = FoldButton(section.group.title, folded)
        self.live = QLabel("live")
        self.live.setFont(theme().font("caption"))
        self.live.setObjectName("live")
        self.live.setToolTip(
            "These can be changed while the run goes on; a change takes effect at the next step."
        )
        self.palette_ = StabilizerPalette(model) if section.group.name == "stabilizers" else None
        self.rows, self.more_rows = FieldList(model), FieldList(model)
        self.more = FoldButton("More", folded=True)
        self.more.setToolTip(f"Settings of {section.group.title.lower()} that few need")
        self._inside = QWidget()
        self._assemble(folded)
        self.heading.toggled.connect(self._inside.setVisible)
        self.more.toggled.connect(self.more_rows.setVisible)

    def _assemble(self, folded: bool) -> None:
        line = QHBoxLayout()
        line.setSpacing(0)
        line.addWidget(self.heading)
        line.addStretch(1)
        line.addWidget(self.live)
        inside = QVBoxLayout(self._inside)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(6)
        for part in (self.palette_ or self.rows, self.more, self.more_rows):
            inside.addWidget(part)
        self._inside.setVisible(not folded)
        self.more_rows.hide()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 10, 0, 0)
        outer.setSpacing(6)
        outer.addLayout(line)
        outer.addWidget(self._inside)

    def show_section(self, section: Section) -> None:
        """Bring it in line with the draft; a problem inside unfolds it."""
        self.live.setVisible(section.live)
        if self.palette_ is not None:
            self.palette_.show_rows([row for row in section.rows if isinstance(row, Switch)])
        rows = [row for row in section.rows if not isinstance(row, Switch)]
        hidden = [row for row in rows if isinstance(row, Field) and row.option.advanced]
        self.rows.show_rows([row for row in rows if row not in hidden])
        self.more_rows.show_rows(hidden)
        self.more.setVisible(bool(hidden))
        self.setVisible(bool(section.rows))
        if any(row.problem for row in rows):
            self.heading.setChecked(True)
        if any(row.problem or row.changed for row in hidden):
            self.more.setChecked(True)

    def row(self, key: str) -> FieldRow | ChooserRow | SwitchRow | None:
        """The row of a setting."""
        switch = self.palette_.row(key) if self.palette_ is not None else None
        return switch or self.rows.row(key) or self.more_rows.row(key)


class SetupForm(QScrollArea):
    """The whole form over a :class:`FormModel`."""

    gallery_wanted = Signal()
    """A person wants to see all data."""

    def __init__(self, model: FormModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self._summary = ""
        self.variant = ChoiceCard("Variant")
        self.data = ChoiceCard("Data")
        self.variant.setObjectName("variant")
        self.data.setObjectName("data")
        self._data_rows = FieldList(model)
        self._elsewhere = Caption(wrap=True)
        set_role(self._elsewhere, "warning")
        self._sections = {s.group.name: SectionBox(s, model) for s in sections(model.draft, False)}
        self._assemble()
        self.variant.pressed.connect(self._open_variants)
        self.data.pressed.connect(self._open_data)
        model.changed.connect(self.refresh)
        self.refresh()

    def _assemble(self) -> None:
        inner = QWidget()
        set_role(inner, "scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(12, 4, 12, 16)
        column.setSpacing(6)
        column.addWidget(Caption("Variant"))
        column.addWidget(self.variant)
        column.addSpacing(6)
        column.addWidget(Caption("Data"))
        column.addWidget(self.data)
        column.addWidget(self._data_rows)
        column.addWidget(self._elsewhere)
        for box in self._sections.values():
            column.addWidget(box)
        column.addStretch(1)
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Setup")
        set_role(self, "panel")

    def sizeHint(self) -> QSize:
        """As wide as the design says."""
        return QSize(WIDTH, 600)

    def minimumSizeHint(self) -> QSize:
        """No narrower than the design says: editors would be cut."""
        return QSize(WIDTH, 120)

    def set_data_summary(self, summary: str) -> None:
        """What the engine found in the data, such as "1,797 images · 16 × 16 · 10 classes"."""
        if summary != self._summary:
            self._summary = summary
            self.refresh()

    def set_real(self, images: NDArray[Any] | None) -> None:
        """The real samples, of which the data's card shows some."""
        self.data.set_picture(cards.thumbnail(images) if images is not None else None)

    def row(self, key: str) -> FieldRow | ChooserRow | SwitchRow | None:
        """The row of a setting, for tests and for help."""
        places = [self._data_rows, *self._sections.values()]
        return next((row for place in places if (row := place.row(key)) is not None), None)

    @Slot()
    def refresh(self) -> None:
        """Show what the model says."""
        draft, active = self.model.draft, self.model.active
        locked = WHILE_TRAINING if active else ""
        cards.show_variant(self.variant, draft, locked)
        cards.show_data(self.data, draft, self._summary, locked)
        data_rows = data_fields(draft, active, self.model.remarks)
        self._data_rows.show_rows(data_rows)
        self._data_rows.setVisible(bool(data_rows))
        shown = {row.key for row in data_rows}
        for section in sections(draft, active, self.model.remarks):
            self._sections[section.group.name].show_section(section)
            shown |= {key for row in section.rows for key in keys_of(row)}
        problem = problem_elsewhere(draft, shown, self.model.remarks)
        self._elsewhere.setText(problem)
        self._elsewhere.setVisible(bool(problem))

    def show_first_problem(self) -> bool:
        """Scroll to the first setting that cannot be used and put the focus there."""
        for key in (*self.model.examined.problems, *self.model.remarks):
            row = self.row(key)
            if row is not None:
                self.ensureWidgetVisible(row)
                _focus_of(row).setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return False

    def take_folder(self, folder: Path) -> None:
        """A folder of pictures becomes the data."""
        self.model.push(
            self.model.draft.with_source("folder", str(folder)), f"Take pictures from {folder.name}"
        )

    @Slot()
    def _open_variants(self) -> None:
        menu = VariantMenu(self.model.draft, self)
        menu.chosen.connect(self._on_variant)
        menu.open_below(self.variant, MENU_WIDTH)

    @Slot()
    def _open_data(self) -> None:
        menu = cards.data_menu(self.model.draft, self)
        menu.chosen.connect(self._on_source)
        menu.open_below(self.data, 560)

    @Slot(str)
    def _on_variant(self, name: str) -> None:
        if name != self.model.draft.variant:
            self.model.push(self.model.draft.with_variant(name), f"Take variant {name}")

    @Slot(str)
    def _on_source(self, name: str) -> None:
        if name == cards.GALLERY:
            self.gallery_wanted.emit()
        elif name != self.model.draft.source:
            self.model.push(self.model.draft.with_source(name), f"Take data {name}")


def _focus_of(row: FieldRow | ChooserRow | SwitchRow) -> QWidget:
    """The part of a row that a person works with."""
    if isinstance(row, FieldRow):
        return row.editor
    return row.box if isinstance(row, ChooserRow) else row.toggle
