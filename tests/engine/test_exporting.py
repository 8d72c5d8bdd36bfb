"""Generators written for a window: by a session in a thread, and by a real child."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from safetensors import safe_open
from support.measuring import make_run
from support.sessions import ChildTalk, ThreadTalk
from support.tiny import IMAGES, tiny

from ganstudio.core import messages as m
from ganstudio.core.exports import Export, Exported, ExportFailed
from ganstudio.core.runs import RunFolder
from ganstudio.engine import exporting
from ganstudio.engine.exporting import ExportSession
from ganstudio.engine.launch import serve_exporting


@pytest.fixture
def talk() -> Iterator[ThreadTalk]:
    with closing(ThreadTalk(ExportSession)) as made:
        yield made


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return make_run(tmp_path / "digits", tiny(IMAGES))


def test_a_generator_and_its_card(talk: ThreadTalk, run: RunFolder, tmp_path: Path):
    out = tmp_path / "g.safetensors"
    talk.send(Export(str(run.path), str(out), 2))
    done = talk.wait(Exported)
    assert done == Exported((str(out), str(tmp_path / "g.card.md")), 2)
    with safe_open(out, "pt") as file:
        assert file.metadata()["step"] == "2"
    assert "safetensors" in (tmp_path / "g.card.md").read_text("utf-8")
    places = [report.done for report in talk.all(m.Preparing)]
    assert places == sorted(places) and len(places) == 3


def test_what_is_wrong_is_told_and_the_next_is_written(talk: ThreadTalk, run: RunFolder, tmp_path: Path):
    out = str(tmp_path / "g.safetensors")
    for wish, problem in (
        (Export(str(run.path), out, 7), "no checkpoint at step 7"),
        (Export(str(run.path), str(tmp_path / "none" / "g.safetensors"), 2), "cannot be written"),
    ):
        place = talk.mark()
        talk.send(wish)
        assert problem in talk.wait(ExportFailed, after=place).problem
    talk.send(Export(str(run.path), out))
    assert talk.wait(Exported).step == 2


def test_nothing_unforeseen_ends_the_session(
    talk: ThreadTalk, run: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object) -> None:
        raise RuntimeError("no such operator")

    monkeypatch.setitem(exporting.EXPORTERS, ".onnx", broken)
    talk.send(Export(str(run.path), str(tmp_path / "g.onnx"), 2))
    told = talk.wait(ExportFailed).problem
    assert told == "This generator cannot be written as .onnx (RuntimeError: no such operator)."


def test_a_real_child_writes_onnx(run: RunFolder, tmp_path: Path):
    with closing(ChildTalk(serve_exporting)) as talk:
        talk.send(Export(str(run.path), str(tmp_path / "g.onnx"), 2))
        assert talk.wait(Exported).step == 2
    assert (tmp_path / "g.onnx").stat().st_size > 1000
