"""The history as a row of pictures: a click goes back, and what is done next branches off."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from ganstudio.core.explore.messages import Render, Rendered
from ganstudio.core.explore.recipe import Recipe
from ganstudio.window.explore.desk import Desk
from ganstudio.window.explore.history import Entry
from ganstudio.window.explore.images import qimages
from ganstudio.window.explore.state import Explorer
from ganstudio.window.explore.strip import Thumb, ThumbStrip
from ganstudio.window.widgets.basic import Card

SIDE = 40


class HistoryCard(Card):
    """Keeps the picture of each entry as it was shown; only one that was left at once is rendered for it."""

    def __init__(self, explorer: Explorer, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("History", "undo and branch", parent)
        self.explorer, self._desk = explorer, desk
        self.strip = ThumbStrip("History", SIDE)
        self.strip.setToolTip("Every step so far; click one to go back to it and branch off")
        self._images: dict[int, tuple[Recipe, QImage]] = {}
        self._entries: tuple[Entry, ...] = ()
        self.body.addWidget(self.strip)
        self.strip.picked.connect(self._on_picked)
        explorer.history_changed.connect(self.refresh)
        self.refresh()

    def take_picture(self, recipe: Recipe, image: QImage) -> None:
        """The picture of a recipe has come: keep it small, if it is that of the current entry."""
        current = self.explorer.history.current
        if current.recipe == recipe:
            small = image if image.height() <= 2 * SIDE else image.scaledToHeight(2 * SIDE)
            self._images[current.id] = (recipe, small)
            self.refresh()

    def fill(self) -> None:
        """Ask for the pictures of entries that nobody has waited for."""
        model = self.explorer.model
        missing = [entry for entry in self._entries if entry.id not in self._images]
        if model is not None and missing and not self._desk.waits("history"):
            recipes = tuple(entry.recipe for entry in missing)
            request = Render(0, "history", model, recipes, height=2 * SIDE)
            self._desk.ask(request, partial(self._on_missing, missing))

    def _on_missing(self, missing: list[Entry], report: object) -> None:
        if isinstance(report, Rendered):
            for entry, image in zip(missing[report.first :], qimages(report.images), strict=False):
                self._images[entry.id] = (entry.recipe, image)
            self.refresh()

    def clear(self) -> None:
        """Another model: what was seen of the one before is forgotten."""
        self._images.clear()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """All entries, those beside the way that led here faded."""
        history = self.explorer.history
        self._entries = history.entries()
        kept = {entry.id for entry in self._entries}
        self._images = {id: found for id, found in self._images.items() if id in kept}
        line = {entry.id for entry in history.line()}
        thumbs: list[Thumb] = []
        for index, entry in enumerate(self._entries):
            self._share(entry)
            found = self._images.get(entry.id)
            before = self._entries[index - 1] if index else None
            branch = index > 0 and entry.parent is not before
            thumbs.append(
                Thumb(
                    found[1] if found else None,
                    "",
                    entry.id not in line,
                    branch,
                    f"{entry.label}. Click to go here.",
                )
            )
        self.strip.set_thumbs(thumbs, self._entries.index(history.current))
        steps, branched = len(self._entries), any(thumb.branch for thumb in thumbs)
        words = f"{steps:,} steps" + (" · a mark where a branch begins" if branched else "")
        self.set_caption(words if steps > 1 else "undo and branch")

    def _share(self, entry: Entry) -> None:
        """A step that changed the timeline alone has the picture of the one before."""
        before = entry.parent
        found = self._images.get(before.id) if before is not None and before.recipe == entry.recipe else None
        if found is not None:
            self._images.setdefault(entry.id, found)

    @Slot(int)
    def _on_picked(self, index: int) -> None:
        if index < len(self._entries):
            self.explorer.jump(self._entries[index])
