"""Places of recipes: ways between latents, through classes and codes, truncation."""

from __future__ import annotations

from math import sqrt

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.core.explore.recipe import Blend, Numbers, Path, Recipe, Seed
from ganstudio.latent import blending
from ganstudio.latent.errors import ExploreError
from ganstudio.latent.places import Finder
from ganstudio.latent.rendering import latent_of, values
from ganstudio.latent.truncation import truncated_styles
from ganstudio.training.streams import latents_for

SHARES = st.floats(-0.5, 1.5)


def two(size: int = 64, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(seed)
    return torch.randn(5, size, generator=random), torch.randn(5, size, generator=random)


@given(SHARES)
def test_slerp_keeps_the_norm_of_ends_of_equal_norm(t: float):
    a, b = two()
    b = b / b.norm(dim=1, keepdim=True) * a.norm(dim=1, keepdim=True)
    assert torch.allclose(blending.slerp(a, b, t).norm(dim=1), a.norm(dim=1), rtol=1e-4)


def test_slerp_goes_at_even_speed_through_both_ends():
    a, b = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, 1.0]])
    assert torch.allclose(blending.slerp(a, b, 0.0), a) and torch.allclose(
        blending.slerp(a, b, 1.0), b, atol=1e-6
    )
    third = blending.slerp(a, b, 1 / 3)
    assert torch.allclose(third, torch.tensor([[sqrt(3) / 2, 0.5]]), atol=1e-6)


@pytest.mark.parametrize("factor", [1.0, 1.00001, -1.0, 0.0])
def test_nearly_parallel_ends_are_joined_by_a_straight_line(factor: float):
    a, _ = two()
    assert torch.allclose(blending.slerp(a, a * factor, 0.25), a * (0.75 + 0.25 * factor), atol=1e-6)


def test_a_straight_line_loses_variance_and_a_matched_one_does_not():
    a, b = (torch.randn(1, 200_000, generator=torch.Generator().manual_seed(k)) for k in (1, 2))
    assert float(blending.lerp(a, b, 0.5).std()) == pytest.approx(sqrt(0.5), rel=0.01)
    for t in (0.0, 0.3, 0.5, 1.0):
        matched = blending.weighted([a, b], (1 - t, t), keep_variance=True)
        assert float(matched.std()) == pytest.approx(1.0, rel=0.01)


def test_uniform_numbers_survive_the_way_through_the_normal_distribution():
    u = torch.linspace(-0.999, 0.999, 101)
    assert torch.allclose(blending.to_uniform(blending.to_normal(u)), u, atol=1e-5)
    assert blending.to_normal(torch.tensor([-1.0, 1.0])).isfinite().all()


@pytest.mark.parametrize("mode", ["slerp", "matched", "lerp", "spline"])
def test_a_uniform_prior_is_kept_on_the_way_but_for_a_straight_line(families, mode: str):
    model = families("points")
    halfway = [
        Finder(model, {}).find(Blend(Seed(2 * k), Seed(2 * k + 1), 0.5, mode)).values for k in range(500)
    ]
    numbers = torch.cat(halfway)
    assert numbers.abs().max() <= 1
    wanted = sqrt(1 / 6) if mode == "lerp" else sqrt(1 / 3)
    assert float(numbers.std()) == pytest.approx(wanted, rel=0.05)


@given(st.integers(2, 7), st.booleans())
def test_a_spline_goes_through_all_its_stops(stops: int, loop: bool):
    for piece in range(stops if loop else stops - 1):
        start, end = (blending.spline_shares(stops, piece, t, loop) for t in (0.0, 1.0))
        assert start == pytest.approx([float(k == piece) for k in range(stops)], abs=1e-9)
        assert end == pytest.approx([float(k == (piece + 1) % stops) for k in range(stops)], abs=1e-9)


@given(st.integers(3, 7), st.booleans(), st.data())
def test_a_spline_is_smooth_at_its_stops_and_its_shares_sum_to_one(
    stops: int, loop: bool, data: st.DataObject
):
    pieces = stops if loop else stops - 1
    piece = data.draw(st.integers(0, pieces - 1 if loop else pieces - 2))
    step = 1e-4
    before = blending.spline_shares(stops, piece, 1 - step, loop)
    after = blending.spline_shares(stops, (piece + 1) % pieces, step, loop)
    stop = (piece + 1) % stops
    for k in range(stops):
        here = float(k == stop)
        assert (here - before[k]) / step == pytest.approx((after[k] - here) / step, abs=5e-3)
    assert sum(before) == pytest.approx(1) == sum(after)


@given(st.integers(2, 6), st.floats(-2, 3), st.booleans(), st.sampled_from(list(blending.EASINGS)))
def test_every_moment_of_a_way_lies_on_a_stretch(stops: int, at: float, loop: bool, easing: str):
    piece, t = blending.segment(stops, at, loop, easing)
    assert 0 <= piece < (stops if loop else stops - 1) and -1e-9 <= t <= 1 + 1e-9


