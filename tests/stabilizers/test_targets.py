"""Softer and swapped targets."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from support.rounds import place, turn_of
from support.tiny import make_trainer, tiny
from torch import Tensor
from torch.nn.functional import softplus

from ganstudio.catalog import objectives
from ganstudio.catalog.objectives.critics import Wasserstein
from ganstudio.catalog.resolve import change
from ganstudio.catalog.stabilizers import STABILIZERS, Stabilizer
from ganstudio.catalog.stabilizers import targets as options
from ganstudio.objectives.losses import NonSaturating
from ganstudio.stabilizers.base import Targets
from ganstudio.stabilizers.targets import LabelFlipping, LabelSmoothing

MANY = torch.zeros(40_000)


def flipped(probability: float, count: int = 0) -> tuple[Tensor, Tensor]:
    rule = LabelFlipping(options.LabelFlipping(probability=probability), place())
    found = rule.targets(Targets(), MANY, MANY, turn_of(count=count))
    assert isinstance(found.real, Tensor) and isinstance(found.fake, Tensor)
    return found.real, found.fake


@pytest.mark.parametrize(("fake", "wanted"), [(0.0, (0.9, 0.0)), (0.1, (0.9, 0.1)), (0.5, (0.9, 0.5))])
def test_smoothing_is_one_sided_unless_asked_otherwise(fake: float, wanted: tuple[float, float]):
    rule = LabelSmoothing(options.LabelSmoothing(fake_target=fake), place())
    found = rule.targets(Targets(), MANY, MANY, turn_of())
    assert (found.real, found.fake) == pytest.approx(wanted)
    assert options.LabelSmoothing().fake_target == 0


def test_the_share_that_was_asked_for_is_flipped_each_kind_by_itself():
    real, fake = flipped(0.2)
    assert set(real.unique().tolist()) == set(fake.unique().tolist()) == {0.0, 1.0}
    assert (1 - real).mean().item() == pytest.approx(0.2, abs=0.01)
    assert fake.mean().item() == pytest.approx(0.2, abs=0.01)
    assert not torch.equal(1 - real, fake)
    assert torch.equal(flipped(0.2)[0], real) and not torch.equal(flipped(0.2, count=1)[0], real)


def test_without_a_probability_nothing_is_flipped():
    rule = LabelFlipping(options.LabelFlipping(probability=0.0), place())
    assert rule.targets(Targets(), MANY, MANY, turn_of()) == Targets(1.0, 0.0)


def test_flipped_samples_are_smoothed_as_what_they_pass_for():
    flip = LabelFlipping(options.LabelFlipping(probability=0.3), place())
    smooth = LabelSmoothing(options.LabelSmoothing(target=0.8, fake_target=0.1), place())
    swapped = flip.targets(Targets(), MANY, MANY, turn_of())
    found = smooth.targets(swapped, MANY, MANY, turn_of())
    for before, after in ((swapped.real, found.real), (swapped.fake, found.fake)):
        assert isinstance(before, Tensor) and isinstance(after, Tensor)
        assert torch.allclose(after, torch.where(before == 1, 0.8, 0.1))


def test_targets_of_single_samples_enter_the_loss_one_by_one():
    real, fake = torch.tensor([2.0, -1.0]), torch.tensor([0.5, 3.0])
    loss = NonSaturating(objectives.NonSaturating()).discriminator(
        real, fake, torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])
    )
    wanted = (softplus(-real[0]) + softplus(real[1])) / 2 + (softplus(fake[0]) + softplus(-fake[1])) / 2
    assert loss.item() == pytest.approx(wanted.item())


def test_targets_may_change_on_the_way():
    config = tiny(stabilizers={"label-smoothing": {}, "label-flipping": {"probability": 0.0}})
    trainer = make_trainer(config)
    changed = change(
        change(config, "stabilizers.label-smoothing.fake_target", 0.3),
        "stabilizers.label-smoothing.target",
        0.7,
    )
    trainer.adopt(changed)
    found = trainer.game.targets(MANY, MANY, turn_of())
    assert (found.real, found.fake) == pytest.approx((0.7, 0.3))
    trainer.adopt(change(changed, "stabilizers.label-flipping.probability", 0.5))
    assert isinstance(trainer.game.targets(MANY, MANY, turn_of()).real, Tensor)


@pytest.mark.parametrize("kind", ["label-smoothing", "label-flipping"])
def test_losses_without_targets_refuse(kind: str):
    config = replace(tiny(), objective=Wasserstein())
    settings = STABILIZERS[kind]()
    assert isinstance(settings, Stabilizer) and "has no target" in settings.refuses(config, None)
    assert not settings.refuses(tiny(), None)
