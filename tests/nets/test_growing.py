"""Networks that grow: sizes of the papers, fades, what travels with the weights, AdaIN (Karras 2018 and 2019)."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from ganstudio.catalog import networks_growing as options
from ganstudio.core.shapes import DataShape, square_problem
from ganstudio.nets import DISCRIMINATORS, GENERATORS, parameter_count, seeded
from ganstudio.nets.base import Discriminator, Generator
from ganstudio.nets.equalized import EqualizedConv2d, EqualizedLinear
from ganstudio.nets.growth import Growth, enlarged, faded, growths, reduced
from ganstudio.nets.layers import PixelNorm
from ganstudio.nets.mixing import MinibatchStd
from ganstudio.nets.stylegan import AdaptiveNorm, Blur, StyleganGenerator, standardized

FAMILIES = ("progan", "stylegan")
SMALL: dict[str, Any] = {"base_channels": 3, "most_channels": 6}
STYLE: dict[str, dict[str, Any]] = {"progan": {}, "stylegan": {"style": 5, "mapping": 2}}


def settings_of(kind: str, judging: bool = False) -> Any:
    makers = options.DISCRIMINATORS if judging else options.GENERATORS
    return next(cls for cls in makers if cls.kind == kind)


def generator(kind: str, size: int = 16, channels: int = 1, **more: Any) -> Generator:
    chosen = settings_of(kind)(**SMALL | STYLE[kind] | more)
    with seeded(1):
        net = GENERATORS[kind](chosen, 4, DataShape("image", channels, size, size))
        for (
            parameter
        ) in net.parameters():  # noise strengths and shifts begin at 0 and would hide what they do
            if not parameter.any():
                nn.init.normal_(parameter, 0.0, 0.3)
    return net


def discriminator(kind: str, size: int = 16, channels: int = 1) -> Discriminator:
    with seeded(2):
        return DISCRIMINATORS[kind](
            settings_of(kind, True)(**SMALL), DataShape("image", channels, size, size)
        )


def grow(net: nn.Module, level: int, alpha: float = 1.0) -> None:
    for growth in growths(net):
        growth.set(level, alpha)


def made(net: Generator, level: int, alpha: float = 1.0) -> Tensor:
    """Pictures of the size grown to, with fixed noise and unmixed styles, as training would have them."""
    grow(net, level, alpha)
    z = torch.randn(3, 4, generator=torch.Generator().manual_seed(7))
    with torch.no_grad():
        if isinstance(net, StyleganGenerator):
            return net.render(net.map(z, track=False), "fixed")
        return net(z)


def pictures(size: int, channels: int = 1) -> Tensor:
    return torch.randn(4, channels, size, size, generator=torch.Generator().manual_seed(8))


# ---------------------------------------------------------------- sizes


def test_widths_are_those_of_the_paper_at_1024_px():
    chosen = options.ProganGenerator(base_channels=16, most_channels=512)
    widths = chosen.widths(DataShape("image", 3, 1024, 1024))
    assert widths == (512, 512, 512, 512, 256, 128, 64, 32, 16)


def exits(net: Any) -> int:
    """Parameters of the ways in or out that full size does not use."""
    unused = net.leave if hasattr(net, "leave") else net.enter
    return parameter_count(unused) - parameter_count(unused[-1])


@pytest.mark.parametrize(
    ("kind", "judging", "millions"),
    [("progan", False, 23.1), ("progan", True, 23.1), ("stylegan", False, 26.2)],
)
def test_networks_at_1024_px_are_as_large_as_the_papers(kind: str, judging: bool, millions: float):
    """Karras 2018, table 2; Karras 2019, section 2, which counts 26.2 M beside 23.1 M."""
    shape = DataShape("image", 3, 1024, 1024)
    chosen = settings_of(kind, judging)()
    net: Any = DISCRIMINATORS[kind](chosen, shape) if judging else GENERATORS[kind](chosen, 512, shape)
    if judging:
        net.mix(MinibatchStd(4), 1)
    assert (parameter_count(net) - exits(net)) / 1e6 == pytest.approx(millions, abs=0.05)


@pytest.mark.parametrize("kind", FAMILIES)
@pytest.mark.parametrize("size", [8, 16, 32, 64, 128, 256, 512, 1024])
@pytest.mark.parametrize("channels", [1, 3])
def test_every_power_of_two_can_be_made_and_judged(kind: str, size: int, channels: int):
    net, judge = generator(kind, size, channels), discriminator(kind, size, channels)
    assert net.stages.keys() == judge.stages.keys() == {4 << k for k in range(size.bit_length() - 2)}
    for level in (0, 1, size.bit_length() - 3) if size <= 64 else (0, 1):
        grow(judge, level)
        x = made(net, level)
        assert x.shape == (3, channels, 4 << level, 4 << level)
        assert judge(x).shape == (3,) and judge.judge(x).features.shape == (3, judge.width)


@pytest.mark.parametrize(("height", "width"), [(24, 24), (4, 4), (2048, 2048), (16, 32), (0, 0)])
def test_other_sizes_are_refused_with_one_that_would_do(height: int, width: int):
    problem = square_problem(height, width)
    assert problem.startswith(f"{width} x {height} px: ") and "power of two" in problem
    near = int(problem.rsplit(" x ", 1)[1].split()[0])
    assert square_problem(near, near) == ""
    reason = options.ProganGenerator().refuses(DataShape("image", 1, height, width))
    assert reason == problem
    assert "points" in options.StyleganGenerator().refuses(DataShape("points", 2))


# ---------------------------------------------------------------- fades


@pytest.mark.parametrize("kind", FAMILIES)
@pytest.mark.parametrize("level", [1, 2])
def test_a_generators_fade_leads_from_the_enlarged_lower_level_to_its_own(kind: str, level: int):
    net = generator(kind)
    below, full = enlarged(made(net, level - 1), 4 << level), made(net, level)
    assert torch.allclose(made(net, level, 0.0), below, atol=1e-6)
    assert not torch.allclose(below, full, atol=0.1)
    assert torch.allclose(made(net, level, 0.25), 0.75 * below + 0.25 * full, atol=1e-5)


@pytest.mark.parametrize("kind", FAMILIES)
@pytest.mark.parametrize("level", [1, 2])
def test_a_discriminators_fade_does_the_same_with_what_it_sees(kind: str, level: int):
    net, x = discriminator(kind), pictures(4 << level)
    grow(net, level - 1)
    below = net(reduced(x, 2 << level))
    grow(net, level)
    full = net(x)
    grow(net, level, 0.0)
    assert torch.allclose(net(x), below, atol=1e-5) and not torch.allclose(below, full, atol=1e-3)
    grow(net, level, 1.0)
    assert torch.equal(net(x), full)


@pytest.mark.parametrize("kind", FAMILIES)
def test_layers_of_sizes_to_come_take_no_part(kind: str):
    net, judge = generator(kind), discriminator(kind)
    for one in (net, judge):
        grow(one, 1, 0.5)
    judge(net(torch.randn(4, 4))).sum().backward()
    for one in (net, judge):
        idle = {name for name, p in one.named_parameters() if p.grad is None}
        ways, last = ("leave.2", "enter.2"), len(one.blocks) - 1  # type: ignore[arg-type]
        assert idle and all(name.startswith((*ways, f"blocks.{last}", "constant.")) for name in idle)


def test_real_pictures_fade_in_the_same_way():
    x = pictures(8)
    assert torch.equal(faded(x, 1.0), x)
    coarse = x.unflatten(3, (4, 2)).unflatten(2, (4, 2)).mean((3, 5))
    assert torch.allclose(reduced(x, 4), coarse)
    blocky = coarse.repeat_interleave(2, 2).repeat_interleave(2, 3)
    assert torch.allclose(enlarged(coarse, 8), blocky)
    assert torch.allclose(faded(x, 0.0), blocky)
    assert torch.allclose(faded(x, 0.3), 0.7 * blocky + 0.3 * x, atol=1e-6)
    assert torch.allclose(reduced(faded(x, 0.3), 4), coarse, atol=1e-6), "what is coarse stays as it is"


# ---------------------------------------------------------------- what travels with the weights


@pytest.mark.parametrize("kind", FAMILIES)
@pytest.mark.parametrize(("level", "alpha"), [(0, 1.0), (1, 0.25), (2, 1.0)])
def test_weights_bring_along_how_far_they_have_grown(kind: str, level: int, alpha: float):
    net = generator(kind).eval()
    small = made(net.train(), level, alpha)
    full = made(net.eval(), level, alpha)
    assert full.shape == (3, 1, 16, 16) and torch.allclose(full, enlarged(small, 16))
    other = generator(kind).eval()
    other.load_state_dict(net.state_dict())
    z = torch.randn(2, 4)
    assert torch.equal(other(z), net(z))
    assert [(g.level, g.alpha) for g in growths(other)] == [(level, alpha)]


def test_in_evaluation_the_copied_buffer_decides():
    source, copy = Growth(4), Growth(4).eval()
    source.set(1, 0.5)
    copy.now.copy_(source.now)
    assert copy.read() == (1, 0.5) and source.read() == (1, 0.5)
    copy.train()
    copy.now.fill_(0.0)
    assert copy.read() == (1, 0.5), "in training the numbers on the host do"


# ---------------------------------------------------------------- layers


def test_all_layers_have_an_equalised_rate_and_no_other_size():
    for net in (generator("progan"), generator("stylegan"), discriminator("progan")):
        kinds = {type(m) for m in net.modules() if hasattr(m, "weight")}
        assert kinds <= {EqualizedLinear, EqualizedConv2d}
    norms = [m for m in generator("progan", 32).modules() if isinstance(m, PixelNorm)]
    assert len(norms) == 1 + 2 * 4, "of z and behind every layer but the exits"


def test_adain_gives_each_map_the_mean_and_deviation_of_its_style():
    layer, w = AdaptiveNorm(3, 5), torch.randn(2, 5)
    x = 4 + 7 * torch.randn(2, 3, 8, 8)
    scale, shift = layer.affine(w).chunk(2, 1)
    made = layer(x, w)
    assert torch.allclose(made.mean((2, 3)), shift, atol=1e-5)
    assert torch.allclose(made.std((2, 3), correction=0), (1 + scale).abs(), atol=1e-4)
    again = layer(100 * x - 3, w)
    assert torch.allclose(again, made, atol=1e-4), "what the maps were before is forgotten"
    plain = standardized(x.double())
    assert torch.allclose(plain.mean((2, 3)), torch.zeros(2, 3).double(), atol=1e-12)


def test_a_map_without_variation_becomes_its_shift():
    layer, w = AdaptiveNorm(2, 5), torch.randn(3, 5)
    made = layer(torch.full((3, 2, 4, 4), 0.7), w)
    assert torch.allclose(made, layer.affine(w)[:, 2:, None, None].expand_as(made))


def test_rows_of_styles_steer_their_own_size_and_what_comes_behind():
    net = generator("stylegan", 16).eval()
    assert isinstance(net, StyleganGenerator)
    assert net.style_rows == (4, 4, 8, 8, 16, 16) and net.rows == 6
    ws = net.map(torch.randn(2, 4))
    for row in range(6):
        changed = ws.clone()
        changed[:, row] += 1.0
        for level in range(3):
            grow(net, level)
            same = torch.equal(net.render(changed), net.render(ws))
            assert same == (row >= net.active_rows), f"row {row} at level {level}"
    grow(net, 1)
    assert net.active_rows == 4


def test_noise_changes_pictures_only_where_it_is_asked_for():
    net = generator("stylegan").train()
    assert isinstance(net, StyleganGenerator)
    net.mixing.probability = 0.0
    z = torch.randn(2, 4)
    net.reseed(1)
    first, second = net(z), net(z)
    net.reseed(1)
    assert not torch.equal(first, second) and torch.equal(net(z), first)
    net.eval()
    ws = net.map(z)
    assert torch.equal(net(z), net.render(ws)) and torch.equal(net(z), net.render(ws, "fixed"))
    assert not torch.equal(net(z), net.render(ws, "none"))
    assert not torch.equal(net.render(ws, "random"), net.render(ws, "random"))
    silent = generator("stylegan", noise=False)
    assert isinstance(silent, StyleganGenerator)
    assert not any("noise" in name for name, _ in silent.named_parameters())


def test_a_blur_keeps_a_constant_inside_and_spreads_a_point():
    blur, point = Blur(), torch.zeros(1, 1, 5, 5)
    point[0, 0, 2, 2] = 16.0
    spread = torch.tensor([[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]])
    assert torch.allclose(blur(point)[0, 0, 1:4, 1:4], spread)
    assert torch.allclose(blur(torch.ones(1, 2, 5, 5))[:, :, 1:-1, 1:-1], torch.tensor(1.0))
