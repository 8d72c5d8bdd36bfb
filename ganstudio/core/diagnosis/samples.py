"""What can be wrong with the generated samples: too few kinds of them, copies, values at their ends, dead units."""

from __future__ import annotations

import numpy as np

from ganstudio.core.diagnosis.facts import Facts, advice, both_rated, larger_batch, rated, switched
from ganstudio.core.diagnosis.record import Record, Stretch
from ganstudio.core.diagnosis.rule import COUNT, SPAN, Evidence, Rule, improving, lasting, rising
from ganstudio.core.messages import Advice
from ganstudio.core.numbers import percent, significant

GRACE = 300
"""Steps after which samples should have begun to differ."""
SAME = 0.004
"""Mean distance of samples, over that of real ones, at which all are one; what has not begun yet has ten times that."""
ALIKE = 0.25
"""Mean distance of samples, over that of real ones, that is too small."""
DIVERSE = 0.5
"""Part of the data's differences or kinds that a run must have had to be said to have lost it early."""
FEW_KINDS = 0.18
"""Share of the data's kinds that is too small."""
SOME_KINDS = 0.6
"""Share of the data's kinds that is too small in the long run."""
CHRONIC = 1000
"""Steps after which a lack is there to stay."""
GROWTH = 1.3
"""What a series must grow by, from one third of such a time to the next, to be on its way."""
RARE, STANDS_OUT = 0.2, 2.5
"""Share of a class, over an even one, that is hardly any, and one that stands out."""
NEAR = 0.5
"""Distance to the nearest training picture, over that between these pictures, that is too near."""
FULL = 0.3
"""Share of output values at an end of their range, beyond the real ones' share, that is too large."""
DEAD = 0.5
"""Share of a network's units that learn nothing that is too large."""


def mode_collapse(record: Record, facts: Facts, slack: float) -> Evidence | None:
    """Generated samples differ far less than real ones, or are of few of the data's kinds (Goodfellow 2016, 5.1.1).

    Two series show it: mean distance of samples over that of real ones (within the classes of a conditional run), and
    the effective number of kinds over the data's. While it grows, or the samples still come nearer to the data, nothing
    is said, but for what has lasted so long that growth is but a swing, and for samples that do not differ at all.
    """
    if record.length < GRACE:
        return None
    same = lasting(record["diversity/samples"], SAME / slack, above=False)
    if same is not None:
        return Evidence(
            ("diversity/samples",),
            same,
            "All samples are the same. The generator heeds its noise no more: one sample that fools the discriminator "
            "is enough for it, because the discriminator looks at each alone.",
            _diversified(facts),
        )
    for name, level in (("diversity/samples", ALIKE), ("diversity/kinds", FEW_KINDS)):
        since = lasting(record[name], level / slack, above=False)
        if since is not None and _has_come_to_stay(record, facts, name, since):
            return Evidence(
                tuple(dict.fromkeys(("diversity/samples", name))),
                since,
                f"{_said(record, facts, name)}{_most(record)}. The generator has found a few samples that fool the "
                "discriminator and repeats them, because the discriminator looks at each sample alone.",
                _diversified(facts),
            )
    return None


def _has_come_to_stay(record: Record, facts: Facts, name: str, since: int) -> bool:
    """Whether samples that are alike are more than how a run begins, or a swing."""
    series = record[name]
    if record.length < facts.begins and series.smoothed(5).values.max() < DIVERSE:
        return False
    return _chronic(series, since) or not (improving(record) or rising(series))


def _said(record: Record, facts: Facts, name: str) -> str:
    part = percent((record[name].latest(SPAN, COUNT) or record[name]).median)
    if name == "diversity/kinds":
        return f"The samples are of {part} of the kinds that the data has"
    return f"Samples {'of one class ' if facts.conditional else ''}differ only {part} as much as real ones do"


def _chronic(series: Stretch, since: int) -> bool:
    """Whether a lack has lasted for long, and its series is no higher than in the middle of that time."""
    lack = Stretch(series.steps[series.steps >= since], series.values[series.steps >= since])
    if lack.span < CHRONIC or len(lack) < 3 * COUNT:
        return False
    _, middle, last = (part.median for part in lack.parts(3))
    return last < GROWTH * middle


def kinds_missing(record: Record, facts: Facts, slack: float) -> Evidence | None:
    """Samples are good enough, but for long some of the data's classes or modes have hardly been among them.

    The milder form of a collapse: modes are dropped (Che 2017, arXiv:1612.02136, section 3.2).
    """
    kinds = record["diversity/kinds"]
    if record.length < facts.begins + CHRONIC:
        return None
    since = lasting(kinds, SOME_KINDS / slack, above=False, span=CHRONIC, count=3 * COUNT)
    if since is None or not _chronic(kinds, since) or improving(record):
        return None
    newest = kinds.latest(SPAN, COUNT) or kinds
    return Evidence(
        ("diversity/kinds",),
        since,
        f"Counted by how evenly, the samples are of {percent(newest.median)} of the kinds that the data has"
        f"{_most(record)}. What is rarely made is rarely corrected, so that a kind once lost tends to stay away.",
        _diversified(facts),
    )


