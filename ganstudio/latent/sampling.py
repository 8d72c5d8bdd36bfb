"""Samples out of a run's averaged generator, exactly as training shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ganstudio.core.config import RunConfig
from ganstudio.core.runs import RunFolder
from ganstudio.core.shapes import DataShape
from ganstudio.training.build import build_generator, build_rules
from ganstudio.training.checkpoint import CheckpointError, Stored, newest
from ganstudio.training.standing import Standing
from ganstudio.training.streams import labels_for, latents_for
from ganstudio.training.trainer import render

AVERAGE = "average."


@dataclass(frozen=True, eq=False)
class Generator:
    """A trained generator, ready to draw: evaluation mode, no gradients, on ``device``.

    ``threads`` is the number of CPU threads it was trained with (0 if unknown); with as many, samples come out
    bit for bit as training drew them. ``problems`` tells of damaged checkpoints that were passed over. ``kinds`` is
    the number of labels to choose from, 0 for an unconditional generator; ``class_names`` says what they mean.
    """

    net: nn.Module
    config: RunConfig
    shape: DataShape
    step: int
    device: torch.device
    threads: int
    problems: tuple[str, ...] = ()
    kinds: int = 0
    class_names: tuple[str, ...] = ()
    weights: str = ""
    """SHA-256 of the checkpoint's file of weights; empty for others than a checkpoint's."""

    @torch.no_grad()
    def render(self, z: Tensor, labels: Tensor | None = None, at_once: int = 256) -> Tensor:
        """Samples (N, *shape.size) in the network's range for latents (N, width) and labels (N,), on the device."""
        return render(self.net, z.to(self.device), labels, at_once)


@dataclass(frozen=True, eq=False)
class Weights:
    """The averaged weights of a generator and what must be known to build it. ``source`` names them in errors."""

    tensors: Mapping[str, Tensor]
    config: RunConfig
    shape: DataShape
    step: int
    source: str
    class_names: tuple[str, ...] = ()
    threads: int = 0
    problems: tuple[str, ...] = ()
    sha256: str = ""

    @classmethod
    def of(cls, stored: Stored, problems: Sequence[str] = ()) -> Weights:
        """Those of a checkpoint."""
        return cls(
            averaged(stored.state.weights), stored.config, stored.shape, stored.step,
            f"checkpoint {stored.path.name}", stored.class_names, stored.threads, tuple(problems),
            stored.weights,
        )  # fmt: skip


def load_generator(run: RunFolder, step: int | None = None, device: torch.device | str = "cpu") -> Generator:
    """The averaged generator of a run at its newest whole checkpoint, or at ``step``.

    Raises :class:`~ganstudio.training.checkpoint.CheckpointError`.
    """
    stored, problems = newest(run, step, weights_only=True)
    return ready(Weights.of(stored, problems), device)


def averaged(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Those of the tensors that are the averaged generator's, under their own names."""
    return {name.removeprefix(AVERAGE): t for name, t in tensors.items() if name.startswith(AVERAGE)}


def ready(weights: Weights, device: torch.device | str = "cpu") -> Generator:
    """The generator with these weights, ready to draw; raises ``CheckpointError`` where they do not fit."""
    config, shape, place = weights.config, weights.shape, torch.device(device)
    rules = build_rules(config, shape)
    net: nn.Module = build_generator(config, shape, rules)
    fill(net, weights.tensors, weights.source, AVERAGE)
    settle(net, shape, place)
    net = Standing(rules.way.kinds, place).net(net, config, weights.step)
    return Generator(
        net, config, shape, weights.step, place, weights.threads, weights.problems, rules.way.kinds,
        weights.class_names if rules.way.from_data else (), weights.sha256,
    )  # fmt: skip


def settle(net: nn.Module, shape: DataShape, device: torch.device) -> None:
    """Put a net on its device for looking: evaluation mode, no gradients."""
    net.to(device).eval().requires_grad_(False)
    if shape.kind == "image":
        net.to(memory_format=torch.channels_last)  # as in training, so that sums come out the same


def fill(net: nn.Module, weights: Mapping[str, Tensor], source: str, prefix: str) -> None:
    """Put weights into a net; every one must be there and fit."""
    wanted = net.state_dict()
    for name in sorted(wanted.keys() ^ weights.keys()):
        problem = "is missing" if name in wanted else "is not part of this network"
        raise CheckpointError(f"{source}: {prefix}{name} {problem}")
    for name, tensor in weights.items():
        if tensor.shape != wanted[name].shape:
            raise CheckpointError(
                f"{source}: {prefix}{name} is {tuple(tensor.shape)}, "
                f"the network needs {tuple(wanted[name].shape)}"
            )
    net.load_state_dict(weights)


def sample_images(
    generator: Generator, seeds: Sequence[int], truncation: float = 1.0, labels: Tensor | None = None
) -> Tensor:
    """Samples (len(seeds), *shape.size) in the network's range, one for each seed.

    ``truncation`` multiplies z: below 1 it draws nearer to the middle of the prior, more typical and less varied.
    ``labels`` (len(seeds),) choose the classes; without them each seed has one of its own.
    """
    z = latents_for(seeds, generator.config.latent)
    if truncation != 1.0:
        z[:, : generator.config.latent.dimension] *= truncation
    return generator.render(z, labels_for(seeds, generator.kinds) if labels is None else labels)