@pytest.mark.parametrize("easing", list(blending.EASINGS))
def test_easings_begin_at_nothing_and_end_at_all(easing: str):
    ease = blending.EASINGS[easing]
    assert (ease(0.0), ease(1.0)) == (0.0, 1.0)
    steps = [ease(k / 20) for k in range(21)]
    assert steps == sorted(steps)


def where(model, place, classes=None) -> torch.Tensor:
    return Finder(model, classes or {}).find(place).values


def test_seeds_and_numbers(families):
    model = families("dcgan")
    z = latents_for([4], model.latent)
    assert torch.equal(where(model, Seed(4)), z)
    assert torch.equal(where(model, Numbers("z", tuple(map(tuple, z.tolist())))), z)


@pytest.mark.parametrize("mode", ["lerp", "slerp", "matched", "spline"])
def test_blends_and_paths_begin_and_end_where_they_should(model, mode: str):
    stops = (Seed(1), Seed(2), Seed(3))
    for at, seed in ((0.0, 1), (0.5, 2), (1.0, 3)):
        assert torch.allclose(where(model, Path(stops, at, mode)), where(model, Seed(seed)), atol=1e-4)
    for at, seed in ((0.0, 1), (1 / 3, 2), (2 / 3, 3), (1.0, 1), (4 / 3, 2)):
        looped = where(model, Path(stops, at, mode, loop=True))
        assert torch.allclose(looped, where(model, Seed(seed)), atol=1e-4)
    blend = where(model, Blend(Seed(1), Seed(2), 1.0, mode))
    assert torch.allclose(blend, where(model, Seed(2)), atol=1e-4)


def test_places_lie_within_places(families):
    model = families("dcgan")
    inner = Blend(Seed(1), Seed(2), 0.5)
    assert torch.equal(where(model, Path((inner,), 0.7)), where(model, inner))
    outer = where(model, Blend(inner, Seed(3), 0.5, "lerp"))
    assert torch.allclose(outer, (where(model, inner) + where(model, Seed(3))) / 2)
    with pytest.raises(ExploreError, match="a stop at least"):
        where(model, Path((), 0.5))


def test_w_is_crossed_in_straight_lines(families):
    model = families("stylegan2")
    one, two = (latent_of(model, Recipe(Seed(s))) for s in (1, 2))
    for mode in ("lerp", "slerp", "spline"):
        middle = where(model, Blend(Seed(1), Seed(2), 0.5, mode, "w"))
        assert torch.allclose(middle[0], (one + two) / 2, atol=1e-6)
    average = model.styled.w_average
    matched = where(model, Blend(Seed(1), Seed(2), 0.5, "matched", "w"))[0]
    assert torch.allclose(matched - average, ((one + two) / 2 - average) * sqrt(2), atol=1e-5)


def test_a_w_is_given_by_one_row_or_by_all(families):
    model = families("stylegan")
    ws = latent_of(model, Recipe(Seed(1)))
    every = Numbers("w", tuple(map(tuple, ws.tolist())))
    single = Numbers("w", (tuple(ws[0].tolist()),))
    wanted = values(model, Recipe(Seed(1)))
    assert torch.equal(values(model, Recipe(every)), wanted)
    assert torch.equal(values(model, Recipe(single)), wanted)
    mixed = where(model, Blend(every, Seed(2), 0.5))
    assert mixed.shape == (1, *ws.shape)
    with pytest.raises(ExploreError, match="1 or 4 rows of 6 numbers"):
        values(model, Recipe(Numbers("w", ((1.0,) * 5,))))


def test_truncation_draws_w_to_its_average_below_the_cutoff():
    ws, middle = torch.randn(2, 5, 3), torch.randn(3)
    assert torch.equal(truncated_styles(ws, middle, 1.0), ws)
    assert torch.allclose(truncated_styles(ws, middle, 0.0), middle.expand_as(ws))
    half = truncated_styles(ws, middle, 0.5, 2)
    assert torch.allclose(half[:, :2], (ws[:, :2] + middle) / 2) and torch.equal(half[:, 2:], ws[:, 2:])
    assert torch.allclose(truncated_styles(ws, middle, -1.0) - middle, middle - ws, atol=1e-6)


def test_truncation_without_w_makes_z_shorter_and_leaves_codes(families):
    model = families("codes")
    z, short = (latent_of(model, Recipe(Seed(3), psi=psi)) for psi in (1.0, 0.5))
    assert torch.allclose(short[:, :4], z[:, :4] * 0.5) and torch.equal(short[:, 4:], z[:, 4:])


def test_codes_are_set_and_checked(families):
    model = families("codes")
    z = latent_of(model, Recipe(Seed(3), codes=(2.0, None, -0.5)))
    assert z[0, 4:7].tolist() == [0, 0, 1] and float(z[0, 8]) == -0.5
    assert float(z[0, 7]) == float(model.z([3])[0, 7])
    with pytest.raises(ExploreError, match="code 1 goes from 0 to 2"):
        values(model, Recipe(codes=(7.0, None, None)))


def test_categories_are_crossed_as_mixtures(families):
    model = families("codes")
    half = where(model, Blend(Seed(0), Seed(1), 0.25))
    assert torch.allclose(half[:, 4:], 0.75 * model.z([0])[:, 4:] + 0.25 * model.z([1])[:, 4:])
