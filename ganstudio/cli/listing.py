"""``ganstudio list``."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Mapping
from typing import Any

from ganstudio.catalog.datasets import DATASETS
from ganstudio.catalog.measures import MEASURES, NONE, Measure
from ganstudio.catalog.metrics import METRICS
from ganstudio.catalog.presets import presets
from ganstudio.catalog.stabilizers import STABILIZERS
from ganstudio.catalog.variants import VARIANTS
from ganstudio.cli.terminal import say, say_json
from ganstudio.core.config import load_toml
from ganstudio.core.schema import ConfigError, Options

Entry = dict[str, Any]


def run(options: argparse.Namespace) -> int:
    """Print one catalogue."""
    found = entries(options.catalogue)
    if options.json:
        say_json({options.catalogue: found})
        return 0
    width = max((len(entry["name"]) for entry in found), default=0)
    for entry in found:
        say(f"{entry['name']:<{width}}  {_title(entry)}")
        for line in textwrap.wrap(entry["idea"], 96):
            say(f"{'':<{width}}  {line}")
    return 0


def entries(catalogue: str) -> list[Entry]:
    """Name, title, year and one line for everything in a catalogue."""
    if catalogue == "variants":
        return [
            {
                "name": v.name,
                "title": v.title,
                "year": v.year,
                "idea": v.idea,
                "paper": v.paper,
                "data": v.data,
            }
            for v in VARIANTS.values()
        ]
    if catalogue == "metrics":
        return [
            {"name": s.name, "title": s.title, "year": None, "idea": s.idea, "range": s.range}
            for s in METRICS.values()
        ] + [_measure(measure) for measure in MEASURES.values()]
    if catalogue == "presets":
        return [_preset(name, preset.about) for name, preset in presets().items()]
    return _kinds(DATASETS if catalogue == "datasets" else STABILIZERS)


def _measure(measure: Measure) -> Entry:
    """What ``evaluate`` can measure; ``range`` tells the unit and what is better."""
    better = "" if measure.better == NONE else f"{measure.better} is better"
    return {
        "name": measure.name,
        "title": measure.title,
        "year": None,
        "idea": measure.idea,
        "range": ", ".join(part for part in (measure.unit, better) if part),
        "protocol": measure.protocol,
        "needs": list(measure.needs),
        "paper": measure.paper,
        "measured_by": "evaluate",
    }


def _kinds(registry: Mapping[str, type[Options]]) -> list[Entry]:
    return [
        {"name": name, "title": cls.title, "year": getattr(cls, "year", None), "idea": cls.idea}
        for name, cls in registry.items()
    ]


def _preset(name: str, about: str) -> Entry:
    """A preset is listed as it stands in its file: one that still needs a folder's path is listed, too."""
    try:
        table = load_toml(presets()[name].path)
    except ConfigError:
        table = {}
    variant = VARIANTS.get(str(table.get("variant", "")))
    title = f"{variant.title if variant else '?'} on {table.get('data', {}).get('source', '?')}"
    return {"name": name, "title": title, "year": variant.year if variant else None, "idea": about}


def _title(entry: Entry) -> str:
    year = f" ({entry['year']})" if entry["year"] else ""
    extra = f", {entry['range']}" if entry.get("range") else ""
    return f"{entry['title']}{year}{extra}"
