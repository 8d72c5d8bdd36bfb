"""The blur of what the discriminator sees: a Gaussian of the deviation it says, gone when it should be."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from support.rounds import place, turn_of
from support.tiny import POINTS, make_trainer, tiny
from torch import Tensor

from ganstudio.catalog.resolve import resolve
from ganstudio.catalog.stabilizers import inputs as options
from ganstudio.core.schema import ConfigError
from ganstudio.stabilizers.inputs import FadingBlur


def blurred(x: Tensor, images: int, deviation: float = 3.0) -> Tensor:
    rule = FadingBlur(options.FadingBlur(deviation=deviation, fade=1000), place())
    return rule.before_discriminator(x, "real", replace(turn_of(), images=images))


@pytest.mark.parametrize(("images", "deviation"), [(0, 3.0), (500, 1.5), (800, 0.6)])
def test_a_dot_becomes_a_gaussian_of_that_deviation(images: int, deviation: float):
    x = torch.zeros(1, 1, 41, 41, dtype=torch.float64)
    x[0, 0, 20, 20] = 1
    y = blurred(x, images)[0, 0]
    assert y.sum().item() == pytest.approx(1, abs=1e-6)
    where = torch.arange(41, dtype=torch.float64) - 20
    for axis in (0, 1):
        assert (y.sum(axis) * where**2).sum().sqrt().item() == pytest.approx(deviation, rel=0.06)
    assert torch.allclose(y, y.T)


@pytest.mark.parametrize("images", [0, 400, 900])
@pytest.mark.parametrize("side", [8, 32])
def test_a_plain_picture_stays_what_it_is(images: int, side: int):
    """Even where the filter is wider than the picture."""
    x = torch.full((2, 3, side, side), 0.7)
    assert torch.allclose(blurred(x, images, 10.0), x, atol=1e-5)


@pytest.mark.parametrize("images", [1000, 5000])
def test_then_all_is_sharp(images: int):
    x = torch.randn(2, 3, 8, 8)
    assert blurred(x, images) is x


def test_real_and_generated_alike_and_no_penalty_is_cut_off():
    trainer = make_trainer(
        resolve(
            {
                "variant": "stylegan3-r",
                "data": {"source": "digits", "resolution": 8},
                "batch_size": 8,
                "latent": {"dimension": 4},
                "generator": {"base_channels": 2, "most_channels": 4, "style": 4, "layers": 4, "margin": 2},
                "discriminator": {"base_channels": 2, "most_channels": 4},
                "compute": {"device": "cpu"},
            }
        )
    )
    x = torch.randn(8, 1, 8, 8)
    turn = turn_of()
    assert torch.equal(trainer.game.shown(x, "real", turn), trainer.game.shown(x, "fake", turn))
    assert trainer.game.shown(x, "real", turn).std() < 0.5 * x.std()
    trainer.step()
    assert trainer.meter.read(True)["penalty/r1"] > 0


def test_points_are_refused():
    with pytest.raises(ConfigError, match="points have no details"):
        tiny(POINTS, stabilizers={"fading-blur": {}})
