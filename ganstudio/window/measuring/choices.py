"""What a person can have measured of a run, in groups: what suits, what does not and why. Knows no Qt."""

from __future__ import annotations

from dataclasses import dataclass

from ganstudio.catalog.measures import (
    CODES,
    FACTORS,
    GENERATOR,
    MEASURES,
    MODES,
    OWN_MARK,
    STACKED,
    Measure,
    downloads,
)
from ganstudio.catalog.suiting import lacking
from ganstudio.core.config import RunConfig
from ganstudio.core.numbers import whole

OWN, PUBLISHED = "own", "published"
"""In whose features pictures are compared: a classifier of the data itself, or published networks."""
USUAL = {"image": 10_000, "points": 5000}


@dataclass(frozen=True)
class Choice:
    """One metric: its name, how it is told, whether it is on at first, and why it cannot be had, if so."""

    measure: Measure
    title: str
    on: bool
    why: str = ""

    @property
    def tooltip(self) -> str:
        """Idea, protocol, source and what hinders, in a few lines."""
        measure = self.measure
        lines = [
            measure.idea, f"{measure.name}: {measure.protocol}.",
            f"{whole(measure.enough)} samples or more are usual; fewer than {whole(measure.least)} are refused.",
            f"From {measure.paper}." if measure.paper else "",
            "It takes long, so that it is not measured on schedule unless it is named." if measure.slow else "",
            self.why,
        ]  # fmt: skip
        return "\n".join(line for line in lines if line)


def usual_samples(config: RunConfig) -> int:
    """How many are measured where nobody says."""
    return USUAL[getattr(config.data, "data", "image")]


def in_own_features(measure: Measure) -> Measure | None:
    """The same number in the features of the data's own classifier."""
    title = measure.title + OWN_MARK
    return next((other for other in MEASURES.values() if other.title == title), None)


def has_both(config: RunConfig) -> bool:
    """Whether there is a choice of features at all."""
    return any(downloads(measure) and not lacking(measure, config) for measure in MEASURES.values())


def groups(config: RunConfig, features: str) -> list[tuple[str, list[Choice]]]:
    """Every measure of the run's kind of data by group; numbers of features are shown in those that were chosen."""
    kind = getattr(config.data, "data", "image")
    found: dict[str, list[Choice]] = {}
    for measure in MEASURES.values():
        if measure.data != kind or _elsewhere(measure, features):
            continue
        reason = lacking(measure, config)
        why = f"This {reason}." if reason else ""
        title = measure.title.removesuffix(OWN_MARK)
        on = not why and not measure.slow
        found.setdefault(_group(measure), []).append(Choice(measure, title, on, why))
    return list(found.items())


def _elsewhere(measure: Measure, features: str) -> bool:
    """Whether this is the number in the features that were not chosen."""
    if downloads(measure):
        return features == OWN
    paired = any(in_own_features(other) is measure for other in MEASURES.values())
    return paired and features == PUBLISHED


def _group(measure: Measure) -> str:
    base = measure.name.removesuffix("-domain")
    if measure.data == "points":
        return "Modes" if MODES in measure.needs else "Distance to the data"
    if base in ("fid", "fd", "kid", "kd", "is"):
        return "Distance to the data"
    if GENERATOR in measure.needs or base in (
        "precision", "recall", "density", "coverage", "ms-ssim", "copied",
    ):  # fmt: skip
        return "Quality and variety"
    if {FACTORS, CODES} & set(measure.needs):
        return "Factors and codes"
    return "Modes" if STACKED in measure.needs else "Classes"
