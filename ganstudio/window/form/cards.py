"""The two cards at the top of the form, variant and data, and the menus behind them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ganstudio.catalog.datasets import DATASETS
from ganstudio.catalog.variants import VARIANTS
from ganstudio.window.dialogs.chooser import Chooser, Entry
from ganstudio.window.form.draft import Draft, first_variant, learns
from ganstudio.window.form.reasons import against
from ganstudio.window.gallery.sources import GROUPS, group_of
from ganstudio.window.theme import pixmap, theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption, Title

PICTURE = 44
"""Logical pixels of the small picture of the data."""
GALLERY = "gallery:"
"""The entry of the data menu that opens the gallery."""


class ChoiceCard(QFrame):
    """A card with a title and a line, which opens a menu; Enter, Space or a click press it."""

    pressed = Signal()

    def __init__(self, what: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._what = what
        self.title = Title()
        self.caption = Caption(wrap=True)
        self._arrow = QLabel()
        text = QVBoxLayout()
        text.setSpacing(1)
        text.addWidget(self.title)
        text.addWidget(self.caption)
        line = QHBoxLayout(self)
        line.setContentsMargins(10, 8, 10, 9)
        line.setSpacing(10)
        self._picture = QLabel()
        self._picture.hide()
        line.addWidget(self._picture)
        line.addLayout(text, 1)
        line.addWidget(self._arrow, 0, Qt.AlignmentFlag.AlignVCenter)
        set_role(self, "choice")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme().changed.connect(self._draw_arrow)
        self._draw_arrow()

    @Slot()
    def _draw_arrow(self) -> None:
        self._arrow.setPixmap(pixmap("chevron-down", theme().tokens["muted"], 12, self.devicePixelRatioF()))

    def tell(self, title: str, caption: str, tooltip: str, locked: str) -> None:
        """Show a choice."""
        self.title.setText(title)
        self.caption.setText(caption)
        self.caption.setVisible(bool(caption))
        self.setEnabled(not locked)
        self.setToolTip(f"{tooltip}\n{locked}" if locked else tooltip)
        self.setAccessibleName(f"{self._what}: {title}")
        self.setAccessibleDescription(caption)

    def set_picture(self, picture: QImage | None) -> None:
        """A small picture at the left."""
        self._picture.setVisible(picture is not None)
        if picture is not None:
            ratio = self.devicePixelRatioF()
            side = round(PICTURE * ratio)
            smooth = Qt.TransformationMode.SmoothTransformation
            shown = QPixmap.fromImage(picture).scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, smooth)
            shown.setDevicePixelRatio(ratio)
            self._picture.setPixmap(shown)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens the menu."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, Space and Down open the menu."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Down):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)


def show_variant(card: ChoiceCard, draft: Draft, locked: str) -> None:
    """The variant's name, year and idea."""
    variant = VARIANTS.get(draft.variant)
    if variant is None:
        card.tell(draft.variant, "not known", "", locked)
        return
    tooltip = f"{variant.idea}\n\nWhat to look for: {variant.watch}\n\nWhat goes wrong: {variant.pitfalls}"
    card.tell(variant.title, f"{variant.year} · {variant.paper}", f"{tooltip}\n", locked)


def show_data(card: ChoiceCard, draft: Draft, summary: str, locked: str) -> None:
    """The data's name and what it holds."""
    cls: Any = DATASETS[draft.source]
    card.tell(cls.title, summary or cls.idea, f"{cls.idea}\n{cls.about}".strip(), locked)


def thumbnail(images: NDArray[Any]) -> QImage | None:
    """The first sixteen pictures, uint8 (N, H, W, C), as one; ``None`` for points."""
    if images.ndim != 4 or not len(images):
        return None
    from ganstudio.engine.pictures import grid

    sheet = np.ascontiguousarray(grid(np.asarray(images[:16], dtype=np.uint8)))
    height, width, channels = sheet.shape
    kind = QImage.Format.Format_Grayscale8 if channels == 1 else QImage.Format.Format_RGB888
    return QImage(sheet.data, width, height, width * channels, kind).copy()


def data_menu(draft: Draft, parent: QWidget) -> Chooser:
    """Every data source in groups, what the variant cannot learn with the reason, and the way to the gallery."""
    entries: list[Entry] = []
    for name, options in DATASETS.items():
        cls: Any = options
        detail, why = cls.idea, ""
        if cls.data not in VARIANTS[draft.variant].data:
            detail = f"Changes the variant to {VARIANTS[first_variant(name)].title}. {detail}"
        elif name != draft.source and not learns(draft.variant, name):
            why = against(draft, draft.with_source(name))
        entry = Entry(name, cls.title, detail, group=group_of(cls), enabled=not why, why=why)
        entries.append(
            replace(entry, current=name == draft.source, words=f"{name} {cls.title} {cls.idea} {cls.about}")
        )
    entries.sort(key=lambda entry: GROUPS.index(entry.group))
    look = "Samples, classes, origin and download of all of them, and what is left out of a folder."
    entries.append(Entry(GALLERY, "Data gallery …", look, group="See it first"))
    return Chooser(entries, "Search data", parent)
