"""Signs of health: known answers, and looks that leave no trace."""

from __future__ import annotations

import pytest
import torch
from support.tiny import IMAGES, POINTS, assert_same_tensors, make_trainer, tensors_of, tiny
from torch import nn

from ganstudio.engine import signs
from ganstudio.engine.examining import Examiner


def test_pictures_are_made_small_and_points_stay():
    assert signs.small(torch.zeros(2, 3, 128, 64)).shape == (2, 3 * 32 * 16)
    assert signs.small(torch.zeros(2, 1, 8, 8)).shape == (2, 64)
    assert signs.small(torch.tensor([[1.0, 2.0]])).tolist() == [[1.0, 2.0]]


def test_spread_is_the_mean_distance_of_two():
    rows = torch.tensor([[0.0, 0.0], [3.0, 4.0], [0.0, 0.0]])
    assert signs.spread(rows) == pytest.approx(10 / 3)
    assert signs.spread(rows, torch.tensor([0, 1, 0])) == 0
    assert torch.isnan(signs.spread(rows, torch.tensor([0, 1, 2])))


def test_energy_distance():
    generator = torch.Generator().manual_seed(0)
    one, other = torch.randn(2, 400, 2, generator=generator)
    assert abs(signs.energy_distance(one, other)) < 0.02
    far = signs.energy_distance(one + 100, other)
    assert far == pytest.approx(2 * (100 * 2**0.5) / float(signs.spread(other)), rel=0.05)
    two = torch.tensor([[0.0], [1.0]])
    assert signs.energy_distance(two + 10, two) == pytest.approx(2 * 10 - 1 - 1)


def test_kinds_are_counted_by_how_evenly():
    real = torch.tensor([[0.0], [10.0], [20.0], [30.0]])
    labels = torch.arange(4)
    even = signs.shares(torch.tensor([[1.0], [9.0], [21.0], [29.0]]), real, labels, 4)
    half = signs.shares(torch.tensor([[1.0], [2.0], [9.0], [11.0]]), real, labels, 4)
    assert even.tolist() == [0.25] * 4 and half.tolist() == [0.5, 0.5, 0.0, 0.0]
    assert signs.kinds(even, labels) == pytest.approx(1.0) and signs.kinds(half, labels) == pytest.approx(0.5)
    assert signs.effective(torch.tensor([5.0, 0.0])) == pytest.approx(1.0)


def test_the_share_of_the_real_classes_is_their_share_in_the_data():
    trainer = make_trainer(tiny(IMAGES, batch_size=64))
    trainer.measure = True
    trainer.step()
    fake, real, labels = trainer.game.seen or (None, None, None)
    trainer.game.seen = (real, real, labels)
    found = Examiner(trainer).look()
    shares = [found[f"share/{digit}"] for digit in range(10)]
    assert sum(shares) == pytest.approx(1.0) and max(shares) < 0.3 and found["diversity/kinds"] > 0.8
    assert fake is not None


def test_copies_are_near_and_new_samples_as_far_as_real_ones():
    real = torch.randn(200, 8, generator=torch.Generator().manual_seed(0))
    fresh = torch.randn(50, 8, generator=torch.Generator().manual_seed(1))
    assert signs.nearness(real[:50] + 1e-3, real, signs.apart(real)) < 0.01
    assert signs.nearness(fresh, real, signs.apart(real)) == pytest.approx(1.0, abs=0.1)


def test_saturated_outputs():
    assert signs.saturated(torch.tensor([[-1.0, 0.99, 0.5, 0.0]])) == 0.5


def test_dead_units_have_no_gradient_at_all():
    net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    assert signs.dead(net) is None
    with torch.no_grad():
        net[0].weight.abs_()
        net[0].bias.copy_(torch.tensor([1.0, -100.0, 1.0, -100.0]))
    net(torch.rand(5, 3)).sum().backward()
    assert signs.dead(net) == pytest.approx(2 / 6)
    transposed = nn.ConvTranspose2d(3, 2, 2)
    transposed(torch.rand(1, 3, 2, 2))[:, 0].sum().backward()
    assert signs.dead(transposed) == 0.5


def test_overfitting_is_the_papers_ratio():
    trained, generated = torch.tensor([2.0, 4.0]), torch.tensor([-1.0])
    assert signs.overfitting(trained, trained, generated) == 0
    assert signs.overfitting(trained, generated, generated) == 1
    assert signs.overfitting(trained, torch.tensor([1.0]), generated) == 0.5


DIGITS = {f"share/{digit}" for digit in range(10)}
WANTED = {"diversity/samples", "distance/data", "dead/generator", "dead/discriminator"}


@pytest.mark.parametrize(
    ("base", "more"),
    [
        (POINTS, {"diversity/kinds", *(f"share/mode {mode}" for mode in range(1, 9))}),
        (IMAGES, {*DIGITS, "diversity/kinds", "distance/nearest", "saturation/generated", "saturation/real"}),
        (IMAGES | {"variant": "cgan"}, {"distance/nearest", "saturation/generated", "saturation/real"}),
    ],
    ids=["points", "images", "classes"],
)
def test_a_look_measures_what_suits_the_data_and_leaves_training_alone(
    base: dict[str, object], more: set[str]
):
    if base["variant"] == "cgan":
        base = {key: value for key, value in base.items() if key not in ("generator", "discriminator")}
    config = tiny(base, batch_size=32)
    watched, alone = make_trainer(config), make_trainer(config)
    held_out = watched.feed.batch(10**6, 16)[0]
    examiner = Examiner(watched, held_out)
    found: dict[str, float] = {}
    for _ in range(4):
        watched.measure = True
        watched.step()
        alone.step()
        found = examiner.look()
    extra = set() if base["variant"] == "cgan" else {"overfitting/held-out"}
    assert set(found) == WANTED | more | extra
    assert_same_tensors(tensors_of(watched), tensors_of(alone))
    assert watched.game.discriminator.training


def test_small_batches_are_gathered(monkeypatch: pytest.MonkeyPatch):
    trainer = make_trainer(tiny(POINTS, batch_size=2))
    examiner = Examiner(trainer)
    monkeypatch.setattr(examiner, "_next", float("inf"))
    for _ in range(3):
        trainer.measure = True
        trainer.step()
        assert examiner.glance() == {}
    trainer.step()
    monkeypatch.setattr(examiner, "_next", 0.0)
    assert "distance/data" in examiner.glance() and examiner.glance() == {}


def test_without_samples_only_the_networks_are_looked_at():
    trainer = make_trainer(tiny(POINTS))
    assert Examiner(trainer).look() == {}
    trainer.step()
    assert set(Examiner(trainer).look()) == {"dead/generator", "dead/discriminator"}
