"""Files over a network that refuses, breaks off and lies: told, resumed, checked, never half used."""

from __future__ import annotations

import io
import tarfile
import threading
import zipfile
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import published
from support.downloads import FileServer, md5

from ganstudio.catalog.downloads import Mnist
from ganstudio.data import Cancelled, DataError, load
from ganstudio.data.downloads import downloads_folder, fetch, lock, unpack
from ganstudio.data.downloads.fetch import Damaged, RemoteFile, Unreachable

DATA = bytes(range(256)) * 40


@pytest.fixture
def server() -> Iterator[FileServer]:
    found = FileServer({"x.bin": DATA})
    yield found
    found.close()


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fetch, "CHUNK", 1000)


class Watcher:
    """Writes down what is told, and asks to stop after so many looks."""

    def __init__(self, stop_after: int = 10**9) -> None:
        self.told: list[tuple[str, float]] = []
        self.looks, self.stop_after = 0, stop_after

    def progress(self, what: str, done: float) -> None:
        self.told.append((what, done))

    def cancelled(self) -> bool:
        self.looks += 1
        return self.looks > self.stop_after


def pull(server: FileServer, folder: Path, watcher: Watcher | None = None, **changes: object) -> Path:
    watcher = watcher or Watcher()
    file = RemoteFile(**({"name": "x.bin", "md5": md5(DATA), "urls": (f"{server.url}x.bin",)} | changes))  # type: ignore[arg-type]
    return fetch.fetch(file, folder, watcher.progress, watcher.cancelled)


# ---------------------------------------------------------------- progress, cancel, resume


def test_progress_is_told_in_megabytes(server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fetch, "BETWEEN", 0.0)
    server.files["x.bin"] = DATA * 20
    watcher = Watcher()
    path = pull(server, tmp_path, watcher, md5=md5(DATA * 20))
    assert path.read_bytes() == DATA * 20 and path.name == "x.bin"
    loading = [entry for entry in watcher.told if entry[0].startswith("Downloading x.bin: ")]
    shares = [share for _, share in loading]
    assert len(shares) > 10 and shares == sorted(shares) and shares[-1] == 1.0
    assert loading[-1][0] == "Downloading x.bin: 0.2 of 0.2 MB"
    assert any(what.startswith("Checking x.bin") for what, _ in watcher.told)


