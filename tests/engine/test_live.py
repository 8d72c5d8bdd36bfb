"""What can be done to a run while it goes on: switch stabilizers, look at samples with codes or a label set."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
from PIL import Image
from support.sessions import ThreadTalk
from support.tiny import IMAGES, POINTS, assert_same_tensors, make_trainer, tensors_of, tiny, trained

from ganstudio.catalog.stabilizers import STABILIZERS, Stabilizer
from ganstudio.catalog.stabilizers.penalties import R1
from ganstudio.core import messages as m
from ganstudio.core.config import Latent
from ganstudio.core.runs import RunFolder
from ganstudio.core.schema import settings_of
from ganstudio.core.shapes import DataShape
from ganstudio.engine.gallery import make_gallery
from ganstudio.latent.looking import problem, with_codes
from ganstudio.stabilizers import Rule, Site, build_stabilizer
from ganstudio.training import checkpoint
from ganstudio.training.streams import latents_for

CODES = {"dimension": 4, "categorical": 1, "categories": 3, "continuous": 2}
CODED = {"latent": CODES, "conditioning": {"by": "codes"}}
WITH_R1 = {setting.name: setting.default for setting in settings_of(R1)} | {"gamma": 3.0}
LABELLED = {"conditioning": {"by": "concatenation"}, "samples": {"count": 20}}


# ---------------------------------------------------------------- switching stabilizers


def test_a_stabilizer_is_switched_on_changed_and_off_again(talk: ThreadTalk, folder: Path):
    talk.begin(folder, tiny(steps=10**6), paused=True)
    talk.send(m.Change("stabilizers.r1", {"gamma": 3.0}), m.Step())
    on = talk.wait(m.Changed)
    assert (on.key, on.old, on.new) == ("stabilizers.r1", False, WITH_R1)
    assert "penalty/r1" in talk.wait(m.Scalars).values
    place = talk.mark()
    talk.send(m.Change("stabilizers.r1", False), m.Step())
    off = talk.wait(m.Changed, after=place)
    assert off.old == WITH_R1 and off.new is False
    assert "penalty/r1" not in talk.wait(m.Scalars, after=place).values


def test_a_switched_run_trains_as_one_that_was_built_so(talk: ThreadTalk, folder: Path):
    talk.begin(folder, tiny(steps=4), paused=True)
    talk.send(m.Change("stabilizers.r1", True), m.Resume())
    talk.end()
    stored = checkpoint.read(RunFolder(folder).checkpoint_path(4))
    assert "r1" in stored.config.stabilizers
    expected = tensors_of(trained(tiny(steps=4, stabilizers={"r1": {}}), 4))
    assert_same_tensors(
        stored.state.weights | {f"optimizer {k}": v for k, v in stored.state.optimizers.items()}, expected
    )


def test_after_a_switch_one_can_still_go_back(talk: ThreadTalk, folder: Path):
    talk.begin(folder, tiny(steps=10**6), paused=True)
    talk.send(m.Step(), m.Change("stabilizers.instance-noise", True), m.Step(), m.RollBack(0.5))
    changed = talk.wait(m.Changed, lambda r: r.key == "optimizer.generator.lr")
    assert changed.step == 1, "back to the state in which it was switched"


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("stabilizers.r2d2", True, "not known"),
        ("stabilizers.r1", "yes", "not a table"),
        ("stabilizers.r1", {"gamma": -1.0}, "at least 0"),
    ],
)
def test_a_switch_that_makes_no_sense_is_refused(talk: ThreadTalk, folder: Path, key, value, reason):
    talk.begin(folder, tiny(steps=10**6), paused=True)
    talk.send(m.Change(key, value))
    assert reason in talk.wait(m.Refused).reason


FIXED = [kind for kind, cls in STABILIZERS.items() if not cast("type[Stabilizer]", cls).live_switch]


@pytest.mark.parametrize("kind", FIXED)
def test_what_changes_the_networks_is_switched_before_the_run(talk: ThreadTalk, folder: Path, kind: str):
    talk.begin(folder, tiny(steps=10**6), paused=True)
    talk.send(m.Change(f"stabilizers.{kind}", True))
    assert "before a run starts" in talk.wait(m.Refused).reason


@pytest.mark.parametrize("kind", STABILIZERS)
def test_the_catalogue_says_which_stabilizers_change_the_networks(kind: str):
    """A rule that takes part in building the networks cannot be switched while they train."""
    site = Site(DataShape("image", 1, 8, 8), Latent(), torch.device("cpu"), 8)
    rule = type(build_stabilizer(STABILIZERS[kind](), site))
    builds = ("discriminator_shape", "remodel_generator", "remodel_discriminator")
    touches = any(getattr(rule, hook) is not getattr(Rule, hook) for hook in builds)
    assert cast("type[Stabilizer]", STABILIZERS[kind]).live_switch is not touches


# ---------------------------------------------------------------- looking


def test_codes_are_set_where_they_stand_in_the_latent():
    latent = Latent(**CODES)
    z = latents_for(range(5), latent)
    before = z.clone()
    found = with_codes(z, (2, None, -0.5), latent)
    assert torch.equal(z, before), "the latents handed in stay as they are"
    assert found[:, 4:7].tolist() == [[0.0, 0.0, 1.0]] * 5
    assert torch.equal(found[:, 7], before[:, 7]) and found[:, 8].tolist() == [-0.5] * 5
    assert torch.equal(found[:, :4], before[:, :4])


@pytest.mark.parametrize(
    ("look", "reason"),
    [
        (m.Look((1, 0.0, 0.0)), ""),
        (m.Look((1, 0.0)), "3 codes, not 2"),
        (m.Look((3, None, None)), "from 0 to 2 in whole numbers"),
        (m.Look((0.5, None, None)), "in whole numbers"),
        (m.Look((None, 1.5, None)), "code 2 goes from -1 to 1"),
        (m.Look((None, float("nan"), None)), "code 2"),
        (m.Look(label=0), "no labels"),
    ],
)
def test_a_look_that_cannot_be_is_explained(look: m.Look, reason: str):
    found = problem(look, Latent(**CODES), 0)
    assert reason in found and bool(found) == bool(reason)


@pytest.mark.parametrize("base", [POINTS, IMAGES], ids=["points", "images"])
def test_looking_shows_other_samples_and_changes_nothing_else(base: dict[str, Any], tmp_path: Path):
    trainer = make_trainer(tiny(base, **CODED))
    gallery, run = make_gallery(trainer), RunFolder(tmp_path)
    run.samples.mkdir()
    plain = _shown(gallery.save(run, 0))
    file = run.sample_path(0).read_bytes()
    assert not gallery.look(m.Look((1, 0.9, -0.9)))
    looked = gallery.save(run, 0)
    assert looked.saved and not np.array_equal(_shown(looked), plain)
    assert run.sample_path(0).read_bytes() == file, "the saved grid stays as it is"
    assert not gallery.look(m.Look())
    assert np.array_equal(_shown(gallery.show(0, saved=False)), plain)
    assert "codes" in gallery.look(m.Look((1,)))


def _shown(report: Any) -> np.ndarray:
    return report.images if isinstance(report, m.Picture) else report.generated


def test_a_label_shows_one_class_alone(tmp_path: Path):
    gallery = make_gallery(make_trainer(tiny(IMAGES, **LABELLED)))
    rows = gallery.show(0, saved=False)
    assert isinstance(rows, m.Picture) and (rows.columns, len(rows.rows)) == (2, 10)
    assert not gallery.look(m.Look(label=3))
    alone = gallery.show(0, saved=False)
    assert isinstance(alone, m.Picture) and (alone.columns, alone.rows) == (0, ())
    assert np.array_equal(alone.images[:2], rows.images[6:8]), "the same seeds of class 3"


def test_a_run_that_is_looked_at_trains_and_saves_the_same(talk: ThreadTalk, folder: Path, tmp_path: Path):
    config = tiny(IMAGES, steps=6, **CODED, samples={"count": 4, "every": 3})
    talk.run(folder, config)
    place, other = talk.mark(), tmp_path / "other"
    talk.begin(other, config, paused=True, window=True)
    talk.send(m.Look((2, 1.0, -1.0)), m.Look((5,)), m.Resume())
    assert "3 codes" in talk.wait(m.Refused, after=place).reason
    talk.end(place)
    assert any(not p.saved for p in talk.all(m.Picture))
    for step in RunFolder(folder).sample_steps():
        with (
            Image.open(RunFolder(folder).sample_path(step)) as one,
            Image.open(RunFolder(other).sample_path(step)) as two,
        ):
            assert np.array_equal(np.asarray(one), np.asarray(two))
    states = [checkpoint.read(RunFolder(path).checkpoint_path(6)).state for path in (folder, other)]
    assert_same_tensors(states[1].weights, states[0].weights)
