"""EBGAN and BEGAN: margins, and the balance that is remembered."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from ganstudio.catalog.objectives import BoundaryEquilibrium, EnergyMargin
from ganstudio.objectives import build_objective


def answers(*energies: float) -> Tensor:
    """Logits: minus the energies."""
    return -torch.tensor(energies, dtype=torch.float64)


def test_beyond_the_margin_nothing_pushes():
    objective = build_objective(EnergyMargin(margin=2.0))
    real, fake = answers(0.25, 0.75), answers(1.0, 5.0)
    assert objective.discriminator(real, fake).item() == pytest.approx(0.5 + (1.0 + 0.0) / 2)
    assert objective.generator(fake).tolist() == [1.0, 5.0]
    fake = fake.requires_grad_()
    (slope,) = torch.autograd.grad(objective.discriminator(real, fake), fake)
    assert slope.tolist() == [0.5, 0.0]


def test_k_follows_the_published_rule():
    """k starts at 0 and moves by its rate times gamma L(x) - L(G(z)), between 0 and 1."""
    objective = build_objective(BoundaryEquilibrium(gamma=0.5, rate=0.1))
    real, fake = answers(2.0, 4.0), answers(0.5, 1.0)
    assert objective.state["k"].item() == 0
    assert objective.discriminator(real, fake).item() == 3.0
    objective.settle(real, fake)
    assert objective.state["k"].item() == pytest.approx(0.1 * (0.5 * 3 - 0.75))
    assert objective.discriminator(real, fake).item() == pytest.approx(3 - 0.075 * 0.75)
    for _ in range(100):
        objective.settle(real, fake)
    assert objective.state["k"].item() == 1
    for _ in range(100):
        objective.settle(answers(0.1), answers(9.0))
    assert objective.state["k"].item() == 0


def test_convergence_is_the_published_measure():
    objective = build_objective(BoundaryEquilibrium(gamma=0.5))
    found = objective.measures(answers(2.0, 4.0), answers(0.5, 1.0))
    assert found["convergence"].item() == pytest.approx(3 + abs(1.5 - 0.75))
    assert objective.measures(answers(2.0), answers(3.0))["convergence"].item() == pytest.approx(2 + 2)
    assert objective.measures(answers(0.0), answers(0.0))["convergence"].item() == 0


def test_what_is_plotted_and_what_is_learned_from_does_not_change_afterwards():
    """k moves between forward and backward pass: the loss must have its own copy."""
    objective = build_objective(BoundaryEquilibrium(gamma=1.0, rate=1.0))
    objective.state["k"].fill_(0.5)
    fake = answers(1.0).requires_grad_()
    loss = objective.discriminator(answers(1.0), fake)
    plotted = objective.measures(answers(1.0), fake)["balance/k"]
    with torch.no_grad():
        objective.settle(answers(0.0), fake)
    (slope,) = torch.autograd.grad(loss, fake)
    assert objective.state["k"].item() == 0 and plotted.item() == 0.5 and slope.item() == 0.5


def test_k_is_on_its_device_and_of_fixed_shape():
    objective = build_objective(BoundaryEquilibrium(), "meta")
    assert objective.state["k"].device.type == "meta" and objective.state["k"].shape == ()
