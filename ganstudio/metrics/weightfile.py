"""Weights out of files that others published, without executing anything in them.

Besides safetensors these are the two formats of ``torch.save``: a zip archive, or (before torch 1.6) several pickles
followed by raw numbers. A pickle is a little program, and running one from a stranger is not safe. Here it is only
read: ``pickletools`` takes it apart into instructions, and the few that describe a table of tensors are understood.
Whatever else a file asks for is refused by name; nothing is looked up, imported or called.
"""

from __future__ import annotations

import io
import pickletools
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from ganstudio.metrics.figures import MetricError

MAGIC = 0x1950A86A20F9469CFC6C
"""What files of torch.save before 1.6 begin with."""
MOST_INSTRUCTIONS = 1_000_000
MOST_BYTES = 4 << 30
KINDS: dict[str, torch.dtype] = {
    "FloatStorage": torch.float32,
    "DoubleStorage": torch.float64,
    "HalfStorage": torch.float16,
    "BFloat16Storage": torch.bfloat16,
    "LongStorage": torch.int64,
    "IntStorage": torch.int32,
    "ShortStorage": torch.int16,
    "CharStorage": torch.int8,
    "ByteStorage": torch.uint8,
    "BoolStorage": torch.bool,
}
"""Storage class of torch -> type of its numbers."""


@dataclass(frozen=True)
class Storage:
    """A run of numbers in a file: its name there, their type and how many."""

    key: str
    kind: torch.dtype
    count: int


@dataclass(frozen=True)
class Layout:
    """Where a tensor lies in a storage; all in numbers, not bytes."""

    storage: Storage
    offset: int
    size: tuple[int, ...]
    stride: tuple[int, ...]


@dataclass(frozen=True)
class Name:
    """Something that a pickle wants to import; here it stays a name."""

    text: str


class Refused(ValueError):
    """A file that holds more or other than tensors."""


def read_weights(path: Path) -> dict[str, Tensor]:
    """The tensors of a file by name, on the CPU; raises :class:`MetricError` where it cannot be read safely."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refused("it is far larger than weights are")
        if path.suffix == ".safetensors":
            return load_file(path)
        with path.open("rb") as file:
            return _zipped(file) if zipfile.is_zipfile(file) else _legacy(file)
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


def _zipped(file: IO[bytes]) -> dict[str, Tensor]:
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
        return _tensors(found, lambda storage: archive.read(f"{folder}data/{storage.key}"))


def _legacy(file: IO[bytes]) -> dict[str, Tensor]:
    """Pickles of a magic number, a version, facts, the description and the storages' names; then the storages."""
    file.seek(0)
    if _Reader(file).run() != MAGIC:
        raise Refused("it is neither safetensors nor a file of torch.save")
    for _ in ("version", "facts about the machine"):
        _Reader(file).run()
    found = _described(file)
    keys = _Reader(file).run()
    storages = {layout.storage.key: layout.storage for layout in found.values()}
    data: dict[str, bytes] = {}
    for key in keys:
        (count,) = struct.unpack("<q", file.read(8))
        if key not in storages or count != storages[key].count:
            raise Refused("its table does not fit its numbers")
        data[key] = file.read(count * storages[key].kind.itemsize)
    return _tensors(found, lambda storage: data[storage.key])


def _described(file: IO[bytes]) -> dict[str, Layout]:
    found = _Reader(file).run()
    if not isinstance(found, dict) or not all(
        isinstance(name, str) and isinstance(item, Layout) for name, item in found.items()
    ):
        raise Refused("it is no plain table of tensors")
    return found


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


# ---------------------------------------------------------------- instructions


