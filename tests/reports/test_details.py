"""What stands beside a number: other scores, the classes that are furthest off, the pictures of the memory test."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from support.reported import measurement

from ganstudio.core.runs import RunFolder
from ganstudio.reports.data import read_report
from ganstudio.reports.details import PICTURED, detail_words
from ganstudio.reports.html import write_html
from ganstudio.reports.markdown import write_markdown
from ganstudio.reports.parts import Making
from ganstudio.reports.pdf import write_pdf
from ganstudio.reports.pictures import pairs_shot


@pytest.mark.parametrize(
    ("metric", "details", "wanted"),
    [
        ("dci", {"completeness": 0.25, "informativeness": 0.5}, "Completeness 0.250, informativeness 0.500."),
        (
            "copied-domain",
            {"nearer_than_held_out": 0.9, "rank_score": -12.0, "nearest": []},
            "90\u00a0% of all pairs (rank test z = \u221212.0: a sign of copying)",
        ),
        (
            "class-balance",
            {"shares": [0.6, 0.1, 0.3], "wanted": [0.3, 0.3, 0.4], "classes": ["cat", "dog", "fox"]},
            "Furthest off: class cat: 60\u00a0% instead of 30\u00a0%, class dog: 10\u00a0% instead of 30\u00a0%",
        ),
        (
            "class-accuracy",
            {"each": [0.9, None, 0.2], "classifier": 0.99},
            "Least often as asked for: class 2: 20\u00a0%, class 0: 90\u00a0%. The classifier is right on 99\u00a0%",
        ),
        ("factor-range", {"reached": {"size": 1.0, "hue": 0.5}}, "Reached: size 100\u00a0%, hue 50\u00a0%."),
    ],
)
def test_what_belongs_to_a_number_is_told(metric: str, details: dict[str, Any], wanted: str):
    assert any(wanted in sentence for sentence in detail_words(measurement(metric, 0.5, 10, details=details)))


@pytest.mark.parametrize(
    "details", [{}, {"reached": 3}, {"each": None}, {"shares": [1], "wanted": []}, {"completeness": "x"}]
)
def test_what_cannot_be_read_is_left_out(details: dict[str, Any]):
    assert detail_words(measurement("fd-domain", 1.0, 10, details=details)) == []


def png(side: int) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((side, side), 60).save(file, "PNG")
    return file.getvalue()


def test_pictures_of_the_memory_test_are_kept_and_reported(run: Path, tmp_path: Path):
    folder = RunFolder(run)
    shown = [png(50), png(60)]
    for picture, step in zip(shown, (20, 40), strict=True):
        folder.append_evaluation(measurement("copied-domain", 0.1, step, picture=picture))
    kept = [m for m in folder.evaluations() if m.metric == "copied-domain"]
    paths = [folder.evaluation_picture(m) for m in kept]
    assert [path.read_bytes() for path in paths if path] == shown
    assert all(m.picture == b"" for m in kept)  # bytes are no part of a record
    report = read_report(run)
    found = pairs_shot(report)
    assert found is not None and (found[1].width, found[0].step) == (60, 40)  # the newest
    page = write_html([report], tmp_path / "r.html", Making())[0].read_text("utf-8")
    assert PICTURED in page and 'class="pairs"' in page
    written = write_markdown([report], tmp_path / "r.md", Making())
    assert any(path.name == "nearest-000040.png" for path in written)
    assert "nearest-000040.png)" in written[0].read_text("utf-8")
    with_it = write_pdf([report], tmp_path / "r.pdf", Making())[0].stat().st_size
    (folder.evaluated / str(kept[-1].details["picture"])).unlink()
    (folder.evaluated / str(kept[0].details["picture"])).unlink()
    assert pairs_shot(read_report(run)) is None
    assert write_pdf([read_report(run)], tmp_path / "r.pdf", Making())[0].stat().st_size < with_it


@pytest.mark.parametrize("name", ["../run.toml", "/etc/passwd", "a.png", 3, None, "copied-domain-0123.png"])
def test_a_record_names_no_file_elsewhere(run: Path, name: Any):
    assert (
        RunFolder(run).evaluation_picture(measurement("copied-domain", 0, 1, details={"picture": name}))
        is None
    )
