"""At the papers' settings the networks have as many parameters as the published ones."""

from __future__ import annotations

import pytest
import torch

from ganstudio.catalog import networks_style as options
from ganstudio.core.shapes import DataShape
from ganstudio.nets import parameter_count
from ganstudio.nets.mixing import MinibatchStd
from ganstudio.nets.stylegan2 import Stylegan2Discriminator, Stylegan2Generator
from ganstudio.nets.stylegan3 import Stylegan3Generator

WIDE = {"most_channels": 512, "style": 512}


def picture(side: int) -> DataShape:
    return DataShape("image", 3, side, side)


@pytest.mark.parametrize(("side", "base", "parameters"), [(1024, 32, 30_370_060), (256, 64, 24_767_458)])
def test_stylegan2s_generator(side: int, base: int, parameters: int):
    with torch.device("meta"):
        net = Stylegan2Generator(options.Stylegan2Generator(base_channels=base, **WIDE), 512, picture(side))
    assert parameter_count(net) == parameters


@pytest.mark.parametrize(("side", "base", "parameters"), [(1024, 32, 29_012_513), (256, 64, 24_001_089)])
def test_stylegan2s_discriminator(side: int, base: int, parameters: int):
    with torch.device("meta"):
        net = Stylegan2Discriminator(
            options.Stylegan2Discriminator(base_channels=base, most_channels=512), picture(side)
        )
        net.mix(MinibatchStd(4), MinibatchStd.extra)
    assert parameter_count(net) == parameters


@pytest.mark.parametrize(
    ("equivariance", "base", "most", "parameters"),
    [("translation", 32, 512, 22_313_167), ("rotation", 64, 1024, 15_093_151)],
)
def test_stylegan3s_generators(equivariance: str, base: int, most: int, parameters: int):
    settings = options.Stylegan3Generator(
        equivariance=equivariance, base_channels=base, most_channels=most, style=512
    )
    with torch.device("meta"):
        net = Stylegan3Generator(settings, 512, picture(1024))
    assert parameter_count(net) == parameters