def test_reports_come_ten_times_a_second_at_most(server: FileServer, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(fetch.time, "monotonic", lambda: 5.0)
    watcher = Watcher()
    pull(server, tmp_path, watcher)
    assert len(watcher.told) <= 5  # the first and the last of each activity


def test_cancelling_leaves_a_part_that_is_taken_up_again(server: FileServer, tmp_path: Path):
    with pytest.raises(Cancelled):
        pull(server, tmp_path, Watcher(stop_after=4))
    part = tmp_path / "x.bin.part"
    have = part.stat().st_size
    assert 0 < have < len(DATA) and not (tmp_path / "x.bin").exists()
    assert DATA.startswith(part.read_bytes())
    assert pull(server, tmp_path).read_bytes() == DATA
    assert server.asked == [("x.bin", ""), ("x.bin", f"bytes={have}-")]
    assert not part.exists()


def test_what_has_come_is_on_the_disk_at_once(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fetch, "BETWEEN", 0.0)
    seen: list[tuple[float, int]] = []

    def progress(what: str, done: float) -> None:
        part = tmp_path / "x.bin.part"
        if what.startswith("Downloading"):
            seen.append((done, part.stat().st_size))

    file = RemoteFile("x.bin", md5(DATA), (f"{server.url}x.bin",))
    fetch.fetch(file, tmp_path, progress, None)
    assert len(seen) > 2
    assert all(round(done * len(DATA)) == size for done, size in seen)


def test_a_server_that_sends_no_parts_starts_over(server: FileServer, tmp_path: Path):
    server.ranges = False
    (tmp_path / "x.bin.part").write_bytes(DATA[:5000])
    assert pull(server, tmp_path).read_bytes() == DATA


@given(
    breaks=st.lists(st.integers(1, 4000), max_size=4), ranges=st.booleans(), have=st.integers(0, len(DATA))
)
def test_wherever_it_breaks_off_the_file_comes_out_whole(
    tmp_path_factory, breaks: list[int], ranges: bool, have: int
):
    server = FileServer({"x.bin": DATA})
    server.ranges, server.breaks = ranges, sorted(breaks)
    folder = tmp_path_factory.mktemp("broken")
    (folder / "x.bin.part").write_bytes(DATA[:have])
    try:
        assert pull(server, folder).read_bytes() == DATA
    except Unreachable:
        # Without parts, an answer that is no longer than the one before brings nothing new: no endless loop.
        assert not ranges
    finally:
        server.close()


def test_a_connection_that_brings_nothing_is_given_up(server: FileServer, tmp_path: Path):
    server.breaks = [0] * 10
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1: the connection broke off"):
        pull(server, tmp_path)
    assert len(server.asked) == 1


def test_a_silent_server_is_given_up(server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fetch, "TIMEOUT", 0.1)
    release = threading.Event()
    monkeypatch.setattr(server, "body", lambda path: release.wait(10) and DATA)
    try:
        with pytest.raises(Unreachable, match="no answer in time"):
            pull(server, tmp_path)
    finally:
        release.set()


# ---------------------------------------------------------------- damage


def test_a_damaged_file_is_fetched_once_more(server: FileServer, tmp_path: Path):
    server.wrong = 1
    assert pull(server, tmp_path).read_bytes() == DATA
    assert len(server.asked) == 2


def test_a_file_that_stays_damaged_is_never_used(server: FileServer, tmp_path: Path):
    server.wrong = 5
    with pytest.raises(Damaged):
        pull(server, tmp_path)
    assert len(server.asked) == 2 and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("part", [DATA, DATA + b"more", b"\0" * len(DATA), b"\0" * 100], ids=len)
def test_whatever_part_lies_there_the_file_comes_out_right(server: FileServer, tmp_path: Path, part: bytes):
    (tmp_path / "x.bin.part").write_bytes(part)
    assert pull(server, tmp_path).read_bytes() == DATA


def test_another_part_than_the_one_asked_for_is_refused(server: FileServer, tmp_path: Path):
    (tmp_path / "x.bin.part").write_bytes(DATA[:100])
    server.shift = 50
    with pytest.raises(Unreachable, match="another part of the file"):
        pull(server, tmp_path)
    assert (tmp_path / "x.bin.part").read_bytes() == DATA[:100]


def test_a_full_disk_is_told_before_it_is_full(server: FileServer, tmp_path: Path, monkeypatch):
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(fetch.shutil, "disk_usage", lambda path: usage(1000))
    with pytest.raises(DataError, match=r"x\.bin needs 0 MB more on the disk, and 0 MB are free\. Make room"):
        pull(server, tmp_path)


# ---------------------------------------------------------------- servers that are not there


def test_the_next_mirror_is_tried(server: FileServer, tmp_path: Path):
    urls = (f"{server.url}gone.bin", f"{server.url}x.bin")
    assert pull(server, tmp_path, urls=urls).read_bytes() == DATA
    assert [path for path, _ in server.asked] == ["gone.bin", "x.bin"]


def test_a_missing_file_is_told_with_the_servers_answer(server: FileServer, tmp_path: Path):
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1: it answers 404 Not Found"):
        pull(server, tmp_path, urls=(f"{server.url}gone.bin",))


def test_offline_one_sentence_says_what_and_one_what_to_do(monkeypatch: pytest.MonkeyPatch):
    server = FileServer({})
    published.mnist("mnist").tell(monkeypatch, server.url)
    server.close()
    with pytest.raises(DataError) as caught:
        load(Mnist())
    folder = downloads_folder(Mnist())
    assert caught.value.problem.startswith("MNIST could not be downloaded: 127.0.0.1: connection refused")
    assert caught.value.remedy == (
        f"Connect to the network and try again, put train-images-idx3-ubyte.gz into {folder} by hand, or take "
        "data that needs no download (digits, shapes, glyphs or faces)."
    )


def test_a_name_that_nobody_knows_is_told(tmp_path: Path):
    file = RemoteFile("x.bin", "0" * 32, ("http://nowhere.invalid/x.bin",))
    with pytest.raises(Unreachable, match=r"nowhere\.invalid: "):
        fetch.fetch(file, tmp_path, None, None)


def test_a_wrong_checksum_is_told_through_the_door(server: FileServer, monkeypatch: pytest.MonkeyPatch):
    made = published.mnist("mnist")
    server.files |= made.files
    made.tell(monkeypatch, server.url)
    server.wrong = 2
    with pytest.raises(DataError, match=r"train-images-idx3-ubyte\.gz of MNIST arrived damaged twice"):
        load(Mnist())


def test_cancelling_through_the_door_keeps_what_has_come(server: FileServer, monkeypatch: pytest.MonkeyPatch):
    made = published.mnist("mnist")
    server.files |= made.files
    made.tell(monkeypatch, server.url)
    watcher = Watcher(stop_after=3)
    with pytest.raises(Cancelled):
        load(Mnist(), watcher.progress, watcher.cancelled)
    parts = list(downloads_folder(Mnist()).glob("*.part"))
    assert [part.name for part in parts] == ["train-images-idx3-ubyte.gz.part"]
    assert 0 < parts[0].stat().st_size < len(made.files["train-images-idx3-ubyte.gz"])
    load(Mnist())
    assert server.asked[1][1].startswith("bytes=")


def test_a_folder_that_cannot_be_written_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("GANSTUDIO_CACHE", str(tmp_path / "file"))
    with pytest.raises(DataError, match=r"MNIST cannot be kept in .*set GANSTUDIO_CACHE to another folder"):
        load(Mnist())


# ---------------------------------------------------------------- archives


def test_only_what_is_wanted_is_unpacked(tmp_path: Path):
    archive = tmp_path / "a.zip"
    archive.write_bytes(published.zipped({"a/1": b"one", "a/b/2": b"two", "c": b"three", "ab": b"four"}))
    unpack.unpack(archive, tmp_path / "to", ["a", "c"])
    found = {p.relative_to(tmp_path / "to").as_posix() for p in (tmp_path / "to").rglob("*") if p.is_file()}
    assert found == {"a/1", "a/b/2", "c"}


@pytest.mark.parametrize("name", ["../out", "/out", "a/../../out", "C:\\out", "a\\..\\..\\out"])
@pytest.mark.parametrize("make", [published.tar, published.zipped])
def test_no_path_leads_out(tmp_path: Path, name: str, make):
    archive = tmp_path / ("a.zip" if make is published.zipped else "a.tar.gz")
    archive.write_bytes(make({"a/fine": b"x", name: b"x"}))
    with pytest.raises(DataError, match="leads out of its folder"):
        unpack.unpack(archive, tmp_path / "to", ["a"])
    assert not (tmp_path / "out").exists()
    assert list((tmp_path / "to").iterdir()) == []


def test_links_in_archives_are_passed_over(tmp_path: Path):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as made:
        for name, kind in (
            ("a/link", tarfile.SYMTYPE),
            ("a/hard", tarfile.LNKTYPE),
            ("a/pipe", tarfile.FIFOTYPE),
        ):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            made.addfile(member)
        member = tarfile.TarInfo("a/file")
        made.addfile(member)
    (tmp_path / "a.tar.gz").write_bytes(buffer.getvalue())
    unpack.unpack(tmp_path / "a.tar.gz", tmp_path / "to", ["a"])
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as zipped:
        link = zipfile.ZipInfo("b/link")
        link.external_attr = 0o120777 << 16
        zipped.writestr(link, "/etc/passwd")
        zipped.writestr("b/file", "x")
    unpack.unpack(tmp_path / "b.zip", tmp_path / "to", ["b"])
    assert sorted(p.name for p in (tmp_path / "to").rglob("*") if not p.is_dir()) == ["file", "file"]


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz"])
def test_a_damaged_archive_is_told_and_leaves_nothing(tmp_path: Path, name: str):
    make = published.zipped if name.endswith("zip") else published.tar
    whole = make({"a/1": bytes(published.noise(200_000))})
    for cut in (10, len(whole) // 2):
        (tmp_path / name).write_bytes(whole[:cut])
        with pytest.raises(DataError, match="cannot be unpacked"):
            unpack.unpack(tmp_path / name, tmp_path / "to", ["a"])
        assert list((tmp_path / "to").iterdir()) == []


def test_what_an_archive_lacks_is_told(tmp_path: Path):
    (tmp_path / "a.zip").write_bytes(published.zipped({"a": b"x"}))
    with pytest.raises(DataError, match=r"a\.zip does not hold b"):
        unpack.unpack(tmp_path / "a.zip", tmp_path / "to", ["b"])


def test_unpacking_can_be_cancelled_and_keeps_what_was_there(tmp_path: Path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "old").write_bytes(b"old")
    (tmp_path / "a.zip").write_bytes(published.zipped({f"a/{i}": b"x" for i in range(50)}))
    watcher = Watcher(stop_after=20)
    with pytest.raises(Cancelled):
        unpack.unpack(tmp_path / "a.zip", tmp_path, ["a"], watcher.progress, watcher.cancelled)
    assert [p.name for p in (tmp_path / "a").iterdir()] == ["old"]
    unpack.unpack(tmp_path / "a.zip", tmp_path, ["a"], watcher.progress)
    assert len(list((tmp_path / "a").iterdir())) == 50


# ---------------------------------------------------------------- two at once


def test_only_one_fetches_into_a_folder_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lock, "BETWEEN", 0.01)
    waiting, entered = threading.Event(), threading.Event()

    def second() -> None:
        with lock.alone(tmp_path, lambda what, done: waiting.set(), None):
            entered.set()

    with lock.alone(tmp_path, None, None):
        thread = threading.Thread(target=second)
        thread.start()
        assert waiting.wait(10)
        assert not entered.is_set()
    assert entered.wait(10)
    thread.join()


def test_waiting_for_another_can_be_cancelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lock, "BETWEEN", 0.01)
    watcher = Watcher(stop_after=2)
    with (
        lock.alone(tmp_path, None, None),
        pytest.raises(Cancelled),
        lock.alone(tmp_path, watcher.progress, watcher.cancelled),
    ):
        pytest.fail("two at once")
    assert watcher.told[0][0].startswith("Waiting for another GAN Studio")
