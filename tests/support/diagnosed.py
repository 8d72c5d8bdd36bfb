"""Runs to record: healthy ones of every variant and of the presets, and sick ones made on purpose."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import Tensor

from ganstudio.catalog.presets import presets
from ganstudio.catalog.variants import VARIANTS
from ganstudio.core.schema import settings_of
from ganstudio.data import Feed
from ganstudio.training.trainer import Trainer

DIGITS: dict[str, Any] = {"source": "digits", "resolution": 8}
WIDTH = {"base_channels": 16, "width": 32}
"""Widths of the healthy runs' networks: of convolutional ones, and of R3GAN's."""
SMALLER: dict[str, dict[str, Any]] = {
    "Architecture": {"batch_size": 16},
    "stylegan3-t": {"batch_size": 8, "generator": {"base_channels": 8, "layers": 6, "margin": 4}},
    "stylegan3-r": {"batch_size": 8, "generator": {"base_channels": 8, "layers": 6, "margin": 4}},
}
"""Settings of families and variants whose steps would take too long."""
STEPS = {
    "gan": 1500, "dcgan": 1200, "lsgan": 1200, "hinge": 1200, "cgan": 1200, "dragan": 2400, "ebgan": 3000, "began": 900,
    "wgan": 900, "fgan": 1200, "ragan": 1200, "rpgan": 1200, "pacgan": 1200, "acgan": 1200, "multi-generator": 1200,
    "sngan-resnet": 400, "biggan": 400, "stylegan": 500, "stylegan3-t": 300, "stylegan3-r": 300,
}  # fmt: skip
"""Steps of variants that are quicker or slower than others, or take long to begin."""
PRESETS = {
    "digits-dcgan": 1500, "digits-gan": 1500, "digits-lsgan": 1000, "digits-sngan": 700, "digits-r3gan": 300,
    "digits-progan": 1500, "digits-acgan": 800, "mixture-1d": 2500, "ring-2d": 3000, "ring-pacgan": 2000,
    "grid-2d": 3000, "grid-multi": 2500,
}  # fmt: skip
"""Presets that are quick enough, and how many of their steps are taken."""
POINTS = (
    ("ring", "wgan-gp", 800), ("ring", "cgan", 2000), ("ring", "hinge", 2000),
    ("grid", "wgan-gp", 1200), ("grid", "cgan", 2000), ("mixture-3", "lsgan", 1500),
    ("mixture-3", "wgan-lp", 800), ("mixture-5", "wgan-gp", 800),
    ("mixture-5", "cgan", 1500), ("moons", "hinge", 1500), ("swiss-roll", "wgan-lp", 800),
    ("checkerboard", "ragan", 1500),
)  # fmt: skip
"""Source, variant and steps of the runs on points."""
ROWS = 75
"""Reports of a run."""
Change = Callable[[Trainer], None]


def nothing(trainer: Trainer) -> None:
    """A run as it is."""


def no_noise(trainer: Trainer) -> None:
    """The generator gets the same numbers every time instead of noise."""

    def silence(_: Any, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        return (inputs[0] * 0 + 1, *inputs[1:])

    for net in (trainer.game.generator, trainer.average.net):
        net.register_forward_pre_hook(silence)


def leak(trainer: Trainer) -> None:
    """Real pictures carry a mark that no generator can make: a corner brighter than white."""

    class Marked:
        def __init__(self, feed: Any) -> None:
            self.feed = feed

        def __getattr__(self, name: str) -> Any:
            return getattr(self.feed, name)

        def batch(self, position: int, count: int) -> tuple[Tensor, Tensor | None]:
            real, labels = self.feed.batch(position, count)
            real[:, :, :2, :2] = 3.0
            return real, labels

    trainer.feed = cast("Feed", Marked(trainer.feed))


def kill_units(trainer: Trainer) -> None:
    """The generator's first layer is pushed so far down that its ReLUs never open."""
    with torch.no_grad():
        for module in trainer.game.generator.modules():
            if isinstance(module, torch.nn.Linear | torch.nn.BatchNorm2d) and module.bias is not None:
                module.bias -= 100.0
                return


def saturate(trainer: Trainer) -> None:
    """The generator's last layer is a hundred times too large, so that tanh is at its ends."""
    with torch.no_grad():
        convolutions = [
            m for m in trainer.game.generator.modules() if isinstance(m, torch.nn.ConvTranspose2d)
        ]
        convolutions[-1].weight *= 300.0


