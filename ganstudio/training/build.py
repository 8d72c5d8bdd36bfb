"""From a config to its rules and its two networks, freshly initialised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch

from ganstudio.conditioning import Way, build_conditioning
from ganstudio.core.config import RunConfig
from ganstudio.core.schema import Options
from ganstudio.core.seeds import derive
from ganstudio.core.shapes import DataShape
from ganstudio.nets import DISCRIMINATORS, GENERATORS, seeded
from ganstudio.nets.base import Discriminator, Generator
from ganstudio.stabilizers import Rule, Site, build_stabilizer


@dataclass
class Rules:
    """The way of conditioning and the switched-on stabilizers, built for one site."""

    way: Way[Any]
    stabilizers: dict[str, Rule[Any]]
    site: Site

    @property
    def all(self) -> tuple[Rule[Any], ...]:
        """Every rule, in the order in which hooks are called."""
        return (*self.stabilizers.values(), self.way)

    def adopt(self, config: RunConfig) -> None:
        """Take over settings that have changed; what rules remember stays."""
        self.way.settings = config.conditioning
        self.stabilizers = _stabilizers(config.stabilizers, self.site, self.stabilizers)


def _stabilizers(
    chosen: Mapping[str, Options], site: Site, present: Mapping[str, Rule[Any]]
) -> dict[str, Rule[Any]]:
    found: dict[str, Rule[Any]] = {}
    for name, settings in chosen.items():
        found[name] = present[name] if name in present else build_stabilizer(settings, site)
        found[name].settings = settings
    return found


def build_rules(config: RunConfig, shape: DataShape, device: torch.device | str = "cpu") -> Rules:
    """The rules of a run, what they remember on ``device``."""
    planned = config.steps * config.discriminator_steps * config.batch_size
    site = Site(shape, config.latent, torch.device(device), config.batch_size, planned)
    way = build_conditioning(config.conditioning, site)
    return Rules(way, _stabilizers(config.stabilizers, site, {}), site)


def build_generator(config: RunConfig, shape: DataShape, rules: Rules | None = None) -> Generator:
    """The generator of a run on the CPU: latents (N, width) and labels (N,) -> samples (N, *shape.size)."""
    rules = rules or build_rules(config, shape)

    def family(latent: int, classes: int) -> Generator:
        sized = DataShape(shape.kind, shape.channels, shape.height, shape.width, classes)
        return GENERATORS[config.generator.kind](config.generator, latent, sized)

    with seeded(derive(config.seed, "weights", 0)):
        net = rules.way.make_generator(family)
        for rule in rules.all:
            rule.remodel_generator(net)
    return net


def build_discriminator(config: RunConfig, shape: DataShape, rules: Rules | None = None) -> Discriminator:
    """The discriminator of a run on the CPU: samples (N, *shape.size) and labels (N,) -> logits (N,) and more."""
    rules = rules or build_rules(config, shape)

    def family(seen: DataShape) -> Discriminator:
        for rule in rules.stabilizers.values():
            seen = rule.discriminator_shape(seen)
        return DISCRIMINATORS[config.discriminator.kind](config.discriminator, seen)

    with seeded(derive(config.seed, "weights", 1)):
        net = rules.way.make_discriminator(family)
        for rule in rules.all:
            rule.remodel_discriminator(net)
    return net
