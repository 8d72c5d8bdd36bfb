"""The mapping network, its average, truncation, mixed styles and counted noise (arXiv:1812.04948)."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from ganstudio.nets import seeded
from ganstudio.nets.counted import PixelNoise, begin_all, counted_layers
from ganstudio.nets.mapping import MappingNetwork
from ganstudio.nets.style_base import StyleGenerator, StyleMixing


def mapping(classes: int = 0, layers: int = 2, keep: float = 0.9, lr_multiplier: float = 0.01):
    with seeded(3):
        return MappingNetwork(4, classes, 6, layers, lr_multiplier, keep)


def latents(count: int = 8, width: int = 4, seed: int = 0) -> Tensor:
    return torch.randn(count, width, generator=torch.Generator().manual_seed(seed))


class Bare(StyleGenerator):
    """Shows its styles as they are: (N, rows, width) -> pictures (N, 1, rows, width)."""

    def __init__(self, mixing: float = 0.9, rows: int = 5, classes: int = 0) -> None:
        super().__init__()
        self.mapping = mapping(classes)
        self.style_rows = tuple(4 << (k // 2) for k in range(rows))
        self.mix_styles(mixing)

    def render(self, ws: Tensor, noise: str = "") -> Tensor:
        return ws[:, None]


# ---------------------------------------------------------------- z to w


def test_only_the_direction_of_z_counts():
    net, z = mapping().eval(), latents()
    assert torch.allclose(net(7 * z), net(z), atol=1e-6)
    assert torch.allclose(net.norm(torch.tensor([[3.0, 4.0]])), torch.tensor([[0.848528, 1.131371]]))


@pytest.mark.parametrize("layers", [1, 8])
def test_it_has_as_many_layers_as_asked_for(layers: int):
    net = mapping(layers=layers)
    assert sum(p.numel() for p in net.parameters()) == (4 + 1) * 6 + (layers - 1) * (6 + 1) * 6


def test_the_multiplier_changes_how_fast_it_learns_and_nothing_else():
    z = latents()
    slow, fast = mapping(lr_multiplier=0.01).eval(), mapping(lr_multiplier=1.0).eval()
    assert torch.allclose(slow(z), fast(z), atol=1e-5)


def test_the_label_joins_z_with_the_same_weight():
    net = mapping(classes=3).eval()
    z, labels = latents(6), torch.tensor([0, 1, 2, 0, 1, 2])
    w = net(z, labels)
    assert w.shape == (6, 6) and not torch.allclose(w, net(z, labels.roll(1)))
    seen: list[Tensor] = []
    net.layers[0].register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    net(z, labels)
    z_part, label_part = seen[0][:, :4], seen[0][:, 4:]
    for part in (z_part, label_part):
        assert torch.allclose(part.square().mean(1), torch.ones(6), atol=1e-4)
    assert torch.equal(label_part[0], label_part[3]) and not torch.equal(label_part[0], label_part[1])


def test_half_precision_leaves_w_in_float32():
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert torch.equal(mapping().eval()(latents()), mapping().eval()(latents()).float())


# ---------------------------------------------------------------- the average of w


def test_the_average_follows_in_training_alone():
    net, z = mapping(keep=0.9), latents()
    w = net(z)
    assert torch.allclose(net.w_avg, 0.1 * w.mean(0))
    net(z)
    assert torch.allclose(net.w_avg, 0.19 * w.mean(0))
    before = net.w_avg.clone()
    net(z, track=False)
    net.eval()(z)
    assert torch.equal(net.w_avg, before) and not net.w_avg.requires_grad


def test_truncation_draws_the_first_rows_to_the_average():
    net = mapping()
    net.w_avg.fill_(1.0)
    ws = latents(12, 6).reshape(2, 6, 6)
    assert net.truncated(ws, 1.0) is ws
    assert torch.equal(net.truncated(ws, 0.0), torch.ones_like(ws))
    assert torch.allclose(net.truncated(ws, 0.5), 0.5 + 0.5 * ws)
    part = net.truncated(ws, 0.7, cutoff=2)
    assert torch.allclose(part[:, :2], 0.3 + 0.7 * ws[:, :2]) and torch.equal(part[:, 2:], ws[:, 2:])


# ---------------------------------------------------------------- styles of a generator


def test_every_row_has_the_same_w():
    net = Bare().eval()
    z = latents()
    ws = net.map(z)
    assert ws.shape == (8, 5, 6) and torch.equal(ws, net.mapping(z)[:, None].expand(-1, 5, -1))
    assert torch.equal(net(z), net.render(ws)), "nothing is mixed in evaluation"
    net.mapping.w_avg.fill_(2.0)
    assert torch.equal(net.w_average, torch.full((6,), 2.0))
    assert torch.allclose(net.map(z, psi=0.0, cutoff=1)[:, 0], torch.tensor(2.0))


def rows_of_second(net: StyleMixing, active: int, rows: int = 6, count: int = 4000) -> Tensor:
    """Where the second latent's styles stand, (count, rows)."""
    ws = torch.zeros(count, rows, 1)
    return net(ws, torch.ones_like(ws), active)[:, :, 0]


