"""The system's trash, by way of Qt."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

from PySide6.QtCore import QFile, QStandardPaths


class SystemTrash:
    """Moves folders there and, where the system says where they lie, back."""

    def put(self, path: Path) -> Path | None:
        """Move a folder to the trash; ``OSError`` where the system refuses."""
        # Qt 6.11 makes the trash of a home, but not the folder around it: "Bad file descriptor" in a fresh account
        data = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
        Path(data).mkdir(parents=True, exist_ok=True)
        file = QFile(str(path))
        if not file.moveToTrash():
            raise OSError(0, file.errorString() or "the system has no trash for this disk")
        place = Path(file.fileName())
        return place if place != path and place.exists() else None

    def take_back(self, place: Path, path: Path) -> None:
        """Move a folder from the trash to where it was, with what the trash remembers of it."""
        if not place.exists():
            raise FileNotFoundError(2, "it is no longer there")
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(place, path)
        # freedesktop.org keeps a description beside; without its folder it would haunt the trash
        with contextlib.suppress(OSError):
            (place.parent.parent / "info" / f"{place.name}.trashinfo").unlink()
