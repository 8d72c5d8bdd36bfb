"""The report as Markdown with a folder of pictures beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import quote

from ganstudio.core.numbers import duration, whole
from ganstudio.core.numbers import step as step_words
from ganstudio.reports import compare, figures, settings, words
from ganstudio.reports.curves import Chart, charts_of, courses_of
from ganstudio.reports.data import ReportData
from ganstudio.reports.details import pictured_words
from ganstudio.reports.markup import chart_svg, clean
from ganstudio.reports.parts import CURVES, EVENTS, MEASUREMENTS, SAMPLES, SETTINGS, Making
from ganstudio.reports.pictures import Shot, pairs_shot, shots

SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&$])")
SHOTS = 8


def escaped(words: object) -> str:
    """A text on one line in which nothing is Markdown or HTML."""
    return SPECIAL.sub(r"\\\1", " ".join(clean(words).split()))


def sentence(words: object) -> str:
    """A text of the program's own words: only what could start a tag or a table cell is escaped."""
    return re.sub(r"([\\<>|`*_\[\]#])", r"\\\1", " ".join(clean(words).split()))


def code(words: object) -> str:
    """A text as code on one line, fenced by one more backtick than it holds."""
    plain = " ".join(clean(words).split()).replace("|", "\\|")
    fence = "`" * (max((len(run) for run in re.findall("`+", plain)), default=0) + 1)
    pad = " " if plain.startswith("`") or plain.endswith("`") else ""
    return f"{fence}{pad}{plain}{pad}{fence}"


def block(words: str, kind: str = "") -> str:
    """Code over several lines."""
    fence = "`" * max(3, max((len(run) for run in re.findall("`+", words)), default=0) + 1)
    return f"{fence}{kind}\n{clean(words).rstrip()}\n{fence}"


def grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of finished cells."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def write_markdown(reports: Sequence[ReportData], out: Path, making: Making) -> list[Path]:
    """``out`` and, beside it, ``NAME-files`` with its pictures."""
    folder = out.with_name(f"{out.stem}-files")
    pictures = _Pictures(folder, making)
    content = _single(reports[0], pictures) if len(reports) == 1 else _several(reports, pictures)
    return [making.write(out, content.encode("utf-8")), *pictures.written]


class _Pictures:
    """Writes pictures into the folder beside the text and gives the words that show them."""

    def __init__(self, folder: Path, making: Making) -> None:
        self.folder, self.making = folder, making
        self.written: list[Path] = []

    def _show(self, name: str, data: bytes, alt: str) -> str:
        self.folder.mkdir(exist_ok=True)
        self.written.append(self.making.write(self.folder / name, data))
        address = "/".join(_address(part) for part in (self.folder.name, name))
        return f"![{escaped(alt)}]({address})"

    def shot(self, shot: Shot, alt: str, name: str = "samples") -> str:
        """A grid of samples."""
        return self._show(f"{name}-{shot.step:06d}.png", shot.png, alt)

    def chart(self, chart: Chart) -> str:
        """A chart as SVG."""
        told = ", ".join(f"{line.label} {line.values.last:.4g}" for line in chart.lines)
        name = re.sub(r"[^a-z0-9-]+", "-", chart.key.lower())
        return self._show(
            f"{name}.svg", chart_svg(chart, alone=True).encode("utf-8"), f"{chart.title}: {told}"
        )


def _address(part: str) -> str:
    return quote(clean(part), safe="")


def _single(report: ReportData, pictures: _Pictures) -> str:
    parts = pictures.making.parts
    film = shots(report, SHOTS) if SAMPLES in parts else []
    sections = [f"# {escaped(report.name)}", "\n\n".join(sentence(line) for line in words.summary(report))]
    if film:
        sections.append(pictures.shot(film[-1], f"Samples at {step_words(film[-1].step)}"))
    remarks = words.findings(report) if EVENTS in parts else []
    if remarks:
        sections += ["## Findings", "\n".join(f"- {_remark(remark)}" for remark in remarks)]
    if len(film) > 1:
        shown = [pictures.shot(shot, f"Samples at {step_words(shot.step)}") for shot in film]
        head = [step_words(shot.step) for shot in film]
        sections += ["## Samples over time", grid(head[:4], [shown[:4]])]
        if len(film) > 4:
            sections.append(grid(head[4:], [shown[4:]]))
    charts = charts_of(report) if CURVES in parts else ()
    if charts:
        sections += ["## Curves", *(pictures.chart(chart) for chart in charts)]
    if MEASUREMENTS in parts:
        sections += ["## Measurements", sentence(figures.checkpoint_words(report))]
        sections += [*(pictures.chart(chart) for chart in courses_of(report)), measured(report)]
        pairs = pairs_shot(report)
        if pairs is not None:
            sections.append(pictures.shot(pairs[1], pictured_words(pairs[0]), "nearest"))
    if SETTINGS in parts:
        sections += [
            "## Settings",
            differing(report),
            "### The complete config",
            block(settings.toml(report.config), "toml"),
        ]
    sections += ["## Train it again", block(settings.command(report.config)[0], "sh")]
    sections.append(
        grid(("", ""), [(escaped(title), escaped(told)) for title, told in words.versions(report)])
    )
    if EVENTS in parts and report.events:
        sections += ["## What happened", _history(report)]
    return "\n\n".join(section for section in sections if section) + "\n"


