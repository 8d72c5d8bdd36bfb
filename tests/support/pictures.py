"""Folders of pictures, written and read."""

from __future__ import annotations

from pathlib import Path

import torch
from PIL import Image

from ganstudio.catalog.datasets import Folder
from ganstudio.data import ImageSet, load

SIZE = 8


def read(folder: Path, **options) -> ImageSet:
    found = load(Folder(path=str(folder), **({"resolution": SIZE} | options)))
    assert isinstance(found, ImageSet)
    return found


def plain(colour, size=(20, 20), mode="RGB") -> Image.Image:
    return Image.new(mode, size, colour)


def save(path: Path, colour=(200, 100, 50), size=(20, 20), mode="RGB", **options) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    plain(colour, size, mode).save(path, **options)
    return path


def pixels_of(picture: Image.Image, path: Path, **options) -> torch.Tensor:
    """What one saved picture becomes, (C, H, W)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, **options)
    return read(path.parent).images[0]


def is_colour(pixels: torch.Tensor, colour: tuple[int, ...], tolerance: int = 3) -> bool:
    wanted = torch.tensor(colour).view(-1, 1, 1)
    return bool(((pixels.int() - wanted).abs() <= tolerance).all())
