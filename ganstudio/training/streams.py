"""Counted random numbers: each use has its own generator, seeded from (seed, purpose, counters).

Nothing carries over from one use to the next, so that looking at a run never changes it and a resumed run
needs no random state but its counters.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from ganstudio.core.config import Latent
from ganstudio.core.seeds import derive


class Streams:
    """The random numbers of one run on one device."""

    def __init__(self, seed: int, device: torch.device) -> None:
        self.seed, self.device = seed, device
        self._generator = torch.Generator(device)

    def __call__(self, purpose: str, *counters: int | str) -> torch.Generator:
        """A generator at the start of the stream for this purpose and these counters. Use it before the next call."""
        name = purpose + "".join(f" {c}" for c in counters if isinstance(c, str))
        numbers = [c for c in counters if isinstance(c, int)]
        return self._generator.manual_seed(derive(self.seed, name, *numbers))


def draw(latent: Latent, count: int, generator: torch.Generator) -> Tensor:
    """Latents (count, width) on the generator's device: z from the prior, then one-hot, then continuous codes."""
    z = torch.empty(count, latent.dimension, device=generator.device)
    z = (
        z.uniform_(-1, 1, generator=generator)
        if latent.prior == "uniform"
        else z.normal_(generator=generator)
    )
    parts = [z]
    if latent.categorical:
        size = (count * latent.categorical,)
        chosen = torch.randint(latent.categories, size, generator=generator, device=generator.device)
        parts.append(one_hot(chosen, latent.categories).to(z.dtype).reshape(count, latent.one_hot))
    if latent.continuous:
        dials = torch.empty(count, latent.continuous, device=generator.device)
        parts.append(dials.uniform_(-1, 1, generator=generator))
    return parts[0] if len(parts) == 1 else torch.cat(parts, 1)


def latents_for(seeds: Sequence[int], latent: Latent) -> Tensor:
    """The latents (len(seeds), width) that belong to these seeds, on the CPU: the same in every run and place."""
    generator = torch.Generator()
    return torch.cat([draw(latent, 1, generator.manual_seed(derive(seed, "latent"))) for seed in seeds])


def labels_for(seeds: Sequence[int], kinds: int) -> Tensor | None:
    """The labels (len(seeds),) in 0 to kinds - 1 that belong to these seeds; ``None`` without labels."""
    if not kinds:
        return None
    generator = torch.Generator()
    chosen = [
        torch.randint(kinds, (1,), generator=generator.manual_seed(derive(seed, "label"))) for seed in seeds
    ]
    return torch.cat(chosen)
