"""Copies of checkpoints, every byte of which is checked against the checkpoint's seal on its way. Knows no tensor."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from ganstudio.core.marks import BEST, MAX_STATE_BYTES, STAR, marks_of
from ganstudio.core.runs import RunFolder

CHUNK = 1 << 20
STATE = "state.json"


class SealError(Exception):
    """A checkpoint that is not whole; the text is one sentence for a person."""


@dataclass(frozen=True)
class Piece:
    """One file of a checkpoint: its ``name`` below the run's folder (with ``/``), its size in bytes and its SHA-256."""

    source: Path
    name: str
    size: int
    sha256: str

    def read(self) -> Iterator[bytes]:
        """Its bytes; raises :class:`SealError`, at the latest after the last of them."""
        if not self.size:  # a mark, which may have moved on
            return
        seal, count = hashlib.sha256(), 0
        for data in self._bytes():
            seal.update(data)
            count += len(data)
            yield data
        if count != self.size or seal.hexdigest() != self.sha256:
            raise _damaged(self.source.parent, f"{self.source.name} is not what its checksum says")

    def _bytes(self) -> Iterator[bytes]:
        try:
            with self.source.open("rb") as file:
                while data := file.read(CHUNK):
                    yield data
        except OSError as error:
            raise _unreadable(self.source.parent, error) from None


def seal_of(record: dict[str, Any]) -> str:
    """SHA-256 of what a state.json says, however it is spaced; its own entry ``seal`` is left out."""
    content = {key: value for key, value in record.items() if key != "seal"}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def pieces(run: RunFolder, step: int) -> list[Piece]:
    """All files of a checkpoint, with the marks that belong to it wherever it is; raises :class:`SealError`."""
    folder = run.checkpoint_path(step)
    below = f"{run.checkpoints.name}/{folder.name}"
    try:
        if (folder / STATE).stat().st_size > MAX_STATE_BYTES:
            raise _damaged(folder, f"{STATE} is too large to be true")
        data = (folder / STATE).read_bytes()
        record = json.loads(data)
        if not isinstance(record, dict) or record["seal"] != seal_of(cast("dict[str, Any]", record)):
            raise _damaged(folder, f"{STATE} is not what its checksum says")
        sealed = [
            (Path(name).name, int(entry["bytes"]), str(entry["sha256"]))
            for name, entry in record["files"].items()
        ]
    except OSError as error:
        raise _unreadable(folder, error) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _damaged(folder, f"{STATE} cannot be understood") from None
    marks = [(mark, 0, _sha256(b"")) for mark in marks_of(folder) if mark in (STAR, BEST)]
    files = [*sealed, (STATE, len(data), _sha256(data)), *marks]
    return [Piece(folder / name, f"{below}/{name}", size, seal) for name, size, seal in files]


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _damaged(folder: Path, how: str) -> SealError:
    return SealError(f"Checkpoint {folder.name} is damaged: {how}. Choose another one.")


def _unreadable(folder: Path, error: OSError) -> SealError:
    if isinstance(error, FileNotFoundError):
        return SealError(f"Checkpoint {folder.name} is not whole, or not there any more. Choose another one.")
    return SealError(f"Checkpoint {folder.name} cannot be read ({error.strerror or error}).")
