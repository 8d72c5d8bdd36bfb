"""Can a person find the slider that opens the mouth? Marks as a person would give them, and what the slider does.

Samples are truncated a little, as whoever wants to see faces does. The clearest open and closed mouths among those
looked at are marked, a direction is learned as in the Explore workspace, and its way is followed: how many mouths are
open at both ends, how much the window with the mouth changes, and how much all the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from support.factor_reading import EVERY, POOL_FROM, REACH, Rows, chance, halves, rows_of
from support.factor_scores import ends
from support.mouth_reading import MouthReader, inside
from torch import Tensor

from ganstudio.core.explore.recipe import Direction, Move, Recipe, Seed
from ganstudio.data import RenderedSource
from ganstudio.latent.components import pca
from ganstudio.latent.directions import sefa
from ganstudio.latent.learning import apart, learned
from ganstudio.latent.model import Explorer
from ganstudio.latent.rendering import values

PSI = 0.7
LOOKED, MARKED = 240, 20
"""Samples that are looked through, and how many of them are marked with plus and with minus."""
NAMELESS = 10
"""Directions of SeFa, of PCA and random ones, out of which the best is taken."""
LARGE = 4
"""Components of PCA that the learned direction may be made to leave alone: the largest changes there are."""
CHANGED = 0.1
"""How much of the whole range a pixel changes at least where it counts as changed."""
PEOPLE = 512
Row = dict[str, Any]


def visible(source: RenderedSource, mood: str) -> tuple[float, float]:
    """How many pixels a drawn face changes by more than a tenth, from a neutral look to ``mood``: at the mouth, and
    elsewhere."""
    drawn = source.draw(PEOPLE, torch.Generator().manual_seed(0))
    known = source.factor("expression").choices
    before, after = (
        source.render(drawn | {"expression": torch.full((PEOPLE,), known.index(name))})
        for name in ("neutral", mood)
    )
    changed = ((after - before).abs().amax(1) / 2 > CHANGED).float().mean(0)
    mask = inside((source.resolution, source.resolution))
    return float(changed[mask].sum()), float(changed[~mask].sum())


@dataclass(frozen=True)
class MouthLab:
    """A model, who reads its mouths, and the seeds to look at."""

    model: Explorer
    reader: MouthReader
    seeds: Sequence[int]

    def pictures(self, seeds: Iterable[int], *moves: Move) -> Tensor:
        """The pictures of seeds, moved: (N, C, H, W)."""
        made = [values(self.model, Recipe(Seed(seed), psi=PSI, moves=moves)) for seed in seeds]
        return torch.cat(made).cpu()

    def lesson(self) -> tuple[Direction, float, float]:
        """The direction from closed to open mouths, how well it tells those apart that it did not learn from, and the
        share of open mouths among all that were looked at."""
        read = self.reader.read(self.pictures(range(POOL_FROM, POOL_FROM + LOOKED)))
        most, least = ends(read, MARKED)
        plus, minus = ([Recipe(Seed(POOL_FROM + k), psi=PSI) for k in places] for places in (most, least))
        known = learned(self.model, "mouth open", plus, minus)
        return known.direction, known.held_out, float((read > 0.5).mean())

    def followed(self, direction: Direction, rows: Rows) -> Row:
        """What is read at both ends of a direction, and root mean square changes in parts of the whole range."""
        low, high = (self.pictures(self.seeds, Move(direction, amount, *rows)) for amount in (-REACH, REACH))
        mask = inside((low.shape[2], low.shape[3]))
        return {
            "ends": [float((self.reader.read(part) > 0.5).mean()) for part in (low, high)],
            "mouth": changed(low, high, mask), "rest": changed(low, high, ~mask),
        }  # fmt: skip

    def unlike(self) -> float:
        """How much two samples differ away from the mouth, in the same measure."""
        shown = self.pictures(self.seeds)
        return changed(shown, shown.roll(1, 0), ~inside((shown.shape[2], shown.shape[3])))

    def best(self, directions: Sequence[Direction], rows: Rows) -> Row:
        """The direction whose ends differ most in open mouths."""
        found = [self.followed(direction, rows) | {"name": direction.name} for direction in directions]
        return max(found, key=lambda row: abs(row["ends"][1] - row["ends"][0]))


def changed(low: Tensor, high: Tensor, mask: Tensor) -> float:
    """The root mean square difference of the pixels (N, C, H, W) in a mask (H, W), in parts of the range of 2."""
    return float(((high - low)[:, :, mask] / 2).square().mean().sqrt())


def sliders(lab: MouthLab, samples: int) -> Row:
    """All that the page says of a model's mouths."""
    direction, score, share = lab.lesson()
    components = pca(lab.model, NAMELESS, samples)
    calm = apart(direction, components[:LARGE])
    parts = {
        "all": EVERY,
        **{f"{size} px": rows for size, rows in rows_of(lab.model).items()},
        **halves(lab.model),
    }
    moves = [
        lab.followed(direction, rows) | {"origin": "learned", "rows": part} for part, rows in parts.items()
    ]
    moves += [
        lab.followed(calm, rows) | {"origin": "learned, apart", "rows": part}
        for part, rows in halves(lab.model).items()
    ]
    for part, rows in halves(lab.model).items():
        nameless = {
            "SeFa": sefa(lab.model, NAMELESS, rows), "PCA": components, "random": chance(lab.model, NAMELESS // 2),
        }  # fmt: skip
        moves += [lab.best(found, rows) | {"origin": name, "rows": part} for name, found in nameless.items()]
    return {"held_out": score, "share": share, "unlike": lab.unlike(), "moves": moves}


def filmstrips(lab: MouthLab, count: int = 8) -> Tensor:
    """Some seeds from -3 to +3 sigma along the calmer direction in the finer rows, uint8 (H, W, C)."""
    direction, _, _ = lab.lesson()
    calm = apart(direction, pca(lab.model, LARGE, 2000))
    rows = list(halves(lab.model).values())[-1]
    lines = [
        torch.cat(
            list(torch.cat([lab.pictures([seed], Move(calm, float(k), *rows)) for k in range(-3, 4)])), 2
        )
        for seed in lab.seeds[:count]
    ]
    return ((torch.cat(lines, 1).clamp(-1, 1) + 1) * 127.5).round().byte().permute(1, 2, 0)


# ---------------------------------------------------------------- the page


def mouth_section(row: Row) -> list[str]:
    """What is said of a run's mouths."""
    return [
        f"## {row['key']}",
        "",
        f"The run of step {row['step']:,} ({row['images']:,} real images, seed {row['seed']}). Measured {row['date']}, "
        f"{row['measured']} s of processor time, on samples truncated to {PSI}.",
        "",
        "**What came out.** " + " ".join(told(row)),
        "",
        *table(row),
    ]


def told(row: Row) -> Iterable[str]:
    """The numbers in words."""
    moods = ", ".join(
        f"{mood} {at:.0f} at the mouth and {else_:.0f} elsewhere"
        for mood, (at, else_) in row["visible"].items()
    )
    yield f"Of the {row['resolution'] ** 2:,} pixels of a drawn face so many change by a tenth and more: {moods}."
    yield (
        f"A reader that sees the mouth alone tells open from closed in {row['accuracy']:.1%} of held-out drawn faces. "
        f"Of {LOOKED} samples of the model {row['share']:.0%} have an open mouth (of drawn faces {row['drawn']:.0%})."
    )
    yield (
        f"The {MARKED} clearest of either kind are marked, as a person would; the direction learned from them tells "
        f"{row['held_out']:.0%} of held-out marks apart."
    )
    plain, calm = (pick(row, origin)[-1] for origin in ("learned", "learned, apart"))
    first = pick(row, "learned")[0]
    yield (
        f"Along it mouths open, from {first['ends'][0]:.0%} to {first['ends'][1]:.0%}, and the rest changes by "
        f"{first['rest'] / row['unlike']:.0%} of what two faces differ by. In the finer rows alone it is "
        f"{plain['ends'][0]:.0%} to {plain['ends'][1]:.0%} and {plain['rest'] / row['unlike']:.0%}; made to leave the "
        f"{LARGE} largest components alone, too, {calm['ends'][0]:.0%} to {calm['ends'][1]:.0%} and "
        f"{calm['rest'] / row['unlike']:.0%}."
    )
    for origin in ("SeFa", "PCA", "random"):
        best = max(pick(row, origin), key=lambda move: abs(move["ends"][1] - move["ends"][0]))
        yield (
            f"The best of {origin} ({best['name']}, {best['rows']} rows) goes from {best['ends'][0]:.0%} to "
            f"{best['ends'][1]:.0%}."
        )
    if row["seen"]:
        yield "By eye: " + row["seen"]


def pick(row: Row, origin: str) -> list[Row]:
    """The moves of one origin."""
    return [move for move in row["moves"] if move["origin"] == origin]


def table(row: Row) -> list[str]:
    """One line for each move."""
    lines = [
        "| direction | rows | open at -2 and +2 sigma | change at the mouth | of the rest | rest, to two faces |"
    ]
    lines += ["|---|---|---|---|---|---|"]
    lines += [
        f"| {move.get('name', move['origin'])} | {move['rows']} | {move['ends'][0]:.0%}, {move['ends'][1]:.0%} "
        f"| {move['mouth']:.3f} | {move['rest']:.3f} | {move['rest'] / row['unlike']:.0%} |"
        for move in row["moves"]
    ]
    words = "Changes are root mean squares over the way, in parts of the whole range of a pixel."
    return [*lines, "", words, ""]
