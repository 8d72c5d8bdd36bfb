"""Which measures suit a run, as far as its config tells; what only the loaded data tells is found when measuring."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from ganstudio.catalog import measures as need
from ganstudio.catalog.conditioning import Conditioning
from ganstudio.catalog.datasets import Points
from ganstudio.catalog.measures import MEASURES, NEEDS, NONE, Measure
from ganstudio.catalog.network_base import Network
from ganstudio.catalog.rendered import Rendered, StackedDigits
from ganstudio.catalog.source import Dataset
from ganstudio.core.config import RunConfig
from ganstudio.core.schema import ConfigError, nearest

KINDS = {"image": "pictures", "points": "points"}


def _classes(config: RunConfig) -> bool:
    classes = cast("Dataset", config.data).classes
    return classes is None or classes > 1  # a folder's classes are known once it is read


MET: dict[str, Callable[[RunConfig], bool]] = {
    need.LABELS: _classes,
    need.CONDITIONAL: lambda config: cast("Conditioning", config.conditioning).labels,
    need.FACTORS: lambda config: isinstance(config.data, Rendered),
    need.CODES: lambda config: config.latent.categorical + config.latent.continuous > 1,
    need.FINITE: lambda config: not isinstance(config.data, Rendered),
    need.STYLES: lambda config: cast("Network", config.generator).styles,
    need.STACKED: lambda config: isinstance(config.data, StackedDigits),
    need.LARGE: lambda config: getattr(config.data, "resolution", 0) >= need.LEAST_SIDE,
    need.MODES: lambda config: isinstance(config.data, Points) and config.data.modes > 0,
}
"""A need of a measure -> whether a run's config meets it. What is not listed, every run meets or a file does."""


def lacking(measure: Measure, config: RunConfig) -> str:
    """Why a measure does not suit a run, as the end of a sentence that begins with its name; empty where it does."""
    kind = cast("Dataset", config.data).data
    if measure.data != kind:
        return f"is for {KINDS[measure.data]}, and this run makes {KINDS[kind]}"
    absent = [NEEDS[name] for name in measure.needs if name in MET and not MET[name](config)]
    return f"needs {' and '.join(absent)}" if absent else ""


def suiting(config: RunConfig) -> list[Measure]:
    """All measures that suit, in the catalogue's order."""
    return [measure for measure in MEASURES.values() if not lacking(measure, config)]


def deciding(config: RunConfig) -> tuple[str, ...]:
    """What can say which checkpoint is best, by name; first the empty one, which keeps none for its number."""
    return ("", *(measure.name for measure in suiting(config) if measure.better != NONE))


def check_measuring(config: RunConfig) -> None:
    """Whether what is to be measured on schedule can be; raises :class:`ConfigError`."""
    for name in config.measure.names:
        _check("measure.metrics", name, config)
    chosen = config.measure.keep_best
    if not chosen:
        return
    _check("measure.keep_best", chosen, config)
    if MEASURES[chosen].better == NONE:
        raise ConfigError(
            "measure.keep_best", f"neither a high nor a low {chosen} is better: take another metric"
        )


def _check(key: str, name: str, config: RunConfig) -> None:
    if name not in MEASURES:
        known = [measure.name for measure in suiting(config)]
        hint = nearest(name, list(MEASURES)) or f": one of {', '.join(known)}"
        raise ConfigError(key, f"{name!r} is not a metric{hint}")
    reason = lacking(MEASURES[name], config)
    if reason:
        raise ConfigError(key, f"{name} {reason}")
