"""Plans of sweeps: every combination once, and one sentence for what cannot be."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.catalog.resolve import resolve
from ganstudio.catalog.sweeping import MOST_RUNS, Axis, axis_of, known_keys, plan
from ganstudio.core.schema import ConfigError

RING = {"name": "toy", "variant": "gan", "data": {"source": "ring"}, "generator": {"width": 8}}
DIGITS = {
    "variant": "dcgan",
    "data": {"source": "digits", "resolution": 16},
    "stabilizers": {"r1": {"gamma": 3.0}},
}
RATE = "optimizer.generator.lr"


def planned(table, *axes, seeds=(), name=""):
    config = resolve(table)
    return plan(table, [axis_of(config, key, text) for key, text in axes], seeds, name)


def test_every_combination_with_every_seed_in_order():
    found = planned(RING, (RATE, "1e-4, 1e-3"), ("batch_size", "8, 16"), seeds=(0, 1), name="rates")
    assert [run.label for run in found.runs[:3]] == [
        "generator.lr=1e-4 batch_size=8 seed=0",
        "generator.lr=1e-4 batch_size=8 seed=1",
        "generator.lr=1e-4 batch_size=16 seed=0",
    ]
    assert len(found.runs) == 8
    assert found.name == "rates"
    first = found.runs[0].config
    assert first.name == "toy generator.lr=1e-4 batch_size=8 seed=0"
    assert (first.optimizer.generator.lr, first.batch_size, first.seed) == (1e-4, 8, 0)
    assert first.generator.width == 8  # what was written stays
    assert found.steps == 8 * first.steps


def test_seeds_alone_are_a_sweep():
    found = planned(RING, seeds=(3, 4))
    assert [run.config.seed for run in found.runs] == [3, 4]
    assert [run.label for run in found.runs] == ["seed=3", "seed=4"]


def test_another_variant_brings_its_recipe_and_keeps_what_was_written():
    found = planned(RING, ("variant", "gan, wgan-gp, lsgan"))
    assert [run.config.variant for run in found.runs] == ["gan", "wgan-gp", "lsgan"]
    recipe = resolve(
        {"variant": "wgan-gp", "data": {"source": "ring"}, "generator": {"width": 8}, "name": ""}
    )
    assert replace(found.runs[1].config, name="") == recipe


def test_another_kind_of_optimizer_begins_anew():
    table = RING | {"optimizer": {"generator": {"kind": "adam", "betas": [0.1, 0.9]}}}
    found = planned(table, ("optimizer.generator.kind", "adam, sgd"))
    assert found.runs[0].config.optimizer.generator.betas == (0.1, 0.9)
    assert found.runs[1].config.optimizer.generator.kind == "sgd"


def test_a_stabilizer_is_switched_with_the_settings_it_has():
    found = planned(DIGITS, ("stabilizers.r1", "on, off"))
    on, off = (run.config.stabilizers for run in found.runs)
    assert on["r1"].gamma == 3.0
    assert "r1" not in off
    assert [run.label for run in found.runs] == ["r1=on", "r1=off"]
    found = planned(DIGITS | {"stabilizers": {"r1": True}}, ("stabilizers.r1.gamma", "1, 5"))
    assert [run.config.stabilizers["r1"].gamma for run in found.runs] == [1, 5]


@pytest.mark.parametrize(
    ("axes", "seeds", "key", "says"),
    [
        ([(RATE, "1e-4, many")], (), RATE, "'many' is not a number"),
        ([(RATE, "1e-4, 0.0001")], (), RATE, "has the value 1e-4 twice"),
        ([(RATE, "1e-4"), (RATE, "1e-3")], (), RATE, "is there twice"),
        ([("seed", "0, 1")], (2,), "seed", "is there twice"),
        ([("optimizer.generator.lrr", "1")], (), "optimizer.generator.lrr", "did you mean 'lr'?"),
        ([("nonsense", "1")], (), "nonsense", "no such setting"),
        ([("batch_size.deep", "1")], (), "batch_size", ""),
        ([("batch_size", "1..40"), ("latent.dimension", "1..40")], (), "latent.dimension", "1,600 runs"),
        ([("name", "a, b")], (), "name", "named after"),
        ([("", "1")], (), "a setting", "needs a key"),
        ([], (1, 1), "seed", "has the value 1 twice"),
        ([("variant", "gan, biggan")], (), "data.source", "biggan learns pictures"),
    ],
)
def test_what_cannot_be_is_one_sentence_that_names_the_key(axes, seeds, key, says):
    with pytest.raises(ConfigError) as caught:
        planned(RING, *axes, seeds=seeds)
    assert caught.value.key == key
    assert says in caught.value.problem
    assert "\n" not in str(caught.value)


def test_values_that_do_not_go_together_name_the_run():
    with pytest.raises(ConfigError) as caught:
        planned(DIGITS, ("compute.precision", "fp32, bf16"), ("compute.device", "auto, cpu"))
    assert caught.value.key == "compute.precision"
    assert caught.value.problem.endswith("(in the run precision=bf16 device=cpu)")


def test_two_ways_to_write_one_run_are_refused():
    with pytest.raises(ConfigError) as caught:
        planned(RING, ("batch_size", "64, 64.0"))
    assert caught.value.key == "batch_size"


@given(
    st.lists(st.integers(1, 500), min_size=1, max_size=6, unique=True),
    st.lists(st.integers(0, 2**63 - 1), max_size=4, unique=True),
    st.lists(st.integers(1, 64), min_size=1, max_size=4, unique=True),
)
def test_a_plan_is_the_product_of_its_axes(batches, seeds, dimensions):
    axes = [Axis("batch_size", tuple(batches)), Axis("latent.dimension", tuple(dimensions))]
    found = plan(RING, axes, seeds)
    assert len(found.runs) == len(batches) * len(dimensions) * max(len(seeds), 1) <= MOST_RUNS
    assert len({run.config.name for run in found.runs}) == len(found.runs)
    assert {(r.config.batch_size, r.config.latent.dimension) for r in found.runs} == {
        (b, d) for b in batches for d in dimensions
    }


def test_known_keys_are_those_that_can_be_set():
    config = resolve(DIGITS)
    keys = known_keys(config)
    assert {"generator.network", "optimizer.generator.kind", "objective.loss", "data.source", RATE} <= set(
        keys
    )
    assert len(keys) == len(set(keys))
