"""What can be wrong between the players: one too strong, one too weak, no gradient, a penalty that outweighs all."""

from __future__ import annotations

from ganstudio.core.diagnosis.facts import (
    Facts,
    advice,
    fewer_updates,
    more_updates,
    rated,
    switched,
    weaker,
)
from ganstudio.core.diagnosis.record import Record
from ganstudio.core.diagnosis.rule import COUNT, SPAN, Evidence, Rule, far, improving, lasting
from ganstudio.core.numbers import percent, significant

SETTLED = 200
"""Steps before anything is said of the balance."""
WON = 0.05
"""The discriminator's loss, over that of guessing, at which it has won."""
AHEAD, BEHIND = 0.2, 4.0
"""The discriminator's loss, over that of guessing, and the generator's, over its own at equilibrium, that together say
that the discriminator has won."""
SURE = 0.99
"""Accuracy on both kinds of samples at which it has won where its loss has no level of guessing."""
LOST = 0.97
"""The discriminator's loss, over that of guessing, from which on it tells nothing apart."""
OVERRUN = 1.2
"""The discriminator's loss, over that of guessing, from which on it does not guess but is overrun, and may recover."""
FLAT = 0.003
"""How near to that of guessing, as a part of it, the loss of a discriminator is that says the same of everything."""
CREEPING = 0.5
"""Distance to the data from which on such a discriminator is weak even if the samples come nearer."""
FAR = 0.3
"""Distance to the data from which on samples are bad: a discriminator that cannot see that is weak."""
FADED = 1e-3
"""The generator's gradient, over the largest it has had, at which it has vanished."""
HEAVY = 10.0
"""A penalty over the loss of guessing that outweighs it."""
OVERFITTED = 0.5
"""r_v from which on the discriminator knows the training pictures by heart."""
LOSING = 10.0
"""The generator's loss over its level at equilibrium, from which on it loses everything."""


def too_strong(record: Record, facts: Facts, slack: float) -> Evidence | None:
    """The discriminator makes no mistakes any more and the samples no longer improve (Arjovsky 2017, 1701.04862).

    Its loss is next to nothing beside that of guessing, or small while the generator's is many times its own at
    equilibrium. Where an objective has no such level, both accuracies tell. A critic's difference of means has neither:
    there a strong critic is what one wants.
    """
    if record.length < SETTLED or improving(record):
        return None
    guessing = facts.guessing
    if guessing is not None:
        since, series = _won(record, facts, guessing, slack)
    elif facts.sided:
        both = [lasting(record[f"accuracy/{which}"], SURE * slack, above=True) for which in ("real", "fake")]
        since = None if None in both else max(at for at in both if at is not None)
        series = ("accuracy/real", "accuracy/fake")
    else:
        return None
    if since is None:
        return None
    return Evidence(
        series,
        since,
        "It tells all generated samples from real ones, and these no longer get better. What it then says is so sure "
        "that hardly anything in it shows the generator which way to go.",
        advice(
            fewer_updates(facts),
            rated(facts, "discriminator", 0.25),
            switched(facts, "instance-noise", "r1"),
        ),
    )


def _won(record: Record, facts: Facts, guessing: float, slack: float) -> tuple[int | None, tuple[str, ...]]:
    """Since when the discriminator's loss says that it has won, and the series that show it."""
    own = record["loss/discriminator"]
    since = lasting(own, guessing * WON / slack, above=False)
    level = facts.equilibrium.get("loss/generator", 0.0)
    if since is not None or level <= 0:
        return since, ("loss/discriminator",)
    ahead = lasting(own, guessing * AHEAD / slack, above=False)
    behind = lasting(record["loss/generator"], level * BEHIND * slack, above=True)
    since = None if ahead is None or behind is None else max(ahead, behind)
    return since, ("loss/discriminator", "loss/generator")


