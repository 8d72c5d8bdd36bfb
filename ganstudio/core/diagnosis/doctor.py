"""Applies the rules to a run's series, and remembers what has been said."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from ganstudio.core.diagnosis import balance, choices, motion, samples
from ganstudio.core.diagnosis.facts import Facts
from ganstudio.core.diagnosis.record import Record
from ganstudio.core.diagnosis.rule import Evidence, Rule
from ganstudio.core.messages import Finding

RULES: tuple[Rule, ...] = (*choices.RULES, *samples.RULES, *balance.RULES, *motion.RULES)
SLACK = 0.8
"""What is left of a threshold for a finding that has been raised."""
PATIENCE = 300
"""Steps without evidence after which a finding is taken back."""


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
        self._seen: dict[str, int] = {}
        """The last step at which there was evidence, by kind."""

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
                if evidence is not None:
                    raised += self._told(rule, evidence)
                elif self._over(rule.kind, silenced):
                    del self.standing[rule.kind]
                    healed.append(rule.kind)
        return Opinion(tuple(raised), tuple(healed))

    def _look(self, rule: Rule) -> Evidence | None:
        return rule.look(self.record, self.facts, SLACK if rule.kind in self.standing else 1.0)

    def _told(self, rule: Rule, evidence: Evidence) -> list[Finding]:
        """The finding, if it is new."""
        self._seen[rule.kind] = self.record.step
        if rule.kind in self.standing:
            return []
        said = evidence.text, self.record.step, evidence.series, evidence.since, evidence.advice
        self.standing[rule.kind] = Finding(rule.kind, rule.severity, rule.title, *said)
        return [self.standing[rule.kind]]

    def _over(self, kind: str, silenced: bool) -> bool:
        """Whether a finding that stands no longer holds: for a while nothing has shown it, or another explains it."""
        return kind in self.standing and (silenced or self.record.step - self._seen[kind] >= PATIENCE)

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
