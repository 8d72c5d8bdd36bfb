"""Features without a download: a small classifier of the very data, trained once and kept by the data's fingerprint.

Distances in its features tell generators of the same data apart. They say nothing across data sets, and are never
called FID: fd-domain, kd-domain.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn
from torch.nn import functional

from ganstudio.core.files import write_atomically
from ganstudio.core.seeds import derive
from ganstudio.core.shapes import DataShape
from ganstudio.data import Data, ImageSet, PointSource, RenderedSource, make_feed
from ganstudio.data.cache import cache_folder
from ganstudio.metrics.features import Seen
from ganstudio.metrics.figures import CancelCheck, MetricError, Progress
from ganstudio.metrics.ticks import tick
from ganstudio.nets import seeded

VERSION = 2
"""Raise when the network or its training changes, so that old ones are made anew."""
UPDATES, BATCH = 500, 128
RATE = 1e-2
SHORTEST = 10
"""Updates that a rise and fall of the rate takes at least."""
WIDTH = 64
"""Features."""
SIDE = 32
"""Larger pictures are averaged down to about this many px of the shorter side."""
HELD_OUT = 1024
"""Samples the classifier is tried on."""
SEED = 0
TURNS = 4
TURNED = "turn"
LABEL = "label"


@dataclass(frozen=True)
class Head:
    """One thing to tell about a picture: a choice out of ``kinds``, or (0) a number from ``low`` to ``high``."""

    name: str
    kinds: int = 0
    low: float = 0.0
    high: float = 1.0


class Judge(nn.Module):
    """Pictures (N, C, H, W) in [-1, 1] -> 64 features, and from them an answer of each head."""

    def __init__(self, shape: DataShape, heads: tuple[Head, ...]) -> None:
        super().__init__()
        self.heads = heads
        self.shrink = max(1, min(shape.height, shape.width) // SIDE)
        side = min(shape.height, shape.width) // self.shrink
        layers: list[nn.Module] = []
        channels, width = shape.channels, 16
        for _ in range(max(1, int(math.log2(side)) - 2)):
            layers += [
                nn.Conv2d(channels, width, 3, padding=1),
                nn.BatchNorm2d(width),
                nn.ReLU(),
                nn.MaxPool2d(2),
            ]
            channels, width = width, min(2 * width, 64)
        layers += [nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Linear(channels * 16, WIDTH), nn.ReLU()]
        self.body = nn.Sequential(*layers)
        self.last = nn.ModuleList([nn.Linear(WIDTH, head.kinds or 1) for head in heads])

    def features(self, x: Tensor) -> Tensor:
        """What the heads see (N, 64)."""
        return self.body(functional.avg_pool2d(x, self.shrink) if self.shrink > 1 else x)

    def forward(self, x: Tensor) -> list[Tensor]:
        """Logits (N, kinds), or numbers (N, 1) from 0 at ``low`` to 1 at ``high``, of each head."""
        seen = self.features(x)
        return [layer(seen) for layer in self.last]


class DomainFeatures:
    """A trained :class:`Judge` as a feature network. ``accuracies`` are those of its heads on held-out data: the share
    of right choices, or 1 - (mean squared error / variance) of numbers."""

    name = "domain"

    def __init__(
        self,
        judge: Judge,
        accuracies: tuple[float, ...],
        device: torch.device | str = "cpu",
        updates: int = UPDATES,
    ) -> None:
        self.device = torch.device(device)
        self.judge = judge.eval().requires_grad_(False).to(self.device)
        self.accuracies, self.updates = accuracies, updates
        self.resize = f"averaged over {judge.shrink} x {judge.shrink} px" if judge.shrink > 1 else "none"

    @property
    def heads(self) -> tuple[Head, ...]:
        """What it tells."""
        return self.judge.heads

    @property
    def facts(self) -> str:
        """How it was made and how good it is."""
        told = ", ".join(f"{h.name} {a:.3f}" for h, a in zip(self.heads, self.accuracies, strict=True))
        return f"classifier trained on the data itself ({self.updates} updates of {BATCH}), held-out accuracy: {told}"

    @torch.no_grad()
    def see(self, images: Tensor) -> Seen:
        """64 features and the logits of the first head."""
        return self.see_with_answers(images)[0]

    @torch.no_grad()
    def see_with_answers(self, images: Tensor) -> tuple[Seen, dict[str, Tensor]]:
        """The same, and what every head says: classes int64 (N,), or numbers float32 (N,) in the factor's units."""
        features: list[Tensor] = []
        answers: list[list[Tensor]] = []
        for part in images.split(256):
            seen = self.judge.features(part.to(self.device).float() / 127.5 - 1)
            features.append(seen.cpu())
            answers.append([layer(seen).cpu() for layer in self.judge.last])
        raw = [torch.cat(parts) for parts in zip(*answers, strict=True)]
        told = {head.name: _told(head, answer) for head, answer in zip(self.heads, raw, strict=True)}
        return Seen(torch.cat(features), raw[0]), told

    @torch.no_grad()
    def distance(self, first: Tensor, second: Tensor) -> Tensor:
        """Squared distances (N,) between the features of pictures (N, C, H, W) in [-1, 1], not rounded to bytes."""
        a, b = (self.judge.features(x.to(self.device)) for x in (first, second))
        return (a - b).square().sum(1)


