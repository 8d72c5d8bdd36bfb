"""The rows of the form: label, mark, editor, and below them what is wrong, if anything is."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QStandardItemModel
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.window.form.editing import parse, text_of
from ganstudio.window.form.fields import Chooser, Field, Kind
from ganstudio.window.theme import icon, theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption, ElidedLabel
from ganstudio.window.widgets.log_slider import LogSlider
from ganstudio.window.widgets.mark import Mark
from ganstudio.window.widgets.toggle import ToggleSwitch

EDITOR_WIDTH = 76
SLIDER_DECADES = 3


class NumberEdit(QLineEdit):
    """A right-aligned number; Up and Down change it by one, with Shift by ten."""

    def __init__(self, whole: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = whole
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFont(theme().font("figure"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step whole numbers; everything else is typing."""
        moves = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        value = parse("integer", self.text())
        if not self._whole or event.key() not in moves or not isinstance(value, int):
            super().keyPressEvent(event)
            return
        by = moves[Qt.Key(event.key())] * (10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        self.setText(str(value + by))
        self.editingFinished.emit()


class ComboBox(QComboBox):
    """A combo box that leaves the wheel to the form, which scrolls."""

    def wheelEvent(self, event: Any) -> None:
        """Only a focused box takes the wheel."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class FieldRow(QWidget):
    """One setting. ``edited`` carries the key and the value a person chose, ``put_back`` the key."""

    edited = Signal(str, object)
    put_back = Signal(str)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.label = ElidedLabel(_label_of(field))
        self.dot = Mark()
        self.problem = Caption(wrap=True)
        set_role(self.problem, "warning")
        self.problem.hide()
        self.editor = self._make_editor(field)
        self.editor.setObjectName(field.key)
        self.editor.setAccessibleName(field.label)
        self.dot.clicked.connect(self._on_dot)
        self._assemble()
        self.show_field(field)

    def _make_editor(self, field: Field) -> QWidget:
        makers = {
            "slider": self._slider,
            "switch": self._switch,
            "choice": self._choice,
            "integer": self._number,
            "number": self._number,
            "path": self._path,
        }
        return makers.get(field.editor, self._text)(field)

    def _assemble(self) -> None:
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        if self.field.editor == "slider":
            line.addWidget(self.editor, 1)
            self.label.hide()
        else:
            line.addWidget(self.label, 1)
            line.addWidget(self.dot)
            line.addWidget(self.editor)
            if self.field.editor in ("path", "text", "numbers"):
                line.setStretch(2, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(2)
        outer.addLayout(line)
        outer.addWidget(self.problem)

    # ------------------------------------------------------------ editors

    def _slider(self, field: Field) -> QWidget:
        default = float(field.baseline) if isinstance(field.baseline, int | float) else 1.0
        middle = 10.0 ** math.floor(math.log10(default)) if default > 0 else 1.0
        low, high = middle * 10.0**-SLIDER_DECADES, middle * 10.0**SLIDER_DECADES
        actor = next((a for a in ("generator", "discriminator") if f".{a}." in field.key), "")
        slider = LogSlider(
            field.label.removesuffix(" rate"),  # the heading above says "rates" already
            max(low, field.option.low or 0.0),
            min(high, field.option.high or high),
            default,
            unit=field.option.unit,
            help=field.option.help,
            actor=actor,
            minimum=field.option.low,
            maximum=field.option.high,
        )
        slider.value_committed.connect(self._on_slider)
        return slider

    def _switch(self, field: Field) -> QWidget:
        switch = ToggleSwitch()
        switch.toggled.connect(self._on_toggled)
        return switch

    def _choice(self, field: Field) -> QWidget:
        box = ComboBox()
        box.setMinimumWidth(EDITOR_WIDTH)
        self._fill(box, field)
        box.activated.connect(self._on_activated)
        return box

    @staticmethod
    def _fill(box: QComboBox, field: Field) -> None:
        unit = f" {field.option.unit}" if field.option.unit else ""
        box.clear()
        for choice in field.option.choices:
            box.addItem(f"{choice}{unit}" if choice != "" else "none", choice)

    def _number(self, field: Field) -> QWidget:
        edit = NumberEdit(field.editor == "integer")
        edit.setFixedWidth(EDITOR_WIDTH)
        edit.editingFinished.connect(self._on_typed)
        return edit

    def _text(self, field: Field) -> QWidget:
        edit = QLineEdit()
        edit.setMinimumWidth(EDITOR_WIDTH)
        edit.editingFinished.connect(self._on_typed)
        if field.editor == "numbers":
            edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        return edit

    def _path(self, field: Field) -> QWidget:
        edit = QLineEdit()
        edit.setPlaceholderText("No folder")
        edit.editingFinished.connect(self._on_typed)
        action = edit.addAction(icon("folder", "muted"), QLineEdit.ActionPosition.TrailingPosition)
        action.setToolTip("Choose a folder")
        action.triggered.connect(self._choose_folder)
        return edit

    # ------------------------------------------------------------ showing

    def show_field(self, field: Field) -> None:
        """Show value, marks, problem and lock without emitting anything."""
        self.field = field
        tooltip = field.tooltip
        for widget in (self, self.label, self.editor):
            widget.setToolTip(tooltip)
        self.editor.setEnabled(not field.locked)
        self.label.setEnabled(not field.locked)
        self.label.setText(_label_of(field))
        if not isinstance(self.editor, LogSlider):
            self.dot.tell(field.changed, field.label, text_of(field.baseline), field.locked, field.recipe)
        self._show_value(field)
        self.problem.setText(field.problem)
        self.problem.setVisible(bool(field.problem))
        if self.editor.property("invalid") != bool(field.problem):
            self.editor.setProperty("invalid", bool(field.problem))
            self.editor.style().unpolish(self.editor)
            self.editor.style().polish(self.editor)

    def _show_value(self, field: Field) -> None:
        editor, value = self.editor, field.value
        blocked = editor.blockSignals(True)
        if isinstance(editor, LogSlider):
            if isinstance(field.baseline, int | float):
                editor.set_default(float(field.baseline), field.recipe)
            if isinstance(value, int | float):
                editor.set_value(float(value))
        elif isinstance(editor, ToggleSwitch):
            editor.setChecked(bool(value))
        elif isinstance(editor, QComboBox):
            if [editor.itemData(i) for i in range(editor.count())] != list(field.option.choices):
                self._fill(editor, field)  # they may follow from other settings
            editor.setCurrentIndex(editor.findData(value))
        elif isinstance(editor, QLineEdit) and not (editor.hasFocus() and editor.isModified()):
            editor.setText(text_of(value))
            editor.setCursorPosition(0)
        editor.blockSignals(blocked)

    # ------------------------------------------------------------ edits

    @Slot(float)
    def _on_slider(self, value: float) -> None:
        self.edited.emit(self.field.key, float(f"{value:.6g}"))

    @Slot(bool)
    def _on_toggled(self, on: bool) -> None:
        self.edited.emit(self.field.key, on)

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        assert isinstance(self.editor, QComboBox)
        self.edited.emit(self.field.key, self.editor.itemData(index))

    @Slot()
    def _on_typed(self) -> None:
        assert isinstance(self.editor, QLineEdit)
        if self.editor.text() == text_of(self.field.value):
            return
        self.editor.setModified(False)
        self.edited.emit(self.field.key, parse(self.field.editor, self.editor.text()))

    @Slot()
    def _on_dot(self) -> None:
        self.put_back.emit(self.field.key)

    @Slot()
    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "A folder of pictures", str(self.field.value or ""))
        if chosen:
            self.edited.emit(self.field.key, chosen)


class ChooserRow(QWidget):
    """The choice of a kind: a network, a loss, an optimizer."""

    chosen = Signal(str, str, str)
    """Place, tag and kind."""
    put_back = Signal(str)

    def __init__(self, chooser: Chooser, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chooser = chooser
        self.label = QLabel(chooser.label)
        self.dot = Mark()
        self.box = ComboBox()
        self.box.setObjectName(chooser.key)
        self.box.setAccessibleName(chooser.label)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.activated.connect(self._on_activated)
        self.dot.clicked.connect(self._on_dot)
        self.problem = Caption(wrap=True)
        set_role(self.problem, "warning")
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self.label)
        line.addWidget(self.dot)
        line.addWidget(self.box, 1)
        self.box.setMinimumWidth(104)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(2)
        outer.addLayout(line)
        outer.addWidget(self.problem)
        self.show_chooser(chooser)

    def show_chooser(self, chooser: Chooser) -> None:
        """Show the choice without emitting anything."""
        if self.box.count() == 0 or chooser.options != self.chooser.options:
            self.box.clear()
            for kind in chooser.options:
                self._add(kind)
        self.chooser = chooser
        self.box.setCurrentIndex(self.box.findData(chooser.kind))
        idea = next((kind.idea for kind in chooser.options if kind.name == chooser.kind), "")
        only = chooser.left_out if len(chooser.options) == 1 else ""
        tooltip = "\n".join(text for text in (idea, only, chooser.locked) if text)
        for widget in (self, self.label, self.box):
            widget.setToolTip(tooltip)
        self.box.setEnabled(not (chooser.locked or only))
        self.label.setEnabled(not (chooser.locked or only))
        self.dot.tell(chooser.changed, chooser.label, "the variant's own", chooser.locked, chooser.recipe)
        self.problem.setText(chooser.problem)
        self.problem.setVisible(bool(chooser.problem))

    def _add(self, kind: Kind) -> None:
        """One choice, greyed with the reason where it does not go with the others."""
        self.box.addItem(kind.title, kind.name)
        index = self.box.count() - 1
        text = f"{kind.idea}\nNot now: {kind.why}." if kind.why else kind.idea
        for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            self.box.setItemData(index, text, role)
        model = self.box.model()
        assert isinstance(model, QStandardItemModel)
        model.item(index).setEnabled(not kind.why)

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        kind = str(self.box.itemData(index))
        if kind != self.chooser.kind:
            self.chosen.emit(self.chooser.place, self.chooser.tag, kind)

    @Slot()
    def _on_dot(self) -> None:
        self.put_back.emit(self.chooser.place)


class FoldButton(QPushButton):
    """A heading that folds what lies below it."""

    def __init__(self, title: str, folded: bool, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.setCheckable(True)
        self.setChecked(not folded)
        set_role(self, "fold")
        self.setFlat(True)
        self.setToolTip(f"Show or hide: {title}")
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow behind the word
        self.setIconSize(QSize(9, 9))
        self.toggled.connect(self._show_arrow)
        self._show_arrow(self.isChecked())

    @Slot(bool)
    def _show_arrow(self, unfolded: bool) -> None:
        self.setIcon(icon("chevron-down" if unfolded else "chevron-right", "muted"))


def _label_of(field: Field) -> str:
    shown = field.option.unit if field.option.unit == "s" else ""
    return f"{field.label} ({shown})" if shown and shown.lower() not in field.label.lower() else field.label
