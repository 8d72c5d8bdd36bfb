"""Requests for films, strips and matrices: rendered picture by picture into a file with its recipe inside."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from safetensors.numpy import save as tensor_bytes

from ganstudio.core.explore import messages as x
from ganstudio.core.explore.library import SAFE
from ganstudio.core.explore.recipe import Model, Recipe
from ganstudio.core.explore.records import Kind, Record, facts
from ganstudio.core.files import write_atomically
from ganstudio.core.runs import RunFolder
from ganstudio.engine.films import FilmError, Strip, check_place, check_sides, open_film, writer
from ganstudio.engine.models import Models
from ganstudio.engine.pictures import Bytes
from ganstudio.latent import rendering
from ganstudio.latent.errors import ExploreError
from ganstudio.latent.model import Explorer
from ganstudio.latent.speed import retimed

TELL_EVERY = 0.1
"""Seconds between two reports of progress."""
SETTLING = 0.005
"""Seconds between two looks at whether a film is packed."""
Bits = Generator[x.ExploreReport | None]


@dataclass(frozen=True)
class Desk:
    """What work may use of the session in the middle of a bit.

    ``stop()`` lets others have a turn and says whether to give up; ``tell`` hands a report over at once.
    """

    stop: Callable[[], bool]
    tell: Callable[[x.ExploreReport], None]

    def report(self, report: x.ExploreReport | None) -> None:
        """Tell, if there is something to tell."""
        if report is not None:
            self.tell(report)


@dataclass
class Telling:
    """Progress, told now and then."""

    id: int
    slot: str
    what: str
    next: float = field(default_factory=time.perf_counter)

    def at(self, done: float) -> x.Working | None:
        """A report, if it is time for one."""
        now = time.perf_counter()
        if now < self.next:
            return None
        self.next = now + TELL_EVERY
        return x.Working(self.id, self.slot, self.what, done)


def film(request: x.Film, models: Models, desk: Desk) -> Bits:
    """Frames into a film; cancelled or failed, nothing stays."""
    path = Path(request.path).expanduser()
    writer(path)
    model = models.get(request.model)
    need_pictures(model, request.recipes)
    check_sides(model.shape.height, model.shape.width, request.scale)
    telling = Telling(request.id, request.slot, "Filming")
    yield telling.at(0.0)
    recipes = request.recipes[:1] if request.through else request.recipes
    if request.even and not request.through:
        recipes = retimed(model, recipes, desk.stop)
    kind: Kind = "through" if request.through else "strip" if path.suffix.lower() == ".png" else "film"
    record = Record(
        kind, name_of(request.model), model.step, recipes, 0, request.scale, request.fps, request.record
    )
    frames = lapse(request, recipes[0], models) if request.through else of(model, recipes)
    with open_film(path, record) as made:
        for done, (image, step) in frames:
            made.add(image, step)
            yield telling.at(done)
        while not made.settled():
            time.sleep(SETTLING)
            yield None
    yield x.Written(request.id, request.slot, str(path))


def export(request: x.Export, models: Models, desk: Desk) -> Bits:
    """A picture, a strip or a matrix into a PNG; or the numbers of all latents into a safetensors file."""
    path = Path(request.path).expanduser()
    if path.suffix.lower() == SAFE:
        yield write_latents(request, path, models)
        return
    if path.suffix.lower() != ".png":
        raise FilmError(f"{path.name}: such pictures are written as PNG.", "Choose a name that ends in .png.")
    check_place(path)
    model = models.get(request.model)
    need_pictures(model, request.recipes)
    check_sides(model.shape.height, model.shape.width, request.scale)
    single = len(request.recipes) == 1
    kind: Kind = "picture" if single else "matrix" if request.columns else "strip"
    record = Record(
        kind, name_of(request.model), model.step, request.recipes, request.columns, request.scale,
        more=request.record, corner=request.corner,
    )  # fmt: skip
    telling = Telling(request.id, request.slot, "Rendering")
    with Strip(path, record) as made:
        for done, (image, step) in of(model, request.recipes):
            made.add(image, step)
            yield telling.at(done)
    yield x.Written(request.id, request.slot, str(path))


def write_latents(request: x.Export, path: Path, models: Models) -> x.Written:
    """The latents as float32: w (N, rows, width) where the model has styles, else z (N, D).

    In the file's metadata lies the record of the first recipe, so that the file restores it.
    """
    check_place(path)
    model = models.get(request.model)
    if not request.recipes:
        raise ExploreError("there is no latent to write")
    latents = torch.stack([rendering.latent_of(model, recipe) for recipe in request.recipes]).float().cpu()
    name, numbers = ("w", latents) if model.styled is not None else ("z", latents[:, 0])
    first = Record("picture", name_of(request.model), model.step, request.recipes[:1], more=request.record)
    write_atomically(
        path, tensor_bytes({name: numbers.contiguous().numpy()}, {"ganstudio": json.dumps(facts(first))})
    )
    return x.Written(request.id, request.slot, str(path))


Frames = Iterator[tuple[float, tuple[Bytes, int]]]
"""How much is done with this picture (0 to 1), the picture (H, W, C), and the step of its model."""


def of(model: Explorer, recipes: Sequence[Recipe]) -> Frames:
    """The pictures of recipes."""
    for index, made in enumerate(rendering.render(model, recipes), 1):
        yield index / len(recipes), (made.image, model.step)


def lapse(request: x.Film, recipe: Recipe, models: Models) -> Frames:
    """One recipe at every checkpoint: the pictures that the request brings along, or else rendered."""
    if not request.made:
        yield from at_checkpoints(request.model, recipe, models)
    for index, (step, image) in enumerate(request.made, 1):
        yield index / len(request.made), (image, step)


def at_checkpoints(model: Model, recipe: Recipe, models: Models) -> Frames:
    """One recipe at every whole checkpoint, oldest first; :class:`ExploreError` where there is none."""
    steps, problem = checkpoints_of(model), None
    count = 0
    for index, step in enumerate(steps, 1):
        try:
            explorer = models.get(Model(model.run, step))
        except ExploreError as error:  # a damaged checkpoint leaves the others
            problem = error
            continue
        count += 1
        for made in rendering.render(explorer, (recipe,)):
            yield index / len(steps), (made.image, step)
    if not count and problem is not None:
        raise problem


def checkpoints_of(model: Model) -> list[int]:
    """The steps of a run's checkpoints, oldest first; raises :class:`ExploreError` where there is none."""
    steps = RunFolder(model.run).checkpoint_steps()
    if not steps:
        raise ExploreError(f"{name_of(model)} has no checkpoint yet", "Wait until one is saved.")
    return steps


def name_of(model: Model) -> str:
    """What a run is called: its folder's name."""
    return Path(model.run).absolute().name


def need_pictures(model: Explorer, recipes: Sequence[Recipe]) -> None:
    """Raise :class:`ExploreError` where there is nothing that a picture could be made of."""
    if model.shape.kind != "image":
        raise ExploreError("this model makes points, not pictures", "Choose a run that makes pictures.")
    if not recipes:
        raise ExploreError("there is no recipe to make a picture of")
