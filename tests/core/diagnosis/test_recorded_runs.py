"""The rules on recorded runs: sick ones are caught, healthy ones raise nothing. Made by tests/results/diagnosis.py."""

from __future__ import annotations

from functools import cache

import pytest
from support.diagnosed import healthy, sick
from support.recorded import PLACE, names, opinions, read

from ganstudio.catalog.resolve import change, resolve
from ganstudio.catalog.variants import VARIANTS
from ganstudio.core.diagnosis import RULES, Opinion
from ganstudio.core.messages import Change, Finding

SEEDS = (0, 1, 2)
RUNS = [(name, seed) for seed in SEEDS for name in names(seed)]
SICK = [(name, seed) for name, seed in RUNS if read(name, seed)["expected"]]
HEALTHY = [(name, seed) for name, seed in RUNS if not read(name, seed)["expected"]]
WELL = (
    "batch-2-points", "discriminator-x20", "discriminator-x20-hinge", "generator-fast", "no-bound", "rate-x30",
    "rate-x30-hinge", "rate-x30-lsgan", "rate-x30-preset", "rate-x30-wgan-gp",
)  # fmt: skip
"""Runs that were meant to be sick and end as near to the data as healthy ones, or nearly so."""
MISSED = {(name, seed) for name in WELL for seed in SEEDS} | {
    ("discriminator-x20-updates", 0), ("discriminator-x20-updates", 2), ("grid-rpgan", 1), ("grid-rpgan", 2),
}  # fmt: skip
"""Runs of which nothing that was expected is said; tests/results/diagnosis.md tells of each."""


@cache
def said(name: str, seed: int) -> list[Opinion]:
    return opinions(read(name, seed))


def found(name: str, seed: int) -> list[Finding]:
    return [finding for opinion in said(name, seed) for finding in opinion.raised]


@pytest.mark.parametrize(("name", "seed"), HEALTHY)
def test_a_healthy_run_raises_nothing(name: str, seed: int):
    assert [finding.kind for finding in found(name, seed)] == []


@pytest.mark.parametrize(("name", "seed"), SICK)
def test_a_sick_run_is_caught(name: str, seed: int):
    kinds = {finding.kind for finding in found(name, seed)}
    assert bool(kinds & set(read(name, seed)["expected"])) == ((name, seed) not in MISSED), kinds


def test_every_variant_has_a_healthy_run_and_every_sickness_is_recorded():
    assert {read(*run)["config"]["variant"] for run in HEALTHY} == set(VARIANTS)
    assert set(names(0)) == {case.name for case in (*healthy(), *sick())}
    assert all(set(names(seed)) <= set(names(0)) for seed in SEEDS)


@pytest.mark.parametrize("kind", [rule.kind for rule in RULES])
def test_every_rule_has_spoken_of_a_recorded_run(kind: str):
    assert any(kind in {finding.kind for finding in found(*run)} for run in SICK)


@pytest.mark.parametrize(("name", "seed"), SICK)
def test_a_finding_shows_its_evidence_and_its_advice_can_be_followed(name: str, seed: int):
    run = read(name, seed)
    config = resolve(run["config"])
    for finding in found(name, seed):
        assert finding.kind in {rule.kind for rule in RULES} and finding.text.endswith(".")
        assert finding.series and all(series in run["series"] for series in finding.series)
        assert 0 <= finding.since <= finding.step
        for advice in finding.advice:
            changed = config
            for command in advice.commands:
                assert isinstance(command, Change)
                changed = change(changed, command.key, command.value)
            assert advice.label and changed != config


@pytest.mark.parametrize(("name", "seed"), SICK)
def test_findings_do_not_flicker(name: str, seed: int):
    turns = dict.fromkeys((rule.kind for rule in RULES), 0)
    for opinion in said(name, seed):
        for kind in (*(finding.kind for finding in opinion.raised), *opinion.healed):
            turns[kind] += 1
    assert max(turns.values()) <= 3, turns


def test_the_recorded_series_stay_small():
    assert sum(path.stat().st_size for path in PLACE.rglob("*.json")) < 2_000_000
