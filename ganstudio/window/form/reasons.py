"""Why a choice is not to be had with the others, asked of the catalogue itself. Knows no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from ganstudio.catalog.resolve import data_shape
from ganstudio.catalog.stabilizers import STABILIZERS, Stabilizer
from ganstudio.catalog.variants import VARIANTS
from ganstudio.core.config import RunConfig
from ganstudio.core.schema import settings_of
from ganstudio.window.form.draft import Draft, examine

NOT_CHOSEN_YET = "data.path"


def against(draft: Draft, other: Draft) -> str:
    """What speaks against turning one draft into another: the first problem that is not there already, or nothing."""
    known = examine(draft).problems
    for key, problem in examine(other).problems.items():
        if key != NOT_CHOSEN_YET and known.get(key) != problem:
            return problem
    return ""


def against_stabilizer(config: RunConfig, kind: str) -> str:
    """Why a stabilizer has no meaning beside the other choices; empty where it has."""
    settings = config.stabilizers.get(kind) or STABILIZERS[kind]()
    return cast("Stabilizer", settings).refuses(config, data_shape(config.data))


def curable(config: RunConfig, kind: str) -> bool:
    """Whether a stabilizer that has no meaning as it is would have one with a single choice of its own changed."""
    settings, shape = STABILIZERS[kind](), data_shape(config.data)
    for setting in settings_of(STABILIZERS[kind]):
        values = (False, True) if setting.type is bool else setting.option.choices
        for value in values:
            if not cast("Stabilizer", replace(settings, **{setting.name: value})).refuses(config, shape):
                return True
    return False


def recipe(config: RunConfig) -> Mapping[str, Any]:
    """What the variant's own recipe says of this kind of data, as a table; empty for an unknown variant."""
    variant = VARIANTS.get(config.variant)
    kind = getattr(config.data, "data", "")
    return variant.defaults(kind) if variant is not None and kind in variant.data else {}
