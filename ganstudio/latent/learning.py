"""Directions learned from marked samples, and directions that leave others alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score

from ganstudio.core.explore.recipe import Direction, Recipe, Space
from ganstudio.latent.directions import spreads
from ganstudio.latent.errors import ExploreError, Stopped
from ganstudio.latent.model import Explorer
from ganstudio.latent.rendering import latent_of

LEAST = 2
"""Samples of either kind."""
FOLDS = 5
VANISHED = 1e-3
"""The length below which nothing is left of a direction of length one."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Learned:
    """A direction and the share of samples that are told apart by one learned without them, from 0 to 1."""

    direction: Direction
    held_out: float


def learned(
    model: Explorer, name: str, plus: Sequence[Recipe], minus: Sequence[Recipe],
    apart_from: Sequence[Direction] = (), stop: Callable[[], bool] = lambda: False,
) -> Learned:  # fmt: skip
    """The direction from samples marked with minus to those marked with plus: the normal of the plane between them.

    InterFaceGAN (Shen 2020, arXiv:1907.10786, section 3) with logistic regression, in w where the model has styles,
    else in z. ``apart_from`` are directions along which nothing shall change. Raises :class:`ExploreError` for fewer
    than two samples of either kind and where nothing is left beside ``apart_from``.
    """
    if min(len(plus), len(minus)) < LEAST:
        raise ExploreError(
            f"a direction is learned from {LEAST} samples with plus and {LEAST} with minus at least",
            "Mark more samples.",
        )
    space: Space = "w" if model.styled is not None else "z"
    samples: list[Floats] = []
    for recipe in (*plus, *minus):
        if stop():
            raise Stopped
        latent = latent_of(model, recipe).mean(0)  # of several rows of w the middle
        latent = latent if space == "w" else latent[: model.latent.dimension]
        samples.append(latent.double().cpu().numpy())
    marks = np.array([1] * len(plus) + [0] * len(minus))
    normal, score = separated(np.stack(samples), marks)
    if apart_from:
        normal = orthogonal(normal, apart_from, space)
    vector = torch.tensor(normal)[None].float()
    sigma = spreads(model, space, vector)[0]
    return Learned(Direction(name, space, tuple(vector[0].tolist()), sigma, "learned", score), score)


def separated(samples: Floats, marks: NDArray[np.int64]) -> tuple[Floats, float]:
    """The unit normal (D,) of the plane between samples (N, D) marked 1 and 0, and the held-out accuracy.

    Each sample is judged by a plane that was learned without it, in up to five parts.
    """
    scale = max(float(samples.std()), 1e-12)
    model = LogisticRegression(C=1.0, max_iter=1000)
    folds = min(FOLDS, int(np.bincount(marks).min()))
    parts = StratifiedKFold(folds, shuffle=True, random_state=0)
    score = float(np.mean(cross_val_score(model, samples / scale, marks, cv=parts)))
    normal = model.fit(samples / scale, marks).coef_[0]
    length = float(np.linalg.norm(normal))
    if length < 1e-9:
        raise ExploreError(
            "the samples with plus and with minus are the same: nothing tells them apart", "Mark others."
        )
    return normal / length, score


def orthogonal(vector: Floats, others: Sequence[Direction], space: Space) -> Floats:
    """A vector (D,) of length one without its part along others: n - A'(AA')^-1 A n (section 3.3).

    Raises :class:`ExploreError` where the others are of another space, or nothing is left.
    """
    for other in others:
        if other.space != space or len(other.vector) != len(vector):
            raise ExploreError(f"the direction {other.name} belongs to another space", "Leave it out.")
    basis = np.array([other.vector for other in others])
    shares, *_ = np.linalg.lstsq(basis.T, vector, rcond=None)
    left = vector - basis.T @ shares
    length = float(np.linalg.norm(left))
    if length < VANISHED:
        raise ExploreError(
            "nothing is left of this direction beside the ones it shall leave alone", "Leave one out."
        )
    return left / length


def apart(direction: Direction, others: Sequence[Direction]) -> Direction:
    """The direction with its part along others taken out."""
    vector = orthogonal(np.array(direction.vector), others, direction.space)
    return Direction(
        f"{direction.name} (apart)", direction.space, tuple(vector.tolist()), direction.sigma, "orthogonal",
        direction.score,
    )  # fmt: skip
