"""A GAN variant as a declarative recipe: which known mechanisms it combines, and how to read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from ganstudio.catalog.conditioning import Unconditional
from ganstudio.core.config import Ema, Latent
from ganstudio.core.schema import Options, to_table

PerData = Mapping[str, Options]
"""One choice for each kind of data (``"image"``, ``"points"``) a variant can learn."""


@dataclass(frozen=True)
class Variant:
    """One GAN of the literature.

    ``objectives`` lists the losses a person may choose from, the first being the paper's; ``latent``,
    ``batch_size``, ``generator_batch``, ``discriminator_steps`` and ``ema`` are left ``None`` where data or schema
    should decide. A table for each kind of data stands where the kinds need different values; ``tuned`` has
    stabilizers that on one kind of data are set otherwise than in ``stabilizers``.
    """

    name: str
    title: str
    year: int
    paper: str
    group: str
    idea: str
    watch: str
    pitfalls: str
    generator: PerData
    discriminator: PerData
    objective: Options
    generator_optimizer: Options | PerData
    discriminator_optimizer: Options | PerData
    objectives: tuple[str, ...] = ()
    conditioning: Options = field(default_factory=Unconditional)
    discriminator_steps: int | None = None
    batch_size: int | Mapping[str, int] | None = None
    generator_batch: int | None = None
    ema: Ema | None = None
    latent: Mapping[str, Latent] = field(default_factory=dict[str, Latent])
    stabilizers: tuple[Options, ...] = ()
    tuned: Mapping[str, tuple[Options, ...]] = field(default_factory=dict[str, tuple[Options, ...]])

    @property
    def data(self) -> tuple[str, ...]:
        """The kinds of data this variant can learn."""
        return tuple(self.generator)

    def switched_on(self, data: str) -> tuple[Options, ...]:
        """The stabilizers that belong to the recipe on one kind of data."""
        own = {settings.kind: settings for settings in self.stabilizers}
        return tuple((own | {settings.kind: settings for settings in self.tuned.get(data, ())}).values())

    def defaults(self, data: str) -> dict[str, Any]:
        """The config table this recipe stands for on one kind of data."""
        table: dict[str, Any] = {
            "generator": to_table(self.generator[data]),
            "discriminator": to_table(self.discriminator[data]),
            "conditioning": to_table(self.conditioning),
            "objective": to_table(self.objective),
            "optimizer": {
                "generator": to_table(_for(data, self.generator_optimizer)),
                "discriminator": to_table(_for(data, self.discriminator_optimizer)),
            },
        }
        if data in self.latent:
            table["latent"] = to_table(self.latent[data])
        switched_on = self.switched_on(data)
        if switched_on:
            table["stabilizers"] = {s.kind: _without_kind(s) for s in switched_on}
        for key in ("discriminator_steps", "batch_size", "generator_batch"):
            value = _for(data, getattr(self, key))
            if value is not None:
                table[key] = value
        if self.ema is not None:
            table["ema"] = to_table(self.ema)
        return table


def _for(data: str, choice: Any) -> Any:
    """The choice for a kind of data; ``None`` where a table of choices has none for it."""
    return cast("Mapping[str, Any]", choice).get(data) if isinstance(choice, Mapping) else choice


def _without_kind(options: Options) -> dict[str, Any]:
    return {key: value for key, value in to_table(options).items() if key != options.tag}
