"""The explore session under pressure: newest wins, quick before long, and nothing that goes wrong ends it."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from support.exploring import ThreadExplorer, saved_classes
from support.sessions import PATIENCE

from ganstudio.core.explore import messages as x
from ganstudio.core.explore import recipe as r
from ganstudio.core.explore.recipe import Model, Recipe, Seed
from ganstudio.core.explore.ways import way
from ganstudio.engine import answers, exploring, tools
from ganstudio.latent.model import opened
from ganstudio.latent.rendering import images


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return saved_classes(tmp_path_factory.mktemp("runs") / "digits")


class Held:
    """Long work that waits until it is let go, and lets others have a turn meanwhile."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.release, self.closed = threading.Event(), threading.Event(), threading.Event()
        monkeypatch.setitem(answers.ANSWERS, x.MapOut, self.bits)
        monkeypatch.setitem(answers.ANSWERS, x.FindDirections, self.callback)

    def bits(self, request: x.MapOut, models: object, desk: object):
        """As a generator."""
        yield x.Working(request.id, request.slot, "Waiting", 0.0)
        self.begun.set()
        try:
            while not self.release.wait(0.001):
                yield None
            yield x.Written(request.id, request.slot, "let go")
        finally:
            self.closed.set()

    def callback(self, request: x.FindDirections, models: object, desk: tools.Desk):
        """As one piece that asks now and then."""
        desk.tell(x.Working(request.id, request.slot, "Waiting", 0.0))
        self.begun.set()
        while not (stopped := desk.stop()) and not self.release.wait(0.001):
            pass
        self.closed.set()
        if not stopped:
            yield x.Written(request.id, request.slot, "let go")


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    return Held(monkeypatch)


SEEDS = tuple(Recipe(Seed(seed)) for seed in range(6))
LONG = [(x.MapOut, ()), (x.FindDirections, ("sefa",))]


# ---------------------------------------------------------------- who goes first, and what is dropped


def test_a_burst_leaves_no_queue_and_ends_on_the_last(explore: ThreadExplorer, run: Model):
    explore.get(x.Open, "open", x.Opened, run)
    numbers = [explore.ask(x.Render, x.PICTURE, run, (Recipe(Seed(n)),)) for n in range(1000)]
    last = explore.answer(numbers[-1], x.Rendered)
    assert np.array_equal(last.images, images(opened(run), [Recipe(Seed(999))]))
    explore.get(x.Render, "after", x.Rendered, run, SEEDS[:1])
    dropped = {report.id for report in explore.all(x.Dropped)}
    answered = {report.id for report in explore.all(x.Rendered)}
    assert dropped | answered >= set(numbers) and not dropped & answered
    assert explore.session._waiting == {} and explore.session._begun == {}


@pytest.mark.parametrize(("kind", "parts"), LONG)
def test_quick_requests_go_before_long_ones(
    explore: ThreadExplorer, run: Model, held: Held, kind: type, parts: tuple[object, ...]
):
    long = explore.ask(kind, "long", run, *parts)
    assert held.begun.wait(PATIENCE)
    for seed in range(3):
        assert explore.shown(run, Recipe(Seed(seed))).total == 1
    explore.get(x.Render, x.PICTURE, x.Rendered, run, SEEDS[:1])
    assert not held.closed.is_set()
    held.release.set()
    assert explore.answer(long, x.Written).path == "let go"


@pytest.mark.parametrize(("kind", "parts"), LONG)
@pytest.mark.parametrize("how", ["cancel", "newer"])
def test_long_work_is_given_up(
    explore: ThreadExplorer, run: Model, held: Held, kind: type, parts: tuple[object, ...], how: str
):
    long = explore.ask(kind, "long", run, *parts)
    assert held.begun.wait(PATIENCE)
    if how == "cancel":
        explore.send(x.Cancel("other"), x.Cancel("long"))
    else:
        newer = explore.ask(x.Render, "long", run, SEEDS[:1])
        explore.answer(newer, x.Rendered)
    explore.wait(x.Dropped, lambda report: report.id == long)
    assert held.closed.wait(PATIENCE)
    assert [report for report in explore.about(long) if isinstance(report, x.Written)] == []


def test_long_requests_take_turns(explore: ThreadExplorer, run: Model, held: Held, tmp_path: Path):
    long = explore.ask(x.MapOut, "map", run)
    assert held.begun.wait(PATIENCE)
    film = way([Seed(1), Seed(2)], 5, Recipe(labels=((3, 1.0),)))
    explore.get(x.Film, "film", x.Written, run, film, str(tmp_path / "x.gif"))
    held.release.set()
    explore.answer(long, x.Written)


