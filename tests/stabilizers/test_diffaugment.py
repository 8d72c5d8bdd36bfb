"""DiffAugment: known changes, and that gradients pass."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from support.rounds import place, turn_of
from support.tiny import IMAGES, make_trainer, tiny
from torch import Tensor

from ganstudio.catalog.resolve import change
from ganstudio.catalog.stabilizers.augment import DiffAugment as Settings
from ganstudio.core.schema import ConfigError
from ganstudio.stabilizers import diffaugment as augment
from ganstudio.stabilizers.warping import packs, pictures

X = torch.rand(4, 3, 8, 8, generator=torch.Generator().manual_seed(1)) * 2 - 1


def test_colours_by_hand():
    chance = torch.tensor([0.0, 0.25, 0.5, 0.9])
    by = chance.view(-1, 1, 1, 1)
    assert torch.allclose(augment.brightness(X, chance), X + by - 0.5)
    grey, mean = X.mean(1, keepdim=True), X.mean((1, 2, 3), keepdim=True)
    assert torch.allclose(augment.saturation(X, chance), grey + (X - grey) * 2 * by, atol=1e-6)
    assert torch.allclose(augment.contrast(X, chance), mean + (X - mean) * (by + 0.5), atol=1e-6)
    assert torch.allclose(augment.saturation(X, chance)[0], grey[0].expand(3, 8, 8), atol=1e-6)


def test_one_channel_has_no_saturation():
    grey = X[:, :1]
    assert torch.equal(augment.saturation(grey, torch.rand(4)), grey)


@given(st.floats(0, 0.9999), st.floats(0, 0.9999))
def test_a_shift_is_a_crop_of_the_padded_picture(vertical: float, horizontal: float):
    most, x = 2, torch.rand(1, 2, 16, 12) + 1
    found = augment.translation(x, torch.tensor([[vertical, horizontal]]))
    padded = torch.nn.functional.pad(x, (most,) * 4)
    crops = [padded[..., i : i + 16, j : j + 12] for i in range(5) for j in range(5)]
    assert any(torch.equal(found, crop) for crop in crops)


def test_shifts_reach_an_eighth_in_all_directions():
    chance = torch.rand(4000, 2, generator=torch.Generator().manual_seed(3))
    dot = torch.zeros(4000, 1, 16, 16)
    dot[:, :, 8, 8] = 1
    where = augment.translation(dot, chance)[:, 0].flatten(1).argmax(1)
    assert set((where // 16).tolist()) == set((where % 16).tolist()) == {6, 7, 8, 9, 10}


def test_a_hole_is_half_as_wide_and_anywhere():
    chance = torch.rand(4000, 2, generator=torch.Generator().manual_seed(3))
    left = augment.cutout(torch.ones(4000, 1, 16, 16), chance)
    gone = (left == 0).sum((1, 2, 3))
    assert gone.max().item() == 64 and gone.min().item() == 16  # a hole in the corner keeps a quarter
    assert (left.mean(0) < 1).all()
    middle = augment.cutout(torch.ones(1, 1, 16, 16), torch.tensor([[0.5, 0.5]]))
    assert (middle[0, 0, 4:12, 4:12] == 0).all() and middle.sum() == 256 - 64


def rule(**changes: Any) -> augment.DiffAugment:
    return augment.DiffAugment(Settings(**changes), place())


@pytest.mark.parametrize("part", ["colour", "translation", "cutout"])
@pytest.mark.parametrize("which", ["real", "fake"])
@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_every_part_changes_real_and_generated_in_both_turns(part: str, which: str, player: str):
    switches = {"colour": False, "translation": False, "cutout": False} | {part: True}
    seen = rule(**switches).before_discriminator(X, which, turn_of(player))
    assert not torch.equal(seen, X)
    switches[part] = False
    assert torch.equal(rule(**switches).before_discriminator(X, which, turn_of(player)), X)


def test_gradients_pass_where_pixels_are_left():
    """The error of a cutout that writes into a copy: no gradient, or one inside the hole."""
    x = X.clone().requires_grad_()
    chance = torch.tensor([[0.5, 0.5]]).expand(4, 2)
    (slope,) = torch.autograd.grad(augment.cutout(x, chance).sum(), x)
    hole = torch.zeros(8, 8, dtype=torch.bool)
    hole[2:6, 2:6] = True
    assert (slope[..., hole] == 0).all() and (slope[..., ~hole] == 1).all()
    (slope,) = torch.autograd.grad(rule().before_discriminator(x, "fake", turn_of()).sum(), x)
    assert slope.abs().sum() > 0


def test_a_change_can_be_differentiated_twice():
    x = torch.rand(2, 3, 8, 8, dtype=torch.float64, requires_grad=True)
    chance = torch.rand(2, 2)

    def changed(x: Tensor) -> Tensor:
        return augment.cutout(augment.translation(x.pow(3), chance), chance)

    assert torch.autograd.gradgradcheck(changed, (x,))


def test_every_picture_of_a_pack_changes_by_itself():
    one = X[:1].expand(4, 3, 8, 8)
    pack = one.reshape(2, 6, 8, 8)
    seen = rule().before_discriminator(pack, "real", turn_of())
    assert seen.shape == pack.shape and not torch.allclose(seen[:, :3], seen[:, 3:])
    assert torch.equal(packs(pictures(pack, 3), pack), pack) and torch.equal(pictures(X, 3), X)


def test_the_generator_learns_through_the_changes():
    config = tiny(IMAGES, stabilizers={"diffaugment": {}})
    trainer, blind = make_trainer(config), make_trainer(tiny(IMAGES))
    for each in (trainer, blind):
        each.half_step("generator")
    slopes = [[p.grad for p in t.players["generator"].parameters] for t in (trainer, blind)]
    assert all(s is not None and s.abs().sum() > 0 for s in slopes[0])
    assert not all(torch.equal(a, b) for a, b in zip(*slopes, strict=True))  # type: ignore[arg-type]


def test_parts_may_be_switched_on_the_way():
    config = tiny(
        IMAGES, stabilizers={"diffaugment": {"colour": False, "translation": False, "cutout": False}}
    )
    trainer = make_trainer(config)
    grey = torch.rand(2, 1, 8, 8)
    assert torch.equal(trainer.game.shown(grey, "real", turn_of()), grey)
    trainer.adopt(change(config, "stabilizers.diffaugment.cutout", True))
    assert not torch.equal(trainer.game.shown(grey, "real", turn_of()), grey)


@pytest.mark.parametrize("kind", ["diffaugment", "adaptive-augment"])
def test_points_are_refused(kind: str):
    with pytest.raises(ConfigError, match="augmentation is for pictures"):
        tiny(stabilizers={kind: {}})
