"""What crosses the doorway to the children beside training: those that look at data and those that measure.

They belong to :mod:`ganstudio.core.messages`, which has them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganstudio.core.measurement import Measurement
from ganstudio.core.schema import Options

# ---------------------------------------------------------------- commands


@dataclass(frozen=True)
class Preview:
    """Show what a data source holds (a child for previews only). Without ``fetch`` nothing is downloaded.

    ``data`` is a settings object of ``catalog.datasets``. A newer one ends the work for an older one.
    """

    data: Options
    fetch: bool = False


@dataclass(frozen=True)
class Measure:
    """Measure a run, or two folders of pictures (a child for measuring only).

    ``run`` is a run's folder, taken at ``checkpoint`` or its newest one; or ``folders`` are two folders of pictures,
    the second being what the first is compared with. No ``metrics`` (names of ``catalog.measures``) stand for all that
    suit and need no download; ``samples`` 0 is the usual number. Without ``fetch`` nothing is downloaded. ``number``
    comes back in the reports. A newer command ends the work for an older one. ``scheduled`` says that the run asked for
    it: no ``metrics`` then stand for those that do not take long, and the one that decides which checkpoint is best.
    """

    run: str = ""
    folders: tuple[str, str] | None = None
    metrics: tuple[str, ...] = ()
    samples: int = 0
    checkpoint: int | None = None
    seed: int = 0
    truncation: float = 1.0
    fetch: bool = False
    number: int = 0
    scheduled: bool = False


@dataclass(frozen=True)
class FetchWeights:
    """Bring the weights of a published ``network`` here (a child for measuring only).

    Answered with :class:`WeightsHere`.
    They are downloaded, or taken from the file ``path``; their checksum is looked at. A failure comes as
    :class:`MeasureFailed`, an end before the end as a cancelled :class:`MeasureEnded`.
    """

    network: str
    path: str = ""
    number: int = 0


@dataclass(frozen=True)
class StopMeasuring:
    """End the measuring that is going on; what has been measured stays."""


# ---------------------------------------------------------------- reports


@dataclass(frozen=True)
class Previewed:
    """What a data source holds: some samples, uint8 (N, H, W, C) or float32 points (N, D), and their labels (N,).

    ``counts`` says how often each of ``class_names`` occurs, in all ``total`` samples or, where the data is endless
    (``total`` 0), in ``drawn`` ones. ``skipped`` names files that are left out, each with the reason.
    """

    data: Options
    samples: NDArray[Any]
    labels: NDArray[np.int64] | None
    class_names: tuple[str, ...]
    counts: tuple[int, ...]
    total: int
    drawn: int
    summary: str
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotHere:
    """The data has to be downloaded first. ``folder`` is where its files belong, ``absent`` what they are called."""

    data: Options
    folder: str
    absent: tuple[str, ...]


@dataclass(frozen=True)
class PreviewFailed:
    """The data cannot be shown: what is wrong and what to do about it, one sentence each."""

    data: Options
    problem: str
    remedy: str = ""


@dataclass(frozen=True)
class Measured:
    """One number is there; it also stands in the run's ``evaluations.jsonl``."""

    number: int
    measurement: Measurement


@dataclass(frozen=True)
class WeightsHere:
    """The weights that were to be brought lie in ``path``."""

    number: int
    path: str


@dataclass(frozen=True)
class MeasureFailed:
    """It cannot be measured: what is wrong and what to do about it, one sentence each."""

    number: int
    problem: str
    remedy: str = ""


@dataclass(frozen=True)
class MeasureEnded:
    """All is measured, or (``cancelled``) it was ended before; ``problems`` were passed over on the way.

    ``best`` is the step of the checkpoint that is marked as the best from now on, where the run chose a metric for it.
    """

    number: int
    cancelled: bool = False
    problems: tuple[str, ...] = ()
    best: int | None = None
