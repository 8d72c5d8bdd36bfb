"""The loop over phases: what moves, what is counted, what looking leaves alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import torch
from support.tiny import (
    IMAGES,
    POINTS,
    assert_same_state,
    assert_same_tensors,
    make_trainer,
    never_waiting,
    tensors_of,
    tiny,
    trained,
)
from torch import Tensor

from ganstudio.catalog.resolve import change
from ganstudio.training.checkpoint import restore, snapshot
from ganstudio.training.phases import Phase
from ganstudio.training.trainer import Trainer

BOTH = pytest.mark.parametrize("base", [POINTS, IMAGES], ids=["points", "images"])


def part(trainer: Trainer, prefix: str) -> dict[str, Tensor]:
    return {n: t for n, t in tensors_of(trainer).items() if n.startswith((prefix, f"optimizer {prefix}"))}


def parameters(trainer: Trainer, player: str) -> dict[str, Tensor]:
    return {n: p.detach().clone() for n, p in trainer.players[player].net.named_parameters()}


@BOTH
def test_a_generator_phase_leaves_the_discriminators_parameters_alone(base: dict[str, object]):
    trainer = trained(tiny(base), 2)
    before, mine = parameters(trainer, "discriminator"), parameters(trainer, "generator")
    optimizer = {n: t for n, t in part(trainer, "discriminator").items() if n.startswith("optimizer")}
    trainer.half_step("generator")
    assert_same_tensors(parameters(trainer, "discriminator"), before)
    after = part(trainer, "discriminator")
    assert_same_tensors({n: after[n] for n in optimizer}, optimizer)
    assert all(p.grad is None for p in trainer.players["discriminator"].net.parameters()) or all(
        not p.requires_grad for p in trainer.players["discriminator"].net.parameters()
    )
    assert not all(torch.equal(t, mine[n]) for n, t in parameters(trainer, "generator").items())


def test_batch_norm_of_the_discriminator_follows_every_batch_it_sees():
    """Its buffers are statistics of what it is shown, also in the generator's phase, as in the reference."""
    trainer = trained(tiny(IMAGES, data={"resolution": 16}), 1)
    counts = [b for n, b in trainer.players["discriminator"].net.named_buffers() if "num_batches" in n]
    assert counts and all(c == 3 for c in counts)  # real, fake, and fake for the generator
    trainer.half_step("generator")
    assert all(c == 4 for c in counts)


@BOTH
def test_a_discriminator_phase_leaves_generator_and_average_alone(base: dict[str, object]):
    trainer = trained(tiny(base), 2)
    before, average = parameters(trainer, "generator"), part(trainer, "average")
    trainer.half_step("discriminator")
    assert_same_tensors(parameters(trainer, "generator"), before)
    assert_same_tensors(part(trainer, "average"), average)


def test_two_halves_are_a_step():
    whole, halves = trained(tiny(IMAGES), 3), make_trainer(tiny(IMAGES))
    for _ in range(3):
        halves.half_step("discriminator")
        halves.half_step("generator")
    assert_same_state(halves, whole)


def test_counters():
    trainer = trained(tiny(discriminator_steps=3), 4)
    assert snapshot(trainer).counters == {"generator": 4, "discriminator": 12, "images": 96, "steps": 4}
    assert trainer.step_count == 4
    trainer.half_step("discriminator")
    assert snapshot(trainer).counters == {"generator": 4, "discriminator": 13, "images": 104, "steps": 4}
    trainer.half_step("generator")
    assert snapshot(trainer).counters == {"generator": 5, "discriminator": 13, "images": 104, "steps": 5}


def test_phases_happen_as_often_as_they_say():
    trainer = make_trainer(tiny())
    order: list[str] = []
    real, fake = trainer.phases

    def noting(phase: Phase, name: str) -> Phase:
        def loss(game: object, drawn: object) -> Tensor:
            order.append(name)
            return phase.loss(game, drawn)  # type: ignore[arg-type]

        return replace(phase, loss=loss)

    trainer.phases = (
        replace(noting(real, "d"), repeat=2),
        replace(noting(real, "lazy"), every=3),
        noting(fake, "g"),
    )
    for _ in range(4):
        trainer.step()
    full, short = ["d", "d", "lazy", "g"], ["d", "d", "g"]
    assert order == [*full, *short, *short, *full]


def test_phases_of_a_config():
    discriminator, generator = make_trainer(tiny(discriminator_steps=5)).phases
    assert (discriminator.player, discriminator.repeat, discriminator.real) == ("discriminator", 5, True)
    assert (generator.player, generator.repeat, generator.real) == ("generator", 1, False)


@BOTH
def test_looking_changes_nothing_and_no_later_step(base: dict[str, object]):
    config = tiny(base, stabilizers={"instance-noise": {}})
    blind, watched = trained(config, 6), make_trainer(config)
    for _ in range(6):
        before = tensors_of(watched)
        watched.sample(range(3))
        watched.render(torch.randn(5, config.latent.dimension), at_once=2)
        watched.measure = True
        snapshot(watched, copy=True)
        watched.feed.batch(1234, 3)
        watched.meter.read(True)
        assert_same_tensors(tensors_of(watched), before)
        watched.step()
    assert_same_state(watched, blind)


