"""All that crosses the doorway between window and engine: small frozen records, plain data and numpy only.

Commands go to the engine, reports come from it. A report about training carries ``step``, the generator
updates done so far.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganstudio.core.config import RunConfig
from ganstudio.core.lifecycle import State
from ganstudio.core.measurement import Measurement
from ganstudio.core.schema import Options
from ganstudio.core.shapes import DataShape

# ---------------------------------------------------------------- commands


@dataclass(frozen=True)
class Begin:
    """Start a run in ``folder`` (made if needed), or go on with the one that is there.

    With ``resume`` the folder's newest whole checkpoint (or the one at ``checkpoint``) is taken and ``config``
    may be ``None``. ``window`` says that a window is open beside it, which wants a core and live pictures.
    ``steps`` and ``device``, where given, replace what the config says.
    """

    folder: str
    config: RunConfig | None = None
    resume: bool = False
    checkpoint: int | None = None
    steps: int | None = None
    paused: bool = False
    window: bool = True
    device: str = ""


@dataclass(frozen=True)
class Pause:
    """Stop between two steps and wait."""


@dataclass(frozen=True)
class Resume:
    """Go on after a pause."""


@dataclass(frozen=True)
class Step:
    """Do one step and pause; with ``player`` only that player's half ("generator" or "discriminator")."""

    player: str = ""


@dataclass(frozen=True)
class Change:
    """Set one live setting, from the next step on. ``key`` is dotted, as in the config.

    ``stabilizers.<kind>`` switches a stabilizer: off with ``False``, on with ``True`` or a table of its settings.
    """

    key: str
    value: Any


@dataclass(frozen=True)
class Look:
    """Show samples with some of their codes set; training and saved grids stay as they are.

    ``codes`` holds the latent's categorical codes (from 0 on), then its continuous ones (-1 to 1); ``None`` leaves
    one as it was drawn, and no codes at all leave every one. ``label`` shows samples of one class only.
    """

    codes: tuple[float | None, ...] = ()
    label: int | None = None


@dataclass(frozen=True)
class Save:
    """Write a checkpoint now; one that is to be measured is kept until it is, and told by :class:`Due`."""

    measure: bool = False


@dataclass(frozen=True)
class RollBack:
    """Return to the last good state and multiply both learning rates by ``factor``; stays paused."""

    factor: float = 0.5


@dataclass(frozen=True)
class Stop:
    """End the run, with a checkpoint unless ``save`` is false."""

    save: bool = True


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


@dataclass(frozen=True)
class Quit:
    """End the engine's process."""


Command = (
    Begin
    | Pause
    | Resume
    | Step
    | Change
    | Look
    | Save
    | RollBack
    | Stop
    | Preview
    | Measure
    | FetchWeights
    | StopMeasuring
    | Quit
)

# ---------------------------------------------------------------- reports


@dataclass(frozen=True)
class Ready:
    """The engine has imported and warmed up what it needs; ``devices`` are those it can train on."""

    devices: tuple[str, ...]
    torch_version: str


@dataclass(frozen=True)
class Started:
    """A run is set up. ``device`` is a name for people, such as "CPU, 1 thread" or "NVIDIA H200"."""

    folder: str
    config: RunConfig
    shape: DataShape
    class_names: tuple[str, ...]
    step: int
    device: str
    data_summary: str
    parameters: tuple[int, int]


@dataclass(frozen=True)
class StateChanged:
    """The run's life has moved on; see :mod:`ganstudio.core.lifecycle`."""

    state: State
    step: int


@dataclass(frozen=True)
class Preparing:
    """Long work before or beside training, with ``done`` from 0 to 1 (negative: unknown)."""

    what: str
    done: float


@dataclass(frozen=True)
class Scalars:
    """One report of the training: named values averaged over the steps since the last one.

    ``seconds`` is training time (pauses do not count), ``images`` real images seen so far. ``memory`` is the
    device memory in use, or the process's on a CPU, in bytes.
    """

    step: int
    images: int
    seconds: float
    values: dict[str, float]
    memory: int = 0


@dataclass(frozen=True)
class Scores:
    """What the discriminator just said: probabilities where the objective has them, raw scores otherwise."""

    step: int
    real: NDArray[np.float32]
    fake: NDArray[np.float32]
    probability: bool


@dataclass(frozen=True)
class Picture:
    """The grid of samples at fixed seeds: uint8, (N, H, W, C), values 0 to 255. ``saved`` tells that a file exists.

    ``columns`` 0 means as square as can be; ``rows`` are the names of the rows of a conditional run.
    """

    step: int
    images: NDArray[np.uint8]
    saved: bool
    columns: int = 0
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cloud:
    """Generated and real points in the data's own units: float32, (N, 1) or (N, 2)."""

    step: int
    generated: NDArray[np.float32]
    real: NDArray[np.float32]
    saved: bool


@dataclass(frozen=True)
class RealSamples:
    """Some real samples, shown beside the generated ones: uint8 (N, H, W, C), or float32 points (N, D)."""

    images: NDArray[Any]


@dataclass(frozen=True)
class Density:
    """The exact density of one-dimensional data: ``p`` at ``x``, both float32 of the same length."""

    x: NDArray[np.float32]
    p: NDArray[np.float32]


@dataclass(frozen=True)
class Changed:
    """A live setting took effect at ``step``; ``old`` and ``new`` are config values."""

    step: int
    key: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Refused:
    """A command that could not be obeyed, with the reason in one sentence."""

    command: str
    reason: str


@dataclass(frozen=True)
class Saved:
    """A checkpoint stands on the disk."""

    step: int
    seconds: float


@dataclass(frozen=True)
class Due:
    """The checkpoint at ``step`` stands on the disk and waits to be measured; it is kept until then."""

    step: int


@dataclass(frozen=True)
class Advice:
    """Something a person can do about a finding: a label for the button and the commands it sends."""

    label: str
    commands: tuple[Command, ...]


@dataclass(frozen=True)
class Finding:
    """Something worth saying about the run. ``severity`` is "note", "warning" or "error"; ``series`` and
    ``since`` are the evidence: scalar names and the step from which on they show it."""

    kind: str
    severity: str
    title: str
    text: str
    step: int
    series: tuple[str, ...] = ()
    since: int = 0
    advice: tuple[Advice, ...] = ()


@dataclass(frozen=True)
class Healed:
    """The finding of this kind no longer holds."""

    kind: str
    step: int


@dataclass(frozen=True)
class Failed:
    """The run cannot go on. ``problem`` is one sentence for a person; ``detail`` is for a bug report."""

    problem: str
    remedy: str = ""
    detail: str = ""
    step: int = 0
    key: str = ""


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


@dataclass(frozen=True)
class Finished:
    """The run ended in order, at its last step or because it was asked to stop."""

    step: int
    seconds: float
    folder: str
    reason: str = "done"
    summary: dict[str, float] = field(default_factory=dict[str, float])


Report = (
    Ready
    | Started
    | StateChanged
    | Preparing
    | Scalars
    | Scores
    | Picture
    | Cloud
    | RealSamples
    | Density
    | Changed
    | Refused
    | Saved
    | Due
    | Finding
    | Healed
    | Previewed
    | NotHere
    | PreviewFailed
    | Measured
    | WeightsHere
    | MeasureFailed
    | MeasureEnded
    | Failed
    | Finished
)