def _told(head: Head, answer: Tensor) -> Tensor:
    return answer.argmax(1) if head.kinds else answer[:, 0] * (head.high - head.low) + head.low


# ---------------------------------------------------------------- what is learned


class Lessons:
    """Pictures with what is to be told about them, counted: the same for the same data every time.

    Rendered data tells its class and every factor that varies, labelled data its class; unlabelled pictures are
    turned (or mirrored, where they are not square) and the turn is to be told (Gidaris et al. 2018,
    arXiv:1803.07728). Of a finite set every tenth picture, at most a thousand, is held out.
    """

    def __init__(self, data: ImageSet | RenderedSource) -> None:
        self.data = data
        self.shape = data.shape
        self.feed = make_feed(data, "cpu", derive(SEED, "lessons"))
        self.heads = _heads(data)

    def learned(self, update: int) -> tuple[Tensor, list[Tensor]]:
        """A batch to learn from: pictures in [-1, 1], targets of each head."""
        if isinstance(self.data, RenderedSource):
            return self._rendered(update * BATCH, BATCH)
        generator = torch.Generator().manual_seed(derive(SEED, "lesson", update))
        return self._picked(self._training[torch.randint(len(self._training), (BATCH,), generator=generator)])

    def held_out(self) -> tuple[Tensor, list[Tensor]]:
        """Samples that are not learned from (all, where there are too few to hold some out)."""
        if isinstance(self.data, RenderedSource):
            return self._rendered(1 << 40, HELD_OUT)
        return self._picked(self._reserved)

    @property
    def _training(self) -> Tensor:
        places = torch.arange(len(self.data)) if isinstance(self.data, ImageSet) else torch.empty(0).long()
        return places[places % 10 != 9] if len(places) >= 10 else places

    @property
    def _reserved(self) -> Tensor:
        places = torch.arange(len(self.data)) if isinstance(self.data, ImageSet) else torch.empty(0).long()
        return places[places % 10 == 9][:HELD_OUT] if len(places) >= 10 else places

    def _rendered(self, position: int, count: int) -> tuple[Tensor, list[Tensor]]:
        assert isinstance(self.data, RenderedSource)
        generator = torch.Generator().manual_seed(derive(SEED, "lesson", position))
        values = self.data.draw(count, generator)
        truth: Mapping[str, Tensor] = {LABEL: self.data.labels(values)} | values
        return self.data.render(values), [_target(head, truth[head.name]) for head in self.heads]

    def _picked(self, index: Tensor) -> tuple[Tensor, list[Tensor]]:
        assert isinstance(self.data, ImageSet)
        x = self.data.images[index].float() / 127.5 - 1
        if self.heads[0].name == LABEL:
            assert self.data.labels is not None
            return x, [self.data.labels[index]]
        turn = torch.arange(len(index)) % TURNS
        return torch.cat([_turned(x[turn == k], k) for k in range(TURNS)]), [turn.sort(stable=True).values]


def _heads(data: ImageSet | RenderedSource) -> tuple[Head, ...]:
    if isinstance(data, RenderedSource):
        varying = [factor for factor in data.factors if factor.varies]
        told = [
            Head(f.name, len(f.choices), *((0.0, 1.0) if f.choices else (f.low, f.high))) for f in varying
        ]
        return (Head(LABEL, len(data.class_names)), *told)
    return (Head(LABEL, len(data.class_names)),) if data.labels is not None else (Head(TURNED, TURNS),)


def _target(head: Head, value: Tensor) -> Tensor:
    return value if head.kinds else (value - head.low) / (head.high - head.low)


def _turned(x: Tensor, quarter: int) -> Tensor:
    if x.shape[2] == x.shape[3]:
        return torch.rot90(x, quarter, (2, 3))
    return x.flip([axis for axis, flips in ((2, quarter & 1), (3, quarter & 2)) if flips])


