"""Checkpoints: whole or not there, checked before they are believed, exact on resume.

A checkpoint is a folder with ``weights.safetensors`` (generator, discriminator, average), ``trainer.safetensors``
(optimizers, what rules remember) and ``state.json`` (config, counters, sizes and sha256 of the others). It is written
beside its place, synced and renamed. Nothing in it is unpickled or executed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save_file

import ganstudio
from ganstudio.catalog.resolve import resolve
from ganstudio.core.config import RunConfig
from ganstudio.core.files import sync_file, sync_folder
from ganstudio.core.marks import BEST, STAR, WAITING, let_go, prune, remove, weights_of
from ganstudio.core.runs import SCHEMA, RunFolder
from ganstudio.core.schema import ConfigError, to_table
from ganstudio.core.sealed import seal_of
from ganstudio.core.shapes import DataShape
from ganstudio.training.state import CheckpointError, Snapshot, Tensors, restore, snapshot
from ganstudio.training.trainer import Trainer

__all__ = [
    "CheckpointError", "Snapshot", "Stored", "clear_leftovers", "newest", "prune", "read", "restore", "save", "seal_of",
    "snapshot",
]  # fmt: skip

FILES = ("weights.safetensors", "trainer.safetensors")
MAX_STATE_BYTES = 4 << 20
MAX_HEADER_BYTES = 64 << 20
MAX_SIDE = 1 << 20


# ---------------------------------------------------------------- on the disk


def save(trainer: Trainer, run: RunFolder, seconds: float, keep: int = 0, due: bool = False) -> Path:
    """Write the checkpoint of the current step; with ``keep`` remove all but that many of the newest.

    One that is ``due`` waits to be measured from its first moment on, in place of those that waited before.
    Later ones come from a course that was abandoned by going back: they are removed, too, or the next resume
    would take one of them. Starred ones stay in any case. Raises ``OSError`` if the disk will not have it; every
    earlier checkpoint is then untouched.
    """
    place = run.checkpoint_path(trainer.step_count)
    run.checkpoints.mkdir(parents=True, exist_ok=True)
    clear_leftovers(run)
    beside = run.checkpoints / f".{place.name}.{os.getpid()}.tmp"
    try:
        beside.mkdir()
        _write(trainer, beside, seconds)
        if due:
            (beside / WAITING).touch()
        _swap(beside, place, run)
    except BaseException:
        with contextlib.suppress(OSError):
            clear_leftovers(run)
        raise
    sync_folder(run.checkpoints)
    remove(run, [step for step in run.checkpoint_steps() if step > trainer.step_count], (STAR,))
    if due:
        let_go(run, before=trainer.step_count)
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
        "shape": asdict(trainer.feed.shape),
        "class_names": list(trainer.feed.class_names),
        "seconds": seconds,
        "random": {"kind": "counted", "seed": trainer.config.seed},
        "config": to_table(trainer.config),
        "files": {name: _seal(folder / name) for name in FILES},
        "versions": {"ganstudio": ganstudio.__version__, "torch": str(torch.__version__)},
        "device": str(trainer.device),
        "threads": torch.get_num_threads(),
    }
    with (folder / "state.json").open("w", encoding="utf-8") as file:
        json.dump(record | {"seal": seal_of(record)}, file, indent=1)
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


def _swap(beside: Path, place: Path, run: RunFolder) -> None:
    """Rename into place. A checkpoint of the same step steps aside first and comes back if a crash intervenes.

    Its star goes over to the new one. That it is the best, or waits to be measured, does so only for the same weights.
    """
    old = place.parent / f".{place.name}.old"
    if place.exists():
        same = weights_of(run, int(place.name)) == _seal(beside / FILES[0])["sha256"]
        for mark in (STAR, BEST, WAITING) if same else (STAR,):
            if (place / mark).exists():
                (beside / mark).touch()
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


@dataclass(frozen=True)
class Stored:
    """A checkpoint as read from the disk, checked."""

    step: int
    config: RunConfig
    seconds: float
    state: Snapshot
    path: Path
    shape: DataShape
    class_names: tuple[str, ...] = ()
    threads: int = 0
    weights: str = ""
    """SHA-256 of the file of weights."""


def read(path: Path, weights_only: bool = False) -> Stored:
    """Read and check one checkpoint folder; :class:`CheckpointError` says what is wrong with it."""
    try:
        record = _read_state(path)
        config = resolve(record["config"], whole=True)
        counters = {
            name: _count(record["counters"][name])
            for name in ("generator", "discriminator", "images", "steps")
        }
        weights = _read_tensors(path, FILES[0], record)
        optimizers = {} if weights_only else _read_tensors(path, FILES[1], record)
        state = Snapshot(weights, optimizers, counters)
        return Stored(
            counters["steps"],
            config,
            _duration(record["seconds"]),
            state,
            path,
            _shape(record["shape"]),
            tuple(str(name) for name in record["class_names"]),
            _count(record.get("threads", 0)),
            str(record["files"][FILES[0]]["sha256"]),
        )
    except CheckpointError as error:
        raise CheckpointError(f"checkpoint {path.name}: {error}") from None
    except ConfigError as error:
        raise CheckpointError(f"checkpoint {path.name}: its config is not usable: {error}") from None
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise CheckpointError(f"checkpoint {path.name}: state.json is damaged ({error})") from None
    except OSError as error:
        raise CheckpointError(f"checkpoint {path.name}: cannot be read ({error.strerror or error})") from None


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        raise ValueError(f"{str(value)[:40]} is not a count")
    return value


def _shape(value: dict[str, Any]) -> DataShape:
    sizes = {name: _count(value[name]) for name in ("channels", "height", "width", "classes")}
    if value["kind"] not in ("image", "points") or max(sizes.values()) > MAX_SIDE:
        raise ValueError("the shape of a sample makes no sense")
    return DataShape(value["kind"], **sizes)


def _duration(value: Any) -> float:
    if not isinstance(value, int | float) or not 0 <= float(value) < float("inf"):
        raise ValueError(f"{str(value)[:40]} is not a number of seconds")
    return float(value)


def _read_state(path: Path) -> dict[str, Any]:
    file = path / "state.json"
    if not file.is_file():
        raise CheckpointError("state.json is missing")
    if file.stat().st_size > MAX_STATE_BYTES:
        raise CheckpointError("state.json is too large to be true")
    try:
        record = json.loads(file.read_bytes())
        seal = seal_of(record) if isinstance(record, dict) else ""
    except (ValueError, RecursionError):
        raise CheckpointError("state.json is not JSON") from None
    schema = record.get("schema") if isinstance(record, dict) else None
    if not isinstance(schema, int) or isinstance(schema, bool):
        raise CheckpointError("state.json does not say by which schema it was written")
    if schema != SCHEMA:
        by = (
            "a newer version of GAN Studio; update to read it"
            if schema > SCHEMA
            else "an earlier version of GAN Studio whose networks had other layers; train the run anew"
        )
        raise CheckpointError(f"was written by {by} (schema {schema})")
    if record.get("seal") != seal:
        raise CheckpointError("state.json is damaged: its checksum does not match")
    return record


def _read_tensors(path: Path, name: str, record: dict[str, Any]) -> Tensors:
    """The tensors of one file, after its size, checksum and header have been found in order."""
    file = path / name
    if not file.is_file():
        raise CheckpointError(f"{name} is missing")
    seal = record["files"][name]
    size, wanted = file.stat().st_size, _count(seal["bytes"])
    if size != wanted:
        raise CheckpointError(f"{name} has {size:,} bytes instead of {wanted:,}: it was cut or changed")
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
    steps = run.checkpoint_steps()
    if step is not None:
        return _asked_for(run, steps, step, weights_only), []
    problems: list[str] = []
    for candidate in reversed(steps):
        try:
            return read(run.checkpoint_path(candidate), weights_only), problems
        except CheckpointError as error:
            problems.append(str(error))
    if problems:
        raise CheckpointError("no checkpoint of this run is whole: " + "; ".join(problems))
    raise CheckpointError(f"{run.path.name} has no checkpoint yet")


def _asked_for(run: RunFolder, steps: list[int], step: int, weights_only: bool) -> Stored:
    if step not in steps:
        there = ", ".join(str(s) for s in steps) or "none"
        raise CheckpointError(f"{run.path.name} has no checkpoint at step {step}; there are: {there}")
    try:
        return read(run.checkpoint_path(step), weights_only)
    except CheckpointError as error:
        raise CheckpointError(f"{error}{_one_before(run, steps, step, weights_only)}") from None


def _one_before(run: RunFolder, steps: list[int], step: int, weights_only: bool) -> str:
    """A hint at the newest whole checkpoint before ``step``, or nothing where there is none."""
    for candidate in reversed([s for s in steps if s < step]):
        with contextlib.suppress(CheckpointError):
            return f"; the one before it is at step {read(run.checkpoint_path(candidate), weights_only).step}"
    return ""
