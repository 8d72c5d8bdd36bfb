"""What theory says about whole games: the Dirac GAN and the optimal discriminator."""

from __future__ import annotations

import math

import pytest
import torch
from support.tiny import make_trainer, tiny
from torch import Tensor

from ganstudio.catalog import objectives as options
from ganstudio.data.points import mixture_3
from ganstudio.objectives.losses import NonSaturating
from ganstudio.objectives.penalties import r1

NON_SATURATING = NonSaturating(options.NonSaturating())
H = 0.1
START = 0.02  # close to the equilibrium, where the game is the linear one of the theory


def dirac(steps: int, gamma: float = 0.0, alternating: bool = False) -> list[float]:
    """Distances from the equilibrium: D(x) = psi x, data at 0, generator at theta (Mescheder 2018, section 2)."""
    theta = torch.tensor([START], dtype=torch.float64, requires_grad=True)
    psi = torch.tensor([0.0], dtype=torch.float64, requires_grad=True)
    distances: list[float] = []
    for _ in range(steps):
        before = theta.detach().clone()
        change = slope(discriminator(psi, before, gamma), psi)
        if alternating:
            with torch.no_grad():
                psi -= H * change
        push = slope(NON_SATURATING.generator(psi.detach() * theta).mean(), theta)
        with torch.no_grad():
            theta -= H * push
            if not alternating:
                psi -= H * change
        distances.append(math.hypot(theta.item(), psi.item()))
    return distances


def discriminator(psi: Tensor, fake: Tensor, gamma: float) -> Tensor:
    real = torch.zeros(1, 1, dtype=torch.float64, requires_grad=True)
    logits = (psi * real).flatten()
    loss = NON_SATURATING.discriminator(logits, psi * fake)
    return loss + r1(logits, real, gamma) if gamma else loss


def slope(loss: Tensor, of: Tensor) -> Tensor:
    return torch.autograd.grad(loss, of)[0]


def test_simultaneous_descent_spirals_out_at_the_rate_of_the_theory():
    distances = dirac(100)
    per_step = (distances[-1] / distances[0]) ** (1 / 99)
    assert per_step == pytest.approx(math.sqrt(1 + H**2 / 4), abs=2e-5)


def test_alternating_descent_keeps_its_distance():
    distances = dirac(600, alternating=True)
    assert max(distances) / min(distances) < 1.06


def test_r1_lets_the_game_settle():
    assert dirac(600, gamma=1.0, alternating=True)[-1] < 1e-6
    assert dirac(600, gamma=1.0)[-1] < 1e-6


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
