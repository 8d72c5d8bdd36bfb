"""Small pieces of HTML and SVG. Every text goes through :func:`text`: names and notes are what people typed."""

from __future__ import annotations

import base64
import html
import json
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

from ganstudio.reports.colors import DASH_ARRAYS, light
from ganstudio.reports.curves import Chart, Thinned
from ganstudio.reports.drawing import Frame, Points, bars, frame_of, raw, smooth, ticks

UNSHOWN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
"""What no document may hold, and marks that would turn the text around them."""
WIDTH, HEIGHT = 480, 210
LEFT, RIGHT, TOP, BOTTOM = 46, 10, 10, 24


def clean(words: object) -> str:
    """A text without characters that no document may hold."""
    return UNSHOWN.sub("\ufffd", str(words))


def text(words: object) -> str:
    """A text as HTML, safe in an element and in a quoted attribute."""
    return html.escape(clean(words), quote=True)


def element(tag: str, inner: str = "", **attributes: object) -> str:
    """An element around finished HTML; ``class_`` is ``class``, an underscore is a hyphen, ``None`` is left out."""
    told = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{text(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    return f"<{tag}{told}>{inner}</{tag}>"


def paragraph(words: object, class_: str | None = None) -> str:
    """A paragraph of plain text."""
    return element("p", text(words), class_=class_)


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], class_: str = "", numbers: Sequence[int] = ()
) -> str:
    """A table of finished HTML cells under titles of plain text; columns in ``numbers`` are set to the right.

    Every cell carries its column's title, so that a narrow screen can show it as a list.
    """
    side = ["number" if i in numbers else None for i in range(len(head))]
    top = "".join(element("th", text(title), scope="col", class_=side[i]) for i, title in enumerate(head))
    body = "".join(
        element(
            "tr",
            "".join(
                element("td", cell, data_title=head[i] or None, class_=side[i]) for i, cell in enumerate(row)
            ),
        )
        for row in rows
    )
    titles = element("thead", element("tr", top)) if any(head) else ""
    whole = element("table", titles + element("tbody", body), class_=class_ or None)
    return element("div", whole, class_="scroll")


def picture(png: bytes, alt: str, width: int, height: int, **attributes: object) -> str:
    """An ``img`` that carries its PNG."""
    source = "data:image/png;base64," + base64.b64encode(png).decode()
    told = {"src": source, "alt": alt, "width": width, "height": height} | attributes
    return (
        "<img"
        + "".join(f' {n.rstrip("_").replace("_", "-")}="{text(v)}"' for n, v in told.items() if v)
        + ">"
    )


