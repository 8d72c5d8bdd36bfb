"""What can be wrong with the generated samples: too few kinds of them, copies, values at their ends, dead units."""

from __future__ import annotations

from ganstudio.core.diagnosis.facts import Facts, advice, both_rated, larger_batch, rated, switched
from ganstudio.core.diagnosis.record import Record
from ganstudio.core.diagnosis.rule import Evidence, Rule, improving, lasting, rising
from ganstudio.core.numbers import percent, significant

GRACE = 300
"""Steps after which samples should have begun to differ."""
SLOW_START = 800
"""Steps after which samples that have never differed should have begun to: some losses take long to begin."""
ALIKE = 0.25
"""Mean distance of samples, over that of real ones, that is too small."""
FEW_KINDS = 0.18
"""Share of the data's kinds that is too small."""
NEAR = 0.5
"""Distance to the nearest training picture, over that between these pictures, that is too near."""
FULL = 0.3
"""Share of output values at an end of their range, beyond the real ones' share, that is too large."""
DEAD = 0.5
"""Share of a network's units that learn nothing that is too large."""


def mode_collapse(record: Record, facts: Facts, slack: float) -> Evidence | None:
    """Generated samples differ far less than real ones, or are of few of the data's kinds (Goodfellow 2016, 5.1.1).

    Two series show it: mean distance of samples over that of real ones (within the classes of a conditional run), and
    the effective number of kinds over the data's. While either grows, or the samples still come nearer to the data,
    nothing is said.
    """
    names = ("diversity/samples", "diversity/kinds")
    growing = any(len(record[name]) and rising(record[name]) for name in names)
    if record.length < GRACE or growing or improving(record):
        return None
    for name, level in (("diversity/samples", ALIKE), ("diversity/kinds", FEW_KINDS)):
        since = lasting(record[name], level / slack, above=False)
        if since is None or (
            record.length < SLOW_START and record[name].smoothed(5).values.max() < 2 * level
        ):
            continue
        newest = record[name].values[-1]
        among = "of one class differ" if facts.conditional else "differ"
        said = (
            f"Samples {among} only {percent(newest)} as much as real ones do."
            if name == "diversity/samples"
            else f"The samples are of {percent(newest)} of the kinds that the data has."
        )
        return Evidence(
            ("diversity/samples", name) if name != "diversity/samples" else (name,),
            since,
            f"{said} The generator has found a few samples that fool the discriminator and repeats them, because the "
            "discriminator looks at each sample alone.",
            advice(
                switched(facts, "unrolling"),
                switched(facts, "r1", "instance-noise"),
                larger_batch(facts),
                rated(facts, "generator", 0.5),
            ),
        )
    return None


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
    Rule("memorisation", "The samples repeat training pictures", "warning", memorisation),
    Rule("saturation", "The generator's outputs are at the ends of their range", "warning", saturation),
    Rule("dead-units", "Many units are dead", "warning", dead_units),
)
