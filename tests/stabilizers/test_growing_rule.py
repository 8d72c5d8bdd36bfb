"""Growing as a rule: the schedule in images, real images, optimizers that begin anew, exact resume in a fade."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from support.rounds import judged, place, round_of, turn_of
from support.tiny import (
    IMAGES,
    assert_same_state,
    assert_same_tensors,
    make_trainer,
    tensors_of,
    tiny,
    trained,
)

from ganstudio.catalog.metrics import METRICS
from ganstudio.catalog.stabilizers import growing as options
from ganstudio.catalog.stabilizers.growing import stage_at
from ganstudio.catalog.stabilizers.penalties import Drift as DriftSettings
from ganstudio.core.config import Latent, RunConfig
from ganstudio.core.runs import RunFolder
from ganstudio.core.schema import ConfigError
from ganstudio.latent.export import export_onnx
from ganstudio.latent.sampling import load_generator, sample_images
from ganstudio.nets.growth import growths
from ganstudio.stabilizers.growing import Growing
from ganstudio.stabilizers.penalties import Drift
from ganstudio.training import checkpoint
from ganstudio.training.streams import latents_for
from ganstudio.training.trainer import Trainer

PHASES: dict[str, Any] = {"start": 4, "stable": 16, "fade": 24}
"""With batches of 8: two updates alone, then three in the fade, then the next size."""
SMALL: dict[str, Any] = {"base_channels": 3, "most_channels": 4}
STYLES: dict[str, dict[str, Any]] = {"progan": {}, "stylegan": {"style": 4, "mapping": 2}}


def growing(variant: str = "progan", size: int = 16, **changes: Any) -> RunConfig:
    """A small run that grows to ``size`` px within a few steps."""
    base: dict[str, Any] = {
        "variant": variant,
        "data": {"source": "digits", "resolution": size},
        "batch_size": 8,
        "latent": {"dimension": 4},
        "generator": SMALL | STYLES[variant],
        "discriminator": SMALL,
        "stabilizers": {"growing": PHASES},
        "samples": {"count": 4},
        "compute": {"device": "cpu", "threads": 1},
    }
    return tiny(base, **changes)


def rule(size: int = 16, planned: int = 0, **settings: Any) -> Growing:
    site = place(1, size)
    site = type(site)(**vars(site) | {"planned": planned})
    return Growing(options.Growing(**PHASES | settings), site)


def levels(trainer: Trainer) -> set[tuple[int, float]]:
    nets = trainer.game.generator, trainer.game.discriminator
    return {(g.level, g.alpha) for net in nets for g in growths(net)}


# ---------------------------------------------------------------- the schedule


def test_the_schedule_of_the_paper_at_1024_px():
    """600,000 images at a size, 600,000 in a fade (Karras 2018, appendix A)."""
    k = 1000
    known = {
        0: (0, 1.0), 600 * k: (0, 1.0), 900 * k: (1, 0.5), 1200 * k: (1, 1.0), 1800 * k: (1, 1.0),
        1950 * k: (2, 0.25), 9000 * k: (7, 1.0), 9300 * k: (8, 0.5), 9600 * k: (8, 1.0), 12_000 * k: (8, 1.0),
    }  # fmt: skip
    assert {images: stage_at(images, 8, 600 * k, 600 * k) for images in known} == known
    assert stage_at(600 * k + 6000, 8, 600 * k, 600 * k) == (1, 0.01)


@given(st.integers(0, 10_000), st.integers(0, 5), st.integers(1, 500), st.integers(1, 500))
def test_it_never_goes_back_and_ends_at_full_size(images: int, doublings: int, stable: int, fade: int):
    done, alpha = stage_at(images, doublings, stable, fade)
    later, grown = stage_at(images + 1, doublings, stable, fade)
    assert 0 <= done <= doublings and 0 < alpha <= 1
    before, after = done - 1 + alpha, later - 1 + grown
    assert before <= after <= before + 1 / fade + 1e-9
    assert (done, alpha) == (doublings, 1.0) or images < doublings * (stable + fade)


def test_phases_without_lengths_share_out_half_of_the_run():
    assert options.Growing().lengths(1_200_000, 3) == (100_000, 100_000)
    assert options.Growing(stable=7).lengths(1_200_000, 3) == (7, 100_000)
    assert options.Growing().lengths(10, 8) == (1, 1)
    assert options.Growing().lengths(1000, 0)[0] > 0
    config = growing(steps=100, stabilizers={"growing": {"stable": 0, "fade": 0}})
    trainer = make_trainer(config)
    assert trainer.state["growing.lengths"].tolist() == [100, 100], (
        "800 images, half of them over four phases"
    )


def test_a_run_made_longer_does_not_shrink(tmp_path: Path):
    config = growing(steps=10, stabilizers={"growing": {"stable": 0, "fade": 0}})
    whole = trained(config, 6)
    assert levels(whole) == {(2, 1.0)}
    checkpoint.save(whole, RunFolder(tmp_path), 1.0)
    longer = make_trainer(growing(steps=10_000, stabilizers={"growing": {"stable": 0, "fade": 0}}))
    checkpoint.restore(longer, checkpoint.read(RunFolder(tmp_path).checkpoint_path(6)).state)
    longer.step()
    assert levels(longer) == {(2, 1.0)}


def test_both_networks_stand_where_the_images_say():
    trainer, seen = make_trainer(growing()), []
    for _ in range(11):
        trainer.step()
        seen.append(levels(trainer))
    thirds = (1 / 3, 2 / 3)
    one = [{(0, 1.0)}, {(1, thirds[0])}, {(1, thirds[1])}, {(1, 1.0)}, {(1, 1.0)}]
    two = [{(1, 1.0)}, {(2, thirds[0])}, {(2, thirds[1])}, {(2, 1.0)}, {(2, 1.0)}]
    assert seen == [{(0, 1.0)}, *one, *two], "the generator's turn comes behind the discriminator's images"


def test_it_begins_where_it_is_told():
    for start, level in ((4, 0), (8, 1), (16, 2)):
        assert levels(make_trainer(growing(stabilizers={"growing": {"start": start}}))) == {(level, 1.0)}
    off = make_trainer(growing(stabilizers={"growing": False}))
    assert levels(off) == {(2, 1.0)}, "without the rule the networks have full size"
    off.step()


def test_batches_halve_from_a_size_on():
    chosen = options.Growing(halve_batch_from=32)
    assert [chosen.batch_at(4 << k, 128) for k in range(9)] == [128, 128, 128, 64, 32, 16, 8, 4, 4]
    assert options.Growing().batch_at(1024, 128) == 128
    assert chosen.batch_at(1024, 2) == 2, "never more than there were"
    trainer = make_trainer(growing(stabilizers={"growing": {"halve_batch_from": 8}}))
    seen: list[int] = []
    for _ in range(6):
        before = trainer.images
        trainer.step()
        seen.append(trainer.images - before)
    assert seen == [8, 8, 8, 4, 4, 4], "24 images begin the fade to 8 px"


def test_rates_rise_with_the_size_as_stylegan_s_did():
    rising = options.Growing(rising_rate=True)
    rates = [rising.rate_at(size) for size in (4, 64, 128, 256, 512, 1024)]
    assert rates == [1, 1, 1.5, 2, 3, 3]
    assert options.Growing().rate_at(1024) == 1
    rule = Growing(options.Growing(start=128, stable=10, fade=10, rising_rate=True), place(size=256))
    assert [rule.rate(turn_of()), rule.rate(replace(turn_of(), images=11))] == [1.5, 2.0]


# ---------------------------------------------------------------- real images


@pytest.mark.parametrize(
    ("images", "size", "alpha"), [(0, 4, 1.0), (28, 8, 0.5), (40, 8, 1.0), (62, 16, 0.25)]
)
def test_real_images_have_the_size_and_the_detail_of_the_networks(images: int, size: int, alpha: float):
    turn = type(turn_of())(**vars(turn_of()) | {"images": images})
    x = torch.randn(3, 1, 16, 16, generator=torch.Generator().manual_seed(0))
    seen = rule().prepare(x, turn)
    exact = x.unflatten(3, (size, -1)).unflatten(2, (size, -1)).mean((3, 5))
    blocky = exact
    if size > 4:
        blocky = exact.unflatten(3, (-1, 2)).unflatten(2, (-1, 2)).mean((3, 5))
        blocky = blocky.repeat_interleave(2, 2).repeat_interleave(2, 3)
    assert torch.allclose(seen, alpha * exact + (1 - alpha) * blocky, atol=1e-6)


@pytest.mark.parametrize("player", ["generator", "discriminator"])
def test_both_players_draw_them_so(player: str):
    config = growing(stabilizers={"growing": PHASES, "feature-matching": {}})
    trainer = trained(config, 3)
    phase = next(p for p in trainer.phases if p.player == player)
    drawn = trainer.draw(phase, trainer.players[player], 8)
    assert drawn.real is not None and drawn.real.shape == (8, 1, 8, 8)


def test_it_tells_size_and_fade():
    turn = type(turn_of())(**vars(turn_of()) | {"images": 62})
    told = rule().measures(round_of(turn, judged(torch.zeros(2))))
    assert {name: value.item() for name, value in told.items()} == {
        "growth/resolution": 16,
        "growth/alpha": 0.25,
    }


# ---------------------------------------------------------------- optimizers


def known_updates(trainer: Trainer, player: str) -> int:
    """How many updates a player's Adam knows of, of the parameters that have been there longest."""
    return max(int(state["step"]) for state in trainer.players[player].optimizer.state.values())