def _most(record: Record) -> str:
    """The class or mode that most samples are of, if one stands out, and how many are hardly ever made."""
    newest = {name.partition("/")[2]: record[name].latest(SPAN, COUNT) for name in record.names("share/")}
    shares = {name: stretch.values[-COUNT:] for name, stretch in newest.items() if stretch is not None}
    if not shares:
        return ""
    looks = np.stack(list(shares.values()))  # (kinds, looks)
    count, usual, at_once = len(looks), looks.mean(1), float(looks.max(0).mean())
    stands_out = min(STANDS_OUT / count, (1 + 1 / count) / 2)
    if at_once > stands_out > usual.max():
        return f": {percent(at_once)} are of one kind at a time, now of this and then of that"
    kind = list(shares)[int(usual.argmax())]
    name = kind if kind.startswith("mode ") else f"class {kind}"
    rare = round(float(np.median((looks < RARE / count).sum(0))))
    most = f"{percent(float(usual.max()))} are of {name}" if usual.max() > stands_out else ""
    hardly = f"{rare} of the {count} {'is' if rare == 1 else 'are'} hardly ever made" if rare else ""
    said = ", and ".join(part for part in (most, hardly) if part)
    return f": {said}" if said else ""


def _diversified(facts: Facts) -> tuple[Advice, ...]:
    return advice(
        switched(facts, "unrolling"),
        switched(facts, "r1", "instance-noise"),
        larger_batch(facts),
        rated(facts, "generator", 0.5),
    )


def memorisation(record: Record, facts: Facts, slack: float) -> Evidence | None:
    """Generated samples lie much nearer to training pictures than these lie to each other: they are copies.

    The nearest-neighbour test in its plainest form; a sample that is new lies about as far from all pictures as they do
    from each other (compare Meehan 2020, arXiv:2004.05675, whose test needs held-out samples as well).
    """
    since = lasting(record["distance/nearest"], NEAR / slack, above=False)
    if since is None or record.length < GRACE:
        return None
    newest = significant(record["distance/nearest"].values[-1], 2)
    return Evidence(
        ("distance/nearest",),
        since,
        f"Samples are {newest} times as far from the nearest training picture as these are from each other. "
        f"With {facts.finite:,} pictures the networks can know them by heart: more pictures or augmentation help.",
        advice(switched(facts, "adaptive-augment", "diffaugment"), rated(facts, "discriminator", 0.5)),
    )


def saturation(record: Record, facts: Facts, slack: float) -> Evidence | None:
    """Far more output values than real ones are at -1 or 1, where tanh has no slope left to learn by."""
    if facts.kind != "image":
        return None
    generated, real = record["saturation/generated"], record["saturation/real"]
    if not len(real):
        return None
    since = lasting(generated.shifted(-real.median), FULL * slack, above=True)
    if since is None or record.length < GRACE:
        return None
    return Evidence(
        ("saturation/generated", "saturation/real"),
        since,
        f"{percent(generated.values[-1])} of the generated values are quite black or quite white, "
        f"{percent(real.median)} of the real ones. There the last layer has "
        "hardly a slope, so that the generator cannot find back; most often its rate is too high.",
        advice(rated(facts, "generator", 0.1), switched(facts, "gradient-clipping")),
    )


def dead_units(record: Record, facts: Facts, slack: float) -> Evidence | None:
    """Half of a network's units have no gradient at all: their ReLUs are zero for every sample (Maas 2013, section 2).

    Not told where the whole gradient is nothing, which is another finding.
    """
    for player in ("generator", "discriminator"):
        since = lasting(record[f"dead/{player}"], DEAD * slack, above=True)
        norm = record[f"grad_norm/{player}"]
        if since is None or record.length < GRACE or not len(norm) or norm.parts(4)[-1].median == 0:
            continue
        share = percent(record[f"dead/{player}"].values[-1])
        return Evidence(
            (f"dead/{player}",),
            since,
            f"{share} of the {player}'s units learn nothing: they are zero for every sample. One large step can do "
            "that; what is dead stays so. A lower rate keeps the others alive, a new run brings all back.",
            advice(rated(facts, player, 0.25), both_rated(facts, 0.25)),
        )
    return None


RULES = (
    Rule("mode-collapse", "The samples are too much alike (mode collapse)", "warning", mode_collapse),
    Rule("kinds-missing", "Some kinds of samples are missing", "note", kinds_missing, rank=2),
    Rule("memorisation", "The samples repeat training pictures", "warning", memorisation),
    Rule("saturation", "The generator's outputs are at the ends of their range", "warning", saturation),
    Rule("dead-units", "Many units are dead", "warning", dead_units),
)
