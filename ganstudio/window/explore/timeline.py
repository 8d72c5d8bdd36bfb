"""Keys, the way between them, and the frames that follow: what is played and what films are made of. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ganstudio.core.explore.recipe import Easing, Mode, Path, Place, Recipe, Space

MOST_KEYS = 24
MOST_FRAMES = 20_000
EVEN = "Constant perceptual speed"
EVEN_TIP = "Films move so that the picture, not the latent, changes at an even pace; takes a pass before"


@dataclass(frozen=True)
class Timeline:
    """Places on the way; ``seconds`` for the whole of it. ``mode`` "spline" is for w and z alike.

    With ``even`` films of it move at constant perceptual speed, which takes a pass before the first frame.
    """

    keys: tuple[Place, ...] = ()
    mode: Mode = "slerp"
    space: Space = "z"
    easing: Easing = "linear"
    loop: bool = False
    seconds: float = 6.0
    even: bool = False

    @property
    def plays(self) -> bool:
        """Whether there is a way at all."""
        return len(self.keys) >= 2

    def at(self, recipe: Recipe, share: float) -> Recipe:
        """The picture at ``share`` (0 to 1) of the time; everything but the place comes from ``recipe``."""
        if not self.plays:
            return recipe
        share = min(max(share, 0.0), 1.0)
        return recipe.at(Path(self.keys, share, self.mode, self.space, self.easing, self.loop))

    def frames(self, recipe: Recipe, fps: float) -> tuple[Recipe, ...]:
        """All frames of a film. A loop ends one frame before it would show the first again."""
        count = min(max(round(self.seconds * fps), 2), MOST_FRAMES)
        last = count if self.loop else count - 1
        return tuple(self.at(recipe, i / last) for i in range(count))

    def strip(self, recipe: Recipe, count: int) -> tuple[Recipe, ...]:
        """So many pictures spread over the whole way."""
        return tuple(self.at(recipe, i / max(count - 1, 1)) for i in range(count))

    def key_share(self, index: int) -> float:
        """When a key is reached, as a share of the time; easing apart."""
        gaps = len(self.keys) if self.loop else len(self.keys) - 1
        return index / gaps if gaps > 0 else 0.0

    @property
    def way(self) -> Mode:
        """How the keys are joined. In w, behind the mapping network, there is no sphere to go along: straight."""
        return "lerp" if self.space == "w" and self.mode == "slerp" else self.mode

    # ------------------------------------------------------------ changes

    def with_key(self, place: Place) -> Timeline:
        """One key more at the end."""
        return replace(self, keys=(*self.keys, place)) if len(self.keys) < MOST_KEYS else self

    def without_key(self, index: int) -> Timeline:
        """One key fewer."""
        return replace(self, keys=self.keys[:index] + self.keys[index + 1 :])

    def with_key_at(self, index: int, place: Place) -> Timeline:
        """Another place for a key."""
        return replace(self, keys=(*self.keys[:index], place, *self.keys[index + 1 :]))

    def moved(self, index: int, by: int) -> Timeline:
        """A key earlier or later."""
        to = min(max(index + by, 0), len(self.keys) - 1)
        keys = list(self.keys)
        keys.insert(to, keys.pop(index))
        return replace(self, keys=tuple(keys))

    def taken(self, mode: str, recipe: Recipe, count: int) -> tuple[Recipe, ...]:
        """The same strip by another mode, for a comparison."""
        return replace(self, mode=mode).strip(recipe, count)  # type: ignore[arg-type]