@pytest.mark.parametrize("restart", [True, False])
def test_optimizers_begin_anew_with_each_size(restart: bool):
    trainer = make_trainer(growing(stabilizers={"growing": PHASES | {"restart": restart}}))
    seen: dict[str, list[int]] = {"discriminator": [], "generator": []}
    for _ in range(5):
        trainer.step()
        for player, found in seen.items():
            found.append(known_updates(trainer, player))
    if restart:  # a discriminator's turn begins behind 0, 8, 16, 24 images, the generator's behind 8, 16, 24
        assert seen == {"discriminator": [1, 2, 3, 1, 2], "generator": [1, 2, 1, 2, 3]}
    else:
        assert seen == {"discriminator": [1, 2, 3, 4, 5], "generator": [1, 2, 3, 4, 5]}


def test_that_happens_once_for_each_player_and_size():
    trainer = make_trainer(growing())
    begun = {"generator": 0, "discriminator": 0}
    for _ in range(15):
        trainer.step()
        for player in begun:
            begun[player] += known_updates(trainer, player) == 1
    assert begun == {"generator": 3, "discriminator": 3}, "at 4, 8 and 16 px"


# ---------------------------------------------------------------- resume, samples


@pytest.mark.parametrize("variant", ["progan", "stylegan"])
@pytest.mark.parametrize("stop", [1, 2, 3, 4, 6, 8])
def test_a_resume_is_exact_at_any_moment(variant: str, stop: int, tmp_path: Path):
    config, run = growing(variant), RunFolder(tmp_path)
    whole = trained(config, stop)
    checkpoint.save(whole, run, 1.0)
    again = make_trainer(config)
    checkpoint.restore(again, checkpoint.read(run.checkpoint_path(stop)).state)
    assert torch.equal(again.sample(range(3)), whole.sample(range(3)))
    for _ in range(4):
        whole.step()
        again.step()
    assert_same_state(again, whole)
    assert levels(again) == levels(whole)


