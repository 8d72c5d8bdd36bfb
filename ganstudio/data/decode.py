"""One picture file to one uint8 array, safely."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

Image.preinit()  # all formats below but WebP are known after this, without Pillow's other thirty plug-ins
import_module("PIL.WebPImagePlugin")

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "DIB", "GIF")
"""Nothing else is tried, whatever a file's name says: some of Pillow's other formats start programs."""
DETAIL = 3.0
"""Pictures much larger than needed are first reduced cheaply to this many times the target size."""


class Unreadable(Exception):
    """A file that is no usable picture; the text says why, in a few words."""


def decode(path: Path, resolution: int, channels: int, fit: str, width: int = 0) -> NDArray[np.uint8]:
    """The picture as uint8 (channels, resolution, width or resolution); raises :class:`Unreadable`.

    The first frame of an animation; turned as its EXIF data says; transparent parts become black; 16 bits become
    8; colour profiles are ignored. ``fit`` is ``"crop"`` (the middle), ``"pad"`` (black bars) or ``"stretch"``.
    """
    try:
        with path.open("rb") as file, Image.open(file, formats=FORMATS) as picture:
            if picture.format == "JPEG":  # lets the decoder leave out detail that would be averaged away
                picture.draft(None, _draft_size(picture.size, (width or resolution, resolution), fit))
            picture.load()
            return _array(fitted(opaque(upright(picture)), resolution, fit, width), channels)
    except Exception as error:  # damaged files make Pillow raise nearly anything
        raise Unreadable(reason(path, error)) from error


def upright(picture: Image.Image) -> Image.Image:
    """The picture turned and mirrored as its EXIF data says; as it is where that is damaged."""
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # notes that cannot be read are no reason to lose a picture
        return picture


def opaque(picture: Image.Image) -> Image.Image:
    """The picture in mode L or RGB, 8 bits, with transparency laid over black."""
    if picture.mode.startswith("I") or picture.mode == "F":
        deep = np.asarray(picture).astype(np.float32)
        return Image.fromarray((deep / 257.0).round().clip(0, 255).astype(np.uint8))
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        black = Image.new("RGBA", layer.size, (0, 0, 0, 255))
        return Image.alpha_composite(black, layer).convert("RGB")
    if picture.mode in ("L", "RGB"):
        return picture
    return picture.convert("L" if picture.mode == "1" else "RGB")


def fitted(picture: Image.Image, resolution: int, fit: str, width: int = 0) -> Image.Image:
    """The picture ``resolution`` high and ``width`` wide (0: square), reduced with antialiasing (Lanczos)."""
    target = (width or resolution, resolution)
    size = picture.size
    if fit == "stretch":
        return _resize(picture, target, (0.0, 0.0, float(size[0]), float(size[1])))
    if fit == "crop":
        scale = max(target[0] / size[0], target[1] / size[1])
        part = (min(size[0], target[0] / scale), min(size[1], target[1] / scale))
        left, top = (size[0] - part[0]) / 2, (size[1] - part[1]) / 2
        return _resize(picture, target, (left, top, left + part[0], top + part[1]))
    scale = min(target[0] / size[0], target[1] / size[1])
    inside = (_within(size[0] * scale, target[0]), _within(size[1] * scale, target[1]))
    frame = Image.new(picture.mode, target)
    inner = _resize(picture, inside, (0.0, 0.0, float(size[0]), float(size[1])))
    frame.paste(inner, ((target[0] - inside[0]) // 2, (target[1] - inside[1]) // 2))
    return frame


def _within(side: float, most: int) -> int:
    return min(most, max(1, round(side)))


def _resize(
    picture: Image.Image, size: tuple[int, int], box: tuple[float, float, float, float]
) -> Image.Image:
    return picture.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=DETAIL)


def _array(picture: Image.Image, channels: int) -> NDArray[np.uint8]:
    pixels = np.asarray(picture.convert("L" if channels == 1 else "RGB"), dtype=np.uint8)
    return pixels[None] if channels == 1 else pixels.transpose(2, 0, 1)


def _draft_size(size: tuple[int, int], target: tuple[int, int], fit: str) -> tuple[int, int]:
    """The least size, in the picture's own proportions, that leaves enough detail."""
    ratios = (target[0] / size[0], target[1] / size[1])
    factor = min(1.0, DETAIL * (min(ratios) if fit == "pad" else max(ratios)))
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def reason(path: Path, error: Exception) -> str:
    """Why a file could not be read, in a few words."""
    if isinstance(error, FileNotFoundError):
        return "the link leads nowhere" if path.is_symlink() else "the file is gone"
    if isinstance(error, PermissionError):
        return "no permission to read it"
    if isinstance(error, Image.DecompressionBombError):
        limit = 2 * (Image.MAX_IMAGE_PIXELS or 0) // 1_000_000
        return f"more than {limit} million pixels"
    if isinstance(error, MemoryError):
        return "too large for the memory"
    try:
        empty = path.stat().st_size == 0
    except OSError:
        return "the file cannot be opened"
    if empty:
        return "the file is empty"
    if isinstance(error, UnidentifiedImageError):
        return "not a PNG, JPEG, WebP, BMP or GIF picture"
    return "damaged or cut short"
