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
from ganstudio.core.messages_beside import (
    FetchWeights,
    Measure,
    Measured,
    MeasureEnded,
    MeasureFailed,
    NotHere,
    Preview,
    Previewed,
    PreviewFailed,
    StopMeasuring,
    WeightsHere,
)
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
