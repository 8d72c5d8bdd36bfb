"""Standing statistics: batch norm of the averaged generator, measured anew for its weights (Brock 2019, appendix A).

The average of weights has other activations than the weights it averages, so that running statistics copied from the
generator in training do not belong to it. All is done on a copy, with random numbers that depend on the seed alone
and are drawn on the CPU: looking changes nothing, and every reader of the same weights measures the same.
"""

from __future__ import annotations

import copy

import torch
from torch import nn

from ganstudio.core.config import RunConfig
from ganstudio.core.seeds import derive
from ganstudio.training.streams import draw

BATCHES = 16
"""Batches over which statistics are averaged, as many as the authors' program takes."""
NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)


def stands(config: RunConfig, net: nn.Module) -> bool:
    """Whether samples are drawn with standing statistics: asked for, and there is batch norm."""
    return config.ema.statistics == "standing" and any(isinstance(m, NORMS) for m in net.modules())


@torch.no_grad()
def measured(net: nn.Module, config: RunConfig, kinds: int, device: torch.device) -> nn.Module:
    """A copy of an averaged generator in evaluation mode, batch norm's statistics taken over fresh batches.

    ``kinds`` is the number of labels, 0 for none. Every batch counts alike; other layers stay in evaluation.
    """
    net = copy.deepcopy(net).eval()
    for module in net.modules():
        if isinstance(module, NORMS):
            module.reset_running_stats()
            module.momentum = None  # a plain mean over batches instead of a moving one
            module.train()
    generator = torch.Generator()
    for batch in range(BATCHES):
        generator.manual_seed(derive(config.seed, "standing", batch))
        z = draw(config.latent, config.batch_size, generator).to(device)
        if kinds:
            labels = torch.randint(kinds, (len(z),), generator=generator)
            net(z, labels.to(device))
        else:
            net(z)
    return net.eval()


class Standing:
    """The net that samples are drawn from, measured once for every state of the average."""

    def __init__(self, kinds: int, device: torch.device) -> None:
        self.kinds, self.device = kinds, device
        self.known: tuple[object, nn.Module] | None = None

    def net(self, average: nn.Module, config: RunConfig, state: object) -> nn.Module:
        """The average itself, or its measured copy; ``state`` names the weights, as the steps made do."""
        if not stands(config, average):
            return average
        key = (state, config.batch_size, config.latent)
        if self.known is None or self.known[0] != key:
            self.known = (key, measured(average, config, self.kinds, self.device))
        return self.known[1]
