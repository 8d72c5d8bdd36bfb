"""The facts of a diagnosis, for every variant."""

from __future__ import annotations

import pytest

from ganstudio.catalog.diagnosing import facts_of
from ganstudio.catalog.resolve import change, resolve
from ganstudio.catalog.variants import VARIANTS
from ganstudio.core.config import RunConfig

SOURCES = {"points": {"source": "ring"}, "image": {"source": "digits", "resolution": 8}}


def config_of(variant: str, **more: object) -> RunConfig:
    return resolve({"variant": variant, "data": SOURCES[VARIANTS[variant].data[0]]} | more)


@pytest.mark.parametrize("variant", list(VARIANTS))
def test_what_is_said_to_be_ready_can_be_switched_on(variant: str):
    config = config_of(variant)
    facts = facts_of(config, 7)
    assert facts.finite == 7 and facts.rate("generator") > 0 and facts.rate("discriminator") > 0
    assert facts.settings["batch_size"] == config.batch_size
    for kind, title in facts.ready.items():
        assert kind not in config.stabilizers and title
        assert kind in change(config, f"stabilizers.{kind}", True).stabilizers


def test_what_a_loss_at_equilibrium_means():
    assert facts_of(config_of("dcgan")).guessing == pytest.approx(1.386, abs=1e-3)
    assert facts_of(config_of("hinge")).guessing == 2.0
    for variant in ("wgan-gp", "began", "ebgan"):
        facts = facts_of(config_of(variant))
        assert facts.guessing is None and not facts.sided, variant


def test_classes_and_switches():
    assert facts_of(config_of("cgan")).conditional and not facts_of(config_of("gan")).conditional
    assert "r1" not in facts_of(config_of("gan", stabilizers={"r1": {}})).ready
    assert "packing" not in facts_of(config_of("gan")).ready, "it changes the networks"


def test_what_would_break_the_run_is_not_ready():
    plain = {"variant": "dcgan", "data": {"source": "digits", "resolution": 16}}
    assert "unrolling" in facts_of(resolve(plain)).ready
    assert "unrolling" not in facts_of(resolve(plain | {"stabilizers": {"r1": {}}})).ready


def test_an_energy_is_given_longer_to_begin():
    assert facts_of(config_of("ebgan")).begins > facts_of(config_of("dcgan")).begins
