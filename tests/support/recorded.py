"""Recorded series of healthy and sick runs, made by ``tests/results/diagnosis.py``, and what a doctor says of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from ganstudio.catalog.diagnosing import facts_of
from ganstudio.catalog.resolve import resolve
from ganstudio.core.diagnosis import Doctor, Opinion
from ganstudio.core.messages import Finding

PLACE = Path(__file__).parents[1] / "core" / "diagnosis" / "recorded"
"""Folders ``seed-0`` and ``seed-1`` (rules were set on these) and ``seed-2`` (only looked at afterwards)."""


def names(seed: int) -> list[str]:
    """The recorded runs of a seed, in order."""
    return [path.stem for path in sorted((PLACE / f"seed-{seed}").glob("*.json"))]


def place_of(name: str, seed: int) -> Path:
    """The file of a recorded run."""
    return PLACE / f"seed-{seed}" / f"{name}.json"


@cache
def read(name: str, seed: int = 0) -> dict[str, Any]:
    """A recorded run: what it is, its config, the steps of its reports, its series."""
    run = json.loads(place_of(name, seed).read_text(encoding="utf-8"))
    return run | {"steps": list(range(run["every"], run["every"] * run["reports"] + 1, run["every"]))}


def rows(run: dict[str, Any]) -> Iterator[tuple[int, dict[str, float]]]:
    """The reports, one after the other. A series that never changes is kept as its one value."""
    for index, step in enumerate(run["steps"]):
        values = {name: v[index] if isinstance(v, list) else v for name, v in run["series"].items()}
        yield step, {name: float(value) for name, value in values.items() if value is not None}


def doctor_of(run: dict[str, Any]) -> Doctor:
    """A doctor who knows what there is to know of a recorded run beside its series."""
    return Doctor(facts_of(resolve(run["config"]), run["pictures"]))


def opinions(run: dict[str, Any]) -> list[Opinion]:
    """What changes in a doctor's opinion who reads a recorded run report by report."""
    doctor, said = doctor_of(run), []
    for step, values in rows(run):
        doctor.take(step, values)
        said.append(doctor.examine())
    return said


def findings(run: dict[str, Any]) -> list[Finding]:
    """All that a doctor says of a run, in order."""
    return [finding for opinion in opinions(run) for finding in opinion.raised]
