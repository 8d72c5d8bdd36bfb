"""What can be wrong with how a game moves: in circles, away, or not at all."""

from __future__ import annotations

import numpy as np

from ganstudio.core.diagnosis.facts import Facts, advice, both_rated, larger_batch, rated, switched
from ganstudio.core.diagnosis.record import Record, Stretch
from ganstudio.core.diagnosis.rule import COUNT, SPAN, Evidence, Rule, improving, lasting, swings
from ganstudio.core.numbers import significant, whole

SWING = 3.0
"""Factor by which the distance to the data must rise or fall to count as a swing."""
TURNS = 5
"""Turning points that make an oscillation."""
WIDE = 0.3
"""Distance to the data that a swing must reach: below, samples are good, and what a few of them tell is noise."""
LONG = 1000
"""Steps over which swings are watched: a game that settles takes some to do so."""
WIDENING = 2.0
"""Growth, over this time, of swings that are as quick as the reports."""
WON = 0.4
"""The share of that distance below which a run has won something it can lose again."""
AGAIN = 0.9
"""The share of what had been won that is lost again in a divergence."""
BEGINNING = 1.0
"""Distance to the data of a bad beginning. What a run wins is counted from there at least: one that begins nearer,
resumed or by chance, has won nothing by that and wavers."""
OUTSIDE = 4.0
"""Distance to the data from which on samples are outside of it: one point 2.5 times as far from the data as these lie
from each other has that, for 2 * 2.5 - 1 = 4 (Szekely & Rizzo 2013). Untrained generators have about 1."""
RUN_AWAY = 100.0
"""Growth of the scores, over the largest of the run's first quarter, that is a divergence."""
STILL = 0.07
"""Relative change between thirds of the newest part that is no change."""
STALLED_SPAN = 500
BEGINS = 1.2
"""Growth of diversity or of the generator's gradient over the newest part that is the beginning of something."""
AT_REST = 0.14
"""Width of the newest part, from its lowest tenth to its highest, over its middle, from which on it moves, whatever its
trend: twice ``STILL``, and twice what chance makes of the samples of a generator whose rate is 0."""
UNFINISHED = 0.3
"""Distance to the data from which on a run that stands still is not simply done."""


def oscillation(record: Record, facts: Facts, slack: float) -> Evidence | None:
    """The samples swing to the data and away again: the players chase each other in circles (Mescheder 2018).

    Swings are counted in the distance to the data, which every objective has. Those of a game that settles shrink: the
    eigenvalues of its steps lie within the unit circle (arXiv:1801.04406, section 2), and nothing is said. Swings that
    show in the smoothed distance are told if they do not shrink; quicker ones, more like noise, if they widen.
    """
    distance = record["distance/data"]
    turns = _circles(distance.smoothed(3), TURNS, slack) or _circles(distance, 2 * TURNS, slack, WIDENING)
    if not turns:
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


def _circles(distance: Stretch, least: int, slack: float, growth: float = 1.0) -> list[int]:
    """The turning points of the newest swings; none if they are few or have grown by less than a factor."""
    newest = distance.latest(LONG, 3 * COUNT)
    if newest is None:
        return []
    turns = swings(Stretch(newest.steps, np.maximum(newest.values, WIDE / SWING)), SWING * slack)
    first, _, last = (float(np.quantile(part.values, 0.75)) for part in newest.parts(3))
    return turns if len(turns) >= least and last >= growth * slack * first else []


def divergence(record: Record, facts: Facts, slack: float) -> Evidence | None:
    """What was won is lost again, samples or scores run away without end (Mescheder 2018, arXiv:1801.04406)."""
    return (
        _lost_again(record, facts, slack) or _outside(record, facts, slack) or _run_away(record, facts, slack)
    )


def _lost_again(record: Record, facts: Facts, slack: float) -> Evidence | None:
    distance = record["distance/data"].smoothed(5)
    newest = distance.latest(SPAN, COUNT)
    if newest is None or len(distance) < 2 * COUNT:
        return None
    best, first = float(distance.values.min()), max(BEGINNING, float(distance.values[:5].max()))
    if best > WON * first or newest.median < best + AGAIN * slack * (first - best):
        return None
    if newest.values.min() < best + 0.5 * (first - best):
        return None
    at = int(distance.steps[int(distance.values.argmin())])
    return Evidence(
        ("distance/data",),
        at,
        f"The samples were nearest to the data at {_at(at)} (distance {significant(best, 2)}) and are now about as far "
        f"as in a bad beginning ({significant(newest.median, 2)}). Most often a rate is too high.",
        advice(both_rated(facts, 0.1), switched(facts, "r1"), switched(facts, "gradient-clipping")),
    )


def _outside(record: Record, facts: Facts, slack: float) -> Evidence | None:
    """Samples far outside of the data that come no nearer. Only points can be: the values of pictures are bounded."""
    distance = record["distance/data"]
    since = lasting(distance, OUTSIDE * slack, above=True)
    if since is None or improving(record):
        return None
    return Evidence(
        ("distance/data",),
        since,
        f"The samples lie far outside of the data (distance {significant(distance.values[-1], 2)}, where about 1 is a "
        "bad beginning), and come no nearer: the generator has taken steps that were much too large.",
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
    """The samples are far from the data and have not moved for a long time.

    Not to move is more than to have no trend: of values that swing widely, thirds have the same middle by chance.
    """
    newest = record["distance/data"].smoothed(3).latest(STALLED_SPAN, 2 * COUNT)
    growing = any(_grows(record[name]) for name in ("diversity/samples", "grad_norm/generator"))
    if newest is None or newest.median < UNFINISHED * slack or growing or record.length < facts.begins:
        return None
    low, high = np.quantile(newest.values, (0.1, 0.9))
    middles = [part.median for part in newest.parts(3)]
    if high - low > AT_REST / slack * newest.median or max(middles) - min(middles) > STILL / slack * max(
        middles
    ):
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
