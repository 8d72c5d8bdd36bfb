"""Any config that a person could write, drawn from the declarations themselves."""

from __future__ import annotations

import typing
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from ganstudio.catalog.datasets import DATASETS
from ganstudio.catalog.resolve import KINDS, resolve
from ganstudio.catalog.variants import VARIANTS
from ganstudio.core.config import RunConfig
from ganstudio.core.schema import ConfigError, Option, Options, Setting, settings_of

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


def scalar(kind: Any, declared: Option) -> st.SearchStrategy[Any]:
    if declared.choices:
        return st.sampled_from(declared.choices)
    if typing.get_origin(kind) is tuple:
        return st.lists(scalar(typing.get_args(kind)[0], declared), min_size=2, max_size=2)
    if kind is bool:
        return st.booleans()
    if kind is int:
        return st.integers(int(declared.low or 0), int(declared.high if declared.high is not None else 2**40))
    if kind is float:
        return st.floats(
            declared.low,
            declared.high,
            exclude_min=declared.open_low,
            exclude_max=declared.open_high,
            allow_nan=False,
            allow_infinity=False,
        )
    return TEXT


def value(setting: Setting) -> st.SearchStrategy[Any]:
    declared = setting.option
    if declared.section and declared.many:
        kinds = KINDS[declared.section]
        return st.sets(st.sampled_from(sorted(kinds))).flatmap(
            lambda names: st.fixed_dictionaries({name: table(kinds[name], tagged=False) for name in names})
        )
    if declared.section:
        return st.sampled_from(sorted(KINDS[declared.section])).flatmap(
            lambda name: table(KINDS[declared.section][name])
        )
    if isinstance(setting.type, type) and issubclass(setting.type, Options):
        return table(setting.type)
    return scalar(setting.type, declared)


def table(cls: type[Options], tagged: bool = True) -> st.SearchStrategy[dict[str, Any]]:
    """A valid table of a settings class, with any of its optional keys left out."""
    required: dict[str, Any] = {cls.tag: st.just(cls.kind)} if cls.kind and tagged else {}
    optional: dict[str, Any] = {}
    for setting in settings_of(cls):
        needed = setting.name == "path" or setting.name in ("generator", "discriminator", "objective")
        (required if needed and not setting.option.section else optional)[setting.name] = value(setting)
    return st.fixed_dictionaries(required, optional=optional)


@st.composite
def configs(draw: st.DrawFn) -> RunConfig:
    """A complete config: any variant on any data it can learn, with any other settings."""
    variant = draw(st.sampled_from(sorted(VARIANTS.values(), key=lambda v: v.name)))
    sources = [name for name, cls in DATASETS.items() if getattr(cls, "data", "") in variant.data]
    written = draw(table(RunConfig))
    written["variant"] = variant.name
    written["data"] = draw(table(DATASETS[draw(st.sampled_from(sources))]))
    kind = getattr(DATASETS[written["data"]["source"]], "data", "")
    for player, choice in (("generator", variant.generator), ("discriminator", variant.discriminator)):
        written[player] = draw(table(type(choice[kind])))
    written["objective"] = {"loss": draw(st.sampled_from(variant.objectives or (variant.objective.kind,)))}
    return _possible(written)


def _possible(written: dict[str, Any]) -> RunConfig:
    """The config, without the switches and the conditioning that are refused beside the rest."""
    while True:
        try:
            return resolve(written)
        except ConfigError as error:
            refused = error.key.split(".")
            if (
                refused[0] == "stabilizers"
            ):  # drawn, or one of the recipe's own beside networks that were drawn
                written["stabilizers"] = dict(written.get("stabilizers", {})) | {refused[1]: False}
            elif refused[0] == "measure":
                del written["measure"]
            elif error.key in ("data.source", "latent.categorical") and "conditioning" in written:
                del written["conditioning"]
            else:
                at_odds = ("compute.precision", "data.resolution", "batch_size", "data.source")
                assume(error.key not in at_odds and "latent" not in error.key)
                raise
