"""The recipes of the growing and style-based variants hold the numbers of their papers and authors' programs."""

from __future__ import annotations

import pytest

from ganstudio.catalog.resolve import resolve
from ganstudio.core.config import RunConfig

STYLES = ("stylegan2", "stylegan2-ada", "stylegan3-t", "stylegan3-r")


def recipe(variant: str) -> RunConfig:
    """What a run of a variant is without any setting of one's own."""
    return resolve({"variant": variant, "data": {"source": "digits", "resolution": 16}})


def test_progan():
    """arXiv:1710.10196, sections 4.1 and A.1: WGAN-GP, drift of 0.001, growth from 4 px, optimizers begun anew."""
    config = recipe("progan")
    rules = config.stabilizers
    assert config.objective.kind == "wasserstein"
    assert rules["gradient-penalty"].weight == 10.0 and rules["drift"].weight == 0.001
    assert rules["growing"].start == 4 and rules["growing"].restart and rules["minibatch-std"].samples == 4
    for adam in (config.optimizer.generator, config.optimizer.discriminator):
        assert adam.lr == 1e-3 and adam.betas == (0.0, 0.99)


def test_stylegan():
    """arXiv:1812.04948, section 2 and appendix C: growth from 8 px, R1 with gamma 10, 90 % of styles mixed."""
    config = recipe("stylegan")
    assert config.objective.kind == "non-saturating"
    assert config.stabilizers["growing"].start == 8 and config.stabilizers["r1"].gamma == 10.0
    assert config.generator.mixing == 0.9 and config.generator.mapping == 8 and config.generator.noise


@pytest.mark.parametrize("variant", STYLES)
def test_penalties_are_lazy_and_apart(variant: str):
    """arXiv:1912.04958, section 3.1: R1 every 16th and path lengths every 4th step, by updates of their own."""
    rules = recipe(variant).stabilizers
    assert rules["r1"].every == 16 and rules["r1"].apart
    if variant.startswith("stylegan2"):
        paths = rules["path-length"]
        assert (paths.every, paths.weight, paths.decay, paths.shrink) == (4, 2.0, 0.01, 2)
        assert recipe(variant).generator.mixing == 0.9
    else:
        assert "path-length" not in rules, "StyleGAN3 leaves path lengths and mixed styles out"
        assert not hasattr(recipe(variant).generator, "mixing")


@pytest.mark.parametrize("variant", ["progan", "stylegan", *STYLES])
def test_the_average_has_a_half_life_in_images_and_a_ramp(variant: str):
    """Ten thousand images, and a twentieth of those seen at first (the authors' programs of 2020 and 2021)."""
    ema = recipe(variant).ema
    assert ema.half_life == 10_000.0 and ema.ramp == 0.05


def test_adaptive_augmentation():
    """arXiv:2006.06676, section 3: target 0.6, looked at every 4 batches, from none to all in 500,000 images."""
    rule = recipe("stylegan2-ada").stabilizers["adaptive-augment"]
    assert (rule.target, rule.every, rule.kimg, rule.start) == (0.6, 4, 500.0, 0.0)
    assert rule.blitting and rule.geometry and rule.colour


def test_rotation_has_its_own_network_and_begins_blurred():
    """arXiv:2106.12423, section 3: twice the channels; images are blurred over the first 200,000 of training."""
    shift, turn = recipe("stylegan3-t"), recipe("stylegan3-r")
    assert turn.generator.base_channels == 2 * shift.generator.base_channels
    assert (shift.generator.equivariance, turn.generator.equivariance) == ("translation", "rotation")
    assert turn.stabilizers["fading-blur"].fade == 200_000 and "fading-blur" not in shift.stabilizers
