"""Applies the rules to a run's series, and remembers what has been said."""

from __future__ import annotations

from dataclasses import dataclass

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
    """Watches one run. ``facts`` may be replaced when settings change."""

    def __init__(self, facts: Facts, start: int = 0, rules: tuple[Rule, ...] = RULES) -> None:
        self.facts, self.rules = facts, rules
        self.record = Record(start)
        self.standing: dict[str, Finding] = {}

    def take(self, step: int, values: dict[str, float]) -> None:
        """One report of the series."""
        self.record.add(step, values)

    def examine(self) -> Opinion:
        """Apply all rules to what has been taken."""
        raised, well = self._primary()
        for rule in (rule for rule in self.rules if rule.last):
            evidence = None if self._others(rule) else self._look(rule)
            if evidence is None:
                well.append(rule.kind)
            elif rule.kind not in self.standing:
                raised.append(self._raise(rule, evidence))
        healed = tuple(kind for kind in well if self.standing.pop(kind, None) is not None)
        return Opinion(tuple(raised), healed)

    def _primary(self) -> tuple[list[Finding], list[str]]:
        raised: list[Finding] = []
        well: list[str] = []
        for rule in (rule for rule in self.rules if not rule.last):
            evidence = self._look(rule)
            if evidence is None:
                well.append(rule.kind)
            elif rule.kind not in self.standing:
                raised.append(self._raise(rule, evidence))
        return raised, well

    def _look(self, rule: Rule) -> Evidence | None:
        return rule.look(self.record, self.facts, SLACK if rule.kind in self.standing else 1.0)

    def _others(self, rule: Rule) -> bool:
        return any(kind != rule.kind for kind in self.standing)

    def _raise(self, rule: Rule, evidence: Evidence) -> Finding:
        finding = Finding(
            rule.kind,
            rule.severity,
            rule.title,
            evidence.text,
            self.record.step,
            evidence.series,
            evidence.since,
            evidence.advice,
        )
        self.standing[rule.kind] = finding
        return finding

    def restart(self, step: int, facts: Facts) -> tuple[str, ...]:
        """Settings have changed: only what comes from now on counts. The kinds of findings that this takes back."""
        self.facts = facts
        self.record.rewind(step + 1)
        self.record.start = step
        healed = tuple(self.standing)
        self.standing.clear()
        return healed
