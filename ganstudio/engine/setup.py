"""From a ``Begin`` to everything a run needs: data, device, trainer, folder. All that can be wrong is said here."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

import ganstudio
from ganstudio.catalog.resolve import change, check_labels
from ganstudio.catalog.resolve import load as load_config
from ganstudio.core.config import RunConfig, dump_toml
from ganstudio.core.files import remove_leftovers
from ganstudio.core.messages import Begin
from ganstudio.core.runs import RunBusyError, RunFolder, timestamp
from ganstudio.core.schema import ConfigError
from ganstudio.data import Cancelled, Data, DataError, ImageSet, load, make_feed
from ganstudio.data.held_out import hold_out
from ganstudio.engine import devices
from ganstudio.engine.launch import compute_threads
from ganstudio.engine.stopwatch import Stopwatch
from ganstudio.training import checkpoint
from ganstudio.training.checkpoint import CheckpointError, Stored
from ganstudio.training.trainer import Trainer

Progress = Callable[[str, float], None]


class SetupError(RuntimeError):
    """A run that cannot begin: what is wrong, what to do, and the config key where it is one."""

    def __init__(self, problem: str, remedy: str = "", key: str = "") -> None:
        super().__init__(problem)
        self.problem, self.remedy, self.key = problem, remedy, key


@dataclass
class Run:
    """A run that is ready to train."""

    folder: RunFolder
    trainer: Trainer
    data: Data
    watch: Stopwatch
    resumed: bool
    warnings: tuple[str, ...]
    held_out: Tensor | None = None
    """Real pictures that training never sees, as networks see them."""

    @property
    def seconds(self) -> float:
        """Training time so far, pauses left out."""
        return self.watch.seconds


def prepare(begin: Begin, progress: Progress, cancelled: Callable[[], bool]) -> Run:
    """Set up what ``begin`` asks for; raises :class:`SetupError` or ``Cancelled`` and leaves no claim behind."""
    folder = RunFolder(Path(begin.folder))
    try:
        stored, warnings = _stored(begin, folder)
        config = _config(begin, folder, stored)
        set_threads(config, begin.window, stored)
        device = devices.choose(config.compute.device)
        if config.compute.precision == "bf16" and device.type != "cuda":
            raise ConfigError("compute.precision", "bf16 needs a CUDA device; take fp32 here")
        set_determinism(config)
        data, held_out = _data(config, progress, cancelled)
        check_labels(config, data.shape.classes)
        trainer = Trainer(config, make_feed(data, device, config.seed), device)
        if stored is not None:
            _restore(trainer, stored)
        _open(folder, trainer, begin)
    except ConfigError as error:
        raise SetupError(str(error), key=error.key) from error
    except DataError as error:
        raise SetupError(error.problem, error.remedy, "data") from error
    except devices.DeviceError as error:
        raise SetupError(str(error), "Choose another device.", "compute.device") from error
    except CheckpointError as error:
        raise SetupError(str(error), "Choose another checkpoint, or start the run anew.") from error
    except RunBusyError as error:
        raise SetupError(str(error), "Stop it there first.") from error
    except FileExistsError as error:
        raise SetupError(str(error), "Choose another folder, or resume the run.") from error
    except Cancelled:
        raise
    except OSError as error:
        raise SetupError(f"{folder.path} cannot be written ({error.strerror or error})") from error
    watch = Stopwatch(stored.seconds if stored else 0.0)
    kept = None if held_out is None else held_out.to(device)
    return Run(folder, trainer, data, watch, stored is not None, tuple(warnings), kept)


def _data(config: RunConfig, progress: Progress, cancelled: Callable[[], bool]) -> tuple[Data, Tensor | None]:
    """What the run trains on, and what it never sees."""
    data = load(config.data, progress, cancelled)
    if not isinstance(data, ImageSet) or not config.held_out:
        return data, None
    return hold_out(data, config.held_out, config.seed)


def _restore(trainer: Trainer, stored: Stored) -> None:
    try:
        checkpoint.restore(trainer, stored.state)
    except CheckpointError as error:
        raise CheckpointError(f"checkpoint {stored.path.name}: {error}") from None


def _stored(begin: Begin, folder: RunFolder) -> tuple[Stored | None, list[str]]:
    if not begin.resume:
        return None, []
    if not folder.exists():
        raise SetupError(f"{folder.path} is not a run: it has no run.toml")
    if folder.trainer() not in (None, os.getpid()):
        raise RunBusyError(f"{folder.path} is being trained by another process ({folder.trainer()})")
    checkpoint.clear_leftovers(folder)
    for place in (folder.path, folder.samples, folder.live):
        remove_leftovers(place)
    if not folder.checkpoint_steps():
        return None, ["The run has no checkpoint yet: it starts from the beginning."]
    stored, problems = checkpoint.newest(folder, begin.checkpoint)
    return stored, [f"Passed over a damaged checkpoint: {problem}." for problem in problems]


def _config(begin: Begin, folder: RunFolder, stored: Stored | None) -> RunConfig:
    config = stored.config if stored else begin.config
    if config is None:
        config = load_config(folder.config_path)
    if begin.device:
        config = replace(config, compute=replace(config.compute, device=begin.device))
    return change(config, "steps", begin.steps) if begin.steps is not None else config


def set_threads(config: RunConfig, window: bool, stored: Stored | None) -> None:
    """Threads for training. A resumed run keeps the number it had: sums come out the same bit for bit."""
    chosen = config.compute.threads or compute_threads(window)
    if stored is not None and not config.compute.threads and stored.threads:
        chosen = min(stored.threads, compute_threads(window=False))
    torch.set_num_threads(chosen)


def set_determinism(config: RunConfig) -> None:
    """Only deterministic kernels if asked for; otherwise let cuDNN choose the fastest."""
    torch.use_deterministic_algorithms(config.compute.deterministic)
    torch.backends.cudnn.benchmark = not config.compute.deterministic


def _open(folder: RunFolder, trainer: Trainer, begin: Begin) -> None:
    """Make or claim the folder. The device is written down as the person reads it."""
    if not begin.resume:
        folder.create(dump_toml(trainer.config, {"run": run_facts(trainer)}))
    folder.claim()


def run_facts(trainer: Trainer) -> dict[str, object]:
    """What a run's file says beside its config."""
    return {
        "schema": checkpoint.SCHEMA,
        "started": timestamp(),
        "ganstudio": ganstudio.__version__,
        "torch": str(torch.__version__),
        "device": devices.describe(trainer.device),
        "processor": devices.processor(),
    }