def test_a_cancelled_film_leaves_no_part(explore: ThreadExplorer, run: Model, tmp_path: Path):
    film = way([Seed(1), Seed(2)], 20_000, Recipe(labels=((3, 1.0),)))
    for name in ("x.gif", "x.mp4", "x"):
        number = explore.ask(x.Film, "film", run, film, str(tmp_path / name))
        explore.answer(number, x.Working, lambda report: report.done > 0)
        assert name == "x.mp4" or list(tmp_path.iterdir())  # ffmpeg takes its time
        explore.send(x.Cancel("film"))
        explore.wait(x.Dropped, lambda report, number=number: report.id == number)
        assert list(tmp_path.iterdir()) == []


def test_a_waiting_request_can_be_cancelled(explore: ThreadExplorer, run: Model, held: Held):
    explore.ask(x.MapOut, "map", run)
    assert held.begun.wait(PATIENCE)
    explore.send(x.Render(900, "a", run, SEEDS[:1]), x.Cancel("a"), x.Render(901, "b", run, SEEDS[:1]))
    explore.answer(901, x.Rendered)
    about = explore.about(900)
    assert len(about) == 1 and isinstance(about[0], x.Dropped | x.Rendered)
    held.release.set()


def test_a_slider_that_never_rests_shows_pictures(explore: ThreadExplorer, run: Model):
    """Requests that come faster than they are answered: what has begun is shown before it is replaced."""
    many, number = SEEDS * 20, 0
    while not explore.all(x.Rendered):
        number = explore.ask(x.Render, "strip", run, many)
    explore.answer(number, x.Rendered, lambda part: part.first + len(part.images) == part.total)


# ---------------------------------------------------------------- what goes wrong


BAD = [
    (Recipe(moves=(r.Move(r.Direction("x", "z", (1.0,)), 1.0),)), "The direction x has 1 numbers"),
    (Recipe(r.Numbers("w", ((1.0,),))), "no w"),
    (Recipe(labels=((99, 1.0),)), "no class"),
    (Recipe(r.Path((), 0.5)), "needs a stop"),
    (Recipe(codes=(1.0,)), "codes"),
]


@pytest.mark.parametrize(("recipe", "problem"), BAD)
def test_a_recipe_that_cannot_be_made_is_told(
    explore: ThreadExplorer, run: Model, recipe: Recipe, problem: str
):
    refused = explore.get(x.Render, x.PICTURE, x.CannotExplore, run, (recipe,))
    assert problem in refused.problem and refused.problem[0].isupper() and refused.problem.endswith(".")
    assert explore.shown(run, SEEDS[0]).total == 1


def test_what_is_no_run_is_told(explore: ThreadExplorer, tmp_path: Path):
    assert "is not a run" in explore.get(x.Open, "open", x.CannotExplore, Model(str(tmp_path))).problem
    (tmp_path / "run.toml").write_text("")
    assert "no checkpoint" in explore.get(x.Open, "open", x.CannotExplore, Model(str(tmp_path))).problem
    through = explore.get(x.Through, "through", x.CannotExplore, Model(str(tmp_path)), SEEDS[0])
    assert "no checkpoint" in through.problem


def test_a_film_that_cannot_be_written_is_told(explore: ThreadExplorer, run: Model, tmp_path: Path):
    film = way([Seed(1), Seed(2)], 3, Recipe(labels=((3, 1.0),)))
    for path, problem in (("x.avi", "no film"), ("gone/x.gif", "There is no folder")):
        assert (
            problem in explore.get(x.Film, "film", x.CannotExplore, run, film, str(tmp_path / path)).problem
        )
    assert (
        "no recipe" in explore.get(x.Film, "film", x.CannotExplore, run, (), str(tmp_path / "x.gif")).problem
    )
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "mine.txt").touch()
    assert "not empty" in explore.get(x.Film, "film", x.CannotExplore, run, film, str(tmp_path / "x")).problem


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (ZeroDivisionError("no reason"), "This cannot be shown (ZeroDivisionError: no reason)."),
        (MemoryError(), "Memory ran out."),
        (RuntimeError("CUDA out of memory"), "Memory ran out."),
        (
            OSError(28, "No space left on device", "/somewhere/x.gif"),
            "Cannot read or write x.gif: No space left on device.",
        ),
    ],
)
def test_whatever_goes_wrong_the_next_request_is_served(
    explore: ThreadExplorer, run: Model, monkeypatch: pytest.MonkeyPatch, error: Exception, problem: str
):
    def broken(*args: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setitem(answers.ANSWERS, x.Inspect, broken)
        patch.setattr(exploring, "answer", lambda *parts: (broken() for _ in [0]))
        refused = explore.get(x.Inspect, "inside", x.CannotExplore, run, SEEDS[0], "generator", 0)
    assert refused.problem == problem
    assert explore.shown(run, SEEDS[0]).total == 1
