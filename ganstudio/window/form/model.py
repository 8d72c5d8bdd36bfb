"""The form's draft with undo and redo, and what a live edit sends. No widgets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack

from ganstudio.catalog.resolve import live_settings
from ganstudio.catalog.stabilizers import STABILIZERS, Stabilizer
from ganstudio.core.config import RunConfig
from ganstudio.core.schema import walk
from ganstudio.window.form.draft import Draft, Examined, differences, draft_of, examine, lookup, same

UNDO_LIMIT = 200
LIVE_SWITCHES = {
    f"stabilizers.{kind}" for kind, cls in STABILIZERS.items() if cast("type[Stabilizer]", cls).live_switch
}


def _switched(key: str, before: Mapping[str, Any]) -> bool:
    """Whether a setting belongs to a stabilizer that was off before."""
    section, _, rest = key.partition(".")
    return section == "stabilizers" and rest.partition(".")[0] not in before


class DraftEdit(QUndoCommand):
    """One edit: from one draft to another."""

    def __init__(self, model: FormModel, old: Draft, new: Draft, text: str) -> None:
        super().__init__(text)
        self.old, self.new = old, new
        self._model = model

    def undo(self) -> None:
        """Back to the old draft."""
        self._model.show_draft(self.old)

    def redo(self) -> None:
        """On to the new draft."""
        self._model.show_draft(self.new)


class FormModel(QObject):
    """What the form shows. While a run is active only live settings may change, and each change is emitted."""

    changed = Signal()
    live_edit = Signal(str, object)
    """A live setting was edited while a run is active: dotted key, new value."""
    undo_changed = Signal()

    def __init__(self, draft: Draft, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.draft = draft
        self.active = False
        self.remarks: dict[str, str] = {}
        self._stack = QUndoStack(self)
        self._stack.setUndoLimit(UNDO_LIMIT)
        self._stack.indexChanged.connect(self._on_index_changed)

    @property
    def examined(self) -> Examined:
        """What the draft stands for."""
        return examine(self.draft)

    # ------------------------------------------------------------ edits

    def edit(self, key: str, value: Any, label: str = "") -> None:
        """Choose a setting."""
        self.push(self.draft.set(key, value), f"Change {label or key}")

    def reset(self, key: str, label: str = "") -> None:
        """Put a setting back to what variant and data give."""
        self.push(self.draft.reset(key), f"Put back {label or key}")

    def load(self, config: RunConfig, text: str) -> None:
        """Show a config, such as a preset's or an opened run's."""
        self.push(draft_of(config), text)

    def push(self, new: Draft, text: str) -> None:
        """An edit that can be undone; one that changes nothing, or what is locked, is dropped."""
        if new == self.draft:
            return
        if self.active and not self._only_live(self.draft, new):
            self.changed.emit()
            return
        self._stack.push(DraftEdit(self, self.draft, new, text))

    def take_advice(self, changes: Mapping[str, Any], text: str) -> bool:
        """Change live settings of the run that is under way, as one edit; ``False`` if the form cannot do that."""
        draft = self.draft
        for key, value in changes.items():
            kind = key.removeprefix("stabilizers.")
            switch = key in LIVE_SWITCHES and isinstance(value, bool)
            draft = draft.switch(kind, value) if switch else draft.set(key, value)
        if not self.active or not examine(draft).sound:
            return False
        self.push(draft, text)
        return self.draft == draft

    def show_draft(self, draft: Draft) -> None:
        """Make a draft the present one; called by undo and redo."""
        old, self.draft = self.draft, draft
        self.remarks.clear()
        self.changed.emit()
        if self.active and self.examined.sound:
            for key, value in differences(old, draft).items():
                self.live_edit.emit(key, value)

    def remark(self, key: str, problem: str) -> None:
        """A problem that only the engine could find, shown at its field until something is edited."""
        self.remarks[key] = problem
        self.changed.emit()

    def follow(self, config: RunConfig) -> None:
        """Show the live settings of a running config, whoever changed them; nothing is sent back."""
        draft = self.draft
        now = examine(draft).config.stabilizers
        for kind in sorted(now.keys() ^ config.stabilizers.keys()):
            draft = draft.switch(kind, kind in config.stabilizers)
        switched = {key: value for key, _, value in walk(config) if _switched(key, now)}
        for key, value in (live_settings(config) | switched).items():
            if not same(lookup(examine(draft).config, key), value) or key in examine(draft).problems:
                draft = draft.set(key, value)
        if draft != self.draft:
            self.draft = draft
            self.changed.emit()

    def adopt(self, config: RunConfig) -> None:
        """Show the config of the run that is under way, such as a resumed one; no edit, so not undone."""
        self.draft = draft_of(config)
        self.changed.emit()

    def set_active(self, active: bool) -> None:
        """Whether a run is under way, which locks all but the live settings."""
        if active != self.active:
            self.active = active
            self.changed.emit()
            self.undo_changed.emit()

    # ------------------------------------------------------------ undo and redo

    def _only_live(self, old: Draft, new: Draft) -> bool:
        live = set(live_settings(self.examined.config)) | LIVE_SWITCHES
        return all(key in live for key in differences(old, new))

    def _command(self, index: int) -> DraftEdit | None:
        command = self._stack.command(index) if 0 <= index < self._stack.count() else None
        return command if isinstance(command, DraftEdit) else None

    def can_undo(self) -> bool:
        """Whether there is an edit to take back that the state of the run allows to."""
        command = self._command(self._stack.index() - 1)
        return command is not None and (not self.active or self._only_live(self.draft, command.old))

    def can_redo(self) -> bool:
        """Whether there is an edit to do again that the state of the run allows to."""
        command = self._command(self._stack.index())
        return command is not None and (not self.active or self._only_live(self.draft, command.new))

    @Slot()
    def undo(self) -> None:
        """Take the last edit back."""
        if self.can_undo():
            self._stack.undo()

    @Slot()
    def redo(self) -> None:
        """Do the edit again that was taken back."""
        if self.can_redo():
            self._stack.redo()

    def undo_text(self) -> str:
        """What undo would take back."""
        return self._stack.undoText()

    def redo_text(self) -> str:
        """What redo would do."""
        return self._stack.redoText()

    @Slot(int)
    def _on_index_changed(self, _index: int) -> None:
        self.undo_changed.emit()
