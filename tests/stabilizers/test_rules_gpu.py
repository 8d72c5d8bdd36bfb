"""Rules on a GPU: none makes a step wait, all resume exactly with deterministic kernels, all bear half precision."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from support.tiny import IMAGES, assert_same_state, make_trainer, never_waiting, tiny

from ganstudio.training.checkpoint import restore, snapshot

RULES: dict[str, dict[str, Any]] = {
    "label-flipping": {"probability": 0.3},
    "diffaugment": {},
    "adaptive-augment": {"start": 0.5, "every": 2},
    "replay": {"capacity": 12},
    "packing": {},
    "feature-matching": {},
    "unrolling": {"ahead": 2},
    "gradient-clipping": {},
    "schedule": {},
    "balance": {"high": 0.5, "low": 0.5},
    "top-k": {"every": 1},
}
EACH = pytest.mark.parametrize("kind", RULES)


@pytest.mark.gpu
@EACH
def test_no_rule_makes_a_step_wait(kind: str):
    config = tiny(IMAGES, compute={"device": "cuda"}, stabilizers={kind: RULES[kind]})
    trainer = make_trainer(config, "cuda")
    for _ in range(8):
        trainer.step()  # lazy initialisation may wait
    trainer.measure = True
    with never_waiting():
        for _ in range(8):
            trainer.step()
    assert all(value == value for value in trainer.meter.read(True).values())


@pytest.mark.gpu
@EACH
def test_a_resume_is_exact(kind: str):
    config = tiny(
        IMAGES, compute={"device": "cuda", "deterministic": True}, stabilizers={kind: RULES[kind], "r1": {}}
    )
    torch.use_deterministic_algorithms(True)
    try:
        whole, again = make_trainer(config, "cuda"), make_trainer(config, "cuda")
        for _ in range(8):
            whole.step()
        restore(again, snapshot(whole, copy=True))
        for _ in range(8):
            whole.step()
            again.step()
        assert_same_state(again, whole)
    finally:
        torch.use_deterministic_algorithms(False)


@pytest.mark.gpu
@EACH
def test_half_precision(kind: str):
    config = tiny(IMAGES, compute={"device": "cuda", "precision": "bf16"}, stabilizers={kind: RULES[kind]})
    trainer = make_trainer(config, "cuda")
    trainer.measure = True
    for _ in range(8):
        trainer.step()
    assert all(value == value for value in trainer.meter.read(True).values())
