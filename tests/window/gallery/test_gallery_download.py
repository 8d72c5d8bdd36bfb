"""A download from a real server by the real child, started, cancelled and taken up again in the gallery."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from support import published
from support.downloads import FileServer

from ganstudio.catalog.downloads import Mnist
from ganstudio.window.gallery.dialog import GalleryDialog

IMAGES = "train-images-idx3-ubyte.gz"


class SlowServer(FileServer):
    """Sends half of the pictures, then waits for ``go`` before the rest."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(files)
        self.go = threading.Event()

    def pause(self) -> None:
        self.go.wait(60)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[SlowServer]:
    made = SlowServer(dict(published.mnist("mnist").files))
    monkeypatch.setenv("MADE_MNIST", made.url)
    monkeypatch.setenv("GANSTUDIO_CACHE", str(tmp_path / "cache"))
    yield made
    made.go.set()
    made.close()


def test_a_download_is_cancelled_taken_up_again_and_shown(qtbot: QtBot, server: SlowServer, tmp_path: Path):
    gallery = GalleryDialog(Mnist(), target=published.serve_previews_of_mnist)
    gallery.show()
    stage = gallery.stage
    qtbot.waitUntil(lambda: stage.current() is stage.empty)
    assert "Not on this computer yet" in stage.empty.accessibleName()
    assert server.asked == []
    stage.empty.button.click()
    part = tmp_path / "cache" / "downloads" / "mnist" / f"{IMAGES}.part"
    half = len(server.files[IMAGES]) // 2
    qtbot.waitUntil(lambda: part.exists() and part.stat().st_size == half)
    qtbot.waitUntil(lambda: stage.busy.what.text().startswith(f"Downloading {IMAGES}"))
    stage.busy.cancel.click()
    assert "taken up again" in stage.empty.accessibleName()
    qtbot.waitUntil(lambda: gallery.worker.pid == 0)
    server.go.set()
    stage.empty.button.click()
    qtbot.waitUntil(lambda: gallery.found is not None)
    assert (IMAGES, f"bytes={half}-") in server.asked
    assert gallery.found is not None and gallery.found.total == 30
    assert gallery.bars.counts() == (3,) * 10
    gallery.reject()
