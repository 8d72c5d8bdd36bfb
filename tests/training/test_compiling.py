"""Compiled networks: where they are used, that they train the same, and what happens where they cannot be made.

None of this has a GPU; the compiled path is taken on the CPU by leaving the question whether it pays unasked.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
from support.tiny import IMAGES, POINTS, make_trainer, tensors_of, tiny
from torch import Tensor

from ganstudio.catalog.resolve import change, resolve
from ganstudio.catalog.stabilizers import STABILIZERS
from ganstudio.training import compiling
from ganstudio.training.compiling import Fused, obstacle

LONG: dict[str, Any] = {**IMAGES, "data": {"source": "digits", "resolution": 16}, "steps": 10_000}
AGAINST_GRADIENTS = ("r1", "r2", "gradient-penalty", "unrolling")
AGAINST_LAYERS = ("spectral-norm", "self-attention", "dropout", "minibatch-discrimination", "minibatch-std")


def test_a_long_plain_run_is_compiled_on_a_gpu_alone():
    config = tiny(LONG)
    assert obstacle(config, "cuda") == ""
    assert "GPU" in obstacle(config, "cpu") and "GPU" in obstacle(config, "mps")


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("compute.compile", "off", "switched off"),
        ("compute.deterministic", True, "bit for bit"),
        ("steps", compiling.LONG - 1, "fewer than"),
    ],
)
def test_settings_that_stand_against_it(key: str, value: object, reason: str):
    assert reason in obstacle(change(tiny(LONG), key, value), "cuda")


@pytest.mark.parametrize("name", AGAINST_GRADIENTS + AGAINST_LAYERS)
def test_penalties_on_slopes_and_changed_layers_stand_against_it(name: str):
    plain = {"discriminator": {"normalization": "none"}, "stabilizers": {name: {}}}
    assert name in obstacle(tiny(LONG, **plain), "cuda")


def test_only_rules_that_leave_layers_alone_are_let_by():
    let_by = {name for name, cls in STABILIZERS.items() if getattr(cls, "compiles", False)}
    assert not let_by & {*AGAINST_GRADIENTS, *AGAINST_LAYERS}
    assert {"label-smoothing", "instance-noise", "schedule", "weight-clip"} <= let_by


@pytest.mark.parametrize("variant", ["sagan", "biggan", "r3gan", "ebgan", "began"])
def test_networks_that_are_more_than_a_chain_are_left_alone(variant: str):
    table = {"variant": variant, "data": LONG["data"], "steps": 10_000, "stabilizers": {}}
    config = change(resolve(table), "stabilizers", {})
    assert ("chain" in obstacle(config, "cuda")) == (variant != "sagan")


def through(
    monkeypatch: pytest.MonkeyPatch, base: dict[str, Any], compiler: Callable[..., Any], **changes: Any
):
    """Two trainers after three steps: one as written, one compiled."""
    config = tiny(base, **changes)
    plain = make_trainer(config)
    monkeypatch.setattr(compiling, "obstacle", lambda config, device: "")
    monkeypatch.setattr(compiling.Passes._compile, "__defaults__", (compiler,))
    fused = make_trainer(config)
    assert fused.game.fused_generator is not None
    for trainer in (plain, fused):
        for _ in range(3):
            trainer.step()
    return plain, fused


def assert_close(found: dict[str, Tensor], wanted: dict[str, Tensor]) -> None:
    assert found.keys() == wanted.keys()
    for name, tensor in wanted.items():
        torch.testing.assert_close(
            found[name], tensor, rtol=1e-3, atol=2e-4, msg=lambda m, n=name: f"{n}: {m}"
        )


@pytest.mark.parametrize("base", [POINTS, IMAGES], ids=["points", "images"])
def test_a_compiled_run_trains_the_same(monkeypatch: pytest.MonkeyPatch, base: dict[str, Any]):
    compiler = partial(torch.compile, backend="aot_eager", fullgraph=True, dynamic=False)
    plain, fused = through(monkeypatch, base, compiler)
    assert not fused.passes.notice
    assert_close(tensors_of(fused), tensors_of(plain))
    assert torch.equal(plain.feed.batch(0, 4)[0], fused.feed.batch(0, 4)[0])


def test_labels_pass_through(monkeypatch: pytest.MonkeyPatch):
    compiler = partial(torch.compile, backend="aot_eager", fullgraph=True, dynamic=False)
    plain, fused = through(monkeypatch, IMAGES, compiler, conditioning={"by": "projection"})
    assert not fused.passes.notice
    assert_close(tensors_of(fused), tensors_of(plain))


@pytest.mark.skipif(shutil.which("g++") is None, reason="kernels for the CPU need a C++ compiler")
def test_real_kernels_train_the_same(monkeypatch: pytest.MonkeyPatch):
    plain, fused = through(monkeypatch, POINTS, compiling.fuse)
    assert not fused.passes.notice
    assert_close(tensors_of(fused), tensors_of(plain))


def broken(plain: Callable[..., Tensor]) -> Callable[..., Tensor]:
    def fail(*inputs: Tensor) -> Tensor:
        raise RuntimeError("no kernel for this card\nand more that nobody reads")

    return fail


class BadWayBack(torch.autograd.Function):
    """Goes there, and not back."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        return x.clone()

    @staticmethod
    def backward(ctx: Any, *slopes: Tensor) -> Any:
        raise RuntimeError("no kernel for the way back")


def one_way(plain: Callable[..., Tensor]) -> Callable[..., Tensor]:
    def there(*inputs: Tensor) -> Tensor:
        made = plain(*inputs)
        return BadWayBack.apply(made) if made.requires_grad else made  # type: ignore[no-any-return]

    return there


@pytest.mark.parametrize(("compiler", "words"), [(broken, "for this card)"), (one_way, "the way back)")])
def test_trouble_is_told_in_a_sentence_and_the_run_goes_on_exactly(
    monkeypatch: pytest.MonkeyPatch, compiler: Callable[..., Any], words: str
):
    plain, fused = through(monkeypatch, LONG, compiler)
    assert words in fused.passes.notice and "\n" not in fused.passes.notice
    for name, tensor in tensors_of(plain).items():
        assert torch.equal(tensors_of(fused)[name], tensor), name


def test_running_out_of_memory_is_not_taken_for_a_fault_of_the_compiler():
    def full(*inputs: Tensor) -> Tensor:
        raise torch.OutOfMemoryError("full")

    net = make_trainer(tiny(IMAGES)).game.generator
    fused = Fused(net, net.forward, lambda plain: full, lambda problem: None)
    with pytest.raises(torch.OutOfMemoryError):
        fused(torch.zeros(2, 8), None)
    assert fused.fused is not None


def test_a_live_change_that_stands_against_it_ends_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(compiling, "obstacle", lambda config, device: "no" if config.stabilizers else "")
    trainer = make_trainer(tiny(POINTS))
    assert trainer.game.fused_judge is not None
    trainer.adopt(change(trainer.config, "stabilizers", {"r1": {}}))
    assert trainer.game.fused_judge is None and trainer.game.fused_generator is None
    trainer.adopt(change(trainer.config, "stabilizers", {}))
    assert trainer.game.fused_judge is not None
