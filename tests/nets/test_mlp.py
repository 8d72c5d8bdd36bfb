"""Fully connected networks: shapes, ranges, sizes."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from ganstudio.catalog import networks as options
from ganstudio.core.shapes import DataShape
from ganstudio.nets import parameter_count
from ganstudio.nets.mlp import MlpDiscriminator, MlpGenerator

LINE, PLANE, PICTURE = DataShape("points", 1), DataShape("points", 2), DataShape("image", 3, 8, 8)


@pytest.mark.parametrize("shape", [LINE, PLANE, PICTURE], ids=["line", "plane", "picture"])
@pytest.mark.parametrize("activation", ["relu", "leaky-relu", "tanh"])
def test_shapes(shape: DataShape, activation: str):
    made = MlpGenerator(options.MlpGenerator(width=8, depth=2, activation=activation), 5, shape)
    judge = MlpDiscriminator(options.MlpDiscriminator(width=8, depth=2, activation=activation), shape)
    x = made(torch.randn(7, 5))
    assert x.shape == (7, *shape.size)
    assert judge(x).shape == (7,)


@pytest.mark.parametrize("depth", [1, 3])
def test_parameter_count_by_hand(depth: int):
    made = MlpGenerator(options.MlpGenerator(width=10, depth=depth), 4, PLANE)
    assert parameter_count(made) == (4 * 10 + 10) + (depth - 1) * (10 * 10 + 10) + (10 * 2 + 2)
    judge = MlpDiscriminator(options.MlpDiscriminator(width=10, depth=depth), PLANE)
    assert parameter_count(judge) == (2 * 10 + 10) + (depth - 1) * (10 * 10 + 10) + (10 + 1)


@pytest.mark.parametrize(
    ("name", "kind"), [("none", None), ("batch", nn.BatchNorm1d), ("layer", nn.LayerNorm)]
)
def test_normalization(name: str, kind: type[nn.Module] | None):
    made = MlpGenerator(options.MlpGenerator(width=8, depth=3, normalization=name), 4, PLANE)
    norms = [m for m in made.modules() if isinstance(m, nn.BatchNorm1d | nn.LayerNorm)]
    assert len(norms) == (3 if kind else 0) and all(isinstance(m, kind or nn.Module) for m in norms)


def test_pictures_are_bounded_and_points_are_not():
    picture = MlpGenerator(options.MlpGenerator(width=8, depth=1), 4, PICTURE)
    points = MlpGenerator(options.MlpGenerator(width=8, depth=1), 4, PLANE)
    with torch.no_grad():
        for net in (picture, points):
            for parameter in net.parameters():
                parameter.mul_(50)
        z = torch.randn(100, 4)
        assert picture(z).abs().max() <= 1
        assert points(z).abs().max() > 1
