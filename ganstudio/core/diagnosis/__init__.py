"""Reads a training run as an experienced person would: rules over series; a finding, its evidence, its advice.

Pure: standard library and numpy. The engine feeds a :class:`Doctor` with what it measures and sends what it says.
"""

from __future__ import annotations

from ganstudio.core.diagnosis.doctor import RULES, Doctor, Opinion
from ganstudio.core.diagnosis.facts import Facts
from ganstudio.core.diagnosis.record import Record
from ganstudio.core.diagnosis.rule import Evidence, Rule

__all__ = ["RULES", "Doctor", "Evidence", "Facts", "Opinion", "Record", "Rule"]
