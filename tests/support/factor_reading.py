"""Known factors read from the pictures of a trained generator, as its latents are moved and mixed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import torch
from support.factor_scores import (
    Effect,
    Numbers,
    Reads,
    above_chance,
    effect,
    ends,
    nearer,
    transfer,
    units_of,
)
from torch import Tensor

from ganstudio.core.explore.recipe import Direction, Mix, Move, Recipe, Seed
from ganstudio.data import RenderedSource
from ganstudio.latent.components import pca
from ganstudio.latent.directions import sefa, spreads
from ganstudio.latent.learning import Learned, learned
from ganstudio.latent.model import Explorer
from ganstudio.latent.rendering import values
from ganstudio.metrics.domain import LABEL, DomainFeatures, Lessons

GOOD = 0.5
"""How far above chance (0) towards perfect (1) a factor has to be read on held-out pictures to be used."""
REACH = 2.0
"""Sigmas to both sides that a direction is followed."""
POOL_FROM = 100_000
"""The first seed of the samples that directions are learned from; effects are measured on seeds from 0 on."""
COLOURS = frozenset(
    ("skin", "hair colour", "eye colour", "hat colour", "clothes", "background", "light", "colour")
)
PATTERNS = frozenset(("backdrop", "texture", "background texture"))
Rows = tuple[int, int]
EVERY: Rows = (0, -1)


@dataclass(frozen=True)
class Attribute:
    """Something to learn a direction for: some choices of a factor, or the upper end of a number."""

    name: str
    factor: str
    choices: tuple[str, ...] = ()


ATTRIBUTES: dict[str, tuple[Attribute, ...]] = {
    "faces": (
        Attribute("mouth open", "expression", ("laughing", "surprised")),
        Attribute("glasses", "glasses", ("round glasses", "square glasses", "sunglasses")),
        Attribute("hat", "hat", ("beanie", "cap", "sun hat")),
        Attribute("long hair", "hair", ("bobbed", "long")),
        Attribute("dark skin", "skin"),
        Attribute("looking right", "turn"),
    ),
    "shapes": (
        Attribute("round", "shape", ("circle", "ring")),
        Attribute("large", "size"),
        Attribute("at the right", "x"),
        Attribute("warm colour", "colour", ("red", "orange", "yellow", "pink")),
        Attribute("dark background", "background", ("black", "navy", "dark green")),
    ),
}


def group_of(factor: str) -> str:
    """What kind of factor it is."""
    if factor in COLOURS:
        return "colour"
    return "pattern" if factor in PATTERNS else "pose and shape"


class Reader:
    """Reads factors with a classifier of the data. ``scores``: how well each is read of held-out pictures, above
    chance; ``raw`` as R^2 or accuracy. ``units``: the standard deviations of those that are read well."""

    def __init__(self, source: RenderedSource, judge: DomainFeatures, good: float = GOOD) -> None:
        self.source, self.judge = source, judge
        named = zip(judge.heads, judge.accuracies, strict=True)
        self.raw = {head.name: score for head, score in named if head.name != LABEL}
        self.scores = {
            name: above_chance(score, source.factor(name).weights) for name, score in self.raw.items()
        }
        self.used = tuple(name for name, score in self.scores.items() if score >= good)
        self.units = units_of(self.read(Lessons(source).held_out()[0]))

    @torch.no_grad()
    def read(self, pictures: Tensor) -> dict[str, Numbers]:
        """The factors that are read well, of pictures (N, C, H, W) in [-1, 1]: (N, K) for each.

        Numbers are read from 0 to 1, the ends of what is drawn, and never beyond.
        """
        answers = [self.judge.judge(part.clamp(-1, 1)) for part in pictures.split(256)]
        found: dict[str, Numbers] = {}
        for head, parts in zip(self.judge.heads, zip(*answers, strict=True), strict=True):
            if head.name in self.used:
                raw = torch.cat(parts)
                found[head.name] = (raw.softmax(1) if head.kinds else raw.clamp(0, 1)).double().numpy()
        return found

    def shows(self, attribute: Attribute, reads: Reads) -> Numbers:
        """How much of an attribute each picture shows, (N,): the probability of its choices, or the number."""
        read = reads[attribute.factor]
        if not attribute.choices:
            return read[:, 0]
        known = self.source.factor(attribute.factor).choices
        return read[:, [known.index(choice) for choice in attribute.choices]].sum(1)

    def ceiling(self, count: int = 256) -> dict[str, Effect]:
        """What is read where the drawing itself has one factor drawn anew and all others kept: the best that can be."""
        generator = torch.Generator().manual_seed(0)
        truth = self.source.draw(count, generator)
        before = self.read(self.source.render(truth))
        found: dict[str, Effect] = {}
        for name in self.used:
            other = truth | {name: self.source.factor(name).sample(count, generator)}
            found[name] = effect(before, self.read(self.source.render(other)), self.units)
        return found


@dataclass(frozen=True)
class Lab:
    """A model, who reads its pictures, and the seeds to look at."""

    model: Explorer
    reader: Reader
    seeds: Sequence[int]

    def reads(self, recipes: Sequence[Recipe]) -> dict[str, Numbers]:
        """The factors of the pictures of recipes."""
        return self.reader.read(torch.cat([values(self.model, recipe).cpu() for recipe in recipes]))

    def moved(
        self, direction: Direction, rows: Rows = EVERY
    ) -> tuple[dict[str, Numbers], dict[str, Numbers]]:
        """The factors of all seeds at both ends of a direction."""
        low, high = (
            self.reads([Recipe(Seed(s), moves=(Move(direction, amount, *rows),)) for s in self.seeds])
            for amount in (-REACH, REACH)
        )
        return low, high

    def effect(self, direction: Direction, rows: Rows = EVERY) -> Effect:
        """What the whole way along a direction does."""
        return effect(*self.moved(direction, rows), self.reader.units)

    def learn(self, attribute: Attribute, pool: Reads, count: int) -> Learned:
        """The direction from those samples of the pool that show least of an attribute to those that show most."""
        most, least = ends(self.reader.shows(attribute, pool), count)
        plus, minus = ([Recipe(Seed(POOL_FROM + place)) for place in places] for places in (most, least))
        return learned(self.model, attribute.name, plus, minus)

    def pool(self, size: int) -> dict[str, Numbers]:
        """The factors of samples to learn from."""
        return self.reads([Recipe(Seed(POOL_FROM + place)) for place in range(size)])

    def mixed(self) -> dict[str, dict[str, tuple[float, float]]]:
        """Px of style rows -> factor -> how far those rows of B alone take A to B, and the share of pairs nearer to B.

        Each seed is mixed with the next one.
        """
        pairs = list(zip(self.seeds, [*self.seeds[1:], self.seeds[0]], strict=True))
        a, b = (self.reads([Recipe(Seed(pair[k])) for pair in pairs]) for k in (0, 1))
        found: dict[str, dict[str, tuple[float, float]]] = {}
        for size, (first, last) in rows_of(self.model).items():
            made = self.reads(
                [Recipe(Seed(own), mixes=(Mix(Seed(other), first, last),)) for own, other in pairs]
            )
            found[f"{size} px"] = {
                name: (transfer(a[name], b[name], made[name]), nearer(a[name], b[name], made[name], unit))
                for name, unit in self.reader.units.items()
            }
        return found


def rows_of(model: Explorer) -> dict[int, Rows]:
    """The first and last row of styles of each size in px."""
    sizes = model.styled.style_rows if model.styled is not None else ()
    found: dict[int, Rows] = {}
    for size, places in groupby(range(len(sizes)), key=lambda place: sizes[place]):
        rows = list(places)
        found[size] = (found.get(size, (rows[0], 0))[0], rows[-1])
    return found


def halves(model: Explorer) -> dict[str, Rows]:
    """Rows to move alone: all, and for styles those of the small and of the large feature maps."""
    found: dict[str, Rows] = {"all": EVERY}
    sizes = list(rows_of(model).items())
    if len(sizes) > 1:
        cut = len(sizes) // 2
        found[f"to {sizes[cut - 1][0]} px"] = (0, sizes[cut - 1][1][1])
        found[f"from {sizes[cut][0]} px"] = (sizes[cut][1][0], -1)
    return found


def candidates(model: Explorer, rows: Rows, count: int, samples: int) -> dict[str, tuple[Direction, ...]]:
    """The directions to try, by where they come from. SeFa looks at the weights of the moved rows."""
    return {
        "SeFa": sefa(model, count, rows),
        "PCA": pca(model, count, samples),
        "random": chance(model, 2 * count),
    }


def chance(model: Explorer, count: int) -> tuple[Direction, ...]:
    """Random directions with their own sigmas, always the same ones."""
    space = "w" if model.styled is not None else "z"
    width = len(model.styled.w_average) if model.styled is not None else model.latent.dimension
    vectors = np.random.default_rng(0).standard_normal((count, width))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    sigmas = spreads(model, space, torch.tensor(vectors).float())
    return tuple(
        Direction(f"random {k + 1}", space, tuple(vector.tolist()), sigma)
        for k, (vector, sigma) in enumerate(zip(vectors, sigmas, strict=True))
    )
