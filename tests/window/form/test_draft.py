"""What a person chose, what follows from it, and what is wrong with it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from support.plain import PLAIN

from ganstudio.catalog.datasets import DATASETS
from ganstudio.catalog.presets import load_spec, presets
from ganstudio.catalog.stabilizers.penalties import R1
from ganstudio.catalog.variants import VARIANTS
from ganstudio.core.schema import settings_of
from ganstudio.window.form.draft import DATA_KIND, Draft, differences, draft_of, examine, learns, lookup
from ganstudio.window.form.presets import draft_of_preset

DIGITS = draft_of(PLAIN)


def test_a_draft_holds_only_what_differs_and_stands_for_the_whole_config():
    for name in presets():
        draft = draft_of_preset(name)
        if draft.source != "folder":
            assert examine(draft).config == load_spec(name)
        assert draft_of(examine(draft).config) == draft
    assert DIGITS.get("generator.base_channels") == 32
    assert DIGITS.get("batch_size") is None, "64 is what the schema gives anyway"


def test_choosing_what_is_there_anyway_changes_nothing():
    assert DIGITS.set("batch_size", 64) == DIGITS
    assert DIGITS.set("batch_size", 65).set("batch_size", 64) == DIGITS
    assert DIGITS.set("batch_size", 65).reset("batch_size") == DIGITS


def test_a_value_that_cannot_be_used_is_kept_and_explained():
    found = examine(DIGITS.set("batch_size", -3).set("optimizer.generator.lr", 11.0))
    assert set(found.problems) == {"batch_size", "optimizer.generator.lr"}
    assert "at least 1" in found.problems["batch_size"]
    assert found.config == examine(DIGITS).config, "the rest goes on without them"


def test_data_that_the_variant_cannot_learn_brings_another_variant():
    ring = DIGITS.with_source("ring")
    assert (ring.variant, ring.source) == ("gan", "ring")
    assert examine(ring).sound
    assert examine(ring).config.name == "ring-gan", "a preset's name does not stick to other data"
    back = ring.with_variant("dcgan")
    assert back.source == "digits" and examine(back).sound


def test_a_name_of_ones_own_is_kept():
    assert DIGITS.set("name", "for Anna").with_source("ring").get("name") == "for Anna"


def test_a_folder_that_is_not_chosen_yet_is_asked_for():
    assert "choose a folder" in examine(DIGITS.with_source("folder")).problems["data.path"]
    assert examine(DIGITS.with_source("folder", "/pictures")).sound
    assert "data.path" in examine(draft_of_preset("folder-dcgan")).problems


def test_a_stabilizer_is_a_switch_with_settings_below():
    on = DIGITS.switch("r1", True)
    assert "r1" in examine(on).config.stabilizers
    stronger = on.set("stabilizers.r1.gamma", 5.0)
    assert examine(stronger).config.stabilizers["r1"].gamma == 5.0
    assert stronger.reset("stabilizers.r1.gamma") == on, "putting a strength back leaves it on"
    assert on.switch("r1", False) == DIGITS


def test_another_kind_brings_its_own_settings_and_can_be_put_back():
    sgd = DIGITS.set("optimizer.generator.lr", 0.3).with_kind("optimizer.generator", "kind", "sgd")
    assert lookup(examine(sgd).config, "optimizer.generator.kind") == "sgd"
    assert lookup(examine(sgd).config, "optimizer.generator.momentum") == 0.0
    assert sgd.reset("optimizer.generator") == DIGITS


def test_differences_name_the_settings_that_count():
    assert differences(DIGITS, DIGITS.set("seed", 3)) == {"seed": 3}
    on = DIGITS.switch("r1", True)
    assert differences(DIGITS, on) == {"stabilizers.r1": {s.name: s.default for s in settings_of(R1)}}
    assert differences(on, on.set("stabilizers.r1.gamma", 2.0)) == {"stabilizers.r1.gamma": 2.0}
    assert differences(on, DIGITS) == {"stabilizers.r1": False}


def test_a_draft_nobody_could_have_typed_still_gives_a_form():
    for table in (
        {"variant": "dcgan", "data": {"source": "ring"}},
        {"variant": "nonsense", "data": {"source": "digits"}},
        {"variant": "gan", "data": {"source": "digits"}, "generator": 5, "unknown": 1},
        {"variant": "dcgan", "data": {"source": "folder", "path": "/x", "resolution": 17}},
    ):
        found = examine(Draft(table))
        assert found.problems and found.config.variant in VARIANTS


KEYS = st.sampled_from(
    ["steps", "batch_size", "seed", "optimizer.generator.lr", "latent.dimension", "samples.every"]
)


@given(
    st.lists(
        st.tuples(KEYS, st.one_of(st.integers(-5, 10**6), st.floats(allow_nan=True), st.text(max_size=5)))
    )
)
def test_any_edits_can_be_examined_and_put_back(edits):
    draft = DIGITS
    for key, value in edits:
        draft = draft.set(key, value)
        examine(draft)
    for key in {key for key, _ in edits}:
        draft = draft.reset(key)
    base = DIGITS
    for key in {key for key, _ in edits}:
        base = base.reset(key)
    assert draft == base


def test_every_variant_and_source_pair_resolves():
    for variant in VARIANTS:
        for source in DATASETS:
            draft = DIGITS.with_variant(variant).with_source(source, "/x" if source == "folder" else "")
            found = examine(draft)
            assert found.sound is learns(draft.variant, draft.source)
            assert found.sound or "needs labelled data" in found.problems["data.source"]
            assert DATA_KIND[draft.source] in VARIANTS[draft.variant].data


def test_a_variant_that_needs_labels_brings_data_that_has_them():
    needy = next(name for name, variant in VARIANTS.items() if getattr(variant.conditioning, "labels", False))
    unlabelled = next(
        name
        for name in DATASETS
        if DATA_KIND[name] == "image" and learns("dcgan", name) and not learns(needy, name)
    )
    draft = DIGITS.with_source(unlabelled).with_variant(needy)
    assert learns(needy, draft.source) and examine(draft).sound
    assert DIGITS.with_variant(needy).source == "digits", "labelled data stays"


def test_a_recipe_that_does_not_go_with_a_choice_stays_in_the_form_with_the_reason():
    energy = DIGITS.with_kind("objective", "loss", "energy-margin").with_variant("gan")
    wrong = energy.with_kind("discriminator", "network", "autoencoder").set("seed", 5)
    found = examine(wrong)
    assert set(found.problems) == {"objective.loss"}
    assert found.config.seed == 5 and found.config.data.kind == "digits", "only what is wrong is set aside"
