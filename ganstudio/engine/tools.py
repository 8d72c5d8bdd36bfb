"""Requests of the tools that compute for a while: directions, maps, inversion, nearest training pictures."""

from __future__ import annotations

import numpy as np

from ganstudio.catalog.downloads import Download
from ganstudio.core.explore import messages as x
from ganstudio.data import Cancelled, DataError, load
from ganstudio.data.downloads import absent_files
from ganstudio.engine.filming import Bits, Desk, Telling
from ganstudio.engine.models import Models, gives_probability
from ganstudio.engine.pictures import said_of
from ganstudio.latent import rendering
from ganstudio.latent.components import pca
from ganstudio.latent.directions import sefa
from ganstudio.latent.errors import ExploreError, Stopped
from ganstudio.latent.inversion import invert
from ganstudio.latent.learning import learned
from ganstudio.latent.maps import Chart, located, mapped
from ganstudio.latent.meanwhile import meanwhile
from ganstudio.latent.model import Explorer
from ganstudio.latent.nearest import Neighbours, neighbours


def find_directions(request: x.FindDirections, models: Models, desk: Desk) -> Bits:
    """Directions of a model."""
    model = models.get(request.model)
    telling = Telling(request.id, request.slot, "Looking for directions")
    if request.method == "sefa":
        found = sefa(model, request.count, request.layers)
    else:
        layer, count = max(0, request.layers[0]), request.count
        found = pca(
            model, count, request.samples, layer, desk.stop, lambda done: desk.report(telling.at(done))
        )
    yield x.FoundDirections(request.id, request.slot, found, request.method)


def learn_direction(request: x.LearnDirection, models: Models, desk: Desk) -> Bits:
    """A direction out of marked samples."""
    model = models.get(request.model)
    found = learned(model, request.name, request.plus, request.minus, request.apart_from, desk.stop)
    yield x.FoundDirections(request.id, request.slot, (found.direction,), "learned", found.held_out)


def map_out(request: x.MapOut, models: Models, desk: Desk) -> Bits:
    """A map, part by part."""
    model = models.get(request.model)
    telling = Telling(request.id, request.slot, "Drawing the map")
    yield telling.at(0.0)
    known = known_neighbours(model, models, desk, telling) if request.colour == "nearest" else None
    models.chart = (request.id, Chart())
    parts = mapped(
        model, request.count, request.method, request.colour, request.recipe, request.height, known, desk.stop,
        models.chart[1], lambda done: desk.report(telling.at(done)),
    )  # fmt: skip
    probability = request.colour == "score" and model.judge is not None and gives_probability(model)
    for part in parts:
        colour = said_of(part.colour, probability)
        yield x.MapPart(
            request.id, request.slot, part.first, part.total, part.at, part.images, colour, part.seeds
        )


def locate(request: x.Locate, models: Models, desk: Desk) -> Bits:
    """Further latents on the last map."""
    number, chart = models.chart
    if number != request.map:
        raise ExploreError("this map is not at hand any more", "Draw it anew.")
    model, found = models.get(request.model), np.zeros((0, 2), np.float32)
    for at in located(model, request.recipes, chart):
        found = np.concatenate([found, at[None]])
        yield None
    yield x.Located(request.id, request.slot, found)


def search(request: x.Invert, models: Models, desk: Desk) -> Bits:
    """An inversion, shown as it goes on."""
    model = models.get(request.model)
    found = invert(
        model, request.target, request.space, request.steps, request.restarts, request.labels, desk.stop
    )
    for one in found:
        yield x.Inverting(
            request.id, request.slot, one.step, one.steps, one.image, one.recipe, one.psnr, one.done
        )


def find_nearest(request: x.Nearest, models: Models, desk: Desk) -> Bits:
    """The training pictures nearest to a picture."""
    model = models.get(request.model)
    telling = Telling(request.id, request.slot, "Reading the training pictures")
    known = known_neighbours(model, models, desk, telling)
    yield None
    numbers, distances = known.find(rendering.images(model, (request.recipe,)), request.count, desk.stop)
    usual = models.usual(model.generator.config.data, known, desk.stop)
    yield x.FoundNearest(request.id, request.slot, known.shown(numbers[0]), distances[0], usual)


def known_neighbours(model: Explorer, models: Models, desk: Desk, telling: Telling) -> Neighbours:
    """The run's training pictures, read once; raises :class:`ExploreError` where they are not at hand."""
    data = model.generator.config.data
    if data in models.training:
        return models.training[data]
    if isinstance(data, Download) and absent_files(data):
        raise ExploreError("the training pictures are not on this machine", "Download the data first.")
    try:
        loaded = load(data, lambda what, done: desk.report(telling.at(done)), desk.stop)
    except Cancelled:
        raise Stopped from None
    except DataError as error:
        raise ExploreError(error.problem, error.remedy) from error
    models.training.clear()
    models.training[data] = meanwhile(lambda: neighbours(loaded, model.shape), desk.stop)
    return models.training[data]
