"""The explore session in a real process of its own: bursts, kills, a run that trains beside it, the same pixels."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from support.explored import saved
from support.exploring import ChildExplorer, saved_styles
from support.sessions import PATIENCE, ChildTalk
from support.tiny import IMAGES, tiny

from ganstudio.core import messages as m
from ganstudio.core.explore import messages as x
from ganstudio.core.explore.recipe import Mix, Model, Noise, Recipe, Seed
from ganstudio.core.explore.ways import way
from ganstudio.latent.model import opened
from ganstudio.latent.rendering import images

TESTS = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def child() -> Iterator[ChildExplorer]:
    made = ChildExplorer()
    yield made
    made.close()


@pytest.fixture(scope="module")
def styles(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return saved_styles(tmp_path_factory.mktemp("runs") / "styles")


def test_it_says_when_it_is_ready(child: ChildExplorer):
    assert child.wait(m.Ready).devices[-1] == "cpu"


def test_a_thousand_requests_leave_no_queue_and_end_on_the_last(child: ChildExplorer, styles: Model):
    child.get(x.Open, "open", x.Opened, styles)
    numbers = [child.ask(x.Render, x.PICTURE, styles, (Recipe(Seed(n)),)) for n in range(1000)]
    last = child.answer(numbers[-1], x.Rendered)
    assert np.array_equal(last.images, images(opened(styles), [Recipe(Seed(999))]))
    place = child.mark()
    child.get(x.Render, x.PICTURE, x.Rendered, styles, (Recipe(),))
    assert [report for report in child.reports[place:] if getattr(report, "id", 0) in numbers] == []
    told = [getattr(report, "id", 0) for report in child.all(x.Rendered) + child.all(x.Dropped)]
    assert sorted(number for number in told if number in set(numbers)) == numbers


@pytest.mark.parametrize("noise", ["fixed", "random", "none"])
def test_the_same_pixels_in_every_process(child: ChildExplorer, styles: Model, noise: str):
    recipes = tuple(
        Recipe(Seed(n), psi=0.7, mixes=(Mix(Seed(9), 0, 1, 0.5),), noise=Noise(noise, 3)) for n in range(4)  # type: ignore[arg-type]
    )  # fmt: skip
    mine = images(opened(styles), recipes)
    for slot in ("one", "two"):
        number = child.ask(x.Render, slot, styles, recipes)
        child.answer(number, x.Rendered, x.is_last)
        parts = [report.images for report in child.about(number) if isinstance(report, x.Rendered)]
        assert np.array_equal(np.concatenate(parts), mine)


def test_it_computes_on_one_thread_behind_training(child: ChildExplorer):
    child.wait(m.Ready)
    nice = psutil.Process(child.pid).nice()
    assert nice == min(19, psutil.Process().nice() + 5)


def test_a_run_that_trains_is_followed(child: ChildExplorer, tmp_path: Path):
    trainer = ChildTalk()
    try:
        config = tiny(IMAGES, steps=10**8, samples={"every": 5}, checkpoint={"every": 50})
        folder = tmp_path / "run"
        trainer.begin(folder, config)
        trainer.wait(m.Picture, lambda picture: picture.saved and picture.step > 0)
        live = Model(str(folder), live=True)
        first = child.get(x.Open, "live", x.Opened, live)
        for _ in range(3):
            moved = child.wait(x.Moved, lambda report, first=first: report.step > first.step)
            assert moved.model == live
            number = child.ask(x.Render, x.PICTURE, live, (Recipe(),), scored=True)
            shown = child.wait(object, lambda report, number=number: getattr(report, "id", 0) == number)
            assert isinstance(shown, x.Rendered | x.CannotExplore)
            if isinstance(shown, x.Rendered):
                assert shown.step > first.step
        trainer.send(m.Stop(save=False))
        trainer.end()
    finally:
        trainer.close()


def test_ctrl_c_is_the_windows_business(child: ChildExplorer, styles: Model):
    os.kill(child.pid, signal.SIGINT)
    assert child.get(x.Open, "open", x.Opened, styles).step == 2


def test_a_killed_child_is_told_and_leaves_a_leftover_that_goes_away(styles: Model, tmp_path: Path):
    film = way([Seed(1), Seed(2)], 50_000, Recipe())
    out = str(tmp_path / "x.gif")
    child = ChildExplorer()
    number = child.ask(x.Film, "film", styles, film, out)
    child.answer(number, x.Working, lambda report: report.done > 0)
    child.kill()
    assert child.gone and "killed (signal 9" in child.engine.exit_text()
    assert [item.name[:7] for item in tmp_path.iterdir()] == [".x.gif."]
    again = ChildExplorer()
    again.get(x.Film, "film", x.Written, styles, film[:3], out)
    assert [item.name for item in tmp_path.iterdir()] == ["x.gif"]
    again.close()


PARENT = """
import sys, time
from ganstudio.core.explore import messages as x
from ganstudio.core.explore.recipe import Model, Recipe, Seed
from ganstudio.core.explore.ways import way
from ganstudio.engine.launch import EngineProcess, serve_exploration
if __name__ == "__main__":
    engine = EngineProcess(serve_exploration)
    film = way([Seed(1), Seed(2)], 50_000, Recipe())
    engine.send(x.Film(1, "film", Model(sys.argv[1]), film, sys.argv[2]))
    while not (isinstance(report := engine.receive(), x.Working) and report.done > 0):
        pass
    print(engine.pid, flush=True)
    while True:
        engine.receive()
"""


@pytest.mark.parametrize("name", ["x.gif", "x.mp4"])
def test_a_killed_window_leaves_no_child_and_no_film(styles: Model, tmp_path: Path, name: str):
    script, folder = tmp_path / "parent.py", tmp_path / "films"
    folder.mkdir()
    script.write_text(PARENT)
    parent = subprocess.Popen(
        [sys.executable, str(script), styles.run, str(folder / name)],
        stdout=subprocess.PIPE, cwd=TESTS.parent, text=True,
    )  # fmt: skip
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    family = [child, *child.children(recursive=True)]
    parent.kill()
    parent.wait(PATIENCE)
    parent.stdout.close()
    psutil.wait_procs(family, timeout=PATIENCE)
    for process in family:
        assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    deadline = time.monotonic() + PATIENCE
    while list(folder.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list(folder.iterdir()) == []


def test_a_damaged_checkpoint_leaves_the_child_alone(child: ChildExplorer, tmp_path: Path):
    _, model = saved("dcgan", tmp_path / "run")
    for item in (tmp_path / "run" / "checkpoints").rglob("weights.safetensors"):
        item.write_bytes(item.read_bytes()[:-1])
    assert "weights.safetensors" in child.get(x.Open, "open", x.CannotExplore, model).problem
