"""A model to explore: the averaged generator of a run and its discriminator, at a checkpoint or as they train now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from ganstudio.catalog.resolve import data_shape
from ganstudio.catalog.resolve import load as load_config
from ganstudio.core.config import Latent
from ganstudio.core.explore.recipe import Model
from ganstudio.core.runs import RunFolder
from ganstudio.core.schema import ConfigError
from ganstudio.core.seeds import derive
from ganstudio.core.shapes import DataShape
from ganstudio.data import to_pixels
from ganstudio.latent.classes import joined, labels_from
from ganstudio.latent.errors import ExploreError
from ganstudio.latent.export import point_scale
from ganstudio.latent.sampling import Generator, Weights, averaged, fill, ready, settle
from ganstudio.nets.base import Discriminator, Judgement
from ganstudio.nets.growth import growths, reduced
from ganstudio.nets.style_base import StyleGenerator
from ganstudio.training.build import build_discriminator, build_rules
from ganstudio.training.checkpoint import CheckpointError, Stored, newest
from ganstudio.training.streams import draw, labels_for, latents_for

JUDGE = "discriminator."
LIVE = "weights.safetensors"


@dataclass(frozen=True, eq=False)
class Explorer:
    """A generator and, where there is one, its discriminator, both in evaluation mode and without gradients.

    ``steps`` are the checkpoints there are. ``problems`` tells of what was passed over, each in one sentence.
    """

    generator: Generator
    judge: Discriminator | None
    title: str
    steps: tuple[int, ...]
    scale: float
    packed: int = 1
    problems: tuple[str, ...] = ()

    @property
    def net(self) -> nn.Module:
        """The averaged generator."""
        return self.generator.net

    @property
    def styled(self) -> StyleGenerator | None:
        """The generator as one with styles; ``None`` where it has none."""
        return self.net if isinstance(self.net, StyleGenerator) else None

    @property
    def step(self) -> int:
        """The steps its weights have been trained for."""
        return self.generator.step

    @property
    def device(self) -> torch.device:
        """Where it computes."""
        return self.generator.device

    @property
    def latent(self) -> Latent:
        """What z is drawn from."""
        return self.generator.config.latent

    @property
    def shape(self) -> DataShape:
        """The shape of a sample."""
        return self.generator.shape

    @property
    def kinds(self) -> int:
        """The number of labels to choose from; 0 for an unconditional model."""
        return self.generator.kinds

    @property
    def classes(self) -> tuple[str, ...]:
        """What the labels are called: the classes' names, or their numbers from 1 on."""
        names = self.generator.class_names
        return tuple(names[k] if k < len(names) else str(k + 1) for k in range(self.kinds))

    @cached_property
    def mixture_problem(self) -> str:
        """Why classes cannot be mixed, in a sentence; empty where they can."""
        if self.kinds < 2:
            return "this model has no classes to mix"
        try:
            with torch.no_grad():
                self.synthesize(self.z([0]), labels_from([{0: 0.5, 1: 0.5}], self.kinds, self.device))
        except ExploreError as error:
            return error.problem
        return ""

    def z(self, seeds: Sequence[int]) -> Tensor:
        """The latents (N, width) that belong to these seeds, on the device."""
        return latents_for(seeds, self.latent).to(self.device)

    def labels(self, seeds: Sequence[int]) -> Tensor | None:
        """The labels (N,) that belong to these seeds, on the device."""
        found = labels_for(seeds, self.kinds)
        return None if found is None else found.to(self.device)

    def drawn(self, first: int, count: int) -> tuple[Tensor, Tensor | None]:
        """Latents (count, width) and labels (count,) in bulk, decided by ``first`` alone; for statistics."""
        generator = torch.Generator().manual_seed(derive(first, "explore samples"))
        z = draw(self.latent, count, generator).to(self.device)
        if not self.kinds:
            return z, None
        return z, torch.randint(self.kinds, (count,), generator=generator).to(self.device)

    def synthesize(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Samples (N, *shape.size) in the network's range, in float32; gradients flow to ``z``."""
        made = self.net(z) if labels is None else self.net(z, labels)
        return cast("Tensor", made).float()

    def display(self, values: Tensor) -> NDArray[np.uint8] | NDArray[np.float32]:
        """Samples as they are shown: uint8 pictures (N, H, W, C), or points (N, D) in the data's own units."""
        if self.shape.kind == "image":
            return np.ascontiguousarray(to_pixels(values).permute(0, 2, 3, 1).cpu().numpy())
        return (values.detach().float() * self.scale).cpu().numpy()

    # ------------------------------------------------------------ the discriminator

    def judged(self, values: Tensor, labels: Tensor | None = None) -> Judgement:
        """What the discriminator says of samples (N, *shape.size), with features; gradients flow to ``values``.

        Where it compares the samples of a batch (minibatch statistics, packing), each one is judged among the
        samples of the first seeds, so that what is said of it does not depend on what else is looked at. Raises
        :class:`ExploreError` where there is no discriminator.
        """
        if self.judge is None:
            raise ExploreError(
                "no discriminator was saved with this model", "Choose a checkpoint of the run."
            )
        if self.judges_alone:
            return self.judge.judge(self._seen(values), labels).float()
        said = [
            self._among_others(values[n : n + 1], None if labels is None else labels[n : n + 1])
            for n in range(len(values))
        ]
        logits, features = (
            torch.cat([getattr(one, part) for one in said]) for part in ("logits", "features")
        )
        return Judgement(logits, features)

    def features(self, values: Tensor, labels: Tensor | None = None) -> Tensor:
        """What the discriminator sees in each sample alone, (N, numbers); gradients flow to ``values``.

        Without a discriminator the values themselves, (N, shape.numel).
        """
        if self.judge is None:
            return values.flatten(1)
        seen = self._seen(values)
        packs = seen.repeat(1, self.packed, *(1,) * (seen.dim() - 2))
        return self.judge.judge(packs, labels).features.float()

    @property
    def judges_alone(self) -> bool:
        """Whether the discriminator looks at one sample at a time."""
        return self.judge is None or (self.judge.mixer is None and self.packed == 1)

    def _among_others(self, value: Tensor, labels: Tensor | None) -> Judgement:
        """The judgement of one sample in a batch as large as in training."""
        judge = self.judge
        assert judge is not None
        fellows = [value] if self.packed == 1 else [value, self._company[: self.packed - 1]]
        own = self._packs(torch.cat(fellows))
        if judge.mixer is None:
            return judge.judge(own, labels).float()
        own = own if judge.label_input is None else judge.label_input(own, labels)
        features = torch.cat([judge.trunk(own), self._company_features])
        if labels is not None and self.packed == 1:
            labels = joined(labels, self.labels(range(len(self._company))), self.kinds)
        said = judge.conclude(features, labels).float()
        return Judgement(said.logits[:1], said.features[:1])

    @cached_property
    def _company(self) -> Tensor:
        """Samples of the first seeds: with one more a batch as in training."""
        seeds = range(max(self.generator.config.batch_size, 2 * self.packed) - 1)
        with torch.no_grad():
            return torch.cat([self.synthesize(self.z([seed]), self.labels([seed])) for seed in seeds])

    @cached_property
    def _company_features(self) -> Tensor:
        """What the discriminator's trunk makes of the company, whose first ones may be packed with the judged one."""
        judge = self.judge
        assert judge is not None
        rest = self._company[self.packed - 1 :]
        seen = self._packs(rest[: len(rest) // self.packed * self.packed])
        with torch.no_grad():
            if judge.label_input is not None:
                seen = judge.label_input(seen, self.labels(range(len(seen))))
            return judge.trunk(seen)

    def _packs(self, values: Tensor) -> Tensor:
        """Samples as the discriminator takes them, neighbours side by side where it sees several as one."""
        seen = self._seen(values)
        return seen if self.packed == 1 else seen.unflatten(0, (-1, self.packed)).flatten(1, 2)

    def _seen(self, values: Tensor) -> Tensor:
        """Samples as the discriminator takes them: reduced as long as it has not grown to full size."""
        for growth in [] if self.judge is None else growths(self.judge):
            values = reduced(values, values.shape[-1] >> (growth.last - growth.read()[0]))
        return values


def opened(model: Model, device: torch.device | str = "cpu") -> Explorer:
    """The model a recipe names, its discriminator with it.

    A live model has the averaged weights that training published last; its discriminator is the newest
    checkpoint's. Raises :class:`ExploreError`.
    """
    run, place = RunFolder(Path(model.run)), torch.device(device)
    if not run.exists():
        raise ExploreError(f"{run.path} is not a run: it has no run.toml", "Choose another folder.")
    try:
        return _live(run, place) if model.live else _stored(run, model.step, place)
    except CheckpointError as error:
        raise ExploreError(str(error), "Choose another checkpoint, or wait until one is saved.") from error


def _stored(run: RunFolder, step: int | None, device: torch.device) -> Explorer:
    stored, problems = newest(run, step, weights_only=True)
    return _explorer(run, ready(Weights.of(stored, problems), device), stored)


def _live(run: RunFolder, device: torch.device) -> Explorer:
    """The weights in ``live/``; config, shape and discriminator from the newest checkpoint where there is one."""
    tensors, step = _published(run.live / LIVE)
    if run.checkpoint_steps():
        stored, problems = newest(run, weights_only=True)
        known = replace(Weights.of(stored, problems), tensors=tensors, step=step, source=LIVE, sha256="")
        return _explorer(run, ready(known, device), stored)
    try:
        config = load_config(run.config_path)
    except (ConfigError, OSError) as error:
        raise ExploreError(f"the config of this run is not usable: {error}") from error
    shape = data_shape(config.data)
    if shape is None or config.data.kind == "folder":
        problem = "the run has no checkpoint yet, which would tell what its pictures are like"
        raise ExploreError(problem, "Wait until one is saved.")
    return _explorer(run, ready(Weights(tensors, config, shape, step, LIVE), device), None)


def _published(path: Path) -> tuple[dict[str, Tensor], int]:
    """The averaged weights that training published last, and their step; raises :class:`ExploreError`."""
    try:
        with safe_open(path, "pt") as file:
            step = (file.metadata() or {}).get("step", "")
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except FileNotFoundError:
        raise ExploreError("this run has not shown anything yet", "Wait for its first samples.") from None
    except (OSError, SafetensorError, ValueError) as error:
        raise ExploreError(f"the live weights cannot be read ({error})", "Choose a checkpoint.") from None
    if not step.isdecimal():
        raise ExploreError("the live weights do not say of which step they are", "Choose a checkpoint.")
    return averaged(tensors), int(step)


def _explorer(run: RunFolder, generator: Generator, stored: Stored | None) -> Explorer:
    judge = None if stored is None else _discriminator(stored, generator)
    packing = generator.config.stabilizers.get("packing")
    return Explorer(
        generator, judge, generator.config.name, tuple(run.checkpoint_steps()), point_scale(generator),
        int(getattr(packing, "samples", 1)), generator.problems,
    )  # fmt: skip


def _discriminator(stored: Stored, generator: Generator) -> Discriminator:
    rules = build_rules(stored.config, generator.shape)
    net = build_discriminator(stored.config, generator.shape, rules)
    weights = {
        name.removeprefix(JUDGE): tensor
        for name, tensor in stored.state.weights.items()
        if name.startswith(JUDGE)
    }
    fill(net, weights, f"checkpoint {stored.path.name}", JUDGE)
    settle(net, generator.shape, generator.device)
    return net
