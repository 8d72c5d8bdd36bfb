"""Explore sessions to talk to in tests: in a thread of this process, or in a real child."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from support.explored import saved
from support.sessions import ChildTalk, Talk, ThreadTalk
from support.tiny import IMAGES, trained

from ganstudio.catalog.resolve import resolve
from ganstudio.core.config import dump_toml
from ganstudio.core.explore import messages as x
from ganstudio.core.explore.recipe import Model, Recipe
from ganstudio.core.runs import RunFolder
from ganstudio.engine.launch import serve_exploration
from ganstudio.training import checkpoint

ReportT = TypeVar("ReportT")


def saved_styles(folder: Path) -> Model:
    """A StyleGAN2 after two steps, with a checkpoint."""
    small = {"base_channels": 2, "most_channels": 4}
    config = resolve(
        {
            **IMAGES,
            "variant": "stylegan2",
            "generator": small | {"style": 8, "mapping": 2},
            "discriminator": small,
        }
    )
    trainer, run = trained(config, 2), RunFolder(folder)
    run.create(dump_toml(config))
    checkpoint.save(trainer, run, 1.0)
    return Model(str(folder))


def saved_classes(folder: Path) -> Model:
    """A DCGAN with classes and three checkpoints."""
    trainer, model = saved("dcgan-classes", folder, 1)
    for seconds in (2.0, 3.0):
        trainer.step()
        checkpoint.save(trainer, RunFolder(model.run), seconds)
    return model


class Asking(Talk):
    """Requests with rising ids, and waiting for their answers."""

    number = 0

    def ask(self, kind: Callable[..., Any], slot: str, *parts: Any, **more: Any) -> int:
        """Send a request; its id."""
        self.number += 1
        self.send(kind(self.number, slot, *parts, **more))
        return self.number

    def answer(
        self, number: int, kind: type[ReportT], where: Callable[[ReportT], object] | None = None
    ) -> ReportT:
        """The first report of that kind (for which ``where`` holds) about a request."""
        kinds = (kind, x.CannotExplore, x.Dropped)
        found = self.wait(
            object,
            lambda r: getattr(r, "id", 0) == number and isinstance(r, kinds)
            and (not isinstance(r, kind) or where is None or where(r)),
        )  # fmt: skip
        assert isinstance(found, kind), found
        return found

    def get(
        self, request: Callable[..., Any], slot: str, kind: type[ReportT], *parts: Any, **more: Any
    ) -> ReportT:
        """Ask and wait for the answer."""
        return self.answer(self.ask(request, slot, *parts, **more), kind)

    def whole(self, number: int) -> x.Rendered:
        """All parts of an answer as one."""
        last = self.answer(number, x.Rendered, lambda part: part.first + len(part.images) == part.total)
        parts = [report for report in self.about(number) if isinstance(report, x.Rendered)]
        assert [part.first for part in parts] == list(
            np.cumsum([0, *(len(part.images) for part in parts)])[:-1]
        )
        scores = None if last.scores is None else np.concatenate([part.scores for part in parts])
        steps = tuple(step for part in parts for step in part.steps)
        kept = [part.images for part in parts if len(part.images)] or [last.images]
        return x.Rendered(number, last.slot, 0, last.total, np.concatenate(kept), last.step, scores, steps)

    def shown(self, model: Model, *recipes: Recipe, **more: object) -> x.Rendered:
        """What is answered when recipes are to be shown."""
        return self.whole(self.ask(x.Render, "strip", model, recipes, **more))

    def about(self, number: int) -> list[Any]:
        """All reports about a request so far."""
        return [report for report in self.reports if getattr(report, "id", 0) == number]


class ThreadExplorer(ThreadTalk, Asking):
    """An explore session in a thread of this process."""

    def __init__(self) -> None:
        from ganstudio.engine.exploring import ExploreSession

        super().__init__(ExploreSession)


class ChildExplorer(ChildTalk, Asking):
    """An explore session in a real child process."""

    def __init__(self) -> None:
        super().__init__(serve_exploration)
