"""What theory says about whole games: the Dirac GAN and the optimal discriminator."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from support.tiny import make_trainer, tiny
from torch import Tensor

from ganstudio.catalog import objectives as options
from ganstudio.data.points import mixture_3
from ganstudio.objectives.critics import Wasserstein
from ganstudio.objectives.losses import NonSaturating
from ganstudio.objectives.penalties import between, distance_from, gradients, r1, r2

NON_SATURATING = NonSaturating(options.NonSaturating())
H = 0.1
START = 0.02  # close to the equilibrium, where the game is the linear one of the theory


Penalty = Callable[[Tensor, Tensor, Tensor], Tensor]
"""The critic's psi (1,), real and generated samples (1, 1) to what is added to the discriminator's loss."""


def dirac(
    steps: int, penalty: Penalty | None = None, alternating: bool = False, objective: Any = NON_SATURATING,
    start: float = START,
) -> list[float]:  # fmt: skip
    """Distances from the equilibrium: D(x) = psi x, data at 0, generator at theta (Mescheder 2018, section 2)."""
    theta = torch.tensor([start], dtype=torch.float64, requires_grad=True)
    psi = torch.tensor([0.0], dtype=torch.float64, requires_grad=True)
    distances: list[float] = []
    for _ in range(steps):
        before = theta.detach().clone()
        change = slope(discriminator(objective, psi, before, penalty), psi)
        if alternating:
            with torch.no_grad():
                psi -= H * change
        push = slope(objective.generator(psi.detach() * theta).mean(), theta)
        with torch.no_grad():
            theta -= H * push
            if not alternating:
                psi -= H * change
        distances.append(math.hypot(theta.item(), psi.item()))
    return distances


def discriminator(objective: Any, psi: Tensor, fake: Tensor, penalty: Penalty | None) -> Tensor:
    real = torch.zeros(1, 1, dtype=torch.float64)
    loss = objective.discriminator((psi * real).flatten(), psi * fake)
    return loss + penalty(psi, real, fake[:, None]) if penalty else loss


def at_real(psi: Tensor, real: Tensor, fake: Tensor) -> Tensor:
    real = real.clone().requires_grad_()
    return r1((psi * real).flatten(), real, 1.0)


def at_generated(psi: Tensor, real: Tensor, fake: Tensor) -> Tensor:
    fake = fake.clone().requires_grad_()
    return r2((psi * fake).flatten(), fake, 1.0)


def mixed(centre: float, one_sided: bool = False) -> Penalty:
    def penalty(psi: Tensor, real: Tensor, fake: Tensor) -> Tensor:
        at = between(real, fake, torch.full((1,), 0.5, dtype=torch.float64)).requires_grad_()
        return distance_from(gradients((psi * at).flatten(), at), centre, one_sided)

    return penalty


def slope(loss: Tensor, of: Tensor) -> Tensor:
    return torch.autograd.grad(loss, of)[0]


def test_simultaneous_descent_spirals_out_at_the_rate_of_the_theory():
    distances = dirac(100)
    per_step = (distances[-1] / distances[0]) ** (1 / 99)
    assert per_step == pytest.approx(math.sqrt(1 + H**2 / 4), abs=2e-5)


def test_alternating_descent_keeps_its_distance():
    distances = dirac(600, alternating=True)
    assert max(distances) / min(distances) < 1.06


@pytest.mark.parametrize("penalty", [at_real, at_generated, mixed(0.0)], ids=["r1", "r2", "zero-centred"])
def test_flat_ground_lets_the_game_settle(penalty: Penalty):
    assert dirac(600, penalty, alternating=True)[-1] < 2e-5
    assert dirac(600, penalty)[-1] < 2e-5


@pytest.mark.parametrize("one_sided", [False, True])
def test_a_wanted_slope_of_one_does_not(one_sided: bool):
    """WGAN-GP circles the equilibrium and does not settle there (Mescheder 2018, figure 3 and section 3.2)."""
    game = Wasserstein(options.Wasserstein())
    distances = dirac(3000, mixed(1.0, one_sided), alternating=True, objective=game, start=1.0)
    assert min(distances[-500:]) > 0.5
    assert dirac(3000, at_real, alternating=True, objective=game, start=1.0)[-1] < 1e-6


def test_a_trained_discriminator_comes_near_the_optimal_one():
    """Against an untrained, frozen generator the discriminator learns p / (p + q) where there is data."""
    config = tiny(
        data={"source": "mixture-3"},
        batch_size=256,
        latent={"dimension": 2},
        discriminator={"width": 64, "depth": 2},
        optimizer={"discriminator": {"lr": 5e-3}},
    )
    trainer = make_trainer(config)
    with torch.no_grad():
        for parameter in trainer.players["generator"].net.parameters():
            parameter.mul_(2)
    for _ in range(300):
        trainer.half_step("discriminator")
    x = torch.linspace(-4, 3.5, 60)[:, None]
    real, fake = mixture_3().log_density(x).exp(), generated_density(trainer, x)
    seen = real + fake > 0.05
    wanted = (real / (real + fake))[seen]
    found = trainer.players["discriminator"].net(x / mixture_3().scale).sigmoid().detach()[seen]
    assert seen.sum() > 30 and wanted.std() > 0.1
    assert (found - wanted).abs().mean() < 0.06


@torch.no_grad()
def generated_density(trainer: object, x: Tensor) -> Tensor:
    """The density of the generator's points by a kernel estimate over many of them."""
    z = torch.randn(20_000, 2, generator=torch.Generator().manual_seed(1))
    points = trainer.players["generator"].net(z) * mixture_3().scale  # type: ignore[attr-defined]
    width = 0.06
    distance = (x - points.T) / width
    return torch.exp(-0.5 * distance.square()).mean(1) / (width * math.sqrt(2 * math.pi))
