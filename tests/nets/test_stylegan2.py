"""StyleGAN2's networks: rows of styles, noise that is counted, skips, and what the discriminator sees."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from ganstudio.catalog import networks_style as options
from ganstudio.core.shapes import DataShape
from ganstudio.nets.counted import PixelNoise, begin_all, counted_layers
from ganstudio.nets.filters import doubled
from ganstudio.nets.stylegan2 import DownBlock, Stylegan2Discriminator, Stylegan2Generator, widths_of

SMALL = options.Stylegan2Generator(base_channels=4, most_channels=8, style=8, mapping=2)
JUDGE = options.Stylegan2Discriminator(base_channels=4, most_channels=8)


def picture(side: int = 16, channels: int = 3, classes: int = 0) -> DataShape:
    return DataShape("image", channels, side, side, classes)


def made(shape: DataShape | None = None, seed: int = 0, noisy: bool = False) -> Stylegan2Generator:
    torch.manual_seed(seed)
    net = Stylegan2Generator(SMALL, 6, shape or picture())
    if noisy:
        for layer in net.modules():
            if isinstance(layer, PixelNoise):
                torch.nn.init.constant_(layer.strength, 0.5)
    return net


@pytest.mark.parametrize("side", [8, 16, 32, 64])
@pytest.mark.parametrize("channels", [1, 3])
def test_shapes(side: int, channels: int):
    shape = picture(side, channels)
    x = made(shape)(torch.randn(5, 6))
    assert x.shape == (5, channels, side, side)
    judged = Stylegan2Discriminator(JUDGE, shape).judge(x)
    assert judged.logits.shape == (5,) and judged.features.shape == (5, 8 * 16)


def test_rows_of_styles():
    """As many as the paper has: 18 at 1024 px."""
    assert made(picture(32)).style_rows == (4, 8, 8, 16, 16, 32, 32, 32)
    wide = options.Stylegan2Generator(base_channels=1, most_channels=2, style=2, mapping=1)
    net = Stylegan2Generator(wide, 2, picture(1024))
    assert net.rows == 18 and net.style_rows[-1] == 1024


def test_the_papers_widths():
    paper = options.Stylegan2Generator(base_channels=32, most_channels=512)
    assert widths_of(paper, picture(1024)) == [512, 512, 512, 512, 512, 256, 128, 64, 32]
    assert (
        widths_of(options.Stylegan2Discriminator(base_channels=512, most_channels=512), picture(32))
        == [512] * 4
    )


@pytest.mark.parametrize(("height", "width"), [(24, 24), (32, 48), (4, 4), (2048, 2048)])
def test_other_sizes_are_refused(height: int, width: int):
    for settings in (SMALL, JUDGE, options.Stylegan3Generator()):
        assert "power of two" in settings.refuses(DataShape("image", 3, height, width))
        assert "points" in settings.refuses(DataShape("points", 2))


@pytest.mark.parametrize("side", [8, 16, 512, 1024])
def test_powers_of_two_are_taken(side: int):
    for settings in (SMALL, JUDGE, options.Stylegan3Generator()):
        assert settings.refuses(picture(side)) == ""


# ---------------------------------------------------------------- styles


def test_a_row_steers_its_own_size_alone():
    """The picture is a sum over sizes: the last row changes its last addend only."""
    net = made().eval()
    ws = net.map(torch.randn(2, 6))
    other = ws.clone()
    other[:, -1] = torch.randn(2, 8)
    inner: list[list[Tensor]] = []
    for styles in (ws, other):
        seen: list[Tensor] = []
        hooks = [layer.register_forward_hook(lambda *a, s=seen: s.append(a[2])) for layer in net.colours]
        net.render(styles)
        inner.append(seen)
        for hook in hooks:
            hook.remove()
    assert all(torch.equal(a, b) for a, b in zip(inner[0][:-1], inner[1][:-1], strict=True))
    assert not torch.equal(inner[0][-1], inner[1][-1])


def test_the_picture_is_the_sum_of_what_each_size_adds():
    net = made().eval()
    seen: list[Tensor] = []
    for layer in net.colours:
        layer.register_forward_hook(lambda *a: seen.append(a[2]))
    x = net(torch.randn(2, 6))
    total = seen[0]
    for more in seen[1:]:
        total = doubled(total, net.taps) + more
    assert torch.allclose(x, total, atol=1e-6)


def test_psi_zero_is_one_and_the_same_picture():
    net = made(noisy=True)
    net(torch.randn(64, 6))
    net.eval()
    x = net.render(net.map(torch.randn(3, 6), psi=0.0))
    assert torch.equal(x[0], x[1]) and torch.equal(x[0], x[2])
    full = net.render(net.map(torch.randn(3, 6)))
    assert not torch.allclose(full[0], full[1])


def test_the_average_of_w_tracks_in_training_alone():
    net = made()
    z = torch.randn(256, 6)
    goal = net.mapping(z, track=False).mean(0)
    for _ in range(20):
        net.map(z)
    assert torch.allclose(net.w_average, goal * (1 - 0.998**20), rtol=1e-3, atol=1e-6)
    before = net.w_average.clone()
    net.eval()(z)
    assert torch.equal(net.w_average, before)


def test_labels_change_the_picture():
    net = made(picture(classes=3)).eval()
    z = torch.randn(1, 6).expand(3, -1)
    x = net(z, torch.arange(3))
    assert not torch.allclose(x[0], x[1]) and not torch.allclose(x[1], x[2])


# ---------------------------------------------------------------- noise


def test_noise_is_fixed_in_evaluation_and_counted_in_training():
    net, z = made(noisy=True), torch.randn(2, 6)
    net.mixing.probability = 0.0
    net.eval()
    assert torch.equal(net(z), net(z))
    assert torch.equal(net.render(net.map(z), "fixed"), net(z))
    net.train()
    layers = counted_layers(net)
    begin_all(layers, 5)
    first, second = net(z), net(z)
    begin_all(layers, 5)
    assert torch.equal(net(z), first) and not torch.equal(first, second)
    begin_all(layers, 6)
    assert not torch.equal(net(z), first)


def test_noise_begins_without_effect_and_can_be_left_out():
    quiet, loud = made().eval(), made(noisy=True).eval()
    ws = quiet.map(torch.randn(2, 6))
    assert torch.equal(quiet.render(ws, "random"), quiet.render(ws, "none"))
    assert not torch.equal(loud.render(ws, "fixed"), loud.render(ws, "none"))


def test_mixed_styles_are_counted_too():
    net, z = made(), torch.randn(32, 6)
    net.mixing.probability = 0.5
    layers = counted_layers(net)
    begin_all(layers, 1)
    first = net.styles(z, None)
    begin_all(layers, 1)
    assert torch.equal(net.styles(z, None), first)
    mixed = (first != first[:, :1]).any(2).any(1)
    assert 6 <= mixed.sum() <= 26
    assert not (net.eval().styles(z, None) != net.styles(z, None)[:, :1]).any()


# ---------------------------------------------------------------- discriminator


def test_each_sample_is_judged_alone():
    net = Stylegan2Discriminator(JUDGE, picture())
    x = torch.randn(3, 3, 16, 16).requires_grad_()
    (gradient,) = torch.autograd.grad(net(x)[0], x)
    assert gradient[0].abs().max() > 0 and gradient[1:].abs().max() == 0


def test_a_block_keeps_the_mean_square_of_what_its_filters_pass():
    torch.manual_seed(0)
    block = DownBlock(64, 64)
    x = torch.randn(32, 64, 1, 1).expand(-1, -1, 16, 16)
    y = block(x)
    assert y.shape == (32, 64, 8, 8)
    assert y[:, :, 3:-3, 3:-3].square().mean().item() == pytest.approx(1, rel=0.2)


def test_networks_of_1024_px_compute():
    settings = options.Stylegan2Generator(base_channels=1, most_channels=2, style=2, mapping=1)
    judge = options.Stylegan2Discriminator(base_channels=1, most_channels=2)
    with torch.no_grad():
        x = Stylegan2Generator(settings, 2, picture(1024, 1))(torch.randn(1, 2))
        logits = Stylegan2Discriminator(judge, picture(1024, 1))(x)
    assert x.shape == (1, 1, 1024, 1024) and x.isfinite().all() and logits.isfinite().all()
