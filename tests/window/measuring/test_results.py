"""A number in the list of results: what belongs to it, and pictures beside each other."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image
from PySide6.QtWidgets import QLabel
from support.reported import measurement

from ganstudio.reports.details import PICTURED
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


def test_other_numbers_have_no_picture(qtbot: Any):
    row = ResultRow(measurement("fd-domain", 4.0, 10))
    qtbot.addWidget(row)
    assert not row.findChildren(PairsPicture)
