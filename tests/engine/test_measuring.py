"""Measuring beside a window: by a session in a thread, and by a real child."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
import torch
from support.measuring import make_run
from support.sessions import ChildTalk, ThreadTalk
from support.tiny import IMAGES, POINTS, tiny

from ganstudio.catalog.measures import MEASURES
from ganstudio.core import marks
from ganstudio.core import messages as m
from ganstudio.core.published import NETWORKS, find_weights, weights_folder
from ganstudio.core.runs import RunFolder
from ganstudio.engine import measuring
from ganstudio.engine.launch import serve_measuring
from ganstudio.engine.measuring import MeasuringSession
from ganstudio.engine.ports import LocalPort
from ganstudio.metrics import domain


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSTUDIO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(domain, "UPDATES", 2)


@pytest.fixture
def talk() -> Iterator[ThreadTalk]:
    with closing(ThreadTalk(MeasuringSession)) as made:
        yield made


@pytest.fixture
def ring(tmp_path: Path) -> RunFolder:
    return make_run(tmp_path / "ring", tiny(POINTS))


def test_every_number_is_told_and_kept(talk: ThreadTalk, ring: RunFolder):
    talk.send(m.Measure(str(ring.path), metrics=("modes", "js"), samples=50, number=7))
    assert talk.wait(m.MeasureEnded) == m.MeasureEnded(7)
    told = [report.measurement for report in talk.all(m.Measured)]
    assert [t.metric for t in told] == ["modes", "js"] and all(r.number == 7 for r in talk.all(m.Measured))
    assert ring.evaluations() == told
    assert talk.all(m.Preparing)


def test_a_number_that_cannot_be_kept_is_told(talk: ThreadTalk, ring: RunFolder):
    (ring.path / "evaluations.jsonl").mkdir()  # as unwritable as a full disk, also for root
    talk.send(m.Measure(str(ring.path), metrics=("modes",), samples=50, number=3))
    told = talk.wait(m.MeasureFailed)
    assert told.number == 3 and "cannot be kept in" in told.problem and "Make room" in told.remedy


def test_what_cannot_be_measured_is_told_and_the_next_is_measured(talk: ThreadTalk, ring: RunFolder):
    talk.send(m.Measure(str(ring.path), metrics=("fid",), number=1))
    failed = talk.wait(m.MeasureFailed)
    assert failed.number == 1 and "fid is for pictures, and these are points" in failed.problem
    talk.send(m.Measure(str(ring.path) + "-gone", number=2))
    assert talk.wait(m.MeasureFailed, lambda r: r.number == 2).problem
    talk.send(m.Measure(str(ring.path), metrics=("modes",), samples=20, number=3))
    assert talk.wait(m.MeasureEnded, lambda r: r.number == 3).cancelled is False


def test_nothing_unforeseen_ends_the_session(
    talk: ThreadTalk, ring: RunFolder, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object) -> None:
        raise RuntimeError("out of memory")

    monkeypatch.setattr("ganstudio.engine.measuring.prepare", broken)
    talk.send(m.Measure(str(ring.path)))
    assert "not enough memory" in talk.wait(m.MeasureFailed).problem


@pytest.mark.parametrize("other", [m.StopMeasuring(), m.Measure(folders=("no", "no"), number=2)])
def test_it_can_be_stopped_and_a_newer_wish_comes_first(
    talk: ThreadTalk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: m.Command
):
    run = make_run(tmp_path / "digits", tiny(IMAGES))
    monkeypatch.setattr(domain, "UPDATES", 10**9)  # learning never ends by itself
    talk.send(m.Measure(str(run.path), samples=20, number=1))
    talk.wait(m.Preparing, lambda r: "Training a classifier" in r.what)
    talk.send(other)
    assert talk.wait(m.MeasureEnded) == m.MeasureEnded(1, cancelled=True)
    assert run.evaluations() == []
    if isinstance(other, m.Measure):
        assert talk.wait(m.MeasureFailed).number == 2


@pytest.fixture(params=list(NETWORKS))
def network(request: pytest.FixtureRequest) -> str:
    """Each of the published networks."""
    return request.param


@pytest.fixture
def published(network: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small file that counts as the published weights, somewhere on this computer."""
    path = tmp_path / "downloads" / "mine.pth"
    path.parent.mkdir()
    path.write_bytes(b"weights" * 1000)
    told = replace(NETWORKS[network], sha256=hashlib.sha256(path.read_bytes()).hexdigest(), urls=())
    monkeypatch.setitem(NETWORKS, network, told)
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))
    return path


