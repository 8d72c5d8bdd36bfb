"""Folders as people have them: damaged and odd files, closed folders, and what is said about them."""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support.pictures import is_colour, read, save

from ganstudio.catalog.datasets import Folder
from ganstudio.data import DataError, load, scan

# ---------------------------------------------------------------- malformed


def whole_png() -> bytes:
    buffer = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    Image.fromarray(noise).save(buffer, "PNG")
    return buffer.getvalue()


def whole_jpeg() -> bytes:
    buffer = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    Image.fromarray(noise).save(buffer, "JPEG")
    return buffer.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


MALFORMED = {
    "zero-byte": (b"", "the file is empty"),
    "text": (b"this is no picture at all", "not a PNG"),
    "html": (b"<!DOCTYPE html><html>Not found</html>", "not a PNG"),
    "zeros": (bytes(5000), "not a PNG"),
    "png-signature-only": (whole_png()[:8], ""),
    "png-header-only": (whole_png()[:33], ""),
    "png-cut-short": (whole_png()[: len(whole_png()) // 2], "damaged or cut short"),
    "png-flipped-bytes": (whole_png()[:200] + b"\xff" * 40 + whole_png()[240:], "damaged or cut short"),
    "png-no-width": (png_that_claims(0, 10), ""),
    "png-bomb": (png_that_claims(60_000, 60_000), "more than 178 million pixels"),
    "png-too-little-data": (png_that_claims(300, 300), "damaged or cut short"),
    "jpeg-cut-short": (whole_jpeg()[: len(whole_jpeg()) // 2], "damaged or cut short"),
    "jpeg-start-only": (b"\xff\xd8\xff\xe0", ""),
    "gif-header-only": (b"GIF89a\x05\x00\x05\x00\x00\x00\x00", ""),
    "bmp-rubbish": (b"BM" + b"\x7f" * 60, ""),
    "webp-rubbish": (b"RIFF\x10\x00\x00\x00WEBPVP8 " + b"\0" * 20, ""),
    "tiff-in-disguise": (b"II*\x00\x08\x00\x00\x00" + b"\0" * 50, "not a PNG"),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage\n", "not a PNG"),
}


@pytest.mark.parametrize("kind", MALFORMED)
def test_a_malformed_file_is_left_out_and_named(tmp_path: Path, kind: str):
    content, reason = MALFORMED[kind]
    save(tmp_path / "good.png")
    (tmp_path / "bad.png").write_bytes(content)
    found = read(tmp_path)
    assert len(found) == 1 and is_colour(found.images[0], (200, 100, 50))
    assert len(found.unreadable) == 1
    assert found.unreadable[0].startswith("bad.png: ") and reason in found.unreadable[0]
    assert "1 unreadable" in found.summary


def test_all_malformed_files_together_are_a_clear_error(tmp_path: Path):
    for kind, (content, _) in MALFORMED.items():
        (tmp_path / f"{kind}.jpg").write_bytes(content)
    with pytest.raises(DataError, match=f"None of the {len(MALFORMED)} pictures in") as caught:
        read(tmp_path)
    assert "bmp-rubbish.jpg" in str(caught.value) and "..." in caught.value.problem and caught.value.remedy


def test_content_counts_not_the_name(tmp_path: Path):
    (tmp_path / "really-jpeg.png").write_bytes(whole_jpeg())
    (tmp_path / "no-suffix").write_bytes(whole_png())
    (tmp_path / "notes.txt").write_text("not a picture")
    (tmp_path / "Thumbs.db").write_bytes(b"\0" * 100)
    found = read(tmp_path)
    assert len(found) == 2 and found.unreadable == ()


def test_damaged_exif_does_not_lose_the_picture(tmp_path: Path):
    save(tmp_path / "a.jpg", (255, 0, 0), exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff" + b"\x12\x01" * 9)
    assert is_colour(read(tmp_path).images[0], (255, 0, 0), 4)


def test_a_large_photo_below_the_limit_is_read(tmp_path: Path, monkeypatch):
    """Pillow warns between its limit and twice that; a warning is no reason to lose a picture."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 300)
    save(tmp_path / "large.png", size=(20, 20))
    save(tmp_path / "too-large.png", size=(40, 40))
    found = read(tmp_path)
    assert len(found) == 1
    assert found.unreadable[0].startswith("too-large.png: more than ")


def test_links_that_lead_back_end(tmp_path: Path):
    save(tmp_path / "a" / "1.png")
    (tmp_path / "a" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "b").symlink_to(tmp_path / "a", target_is_directory=True)
    assert len(read(tmp_path)) == 1


def test_links_to_pictures_are_followed_and_broken_ones_named(tmp_path: Path):
    outside = save(tmp_path / "outside" / "x.png")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.png").symlink_to(outside)
    (inside / "broken.png").symlink_to(tmp_path / "nowhere.png")
    (inside / "loop.png").symlink_to(inside / "loop.png")
    found = read(inside)
    assert len(found) == 1
    assert found.unreadable[0] == "broken.png: the link leads nowhere"
    assert found.unreadable[1].startswith("loop.png: ")


def test_pipes_folders_and_hidden_files_are_passed_over(tmp_path: Path):
    save(tmp_path / "a.png")
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "._a.png").write_bytes(b"resource fork")
    save(tmp_path / ".trash" / "old.png")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.png")
    found = read(tmp_path)
    assert len(found) == 1 and found.unreadable == ()


def test_files_without_permission_are_named(tmp_path: Path, monkeypatch):
    save(tmp_path / "a.png")
    save(tmp_path / "secret.png")
    original = Path.open

    def guarded(self: Path, *args, **kwargs):
        if self.name == "secret.png":
            raise PermissionError(13, "Permission denied")
        return original(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", guarded)
    assert read(tmp_path).unreadable == ("secret.png: no permission to read it",)


def test_closed_sub_folders_are_named(tmp_path: Path, monkeypatch):
    save(tmp_path / "a" / "1.png")
    save(tmp_path / "locked" / "2.png")
    original = os.scandir

    def guarded(path):
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied")
        return original(path)

    monkeypatch.setattr(scan.os, "scandir", guarded)
    found = read(tmp_path)
    assert len(found) == 1 and found.unreadable == ("locked: the folder cannot be opened",)


ODD_NAMES = [
    "ü ß 漢字 🐈.png",
    "a'b\"c`$(x);&.png",
    "-rf.png",
    "line\nbreak.png",
    "%s%n{0}.png",
    "x" * 200 + ".png",
]


def test_odd_names(tmp_path: Path):
    for name in ODD_NAMES:
        save(tmp_path / "one" / name)
    save(tmp_path / "two\tthree" / "a.png")
    found = read(tmp_path)
    assert len(found) == len(ODD_NAMES) + 1 and found.unreadable == ()
    assert found.class_names == ("one", "two\N{REPLACEMENT CHARACTER}three")


@pytest.mark.skipif(os.name != "posix", reason="names are not bytes here")
def test_names_that_are_no_text(tmp_path: Path):
    for folder in (b"caf\xe9", b"plain"):
        path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + folder + b"/\xff\xfe.png"))
        save(path)
        path.with_name(os.fsdecode(b"\xfd.png")).write_bytes(b"")
    found = read(tmp_path)
    assert found.class_names == ("caf\N{REPLACEMENT CHARACTER}", "plain")
    for text in (*found.class_names, *found.unreadable):
        text.encode("utf-8")
    assert read(tmp_path).class_names == found.class_names  # from the cache


# ---------------------------------------------------------------- errors about the folder itself


def test_an_empty_folder(tmp_path: Path):
    with pytest.raises(DataError, match="holds no pictures") as caught:
        read(tmp_path)
    assert "PNG" in caught.value.remedy


def test_a_missing_folder(tmp_path: Path):
    with pytest.raises(DataError, match=r"There is no folder .*absent") as caught:
        read(tmp_path / "absent")
    assert caught.value.remedy


def test_a_file_instead_of_a_folder(tmp_path: Path):
    with pytest.raises(DataError, match=r"a\.png is a file, not a folder"):
        read(save(tmp_path / "a.png"))


def test_an_archive_instead_of_a_folder(tmp_path: Path):
    (tmp_path / "a.zip").write_bytes(b"PK")
    with pytest.raises(DataError, match="archive") as caught:
        read(tmp_path / "a.zip")
    assert "Unpack" in caught.value.remedy


@pytest.mark.parametrize("path", ["", "   ", "~no-such-person-here/x", "a\0b", "/" + "long/" * 2000])
def test_paths_that_cannot_be(path: str):
    with pytest.raises(DataError) as caught:
        load(Folder(path=path))
    assert caught.value.problem and caught.value.remedy


def test_a_folder_that_may_not_be_read(tmp_path: Path, monkeypatch):
    def refused(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(scan.os, "scandir", refused)
    with pytest.raises(DataError, match="may not be read"):
        read(tmp_path)


def test_a_failing_drive(tmp_path: Path, monkeypatch):
    def failing(path):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(scan.os, "scandir", failing)
    with pytest.raises(DataError, match=r"cannot be read \(input/output error\)"):
        read(tmp_path)


def test_more_pictures_than_memory(tmp_path: Path, monkeypatch):
    save(tmp_path / "a.png")
    memory = type("Memory", (), {"available": 100})
    monkeypatch.setattr("ganstudio.data.folder.psutil.virtual_memory", lambda: memory)
    with pytest.raises(DataError, match="of memory") as caught:
        read(tmp_path)
    assert "lower resolution" in caught.value.remedy
