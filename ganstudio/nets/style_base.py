"""What every style-based generator offers, whatever its synthesis network (Karras 2019, arXiv:1812.04948)."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor

from ganstudio.nets.base import Generator
from ganstudio.nets.counted import Counted, begin_all, counted_layers
from ganstudio.nets.mapping import MappingNetwork


class StyleMixing(Counted):
    """Style mixing regularisation (Karras 2019, section 3.1): some samples take two latents, the second from a random
    row on.

    ``probability`` is the share of samples that are mixed; without mixing, or in evaluation, styles stay as they are.
    """

    def __init__(self, probability: float) -> None:
        super().__init__()
        self.probability = probability

    @property
    def due(self) -> bool:
        """Whether any sample may be mixed in this pass."""
        return self.training and self.probability > 0

    def forward(self, ws: Tensor, others: Tensor, active: int) -> Tensor:
        """``ws`` and ``others`` (N, rows, width) mixed; of the rows the first ``active`` matter.

        A crossover lies with equal chance at any of rows 1 to ``active`` - 1.
        """
        if not self.due or active < 2:
            return ws
        random = self.stream(ws.device)
        size = (len(ws), 1)
        chosen = torch.rand(size, generator=random, device=ws.device) < self.probability
        crossover = torch.randint(1, active, size, generator=random, device=ws.device)
        rows = torch.arange(ws.shape[1], device=ws.device)
        return torch.where((chosen & (rows >= crossover))[:, :, None], others, ws)


class StyleGenerator(Generator):
    """z to styles w by :attr:`mapping`, one w for each row of styles, and styles to pictures by :meth:`render`.

    ``style_rows`` has for each row the size in px (shorter side) of the feature maps that it steers, in order. A family
    sets both in its constructor, calls :meth:`mix_styles` there if it is trained with mixed styles, and implements
    :meth:`render`.
    """

    takes_labels = True
    mapping: MappingNetwork
    style_rows: tuple[int, ...]

    def __init__(self) -> None:
        super().__init__()
        self.mixing = StyleMixing(0.0)

    def mix_styles(self, probability: float) -> None:
        """Train with this share of the samples made from two latents."""
        self.mixing.probability = probability

    @property
    def rows(self) -> int:
        """How many rows of styles there are."""
        return len(self.style_rows)

    @property
    def active_rows(self) -> int:
        """How many of them change the picture at the moment: all, unless the network is still growing."""
        return self.rows

    @property
    def w_average(self) -> Tensor:
        """The running average of w, (width,): the middle of all styles."""
        return self.mapping.w_avg

    def reseed(self, seed: int) -> None:
        """Decide the random noise of the passes that follow, which is counted from here."""
        begin_all(counted_layers(self), seed)

    def map(
        self, z: Tensor, labels: Tensor | None = None, psi: float = 1.0, cutoff: int | None = None, track: bool = True
    ) -> Tensor:  # fmt: skip
        """Styles (N, rows, width) for latents (N, D) and labels (N,): the same w in every row.

        ``psi`` draws the rows below ``cutoff`` (``None``: all) towards the average of w. In training mode that average
        follows, unless ``track`` is false.
        """
        if self.label_input is not None:
            z = self.label_input(z, labels)
        w = cast("Tensor", self.mapping(z, labels, track))
        return self.mapping.truncated(w[:, None].repeat(1, self.rows, 1), psi, cutoff)

    def render(self, ws: Tensor, noise: str = "") -> Tensor:
        """Pictures for styles (N, rows, width). ``noise`` is "random", "fixed" or "none"; without it random in
        training, fixed in evaluation."""
        raise AssertionError(f"{type(self).__name__} does not say how it makes pictures of styles")

    def styles(self, z: Tensor, labels: Tensor | None) -> Tensor:
        """Styles (N, rows, width) as training has them: of two latents, each sample's own and its neighbour's in the
        batch with its own label, where they are mixed."""
        ws = self.map(z, labels)
        if not self.mixing.due:
            return ws
        return self.mixing(ws, self.map(z.roll(1, 0), labels, track=False), self.active_rows)

    def synthesize(self, z: Tensor, labels: Tensor | None) -> Tensor:
        """One picture for each latent."""
        return self.render(self.styles(z, labels))

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """One picture for each latent, of the class of its label; :meth:`map` brings in the label."""
        return self.synthesize(z, labels)
