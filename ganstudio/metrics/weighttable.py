"""The table of tensors that a file of ``torch.save`` describes in a pickle, read without executing it.

A pickle is a little program, and running one from a stranger is not safe. ``pickletools`` takes it apart into
instructions, and the few that describe a table of tensors are understood, as Python 2 and 3 wrote them. Whatever else
a file asks for is refused by name; nothing is looked up, imported or called.
"""

from __future__ import annotations

import pickletools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Any

import torch

MOST_INSTRUCTIONS = 1_000_000
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


class Reader:
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
        """('storage', type, key, place, count) as a :class:`Storage`; old files add None, or a part of another one."""
        word, kind, key, _, count, *part = self.stack.pop()
        plain = isinstance(kind, Name) and isinstance(count, int) and count >= 0 and set(part) <= {None}
        if word != "storage" or not plain:
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
    """Empty, to be filled later (Python 3), or with a list of all pairs (Python 2)."""
    pairs: Any = words[0] if len(words) == 1 else []
    if len(words) > 1 or not isinstance(pairs, list):
        raise Refused("its description is not understood")
    return dict(pairs)


KNOWN: Mapping[str, Callable[[tuple[Any, ...]], Any]] = {
    "collections.OrderedDict": _table,
    "torch._utils._rebuild_tensor": _layout,
    "torch._utils._rebuild_tensor_v2": _layout,
    "torch._utils._rebuild_parameter": lambda words: words[0],
}
CONSTANTS: Mapping[str, Any] = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False, "EMPTY_TUPLE": ()}
VALUES = frozenset({
    "BINUNICODE", "SHORT_BINUNICODE", "UNICODE", "BINSTRING", "SHORT_BINSTRING",
    "BININT", "BININT1", "BININT2", "LONG1", "INT", "BINFLOAT",
})  # fmt: skip
"""Instructions that put down a text or a number; those named STRING are of Python 2."""
ACTIONS: Mapping[str, Callable[[Reader, Any], None]] = {
    "PROTO": lambda reader, argument: None,
    "FRAME": lambda reader, argument: None,
    "MARK": Reader.mark,
    "BINPUT": Reader.keep,
    "LONG_BINPUT": Reader.keep,
    "MEMOIZE": Reader.keep,
    "BINGET": Reader.again,
    "LONG_BINGET": Reader.again,
    "EMPTY_DICT": lambda reader, _: reader.fresh(dict),
    "EMPTY_LIST": lambda reader, _: reader.fresh(list),
    "TUPLE": Reader.gather_marked,
    "TUPLE1": lambda reader, _: reader.gather(1),
    "TUPLE2": lambda reader, _: reader.gather(2),
    "TUPLE3": lambda reader, _: reader.gather(3),
    "SETITEM": Reader.fill_one,
    "SETITEMS": lambda reader, _: reader.fill(reader.marked()),
    "APPEND": lambda reader, _: reader.add([reader.stack.pop()]),
    "APPENDS": lambda reader, _: reader.add(reader.marked()),
    "GLOBAL": Reader.name,
    "BINPERSID": Reader.storage,
    "REDUCE": Reader.call,
    "BUILD": Reader.forget,
}
"""Instruction -> what it does to the stack; all others are refused."""
