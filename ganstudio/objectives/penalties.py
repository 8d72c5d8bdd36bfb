"""Penalties on the slope of the discriminator."""

from __future__ import annotations

import torch
from torch import Tensor


def squared_gradient(logits: Tensor, inputs: Tensor) -> Tensor:
    """Mean over the batch of |d logit / d input|^2, summed over all numbers of a sample; differentiable.

    ``inputs`` (N, ...) must require gradients and ``logits`` (N,) come from them, each from its own sample.
    """
    (gradient,) = torch.autograd.grad(logits.sum(), inputs, create_graph=True)
    return gradient.flatten(1).square().sum(1).mean()


def r1(logits: Tensor, real: Tensor, gamma: float) -> Tensor:
    """gamma/2 E |grad D(x)|^2 at real x (Mescheder 2018, arXiv:1801.04406, equation 9)."""
    return squared_gradient(logits, real) * (gamma / 2)
