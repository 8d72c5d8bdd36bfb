"""What all rendered sources promise: by the seed alone, in range, at every size, labelled and told in words."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from typing import Any

import pytest
import torch
from support.tiny import IMAGES, make_trainer, never_waiting, tiny
from torch.nn import functional

from ganstudio.catalog.datasets import DATASETS
from ganstudio.catalog.rendered import (
    CHARACTERS,
    FACE_LABELS,
    RENDERED,
    Faces,
    Glyphs,
    Rendered,
    Shapes,
    StackedDigits,
)
from ganstudio.core.schema import settings_of
from ganstudio.data import RenderedFeed, RenderedSource, load, make_feed
from ganstudio.data.rendered import source as source_module
from ganstudio.data.rendered.factors import CATEGORICAL, Factor, Values, categorical, continuous

CHOICES: dict[str, Any] = {
    "shapes": Shapes(),
    "shapes, grey": Shapes(channels=1),
    "shapes, simple": Shapes(simple=True),
    "digits": Glyphs(),
    "letters, coloured": Glyphs(set="letters", channels=3),
    "characters, simple": Glyphs(set="both", simple=True),
    "faces": Faces(resolution=32),
    "faces, grey": Faces(resolution=32, channels=1, label="expression"),
    "faces, simple": Faces(resolution=32, simple=True, label="glasses"),
    "stacked digits": StackedDigits(),
}


def source(options: Any) -> RenderedSource:
    found = load(options)
    assert isinstance(found, RenderedSource)
    return found


def drawn(found: RenderedSource, count: int, seed: int = 0) -> Values:
    return found.draw(count, torch.Generator().manual_seed(seed))


def feed(options: Any, seed: int = 0) -> RenderedFeed:
    made = make_feed(load(options), "cpu", seed)
    assert isinstance(made, RenderedFeed)
    return made


each = pytest.mark.parametrize("options", CHOICES.values(), ids=CHOICES.keys())
each_kind = pytest.mark.parametrize("cls", RENDERED, ids=lambda cls: cls.kind)


@each
def test_pictures_have_the_shape_the_type_and_the_range_they_declare(options: Any):
    found = source(options)
    pictures = found.render(drawn(found, 24))
    assert pictures.dtype == torch.float32
    assert pictures.shape == (24, *found.shape.size) == (24, options.channels, 32, 32)
    assert -1 <= pictures.min() < -0.2 and 0.5 < pictures.max() <= 1
    assert pictures.flatten(1).unique(dim=0).shape[0] == 24


@each
def test_labels_are_the_classes_that_the_settings_promise(options: Any):
    found = source(options)
    values = drawn(found, 6000)
    labels = found.labels(values)
    assert labels.dtype == torch.int64 and labels.shape == (6000,)
    assert options.classes == len(found.class_names) == found.shape.classes
    assert labels.min() >= 0 and labels.max() < found.shape.classes
    if options.kind != "stacked-digits" and options != CHOICES["faces, simple"]:
        assert labels.unique().tolist() == list(range(found.shape.classes))


@each
def test_a_batch_depends_on_seed_and_position_alone(options: Any):
    first, second = feed(options, 3), feed(options, 3)
    first.batch(999, 5)
    first.random_labels(7, torch.Generator())
    torch.manual_seed(1)
    pictures, labels = first.batch(640, 6)
    torch.manual_seed(2)
    again, again_labels = second.batch(640, 6)
    assert labels is not None and again_labels is not None
    assert torch.equal(pictures, again) and torch.equal(labels, again_labels)
    assert pictures.is_contiguous(memory_format=torch.channels_last)
    assert not torch.equal(pictures, first.batch(646, 6)[0])
    assert not torch.equal(pictures, feed(options, 4).batch(640, 6)[0])


@each
def test_drawing_touches_no_global_generator(options: Any):
    made = feed(options)
    torch.manual_seed(0)
    before = torch.get_rng_state()
    made.batch(0, 3)
    made.random_labels(4, torch.Generator())
    assert torch.equal(torch.get_rng_state(), before)


@each
def test_the_feed_tells_the_factors_of_its_batches(options: Any):
    made = feed(options)
    pictures, labels = made.batch(128, 5)
    values = made.factors(128, 5)
    assert labels is not None
    assert torch.equal(made.source.labels(values), labels)
    assert torch.equal(made.source.render(values), pictures)
    assert made.captions(128, 5) == made.source.captions(values)


@each
def test_random_labels_are_as_frequent_as_those_of_batches(options: Any):
    made = feed(options)
    values = drawn(made.source, 20_000, 5)
    found = made.random_labels(20_000, torch.Generator().manual_seed(1))
    assert found is not None and found.dtype == torch.int64 and found.shape == (20_000,)
    shares = [
        labels.bincount(minlength=made.shape.classes) / 20_000
        for labels in (found, made.source.labels(values))
    ]
    assert (shares[0] - shares[1]).abs().max() < 0.02
    assert torch.equal(found, made.random_labels(20_000, torch.Generator().manual_seed(1)))


@each
def test_values_stay_where_their_factors_say(options: Any):
    found = source(options)
    values = drawn(found, 4000)
    assert list(values) == [factor.name for factor in found.factors]
    for factor in found.factors:
        value = values[factor.name]
        assert value.shape == (4000,)
        if factor.kind == CATEGORICAL:
            assert value.dtype == torch.int64
            shares = value.bincount(minlength=len(factor.choices)) / 4000
            assert shares.tolist() == pytest.approx(factor.weights, abs=0.04)
        else:
            assert value.dtype == torch.float32
            assert factor.low <= value.min() and value.max() <= factor.high
            middle, spread = (factor.low + factor.high) / 2, factor.high - factor.low
            assert value.mean().item() == pytest.approx(middle, abs=0.03 * spread + 1e-6)
            assert value.std().item() == pytest.approx(spread / math.sqrt(12), rel=0.05, abs=1e-6)


@each
def test_every_factor_that_varies_changes_the_picture(options: Any):
    found = source(options)
    values = drawn(found, 64, 8)
    before = found.render(values)
    other = drawn(found, 64, 9)
    for factor in found.factors:
        after = found.render(values | {factor.name: other[factor.name]})
        changed = ((after - before).abs().amax(dim=(1, 2, 3)) > 0.004).float().mean().item()
        unchanged = factor.kind == CATEGORICAL and (values[factor.name] == other[factor.name])
        if not factor.varies:
            assert changed == 0, factor.name
        elif factor.name == "hand":  # only a shaky hand shows it
            shaky = values["style"] == found.factor("style").choices.index("shaky")
            assert changed == pytest.approx(shaky.float().mean().item())
        else:
            assert changed > 0.15, factor.name
        if isinstance(unchanged, torch.Tensor) and unchanged.any():
            assert torch.equal(after[unchanged], before[unchanged])


@each
def test_a_sample_does_not_depend_on_those_beside_it(options: Any):
    found = source(options)
    values = drawn(found, 9)
    alone = [found.render({name: value[k : k + 1] for name, value in values.items()}) for k in range(9)]
    assert torch.allclose(torch.cat(alone), found.render(values), atol=1e-5)


def test_parts_make_the_whole(monkeypatch: pytest.MonkeyPatch):
    found = source(Faces(resolution=32))
    values = drawn(found, 7)
    whole = found.render(values)
    monkeypatch.setattr(source_module, "PLANE_ON_CPU", 3 * 32 * 32)
    assert torch.allclose(found.render(values), whole, atol=1e-5)


@each
def test_no_samples_are_no_pictures(options: Any):
    found = source(options)
    values = drawn(found, 0)
    assert found.render(values).shape == (0, *found.shape.size)
    assert found.captions(values) == [] and found.labels(values).shape == (0,)


@each_kind
def test_a_finer_picture_averages_to_the_coarser_one(cls: type[Rendered]):
    coarse, fine = (source(cls(resolution=size)) for size in (32, 64))  # type: ignore[call-arg]
    values = drawn(coarse, 48)
    difference = (functional.avg_pool2d(fine.render(values), 2) - coarse.render(values)).abs()
    assert difference.mean() < 0.008  # of a range of 2
    assert difference.quantile(0.99) < 0.15


@each_kind
@pytest.mark.parametrize("resolution", [16, 128])
def test_other_sizes_show_the_same(cls: type[Rendered], resolution: int):
    """Reduced to 16 px they agree, so that no feature is measured in pixels."""
    wanted, other = (source(cls(resolution=size)) for size in (64, resolution))  # type: ignore[call-arg]
    values = drawn(wanted, 24)
    small = [functional.adaptive_avg_pool2d(found.render(values), 16) for found in (wanted, other)]
    assert (small[0] - small[1]).abs().mean() < 0.025


def test_the_largest_size_can_be_drawn():
    for cls in RENDERED:
        found = source(cls(resolution=1024))
        pictures = found.render(drawn(found, 1))
        assert pictures.shape[-2:] == (1024, 1024) and torch.isfinite(pictures).all()


@each
def test_a_caption_is_one_plain_sentence_for_each_sample(options: Any):
    found = source(options)
    captions = found.captions(drawn(found, 200))
    assert len(captions) == 200
    assert len(set(captions)) > 60
    for caption in captions:
        assert caption.isascii() and caption.isprintable() and caption == caption.strip()
        assert caption.split()[0] in ("a", "an") and "  " not in caption and "none" not in caption.split()


@each
def test_extremes_of_all_numbers_together_are_drawn_whole(options: Any):
    found = source(options)
    numbers = [factor for factor in found.factors if factor.kind != CATEGORICAL]
    values = drawn(found, 64)
    pick = torch.rand(64, len(numbers), generator=torch.Generator().manual_seed(0)) < 0.5
    for k, factor in enumerate(numbers):
        values[factor.name] = torch.where(pick[:, k], float(factor.low), float(factor.high))
    pictures = found.render(values)
    assert torch.isfinite(pictures).all() and pictures.abs().max() <= 1


def test_a_source_can_be_trained_on_and_resumes_with_the_same_batches():
    config = tiny(IMAGES, data={"source": "shapes", "resolution": 16})
    trainer = make_trainer(config)
    for _ in range(2):
        trainer.step()
    assert torch.isfinite(trainer.sample(range(2))).all()
    assert trainer.feed.shape.classes == 8
    assert "known factors" in load(config.data).summary


def test_another_process_draws_the_same_pictures():
    code = (
        "import hashlib, json, torch; torch.set_num_threads(1)\n"
        "from ganstudio.catalog.rendered import RENDERED\n"
        "from ganstudio.data import load, make_feed\n"
        "feeds = [make_feed(load(cls(resolution=32)), 'cpu', 7) for cls in RENDERED]\n"
        "bytes_ = [feed.to_display(feed.batch(64, 4)[0]).contiguous().numpy().tobytes() for feed in feeds]\n"
        "print(json.dumps([hashlib.sha256(b).hexdigest() for b in bytes_]))"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=100, check=True)
        for _ in range(2)
    ]
    assert json.loads(runs[0].stdout) == json.loads(runs[1].stdout)
    assert len(set(json.loads(runs[0].stdout))) == len(RENDERED)


@each_kind
def test_shown_pictures_go_back_to_what_networks_see(cls: type[Rendered]):
    made = feed(cls(resolution=32))  # type: ignore[call-arg]
    pictures, _ = made.batch(0, 4)
    shown = made.to_display(pictures)
    assert shown.dtype == torch.uint8
    assert (made.from_display(shown) - pictures).abs().max() <= 1 / 255 + 1e-6


@each_kind
def test_the_catalogue_offers_all_sizes_and_counts_the_classes(cls: type[Rendered]):
    assert DATASETS[cls.kind] is cls
    resolution = next(setting for setting in settings_of(cls) if setting.name == "resolution")
    assert resolution.option.choices == (16, 32, 64, 128, 256, 512, 1024)


def test_classes_follow_the_settings():
    assert [Glyphs(set=name).classes for name in CHARACTERS] == [10, 26, 36]
    assert {Faces(label=name).classes for name in FACE_LABELS} == {8, 5, 7, 4}
    assert Shapes().classes == 8 and StackedDigits().classes == 1000


def test_the_faces_have_as_many_factors_as_their_card_says():
    varying = sum(factor.varies for factor in source(Faces()).factors)
    assert f"{varying} known factors" in Faces.idea


@pytest.mark.parametrize("weights", [(0.5,), (0.5, 0.4), (1.0, 0.0), (1.2, -0.2)])
def test_weights_that_are_no_distribution_are_refused(weights: tuple[float, ...]):
    with pytest.raises(ValueError, match="every choice needs a weight"):
        categorical("kind", ("a", "b"), weights)


def test_a_range_upside_down_is_refused():
    with pytest.raises(ValueError, match="2 is not below 1"):
        continuous("size", 2, 1)


def test_a_weighted_choice_never_leads_past_the_last_one():
    factor = Factor("third", CATEGORICAL, ("a", "b", "c"), (1 / 3, 1 / 3, 1 / 3))
    assert factor.sample(200_000, torch.Generator().manual_seed(0)).max() == 2
    assert not categorical("single", ("a",)).varies and not continuous("same", 1, 1).varies


@pytest.mark.gpu
class TestOnGpu:
    @each
    def test_pictures_are_those_of_the_cpu(self, options: Any):
        found = source(options)
        values = drawn(found, 16)
        there = found.render({name: value.cuda() for name, value in values.items()})
        assert (there.cpu() - found.render(values)).abs().mean() < 1e-3

    @each
    def test_no_batch_waits_for_the_device(self, options: Any):
        made = make_feed(load(options), "cuda", 0)
        made.batch(0, 8)  # sends the constants
        with never_waiting():
            pictures, _ = made.batch(8, 8)
        assert pictures.device.type == "cuda"
