"""What is wrong with the settings themselves, once the samples show that it does harm."""

from __future__ import annotations

from ganstudio.core.diagnosis.facts import Facts, advice, both_rated, larger_batch, rated, started
from ganstudio.core.diagnosis.record import Record
from ganstudio.core.diagnosis.rule import Evidence, Rule, far, improving, slow
from ganstudio.core.numbers import significant

IDLE_SPAN = 100
"""Steps after which a player that cannot learn is told of."""
BEGUN = 500
"""Steps after which a run should show that its settings do no harm."""
FEW = 4
"""Samples in a batch that are too few to tell where to go."""
NOT_GOOD = 0.2
"""Distance to the data from which on a small batch does harm."""
APART = 10.0
"""One player's rate over the other's from which on they can hardly keep step; papers have up to 4 (Heusel 2017)."""
LOW = 5e-6
"""The higher of both rates at which it is lower than any paper's; WGAN's 5e-5 is the lowest of them."""
POOR = 0.5
"""Distance to the data from which on rates that are far apart or very low do harm."""


def idle(record: Record, facts: Facts, slack: float) -> Evidence | None:
    """A player's learning rate is 0: its weights never move. Of the discriminator it is told once that does harm."""
    players = [player for player in ("generator", "discriminator") if facts.rate(player) == 0]
    if not players or record.length < IDLE_SPAN or ("generator" not in players and improving(record)):
        return None
    distance = record["distance/data"]
    return Evidence(
        ("distance/data",),
        int(distance.steps[0]) if len(distance) else record.start,
        f"The learning rate of the {' and that of the '.join(players)} is 0, so that nothing is learned there.",
        advice(started(facts, "generator"), started(facts, "discriminator")),
    )


def small_batch(record: Record, facts: Facts, slack: float) -> Evidence | None:
    """A handful of samples in a batch, and the samples hardly come nearer to the data: gradients are mostly noise."""
    size = facts.settings.get("batch_size")
    few = isinstance(size, int) and size <= FEW
    if not few or record.length < BEGUN or not slow(record) or not far(record, NOT_GOOD * slack):
        return None
    return Evidence(
        ("distance/data", "loss/discriminator"),
        int(record["distance/data"].parts(2)[1].steps[0]),
        f"With {size} samples in a batch each update follows the accidents of these few, and batch norm has next to "
        "nothing to average over.",
        advice(larger_batch(facts), both_rated(facts, 0.25)),
    )


def rates_apart(record: Record, facts: Facts, slack: float) -> Evidence | None:
    """One player learns ten times as fast as the other, and the samples hardly come nearer to the data."""
    ratio = facts.rate("discriminator") / facts.rate("generator") if facts.rate("generator") > 0 else 0.0
    if not ratio > 0 or 1 / APART < ratio < APART:
        return None
    distance = record["distance/data"]
    if record.length < BEGUN or not slow(record) or not far(record, POOR * slack):
        return None
    quick, left = ("discriminator", "generator") if ratio > 1 else ("generator", "discriminator")
    times = significant(max(ratio, 1 / ratio), 2)
    return Evidence(
        ("distance/data", "loss/discriminator"),
        int(distance.steps[0]),
        f"The {quick}'s rate is {times} times the {left}'s: it has long answered each move before the {left} makes the "
        "next one.",
        advice(rated(facts, quick, 2 * min(ratio, 1 / ratio)), rated(facts, left, 4.0)),
    )


def rates_low(record: Record, facts: Facts, slack: float) -> Evidence | None:
    """Both rates are a tenth of the lowest that papers use, and the samples hardly come nearer to the data."""
    highest = max(facts.rate("generator"), facts.rate("discriminator"))
    if not 0 < highest <= LOW or record.length < BEGUN or not slow(record) or not far(record, POOR * slack):
        return None
    return Evidence(
        ("distance/data",),
        int(record["distance/data"].steps[0]),
        f"The players learn at a rate of at most {significant(highest, 2)}: papers have 0.00005 to 0.002. At this pace "
        "a run takes many times as long as it need.",
        advice(both_rated(facts, 10.0), both_rated(facts, 100.0)),
    )


RULES = (
    Rule("idle", "A player does not learn", "warning", idle, rank=0),
    Rule("rates-low", "The learning rates are very low", "note", rates_low, rank=0),
    Rule("small-batch", "The batch is very small", "note", small_batch),
    Rule("rates-apart", "The players' rates are far apart", "note", rates_apart),
)
