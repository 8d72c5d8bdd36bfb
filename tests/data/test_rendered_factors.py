"""Factors change what they claim, by the amounts they claim."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from support.rendered import middle, nearest
from torch import Tensor

from ganstudio.catalog.datasets import Digits
from ganstudio.catalog.rendered import LETTERS, SHAPES
from ganstudio.data.digits import load_digits
from ganstudio.data.rendered.factors import Values
from ganstudio.data.rendered.glyphs import HOLLOW_WEIGHT, GlyphSource, placed
from ganstudio.data.rendered.grain import grain
from ganstudio.data.rendered.lettering import STYLES, lettering
from ganstudio.data.rendered.palette import CALM, LIGHT_GREYS, VIVID
from ganstudio.data.rendered.patterns import PATTERNS
from ganstudio.data.rendered.shapes import LARGE, SMALL, ShapeSource
from ganstudio.data.rendered.source import RenderedSource
from ganstudio.data.rendered.stacked import CHANNELS, StackedSource
from ganstudio.data.rendered.strokes import STROKES

SHAPE_AREAS = {
    "circle": math.pi,
    "square": 2.0,
    "triangle": 0.75 * math.sqrt(3),
    "pentagon": 2.5 * math.sin(2 * math.pi / 5),
    "star": 5 * 0.45 * math.sin(math.pi / 5),
    "ring": math.pi * (1 - 0.4**2),
    "cross": (4 * 0.34 * 2 - 4 * 0.34**2) / (1 + 0.34**2),
}
"""Areas in a circle of radius 1; the ring's line has a half width of 0.3 around 0.7."""


def shapes(channels: int = 3, resolution: int = 64) -> ShapeSource:
    return ShapeSource("shapes", resolution, channels)


def mask(source: RenderedSource, values: Values, figure: Tensor, ground: Tensor) -> Tensor:
    """How much of each pixel the figure covers, (N, H, W): where its colour lies between ground and figure."""
    pictures = (source.render(values) + 1) / 2
    way = (figure - ground).view(1, -1, 1, 1)
    return ((pictures - ground.view(1, -1, 1, 1)) * way).sum(1) / way.square().sum()


def places(resolution: int) -> tuple[Tensor, Tensor]:
    line = (torch.arange(resolution) + 0.5) / resolution * 2 - 1
    return line.view(1, 1, -1), -line.view(1, -1, 1)


RED, WHITE = VIVID.table(torch.device("cpu"), 3)[0], CALM.table(torch.device("cpu"), 3)[0]


# ---------------------------------------------------------------- shapes


@pytest.mark.parametrize("kind", SHAPE_AREAS)
@pytest.mark.parametrize("size", [0.25, 0.4, 0.58])
def test_size_sets_the_area_of_every_kind(kind: str, size: float):
    source = shapes(resolution=128)
    found = mask(source, middle(source, shape=kind, size=size), RED, WHITE)
    wanted = SHAPE_AREAS[kind] * size * size
    assert found.sum().item() * (2 / 128) ** 2 == pytest.approx(wanted, rel=0.01)


@pytest.mark.parametrize("kind", SHAPES)
def test_place_moves_the_middle_by_as_much(kind: str):
    source = shapes()
    x, y = torch.tensor([0.0, 0.4, -0.4, -0.23]), torch.tensor([0.0, -0.4, 0.4, 0.31])
    covered = mask(source, middle(source, 4, shape=kind, x=x, y=y), RED, WHITE)
    across, up = places(64)
    weight = covered.sum((1, 2))
    found_x, found_y = (covered * across).sum((1, 2)) / weight, (covered * up).sum((1, 2)) / weight
    assert torch.allclose(found_x - found_x[0], x, atol=2e-3)
    assert torch.allclose(found_y - found_y[0], y, atol=2e-3)


@pytest.mark.parametrize("kind", SHAPES)
def test_a_figure_reaches_its_circle_and_no_further(kind: str):
    source = shapes(resolution=256)
    covered = mask(source, middle(source, shape=kind, size=0.5, rotation=17.0), RED, WHITE)[0]
    across, up = places(256)
    distance = (across.square() + up.square()).sqrt()[0]
    reach = distance[covered > 0.5].max().item()
    assert 0.5 - 3 * 2 / 256 < reach < 0.5 + 2 / 256


