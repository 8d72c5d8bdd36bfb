"""Labels of samples, mixtures of classes among them.

A network brings in a label by looking up a vector (``embedding``) or by ``one_hot`` numbers. Both are linear in the
one-hot vector, so that weights in its place give the mixture of the classes' vectors: the embedding is interpolated,
which a class number cannot be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import torch
from torch import Tensor
from torch.nn import functional

from ganstudio.latent.errors import ExploreError

HARMLESS = {
    torch.Tensor.to, torch.Tensor.dim, torch.Tensor.size, torch.Tensor.__len__, torch.Tensor.as_subclass,
    cast("Any", torch.Tensor.device).__get__, cast("Any", torch.Tensor.shape).__get__,
    cast("Any", torch.Tensor.dtype).__get__,
}  # fmt: skip
"""What may be asked of labels without looking at what they are."""
Classes = Mapping[int, float]
"""Class number to weight."""


class MixedLabels(Tensor):
    """Weights of classes (N, kinds) that take the place of labels (N,) in a network.

    Where a network does anything else with labels than looking up a vector, :class:`ExploreError` is raised.
    """

    @staticmethod
    def of(weights: Tensor) -> MixedLabels:
        """These weights as labels."""
        return weights.as_subclass(MixedLabels)

    @property
    def weights(self) -> Tensor:
        """The weights as a plain tensor."""
        return self.as_subclass(Tensor)

    @classmethod
    def __torch_function__(
        cls, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Look-ups become weighted sums."""
        if func in (functional.embedding, functional.one_hot):
            with torch._C.DisableTorchFunctionSubclass():  # pyright: ignore[reportPrivateUsage]
                weights = cast("Tensor", args[0]).as_subclass(Tensor)
                return weights if func is functional.one_hot else weights @ cast("Tensor", args[1])
        if func in HARMLESS or (func is torch.Tensor.__getitem__ and isinstance(args[0], cls)):
            return super().__torch_function__(func, types, args, kwargs or {})
        raise ExploreError(
            "this model takes its classes one at a time: there is nothing between them", "Choose one class."
        )


def labels_from(classes: Sequence[Classes], kinds: int, device: torch.device) -> Tensor | None:
    """Labels (N,) for N choices of classes: plain ones where each is a single class, else a mixture.

    Weights are made to sum to one. ``None`` for an unconditional model. Raises :class:`ExploreError` for classes
    that are not there.
    """
    if not kinds:
        return None
    weights = torch.zeros(len(classes), kinds)
    for row, chosen in zip(weights, classes, strict=True):
        for number, weight in (chosen or {0: 1.0}).items():
            if not 0 <= number < kinds:
                raise ExploreError(f"the classes go from 1 to {kinds}; there is no class {number + 1}")
            row[number] += weight
    if (weights < 0).any() or not (weights.sum(1) > 0).all():
        raise ExploreError(
            "a mixture of classes needs weights of which none is negative and one is above zero"
        )
    if ((weights > 0).sum(1) == 1).all():
        return weights.argmax(1).to(device)
    return MixedLabels.of((weights / weights.sum(1, keepdim=True)).to(device))


def joined(labels: Tensor, others: Tensor | None, kinds: int) -> Tensor:
    """Labels (N,) or mixtures, followed by plain labels (M,)."""
    if others is None:
        return labels
    if isinstance(labels, MixedLabels):
        more = functional.one_hot(others, kinds).to(labels.weights.dtype)
        return MixedLabels.of(torch.cat([labels.weights, more]))
    return torch.cat([labels, others])


def single(classes: Classes) -> dict[int, float]:
    """The class that weighs most alone; of equal ones the first."""
    return {max(classes, key=lambda number: classes[number]): 1.0} if classes else {}


def blended(shares: Sequence[float], classes: Sequence[Classes]) -> dict[int, float]:
    """The classes on a way: those of its stops, by their shares; shares beyond 0 and 1 count as 0 and 1.

    Stops that say nothing of classes do not count.
    """
    total: dict[int, float] = {}
    for share, chosen in zip(shares, classes, strict=True):
        for number, weight in chosen.items():
            total[number] = total.get(number, 0.0) + min(max(share, 0.0), 1.0) * weight
    kept = {number: weight for number, weight in total.items() if weight > 0}
    return kept or next((dict(chosen) for chosen in classes if chosen), {})