def test_rendering_in_parts_is_rendering_at_once():
    trainer = trained(tiny(IMAGES), 2)
    z = torch.randn(7, 8)
    assert torch.allclose(trainer.render(z, at_once=3), trainer.render(z), atol=1e-6)
    assert not trainer.render(z).requires_grad


def test_a_changed_rate_holds_from_the_next_step():
    trainer = trained(tiny(), 2)
    before = parameters(trainer, "generator")
    trainer.adopt(change(trainer.config, "optimizer.generator.lr", 0.0))
    trainer.step()
    assert_same_tensors(parameters(trainer, "generator"), before)
    trainer.adopt(change(trainer.config, "optimizer.generator.lr", 1e-3))
    trainer.step()
    moved = parameters(trainer, "generator")
    assert not all(torch.equal(moved[n], t) for n, t in before.items())


@BOTH
def test_a_changed_batch_size_holds_from_the_next_step(base: dict[str, object]):
    trainer = trained(tiny(base), 2)
    trainer.adopt(change(trainer.config, "batch_size", 5))
    trainer.step()
    assert trainer.images == 2 * 8 + 5
    latest = trainer.meter.latest_logits("fake")
    assert latest is not None and len(latest) == 5


def test_changed_critic_steps_and_penalties_hold_from_the_next_step():
    trainer = trained(tiny(stabilizers={"r1": {"gamma": 1.0}}), 1)
    config = change(change(trainer.config, "discriminator_steps", 4), "stabilizers.r1.gamma", 0.0)
    trainer.adopt(config)
    trainer.meter.clear()
    trainer.step()
    assert trainer.players["discriminator"].updates == 5
    assert trainer.meter.read(True)["penalty/r1"] == 0


def test_every_scalar_has_its_agreed_name():
    trainer = make_trainer(tiny(stabilizers={"r1": {}}))
    trainer.measure = True
    trainer.step()
    assert trainer.meter.read(True).keys() == {
        "loss/generator", "loss/discriminator", "penalty/r1", "score/real", "score/fake",
        "accuracy/real", "accuracy/fake", "grad_norm/generator", "grad_norm/discriminator",
    }  # fmt: skip


def test_gradient_norm_by_hand():
    trainer = make_trainer(tiny())
    trainer.measure = True
    trainer.half_step("discriminator")
    gradients = [p.grad for p in trainer.players["discriminator"].net.parameters()]
    wanted = sum(g.square().sum().item() for g in gradients if g is not None) ** 0.5
    assert trainer.meter.read(True)["grad_norm/discriminator"] == pytest.approx(wanted, rel=1e-5)


# ---------------------------------------------------------------- no waiting for the device


@contextmanager
def no_fetching() -> Iterator[None]:
    """Any tensor that is brought to the host raises."""

    def refuse(self: Tensor, *_: object, **__: object) -> None:
        raise AssertionError("a tensor was fetched from the device")

    with pytest.MonkeyPatch.context() as patch:
        for name in ("item", "tolist", "cpu", "numpy", "__bool__", "__float__", "__int__", "__index__"):
            patch.setattr(Tensor, name, refuse)
        yield


@BOTH
def test_a_step_fetches_nothing(base: dict[str, object]):
    stabilizers = {"r1": {"every": 2}, "instance-noise": {"fade": 10}, "label-smoothing": {}}
    trainer = make_trainer(tiny(base, stabilizers=stabilizers))
    trainer.measure = True
    with no_fetching():
        for _ in range(3):
            trainer.step()
        with pytest.raises(AssertionError, match="fetched"):  # the guard does guard
            trainer.meter.read(True)


@pytest.mark.gpu
@BOTH
def test_a_step_never_waits_for_the_gpu(base: dict[str, object]):
    config = tiny(base, compute={"device": "cuda"}, stabilizers={"r1": {"every": 2}, "instance-noise": {}})
    trainer = make_trainer(config, "cuda")
    for _ in range(3):
        trainer.step()  # lazy initialisation may wait
    trainer.measure = True
    with never_waiting():
        for _ in range(3):
            trainer.step()
    assert trainer.meter.read(True)


@pytest.mark.gpu
@BOTH
def test_resuming_on_the_gpu_is_exact_with_deterministic_kernels(base: dict[str, object]):
    config = tiny(base, compute={"device": "cuda", "deterministic": True}, stabilizers={"instance-noise": {}})
    torch.use_deterministic_algorithms(True)
    try:
        whole, first, again = (make_trainer(config, "cuda") for _ in range(3))
        for _ in range(10):
            whole.step()
        for _ in range(5):
            first.step()
        restore(again, snapshot(first, copy=True))
        for _ in range(5):
            again.step()
        assert_same_state(again, whole)
    finally:
        torch.use_deterministic_algorithms(False)


@pytest.mark.gpu
def test_half_precision_trains_on_the_gpu():
    trainer = make_trainer(tiny(IMAGES, compute={"device": "cuda", "precision": "bf16"}), "cuda")
    trainer.measure = True
    for _ in range(3):
        trainer.step()
    values = trainer.meter.read(True)
    assert trainer.half_precision and all(value == value for value in values.values())
    assert all(p.dtype == torch.float32 for p in trainer.players["generator"].net.parameters())
