"""The setup form: variant, data, and below them a row for every setting of the config."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from ganstudio.window.form import cards
from ganstudio.window.form.cards import ChoiceCard
from ganstudio.window.form.fields import (
    WHILE_TRAINING,
    Chooser,
    Field,
    Row,
    Section,
    Switch,
    data_fields,
    problem_elsewhere,
    sections,
)
from ganstudio.window.form.model import FormModel
from ganstudio.window.form.rows import ChooserRow, Dot, FieldRow, FoldButton
from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption
from ganstudio.window.widgets.toggle import ToggleSwitch

WIDTH = 280


class SwitchRow(QWidget):
    """A stabilizer: its switch, and its settings below while it is on."""

    def __init__(self, switch: Switch, model: FormModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.switch, self._model = switch, model
        self.toggle = ToggleSwitch(switch.title)
        self.toggle.setObjectName(f"stabilizers.{switch.name}")
        self.toggle.setAccessibleName(switch.title)
        self.dot = Dot()
        self._fields = FieldList(model)
        self._fields.layout().setContentsMargins(12, 4, 0, 4)
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self.toggle, 1)
        line.addWidget(self.dot)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(line)
        outer.addWidget(self._fields)
        self.toggle.toggled.connect(self._on_toggled)
        self.dot.clicked.connect(self._on_dot)
        self.show_switch(switch)

    def show_switch(self, switch: Switch) -> None:
        """Show the switch without an edit."""
        self.switch = switch
        blocked = self.toggle.blockSignals(True)
        self.toggle.setChecked(switch.on)
        self.toggle.blockSignals(blocked)
        self.toggle.setEnabled(not switch.locked)
        self.toggle.setToolTip(f"{switch.help}\n{switch.locked}" if switch.locked else switch.help)
        self.dot.tell(switch.changed, switch.title, "what the variant has", switch.locked)
        self._fields.show_rows(switch.fields)
        self._fields.setVisible(bool(switch.fields))

    @Slot(bool)
    def _on_toggled(self, on: bool) -> None:
        word = "on" if on else "off"
        self._model.push(self._model.draft.switch(self.switch.name, on), f"Switch {self.switch.title} {word}")

    @Slot()
    def _on_dot(self) -> None:
        self._model.reset(f"stabilizers.{self.switch.name}", self.switch.title)


class FieldList(QWidget):
    """Rows one below the other, kept as long as the same settings are shown."""

    def __init__(self, model: FormModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._rows: dict[str, FieldRow | ChooserRow | SwitchRow] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)

    def show_rows(self, rows: tuple[Row, ...] | list[Field]) -> None:
        """Bring the rows in line with what the draft says."""
        wanted = {_key(row): row for row in rows}
        if list(wanted) != list(self._rows):
            self._rebuild(wanted)
            return
        for key, row in wanted.items():
            _show(self._rows[key], row)

    def row(self, key: str) -> FieldRow | ChooserRow | SwitchRow | None:
        """The row of a setting."""
        return self._rows.get(key)

    def _rebuild(self, wanted: dict[str, Row]) -> None:
        old, self._rows = self._rows, {}
        for key, row in wanted.items():
            widget = old.pop(key, None)
            if widget is None:
                widget = self._make(row)
            else:
                _show(widget, row)
            self._rows[key] = widget
            self._layout.removeWidget(widget)
            self._layout.addWidget(widget)
        for widget in old.values():
            self._layout.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        tab_order(self)

    def _make(self, row: Row) -> FieldRow | ChooserRow | SwitchRow:
        if isinstance(row, Switch):
            return SwitchRow(row, self._model, self)
        if isinstance(row, Chooser):
            chooser = ChooserRow(row, self)
            chooser.chosen.connect(self._on_kind)
            chooser.put_back.connect(self._on_put_back)
            return chooser
        field = FieldRow(row, self)
        field.edited.connect(self._on_edited)
        field.put_back.connect(self._on_put_back)
        return field

    @Slot(str, object)
    def _on_edited(self, key: str, value: object) -> None:
        row = self._rows.get(key)
        self._model.edit(key, value, row.field.label if isinstance(row, FieldRow) else key)

    @Slot(str)
    def _on_put_back(self, key: str) -> None:
        self._model.reset(key)

    @Slot(str, str, str)
    def _on_kind(self, place: str, tag: str, kind: str) -> None:
        self._model.push(self._model.draft.with_kind(place, tag, kind), f"Take {kind}")


def _key(row: Row) -> str:
    if isinstance(row, Switch):
        return f"stabilizers.{row.name}"
    return row.key


def _show(widget: FieldRow | ChooserRow | SwitchRow, row: Row) -> None:
    if isinstance(widget, SwitchRow) and isinstance(row, Switch):
        widget.show_switch(row)
    elif isinstance(widget, ChooserRow) and isinstance(row, Chooser):
        widget.show_chooser(row)
    elif isinstance(widget, FieldRow) and isinstance(row, Field):
        widget.show_field(row)


def tab_order(parent: QWidget) -> None:
    """The focus follows the eye: from the top row to the last."""
    before: QWidget | None = None
    layout = parent.layout()
    for index in range(layout.count() if layout else 0):
        item = layout.itemAt(index) if layout else None
        widget = item.widget() if item else None
        editor = widget.editor if isinstance(widget, FieldRow) else None
        if editor is not None:
            if before is not None:
                QWidget.setTabOrder(before, editor)
            before = editor


class SectionBox(QWidget):
    """A heading, which folds, and its rows."""

    def __init__(self, section: Section, model: FormModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = FoldButton(section.group.title, section.group.folded)
        self.live = QLabel("live")
        self.live.setFont(theme().font("caption"))
        self.live.setObjectName("live")
        self.live.setToolTip(
            "These can be changed while the run goes on; a change takes effect at the next step."
        )
        self.rows = FieldList(model)
        self.rows.setVisible(not section.group.folded)
        line = QHBoxLayout()
        line.setSpacing(0)
        line.addWidget(self.heading)
        line.addStretch(1)
        line.addWidget(self.live)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 10, 0, 0)
        outer.setSpacing(6)
        outer.addLayout(line)
        outer.addWidget(self.rows)
        self.heading.toggled.connect(self.rows.setVisible)

    def show_section(self, section: Section) -> None:
        """Bring it in line with the draft; a problem inside unfolds it."""
        self.live.setVisible(section.live)
        self.rows.show_rows(section.rows)
        if any(isinstance(row, Field) and row.problem for row in section.rows):
            self.heading.setChecked(True)


class SetupForm(QScrollArea):
    """The whole form over a :class:`FormModel`."""

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
        lists = [self._data_rows, *(box.rows for box in self._sections.values())]
        return next((row for fields in lists if (row := fields.row(key)) is not None), None)

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
            shown |= {row.key for row in section.rows if isinstance(row, Field)}
            shown |= {f.key for row in section.rows if isinstance(row, Switch) for f in row.fields}
        problem = problem_elsewhere(draft, shown, self.model.remarks)
        self._elsewhere.setText(problem)
        self._elsewhere.setVisible(bool(problem))

    def show_first_problem(self) -> bool:
        """Scroll to the first setting that cannot be used and put the focus there."""
        for key in (*self.model.examined.problems, *self.model.remarks):
            row = self.row(key)
            if isinstance(row, FieldRow):
                self.ensureWidgetVisible(row)
                row.editor.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return False

    def take_folder(self, folder: Path) -> None:
        """A folder of pictures becomes the data."""
        self.model.push(
            self.model.draft.with_source("folder", str(folder)), f"Take pictures from {folder.name}"
        )

    @Slot()
    def _open_variants(self) -> None:
        menu = cards.variant_menu(self.model.draft, self)
        menu.chosen.connect(self._on_variant)
        menu.open_below(self.variant, 560)

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
        if name != self.model.draft.source:
            self.model.push(self.model.draft.with_source(name), f"Take data {name}")
