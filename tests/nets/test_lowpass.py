"""Kaiser's low-pass filters against scipy, and the plan of StyleGAN3's layers against the paper's."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch
from scipy import signal

from ganstudio.nets.filters import resample
from ganstudio.nets.lowpass import attenuation, beta, lowpass, radial_lowpass
from ganstudio.nets.stylegan3_plan import plan


@pytest.mark.parametrize("taps", [6, 12, 24, 7])
@pytest.mark.parametrize(
    ("cutoff", "half_width", "rate"), [(2, 6, 32), (16, 3.7, 64), (8, 0.5, 64), (3, 0.1, 16)]
)
def test_the_window_method_is_scipys(taps: int, cutoff: float, half_width: float, rate: float):
    wanted = signal.firwin(taps, cutoff, width=2 * half_width, fs=rate)
    assert np.allclose(lowpass(taps, cutoff, 2 * half_width, rate).numpy(), wanted, atol=1e-6)
    share = 2 * half_width / (rate / 2)
    assert attenuation(taps, share) == pytest.approx(signal.kaiser_atten(taps, share))
    assert beta(attenuation(taps, share)) == pytest.approx(signal.kaiser_beta(attenuation(taps, share)))


@pytest.mark.parametrize("decibels", [10.0, 21.0, 30.0, 50.0, 80.0])
def test_the_windows_shape(decibels: float):
    assert beta(decibels) == pytest.approx(signal.kaiser_beta(decibels))


def test_it_stops_what_lies_beyond_the_band():
    taps, cutoff, half_width, rate = 48, 8.0, 4.0, 64.0
    filter = lowpass(taps, cutoff, 2 * half_width, rate).double().numpy()
    frequency, response = signal.freqz(filter, worN=2048, fs=rate)
    gain = 20 * np.log10(np.abs(response) + 1e-12)
    promised = attenuation(taps, 2 * half_width / (rate / 2))
    assert gain[frequency > cutoff + half_width].max() < -0.9 * promised
    assert np.abs(gain[frequency < cutoff - half_width]).max() < 0.1


def test_a_round_filter_knows_no_direction():
    """Turned by a quarter, mirrored, and in between: the response depends on the distance alone."""
    filter = radial_lowpass(24, 8.0, 8.0, 64.0).double()
    assert torch.allclose(filter, filter.rot90()) and torch.allclose(filter, filter.flip(0))
    assert filter.sum().item() == pytest.approx(1, abs=1e-6)
    where = (torch.arange(24, dtype=torch.float64) - 11.5) / 64

    def response(frequency: float, degrees: float) -> float:
        angle = np.deg2rad(degrees)
        wave = torch.cos(
            2 * np.pi * frequency * (where[:, None] * np.sin(angle) + where[None] * np.cos(angle))
        )
        return (filter * wave).sum().item()

    for frequency in (2.0, 6.0, 8.0, 12.0):
        found = [response(frequency, degrees) for degrees in (0, 20, 45, 70)]
        assert max(found) - min(found) < 0.02
    assert response(2, 30) > 0.95 and abs(response(16, 30)) < 0.02


@pytest.mark.parametrize("size", [6, 12])
def test_a_constant_keeps_its_mean(size: int):
    """The shares of the taps that meet pixels, zeros lying between, are not quite the same: a small ripple is left."""
    taps = lowpass(size * 2, 8.0, 8.0, 64.0)
    large = resample(torch.ones(1, 1, 24, 24), taps, up=2)
    assert large.mean().item() == pytest.approx(1, abs=1e-4)
    assert (large - 1).abs().max() < 0.02
    assert torch.allclose(resample(torch.ones(1, 1, 30, 30), taps, down=2), torch.ones(1), atol=1e-5)


def test_the_papers_plan():
    """Sizes and rates of the 14 layers and the colours at 1024 px (figure 5 and the authors' names of layers)."""
    bands = plan(1024, 14, 10)
    assert [band.size for band in bands] == [
        36, 36, 52, 52, 84, 148, 148, 276, 276, 532, 1044, 1044, 1044, 1024, 1024,
    ]  # fmt: skip
    assert bands[0].cutoff == 2 and [round(b.cutoff, 6) for b in bands[-3:]] == [512] * 3
    assert [band.critical for band in bands] == [False] * 12 + [True] * 3
    stop = bands[0].cutoff + bands[0].half_width
    assert stop == pytest.approx(8) and bands[0].rate == 16
    ratios = [b.cutoff / a.cutoff for a, b in pairwise(bands[:13])]
    assert max(ratios) == pytest.approx(min(ratios)) == pytest.approx(256 ** (1 / 12))


@pytest.mark.parametrize("side", [8, 16, 32, 256])
@pytest.mark.parametrize("layers", [4, 7, 14])
def test_every_grid_holds_its_waves(side: int, layers: int):
    for before, after in pairwise(plan(side, layers, 6)):
        assert after.cutoff <= after.rate / 2 and after.rate <= side
        assert after.rate >= before.rate and after.cutoff >= before.cutoff
    assert plan(side, layers, 6)[-1].size == side
