"""Layers with an equalised learning rate: sizes at the start, sizes of updates (arXiv:1710.10196, section 4.1)."""

from __future__ import annotations

from math import sqrt

import pytest
import torch
from torch import Tensor

from ganstudio.nets import seeded
from ganstudio.nets.equalized import EqualizedConv2d, EqualizedLinear

FAN_INS = (4, 64, 1024)


def linear(inputs: int, outputs: int = 256, **more: float) -> EqualizedLinear:
    with seeded(0):
        return EqualizedLinear(inputs, outputs, **more)


def spread(x: Tensor) -> float:
    return float(x.detach().std())


@pytest.mark.parametrize("inputs", FAN_INS)
@pytest.mark.parametrize("lr_multiplier", [1.0, 0.01])
def test_a_linear_layer_keeps_the_variance(inputs: int, lr_multiplier: float):
    layer = linear(inputs, 512, lr_multiplier=lr_multiplier)
    x = torch.randn(512, inputs, generator=torch.Generator().manual_seed(1))
    assert spread(layer(x)) == pytest.approx(1.0, rel=0.1)
    assert layer.bias is not None and not layer.bias.any()
    doubled = linear(inputs, 512, gain=2.0, lr_multiplier=lr_multiplier)
    assert torch.allclose(doubled(x), 2 * layer(x), atol=1e-5)


@pytest.mark.parametrize(("inputs", "size"), [(4, 3), (64, 3), (64, 1)])
def test_a_convolution_keeps_the_variance_away_from_the_edge(inputs: int, size: int):
    with seeded(0):
        layer = EqualizedConv2d(inputs, 128, size)
    x = torch.randn(16, inputs, 10, 10, generator=torch.Generator().manual_seed(1))
    y = layer(x)
    assert y.shape == (16, 128, 10, 10)
    assert spread(y[:, :, 1:-1, 1:-1]) == pytest.approx(1.0, rel=0.1)


def test_weights_are_standard_normal_and_he_scaled_when_used():
    layer = linear(200, 300)
    assert spread(layer.weight) == pytest.approx(1.0, rel=0.02)
    with torch.no_grad():
        layer.weight.fill_(1.0)
    assert layer(torch.ones(1, 200))[0, 0].item() == pytest.approx(sqrt(200))
    with seeded(0):
        convolution = EqualizedConv2d(3, 5, 3, gain=sqrt(2))
    with torch.no_grad():
        convolution.weight.fill_(1.0)
    y = convolution(torch.ones(1, 3, 4, 4))
    assert y[0, 0, 1, 1].item() == pytest.approx(27 * sqrt(2 / 27)), "27 ones inside"
    assert y[0, 0, 0, 0].item() == pytest.approx(12 * sqrt(2 / 27)), "12 at a corner, zeros beyond the edge"


@pytest.mark.parametrize("inputs", FAN_INS)
@pytest.mark.parametrize("lr_multiplier", [1.0, 0.01])
def test_adam_moves_every_weight_as_fast_in_relation_to_its_size(inputs: int, lr_multiplier: float):
    """One step of Adam moves a parameter by lr: of the weight in use the lr_multiplier-fold of that share."""
    layer = linear(inputs, lr_multiplier=lr_multiplier)
    before = layer.weight.detach() * layer.scale
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.01, eps=0.0)
    layer(torch.randn(8, inputs, generator=torch.Generator().manual_seed(1))).square().sum().backward()
    optimizer.step()
    moved = (layer.weight.detach() * layer.scale - before).abs()
    assert moved.mean().item() * sqrt(inputs) == pytest.approx(0.01 * lr_multiplier, rel=1e-3)
    assert layer.bias is not None
    used = layer.bias.detach() * layer.lr_multiplier
    assert torch.allclose(used.abs(), torch.full_like(used, 0.01 * lr_multiplier), rtol=1e-3)


def test_a_bias_begins_where_it_is_told_whatever_the_multiplier():
    layer = linear(4, 3, bias_start=1.0, lr_multiplier=0.01)
    assert torch.allclose(layer(torch.zeros(2, 4)), torch.ones(2, 3))
    assert EqualizedLinear(4, 3, bias=False).bias is None
