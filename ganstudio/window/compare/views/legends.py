"""The legend of a chart of many lines: values alone where it is small, names too where there is room and in files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter

from ganstudio.window.widgets.charts.header import Entry

NAMED = 2
"""Up to so many lines a small chart tells names; those of all lines stand above the charts anyway."""
HEIGHT = 136


class ManyLines:
    """To be mixed into a chart, before its own class."""

    _named: tuple[Entry, ...] = ()

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """The legend, with the names of all lines."""
        self._named = tuple(entries)
        short = len(entries) > NAMED and not self._maximised
        self.header.set_entries([replace(e, label="") for e in entries] if short else entries)
        told = ", ".join(f"{e.label} {e.value}".strip() for e in entries)
        self.header.setAccessibleDescription(told)

    def _size_plot(self) -> None:
        super()._size_plot()
        if not self._maximised:
            self.plot.setFixedHeight(HEIGHT)

    def paint_on(self, painter: QPainter) -> None:
        """For export: with all names."""
        shown = self.header.entries()
        self.header.set_entries(self._named)
        super().paint_on(painter)
        self.header.set_entries(shown)

    def export_size(self) -> QSize:
        """With room for all names."""
        shown = self.header.entries()
        self.header.set_entries(self._named)
        size = super().export_size()
        self.header.set_entries(shown)
        return size
