"""A pool of earlier samples (Shrivastava 2017, section 2.3; Zhu 2017, arXiv:1703.10593, section 4)."""

from __future__ import annotations

import torch
from torch import Tensor

from ganstudio.catalog.stabilizers import inputs as options
from ganstudio.stabilizers.base import Rule, Site, Turn


class Replay(Rule[options.Replay]):
    """First the pool fills; then every new sample is, with some probability, swapped for a remembered one.

    The samples of a batch meet different places of the pool. How full it is, is a count on the host.
    """

    def __init__(self, settings: options.Replay, site: Site) -> None:
        super().__init__(settings, site)
        size = (settings.capacity, *site.shape.size)
        self.state = {
            "samples": torch.zeros(size, device=site.device),
            "labels": torch.zeros(settings.capacity, dtype=torch.int64, device=site.device),
            "filled": torch.zeros((), dtype=torch.int64),
        }

    def recall(self, fake: Tensor, labels: Tensor | None, turn: Turn) -> tuple[Tensor, Tensor | None]:
        """The batch with some samples, and their labels, from earlier updates of the discriminator."""
        pool, names = self.state["samples"], self.state["labels"]
        filled = int(self.state["filled"])
        fresh = min(len(pool) - filled, len(fake))
        if fresh:
            pool[filled : filled + fresh].copy_(fake[:fresh])
            if labels is not None:
                names[filled : filled + fresh].copy_(labels[:fresh])
            self.state["filled"].add_(fresh)
        if filled < len(pool):
            return fake, labels
        return self._swapped(fake, labels, turn)

    def _swapped(self, fake: Tensor, labels: Tensor | None, turn: Turn) -> tuple[Tensor, Tensor | None]:
        pool, names = self.state["samples"], self.state["labels"]
        count = min(len(pool), len(fake))
        stream = turn.stream("replay places")
        places = torch.randperm(len(pool), generator=stream, device=pool.device)[:count]
        swap = turn.uniform((count,), pool, "replay swaps") < self.settings.probability
        shaped = swap.view(-1, *(1,) * (fake.dim() - 1))
        old = pool[places]
        pool[places] = torch.where(shaped, fake[:count].to(pool.dtype), old)
        mixed = torch.cat([torch.where(shaped, old.to(fake.dtype), fake[:count]), fake[count:]])
        if labels is None:
            return mixed, None
        known = names[places]
        names[places] = torch.where(swap, labels[:count], known)
        return mixed, torch.cat([torch.where(swap, known, labels[:count]), labels[count:]])
