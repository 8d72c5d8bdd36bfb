"""What a terminal is told of a run's diagnosis."""

from __future__ import annotations

import pytest

from ganstudio.cli.headless import Headless
from ganstudio.core import messages as m

FOUND = m.Finding("mode-collapse", "warning", "The samples are too much alike", "They repeat.", 40)


def test_a_finding_is_told_and_so_is_its_end(capsys: pytest.CaptureFixture[str]):
    headless = Headless()
    headless.report(FOUND)
    headless.report(m.Healed("mode-collapse", 1200))
    headless.report(m.Healed("never-told", 1200))
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "The samples are too much alike: They repeat.",
        "No longer, at step 1,200: the samples are too much alike",
    ]
    assert headless.trouble is None, "training goes on"