@pytest.mark.parametrize("kind", SHAPES)
def test_no_figure_leaves_the_picture(kind: str):
    source = shapes(resolution=128)
    corners = [(x, y) for x in (-0.4, 0.4) for y in (-0.4, 0.4)]
    turns = torch.linspace(-45, 45, 7).repeat(4)
    x, y = (torch.tensor([corner[k] for corner in corners]).repeat_interleave(7) for k in (0, 1))
    covered = mask(source, middle(source, 28, shape=kind, size=0.58, x=x, y=y, rotation=turns), RED, WHITE)
    edge = torch.cat([covered[:, [0, -1]].flatten(), covered[:, :, [0, -1]].flatten()])
    assert edge.abs().max() < 1e-3 and covered.max() > 0.99


@pytest.mark.parametrize(
    ("kind", "turn"), [("triangle", 30.0), ("star", 36.0), ("heart", 45.0), ("cross", -20.0)]
)
def test_rotation_turns_counter_clockwise(kind: str, turn: float):
    source = shapes(resolution=128)
    covered = mask(
        source, middle(source, 2, shape=kind, size=0.58, rotation=torch.tensor([0.0, turn])), RED, WHITE
    )
    across, up = places(128)
    angle = -math.radians(turn)
    x, y = across * math.cos(angle) - up * math.sin(angle), across * math.sin(angle) + up * math.cos(angle)
    grid = torch.stack([x.expand(1, 128, 128), -y.expand(1, 128, 128)], dim=-1)
    turned = torch.nn.functional.grid_sample(covered[None, :1], grid, align_corners=False)[0, 0]
    assert (turned - covered[1]).abs().mean() < 0.003
    assert (covered[0] - covered[1]).abs().mean() > 0.01


@pytest.mark.parametrize("name", VIVID.names)
def test_a_figure_has_the_colour_it_is_said_to_have(name: str):
    source = shapes()
    picture = (source.render(middle(source, colour=name))[0] + 1) / 2
    assert torch.allclose(
        picture[:, 32, 32], VIVID.table(picture.device, 3)[VIVID.names.index(name)], atol=1e-5
    )


def test_a_red_figure_is_redder_than_a_blue_one():
    source = shapes()
    red, blue = source.render(middle(source, 2, colour=["red", "blue"])).mean((2, 3))
    assert red[0] > blue[0] + 0.05 and blue[2] > red[2] + 0.05


def test_grey_figures_have_the_tone_they_are_said_to_have():
    source = shapes(channels=1)
    pictures = (source.render(middle(source, 3, colour=list(LIGHT_GREYS.names))) + 1) / 2
    assert pictures.shape[1] == 1
    assert pictures[:, 0, 32, 32].tolist() == pytest.approx([c[0] / 255 for c in LIGHT_GREYS.rgb], abs=1e-4)


@pytest.mark.parametrize("texture", PATTERNS)
def test_textures_darken_their_share_of_the_figure(texture: str):
    source = shapes(resolution=256)
    plain, woven = source.render(middle(source, 2, shape="square", size=0.58, texture=["plain", texture]))
    change = ((plain - woven).sum(0) / ((plain[:, 128, 128] + 1) * 0.45).sum())[91:165, 91:165]  # two periods
    share = {"plain": 0.0, "shaded": 0.5, "striped": 0.5, "checked": 0.5, "dotted": math.pi * 0.09}[texture]
    assert change.mean().item() == pytest.approx(share, abs=0.06)
    assert woven.amax((1, 2)).isfinite().all()


def test_captions_of_figures_tell_their_factors():
    source = shapes()
    values = source.draw(300, torch.Generator().manual_seed(3))
    for k, caption in enumerate(source.captions(values)):
        figure, ground = (
            caption.split(" on a ")[-2:] if caption.count(" on a ") > 1 else caption.rsplit(" on a ", 1)
        )
        size, x, rotation = (values[name][k].item() for name in ("size", "x", "rotation"))
        kind = SHAPES[values["shape"][k]]
        assert f" {VIVID.names[values['colour'][k]]} {kind}" in figure
        assert CALM.names[values["background"][k]] in ground
        assert ("small" in caption) == (size < SMALL) and ("large" in caption) == (size > LARGE)
        assert (PATTERNS[values["background texture"][k]] in ground) or values["background texture"][k] == 0
        assert ("tilted" in caption) == (abs(rotation) > 15 and kind not in ("circle", "ring"))
        assert (x >= -0.14) or " left" in caption.replace("tilted to the left", "")


