"""Factors of rendered pictures, put at will."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ganstudio.data.rendered.factors import CATEGORICAL, Values
from ganstudio.data.rendered.source import RenderedSource


def middle(source: RenderedSource, count: int = 1, **changes: Any) -> Values:
    """The first choice and the middle of every range, but for the changes: words, numbers or lists of them."""
    values: Values = {}
    for factor in source.factors:
        asked = changes.pop(factor.name.replace(" ", "_"), None)
        if factor.kind == CATEGORICAL:
            words = [asked or factor.choices[0]] * count if isinstance(asked, str | None) else asked
            values[factor.name] = torch.tensor([factor.choices.index(word) for word in words])
        else:
            number = (factor.low + factor.high) / 2 if asked is None else asked
            values[factor.name] = torch.as_tensor(number, dtype=torch.float32).expand(count).clone()
    assert not changes
    return values


def nearest(pictures: Tensor) -> float:
    """The least difference of two pictures, in whole pixels."""
    rows = pictures.flatten(1)
    distance = (rows[:, None] - rows).abs().sum(-1)
    return distance[~torch.eye(len(rows), dtype=torch.bool)].min().item()
