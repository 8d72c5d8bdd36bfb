"""Applies the rules to a run's series, and remembers what has been said."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from ganstudio.core.diagnosis import balance, motion, samples
from ganstudio.core.diagnosis.facts import Facts
from ganstudio.core.diagnosis.record import Record
from ganstudio.core.diagnosis.rule import Evidence, Rule
from ganstudio.core.messages import Finding

RULES: tuple[Rule, ...] = (*samples.RULES, *balance.RULES, *motion.RULES)
SLACK = 0.8
"""What is left of a threshold for a finding that has been raised."""


@dataclass(frozen=True)
class Opinion:
    """What has changed: findings that are new, and the kinds of those that no longer hold."""

    raised: tuple[Finding, ...] = ()
    healed: tuple[str, ...] = ()


class Doctor:
    """Watches one run from step ``start`` on. ``standing`` are the findings that hold, by kind."""

    def __init__(self, facts: Facts, start: int = 0, rules: tuple[Rule, ...] = RULES) -> None:
        self.facts = facts
        self.rules = sorted(rules, key=_rank)
        self.record = Record(start)
        self.standing: dict[str, Finding] = {}

    def take(self, step: int, values: dict[str, float]) -> None:
        """One report of the series."""
        self.record.add(step, values)

    def examine(self) -> Opinion:
        """Apply all rules to what has been taken; those of one rank only where no lower rank has anything to say."""
        raised: list[Finding] = []
        healed: list[str] = []
        spoken = False
        for _, rules in groupby(self.rules, _rank):
            silenced = spoken
            for rule in rules:
                evidence = None if silenced else self._look(rule)
                spoken = spoken or evidence is not None
                if evidence is None:
                    healed += [rule.kind] if self.standing.pop(rule.kind, None) is not None else []
                elif rule.kind not in self.standing:
                    self.standing[rule.kind] = _finding(rule, evidence, self.record.step)
                    raised.append(self.standing[rule.kind])
        return Opinion(tuple(raised), tuple(healed))

    def _look(self, rule: Rule) -> Evidence | None:
        return rule.look(self.record, self.facts, SLACK if rule.kind in self.standing else 1.0)

    def restart(self, step: int, facts: Facts) -> tuple[str, ...]:
        """Settings have changed: only what comes after ``step`` counts. The kinds of findings that this takes back."""
        self.facts = facts
        self.record.rewind(step + 1)
        self.record.start = step
        healed = tuple(self.standing)
        self.standing.clear()
        return healed


def _rank(rule: Rule) -> int:
    return rule.rank


def _finding(rule: Rule, evidence: Evidence, step: int) -> Finding:
    said = evidence.text, step, evidence.series, evidence.since, evidence.advice
    return Finding(rule.kind, rule.severity, rule.title, *said)
