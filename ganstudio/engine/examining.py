"""Looks at a run about once a second for what its diagnosis needs: never in a step, and for 1 % of the time at most.

The samples are those of the discriminator's last updates, so that none is made for this.
"""

from __future__ import annotations

import math
import time
from typing import Any

import torch
from torch import Tensor

from ganstudio.engine import signs
from ganstudio.training.trainer import Trainer

EVERY = 1.0
"""Seconds between two looks at least."""
SHARE = 0.01
"""The share of the time that looks may take at most."""
SAMPLES = 64
"""Samples in a look."""
BATCHES = 16
"""Reports whose samples are kept at most, where batches are smaller than a look."""
REFERENCE = 256
"""Real samples whose labels tell what kind a generated one is of."""
MANY = 12
"""Classes up to which each has a series of its own."""
KNOWN = 4096
"""Pictures in a data set, at most, that samples are compared with one by one."""
FEWEST = 8
"""Samples that can be compared at all."""
CHUNK = 256


class Examiner:
    """Measures one trainer. ``held_out`` are real samples (N, *size) that it never trains on, as networks see them."""

    def __init__(self, trainer: Trainer, held_out: Tensor | None = None) -> None:
        self.trainer, self.held_out = trainer, held_out
        self._next = 0.0
        self._kept: list[tuple[Tensor, Tensor, Tensor | None]] = []
        self._reference: tuple[Tensor, Tensor | None] | None = None
        self._all: tuple[Tensor, Tensor] | None = None

    def glance(self) -> dict[str, float]:
        """The signs, if a look is due; else nothing."""
        start = time.perf_counter()
        if start < self._next:
            self._keep_small()
            return {}
        found = self.look()
        end = time.perf_counter()
        self._next = end + max(EVERY, (end - start) / SHARE)
        return found

    def _keep_small(self) -> None:
        """Between two looks only batches that are smaller than a look are kept."""
        seen = self.trainer.game.seen
        if seen is not None and len(seen[0]) < SAMPLES:
            self._keep()
        else:
            self.trainer.game.seen = None
            self._kept.clear()

    def _keep(self) -> None:
        """Note the samples of the last update, and as many older ones as make up a look."""
        seen = self.trainer.game.seen
        if seen is None:
            return
        self.trainer.game.seen = None
        fake, real, labels = seen
        fake, real = fake[:SAMPLES].detach(), real[:SAMPLES].detach()
        labels = labels[:SAMPLES] if labels is not None else None
        kept = [old for old in self._kept if old[0].shape[1:] == fake.shape[1:]]  # a run may have grown
        kept.append((fake, real, labels))
        while len(kept) > BATCHES or sum(len(old[0]) for old in kept[1:]) >= SAMPLES:
            del kept[0]
        self._kept = kept

    @torch.no_grad()
    def look(self) -> dict[str, float]:
        """All signs that can be had now, by the names of their series; one transfer from the device."""
        self._keep()
        found: dict[str, Tensor] = {}
        if sum(len(fake) for fake, *_ in self._kept) >= FEWEST:
            fake = torch.cat([generated for generated, _, _ in self._kept])
            real = torch.cat([shown for _, shown, _ in self._kept])
            found |= self._of_samples(fake, real) | self._of_judgement(fake, real)
        for name, player in self.trainer.players.items():
            share = signs.dead(player.net)
            if share is not None:
                found[f"dead/{name}"] = share
        values = torch.stack([value.float() for value in found.values()]).tolist() if found else []
        return {name: v for name, v in zip(found, values, strict=True) if math.isfinite(v)}

    def _of_samples(self, fake: Tensor, real: Tensor) -> dict[str, Tensor]:
        generated, others, labels = signs.small(fake), signs.small(real), self._labels()
        found = {
            "diversity/samples": signs.spread(generated, labels) / signs.spread(others, labels),
            "distance/data": signs.energy_distance(generated, others),
        }
        if fake.dim() == 4:
            found["saturation/generated"] = signs.saturated(fake)
            found["saturation/real"] = signs.saturated(real)
        if fake.shape[1:] != self.trainer.feed.shape.size:  # it is growing
            return found
        reference, kinds = self._labelled()
        if labels is None and kinds is not None:
            found |= self._of_kinds(generated, reference, kinds)
        known = self._everything()
        if known is not None:
            found["distance/nearest"] = signs.nearness(generated, *known)
        return found

    def _of_kinds(self, generated: Tensor, reference: Tensor, labels: Tensor) -> dict[str, Tensor]:
        """How many kinds the samples are of, and the share of each where there are few."""
        feed = self.trainer.feed
        shares = signs.shares(generated, reference, labels, feed.shape.classes)
        found = {"diversity/kinds": signs.kinds(shares, labels)}
        if len(shares) <= MANY:
            names = feed.class_names or [f"mode {index + 1}" for index in range(len(shares))]
            found |= {f"share/{name}": shares[index] for index, name in enumerate(names)}
        return found

    def _labels(self) -> Tensor | None:
        """The classes of the samples that are kept, generated and real alike; ``None`` without conditioning."""
        found = [labels for _, _, labels in self._kept if labels is not None]
        return torch.cat(found) if found and self.trainer.rules.way.from_data else None

    def _labelled(self) -> tuple[Tensor, Tensor | None]:
        """Some real samples as rows, with their labels if the data has any."""
        if self._reference is None:
            real, labels = self.trainer.feed.batch(0, REFERENCE)
            self._reference = signs.small(real), labels
        return self._reference

    def _everything(self) -> tuple[Tensor, Tensor] | None:
        """All of a small, finite data set as rows, and how far these are apart; ``None`` for other data."""
        feed: Any = self.trainer.feed
        length = int(getattr(feed, "length", 0))
        if not 2 <= length <= KNOWN:
            return None
        if self._all is None:
            starts = range(0, length, CHUNK)
            parts = [signs.small(feed.batch(i, min(CHUNK, length - i))[0]) for i in starts]
            rows = torch.cat(parts)
            self._all = rows, signs.apart(rows)
        return self._all

    def _of_judgement(self, fake: Tensor, real: Tensor) -> dict[str, Tensor]:
        """What the discriminator says of real samples it never saw, beside those it trains on."""
        held_out, game = self.held_out, self.trainer.game
        if held_out is None or self.trainer.rules.way.kinds or held_out.shape[1:] != fake.shape[1:]:
            return {}
        count = min(len(held_out), len(real), len(fake)) // FEWEST * FEWEST
        modes = [(module, module.training) for module in game.discriminator.modules()]
        game.discriminator.eval()  # the look leaves no trace: no statistics, no power iteration
        try:
            trained, unseen, made = (
                game.discriminator.judge(game.arrange(x[:count])).logits.float()
                for x in (real, held_out, fake)
            )
        finally:
            for module, mode in modes:
                module.training = mode
        return {"overfitting/held-out": signs.overfitting(trained, unseen, made)}