def train_judge(
    lessons: Lessons,
    updates: int = UPDATES,
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> tuple[Judge, tuple[float, ...]]:
    """A judge after so many updates with Adam, and the accuracies of its heads on held-out samples.

    The learning rate rises to :data:`RATE` and falls to nothing (Smith and Topin 2017, arXiv:1708.07120).
    """
    with seeded(derive(SEED, "judge")):
        judge = Judge(lessons.shape, lessons.heads)
    learner = torch.optim.Adam(judge.parameters(), RATE, fused=True)
    pace = torch.optim.lr_scheduler.OneCycleLR(
        learner, RATE, total_steps=max(updates, SHORTEST), pct_start=0.2
    )
    for update in range(updates):
        tick(progress, cancelled, "Training a classifier of the data", update / updates)
        x, targets = lessons.learned(update)
        with torch.enable_grad():
            loss = sum(
                (_cost(h, a, t) for h, a, t in zip(lessons.heads, judge(x), targets, strict=True)),
                torch.zeros(()),
            )
            learner.zero_grad()
            loss.backward()
        learner.step()
        pace.step()
    judge.eval()
    with torch.no_grad():
        x, targets = lessons.held_out()
        answers = [torch.cat(parts) for parts in zip(*(judge(part) for part in x.split(256)), strict=True)]
    return judge, tuple(_score(h, a, t) for h, a, t in zip(lessons.heads, answers, targets, strict=True))


def _cost(head: Head, answer: Tensor, target: Tensor) -> Tensor:
    if head.kinds:
        return functional.cross_entropy(answer, target)
    return 4 * functional.mse_loss(answer[:, 0], target)


def _score(head: Head, answer: Tensor, target: Tensor) -> float:
    if head.kinds:
        return (answer.argmax(1) == target).float().mean().item()
    return 1 - (functional.mse_loss(answer[:, 0], target) / target.var().clamp_min(1e-12)).item()


# ---------------------------------------------------------------- kept


def fingerprint_of(data: Data) -> str:
    """What names the data: its pixels and labels, or the first pictures of an endless source and its settings."""
    if isinstance(data, ImageSet):
        return data.fingerprint
    if isinstance(data, PointSource):
        return hashlib.sha256(repr(data).encode()).hexdigest()
    x, _ = make_feed(data, "cpu", derive(SEED, "fingerprint")).batch(0, 32)
    digest = hashlib.sha256(repr(data).encode())
    digest.update(x.contiguous().numpy().round(4).tobytes())
    return digest.hexdigest()


def load_judge(
    data: Data,
    device: torch.device | str = "cpu",
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
    updates: int | None = None,
) -> DomainFeatures:
    """The classifier of this data from the user's cache, or trained and kept; raises :class:`MetricError`.

    ``updates`` are :data:`UPDATES` unless another number is given.
    """
    if isinstance(data, PointSource):
        raise MetricError("Points need no classifier: their metrics look at the points themselves.")
    lessons, updates = Lessons(data), updates or UPDATES
    key = json.dumps([VERSION, updates, fingerprint_of(data), [h.name for h in lessons.heads]])
    path = judges_folder() / f"{hashlib.sha256(key.encode()).hexdigest()}.safetensors"
    kept = _read(path, lessons)
    if kept is None:
        kept = train_judge(lessons, updates, progress, cancelled)
        _write(path, *kept)
    return DomainFeatures(*kept, device, updates)


def judges_folder() -> Path:
    """Where trained classifiers lie, half a megabyte each."""
    return cache_folder().parent / "judges"


def _read(path: Path, lessons: Lessons) -> tuple[Judge, tuple[float, ...]] | None:
    with torch.device("meta"):  # draws no random numbers
        judge = Judge(lessons.shape, lessons.heads)
    try:
        with safe_open(str(path), framework="pt") as file:
            told: dict[str, Any] = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            judge.load_state_dict(tensors, assign=True)
        return judge.eval(), tuple(float(a) for a in json.loads(told["accuracies"]))
    except (OSError, SafetensorError, RuntimeError, KeyError, ValueError):
        return None


def _write(path: Path, judge: Judge, accuracies: tuple[float, ...]) -> None:
    """A cache that cannot be written is no reason to fail."""
    tensors = {name: tensor.contiguous() for name, tensor in judge.state_dict().items()}
    with contextlib.suppress(OSError, SafetensorError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, save(tensors, {"accuracies": json.dumps(accuracies)}))
