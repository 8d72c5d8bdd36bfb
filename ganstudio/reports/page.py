"""The parts of the one-file page that tell of a single run."""

from __future__ import annotations

from collections.abc import Sequence

from ganstudio.core.measurement import Measurement
from ganstudio.core.numbers import duration, significant, whole
from ganstudio.core.numbers import step as step_words
from ganstudio.reports import figures, settings, words
from ganstudio.reports.curves import Chart, courses_of
from ganstudio.reports.data import ReportData
from ganstudio.reports.details import detail_words, pictured_words
from ganstudio.reports.markup import chart_svg, element, paragraph, picture, table, text
from ganstudio.reports.pictures import Shot, last_shot, pairs_shot, shots

STATES = {
    words.COMPLETE: "good", words.TRAINING: "busy", words.BROKEN: "warn", words.FAILED: "warn",
}  # fmt: skip
SMALL = "small"


def heading(title: str, about: str, state: str = "") -> str:
    """The top of the page."""
    mark = element("span", text(state), class_=f"state {STATES.get(state, '')}".strip()) if state else ""
    return element("h1", text(title)) + element("div", mark + element("span", text(about)), class_="line")


def about(report: ReportData) -> str:
    """What kind of run it is, in one line."""
    started = next((told for title, told in words.versions(report) if title == "Started"), "")
    return " · ".join(part for part in (report.variant.title, report.source, started) if part)


def opening(report: ReportData, with_picture: bool) -> str:
    """The summary in plain words, the newest samples beside it, and the figures that matter."""
    first, *others = words.summary(report)
    told = paragraph(first, "lead") + "".join(paragraph(line) for line in others)
    shot = last_shot(report) if with_picture else None
    image = _picture(shot, f"Samples at {step_words(shot.step)}") if shot else ""
    return element("div", element("div", told + tiles(report)) + image, class_="hero")


