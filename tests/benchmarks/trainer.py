"""What the trainer costs over a bare loop with the same nets and data on the device (budget: 3 %).

    python tests/benchmarks/trainer.py [--device cpu] [--rounds 7] [--steps 60]

The bare loop is the least that trains the same: uint8 data on the device, the same networks, fused optimizers,
averaged weights, no counted random numbers, no reports. Both run in turn; the ratio of each pair counts.
"""

from __future__ import annotations

import argparse
import copy
import statistics
import time

from ganstudio.engine.launch import compute_threads, prepare_environment

prepare_environment(window=False)

import torch  # noqa: E402
from torch.nn.functional import softplus  # noqa: E402

from ganstudio.catalog.presets import load_spec  # noqa: E402
from ganstudio.catalog.resolve import change  # noqa: E402
from ganstudio.core.config import RunConfig  # noqa: E402
from ganstudio.data import ImageFeed, load, make_feed  # noqa: E402
from ganstudio.engine import devices  # noqa: E402
from ganstudio.engine.ports import LocalPort  # noqa: E402
from ganstudio.training.trainer import Trainer  # noqa: E402


class BareLoop:
    """The same training without a studio around it."""

    def __init__(self, trainer: Trainer) -> None:
        self.device, self.batch = trainer.device, trainer.config.batch_size
        self.g = copy.deepcopy(trainer.players["generator"].net)
        self.d = copy.deepcopy(trainer.players["discriminator"].net)
        lr = trainer.config.optimizer.generator.lr, trainer.config.optimizer.discriminator.lr
        self.g_adam = torch.optim.Adam(self.g.parameters(), lr[0], betas=(0.5, 0.999), fused=True)
        self.d_adam = torch.optim.Adam(self.d.parameters(), lr[1], betas=(0.5, 0.999), fused=True)
        self.average = copy.deepcopy(self.g)
        self.pairs = list(self.average.parameters()), list(self.g.parameters())
        self.buffers = list(self.average.buffers()), list(self.g.buffers())
        self.latent = trainer.config.latent.dimension
        feed = trainer.feed
        self.points = None if isinstance(feed, ImageFeed) else feed
        self.pixels = feed._pixels if isinstance(feed, ImageFeed) else None

    def real(self) -> torch.Tensor:
        """A batch of real samples, uniformly drawn."""
        if self.pixels is None:
            return self.points.batch(0, self.batch)[0]
        index = torch.randint(len(self.pixels), (self.batch,), device=self.device)
        return self.pixels[index].permute(0, 3, 1, 2).float().div_(127.5).sub_(1)

    def step(self) -> None:
        """One step."""
        self.d.requires_grad_(True)
        with torch.no_grad():
            fake = self.g(torch.randn(self.batch, self.latent, device=self.device))
        self.d_adam.zero_grad()
        (softplus(-self.d(self.real())).mean() + softplus(self.d(fake)).mean()).backward()
        self.d_adam.step()
        self.d.requires_grad_(False)
        self.g_adam.zero_grad()
        softplus(-self.d(self.g(torch.randn(self.batch, self.latent, device=self.device)))).mean().backward()
        self.g_adam.step()
        with torch.no_grad():
            torch._foreach_lerp_(*self.pairs, 0.001)
            if self.buffers[0]:
                torch._foreach_copy_(*self.buffers)


def time_steps(step: object, steps: int, device: torch.device) -> float:
    """Seconds for so many steps."""
    if device.type == "cuda":
        torch.cuda.synchronize()
    start = time.perf_counter()
    for _ in range(steps):
        step()
    if device.type == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - start


def compare(config: RunConfig, device: torch.device, steps: int, rounds: int) -> tuple[float, float, float]:
    """Steps per second of the bare loop and of the trainer with reports, and the median ratio of their times."""
    trainer = Trainer(config, make_feed(load(config.data), device, 0), device)
    bare = BareLoop(trainer)
    reporting = with_reports(trainer)
    time_steps(bare.step, 10, device), time_steps(reporting, 10, device)
    pairs = [
        (time_steps(bare.step, steps, device), time_steps(reporting, steps, device)) for _ in range(rounds)
    ]
    ratio = statistics.median(studio / plain for plain, studio in pairs)
    return steps / min(p for p, _ in pairs), steps / min(s for _, s in pairs), ratio


def with_reports(trainer: Trainer) -> object:
    """A step as the session takes it: the port is polled, ten times a second the meter is read."""
    port, due = LocalPort(lambda report: None), [0.0]

    def step() -> None:
        port.poll()
        trainer.step()
        now = time.perf_counter()
        if trainer.measure:
            trainer.measure = False
            trainer.meter.read(probability=True)
            due[0] = now + 0.1
        elif now >= due[0]:
            trainer.measure = True

    return step


CASES = {
    "digits-dcgan": {},
    "digits-dcgan 32 px": {"data.resolution": 32},
    "digits-gan": {},
    "ring-2d": {},
}


def main() -> None:
    """Print one line per case."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--steps", type=int, default=60)
    arguments = parser.parse_args()
    device = devices.choose(arguments.device)
    torch.set_num_threads(compute_threads(window=False))
    print(f"{devices.describe(device)} ({devices.processor()}), torch {torch.__version__}")
    for name, changes in CASES.items():
        config = load_spec(name.split()[0])
        for key, value in changes.items():
            config = change(config, key, value)
        config = change(config, "stabilizers", {})
        bare, studio, ratio = compare(config, device, arguments.steps, arguments.rounds)
        batch = config.batch_size
        print(
            f"{name:22} bare {bare:7.1f} steps/s {bare * batch:9,.0f} img/s   trainer {studio:7.1f} steps/s"
            f"   time ratio {ratio:.3f} (budget 1.03)"
        )


if __name__ == "__main__":
    main()
