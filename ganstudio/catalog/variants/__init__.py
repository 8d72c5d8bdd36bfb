"""One file per GAN variant. A new file in this folder is a new variant: nothing else needs to know of it."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from ganstudio.catalog.recipe import Variant


def _collect() -> dict[str, Variant]:
    found: list[Variant] = []
    for module in pkgutil.iter_modules(__path__):
        contents = vars(import_module(f"{__name__}.{module.name}")).values()
        found += [item for item in contents if isinstance(item, Variant)]
    return {variant.name: variant for variant in sorted(found, key=lambda v: (v.year, v.paper))}


VARIANTS: dict[str, Variant] = _collect()
