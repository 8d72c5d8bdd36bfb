"""The report on paper: A4 pages by reportlab, curves as vectors."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from reportlab.graphics.shapes import Circle, Drawing, Line, PolyLine, String
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Image, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

import ganstudio
from ganstudio.core.numbers import significant, whole
from ganstudio.core.numbers import step as step_words
from ganstudio.reports import compare, figures, settings, words
from ganstudio.reports.colors import light
from ganstudio.reports.curves import Chart, Thinned, charts_of, courses_of
from ganstudio.reports.data import ReportData
from ganstudio.reports.details import pictured_words
from ganstudio.reports.drawing import Frame, Points, bars, frame_of, raw, smooth, ticks
from ganstudio.reports.fonts import Typeface, typeface
from ganstudio.reports.markup import text
from ganstudio.reports.parts import CURVES, EVENTS, MEASUREMENTS, SAMPLES, SETTINGS, Making
from ganstudio.reports.pictures import Shot, enlarged, pairs_shot, shots

MARGIN = 16 * mm
FRAME = 6
"""What reportlab leaves free inside the margins."""
INNER = A4[0] - 2 * (MARGIN + FRAME)
MOST_KEYS, LONGEST_KEY = 12, 40
"""Names in the legend of a chart on paper, and letters of each."""
COLUMNS = 5
"""Runs in one table on paper."""
LONGEST_CELL = 1200
"""Letters of a cell: a row that is higher than a page cannot be set."""
GAP = 6 * mm
CHART_HEIGHT = 46 * mm
Anchor = Literal["start", "middle", "end"]
DASHES: dict[str, Any] = {"solid": None, "dash": [4, 2.5], "dot": [1, 2]}


def shorter(told: str, most: int) -> str:
    """At most so many letters of a text."""
    return told if len(told) <= most else told[: most - 1] + "…"


@dataclass(frozen=True)
class _Pen:
    """Turns texts, tables and pictures into what flows over the pages."""

    face: Typeface

    def words(
        self, told: object, size: float = 9.5, color: str = "text", bold: bool = False, gap: float = 4
    ) -> Paragraph:
        """A paragraph of plain text."""
        style = ParagraphStyle(
            "words", fontName=self.face.bold if bold else self.face.regular, fontSize=size, leading=size * 1.4,
            textColor=HexColor(light(color)), spaceAfter=gap, splitLongWords=True,
        )  # fmt: skip
        return Paragraph(text(self.face.shown(told)), style)

    def title(self, told: str) -> Flowable:
        """The heading of a section."""
        heading = self.words(told, 13, bold=True)
        heading.style.spaceBefore, heading.style.keepWithNext = 12, 1
        return heading

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[float]) -> Table:
        """A table of plain texts; ``shares`` of the page's width, one for each column."""
        top = [self.words(cell, 8, "muted", gap=0) for cell in head]
        body = [[self.words(shorter(cell, LONGEST_CELL), 8.5, gap=0) for cell in row] for row in rows]
        line = HexColor(light("line"))
        return Table(
            [top, *body], colWidths=[INNER * s / sum(shares) for s in shares], repeatRows=1, hAlign="LEFT",
            style=[("LINEBELOW", (0, 0), (-1, -1), 0.5, line), ("VALIGN", (0, 0), (-1, -1), "TOP"),
                   ("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 6)],
        )  # fmt: skip

    def side(self, cells: Sequence[Flowable | list[Flowable]], columns: int) -> Table:
        """Pictures or charts in columns of equal width."""
        filled: list[Any] = [*cells, *[""] * (-len(cells) % columns)]
        rows = [filled[i : i + columns] for i in range(0, len(filled), columns)]
        return Table(
            rows, colWidths=[INNER / columns] * columns, hAlign="LEFT",
            style=[("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0),
                   ("RIGHTPADDING", (0, 0), (-1, -1), 8)],
        )  # fmt: skip

    def shot(self, shot: Shot, width: float, caption: str) -> list[Flowable]:
        """A grid of samples with its words; small ones are enlarged pixel by pixel."""
        image = Image(io.BytesIO(enlarged(shot)), width, width * shot.height / shot.width)
        image.hAlign = "LEFT"
        return [image, self.words(caption, 7.5, "muted")]

    def chart(self, chart: Chart, width: float) -> list[Flowable]:
        """A chart with its title, and its last values as a legend."""
        legend = self.words(chart.title, 9, bold=True, gap=0)
        return [legend, self._keys(chart), _drawing(chart, width, self.face)]

    def _keys(self, chart: Chart) -> Paragraph:
        """The names of the curves in their colours, each with its last value; of many runs the first ones."""
        told = [
            f'<font color="{light(line.color)}">{text(self.face.shown(shorter(line.label, LONGEST_KEY)))} '
            f"{text(self.face.shown(significant(line.values.last)))}</font>"
            for line in chart.lines[:MOST_KEYS]
        ]
        if len(chart.lines) > MOST_KEYS:
            told.append(f"and {len(chart.lines) - MOST_KEYS} more")
        style = ParagraphStyle("keys", fontName=self.face.regular, fontSize=8, leading=10.5)
        return Paragraph(" &nbsp; ".join(told), style)


def _drawing(chart: Chart, width: float, face: Typeface) -> Drawing:
    """The curves of a chart as vectors; reportlab's y goes upwards."""
    frame = frame_of(chart, 34, 6, width - 40, CHART_HEIGHT - 24)
    drawing, right = Drawing(width, CHART_HEIGHT), frame.left + frame.width
    across, up = ticks(frame)
    for y, told in up:
        drawing.add(_rule(frame.left, y, right, y, "grid"))
        drawing.add(_label(frame.left - 4, y + 2.5, told, "end", face))
    for x, told in across:
        drawing.add(
            _label(x, frame.top + frame.height + 11, told, "end" if x > right - 10 else "middle", face)
        )
    for told, value in chart.theory:
        if frame.values[0] <= value <= frame.values[1]:
            y = frame.y(value)
            drawing.add(_rule(frame.left, y, right, y, "muted", [3, 2.5]))
            drawing.add(_label(right, y - 2.5, told, "end", face))
    for step, _ in chart.marks:
        drawing.add(
            _rule(frame.x(step), frame.top, frame.x(step), frame.top + frame.height, "accent", [0.8, 2])
        )
    for line in chart.lines:
        if chart.points:
            _add_bars(drawing, line.values, frame, line.color)
            continue
        drawing.add(_curve(raw(line.values, frame), line.color, 0.4, 0.4, line.dash))
        drawing.add(_curve(smooth(line.values, frame), line.color, 1.1, 1.0, line.dash))
    return drawing


def _add_bars(drawing: Drawing, values: Thinned, frame: Frame, color: str) -> None:
    """Numbers as dots on a thin line, each with its interval as a bar."""
    rows = bars(values, frame)
    drawing.add(_curve([(x, middle) for x, _, middle, _ in rows], color, 0.5, 0.5, "solid"))
    for x, bottom, middle, top in rows:
        drawing.add(_rule(x, bottom, x, top, color))
        drawing.add(_rule(x - 2.5, bottom, x + 2.5, bottom, color))
        drawing.add(_rule(x - 2.5, top, x + 2.5, top, color))
        drawing.add(Circle(x, CHART_HEIGHT - middle, 2, fillColor=HexColor(light(color)), strokeColor=None))


def _rule(x: float, y: float, x2: float, y2: float, color: str, dash: Any = None) -> Line:
    return Line(
        x,
        CHART_HEIGHT - y,
        x2,
        CHART_HEIGHT - y2,
        strokeColor=HexColor(light(color)),
        strokeWidth=0.5,
        strokeDashArray=dash,
    )


def _label(x: float, y: float, told: str, anchor: Anchor, face: Typeface) -> String:
    return String(
        x, CHART_HEIGHT - y, face.shown(told), textAnchor=anchor, fontName=face.regular, fontSize=7,
        fillColor=HexColor(light("muted")),
    )  # fmt: skip


def _curve(points: Points, color: str, width: float, opacity: float, dash: str) -> PolyLine:
    """A curve; a single value is a short stroke."""
    plain = HexColor(light(color))
    ink = Color(plain.red, plain.green, plain.blue, alpha=opacity)
    if len(points) == 1:
        points = [points[0], (points[0][0] + 0.5, points[0][1])]
    flat = [number for x, y in points for number in (x, CHART_HEIGHT - y)]
    return PolyLine(flat, strokeColor=ink, strokeWidth=width, strokeLineJoin=1, strokeDashArray=DASHES[dash])


def write_pdf(reports: Sequence[ReportData], out: Path, making: Making) -> list[Path]:
    """Write the pages of one run, or of several."""
    pen = _Pen(typeface())
    making.tell("Reading samples", 0.2)
    flow = (
        _single(reports[0], making.parts, pen) if len(reports) == 1 else _several(reports, making.parts, pen)
    )
    making.tell("Setting the pages", 0.6)
    title = reports[0].name if len(reports) == 1 else f"{len(reports)} runs compared"
    file = io.BytesIO()
    document = SimpleDocTemplate(
        file, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
        title=pen.face.shown(title), author=f"GAN Studio {ganstudio.__version__}", creator="GAN Studio",
    )  # fmt: skip
    number = _footer(pen.face, title)
    document.build(flow, onFirstPage=number, onLaterPages=number)
    return [making.write(out, file.getvalue())]


def _footer(face: Typeface, title: str) -> Any:
    def draw(canvas: Any, _document: Any) -> None:
        canvas.setFont(face.regular, 7)
        canvas.setFillColor(HexColor(light("muted")))
        canvas.drawString(MARGIN, 9 * mm, face.shown(title)[:90])
        canvas.drawRightString(A4[0] - MARGIN, 9 * mm, str(canvas.getPageNumber()))

    return draw


def _single(report: ReportData, parts: frozenset[str], pen: _Pen) -> list[Flowable]:
    film = shots(report, 9) if SAMPLES in parts else []
    flow: list[Flowable] = [pen.words(report.name, 20, bold=True, gap=2)]
    flow.append(
        pen.words(f"{report.variant.title} · {report.source} · {words.state(report)}", 9, "muted", gap=8)
    )
    flow += [pen.words(line, 10.5) for line in words.summary(report)]
    if film:
        flow += [Spacer(1, 6), *pen.shot(film[-1], 78 * mm, f"Samples at {step_words(film[-1].step)}")]
    remarks = words.findings(report) if EVENTS in parts else []
    if remarks:
        flow.append(pen.title("Findings"))
        for remark in remarks:
            flow += [
                pen.words(remark.title, bold=True, gap=0),
                pen.words(f"{remark.text} {words.since(remark)}"),
            ]
    if len(film) > 1:
        width = (INNER - 3 * 8) / 4
        cells: list[Any] = [pen.shot(shot, width, step_words(shot.step)) for shot in film[:-1]]
        flow += [pen.title("Samples over time"), pen.side(cells, 4)]
    if CURVES in parts:
        flow += _charts(charts_of(report), pen)
    if MEASUREMENTS in parts:
        flow += [pen.title("Measurements"), pen.words(figures.checkpoint_words(report))]
        flow += [*_cells(courses_of(report), pen), *_measured(report, pen)]
        pairs = pairs_shot(report)
        if pairs is not None:
            flow += [Spacer(1, 8), KeepTogether(pen.shot(pairs[1], 110 * mm, pictured_words(pairs[0])))]
    if SETTINGS in parts:
        flow += _settings(report, pen)
    flow += [pen.title("Train it again"), pen.words(settings.command(report.config)[0])]
    versions = [list(row) for row in words.versions(report)]
    return [*flow, pen.table(("", ""), versions, (1, 3))] if versions else flow


def _charts(charts: Sequence[Chart], pen: _Pen) -> list[Flowable]:
    if not charts:
        return []
    return [pen.title("Curves"), *_cells(charts, pen)]


def _cells(charts: Sequence[Chart], pen: _Pen) -> list[Flowable]:
    cells: list[Any] = [pen.chart(chart, (INNER - GAP) / 2) for chart in charts]
    return [pen.side(cells, 2)] if cells else []


def _measured(report: ReportData, pen: _Pen) -> list[Flowable]:
    rows = [
        [
            f"{figures.title_of(m.metric)} ({m.metric})",
            figures.value_words(m),
            figures.spread_words(m),
            "" if m.step is None else whole(m.step),
            figures.how_words(m),
        ]
        for m in figures.newest(report.measurements)
    ]
    return (
        [pen.table(("Metric", "Value", "Interval", "Step", "How"), rows, (4, 3, 3, 1.5, 8))] if rows else []
    )


def _settings(report: ReportData, pen: _Pen) -> list[Flowable]:
    base = settings.defaults(report.config)
    rows = settings.differences(base, report.config) if base is not None else []
    title = pen.title("Settings that differ from the defaults")
    cells = [[row.key, *row.texts()] for row in rows]
    return [title, pen.table(("Setting", "Default", "This run"), cells, (3, 2, 2))] if rows else []


def _several(reports: Sequence[ReportData], parts: frozenset[str], pen: _Pen) -> list[Flowable]:
    flow: list[Flowable] = [pen.words(f"{len(reports)} runs compared", 20, bold=True, gap=6)]
    flow.append(pen.words(compare.summary(reports), 10.5, gap=8))
    head = ["Run", *(title for title, _ in compare.facts(reports[0]))]
    rows = [[report.name, *(told for _, told in compare.facts(report))] for report in reports]
    flow.append(pen.table(head, rows, (3, 2, 3, 2, 1.3, 1.7, 2)))
    differ = [[row.key, *row.texts()] for row in compare.differing(reports)] if SETTINGS in parts else []
    flow += _wide("How they differ", ["Setting", *(r.name for r in reports)], differ, pen)
    if SAMPLES in parts:
        flow += [pen.title("Samples of the same step"), *_side_by_side(reports, pen)]
    if CURVES in parts:
        flow += _charts(compare.overlaid(reports), pen)
    columns = compare.columns(reports) if MEASUREMENTS in parts else []
    cells = [[c.title, *(compare.number(value) for value in c.values)] for c in columns]
    flow += _wide("Measurements", ["Metric", *(r.name for r in reports)], cells, pen)
    flow.append(pen.title("Train them again"))
    return [*flow, *(pen.words(f"{r.name}: {settings.command(r.config)[0]}") for r in reports)]


def _wide(title: str, head: Sequence[str], rows: Sequence[Sequence[str]], pen: _Pen) -> list[Flowable]:
    """A table with a column for each run, in several of :data:`COLUMNS` runs below each other."""
    flow: list[Flowable] = [pen.title(title)] if rows else []
    for first in range(1, len(head) if rows else 0, COLUMNS):
        part = slice(first, first + COLUMNS)
        names = [head[0], *head[part]]
        flow += [
            pen.table(names, [[row[0], *row[part]] for row in rows], [2.0, *[1.5] * (len(names) - 1)]),
            Spacer(1, 6),
        ]
    return flow


def _side_by_side(reports: Sequence[ReportData], pen: _Pen) -> list[Flowable]:
    across = min(len(reports), 4)
    width = INNER / across - 8
    tables: list[Flowable] = []
    for row in compare.side_by_side(reports):
        cells: list[Any] = [
            pen.shot(shot, width, f"{report.name}, {step_words(shot.step)}")
            if shot
            else pen.words("no samples")
            for report, shot in zip(reports, row, strict=True)
        ]
        tables.append(pen.side(cast("list[Flowable]", cells), across))
    return tables
