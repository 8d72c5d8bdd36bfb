"""Copies of checkpoints: every byte is checked on its way."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from support.sealing import FILES, seal

from ganstudio.core.runs import RunFolder
from ganstudio.core.sealed import SealError, pieces, seal_of


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path)


def test_all_files_and_what_a_person_marked(run: RunFolder):
    folder = seal(run, 500)
    for mark in ("starred", "waiting", "held-12"):
        (folder / mark).touch()
    found = {piece.name: b"".join(piece.read()) for piece in pieces(run, 500)}
    below = "checkpoints/000500"
    assert set(found) == {f"{below}/{name}" for name in (*FILES, "state.json", "starred")}
    assert found[f"{below}/weights.safetensors"] == b"weights500"


def test_a_mark_that_moves_on_while_copying_does_no_harm(run: RunFolder):
    folder = seal(run, 500)
    (folder / "best").touch()
    (mark,) = [piece for piece in pieces(run, 500) if piece.name.endswith("best")]
    (folder / "best").unlink()
    assert list(mark.read()) == []


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("harm", [cut, flip])
@pytest.mark.parametrize("name", [*FILES, "state.json"])
def test_a_damaged_file_is_told(run: RunFolder, harm: Callable[[Path], None], name: str):
    harm(seal(run, 500) / name)
    with pytest.raises(SealError, match=r"Checkpoint 000500 is damaged: .* Choose another one\."):
        for piece in pieces(run, 500):
            list(piece.read())


@pytest.mark.parametrize("name", [*FILES, "state.json"])
def test_a_missing_file_is_told(run: RunFolder, name: str):
    (seal(run, 500) / name).unlink()
    with pytest.raises(SealError, match="Checkpoint 000500 is not whole, or not there any more"):
        for piece in pieces(run, 500):
            list(piece.read())


@pytest.mark.parametrize(
    "record", [[], {}, {"files": 3}, {"files": {"a": {"bytes": "x"}}}, {"files": {"a": None}}]
)
def test_a_state_that_makes_no_sense_is_told(run: RunFolder, record: object):
    folder = seal(run, 500)
    sealed = record | {"seal": seal_of(record)} if isinstance(record, dict) else record
    (folder / "state.json").write_text(json.dumps(sealed))
    with pytest.raises(SealError, match=r"is damaged: state\.json"):
        pieces(run, 500)


def test_names_cannot_lead_out_of_the_folder(run: RunFolder):
    folder = seal(run, 500)
    record = {"files": {"../../secret": {"bytes": 1, "sha256": ""}}}
    (folder / "state.json").write_text(json.dumps(record | {"seal": seal_of(record)}))
    assert {piece.source.parent for piece in pieces(run, 500)} == {folder}