@dataclass(frozen=True)
class Case:
    """A run to record. ``expected`` are kinds of finding, at least one of which should come; none for a healthy run."""

    name: str
    what: str
    table: dict[str, Any]
    steps: int = 600
    expected: tuple[str, ...] = ()
    change: Change = nothing
    pictures: int = 0
    held_out: int = 10
    beside: str = "digits-dcgan"
    """The healthy run with the same networks and data that a sick one is compared with."""

    @property
    def every(self) -> int:
        """Steps from one report to the next."""
        return max(5, round(self.steps / ROWS / 5) * 5)


def narrow(variant: str, **more: Any) -> dict[str, Any]:
    """A variant's config on digits of 8 px with small networks; ``more`` is merged into it."""
    recipe = VARIANTS[variant]
    table: dict[str, Any] = {"variant": variant, "data": DIGITS, "steps": 3000}
    for player, networks in (("generator", recipe.generator), ("discriminator", recipe.discriminator)):
        known = {s.name for s in settings_of(type(networks["image"]))}
        table[player] = {key: value for key, value in WIDTH.items() if key in known}
        table[player] |= {k: v for k, v in more.get(player, {}).items() if k in known}
    return table | {key: value for key, value in more.items() if key not in ("generator", "discriminator")}


def toy(variant: str, source: str, **more: Any) -> dict[str, Any]:
    """A variant's config on points, with networks 64 wide and the rates of the presets on points."""
    wide = {"generator": {"width": 64}, "discriminator": {"width": 64}, "latent": {"dimension": 2}}
    return {"variant": variant, "data": {"source": source}, "steps": 8000} | wide | more


def preset(name: str, **more: Any) -> dict[str, Any]:
    """A preset as it is shipped, with some tables replaced."""
    return tomllib.loads(presets()[name].path.read_text(encoding="utf-8")) | more


def rates(generator: float, discriminator: float, kind: str = "adam") -> dict[str, Any]:
    """Learning rates of both players."""
    return {
        "generator": {"kind": kind, "lr": generator},
        "discriminator": {"kind": kind, "lr": discriminator},
    }


def quick(generator: float = 1e-3, discriminator: float = 1e-3) -> dict[str, Any]:
    """Adam as the presets on points have it."""
    return {
        player: {"kind": "adam", "lr": rate, "betas": [0.5, 0.9]}
        for player, rate in (("generator", generator), ("discriminator", discriminator))
    }


def healthy() -> list[Case]:
    """Every variant on digits, presets for any computer, and points of three kinds."""
    pictures = [
        Case(
            f"digits-{name}",
            f"{recipe.title} on digits",
            narrow(name, **(SMALLER.get(recipe.group, {}) | SMALLER.get(name, {}))),
            STEPS.get(name, 600),
        )
        for name, recipe in VARIANTS.items()
        if "image" in recipe.data
    ]
    shipped = [
        Case(f"preset-{name}", f"the preset {name}", preset(name), steps) for name, steps in PRESETS.items()
    ]
    points = [
        Case(f"{source}-{name}", f"{VARIANTS[name].title} on {source}",
             toy(name, source, batch_size=64, optimizer=quick()), steps)
        for source, name, steps in POINTS
    ]  # fmt: skip
    return pictures + shipped + points


BROKEN = (
    "dead-units", "vanishing-gradient", "divergence", "oscillation", "mode-collapse", "saturation",
    "discriminator-strong", "stalled", "rates-apart", "loss-imbalance",
)  # fmt: skip
"""What too high a rate can come to."""
STRONG = (
    "discriminator-strong",
    "vanishing-gradient",
    "mode-collapse",
    "stalled",
    "loss-imbalance",
    "rates-apart",
)
"""What too strong a discriminator can come to."""
COLLAPSED = ("mode-collapse", "kinds-missing", "oscillation")
HEART = ("memorisation", "overfitting")


def sick() -> list[Case]:
    """Runs with something wrong on purpose."""
    return [*_rates(), *_players(), *_samples(), *_data()]


