"""Rows of settings, one below the other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganstudio.window.form.fields import Chooser, Field
from ganstudio.window.form.model import FormModel
from ganstudio.window.form.rows import ChooserRow, FieldRow


class FieldList(QWidget):
    """Rows one below the other, kept as long as the same settings are shown."""

    def __init__(self, model: FormModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._rows: dict[str, FieldRow | ChooserRow] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)

    def show_rows(self, rows: Sequence[Field | Chooser]) -> None:
        """Bring the rows in line with what the draft says."""
        wanted = {row.key: row for row in rows}
        if list(wanted) != list(self._rows):
            self._rebuild(wanted)
            return
        for key, row in wanted.items():
            _show(self._rows[key], row)

    def row(self, key: str) -> FieldRow | ChooserRow | None:
        """The row of a setting."""
        return self._rows.get(key)

    def editors(self) -> list[QWidget]:
        """What the focus stops at, from top to bottom."""
        return [row.editor if isinstance(row, FieldRow) else row.box for row in self._rows.values()]

    def _rebuild(self, wanted: dict[str, Field | Chooser]) -> None:
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

    def _make(self, row: Field | Chooser) -> FieldRow | ChooserRow:
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


def _show(widget: FieldRow | ChooserRow, row: Field | Chooser) -> None:
    if isinstance(widget, ChooserRow) and isinstance(row, Chooser):
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
