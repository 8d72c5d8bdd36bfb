"""The page on directions and style mixing against known factors, made of the rows of its ledger."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from typing import Any

import torch
from support.factor_reading import ATTRIBUTES, group_of
from support.mouth_slider import mouth_section

from ganstudio.engine import devices

Row = dict[str, Any]
Terms = dict[str, int]
CLEAR = 0.2
"""How much more of colour than of pose and shape finer rows have to carry for a clear division."""


def page(rows: Iterable[Row], terms: Terms) -> str:
    """The whole page."""
    lines = [
        "# Directions and style mixing against known factors",
        "",
        f"Measured by `tests/results/directions.py` on {devices.processor()} (two shared cores), 1 thread, "
        f"torch {torch.__version__.partition('+')[0]}. A classifier of the data reads factors from "
        "pixels. A direction is followed from -2 to +2 sigma at "
        f"{terms['seeds']} seeds; changes are root mean squares, in standard deviations that the factor has over real "
        "pictures. *Purity* is the share of the factor that changes most in the sum of squared changes: 1 if it alone "
        "changes. *Steady* is 1 if that factor changes alike in all pictures, near 0 if in each its own way. *In "
        "common* is the purity of the mean change, in which what differs from picture to picture is left out.",
        "",
    ]
    for row in rows:
        lines += section(row, terms) if "reader" in row else mouth_section(row)
    return "\n".join(lines)


def section(row: Row, terms: Terms) -> list[str]:
    """What is said of one run."""
    return [
        f"## {row['key']}",
        "",
        f"{row['data']} at {row['resolution']} px, variant `{row['variant']}`, seed {row['seed']}, step "
        f"{row['step']:,}: {row['images']:,} real images, {row['trained']:,} s of training. Measured {row['date']}, "
        f"{row['measured']} s of processor time, with a classifier that had learned from {row['updates']:,} times 128 "
        "drawn pictures.",
        "",
        "**What came out.** " + " ".join([*verdict(row), *mixing_verdict(row)]),
        "",
        *reading(row),
        *overview(row),
        *details(row),
        *taught(row, terms),
        *mixing(row),
    ]


def reading(row: Row) -> list[str]:
    """How well factors are read, and what the score is where the drawing changes one factor alone."""
    lines = ["| factor | held-out R² or accuracy | above chance | purity when it alone is drawn anew |"]
    lines += ["|---|---|---|---|"]
    for name, (raw, score) in sorted(row["reader"].items(), key=lambda pair: -pair[1][1]):
        best = f"{row['ceiling'][name]:.2f}" if name in row["used"] else "not used"
        lines.append(f"| {name} | {raw:.2f} | {score:.2f} | {best} |")
    return [*lines, ""]


def of(row: Row, origin: str, rows: str = "all") -> list[Row]:
    """The moves from one origin in some rows."""
    return [move for move in row["moves"] if move["origin"] == origin and move["rows"] == rows]


def overview(row: Row) -> list[str]:
    """One line for each origin and part of the rows."""
    lines = [
        "| directions | rows | number | mean purity | highest | in common, mean | change of the first factor, sd |"
    ]
    lines += ["|---|---|---|---|---|---|---|"]
    for rows in dict.fromkeys(move["rows"] for move in row["moves"]):
        for origin in ("SeFa", "PCA", "learned", "random"):
            if moves := of(row, origin, rows):
                purities = [move["purity"] for move in moves]
                amount = statistics.mean(move["amount"] for move in moves)
                common = statistics.mean(move["common_purity"] for move in moves)
                lines.append(
                    f"| {origin} | {rows} | {len(moves)} | {statistics.mean(purities):.2f} | {max(purities):.2f} "
                    f"| {common:.2f} | {amount:.2f} |"
                )
    return [*lines, ""]


def details(row: Row) -> list[str]:
    """One line for each direction but the random ones."""
    lines = [
        "| direction | rows | its own score | first factor | change, sd | purity | second factor | steady | in common |"
    ]
    lines += ["|---|---|---|---|---|---|---|---|---|"]
    lines += [
        f"| {move['name']} | {move['rows']} | {move['score']:.2f} | {move['factor']} | {move['amount']:.2f} "
        f"| {move['purity']:.2f} | {move['second']} ({move['second_share']:.2f}) | {move['steady']:.2f} "
        f"| {move['common_factor']} ({move['common_purity']:.2f}) |"
        for move in row["moves"]
        if move["origin"] in ("SeFa", "PCA")
    ]
    return [*lines, "", "The own score is the share of the eigenvalues.", ""]


def taught(row: Row, terms: Terms) -> list[str]:
    """One line for each learned direction."""
    lines = [
        "| learned | held-out accuracy | shown at -2 and +2 sigma | share of its factor | in common | first factor |"
    ]
    lines += ["|---|---|---|---|---|---|"]
    for move in of(row, "learned"):
        low, high = move["ends"]
        first = f"{move['factor']} ({move['purity']:.2f})"
        lines.append(
            f"| {move['name']} | {move['score']:.2f} | {low:.2f}, {high:.2f} | {move['share']:.2f} "
            f"| {move['common']:.2f} | {first} |"
        )
    words = (
        f"Learned from the {terms['marked']} of {terms['pool']} samples that show most of an attribute and the "
        f"{terms['marked']} that show least, as the classifier reads them. Shown is the mean probability of the "
        "attribute, or the mean of the number, from 0 to 1."
    )
    return [*lines, "", words, ""]


def grouped(row: Row) -> dict[str, list[str]]:
    """Group -> its factors among those that are used."""
    found: dict[str, list[str]] = {}
    for name in row["used"]:
        found.setdefault(group_of(name), []).append(name)
    return found


def mixing(row: Row) -> list[str]:
    """How far rows of another seed take the picture to it, group by group and factor by factor."""
    if not row["mixing"]:
        return []
    sizes = list(row["mixing"])
    head = f"| rows from B | {' | '.join(sizes)} |"
    lines = [head, "|---|" + "---|" * len(sizes)]
    for group, names in grouped(row).items():
        cells = [f"{carried(row, size, names):.2f} ({nearest(row, size, names):.0%})" for size in sizes]
        lines.append(f"| **{group}** | " + " | ".join(cells) + " |")
        for name in names:
            cells = [f"{carried(row, size, [name]):.2f} ({nearest(row, size, [name]):.0%})" for size in sizes]
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
    words = (
        "How far the rows of these feature maps alone, taken from B, move a factor from A's to B's (0 to 1), and in "
        "brackets the share of pairs in which the mix is nearer to B. Groups are means."
    )
    return [*lines, "", words, ""]


def carried(row: Row, size: str, names: list[str]) -> float:
    """The mean transfer of factors by the rows of one size."""
    return statistics.mean(row["mixing"][size][name][0] for name in names)


def nearest(row: Row, size: str, names: list[str]) -> float:
    """The mean share of pairs nearer to B."""
    return statistics.mean(row["mixing"][size][name][1] for name in names)


# ---------------------------------------------------------------- in words


def verdict(row: Row) -> Iterable[str]:
    """What the numbers say of directions."""
    best = statistics.mean(row["ceiling"].values())
    yield (
        f"Of {len(row['reader'])} factors {counted(len(row['used']), 'is', 'are')} read well enough. Where the drawing "
        f"itself changes one factor alone, the purity that is read is {best:.2f} on average: more cannot be asked of a "
        "direction."
    )
    random = [move["purity"] for move in of(row, "random")]
    yield f"Random directions have {statistics.mean(random):.2f}, the purest of {len(random)} {max(random):.2f}."
    for origin in ("SeFa", "PCA"):
        yield compared(of(row, origin), origin, max(random), best)
    if lessons := of(row, "learned"):
        hits = sum(move["factor"] == move["wanted"] for move in lessons)
        yield (
            f"Of {len(lessons)} learned directions {counted(hits, 'changes', 'change')} the wanted factor most; it "
            f"has {statistics.mean(move['share'] for move in lessons):.2f} of the change on average, and "
            f"{statistics.mean(move['common'] for move in lessons):.2f} of what all pictures have in common."
        )
    untried = [a.name for a in ATTRIBUTES[row["data"]] if a.factor not in row["used"]]
    if untried:
        yield f"Not tried, since their factors are read too badly: {', '.join(untried)}."
    yield "It is one run of one seed."


def compared(moves: list[Row], origin: str, random: float, best: float) -> str:
    """How many directions are purer than the purest random one, and how many are halfway to the best there can be."""
    above = [move for move in moves if move["purity"] > random]
    pure = sum(move["purity"] > (best + random) / 2 for move in moves)
    names = ", ".join(f"{move['name']} ({move['factor']}, {move['purity']:.2f})" for move in above)
    return (
        f"Of {len(moves)} {origin} directions {counted(len(above), 'is', 'are')} purer than every random one"
        f"{': ' + names if above else ''}; {counted(pure, 'comes', 'come')} nearer to the drawing's own purity than to "
        "the purest random one's."
    )


def counted(number: int, one: str, many: str) -> str:
    """A number with its verb."""
    return f"{number or 'none'} {one if number < 2 else many}"


def mixing_verdict(row: Row) -> Iterable[str]:
    """What the numbers say of style mixing."""
    if not row["mixing"]:
        return
    for group, names in grouped(row).items():
        parts = {size: carried(row, size, names) for size in row["mixing"]}
        most = max(parts, key=parts.__getitem__)
        told = ", ".join(f"{part:.2f} by {size}" for size, part in parts.items())
        yield f"Mixing carries {group} most by the rows of {most} ({told})."
    fine = list(row["mixing"])[len(row["mixing"]) // 2 :]
    parts = {name: sum(carried(row, size, [name]) for size in fine) for name in row["used"]}
    ranked = sorted(parts, key=lambda name: -parts[name])
    told = ", ".join(f"{name} {parts[name]:.2f}" for name in ranked)
    yield f"What the finer rows ({' and '.join(fine)}) carry, factor by factor: {told}."
    yield from division(
        {group: statistics.mean(parts[n] for n in names) for group, names in grouped(row).items()}
    )


def division(fine: dict[str, float]) -> Iterable[str]:
    """Whether finer rows, which carry so much of each group, have colour and leave pose and shape to coarser ones."""
    if {"colour", "pose and shape"} <= fine.keys():
        colour, pose = fine["colour"], fine["pose and shape"]
        seen = "shows" if colour - pose > CLEAR else "does not show"
        yield (
            f"That is {colour:.2f} of colour and {pose:.2f} of pose and shape: the division of StyleGAN's figure 3, "
            f"pose and shape by coarse rows and colour by fine ones, {seen} here."
        )
