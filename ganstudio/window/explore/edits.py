"""What the controls do to a recipe: pure functions from one recipe to the next, and recipes in words. No Qt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from ganstudio.core.explore.recipe import Blend, Direction, Mix, Move, Numbers, Path, Place, Recipe, Seed
from ganstudio.core.numbers import MINUS, whole

MOST_SEED = 2**31 - 1
DEEPEST_PLACE = 24
"""Places within places that a recipe may hold and still be read from a file."""
DOWN = 100
"""How far apart the seeds are that a drag downwards leads to; to the right it is the next seed."""


# ---------------------------------------------------------------- places


def base_seed(place: Place) -> int:
    """The seed that a place comes from; 0 where it comes from numbers."""
    if isinstance(place, Seed):
        return place.seed
    if isinstance(place, Blend):
        return base_seed(place.a)
    return base_seed(place.keys[0]) if isinstance(place, Path) and place.keys else 0


def seeded(place: Place) -> bool:
    """Whether a place belongs to one seed: not one in numbers, nor one on a way through several."""
    return seeded(place.a) if isinstance(place, Blend) else isinstance(place, Seed)


def depth(place: Place) -> int:
    """How many places lie within each other."""
    if isinstance(place, Blend):
        return 1 + max(depth(place.a), depth(place.b))
    return 1 + max(map(depth, place.keys), default=0) if isinstance(place, Path) else 0


def with_seed(recipe: Recipe, seed: int) -> Recipe:
    """The same picture of a seed, which wraps around at the largest one."""
    return recipe.at(Seed(seed % (MOST_SEED + 1)))


def standing(place: Place) -> tuple[Place, float, float]:
    """Where a drag began, and how far it has led to the right and down."""
    if isinstance(place, Blend) and isinstance(place.a, Blend):
        base = place.a.a
        if _axes(base) == (place.a.b, place.b):
            return base, place.a.share, place.share
    return place, 0.0, 0.0


def travelled(place: Place, right: float, down: float) -> Place:
    """The place after a drag: 1 to the right is the next seed, 1 downwards the one a hundred on.

    Two drags in a row are one way from where the first began, so that places do not pile up.
    """
    base, across, below = standing(place)
    across, below = across + right, below + down
    if not across and not below:
        return base
    east, south = _axes(base)
    return Blend(Blend(base, east, across), south, below)


def _axes(base: Place) -> tuple[Seed, Seed]:
    seed = base_seed(base)
    return Seed((seed + 1) % (MOST_SEED + 1)), Seed((seed + DOWN) % (MOST_SEED + 1))


def around(recipe: Recipe, radius: float, count: int, salt: int) -> tuple[Recipe, ...]:
    """Variations: the recipe itself in the middle of ``count``, the others ``radius`` of the way to other seeds."""
    middle = count // 2
    others = (Seed((salt + i) % (MOST_SEED + 1)) for i in range(count))
    return tuple(
        recipe if i == middle else recipe.at(Blend(recipe.place, other, radius))
        for i, other in enumerate(others)
    )


def place_name(place: Place) -> str:
    """A place in words."""
    if isinstance(place, Seed):
        return f"seed {whole(place.seed)}"
    if isinstance(place, Numbers):
        return f"a point in {place.space}"
    if isinstance(place, Path):
        return f"on a path of {len(place.keys)} keys"
    base, _, _ = standing(place)
    if base is not place:
        return f"near {place_name(base)}"
    if isinstance(place.a, Seed) and isinstance(place.b, Seed):
        return f"{place_name(place.a)} to {place_name(place.b).removeprefix('seed ')}, {place.share:.0%}"
    return f"near {place_name(Seed(base_seed(place)))}"


# ---------------------------------------------------------------- directions


def amount_of(recipe: Recipe, direction: Direction) -> float:
    """How far a recipe goes along a direction, in sigmas."""
    return next((move.amount for move in recipe.moves if move.direction == direction), 0.0)


def with_move(recipe: Recipe, direction: Direction, amount: float, first: int = 0, last: int = -1) -> Recipe:
    """Go so far along a direction, in these rows; 0 leaves it out."""
    moves = list(recipe.moves)
    at = next((i for i, move in enumerate(moves) if move.direction == direction), len(moves))
    moves[at : at + 1] = [Move(direction, amount, first, last)] if amount else []
    return replace(recipe, moves=tuple(moves))


def renamed(recipe: Recipe, old: Direction, new: Direction) -> Recipe:
    """The recipe with a direction under another name."""
    moves = (replace(m, direction=new) if m.direction == old else m for m in recipe.moves)
    return replace(recipe, moves=tuple(moves))


def apart(direction: Direction, other: Direction) -> Direction | None:
    """A direction without its part along another (Gram and Schmidt): it leaves alone what the other one changes.

    ``None`` where the two do not live in one space, or nothing would be left.
    """
    v, u = direction.vector, other.vector
    if direction.space != other.space or len(v) != len(u):
        return None
    along = sum(a * b for a, b in zip(v, u, strict=True)) / (sum(b * b for b in u) or 1.0)
    rest = [a - along * b for a, b in zip(v, u, strict=True)]
    norm = math.sqrt(sum(a * a for a in rest))
    if norm < 1e-6:
        return None
    name = f"{direction.name}, not {other.name}"
    return Direction(
        name, direction.space, tuple(a / norm for a in rest), direction.sigma * norm, "orthogonal"
    )


# ---------------------------------------------------------------- mixing


def mix_of(recipe: Recipe, first: int, last: int) -> Mix | None:
    """What is mixed into exactly these rows."""
    return next((mix for mix in recipe.mixes if (mix.first, mix.last) == (first, last)), None)


def with_mix(recipe: Recipe, first: int, last: int, source: Place, strength: float) -> Recipe:
    """Take these rows from a source, by a strength; 0 leaves it out. Narrow ranges act after broad ones."""
    rest = [mix for mix in recipe.mixes if (mix.first, mix.last) != (first, last)]
    if strength > 0:
        rest.append(Mix(source, first, last, strength))
    rest.sort(key=lambda mix: (mix.first - mix.last, mix.first))
    return replace(recipe, mixes=tuple(rest))


# ---------------------------------------------------------------- classes


def with_class(recipe: Recipe, first: int | None) -> Recipe:
    """Another first class, the others of a mixture as they are; ``None``: the class that belongs to the seed."""
    if first is None:
        return replace(recipe, labels=())
    share = recipe.labels[0][1] if recipe.labels else 1.0
    rest = [(number, weight) for number, weight in recipe.labels[1:] if number != first]
    return replace(recipe, labels=_summed([(first, share), *rest]))


def with_share(recipe: Recipe, number: int, share: float) -> Recipe:
    """``share`` (0 to 1) of a class in the mixture, which it joins if need be; the others keep their proportions."""
    others = [(k, weight) for k, weight in recipe.labels if k != number]
    total = sum(weight for _, weight in others)
    rest = 1.0 - share
    scaled = {k: rest * (weight / total if total > 0 else 1 / len(others)) for k, weight in others}
    order = dict.fromkeys([*(k for k, _ in recipe.labels), number])
    weights = {**scaled, number: share if others else 1.0}
    return replace(recipe, labels=tuple((k, weights[k]) for k in order))


def without_class(recipe: Recipe, number: int) -> Recipe:
    """The mixture without a class; without the last one it is the class that belongs to the seed."""
    return replace(recipe, labels=_summed([(k, weight) for k, weight in recipe.labels if k != number]))


def _summed(labels: Sequence[tuple[int, float]]) -> tuple[tuple[int, float], ...]:
    """Weights that sum to one; equal ones where all are 0."""
    total = sum(weight for _, weight in labels)
    return tuple((k, weight / total if total > 0 else 1 / len(labels)) for k, weight in labels)


# ---------------------------------------------------------------- words


def signed(value: float) -> str:
    """A number with its sign: ``+1.4``."""
    return f"{value:+.1f}".replace("-", MINUS)


def lengths_in_words(way: str, lengths: Sequence[float], sphere: bool) -> str:
    """How long latents are on a way, as shares of the usual length; with ``sphere`` the network makes all alike."""
    known = [length for length in lengths if math.isfinite(length)]
    if not known:
        return way
    words = f"{way}: latents {min(known):.0%} to {max(known):.0%} as long as usual"
    return f"{words}; this generator brings them all to one length first" if sphere else words


def details(recipe: Recipe, classes: Sequence[str] = ()) -> str:
    """What a recipe changes of its place, in a few words."""
    parts = [f"{m.direction.name} {signed(m.amount)}" for m in recipe.moves]
    if recipe.labels:
        names = (classes[k] if k < len(classes) else str(k) for k, _ in recipe.labels)
        parts.insert(0, " + ".join(names))
    if recipe.psi != 1.0:
        parts.append(f"ψ {recipe.psi:.2f}".replace("-", MINUS))
    if recipe.mixes:
        parts.append("mixed")
    if recipe.noise.mode != "fixed":
        parts.append("no noise" if recipe.noise.mode == "none" else f"noise {recipe.noise.seed}")
    return " · ".join(parts)