@pytest.mark.parametrize("variant", ["progan", "stylegan"])
def test_samples_have_full_size_from_the_start(variant: str, tmp_path: Path):
    trainer, run = make_trainer(growing(variant)), RunFolder(tmp_path)
    for step, side in ((0, 4), (4, 8), (9, 16)):
        while trainer.step_count < step:
            trainer.step()
        shown = trainer.sample(range(3))
        assert shown.shape == (3, 1, 16, 16)
        blocks = shown.unflatten(3, (side, -1)).unflatten(2, (side, -1))
        assert torch.equal(blocks, blocks[:, :, :, :1, :, :1].expand_as(blocks)), "pixels repeated"
        checkpoint.save(trainer, run, 1.0)
        assert torch.equal(sample_images(load_generator(run, step), range(3)), shown)


@pytest.mark.parametrize(("variant", "steps"), [("progan", 4), ("stylegan", 9)])
def test_an_exported_network_has_grown_as_far(variant: str, steps: int, tmp_path: Path):
    """In the middle of a fade, and with classes at full size: onnxruntime's pictures are torch's."""
    changes = {"conditioning": {"by": "projection"}} if steps == 9 else {}
    run, path = RunFolder(tmp_path), tmp_path / "out.onnx"
    trainer = trained(growing(variant, **changes), steps)
    for name, parameter in trainer.average.net.named_parameters():
        if name.endswith(
            "noise.strength"
        ):  # fresh maps are all but constant, which AdaIN's division makes rough
            parameter.fill_(0.5)
    checkpoint.save(trainer, run, 1.0)
    export_onnx(load_generator(run), path, "run")
    made = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    fed: dict[str, Any] = {"z": latents_for(range(3), Latent(dimension=4)).numpy()}
    if changes:
        fed["labels"] = np.array([0, 3, 7])
    (found,) = made.run(None, fed)
    labels = torch.tensor([0, 3, 7]) if changes else None
    wanted = sample_images(load_generator(run), range(3), labels=labels)
    assert found.shape == (3, 1, 16, 16) and np.abs(found - wanted.numpy()).max() < 1e-3


