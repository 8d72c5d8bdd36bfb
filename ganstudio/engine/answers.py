"""How each request of the explore session is answered: generators of reports, with ``None`` between two bits of work.

All that is computed is in :mod:`ganstudio.latent`; here it is cut into bits and put into reports.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ganstudio.core.explore import messages as x
from ganstudio.core.explore.recipe import Model
from ganstudio.engine import tools
from ganstudio.engine.filming import Bits, Desk, checkpoints_of, export, film
from ganstudio.engine.models import Models, gives_probability
from ganstudio.engine.pictures import said_of
from ganstudio.latent import inside, mixing, noise, rendering
from ganstudio.latent.capabilities import capabilities
from ganstudio.latent.errors import ExploreError
from ganstudio.latent.rendering import Made

PART_SECONDS = 0.04
"""Pictures that are made within this time travel together."""


def answer(request: x.Request, models: Models, desk: Desk) -> Bits:
    """All reports that answer a request. Closing the generator gives up."""
    return ANSWERS[type(request)](request, models, desk)


def open_model(request: x.Open, models: Models, desk: Desk) -> Bits:
    """What there is to explore."""
    model = models.get(request.model)
    known = capabilities(model)
    known = replace(known, groups=mixing.ranges(known.rows) if known.rows else {})
    yield x.Opened(
        request.id, request.slot, request.model, model.title, model.step, model.steps, known, model.problems
    )


# ---------------------------------------------------------------- pictures


@dataclass
class Parts:
    """Pictures on their way: gathered for a moment, then sent together."""

    id: int
    slot: str
    total: int
    probability: bool = False
    first: int = 0
    made: list[Made] = field(default_factory=list[Made])
    steps: list[int] = field(default_factory=list[int])
    since: float = field(default_factory=time.perf_counter)
    said: int = -1

    def add(self, made: Made, step: int) -> x.Rendered | None:
        """One more picture; the part, if it is time to send it."""
        self.made.append(made)
        self.steps.append(step)
        complete = self.first + len(self.made) == self.total
        return self.part() if complete or time.perf_counter() - self.since >= PART_SECONDS else None

    def part(self, empty: NDArray[Any] | None = None) -> x.Rendered:
        """What has gathered; ``empty`` takes the place of no pictures at all."""
        images = np.stack([made.image for made in self.made]) if self.made else empty
        assert images is not None
        said = [made.score for made in self.made if made.score is not None]
        scores = said_of(np.array(said, np.float32), self.probability) if said else None
        lengths = [made.length for made in self.made if made.length is not None]
        now = time.perf_counter()
        step = self.steps[-1] if self.steps else 0
        part = x.Rendered(
            self.id,
            self.slot,
            self.first,
            self.total,
            images,
            step,
            scores,
            tuple(self.steps),
            now - self.since,
            np.array(lengths, np.float32) if lengths else None,
        )
        self.first, self.said = self.first + len(self.made), self.total
        self.made, self.steps, self.since = [], [], now
        return part


def render(request: x.Render, models: Models, desk: Desk) -> Bits:
    """Pictures of recipes."""
    model = models.get(request.model)
    parts = Parts(request.id, request.slot, len(request.recipes), gives_probability(model))
    for made in rendering.render(
        model, request.recipes, scored=request.scored, height=request.height, measured=request.measured
    ):
        yield parts.add(made, model.step)
    if not request.recipes:
        yield replace(parts.part(rendering.images(model, ())), step=model.step)


def through(request: x.Through, models: Models, desk: Desk) -> Bits:
    """One recipe at every whole checkpoint; damaged ones are left out of the count."""
    models.follow(request.model.run, request.follow)
    steps = [step for step in checkpoints_of(request.model) if step > request.after]
    parts = Parts(request.id, request.slot, len(steps))
    problem: ExploreError | None = None
    for step in steps:
        try:
            model = models.get(Model(request.model.run, step))
        except ExploreError as error:
            parts.total, problem = parts.total - 1, error
            yield None
            continue
        for made in rendering.render(model, (request.recipe,), height=request.height):
            yield parts.add(made, step)
    if not parts.total and problem is not None:
        raise problem
    if parts.made or parts.said != parts.total:
        yield parts.part(np.zeros((0, 1, 1, 1), np.uint8))


# ---------------------------------------------------------------- tools


def inspect(request: x.Inspect, models: Models, desk: Desk) -> Bits:
    """A layer of either player."""
    model = models.get(request.model)
    found = inside.look(model, request.recipe, request.player, request.layer, request.channels)
    yield x.Inspected(
        request.id, request.slot, found.maps, found.mean, found.deviation, found.largest, found.spectrum,
        found.channels,
    )  # fmt: skip


def noise_map(request: x.NoiseMap, models: Models, desk: Desk) -> Bits:
    """What depends on the noise."""
    model = models.get(request.model)
    spread = noise.spread(model, request.recipe, request.draws, rendering.values, desk.stop)
    yield x.NoiseSpread(request.id, request.slot, spread)


ANSWERS: dict[type[Any], Callable[[Any, Models, Desk], Bits]] = {
    x.Open: open_model,
    x.Render: render,
    x.Through: through,
    x.FindDirections: tools.find_directions,
    x.LearnDirection: tools.learn_direction,
    x.MapOut: tools.map_out,
    x.Locate: tools.locate,
    x.Invert: tools.search,
    x.Inspect: inspect,
    x.Nearest: tools.find_nearest,
    x.NoiseMap: noise_map,
    x.Film: film,
    x.Export: export,
}