def _remark(remark: words.Remark) -> str:
    healed = f"; no longer at {step_words(remark.healed)}" if remark.healed is not None else ""
    text = f" {escaped(remark.text)}" if remark.text else ""
    return f"**{escaped(remark.title.rstrip('.'))}** (since {step_words(remark.step)}{healed}){text}"


def measured(report: ReportData) -> str:
    """The table of all numbers with their protocols."""
    rows = [
        (
            f"{escaped(figures.title_of(m.metric))} {code(m.metric)}",
            figures.value_words(m),
            figures.spread_words(m),
            "" if m.step is None else whole(m.step),
            escaped(figures.how_words(m)),
        )
        for m in figures.newest(report.measurements)
    ]
    return grid(("Metric", "Value", "Interval", "Step", "How"), rows) if rows else ""


def differing(report: ReportData) -> str:
    """What differs from the recipe's defaults."""
    base = settings.defaults(report.config)
    rows = settings.differences(base, report.config) if base is not None else []
    if not rows:
        return f"Every setting is as {report.variant.title} has it for this data." if base is not None else ""
    return grid(
        ("Setting", "Default", "This run"), [(code(r.key), *(escaped(t) for t in r.texts())) for r in rows]
    )


def _history(report: ReportData) -> str:
    moments = words.moments(report)
    first = next((m.time for m in moments if m.time == m.time), float("nan"))
    rows = [
        (whole(m.step), duration(m.time - first) if m.time >= first else "", escaped(m.text)) for m in moments
    ]
    return grid(("Step", "After", "What"), rows)


def _several(reports: Sequence[ReportData], pictures: _Pictures) -> str:
    parts, names = pictures.making.parts, [escaped(report.name) for report in reports]
    head = ["Run", *(title for title, _ in compare.facts(reports[0]))]
    rows = [
        [name, *(escaped(told) for _, told in compare.facts(r))]
        for name, r in zip(names, reports, strict=True)
    ]
    sections = [f"# {len(reports)} runs compared", sentence(compare.summary(reports)), grid(head, rows)]
    if SETTINGS in parts:
        differ = [
            (code(row.key), *(escaped(told) for told in row.texts())) for row in compare.differing(reports)
        ]
        sections += [
            "## How they differ",
            grid(("Setting", *names), differ) if differ else "All settings are equal.",
        ]
    if SAMPLES in parts:
        sections += ["## Samples of the same step", _side_by_side(reports, names, pictures)]
    if CURVES in parts:
        sections += ["## Curves", *(pictures.chart(chart) for chart in compare.overlaid(reports))]
    columns = compare.columns(reports) if MEASUREMENTS in parts else []
    if columns:
        table = [(escaped(c.title), *(compare.number(value) for value in c.values)) for c in columns]
        sections += ["## Measurements", grid(("Metric", *names), table)]
    sections.append("## Train them again")
    sections += [block(settings.command(report.config)[0], "sh") for report in reports]
    return "\n\n".join(section for section in sections if section) + "\n"


def _side_by_side(reports: Sequence[ReportData], names: Sequence[str], pictures: _Pictures) -> str:
    rows: list[list[str]] = []
    for row in compare.side_by_side(reports):
        cells = [
            pictures.shot(shot, f"{report.name} at {step_words(shot.step)}", f"run-{place}")
            if shot
            else "no samples"
            for place, (report, shot) in enumerate(zip(reports, row, strict=True), 1)
        ]
        step = next((shot.step for shot in row if shot), None)
        rows.append(["" if step is None else step_words(step), *cells])
    return grid(("", *names), rows)
