"""Signs of a game's health in a few samples: cheap numbers, not measurements one would publish.

All take samples as the networks see them, make them small, and compare them as they are, value by value.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d

SIDE = 32
"""Pixels of the longer side that pictures are made smaller to before they are compared."""
FULL = 0.98
"""An output this near to -1 or 1 is at the end of its range."""


def small(x: Tensor) -> Tensor:
    """Samples (N, ...) as rows (N, D) of float32; pictures have at most 32 px in a row."""
    if x.dim() == 4:
        height, width = x.shape[2:]
        part = min(1.0, SIDE / max(height, width))
        if part < 1:
            x = adaptive_avg_pool2d(x.float(), (max(1, round(height * part)), max(1, round(width * part))))
    return x.detach().float().flatten(1)


def spread(rows: Tensor, labels: Tensor | None = None) -> Tensor:
    """The mean distance of two different rows, of the same label where there are labels; NaN without such a pair."""
    pairs = ~torch.eye(len(rows), dtype=torch.bool, device=rows.device)
    if labels is not None:
        pairs &= labels[:, None] == labels[None, :]
    distances = torch.cdist(rows, rows, compute_mode="donot_use_mm_for_euclid_dist")
    return (distances * pairs).sum() / pairs.sum()


def energy_distance(generated: Tensor, real: Tensor) -> Tensor:
    """(2 E|x - y| - E|x - x'| - E|y - y'|) / E|y - y'|, with x generated and y real (Szekely & Rizzo 2013).

    About 0 for one distribution (it may come out slightly below), 2 |x - y| / E|y - y'| and more far away.
    """
    across = torch.cdist(generated, real, compute_mode="donot_use_mm_for_euclid_dist").mean()
    inside = spread(real)
    return (2 * across - spread(generated) - inside) / inside


def effective(counts: Tensor) -> Tensor:
    """exp(entropy) of counts (K,): how many equally frequent kinds they amount to, 1 to K."""
    shares = counts / counts.sum()
    return torch.exp(-(shares * shares.clamp_min(1e-12).log()).sum())


def shares(generated: Tensor, real: Tensor, labels: Tensor, classes: int) -> Tensor:
    """The share of each class (classes,) among generated rows, by the label of the nearest real row."""
    nearest = torch.cdist(generated, real).argmin(1)
    return torch.bincount(labels[nearest], minlength=classes).float() / len(generated)


def kinds(found: Tensor, labels: Tensor) -> Tensor:
    """The effective number of kinds among shares (K,), over that of the data's own labels."""
    return effective(found) / effective(torch.bincount(labels, minlength=len(found)).float())


def apart(real: Tensor, some: int = 256) -> Tensor:
    """The median distance of real rows, of the first ``some``, to the nearest other one."""
    first = real[:some]
    distances = torch.cdist(first, real)
    places = torch.arange(len(first), device=real.device)
    distances[places, places] = torch.inf
    return distances.amin(1).median()


def nearness(generated: Tensor, real: Tensor, usual: Tensor) -> Tensor:
    """The median distance of generated rows to the nearest real one, over what is ``usual`` among real ones.

    1 where generated samples lie among the real ones like further real ones, 0 where they repeat them.
    """
    return torch.cdist(generated, real).amin(1).median() / usual


def saturated(x: Tensor) -> Tensor:
    """The share of output values at an end of their range."""
    return (x.abs() >= FULL).float().mean()


def dead(net: nn.Module) -> Tensor | None:
    """The share of units of linear and convolutional layers whose weights get no gradient at all from the last batch.

    ``None`` where no layer has a gradient. A unit whose ReLU is zero for every sample is one of them.
    """
    idle: list[Tensor] = []
    for module in net.modules():
        if isinstance(module, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            idle += [_without_gradient(p.grad, module) for p in module.parameters() if _has_gradient(p)]
    return torch.cat(idle).float().mean() if idle else None


def _has_gradient(parameter: Tensor) -> bool:
    return parameter.dim() >= 2 and parameter.grad is not None


def _without_gradient(gradient: Tensor | None, module: nn.Module) -> Tensor:
    """bool (units,): which have a gradient of zero throughout."""
    assert gradient is not None
    rows = gradient.transpose(0, 1) if isinstance(module, nn.ConvTranspose2d) else gradient
    return rows.reshape(len(rows), -1).abs().amax(1) == 0


def overfitting(trained: Tensor, held_out: Tensor, generated: Tensor) -> Tensor:
    """r_v = (E[D_train] - E[D_held-out]) / (E[D_train] - E[D_generated]) of logits (Karras 2020, ADA, equation 1).

    0 where the discriminator says of real samples it never saw what it says of those it trains on; 1 where it takes
    them for generated ones.
    """
    return (trained.mean() - held_out.mean()) / (trained.mean() - generated.mean())