class _Reader:
    """Follows the instructions of one pickle as far as they describe a table of tensors."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}

    def run(self) -> Any:
        """What the pickle describes; raises :class:`Refused` at the first instruction that is not understood."""
        for number, (code, argument, _) in enumerate(pickletools.genops(self.file)):
            if number > MOST_INSTRUCTIONS:
                raise Refused("its description has no end")
            if code.name == "STOP":
                return self.stack.pop()
            if code.name in CONSTANTS:
                self.stack.append(CONSTANTS[code.name])
            elif code.name in VALUES:
                self.stack.append(argument)
            elif code.name in ACTIONS:
                ACTIONS[code.name](self, argument)
            else:
                raise Refused(f"it holds an instruction ({code.name}) that no weights need")
        raise Refused("it is cut short")

    def mark(self, _: Any) -> None:
        """Remember how much is on the stack."""
        self.marks.append(len(self.stack))

    def marked(self) -> list[Any]:
        """Take what lies above the last mark."""
        place = self.marks.pop()
        taken = self.stack[place:]
        del self.stack[place:]
        return taken

    def keep(self, number: Any) -> None:
        """Number the top of the stack."""
        self.memo[len(self.memo) if number is None else number] = self.stack[-1]

    def again(self, number: Any) -> None:
        """Put something numbered on the stack once more."""
        self.stack.append(self.memo[number])

    def gather(self, count: int) -> None:
        """The topmost ``count`` as a tuple."""
        place = len(self.stack) - count
        self.stack[place:] = [tuple(self.stack[place:])]

    def gather_marked(self, _: Any) -> None:
        """All above the mark as a tuple."""
        self.stack.append(tuple(self.marked()))

    def fresh(self, kind: type[Any]) -> None:
        """An empty table or list."""
        self.stack.append(kind())

    def fill(self, pairs: list[Any]) -> None:
        """Put keys and values into the table below them."""
        self._top(dict).update(zip(pairs[::2], pairs[1::2], strict=True))

    def fill_one(self, _: Any) -> None:
        """One key and its value."""
        pair = self.stack[-2:]
        del self.stack[-2:]
        self.fill(pair)

    def add(self, items: list[Any]) -> None:
        """Put items into the list below them."""
        self._top(list).extend(items)

    def _top(self, kind: type[Any]) -> Any:
        if not isinstance(self.stack[-1], kind):
            raise Refused("its description is not understood")
        return self.stack[-1]

    def name(self, text: str) -> None:
        """A name is put down, never looked up."""
        place = text.replace(" ", ".")
        if place not in KNOWN and place.removeprefix("torch.") not in KINDS:
            raise Refused(f"it wants to run {place}, which no weights need")
        self.stack.append(Name(place))

    def storage(self, _: Any) -> None:
        """('storage', type, key, place, count, ...) as a :class:`Storage`."""
        word, kind, key, _, count, *_ = self.stack.pop()
        if word != "storage" or not isinstance(kind, Name) or not isinstance(count, int):
            raise Refused("its description is not understood")
        self.stack.append(Storage(str(key), KINDS[kind.text.removeprefix("torch.")], count))

    def call(self, _: Any) -> None:
        """What a call of one of the known names would give, worked out here."""
        words = self.stack.pop()
        called = self.stack.pop()
        if not isinstance(called, Name) or called.text not in KNOWN:
            raise Refused("its description is not understood")
        self.stack.append(KNOWN[called.text](words))

    def forget(self, _: Any) -> None:
        """Attributes of a table (versions of its modules) are not needed."""
        self.stack.pop()


def _layout(words: tuple[Any, ...]) -> Layout:
    storage, offset, size, stride = words[:4]
    if not isinstance(storage, Storage):
        raise Refused("its description is not understood")
    return Layout(storage, int(offset), tuple(map(int, size)), tuple(map(int, stride)))


def _table(words: tuple[Any, ...]) -> dict[str, Any]:
    if words:
        raise Refused("its description is not understood")
    return {}


KNOWN: Mapping[str, Callable[[tuple[Any, ...]], Any]] = {
    "collections.OrderedDict": _table,
    "torch._utils._rebuild_tensor_v2": _layout,
    "torch._utils._rebuild_parameter": lambda words: words[0],
}
CONSTANTS: Mapping[str, Any] = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False, "EMPTY_TUPLE": ()}
VALUES = frozenset(
    {"BINUNICODE", "SHORT_BINUNICODE", "BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "INT", "UNICODE"}
)
ACTIONS: Mapping[str, Callable[[_Reader, Any], None]] = {
    "PROTO": lambda reader, argument: None,
    "FRAME": lambda reader, argument: None,
    "MARK": _Reader.mark,
    "BINPUT": _Reader.keep,
    "LONG_BINPUT": _Reader.keep,
    "MEMOIZE": _Reader.keep,
    "BINGET": _Reader.again,
    "LONG_BINGET": _Reader.again,
    "EMPTY_DICT": lambda reader, _: reader.fresh(dict),
    "EMPTY_LIST": lambda reader, _: reader.fresh(list),
    "TUPLE": _Reader.gather_marked,
    "TUPLE1": lambda reader, _: reader.gather(1),
    "TUPLE2": lambda reader, _: reader.gather(2),
    "TUPLE3": lambda reader, _: reader.gather(3),
    "SETITEM": _Reader.fill_one,
    "SETITEMS": lambda reader, _: reader.fill(reader.marked()),
    "APPEND": lambda reader, _: reader.add([reader.stack.pop()]),
    "APPENDS": lambda reader, _: reader.add(reader.marked()),
    "GLOBAL": _Reader.name,
    "BINPERSID": _Reader.storage,
    "REDUCE": _Reader.call,
    "BUILD": _Reader.forget,
}
"""Instruction -> what it does to the stack; all others are refused."""
