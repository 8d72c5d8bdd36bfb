"""A child that answers the Explore workspace without torch: quick to start, and wicked on request.

What it does is told by the run's name: "gone" cannot be opened, "crash" dies at the first picture of seed 666, "hang"
never answers a map; "plain" has neither styles nor noise nor classes.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from ganstudio.core import messages as m
from ganstudio.core.explore import messages as x
from ganstudio.core.explore.recipe import Blend, Direction, Place, Recipe, Seed
from ganstudio.core.shapes import DataShape

SIDE = 8
STEPS = (100, 200, 300)
LOOK_EVERY = 0.01
FOLLOWED: dict[str, tuple[int, ...]] = {}
"""The run whose checkpoints are watched, and those that are known."""
PLAIN = {
    "w": "No mapping network.",
    "noise": "No noise inputs.",
    "classes": "No classes.",
    "cutoff": "No rows.",
    "codes": "No codes.",
}


def serve(pipe: Connection) -> None:
    """Serve until told to quit or until the window has gone."""
    pipe.send(m.Ready(("cpu",), "0"))
    try:
        while True:
            if not pipe.poll(LOOK_EVERY if FOLLOWED else None):
                look(pipe)
                continue
            if isinstance(request := pipe.recv(), m.Quit):
                return
            answer(pipe, request)
    except (EOFError, BrokenPipeError):
        return


def saved_in(run: str) -> tuple[int, ...]:
    """The checkpoints: those that a test puts into the run (files whose names are steps), else three."""
    return tuple(sorted(int(path.name) for path in Path(run).glob("[0-9]*"))) or STEPS


def look(pipe: Connection) -> None:
    """Tell of checkpoints that came or went."""
    for run, known in FOLLOWED.items():
        if (now := saved_in(run)) != known:
            FOLLOWED[run] = now
            pipe.send(x.Saved(run, now))


def shade(place: Place) -> int:
    """A grey for a place: its seed, moved towards the other one's by a blend."""
    if isinstance(place, Seed):
        return place.seed % 200
    if isinstance(place, Blend):
        return round(shade(place.a) + place.share * (shade(place.b) - shade(place.a))) % 200
    return 7


def picture(recipe: Recipe) -> np.ndarray:
    """A picture that tells the recipe: grey by place, first pixel by truncation, second by the sum of moves."""
    image = np.full((SIDE, SIDE, 1), shade(recipe.place), np.uint8)
    image[0, 0] = round(100 * abs(recipe.psi)) % 256
    image[0, 1] = round(10 * sum(abs(move.amount) for move in recipe.moves)) % 256
    return image


def capabilities(run: str) -> x.Capabilities:
    """A little style-based model with classes and codes, or a plain one."""
    plain = run == "plain"
    layers = {
        "generator": (("block 4", 4, 4, 6), ("block 8", 8, 8, 6)),
        "discriminator": (("block 8", 8, 8, 6),),
    }
    return x.Capabilities(
        DataShape("image", 1, SIDE, SIDE), "normal", 4, 0 if plain else 4, not plain, (4, 4, 8), not plain,
        () if plain else ("cat", "dog", "owl"), not plain, 0 if plain else 1, 0 if plain else 3, 0 if plain else 2,
        True, layers, dict(PLAIN) if plain else {}, {"coarse": (0, 0), "middle": (1, 1), "fine": (2, 2)},
        mapped="Alike is near.",
    )  # fmt: skip


def directions(count: int, origin: str) -> tuple[Direction, ...]:
    """Axes of z."""
    unit = np.eye(4)
    return tuple(
        Direction(f"{origin} {i + 1}", "z", tuple(unit[i % 4]), 1.0, origin, 0.5 / (i + 1))
        for i in range(count)
    )


