"""What can be wrong with how a game moves: in circles, away, or not at all."""

from __future__ import annotations

import numpy as np

from ganstudio.core.diagnosis.facts import Facts, advice, both_rated, larger_batch, rated, switched
from ganstudio.core.diagnosis.record import Record, Stretch
from ganstudio.core.diagnosis.rule import COUNT, SPAN, Evidence, Rule, swings
from ganstudio.core.numbers import significant, whole

SWING = 3.0
"""Factor by which the distance to the data must rise or fall to count as a swing."""
TURNS = 5
"""Turning points in the newest part that make an oscillation."""
WIDE = 0.3
"""Height, at the median of its upper turns, that swings must have: below, they are noise."""
OSCILLATION_SPAN = 600
WON = 0.4
"""The share of the first distance below which a run has won something it can lose again."""
AGAIN = 0.9
"""The share of what had been won that is lost again in a divergence."""
BAD = 0.3
"""Distance to the data below which nothing is lost that matters: a resumed run begins near it, and wavers."""
RUN_AWAY = 100.0
"""Growth of the scores, over the largest of the run's first quarter, that is a divergence."""
STILL = 0.07
"""Relative change between thirds of the newest part that is no change."""
STALLED_SPAN = 500
BEGINS = 1.2
"""Growth of diversity or of the generator's gradient over the newest part that is the beginning of something."""
UNFINISHED = 0.3
"""Distance to the data from which on a run that stands still is not simply done."""


def oscillation(record: Record, facts: Facts, slack: float) -> Evidence | None:
    """The samples swing to the data and away again: the players chase each other in circles (Mescheder 2018).

    Swings are counted in the smoothed distance to the data, which every objective has.
    """
    newest = record["distance/data"].smoothed(3).latest(OSCILLATION_SPAN, 3 * COUNT)
    if newest is None:
        return None
    turns = swings(newest, SWING * slack)
    if len(turns) < TURNS or np.quantile(newest.values, 0.75) < WIDE * slack:
        return None
    return Evidence(
        ("distance/data",),
        turns[0],
        f"The samples have come near to the data and gone away again {len(turns) // 2} times since {_at(turns[0])}: "
        "each player runs after what the other did a moment ago.",
        advice(
            switched(facts, "r1"), both_rated(facts, 0.25), switched(facts, "replay"), larger_batch(facts)
        ),
    )


def divergence(record: Record, facts: Facts, slack: float) -> Evidence | None:
    """What had been won is lost again, or the scores run away without end (Mescheder 2018, arXiv:1801.04406)."""
    return _lost_again(record, facts, slack) or _run_away(record, facts, slack)


def _lost_again(record: Record, facts: Facts, slack: float) -> Evidence | None:
    distance = record["distance/data"].smoothed(5)
    newest = distance.latest(SPAN, COUNT)
    if newest is None or len(distance) < 2 * COUNT:
        return None
    best, first = float(distance.values.min()), float(distance.values[:5].max())
    given_back = best + AGAIN * slack * (first - best)
    if best > WON * first or newest.median < max(given_back, BAD * slack):
        return None
    if newest.values.min() < best + 0.5 * (first - best):
        return None
    at = int(distance.steps[int(distance.values.argmin())])
    return Evidence(
        ("distance/data",),
        at,
        f"The samples were nearest to the data at {_at(at)} (distance {significant(best, 2)}) and are now about as far "
        f"as at the beginning ({significant(newest.median, 2)}). Most often a rate is too high.",
        advice(both_rated(facts, 0.1), switched(facts, "r1"), switched(facts, "gradient-clipping")),
    )


def _run_away(record: Record, facts: Facts, slack: float) -> Evidence | None:
    for name in ("score/real", "score/fake", "loss/generator", "loss/discriminator"):
        series = record[name]
        if len(series) < 4 * COUNT or series.span < SPAN:
            continue
        size = Stretch(series.steps, np.abs(series.values)).smoothed(3)
        base = max(1.0, float(size.values[: len(size) // 4].max()))
        newest = float(np.median(size.values[-3:]))
        if newest < RUN_AWAY * slack * base:
            continue
        since = int(size.steps[int(np.argmax(size.values > base * RUN_AWAY / 10))])
        return Evidence(
            (name,),
            since,
            f"{name} is {significant(newest, 2)} now and was at most {significant(base, 2)} at first: nothing bounds "
            "what the discriminator says.",
            advice(switched(facts, "gradient-penalty", "r1", "weight-clip"), both_rated(facts, 0.1)),
        )
    return None


def stalled(record: Record, facts: Facts, slack: float) -> Evidence | None:
    """The samples are far from the data and have not moved for a long time."""
    newest = record["distance/data"].smoothed(3).latest(STALLED_SPAN, 2 * COUNT)
    growing = any(_grows(record[name]) for name in ("diversity/samples", "grad_norm/generator"))
    if newest is None or newest.median < UNFINISHED * slack or growing or record.length < facts.begins:
        return None
    middles = [part.median for part in newest.parts(3)]
    if max(middles) - min(middles) > STILL / slack * max(middles):
        return None
    return Evidence(
        ("distance/data",),
        int(newest.steps[0]),
        f"The samples are no nearer to the data than at {_at(int(newest.steps[0]))}. The rates may be too low, "
        "or the networks too small for this data.",
        advice(both_rated(facts, 3.0), rated(facts, "generator", 3.0)),
    )


def _grows(series: Stretch) -> bool:
    """Whether a series is clearly higher in the last third of the newest part than in the first: something begins."""
    newest = series.smoothed(3).latest(STALLED_SPAN, 2 * COUNT)
    if newest is None:
        return len(series) > 0
    first, _, last = (part.median for part in newest.parts(3))
    return last > BEGINS * first


def _at(step: int) -> str:
    return f"step {whole(step)}"


RULES = (
    Rule("divergence", "The run gets worse", "warning", divergence),
    Rule("oscillation", "The game goes in circles", "warning", oscillation),
    Rule("stalled", "Nothing moves any more", "note", stalled, rank=2),
)
