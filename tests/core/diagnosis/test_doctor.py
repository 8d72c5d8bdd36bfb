"""What is said once, what is taken back, and what waits for the others."""

from __future__ import annotations

import subprocess
import sys

from ganstudio.core.diagnosis import Doctor, Evidence, Facts, Record, Rule
from ganstudio.core.messages import Advice, Change

WELL = {
    "distance/data": 0.02,
    "diversity/samples": 1.0,
    "loss/discriminator": 1.3,
    "grad_norm/generator": 1.0,
}
FACTS = Facts(
    equilibrium={"loss/discriminator": 1.386, "loss/generator": 0.693},
    settings={"optimizer.generator.lr": 2e-4, "optimizer.discriminator.lr": 2e-4, "batch_size": 64},
    ready={"r1": "R1 penalty"},
)


def threshold(kind: str, rank: int = 1) -> Rule:
    """Speaks above 1, and once it has spoken above 0.8."""

    def look(record: Record, facts: Facts, slack: float) -> Evidence | None:
        return Evidence(("x",), 0, "It is so.") if record["x"].values[-1] > slack else None

    return Rule(kind, kind, "warning", look, rank)


def feed(doctor: Doctor, start: int, count: int, **values: float) -> list[str]:
    """Reports in every tenth step; what was raised."""
    raised: list[str] = []
    for step in range(start, start + 10 * count, 10):
        doctor.take(step, WELL | values)
        raised += [finding.kind for finding in doctor.examine().raised]
    return raised


def test_a_finding_is_raised_once_and_taken_back_only_when_it_is_clearly_well():
    doctor = Doctor(FACTS, rules=(threshold("a"),))
    said = []
    for index, x in enumerate((0.5, 0.9, 1.1, 0.9, 0.7, 0.9, 0.7, 0.7, 0.9, 1.1)):
        doctor.take(200 * index, {"x": x})
        opinion = doctor.examine()
        said.append(("+" if opinion.raised else "") + ("-" if opinion.healed else ""))
    assert said == ["", "", "+", "", "", "", "", "-", "", "+"]


def test_lower_ranks_silence_the_higher():
    doctor = Doctor(FACTS, rules=(threshold("last", 2), threshold("first", 0)))
    doctor.take(0, {"x": 2.0})
    assert [f.kind for f in doctor.examine().raised] == ["first"]


def test_a_changed_setting_begins_a_new_observation():
    doctor = Doctor(FACTS)
    assert feed(doctor, 10, 100, **{"diversity/samples": 0.01, "distance/data": 0.9}) == ["mode-collapse"]
    assert doctor.restart(1000, FACTS) == ("mode-collapse",) and not doctor.standing
    assert feed(doctor, 1010, 20, **{"diversity/samples": 0.01, "distance/data": 0.9}) == [], "too soon"
    assert feed(doctor, 1210, 60) == []


def test_a_player_that_cannot_learn_is_told_before_what_follows_from_it():
    facts = Facts(settings={"optimizer.generator.lr": 0.0, "optimizer.discriminator.lr": 2e-4})
    doctor = Doctor(facts)
    feed(doctor, 10, 100, **{"diversity/samples": 0.01, "distance/data": 0.9})
    (finding,) = doctor.standing.values()
    assert finding.kind == "idle" and "generator" in finding.text and "discriminator" not in finding.text
    assert finding.advice[0].commands == (Change("optimizer.generator.lr", 2e-4),)


def test_a_healthy_game_is_left_alone_and_a_rising_penalty_is_not():
    doctor = Doctor(FACTS)
    assert feed(doctor, 10, 100) == []
    assert feed(doctor, 1010, 60, **{"penalty/r1": 100.0}) == ["loss-imbalance"]
    assert feed(doctor, 1610, 60, **{"penalty/r1": 0.1}) == [] and not doctor.standing


def test_guessing_is_the_aim_with_good_samples_and_a_weakness_with_bad_ones():
    good, bad = Doctor(FACTS), Doctor(FACTS)
    assert feed(good, 10, 60, **{"loss/discriminator": 1.386, "distance/data": 0.02}) == []
    assert feed(bad, 10, 100, **{"loss/discriminator": 1.386, "distance/data": 0.8}) == ["discriminator-weak"]


def test_scores_that_run_away_are_told_whatever_the_loss():
    doctor = Doctor(Facts(sided=False))
    raised: list[str] = []
    for step in range(10, 1010, 10):
        raised += feed(doctor, step, 1, **{"score/real": 1.02**step, "loss/discriminator": -1.0})
    assert raised == ["divergence"] and "score/real" in doctor.standing["divergence"].text


def test_what_was_won_and_lost_again_is_told_unless_it_was_little():
    for first, told in ((1.0, ["divergence"]), (0.4, ["stalled"]), (0.06, [])):
        doctor, raised = Doctor(FACTS), []
        for step in range(10, 1510, 10):
            distance = first if step < 100 or step > 1000 else 0.1 * first
            raised += feed(doctor, step, 1, **{"distance/data": distance})
        assert raised == told, first


def test_circles_are_told():
    doctor = Doctor(FACTS)
    raised: list[str] = []
    for index in range(110):
        raised += feed(doctor, 10 + 10 * index, 1, **{"distance/data": 1.0 if index % 20 < 10 else 0.1})
    assert "oscillation" in raised


def test_what_cannot_be_followed_is_not_advised():
    doctor = Doctor(Facts(equilibrium=FACTS.equilibrium))
    feed(doctor, 10, 100, **{"diversity/samples": 0.01, "distance/data": 0.9})
    assert doctor.standing["mode-collapse"].advice == ()
    doctor = Doctor(FACTS)
    feed(doctor, 10, 100, **{"diversity/samples": 0.01, "distance/data": 0.9})
    assert doctor.standing["mode-collapse"].advice[0] == Advice(
        "Switch on: R1 penalty", (Change("stabilizers.r1", True),)
    )


def test_the_ground_floor_needs_neither_torch_nor_qt():
    code = (
        "import sys, ganstudio.core.diagnosis, ganstudio.catalog.diagnosing; "
        "sys.exit(any(n in sys.modules for n in ('torch', 'PySide6')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
