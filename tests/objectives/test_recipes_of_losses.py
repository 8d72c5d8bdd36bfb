"""The variants of this room as they were published, and the errors that their copies carry."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from support.tiny import IMAGES, POINTS, make_trainer, tiny

from ganstudio.catalog.optimizers import Adam, RmsProp
from ganstudio.catalog.resolve import resolve
from ganstudio.catalog.variants import VARIANTS
from ganstudio.core.config import RunConfig
from ganstudio.core.schema import ConfigError
from ganstudio.training.trainer import Trainer

DATA: dict[str, Any] = {"image": {"source": "digits", "resolution": 16}, "points": {"source": "ring"}}


def recipe(variant: str, data: str) -> RunConfig:
    return resolve({"variant": variant, "data": DATA[data]})


def on(base: dict[str, Any], variant: str, **changes: Any) -> RunConfig:
    return tiny(base | {"variant": variant}, **changes)


@pytest.mark.parametrize("data", ["image", "points"])
def test_wgan_learns_by_rmsprop(data: str):
    """Adam with its momentum is the published error."""
    config = recipe("wgan", data)
    for settings in (config.optimizer.generator, config.optimizer.discriminator):
        assert settings == RmsProp(lr=5e-5)
    assert config.discriminator_steps == 5
    assert dict(config.stabilizers["weight-clip"].__dict__) == {"limit": 0.01}
    assert config.stabilizers["critic-warm-up"].__dict__ == {"updates": 100, "first": 25, "every": 500}
    trainer = make_trainer(on(POINTS, "wgan"))
    assert {type(player.optimizer) for player in trainer.players.values()} == {torch.optim.RMSprop}


@pytest.mark.parametrize(("data", "weight", "batch"), [("image", 10.0, 64), ("points", 0.1, 256)])
def test_wgan_gp_is_the_small_setting_of_the_paper(data: str, weight: float, batch: int):
    config = recipe("wgan-gp", data)
    assert config.optimizer.generator == config.optimizer.discriminator == Adam(lr=1e-4, betas=(0.5, 0.9))
    assert (config.discriminator_steps, config.batch_size) == (5, batch)
    penalty: Any = config.stabilizers["gradient-penalty"]
    assert (penalty.weight, penalty.centre, penalty.sides, penalty.at, penalty.every) == (
        weight, "one", "both", "between", 1,
    )  # fmt: skip
    critic: Any = config.discriminator
    assert critic.normalization == "none"
    if data == "points":
        assert (critic.width, critic.depth, critic.activation) == (512, 3, "relu")


@pytest.mark.parametrize("data", ["image", "points"])
def test_what_sets_the_other_penalties_apart(data: str):
    lp: Any = recipe("wgan-lp", data).stabilizers["gradient-penalty"]
    assert (lp.weight, lp.centre, lp.sides, lp.at) == (10.0, "one", "one", "between")
    dragan = recipe("dragan", data)
    around: Any = dragan.stabilizers["gradient-penalty"]
    assert (around.weight, around.centre, around.sides, around.at) == (10.0, "one", "both", "data")
    assert dragan.objective.kind == "non-saturating"
    assert not recipe("rpgan", data).stabilizers, "R1 and R2 are the person's choice"


@pytest.mark.parametrize("variant", ["lsgan", "wgan", "wgan-gp", "wgan-lp", "hinge", "fgan"])
@pytest.mark.parametrize("base", [IMAGES, POINTS], ids=["image", "points"])
def test_no_sigmoid_ends_the_critic(variant: str, base: dict[str, Any]):
    net: Any = make_trainer(on(base, variant)).players["discriminator"].net
    with torch.no_grad():
        net.last.weight.mul_(1e6)
    shape = (32, 1, 8, 8) if base is IMAGES else (32, 2)
    answers = net(torch.randn(shape, generator=torch.Generator().manual_seed(0)))
    assert answers.max() > 1 and answers.min() < 0


def drawn(trainer: Trainer) -> tuple[Any, Any]:
    """What the two players' next updates work with."""
    critic, generator = trainer.phases
    return tuple(trainer.draw(p, trainer.players[p.player], p.count) for p in (critic, generator))  # type: ignore[return-value]


@pytest.mark.parametrize("variant", ["wgan-gp", "rpgan", "ragan"])
@pytest.mark.parametrize("base", [IMAGES, POINTS], ids=["image", "points"])
def test_the_generator_gets_fresh_latents(variant: str, base: dict[str, Any]):
    """The discriminator's latents are not used again for the generator's update."""
    for_critic, for_generator = drawn(make_trainer(on(base, variant)))
    rows = torch.cat([for_critic.z, for_generator.z])
    assert len(rows.unique(dim=0)) == 16


