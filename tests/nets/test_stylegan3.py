"""StyleGAN3: moved waves give a moved picture. In decibels of the full range, as the paper's EQ-T and EQ-R."""

from __future__ import annotations

from math import cos, log10, pi, sin
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

from ganstudio.catalog import networks_style as options
from ganstudio.core.shapes import DataShape
from ganstudio.nets.stylegan2 import Stylegan2Generator
from ganstudio.nets.stylegan3 import FilteredLayer, Stylegan3Generator

SIDE = 32
SMALL: dict[str, Any] = dict(base_channels=4, most_channels=16, style=16, layers=6, mapping=2)


def settled(kind: str, seed: int = 0, **more: Any) -> Stylegan3Generator:
    """An untrained generator in double precision whose magnitudes have been measured."""
    torch.manual_seed(seed)
    settings = options.Stylegan3Generator(equivariance=kind, **(SMALL | more))
    net = Stylegan3Generator(settings, 8, DataShape("image", 3, SIDE, SIDE)).double()
    z = torch.randn(8, 8, dtype=torch.float64)
    hooks = [layer.register_forward_pre_hook(_measure) for layer in net.layers]
    with torch.no_grad():
        net.eval()(z)
    for hook in hooks:
        hook.remove()
    return net


def _measure(layer: Any, given: tuple[Tensor, ...]) -> None:
    layer.magnitude.copy_(given[0].square().mean())


def shifted(right: float, down: float = 0.0) -> Tensor:
    """The plane moved by so many pixels."""
    matrix = torch.eye(3, dtype=torch.float64)
    matrix[0, 2], matrix[1, 2] = -right / SIDE, -down / SIDE
    return matrix


def turned(degrees: float) -> Tensor:
    """The plane turned about the middle of the picture."""
    a = degrees / 180 * pi
    rows = [[cos(a), -sin(a), 0.0], [sin(a), cos(a), 0.0], [0.0, 0.0, 1.0]]
    return torch.tensor(rows, dtype=torch.float64)


def moved_by_waves(x: Tensor, right: float) -> Tensor:
    """The picture moved by parts of a pixel, as a sum of waves."""
    frequency = torch.fft.fftfreq(x.shape[-1], dtype=x.dtype)
    return torch.fft.ifft(torch.fft.fft(x) * torch.exp(-2j * pi * frequency * right)).real


def decibels(a: Tensor, b: Tensor, edge: int) -> float:
    """10 log10(range^2 / mean squared difference) away from the edge, the range being [-1, 1]."""
    difference = (a - b)[:, :, edge:-edge, edge:-edge].square().mean().item()
    return 10 * log10(4 / max(difference, 1e-30))


def styles(net: Stylegan3Generator | Stylegan2Generator, count: int = 3) -> Tensor:
    return net.map(torch.randn(count, 8, dtype=torch.float64, generator=torch.Generator().manual_seed(7)))


