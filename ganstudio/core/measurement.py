"""What was measured, and how: a number never goes anywhere without its protocol."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, cast


@dataclass(frozen=True)
class Protocol:
    """All that has to be equal for two numbers to be compared.

    ``samples`` of ``made`` were compared with ``reference_samples`` of ``reference``. ``feature_net`` and ``resize``
    are empty where no network looked; ``truncation`` is 1 for the whole prior. ``rules`` are the metric's own
    settings, in words. ``threads`` of the CPU and ``versions`` tell what could move the last digits.
    """

    made: str
    samples: int
    reference: str
    reference_samples: int
    feature_net: str = ""
    resize: str = ""
    truncation: float = 1.0
    seed: int = 0
    rules: str = ""
    device: str = ""
    versions: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Measurement:
    """A ``metric`` (a name in ``catalog.measures``) with its ``value``, and an interval from ``low`` to ``high``.

    ``how`` says what ``spread`` and interval are. ``warnings`` are sentences to be shown beside the number.
    ``details`` holds what belongs to it: what real samples would score, shares of classes, nearest neighbours.
    ``step`` is that of the checkpoint, ``None`` where folders were compared; ``weights`` is the SHA-256 of what was
    measured, since another course of the run may come to the same step. ``scheduled`` tells that the run itself asked
    for it.
    """

    metric: str
    value: float
    spread: float
    low: float
    high: float
    how: str
    protocol: Protocol
    step: int | None = None
    time: str = ""
    warnings: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict[str, Any])
    weights: str = ""
    scheduled: bool = False
    picture: bytes = b""

    def to_record(self) -> dict[str, Any]:
        """As it stands in ``evaluations.jsonl``: all but the picture."""
        record = asdict(self)
        del record["picture"]
        return record


def from_record(record: Mapping[str, Any]) -> Measurement | None:
    """A measurement out of a line of ``evaluations.jsonl``; ``None`` where something is missing or of another type."""
    told = record.get("protocol")
    if not isinstance(told, Mapping):
        return None
    try:
        known = {f.name for f in fields(Protocol)}
        protocol = Protocol(**{str(k): v for k, v in cast("Mapping[str, Any]", told).items() if k in known})
        numbers = {name: float(record[name]) for name in ("value", "spread", "low", "high")}
        step = record.get("step")
        return Measurement(
            metric=str(record["metric"]),
            how=str(record.get("how", "")),
            protocol=protocol,
            step=None if step is None else int(step),
            time=str(record.get("time", "")),
            warnings=tuple(str(w) for w in record.get("warnings", ())),
            details=dict(record.get("details", {})),
            weights=str(record.get("weights", "")),
            scheduled=record.get("scheduled") is True,
            picture=b"",
            **numbers,
        )
    except (KeyError, TypeError, ValueError):
        return None


def way(measurement: Measurement) -> tuple[object, ...]:
    """Equal for two numbers that may be compared: metric and protocol without the side that was made."""
    p = measurement.protocol
    return (
        measurement.metric, p.samples, p.reference, p.reference_samples, p.feature_net, p.resize, p.truncation, p.rules,
    )  # fmt: skip


def newest(measurements: Iterable[Measurement]) -> list[Measurement]:
    """Of several numbers found in the same way at the same step the last one."""
    found = {(way(m), m.step): m for m in measurements}
    return list(found.values())
