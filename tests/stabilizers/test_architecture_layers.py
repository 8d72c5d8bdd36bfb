"""Layers that stabilizers add: known answers, and a test for each error that copies of them carry."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from support.tiny import IMAGES, POINTS, assert_same_state, make_trainer, tiny, trained
from torch import nn
from torch.nn.utils import parametrizations, parametrize

from ganstudio.catalog.networks import DcganDiscriminator as Settings
from ganstudio.core.schema import ConfigError
from ganstudio.core.shapes import DataShape
from ganstudio.nets.dcgan import DcganDiscriminator
from ganstudio.nets.layers import ConditionalNorm
from ganstudio.nets.mixing import CountedDropout, MinibatchDiscrimination, MinibatchStd, SelfAttention
from ganstudio.nets.spectral import SpectralWeight, spectral_norm
from ganstudio.training import checkpoint


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(0)


# ---------------------------------------------------------------- spectral norm


@pytest.mark.parametrize("layer", [nn.Linear(5, 7), nn.Conv2d(3, 6, 3), nn.ConvTranspose2d(3, 6, 4)])
def test_the_largest_singular_value_becomes_one_over_the_output_axis(layer: Any):
    spectral_norm(layer)
    for _ in range(200):
        weight = layer.weight
    axis = 1 if isinstance(layer, nn.ConvTranspose2d) else 0
    matrix = weight.transpose(0, axis).flatten(1)
    assert torch.linalg.svdvals(matrix)[0].item() == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("kind", [lambda: nn.Conv2d(3, 6, 3), lambda: nn.ConvTranspose2d(3, 6, 4)])
def test_it_agrees_with_torchs_own_parametrization(kind: Any):
    """torch.nn.utils.parametrizations.spectral_norm from the same vectors, five passes on."""
    theirs: Any = parametrizations.spectral_norm(kind())
    original = theirs.parametrizations.weight.original
    mine = SpectralWeight(original, 1 if isinstance(theirs, nn.ConvTranspose2d) else 0)
    their_state = theirs.parametrizations.weight[0]
    mine.u.copy_(their_state._u)
    mine.v.copy_(their_state._v)
    for _ in range(5):
        assert torch.allclose(mine(original), theirs.weight, atol=1e-6)


def test_one_power_iteration_in_a_training_pass_and_none_in_evaluation():
    layer: Any = nn.Linear(6, 4)
    spectral_norm(layer)
    state = layer.parametrizations.weight[0]
    before, matrix = state.v.clone(), layer.parametrizations.weight.original.detach()
    layer(torch.randn(2, 6))
    u = nn.functional.normalize(matrix @ before, dim=0)
    v = nn.functional.normalize(matrix.T @ u, dim=0)
    assert torch.allclose(state.u, u) and torch.allclose(state.v, v)
    layer.eval()
    kept = state.u.clone()
    layer(torch.randn(2, 6))
    assert torch.equal(state.u, kept)


def test_gradients_see_the_division():
    """d(W/sigma)/dW leaves no gradient along W itself: the normalised weight does not change when W grows."""
    layer: Any = nn.Linear(5, 5)
    spectral_norm(layer)
    for _ in range(300):
        layer.weight  # noqa: B018
    layer.eval()
    out = layer(torch.randn(3, 5)).square().sum()
    original = layer.parametrizations.weight.original
    (gradient,) = torch.autograd.grad(out, original)
    assert (gradient * original).sum().item() == pytest.approx(0, abs=1e-3)
    assert gradient.norm() > 0.1


def test_both_networks_are_normalised_where_asked_and_conditional_norms_never():
    table = {"spectral-norm": {"generator": True}}
    config = tiny(
        IMAGES,
        generator={"network": "biggan", "base_channels": 2, "embedding": 4},
        discriminator={"normalization": "none"},
        conditioning={"by": "projection"},
        stabilizers=table,
    )
    trainer = make_trainer(config)
    generator, discriminator = trainer.game.generator, trainer.game.discriminator
    norms = [m for m in generator.modules() if isinstance(m, ConditionalNorm)]
    assert norms and not any(parametrize.is_parametrized(m) for norm in norms for m in norm.modules())
    assert not any(parametrize.is_parametrized(m) for m in generator.modules() if isinstance(m, nn.Embedding))
    for net in (generator, discriminator):
        layers = [m for m in net.modules() if isinstance(m, nn.Conv2d | nn.ConvTranspose2d)]
        assert layers and all(parametrize.is_parametrized(m, "weight") for m in layers)
    assert discriminator.projection is not None and parametrize.is_parametrized(discriminator.projection)
    plain = make_trainer(tiny(IMAGES, stabilizers={"spectral-norm": {}}))
    assert not any(parametrize.is_parametrized(m) for m in plain.game.generator.modules())


def test_looking_does_not_advance_the_power_iteration():
    trainer = trained(tiny(IMAGES, stabilizers={"spectral-norm": {"generator": True}}), 2)
    before = {n: t.clone() for n, t in trainer.game.generator.state_dict().items()}
    average = {n: t.clone() for n, t in trainer.average.net.state_dict().items()}
    trainer.sample(range(4))
    assert all(torch.equal(t, before[n]) for n, t in trainer.game.generator.state_dict().items())
    assert all(torch.equal(t, average[n]) for n, t in trainer.average.net.state_dict().items())
    assert not trainer.average.net.training


def test_a_copy_has_weights_and_vectors_of_its_own():
    net = DcganDiscriminator(Settings(base_channels=2), DataShape("image", 1, 8, 8))
    spectral_norm(net)
    twin = copy.deepcopy(net)
    x = torch.randn(2, 1, 8, 8)
    assert torch.equal(net.eval()(x), twin.eval()(x))
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.mul_(3).add_(1)
        net.train()(x)
    fresh = copy.deepcopy(twin)
    assert torch.equal(fresh(x), twin(x)) and not torch.equal(net.eval()(x), twin(x))


def test_half_precision_around_it_keeps_the_estimate_exact():
    layer = nn.Linear(8, 8)
    spectral_norm(layer)
    layer.eval()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        inside = layer.weight
    assert inside.dtype == torch.float32 and torch.equal(inside, layer.weight)


# ---------------------------------------------------------------- self-attention


def test_attention_begins_as_nothing():
    layer = SelfAttention(16)
    x = torch.randn(2, 16, 8, 8)
    assert layer.gamma.item() == 0 and torch.equal(layer(x), x)


def test_attentions_layers_have_the_papers_widths():
    layer = SelfAttention(64)
    assert (layer.theta.out_channels, layer.phi.out_channels) == (8, 8)
    assert (layer.g.out_channels, layer.o.out_channels) == (32, 64)
    assert all(m.bias is None for m in (layer.theta, layer.phi, layer.g, layer.o))


def test_attention_weights_are_a_softmax_over_the_places_looked_at():
    layer, x = SelfAttention(8), torch.randn(2, 8, 4, 6)
    found = layer.weights(x)
    assert found.shape == (2, 24, 6)
    assert torch.allclose(found.sum(2), torch.ones(2, 24))
    assert not torch.allclose(found.sum(1), torch.full((2, 6), 4.0))
    asked, offered = layer.theta(x).flatten(2), nn.functional.max_pool2d(layer.phi(x), 2).flatten(2)
    scores = torch.einsum("ncp,ncq->npq", asked, offered)  # without 1 / sqrt(d)
    assert torch.allclose(found, scores.exp() / scores.exp().sum(2, keepdim=True), atol=1e-6)


def test_attention_adds_what_it_sees_by_gamma():
    layer, x = SelfAttention(8), torch.randn(1, 8, 4, 4)
    with torch.no_grad():
        layer.gamma.fill_(0.5)
    values = nn.functional.max_pool2d(layer.g(x), 2).flatten(2)
    mixed = torch.einsum("npq,ncq->ncp", layer.weights(x), values).unflatten(2, (4, 4))
    assert torch.allclose(layer(x), x + 0.5 * layer.o(mixed), atol=1e-6)


def test_attention_stands_behind_the_size_that_was_asked_for():
    base = tiny(IMAGES, data={"resolution": 32}, stabilizers={"self-attention": {"resolution": 8}})
    trainer = make_trainer(base)
    for net in (trainer.game.generator, trainer.game.discriminator):
        (layer,) = [m for m in net.modules() if isinstance(m, SelfAttention)]
        sizes: list[int] = []
        layer.register_forward_hook(lambda m, i, out, sizes=sizes: sizes.append(out.shape[-1]))
        trainer.step()
        assert set(sizes) == {8}


def test_without_a_size_attention_stands_at_half_the_picture():
    trainer = make_trainer(tiny(IMAGES, data={"resolution": 16}, stabilizers={"self-attention": {}}))
    seen: list[int] = []
    (layer,) = [m for m in trainer.game.generator.modules() if isinstance(m, SelfAttention)]
    layer.register_forward_hook(lambda m, i, out: seen.append(out.shape[-1]))
    trainer.step()
    assert set(seen) == {8}


# ---------------------------------------------------------------- the batch


def test_minibatch_standard_deviation_known_answer():
    x = torch.arange(8.0, dtype=torch.float64).reshape(4, 2, 1, 1)
    out = MinibatchStd(4)(x)
    assert out.shape == (4, 3, 1, 1) and torch.equal(out[:, :2], x)
    assert torch.allclose(out[:, 2].flatten(), torch.full((4,), 2.236068, dtype=torch.float64), atol=1e-6)


def test_groups_of_a_batch_do_not_see_each_other():
    x = torch.randn(8, 3, 2, 2)
    out = MinibatchStd(4)(x)[:, 3, 0, 0]
    for first in (0, 1):
        members = x[first::2]
        spread = (members.var(0, correction=0) + 1e-8).sqrt().mean()
        assert torch.allclose(out[first::2], spread.expand(4))


def test_equal_samples_have_a_finite_gradient():
    x = torch.ones(4, 2, 1, 1, requires_grad=True)
    MinibatchStd(4)(x).sum().backward()
    assert x.grad is not None and torch.isfinite(x.grad).all()


def test_minibatch_discrimination_by_hand():
    layer = MinibatchDiscrimination(1, 1, 2)
    with torch.no_grad():
        layer.table.copy_(torch.tensor([[1.0, 2.0]]))
    x = torch.tensor([[0.0], [1.0], [3.0]])  # L1 distances 3 |a - b|
    near = torch.exp(torch.tensor([-3.0, -6.0, -9.0]))
    wanted = torch.stack([near[0] + near[2], near[0] + near[1], near[1] + near[2]]) - 1
    assert torch.allclose(layer(x)[:, 1], wanted)
    assert torch.equal(layer(x)[:, :1], x)


def test_minibatch_discrimination_sees_copies():
    layer = MinibatchDiscrimination(6, 100, 5)
    alike = layer.closeness(torch.randn(1, 6).expand(8, 6))
    assert torch.allclose(alike, torch.full((8, 100), 7.0 - 1.0))
    assert layer.closeness(10 * torch.randn(8, 6)).mean() < 0


# ---------------------------------------------------------------- dropout


def test_dropout_keeps_the_mean_and_leaves_out_the_share():
    layer = CountedDropout(0)
    layer.begin(5, 0.25)
    out = layer(torch.ones(40_000))
    assert (out == 0).float().mean().item() == pytest.approx(0.25, abs=0.01)
    assert out.max().item() == pytest.approx(1 / 0.75)
    layer.eval()
    assert torch.equal(layer(out), out)


def test_masks_differ_between_passes_layers_and_updates_and_repeat_when_counted_anew():
    x, first, second = torch.ones(64), CountedDropout(0), CountedDropout(1)
    masks = []
    for layer, seed in ((first, 1), (second, 1), (first, 2)):
        layer.begin(seed, 0.5)
        masks += [layer(x), layer(x)]
    assert len({tuple(m.tolist()) for m in masks}) == 6
    first.begin(1, 0.5)
    assert torch.equal(first(x), masks[0])


def test_dropout_stands_behind_every_activation_and_follows_its_live_setting():
    trainer = make_trainer(tiny(stabilizers={"dropout": {"probability": 0.5}}))
    layers = [m for m in trainer.game.discriminator.modules() if isinstance(m, CountedDropout)]
    assert len(layers) == 2
    trainer.step()
    assert all(layer.probability == 0.5 and layer.passes for layer in layers)
    trainer.adopt(tiny(stabilizers={"dropout": {"probability": 0.1}}))
    trainer.step()
    assert all(layer.probability == 0.1 for layer in layers)


# ---------------------------------------------------------------- in a run


@pytest.mark.parametrize(
    ("base", "stabilizers"),
    [
        (IMAGES, {"spectral-norm": {"generator": True}, "self-attention": {}, "dropout": {}}),
        (IMAGES, {"minibatch-std": {}, "minibatch-discrimination": {"kernels": 5}, "spectral-norm": {}}),
        (POINTS, {"spectral-norm": {}, "dropout": {}, "minibatch-std": {}, "minibatch-discrimination": {}}),
    ],
)  # fmt: skip
def test_a_resumed_run_goes_on_exactly(base: dict[str, Any], stabilizers: dict[str, Any]):
    config = tiny(base, stabilizers=stabilizers)
    straight, stopped = trained(config, 4), trained(config, 2)
    again = make_trainer(config)
    checkpoint.restore(again, checkpoint.snapshot(stopped, copy=True))
    for _ in range(2):
        again.step()
    assert_same_state(again, straight)


def test_mixing_leaves_projection_and_heads_what_they_read():
    for way in ("projection", "classifier"):
        config = tiny(
            IMAGES,
            conditioning={"by": way},
            stabilizers={"minibatch-std": {}, "minibatch-discrimination": {}},
        )
        values = trained(config, 2).sample(range(3))
        assert torch.isfinite(values).all()


@pytest.mark.parametrize(
    ("base", "change", "reason"),
    [
        (POINTS, {"stabilizers": {"self-attention": {}}}, "has no feature maps behind which attention"),
        (IMAGES, {"stabilizers": {"self-attention": {"resolution": 32}}}, "no feature maps of 32 px .* it has 4 px"),
        (IMAGES, {"stabilizers": {"self-attention": {"generator": False, "discriminator": False}}}, "neither network"),
        (IMAGES, {"stabilizers": {"spectral-norm": {"discriminator": False}}}, "neither network"),
        (IMAGES, {"stabilizers": {"minibatch-std": {}}, "batch_size": 6}, "a batch of 6 cannot be divided"),
        (IMAGES, {"stabilizers": {"minibatch-std": {}}, "generator_batch": 6}, "a batch of 6 cannot"),
        (IMAGES, {"stabilizers": {"minibatch-std": {}, "packing": {"samples": 4}}}, "which are 2 packs"),
        (
            IMAGES,
            {"stabilizers": {"spectral-norm": {}}, "discriminator": {"network": "r3gan", "width": 4, "cardinality": 2}},
            "begins with weights of zero",
        ),
    ],
)  # fmt: skip
def test_what_has_no_meaning_is_refused_with_the_reason(
    base: dict[str, Any], change: dict[str, Any], reason: str
):
    if "network" in change.get("discriminator", {}):
        base = base | {"discriminator": {}}
    with pytest.raises(ConfigError, match=reason):
        tiny(base, **change)