def in_script(record: Any) -> str:
    """JSON that can stand in a script element: no ``<``, and null for what is no finite number."""
    packed = json.dumps(finite(record), separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return packed.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def finite(value: Any) -> Any:
    """The value with ``None`` for every number that is not finite and clean texts."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {clean(key): finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [finite(inner) for inner in value]
    return clean(value) if isinstance(value, str) else value


def chart_record(chart: Chart) -> dict[str, Any]:
    """A chart as the page's script reads it."""
    return {
        "key": chart.key,
        "bounds": chart.bounds,
        "theory": chart.theory,
        "marks": [step for step, _ in chart.marks],
        "lines": [
            {"label": line.label, "color": line.color, "dash": line.dash} | series_record(line.values)
            for line in chart.lines
        ],
    }


def series_record(values: Thinned) -> dict[str, Any]:
    """A thinned series; ``low`` and ``high`` only where they differ from ``mean``."""
    record: dict[str, Any] = {
        "stride": values.stride, "step": values.step.tolist(), "mean": values.mean.tolist(),
    }  # fmt: skip
    if values.stride > 1:
        record |= {"low": values.low.tolist(), "high": values.high.tolist()}
    return record


def chart_svg(chart: Chart, alone: bool = False) -> str:
    """A chart as SVG: coloured by the page's variables, or ``alone`` in the colours of paper with its own legend."""
    top = TOP + (16 if alone else 0)
    frame = frame_of(chart, LEFT, top, WIDTH - LEFT - RIGHT, HEIGHT - top - BOTTOM)
    ink = light if alone else _variable
    parts = [*_axes(frame, ink), *_expected(chart, frame, ink)]
    for line in chart.lines:
        color, dash = ink(line.color), DASH_ARRAYS[line.dash] or None
        if chart.points:
            parts += _bars(line.values, frame, color)
            continue
        parts.append(_path(raw(line.values, frame), color, 1, 0.35, dash))
        parts.append(_path(smooth(line.values, frame), color, 1.75, None, dash))
    if alone:
        parts.insert(0, element("rect", width=WIDTH, height=HEIGHT, fill=light("card")))
        parts += _legend(chart)
    label = f"{chart.title}: " + ", ".join(f"{line.label} {line.values.last:.4g}" for line in chart.lines)
    return element(
        "svg",
        "".join(parts),
        xmlns="http://www.w3.org/2000/svg" if alone else None,
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        aria_label=label,
        font_family="system-ui, sans-serif" if alone else None,
        font_size=11,
        class_=None if alone else "plot",
    )


def _variable(token: str) -> str:
    return f"var(--{token})"


def _axes(frame: Frame, ink: Any) -> list[str]:
    across, up = ticks(frame)
    bottom, right = frame.top + frame.height, frame.left + frame.width
    parts = [
        element("path", d=f"M{frame.left} {y:.1f}H{right}", stroke=ink("grid"), fill="none") for y, _ in up
    ]
    parts += [
        element("text", text(words), x=frame.left - 6, y=f"{y + 4:.1f}", text_anchor="end", fill=ink("muted"))
        for y, words in up
    ]
    parts += [
        element(
            "text", text(words), x=f"{x:.1f}", y=bottom + 16, text_anchor=_anchor(x, right), fill=ink("muted")
        )
        for x, words in across
    ]
    return parts


def _anchor(x: float, right: float) -> str:
    return "end" if x > right - 12 else "middle"


def _expected(chart: Chart, frame: Frame, ink: Any) -> list[str]:
    """Dashed lines at what theory expects, dotted ones where something changed."""
    right, parts = frame.left + frame.width, list[str]()
    for words, value in chart.theory:
        if frame.values[0] <= value <= frame.values[1]:
            y = frame.y(value)
            parts.append(
                element(
                    "path",
                    d=f"M{frame.left} {y:.1f}H{right}",
                    stroke=ink("muted"),
                    stroke_dasharray="5 4",
                    fill="none",
                )
            )
            parts.append(
                element(
                    "text", text(words), x=right - 2, y=f"{y - 4:.1f}", text_anchor="end", fill=ink("muted")
                )
            )
    for step, words in chart.marks:
        x, bottom = frame.x(step), frame.top + frame.height
        line = element(
            "path", d=f"M{x:.1f} {frame.top}V{bottom}", stroke=ink("accent"), stroke_dasharray="1 3"
        )
        parts.append(element("g", element("title", text(words)) + line))
    return parts


def _path(points: Points, color: str, width: float, opacity: float | None, dash: str | None) -> str:
    """A curve; a single value is a dot."""
    d = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in (points if len(points) > 1 else points * 2))
    return element(
        "path", d=d, stroke=color, stroke_width=width, fill="none", stroke_linejoin="round", stroke_linecap="round",
        opacity=opacity, stroke_dasharray=dash,
    )  # fmt: skip


def _bars(values: Thinned, frame: Frame, color: str) -> list[str]:
    """Numbers as dots on a thin line, each with its interval as a bar."""
    rows = bars(values, frame)
    parts = [_path([(x, middle) for x, _, middle, _ in rows], color, 1, 0.5, None)]
    for x, bottom, middle, top in rows:
        ends = f"M{x:.1f} {bottom:.1f}V{top:.1f}M{x - 4:.1f} {bottom:.1f}h8M{x - 4:.1f} {top:.1f}h8"
        parts.append(element("path", d=ends, stroke=color, fill="none"))
        parts.append(element("circle", cx=f"{x:.1f}", cy=f"{middle:.1f}", r=3.5, fill=color))
    return parts


def _legend(chart: Chart) -> list[str]:
    """The chart's title and the names of its curves, in a row at the top."""
    parts, x = (
        [element("text", text(chart.title), x=8, y=15, font_weight=600, fill=light("text"))],
        20 + 7 * len(chart.title),
    )
    for line in chart.lines:
        parts.append(element("text", text(line.label), x=x, y=15, fill=light(line.color)))
        x += 12 + 6 * len(line.label)
    return parts
