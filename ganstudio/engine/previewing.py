"""What a data source holds, looked at for the gallery: some samples, how often each class occurs, what is left out."""

from __future__ import annotations

import os
import signal
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganstudio.catalog.downloads import Download
from ganstudio.core.messages import (
    NotHere,
    Preparing,
    Preview,
    Previewed,
    PreviewFailed,
    Quit,
    Ready,
    Refused,
)
from ganstudio.core.schema import Options
from ganstudio.data import Cancelled, DataError, Feed, ImageSet, load, make_feed
from ganstudio.data.downloads import absent_files, downloads_folder
from ganstudio.engine.ports import PipePort, Port

PICTURES, POINTS = 64, 1024
"""Samples that are shown."""
BYTES = 24 * 2**20
"""What all pictures of a preview may take: large ones come in smaller number."""
DRAWN = 2000
"""Samples in which the classes of endless data are counted."""
SEED = 0
"""Previews are the same every time."""


def run_previews(connection: Connection) -> None:
    """Serve one window until it quits or goes away. Nothing here needs saving, so the end comes at once."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    torch.set_num_threads(1)  # training goes on beside it
    port = PipePort(connection, on_lost=lambda: os._exit(0))
    port.send(Ready(("cpu",), str(torch.__version__)))
    PreviewSession(port).serve()


class PreviewSession:
    """Obeys one :class:`Preview` after the other; a waiting command ends the one that is being worked on."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self._next: Any = None

    def serve(self) -> None:
        """Until told to quit."""
        while True:
            command, self._next = self._next or self._port.wait(), None
            if isinstance(command, Quit):
                return
            if isinstance(command, Preview):
                self._preview(command)
            else:
                self._port.send(Refused(type(command).__name__, "this engine only shows data"))

    def _preview(self, command: Preview) -> None:
        data = command.data
        try:
            if isinstance(data, Download) and not command.fetch and (absent := absent_files(data)):
                self._port.send(NotHere(data, str(downloads_folder(data)), absent))
                return
            self._port.send(look(data, load(data, self._progress, self._stopped)))
        except Cancelled:
            return
        except DataError as error:
            self._port.send(PreviewFailed(data, error.problem, error.remedy))
        except Exception as error:  # whatever it is, the window is told and the next preview is served
            self._port.send(
                PreviewFailed(data, f"This data cannot be shown ({type(error).__name__}: {error}).")
            )

    def _progress(self, what: str, done: float) -> None:
        self._port.send(Preparing(what, done))

    def _stopped(self) -> bool:
        if self._next is None:
            self._next = self._port.poll()
        return self._next is not None


def look(data: Options, loaded: Any) -> Previewed:
    """The report about data that :func:`ganstudio.data.load` gave."""
    if isinstance(loaded, ImageSet):
        return _look_at_set(data, loaded)
    feed = make_feed(loaded, "cpu", SEED)
    shape = feed.shape
    count = POINTS if shape.kind == "points" else _fitting(shape.numel)
    x, labels = feed.batch(0, count)
    shown = feed.to_display(x)
    samples = shown.permute(0, 2, 3, 1) if shape.kind == "image" else shown
    names = feed.class_names or tuple(f"mode {number + 1}" for number in range(shape.classes))
    counts = _counted(feed, len(names))
    return Previewed(data, _array(samples), _labels(labels), names, counts, 0, sum(counts), loaded.summary)


def _look_at_set(data: Options, loaded: ImageSet) -> Previewed:
    picked = pick(loaded.labels, len(loaded), min(len(loaded), _fitting(loaded.shape.numel)))
    counts: tuple[int, ...] = ()
    if loaded.labels is not None:
        counts = tuple(torch.bincount(loaded.labels, minlength=len(loaded.class_names)).tolist())
    return Previewed(
        data,
        _array(loaded.images[picked].permute(0, 2, 3, 1)),
        _labels(None if loaded.labels is None else loaded.labels[picked]),
        loaded.class_names,
        counts,
        len(loaded),
        len(loaded),
        loaded.summary,
        loaded.unreadable,
    )


def _fitting(numel: int) -> int:
    return max(4, min(PICTURES, BYTES // numel))


def pick(labels: Tensor | None, length: int, count: int) -> Tensor:
    """``count`` different indices below ``length``, at random; with labels, one of each class in turn."""
    order = torch.randperm(length, generator=torch.Generator().manual_seed(SEED))
    if labels is None:
        return order[:count]
    by_class = torch.argsort(labels[order], stable=True)
    sizes = torch.bincount(labels)
    first = torch.repeat_interleave(torch.cumsum(sizes, 0) - sizes, sizes)
    turn = torch.arange(length) - first  # the how-manieth of its class each one is
    return order[by_class][torch.argsort(turn, stable=True)][:count]


def _counted(feed: Feed, classes: int) -> tuple[int, ...]:
    """How often each class occurs in :data:`DRAWN` samples; nothing where there are no classes."""
    labels = feed.random_labels(DRAWN, torch.Generator().manual_seed(SEED)) if classes else None
    return () if labels is None else tuple(torch.bincount(labels, minlength=classes).tolist())


def _array(x: Tensor) -> NDArray[Any]:
    return np.ascontiguousarray(x.numpy())


def _labels(labels: Tensor | None) -> NDArray[np.int64] | None:
    return None if labels is None else labels.numpy().astype(np.int64)
