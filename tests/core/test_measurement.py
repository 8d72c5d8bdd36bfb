"""Measurements on the disk: written whole, read back the same, damage passed over."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from ganstudio.core.measurement import Measurement, Protocol, from_record
from ganstudio.core.runs import RunFolder

PROTOCOL = Protocol(
    "run: averaged generator at step 10", 2000, "digits: all 1,797 training pictures", 1797, "classifier", "none",
    0.7, 3, "k = 3", "CPU, 1 thread", {"torch": "2.11"},
)  # fmt: skip
ONE = Measurement(
    "fd-domain", 12.5, 0.25, 12.0, 13.0, "standard error", PROTOCOL, 10, "2026-01-01T00:00:00+00:00",
    ("few",), {"real": 0.5},
)  # fmt: skip


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    found = RunFolder(tmp_path / "run")
    found.create("")
    return found


def test_what_is_written_is_read(run: RunFolder):
    assert run.evaluations() == []
    run.append_evaluation(ONE)
    run.append_evaluation(ONE)
    assert run.evaluations() == [ONE, ONE]


def test_numbers_that_are_none_come_back(run: RunFolder):
    run.append_evaluation(Measurement("js", math.inf, math.nan, math.nan, math.nan, "", PROTOCOL))
    (found,) = run.evaluations()
    assert found.value == math.inf and math.isnan(found.spread) and found.step is None


def test_torn_and_strange_lines_are_passed_over(run: RunFolder):
    path = run.path / "evaluations.jsonl"
    strange = [{}, {"protocol": 3}, ONE.to_record() | {"value": "high"}, ONE.to_record() | {"protocol": {}}]
    lines = [json.dumps(record) for record in strange]
    path.write_text("\n".join([*lines, json.dumps(ONE.to_record()), '{"metric": "fd'[:9]]))
    assert run.evaluations() == [ONE]
    run.append_evaluation(ONE)
    assert run.evaluations() == [ONE, ONE]


def test_a_later_version_may_say_more():
    record = ONE.to_record()
    record["protocol"]["more"] = 1
    assert from_record(record | {"more": 2}) == ONE
