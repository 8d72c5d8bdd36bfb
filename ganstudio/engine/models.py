"""Models that the explore session has opened, bounded by memory, and whether those that train have moved on."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import nn

from ganstudio.core.explore.messages import Moved, Saved
from ganstudio.core.explore.recipe import Model
from ganstudio.core.runs import RunFolder
from ganstudio.core.schema import Options
from ganstudio.engine import devices
from ganstudio.latent.maps import Chart
from ganstudio.latent.model import LIVE, Explorer, opened
from ganstudio.latent.nearest import Neighbours

MOST_BYTES = 1 << 30
"""What opened models may take together; the one used last stays in any case."""
LOOK_EVERY = 0.1
"""Seconds between two looks at the files of models that train."""
Key = tuple[str, int | None, bool, int]
"""Folder, step, live, and the time stamp (ns) of what the model was read from."""


class Models:
    """Opens models, keeps the most recent ones, and notices when a live one has new weights."""

    def __init__(self, device: torch.device | None = None, most_bytes: int = MOST_BYTES) -> None:
        self.device = device or devices.choose("auto")
        self.most_bytes = most_bytes
        self._kept: OrderedDict[Key, Explorer] = OrderedDict()
        self._live: dict[str, int] = {}
        self._followed: dict[str, tuple[int, tuple[int, ...]]] = {}
        self._instead: dict[Key, Key] = {}
        self._looked = 0.0
        self.training: dict[Options, Neighbours] = {}
        self.chart: tuple[int, Chart] = (0, Chart())
        """The last map: the id of its request, and what places further latents on it."""
        self._usual: dict[Options, float] = {}

    def get(self, model: Model) -> Explorer:
        """The model, from memory where its files are still the same; raises ``ExploreError``.

        Without a step the newest checkpoint is meant, so that another model may come once training has saved.
        """
        key = self._key(model)
        if model.step is None:
            key = self._instead.get(key, key)
        if key not in self._kept:
            key = self._open(model, key)
        self._kept.move_to_end(key)
        if model.live:
            self._forget_older(key)
            self._live[model.run] = key[3]
        self._make_room()
        return self._kept[key]

    def _open(self, model: Model, key: Key) -> Key:
        """Read a model; the key it is kept by, another one where a damaged checkpoint was passed over."""
        explorer = opened(model, self.device)
        if not model.live and explorer.step != key[1]:
            path = RunFolder(model.run).checkpoint_path(explorer.step) / "state.json"
            self._instead[key] = key = (model.run, explorer.step, False, stamp(path))
        self._kept[key] = explorer
        return key

    def _key(self, model: Model) -> Key:
        if model.live:
            return (model.run, None, True, stamp(live_path(model)))
        run = RunFolder(model.run)
        step = model.step if model.step is not None else max(run.checkpoint_steps(), default=None)
        if step is None:
            return (model.run, None, False, 0)
        since = stamp(run.checkpoint_path(step) / "state.json")
        if not since:  # pruned since it was opened: what is in memory is still that checkpoint
            found = [key for key in self._kept if key[:3] == (model.run, step, False)]
            return found[-1] if found else (model.run, step, False, 0)
        return (model.run, step, False, since)

    def _forget_older(self, key: Key) -> None:
        for other in [other for other in self._kept if other[:3] == key[:3] and other != key]:
            del self._kept[other]

    def _make_room(self) -> None:
        while len(self._kept) > 1 and sum(map(size_of, self._kept.values())) > self.most_bytes:
            self._kept.popitem(last=False)

    def __len__(self) -> int:
        return len(self._kept)

    def usual(self, data: Options, known: Neighbours, stop: Callable[[], bool]) -> float:
        """How far a training picture's own nearest neighbour is, at the median; computed once."""
        if data not in self._usual:
            self._usual = {data: known.usual(stop)}
        return self._usual[data]

    @property
    def watching(self) -> bool:
        """Whether any live model is being looked at, or the checkpoints of any run."""
        return bool(self._live or self._followed)

    def attend(self, model: Model) -> None:
        """A person moves pictures of this model now: what else was live is looked at no more, until it is asked for."""
        self._live = {run: known for run, known in self._live.items() if model.live and run == model.run}

    def follow(self, run: str, on: bool) -> None:
        """Whether to tell of changes of a run's checkpoints from now on; one run at a time."""
        self._followed.clear()
        if on:
            self._followed[run] = checkpoints_now(run)

    def moved(self, clock: Callable[[], float] = time.monotonic) -> list[Moved | Saved]:
        """What has new weights or other checkpoints since it was opened or last told of; looks ten times a second."""
        if not self.watching or clock() - self._looked < LOOK_EVERY:
            return []
        self._looked = clock()
        return [*self._moved(), *self._saved()]

    def _saved(self) -> list[Saved]:
        found: list[Saved] = []
        for run, (since, steps) in list(self._followed.items()):
            if stamp(RunFolder(run).checkpoints) != since:
                self._followed[run] = now = checkpoints_now(run)
                if now[1] != steps:
                    found.append(Saved(run, now[1]))
        return found

    def _moved(self) -> list[Moved]:
        found: list[Moved] = []
        for run, known in list(self._live.items()):
            model = Model(run, live=True)
            now = stamp(live_path(model))
            if now and now != known:
                self._live[run] = now
                found.append(Moved(model, live_step(live_path(model))))
        return found


def checkpoints_now(run: str) -> tuple[int, tuple[int, ...]]:
    """When the folder of a run's checkpoints was changed, in ns, and the steps in it, oldest first."""
    folder = RunFolder(run)
    since = stamp(folder.checkpoints)  # before looking: what comes meanwhile changes the stamp once more
    return since, tuple(folder.checkpoint_steps())


def live_path(model: Model) -> Path:
    """Where training publishes its averaged weights."""
    return RunFolder(model.run).live / LIVE


def stamp(path: Path) -> int:
    """When a file was written, in ns; 0 where there is none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def live_step(path: Path) -> int:
    """The step that live weights are of, from the file's head; 0 where it cannot be read."""
    try:
        with safe_open(path, "pt") as file:
            step = (file.metadata() or {}).get("step", "")
    except (OSError, SafetensorError, ValueError):
        return 0
    return int(step) if step.isdecimal() else 0


def size_of(model: Explorer) -> int:
    """Bytes of a model's tensors."""
    nets: list[nn.Module] = [net for net in (model.net, model.judge) if isinstance(net, nn.Module)]
    tensors = chain.from_iterable(chain(net.parameters(), net.buffers()) for net in nets)
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


def gives_probability(model: Explorer) -> bool:
    """Whether what the discriminator says becomes a probability by a sigmoid."""
    return bool(getattr(model.generator.config.objective, "probability", False))