def translation_stylegan2(right: int) -> float:
    """The same for StyleGAN2, whose learned seed is moved by one of its pixels: what comes out should move by eight."""
    torch.manual_seed(0)
    settings = options.Stylegan2Generator(base_channels=4, most_channels=16, style=16, mapping=2)
    net = Stylegan2Generator(settings, 8, DataShape("image", 3, SIDE, SIDE)).double().eval()
    with torch.no_grad():
        ws = styles(net)
        plain = net.render(ws, "none")
        scale = 0.3 / plain.std()
        net.seed.copy_(net.seed.roll(right // 8, 2))
        return decibels(net.render(ws, "none") * scale, plain.roll(right, 3) * scale, 5)


@pytest.mark.parametrize("kind", ["translation", "rotation"])
@torch.no_grad()
def test_shifts_by_whole_pixels(kind: str):
    net = settled(kind)
    ws = styles(net)
    plain = net.render(ws)
    assert plain.std() > 0.02
    scale = 0.3 / plain.std()
    found = decibels(net.render(ws, transform=shifted(4)) * scale, plain.roll(4, 3) * scale, 5)
    assert found > 55
    down = decibels(net.render(ws, transform=shifted(0, -3)) * scale, plain.roll(-3, 2) * scale, 4)
    assert down > 55
    assert translation_stylegan2(8) < 25 < found - 25


@pytest.mark.parametrize("kind", ["translation", "rotation"])
@torch.no_grad()
def test_shifts_by_parts_of_a_pixel(kind: str):
    net = settled(kind)
    ws = styles(net)
    plain = net.render(ws)
    scale = 0.3 / plain.std()
    moved = net.render(ws, transform=shifted(2.5)) * scale
    found = decibels(moved, moved_by_waves(plain, 2.5) * scale, 9)
    assert found > 45
    assert max(decibels(moved, plain.roll(k, 3) * scale, 9) for k in (2, 3)) < found - 5


@torch.no_grad()
def test_quarter_turns():
    """Exact for the round filters of StyleGAN3-R; StyleGAN3-T makes no such promise."""
    found = {}
    for kind in ("translation", "rotation"):
        net = settled(kind)
        ws = styles(net)
        plain = net.render(ws)
        scale = 0.3 / plain.std()
        found[kind] = decibels(
            net.render(ws, transform=turned(90)) * scale, plain.rot90(1, (2, 3)) * scale, 1
        )
    assert found["rotation"] > 100 and found["translation"] < 30


@torch.no_grad()
def test_turns_by_any_angle():
    """Against the picture turned by bicubic interpolation, which itself costs some decibels."""
    found = {}
    for kind in ("translation", "rotation"):
        net = settled(kind, seed=1)
        ws = styles(net, 2)
        plain = net.render(ws)
        scale = 0.3 / plain.std()
        grid = affine_grid(turned(30)[None, :2].expand(2, -1, -1), [2, 3, SIDE, SIDE], align_corners=False)
        wanted = grid_sample(plain, grid, "bicubic", align_corners=False)
        found[kind] = decibels(net.render(ws, transform=turned(30)) * scale, wanted * scale, 9)
    assert found["rotation"] > 45 and found["translation"] < 30


def test_shapes_rows_and_labels():
    net = Stylegan3Generator(options.Stylegan3Generator(**SMALL), 8, DataShape("image", 1, 16, 16, 4))
    x = net(torch.randn(4, 8), torch.arange(4))
    assert x.shape == (4, 1, 16, 16)
    assert net.rows == SMALL["layers"] + 2 and net.style_rows[-1] == 16 and net.style_rows[0] <= 16
    assert net.mixing.probability == 0


def test_magnitudes_follow_in_training_alone():
    net = Stylegan3Generator(options.Stylegan3Generator(**SMALL), 8, DataShape("image", 3, 16, 16))
    layer = net.layers[0]
    assert isinstance(layer, FilteredLayer)
    net.eval()(torch.randn(4, 8))
    assert layer.magnitude == 1
    x = torch.full((4, layer.conv.weight.shape[1], 36, 36), 3.0)
    layer.train()(x, torch.randn(4, 16))
    keep = 0.5 ** (4 / 20_000)
    assert layer.magnitude.item() == pytest.approx(keep + 9 * (1 - keep))


def test_the_size_of_what_comes_in_is_divided_out():
    torch.manual_seed(0)
    net = Stylegan3Generator(options.Stylegan3Generator(**SMALL), 8, DataShape("image", 3, 16, 16)).eval()
    layer = net.layers[-1]
    assert isinstance(layer, FilteredLayer)
    x, w = torch.randn(2, layer.conv.weight.shape[1], 16, 16), torch.randn(2, 16)
    plain = layer(x, w)
    layer.magnitude.fill_(49.0)
    assert torch.allclose(layer(7 * x, w), plain, atol=1e-5)


def test_psi_zero_is_one_and_the_same_picture():
    net = settled("translation")
    x = net.render(net.map(torch.randn(2, 8, dtype=torch.float64), psi=0.0))
    assert torch.allclose(x[0], x[1], atol=1e-12)
