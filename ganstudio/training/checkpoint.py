"""Checkpoints: whole or not there, checked before they are believed, exact on resume.

A checkpoint is a folder with ``weights.safetensors`` (generator, discriminator, average), ``trainer.safetensors``
(optimizers) and ``state.json`` (config, counters, sizes and sha256 of the others). It is written beside its
place, synced and renamed. Nothing in it is unpickled or executed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save_file
from torch import Tensor

import ganstudio
from ganstudio.catalog.resolve import resolve
from ganstudio.core.config import RunConfig
from ganstudio.core.files import sync_file, sync_folder
from ganstudio.core.runs import RunFolder
from ganstudio.core.schema import ConfigError, to_table
from ganstudio.training.trainer import Trainer

SCHEMA = 1
FILES = ("weights.safetensors", "trainer.safetensors")
MAX_STATE_BYTES = 4 << 20
MAX_HEADER_BYTES = 64 << 20
Tensors = dict[str, Tensor]


class CheckpointError(RuntimeError):
    """A checkpoint that cannot be used: ``str(error)`` names it and says why."""


@dataclass(frozen=True)
class Snapshot:
    """The whole state of a trainer: tensors by name and counters. Equal snapshots train on equally."""

    weights: Tensors
    optimizers: Tensors
    counters: dict[str, int]


def snapshot(trainer: Trainer, copy: bool = False) -> Snapshot:
    """The trainer's state; with ``copy`` the tensors are clones that further training leaves alone."""
    weights: Tensors = {}
    optimizers: Tensors = {}
    for name, player in trainer.players.items():
        weights |= _prefixed(name, player.net.state_dict())
        optimizers |= _prefixed(name, _optimizer_tensors(trainer, name))
    weights |= _prefixed("average", trainer.average.net.state_dict())
    counters = {name: player.updates for name, player in trainer.players.items()} | {"images": trainer.images}
    if copy:
        weights = {name: tensor.clone() for name, tensor in weights.items()}
        optimizers = {name: tensor.clone() for name, tensor in optimizers.items()}
    return Snapshot(weights, optimizers, counters)


def _prefixed(prefix: str, tensors: Mapping[str, Any]) -> Tensors:
    return {
        f"{prefix}.{name}": tensor.detach() for name, tensor in tensors.items() if isinstance(tensor, Tensor)
    }


def _optimizer_tensors(trainer: Trainer, name: str) -> Tensors:
    player = trainer.players[name]
    found: Tensors = {}
    for parameter_name, parameter in player.net.named_parameters():
        for key, value in player.optimizer.state.get(parameter, {}).items():
            if isinstance(value, Tensor):
                found[f"{parameter_name}.{key}"] = value
    return found


@torch.no_grad()
def restore(trainer: Trainer, state: Snapshot) -> None:
    """Put a trainer into the state; raises :class:`CheckpointError` before touching it if anything does not fit."""
    targets = snapshot(trainer).weights
    _same_tensors(state.weights, targets)
    optimizers = {name: _optimizer_state(trainer, name, state.optimizers) for name in trainer.players}
    for name, tensor in targets.items():
        tensor.copy_(state.weights[name])
    for name, player in trainer.players.items():
        player.optimizer.state.clear()
        player.optimizer.state.update(optimizers[name])
        player.updates = state.counters[name]
    trainer.images = state.counters["images"]
    trainer.meter.clear()


def _same_tensors(found: Tensors, wanted: Tensors) -> None:
    for name in wanted.keys() ^ found.keys():
        raise CheckpointError(f"{name} is {'missing' if name in wanted else 'not part of this network'}")
    for name, tensor in wanted.items():
        if found[name].shape != tensor.shape or found[name].dtype != tensor.dtype:
            raise CheckpointError(
                f"{name} is {tuple(found[name].shape)} {found[name].dtype}, "
                f"the network needs {tuple(tensor.shape)} {tensor.dtype}"
            )


