"""A child that answers previews without torch: quick to start, and wicked on request.

What it does is told by the data: a folder called "hang" is never answered, at "crash" the process dies, "broken"
fails; downloads are absent until they are fetched, which tells its progress and then waits at "svhn" for ever.
"""

from __future__ import annotations

import os
import time
from multiprocessing.connection import Connection

import numpy as np

from ganstudio.catalog.datasets import Dataset, Folder
from ganstudio.catalog.downloads import CelebA, Download, Svhn
from ganstudio.core import messages as m


def serve(pipe: Connection) -> None:
    """Serve until told to quit or until the window has gone."""
    pipe.send(m.Ready(("cpu",), "0"))
    fetched: set[str] = set()
    try:
        while not isinstance(command := pipe.recv(), m.Quit):
            assert isinstance(command, m.Preview)
            answer(pipe, command, fetched)
    except (EOFError, BrokenPipeError):
        return


def answer(pipe: Connection, command: m.Preview, fetched: set[str]) -> None:
    """One preview."""
    data = command.data
    assert isinstance(data, Dataset)
    name = os.path.basename(data.path) if isinstance(data, Folder) else ""  # noqa: PTH119
    if name == "crash":
        os._exit(9)
    if name == "hang":
        pipe.send(m.Preparing("Reading pictures", 0.25))
        time.sleep(600)
    if name == "broken":
        pipe.send(m.PreviewFailed(data, "The folder is broken.", "Choose another."))
        return
    if isinstance(data, Download) and data.kind not in fetched:
        if not command.fetch:
            names = ("a.zip", "b.txt") if isinstance(data, CelebA) else ("a.gz",)
            pipe.send(m.NotHere(data, "/the/folder", names))
            return
        pipe.send(m.Preparing("Downloading a.gz: 1.0 of 4.0 MB", 0.25))
        if isinstance(data, Svhn):
            time.sleep(600)
        fetched.add(data.kind)
    pipe.send(shown(data, ("cats/1.png: the file is empty",) if name == "some" else ()))


def shown(data: Dataset, skipped: tuple[str, ...]) -> m.Previewed:
    """Samples that are all of one colour, two classes."""
    if data.data == "points":
        points = np.random.default_rng(0).normal(size=(64, 2)).astype(np.float32)
        return m.Previewed(data, points, None, (), (), 0, 0, "endless 2-D points")
    pictures = np.full((6, 8, 8, 3), 90, np.uint8)
    labels = np.array([0, 1, 0, 1, 0, 1])
    return m.Previewed(data, pictures, labels, ("cats", "dogs"), (30, 10), 40, 40, "40 images", skipped)
