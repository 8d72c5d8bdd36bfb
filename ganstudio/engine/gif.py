"""Animated GIF (version 89a of CompuServe's specification), frame by frame: Pillow packs each picture, and what holds
the frames together is written here, so that a long film takes no more memory than one frame."""

from __future__ import annotations

import io
import struct
from typing import BinaryIO

import numpy as np
from PIL import Image

from ganstudio.engine.films import Film, FilmError, text_of
from ganstudio.engine.pictures import Bytes

LEAST_DELAY = 2
"""Hundredths of a second between two frames that viewers still keep to; shorter ones they slow down to ten."""
MOST_SIDE = 65_535
HEADER, TABLE_BIT, TABLE_SIZE = 13, 0x80, 0x07
EXTENSION, PICTURE, TRAILER = 0x21, 0x2C, 0x3B
PIECE = 255


class Gif(Film):
    """A film that repeats for ever; every frame has its own 256 colours, grey ones are exact.

    The format counts hundredths of a second: frames are spread so that the whole film takes the right time, at no
    more than 50 frames a second (faster ones are shown at 50).
    """

    file: BinaryIO | None = None

    def _begin(self) -> None:
        height, width = (side * self.record.scale for side in self.size[:2])
        if max(height, width) > MOST_SIDE:
            raise FilmError("The pictures are too large for a GIF.", "Choose a smaller scale, or MP4.")
        self.file = self.beside.open("xb")
        self.file.write(b"GIF89a" + struct.pack("<HHBBB", width, height, 0x70, 0, 0))
        self.file.write(bytes([EXTENSION, 0xFF, 11]) + b"NETSCAPE2.0" + b"\x03\x01\x00\x00\x00")
        self.file.write(bytes([EXTENSION, 0xFE]) + pieces(text_of(self.record).encode("ascii")))

    def _write(self, frame: Bytes) -> None:
        assert self.file is not None
        control = struct.pack("<BHB", 0, delay(self.count, self.record.fps), 0)
        self.file.write(bytes([EXTENSION, 0xF9, 4]) + control + b"\x00" + packed(frame))

    def _end(self) -> None:
        assert self.file is not None
        self.file.write(bytes([TRAILER]))

    def abandon(self) -> None:
        """Let go of the file."""
        if self.file is not None:
            self.file.close()


def delay(index: int, fps: float) -> int:
    """Hundredths of a second that frame ``index`` stays, so that rounding never adds up."""
    if fps <= 0:
        return 100
    until, since = round((index + 1) * 100 / fps), round(index * 100 / fps)
    return min(65_535, max(LEAST_DELAY, until - since))


def pieces(data: bytes) -> bytes:
    """Data in sub-blocks of at most 255 bytes, each behind its length, and an empty one at the end."""
    cut = (data[start : start + PIECE] for start in range(0, len(data), PIECE))
    return b"".join(bytes([len(piece)]) + piece for piece in cut) + b"\x00"


def packed(frame: Bytes) -> bytes:
    """A picture (H, W, C) as an image block with its own colour table."""
    if frame.shape[2] == 1:
        picture = Image.fromarray(frame[:, :, 0])
    else:
        picture = Image.fromarray(np.ascontiguousarray(frame)).quantize(256, Image.Quantize.MEDIANCUT)
    buffer = io.BytesIO()
    picture.save(buffer, "GIF", optimize=False, interlace=0)
    return image_block(buffer.getvalue())


def image_block(whole: bytes) -> bytes:
    """The one picture in a GIF file as a block for another file: the file's colour table becomes the picture's."""
    flags = whole[10]
    assert flags & TABLE_BIT, "Pillow writes a global colour table"
    size = flags & TABLE_SIZE
    start = HEADER + 3 * (2 << size)
    table, place = whole[HEADER:start], start
    while whole[place] == EXTENSION:
        place = _behind_pieces(whole, place + 2)
    assert whole[place] == PICTURE, "a picture follows the extensions"
    descriptor, own, data = whole[place : place + 9], whole[place + 9], whole[place + 10 : -1]
    return descriptor + bytes([own | TABLE_BIT | size]) + table + data


def _behind_pieces(whole: bytes, place: int) -> int:
    while whole[place]:
        place += whole[place] + 1
    return place + 1
