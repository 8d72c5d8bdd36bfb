"""Every number against every kind of bad input: one clear sentence, or a number with a warning beside it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from support.measuring import make_run
from support.tiny import IMAGES, POINTS
from torch import Tensor

from ganstudio.catalog.measures import FACTORS, FINITE, INCEPTION, LABELS, LARGE, MEASURES, STACKED, STYLES
from ganstudio.catalog.resolve import merge, resolve
from ganstudio.core.measurement import Measurement
from ganstudio.core.messages import Measure
from ganstudio.core.runs import RunFolder
from ganstudio.core.shapes import DataShape
from ganstudio.metrics import bench, domain, measure
from ganstudio.metrics.features import Seen
from ganstudio.metrics.figures import MetricError
from ganstudio.metrics.measure import measured, prepare

NOT_FOR_PEOPLE = re.compile(r"Traceback|tensor\(|Error:|NoneType|<[a-z]+ object|\bnan\b|\binf\b")


class Eyes:
    """Stands in for published networks: a fixed projection of the picture, seen in colour, at one size."""

    name, facts, resize = "inception", "a projection", "to 16 px"

    def see(self, images: Tensor) -> Seen:
        colour = images.expand(-1, 3, -1, -1) if images.shape[1] == 1 else images
        small = torch.nn.functional.interpolate(colour.float() / 255, (16, 16)).flatten(1)
        weights = torch.randn(small.shape[1], 40, generator=torch.Generator().manual_seed(0))
        features = small @ weights
        return Seen(features, features)

    def distance(self, first: Tensor, second: Tensor) -> Tensor:
        return (self.see(first).features - self.see(second).features).square().sum(1)

    def pairs_at_once(self, shape: DataShape) -> int:
        return 7


@pytest.fixture(autouse=True)
def _cheap(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSTUDIO_CACHE", str(tmp_path_factory.getbasetemp() / "cache of bad input"))
    monkeypatch.setattr(domain, "UPDATES", 2)
    monkeypatch.setattr(bench, "load_inception", lambda *_, **__: Eyes())
    monkeypatch.setattr(bench, "load_lpips", lambda *_, **__: Eyes())
    monkeypatch.setattr(bench, "READABLE", -10.0)  # two updates teach nothing
    monkeypatch.setattr("ganstudio.metrics.toy.MATCHED", 20)
    monkeypatch.setattr("ganstudio.metrics.toy.REFERENCE", 500)


def outcome(wish: Measure) -> Measurement | str:
    """The number, or the sentences that say why there is none."""
    try:
        (found,) = measured(prepare(wish))
    except MetricError as error:
        return str(error)
    return found


def must_be_told(found: Measurement | str) -> None:
    """What a person gets to read: sentences, or a number they are warned of."""
    told = (found,) if isinstance(found, str) else found.warnings
    assert told
    for sentence in told:
        assert sentence[0].isupper() or sentence[0] in "'/0123456789" or sentence.split()[0] in MEASURES, (
            sentence
        )
        assert sentence.rstrip().endswith((".", "…", "?")) and not NOT_FOR_PEOPLE.search(sentence), sentence
    if not isinstance(found, str):
        assert math.isfinite(found.value) or any("no finite number" in w for w in found.warnings)
        assert not math.isfinite(found.spread) or found.low <= found.high


# ---------------------------------------------------------------- two folders


def save(folder: Path, pictures: np.ndarray[Any, Any]) -> str:
    for label in ("cats", "dogs"):  # folders of classes, so that what needs classes is tried too
        (folder / label).mkdir(parents=True, exist_ok=True)
    for number, pixels in enumerate(pictures):
        Image.fromarray(pixels).save(folder / ("cats", "dogs")[number % 2] / f"{number}.png")
    return str(folder)


def noise(count: int, size: int = 12, channels: int = 3, seed: int = 0) -> np.ndarray[Any, Any]:
    shape = (count, size, size, 3) if channels == 3 else (count, size, size)
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def flat(count: int, shade: int = 90) -> np.ndarray[Any, Any]:
    return np.full((count, 12, 12, 3), shade, np.uint8)


NOTHING = noise(0)
FOLDERS: dict[str, tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], str]] = {
    "one picture": (noise(1), noise(30, seed=1), "at least|needs|few|only"),
    "one real picture": (noise(30), noise(1, seed=1), "at least|needs|few|only|cannot|two samples"),
    "few pictures": (noise(5), noise(30, seed=1), "few|at least"),
    "constant": (flat(30), noise(30, seed=1), "same"),
    "constant real ones": (noise(30), flat(30), "same"),
    "both constant": (flat(30), flat(30), "same"),
    "other sizes": (noise(30, 20), noise(30, seed=1), "different size"),
    "other channels": (noise(30, channels=1), noise(30, seed=1), "grey and the other in colour"),
    "empty": (NOTHING, noise(30, seed=1), "holds no pictures"),
    "empty real": (noise(30), NOTHING, "holds no pictures"),
    "both empty": (NOTHING, NOTHING, "holds no pictures"),
    "tiny": (noise(30), noise(30, 4), "8 px are needed"),
}
PICTURES = [
    m.name for m in MEASURES.values() if m.data == "image" and not set(m.needs) - {INCEPTION, LABELS, FINITE}
]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str]]:
    place = tmp_path_factory.mktemp("bad")
    return {
        name: (save(place / name / "a", made), save(place / name / "b", real))
        for name, (made, real, _) in FOLDERS.items()
    }


@pytest.mark.parametrize("case", FOLDERS)
@pytest.mark.parametrize("name", PICTURES)
def test_folders(name: str, case: str, folders: dict[str, tuple[str, str]]):
    found = outcome(Measure(folders=folders[case], metrics=(name,)))
    must_be_told(found)
    told = found if isinstance(found, str) else " ".join(found.warnings)
    assert re.search(FOLDERS[case][2], told), told


def test_all_that_folders_can_be_measured_by_is_tried():
    assert {"fid", "kid", "is", "is-domain", "density-domain", "ms-ssim", "copied-domain"} <= set(PICTURES)


# ---------------------------------------------------------------- a generator

Spoil = Callable[[Tensor], object]
SPOILT: dict[str, tuple[Spoil, int, str]] = {
    "diverged": (lambda x: x.fill_(torch.nan), 40, "it diverged|may have diverged"),
    "collapsed": (lambda x: x.zero_(), 40, "are the same"),
    "one sample": (lambda x: x, 1, "at least|needs|few|only|Take more samples"),
    "few samples": (lambda x: x, 5, "few|at least"),
}
RUNS: dict[str, dict[str, Any]] = {
    "ring": POINTS,
    "classes": merge(IMAGES, {"variant": "projection-gan"}),
    "factors": merge(IMAGES, {
        "variant": "infogan", "data": {"source": "shapes", "resolution": 16, "simple": True},
        "latent": {"dimension": 4, "categorical": 1, "categories": 3, "continuous": 2},
    }),
    "stacked": merge(IMAGES, {"data": {"source": "stacked-digits", "resolution": 16}}),
    "styles": {
        "variant": "stylegan2", "data": {"source": "digits", "resolution": 16}, "batch_size": 4,
        "latent": {"dimension": 8}, "samples": {"count": 4}, "compute": {"device": "cpu", "threads": 1},
    },
}  # fmt: skip


def run_for(name: str) -> str:
    """Which of the runs can be measured by it."""
    if MEASURES[name].data == "points":
        return "ring"
    needs = set(MEASURES[name].needs)
    special = {STYLES: "styles", LARGE: "styles", STACKED: "stacked", FACTORS: "factors"}
    return next((run for need, run in special.items() if need in needs), "classes")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, RunFolder]:
    place = tmp_path_factory.mktemp("runs")
    return {name: make_run(place / name, resolve(config), 1) for name, config in RUNS.items()}


@pytest.mark.parametrize("case", SPOILT)
@pytest.mark.parametrize("name", MEASURES)
def test_a_generator(name: str, case: str, runs: dict[str, RunFolder], monkeypatch: pytest.MonkeyPatch):
    spoil, samples, wanted = SPOILT[case]
    original = measure.load_generator

    def spoilt(*words: Any) -> Any:
        generator = original(*words)
        with torch.no_grad():
            for parameter in generator.net.parameters():
                spoil(parameter)
        return generator

    monkeypatch.setattr(measure, "load_generator", spoilt)
    found = outcome(Measure(str(runs[run_for(name)].path), metrics=(name,), samples=samples))
    must_be_told(found)
    told = found if isinstance(found, str) else " ".join(found.warnings)
    assert re.search(wanted, told), told