def test_weights_are_taken_from_a_file_with_the_right_checksum_alone(
    talk: ThreadTalk, published: Path, network: str, tmp_path: Path
):
    file = NETWORKS[network].file
    other = tmp_path / "other.pth"
    other.write_bytes(b"something else")
    for number, path in enumerate((other, tmp_path / "none.pth"), 1):
        talk.send(m.FetchWeights(network, str(path), number))
        assert (
            "is not the published file"
            in talk.wait(m.MeasureFailed, lambda r, n=number: r.number == n).problem
        )
    assert find_weights(network, tmp_path / "hub") is None
    talk.send(m.FetchWeights(network, str(published), 3))
    here = talk.wait(m.WeightsHere)
    assert Path(here.path) == weights_folder() / file and here.number == 3
    assert Path(here.path).read_bytes() == published.read_bytes()
    talk.send(m.FetchWeights(network, here.path, 4), m.FetchWeights(network, "", 5))
    talk.wait(m.WeightsHere, lambda r: r.number == 5)
    assert [item.name for item in weights_folder().iterdir()] == [file]


@pytest.mark.usefixtures("published")
def test_a_download_that_cannot_be_made_says_where_the_file_belongs(talk: ThreadTalk, network: str):
    talk.send(m.FetchWeights(network, number=1))
    failed = talk.wait(m.MeasureFailed)
    assert "could not be downloaded" in failed.problem
    assert NETWORKS[network].file in failed.remedy and str(weights_folder()) in failed.remedy


def test_what_is_measured_on_schedule_is_what_the_checkpoint_says(
    talk: ThreadTalk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    rule = {"every": 1, "metrics": "js, modes", "samples": 30, "keep_best": "high-quality"}
    run = make_run(tmp_path / "ruled", tiny(POINTS, measure=rule))
    talk.send(m.Measure(str(run.path), checkpoint=2, number=1, scheduled=True))
    assert talk.wait(m.MeasureEnded).best == 2 == marks.best(run)
    told = run.evaluations()
    assert [e.metric for e in told] == ["js", "modes", "high-quality"]
    assert all(e.scheduled and e.protocol.samples == 30 for e in told)
    assert all(e.weights == marks.weights_of(run, 2) for e in told)
    assert marks.marks_of(run.checkpoint_path(2)) == [marks.BEST]


def test_on_schedule_what_takes_long_is_left_out(talk: ThreadTalk, tmp_path: Path):
    run = make_run(tmp_path / "digits", tiny(IMAGES, measure={"every": 1, "samples": 20}))
    talk.send(m.Measure(str(run.path), checkpoint=2, number=1, scheduled=True))
    assert talk.wait(m.MeasureEnded).best is None
    measured = {e.metric for e in run.evaluations()}
    assert "fd-domain" in measured and not measured & {name for name, m_ in MEASURES.items() if m_.slow}


def test_progress_is_told_ten_times_a_second_at_most(talk: ThreadTalk):
    heard: list[object] = []
    session = MeasuringSession(LocalPort(heard.append))
    for step in range(1000):
        session._progress("Looking", step / 1000)
    session._progress("Comparing", 0.0)
    assert 2 <= len(heard) < 100 and heard[-1] == m.Preparing("Comparing", 0.0)


def test_other_commands_are_refused(talk: ThreadTalk):
    talk.send(m.StopMeasuring(), m.Pause())
    assert "only measures" in talk.wait(m.Refused).reason


def test_an_engine_that_trains_does_not_measure(tmp_path: Path):
    trains = ThreadTalk()
    trains.begin(tmp_path / "run", tiny(steps=10**6))
    trains.send(m.Measure("x"))
    assert "measured by one of its own" in trains.wait(m.Refused).reason
    trains.send(m.Stop(save=False))
    trains.end()
    trains.close()


@pytest.mark.slow
def test_a_real_child_measures_and_goes_with_its_window(ring: RunFolder):
    child = ChildTalk(serve_measuring)
    child.wait(m.Ready)
    process = psutil.Process(child.pid)
    child.send(m.Measure(str(ring.path), metrics=("modes",), samples=50))
    assert child.wait(m.Measured).measurement.protocol.device == "CPU, 1 thread"
    child.wait(m.MeasureEnded)
    assert process.nice() > psutil.Process().nice() or process.nice() == 19
    child.close()
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_it_rests_in_proportion_to_its_work(monkeypatch: pytest.MonkeyPatch):
    clock, rests = [10.0], []
    monkeypatch.setattr(measuring.time, "process_time", lambda: clock[0])
    monkeypatch.setattr(measuring.time, "sleep", rests.append)
    pace = measuring.Pace(0.5)
    for worked in (0.001, 0.001, 0.1, 0.2, 100.0):
        clock[0] += worked
        pace.breathe()
    assert rests == [pytest.approx(0.051), pytest.approx(0.1), measuring.LONGEST_REST]


@pytest.mark.parametrize("trains", [False, True])
def test_it_rests_only_beside_a_run_that_trains(
    talk: ThreadTalk, ring: RunFolder, trains: bool, monkeypatch: pytest.MonkeyPatch
):
    rests: list[float] = []
    monkeypatch.setattr(measuring.Pace, "breathe", lambda self: rests.append(self._rest))
    if trains:
        ring.claim()
    talk.send(m.Measure(run=str(ring.path), metrics=("w1",), samples=200))
    talk.wait(m.MeasureEnded)
    ring.release()
    assert set(rests) == {measuring.REST if trains else 0.0}
