"""Weights out of files that others published, without executing anything in them.

Besides safetensors these are the two formats of ``torch.save``: a zip archive, or (before torch 1.6) several pickles
followed by raw numbers. :mod:`ganstudio.metrics.weighttable` reads what such a pickle describes. Only the tensors that
are wanted are read: of a large file a small part takes little memory.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from ganstudio.metrics.figures import MetricError
from ganstudio.metrics.weighttable import Layout, Reader, Refused, Storage

MAGIC = 0x1950A86A20F9469CFC6C
"""What files of torch.save before 1.6 begin with."""
MOST_BYTES = 4 << 30


def read_weights(path: Path, prefix: str = "") -> dict[str, Tensor]:
    """The tensors of a file whose names begin with ``prefix``, by name, on the CPU.

    Raises :class:`MetricError` where the file cannot be read safely.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refused("it is far larger than weights are")
        if path.suffix == ".safetensors":
            return _safe(path, prefix)
        with path.open("rb") as file:
            return _zipped(file, prefix) if zipfile.is_zipfile(file) else _legacy(file, prefix)
    except Refused as error:
        problem = str(error)
    except (OSError, SafetensorError, zipfile.BadZipFile) as error:
        problem = str(error)
    except Exception as error:  # damaged files make readers raise nearly anything
        problem = f"it is damaged ({type(error).__name__}: {error})"
    raise MetricError(
        f"The weights in {path} cannot be read: {problem}.", "Fetch the file again, or another one."
    )


# ---------------------------------------------------------------- formats


def _safe(path: Path, prefix: str) -> dict[str, Tensor]:
    with safe_open(path, "pt") as file:
        return {name: file.get_tensor(name) for name in file.keys() if name.startswith(prefix)}  # noqa: SIM118


def _zipped(file: IO[bytes], prefix: str) -> dict[str, Tensor]:
    """A zip archive: NAME/data.pkl describes the tensors, NAME/data/KEY holds their numbers."""
    with zipfile.ZipFile(file) as archive:
        table = [name for name in archive.namelist() if name.count("/") == 1 and name.endswith("/data.pkl")]
        if len(table) != 1:
            raise Refused("it is an archive, but not one of weights")
        if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
            raise Refused("it is far larger than weights are")
        folder = table[0].removesuffix("data.pkl")
        order = f"{folder}byteorder"
        if order in archive.namelist() and archive.read(order) != b"little":
            raise Refused("its numbers are in big-endian order")
        found = _described(io.BytesIO(archive.read(table[0])))
        wanted = _wanted(found, prefix)
        return _tensors(wanted, lambda storage: archive.read(f"{folder}data/{storage.key}"))


def _legacy(file: IO[bytes], prefix: str) -> dict[str, Tensor]:
    """Pickles of a magic number, a version, facts, the description and the storages' names; then the storages."""
    file.seek(0)
    if Reader(file).run() != MAGIC:
        raise Refused("it is neither safetensors nor a file of torch.save")
    for _ in ("version", "facts about the machine"):
        Reader(file).run()
    found = _described(file)
    keys = Reader(file).run()
    wanted = _wanted(found, prefix)
    needed = {layout.storage.key for layout in wanted.values()}
    storages = {layout.storage.key: layout.storage for layout in found.values()}
    data: dict[str, bytes] = {}
    for key in keys:
        (count,) = struct.unpack("<q", file.read(8))
        if key not in storages or count != storages[key].count:
            raise Refused("its table does not fit its numbers")
        size = count * storages[key].kind.itemsize
        if key in needed:
            data[key] = file.read(size)
        else:
            file.seek(size, io.SEEK_CUR)
    return _tensors(wanted, lambda storage: data.pop(storage.key))


def _described(file: IO[bytes]) -> dict[str, Layout]:
    found = Reader(file).run()
    if not isinstance(found, dict) or not all(
        isinstance(name, str) and isinstance(item, Layout) for name, item in found.items()
    ):
        raise Refused("it is no plain table of tensors")
    return found


def _wanted(found: Mapping[str, Layout], prefix: str) -> dict[str, Layout]:
    return {name: layout for name, layout in found.items() if name.startswith(prefix)}


def _tensors(found: Mapping[str, Layout], numbers: Callable[[Storage], bytes]) -> dict[str, Tensor]:
    flat: dict[str, Tensor] = {}
    for layout in found.values():
        storage = layout.storage
        if storage.key not in flat:
            data = numbers(storage)
            if len(data) != storage.count * storage.kind.itemsize:
                raise Refused("it is cut short")
            flat[storage.key] = (
                torch.frombuffer(bytearray(data), dtype=storage.kind) if data else torch.empty(0)
            )
    return {name: _tensor(layout, flat[layout.storage.key]) for name, layout in found.items()}


def _tensor(layout: Layout, flat: Tensor) -> Tensor:
    """One tensor, if it lies wholly inside of its storage."""
    last = layout.offset + sum((n - 1) * step for n, step in zip(layout.size, layout.stride, strict=True))
    numbers = (layout.offset, *layout.size, *layout.stride)
    if min(numbers) < 0 or (0 not in layout.size and last >= len(flat)):
        raise Refused("a tensor reaches beyond its numbers")
    return torch.as_strided(flat, layout.size, layout.stride, layout.offset).clone()
