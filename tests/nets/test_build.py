"""Networks from a config: seeded by it alone, laid out for speed, registered as the catalogue says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import torch
from support.tiny import IMAGES, POINTS, assert_same_tensors, make_trainer, tiny

from ganstudio.catalog import conditioning, datasets, networks, objectives, optimizers, stabilizers
from ganstudio.conditioning import CONDITIONINGS
from ganstudio.data import LOADERS
from ganstudio.nets import DISCRIMINATORS, GENERATORS
from ganstudio.objectives import OBJECTIVES
from ganstudio.stabilizers import STABILIZERS
from ganstudio.training.build import build_discriminator, build_generator
from ganstudio.training.optimizers import OPTIMIZERS

PAIRS: dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {
    "generators": (networks.GENERATORS, GENERATORS),
    "discriminators": (networks.DISCRIMINATORS, DISCRIMINATORS),
    "conditionings": (conditioning.CONDITIONINGS, CONDITIONINGS),
    "objectives": (objectives.OBJECTIVES, OBJECTIVES),
    "optimizers": (optimizers.OPTIMIZERS, OPTIMIZERS),
    "stabilizers": (stabilizers.STABILIZERS, STABILIZERS),
    "datasets": (datasets.DATASETS, LOADERS),
}


@pytest.mark.parametrize("what", PAIRS)
def test_the_catalogue_names_what_is_registered(what: str):
    listed, registered = PAIRS[what]
    assert listed.keys() == registered.keys()
    assert all(cls.kind == name for name, cls in listed.items())


@pytest.mark.parametrize("base", [POINTS, IMAGES], ids=["points", "images"])
def test_equal_seeds_make_equal_networks(base: dict[str, Any]):
    config, other = tiny(base), tiny(base, seed=1)
    shape = make_trainer(config).feed.shape
    for build in (build_generator, build_discriminator):
        first = build(config, shape).state_dict()
        assert_same_tensors(build(config, shape).state_dict(), first)
        assert not all(torch.equal(t, first[n]) for n, t in build(other, shape).state_dict().items())


def test_the_two_players_do_not_share_their_random_numbers():
    trainer = make_trainer(tiny(IMAGES))
    first, second = (next(iter(p.net.parameters())).flatten()[:64] for p in trainer.players.values())
    assert not torch.equal(first, second)


def test_building_leaves_global_random_numbers_alone():
    config = tiny()
    torch.manual_seed(5)
    before = torch.get_rng_state()
    trainer = make_trainer(config)
    trainer.step()
    trainer.sample(range(4))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.rand(1).item() == torch.rand(1, generator=torch.Generator().manual_seed(5)).item()


def test_convolutions_lie_channels_last():
    trainer = make_trainer(tiny(IMAGES, data={"resolution": 16}))
    for net in (*(p.net for p in trainer.players.values()), trainer.average.net):
        weights = [p for p in net.parameters() if p.dim() == 4]
        assert weights and all(w.is_contiguous(memory_format=torch.channels_last) for w in weights)
    real, _ = trainer.feed.batch(0, 4)
    assert real.is_contiguous(memory_format=torch.channels_last)
    assert (
        trainer.players["generator"].net(torch.randn(2, 8)).is_contiguous(memory_format=torch.channels_last)
    )
