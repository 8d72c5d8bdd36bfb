"""All that a report tells of one run, read from its folder once and never changed."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from ganstudio.catalog.best import best_checkpoint, present
from ganstudio.catalog.recipe import Variant
from ganstudio.catalog.resolve import load
from ganstudio.catalog.variants import VARIANTS
from ganstudio.core.config import RunConfig
from ganstudio.core.marks import criterion
from ganstudio.core.measurement import Measurement
from ganstudio.core.runs import Metrics, RunFolder
from ganstudio.core.schema import ConfigError

Event = dict[str, Any]


class ReportError(Exception):
    """A report that cannot be made; the text is one sentence for a person."""


@dataclass(frozen=True, eq=False)
class ReportData:
    """One run as its folder tells it.

    ``facts`` is the table ``[run]`` of its config: versions, device, start. ``samples`` are steps with a saved grid,
    ``checkpoints`` steps with a checkpoint. ``training`` says that a process trains it while it is read,
    ``interrupted`` that its last training ended without a word.
    """

    folder: Path
    config: RunConfig
    facts: dict[str, Any]
    metrics: Metrics
    events: tuple[Event, ...]
    measurements: tuple[Measurement, ...]
    samples: tuple[int, ...]
    checkpoints: tuple[int, ...]
    training: bool = False
    interrupted: bool = False
    criterion: str = ""
    """The metric by which the run keeps its best checkpoint."""
    best: int | None = None
    """The checkpoint that ``--checkpoint best`` stands for."""
    present: tuple[Measurement, ...] = ()
    """The measurements whose checkpoint is still there with the weights that were measured."""

    @property
    def name(self) -> str:
        """The folder's name, by which other commands find the run."""
        return self.folder.name

    @property
    def variant(self) -> Variant:
        """The recipe it was trained by."""
        return VARIANTS[self.config.variant]

    @property
    def source(self) -> str:
        """The title of the data it learned."""
        return type(self.config.data).title or self.config.data.kind

    @property
    def step(self) -> int:
        """The last step that anything in the folder is about."""
        last = int(self.metrics.step[-1]) if len(self.metrics) else 0
        return max(last, *self.samples[-1:], *self.checkpoints[-1:], 0)

    @property
    def seconds(self) -> float:
        """Time spent training, as the last report has it; NaN where there is none."""
        return float(self.metrics.seconds[-1]) if len(self.metrics) else float("nan")

    @property
    def images(self) -> int:
        """Real images seen, as the last report has it."""
        return int(self.metrics.images[-1]) if len(self.metrics) else 0

    def picture(self, step: int) -> Path:
        """The PNG of the grid at a step."""
        return RunFolder(self.folder).sample_path(step)


def read_report(path: Path) -> ReportData:
    """All that a run's folder tells; raises :class:`ReportError` with what is wrong with it.

    A run without series, samples or measurements is a report with less in it: only the config must be there.
    """
    folder = RunFolder(path)
    if not path.is_dir():
        raise ReportError(f"There is no folder {path}.")
    if not folder.exists():
        raise ReportError(f"{path.name} is not a run: it has no run.toml.")
    try:
        config, measurements = load(folder.config_path), tuple(folder.evaluations())
        return ReportData(
            path.absolute(),
            config,
            _facts(folder.config_path),
            folder.metrics(),
            tuple(folder.events()),
            measurements,
            tuple(folder.sample_steps()),
            tuple(folder.checkpoint_steps()),
            folder.trainer() is not None,
            folder.interrupted(),
            criterion(folder) or config.measure.keep_best,
            best_checkpoint(folder),
            tuple(present(folder, measurements)),
        )
    except ConfigError as error:
        raise ReportError(f"The config of {path.name} cannot be used: {error}.") from None
    except OSError as error:
        raise ReportError(f"{path.name} cannot be read ({error.strerror or error}).") from None


def _facts(path: Path) -> dict[str, Any]:
    """What stands in ``[run]``; the file has been read as a config before, so that it is sound."""
    told: object = tomllib.loads(path.read_text("utf-8-sig")).get("run")
    return dict(cast("dict[str, Any]", told)) if isinstance(told, dict) else {}