def test_a_caption_reads_like_a_sentence():
    source = shapes()
    values = middle(
        source, shape="circle", colour="red", size=0.55, x=-0.3, y=0.3,
        background="pale blue", background_texture="striped",
    )  # fmt: skip
    assert source.captions(values) == [
        "a large red circle at the upper left on a striped pale blue background"
    ]


# ---------------------------------------------------------------- characters


def glyphs(resolution: int = 64, channels: int = 1) -> GlyphSource:
    return GlyphSource("glyphs", resolution, channels, tuple(STROKES))


def plain(**changes: Any) -> Values:
    return middle(glyphs(), **{"noise": 0.0, "slant": 0.0} | changes)


def ink(values: Values, resolution: int = 64) -> Tensor:
    return (glyphs(resolution).render(values)[:, 0] + 1) / 2


def test_a_straight_stroke_covers_its_length_times_its_width():
    weight, size = 0.1, 0.65
    found = ink(plain(character="I", weight=weight, size=size, width=1.0), 128)[0]
    row = found[40:88].sum(1).mean().item() * 2 / 128  # the upright alone, between the bars
    assert row == pytest.approx(2 * weight * size, rel=0.01)


@pytest.mark.parametrize("style", [style for style in STYLES if style != "outlined"])
def test_weight_adds_ink(style: str):
    covered = ink(plain(count=3, style=style, weight=torch.tensor([0.07, 0.12, 0.2]), character="R")).sum(
        (1, 2)
    )
    assert covered[0] * 1.4 < covered[1] and covered[1] * 1.3 < covered[2]


def test_slant_leans_the_top_to_the_right():
    found = ink(plain(count=2, character="I", slant=torch.tensor([0.0, 14.0])), 128)
    across, _ = places(128)
    high, low = (
        (found[:, k : k + 4] * across).sum((1, 2)) / found[:, k : k + 4].sum((1, 2)) for k in (42, 82)
    )
    lean = high - low
    assert abs(lean[0]) < 1e-3
    assert lean[1].item() == pytest.approx(math.tan(math.radians(14)) * 2 * 40 / 128, rel=0.02)


def test_size_and_place_are_those_of_the_picture():
    across, up = places(128)
    found = ink(plain(character="O", size=0.65, x=0.07, y=-0.07, weight=0.07, width=1.0), 128)[0] > 0.5
    rows, columns = up[0, :, 0][found.any(1)], across[0, 0][found.any(0)]
    reach = 0.65 * 1.07
    assert (rows.max().item(), rows.min().item()) == pytest.approx((-0.07 + reach, -0.07 - reach), abs=0.02)
    assert (columns.max() + columns.min()).item() / 2 == pytest.approx(0.07, abs=0.01)


def test_every_character_in_every_style_stays_in_the_picture_at_all_extremes():
    source, count = glyphs(), len(STROKES) * len(STYLES)
    numbers = [f for f in source.factors if f.name in ("width", "slant", "size", "x", "y")]
    table = lettering(source.characters, torch.device("cpu")).flatten(0, 1)
    for corner in range(2 ** len(numbers)):
        pushed = {f.name: (f.low, f.high)[corner >> k & 1] for k, f in enumerate(numbers)}
        values = plain(count=count, weight=0.2, hand=torch.linspace(0, 1, count), **pushed)
        values["style"] = torch.arange(len(STYLES)).repeat_interleave(len(STROKES))
        pen = (
            0.2
            * pushed["size"]
            * torch.where(values["style"] == STYLES.index("outlined"), HOLLOW_WEIGHT, 1.0)
        )
        reach = placed(table[..., :4], values).abs() + (
            pen.view(-1, 1, 1) * table[..., 4:]
        ).repeat_interleave(2, -1)
        assert reach.max() < 1, pushed


