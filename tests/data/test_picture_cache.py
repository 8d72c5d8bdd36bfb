"""The cache is quick where it is right and not there where it is not."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import torch
from PIL import Image

from ganstudio.catalog.datasets import Folder
from ganstudio.data import cache, folder
from ganstudio.data.sources import ImageSet, make_image_set


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    for name, red in (("a/1.png", 10), ("a/2.png", 20), ("b/3.png", 30)):
        path = tmp_path / "pictures" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (9, 9), (red, 0, 0)).save(path)
    (tmp_path / "pictures" / "b" / "bad.png").write_bytes(b"")
    return tmp_path / "pictures"


@pytest.fixture
def decoded(monkeypatch) -> list[str]:
    """The names of the files that had to be decoded."""
    names: list[str] = []
    original = folder.decode

    def counting(path: Path, *args):
        names.append(path.name)
        return original(path, *args)

    monkeypatch.setattr(folder, "decode", counting)
    return names


def read(pictures: Path, **options) -> ImageSet:
    return folder.load_folder(Folder(path=str(pictures), **({"resolution": 8} | options)))


def same(a: ImageSet, b: ImageSet) -> bool:
    words = (a.class_names, a.name, a.summary, a.unreadable, a.fingerprint) == (
        b.class_names,
        b.name,
        b.summary,
        b.unreadable,
        b.fingerprint,
    )
    assert a.labels is not None and b.labels is not None
    return words and torch.equal(a.images, b.images) and torch.equal(a.labels, b.labels)


def test_the_second_time_nothing_is_decoded(pictures: Path, decoded: list[str]):
    first = read(pictures)
    assert len(decoded) == 4
    second = read(pictures)
    assert len(decoded) == 4
    assert same(first, second)
    assert second.unreadable == ("b/bad.png: the file is empty",)


@pytest.mark.parametrize("change", ["content", "time", "name", "added", "removed", "options", "version"])
def test_any_change_makes_it_anew(pictures: Path, decoded: list[str], change: str, monkeypatch):
    read(pictures)
    decoded.clear()
    target = pictures / "a" / "1.png"
    options = {}
    if change == "content":
        Image.new("RGB", (30, 31), (99, 0, 0)).save(target)
    elif change == "time":
        os.utime(target, ns=(1, 1))
    elif change == "name":
        target.rename(target.with_name("9.png"))
    elif change == "added":
        Image.new("RGB", (9, 9)).save(pictures / "a" / "new.png")
    elif change == "removed":
        target.unlink()
    elif change == "options":
        options = {"channels": 1}
    else:
        monkeypatch.setattr(folder, "VERSION", cache.VERSION + 1)
    read(pictures, **options)
    assert decoded


def entries(kind: str) -> Path:
    (found,) = cache.cache_folder().glob(f"*.{kind}")
    return found


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-3] ^= 0x10
    path.write_bytes(bytes(data))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def huge_header(path: Path) -> None:
    path.write_bytes((2**62).to_bytes(8, "little") + path.read_bytes()[8:])


def pickled(path: Path) -> None:
    path.write_bytes(b"\x80\x04\x95cos\nsystem\n(S'false'\ntR.")


def other_json(path: Path) -> None:
    path.write_text("[1, 2, 3]")


def missing_key(path: Path) -> None:
    path.write_text(json.dumps({"fingerprint": "x"}))


def wrong_names(path: Path) -> None:
    told = json.loads(path.read_text())
    path.write_text(json.dumps(told | {"class_names": []}))


def deep_json(path: Path) -> None:
    path.write_text("[" * 100_000)


def removed(path: Path) -> None:
    path.unlink()


DAMAGE = [
    *(("safetensors", damage) for damage in (cut, flip, empty, huge_header, pickled, removed)),
    *(
        ("json", damage)
        for damage in (cut, empty, other_json, missing_key, wrong_names, deep_json, pickled, removed)
    ),
]


@pytest.mark.parametrize(("kind", "damage"), DAMAGE, ids=lambda value: getattr(value, "__name__", value))
def test_a_damaged_entry_is_ignored_and_made_anew(pictures: Path, decoded: list[str], kind: str, damage):
    first = read(pictures)
    damage(entries(kind))
    decoded.clear()
    assert same(read(pictures), first)
    assert len(decoded) == 4
    assert same(read(pictures), first)
    assert len(decoded) == 4  # and it is whole again


def test_a_cache_that_cannot_be_written_does_no_harm(pictures: Path, tmp_path: Path, monkeypatch):
    blocked = tmp_path / "a-file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("GANSTUDIO_CACHE", str(blocked))
    assert len(read(pictures)) == 3


def test_a_full_disk_leaves_no_parts(pictures: Path, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache, "sync_file", full)
    assert len(read(pictures)) == 3
    assert list(cache.cache_folder().iterdir()) == []


def test_the_oldest_entries_make_room():
    for number in range(3):
        data = make_image_set(torch.full((4, 1, 8, 8), number, dtype=torch.uint8), name=str(number))
        assert cache.write_cached(f"k{number}", data)
        os.utime(cache.cache_folder() / f"k{number}.safetensors", (number, number))
    size = (cache.cache_folder() / "k0.safetensors").stat().st_size
    assert cache.read_cached("k0") is not None  # reading makes it the most recently used
    cache.prune(2 * size)
    assert cache.read_cached("k1") is None
    assert cache.read_cached("k0") is not None and cache.read_cached("k2") is not None
    assert not (cache.cache_folder() / "k1.json").exists()


def test_what_a_killed_process_left_goes_after_a_day():
    data = make_image_set(torch.zeros((4, 1, 8, 8), dtype=torch.uint8), name="x")
    assert cache.write_cached("first", data)
    old, fresh = (cache.cache_folder() / f".{name}.safetensors.x.tmp" for name in ("old", "fresh"))
    for path in (old, fresh):
        path.write_bytes(b"x")
    os.utime(old, (0, 0))
    assert cache.write_cached("second", data)
    assert not old.exists() and fresh.exists()


def test_a_set_too_large_for_the_cache_is_not_kept(monkeypatch):
    monkeypatch.setattr(cache, "LIMIT", 100)
    data = make_image_set(torch.zeros(4, 1, 8, 8, dtype=torch.uint8), name="x")
    assert not cache.write_cached("big", data)
    assert cache.read_cached("big") is None


def test_the_cache_can_be_put_elsewhere(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("GANSTUDIO_CACHE", str(tmp_path / "here"))
    assert cache.cache_folder() == tmp_path / "here" / "pictures"
    monkeypatch.delenv("GANSTUDIO_CACHE")
    assert "ganstudio" in str(cache.cache_folder()).lower()
