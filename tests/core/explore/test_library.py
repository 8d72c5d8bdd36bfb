"""Latents and directions in files: the same from JSON and from safetensors, and what is damaged is told by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ganstudio.core.explore import library
from ganstudio.core.explore.files import RecipeError
from ganstudio.core.explore.recipe import Direction, Numbers

DIRECTION = Direction("smile & more", "w", (0.6, 0.8), 1.5, "learned", 0.9)
LATENT = Numbers("w", ((1.0, 2.0), (3.0, 4.0)))


@pytest.mark.parametrize("suffix", library.SUFFIXES)
@pytest.mark.parametrize("entry", [DIRECTION, LATENT, Numbers("z", ((0.5,),))])
def test_what_is_kept_comes_back(tmp_path: Path, entry: library.Entry, suffix: str):
    path = tmp_path / f"kept{suffix}"
    library.write(path, entry)
    found = library.load(path)
    if isinstance(entry, Numbers):
        assert found == entry
    else:
        assert isinstance(found, Direction)
        assert (found.name, found.sigma, found.origin, found.score) == (entry.name, 1.5, "learned", 0.9)
        assert found.vector == pytest.approx(entry.vector)


def test_a_direction_is_brought_to_length_one(tmp_path: Path):
    library.write(tmp_path / "long.json", Direction("long", "z", (3.0, 4.0)))
    found = library.load(tmp_path / "long.json")
    assert isinstance(found, Direction) and found.vector == pytest.approx((0.6, 0.8))


def test_a_direction_kept_by_an_earlier_version_is_read(tmp_path: Path):
    """It stood under a key of its own while there were only directions."""
    old = {"name": "smile", "space": "w", "vector": [0.6, 0.8], "sigma": 1.5, "origin": "sefa", "score": 0.4}
    path = tmp_path / "old.json"
    path.write_text(json.dumps({"format": "ganstudio-direction-1", "direction": old}))
    assert library.load(path) == Direction("smile", "w", (0.6, 0.8), 1.5, "sefa", 0.4)
    path.write_text(json.dumps({"format": "ganstudio-latent-1", "direction": old}))
    with pytest.raises(library.LibraryError, match=r"old\.json"):
        library.load(path)


DAMAGES = {
    "nothing": b"",
    "a list": b"[1, 2]",
    "another format": b'{"format": "x", "entry": {}}',
    "no entry": b'{"format": "ganstudio-direction-1"}',
    "infinite": b'{"format": "ganstudio-direction-1", "entry": {"name": "a", "space": "z", "vector": [Infinity]}}',
    "zero": b'{"format": "ganstudio-direction-1", "entry": {"name": "a", "space": "z", "vector": [0.0]}}',
    "empty": b'{"format": "ganstudio-direction-1", "entry": {"name": "a", "space": "z", "vector": []}}',
    "more": b'{"format": "ganstudio-direction-1", "entry": {"name": "a", "space": "z", "vector": [1.0], "run": 1}}',
    "uneven": b'{"format": "ganstudio-latent-1", "entry": {"space": "w", "rows": [[1.0], [1.0, 2.0]]}}',
    "deep": b"[" * 100_000,
    "bytes": b"\xff\xfe\x00",
}


@pytest.mark.parametrize("suffix", library.SUFFIXES)
@pytest.mark.parametrize("name", DAMAGES)
def test_damaged_files_are_named_in_one_sentence(tmp_path: Path, name: str, suffix: str):
    bad = tmp_path / f"bad{suffix}"
    bad.write_bytes(DAMAGES[name])
    with pytest.raises(RecipeError, match=r"bad\.") as caught:
        library.load(bad)
    assert "\n" not in str(caught.value)


def test_a_changed_safetensors_file_is_refused(tmp_path: Path):
    path = tmp_path / "a.safetensors"
    library.write(path, DIRECTION)
    data = path.read_bytes()
    path.write_bytes(data.replace(b"learned", b"lear\x00ed"))
    with pytest.raises(library.LibraryError):
        library.load(path)
    path.write_bytes(data[:-4])
    with pytest.raises(library.LibraryError):
        library.load(path)


def test_files_are_plain_json(tmp_path: Path):
    library.write(tmp_path / "a.json", DIRECTION)
    record = json.loads((tmp_path / "a.json").read_text())
    assert record["format"] == "ganstudio-direction-1" and record["entry"]["sigma"] == 1.5


def test_a_file_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(library.LibraryError, match=r"none\.json cannot be read"):
        library.load(tmp_path / "none.json")
