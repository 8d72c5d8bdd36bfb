"""Packs: how they lie, what the discriminator becomes, what is refused."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from support.rounds import place
from support.tiny import IMAGES, POINTS, make_trainer, tiny, trained

from ganstudio.catalog.resolve import change, resolve
from ganstudio.catalog.stabilizers.inputs import Packing as Settings
from ganstudio.core.schema import ConfigError
from ganstudio.core.shapes import DataShape
from ganstudio.stabilizers.packing import Packing


def packing(samples: int) -> Packing:
    return Packing(Settings(samples=samples), place())


def test_neighbours_lie_side_by_side():
    points = torch.arange(12.0).reshape(6, 2)
    assert packing(3).arrange(points).tolist() == [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]]
    pictures = torch.randn(4, 3, 5, 7)
    packs = packing(2).arrange(pictures)
    assert packs.shape == (2, 6, 5, 7)
    for pack in range(2):
        assert torch.equal(packs[pack, :3], pictures[2 * pack])
        assert torch.equal(packs[pack, 3:], pictures[2 * pack + 1])
    assert packing(3).discriminator_shape(DataShape("image", 3, 8, 8)) == DataShape("image", 9, 8, 8)


@pytest.mark.parametrize("base", [POINTS, IMAGES], ids=["points", "images"])
@pytest.mark.parametrize("samples", [2, 3, 4])
def test_only_the_discriminators_first_layer_grows(base: dict[str, Any], samples: int):
    changes: dict[str, Any] = {"batch_size": 12, "stabilizers": {"packing": {"samples": samples}}}
    plain, packed = make_trainer(tiny(base)), trained(tiny(base, **changes), 2)
    shapes = [
        {n: tuple(p.shape) for n, p in trainer.players["discriminator"].net.named_parameters()}
        for trainer in (plain, packed)
    ]
    different = [name for name in shapes[0] if shapes[0][name] != shapes[1][name]]
    assert different == ["layers.0.weight"]
    assert shapes[1]["layers.0.weight"][1] == samples * shapes[0]["layers.0.weight"][1]
    latest = packed.meter.latest_logits("fake")
    assert latest is not None and len(latest) == 12 // samples
    assert packed.images == 24  # an update sees as many images as without


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"batch_size": 9}, "batch_size 9 cannot be divided into packs of 2"),
        ({"generator_batch": 5}, "generator_batch 5 cannot be divided"),
        ({"conditioning": {"by": "concatenation"}}, "unconditionally"),
        ({"conditioning": {"by": "crowd"}}, "unconditionally"),
        ({"conditioning": {"by": "codes"}, "latent": {"continuous": 1}}, "unconditionally"),
    ],
)
def test_what_cannot_be_packed_is_refused(changes: dict[str, Any], problem: str):
    with pytest.raises(ConfigError, match=problem):
        tiny(stabilizers={"packing": {}}, **changes)


def test_the_batch_cannot_be_made_indivisible_on_the_way():
    config = resolve({"variant": "pacgan", "data": {"source": "ring"}})
    assert change(config, "batch_size", 100).batch_size == 100
    with pytest.raises(ConfigError, match="packs of 2"):
        change(config, "batch_size", 101)