def _optimizer_state(trainer: Trainer, name: str, tensors: Tensors) -> dict[Tensor, dict[str, Tensor]]:
    """The optimizer's state for one player, checked against the shapes of its parameters."""
    parameters = dict(trainer.players[name].net.named_parameters())
    state: dict[Tensor, dict[str, Tensor]] = {}
    for full_name, tensor in tensors.items():
        player, _, rest = full_name.partition(".")
        if player != name:
            continue
        parameter_name, _, key = rest.rpartition(".")
        parameter = parameters.get(parameter_name)
        if parameter is None or (tensor.dim() > 0 and tensor.shape != parameter.shape):
            raise CheckpointError(f"optimizer state {full_name} does not fit the network")
        device = tensor.device if tensor.dim() == 0 and not _fused(trainer, name) else parameter.device
        value = tensor.to(device)
        if value.shape == parameter.shape:  # the optimizer needs the parameter's own memory layout
            value = torch.empty_like(parameter, dtype=value.dtype).copy_(value)
        state.setdefault(parameter, {})[key] = value.clone() if value is tensor else value
    return state


def _fused(trainer: Trainer, name: str) -> bool:
    return bool(trainer.players[name].optimizer.param_groups[0].get("fused"))


# ---------------------------------------------------------------- on the disk


def save(trainer: Trainer, run: RunFolder, seconds: float, keep: int = 0) -> Path:
    """Write the checkpoint of the current step; with ``keep`` remove all but that many of the newest.

    Raises ``OSError`` if the disk will not have it; every earlier checkpoint is then untouched.
    """
    place = run.checkpoint_path(trainer.step_count)
    run.checkpoints.mkdir(parents=True, exist_ok=True)
    clear_leftovers(run)
    beside = run.checkpoints / f".{place.name}.{os.getpid()}.tmp"
    try:
        beside.mkdir()
        _write(trainer, beside, seconds)
        _swap(beside, place)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    sync_folder(run.checkpoints)
    if keep:
        prune(run, keep)
    return place


def _write(trainer: Trainer, folder: Path, seconds: float) -> None:
    state = snapshot(trainer)
    _save_tensors(state.weights, folder / FILES[0])
    _save_tensors(state.optimizers, folder / FILES[1])
    record = {
        "schema": SCHEMA,
        "step": trainer.step_count,
        "counters": state.counters,
        "seconds": seconds,
        "random": {"kind": "counted", "seed": trainer.config.seed},
        "config": to_table(trainer.config),
        "files": {name: _seal(folder / name) for name in FILES},
        "versions": {"ganstudio": ganstudio.__version__, "torch": str(torch.__version__)},
        "device": str(trainer.device),
        "threads": torch.get_num_threads(),
    }
    with (folder / "state.json").open("w", encoding="utf-8") as file:
        json.dump(record, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)


def _save_tensors(tensors: Tensors, path: Path) -> None:
    try:
        save_file({name: tensor.cpu().contiguous() for name, tensor in tensors.items()}, path)
    except SafetensorError as error:  # safetensors tells a full disk by an error of its own
        raise OSError(f"{path.name}: {error}") from None
    sync_file(path)


