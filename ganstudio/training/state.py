"""The whole state of a trainer as tensors and counters: taken, checked, put back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ganstudio.training.optimizers import STATE_KEYS
from ganstudio.training.trainer import Player, Trainer

Tensors = dict[str, Tensor]
RULE = "rule"
"""The prefix of what rules and objective remember."""


class CheckpointError(RuntimeError):
    """A checkpoint that cannot be used: ``str(error)`` names it and says why."""


@dataclass(frozen=True)
class Snapshot:
    """The whole state of a trainer: tensors by name and counters. Equal snapshots train on equally.

    ``optimizers`` also holds, as ``rule.<owner>.<name>``, what rules and objective remember.
    """

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
    optimizers |= _prefixed(RULE, trainer.state)
    counters = {name: player.updates for name, player in trainer.players.items()}
    counters |= {"images": trainer.images, "steps": trainer.step_count}
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
    remembered = _prefixed(RULE, trainer.state)
    _same_tensors({n: t for n, t in state.optimizers.items() if n.startswith(f"{RULE}.")}, remembered)
    optimizers = {
        name: _optimizer_state(trainer, name, state.optimizers, state.counters[name])
        for name in trainer.players
    }
    _owned(state.optimizers, trainer)
    for name, tensor in targets.items():
        tensor.copy_(state.weights[name])
    for name, tensor in remembered.items():
        tensor.copy_(state.optimizers[name])
    for name, player in trainer.players.items():
        player.optimizer.state.clear()
        player.optimizer.state.update(optimizers[name])
        player.updates = state.counters[name]
    trainer.images, trainer.step_count = state.counters["images"], state.counters["steps"]
    trainer.standing.known = None
    trainer.meter.clear()


def _same_tensors(found: Tensors, wanted: Tensors) -> None:
    for name in wanted.keys() ^ found.keys():
        raise CheckpointError(f"{name} is {'missing' if name in wanted else 'not part of this run'}")
    for name, tensor in wanted.items():
        if found[name].shape != tensor.shape or found[name].dtype != tensor.dtype:
            raise CheckpointError(
                f"{name} is {tuple(found[name].shape)} {found[name].dtype}, "
                f"the network needs {tuple(tensor.shape)} {tensor.dtype}"
            )


def _owned(tensors: Tensors, trainer: Trainer) -> None:
    for name in tensors:
        if name.partition(".")[0] not in (*trainer.players, RULE):
            raise CheckpointError(f"optimizer state {name} belongs to no player")


def _optimizer_state(
    trainer: Trainer, name: str, tensors: Tensors, updates: int
) -> dict[Tensor, dict[str, Tensor]]:
    """The optimizer's state for one player after so many updates, checked and laid out for its parameters."""
    player = trainer.players[name]
    parameters = dict(player.net.named_parameters())
    state: dict[Tensor, dict[str, Tensor]] = {}
    for full_name, tensor in tensors.items():
        owner, _, rest = full_name.partition(".")
        if owner != name:
            continue
        parameter_name, _, key = rest.rpartition(".")
        parameter = parameters.get(parameter_name)
        if parameter is None or not _fits(tensor, key, parameter):
            raise CheckpointError(f"optimizer state {full_name} does not fit the network")
        state.setdefault(parameter, {})[key] = _laid_out(tensor, parameter, player)
    _complete(name, player, state, updates)
    return state


def _fits(tensor: Tensor, key: str, parameter: Tensor) -> bool:
    shape = torch.Size(()) if key == "step" else parameter.shape
    return tensor.shape == shape and tensor.dtype == parameter.dtype


def _complete(name: str, player: Player, state: dict[Tensor, dict[str, Tensor]], updates: int) -> None:
    """An optimizer keeps all of its numbers for a parameter or none, and some once it has made an update."""
    wanted = STATE_KEYS[type(player.optimizer)](player.optimizer)
    if any(found.keys() != wanted for found in state.values()) or bool(state) != bool(wanted and updates):
        raise CheckpointError(f"the state of the {name}'s optimizer is incomplete or belongs to another kind")


def _laid_out(tensor: Tensor, parameter: Tensor, player: Player) -> Tensor:
    """A copy where the optimizer wants it, in the parameter's own memory layout."""
    if tensor.dim() == 0 and parameter.dim() > 0:
        fused = bool(player.optimizer.param_groups[0].get("fused"))
        return tensor.to(parameter.device if fused else tensor.device, copy=True)
    return torch.empty_like(parameter).copy_(tensor)
