"""``ganstudio evaluate`` as a person or a script calls it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from support.measuring import make_run
from support.tiny import IMAGES, POINTS, tiny

from ganstudio.core.published import NETWORKS, find_weights, weights_folder
from ganstudio.core.runs import RunFolder
from ganstudio.metrics import domain


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSTUDIO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))
    monkeypatch.setattr(domain, "UPDATES", 2)


@pytest.fixture
def ring(tmp_path: Path) -> RunFolder:
    return make_run(tmp_path / "ring", tiny(POINTS))


@pytest.fixture
def digits(tmp_path: Path) -> RunFolder:
    return make_run(tmp_path / "digits", tiny(IMAGES))


def test_a_run_is_measured_told_and_kept(studio: Any, ring: RunFolder):
    done = studio("evaluate", ring.path, "--metrics", "modes,high-quality", "--samples", 60)
    assert done.code == 0
    lines = done.out.splitlines()
    assert (
        lines[0].startswith("modes: ")
        and "higher is better" in lines[0]
        and "bootstrap over 60 samples" in lines[0]
    )
    assert "ring: averaged generator at step 2, 60 samples, seed 0" in done.out
    assert "60 samples are few" in done.err
    assert [e.metric for e in ring.evaluations()] == ["modes", "high-quality"]


def test_as_json(studio: Any, ring: RunFolder):
    done = studio("evaluate", ring.path, "--metrics", "js", "--samples", 60, "--seed", 3, "--json", "-q")
    assert done.code == 0 and len(done.out.splitlines()) == 1
    assert set(done.record) == {"run", "step", "metrics", "measurements"}
    (measurement,) = done.record["measurements"]
    assert done.record["metrics"] == {"js": measurement["value"]} and done.record["step"] == 2
    assert measurement["protocol"]["seed"] == 3 and measurement["protocol"]["samples"] == 60


def test_an_own_checkpoint_and_all_that_suits(studio: Any, digits: RunFolder):
    done = studio("evaluate", digits.path, "--checkpoint", 2, "--samples", 30, "--device", "cpu", "-q")
    assert done.code == 0, done.err
    assert "fd-domain" in done.out and "real samples have" in done.out and "fid:" not in done.out


def test_two_folders(studio: Any, tmp_path: Path):
    generator = np.random.default_rng(0)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for number in range(12):
            pixels = generator.integers(0, 256, (16, 16, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(tmp_path / name / f"{number}.png")
    done = studio(
        "evaluate",
        "--folders",
        tmp_path / "a",
        tmp_path / "b",
        "--metrics",
        "fd-domain,ms-ssim",
        "--json",
        "-q",
    )
    assert done.code == 0, done.err
    assert set(done.record["metrics"]) == {"fd-domain", "ms-ssim"} and done.record["step"] is None


def test_a_number_that_cannot_be_kept_is_told(studio: Any, ring: RunFolder):
    (ring.path / "evaluations.jsonl").mkdir()  # as unwritable as a full disk, also for root
    done = studio("evaluate", ring.path, "--metrics", "modes", "--samples", 60, "-q")
    assert done.code == 1 and "modes was measured but cannot be kept in" in done.err
    assert "measure again" in done.err and "unexpected" not in done.err


def test_what_looks_copied_is_shown(studio: Any, digits: RunFolder, tmp_path: Path):
    out = tmp_path / "pairs.png"
    words = ("evaluate", digits.path, "--samples", 30, "-q", "--pairs", out, "--metrics")
    done = studio(*words, "copied-domain")
    assert done.code == 0 and "rank test z" in done.out
    (number,) = digits.evaluations()
    kept = digits.evaluation_picture(number)
    assert kept is not None and kept.read_bytes() == out.read_bytes()
    done = studio(*words, "ms-ssim")
    assert done.code == 1 and "only copied-domain has a picture" in done.err
    done = studio(*words, "copied-domain", "--pairs", "pairs.gif")
    assert done.code == 2 and "must end in .png" in done.err


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["evaluate"], "evaluate needs a run, or --folders A B"),
        (["evaluate", "x", "--folders", "a", "b"], "evaluate needs a run, or --folders A B"),
        (["evaluate", "no-such-run"], "no-such-run: no such run"),
        (["evaluate", "--folders", "a"], "argument --folders: expected 2 arguments"),
        (["evaluate", "--folders", "no-a", "no-b"], "no-a does not exist"),
        (
            ["evaluate", "--folders", "a", "b", "--checkpoint", "3"],
            "--checkpoint: folders have no checkpoints",
        ),
        (["evaluate", "RUN", "--samples", "0"], "--samples: 0 is not at least 1"),
        (["evaluate", "RUN", "--samples", "1"], "--samples: 1 is not between 2 and 1,000,000"),
        (["evaluate", "RUN", "--metrics", "mods"], "'mods' is not a metric; did you mean 'modes'?"),
        (["evaluate", "RUN", "--metrics", "fid"], "fid is for pictures, and these are points"),
        (["evaluate", "RUN", "--checkpoint", "9"], "checkpoint"),
        (["evaluate", "RUN", "--device", "tpu"], "invalid choice: 'tpu'"),
    ],
)
def test_a_wrong_request_is_told_in_one_line(studio: Any, ring: RunFolder, words: list[str], problem: str):
    done = studio(*(ring.path if word == "RUN" else word for word in words), *["-q"])
    assert (done.code, done.out) == (2, "")
    (line,) = done.err.splitlines()
    assert line.startswith("ganstudio: ") and problem in line


@pytest.mark.parametrize(("metric", "network"), [("fid", "inception"), ("ppl", "vgg16")])
def test_the_missing_network_is_told_with_its_place(studio: Any, tmp_path: Path, metric: str, network: str):
    digits = make_run(tmp_path / "large", tiny(IMAGES, data={"source": "digits", "resolution": 16}))
    done = studio("evaluate", digits.path, "--metrics", metric, "-q")
    assert done.code == 2 and len(done.err.splitlines()) == 1
    assert NETWORKS[network].file in done.err and NETWORKS[network].words in done.err
    assert str(tmp_path / "cache" / "weights") in done.err and "--fetch" in done.err
    assert digits.evaluations() == []


def test_metrics_are_listed_with_protocol_and_needs(studio: Any):
    entries = {e["name"]: e for e in studio("list", "metrics", "--json").record["metrics"]}
    assert entries["fid"]["needs"] == ["inception"] and "TF Inception" in entries["fid"]["protocol"]
    assert "lower is better" in entries["fd-domain"]["range"] and "loss/generator" in entries


@pytest.mark.parametrize("name", NETWORKS)
def test_weights_come_from_a_file_if_they_are_the_published_ones(
    studio: Any, ring: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
):
    path = tmp_path / "mine.pth"
    path.write_bytes(b"not the published ones")
    words = ("evaluate", ring.path, "--metrics", "modes", "--samples", 20, f"--{name}", path)
    done = studio(*words)
    assert done.code == 2 and f"--{name}: mine.pth is not the published file" in done.err
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    monkeypatch.setitem(NETWORKS, name, replace(NETWORKS[name], sha256=digest))
    done = studio(*words)
    assert done.code == 0 and find_weights(name) == weights_folder() / NETWORKS[name].file