def _rates() -> list[Case]:
    """Learning rates that are much too high, or nothing."""
    fast, faster = rates(6e-3, 6e-3), rates(6e-2, 6e-2)
    default = "preset-digits-dcgan"
    return [
        Case("rate-x30", "learning rates x 30", narrow("dcgan", optimizer=fast), expected=BROKEN),
        Case("rate-x300", "learning rates x 300", narrow("dcgan", optimizer=faster), expected=BROKEN),
        Case("rate-x30-preset", "learning rates x 30, the default preset",
             preset("digits-dcgan", optimizer=rates(3e-2, 6e-3)), 1000, BROKEN, beside=default),
        Case("rate-x300-preset", "learning rates x 300, the default preset",
             preset("digits-dcgan", optimizer=rates(0.3, 0.06)), 1000, BROKEN, beside=default),
        Case("rate-x30-lsgan", "learning rates x 30, the preset of LSGAN",
             preset("digits-lsgan", optimizer=rates(3e-2, 6e-3)), 1000, BROKEN, beside="preset-digits-lsgan"),
        Case("rate-x30-ring", "learning rates x 30, points", toy("gan", "ring", optimizer=quick(3e-2, 3e-2)), 2000,
             BROKEN, beside="preset-ring-2d"),
        Case("rate-x30-hinge", "learning rates x 30, hinge", narrow("hinge", optimizer=fast), expected=BROKEN,
             beside="digits-hinge"),
        Case("rate-x30-wgan-gp", "learning rates x 30, WGAN-GP", narrow("wgan-gp", optimizer=rates(3e-3, 3e-3)),
             expected=BROKEN, beside="digits-wgan-gp"),
        Case("momentum", "plain descent at 0.02 with momentum 0.9, on a line",
             toy("gan", "mixture-3", batch_size=64, optimizer={
                 player: {"kind": "sgd", "lr": 0.02, "momentum": 0.9} for player in ("generator", "discriminator")
             }), 2000, BROKEN, beside="preset-mixture-1d"),
        Case("rate-0", "both rates 0", narrow("dcgan", optimizer=rates(0.0, 0.0)), expected=("idle",)),
        Case("rate-0-generator", "the generator's rate 0", toy("gan", "ring", optimizer=quick(0.0)), 1500, ("idle",),
             beside="preset-ring-2d"),
        Case("rate-0-discriminator", "the discriminator's rate 0", narrow("dcgan", optimizer=rates(2e-4, 0.0)),
             expected=("idle",)),
        Case("rate-tiny", "learning rates / 100", narrow("dcgan", optimizer=rates(2e-6, 2e-6)), 1500,
             ("rates-low", "stalled")),
    ]  # fmt: skip


def _players() -> list[Case]:
    """One player much stronger than the other."""
    return [
        Case("discriminator-x20", "discriminator 20 x too large", narrow("dcgan", discriminator={"base_channels": 72}),
             1200, STRONG),
        Case("discriminator-x20-hinge", "discriminator 20 x too large, hinge",
             narrow("hinge", discriminator={"base_channels": 72}), 1200, STRONG, beside="digits-hinge"),
        Case("discriminator-x20-updates", "discriminator 20 x too large, 5 updates a step",
             narrow("dcgan", discriminator={"base_channels": 72}, discriminator_steps=5), 1200, STRONG),
        Case("discriminator-fast", "discriminator's rate x 30", narrow("dcgan", optimizer=rates(2e-4, 6e-3)), 1200,
             STRONG),
        Case("discriminator-fast-gan", "discriminator's rate x 30, fully connected",
             narrow("gan", optimizer=rates(2e-4, 6e-3)), 1500, STRONG, beside="digits-gan"),
        Case("saturating", "minimax loss against a discriminator 30 x as fast",
             narrow("gan", objective={"loss": "saturating"}, optimizer=rates(2e-4, 6e-3)), 1500, STRONG,
             beside="digits-gan"),
        Case("discriminator-slow", "discriminator's rate / 100", narrow("dcgan", optimizer=rates(2e-4, 2e-6)), 1500,
             ("discriminator-weak", "rates-apart", "mode-collapse", "stalled")),
        Case("generator-fast", "generator's rate x 100", narrow("dcgan", optimizer=rates(2e-2, 2e-4)), 1200,
             (*BROKEN, "discriminator-weak")),
        Case("r1-huge", "R1 with gamma 10,000", narrow("dcgan", stabilizers={"r1": {"gamma": 10000.0}}), 1200,
             ("loss-imbalance", "discriminator-weak")),
        Case("penalty-x100", "DRAGAN's penalty 100 x as strong",
             narrow("dragan", stabilizers={"gradient-penalty": {"weight": 1000.0, "at": "data"}}), 1200,
             ("loss-imbalance", "discriminator-weak"), beside="digits-dragan"),
        Case("moons-sngan", "SNGAN on moons, fully connected (first meant to be healthy)",
             toy("sngan", "moons", batch_size=64, optimizer=quick()), 1500, ("discriminator-weak", "stalled"),
             beside="moons-hinge"),
        Case("mixture-3-fgan", "f-GAN on a line (first meant to be healthy)",
             toy("fgan", "mixture-3", batch_size=64, optimizer=quick()), 1500, ("oscillation", "divergence"),
             beside="mixture-3-lsgan"),
        Case("no-bound-line", "Wasserstein's loss with nothing that bounds the slope, on a line",
             toy("wgan-gp", "mixture-3", stabilizers={"gradient-penalty": False}, optimizer=quick(1e-3, 5e-3),
                 batch_size=64, discriminator_steps=1), 2000, ("divergence", "oscillation"),
             beside="preset-mixture-1d"),
        Case("no-bound", "Wasserstein's loss with nothing that bounds the slope",
             narrow("wgan-gp", stabilizers={"gradient-penalty": False}), 1200, BROKEN, beside="digits-wgan-gp"),
        Case("leak", "real pictures carry a mark", narrow("dcgan"), 1200, STRONG, leak, held_out=0),
        Case("leak-hinge", "real pictures carry a mark, hinge", narrow("hinge"), 1200, STRONG, leak, held_out=0,
             beside="digits-hinge"),
        Case("leak-gan", "real pictures carry a mark, fully connected", narrow("gan"), 1500, STRONG, leak, held_out=0,
             beside="digits-gan"),
    ]  # fmt: skip


