"""The ways that need classes: what enters where, and with which label."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from support.rounds import judged, place, round_of, turn_of
from support.tiny import IMAGES, POINTS, make_trainer, tiny, trained
from torch import Tensor, nn
from torch.nn.functional import one_hot

from ganstudio.catalog import conditioning as options
from ganstudio.catalog.resolve import change, resolve
from ganstudio.conditioning.inputs import LabelBeside, LabelPlane, LabelVector
from ganstudio.conditioning.labels import Classifier
from ganstudio.core.schema import ConfigError
from ganstudio.core.shapes import DataShape
from ganstudio.training.trainer import Trainer

WAYS = ("concatenation", "projection", "classifier")
LABELS = torch.tensor([2, 0, 1, 2])


def conditional(way: str, base: dict[str, Any] = POINTS, **changes: Any) -> Trainer:
    return make_trainer(tiny(base, conditioning={"by": way}, **changes))


# ---------------------------------------------------------------- how labels come in


def test_a_label_is_one_hot_beside_the_latent():
    z = torch.randn(4, 5)
    found = LabelVector(3, 0)(z, LABELS)
    assert torch.equal(found[:, :5], z) and torch.equal(found[:, 5:], one_hot(LABELS, 3).float())
    learned = LabelVector(3, 7)
    assert learned.extra == 7 and learned.embedding is not None
    assert torch.equal(learned(z, LABELS)[:, 5:], learned.embedding.weight[LABELS])


def test_a_label_is_one_hot_beside_rows_and_a_plane_behind_colours():
    x = torch.randn(4, 3, 2, 2)
    rows = LabelBeside(3)(x, LABELS)
    assert torch.equal(rows[:, :12], x.flatten(1)) and torch.equal(rows[:, 12:], one_hot(LABELS, 3).float())
    plane = LabelPlane(3, DataShape("image", 3, 2, 2))
    found = plane(x, LABELS)
    assert torch.equal(found[:, :3], x) and torch.equal(found[0, 3], found[3, 3])
    assert not torch.equal(found[0, 3], found[1, 3])


@pytest.mark.parametrize(
    ("base", "network", "numbers"),
    [(POINTS, "mlp", 2 + 8), (IMAGES, "mlp", 64 + 10), (IMAGES, "dcgan", 1 + 1)],
    ids=["points", "rows of pixels", "pictures"],
)
def test_the_first_layers_of_a_conditional_gan_see_the_label(base: Any, network: str, numbers: int):
    nets: dict[str, Any] = {}
    if base is IMAGES and network == "mlp":
        nets = {"generator": {"network": "mlp", "width": 8}, "discriminator": {"network": "mlp", "width": 8}}
        base = {**base, "generator": {}, "discriminator": {}}
    trainer = conditional("concatenation", base, **nets)
    classes = 8 if base is POINTS else 10
    first = next(p for n, p in trainer.game.discriminator.named_parameters() if n.startswith("layers"))
    assert first.shape[1] == numbers
    generator = next(p for n, p in trainer.game.generator.named_parameters() if n.startswith("layers"))
    latent = trainer.config.latent.dimension + classes
    assert latent in generator.shape[:2]


@pytest.mark.parametrize("base", [POINTS, IMAGES], ids=["points", "images"])
@pytest.mark.parametrize("way", WAYS)
def test_the_generator_makes_what_it_is_asked_for(way: str, base: Any):
    """The same latent gives another sample for another label, and the same for the same."""
    trainer = conditional(way, base)
    z = torch.randn(1, trainer.config.latent.width).expand(3, -1)
    samples = trainer.render(z, torch.tensor([0, 1, 1]))
    assert not torch.allclose(samples[0], samples[1]) and torch.allclose(samples[1], samples[2])


@pytest.mark.parametrize("base", [POINTS, IMAGES], ids=["points", "images"])
@pytest.mark.parametrize(
    ("way", "depends"), [("concatenation", True), ("projection", True), ("classifier", False)]
)
def test_whether_the_answer_depends_on_the_label(way: str, depends: bool, base: Any):
    trainer = conditional(way, base)
    net = trainer.game.discriminator.eval()
    x, _ = trainer.feed.batch(0, 4)
    one, other = net(x, torch.zeros(4, dtype=torch.int64)), net(x, torch.ones(4, dtype=torch.int64))
    assert torch.equal(one, other) is not depends


def test_a_projection_adds_an_inner_product():
    trainer = conditional("projection")
    net = trainer.game.discriminator
    assert isinstance(net.projection, nn.Embedding) and net.projection.weight.shape == (8, net.width)
    x, labels = trainer.feed.batch(0, 4)
    assert labels is not None
    said = net.judge(x, labels)
    wanted = net.last(said.features).flatten() + (net.projection.weight[labels] * said.features).sum(1)
    assert torch.allclose(said.logits, wanted, atol=1e-6)


# ---------------------------------------------------------------- which label is used where


@pytest.mark.parametrize(
    "rules", [{}, {"replay": {"capacity": 8, "probability": 1.0}}], ids=["plain", "replay"]
)
@pytest.mark.parametrize("way", WAYS)
def test_samples_are_judged_with_the_labels_they_were_made_for(way: str, rules: Any):
    """The error of labels mixed up between real and generated; replayed samples keep theirs."""
    trainer = conditional(way, stabilizers=rules)
    owners: dict[tuple[float, ...], int] = {}
    seen: list[tuple[Tensor, Tensor]] = []
    game = trainer.game
    judge, batch = game.discriminator.judge, trainer.feed.batch

    def note(samples: Tensor, labels: Tensor) -> None:
        owners.update({tuple(s): int(y) for s, y in zip(samples.tolist(), labels, strict=True)})

    def noting(x: Tensor, labels: Tensor | None = None) -> Any:
        assert labels is not None
        seen.append((x.detach(), labels))
        return judge(x, labels)

    def drawing(position: int, count: int) -> tuple[Tensor, Tensor | None]:
        x, labels = batch(position, count)
        assert labels is not None
        note(x, labels)
        return x, labels

    game.generator.register_forward_hook(lambda net, given, made: note(made.detach(), given[1]))
    game.discriminator.judge = noting  # type: ignore[method-assign]
    trainer.feed.batch = drawing  # type: ignore[method-assign]
    for _ in range(4):
        trainer.step()
    assert len(seen) == 4 * 3
    for x, labels in seen:
        assert [owners[tuple(s)] for s in x.tolist()] == labels.tolist()


def test_generated_samples_have_the_frequencies_of_the_data():
    trainer = make_trainer(tiny(data={"source": "mixture-3"}, conditioning={"by": "concatenation"}))
    drawn = trainer.draw(trainer.phases[1], trainer.players["generator"], 20_000)
    assert drawn.labels is not None
    shares = torch.bincount(drawn.labels, minlength=3) / 20_000
    assert shares.tolist() == pytest.approx([0.3, 0.5, 0.2], abs=0.02)


# ---------------------------------------------------------------- the classifier


def classifier(**settings: Any) -> Classifier:
    return Classifier(options.Classified(**settings), place(classes=3))


def class_round(player: str, real: Tensor, fake: Tensor) -> Any:
    answers = torch.zeros(4)
    return round_of(
        turn_of(player), judged(answers, classes=fake), judged(answers, classes=real), LABELS, LABELS.flip(0)
    )


SURE = one_hot(LABELS, 3).float() * 12
WRONG = one_hot((LABELS + 1) % 3, 3).float() * 12
UNSURE = torch.zeros(4, 3)


def test_who_pays_for_which_class():
    real, fake = SURE.flip(0), UNSURE
    log_3 = math.log(3)
    assert classifier().term(class_round("discriminator", real, fake)).item() == pytest.approx(
        log_3, abs=1e-4
    )
    assert classifier(on_fake=False).term(class_round("discriminator", real, fake)).item() < 1e-4
    assert classifier().term(class_round("discriminator", UNSURE, UNSURE)).item() == pytest.approx(2 * log_3)
    assert classifier().term(class_round("generator", UNSURE, SURE)).item() < 1e-4
    weighted = classifier(generator_weight=0.1, discriminator_weight=5.0)
    assert weighted.term(class_round("generator", real, fake)).item() == pytest.approx(0.1 * log_3)
    assert weighted.term(class_round("discriminator", UNSURE, UNSURE)).item() == pytest.approx(10 * log_3)


def test_no_softmax_stands_before_the_cross_entropy():
    """With one, as in some copies, the cost of a sure answer could not fall below .55, nor that of a wrong one rise."""
    assert classifier().term(class_round("generator", SURE, SURE)).item() < 1e-4
    assert classifier().term(class_round("generator", SURE, WRONG)).item() == pytest.approx(12, abs=0.01)


def test_how_often_classes_are_recognised():
    found = classifier().measures(class_round("discriminator", WRONG.flip(0), SURE))
    assert found["classified/fake"].item() == 1 and found["classified/real"].item() == 0


def test_weights_may_change_on_the_way():
    config = tiny(conditioning={"by": "classifier"})
    trainer = make_trainer(config)
    phase = trainer.phases[1]
    trainer.update(phase)
    assert trainer.meter.read(True)["penalty/classifier"] > 0.5
    trainer.adopt(change(config, "conditioning.generator_weight", 0.0))
    trainer.update(phase)
    assert trainer.meter.read(True)["penalty/classifier"] == 0


# ---------------------------------------------------------------- variants


@pytest.mark.parametrize(
    ("name", "unsure"), [("cgan", 2 * math.log(2)), ("acgan", 2 * math.log(2)), ("projection-gan", 2.0)]
)
def test_the_game_is_not_one_of_squares(name: str, unsure: float):
    """The error of a conditional GAN trained with MSE: its loss at answers of one half is 1/2, and bounded."""
    objective = make_trainer(
        resolve({"variant": name, "data": {"source": "ring"}, "batch_size": 8})
    ).game.objective
    zero, sure = torch.zeros(8), torch.full((8,), -20.0)
    assert objective.discriminator(zero, zero).item() == pytest.approx(unsure)
    assert objective.generator(sure).mean().item() == pytest.approx(20)


def test_the_table_of_a_projection_is_normalised_with_the_layers():
    """Spectral norm over the discriminator covers e(y): the table's largest singular value is about 1."""
    trainer = trained(resolve({"variant": "projection-gan", "data": {"source": "ring"}, "batch_size": 8}), 5)
    table = trainer.game.discriminator.projection
    assert table is not None
    assert torch.linalg.matrix_norm(table.weight.detach(), 2).item() == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("name", ["cgan", "acgan", "projection-gan"])
@pytest.mark.parametrize("source", ["spiral", "checkerboard"])
def test_data_without_classes_is_refused_in_words(name: str, source: str):
    with pytest.raises(ConfigError, match="needs labelled data"):
        resolve({"variant": name, "data": {"source": source}})


def test_each_label_comes_to_own_its_mode():
    """A few hundred steps on three hills: samples of a label lie nearest to the centre of that label."""
    wide = {"width": 32, "depth": 2}
    config = tiny(
        variant="cgan", data={"source": "mixture-5"}, batch_size=128, generator=wide, discriminator=wide,
        optimizer={"generator": {"lr": 2e-3}, "discriminator": {"lr": 2e-3}}, conditioning={"by": "concatenation"},
    )  # fmt: skip
    trainer = trained(config, 400)
    labels = torch.arange(5).repeat_interleave(40)
    points = trainer.feed.to_display(trainer.sample(range(200), labels))
    nearest = (points - torch.tensor([-4.0, -2.0, 0.0, 2.0, 4.0])).abs().argmin(1)
    assert (nearest == labels).float().mean().item() > 0.8