@pytest.mark.parametrize("variant", ["rpgan", "ragan"])
@pytest.mark.parametrize("base", [IMAGES, POINTS], ids=["image", "points"])
def test_the_generator_is_compared_with_fresh_real_samples(variant: str, base: dict[str, Any]):
    trainer = make_trainer(on(base, variant))
    for _ in range(2):
        for_critic, for_generator = drawn(trainer)
        rows = torch.cat([for_critic.real, for_generator.real]).flatten(1)
        assert len(rows.unique(dim=0)) == 16
        trainer.step()


def test_other_losses_draw_no_real_samples_for_the_generator():
    for variant in ("wgan-gp", "hinge", "lsgan", "fgan"):
        assert drawn(make_trainer(on(POINTS, variant)))[1].real is None


def test_pairs_are_of_one_class():
    """Unpaired classes are a published error: the i-th real and generated sample share their label."""
    trainer = make_trainer(on(IMAGES, "rpgan", conditioning={"by": "concatenation"}))
    for half in drawn(trainer):
        assert half.labels is not None and torch.equal(half.labels, half.real_labels)
        assert len(half.labels.unique()) > 1
    trainer.step()


@pytest.mark.parametrize(
    "variant",
    ["lsgan", "hinge", "wgan", "wgan-gp", "wgan-lp", "dragan", "fgan", "rpgan", "ragan", "ebgan", "began"],
)
def test_the_loss_belongs_to_the_variant(variant: str):
    assert VARIANTS[variant].objectives[0] == VARIANTS[variant].objective.kind


def test_an_estimated_divergence_is_plotted_and_its_equilibrium_known():
    config = on(POINTS, "fgan", objective={"divergence": "gan"})
    trainer = make_trainer(config)
    trainer.measure = True
    trainer.step()
    values = trainer.meter.read(config.objective.probability, config.objective.middle())  # type: ignore[attr-defined]
    assert values["divergence"] == pytest.approx(-values["loss/discriminator"])


def test_a_critic_without_a_boundary_has_no_accuracy():
    for variant, has in (("wgan-gp", False), ("rpgan", False), ("lsgan", True), ("hinge", True)):
        config = on(POINTS, variant)
        trainer = make_trainer(config)
        trainer.step()
        values = trainer.meter.read(config.objective.probability, config.objective.middle())  # type: ignore[attr-defined]
        assert ("accuracy/real" in values) == has and "score/real" in values


def test_least_squares_counts_from_one_half():
    trainer = make_trainer(on(POINTS, "lsgan"))
    trainer.meter.logits("real", torch.tensor([0.4, 0.6, 0.9, 1.4]))
    trainer.meter.logits("fake", torch.tensor([0.4, 0.6, -0.2, 0.1]))
    values = trainer.meter.read(False, 0.5)
    assert (values["accuracy/real"], values["accuracy/fake"]) == (0.75, 0.75)


@pytest.mark.parametrize(("variant", "loss"), [("ebgan", "wasserstein"), ("wgan", "energy-margin")])
def test_energies_and_critics_do_not_mix(variant: str, loss: str):
    with pytest.raises(ConfigError, match=r"objective\.loss"):
        on(POINTS, variant, objective={"loss": loss})


def test_an_energy_needs_an_autoencoder_and_the_other_way_round():
    """Where the loss is free to choose, the reason is what the discriminator is."""
    with pytest.raises(ConfigError, match="needs an autoencoder"):
        on(POINTS, "pacgan", objective={"loss": "energy-margin"})
    with pytest.raises(ConfigError, match="energy instead"):
        on(POINTS, "pacgan", discriminator={"network": "mlp-autoencoder"})


def test_began_is_as_published_and_steers_its_balance():
    config: Any = recipe("began", "image")
    assert config.optimizer.generator == config.optimizer.discriminator == Adam(lr=1e-4, betas=(0.5, 0.999))
    assert (config.batch_size, config.latent.prior, config.latent.dimension) == (16, "uniform", 64)
    assert (config.objective.gamma, config.objective.rate, config.discriminator.error) == (0.5, 1e-3, "l1")
    trainer = make_trainer(on(IMAGES, "began", objective={"rate": 0.5}))
    k, trainer.measure = trainer.game.objective.state["k"], True
    seen = []
    for _ in range(6):
        trainer.step()
        values = trainer.meter.read(False, None)
        seen.append(values["balance/k"])
        assert values["balance/k"] == pytest.approx(k.item()) and values["convergence"] > 0
    assert len(set(seen)) > 1 and 0 <= min(seen) <= max(seen) <= 1


def test_ebgan_rewards_low_energy():
    trainer = make_trainer(on(IMAGES, "ebgan"))
    trainer.step()
    values = trainer.meter.read(False, None)
    assert values["score/real"] < 0 and values["score/fake"] < 0, "scores are minus the energies"
    assert values["loss/generator"] > 0
