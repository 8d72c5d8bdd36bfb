"""What a run measures about itself, kept on the device until somebody looks: no host synchronisation per step."""

from __future__ import annotations

from collections import deque

import torch
from torch import Tensor

KEEP = 128


class Meter:
    """Recent values of named scalars and of the discriminator's logits, all detached device tensors.

    Recording costs no device operation. Reading stacks and averages all of them on the device and fetches the
    results in one transfer. Only the last 128 values of each name are kept.
    """

    def __init__(self) -> None:
        self._scalars: dict[str, deque[Tensor]] = {}
        self._logits: dict[str, deque[Tensor]] = {"real": deque(maxlen=KEEP), "fake": deque(maxlen=KEEP)}

    def scalar(self, name: str, value: Tensor) -> None:
        """Note one value of a named scalar (0-dimensional)."""
        if name not in self._scalars:
            self._scalars[name] = deque(maxlen=KEEP)
        self._scalars[name].append(value.detach())

    def logits(self, which: str, values: Tensor) -> None:
        """Note the discriminator's answers (N,) to "real" or "fake" samples."""
        self._logits[which].append(values.detach())

    def clear(self) -> None:
        """Forget everything noted."""
        self._scalars.clear()
        for values in self._logits.values():
            values.clear()

    @torch.no_grad()
    def read(self, probability: bool, boundary: float | None = 0.0) -> dict[str, float]:
        """The mean of every name since the last reading, with scores and accuracies; then starts anew.

        Answers above the ``boundary`` say "real"; there are no accuracies where it is ``None``.
        """
        names: list[str] = []
        means: list[Tensor] = []
        for name, values in self._scalars.items():
            names.append(name)
            means.append(torch.stack(list(values)).float().mean())
        for which, sign in (("real", 1.0), ("fake", -1.0)):
            if self._logits[which]:
                answers = torch.cat(list(self._logits[which])).float()
                names.append(f"score/{which}")
                means.append((answers.sigmoid() if probability else answers).mean())
                if boundary is not None:
                    names.append(f"accuracy/{which}")
                    means.append(((answers - boundary) * sign > 0).float().mean())
        self.clear()
        return dict(zip(names, torch.stack(means).tolist(), strict=True)) if means else {}

    def latest_logits(self, which: str) -> Tensor | None:
        """The last batch of answers (N,), still on the device."""
        values = self._logits[which]
        return values[-1] if values else None