def _seal(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def _swap(beside: Path, place: Path) -> None:
    """Rename into place. A checkpoint of the same step steps aside first and comes back if a crash intervenes."""
    old = place.parent / f".{place.name}.old"
    if place.exists():
        place.rename(old)
    beside.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def clear_leftovers(run: RunFolder) -> None:
    """Remove what a killed writer left; bring back a checkpoint that had stepped aside."""
    if not run.checkpoints.is_dir():
        return
    for item in run.checkpoints.iterdir():
        if item.name.startswith(".") and item.name.endswith(".old"):
            place = run.checkpoints / item.name[1:-4]
            if not place.exists():
                item.rename(place)
                continue
        if item.name.startswith(".") and item.suffix in (".old", ".tmp"):
            shutil.rmtree(item, ignore_errors=True)


def prune(run: RunFolder, keep: int) -> None:
    """Remove all but the newest ``keep`` checkpoints, except starred ones (a file ``starred`` inside)."""
    for step in run.checkpoint_steps()[:-keep]:
        folder = run.checkpoint_path(step)
        if not (folder / "starred").exists():
            doomed = folder.parent / f".{folder.name}.tmp"  # a half-removed checkpoint must not look whole
            with contextlib.suppress(OSError):
                folder.rename(doomed)
                shutil.rmtree(doomed)


@dataclass(frozen=True)
class Stored:
    """A checkpoint as read from the disk, checked."""

    step: int
    config: RunConfig
    seconds: float
    state: Snapshot
    path: Path
    threads: int = 0


def read(path: Path, weights_only: bool = False) -> Stored:
    """Read and check one checkpoint folder; :class:`CheckpointError` says what is wrong with it."""
    try:
        record = _read_state(path)
        config = resolve(record["config"], whole=True)
        counters = {
            name: _count(record["counters"][name]) for name in ("generator", "discriminator", "images")
        }
        weights = _read_tensors(path, FILES[0], record)
        optimizers = {} if weights_only else _read_tensors(path, FILES[1], record)
        state = Snapshot(weights, optimizers, counters)
        return Stored(
            counters["generator"],
            config,
            float(record["seconds"]),
            state,
            path,
            _count(record.get("threads", 0)),
        )
    except CheckpointError as error:
        raise CheckpointError(f"checkpoint {path.name}: {error}") from None
    except ConfigError as error:
        raise CheckpointError(f"checkpoint {path.name}: its config is not usable: {error}") from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CheckpointError(f"checkpoint {path.name}: state.json is damaged ({error})") from None
    except OSError as error:
        raise CheckpointError(f"checkpoint {path.name}: cannot be read ({error.strerror or error})") from None


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{value!r} is not a count")
    return value


def _read_state(path: Path) -> dict[str, Any]:
    file = path / "state.json"
    if not file.is_file():
        raise CheckpointError("state.json is missing")
    if file.stat().st_size > MAX_STATE_BYTES:
        raise CheckpointError("state.json is too large to be true")
    try:
        record = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        raise CheckpointError("state.json is not JSON") from None
    schema = record.get("schema") if isinstance(record, dict) else None
    if not isinstance(schema, int):
        raise CheckpointError("state.json does not say by which schema it was written")
    if schema != SCHEMA:
        by = (
            "a newer version of GAN Studio; update to read it"
            if schema > SCHEMA
            else "a version before the first"
        )
        raise CheckpointError(f"was written by {by} (schema {schema})")
    return record


def _read_tensors(path: Path, name: str, record: dict[str, Any]) -> Tensors:
    """The tensors of one file, after its size, checksum and header have been found in order."""
    file = path / name
    if not file.is_file():
        raise CheckpointError(f"{name} is missing")
    seal = record["files"][name]
    size = file.stat().st_size
    if size != seal["bytes"]:
        raise CheckpointError(
            f"{name} has {size:,} bytes instead of {int(seal['bytes']):,}: it was cut or changed"
        )
    data = file.read_bytes()
    if hashlib.sha256(data).hexdigest() != seal["sha256"]:
        raise CheckpointError(f"{name} is damaged: its checksum does not match")
    if int.from_bytes(data[:8], "little") > min(MAX_HEADER_BYTES, max(0, size - 8)):
        raise CheckpointError(f"{name} is damaged: its header claims an impossible size")
    try:
        return load(data)
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise CheckpointError(f"{name} is damaged: {error}") from None


def newest(run: RunFolder, step: int | None = None, weights_only: bool = False) -> tuple[Stored, list[str]]:
    """The newest whole checkpoint (or the one at ``step``), and what was wrong with newer ones passed over.

    Raises :class:`CheckpointError` if there is none; where the one asked for is damaged, names the one before.
    """
    clear = run.checkpoint_steps()
    if step is not None:
        return read(_existing(run, clear, step), weights_only), []
    problems: list[str] = []
    for candidate in reversed(clear):
        try:
            return read(run.checkpoint_path(candidate), weights_only), problems
        except CheckpointError as error:
            problems.append(str(error))
    if problems:
        raise CheckpointError("no checkpoint of this run is whole: " + "; ".join(problems))
    raise CheckpointError(f"{run.path.name} has no checkpoint yet")


def _existing(run: RunFolder, steps: list[int], step: int) -> Path:
    if step not in steps:
        there = ", ".join(str(s) for s in steps) or "none"
        raise CheckpointError(f"{run.path.name} has no checkpoint at step {step}; there are: {there}")
    return run.checkpoint_path(step)
