"""Explore sessions to talk to in tests: in a thread of this process, or in a real child."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from support.sessions import ChildTalk, Talk, ThreadTalk
from support.tiny import IMAGES, trained

from ganstudio.catalog.resolve import resolve
from ganstudio.core.config import dump_toml
from ganstudio.core.explore import messages as x
from ganstudio.core.explore.recipe import Model
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
