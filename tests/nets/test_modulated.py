"""Modulated convolution: the fast form is the paper's, and what demodulation takes out."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn.functional import conv2d, conv_transpose2d

from ganstudio.nets.filters import doubled, kernel, resample
from ganstudio.nets.modulated import BINOMIAL, EPS, GrowingModulatedConv2d, ModulatedConv2d

KINDS = [ModulatedConv2d, GrowingModulatedConv2d]


def made(kind: type[ModulatedConv2d] = ModulatedConv2d, seed: int = 0) -> ModulatedConv2d:
    torch.manual_seed(seed)
    return kind(5, 6, 7).double()


def example(count: int = 3) -> tuple[Tensor, Tensor]:
    torch.manual_seed(1)
    return torch.randn(count, 5, 8, 8, dtype=torch.float64), torch.randn(count, 7, dtype=torch.float64)


def filters_of(conv: ModulatedConv2d, scales: Tensor) -> Tensor:
    """Each sample's own filters, by equations 1 and 3: (N, outputs, inputs, k, k)."""
    own = conv.weight[None] * conv.scale * scales[:, None, :, None, None]
    return own / (own.square().sum((2, 3, 4), keepdim=True) + EPS).sqrt()


def test_it_is_the_grouped_convolution_with_each_samples_filters():
    conv, (x, w) = made(), example()
    own = filters_of(conv, conv.style(w))
    fused = conv2d(x.reshape(1, -1, 8, 8), own.flatten(0, 1), padding=1, groups=3).reshape(3, 6, 8, 8)
    assert torch.allclose(conv(x, w), fused, atol=1e-12)


def test_growing_is_the_grouped_transposed_convolution_and_the_filter():
    conv, (x, w) = made(GrowingModulatedConv2d), example()
    own = filters_of(conv, conv.style(w)).transpose(1, 2).flatten(0, 1)
    spread = conv_transpose2d(x.reshape(1, -1, 8, 8), own, stride=2, groups=3).reshape(3, 6, 17, 17)
    smooth = resample(spread, kernel(BINOMIAL).double(), padding=(1, 1, 1, 1), gain=4)
    assert torch.allclose(conv(x, w), smooth, atol=1e-12)


def test_growing_is_doubling_and_then_convolving_away_from_the_edge():
    conv, (x, w) = made(GrowingModulatedConv2d), example()
    own = filters_of(conv, conv.style(w)).flip(3, 4)  # a transposed convolution turns its filters round
    large = doubled(x, kernel(BINOMIAL).double())
    wanted = torch.cat([conv2d(large[k : k + 1], own[k], padding=1) for k in range(3)])
    assert torch.allclose(conv(x, w)[:, :, 3:-3, 3:-3], wanted[:, :, 3:-3, 3:-3], atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("factor", [7.0, 0.01])
def test_the_size_of_the_style_changes_nothing(kind: type[ModulatedConv2d], factor: float):
    conv, (x, w) = made(kind), example()
    scales = conv.style(w)
    assert torch.allclose(conv.modulated(x, factor * scales), conv.modulated(x, scales), rtol=1e-3, atol=1e-5)


def test_without_demodulation_it_does():
    conv, (x, w) = ModulatedConv2d(5, 6, 7, 1, demodulate=False).double(), example()
    scales = conv.style(w)
    assert torch.allclose(conv.modulated(x, 7 * scales), 7 * conv.modulated(x, scales))


@pytest.mark.parametrize("kind", KINDS)
def test_noise_keeps_its_size(kind: type[ModulatedConv2d]):
    torch.manual_seed(2)
    conv = kind(32, 32, 8)
    y = conv(torch.randn(8, 32, 16, 16), 3 * torch.randn(8, 8))
    inside = y[:, :, 2:-2, 2:-2].std().item()
    assert inside == pytest.approx(1.0 if kind is ModulatedConv2d else 0.67, rel=0.1)


def test_scales_begin_at_one_and_gain_multiplies():
    conv, (x, w) = made(), example()
    assert torch.equal(conv.style(torch.zeros_like(w)), torch.ones(3, 5, dtype=torch.float64))
    assert torch.allclose(conv(x, w, 2.5), 2.5 * conv(x, w))


def test_no_sample_sees_another():
    conv, (x, w) = made(), example()
    x.requires_grad_()
    (gradient,) = torch.autograd.grad(conv(x, w)[0].sum(), x)
    assert gradient[0].abs().max() > 0 and gradient[1:].abs().max() == 0


@pytest.mark.parametrize("kind", KINDS)
def test_slopes_and_slopes_of_slopes(kind: type[ModulatedConv2d]):
    """Path length takes the gradient of a gradient."""
    conv = made(kind)
    x, w = example(2)
    x, w = x[:, :, :3, :3].clone().requires_grad_(), w.requires_grad_()
    assert torch.autograd.gradcheck(conv, (x, w))
    assert torch.autograd.gradgradcheck(conv, (x, w))


def test_half_precision_keeps_the_demodulation_in_float32():
    conv = ModulatedConv2d(8, 8, 4)
    x, w = torch.randn(2, 8, 8, 8), torch.randn(2, 4)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        half = conv(x, w)
    assert half.dtype == torch.bfloat16
    assert torch.allclose(half.float(), conv(x, w), atol=0.1)
