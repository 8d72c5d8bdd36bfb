"""What the gallery is told about data: by a session in a thread, and by a real child."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import psutil
import pytest
import torch
from PIL import Image
from support import published
from support.downloads import FileServer
from support.sessions import PATIENCE, ChildTalk, ThreadTalk
from support.tiny import tiny

from ganstudio.catalog.datasets import DATASETS, Dataset, Digits, Folder
from ganstudio.catalog.downloads import CelebA, Download, Mnist
from ganstudio.core import messages as m
from ganstudio.data.downloads import downloads_folder, fetch
from ganstudio.engine import previewing
from ganstudio.engine.launch import serve_previews

TESTS = Path(__file__).parent.parent
LOCAL = [name for name, cls in DATASETS.items() if name != "folder" and not issubclass(cls, Download)]


class PreviewTalk(ThreadTalk):
    """A preview session in a thread of this process."""

    def __init__(self) -> None:
        super().__init__(previewing.PreviewSession)

    def show(self, data: Dataset, fetch: bool = False) -> m.Previewed:
        place = self.mark()
        self.send(m.Preview(data, fetch))
        found = self.wait(m.Previewed | m.PreviewFailed | m.NotHere, after=place)  # type: ignore[arg-type]
        assert isinstance(found, m.Previewed), found
        assert found.data == data
        return found


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSTUDIO_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def previews() -> Iterator[PreviewTalk]:
    with closing(PreviewTalk()) as made:
        yield made


@pytest.fixture
def mnist(monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    made = published.mnist("mnist")
    server = FileServer(dict(made.files))
    made.tell(monkeypatch, server.url)
    yield server
    server.close()


# ---------------------------------------------------------------- what is shown


@pytest.mark.parametrize("name", LOCAL)
def test_every_source_without_a_download_can_be_shown(previews: PreviewTalk, name: str):
    data = DATASETS[name]()
    assert isinstance(data, Dataset)
    found = previews.show(data)
    assert len(found.class_names) == len(found.counts) == data.classes
    assert sum(found.counts) == (found.drawn if found.counts else 0)
    if data.data == "points":
        assert found.samples.dtype == np.float32 and found.samples.shape[0] == previewing.POINTS
    else:
        assert (
            found.samples.dtype == np.uint8 and found.samples.ndim == 4 and found.samples.shape[3] in (1, 3)
        )
    assert (found.labels is None) == (not found.counts)
    assert found.summary and found.skipped == ()


def test_counts_are_exact_where_the_data_ends(previews: PreviewTalk):
    from sklearn.datasets import load_digits

    found = previews.show(Digits())
    assert found.total == found.drawn == 1797
    assert found.counts == tuple(np.bincount(load_digits().target))


def test_endless_data_says_so(previews: PreviewTalk):
    found = previews.show(DATASETS["grid"]())  # type: ignore[arg-type]
    assert found.total == 0 and found.drawn == previewing.DRAWN
    assert max(found.counts) < 3 * min(found.counts)


def test_the_same_is_shown_every_time(previews: PreviewTalk):
    one, other = previews.show(Digits()), previews.show(Digits())
    assert np.array_equal(one.samples, other.samples)


def test_large_pictures_come_in_smaller_number(previews: PreviewTalk):
    found = previews.show(DATASETS["shapes"](resolution=1024))  # type: ignore[call-arg, arg-type]
    assert found.samples.shape[1:3] == (1024, 1024)
    assert found.samples.nbytes <= previewing.BYTES


def test_one_of_each_class_in_turn():
    labels = torch.tensor([0] * 50 + [1] * 3 + [2] * 20)
    picked = previewing.pick(labels, 73, 12)
    shown = labels[picked].tolist()
    assert shown == [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 2, 0]
    assert len(set(picked.tolist())) == 12
    everything = previewing.pick(labels, 73, 73)
    assert sorted(everything.tolist()) == list(range(73))
    assert len(set(previewing.pick(None, 100, 30).tolist())) == 30


def test_a_folder_tells_what_was_skipped_and_why(previews: PreviewTalk, tmp_path: Path):
    for name, count in (("cats", 5), ("dogs", 2)):
        (tmp_path / "mine" / name).mkdir(parents=True)
        for index in range(count):
            Image.new("RGB", (9, 7), (40 * index, 0, 200)).save(tmp_path / "mine" / name / f"{index}.png")
    (tmp_path / "mine" / "cats" / "broken.png").write_bytes(b"no picture")
    (tmp_path / "mine" / "dogs" / "empty.jpg").write_bytes(b"")
    found = previews.show(Folder(path=str(tmp_path / "mine"), resolution=8))
    assert found.class_names == ("cats", "dogs") and found.counts == (5, 2) and found.total == 7
    assert found.skipped == (
        "cats/broken.png: not a PNG, JPEG, WebP, BMP or GIF picture",
        "dogs/empty.jpg: the file is empty",
    )
    assert found.labels is not None and sorted(found.labels.tolist()) == [0] * 5 + [1] * 2


# ---------------------------------------------------------------- what cannot be shown


def test_a_folder_that_is_not_there_is_told(previews: PreviewTalk, tmp_path: Path):
    data = Folder(path=str(tmp_path / "gone"))
    previews.send(m.Preview(data))
    failed = previews.wait(m.PreviewFailed)
    assert failed.data == data and "There is no folder" in failed.problem and failed.remedy


def test_whatever_goes_wrong_the_next_preview_is_served(
    previews: PreviewTalk, monkeypatch: pytest.MonkeyPatch
):
    def broken(*args: object) -> None:
        raise ZeroDivisionError("no reason")

    with monkeypatch.context() as patch:
        patch.setattr(previewing, "load", broken)
        previews.send(m.Preview(Digits()))
        failed = previews.wait(m.PreviewFailed)
    assert failed.problem == "This data cannot be shown (ZeroDivisionError: no reason)."
    assert previews.show(Digits()).total == 1797


def test_other_commands_are_refused(previews: PreviewTalk):
    previews.send(m.Save())
    assert previews.wait(m.Refused) == m.Refused("Save", "this engine only shows data")


def test_an_engine_that_trains_shows_no_data(talk: ThreadTalk, folder: Path):
    talk.send(m.Preview(Digits()))
    assert talk.wait(m.Refused).command == "Preview"
    talk.begin(folder, tiny(steps=10**8))
    place = talk.mark()
    talk.send(m.Preview(Digits()))
    refused = talk.wait(m.Refused, after=place)
    assert refused == m.Refused("Preview", "this engine trains; data is shown by one of its own")
    talk.send(m.Stop(save=False))
    talk.end(place)


# ---------------------------------------------------------------- downloads


def test_nothing_is_downloaded_unasked(previews: PreviewTalk, mnist: FileServer):
    previews.send(m.Preview(Mnist()))
    found = previews.wait(m.NotHere)
    assert found.data == Mnist() and found.folder == str(downloads_folder(Mnist()))
    assert found.absent == ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")
    assert mnist.asked == []


def test_asked_for_it_is_downloaded_and_then_simply_there(previews: PreviewTalk, mnist: FileServer):
    found = previews.show(Mnist(), fetch=True)
    assert found.total == 30 and found.counts == (3,) * 10
    assert any("MB" in report.what for report in previews.all(m.Preparing))
    mnist.close()
    assert previews.show(Mnist()).total == 30


def test_celeba_names_the_files_to_fetch_by_hand(previews: PreviewTalk):
    previews.send(m.Preview(CelebA()))
    assert "img_align_celeba.zip" in previews.wait(m.NotHere).absent


def test_another_choice_ends_a_download_that_can_be_taken_up(
    previews: PreviewTalk, mnist: FileServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fetch, "CHUNK", 1000)
    began, release = threading.Event(), threading.Event()
    original = fetch.Ticker.tick

    def held(self: fetch.Ticker, done: int, total: int | None) -> None:
        original(self, done, total)
        if done > 2000 and not release.is_set():
            began.set()
            assert release.wait(PATIENCE)

    monkeypatch.setattr(fetch.Ticker, "tick", held)
    previews.send(m.Preview(Mnist(), fetch=True))
    assert began.wait(PATIENCE)
    previews.send(m.Preview(Digits()))
    release.set()
    assert previews.wait(m.Previewed).data == Digits()
    part = downloads_folder(Mnist()) / "train-images-idx3-ubyte.gz.part"
    have = part.stat().st_size
    assert 2000 < have < len(mnist.files["train-images-idx3-ubyte.gz"])
    assert previews.show(Mnist(), fetch=True).total == 30
    assert ("train-images-idx3-ubyte.gz", f"bytes={have}-") in mnist.asked


# ---------------------------------------------------------------- a real child


def test_a_child_shows_data_and_ends_at_once():
    talk = ChildTalk(serve_previews)
    try:
        talk.wait(m.Ready)
        talk.send(m.Preview(Digits()))
        assert talk.wait(m.Previewed).total == 1797
        talk.send(m.Preview(Mnist()))
        assert talk.wait(m.NotHere).data == Mnist()
    finally:
        talk.close()


PARENT = """
import sys, time
from ganstudio.catalog.datasets import Digits
from ganstudio.core import messages as m
from ganstudio.engine.launch import EngineProcess, serve_previews
if __name__ == "__main__":
    engine = EngineProcess(serve_previews)
    engine.send(m.Preview(Digits()))
    while not isinstance(engine.receive(), m.Previewed):
        pass
    print(engine.pid, flush=True)
    time.sleep(600)
"""


def test_a_killed_window_leaves_no_child(tmp_path: Path):
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    parent = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, cwd=TESTS.parent, text=True
    )
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait(PATIENCE)
    parent.stdout.close()
    psutil.wait_procs([child], timeout=PATIENCE)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE
