"""What was last measured of a run, as its folder keeps it: numbers that were found together, with their pictures."""

from __future__ import annotations

from dataclasses import replace

from ganstudio.core.measurement import Measurement
from ganstudio.core.runs import RunFolder
from ganstudio.window.measuring.results import shared_words

LARGEST = 8 << 20
"""Bytes of a picture that are read at most."""


def last_measured(folder: RunFolder) -> list[Measurement]:
    """The newest number of each metric that has checkpoint, samples, seed and reference in common with the newest of
    all; none where nothing was measured."""
    told = folder.evaluations()
    if not told:
        return []
    last = told[-1]
    found = {
        m.metric: m
        for m in told
        if (m.step, m.weights, shared_words(m)) == (last.step, last.weights, shared_words(last))
    }
    return [_pictured(folder, m) for m in found.values()]


def _pictured(folder: RunFolder, measurement: Measurement) -> Measurement:
    path = folder.evaluation_picture(measurement)
    try:
        if path is None or path.stat().st_size > LARGEST:
            return measurement
        return replace(measurement, picture=path.read_bytes())
    except OSError:
        return measurement
