"""Style mixing by rows of w, its stand-in for networks without styles, and noise."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from ganstudio.core.explore.recipe import Direction, Mix, Move, Noise, Recipe, Seed
from ganstudio.latent import mixing
from ganstudio.latent.errors import ExploreError
from ganstudio.latent.noise import noise_layers, spread
from ganstudio.latent.rendering import latent_of, values

STYLED = ["stylegan", "stylegan2", "stylegan3"]
PLAIN = ["mlp", "dcgan", "wgan-gp", "sngan", "biggan", "r3gan", "progan", "apart", "points"]


@pytest.mark.parametrize("name", STYLED)
def test_rows_come_from_the_source_by_strength(families, name: str):
    model = families(name)
    one, two = (latent_of(model, Recipe(Seed(s))) for s in (1, 2))
    mixed = latent_of(model, Recipe(Seed(1), mixes=(Mix(Seed(2), 1, 2), Mix(Seed(2), 3, -1, 0.25))))
    assert torch.equal(mixed[0], one[0]) and torch.equal(mixed[1:3], two[1:3])
    assert torch.allclose(mixed[3:], one[3:] + 0.25 * (two[3:] - one[3:]))
    whole = values(
        model, Recipe(Seed(1), labels=((0, 1.0),) if model.kinds else (), mixes=(Mix(Seed(2), 0, -1),))
    )
    assert torch.equal(whole, values(model, Recipe(Seed(2), labels=((0, 1.0),) if model.kinds else ())))


@pytest.mark.parametrize("name", STYLED)
def test_moves_in_w_change_their_rows_alone(families, name: str):
    model = families(name)
    direction = Direction("d", "w", (1.0,) + (0.0,) * 5, sigma=2.0)
    before = latent_of(model, Recipe(Seed(1)))
    after = latent_of(model, Recipe(Seed(1), moves=(Move(direction, 1.5, 1, 2),)))
    change = after - before
    assert change[1:3, 0].tolist() == pytest.approx([3.0, 3.0]) and float(
        change.abs().sum()
    ) == pytest.approx(6.0)


@pytest.mark.parametrize("name", PLAIN)
def test_layers_take_statistics_of_another_latent(families, name: str):
    model = families(name)
    plain, source = values(model, Recipe(Seed(1))), values(model, Recipe(Seed(2)))
    none = values(model, Recipe(Seed(1), mixes=(Mix(Seed(2), 0, -1, 0.0),)))
    itself = values(model, Recipe(Seed(1), mixes=(Mix(Seed(1), 0, -1),)))
    half, full = (values(model, Recipe(Seed(1), mixes=(Mix(Seed(2), 0, -1, s),))) for s in (0.5, 1.0))
    assert torch.equal(none, plain) and torch.allclose(itself, plain, atol=1e-4)
    assert not torch.allclose(half, plain) and not torch.allclose(full, half)
    assert full.isfinite().all()
    if mixing.stages(model.net)[0].size == 1:
        assert torch.allclose(full, source, atol=1e-6)
    assert torch.equal(values(model, Recipe(Seed(1))), plain)  # no hook is left behind


def test_statistics_are_those_of_the_other():
    x, other = torch.randn(2, 3, 8, 8), torch.randn(2, 3, 8, 8) * 3 + 1
    taken = mixing.with_statistics(x, other, 1.0)
    assert torch.allclose(taken.mean((2, 3)), other.mean((2, 3)), atol=1e-4)
    assert torch.allclose(taken.std((2, 3)), other.std((2, 3)), rtol=1e-3)
    similar = torch.nn.functional.cosine_similarity
    layout = [(each - each.mean((2, 3), keepdim=True)).flatten(2) for each in (x, taken)]
    assert torch.allclose(similar(*layout, dim=2), torch.ones(2, 3), atol=1e-5)


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ((4, 4, 8, 8, 16, 16, 32, 32, 64, 64), {"coarse": (0, 3), "middle": (4, 7), "fine": (8, 9)}),
        ((4, 8, 16, 32), {"coarse": (0, 1), "middle": (2, 2), "fine": (3, 3)}),
        ((4, 4, 8, 8, 16, 16, 32, 32), {"coarse": (0, 3), "middle": (4, 5), "fine": (6, 7)}),
        ((4, 8, 8, 16, 16), {"coarse": (0, 0), "middle": (1, 2), "fine": (3, 4)}),
        ((8, 16), {"coarse": (0, 0), "middle": (1, 1)}),
        ((4, 4, 8, 8), {"coarse": (0, 1), "middle": (2, 2), "fine": (3, 3)}),
        ((1, 1), {"coarse": (0, 0), "fine": (1, 1)}),
        ((4,), {"coarse": (0, 0)}),
        ((), {}),
    ],
)
def test_ranges_follow_from_the_sizes_of_the_rows(rows, wanted):
    assert mixing.ranges(rows) == wanted


def test_spans_stay_within_the_rows():
    assert mixing.span(0, -1, 5) == (0, 4)
    assert mixing.span(2, 99, 5) == (2, 4)
    assert mixing.span(9, -1, 5) == (5, 4)


@pytest.fixture
def noisy(families):
    """StyleGAN2 whose noise has a strength, as after training; it begins at none."""
    model = families("stylegan2")
    for layer in noise_layers(model.net):
        layer.strength.fill_(0.5)
    yield model
    for layer in noise_layers(model.net):
        layer.strength.zero_()


def test_noise_is_chosen_by_mode_and_seed(noisy):
    def made(**noise) -> torch.Tensor:
        return values(noisy, Recipe(Seed(1), noise=Noise(**noise)))

    assert torch.equal(made(), made(mode="fixed", seed=3))
    assert torch.equal(made(mode="random", seed=3), made(mode="random", seed=3))
    assert not torch.equal(made(mode="random", seed=3), made(mode="random", seed=4))
    assert not torch.equal(made(), made(mode="none"))
    assert torch.allclose(made(strength=0.0), made(mode="none"), atol=1e-6)
    stronger, plain, off = made(strength=2.0), made(), made(mode="none")
    assert (stronger - off).norm() > (plain - off).norm()


def test_the_spread_over_noises_is_where_noise_matters(noisy):
    found = spread(noisy, Recipe(Seed(1)), 8, values)
    assert found.shape == (8, 8) and (found > 0).any() and (found <= 255).all()
    for layer in noise_layers(noisy.net):
        layer.strength.zero_()
    assert (spread(noisy, Recipe(Seed(1)), 4, values) == 0).all()


def test_a_model_without_noise_says_so(families):
    with pytest.raises(ExploreError, match="no noise inputs"):
        spread(families("dcgan"), Recipe(), 4, values)
    loud = replace(Recipe(), noise=Noise("random", 5, 2.0))
    assert torch.equal(values(families("dcgan"), loud), values(families("dcgan"), Recipe()))
