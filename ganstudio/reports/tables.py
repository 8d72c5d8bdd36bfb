"""The report as numbers for other programs: JSON, and CSV for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import ganstudio
from ganstudio.core.runs import timestamp
from ganstudio.core.schema import to_table
from ganstudio.reports import figures, settings, words
from ganstudio.reports.data import ReportData
from ganstudio.reports.markup import clean, finite
from ganstudio.reports.parts import CURVES, EVENTS, MEASUREMENTS, SAMPLES, SETTINGS, Making

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would take for a formula."""


def write_json(reports: Sequence[ReportData], out: Path, making: Making) -> list[Path]:
    """One object: what made it, and everything of each run; what is no finite number is null."""
    runs = [record(report, making.parts) for report in reports]
    whole = {
        "format": "ganstudio-report-1",
        "ganstudio": ganstudio.__version__,
        "made": timestamp(),
        "runs": runs,
    }
    packed = json.dumps(finite(whole), ensure_ascii=False, indent=1, allow_nan=False)
    return [making.write(out, packed.encode("utf-8"))]


def record(report: ReportData, parts: frozenset[str]) -> dict[str, Any]:
    """All that is told of one run, as plain values."""
    command, exact = settings.command(report.config)
    found: dict[str, Any] = {
        "name": report.name, "variant": report.config.variant, "data": report.config.data.kind,
        "state": words.state(report), "step": report.step, "steps": report.config.steps, "images": report.images,
        "seconds": report.seconds, "summary": words.summary(report), "facts": _plain(report.facts),
        "command": command, "command_is_exact": exact, "checkpoints": list(report.checkpoints),
    }  # fmt: skip
    best = figures.best(report)
    if best is not None:
        one = best.measurement
        found["best"] = {"metric": one.metric, "value": one.value, "step": one.step, "kept": best.kept}
    if SETTINGS in parts:
        found["config"] = to_table(settings.public(report.config))
        base = settings.defaults(report.config)
        rows = [] if base is None else settings.differences(base, report.config)
        found["differences"] = [
            {"key": row.key, "default": _value(row.values[0]), "value": _value(row.values[1])} for row in rows
        ]
    if CURVES in parts:
        metrics = report.metrics
        found["series"] = {
            "step": metrics.step.tolist(), "images": metrics.images.tolist(), "seconds": metrics.seconds.tolist(),
            "values": {name: values.tolist() for name, values in metrics.values.items()},
        }  # fmt: skip
    if MEASUREMENTS in parts:
        found["measurements"] = [m.to_record() for m in report.measurements]
    if SAMPLES in parts:
        found["samples"] = list(report.samples)
    if EVENTS in parts:
        found["findings"] = [vars(remark) for remark in words.findings(report)]
        found["events"] = list(report.events)
    return found


def _value(value: Any) -> Any:
    return None if value is settings.ABSENT else value


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    """TOML has dates, JSON has none."""
    return {key: v if isinstance(v, str | int | float | bool) else str(v) for key, v in facts.items()}


def write_csv(reports: Sequence[ReportData], out: Path, making: Making) -> list[Path]:
    """The series in ``out``, a row for each report; measurements, if there are any, in a file beside it."""
    written = [making.write(out, _packed(_series_rows(reports)))]
    if MEASUREMENTS in making.parts and any(report.measurements for report in reports):
        beside = out.with_name(f"{out.stem}-measurements{out.suffix}")
        written.append(making.write(beside, _packed(_measurement_rows(reports))))
    return written


def _packed(rows: Iterator[list[Any]]) -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([_cell(value) for value in row] for row in rows)
    return file.getvalue().encode("utf-8")


def _cell(value: Any) -> Any:
    """A number in full, nothing for what is none, and a text that no spreadsheet takes for a formula."""
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else ""
    if isinstance(value, str):
        value = clean(value)
        return f"'{value}" if value.startswith(RISKY) else value
    return "" if value is None else value


def _series_rows(reports: Sequence[ReportData]) -> Iterator[list[Any]]:
    names = list(dict.fromkeys(name for report in reports for name in report.metrics.values))
    yield ["run", "step", "images", "seconds", *names]
    for report in reports:
        metrics = report.metrics
        columns = [metrics.values[name].tolist() if name in metrics.values else None for name in names]
        base = zip(metrics.step.tolist(), metrics.images.tolist(), metrics.seconds.tolist(), strict=True)
        for row, (step, images, seconds) in enumerate(base):
            values = [None if column is None else column[row] for column in columns]
            yield [report.name, step, images, seconds, *values]


def _measurement_rows(reports: Sequence[ReportData]) -> Iterator[list[Any]]:
    yield [
        "run", "metric", "value", "spread", "low", "high", "how", "step", "samples", "reference", "reference_samples",
        "feature_net", "resize", "truncation", "seed", "rules", "device", "time", "warnings",
    ]  # fmt: skip
    for report in reports:
        for m in report.measurements:
            p = m.protocol
            yield [
                report.name, m.metric, m.value, m.spread, m.low, m.high, m.how, m.step, p.samples, p.reference,
                p.reference_samples, p.feature_net, p.resize, p.truncation, p.seed, p.rules, p.device, m.time,
                " ".join(m.warnings),
            ]  # fmt: skip
