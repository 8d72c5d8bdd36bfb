"""What looks at pictures, paths, labels and factors."""

from __future__ import annotations

import contextlib
import math
import warnings

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from ganstudio.data import Cancelled
from ganstudio.metrics.diversity import diversity_figure, ms_ssim, pairs_of, scales_of
from ganstudio.metrics.factors import Scale, dci, factor_coverage, mig, mutual_information, of_importances
from ganstudio.metrics.figures import MetricError
from ganstudio.metrics.labels import accuracy, balance
from ganstudio.metrics.path import lerp, path_figure, path_lengths, slerp, trimmed


def noise(*size: int, seed: int = 0) -> torch.Tensor:
    return torch.rand(*size, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


# ---------------------------------------------------------------- similarity


@pytest.mark.parametrize(
    ("side", "scales"), [(8, 1), (16, 1), (32, 2), (64, 3), (128, 4), (176, 5), (1024, 5)]
)
def test_the_window_fits_into_every_scale(side: int, scales: int):
    assert scales_of(side) == scales


@pytest.mark.parametrize("side", [4, 8, 16, 33, 64])
def test_equal_pictures_are_wholly_similar(side: int):
    x = noise(3, 1, side, side)
    assert ms_ssim(x, x).tolist() == pytest.approx([1, 1, 1])
    assert (ms_ssim(x, noise(3, 1, side, side, seed=1)) < 0.9).all()


def peer_scale(x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """torchmetrics' similarity, without the reflected edge that it counts in, and its contrast part."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from torchmetrics.functional.image import structural_similarity_index_measure as peer
    whole = peer(x, y, data_range=1.0, reduction="none", return_full_image=True)[1]
    contrast = peer(x, y, data_range=1.0, reduction="none", return_contrast_sensitivity=True)[1]
    return whole[..., 5:-5, 5:-5].flatten(1).mean(1), contrast


def test_agrees_with_torchmetrics_scale_by_scale():
    x = noise(2, 1, 176, 176)
    y = (x + 0.3 * noise(2, 1, 176, 176, seed=1)).clamp(0, 1)
    found, wanted = ms_ssim(x, y), torch.ones(2).double()
    for scale, weight in enumerate((0.0448, 0.2856, 0.3001, 0.2363, 0.1333)):
        wanted *= peer_scale(x, y)[scale < 4] ** weight
        x, y = functional.avg_pool2d(x, 2), functional.avg_pool2d(y, 2)
    assert found.tolist() == pytest.approx(wanted.tolist(), rel=1e-9)


def test_agrees_with_torchmetrics_where_there_is_one_scale():
    x, y = noise(2, 3, 20, 20), noise(2, 3, 20, 20, seed=1)
    y = 0.6 * x + 0.4 * y
    found = ms_ssim(x, y) ** (1 / 1.0001)  # the exponents as published sum to 1.0001
    assert found.tolist() == pytest.approx(peer_scale(x, y)[0].tolist(), rel=1e-9)


def test_pairs_are_of_two_samples_of_one_class():
    labels = torch.tensor([0, 0, 1, 1, 1, 2])
    left, right = pairs_of(6, 200, labels, seed=0)
    assert (left != right).all() and (labels[left] == labels[right]).all()
    assert set(left.tolist()) == {0, 1, 2, 3, 4}
    with pytest.raises(MetricError, match="No class has two samples"):
        pairs_of(2, 10, torch.tensor([0, 1]), seed=0)


def test_a_collapsed_set_is_less_diverse():
    varied = (255 * noise(40, 1, 16, 16)).to(torch.uint8)
    collapsed = varied[:2].repeat(20, 1, 1, 1)
    assert diversity_figure(collapsed, pairs=50).value > diversity_figure(varied, pairs=50).value + 0.2
    assert diversity_figure(varied[:1].repeat(5, 1, 1, 1), pairs=9).value == pytest.approx(1)
    with pytest.raises(Cancelled):
        diversity_figure(varied, pairs=50, cancelled=lambda: True)


# ---------------------------------------------------------------- paths


def test_ways_begin_and_end_where_they_should():
    a, b = noise(4, 8) - 0.5, noise(4, 8, seed=1) - 0.5
    for way in (lerp, slerp):
        assert torch.allclose(way(a, b, torch.zeros(4).double()), a)
        assert torch.allclose(way(a, b, torch.ones(4).double()), b)


def test_the_way_on_the_sphere_keeps_length_and_turns_evenly():
    a, b = torch.tensor([[2.0, 0.0]]).double(), torch.tensor([[0.0, 2.0]]).double()
    third = slerp(a, b, torch.tensor([1 / 3]).double())
    assert third[0].tolist() == pytest.approx([2 * math.cos(math.pi / 6), 2 * math.sin(math.pi / 6)])


@pytest.mark.parametrize("factor", [1.0, -1.0])
def test_parallel_and_opposite_latents_give_numbers(factor: float):
    a = noise(3, 5)
    assert torch.isfinite(slerp(a, factor * a, torch.full((3,), 0.5).double())).all()


def test_convolutions_keep_all_digits_on_the_way_and_are_as_before_at_its_end():
    convolutions, seen = torch.backends.cudnn.conv, []

    def render(z: torch.Tensor, part: slice) -> torch.Tensor:
        seen.append(convolutions.fp32_precision)
        if len(seen) > 2:
            raise ValueError("broken")
        return z

    before = convolutions.fp32_precision
    ends = noise(2, 3), noise(2, 3, seed=1), torch.zeros(2)
    for _ in range(2):
        with contextlib.suppress(ValueError):
            path_lengths(render, lambda x, y: (x - y).square().sum(1), *ends)
        assert convolutions.fp32_precision == before
    assert seen == ["ieee"] * 3 and before != "ieee"


def test_a_linear_generator_has_the_length_of_its_step():
    turn = noise(6, 10)

    def squared(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return (x - y).square().sum(1)

    a, b = noise(50, 6, seed=1), noise(50, 6, seed=2)
    found = path_lengths(
        lambda z, part: z.double() @ turn, squared, a, b, noise(50, seed=3), interpolate=lerp, epsilon=1e-2
    )
    wanted = ((b - a) @ turn).square().sum(1).numpy()
    assert found == pytest.approx(wanted, rel=1e-3)
    figure = path_figure(found)
    assert figure.value == pytest.approx(trimmed(wanted).mean(), rel=1e-3)
    assert figure.low < figure.value < figure.high


def test_the_outermost_percents_are_left_out():
    lengths = np.arange(1, 1001, dtype=float)
    kept = trimmed(lengths)
    assert (kept[0], kept[-1]) == (10, 991)
    assert path_figure(np.array([1.0])).value == 1
    with pytest.raises(MetricError, match="not finite"):
        path_figure(np.array([1.0, np.nan]))


# ---------------------------------------------------------------- labels


def test_balance_at_its_ends():
    classes = torch.arange(4).repeat(25)
    found = balance(classes, np.full(4, 0.25))
    assert found.distance.value == 0 and 0 < found.floor < 0.15
    one = balance(torch.zeros(100), np.full(4, 0.25))
    assert one.distance.value == pytest.approx(0.75) and one.shares.tolist() == [1, 0, 0, 0]


def test_accuracy_in_all_and_for_each_class():
    figure, each = accuracy(torch.tensor([0, 0, 1, 1]), torch.tensor([0, 1, 1, 1]), 3)
    assert figure.value == 0.75
    assert each[0] == 1 and each[1] == pytest.approx(2 / 3) and np.isnan(each[2])
    with pytest.raises(MetricError, match="outside 0 to 1"):
        accuracy(torch.tensor([2]), torch.tensor([0]), 2)
    with pytest.raises(MetricError, match="no samples"):
        balance(torch.tensor([]), np.ones(2))


# ---------------------------------------------------------------- factors


SCALES = [Scale("kind", choices=4), Scale("size", low=0.0, high=1.0)]


def drawn(count: int, seed: int) -> dict[str, np.ndarray]:
    generator = np.random.default_rng(seed)
    return {"kind": generator.integers(0, 4, count).astype(float), "size": generator.random(count)}


def test_real_factors_are_covered():
    found = factor_coverage(drawn(3000, 1), drawn(3000, 2), SCALES)
    assert found.range.value == 1 and found.combinations.value == 1
    assert max(found.distance.values()) < 0.1


def test_half_a_range_and_missing_combinations_are_seen():
    made = drawn(3000, 1)
    made["size"] = made["size"] / 2
    found = factor_coverage(made, drawn(3000, 2), SCALES)
    assert found.reached == {"kind": 1.0, "size": 0.5} and found.combinations.value == 0.5
    tied = drawn(3000, 1)
    tied["size"] = (tied["kind"] + tied["size"]) / 4  # every range whole, but each kind has sizes of its own
    found = factor_coverage(tied, drawn(3000, 2), SCALES)
    assert found.range.value == 1 and found.combinations.value == pytest.approx(0.25)


def test_information_of_known_tables():
    a = np.array([0, 0, 1, 1])
    assert mutual_information(a, a) == pytest.approx(math.log(2))
    assert mutual_information(a, np.array([0, 1, 0, 1])) == pytest.approx(0, abs=1e-12)


def test_codes_that_are_factors_have_the_whole_gap():
    generator = np.random.default_rng(0)
    factors = np.stack([generator.integers(0, 4, 4000), generator.integers(0, 3, 4000)], 1).astype(float)
    noise_code = generator.random((4000, 1))
    assert mig(np.hstack([factors, noise_code]), factors).value > 0.97
    assert mig(np.hstack([factors, factors]), factors).value == pytest.approx(0, abs=1e-9)
    assert mig(generator.random((4000, 3)), factors).value < 0.02
    with pytest.raises(MetricError, match="two codes"):
        mig(noise_code, factors)


def test_importances_with_known_scores():
    assert of_importances(np.eye(3)) == pytest.approx((1, 1))
    assert of_importances(np.ones((3, 3))) == pytest.approx((0, 0), abs=1e-12)
    # one factor spread over two codes: each code is about one factor, the factor is in no one code
    assert of_importances(np.array([[1.0], [1.0]])) == pytest.approx((1, 0))
    assert of_importances(np.zeros((2, 2))) == (0, 0)


@given(st.lists(st.floats(0, 1), min_size=6, max_size=6))
@settings(max_examples=30)
def test_scores_stay_between_zero_and_one(weights: list[float]):
    assert all(-1e-9 <= score <= 1 + 1e-9 for score in of_importances(np.array(weights).reshape(3, 2)))


def test_forests_find_which_code_is_which_factor():
    generator = np.random.default_rng(0)
    factors = np.stack([generator.integers(0, 4, 1200).astype(float), generator.random(1200)], 1)
    codes = np.hstack([factors[:, 1:], factors[:, :1], generator.random((1200, 1))])
    good = dci(codes, factors, [True, False])
    mixed = dci(codes @ np.array([[1, 1, 0], [0.3, -0.3, 0], [0, 0, 1.0]]), factors, [True, False])
    assert good.disentanglement > 0.9 and good.completeness > 0.9 and good.informativeness > 0.95
    assert mixed.disentanglement < good.disentanglement - 0.2
