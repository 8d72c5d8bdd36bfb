"""What rules remember: k steps, save, resume and k more are 2 k steps, to the last bit."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import torch
from support.tiny import IMAGES, POINTS, assert_same_state, make_trainer, tiny, trained

from ganstudio.core.runs import RunFolder
from ganstudio.training import checkpoint

RULES: dict[str, dict[str, Any]] = {
    "label-flipping": {"label-flipping": {"probability": 0.3}},
    "replay": {"replay": {"capacity": 20}},
    "half a pool": {"replay": {"capacity": 60}},
    "packing": {"packing": {"samples": 4}},
    "unrolling": {"unrolling": {"ahead": 2}},
    "unrolled penalties": {"unrolling": {"ahead": 2}, "r1": {"every": 2}, "instance-noise": {}},
    "gradient-clipping": {"gradient-clipping": {"norm": 0.01}},
    "schedule": {"schedule": {"shape": "cosine", "length": 8, "warm_up": 3}},
    "top-k": {"top-k": {"gamma": 0.8, "every": 1}},
    "feature-matching": {"feature-matching": {"alone": True}},
}
PICTURES: dict[str, dict[str, Any]] = {
    "diffaugment": {"diffaugment": {}},
    "adaptive-augment": {"adaptive-augment": {"every": 3, "kimg": 0.05, "start": 0.5}},
    "packed and augmented": {
        "packing": {},
        "diffaugment": {},
        "adaptive-augment": {"start": 1},
        "replay": {},
    },
}


def entries() -> list[Any]:
    points = [pytest.param(POINTS, rules, id=f"points-{name}") for name, rules in RULES.items()]
    every = RULES | PICTURES
    # without the batch norm that unrolled penalties refuse; networks so small have none anyway
    plain = IMAGES | {"discriminator": {"base_channels": 4, "normalization": "none"}}
    return points + [pytest.param(plain, rules, id=f"images-{name}") for name, rules in every.items()]


@pytest.mark.parametrize(("base", "rules"), entries())
def test_a_resume_is_exact(base: dict[str, Any], rules: dict[str, Any], tmp_path: Path):
    config, run = tiny(base, stabilizers=rules), RunFolder(tmp_path)
    whole = trained(config, 5)
    checkpoint.save(whole, run, 1.0)
    again = make_trainer(config)
    checkpoint.restore(again, checkpoint.read(run.checkpoint_path(5)).state)
    for _ in range(5):
        whole.step()
        again.step()
    assert_same_state(again, whole)


@pytest.mark.parametrize(("base", "rules"), entries())
def test_half_precision_is_borne(
    base: dict[str, Any], rules: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    """The networks in bfloat16, as on a GPU: losses stay numbers, parameters and memory what they were."""
    trainer = make_trainer(tiny(base, stabilizers=rules))
    kinds = {name: tensor.dtype for name, tensor in trainer.state.items()}
    monkeypatch.setattr(trainer, "_precision", lambda: torch.autocast("cpu", dtype=torch.bfloat16))
    for _ in range(6):
        trainer.step()
    assert all(math.isfinite(value) for value in trainer.meter.read(True).values())
    assert {name: tensor.dtype for name, tensor in trainer.state.items()} == kinds
    assert all(p.dtype == torch.float32 and p.isfinite().all() for p in trainer.game.generator.parameters())
