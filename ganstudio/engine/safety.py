"""What keeps a run from being lost: the last good state, the watch for NaN, the batch that fits into memory."""

from __future__ import annotations

import time

import torch
from torch import Tensor

from ganstudio.catalog.resolve import smallest_batch
from ganstudio.core.messages import Advice, Change, Finding, Resume, RollBack, Save
from ganstudio.engine import devices
from ganstudio.training.checkpoint import Snapshot, restore, snapshot
from ganstudio.training.trainer import Trainer

GOOD_EVERY = 10.0
"""Seconds between two copies of the last good state."""


def first_bad_tensors(tensors: dict[str, Tensor]) -> list[str]:
    """Names of tensors that hold NaN or infinity; one transfer from the device."""
    floating = {name: t for name, t in tensors.items() if t.is_floating_point() and t.numel()}
    if not floating:
        return []
    finite = torch.stack([torch.isfinite(t).all() for t in floating.values()]).tolist()
    return [name for name, good in zip(floating, finite, strict=True) if not good]


class Safeguard:
    """Holds the newest state known to be finite."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self.good: Snapshot = snapshot(trainer, copy=True)
        self._taken = time.perf_counter()

    @property
    def good_step(self) -> int:
        """The step of the last good state."""
        return self.good.counters["steps"]

    def bad_tensors(self) -> list[str]:
        """Names of the tensors of the trainer's state that are not finite now."""
        state = snapshot(self.trainer)
        return first_bad_tensors(state.weights | state.optimizers)

    def keep_good(self) -> None:
        """Copy the state if the last copy is old and this one is finite."""
        if time.perf_counter() - self._taken >= GOOD_EVERY and not self.bad_tensors():
            self.take()

    def take(self) -> None:
        """Copy the state, which is known to be finite."""
        self.good = snapshot(self.trainer, copy=True)
        self._taken = time.perf_counter()

    def roll_back(self) -> None:
        """Return the trainer to the last good state."""
        restore(self.trainer, self.good)


def not_finite(guard: Safeguard, series: list[str], since: int) -> Finding:
    """The finding for a run whose numbers ceased to be numbers; names what went first."""
    trainer, bad = guard.trainer, guard.bad_tensors()
    gradients = {
        f"{name}.{key}.grad": p.grad
        for name, player in trainer.players.items()
        for key, p in player.net.named_parameters()
        if p.grad is not None
    }
    where = bad or first_bad_tensors(gradients) or series
    more = f" and {len(where) - 1} more" if len(where) > 1 else ""
    return Finding(
        kind="not-finite",
        severity="error",
        title="The numbers broke down (NaN or infinity)",
        text=f"Between step {since:,} and {trainer.step_count:,} {where[0]}{more} stopped being finite. "
        f"Training is paused; the state of step {guard.good_step:,} is safe. "
        "Most often a learning rate is too high.",
        step=trainer.step_count,
        series=tuple(series),
        since=since,
        advice=(
            Advice(f"Go back to step {guard.good_step:,} and halve the rates", (RollBack(0.5), Resume())),
        ),
    )


def fitting_batch(trainer: Trainer) -> int:
    """The largest batch of the form batch/2^k with which both players' updates fit into memory; 0 if none does.

    Runs forward and backward without an optimizer's step and puts back what that touches: buffers, what rules
    remember, and the meter.
    """
    buffers = [buffer for player in trainer.players.values() for buffer in player.net.buffers()]
    buffers += trainer.state.values()
    before = [buffer.clone() for buffer in buffers]
    batch = trainer.config.batch_size // 2
    try:
        while batch >= smallest_batch(trainer.config):
            if _fits(trainer, batch):
                return batch
            devices.release_memory(trainer.device)
            batch //= 2
    finally:
        for buffer, value in zip(buffers, before, strict=True):
            buffer.copy_(value)
        trainer.meter.clear()
    return 0


def _fits(trainer: Trainer, batch: int) -> bool:
    try:
        for phase in trainer.phases:
            trainer.gradients(phase, trainer.draw(phase, trainer.players[phase.player], batch))
    except (RuntimeError, MemoryError) as error:
        if not devices.is_out_of_memory(error):
            raise
        return False
    finally:
        for player in trainer.players.values():
            player.optimizer.zero_grad(set_to_none=True)
    return True


def out_of_memory(trainer: Trainer, batch: int) -> Finding:
    """The finding for a batch that does not fit; ``batch`` is one that does, or 0."""
    size = trainer.config.batch_size
    if batch:
        text = f"A batch of {size:,} does not fit; {batch:,} does. Nothing is lost: training is paused before the step."
        advice = (Advice(f"Go on with a batch of {batch:,}", (Change("batch_size", batch), Resume())),)
    else:
        text = "Even the smallest batch does not fit. Save the run, then build smaller networks or use another device."
        advice = (Advice("Save a checkpoint", (Save(),)),)
    return Finding("out-of-memory", "error", "Memory ran out", text, trainer.step_count, advice=advice)


def disk_trouble(trainer: Trainer, what: str, error: OSError) -> Finding:
    """The finding for a disk that is full or gone."""
    reason = error.strerror or str(error)
    return Finding(
        "disk",
        "error",
        f"The {what} could not be saved",
        f"The disk says: {reason}. Training is paused; what was saved before is untouched. "
        "Make room, then save again.",
        trainer.step_count,
        advice=(Advice("Save and go on", (Save(), Resume())), Advice("Go on without saving", (Resume(),))),
    )