def too_weak(record: Record, facts: Facts, slack: float) -> Evidence | None:
    """The discriminator can only guess although the samples are far from the data and come no nearer.

    With good samples guessing is the aim (Goodfellow 2014, theorem 1); the distance to the data tells the two apart.
    It must have been large for as long as the guessing must last: players near their equilibrium circle around it
    before they settle (Mescheder 2018, arXiv:1801.04406, section 2), and for a part of a circle samples are far and the
    loss is that of guessing without the discriminator being weak, for it brings them back.
    One that says the same of everything is told also while the samples creep nearer.
    """
    guessing = facts.guessing
    away = lasting(record["distance/data"], FAR * slack, above=True)
    if guessing is None or record.length < facts.begins or away is None:
        return None
    loss = record["loss/discriminator"]
    flat = lasting(loss, guessing * (1 - FLAT / slack), above=True, span=2 * SPAN) is not None
    if improving(record) and not (flat and far(record, CREEPING * slack)):
        return None
    since = lasting(loss, guessing * (1 - (1 - LOST) / slack), above=True)
    if since is None or loss.values[-COUNT:].mean() > OVERRUN / slack * guessing:
        return None
    return Evidence(
        ("loss/discriminator", "distance/data"),
        max(since, away),
        "It does no better than guessing, although the samples are far from the data. Then it has nothing to teach the "
        "generator.",
        advice(
            *(weaker(facts, name.partition("/")[2]) for name in record.names("penalty/") if flat),
            more_updates(facts),
            rated(facts, "discriminator", 4.0),
            rated(facts, "generator", 0.25),
        ),
    )


def vanishing(record: Record, facts: Facts, slack: float) -> Evidence | None:
    """The generator's gradient is a thousandth of what it was, and the samples are not good (Arjovsky 2017).

    The saturating loss has this by nature (Goodfellow 2014, section 3).
    """
    norm = record["grad_norm/generator"]
    if record.length < SETTLED or len(norm) < 5 or not far(record, 0.1):
        return None
    largest = float(norm.smoothed(5).values.max())
    since = lasting(norm, largest * FADED / slack if largest > 0 else 1e-30, above=False)
    if since is None:
        return None
    return Evidence(
        ("grad_norm/generator",),
        since,
        f"It is {significant(norm.values[-1], 2)} now and has been {significant(largest, 2)}: the generator is told "
        "next to nothing. Most often the discriminator is too sure of itself.",
        advice(
            switched(facts, "instance-noise", "r1"), rated(facts, "discriminator", 0.1), fewer_updates(facts)
        ),
    )


def overfitting(record: Record, facts: Facts, slack: float) -> Evidence | None:
    """Real pictures that the discriminator never saw count as generated (Karras 2020, ADA, arXiv:2006.06676, 3.1).

    The series is the paper's r_v; it needs held-out pictures (the setting ``held_out``).
    """
    series = record["overfitting/held-out"].smoothed(5)
    since = lasting(series, OVERFITTED * slack, above=True, count=20)
    if since is None or not facts.finite:
        return None
    return Evidence(
        ("overfitting/held-out",),
        since,
        f"Pictures it was never shown are taken for generated ones by {percent(min(1.0, float(series.values[-1])))} "
        f"of the difference: it knows its {facts.finite:,} pictures by heart instead of what real ones are like.",
        advice(
            switched(facts, "adaptive-augment", "diffaugment"),
            switched(facts, "r1"),
            rated(facts, "discriminator", 0.5),
        ),
    )


def imbalance(record: Record, facts: Facts, slack: float) -> Evidence | None:
    """A penalty is many times the game's own loss, or the generator's loss many times its equilibrium.

    Both are measured by what the losses are where nobody wins; objectives without such a level are left alone.
    """
    if record.length < SETTLED or improving(record):
        return None
    guessing = facts.guessing
    for name in record.names("penalty/") if guessing is not None else ():
        since = lasting(record[name], HEAVY * slack * guessing, above=True) if guessing else None
        if since is not None:
            stabilizer = name.partition("/")[2]
            times = significant(record[name].values[-1] / guessing, 2) if guessing else ""
            return Evidence(
                (name, "loss/discriminator"),
                since,
                f"The penalty {stabilizer} is {times} times the loss of the game itself: the networks mostly learn to "
                "make it small.",
                advice(weaker(facts, stabilizer)),
            )
    level = facts.equilibrium.get("loss/generator", 0.0)
    since = lasting(record["loss/generator"], LOSING * slack * level, above=True) if level > 0 else None
    if since is None:
        return None
    return Evidence(
        ("loss/generator", "loss/discriminator"),
        since,
        f"The generator's loss is {significant(record['loss/generator'].values[-1] / level, 2)} times what it is in a "
        "balanced game, and stays there: nearly every sample is seen through.",
        advice(
            rated(facts, "discriminator", 0.25), fewer_updates(facts), switched(facts, "r1", "instance-noise")
        ),
    )


RULES = (
    Rule("discriminator-strong", "The discriminator is too strong", "warning", too_strong),
    Rule("discriminator-weak", "The discriminator is too weak", "warning", too_weak),
    Rule("vanishing-gradient", "The generator's gradient has vanished", "warning", vanishing),
    Rule("overfitting", "The discriminator knows the pictures by heart", "warning", overfitting),
    Rule("loss-imbalance", "The losses are out of balance", "note", imbalance),
)
