"""PDF, Markdown, JSON, CSV and the model card."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.reported import measurement, values_at

from ganstudio.core.runs import RunFolder
from ganstudio.reports import fonts, pdf
from ganstudio.reports.card import card, write_card
from ganstudio.reports.data import ReportData, read_report
from ganstudio.reports.markdown import code, escaped
from ganstudio.reports.parts import Cancelled, Making
from ganstudio.reports.write import write_report

PAGES = re.compile(rb"/Type\s*/Page\b")


def test_the_pdf_has_pages_and_its_title(run: Path, tmp_path: Path) -> None:
    (path,) = write_report([run], tmp_path / "r.pdf")
    data = path.read_bytes()
    assert data.startswith(b"%PDF-") and data.rstrip().endswith(b"%%EOF")
    assert 1 <= len(PAGES.findall(data)) <= 6
    assert b"/Title (digits)" in data


def test_several_runs_on_paper(make_run, tmp_path: Path) -> None:
    paths = [make_run(f"run {i}", seed=i) for i in range(20)]
    (path,) = write_report(paths, tmp_path / "r.pdf")
    assert len(PAGES.findall(path.read_bytes())) >= 1


def test_without_fonts_of_the_system_paper_still_has_letters(run: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(fonts, "PLACES", ())
    monkeypatch.delenv("WINDIR", raising=False)
    face = fonts.typeface()
    assert face == fonts.Typeface() and face.shown("2e−4 → ½ 日\u2009x") == "2e-4 -> ½ ? x"
    (path,) = write_report([run], tmp_path / "r.pdf")
    assert PAGES.search(path.read_bytes())


@given(st.text(max_size=60), st.text(max_size=1500))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12, deadline=None)
def test_any_text_can_be_set(report: ReportData, tmp_path: Path, short: str, long: str) -> None:
    odd = measurement(short, 3.0, 40, warnings=(long, "w" * 3000), how=long)
    events = ({"event": "finding", "finding": short, "title": short, "text": long, "step": 3},)
    name = report.folder.with_name("x" + short.replace("/", ""))
    changed = replace(report, folder=name, measurements=(odd,), events=events, facts={"device": long})
    (path,) = pdf.write_pdf([changed], tmp_path / "any.pdf", Making())
    assert PAGES.search(path.read_bytes())


def test_markdown_has_its_pictures_beside_it(run: Path, tmp_path: Path) -> None:
    text, *pictures = write_report([run], tmp_path / "my report.md")
    content = text.read_text("utf-8")
    links = re.findall(r"!\[[^\n]*?\]\(([^)]+)\)", content)
    shown = {(text.parent / link.replace("%20", " ")).resolve() for link in links}
    assert shown == {path.resolve() for path in pictures} and all(path.is_file() for path in shown)
    for path in pictures:
        if path.suffix == ".svg":
            assert ElementTree.fromstring(path.read_text("utf-8")).tag.endswith("svg")
    assert "30.25" in content and "ganstudio train digits-dcgan --set steps=40" in content
    assert "**The discriminator wins** (since step\u00a08; no longer at step\u00a020)" in content


@given(st.text())
def test_markdown_of_a_text_is_that_text(words: str) -> None:
    told = escaped(words)
    assert "\n" not in told
    assert not re.search(r"(?<!\\)(?:\\\\)*[<>\[\]|`*]", re.sub(r"\\.", "", told))
    inside = code(words)
    assert "\n" not in inside and not re.search(r"(?<!\\)\|", inside)


def test_json_holds_the_numbers_of_the_run(run: Path, tmp_path: Path) -> None:
    (path,) = write_report([run], tmp_path / "r.json")
    (told,) = json.loads(path.read_text("utf-8"))["runs"]
    written = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    assert told["series"]["values"]["loss/generator"] == [record["loss/generator"] for record in written]
    assert told["series"]["values"]["penalty/r1"][:4] == [None, None, None, 0.25]
    assert told["best"] == {"metric": "fd-domain", "value": 30.25, "step": 40, "kept": True}
    assert told["measurements"][2]["spread"] is None
    assert told["state"] == "complete" and told["config"]["variant"] == "dcgan"
    assert {"key": "steps", "default": 3000, "value": 40} in told["differences"]


def test_csv_reads_back_digit_by_digit(run: Path, tmp_path: Path) -> None:
    series, measured = write_report([run], tmp_path / "r.csv")
    rows = list(csv.DictReader(series.read_text("utf-8").splitlines()))
    assert len(rows) == 40 and float(rows[2]["loss/generator"]) == values_at(3)["loss/generator"]
    assert rows[0]["penalty/r1"] == "" and rows[3]["penalty/r1"] == "0.25"
    numbers = list(csv.DictReader(measured.read_text("utf-8").splitlines()))
    assert [(row["metric"], row["value"], row["step"]) for row in numbers][:2] == [
        ("fd-domain", "40.5", "20"), ("fd-domain", "30.25", "40"),
    ]  # fmt: skip
    assert numbers[0]["reference_samples"] == "1797"


def test_no_name_is_a_formula_in_a_spreadsheet(make_run, tmp_path: Path) -> None:
    path = make_run("=HYPERLINK(evil)", steps=3)
    RunFolder(path).append_metrics(4, 1, 1.0, {"@sum": -2.5})
    (series,) = write_report([path], tmp_path / "r.csv")
    rows = list(csv.reader(series.read_text("utf-8").splitlines()))
    assert rows[1][0] == "'=HYPERLINK(evil)" and "'@sum" in rows[0]
    assert "-2.5" in rows[4]


@pytest.mark.parametrize("name", ["generator.safetensors", "generator.onnx"])
def test_the_model_card_says_what_is_known(report: ReportData, name: str) -> None:
    told = card(report, name, 40)
    assert f"`{name}`" in told and "30.25" in told and "40.5" not in told
    assert "Found while it trained: Few modes" in told and "discriminator wins" not in told
    assert report.variant.paper.split(":")[-1].replace(".", "\\.") in told
    early = card(report, name, 20)
    assert "before the end of its 40 steps" in early and "40.50" in early and "Few modes" not in early


def test_a_card_of_an_unmeasured_step_promises_nothing(make_run, tmp_path: Path) -> None:
    path = write_card(make_run(), tmp_path / "g.onnx", 40)
    assert path.name == "g.card.md"
    assert "Step 40 has not been measured: nothing is known" in path.read_text("utf-8")


@pytest.mark.parametrize("suffix", [".html", ".pdf", ".md", ".json", ".csv", ""])
def test_a_report_nobody_waits_for_is_not_written(run: Path, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"r{suffix}"
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 1

    with pytest.raises(Cancelled):
        write_report([run], out, Making(cancelled=cancelled))
    assert not out.is_file()


def test_progress_goes_forward(run: Path, tmp_path: Path) -> None:
    told: list[float] = []
    write_report([run], tmp_path / "r.html", Making(progress=lambda _what, done: told.append(done)))
    assert told == sorted(told) and len(told) >= 4 and all(0 <= done <= 1 for done in told)


def test_equal_runs_are_told_once(run: Path, tmp_path: Path) -> None:
    (path,) = write_report([run, run], tmp_path / "r.json")
    assert len(json.loads(path.read_text("utf-8"))["runs"]) == 1
    assert read_report(run).name == "digits"