def test_mixing_takes_the_second_latent_from_a_row_on():
    net = StyleMixing(0.9)
    net.begin(1)
    second = rows_of_second(net, active=4)
    assert torch.equal(second, second.cummax(1).values), "once it begins it goes on to the end"
    assert not second[:, 0].any(), "the first row is always the sample's own"
    mixed = second[:, -1] == 1
    assert mixed.float().mean().item() == pytest.approx(0.9, abs=0.02)
    begins = (second[mixed] == 0).sum(1)
    assert begins.unique().tolist() == [1, 2, 3], "within the rows that matter"
    assert torch.allclose(begins.bincount(minlength=4)[1:] / len(begins), torch.tensor(1 / 3), atol=0.03)


def test_mixing_is_counted_and_never_happens_in_evaluation():
    net = StyleMixing(0.5)
    net.begin(1)
    first, second = rows_of_second(net, 6), rows_of_second(net, 6)
    assert not torch.equal(first, second), "each pass has its own"
    net.begin(1)
    assert torch.equal(rows_of_second(net, 6), first)
    assert not rows_of_second(net, active=1).any(), "with one row there is nothing to mix"
    assert not rows_of_second(net.eval(), 6).any()
    assert not StyleMixing(0.0).due


def test_the_second_latent_is_the_neighbours_with_the_samples_own_label():
    net = Bare(mixing=1.0, classes=3)
    z, labels = latents(), torch.tensor([0, 1, 2, 0, 1, 2, 0, 1])
    net.reseed(4)
    ws = net(z, labels)[:, 0]
    after_one_pass = net.w_average.clone()
    own = net.mapping(z, labels, track=False)
    other = net.mapping(z.roll(1, 0), labels, track=False)
    for k in range(8):
        for row in range(5):
            assert torch.equal(ws[k, row], own[k]) or torch.equal(ws[k, row], other[k])
    assert torch.equal(ws[:, 0], own) and torch.equal(ws[:, -1], other)
    assert torch.allclose(after_one_pass, 0.1 * own.mean(0)), "the second latent does not count twice"


# ---------------------------------------------------------------- noise


def test_noise_is_one_picture_for_all_channels_times_their_strengths():
    layer = PixelNoise(4, 4, channels=3)
    x = torch.zeros(5, 3, 4, 4)
    assert torch.equal(layer(x), x), "strengths begin at 0"
    with torch.no_grad():
        layer.strength.copy_(torch.tensor([1.0, 2.0, 0.0]).view(3, 1, 1))
    layer.begin(9)
    made = layer(x)
    assert torch.equal(made[:, 1], 2 * made[:, 0]) and not made[:, 2].any()
    assert not torch.equal(made[0], made[1]), "its own for each sample"
    assert not torch.equal(layer(x), made), "and for each pass"
    layer.begin(9)
    assert torch.equal(layer(x), made), "decided by the seed"
    assert torch.equal(layer(x, "none"), x)
    assert torch.equal(layer(x, "fixed")[0, 0], layer.fixed)


def test_noise_is_fixed_in_evaluation_unless_asked_for():
    with seeded(0):
        layer = PixelNoise(6, 6).eval()
    with torch.no_grad():
        layer.strength.fill_(1.0)
    x = torch.zeros(2, 3, 6, 6)
    assert torch.equal(layer(x), layer.fixed.expand(2, 3, 6, 6))
    assert not torch.equal(layer(x, "random"), layer(x))
    with seeded(0):
        assert torch.equal(PixelNoise(6, 6).fixed, layer.fixed), "made with the network's own random numbers"


def test_layers_of_a_network_draw_apart():
    net = torch.nn.Sequential(PixelNoise(4, 4), torch.nn.Identity(), PixelNoise(4, 4))
    layers = counted_layers(net)
    assert layers == (net[0], net[2])
    begin_all(layers, 5)
    assert len({layer.seed for layer in layers}) == 2
    seeds = [layer.seed for layer in layers]
    begin_all(layers, 5)
    assert [layer.seed for layer in layers] == seeds
