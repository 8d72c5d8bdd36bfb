"""DCGAN against the reference (pytorch/examples/dcgan and arXiv:1511.06434)."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn

from ganstudio.catalog import networks as options
from ganstudio.core.shapes import DataShape
from ganstudio.nets import parameter_count
from ganstudio.nets.dcgan import DcganDiscriminator, DcganGenerator

SIZES = (8, 16, 32, 64, 128)


def generator(size: int = 64, base: int = 64, latent: int = 100, channels: int = 3, norm: str = "batch"):
    settings = options.DcganGenerator(base_channels=base, normalization=norm)
    return DcganGenerator(settings, latent, DataShape("image", channels, size, size))


def discriminator(size: int = 64, base: int = 64, channels: int = 3, norm: str = "batch"):
    settings = options.DcganDiscriminator(base_channels=base, normalization=norm)
    return DcganDiscriminator(settings, DataShape("image", channels, size, size))


def convolutions(net: nn.Module) -> list[tuple[int, int, int, int, int]]:
    """(in, out, kernel, stride, padding) of every convolution, in order."""
    kinds = (nn.Conv2d, nn.ConvTranspose2d)
    found = [m for m in net.modules() if isinstance(m, kinds)]
    return [(m.in_channels, m.out_channels, m.kernel_size[0], m.stride[0], int(m.padding[0])) for m in found]


def names(net: DcganGenerator | DcganDiscriminator) -> list[str]:
    last = [net.last] if isinstance(net, DcganDiscriminator) else []
    return [type(layer).__name__ for layer in (*net.layers, *last)]


def test_layers_at_64_px_are_those_of_the_reference():
    made = generator()
    block = ["ConvTranspose2d", "BatchNorm2d", "ReLU"]
    assert names(made) == [*block, *block, *block, *block, "ConvTranspose2d", "Tanh"]
    assert convolutions(made) == [
        (100, 512, 4, 1, 0), (512, 256, 4, 2, 1), (256, 128, 4, 2, 1), (128, 64, 4, 2, 1), (64, 3, 4, 2, 1),
    ]  # fmt: skip
    judge = discriminator()
    block = ["Conv2d", "BatchNorm2d", "LeakyReLU"]
    assert names(judge) == ["Conv2d", "LeakyReLU", *block, *block, *block, "Conv2d"]
    assert convolutions(judge) == [
        (3, 64, 4, 2, 1), (64, 128, 4, 2, 1), (128, 256, 4, 2, 1), (256, 512, 4, 2, 1), (512, 1, 4, 1, 0),
    ]  # fmt: skip
    assert all(m.negative_slope == 0.2 for m in judge.modules() if isinstance(m, nn.LeakyReLU))


def test_parameter_counts_at_64_px():
    """By hand: 16 weights per pair of channels, two numbers per normalised channel, no biases."""
    pairs = 100 * 512 + 512 * 256 + 256 * 128 + 128 * 64 + 64 * 3
    assert 16 * pairs + 2 * (512 + 256 + 128 + 64) == 3_576_704
    assert parameter_count(generator()) == 3_576_704
    pairs = 3 * 64 + 64 * 128 + 128 * 256 + 256 * 512 + 512 * 1
    assert 16 * pairs + 2 * (128 + 256 + 512) == 2_765_568
    assert parameter_count(discriminator()) == 2_765_568


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("channels", [1, 3])
def test_every_size_doubles_from_4_px_and_back(size: int, channels: int):
    made, judge = generator(size, 2, 5, channels), discriminator(size, 2, channels)
    steps = round(math.log2(size / 4))
    widest = 2 * 2 ** (steps - 1)
    ups, downs = convolutions(made), convolutions(judge)
    assert len(ups) == len(downs) == steps + 1
    assert [out for _, out, *_ in ups] == [widest // 2**k for k in range(steps)] + [channels]
    assert [inner for inner, *_ in downs] == [channels] + [2 * 2**k for k in range(steps)]
    images = made(torch.randn(3, 5))
    assert images.shape == (3, channels, size, size)
    assert judge(images).shape == (3,)


@pytest.mark.parametrize("size", SIZES)
def test_no_batch_norm_at_the_picture_and_no_bias_anywhere(size: int):
    made, judge = generator(size, 2), discriminator(size, 2)
    assert names(made)[-2:] == ["ConvTranspose2d", "Tanh"]
    assert names(judge)[:2] == ["Conv2d", "LeakyReLU"] and names(judge)[-1] == "Conv2d"
    kinds = (nn.Conv2d, nn.ConvTranspose2d)
    assert all(m.bias is None for net in (made, judge) for m in net.modules() if isinstance(m, kinds))


def test_normalization_can_be_left_out():
    for net in (generator(16, 2, norm="none"), discriminator(16, 2, norm="none")):
        assert not [m for m in net.modules() if isinstance(m, nn.BatchNorm2d)]


def test_weights_start_as_in_the_paper():
    torch.manual_seed(0)
    for net in (generator(), discriminator()):
        for module in net.modules():
            if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
                assert spread(module.weight) == pytest.approx(0.02, rel=0.05)
                assert module.weight.mean().item() == pytest.approx(0, abs=0.002)
            elif isinstance(module, nn.BatchNorm2d):
                assert module.weight.mean().item() == pytest.approx(1, abs=0.02)
                assert 0.01 < spread(module.weight) < 0.03
                assert not module.bias.any()


def spread(weights: Tensor) -> float:
    return weights.std().item()


def test_pictures_lie_between_minus_one_and_one_and_answers_are_logits():
    made, judge = generator(16, 4), discriminator(16, 4)
    with torch.no_grad():
        for parameter in (*made.parameters(), *judge.parameters()):
            parameter.mul_(20)
        images = made(torch.randn(64, 100))
        logits = judge(images)
    assert -1 <= images.min() < -0.99 and 0.99 < images.max() <= 1
    assert logits.min() < 0 and logits.abs().max() > 1  # a sigmoid would keep them within 0 and 1
