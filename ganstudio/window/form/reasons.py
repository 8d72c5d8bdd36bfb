"""Why a choice is not to be had with the others, asked of the catalogue itself. Knows no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from ganstudio.catalog.resolve import data_shape
from ganstudio.catalog.stabilizers import STABILIZERS, Stabilizer
from ganstudio.catalog.variants import VARIANTS
from ganstudio.core.config import RunConfig
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


def recipe(config: RunConfig) -> Mapping[str, Any]:
    """What the variant's own recipe says of this kind of data, as a table; empty for an unknown variant."""
    variant = VARIANTS.get(config.variant)
    kind = getattr(config.data, "data", "")
    return variant.defaults(kind) if variant is not None and kind in variant.data else {}
