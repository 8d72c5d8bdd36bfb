"""What the verbs of exploring share: a model, its labels, and requests answered in this process as in the window's."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from ganstudio.cli.errors import FAILED, USAGE, CommandError
from ganstudio.cli.terminal import Progress, say, say_json, tell
from ganstudio.core.runs import RunFolder

if TYPE_CHECKING:
    from ganstudio.core.explore.messages import Export, Film
    from ganstudio.core.explore.recipe import Recipe
    from ganstudio.engine.models import Models
    from ganstudio.latent.model import Explorer

MOST_FRAMES = 100_000


def open_model(folder: RunFolder, step: int | None) -> tuple[Models, Explorer]:
    """The run's model, computing as the window's explore session does; what is wrong with a checkpoint is told."""
    from ganstudio.engine.launch import prepare_environment

    prepare_environment(window=False)
    from ganstudio.core.explore.recipe import Model
    from ganstudio.engine.exploring import prepare
    from ganstudio.engine.models import Models
    from ganstudio.latent.errors import ExploreError

    prepare()
    models = Models()
    try:
        model = models.get(Model(str(folder.path), step))
    except ExploreError as error:
        raise CommandError(error.problem, FAILED if step is None else USAGE) from None
    for problem in model.problems:
        tell(f"passed over a damaged checkpoint: {problem}")
    return models, model


def need_pictures(model: Explorer) -> None:
    """Raise for a model of points."""
    if model.shape.kind != "image":
        raise CommandError(f"{model.generator.config.variant} on {model.shape.describe()} makes no pictures")


def label_of(model: Explorer, text: str | None) -> int | None:
    """The number of the class that ``--label`` names; ``None`` where none is named."""
    if text is None:
        return None
    kinds, names = model.kinds, model.generator.class_names
    if not kinds:
        raise CommandError(
            f"--label: {model.generator.config.variant} is not conditional: its generator knows no classes"
        )
    if text in names:
        return names.index(text)
    if text.isdecimal() and int(text) < kinds:
        return int(text)
    known = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    few = f" or one of {known}" if known else ""
    raise CommandError(f"--label {text}: there are the classes 0 to {kinds - 1}{few}")


def base_recipe(model: Explorer, options: argparse.Namespace) -> Recipe:
    """What all pictures have in common: class and truncation."""
    from ganstudio.core.explore.recipe import Recipe

    label = label_of(model, options.label)
    return Recipe(labels=() if label is None else ((label, 1.0),), psi=options.truncation)


def seeds(text: str, option: str, least: int = 1) -> tuple[int, ...]:
    """Seeds as they are typed: ``1,2,3``."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    for word in words:
        if not word.isdecimal() or int(word) >= 2**63:
            raise CommandError(f"{option}: {word!r} is not a seed, a whole number from 0 on")
    if len(words) < least:
        raise CommandError(f"{option}: {least} seeds are needed at least, separated by commas")
    return tuple(int(word) for word in words)


def write(request: Film | Export, models: Models, quiet: bool) -> None:
    """Have a file written; whatever stops it, no part of it stays."""
    from ganstudio.core.explore.messages import Working
    from ganstudio.engine.answers import answer
    from ganstudio.engine.filming import Desk
    from ganstudio.engine.films import FilmError
    from ganstudio.latent.errors import ExploreError

    bar = Progress(quiet)

    def tell_progress(report: object) -> None:
        if isinstance(report, Working):
            bar.show(report.done, report.what)

    desk = Desk(lambda: False, tell_progress)
    try:
        with _ended_in_order(), closing(answer(request, models, desk)) as bits:
            for report in bits:
                tell_progress(report)
        bar.close()
    except (ExploreError, FilmError) as error:
        bar.close()
        raise CommandError(" ".join(f"{error.problem} {error.remedy}".split()).removesuffix(".")) from None
    except OSError as error:
        raise CommandError(f"{request.path} cannot be written: {error.strerror or error}", FAILED) from None


@contextmanager
def _ended_in_order() -> Generator[None]:
    """Within the block being asked to end (SIGTERM, a closed terminal) unwinds, as Ctrl-C does by itself."""

    def end(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {getattr(signal, name): signal.signal(getattr(signal, name), end) for name in names}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def say_written(out: Path, folder: RunFolder, model: Explorer, known: dict[str, Any], as_json: bool) -> None:
    """Name the file that was written, or tell all about it as JSON."""
    if as_json:
        say_json({"out": str(out), "run": folder.path.name, "step": model.step, **known, **size_of(out)})
    else:
        say(str(out))


def size_of(path: Path) -> dict[str, Any]:
    """Width and height of a picture, and the bytes of any file."""
    facts: dict[str, Any] = {"bytes": path.stat().st_size}
    if path.suffix.lower() in (".png", ".gif"):
        from PIL import Image

        with Image.open(path) as picture:
            facts |= {"picture_width": picture.width, "picture_height": picture.height}
    return facts
