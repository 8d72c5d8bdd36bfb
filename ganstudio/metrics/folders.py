"""Two folders of pictures, at the size they have, so that nothing is resized without being told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from PIL import Image

from ganstudio.data import DataError, ImageSet
from ganstudio.data.decode import FORMATS
from ganstudio.data.folder import check_memory, classes, decode_all
from ganstudio.data.scan import Found, scan, shown
from ganstudio.data.sources import make_image_set
from ganstudio.metrics.figures import CancelCheck, MetricError, Progress

GREY = ("1", "L", "LA", "I", "I;16", "F")
LEAST_SIDE = 8


@dataclass(frozen=True)
class Looked:
    """What the headers in a folder say: the most frequent ``size`` (width, height), how many pictures have another,
    whether all are grey."""

    folder: Path
    found: tuple[Found, ...]
    size: tuple[int, int]
    others: int
    grey: bool


def look(text: str, cancelled: CancelCheck | None = None) -> Looked:
    """The pictures in a folder by their headers; raises :class:`MetricError`."""
    folder = Path(text).expanduser()
    if not folder.is_dir():
        what = "is no folder" if folder.exists() else "does not exist"
        raise MetricError(f"{shown(text)} {what}.", "Name two folders of pictures.")
    try:
        found, _ = scan(folder, cancelled)
    except OSError as error:
        raise MetricError(f"{shown(text)} cannot be read ({error.strerror or error}).") from None
    sizes: Counter[tuple[int, int]] = Counter()
    grey = True
    for item in found:
        head = _header(item.path)
        if head is not None:
            sizes[head[0]] += 1
            grey = grey and head[1]
    if not sizes:
        raise MetricError(
            f"{shown(text)} holds no pictures that can be read.", "Name a folder with pictures."
        )
    size, count = sizes.most_common(1)[0]
    return Looked(folder, tuple(found), size, sizes.total() - count, grey)


def _header(path: Path) -> tuple[tuple[int, int], bool] | None:
    try:
        with Image.open(path, formats=FORMATS) as picture:
            return picture.size, picture.mode in GREY
    except Exception:  # damaged files make Pillow raise nearly anything; decoding tells which they are
        return None


def load_pair(
    first: str, second: str, progress: Progress | None = None, cancelled: CancelCheck | None = None
) -> tuple[ImageSet, ImageSet, list[str]]:
    """Pictures of both folders at the second's most frequent size, and what has to be said about them.

    Raises :class:`MetricError` or ``Cancelled``.
    """
    a, b = look(first, cancelled), look(second, cancelled)
    width, height = b.size
    if min(b.size) < LEAST_SIDE:
        raise MetricError(
            f"The pictures in {shown(second)} have {width} x {height} px; {LEAST_SIDE} px are needed."
        )
    remarks = [_mixed(part) for part in (a, b) if part.others]
    if a.size != b.size:
        remarks.append(
            f"The folders have pictures of different size ({a.size[0]} x {a.size[1]} and {width} x {height} px): the "
            "first were resized, which moves every distance."
        )
    if a.grey != b.grey:
        remarks.append("One folder is grey and the other in colour: both were compared in colour.")
    channels = 1 if a.grey and b.grey else 3
    sets = [_loaded(part, width, height, channels, progress, cancelled) for part in (a, b)]
    remarks += [_unreadable(part) for part in sets if part.unreadable]
    return sets[0], sets[1], remarks


def _loaded(
    looked: Looked,
    width: int,
    height: int,
    channels: int,
    progress: Progress | None,
    cancelled: CancelCheck | None,
) -> ImageSet:
    found: Sequence[Found] = looked.found
    try:
        check_memory(len(found), channels, height, width)
    except DataError as error:
        raise MetricError(error.problem, "Compare smaller folders.") from None
    paths = [item.path for item in found]
    pixels, problems = decode_all(paths, height, channels, "crop", progress, cancelled, width)
    good = [i for i, problem in enumerate(problems) if problem is None]
    if not good:
        raise MetricError(f"None of the pictures in {shown(str(looked.folder))} can be read ({problems[0]}).")
    labels, names, _ = classes([found[i] for i in good])
    bad = tuple(f"{found[i].name}: {problem}" for i, problem in enumerate(problems) if problem is not None)
    name = shown(looked.folder.name) or "pictures"
    return make_image_set(torch.from_numpy(pixels[good]), labels, names, name=name, unreadable=bad)


def _mixed(part: Looked) -> str:
    width, height = part.size
    return (
        f"{part.others:,} of the pictures in {shown(part.folder.name)} have another size than {width} x {height} px: "
        "they were cropped and resized, which moves every distance."
    )


def _unreadable(part: ImageSet) -> str:
    few = "; ".join(part.unreadable[:3]) + ("; …" if len(part.unreadable) > 3 else "")
    one = len(part.unreadable) == 1
    files, were = ("One file", "was") if one else (f"{len(part.unreadable):,} files", "were")
    return f"{files} of {part.name} could not be read and {were} left out ({few})."
