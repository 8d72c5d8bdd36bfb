"""What a run's report says in sentences: how it went, what was found on the way, what happened when."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from ganstudio.catalog.resolve import data_shape
from ganstudio.core.numbers import duration, percent, whole
from ganstudio.core.numbers import step as step_words
from ganstudio.reports.data import Event, ReportData
from ganstudio.reports.figures import best_words
from ganstudio.reports.settings import in_words

COMPLETE, STOPPED, BROKEN, FAILED, TRAINING, EMPTY = (
    "complete", "stopped", "broken off", "failed", "training", "not begun",
)  # fmt: skip
SAVED = "checkpoint saved"
RECENT = 0.2
"""The share of the series, from their end, that the summary goes by."""


@dataclass(frozen=True)
class Remark:
    """A finding of the diagnosis: since when, and whether it has healed."""

    kind: str
    title: str
    text: str
    step: int
    healed: int | None = None


@dataclass(frozen=True)
class Moment:
    """Something that happened: seconds since 1970, the step, what."""

    time: float
    step: int
    text: str


def state(report: ReportData) -> str:
    """How the run stands, in a word or two."""
    if report.training:
        return TRAINING
    last = next((e for e in reversed(report.events) if e.get("event") in ("failed", "finished")), None)
    if report.interrupted:
        return BROKEN
    if last is not None and last.get("event") == "failed":
        return FAILED
    if report.step >= report.config.steps:
        return COMPLETE
    return STOPPED if report.step else EMPTY


def summary(report: ReportData) -> list[str]:
    """The run in a few plain sentences."""
    variant = report.variant
    lines = [
        f"{variant.title} ({variant.year}) on {report.source}, seed {report.config.seed}. {_course(report)}"
    ]
    if judged := _judgement(report):
        lines.append(judged)
    if report.measurements:
        lines.append(best_words(report))
    open_ones = [remark for remark in findings(report) if remark.healed is None]
    if open_ones:
        lines.append(
            "Still to be looked at: " + "; ".join(_lower(remark.title) for remark in open_ones) + "."
        )
    return lines


def _course(report: ReportData) -> str:
    at = f"{step_words(report.step)} of {whole(report.config.steps)}"
    took = f" in {duration(report.seconds)}" if math.isfinite(report.seconds) else ""
    seen = f", after {whole(report.images)} {_things(report)}" if report.images else ""
    return {
        COMPLETE: f"The run is complete: {whole(report.step)} steps{took}{seen}.",
        STOPPED: f"It was stopped at {at}{took}{seen}.",
        BROKEN: f"It broke off at {at}{took}{seen}: its training was killed or the computer went down.",
        FAILED: f"It failed at {at}{took}{seen}.",
        TRAINING: f"It is being trained while this is written, at {at}{took}{seen}.",
        EMPTY: "It has not trained a single step that was written down.",
    }[state(report)]


def _things(report: ReportData) -> str:
    shape = data_shape(report.config.data)
    return "points" if shape is not None and shape.kind == "points" else "images"


def _judgement(report: ReportData) -> str:
    """How well the two players kept each other in balance at the end."""
    real, fake = _recent(report, "accuracy/real"), _recent(report, "accuracy/fake")
    if math.isnan(real) or math.isnan(fake):
        return ""
    right = (real + fake) / 2
    told = f"Towards the end the discriminator was right about {percent(right)} of the time"
    if right >= 0.95:
        return f"{told}: it told nearly all samples apart."
    if right >= 0.6:
        return f"{told}, and the generator could still learn from it."
    if right >= 0.45:
        return f"{told}: it could hardly tell the samples from real ones."
    return f"{told}: it was mistaken more often than a coin would be."


def _recent(report: ReportData, name: str) -> float:
    """The mean of the last fifth of a series; NaN without one."""
    values = report.metrics.values.get(name)
    if values is None or not len(values):
        return math.nan
    tail = [float(v) for v in values[-max(1, round(len(values) * RECENT)) :] if math.isfinite(float(v))]
    return sum(tail) / len(tail) if tail else math.nan


def findings(report: ReportData) -> list[Remark]:
    """Every kind of finding once, as it was told last, with the step at which it healed."""
    found: dict[str, Remark] = {}
    for event in report.events:
        kind, step = str(event.get("finding", "")), _step(event)
        if event.get("event") == "finding":
            title = str(event.get("title") or kind.replace("-", " ").capitalize())
            since = event.get("since")
            begun = since if isinstance(since, int) and not isinstance(since, bool) else step
            found[kind] = Remark(kind, title, str(event.get("text", "")), begun)
        elif event.get("event") == "healed" and kind in found:
            old = found[kind]
            found[kind] = Remark(kind, old.title, old.text, old.step, step)
    return list(found.values())


def since(remark: Remark) -> str:
    """When a finding began, and when it ended."""
    begun = f"Since {step_words(remark.step)}"
    return f"{begun}; no longer at {step_words(remark.healed)}." if remark.healed is not None else f"{begun}."


def moments(report: ReportData) -> list[Moment]:
    """What happened, in order; many checkpoints in a row are one line."""
    found: list[Moment] = []
    for event in report.events:
        text = _told(event)
        if not text:
            continue
        moment = Moment(_time(event), _step(event), text)
        if found and text == found[-1].text == SAVED:
            found[-1] = moment
        else:
            found.append(moment)
    return found


def _told(event: Event) -> str:
    kind = event.get("event")
    device = f" on {event['device']}" if "device" in event else ""
    if kind == "changed":
        key, old, new = event.get("key", "?"), event.get("old"), event.get("new")
        return f"{key}: {in_words(old)} → {in_words(new)}"
    if kind == "finding":
        return f"finding: {event.get('title') or event.get('finding', '')}"
    if kind == "failed":
        return f"failed: {event.get('problem', '')}"
    if kind == "finished":
        return {"stopped": "stopped", "done": "finished"}.get(str(event.get("reason")), "finished")
    return {
        "started": f"started{device}",
        "resumed": f"resumed{device}",
        "paused": "paused",
        "checkpoint": SAVED,
        "rolled back": "rolled back to an earlier state",
        "healed": f"no longer: {event.get('finding', '')}",
    }.get(str(kind), "")


def _time(event: Event) -> float:
    told = event.get("time")
    return float(told) if isinstance(told, int | float) and math.isfinite(told) else math.nan


def _step(event: Event) -> int:
    told = event.get("step")
    return told if isinstance(told, int) and not isinstance(told, bool) else 0


def _lower(text: str) -> str:
    text = text.strip().rstrip(".")
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def versions(report: ReportData) -> Iterator[tuple[str, str]]:
    """What it ran on and with, as title and text."""
    titles = {
        "started": "Started", "ganstudio": "GAN Studio", "torch": "PyTorch", "device": "Device",
        "processor": "Processor",
    }  # fmt: skip
    for key, title in titles.items():
        if key in report.facts:
            told = str(report.facts[key])
            yield title, told.replace("T", " ").replace("+00:00", " UTC") if key == "started" else told