def _samples() -> list[Case]:
    """A generator that cannot differ, or cannot find back."""
    ring = "preset-ring-2d"
    slow = rates(2e-4, 2e-4)
    return [
        Case("no-noise", "the generator gets no noise", narrow("dcgan"), 1200, ("mode-collapse",), no_noise),
        Case("no-noise-gan", "the generator gets no noise, fully connected", narrow("gan"), 1500, ("mode-collapse",),
             no_noise, beside="digits-gan"),
        Case("no-noise-points", "the generator gets no noise, points", toy("wgan-gp", "ring", optimizer=quick()), 1000,
             ("mode-collapse",), no_noise, beside="ring-wgan-gp"),
        Case("collapse-ring", "GAN on the ring, as it is known not to cover it",
             {"variant": "gan", "data": {"source": "ring"}, "steps": 8000}, 2500, COLLAPSED, beside=ring),
        Case("collapse-grid", "GAN on the grid, as it is known not to cover it",
             {"variant": "gan", "data": {"source": "grid"}, "steps": 8000}, 2500, COLLAPSED, beside="preset-grid-2d"),
        Case("grid-rpgan", "RpGAN on the grid without its penalties", toy("rpgan", "grid", optimizer=slow), 2500,
             COLLAPSED, beside="preset-grid-2d"),
        Case("ring-dragan", "DRAGAN on the ring (first meant to be healthy)",
             toy("dragan", "ring", batch_size=64, optimizer=quick()), 2000, COLLAPSED, beside=ring),
        Case("grid-dragan", "DRAGAN on the grid (first meant to be healthy)",
             toy("dragan", "grid", batch_size=64, optimizer=quick()), 2000, COLLAPSED, beside="preset-grid-2d"),
        Case("dead-units", "the generator's first ReLUs never open", narrow("dcgan"),
             expected=("dead-units", "mode-collapse", "vanishing-gradient"), change=kill_units),
        Case("saturated", "tanh at its ends", narrow("dcgan"), expected=("saturation",), change=saturate),
        Case("batch-2", "a batch of 2", narrow("dcgan", batch_size=2), 1200, ("small-batch", *BROKEN)),
        Case("batch-2-points", "a batch of 2, points", toy("gan", "ring", optimizer=quick(), batch_size=2), 3000,
             ("small-batch", *BROKEN), beside=ring),
    ]  # fmt: skip


def _data() -> list[Case]:
    """Pictures so few that they can be known by heart."""
    wide = {"generator": {"base_channels": 32}, "discriminator": {"base_channels": 32}}
    return [
        Case("pictures-24", "24 pictures", narrow("dcgan", batch_size=16, optimizer=rates(1e-3, 1e-3)), 3000, HEART,
             pictures=48, held_out=50),
        Case("pictures-10", "10 pictures, wider networks",
             narrow("dcgan", batch_size=10, optimizer=rates(1e-3, 1e-3), **wide), 3000, HEART, pictures=20,
             held_out=50),
        Case("pictures-100", "100 pictures, a wide discriminator",
             narrow("hinge", optimizer=rates(1e-3, 1e-3), discriminator={"base_channels": 64}), 2000, HEART,
             pictures=200, held_out=50, beside="digits-hinge"),
        Case("pictures-10-gan", "10 pictures, fully connected, with R1",
             narrow("gan", batch_size=16, optimizer=rates(1e-3, 1e-3), stabilizers={"r1": {"gamma": 1.0}}), 4000,
             ("memorisation",), pictures=20, held_out=50, beside="digits-gan"),
    ]  # fmt: skip
