"""Read back from a picture or a film how it was made. Imports no torch: a window may call it."""

from __future__ import annotations

import warnings
from pathlib import Path

from PIL import Image, UnidentifiedImageError
from safetensors import SafetensorError, safe_open

from ganstudio.core.explore import records
from ganstudio.core.explore.files import MOST_BYTES, RecipeError, Recipeless
from ganstudio.core.explore.library import SAFE
from ganstudio.core.explore.recipe import Recipe
from ganstudio.core.explore.records import Record
from ganstudio.core.numbers import size
from ganstudio.engine.films import FilmError
from ganstudio.engine.video import read_comment

MOST_FILE = 4 << 30
PICTURES = (".png", ".gif")
FILMS = {".mp4": "mp4", ".webm": "webm"}
JSON = ".json"


def recipe_in(path: Path) -> Record:
    """The record of a PNG, GIF, MP4, WebM, JSON or safetensors file, or of a folder of numbered PNG files.

    Raises :class:`RecipeError`, one sentence for a person: not there, too large, or damaged; :class:`Recipeless` where
    it was made elsewhere.
    """
    try:
        return _read(path)
    except OSError as error:
        raise RecipeError(f"{path.name} cannot be read ({error.strerror or 'it is damaged'})") from None
    except RecipeError as error:
        raise type(error)(f"{path.name}: {error}") from None


def _read(path: Path) -> Record:
    if path.is_dir():
        return _in_folder(path)
    length, suffix = path.stat().st_size, path.suffix.lower()
    if length > MOST_FILE:
        raise RecipeError(f"the file is too large ({size(length)})")
    if suffix in PICTURES:
        text = _in_picture(path)
    elif suffix in FILMS:
        text = _in_film(path, FILMS[suffix])
    elif suffix == JSON:
        text = _in_text(path, length)
    elif suffix == SAFE:
        text = _in_tensors(path)
    else:
        raise Recipeless("recipes are kept in PNG, GIF, MP4, WebM, JSON and safetensors files")
    if not text:
        raise Recipeless(
            "there is no recipe in it: it was not made by GAN Studio, or was saved anew elsewhere"
        )
    return records.load(text)


def _in_picture(path: Path) -> str:
    """The text chunk of a PNG, the comment of a GIF. Pixels are not decoded, so that size does not matter."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with path.open("rb") as file, Image.open(file, formats=("PNG", "GIF")) as picture:
                if "ganstudio" in picture.info:
                    return str(picture.info["ganstudio"])
                found = picture.info.get("comment", "")
    except Image.DecompressionBombError:
        raise Recipeless("the picture is gigantic; GAN Studio writes none of that size") from None
    except UnidentifiedImageError:
        raise Recipeless("it is damaged, or no picture at all") from None
    except (ValueError, SyntaxError, EOFError, KeyError, IndexError):
        raise RecipeError("the picture is damaged") from None
    text = found.decode("utf-8", errors="replace") if isinstance(found, bytes) else str(found)
    return text if text.lstrip().startswith("{") else ""


def _in_film(path: Path, container: str) -> str:
    try:
        text = read_comment(path, container)
    except FilmError as error:
        raise RecipeError(f"{error.problem.removeprefix(path.name).strip().removesuffix('.')}") from None
    return text if text.lstrip().startswith("{") else ""


def _in_text(path: Path, length: int) -> str:
    if length > MOST_BYTES:
        raise RecipeError(f"the file is too large ({size(length)})")
    return path.read_text(encoding="utf-8", errors="replace")


def _in_tensors(path: Path) -> str:
    """The metadata in the head of a safetensors file; its numbers are not read."""
    try:
        with safe_open(path, "numpy") as file:
            return str((file.metadata() or {}).get("ganstudio", ""))
    except (SafetensorError, ValueError):
        raise RecipeError("the file is damaged") from None


def _in_folder(path: Path) -> Record:
    """All frames of a folder, in the order of their numbers."""
    files = sorted(item for item in path.iterdir() if item.suffix == ".png" and item.stem.isdecimal())
    if not files:
        raise RecipeError("the folder holds no numbered PNG files")
    if len(files) > records.MOST_RECIPES:
        raise RecipeError("the folder holds too many files")
    found = [_read(file) for file in files]
    recipes: list[Recipe] = [recipe for record in found for recipe in record.recipes]
    first = found[0]
    return Record("film", first.run, first.step, tuple(recipes), scale=first.scale)
