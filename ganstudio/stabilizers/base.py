"""The hooks of the training step: what a stabilizer or a way of conditioning can take part in.

A rule overrides the hooks it needs; the others do nothing. Its settings may change while training goes on:
hooks read them anew each time. What it remembers from step to step lies in ``state`` as tensors on the training
device, which checkpoints keep.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor

from ganstudio.core.config import Latent
from ganstudio.core.shapes import DataShape
from ganstudio.nets.base import Discriminator, Generator, Judgement

SettingsT = TypeVar("SettingsT")
Judge = Callable[[Tensor, Tensor | None], Judgement]
"""Samples and labels to what the discriminator says of them."""


@dataclass(frozen=True)
class Turn:
    """Which update a hook is called in: whose, the how many-th of this player (from 0), in which step.

    ``random`` gives a generator on the training device for a purpose, the same for the same turn. ``images``
    counts the real images seen before, ``rival`` the other player's updates before, ``length`` the steps that the
    run is planned for (0: unknown). ``alone`` names the rule that has this update for itself; such an update has
    random numbers of its own and is none of those that ``count`` counts.
    """

    player: str
    count: int
    step: int
    random: Any
    images: int = 0
    rival: int = 0
    length: int = 0
    alone: str = ""

    def stream(self, purpose: str) -> torch.Generator:
        """The counted random numbers for a purpose in this turn; use them before asking for the next."""
        whose = (self.player, self.alone) if self.alone else (self.player,)
        return self.random(purpose, *whose, self.count)

    def noise_like(self, x: Tensor, purpose: str) -> Tensor:
        """Standard normal noise in the shape of ``x``, counted by this turn."""
        return torch.empty_like(x).normal_(generator=self.stream(purpose))

    def uniform(self, size: Sequence[int], x: Tensor, purpose: str) -> Tensor:
        """Numbers in [0, 1) of that size, like ``x`` in kind and place, counted by this turn."""
        return torch.empty(tuple(size), device=x.device, dtype=x.dtype).uniform_(
            generator=self.stream(purpose)
        )


@dataclass(frozen=True)
class Draw:
    """What one update works with: latents and labels, and real samples where the update looks at them."""

    z: Tensor
    labels: Tensor | None
    real: Tensor | None
    real_labels: Tensor | None
    turn: Turn


@dataclass
class Round:
    """Everything known in one update once the samples have been judged.

    ``fake`` and ``real`` are as the discriminator's rules found them (packed, but neither noisy nor augmented).
    In the generator's turn ``real`` and what belongs to it are ``None`` unless a rule or the objective wants
    real samples there. ``judge`` asks the discriminator about other samples, with all rules applied.
    """

    turn: Turn
    z: Tensor
    labels: Tensor | None
    fake: Tensor
    fake_judged: Judgement
    real: Tensor | None
    real_labels: Tensor | None
    real_judged: Judgement | None
    judge: Callable[[Tensor, str, Tensor | None], Judgement]

    @property
    def reals(self) -> tuple[Tensor, Judgement]:
        """Real samples and what is said of them, in a turn that has them."""
        assert self.real is not None and self.real_judged is not None, "this turn draws no real samples"
        return self.real, self.real_judged


@dataclass(frozen=True)
class OwnUpdate:
    """A player's further update in every ``every``-th step, for the loss of one rule alone.

    It looks at one of ``shrink`` samples of an ordinary update; ``real`` says whether it needs real ones.
    """

    player: str
    every: int
    shrink: int = 1
    real: bool = False


@dataclass(frozen=True)
class Targets:
    """What the discriminator should answer: 1 for real and 0 for generated, or softer, one number or (N,)."""

    real: float | Tensor = 1.0
    fake: float | Tensor = 0.0


@dataclass(frozen=True)
class Site:
    """What a rule is built for: the data's shape, the latent, where tensors live, images in an update.

    ``planned`` is how many real images the whole run is to see (0: unknown).
    """

    shape: DataShape
    latent: Latent
    device: torch.device
    batch_size: int
    planned: int = 0


class Rule(Generic[SettingsT]):
    """Does nothing: the neutral value of every hook."""

    wants_real_gradient = False
    """The penalty differentiates by the real samples."""
    wants_fake_gradient = False
    """The penalty differentiates by the generated samples."""
    wants_real = False
    """The generator's turn needs fresh real samples, judged."""
    draws_real = False
    """The generator's turn needs fresh real samples, which nobody need judge."""

    def __init__(self, settings: SettingsT, site: Site) -> None:
        self.settings, self.site = settings, site
        self.state: dict[str, Tensor] = {}

    @property
    def replaces_generator_loss(self) -> bool:
        """Whether what this rule adds stands in the place of the generator's loss."""
        return False

    # ------------------------------------------------------------ while the networks are built

    def discriminator_shape(self, shape: DataShape) -> DataShape:
        """The shape of what the discriminator is shown."""
        return shape

    def remodel_generator(self, net: Generator) -> None:
        """Change the generator's layers, before training; random numbers are seeded."""

    def remodel_discriminator(self, net: Discriminator) -> None:
        """Change the discriminator's layers, before training; random numbers are seeded."""

    # ------------------------------------------------------------ before an update

    def repeats(self, player: str, times: int, step: int) -> int:
        """How many updates a player makes in this step."""
        return times

    def skips(self, turn: Turn) -> bool:
        """Whether the update is left out."""
        return False

    def batch(self, turn: Turn, count: int) -> int:
        """How many samples the update works with instead of ``count``."""
        return count

    def restarts(self, turn: Turn) -> bool:
        """Whether the player's optimizer forgets what it remembers as the update begins."""
        return False

    def rate(self, turn: Turn) -> float:
        """What the player's learning rate is multiplied by."""
        return 1.0

    def second_beta(self, turn: Turn, own: float) -> float:
        """Adam's second beta in this update, in the place of its ``own`` setting."""
        return own

    def averaging(self, turn: Turn) -> float:
        """What the half-life of the averaged weights is multiplied by."""
        return 1.0

    def easing(self, turn: Turn, name: str) -> float:
        """What the term of the rule ``name`` is multiplied by in this turn."""
        return 1.0

    def begin(self, turn: Turn, net: torch.nn.Module) -> None:
        """The update begins; ``net`` is its player's network."""

    # ------------------------------------------------------------ samples on their way to the discriminator

    def prepare(self, real: Tensor, turn: Turn) -> Tensor:
        """Real samples as the game is played with them, before anything else sees them."""
        return real

    def arrange(self, x: Tensor) -> Tensor:
        """Samples in another arrangement (packs)."""
        return x

    def recall(self, fake: Tensor, labels: Tensor | None, turn: Turn) -> tuple[Tensor, Tensor | None]:
        """Generated samples for the discriminator's update, some perhaps from earlier ones; before they are packed."""
        return fake, labels

    def before_discriminator(self, x: Tensor, which: str, turn: Turn) -> Tensor:
        """What the discriminator gets to see instead of ``x``; ``which`` is "real" or "fake"."""
        return x

    def opponent(self, game: Any, draw: Draw, fake: Tensor, real: Tensor | None) -> Judge | None:
        """Another discriminator for the generator to play against, or ``None`` for the one at hand.

        ``fake`` (with the generator's graph) and ``real`` are arranged like all samples.
        """
        return None

    # ------------------------------------------------------------ losses

    def targets(self, targets: Targets, real: Tensor, fake: Tensor, turn: Turn) -> Targets:
        """The targets for the discriminator's answers ``real`` and ``fake`` (N,)."""
        return targets

    def weights(self, fake: Tensor, turn: Turn) -> Tensor | None:
        """Weights (N,) of the generated samples in the generator's loss, from their logits (N,)."""
        return None

    def active(self, turn: Turn) -> bool:
        """Whether the rule has a term to add in this update."""
        return False

    def term(self, round: Round) -> Tensor:
        """What is added to the loss of the turn's player, a scalar; plotted as ``penalty/<name>``.

        With :attr:`wants_real_gradient` ``round.real`` requires gradients, with :attr:`wants_fake_gradient`
        ``round.fake`` does in the discriminator's turn.
        """
        raise AssertionError(f"{type(self).__name__} is active but has no term")

    @property
    def own_update(self) -> OwnUpdate | None:
        """The updates that this rule has for itself, where it does not only add to the ordinary ones."""
        return None

    def own_loss(self, game: Any, draw: Draw) -> Tensor:
        """The loss of an update for this rule alone, a scalar; plotted as ``penalty/<name>``."""
        raise AssertionError(f"{type(self).__name__} asks for updates of its own but has no loss")

    def measures(self, round: Round) -> Mapping[str, Tensor]:
        """Further scalars to plot, by the names of their series."""
        return {}

    # ------------------------------------------------------------ after an update's backward pass

    def gradients(self, parameters: Sequence[Tensor], turn: Turn) -> None:
        """Change the gradients of the player's parameters in place."""

    def settle(self, round: Round) -> None:
        """Bring what is remembered up to date, without gradients, from the round that was just played."""

    @property
    def name(self) -> str:
        """The catalogue name."""
        return self.settings.kind  # type: ignore[attr-defined]
