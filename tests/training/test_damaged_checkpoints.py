"""Damaged, forged and foreign checkpoints: each is refused in one sentence that names it, and the one before serves."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load, save
from support.tiny import assert_same_tensors, make_trainer, tiny, trained

from ganstudio.core.runs import RunFolder
from ganstudio.training import checkpoint
from ganstudio.training.checkpoint import CheckpointError

WEIGHTS, TRAINER, STATE = "weights.safetensors", "trainer.safetensors", "state.json"
GOOD, BAD = 2, 3


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A run with whole checkpoints at steps 2 and 3; nobody writes into it."""
    run = RunFolder(tmp_path_factory.mktemp("pristine"))
    trainer = trained(tiny(), GOOD)
    checkpoint.save(trainer, run, 1.0)
    trainer.step()
    checkpoint.save(trainer, run, 2.0)
    return run


@pytest.fixture
def run(pristine: RunFolder, tmp_path: Path) -> RunFolder:
    shutil.copytree(pristine.checkpoints, tmp_path / "checkpoints")
    return RunFolder(tmp_path)


# ---------------------------------------------------------------- ways to damage one


def cut(name: str, share: float) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        path = folder / name
        os.truncate(path, int(path.stat().st_size * share))

    return damage


def written(name: str, data: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes(data) and None


def removed(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def a_folder(name: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        (folder / name).unlink()
        (folder / name).mkdir()

    return damage


def linked(name: str, target: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        (folder / name).unlink()
        (folder / name).symlink_to(target)

    return damage


def forged(name: str, data: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Other bytes with a fitting checksum: what only the content can give away."""

    def damage(folder: Path) -> None:
        changed = data((folder / name).read_bytes())
        (folder / name).write_bytes(changed)
        seal = {"bytes": len(changed), "sha256": hashlib.sha256(changed).hexdigest()}
        record_changed(lambda record: record["files"].update({name: seal}))(folder)

    return damage


def record_changed(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    """Another state.json with a fitting seal."""

    def damage(folder: Path) -> None:
        record = json.loads((folder / STATE).read_text())
        change(record)
        record.pop("seal", None)
        (folder / STATE).write_text(json.dumps(record | {"seal": checkpoint.seal_of(record)}))

    return damage


def put(*keys: str, value: Any) -> Callable[[Path], None]:
    def change(record: dict[str, Any]) -> None:
        for key in keys[:-1]:
            record = record[key]
        record[keys[-1]] = value

    return record_changed(change)


def tensors(name: str, change: Callable[[dict[str, torch.Tensor]], object]) -> Callable[[Path], None]:
    def rewrite(data: bytes) -> bytes:
        found = load(data)
        change(found)
        return save(found)

    return forged(name, rewrite)


def first(prefix: str, change: Callable[[torch.Tensor], torch.Tensor | None]) -> Callable[[Any], None]:
    """Change (or with ``None`` remove) the first tensor whose name begins so."""

    def apply(found: dict[str, torch.Tensor]) -> None:
        name = next(n for n in sorted(found) if n.startswith(prefix))
        new = change(found.pop(name))
        if new is not None:
            found[name] = new

    return apply


def header(length: int) -> Callable[[bytes], bytes]:
    return lambda data: length.to_bytes(8, "little") + data[8:]


def deep(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


DAMAGES: dict[str, Callable[[Path], None]] = {
    **{
        f"{name} cut to {share:.0%}": cut(name, share)
        for name in (WEIGHTS, TRAINER, STATE)
        for share in (0, 0.01, 0.5, 0.99)
    },
    **{f"{name} missing": removed(name) for name in (WEIGHTS, TRAINER, STATE)},
    **{f"{name} is a folder": a_folder(name) for name in (WEIGHTS, TRAINER, STATE)},
    **{f"{name} is a dangling link": linked(name, "nowhere") for name in (WEIGHTS, STATE)},
    "weights linked to another file": linked(WEIGHTS, TRAINER),
    "weights linked to a device": linked(WEIGHTS, "/dev/zero"),
    "state linked to itself": linked(STATE, STATE),
    "longer by one byte": lambda folder: os.truncate(folder / WEIGHTS, (folder / WEIGHTS).stat().st_size + 1),
    "not JSON": written(STATE, b"this is no JSON"),
    "not text": written(STATE, bytes(range(256))),
    "a JSON list": written(STATE, b"[1, 2, 3]"),
    "a JSON number": written(STATE, b"17"),
    "huge JSON": written(STATE, b" " * (5 << 20)),
    "deep JSON": written(STATE, deep(100_000)),
    "a number of five thousand digits": written(STATE, b'{"schema": ' + b"1" * 5000 + b"}"),
    "no schema": record_changed(lambda r: r.pop("schema")),
    "schema 0": put("schema", value=0),
    "schema of the future": put("schema", value=99),
    "schema true": put("schema", value=True),
    "schema text": put("schema", value="1"),
    "no counters": record_changed(lambda r: r.pop("counters")),
    "negative counter": put("counters", "generator", value=-1),
    "counter of half": put("counters", "images", value=0.5),
    "counter beyond reason": put("counters", "images", value=10**40),
    "counters are text": put("counters", value="three"),
    "no seconds": record_changed(lambda r: r.pop("seconds")),
    "seconds are text": put("seconds", value="soon"),
    "seconds infinite": put("seconds", value=float("inf")),
    "seconds too large for a float": put("seconds", value=10**400),
    "config missing": record_changed(lambda r: r.pop("config")),
    "config a list": put("config", value=[]),
    "config of an unknown variant": put("config", "variant", value="gam"),
    "config with a bad value": put("config", "batch_size", value=-3),
    "config deep": put("config", "data", value=json.loads(deep(300))),
    "files missing": record_changed(lambda r: r.pop("files")),
    "files a text": put("files", value="none"),
    "file size a text": put("files", WEIGHTS, "bytes", value="many"),
    "file size infinite": put("files", WEIGHTS, "bytes", value=float("inf")),
    "file size of the other": put("files", WEIGHTS, value={"bytes": 1, "sha256": "0"}),
    "header length huge": forged(WEIGHTS, header(2**63)),
    "header longer than the file": forged(WEIGHTS, header(10**6)),
    "header length zero": forged(WEIGHTS, header(0)),
    "header not JSON": forged(WEIGHTS, lambda d: d[:8] + b"x" * (len(d) - 8)),
    "no safetensors at all": forged(WEIGHTS, lambda d: b"\x80\x04K\x01."),
    "seven bytes": forged(TRAINER, lambda d: d[:7]),
}
MISFITS: dict[str, Callable[[Path], None]] = {
    "weights missing a tensor": tensors(WEIGHTS, first("generator", lambda t: None)),
    "average missing a tensor": tensors(WEIGHTS, first("average", lambda t: None)),
    "weights with one more": tensors(WEIGHTS, lambda f: f.update({"generator.extra": torch.zeros(1)})),
    "weights of another shape": tensors(WEIGHTS, first("discriminator", lambda t: torch.cat([t, t]))),
    "weights transposed": tensors(WEIGHTS, first("generator.layers.0.weight", lambda t: t.T.contiguous())),
    "weights of another type": tensors(WEIGHTS, first("generator", lambda t: t.double())),
    "weights as integers": tensors(WEIGHTS, first("generator", lambda t: t.int())),
    "optimizer missing a tensor": tensors(TRAINER, first("generator", lambda t: None)),
    "optimizer empty": tensors(TRAINER, lambda f: f.clear()),
    "optimizer with one more": tensors(
        TRAINER, lambda f: f.update({"generator.layers.0.weight.momentum_buffer": torch.zeros(16, 4)})
    ),
    "optimizer of nobody": tensors(
        TRAINER, lambda f: f.update({"critic.layers.0.weight.exp_avg": torch.zeros(1)})
    ),
    "optimizer of another shape": tensors(TRAINER, first("generator", lambda t: torch.zeros(3, 3, 3))),
    "optimizer of another type": tensors(TRAINER, first("discriminator", lambda t: t.double())),
    "optimizer state without dimensions": tensors(TRAINER, first("generator", lambda t: torch.tensor(1.0))),
    "optimizer step not a scalar": tensors(
        TRAINER, lambda f: f.update({"generator.layers.0.weight.step": torch.zeros(16, 4)})
    ),
    "other networks": put("config", "generator", "width", value=17),
    "another optimizer": put(
        "config", "optimizer", "generator", value={"kind": "sgd", "lr": 0.1, "momentum": 0.5}
    ),
}


def one_sentence(message: str, step: int) -> None:
    assert f"checkpoint {step:06d}: " in message
    assert "\n" not in message and "Traceback" not in message and 20 < len(message) < 400


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=list(DAMAGES))
def test_refused_by_name_and_the_one_before_serves(damage: Callable[[Path], None], run: RunFolder):
    damage(run.checkpoint_path(BAD))
    with pytest.raises(CheckpointError) as caught:
        checkpoint.read(run.checkpoint_path(BAD))
    one_sentence(str(caught.value), BAD)
    stored, problems = checkpoint.newest(run)
    assert stored.step == GOOD and problems == [str(caught.value)]
    with pytest.raises(CheckpointError, match=f"the one before it is at step {GOOD}"):
        checkpoint.newest(run, BAD)


@pytest.mark.parametrize("damage", MISFITS.values(), ids=list(MISFITS))
def test_what_does_not_fit_the_networks_is_refused_before_anything_is_touched(
    damage: Callable[[Path], None], run: RunFolder
):
    damage(run.checkpoint_path(BAD))
    stored = checkpoint.read(run.checkpoint_path(BAD))
    trainer = make_trainer(stored.config)
    before = checkpoint.snapshot(trainer, copy=True)
    with pytest.raises(CheckpointError) as caught:
        checkpoint.restore(trainer, stored.state)
    assert "\n" not in str(caught.value) and 20 < len(str(caught.value)) < 400
    after = checkpoint.snapshot(trainer)
    assert after.counters == before.counters
    assert_same_tensors(after.weights, before.weights)


def test_an_empty_folder(run: RunFolder):
    for file in run.checkpoint_path(BAD).iterdir():
        file.unlink()
    stored, problems = checkpoint.newest(run)
    assert stored.step == GOOD and "state.json is missing" in problems[0]


def test_a_file_where_a_checkpoint_should_be(run: RunFolder):
    shutil.rmtree(run.checkpoint_path(BAD))
    run.checkpoint_path(BAD).write_text("not a folder")
    stored, problems = checkpoint.newest(run)
    assert stored.step == GOOD and len(problems) == 1


def test_none_is_whole(run: RunFolder):
    for step in (GOOD, BAD):
        cut(WEIGHTS, 0.5)(run.checkpoint_path(step))
    with pytest.raises(CheckpointError, match="no checkpoint of this run is whole"):
        checkpoint.newest(run)


@settings(max_examples=80)
@given(data=st.data())
def test_no_flipped_bit_goes_unnoticed(data: st.DataObject, pristine: RunFolder, tmp_path_factory: Any):
    """Any one changed bit is refused, but for one in white space or spelling of state.json, which says the same."""
    folder = tmp_path_factory.mktemp("flip") / "000003"
    shutil.copytree(pristine.checkpoint_path(BAD), folder)
    name = data.draw(st.sampled_from([WEIGHTS, TRAINER, STATE, STATE]))
    raw = bytearray((folder / name).read_bytes())
    place, bit = data.draw(st.integers(0, len(raw) - 1)), data.draw(st.integers(0, 7))
    raw[place] ^= 1 << bit
    (folder / name).write_bytes(raw)
    try:
        stored = checkpoint.read(folder)
    except CheckpointError as error:
        one_sentence(str(error), BAD)
    else:
        assert name == STATE and stored.config == tiny() and stored.step == BAD
        assert json.loads(raw) == json.loads((pristine.checkpoint_path(BAD) / STATE).read_text())
    shutil.rmtree(folder)


@settings(max_examples=60)
@given(junk=st.binary(max_size=300), name=st.sampled_from([WEIGHTS, TRAINER, STATE]))
def test_junk_is_refused(junk: bytes, name: str, pristine: RunFolder, tmp_path_factory: Any):
    folder = tmp_path_factory.mktemp("junk") / "000003"
    shutil.copytree(pristine.checkpoint_path(BAD), folder)
    (folder / name).write_bytes(junk)
    with pytest.raises(CheckpointError):
        checkpoint.read(folder)
    shutil.rmtree(folder)
