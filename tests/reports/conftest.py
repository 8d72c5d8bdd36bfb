"""Runs on the disk as training leaves them, made by hand so that every number is known."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from support import reported
from support.reported import measurement

from ganstudio.core.runs import RunFolder
from ganstudio.reports.data import ReportData, read_report


@pytest.fixture
def make_run(tmp_path: Path) -> Callable[..., Path]:
    """Makes a run's folder in the test's own."""
    return partial(reported.make_run, tmp_path)


@pytest.fixture
def run(make_run: Callable[..., Path]) -> Path:
    """A complete run with two measured steps, a finding that healed and one that did not."""
    path = make_run()
    folder = RunFolder(path)
    folder.append_event(
        "finding", 12, finding="strong", title="The discriminator wins", text="It is right.", since=8
    )
    folder.append_event("finding", 30, finding="collapse", title="Few modes", text="Samples look alike.")
    folder.append_event("healed", 20, finding="strong")
    folder.append_event("changed", 25, key="optimizer.generator.lr", old=1e-3, new=2e-3)
    folder.append_evaluation(measurement("fd-domain", 40.5, 20))
    folder.append_evaluation(
        measurement("fd-domain", 30.25, 40, warnings=("Too few samples.",), details={"real": 1.5})
    )
    folder.append_evaluation(measurement("ms-ssim", 0.25, 40, spread=math.nan, low=math.nan, high=math.nan))
    return path


@pytest.fixture
def report(run: Path) -> ReportData:
    """All that is told of it."""
    return read_report(run)
