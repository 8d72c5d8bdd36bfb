"""Made-up input for pictures of the widgets. It is shaped like a run; it is no result of one."""

from __future__ import annotations

import numpy as np

from ganstudio.core.messages import Scalars, Scores
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
