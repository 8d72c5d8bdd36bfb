"""Penalties on the slope of the discriminator and on the weights of either network.

Gradients are taken for each sample by itself, all its numbers together: flattened, never over an axis alone nor
over the batch. Sums are in float32 (or wider) whatever the networks compute in.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor


def gradients(logits: Tensor, inputs: Tensor) -> Tensor:
    """d logit / d input for each sample, (N, numbers of a sample); differentiable.

    ``inputs`` (N, ...) must require gradients and ``logits`` (N,) come from them, each from its own sample.
    """
    (gradient,) = torch.autograd.grad(logits.sum(), inputs, create_graph=True)
    flat = gradient.flatten(1)
    return flat if flat.dtype == torch.float64 else flat.float()


def squared_gradient(logits: Tensor, inputs: Tensor) -> Tensor:
    """Mean over the batch of |d logit / d input|^2, summed over all numbers of a sample; differentiable."""
    return gradients(logits, inputs).square().sum(1).mean()


def r1(logits: Tensor, real: Tensor, gamma: float) -> Tensor:
    """gamma/2 E |grad D(x)|^2 at real x (Mescheder 2018, arXiv:1801.04406, equation 9)."""
    return squared_gradient(logits, real) * (gamma / 2)


def r2(logits: Tensor, fake: Tensor, gamma: float) -> Tensor:
    """gamma/2 E |grad D(x)|^2 at generated x (Mescheder 2018, arXiv:1801.04406, section 4.1)."""
    return squared_gradient(logits, fake) * (gamma / 2)


def distance_from(gradient: Tensor, centre: float, one_sided: bool) -> Tensor:
    """E (|g| - centre)^2 over samples with gradients (N, D); one-sided: only where |g| is larger.

    Centre 1, both sides: Gulrajani 2017, arXiv:1704.00028, equation 3. One side: Petzka 2018, arXiv:1709.08894,
    equation 8. Centre 0: Thanh-Tung 2019, arXiv:1902.03984; without a root, which has no slope at 0.
    """
    if centre == 0:
        return gradient.square().sum(1).mean()
    excess = torch.linalg.vector_norm(gradient, dim=1) - centre
    return (excess.clamp(min=0) if one_sided else excess).square().mean()


def between(real: Tensor, fake: Tensor, share: Tensor) -> Tensor:
    """Points on the straight lines between the i-th real and generated sample; ``share`` (N,), one each, of real."""
    share = share.view(-1, *(1,) * (real.dim() - 1))
    return torch.lerp(fake, real, share)


def around(real: Tensor, noise: Tensor, share: Tensor) -> Tensor:
    """Points near real ones: x + share * std/2 * noise, std over the whole batch (Kodali 2017, its published code).

    ``noise`` is uniform on [0, 1) for each number, ``share`` (N,) on [0, 1) for each sample.
    """
    share = share.view(-1, *(1,) * (real.dim() - 1))
    return real + share * (0.5 * real.std(correction=0)) * noise


def orthogonality(weights: Iterable[Tensor]) -> Tensor:
    """Sum over matrices of |W W' * (1 - I)|_F^2 (Brock 2018, arXiv:1809.11096, equation 3): rows at right angles."""
    terms = [torch.triu(w.float() @ w.float().T, 1).square().sum() * 2 for w in weights if len(w) > 1]
    return torch.stack(terms).sum() if terms else torch.zeros(())


def pulling_away(features: Tensor) -> Tensor:
    """Mean over ordered pairs of different samples of cos^2 of their features (N, D) (Zhao 2016, arXiv:1609.03126).

    0 where all are at right angles, 1 where all point the same or the opposite way; 0 for a single sample.
    """
    unit = torch.nn.functional.normalize(features.flatten(1), dim=1)
    count = len(unit)
    return torch.triu(unit @ unit.T, 1).square().sum() * 2 / max(count * (count - 1), 1)
