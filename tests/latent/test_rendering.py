"""Recipes as pictures: the same ones always, whatever is rendered beside them; and what models can do."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from support.explored import saved

from ganstudio.core.explore.recipe import Blend, Direction, Mix, Model, Move, Numbers, Recipe, Seed
from ganstudio.core.runs import RunFolder
from ganstudio.latent.capabilities import capabilities
from ganstudio.latent.errors import ExploreError
from ganstudio.latent.model import opened
from ganstudio.latent.rendering import images, length, render, values


def some(model) -> list[Recipe]:
    """Different recipes that every model can make."""
    width = model.latent.width
    step = Direction("x", "z", (1.0,) + (0.0,) * (model.latent.dimension - 1))
    return [
        Recipe(Seed(3)),
        Recipe(Blend(Seed(1), Seed(2), 0.3), psi=0.7),
        Recipe(Seed(4), moves=(Move(step, 1.5),)),
        Recipe(Seed(5), mixes=(Mix(Seed(6), 1, -1, 0.5),)),
        Recipe(Numbers("z", ((0.25,) * width,))),
    ]


def test_a_recipe_gives_the_same_pixels_beside_any_others(model):
    recipes = some(model)
    together = images(model, recipes)
    for recipe, image in zip(recipes, together, strict=True):
        assert np.array_equal(images(model, [recipe])[0], image)
    assert np.array_equal(images(model, recipes[::-1])[::-1], together)


def test_a_seed_gives_what_training_shows(tmp_path: Path):
    trainer, model = saved("dcgan-classes", tmp_path / "run")
    made = torch.cat([one.values for one in render(opened(model), [Recipe(Seed(s)) for s in range(8)])])
    assert torch.allclose(made, trainer.sample(range(8)), atol=1e-5)


def test_pictures_come_as_bytes_and_points_in_their_own_units(families):
    assert images(families("dcgan"), [Recipe()]).dtype == np.uint8
    assert images(families("dcgan"), [Recipe()]).shape == (1, 8, 8, 1)
    assert images(families("dcgan"), [Recipe()], height=4).shape == (1, 4, 4, 1)
    points = families("points")
    assert images(points, [Recipe()]).shape == (1, 2)
    assert np.allclose(images(points, [Recipe()]), values(points, Recipe()).numpy() * points.scale)
    assert points.scale != 1.0


def test_rendering_ends_between_two_pictures(families):
    asked = []

    def stop() -> bool:
        asked.append(True)
        return len(asked) > 2

    assert len(list(render(families("dcgan"), [Recipe(Seed(s)) for s in range(9)], stop))) == 2
    assert images(families("dcgan"), [], lambda: True).shape == (0, 8, 8, 1)


def test_scores_do_not_depend_on_what_else_is_judged(model):
    recipes = [Recipe(Seed(s)) for s in range(3)]
    together = [one.score for one in render(model, recipes, scored=True)]
    assert [next(render(model, [one], scored=True)).score for one in recipes] == together
    assert len(set(together)) == 3


def test_a_score_is_the_discriminators_logit(tmp_path: Path):
    trainer, model = saved("dcgan-classes", tmp_path / "run")
    explorer = opened(model)
    made = next(render(explorer, [Recipe(Seed(2), labels=((5, 1.0),))], scored=True))
    judge = trainer.players["discriminator"].net.eval()
    assert made.score == pytest.approx(float(judge(made.values, torch.tensor([5]))[0]), abs=1e-5)


def test_where_samples_are_compared_a_score_is_that_of_a_batch_as_in_training(families):
    model = families("compared")
    judge, values_ = model.judge, torch.cat([one.values for one in render(model, [Recipe(Seed(9))])])
    others = model.synthesize(model.z(range(7)), model.labels(range(7)))
    wanted = judge(torch.cat([values_, others]))[0]
    made = next(render(model, [Recipe(Seed(9))], scored=True))
    assert made.score == pytest.approx(float(wanted), abs=1e-5)


def test_packed_samples_are_judged_beside_the_first_seeds(families):
    model = families("pac")
    made = next(render(model, [Recipe(Seed(9))], scored=True))
    others = model.synthesize(model.z(range(model.packed - 1)))
    pack = torch.cat([made.values, others]).flatten(0, 1)[None]
    assert model.packed > 1 and made.score == pytest.approx(float(model.judge(pack)[0]), abs=1e-5)


def test_a_live_run_is_shown_before_and_after_its_first_checkpoint(tmp_path: Path):
    trainer, model = saved("dcgan", tmp_path / "run")
    run, live = RunFolder(tmp_path / "run"), replace(model, live=True)
    with pytest.raises(ExploreError, match="not shown anything yet"):
        opened(live)
    trainer.step()
    weights = {f"average.{k}": v.contiguous() for k, v in trainer.average.net.state_dict().items()}
    run.live.mkdir(exist_ok=True)
    save_file(weights, run.live / "weights.safetensors", {"step": "3"})
    explorer = opened(live)
    assert (explorer.step, explorer.steps, explorer.judge is not None) == (3, (2,), True)
    assert torch.allclose(values(explorer, Recipe(Seed(7))), trainer.sample([7]), atol=1e-5)
    run.checkpoint_path(2).rename(tmp_path / "elsewhere")
    early = opened(live)
    assert (early.step, early.judge) == (3, None)
    assert torch.equal(values(early, Recipe(Seed(7))), values(explorer, Recipe(Seed(7))))
    assert "score" in capabilities(early).refusals


@pytest.mark.parametrize("damage", [b"", b"\xff" * 64, b"\x08\0\0\0\0\0\0\0{}      "])
def test_damaged_live_weights_are_refused(tmp_path: Path, damage: bytes):
    _, model = saved("dcgan", tmp_path / "run")
    (tmp_path / "run" / "live" / "weights.safetensors").write_bytes(damage)
    with pytest.raises(ExploreError, match="live weights"):
        opened(replace(model, live=True))


def test_what_is_not_there_is_said(tmp_path: Path):
    with pytest.raises(ExploreError, match="is not a run"):
        opened(Model(str(tmp_path)))
    _, model = saved("dcgan", tmp_path / "run")
    with pytest.raises(ExploreError, match="no checkpoint at step 9") as error:
        opened(replace(model, step=9))
    assert error.value.remedy


def test_capabilities_of_every_model(model):
    can = capabilities(model)
    assert can.shape == model.shape and can.rows and can.dimension == model.latent.dimension
    assert len(can.classes) == model.kinds
    assert can.layers["generator"] and can.layers["discriminator"]
    assert ("noise" in can.refusals) is not can.noise
    assert ("w" in can.refusals) is not can.styles
    assert all(reason.endswith(".") for reason in can.refusals.values())
    assert "sefa" not in can.refusals
    assert ("styles w" in can.mapped) is can.styles and can.mapped.endswith(".")


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("mlp", (1, 1)),
        ("dcgan", (4,)),
        ("wgan-gp", (4,)),
        ("sngan", (4, 8)),
        ("biggan", (4, 8)),
        ("r3gan", (4, 8)),
        ("apart", (4,)),
    ],
)
def test_rows_are_the_sizes_of_the_layers(families, name, rows):
    assert capabilities(families(name)).rows == rows


def test_a_straight_line_is_short_halfway_and_a_great_circle_is_not(families):
    halfway: dict[tuple[str, str], float] = {}
    for name, family in (("normal", "dcgan"), ("uniform", "points")):
        model = families(family)
        ends = [length(model, Recipe(Seed(seed))) for seed in (0, 1)]
        for mode in ("lerp", "slerp"):
            middle = Blend(Seed(0), Seed(1), 0.5, mode)
            halfway[name, mode] = length(model, Recipe(middle)) / (sum(ends) / 2)
    assert all(halfway[name, "lerp"] < 0.85 * halfway[name, "slerp"] for name in ("normal", "uniform"))
    assert halfway["normal", "slerp"] == pytest.approx(1.0, abs=0.02)
    assert math.isnan(length(families("stylegan"), Recipe(Blend(Seed(0), Seed(1), 0.5, "lerp", "w"))))


def test_a_network_that_brings_z_to_one_length_does_not_offer_to_truncate_it(families):
    """ProGAN normalises its latents (arXiv:1710.10196, section 4.2): any psi above 0 made the same picture."""
    progan, dcgan = families("progan"), families("dcgan")
    assert capabilities(progan).sphere and "one length" in capabilities(progan).refusals["truncation"]
    assert torch.allclose(values(progan, Recipe(psi=0.5)), values(progan, Recipe()), atol=1e-5)
    assert not capabilities(dcgan).sphere and "truncation" not in capabilities(dcgan).refusals
    assert capabilities(families("stylegan2")).sphere
    assert "truncation" not in capabilities(families("stylegan2")).refusals, "w is truncated, not z"


def test_layers_are_listed_with_their_sizes(families):
    layers = capabilities(families("dcgan")).layers
    assert layers["generator"][0] == ("layers.0 ConvTranspose2d", 4, 4, 4)
    assert layers["generator"][-1] == ("layers.4 Tanh", 8, 8, 1)
    assert layers["discriminator"][0] == ("layers.0 Conv2d", 4, 4, 4)


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        (Recipe(Numbers("z", ((1.0, 2.0),))), "latents have 8 numbers, not 2"),
        (Recipe(Numbers("w", ((1.0,) * 8,))), "has no w"),
        (Recipe(Numbers("z", ())), "needs rows"),
        (Recipe(Blend(Seed(0), Seed(1), 0.5, "lerp", "w")), "has no w"),
        (Recipe(moves=(Move(Direction("d", "w", (1.0,) * 8), 1.0),)), "has no w"),
        (Recipe(moves=(Move(Direction("d", "z", (1.0,) * 3), 1.0),)), "direction d has 3 numbers"),
        (Recipe(codes=(1.0,)), "0 codes, not 1"),
    ],
)
def test_recipes_that_a_model_cannot_make_are_refused(families, recipe, words):
    with pytest.raises(ExploreError, match=words):
        values(families("dcgan"), recipe)