def tiles(report: ReportData) -> str:
    """A few figures, large."""
    speed = report.metrics.values.get("rate/images_per_second")
    rates = [float(v) for v in speed if v == v] if speed is not None else []
    found = [("Steps", whole(report.step))]
    if report.images:
        found += [("Images seen", whole(report.images)), ("Time", duration(report.seconds))]
    if rates:
        found.append(("Images per second", significant(sorted(rates)[len(rates) // 2])))
    best = figures.best(report)
    if best is not None:
        found.append((best.measurement.metric, significant(best.measurement.value)))
    return element(
        "dl",
        "".join(
            element("div", element("dt", text(title)) + element("dd", text(told))) for title, told in found
        ),
        class_="tiles",
    )


def found(report: ReportData) -> str:
    """Findings of the diagnosis; empty where there was none."""
    return "".join(
        element(
            "div",
            element("h3", text(remark.title.rstrip(".")))
            + (paragraph(remark.text) if remark.text else "")
            + paragraph(words.since(remark), "muted"),
            class_="finding" if remark.healed is None else "finding healed",
        )
        for remark in words.findings(report)
    )


def _picture(shot: Shot, alt: str, class_: str = "") -> str:
    kind = f"{class_} {SMALL if shot.small else ''}".strip()
    return picture(shot.png, alt, shot.width, shot.height, class_=kind)


def samples(report: ReportData) -> str:
    """Saved grids over time: a film, above it a large one that the slider moves."""
    film = shots(report)
    if not film:
        return ""
    strip = "".join(
        element(
            "figure",
            _picture(shot, f"Samples at {step_words(shot.step)}")
            + element("figcaption", text(step_words(shot.step))),
        )
        for shot in film
    )
    slider = (
        '<div class="steer"><input type="range" id="time" min="0" max="0" step="1" aria-label="Step of the samples">'
        '<output id="time-value" for="time"></output></div>'
    )
    large = element("div", '<img class="big" id="stage" alt="">' + slider, class_="stage-box", hidden="")
    note = f"The same latent vectors over time, drawn from the averaged weights: {len(film)} of "
    note += f"{len(report.samples)} saved grids."
    return paragraph(note, "note") + element(
        "div", large + element("div", strip, class_="film"), class_="stage alone"
    )


CONTROLS = (
    '<div class="controls"><label>Smoothing <input type="range" id="smoothing" min="0" max="0.99" step="0.01" '
    'value="0.9"><output id="smoothing-value" for="smoothing">0.90</output></label>'
    '<label><input type="checkbox" id="log"> Logarithmic axis</label>'
    "<span>Point at a chart, tap it or use the arrow keys to read values; the bold line is smoothed.</span></div>"
)


def curves(charts: Sequence[Chart]) -> str:
    """All charts as cards; each stands as it is, the page's script makes it answer."""
    cards = "".join(_card(chart) for chart in charts)
    return CONTROLS + element("div", cards, class_="charts") if charts else ""


def _card(chart: Chart) -> str:
    keys = "".join(
        element(
            "span",
            element("i", class_=f"swatch {line.dash}", style=f"border-color:var(--{line.color})")
            + text(line.label)
            + " "
            + element("b", text(significant(line.values.last)), data_last=significant(line.values.last)),
        )
        for line in chart.lines
    )
    inside = element("h3", text(chart.title)) + element(
        "div", keys + '<span class="at muted"></span>', class_="keys"
    )
    note = paragraph(chart.help, "note") if chart.help else ""
    return element("div", inside + chart_svg(chart) + note, class_="card chart", id=f"chart-{chart.key}")


def measurements(report: ReportData) -> str:
    """Every number with its interval and its whole protocol."""
    rows = [_measured(m) for m in figures.newest(report.measurements)]
    if not rows:
        return paragraph(f"Nothing has been measured. To measure: ganstudio evaluate {report.name}", "muted")
    head = ("Metric", "Value", "Interval", "Real samples", "Step")
    course = element("div", "".join(_card(chart) for chart in courses_of(report)), class_="charts course")
    told = paragraph(figures.checkpoint_words(report)) + (course if figures.courses(report) else "")
    return told + table(head, rows, "cards measured", numbers=(1, 2, 3, 4)) + _pairs(report)


def _pairs(report: ReportData) -> str:
    """The memorisation test's samples beside their nearest training pictures."""
    found = pairs_shot(report)
    if found is None:
        return ""
    measurement, shot = found
    image = picture(shot.png, "Samples beside their nearest training pictures", shot.width, shot.height)
    caption = element("figcaption", text(pictured_words(measurement)))
    return element("figure", image + caption, class_="pairs")


def _measured(m: Measurement) -> list[str]:
    better = figures.better_words(m.metric)
    first = element("b", text(figures.title_of(m.metric))) + f" <code>{text(m.metric)}</code>"
    first += element("small", text("; ".join([*([better] if better else []), *figures.protocol_words(m)])))
    first += "".join(element("small", text(sentence)) for sentence in detail_words(m))
    first += "".join(element("small", text(warning), class_="warn") for warning in m.warnings)
    return [
        first,
        element("b", text(figures.value_words(m))),
        text(figures.spread_words(m)),
        text(figures.real_words(m)),
        text("" if m.step is None else whole(m.step)),
    ]


def configuration(report: ReportData) -> str:
    """What differs from the recipe's defaults, then everything."""
    config, title = report.config, report.variant.title
    base = settings.defaults(config)
    rows = settings.differences(base, config) if base is not None else []
    if base is None:
        told = paragraph(f"{title} has no defaults for this data to compare with.", "muted")
    elif not rows:
        told = paragraph(f"Every setting is as {title} has it for this data.", "muted")
    else:
        told = paragraph(f"What differs from the defaults of {title} for this data.", "note")
        told += table(
            ("Setting", "Default", "This run"),
            [
                [f"<code>{text(r.key).replace('.', '.<wbr>')}</code>", *(text(t) for t in r.texts())]
                for r in rows
            ],
        )
    complete = element("summary", "The complete config") + element("pre", text(settings.toml(config)))
    return told + element("details", complete)


def again(report: ReportData) -> str:
    """The one command, what it needs, and versions."""
    command, exact = settings.command(report.config)
    told = element("pre", text(command))
    if not exact:
        told = paragraph("Save the complete config below as run.toml, then:") + told
    if "=FOLDER" in command:
        told += paragraph("Put your own folder in the place of FOLDER.", "muted")
    if any(event.get("event") == "changed" for event in report.events):
        told += paragraph(
            "Settings were changed while the run went on (see what happened): the command trains with those of its "
            "config from the first step.",
            "muted",
        )
    told += paragraph(
        "Equal configs on the same machine and versions train equal networks; elsewhere the last digits may differ.",
        "muted",
    )
    rows = [[text(title), text(value)] for title, value in words.versions(report)]
    return told + (table(("", ""), rows) if rows else "")


def history(report: ReportData) -> str:
    """What happened when."""
    moments = words.moments(report)
    first = next((m.time for m in moments if m.time == m.time), float("nan"))
    rows = [
        [
            text(whole(m.step)),
            text(duration(m.time - first) if m.time == m.time and m.time >= first else ""),
            text(m.text),
        ]
        for m in moments
    ]
    return table(("Step", "After", "What"), rows, numbers=(0, 1)) if rows else ""