@pytest.mark.parametrize("variant", ["progan", "stylegan"])
def test_half_precision_is_borne(variant: str, monkeypatch: pytest.MonkeyPatch):
    trainer = make_trainer(growing(variant))
    monkeypatch.setattr(trainer, "_precision", lambda: torch.autocast("cpu", dtype=torch.bfloat16))
    trainer.measure = True
    for _ in range(9):
        trainer.step()
    told = trainer.meter.read(True)
    assert all(math.isfinite(value) for value in told.values())
    assert told.keys() >= {"growth/resolution", "growth/alpha"} and METRICS.keys() >= {
        "growth/resolution",
        "growth/alpha",
    }
    assert all(p.dtype == torch.float32 and p.isfinite().all() for p in trainer.game.generator.parameters())


@pytest.mark.parametrize("variant", ["progan", "stylegan"])
def test_looking_changes_nothing(variant: str):
    trainer, other = make_trainer(growing(variant)), make_trainer(growing(variant))
    for _ in range(5):
        trainer.step()
        assert torch.equal(trainer.sample(range(3)), trainer.sample(range(3)))
        other.step()
    assert_same_tensors(tensors_of(trainer), tensors_of(other))


# ---------------------------------------------------------------- beside other choices


CONDITIONINGS: list[dict[str, Any]] = [
    {"by": "projection"}, {"by": "concatenation"}, {"by": "classifier"}, {"by": "crowd", "generators": 2},
    {"by": "crowd", "generators": 2, "shared": False}, {"by": "codes"},
]  # fmt: skip


