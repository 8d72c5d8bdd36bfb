"""The palette of stabilizers: switches in groups, each with its one sentence, searched and filtered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from ganstudio.window.form.field_list import FieldList
from ganstudio.window.form.fields import Switch
from ganstudio.window.form.model import FormModel
from ganstudio.window.form.rows import ChooserRow, FieldRow, FoldButton
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption
from ganstudio.window.widgets.mark import Mark
from ganstudio.window.widgets.toggle import INDENT, ToggleSwitch


class SwitchRow(QWidget):
    """A stabilizer: its switch, why one would take it or cannot, and its settings while it is on."""

    def __init__(self, switch: Switch, model: FormModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.switch, self._model = switch, model
        self.toggle = ToggleSwitch(switch.title)
        self.toggle.setObjectName(f"stabilizers.{switch.name}")
        self.dot = Mark()
        self.words = Caption(wrap=True)
        self.fields = FieldList(model)
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self.toggle, 1)
        line.addWidget(self.dot)
        below = QVBoxLayout()
        below.setContentsMargins(INDENT, 0, 0, 0)
        below.setSpacing(6)
        below.addWidget(self.words)
        below.addWidget(self.fields)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(1)
        outer.addLayout(line)
        outer.addLayout(below)
        self.toggle.toggled.connect(self._on_toggled)
        self.dot.clicked.connect(self._on_dot)
        self.show_switch(switch)

    def show_switch(self, switch: Switch) -> None:
        """Show the switch without an edit."""
        self.switch = switch
        blocked = self.toggle.blockSignals(True)
        self.toggle.setChecked(switch.on)
        self.toggle.blockSignals(blocked)
        self.toggle.setEnabled(not (switch.locked or switch.why))
        problem = switch.problem[:1].upper() + switch.problem[1:]
        trouble = problem or (f"Not now: {switch.why}" if switch.why else "")
        set_role(self.words, "warning" if switch.problem else "caption")
        self.words.setText(f"{trouble.rstrip('.')}." if trouble else switch.idea)
        self.words.setEnabled(not switch.why)
        for widget in (self, self.toggle, self.words):
            widget.setToolTip(switch.tooltip)
        self.toggle.setAccessibleDescription(self.words.text())
        recipe = switch.recipe if switch.on or switch.changed else ""
        self.dot.tell(switch.changed, switch.title, "what the variant has", switch.locked, recipe)
        self.fields.show_rows(switch.fields)
        self.fields.setVisible(bool(switch.fields))

    def stops(self) -> Iterator[QWidget]:
        """Where the focus stops, from top to bottom."""
        yield from (self.toggle, self.dot)
        yield from self.fields.editors()

    @Slot(bool)
    def _on_toggled(self, on: bool) -> None:
        word = "on" if on else "off"
        self._model.push(self._model.draft.switch(self.switch.name, on), f"Switch {self.switch.title} {word}")

    @Slot()
    def _on_dot(self) -> None:
        self._model.reset(f"stabilizers.{self.switch.name}", self.switch.title)


class PaletteGroup(QWidget):
    """A heading that folds, how many are on, and the switches below, made once they are looked at."""

    def __init__(self, title: str, model: FormModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._switches: dict[str, Switch] = {}
        self._shown: set[str] = set()
        self._on: set[str] = set()
        self.rows: dict[str, SwitchRow] = {}
        self.heading = FoldButton(title, folded=True)
        self.count = Caption()
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 2, 0, 6)
        self._column.setSpacing(8)
        self._inside.hide()
        line = QHBoxLayout()
        line.addWidget(self.heading)
        line.addStretch(1)
        line.addWidget(self.count)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(line)
        outer.addWidget(self._inside)
        self.heading.toggled.connect(self._fold)

    def show_switches(self, switches: Sequence[Switch]) -> None:
        """Bring it in line with the draft; what has come on, or has a problem, unfolds it."""
        self._switches = {switch.name: switch for switch in switches}
        on = {switch.name for switch in switches if switch.on}
        self.count.setText(f"{len(on)} of {len(switches)} on" if on else f"{len(switches)}")
        if on - self._on or any(s.problem or any(f.problem for f in s.fields) for s in switches):
            self.heading.setChecked(True)
        self._on = on
        for name, row in self.rows.items():
            row.show_switch(self._switches[name])
        self._chain()

    def show_only(self, names: set[str], unfold: bool) -> None:
        """Show these switches; ``unfold`` them while a person searches."""
        self._shown = names & self._switches.keys()
        self.setVisible(bool(self._shown))
        for name, row in self.rows.items():
            row.setVisible(name in self._shown)
        self._fold(self.heading.isChecked() or unfold)

    def row(self, name: str) -> SwitchRow | None:
        """The row of a switch, unfolded."""
        if name not in self._switches:
            return None
        self.heading.setChecked(True)
        return self.rows.get(name)

    @Slot(bool)
    def _fold(self, unfolded: bool) -> None:
        if unfolded and not self.rows:
            for name, switch in self._switches.items():
                self.rows[name] = SwitchRow(switch, self._model, self._inside)
                self._column.addWidget(self.rows[name])
                self.rows[name].setVisible(name in self._shown)
            self._chain()
        self._inside.setVisible(unfolded)

    def _chain(self) -> None:
        """The focus follows the eye."""
        before: QWidget = self.heading
        for row in self.rows.values():
            for stop in row.stops():
                QWidget.setTabOrder(before, stop)
                before = stop


class Search(QLineEdit):
    """A search field that Escape empties."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape empties it first."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class StabilizerPalette(QWidget):
    """All stabilizers. ``search`` and ``only_on`` filter them."""

    filtered = Signal()

    def __init__(self, model: FormModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._switches: tuple[Switch, ...] = ()
        self.groups: dict[str, PaletteGroup] = {}
        self.search = Search()
        self.only_on = QPushButton("On only")
        self.nothing = Caption("Nothing fits.")
        self._dress()
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self.search, 1)
        line.addWidget(self.only_on)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addLayout(line)
        self._column.addWidget(self.nothing)
        self.search.textChanged.connect(self._filter)
        self.only_on.toggled.connect(self._filter)

    def _dress(self) -> None:
        self.search.setPlaceholderText("Search stabilizers")
        self.search.setAccessibleName("Search stabilizers")
        self.search.setToolTip("By name, by what they do, by paper or year. Esc shows all.")
        self.search.setClearButtonEnabled(True)
        for button in self.search.findChildren(QToolButton):
            button.setAccessibleName("Clear the search")
        self.only_on.setCheckable(True)
        self.only_on.setToolTip("Show only the stabilizers that are switched on")
        set_role(self.only_on, "filter")

    def show_rows(self, switches: Sequence[Switch]) -> None:
        """Bring the palette in line with the draft."""
        self._switches = tuple(switches)
        names = list(dict.fromkeys(switch.group for switch in switches))
        for name in names:
            if name not in self.groups:
                self.groups[name] = PaletteGroup(name, self._model, self)
                self._column.addWidget(self.groups[name])
            self.groups[name].show_switches([switch for switch in switches if switch.group == name])
        self._filter()

    def row(self, key: str) -> SwitchRow | FieldRow | ChooserRow | None:
        """The row of ``stabilizers.<name>`` or of a setting below it."""
        section, _, rest = key.partition(".")
        name, _, setting = rest.partition(".")
        if section != "stabilizers":
            return None
        row = next((row for group in self.groups.values() if (row := group.row(name)) is not None), None)
        return row.fields.row(key) if row is not None and setting else row

    @Slot()
    def _filter(self) -> None:
        typed, only = self.search.text(), self.only_on.isChecked()
        fitting = {s.name for s in self._switches if fits(s, typed) and (s.on or not only)}
        for group in self.groups.values():
            group.show_only(fitting, unfold=bool(typed.strip()) or only)
        self.nothing.setText("Nothing is switched on." if only and not typed else "Nothing fits.")
        self.nothing.setVisible(not fitting)
        self.filtered.emit()


def fits(switch: Switch, typed: str) -> bool:
    """Whether every word typed occurs in the name, the group, the idea or the source of a stabilizer."""
    text = f"{switch.title} {switch.name} {switch.group} {switch.help}".lower()
    return all(word in text for word in typed.lower().split())
