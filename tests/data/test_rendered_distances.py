"""Signed distances against geometry worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from ganstudio.data.rendered import sdf
from ganstudio.data.rendered.canvas import blank

Distance = Callable[[Tensor, Tensor], Tensor]
ROOT = math.sqrt(0.5)
TRIANGLE = torch.tensor([[-0.5, -0.4], [0.6, -0.4], [0.0, 0.5]])


def at(distance: Distance, x: float, y: float) -> float:
    return distance(torch.full((1, 1, 1), x), torch.full((1, 1, 1), y)).item()


KNOWN: list[tuple[str, Distance, float, float, float]] = [
    ("circle, outside", lambda x, y: sdf.circle(x, y, 0.5), 0.6, 0.8, 0.5),
    ("circle, middle", lambda x, y: sdf.circle(x, y, 0.5), 0.0, 0.0, -0.5),
    ("ring, in its hole", lambda x, y: sdf.ring(x, y, 0.5, 0.1), 0.0, 0.0, 0.4),
    ("ring, in its middle line", lambda x, y: sdf.ring(x, y, 0.5, 0.1), 0.3, 0.4, -0.1),
    ("ellipse, on its long end", lambda x, y: sdf.ellipse(x, y, 0.8, 0.3), 0.8, 0.0, 0.0),
    ("ellipse, on its short end", lambda x, y: sdf.ellipse(x, y, 0.8, 0.3), 0.0, -0.3, 0.0),
    ("ellipse of equal halves", lambda x, y: sdf.ellipse(x, y, 0.5, 0.5), 0.3, 0.4, 0.0),
    ("box, beside", lambda x, y: sdf.box(x, y, 0.4, 0.2), 0.7, 0.1, 0.3),
    ("box, off its corner", lambda x, y: sdf.box(x, y, 0.4, 0.2), -0.7, 0.6, 0.5),
    ("box, inside", lambda x, y: sdf.box(x, y, 0.4, 0.2), 0.1, 0.1, -0.1),
    ("rounded box, side", lambda x, y: sdf.rounded_box(x, y, 0.4, 0.2, 0.1), 0.4, 0.0, 0.0),
    ("rounded box, corner", lambda x, y: sdf.rounded_box(x, y, 0.4, 0.2, 0.1), 0.4, 0.2, 0.1 * (math.sqrt(2) - 1)),
    ("cross, end of an arm", lambda x, y: sdf.cross(x, y, 0.6, 0.2), 0.0, 0.7, 0.1),
    ("cross, between arms", lambda x, y: sdf.cross(x, y, 0.6, 0.2), 0.5, 0.5, 0.3),
    ("star, its first point", lambda x, y: sdf.star(x, y, 0.6, 5, 0.5), 0.0, 0.6, 0.0),
    ("star, beyond its point", lambda x, y: sdf.star(x, y, 0.6, 5, 0.5), 0.0, 0.9, 0.3),
    ("star, its lower notch", lambda x, y: sdf.star(x, y, 0.6, 5, 0.5), 0.0, -0.3, 0.0),
    ("polygon, flat side", lambda x, y: sdf.regular_polygon(x, y, 0.6, 4), 0.6 * ROOT, 0.6 * ROOT, 0.6 - 0.6 * ROOT),
    ("polygon, middle", lambda x, y: sdf.regular_polygon(x, y, 0.6, 3), 0.0, 0.0, -0.3),
    ("triangle, below", lambda x, y: sdf.polygon(x, y, TRIANGLE), 0.1, -0.6, 0.2),
    ("triangle, inside", lambda x, y: sdf.polygon(x, y, TRIANGLE), 0.0, -0.3, -0.1),
    ("triangle, corner", lambda x, y: sdf.polygon(x, y, TRIANGLE), 0.0, 0.9, 0.4),
    ("segment, beside", lambda x, y: sdf.segment(x, y, (-0.5, 0.0), (0.5, 0.0)), 0.2, 0.3, 0.3),
    ("segment, past its end", lambda x, y: sdf.segment(x, y, (-0.5, 0.0), (0.5, 0.0)), 0.8, 0.4, 0.5),
    ("segment without length", lambda x, y: sdf.segment(x, y, (0.1, 0.0), (0.1, 0.0)), 0.4, 0.4, 0.5),
    ("arc, inside its opening", lambda x, y: sdf.arc(x, y, 0.5, math.pi / 2), 0.0, 0.8, 0.3),
    ("arc, past its end", lambda x, y: sdf.arc(x, y, 0.5, math.pi / 2), 0.5, -0.4, 0.4),
    ("bezier, its start", lambda x, y: sdf.bezier(x, y, (-0.5, 0), (0, 0.8), (0.5, 0)), -0.5, -0.2, 0.2),
    ("bezier, its top", lambda x, y: sdf.bezier(x, y, (-0.5, 0), (0, 0.8), (0.5, 0)), 0.0, 0.4, 0.0),
    ("egg, top", lambda x, y: sdf.egg(x, y, 0.4, 0.2, 0.5), 0.0, 0.7, 0.3),
    ("egg, bottom", lambda x, y: sdf.egg(x, y, 0.4, 0.2, 0.5), 0.0, -0.9, 0.2),
    ("egg of equal discs, side", lambda x, y: sdf.egg(x, y, 0.3, 0.3, 0.5), 0.5, -0.25, 0.2),
    ("egg, its slanting side", lambda x, y: sdf.egg(x, y, 0.4, 0.1, 0.5), 0.4, -0.3, 0.1),
]  # fmt: skip


@pytest.mark.parametrize(
    ("distance", "x", "y", "wanted"), [case[1:] for case in KNOWN], ids=[c[0] for c in KNOWN]
)
def test_distances_at_known_places(distance: Distance, x: float, y: float, wanted: float):
    assert at(distance, x, y) == pytest.approx(wanted, abs=2e-6)


@given(
    angle=st.floats(-math.pi, math.pi),
    radius=st.floats(0, 1.4),
    points=st.integers(3, 7),
    waist=st.floats(0.2, 0.9),
)
@settings(max_examples=150)
def test_a_star_is_the_polygon_through_its_points_and_notches(
    angle: float, radius: float, points: int, waist: float
):
    x, y = radius * math.sin(angle), radius * math.cos(angle)
    turns = [math.pi * k / points for k in range(2 * points)]
    reach = [0.7 * (waist if k % 2 else 1) for k in range(2 * points)]
    corners = torch.tensor([[r * math.sin(a), r * math.cos(a)] for r, a in zip(reach, turns, strict=True)])
    wanted = at(lambda u, v: sdf.polygon(u, v, corners), x, y)
    assert at(lambda u, v: sdf.star(u, v, 0.7, points, waist), x, y) == pytest.approx(wanted, abs=1e-5)


FIGURES: dict[str, tuple[Distance, float]] = {
    "circle": (lambda x, y: sdf.circle(x, y, 0.6), math.pi * 0.36),
    "ring": (lambda x, y: sdf.ring(x, y, 0.5, 0.2), math.pi * (0.49 - 0.09)),
    "ellipse": (lambda x, y: sdf.ellipse(x, y, 0.8, 0.4), math.pi * 0.32),
    "box": (lambda x, y: sdf.box(x, y, 0.7, 0.3), 1.4 * 0.6),
    "rounded box": (lambda x, y: sdf.rounded_box(x, y, 0.7, 0.4, 0.2), 1.4 * 0.8 - (4 - math.pi) * 0.04),
    "cross": (lambda x, y: sdf.cross(x, y, 0.7, 0.2), 2 * 1.4 * 0.4 - 0.16),
    "hexagon": (lambda x, y: sdf.regular_polygon(x, y, 0.7, 6), 1.5 * math.sqrt(3) * 0.49),
    "star": (lambda x, y: sdf.star(x, y, 0.8, 5, 0.5), 5 * 0.8 * 0.4 * math.sin(math.pi / 5)),
    "triangle": (lambda x, y: sdf.polygon(x, y, TRIANGLE), 0.5 * 1.1 * 0.9),
    "egg": (lambda x, y: sdf.egg(x, y - 0.2, 0.3, 0.3, 0.5), math.pi * 0.09 + 0.6 * 0.5),
    "without": (lambda x, y: sdf.difference(sdf.box(x, y, 0.5, 0.5), sdf.circle(x, y, 0.3)), 1 - math.pi * 0.09),
    "both": (lambda x, y: sdf.intersection(sdf.box(x, y, 0.5, 0.5), sdf.box(x - 0.5, y, 0.5, 0.5)), 0.5),
    "either": (lambda x, y: sdf.union(sdf.box(x, y, 0.5, 0.5), sdf.box(x - 0.5, y, 0.3, 0.4)), 1 + 0.3 * 0.8),
}  # fmt: skip


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("resolution", [32, 64, 128])
def test_a_figure_covers_its_area(name: str, resolution: int):
    distance, area = FIGURES[name]
    canvas = blank(1, 1, resolution, torch.device("cpu"))
    covered = sdf.coverage(distance(canvas.x, canvas.y).expand(1, resolution, resolution), canvas.pixel)
    assert covered.sum().item() * canvas.pixel**2 == pytest.approx(area, rel=0.01)


@pytest.mark.parametrize("name", [name for name in FIGURES if name not in ("ellipse", "without", "both")])
def test_no_distance_is_longer_than_the_way(name: str):
    """Between neighbouring places a distance changes by no more than these are apart."""
    canvas = blank(1, 1, 64, torch.device("cpu"))
    field = FIGURES[name][0](canvas.x, canvas.y).expand(1, 64, 64)
    steps = torch.cat([field.diff(dim=1).flatten(), field.diff(dim=2).flatten()])
    assert steps.abs().max().item() <= canvas.pixel * (1 + 1e-4)


@pytest.mark.parametrize("half_width", [0.004, 0.02, 0.1])
@pytest.mark.parametrize("resolution", [16, 64])
def test_a_line_covers_its_area_even_where_it_is_thinner_than_a_pixel(half_width: float, resolution: int):
    canvas = blank(1, 1, resolution, torch.device("cpu"))
    distance = (canvas.y - 0.03).abs().expand(1, resolution, resolution)
    covered = sdf.stroke(distance, half_width, canvas.pixel).sum().item() * canvas.pixel**2
    assert covered == pytest.approx(2 * 2 * half_width, rel=1e-3)


@pytest.mark.parametrize("period", [0.03, 0.125, 0.5])
def test_stripes_fill_half_of_what_they_cross_without_aliasing(period: float):
    canvas = blank(1, 1, 32, torch.device("cpu"))
    covered = sdf.stripes(canvas.x, period, canvas.pixel)
    fine = blank(1, 1, 32 * 64, torch.device("cpu"))
    wanted = ((fine.x / period).frac().remainder(1) < 0.5).float().view(32, 64).mean(1)
    assert torch.allclose(covered.flatten(), wanted, atol=0.05)
    assert covered.mean().item() == pytest.approx(0.5, abs=0.02)


def test_a_brush_of_even_width_is_the_nearest_of_its_segments():
    canvas = blank(2, 1, 24, torch.device("cpu"))
    ends = torch.rand(2, 3, 4, generator=torch.Generator().manual_seed(0)) * 2 - 1
    pen = torch.tensor([0.1, 0.2]).view(-1, 1, 1)
    found = sdf.brush(canvas.x, canvas.y, ends, torch.ones(2, 3, 2), pen)
    single = [
        sdf.segment(
            canvas.x,
            canvas.y,
            (e[0].view(-1, 1, 1), e[1].view(-1, 1, 1)),
            (e[2].view(-1, 1, 1), e[3].view(-1, 1, 1)),
        )
        for e in (ends[:, k].unbind(-1) for k in range(3))
    ]
    assert torch.allclose(found, sdf.union(*single) - pen, atol=1e-5)


def test_a_brush_grows_evenly_along_a_segment():
    row = torch.tensor([[[-0.5, 0.0, 0.5, 0.0]]])
    widths, pen = torch.tensor([[[0.0, 1.0]]]), torch.full((1, 1, 1), 0.4)
    for x, width in ((-0.5, 0.0), (0.0, 0.2), (0.5, 0.4), (0.9, 0.4)):
        reach = max(0.0, x - 0.5)
        found = at(lambda u, v: sdf.brush(u, v, row, widths, pen), x, 0.0)
        assert found == pytest.approx(reach - width, abs=1e-6)


def test_melting_figures_changes_nothing_far_away_and_fills_the_notch():
    near, far = torch.tensor([0.1]), torch.tensor([0.9])
    assert sdf.smooth_union(near, far, 0.2).item() == pytest.approx(0.1)
    assert sdf.smooth_union(near, near, 0.2).item() == pytest.approx(0.1 - 0.2 / 4)


def test_softness_goes_from_one_to_zero_with_its_middle_on_the_edge():
    found = sdf.soft(torch.tensor([-0.2, -0.05, 0.0, 0.05, 0.2]), 0.2)
    assert found.tolist() == pytest.approx([1.0, 0.84375, 0.5, 0.15625, 0.0])


def test_turning_the_frame_turns_the_figure_counter_clockwise():
    x, y = sdf.rotate(
        torch.tensor(0.0), torch.tensor(1.0), math.pi / 2
    )  # where the figure's right end is now
    assert (x.item(), y.item()) == pytest.approx((1.0, 0.0), abs=1e-6)


def test_a_window_paints_where_the_whole_picture_would():
    whole, part = blank(1, 3, 50, torch.device("cpu")), blank(1, 3, 50, torch.device("cpu"))
    colour, ground = torch.tensor([[1.0, 0.5, 0.2]]), torch.zeros(1, 3)
    for canvas, target in ((whole, whole), (part, part.window(-0.1, 0.7, 0.0, 0.81))):
        canvas.fill(ground)
        target.figure(colour, sdf.circle(target.x - 0.3, target.y - 0.4, 0.4))
    assert torch.equal(whole.image, part.image) and whole.image.sum() > 100
