"""The page: one file without a network, every id found, every number that of the run, every text escaped."""

from __future__ import annotations

import base64
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from support.reported import measurement, values_at

from ganstudio.core.runs import RunFolder
from ganstudio.reports.data import ReportData, read_report
from ganstudio.reports.html import several, single
from ganstudio.reports.markup import in_script, text
from ganstudio.reports.parts import CURVES, MEASUREMENTS, PARTS, SAMPLES, Making
from ganstudio.reports.pictures import chosen_steps, shots

VOID = {"meta", "img", "input", "br", "rect", "path", "wbr"}


class Page(HTMLParser):
    """Reads a page strictly: tags must close in order."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.scripts: list[str] = []
        self.feed(content)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, names)
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID or tag in ("rect", "path"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, tag

    def handle_data(self, data):
        (self.scripts if self.open and self.open[-1] == "script" else self.words).append(data)

    def told(self) -> str:
        """All words on the page."""
        return " ".join(self.words).replace("\u00a0", " ")

    def charts(self) -> list[dict]:
        """What the script reads."""
        return json.loads(self.scripts[0])["charts"]


@pytest.fixture
def page(report: ReportData) -> Page:
    return Page(single(report, Making()))


def test_nothing_comes_from_outside(report: ReportData) -> None:
    content = single(report, Making())
    for tag, attributes in Page(content).tags:
        for name in ("src", "href", "srcset", "action", "data", "poster", "xlink:href"):
            value = attributes.get(name, "")
            assert not value or value.startswith(("data:image/png;base64,", "#")), (tag, name, value)
        assert tag not in ("link", "iframe", "object", "embed", "base", "form")
    assert "url(" not in content and "@import" not in content and "fetch(" not in content
    policy = next(a["content"] for t, a in Page(content).tags if a.get("http-equiv"))
    assert policy.startswith("default-src 'none'")


def test_every_id_is_there_once_and_every_reference_resolves(page: Page) -> None:
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    for _, attributes in page.tags:
        for name in ("href", "for"):
            if name in attributes:
                assert attributes[name].removeprefix("#") in ids
    asked = set(re.findall(r'getElementById\("([\w-]+)"\)', page.scripts[1]))
    assert asked - {"chart-"} <= set(ids)
    assert {f"chart-{chart['key']}" for chart in page.charts()} <= set(ids)


def test_the_numbers_are_those_of_the_run(page: Page, run: Path) -> None:
    written = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    losses = page.charts()[0]["lines"]
    assert losses[0]["step"] == [record["step"] for record in written]
    assert losses[0]["mean"] == [record["loss/generator"] for record in written]
    assert losses[1]["mean"] == [record["loss/discriminator"] for record in written]
    told = page.told()
    assert f"{values_at(40)['loss/generator']:.2f}" in told
    assert "30.25" in told and "29.2 to 31.2" in told and "Too few samples." in told
    assert "ganstudio train digits-dcgan --set steps=40" in told


def test_a_metric_measured_twice_has_a_chart_with_its_intervals(page: Page, run: Path) -> None:
    dots = [a for tag, a in page.tags if tag == "circle"]
    assert len(dots) == 2 and float(dots[0]["cx"]) < float(dots[1]["cx"])
    assert float(dots[0]["cy"]) < float(dots[1]["cy"])  # 40.5 lies above 30.25
    assert "chart-measured-fd-domain" in [a.get("id") for _, a in page.tags]


def test_samples_are_the_saved_pictures(page: Page, run: Path) -> None:
    images = [a for t, a in page.tags if t == "img" and a.get("src")]
    assert [a["alt"].replace("\u00a0", " ") for a in images] == [
        "Samples at step 40", "Samples at step 0", "Samples at step 20", "Samples at step 40",
    ]  # fmt: skip
    png = base64.b64decode(images[-1]["src"].partition(",")[2])
    assert Image.open(io.BytesIO(png)).getpixel((3, 3)) == 200
    assert "small" in images[-1]["class"]


def test_parts_can_be_left_out(report: ReportData) -> None:
    bare = Page(single(report, Making(frozenset())))
    assert bare.charts() == [] and not [a for t, a in bare.tags if t == "img" and a.get("src")]
    assert "Findings" not in bare.told() and "Measurements" not in bare.told()
    for part in (CURVES, SAMPLES, MEASUREMENTS):
        assert len(single(report, Making(frozenset(PARTS) - {part}))) < len(single(report, Making()))


def test_several_runs_stand_beside_each_other(make_run) -> None:
    paths = [make_run("one"), make_run("two", seed=9, optimizer__generator__lr=0.01)]
    for path, value in zip(paths, (5.5, 4.25), strict=True):
        RunFolder(path).append_evaluation(measurement("fd-domain", value, 40))
    page = Page(several([read_report(path) for path in paths], Making()))
    told = page.told()
    assert (
        "2 runs of DCGAN on Handwritten digits. They differ in 2 settings: optimizer.generator.lr, seed."
        in told
    )
    assert "5.500" in told and "4.250" in told
    first = page.charts()[0]
    assert [line["color"] for line in first["lines"]] == ["run-1", "run-2"]
    captions = [a["alt"].replace("\u00a0", " ") for t, a in page.tags if t == "img" and a.get("src")]
    assert captions[:2] == ["one at step 40", "two at step 40"] and "one at step 20" in captions


def test_runs_with_no_step_in_common_show_their_last_samples(make_run) -> None:
    reports = [read_report(make_run("one", pictures=(0, 10))), read_report(make_run("two", pictures=(0, 15)))]
    told = Page(several(reports, Making())).told()
    assert "step 10" in told and "step 15" in told


NASTY = st.text(max_size=40) | st.sampled_from(
    [
        "</script><script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "<!--",
        "]]>",
        "&lt;",
        "\u202eevil",
        "'",
    ]
)


@given(NASTY, NASTY)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
def test_what_people_typed_stays_text(report: ReportData, one: str, other: str) -> None:
    metrics = replace(
        report.metrics, values=report.metrics.values | {f"penalty/{one}": report.metrics.seconds}
    )
    events = (
        {"event": "finding", "finding": one, "title": one, "text": other, "step": 3},
        {"event": "changed", "key": other, "old": one, "new": other, "step": 4},
    )
    odd = measurement(one, 3.0, 40, warnings=(other,), how=other)
    changed = replace(
        report, folder=report.folder.with_name("x" + one.replace("/", "")), events=events, metrics=metrics,
        measurements=(odd,), facts={"device": other},
    )  # fmt: skip
    plain = {tag for tag, _ in Page(single(report, Making())).tags}
    for content in (single(changed, Making()), several([changed, report], Making())):
        page = Page(content)
        assert {tag for tag, _ in page.tags} <= plain | {"small", "h3", "figure", "table"}
        assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
        assert len(page.scripts) == 2
        content.encode("utf-8")


@given(st.text())
def test_escaped_text_reads_as_it_was(words: str) -> None:
    class Reader(HTMLParser):
        got = ""

        def handle_data(self, data):
            self.got += data

    reader = Reader()
    reader.feed(f"<p>{text(words)}</p>")
    reader.close()
    assert all(a == b or b == "\ufffd" for a, b in zip(words, reader.got, strict=True))


RECORDS = st.recursive(
    st.text() | st.floats() | st.none(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=8,
)


@given(RECORDS)
def test_data_cannot_leave_its_script(record) -> None:
    packed = in_script(record)
    assert "<" not in packed and "&" not in packed
    json.loads(packed)


# ---------------------------------------------------------------- pictures


@given(st.lists(st.integers(0, 10**6), unique=True, max_size=200).map(sorted), st.integers(2, 30))
def test_a_choice_of_steps_keeps_first_and_last(steps: list[int], most: int) -> None:
    chosen = chosen_steps(steps, most)
    assert len(chosen) <= max(most, 2) and set(chosen) <= set(steps) and chosen == sorted(chosen)
    if steps:
        assert chosen[0] == steps[0] and chosen[-1] == steps[-1]


def test_pictures_stay_within_their_budget(report: ReportData) -> None:
    whole = shots(report)
    size = len(whole[-1].png)
    fewer = shots(report, budget=2 * size)
    assert [shot.step for shot in whole] == [0, 20, 40]
    assert sum(len(shot.png) for shot in fewer) <= 2 * size and fewer[-1].step == 40
    assert [shot.step for shot in shots(report, budget=1)] == [40]