def test_all_characters_differ():
    assert nearest(ink(plain(count=36, character=list(STROKES)))) > 40


@pytest.mark.parametrize("character", STROKES)
def test_the_styles_of_every_character_differ(character: str):
    assert nearest(ink(plain(count=6, style=list(STYLES), character=character, hand=0.3))) > 25


def test_an_outlined_stroke_is_hollow():
    full, hollow = ink(plain(count=2, style=["plain", "outlined"], character="I", weight=0.2), 256)
    assert full[128, 128] == 1 and hollow[128, 128] == 0 and hollow[128].max() == 1


def test_grain_has_the_amplitude_it_is_said_to_have_and_its_own_pattern():
    noise = grain(torch.tensor([0.1, 0.2, 0.1]), 64)
    assert torch.equal(noise[0], noise[2]) and not torch.equal(noise[0], noise[1])
    assert noise.abs().max() <= 1 and noise.mean((1, 2)).abs().max() < 0.05 and noise.std() > 0.3
    assert abs(torch.corrcoef(noise[:2].flatten(1))[0, 1]) < 0.1
    seeds = torch.rand(400, generator=torch.Generator().manual_seed(0))
    assert abs(grain(seeds, 16)[:, 3, 5].mean()) < 0.05
    quiet, loud = ink(
        plain(count=2, noise=torch.tensor([0.0, 0.2]), grain=0.3, paper="slate grey", size=0.55)
    )
    assert quiet[:6].std() < 1e-6 and 0.04 < loud[:6].std() < 0.2


def test_captions_of_characters_tell_their_factors():
    source = GlyphSource("glyphs", 32, 3, LETTERS)
    values = middle(
        source, character="K", style="serif", weight=0.19, slant=11.0, ink="blue", paper="white", noise=0.0
    )
    assert source.captions(values) == ["a bold serif letter K in blue on white, slanted to the right"]
    assert source.labels(values).tolist() == [10]


# ---------------------------------------------------------------- stacked digits


def stacked(resolution: int = 8) -> StackedSource:
    return StackedSource("stacked-digits", resolution, 3)


def test_the_label_is_the_number_that_the_three_digits_write():
    source = stacked()
    values = source.draw(500, torch.Generator().manual_seed(0))
    red, green, blue = (values[f"{name} digit"] for name in CHANNELS)
    labels = source.labels(values)
    assert torch.equal(labels, red * 100 + green * 10 + blue)
    for label, caption in zip(labels.tolist(), source.captions(values), strict=True):
        a, b, c = source.class_names[label]
        assert caption == f"a red {a}, a green {b} and a blue {c} on top of each other"


def test_each_channel_is_a_real_digit_of_its_class():
    digits = load_digits(Digits(resolution=8))
    assert digits.labels is not None
    known = {
        tuple(image.flatten().tolist()): label.item()
        for image, label in zip(digits.images, digits.labels, strict=True)
    }
    source = stacked()
    values = source.draw(200, torch.Generator().manual_seed(1))
    pixels = ((source.render(values) + 1) * 127.5).round().to(torch.uint8)
    for channel, name in enumerate(CHANNELS):
        found = [known[tuple(picture[channel].flatten().tolist())] for picture in pixels]
        assert found == values[f"{name} digit"].tolist()


def test_all_drawings_of_a_class_come_up_and_the_last_is_the_last():
    source = stacked()
    values = middle(source, 4000, red_digit="7", red_drawing=torch.linspace(0, 1, 4000))
    drawings = source.render(values)[:, 0].flatten(1).unique(dim=0)
    digits = load_digits(Digits(resolution=8))
    assert digits.labels is not None
    wanted = digits.images[digits.labels == 7].flatten(1).unique(dim=0)
    assert len(drawings) == len(wanted)


def test_all_thousand_modes_are_equally_likely():
    source = stacked()
    counts = (
        source.labels(source.draw(100_000, torch.Generator().manual_seed(0))).bincount(minlength=1000).float()
    )
    assert counts.min() > 50
    assert (
        (counts - 100).square() / 100
    ).sum() < 1150  # chi-squared with 999 degrees of freedom, deviation 45
