"""From what a person wrote to the complete config."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ganstudio.catalog import resolve as module
from ganstudio.catalog.datasets import DATASETS
from ganstudio.catalog.networks import DcganGenerator, MlpGenerator
from ganstudio.catalog.optimizers import Adam, Sgd
from ganstudio.catalog.resolve import KINDS, change, data_shape, live_settings, load, merge, renamed, resolve
from ganstudio.catalog.stabilizers.penalties import R1
from ganstudio.catalog.stabilizers.targets import LabelSmoothing
from ganstudio.catalog.variants import VARIANTS
from ganstudio.core.config import dump_toml
from ganstudio.core.schema import ConfigError, settings_of, to_table, walk

DIGITS = {"variant": "dcgan", "data": {"source": "digits"}}
WITHOUT_LABELS = {"celeba", "spiral", "moons", "checkerboard", "swiss-roll"}


def test_what_is_left_out_comes_from_the_variant_then_the_data_then_the_schema():
    points = resolve({"variant": "gan", "data": {"source": "ring"}})
    assert points.latent.dimension == 16  # the variant's, for points
    assert points.batch_size == 256  # the data's advice
    assert points.steps == 3000  # the schema's default
    assert isinstance(points.generator, MlpGenerator)
    mine = resolve(
        {"variant": "gan", "data": {"source": "ring"}, "batch_size": 32, "latent": {"dimension": 2}}
    )
    assert (mine.batch_size, mine.latent.dimension) == (32, 2)


def test_a_table_of_another_kind_replaces_the_whole():
    config = resolve(
        DIGITS | {"optimizer": {"generator": {"kind": "sgd", "lr": 0.1}, "discriminator": {"lr": 0.01}}}
    )
    assert config.optimizer.generator == Sgd(lr=0.1)
    assert config.optimizer.discriminator == Adam(lr=0.01)
    assert merge({"kind": "a", "x": 1}, {"y": 2}) == {"kind": "a", "x": 1, "y": 2}
    assert merge({"t": {"kind": "a", "x": 1}}, {"t": {"kind": "b"}}) == {"t": {"kind": "b"}}


def test_merging_leaves_both_as_they_were():
    below, above = {"t": {"x": 1}}, {"t": {"y": 2}}
    merge(below, above)
    assert (below, above) == ({"t": {"x": 1}}, {"t": {"y": 2}})


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("source", DATASETS)
def test_every_variant_resolves_on_every_kind_of_data_it_names(variant, source):
    data = {"source": source} | ({"path": "pictures"} if source == "folder" else {})
    table = {"variant": variant, "data": data}
    if getattr(DATASETS[source], "data", "") not in VARIANTS[variant].data:
        with pytest.raises(ConfigError, match=f"data.source: {variant} learns"):
            resolve(table)
    elif VARIANTS[variant].conditioning.labels and source in WITHOUT_LABELS:
        with pytest.raises(ConfigError, match=f"data.source: {variant} needs labelled data"):
            resolve(table)
    else:
        assert resolve(to_table(resolve(table))) == resolve(table)


def test_faces_with_an_attribute_are_labelled_data():
    data = {"source": "celeba", "label": "Smiling"}
    assert resolve({"variant": "acgan", "data": data}).data.classes == 2


@pytest.mark.parametrize("written", [{}, {"r1": True}, {"r1": {"gamma": 5.0}}, {"r1": False}])
def test_stabilizers_are_switched_on_and_off(written):
    config = resolve(DIGITS | {"stabilizers": written})
    expected = (
        {}
        if written.get("r1", False) is False
        else {"r1": R1(gamma=5.0 if isinstance(written["r1"], dict) else 1.0)}
    )
    assert dict(config.stabilizers) == expected


@pytest.fixture
def smoothed(monkeypatch) -> str:
    """A variant whose recipe has a stabilizer."""
    variant = replace(VARIANTS["dcgan"], name="smoothed", stabilizers=(LabelSmoothing(),))
    monkeypatch.setitem(VARIANTS, "smoothed", variant)
    return "smoothed"


def test_a_recipes_stabilizer_that_was_switched_off_stays_off(smoothed, tmp_path):
    on = resolve(DIGITS | {"variant": smoothed})
    assert dict(on.stabilizers) == {"label-smoothing": LabelSmoothing()}
    off = resolve(DIGITS | {"variant": smoothed, "stabilizers": {"label-smoothing": False}})
    assert dict(off.stabilizers) == {}
    (tmp_path / "run.toml").write_text(dump_toml(off, {"run": {}}))
    assert load(tmp_path / "run.toml") == off
    assert dict(change(off, "seed", 3).stabilizers) == {}
    assert dict(change(on, "stabilizers.label-smoothing", False).stabilizers) == {}
    assert dict(change(on, "stabilizers.r1", True).stabilizers) == {
        "label-smoothing": LabelSmoothing(),
        "r1": R1(),
    }


def test_one_setting_is_changed_and_checked():
    config = resolve(DIGITS)
    assert change(config, "optimizer.generator.lr", 1e-3).optimizer.generator == Adam(lr=1e-3)
    assert change(config, "stabilizers.r1", {"gamma": 2.0}).stabilizers["r1"] == R1(gamma=2.0)
    assert change(config, "generator", {"network": "mlp"}).generator == MlpGenerator()
    assert change(config, "steps", 10) == replace(config, steps=10)
    for key, value in (
        ("steps", 0),
        ("step", 1),
        ("seed.x", 1),
        ("", 1),
        ("generator.depth", 3),
        ("variant", "x"),
    ):
        with pytest.raises(ConfigError):
            change(config, key, value)
    assert config == resolve(DIGITS)


def test_what_may_change_while_training_is_declared():
    config = resolve(DIGITS | {"stabilizers": {"r1": True}})
    live = live_settings(config)
    assert {"optimizer.generator.lr", "discriminator_steps", "stabilizers.r1.gamma"} <= set(live)
    assert not {"seed", "latent.dimension", "generator.base_channels", "data.resolution"} & set(live)


def test_shapes_follow_from_the_data():
    described = {
        name: data_shape(cls(path="x") if name == "folder" else cls()).describe()  # type: ignore[call-arg]
        for name, cls in DATASETS.items()
    }
    assert described["digits"] == "16 × 16, grey, 10 classes"
    assert described["folder"] == "32 × 32, colour"
    assert described["mixture-3"] == "1-D points"
    assert described["ring"] == "2-D points"


def test_a_network_says_what_it_cannot_build():
    assert "needs images" in DcganGenerator().refuses(data_shape(DATASETS["ring"]()))
    with pytest.raises(ConfigError, match=r"objective\.loss: smooth is trained with one of non-saturating"):
        module.check_together(resolve(DIGITS | {"objective": {"loss": "saturating"}}), replace(
            VARIANTS["dcgan"], name="smooth", objectives=("non-saturating",)
        ))  # fmt: skip


def test_renaming_changes_the_name_alone():
    assert renamed(resolve(DIGITS), "other") == resolve(DIGITS | {"name": "other"})


@pytest.mark.parametrize("registry", KINDS)
def test_every_choice_has_a_title_an_idea_and_help(registry):
    for kind, cls in KINDS[registry].items():
        assert cls.kind == kind
        assert cls.title, kind
        assert cls.idea.endswith((".", "?")), kind
        for setting in settings_of(cls):
            assert setting.option.help.endswith("."), (kind, setting.name)


def test_every_default_is_valid_and_every_setting_explained():
    for key, setting, value in walk(resolve(DIGITS)):
        assert setting.option.help.endswith((".", "`.", "Slower.")), key
        assert change(resolve(DIGITS), key, value) == resolve(DIGITS), key


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=lambda v: v.name)
def test_every_recipe_teaches(variant):
    assert variant.year >= 2014
    assert variant.paper.startswith("arXiv:")
    assert variant.group
    assert all(text.endswith(".") for text in (variant.idea, variant.watch, variant.pitfalls))
    assert set(variant.generator) == set(variant.discriminator)
    assert variant.objective.kind in (variant.objectives or (variant.objective.kind,))