@pytest.mark.parametrize("variant", ["progan", "stylegan"])
@pytest.mark.parametrize("conditioning", CONDITIONINGS, ids=lambda way: "-".join(map(str, way.values())))
def test_every_way_of_conditioning_grows(variant: str, conditioning: dict[str, Any], tmp_path: Path):
    latent = {"dimension": 4, "categorical": 1, "continuous": 1} if conditioning["by"] == "codes" else {}
    config, run = growing(variant, conditioning=conditioning, latent=latent), RunFolder(tmp_path)
    whole = trained(config, 3)
    checkpoint.save(whole, run, 1.0)
    again = make_trainer(config)
    checkpoint.restore(again, checkpoint.read(run.checkpoint_path(3)).state)
    for _ in range(6):
        whole.step()
        again.step()
    assert_same_state(again, whole)
    assert levels(whole) == {(2, 2 / 3)}
    assert whole.sample(range(4)).isfinite().all()


@pytest.mark.parametrize(
    ("variant", "rules"),
    [
        ("progan", {"packing": {"samples": 2}}), ("progan", {"instance-noise": {}}), ("progan", {"diffaugment": {}}),
        ("progan", {"adaptive-augment": {"adapt": False, "start": 0.5}}), ("progan", {"unrolling": {"ahead": 1}}),
        ("progan", {"self-attention": {}}), ("progan", {"dropout": {}}), ("progan", {"feature-matching": {}}),
        ("progan", {"fading-blur": {}}), ("stylegan", {"self-attention": {}}),
        ("stylegan", {"r1": {"every": 2, "apart": True}}), ("stylegan", {"path-length": {"every": 2}}),
    ],
    ids=lambda choice: choice if isinstance(choice, str) else next(iter(choice)),
)  # fmt: skip
def test_other_rules_go_on_across_sizes(variant: str, rules: dict[str, Any], tmp_path: Path):
    config, run = growing(variant, stabilizers={"growing": PHASES} | rules), RunFolder(tmp_path)
    whole = trained(config, 4)
    checkpoint.save(whole, run, 1.0)
    again = make_trainer(config)
    checkpoint.restore(again, checkpoint.read(run.checkpoint_path(4)).state)
    for _ in range(4):
        whole.step()
        again.step()
    assert_same_state(again, whole)


@pytest.mark.parametrize(
    ("changes", "key", "words"),
    [
        ({"stabilizers": {"growing": {"start": 32}}}, "stabilizers.growing", "cannot begin with 32 px"),
        ({"stabilizers": {"growing": {}, "replay": {}}}, "stabilizers.growing", "replay"),
        (
            {
                "batch_size": 12,
                "stabilizers": {
                    "growing": {"halve_batch_from": 8}, "packing": {"samples": 3}, "minibatch-std": False
                },
            },
            "stabilizers.growing", "at 16 px a batch has 4 samples",
        ),
        ({"stabilizers": {"growing": {}, "spectral-norm": {}}}, "stabilizers.spectral-norm", "equalised"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_words(changes: dict[str, Any], key: str, words: str):
    with pytest.raises(ConfigError) as error:
        growing(**changes)
    assert error.value.key == key and words in error.value.problem


@pytest.mark.parametrize("player", ["generator", "discriminator"])
def test_networks_of_one_size_are_told_so(player: str):
    base: dict[str, Any] = {"variant": "progan", "data": {"source": "digits"}}
    other: dict[str, Any] = {"network": "dcgan"}
    if player == "discriminator":
        other["normalization"] = "none"
    with pytest.raises(ConfigError, match=rf"growing: the {player} DCGAN has one size only"):
        tiny(base, **{player: other})
    tiny(base, **{player: other}, stabilizers={"growing": False})
    with pytest.raises(ConfigError, match="has one size only"):
        tiny(IMAGES, stabilizers={"growing": {}})


# ---------------------------------------------------------------- the drift term


def test_drift_is_the_weighted_mean_square_of_the_answers_to_real_samples():
    term = Drift(DriftSettings(), place())
    real, fake = judged(torch.tensor([1.0, -2.0, 3.0, 0.0])), judged(torch.full((4,), 100.0))
    assert term.active(turn_of()) and not term.active(turn_of("generator"))
    assert term.term(round_of(turn_of(), fake, real)).item() == pytest.approx(1e-3 * 14 / 4)
