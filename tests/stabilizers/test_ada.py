"""Adaptive augmentation: the plane's maps, the colours, and how the probability is steered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from support.rounds import judged, place, round_of, turn_of
from support.tiny import IMAGES, make_trainer, tiny, trained
from torch import Tensor

from ganstudio.catalog.objectives.critics import Hinge, LeastSquares, Wasserstein
from ganstudio.catalog.objectives.relative import Relativistic
from ganstudio.catalog.stabilizers.augment import AdaptiveAugment as Settings
from ganstudio.core.runs import RunFolder
from ganstudio.stabilizers import ada_pipeline as pipeline
from ganstudio.stabilizers.ada import AdaptiveAugment
from ganstudio.stabilizers.ada_pipeline import Dice
from ganstudio.stabilizers.warping import affine, bilinear, reflect
from ganstudio.training import checkpoint

X = torch.rand(3, 3, 8, 6, generator=torch.Generator().manual_seed(1)) * 2 - 1
ZERO, ONE = torch.zeros(3), torch.ones(3)


def dice(count: int = 3, seed: int = 0, **fixed: Tensor) -> Dice:
    stream = torch.Generator().manual_seed(seed)
    numbers = {
        "gates": torch.rand(count, pipeline.GATES, generator=stream),
        "chances": torch.rand(count, pipeline.CHANCES, generator=stream),
        "normals": torch.randn(count, pipeline.NORMALS, generator=stream),
    }
    return Dice(**(numbers | fixed))


# ---------------------------------------------------------------- the plane


def test_places_beyond_the_edge_are_mirrored():
    found = reflect(torch.tensor([-3.0, -1.0, 0.0, 2.5, 4.0, 5.0, 9.0]), 5)
    assert found.tolist() == [3.0, 1.0, 0.0, 2.5, 4.0, 3.0, 1.0]


def test_mirrors_quarters_and_shifts_are_exact():
    assert torch.equal(affine(X, pipeline.scaling(-ONE, ONE)), X.flip(3))
    square = X[:, :, :6]
    turned = affine(square, pipeline.turning(ZERO, ONE))
    assert torch.equal(turned, square.rot90(-1, (2, 3))) or torch.equal(turned, square.rot90(1, (2, 3)))
    moved = affine(X, pipeline.moving(2 * ONE, ZERO))
    assert torch.equal(moved[..., 2:], X[..., :-2]) and torch.equal(moved[..., 0], X[..., 2])
    assert torch.equal(affine(X, pipeline.moving(ZERO, -ONE))[:, :, :-1], X[:, :, 1:])


def test_half_a_pixel_is_the_mean_of_two():
    moved = affine(X, pipeline.moving(-ONE / 2, ZERO))
    assert torch.allclose(moved[..., :-1], (X[..., :-1] + X[..., 1:]) / 2, atol=1e-6)


def test_any_map_keeps_a_constant_and_the_range():
    everything = pipeline.blitting(dice(), ONE[0], (8, 6)) @ pipeline.geometry(dice(seed=1), ONE[0], (8, 6))
    assert torch.allclose(affine(torch.full((3, 2, 8, 6), 0.3), everything), torch.tensor(0.3))
    assert affine(X, everything).abs().max() <= X.abs().max() + 1e-6


def test_scaling_and_turning_there_and_back():
    angle = torch.tensor([0.3, 1.0, -2.0])
    there, back = pipeline.turning(angle.cos(), angle.sin()), pipeline.turning(angle.cos(), -angle.sin())
    assert torch.allclose(there @ back, torch.eye(3).expand(3, 3, 3), atol=1e-6)
    enlarged = affine(torch.eye(9)[None, None].expand(3, 1, 9, 9), pipeline.scaling(2 * ONE, 2 * ONE))
    assert torch.allclose(enlarged[0, 0, 4], torch.tensor([0, 0, 0, 0.5, 1, 0.5, 0, 0, 0]), atol=1e-6)


def test_reading_between_pixels_can_be_differentiated_twice():
    x = torch.rand(1, 1, 4, 4, dtype=torch.float64, requires_grad=True)
    rows = torch.rand(1, 4, 4, dtype=torch.float64) * 5 - 1

    def read(x: Tensor) -> Tensor:
        return bilinear(x.pow(2), rows, rows.transpose(1, 2))

    assert torch.autograd.gradcheck(read, (x,)) and torch.autograd.gradgradcheck(read, (x,))


# ---------------------------------------------------------------- colours


def only(gate: int) -> Tensor:
    gates = torch.ones(3, pipeline.GATES)
    gates[:, gate] = 0.0
    return gates


HALF = torch.tensor(0.5)


def test_brightness_and_contrast():
    normals = torch.full((3, pipeline.NORMALS), 2.0)
    bright = pipeline.recoloured(X, pipeline.colours(dice(gates=only(8), normals=normals), HALF, 3))
    assert torch.allclose(bright, X + 0.4, atol=1e-6)
    steep = pipeline.recoloured(X, pipeline.colours(dice(gates=only(9), normals=normals), HALF, 3))
    assert torch.allclose(steep, X * 2, atol=1e-6)
    assert bright.max() > 1  # nothing is cut off


def test_light_and_dark_are_swapped_and_colours_stay():
    chances = torch.full((3, pipeline.CHANCES), 0.9)
    flipped = pipeline.recoloured(X, pipeline.colours(dice(gates=only(10), chances=chances), HALF, 3))
    grey = X.mean(1, keepdim=True)
    assert torch.allclose(flipped, X - 2 * grey, atol=1e-6)


def test_a_third_of_the_circle_moves_colours_on():
    chances = torch.full((3, pipeline.CHANCES), (2 / 3 + 1) / 2)
    moved = pipeline.recoloured(X, pipeline.colours(dice(gates=only(11), chances=chances), HALF, 3))
    assert torch.allclose(moved, X.roll(1, 1), atol=1e-5) or torch.allclose(moved, X.roll(-1, 1), atol=1e-5)


def test_saturation_is_the_distance_from_grey():
    normals = torch.full((3, pipeline.NORMALS), -1.0)
    paler = pipeline.recoloured(X, pipeline.colours(dice(gates=only(12), normals=normals), HALF, 3))
    grey = X.mean(1, keepdim=True)
    assert torch.allclose(paler, grey + (X - grey) / 2, atol=1e-6)


def test_grey_pictures_get_what_grey_pixels_get():
    change = pipeline.colours(dice(seed=4), ONE[0], 1)
    grey = X[:, :1]
    wanted = pipeline.recoloured(grey.expand(-1, 3, -1, -1), change)[:, :1]
    assert torch.allclose(pipeline.recoloured(grey, change), wanted, atol=1e-5)


# ---------------------------------------------------------------- probability


def rule(**changes: Any) -> AdaptiveAugment:
    return AdaptiveAugment(Settings(**changes), place(3))


def probability_after(updates: int, share_right: float, **changes: Any) -> float:
    """The probability after so many updates in which this share of 8 real pictures was called real."""
    steered = rule(**changes)
    right = int(8 * share_right)
    real = judged(torch.tensor([1.0] * right + [-1.0] * (8 - right)))
    for count in range(updates):
        steered.settle(round_of(turn_of(count=count), judged(torch.zeros(8)), real))
    return steered.state["probability"].item()


@pytest.mark.parametrize(
    ("updates", "share", "changes", "wanted"),
    [
        (3, 1.0, {}, 0.0),  # not yet
        (4, 1.0, {}, 8 * 4 / 500_000),
        (8, 1.0, {}, 8 * 8 / 500_000),
        (4, 0.5, {"start": 0.5}, 0.5 - 8 * 4 / 500_000),  # r = 0, below the target
        (4, 0.875, {"kimg": 1.0}, 0.032),  # r = 0.75
        (4, 0.75, {"kimg": 1.0, "start": 0.5}, 0.5 - 0.032),  # r = 0.5
        (4, 0.5, {}, 0.0),  # never below 0
        (64, 1.0, {"kimg": 0.5}, 1.0),  # 512 images: from 0 to 1 in half a thousand
        (60, 1.0, {"kimg": 0.5}, 0.96),
        (64, 1.0, {"kimg": 0.1, "limit": 0.8}, 0.8),
        (64, 1.0, {"kimg": 0.1, "adapt": False, "start": 0.3}, 0.3),
        (1, 1.0, {"every": 1, "kimg": 1.0}, 0.008),
    ],
)
def test_the_probability_moves_as_in_the_paper(updates: int, share: float, changes: Any, wanted: float):
    assert probability_after(updates, share, **changes) == pytest.approx(wanted, abs=1e-6)


def test_what_is_measured_is_told():
    steered = rule(every=2, kimg=1.0)
    real = judged(torch.tensor([1.0, 1.0, 1.0, -1.0]))
    for count in range(2):
        steered.settle(round_of(turn_of(count=count), judged(torch.zeros(4)), real))
    measured = steered.measures(round_of(turn_of(), judged(torch.zeros(4))))
    assert measured["augment/overfitting"].item() == 0.5
    assert measured["augment/probability"].item() == 0.0
    steered.settle(round_of(turn_of("generator"), judged(torch.zeros(4))))  # changes nothing
    assert steered.state["updates"].item() == 0


def test_without_probability_nothing_changes_at_all():
    for channels in (1, 3):
        x = X[:, :channels]
        seen = AdaptiveAugment(Settings(), place(channels)).before_discriminator(x, "real", turn_of())
        assert torch.equal(seen, x)


@pytest.mark.parametrize("which", ["real", "fake"])
@pytest.mark.parametrize("player", ["discriminator", "generator"])
@pytest.mark.parametrize("part", ["blitting", "geometry", "colour"])
def test_every_part_changes_real_and_generated_in_both_turns(which: str, player: str, part: str):
    switches = {"blitting": False, "geometry": False, "colour": False}
    seen = rule(start=1.0, **(switches | {part: True})).before_discriminator(X, which, turn_of(player))
    assert not torch.allclose(seen, X) and torch.isfinite(seen).all()
    still = rule(start=1.0, **switches).before_discriminator(X, which, turn_of(player))
    assert torch.equal(still, X)


def test_half_the_probability_leaves_half_of_the_mirrors_alone():
    """Mirrors happen with half of p: a coin is thrown in addition."""
    many = dice(4000)
    back = pipeline.blitting(many, HALF, (8, 8))
    untouched = (back == torch.eye(3)).flatten(1).all(1).float().mean().item()
    # No mirror (3/4), no quarter (5/8), and no shift (1/2, or less than half a pixel each way: 1/4 of the rest).
    assert untouched == pytest.approx(0.75 * 0.625 * (0.5 + 0.5 * 0.25), abs=0.03)


def test_penalties_reach_through_the_changes():
    trainer = make_trainer(
        tiny(IMAGES, stabilizers={"adaptive-augment": {"start": 1.0}, "r1": {"gamma": 10}})
    )
    trainer.step()
    slopes = [p.grad for p in trainer.players["generator"].parameters]
    assert all(s is not None and torch.isfinite(s).all() and s.abs().sum() > 0 for s in slopes)
    assert trainer.meter.read(True)["penalty/r1"] > 0


def test_the_probability_is_restored(tmp_path: Path):
    """The error of programs whose augmentation starts at 0 again after a resume."""
    config = tiny(IMAGES, stabilizers={"adaptive-augment": {"every": 1, "kimg": 0.1, "start": 0.5}})
    trainer, run = trained(config, 6), RunFolder(tmp_path)
    state = trainer.rules.stabilizers["adaptive-augment"].state
    assert 0 < state["probability"].item() != 0.5
    checkpoint.save(trainer, run, 1.0)
    again = make_trainer(config)
    checkpoint.restore(again, checkpoint.read(run.checkpoint_path(6)).state)
    assert torch.equal(again.rules.stabilizers["adaptive-augment"].state["probability"], state["probability"])


def test_answers_without_a_sign_are_refused_unless_nothing_is_steered():
    for loss in (Wasserstein(), LeastSquares(), Relativistic()):
        config = replace(tiny(IMAGES), objective=loss)
        assert "sign says nothing" in Settings().refuses(config, None)
        assert not Settings(adapt=False).refuses(config, None)
    assert not Settings().refuses(replace(tiny(IMAGES), objective=Hinge()), None)
