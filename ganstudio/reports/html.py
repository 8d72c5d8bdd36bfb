"""The report as one HTML file: no other file, no network, readable without its script and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import ganstudio
from ganstudio.catalog.presets import shipped
from ganstudio.core.numbers import step as step_words
from ganstudio.core.run_colors import RUNS_DARK, RUNS_LIGHT, run_color
from ganstudio.reports import compare, page, settings, words
from ganstudio.reports.colors import DARK, LIGHT, variables
from ganstudio.reports.curves import Chart, charts_of
from ganstudio.reports.data import ReportData
from ganstudio.reports.markup import chart_record, element, in_script, paragraph, picture, table, text
from ganstudio.reports.parts import CURVES, EVENTS, MEASUREMENTS, SAMPLES, SETTINGS, Making

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
Section = tuple[str, str, str]
"""Its id, its title, its HTML."""


def write_html(reports: Sequence[ReportData], out: Path, making: Making) -> list[Path]:
    """Write the page of one run, or of several beside each other."""
    content = single(reports[0], making) if len(reports) == 1 else several(reports, making)
    return [making.write(out, content.encode("utf-8"))]


def single(report: ReportData, making: Making) -> str:
    """The page of one run."""
    charts = charts_of(report) if CURVES in making.parts else ()
    making.tell("Drawing curves", 0.2)
    curves = page.curves(charts)
    making.tell("Reading samples", 0.4)
    samples = page.samples(report) if SAMPLES in making.parts else ""
    making.tell("Writing the page", 0.8)
    sections: list[Section] = [
        ("findings", "Findings", page.found(report) if EVENTS in making.parts else ""),
        ("samples", "Samples over time", samples),
        ("curves", "Curves", curves),
        ("measurements", "Measurements", page.measurements(report) if MEASUREMENTS in making.parts else ""),
        ("settings", "Settings", page.configuration(report) if SETTINGS in making.parts else ""),
        ("again", "Train it again", page.again(report)),
        ("history", "What happened", page.history(report) if EVENTS in making.parts else ""),
    ]
    top = page.heading(report.name, page.about(report), words.state(report))
    return _document(report.name, top, page.opening(report, SAMPLES in making.parts), sections, charts)


def several(reports: Sequence[ReportData], making: Making) -> str:
    """The page of several runs."""
    charts = compare.overlaid(reports) if CURVES in making.parts else ()
    making.tell("Drawing curves", 0.2)
    curves = page.curves(charts)
    making.tell("Reading samples", 0.4)
    samples = _side_by_side(reports) if SAMPLES in making.parts else ""
    making.tell("Writing the page", 0.8)
    commands = "".join(
        element("h3", text(r.name)) + element("pre", text(settings.command(r.config)[0])) for r in reports
    )
    sections: list[Section] = [
        ("settings", "How they differ", _differences(reports) if SETTINGS in making.parts else ""),
        ("samples", "Samples of the same step", samples),
        ("curves", "Curves", curves),
        ("measurements", "Measurements", _numbers(reports) if MEASUREMENTS in making.parts else ""),
        ("again", "Train them again", commands),
    ]
    title = f"{len(reports)} runs compared"
    top = page.heading(title, ", ".join(report.name for report in reports))
    return _document(title, top, _runs(reports), sections, charts)


def _name(report: ReportData, place: int) -> str:
    color, dash = run_color(place)
    mark = element("i", class_=f"swatch {dash}", style=f"border-color:var(--{color})")
    return mark + element("b", text(report.name))


def _runs(reports: Sequence[ReportData]) -> str:
    """The table of runs, and what became of each."""
    head = ("Run", *(title for title, _ in compare.facts(reports[0])))
    rows = [
        [_name(report, place), *(text(told) for _, told in compare.facts(report))]
        for place, report in enumerate(reports)
    ]
    told = paragraph(compare.summary(reports), "lead")
    return element("section", told + table(head, rows, "cards", numbers=(4, 5, 6)), id="runs")


def _differences(reports: Sequence[ReportData]) -> str:
    rows = compare.differing(reports)
    if not rows:
        return paragraph("All settings are equal: the runs differ by chance of the machine alone.", "muted")
    cells = [
        [f"<code>{text(row.key).replace('.', '.<wbr>')}</code>", *(text(told) for told in row.texts())]
        for row in rows
    ]
    return table(("Setting", *(report.name for report in reports)), cells)


def _side_by_side(reports: Sequence[ReportData]) -> str:
    rows = [row for row in compare.side_by_side(reports) if any(row)]
    cells: list[str] = []
    for row in rows:
        for place, (report, shot) in enumerate(zip(reports, row, strict=True)):
            if shot is None:
                cells.append(element("div", paragraph("No samples", "muted")))
                continue
            alt = f"{report.name} at {step_words(shot.step)}"
            image = picture(shot.png, alt, shot.width, shot.height, class_="small" if shot.small else None)
            title = element("h3", _name(report, place))
            cells.append(
                element("figure", title + image + element("figcaption", text(step_words(shot.step))))
            )
    columns = f"grid-template-columns:repeat({len(reports)},minmax(150px,1fr))"
    return element("div", "".join(cells), class_="side", style=columns) if rows else ""


def _numbers(reports: Sequence[ReportData]) -> str:
    found = compare.columns(reports)
    if not found:
        return paragraph("None of the runs has been measured.", "muted")
    rows = [
        [text(column.title), *(text(compare.number(value)) for value in column.values)] for column in found
    ]
    note = "A row holds only numbers that were measured in the same way."
    head = ("Metric", *(report.name for report in reports))
    return paragraph(note, "note") + table(head, rows, numbers=range(1, len(head)))


def _document(
    title: str, top: str, opening: str, sections: Sequence[Section], charts: Sequence[Chart]
) -> str:
    """Everything in one file."""
    shown = [section for section in sections if section[2]]
    links = "".join(element("a", text(name), href=f"#{id}") for id, name, _ in shown)
    body = "".join(element("section", element("h2", text(name)) + inner, id=id) for id, name, inner in shown)
    made = f"Made by GAN Studio {ganstudio.__version__} on {datetime.now(UTC):%Y-%m-%d at %H:%M} UTC."
    data = in_script({"charts": [chart_record(chart) for chart in charts]})
    resources = shipped("resources") / "report"
    style = (
        f":root{{{variables(LIGHT, RUNS_LIGHT)}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{variables(DARK, RUNS_DARK)}}}}}"
        + (resources / "page.css").read_text("utf-8")
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<title>{text(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        + element("header", top + element("nav", links, aria_label="Parts of the report"), class_="top")
        + element("main", opening + body)
        + element("footer", text(made))
        + f'\n<script type="application/json" id="data">{data}</script>\n'
        + f"<script>{(resources / 'page.js').read_text('utf-8')}</script>\n</body>\n</html>\n"
    )
