"""The explore session: every request and its answer."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import load_file, save_file
from support.explored import saved
from support.exploring import ThreadExplorer, saved_classes, saved_styles

from ganstudio.core.explore import messages as x
from ganstudio.core.explore import recipe as r
from ganstudio.core.explore.files import RecipeError
from ganstudio.core.explore.recipe import Model, Recipe, Seed
from ganstudio.core.explore.ways import matrix, way
from ganstudio.core.runs import RunFolder
from ganstudio.engine.models import live_path
from ganstudio.engine.pictures import split_grid
from ganstudio.engine.recipes_in_files import recipe_in
from ganstudio.latent.model import opened
from ganstudio.latent.rendering import images, latent_of
from ganstudio.training import checkpoint


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return saved_classes(tmp_path_factory.mktemp("runs") / "digits")


@pytest.fixture(scope="module")
def styles(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return saved_styles(tmp_path_factory.mktemp("runs") / "styles")


SEEDS = tuple(Recipe(Seed(seed)) for seed in range(6))


def test_live_weights_are_watched_until_the_picture_is_of_a_checkpoint(explore: ThreadExplorer, run: Model):
    weights = load_file(RunFolder(run.run).checkpoint_path(3) / "weights.safetensors")
    live_path(run).parent.mkdir(exist_ok=True)
    averaged = {name: values for name, values in weights.items() if name.startswith("average.")}
    save_file(averaged, live_path(run), {"step": "3"})
    assert explore.get(x.Open, "open", x.Opened, Model(run.run, live=True)).step == 3
    assert explore.session.models.watching
    explore.whole(explore.ask(x.Render, x.PICTURE, Model(run.run, 2), SEEDS[:1]))
    assert not explore.session.models.watching


# ---------------------------------------------------------------- every request


def test_a_model_is_opened(explore: ThreadExplorer, run: Model):
    found = explore.get(x.Open, "open", x.Opened, run)
    assert found.model == run and found.step == 3 and found.steps == (1, 2, 3) and found.problems == ()
    known = found.capabilities
    assert known.shape.height == 8 and len(known.classes) == 10 and not known.styles
    assert known.groups and all(0 <= a <= b < len(known.rows) for a, b in known.groups.values())


def test_pictures_are_those_of_the_library(explore: ThreadExplorer, run: Model):
    found = explore.shown(run, *SEEDS)
    assert np.array_equal(found.images, images(opened(run), SEEDS)) and found.images.dtype == np.uint8
    assert found.step == 3 and found.scores is None and found.steps == (3,) * 6
    small = explore.shown(run, SEEDS[0], height=4)
    assert small.images.shape == (1, 4, 4, 1)
    assert explore.shown(run).images.shape == (0, 8, 8, 1)
    earlier = explore.shown(Model(run.run, 1), SEEDS[0])
    assert earlier.step == 1 and not np.array_equal(earlier.images[0], found.images[0])


def test_the_discriminators_say_is_a_probability_where_there_is_one(explore: ThreadExplorer, run: Model):
    from ganstudio.latent.rendering import render

    found = explore.shown(run, *SEEDS, scored=True).scores
    logits = np.array([made.score for made in render(opened(run), SEEDS, scored=True)])
    assert found is not None and np.allclose(found, 1 / (1 + np.exp(-logits)), atol=1e-6)


def test_points_come_as_points(explore: ThreadExplorer, tmp_path: Path):
    model = saved("points", tmp_path / "run")[1]
    found = explore.shown(model, *SEEDS).images
    assert found.shape == (6, 2) and found.dtype == np.float32
    number = explore.ask(x.Film, "film", model, SEEDS, str(tmp_path / "x.gif"))
    assert "points, not pictures" in explore.answer(number, x.CannotExplore).problem


def test_one_recipe_through_all_checkpoints(explore: ThreadExplorer, run: Model):
    found = explore.whole(explore.ask(x.Through, "through", run, SEEDS[0]))
    wanted = [images(opened(Model(run.run, step)), SEEDS[:1])[0] for step in (1, 2, 3)]
    assert np.array_equal(found.images, np.stack(wanted)) and found.steps == (1, 2, 3)


def test_a_time_lapse_goes_on_from_what_is_known_and_is_filmed_beyond_the_disk(
    explore: ThreadExplorer, tmp_path: Path
):
    trainer, model = saved("dcgan", tmp_path / "run", 1)
    first = explore.whole(explore.ask(x.Through, "lapse", model, SEEDS[0], follow=True))
    trainer.step()
    checkpoint.save(trainer, RunFolder(model.run), 1.0, keep=1)
    told = explore.wait(x.Saved, lambda report: report.steps == (2,))
    assert told.run == model.run
    more = explore.whole(explore.ask(x.Through, "lapse", model, SEEDS[0], after=1))
    assert (first.steps, more.steps) == ((1,), (2,)) and not explore.session.models.watching
    assert explore.whole(explore.ask(x.Through, "lapse", model, SEEDS[0], after=2)).total == 0
    made = ((1, first.images[0]), (2, more.images[0]))
    out = tmp_path / "frames"
    explore.get(x.Film, "film", x.Written, model, SEEDS[:1], str(out), through=True, made=made)
    for place, (step, image) in enumerate(made):
        with Image.open(out / f"{place:06d}.png") as picture:
            assert np.array_equal(np.asarray(picture)[:, :, None], image)
        assert recipe_in(out / f"{place:06d}.png").step == step


@pytest.mark.parametrize("bad", [1, 2, 3])
def test_a_damaged_checkpoint_is_left_out_and_told_by_name(explore: ThreadExplorer, tmp_path: Path, bad: int):
    trainer, model = saved("dcgan", tmp_path / "run", 1)
    for _ in range(2):
        trainer.step()
        checkpoint.save(trainer, RunFolder(model.run), 1.0)
    weights = RunFolder(model.run).checkpoint_path(bad) / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-9])
    found = explore.whole(explore.ask(x.Through, "through", model, SEEDS[0]))
    assert found.total == 2 and found.steps == tuple(s for s in (1, 2, 3) if s != bad)
    refused = explore.get(x.Open, "open", x.CannotExplore, Model(model.run, bad))
    assert f"heckpoint {bad:06d}: weights.safetensors" in refused.problem
    newest = explore.get(x.Open, "open", x.Opened, model)
    assert newest.step == (2 if bad == 3 else 3) and len(newest.problems) == (bad == 3)
    out = tmp_path / "x.gif"
    explore.get(x.Film, "film", x.Written, model, SEEDS[:1], str(out), through=True)
    with Image.open(out) as picture:
        assert picture.n_frames == 2  # type: ignore[attr-defined]


def test_directions_are_found(explore: ThreadExplorer, run: Model, styles: Model):
    found = explore.get(x.FindDirections, "directions", x.FoundDirections, run, "sefa", count=3)
    assert len(found.directions) == 3 and found.method == "sefa" and found.held_out is None
    number = explore.ask(x.FindDirections, "directions", styles, "pca", count=2, samples=4000)
    found = explore.answer(number, x.FoundDirections)
    assert [one.space for one in found.directions] == ["w", "w"]
    assert any(isinstance(report, x.Working) for report in explore.about(number))
    moved = explore.shown(styles, Recipe(moves=(r.Move(found.directions[0], 3.0),)), Recipe())
    assert not np.array_equal(*moved.images)


def test_a_direction_is_learned(explore: ThreadExplorer, run: Model):
    found = explore.get(
        x.LearnDirection, "directions", x.FoundDirections, run, "mine", SEEDS[:3], SEEDS[3:]
    )  # fmt: skip
    assert found.directions[0].name == "mine" and found.held_out is not None and 0 <= found.held_out <= 1


@pytest.mark.parametrize("colour", ["score", "class", "nearest"])
@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_a_map_is_drawn(explore: ThreadExplorer, run: Model, method: str, colour: str):
    number = explore.ask(x.MapOut, "map", run, 60, method, colour)
    explore.answer(number, x.MapPart, lambda part: part.first + len(part.seeds) == 60)
    parts = [report for report in explore.about(number) if isinstance(report, x.MapPart)]
    assert [seed for part in parts for seed in part.seeds] == list(range(60))
    at, colours = np.concatenate([part.at for part in parts]), np.concatenate([part.colour for part in parts])
    assert at.shape == (60, 2) and np.abs(at).max() <= 1 and np.isfinite(at).all()
    assert colours.shape == (60,) and np.isfinite(colours).all()
    assert colour != "score" or (colours.min() >= 0 and colours.max() <= 1)


@pytest.mark.parametrize("method", ["pca", "tsne"])
@pytest.mark.parametrize("styled", [True, False])
def test_further_latents_are_located_on_the_map(
    explore: ThreadExplorer, run: Model, styles: Model, styled: bool, method: str
):
    model = styles if styled else run
    number = explore.ask(x.MapOut, "map", model, 30, method, "class")
    explore.answer(number, x.MapPart, lambda part: part.first + len(part.seeds) == 30)
    parts = [report for report in explore.about(number) if isinstance(report, x.MapPart)]
    known = np.concatenate([part.at for part in parts])
    seeds = (Recipe(Seed(3)), Recipe(Seed(28)), Recipe(Seed(1000)))
    at = explore.get(x.Locate, "way", x.Located, model, seeds, number).at
    assert at.shape == (3, 2) and np.abs(at).max() <= 1
    assert at[:2] == pytest.approx(known[[3, 28]], abs=1e-4)
    assert method == "pca" or (known == at[2]).all(1).any()
    refused = explore.get(x.Locate, "way", x.CannotExplore, model, seeds, number - 1)
    assert "Draw it anew." in refused.remedy


@pytest.mark.parametrize("space", ["z", "w", "w+"])
def test_an_inversion_shows_how_it_goes_on(explore: ThreadExplorer, styles: Model, space: str):
    target = images(opened(styles), [Recipe(Seed(5))])[0]
    number = explore.ask(x.Invert, "invert", styles, target, space, 12, 2)
    last = explore.answer(number, x.Inverting, lambda report: report.done)
    found = [report for report in explore.about(number) if isinstance(report, x.Inverting)]
    assert found[0].step == 0 and last.step == 12 and len(found) > 1
    assert last.psnr >= found[0].psnr and np.array_equal(
        explore.shown(styles, last.recipe).images[0], last.image
    )


def test_a_layer_is_looked_into(explore: ThreadExplorer, run: Model):
    for player in ("generator", "discriminator"):
        found = explore.get(x.Inspect, "inside", x.Inspected, run, SEEDS[0], player, 1)
        assert found.maps.dtype == np.uint8 and found.maps.ndim == 3
        assert len(found.mean) == len(found.deviation) == len(found.largest) == len(found.maps)


def test_the_nearest_training_pictures(explore: ThreadExplorer, run: Model):
    number = explore.ask(x.Nearest, "nearest", run, SEEDS[0], 3)
    found = explore.answer(number, x.FoundNearest)
    assert found.images.shape == (3, 8, 8, 1) and found.usual > 0
    assert list(found.distances) == sorted(found.distances)
    again = explore.get(x.Nearest, "nearest", x.FoundNearest, run, SEEDS[0], 3)
    assert np.array_equal(again.images, found.images)
    assert list(explore.session.models.training) and len(explore.session.models.training) == 1


def test_what_depends_on_the_noise(explore: ThreadExplorer, run: Model, styles: Model):
    found = explore.get(x.NoiseMap, "noise", x.NoiseSpread, styles, SEEDS[0], 4)
    assert found.spread.shape == (8, 8) and (found.spread >= 0).all()
    assert "no noise" in explore.get(x.NoiseMap, "noise", x.CannotExplore, run, SEEDS[0]).problem


@pytest.mark.parametrize("name", ["x.gif", "x.mp4", "x.webm", "x.png", "x"])
def test_films_and_strips(explore: ThreadExplorer, run: Model, name: str, tmp_path: Path):
    film = way([Seed(1), Seed(2)], 8, Recipe(labels=((3, 1.0),)))
    written = explore.get(
        x.Film, "film", x.Written, run, film, str(tmp_path / name), record={"keys": [1, 2]}, scale=2
    )  # fmt: skip
    found = recipe_in(Path(written.path))
    assert found.recipes == film and (found.run, found.step, found.scale) == ("digits", 3, 2)
    assert found.more == ({} if name == "x" else {"keys": [1, 2]})
    if name == "x.png":
        with Image.open(written.path) as picture:
            cells = split_grid(np.asarray(picture), 8, 16, 16, columns=8)[:, ::2, ::2]
        assert np.array_equal(cells, explore.shown(run, *film).images)


def test_a_film_at_constant_speed_walks_the_same_way(explore: ThreadExplorer, run: Model, tmp_path: Path):
    film = way([Seed(1), Seed(2)], 8, Recipe(labels=((3, 1.0),)))
    explore.get(x.Film, "film", x.Written, run, film, str(tmp_path / "x.gif"), even=True)
    found = recipe_in(tmp_path / "x.gif").recipes
    times = [recipe.place.at for recipe in found]  # type: ignore[union-attr]
    assert len(found) == 8 and times == sorted(times) and times != [one.place.at for one in film]  # type: ignore[union-attr]


def test_a_matrix_is_exported(explore: ThreadExplorer, run: Model, tmp_path: Path):
    made = matrix([Seed(1), Seed(2)], [Seed(3), Seed(4)], 0, 0, Recipe(labels=((3, 1.0),)))
    out = str(tmp_path / "x.png")
    explore.get(x.Export, "export", x.Written, run, made, out, columns=3, corner=True)
    with Image.open(out) as picture:
        cells = split_grid(np.asarray(picture), 9, 8, 8, columns=3)
    assert not cells[0].any() and np.array_equal(cells[1:], explore.shown(run, *made).images)
    assert recipe_in(Path(out)).recipes == made
    wrong = explore.get(x.Export, "export", x.CannotExplore, run, made, str(tmp_path / "x.gif"))
    assert ".png" in wrong.remedy


@pytest.mark.parametrize("styled", [True, False])
def test_latents_are_written_in_numbers_and_restore_the_recipe(
    explore: ThreadExplorer, run: Model, styles: Model, tmp_path: Path, styled: bool
):
    model, out = styles if styled else run, tmp_path / "x.safetensors"
    explore.get(x.Export, "export", x.Written, model, SEEDS, str(out), record={"keys": [1]})
    tensors = load_file(out)
    wanted = np.stack([latent_of(opened(model), recipe).numpy() for recipe in SEEDS])
    assert list(tensors) == ["w" if styled else "z"]
    assert np.array_equal(next(iter(tensors.values())), wanted if styled else wanted[:, 0])
    found = recipe_in(out)
    assert found.recipes == SEEDS[:1] and found.more == {"keys": [1]} and found.kind == "picture"
    numbers = r.Numbers("w" if styled else "z", tuple(map(tuple, wanted[0].tolist())))
    seen = explore.shown(model, Recipe(SEEDS[0].place, ((0, 1.0),)), Recipe(numbers, ((0, 1.0),)))
    assert np.array_equal(*seen.images)
    out.write_bytes(out.read_bytes()[:40])
    with pytest.raises(RecipeError, match="damaged"):
        recipe_in(out)


def test_recipes_in_files_are_json_of_plain_words(explore: ThreadExplorer, run: Model, tmp_path: Path):
    out = str(tmp_path / "x.png")
    explore.get(x.Export, "export", x.Written, run, SEEDS[:1], out)
    with Image.open(out) as picture:
        table = json.loads(picture.text["ganstudio"])  # type: ignore[attr-defined]
    assert table["kind"] == "picture" and table["recipes"][0]["place"] == {"kind": "seed", "seed": 0}
    assert str(tmp_path) not in json.dumps(table)
