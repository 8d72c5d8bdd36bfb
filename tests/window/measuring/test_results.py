"""A number in the list of results: what belongs to it, and pictures beside each other."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from PIL import Image
from PySide6.QtWidgets import QLabel
from support.reported import make_run, measurement

from ganstudio.core.runs import RunFolder
from ganstudio.reports.details import PICTURED
from ganstudio.window.measuring.kept import last_measured
from ganstudio.window.measuring.results import PairsPicture, ResultRow


def png(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), (240, 160, 32)).save(file, "PNG")
    return file.getvalue()


def test_what_looks_copied_stands_below_its_number(qtbot: Any):
    details = {"nearer_than_held_out": 0.9, "rank_score": -12.0}
    row = ResultRow(measurement("copied-domain", 0.4, 10, details=details, picture=png(300, 150)))
    qtbot.addWidget(row)
    said = [label.text() for label in row.findChildren(QLabel)]
    assert PICTURED in said and any("a sign of copying" in text for text in said)
    (shown,) = row.findChildren(PairsPicture)
    assert (shown.sizeHint().width(), shown.heightForWidth(600), shown.heightForWidth(150)) == (300, 150, 75)
    shown.resize(150, 75)
    drawn = shown.grab().toImage()
    assert drawn.pixelColor(75, 40).getRgb()[:3] == (240, 160, 32)


def test_what_was_measured_last_is_taken_together(tmp_path: Path):
    folder = RunFolder(make_run(tmp_path, "digits"))
    assert last_measured(folder) == []
    old, again = measurement("fd-domain", 9.0, 10), measurement("fd-domain", 7.0, 20)
    for number in (
        old,
        measurement("fd-domain", 8.0, 20),
        again,
        measurement("kd-domain", 5.0, 20, samples=100),
    ):
        folder.append_evaluation(number)
    assert [m.metric for m in last_measured(folder)] == ["kd-domain"], "the others had more samples"
    folder.append_evaluation(measurement("copied-domain", 0.1, 20, picture=png(40, 20)))
    found = last_measured(folder)
    assert [(m.metric, m.value) for m in found] == [("fd-domain", 7.0), ("copied-domain", 0.1)]
    assert [m.picture for m in found] == [b"", png(40, 20)]
    (folder.evaluated / str(found[1].details["picture"])).unlink()
    assert last_measured(folder)[1].picture == b""


def test_other_numbers_have_no_picture(qtbot: Any):
    row = ResultRow(measurement("fd-domain", 4.0, 10))
    qtbot.addWidget(row)
    assert not row.findChildren(PairsPicture)