def answer(pipe: Connection, request: x.ExploreCommand) -> None:
    """One request."""
    if isinstance(request, x.Cancel):
        return
    run, head = Path(request.model.run).name, (request.id, request.slot)
    match request:
        case x.Open() if run == "gone":
            pipe.send(x.CannotExplore(*head, "There is no such run.", "Choose another."))
        case x.Open():
            step = request.model.step or STEPS[-1]
            can = capabilities(run)
            if run == "young" and not any(Path(request.model.run).glob("[0-9]*")):
                can = replace(can, refusals={"score": "No discriminator is saved yet."})
            pipe.send(x.Opened(*head, request.model, run, step, STEPS, can))
        case x.Render():
            if run == "crash" and any(recipe.place == Seed(666) for recipe in request.recipes):
                flag = Path(request.model.run) / "crashed"
                if not flag.exists() or (Path(request.model.run) / "always").exists():
                    flag.touch()
                    os._exit(9)
            send_pictures(pipe, head, request)
        case x.Through():
            steps = tuple(step for step in saved_in(request.model.run) if step > request.after)
            images = np.array([picture(request.recipe)] * len(steps), np.uint8).reshape(-1, SIDE, SIDE, 1)
            pipe.send(x.Rendered(*head, 0, len(steps), images, 0, None, steps))
            FOLLOWED.clear()
            if request.follow:
                FOLLOWED[request.model.run] = saved_in(request.model.run)
        case x.FindDirections():
            pipe.send(x.FoundDirections(*head, directions(request.count, request.method), request.method))
        case x.LearnDirection():
            found = replace(directions(1, "learned")[0], name=request.name)
            pipe.send(x.FoundDirections(*head, (found,), "learned", 0.9))
        case x.Nearest():
            images = np.stack([picture(request.recipe)] * request.count)
            pipe.send(x.FoundNearest(*head, images, np.arange(1, request.count + 1, dtype=np.float32), 2.0))
        case x.MapOut():
            send_map(pipe, head, request, run)
        case x.Locate():
            found = [(shade(recipe.place) / 200, -0.5) for recipe in request.recipes]
            pipe.send(x.Located(*head, np.array(found, np.float32)))
        case x.Invert():
            if run == "slow-search":
                return
            recipe = Recipe(Seed(5))
            for step in (1, request.steps):
                done = step == request.steps
                pipe.send(x.Inverting(*head, step, request.steps, picture(recipe), recipe, 31.0, done))
        case x.Inspect():
            count = min(request.channels, 6)
            maps, flat = np.zeros((count, 4, 4), np.uint8), np.ones(count, np.float32)
            pipe.send(x.Inspected(*head, maps, flat, 0 * flat, flat, np.array([0, -20, -40], np.float32), 6))
        case x.NoiseMap():
            pipe.send(x.NoiseSpread(*head, np.full((SIDE, SIDE), 3.0, np.float32)))
        case x.Film() | x.Export():
            if isinstance(request, x.Film):
                pipe.send(x.Working(*head, "Rendering", 0.5))
                if run == "hang":
                    return
            Path(request.path).write_bytes(b"made")
            pipe.send(x.Written(*head, request.path))


def send_pictures(pipe: Connection, head: tuple[int, str], request: x.Render) -> None:
    """In two parts where there is more than one."""
    count = len(request.recipes)
    cut = max(1, count // 2)
    step = request.model.step or STEPS[-1]
    for first, part in ((0, request.recipes[:cut]), (cut, request.recipes[cut:])):
        if part:
            scores = np.full(len(part), 0.63, np.float32) if request.scored else None
            images = np.stack([picture(recipe) for recipe in part])
            lengths = np.linspace(0.7, 1, len(part), dtype=np.float32) if request.measured else None
            pipe.send(x.Rendered(*head, first, count, images, step, scores, lengths=lengths))


def send_map(pipe: Connection, head: tuple[int, str], request: x.MapOut, run: str) -> None:
    """A spiral, in two parts."""
    if run == "hang":
        time.sleep(600)
    count = 40
    turn = np.linspace(0, 6, count, dtype=np.float32)
    at = np.stack([np.cos(turn) * turn / 6, np.sin(turn) * turn / 6], 1).astype(np.float32)
    for first in (0, count // 2):
        part = slice(first, first + count // 2)
        seeds = tuple(range(first, first + count // 2))
        images = np.stack([picture(Recipe(Seed(seed))) for seed in seeds])
        pipe.send(x.MapPart(*head, first, count, at[part], images, turn[part] / 6, seeds))
