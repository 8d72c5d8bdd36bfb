"""The two sides of a comparison: pictures that come in batches, with what is known about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import torch
from torch import Tensor

from ganstudio.core.seeds import derive
from ganstudio.core.shapes import DataShape
from ganstudio.data import Data, Feed, ImageSet, RenderedFeed, RenderedSource, to_pixels
from ganstudio.latent.sampling import Generator
from ganstudio.metrics.figures import MetricError
from ganstudio.nets.style_base import StyleGenerator
from ganstudio.training.streams import draw, labels_for

BATCH = 256
MOST_REAL = 50_000
"""Real pictures that are looked at; of larger sets evenly spread ones."""


class Side(Protocol):
    """Pictures on one side. ``labels`` (N,) are the classes they have, or were asked to have; ``text`` says what they
    are."""

    text: str
    shape: DataShape
    labels: Tensor | None

    def __len__(self) -> int: ...

    def batches(self) -> Iterator[Tensor]:
        """uint8 (n, C, H, W), the same every time."""
        ...

    def pick(self, places: Sequence[int]) -> Tensor:
        """The pictures at some places, uint8 (n, C, H, W)."""
        ...


class SetSide:
    """Pictures of a finite set: all, or evenly spread ones; ``index`` (N,) says which."""

    def __init__(self, data: ImageSet, most: int = MOST_REAL, text: str = "") -> None:
        self.data, self.shape = data, data.shape
        count = min(len(data), most)
        self.index = torch.arange(count) * len(data) // count
        self.labels = None if data.labels is None else data.labels[self.index]
        whole = "all" if count == len(data) else f"{count:,} evenly spread of"
        self.text = text or f"{data.name}: {whole} {len(data):,} training pictures"

    def __len__(self) -> int:
        return len(self.index)

    def batches(self) -> Iterator[Tensor]:
        """Pictures as they are stored."""
        for part in self.index.split(BATCH):
            yield self.data.images[part]

    def pick(self, places: Sequence[int]) -> Tensor:
        """Pictures as they are stored."""
        return self.data.images[self.index[torch.tensor(places)]]


class RenderedSide:
    """Fresh pictures of an endless source, by a stream of their own that training never draws from."""

    def __init__(self, source: RenderedSource, count: int, seed: int) -> None:
        self.source, self.count, self.shape = source, count, source.shape
        self.feed = RenderedFeed(source, "cpu", derive(seed, "reference"))
        self.text = f"{source.name}: fresh real pictures"
        self.labels: Tensor | None = torch.cat(
            [source.labels(self.feed.factors(*part)) for part in _parts(count)]
        )

    def __len__(self) -> int:
        return self.count

    def batches(self) -> Iterator[Tensor]:
        """Pictures of the feed, from its beginning."""
        for start, count in _parts(self.count):
            yield to_pixels(self.feed.batch(start, count)[0])

    def pick(self, places: Sequence[int]) -> Tensor:
        """Pictures of the feed."""
        return torch.cat([to_pixels(self.feed.batch(place, 1)[0]) for place in places])


def _parts(total: int) -> Iterator[tuple[int, int]]:
    for start in range(0, total, BATCH):
        yield start, min(BATCH, total - start)


def real_side(data: Data, count: int, seed: int) -> SetSide | RenderedSide:
    """The real pictures to compare with: all of a finite set, as many fresh ones as ``count`` of an endless one."""
    if isinstance(data, RenderedSource):
        return RenderedSide(data, count, seed)
    assert isinstance(data, ImageSet)
    return SetSide(data)


class GeneratorSide:
    """Samples of a generator from a seed: latents from the whole prior, classes as frequent as in the data.

    With ``truncation`` styles w move towards their average (Karras 2019, arXiv:1812.04948, appendix B); a generator
    without styles gets shorter z. Raises :class:`MetricError` where that changes nothing, since a number that says it
    was truncated must be.
    """

    def __init__(
        self, generator: Generator, feed: Feed, count: int, seed: int, truncation: float = 1.0, name: str = ""
    ) -> None:
        self.generator, self.feed, self.count = generator, feed, count
        self.seed, self.truncation = seed, truncation
        self.shape = generator.shape
        self.styles = generator.net if isinstance(generator.net, StyleGenerator) else None
        cut = "" if truncation == 1.0 else f", {'w truncated' if self.styles else 'z shortened'}"
        self.text = f"{name or generator.config.variant}: averaged generator at step {generator.step:,}{cut}"
        self.labels = self._drawn_labels()
        if truncation != 1.0:
            self._must_matter()

    def __len__(self) -> int:
        return self.count

    @property
    def knows_classes(self) -> bool:
        """Whether its labels are the classes of the data."""
        return (
            bool(self.generator.kinds)
            and self.generator.kinds == self.feed.shape.classes
            and bool(self.generator.class_names)
        )

    def _drawn_labels(self) -> Tensor | None:
        if not self.generator.kinds:
            return None
        if self.knows_classes:
            stream = torch.Generator().manual_seed(derive(self.seed, "measured labels"))
            found = self.feed.random_labels(self.count, stream)
            return None if found is None else found.cpu()
        return labels_for(range(self.count), self.generator.kinds)

    def latents(self, start: int, count: int, purpose: str = "measured") -> Tensor:
        """Latents (count, width) from ``start`` on, on the CPU; in parts of :data:`BATCH` they are always the same."""
        stream = torch.Generator().manual_seed(derive(self.seed, purpose, start))
        z = draw(self.generator.config.latent, count, stream)
        if self.truncation != 1.0 and self.styles is None:
            z[:, : self.generator.config.latent.dimension] *= self.truncation
        return z

    @torch.no_grad()
    def render(self, z: Tensor, labels: Tensor | None) -> Tensor:
        """Samples for :meth:`latents` (N, width) and labels (N,), truncated, in the network's range."""
        if self.styles is None or self.truncation == 1.0:
            return self.generator.render(z, labels)
        z = z.to(self.generator.device)
        asked = None if labels is None else labels.to(z.device)
        return self.styles.render(self.styles.map(z, asked, self.truncation)).float()

    def _must_matter(self) -> None:
        """Some generators bring every latent to the same length."""
        count = min(self.count, 8)
        labels = None if self.labels is None else self.labels[:count]
        cut = self.render(self.latents(0, count), labels)
        whole = GeneratorSide(self.generator, self.feed, count, self.seed)
        if torch.allclose(cut, whole.render(whole.latents(0, count), labels), atol=1e-4):
            raise MetricError("Truncation changes nothing in what this generator draws.", "Leave it at 1.")

    def codes(self) -> Tensor:
        """The codes (N, K) that the samples are made from: the choice of each categorical one, then continuous ones."""
        latent = self.generator.config.latent
        z = torch.cat([self.latents(*part) for part in _parts(self.count)])[:, latent.dimension :]
        parts = [z[:, latent.one_hot :]]
        if latent.categorical:
            chosen = z[:, : latent.one_hot].view(len(z), latent.categorical, latent.categories).argmax(2)
            parts.insert(0, chosen.to(z.dtype))
        return torch.cat(parts, 1)

    def drawn(self) -> Iterator[Tensor]:
        """Samples in the network's range on the generator's device; raises :class:`MetricError` where they are NaN."""
        for start, count in _parts(self.count):
            labels = None if self.labels is None else self.labels[start : start + count]
            x = self.render(self.latents(start, count), labels)
            if not bool(torch.isfinite(x).all()):
                raise MetricError(
                    f"At step {self.generator.step:,} the generator draws samples that are no numbers: it diverged.",
                    "Measure an earlier checkpoint with --checkpoint.",
                )
            yield x

    def batches(self) -> Iterator[Tensor]:
        """Samples as pictures."""
        for x in self.drawn():
            yield to_pixels(x).cpu()

    def pick(self, places: Sequence[int]) -> Tensor:
        """Samples as pictures, drawn again."""
        found: list[Tensor] = []
        for place in places:
            start = place - place % BATCH
            z = self.latents(start, min(BATCH, self.count - start))[place - start :][:1]
            labels = None if self.labels is None else self.labels[place : place + 1]
            found.append(to_pixels(self.render(z, labels)).cpu())
        return torch.cat(found)
