"""Asking where to save, in one place, so that tests can answer."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

FILTERS = {
    ".png": "PNG picture (*.png)",
    ".svg": "SVG drawing (*.svg)",
    ".csv": "Table of values (*.csv)",
    ".json": "JSON (*.json)",
    ".safetensors": "Safetensors (*.safetensors)",
    ".gif": "GIF (*.gif)",
    ".mp4": "MP4 video (*.mp4)",
    ".webm": "WebM video (*.webm)",
}


class SaveDialog:
    """The question "where to?"."""

    folder: Path = Path()

    @classmethod
    def ask(cls, parent: QWidget, title: str, name: str, *suffixes: str) -> Path | None:
        """The chosen path with one of the suffixes at its end, ``None`` if the person thought better of it."""
        start = str((cls.folder if cls.folder != Path() else Path.home()) / f"{name}{suffixes[0]}")
        filters = [FILTERS[suffix] for suffix in suffixes]
        chosen, picked = QFileDialog.getSaveFileName(parent, title, start, ";;".join(filters))
        if not chosen:
            return None
        path = Path(chosen)
        cls.folder = path.parent
        wanted = suffixes[filters.index(picked)] if picked in filters else suffixes[0]
        if wanted != suffixes[0] and path.suffix.lower() == suffixes[0]:
            return path.with_suffix(wanted)  # another format was picked under the name that was offered
        return path if path.suffix.lower() in suffixes else path.with_name(path.name + wanted)

    @classmethod
    def tell_failure(cls, parent: QWidget, path: Path, error: Exception) -> None:
        """Say that a file could not be written, and why."""
        reason = getattr(error, "strerror", None) or str(error)
        QMessageBox.warning(
            parent, "Not saved", f"{path.name} could not be written: {reason}.\n\n{path.parent}"
        )


def save_image(parent: QWidget, image: QImage, title: str, name: str) -> Path | None:
    """Ask where, write a PNG, say so if that fails; the path if it was written."""
    path = SaveDialog.ask(parent, title, name, ".png")
    if path is None:
        return None
    if image.save(str(path), "PNG"):
        return path
    SaveDialog.tell_failure(parent, path, OSError("the disk or the folder does not allow it"))
    return None


def copy_image(image: QImage) -> None:
    """Put a picture on the clipboard."""
    QGuiApplication.clipboard().setImage(image)


def export_size(size: QSize) -> QSize:
    """The size of a drawing that is exported from a widget of this size: never tiny."""
    return size.expandedTo(QSize(400, 160))
