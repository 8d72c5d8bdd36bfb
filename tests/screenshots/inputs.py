"""Made-up input for pictures of the widgets. It is shaped like a run; it is no result of one."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ganstudio.core.measurement import Measurement, Protocol
from ganstudio.core.messages import Density, Scalars, Scores
from ganstudio.window.model.series import SeriesStore


def training(reports: int, seed: int = 0, penalty: bool = False) -> SeriesStore:
    """A run's series: two losses that settle, outputs that close in on each other."""
    random, store = np.random.default_rng(seed), SeriesStore()
    for i in range(reports):
        t, noise = i / reports, random.normal(size=8) * 0.06
        wild = 3.0 if i in (reports // 3, reports // 2) else 1.0
        values = {
            "loss/generator": float((0.7 + 0.9 * np.exp(-5 * t)) * np.exp(noise[0]) * wild),
            "loss/discriminator": float((1.25 - 0.8 * np.exp(-4 * t)) * np.exp(noise[1])),
            "score/real": float(np.clip(0.6 + 0.36 * np.exp(-3 * t) + noise[2] / 3, 0, 1)),
            "score/fake": float(np.clip(0.42 - 0.4 * np.exp(-3 * t) + noise[3] / 3, 0, 1)),
            "grad_norm/generator": float((0.9 + 1.5 * np.exp(-4 * t)) * np.exp(2 * noise[4])),
            "grad_norm/discriminator": float((0.5 + 0.5 * t) * np.exp(2 * noise[5])),
            "rate/images_per_second": float(1180 * np.exp(noise[6])),
        }
        if penalty:
            values["penalty/r1"] = float(0.02 * np.exp(-t + 3 * noise[7]))
        store.append(Scalars((i + 1) * 6, (i + 1) * 6 * 64, (i + 1) * 0.1, values))
    return store


def scores(seed: int = 0, probability: bool = True) -> Scores:
    """Two hills that overlap."""
    random = np.random.default_rng(seed)
    real, fake = random.normal(0.9, 0.7, 512), random.normal(-0.5, 0.8, 512)
    if probability:
        real, fake = 1 / (1 + np.exp(-real)), 1 / (1 + np.exp(-fake))
    else:
        real, fake = real * 8, fake * 8
    return Scores(1440, real.astype(np.float32), fake.astype(np.float32), probability)


def measurements(
    metric: str, low: float, high: float, seed: int = 0, samples: int = 1000
) -> list[Measurement]:
    """Numbers that fall from ``high`` to ``low`` with intervals that shrink."""
    random, found = np.random.default_rng(seed), []
    for step in range(300, 3001, 300):
        value = low + (high - low) * np.exp(-step / 700) + random.normal() * 0.04 * (high - low)
        spread = 0.06 * value
        protocol = Protocol(
            f"averaged generator at step {step}", samples, "digits: all 1,797 pictures", 1797, "a classifier",
            rules="unbiased covariance in float64", device="CPU, 1 thread",
        )  # fmt: skip
        found.append(
            Measurement(
                metric, value, spread, value - spread, value + spread, "95 % bootstrap", protocol, step
            )
        )
    return found


THEORY = {
    "loss/discriminator": 2 * np.log(2),
    "loss/generator": np.log(2),
    "score/real": 0.5,
    "score/fake": 0.5,
}


def pictures(count: int, seed: int) -> np.ndarray:
    """Blurred strokes, 16 x 16, one channel."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:16, 0:16]
    images = np.zeros((count, 16, 16, 1))
    for image in images:
        ends = random.uniform(3, 13, (3, 2))
        for a, b in pairwise(ends):
            for t in np.linspace(0, 1, 20):
                cx, cy = a * (1 - t) + b * t
                image[..., 0] = np.maximum(image[..., 0], np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / 1.6))
    return (np.clip(images * 1.2, 0, 1) * 255).astype(np.uint8)


def points(dimension: int, count: int = 1024) -> tuple[np.ndarray, np.ndarray, Density | None]:
    """A ring of eight with a generator that misses two modes, or three Gaussians with one that is too wide."""
    random = np.random.default_rng(0)
    if dimension == 2:
        angle = random.integers(0, 8, count) * np.pi / 4
        real = np.stack([2 * np.cos(angle), 2 * np.sin(angle)], 1) + random.normal(0, 0.1, (count, 2))
        angle = random.integers(0, 6, count) * np.pi / 4
        fake = np.stack([1.9 * np.cos(angle), 1.9 * np.sin(angle)], 1) + random.normal(0, 0.2, (count, 2))
        return real.astype(np.float32), fake.astype(np.float32), None
    weights, means, widths = (0.3, 0.5, 0.2), (-2.0, 0.0, 3.0), (0.5, 0.8, 0.3)
    which = random.choice(3, count, p=weights)
    real = random.normal(np.take(means, which), np.take(widths, which))[:, None]
    fake = random.normal(np.take((-1.6, 0.2, 2.6), which), np.take((0.7, 0.9, 0.5), which))[:, None]
    x = np.linspace(-5, 5, 400)
    p = sum(
        w * np.exp(-0.5 * ((x - m) / s) ** 2) / (s * np.sqrt(2 * np.pi))
        for w, m, s in zip(weights, means, widths, strict=True)
    )
    density = Density(x.astype(np.float32), np.asarray(p, dtype=np.float32))
    return real.astype(np.float32), fake.astype(np.float32), density
