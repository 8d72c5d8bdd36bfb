"""Checkpoints to keep or to hand on: a run folder with only those, as a folder or as one zip, and its model card."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from ganstudio.core.files import sync_file
from ganstudio.core.numbers import whole
from ganstudio.core.runs import RunFolder
from ganstudio.core.sealed import Piece, SealError, pieces
from ganstudio.reports.card import card
from ganstudio.reports.data import ReportError, read_report
from ganstudio.reports.parts import Making

RECORDS = ("run.toml", "metrics.jsonl", "events.jsonl", "evaluations.jsonl")
"""What goes with the checkpoints, so that they open as the run they come from and go on."""
CARD = "README.md"
ZIP = ".zip"
FILE_MODE = 0o644 << 16


class Shelf(Protocol):
    """Where files are put one after the other, to appear together at the end."""

    out: Path

    def put(self, name: str, data: Iterable[bytes]) -> None:
        """One file, by its name below the run's folder."""
        ...

    def finish(self) -> None:
        """Put everything in its place."""
        ...

    def discard(self) -> None:
        """Leave nothing behind."""
        ...


class FolderShelf:
    """A folder that is made beside its place and renamed."""

    def __init__(self, out: Path) -> None:
        self.out, self.beside = out, _beside(out)
        self.beside.mkdir()

    def put(self, name: str, data: Iterable[bytes]) -> None:
        """One file, by its name below the run's folder."""
        path = self.beside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            for part in data:
                file.write(part)
        sync_file(path)

    def finish(self) -> None:
        """Rename; an empty folder gives way."""
        if self.out.is_dir():
            self.out.rmdir()
        self.beside.rename(self.out)

    def discard(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self.beside, ignore_errors=True)


class ZipShelf:
    """One zip, which holds a folder of its own name; weights do not get smaller, so nothing is compressed."""

    def __init__(self, out: Path) -> None:
        self.out, self.beside = out, _beside(out)
        self.file = zipfile.ZipFile(self.beside, "x", zipfile.ZIP_STORED)

    def put(self, name: str, data: Iterable[bytes]) -> None:
        """One file, by its name below the run's folder."""
        entry = zipfile.ZipInfo(f"{self.out.stem}/{name}")
        entry.external_attr = FILE_MODE
        with self.file.open(entry, "w", force_zip64=True) as place:
            for part in data:
                place.write(part)

    def finish(self) -> None:
        """Close and rename."""
        self.file.close()
        sync_file(self.beside)
        self.beside.replace(self.out)

    def discard(self) -> None:
        """Leave nothing behind."""
        with contextlib.suppress(OSError, ValueError):
            self.file.close()
        with contextlib.suppress(OSError):
            self.beside.unlink()


def _beside(out: Path) -> Path:
    return out.absolute().parent / f".{out.name}.{secrets.token_hex(6)}.tmp"


def write_bundle(run: Path, steps: Sequence[int], out: Path, making: Making | None = None) -> list[Path]:
    """Copy checkpoints of a run; ``out`` ends in .zip, or is a folder that does not exist yet or is empty.

    What comes out opens like any run and goes on from its newest checkpoint. Every copy is checked against its seal.
    Returns ``out``. Raises :class:`ReportError` with one sentence for a person, or ``Cancelled``; then nothing is left.
    """
    making, folder = making or Making(), RunFolder(run)
    if not steps:
        raise ReportError(f"{run.name} has no checkpoint to export yet.")
    if out.suffix.lower() != ZIP and out.exists() and not _is_empty(out):
        raise ReportError(f"{out} is there already: name a new folder.")
    report = read_report(run)
    try:
        files = [piece for step in sorted(set(steps)) for piece in pieces(folder, step)]
        about = card(report, out.name, max(steps), _use(out, steps)).encode()
        shelf = ZipShelf(out) if out.suffix.lower() == ZIP else FolderShelf(out)
    except SealError as error:
        raise ReportError(str(error)) from None
    except OSError as error:
        raise _unwritable(out, error) from None
    _fill(shelf, run, files, about, making)
    return [out]


def _fill(shelf: Shelf, run: Path, files: list[Piece], about: bytes, making: Making) -> None:
    total, done = sum(piece.size for piece in files) or 1, 0

    def read(piece: Piece) -> Iterable[bytes]:
        nonlocal done
        for data in piece.read():
            making.tell(f"Copying checkpoint {piece.source.parent.name}", done / total)
            done += len(data)
            yield data

    try:
        for name in RECORDS:
            if (run / name).is_file():
                shelf.put(name, [(run / name).read_bytes()])
        shelf.put(CARD, [about])
        for piece in files:
            shelf.put(piece.name, read(piece))
        shelf.finish()
    except SealError as error:
        raise ReportError(str(error)) from None
    except OSError as error:
        raise _unwritable(shelf.out, error) from None
    finally:
        shelf.discard()


def _unwritable(out: Path, error: OSError) -> ReportError:
    return ReportError(f"{out} cannot be written ({error.strerror or error}).")


def _is_empty(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


def _use(out: Path, steps: Sequence[int]) -> str:
    name = out.stem if out.suffix.lower() == ZIP else out.name
    told = ", ".join(whole(step) for step in sorted(set(steps)))
    unpack = "Unpack it first. " if out.suffix.lower() == ZIP else ""
    return (
        f"{unpack}The folder is a run of GAN Studio with the checkpoints of step {told}: open it in the window, or "
        f"type `ganstudio sample {name} --out samples.png` or `ganstudio resume {name} --steps N`. The tensors are "
        "safetensors, the rest is JSON and TOML; nothing has to be unpickled."
    )
