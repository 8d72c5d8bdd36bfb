"""Images per second of every variant, beside its bare loop and beside a loop as a tutorial writes it.

    python tests/benchmarks/variants.py [--resolution 16] [--seconds 4] [--only NAME ...] [--minutes 9] [--write]

The same networks, losses and data in all three. The bare loop keeps the data as bytes on the device, draws plain
random numbers, and uses fused optimizers; it is what the trainer may cost 3 % more than. The tutorial's loop reads
PIL pictures through a DataLoader, keeps plain optimizers and the plain memory layout, and asks for both losses with
``.item()`` in every step. The three run in turn; the median of the ratios of each round counts. On a CPU it is
processor time that counts, so that what else runs there disturbs little; on a GPU it is the clock. Every row is kept
in ``tests/results/speed.jsonl``, and not measured again; ``--write`` keeps the table beside it.
"""

from __future__ import annotations

import argparse
import copy
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from ganstudio.engine.launch import prepare_environment

prepare_environment(window=False)

sys.path.insert(0, str(Path(__file__).parents[1] / "results"))
sys.path.insert(0, str(Path(__file__).parents[1]))

import torch  # noqa: E402
from PIL import Image  # noqa: E402
from ranking import config_of  # noqa: E402
from support.ledger import Ledger  # noqa: E402
from torch import Tensor, nn  # noqa: E402
from torch.utils.data import DataLoader, Dataset  # noqa: E402
from torchvision import transforms  # noqa: E402

from ganstudio.catalog.variants import VARIANTS  # noqa: E402
from ganstudio.core.config import RunConfig  # noqa: E402
from ganstudio.core.schema import ConfigError  # noqa: E402
from ganstudio.data import ImageFeed, ImageSet, load, make_feed  # noqa: E402
from ganstudio.engine import devices  # noqa: E402
from ganstudio.stabilizers import Turn  # noqa: E402
from ganstudio.training.game import Draw  # noqa: E402
from ganstudio.training.meter import Meter  # noqa: E402
from ganstudio.training.streams import draw  # noqa: E402
from ganstudio.training.trainer import Trainer  # noqa: E402

BUDGET = 1.03
"""Of the trainer's time over the bare loop's."""
UNDER_WAY = 501
"""The step at which to begin: past the warm-up of critics that have one."""


class Silent(Meter):
    """Notes nothing."""

    def scalar(self, name: str, value: Tensor) -> None:
        """Nothing."""

    def logits(self, which: str, values: Tensor) -> None:
        """Nothing."""


class Pictures(Dataset[Any]):
    """The data as PIL pictures behind transforms."""

    def __init__(self, images: ImageSet) -> None:
        grey = images.shape.channels == 1
        arrays = images.images.permute(0, 2, 3, 1).numpy()
        self.pictures = [Image.fromarray(a[:, :, 0] if grey else a) for a in arrays]
        self.labels = images.labels
        mean = (0.5,) * images.shape.channels
        self.change = transforms.Compose([transforms.ToTensor(), transforms.Normalize(mean, mean)])

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        label = 0 if self.labels is None else int(self.labels[index])
        return self.change(self.pictures[index]), label


class Loop:
    """One step of the variant's game without a studio around it."""

    def __init__(self, trainer: Trainer, device: torch.device) -> None:
        # A trainer of its own: rules remember things, and networks are changed by both.
        self.trainer, self.device = Trainer(trainer.config, trainer.feed, device), device
        game = self.trainer.game
        self.game = replace(game, meter=Silent())
        self.config = self.trainer.config
        self.players = self.trainer.players

    def latents(self, count: int) -> Tensor:
        """Fresh latents from the global random numbers' generator."""
        return draw(self.config.latent, count, self.generator)

    def real(self, count: int) -> tuple[Tensor, Tensor | None]:
        """Real samples and labels."""
        raise AssertionError("a loop says where its data comes from")

    def draw(self, phase: Any, count: int, turn: Turn) -> Draw:
        """What one update works with."""
        real, labels = self.real(count) if phase.real else (None, None)
        for rule in self.game.rules if real is not None else ():
            real = rule.prepare(real, turn)
        way = self.trainer.rules.way
        if not way.kinds:
            chosen = labels = None
        elif way.from_data and real is not None:
            chosen = labels
        else:
            chosen, labels = torch.randint(way.kinds, (count,), device=self.device), None
        return Draw(self.latents(count), chosen, real, labels, turn)

    def step(self) -> None:
        """Every phase that is due."""
        for phase in self.trainer.phases:
            if self.trainer.step_count % phase.every == 0:
                for _ in range(phase.repeat):
                    self.update(phase, self.players[phase.player])
        self.trainer.step_count += 1

    def update(self, phase: Any, player: Any) -> None:
        """One update."""
        turn, count = self.trainer.turn(phase), phase.count
        for rule in self.game.rules:
            count = count if phase.alone else rule.batch(turn, count)
            rule.begin(turn, player.net)
        for name, other in self.players.items():
            for parameter in other.parameters:
                parameter.requires_grad = name == phase.player
        player.optimizer.zero_grad()
        loss = phase.loss(self.game, self.draw(phase, count, turn))
        loss.backward()
        for rule in self.game.rules:
            rule.gradients(player.parameters, turn)
        player.optimizer.step()
        if not phase.alone:
            player.updates += 1
            self.trainer.images += count if phase.player == "discriminator" else 0
            self.done(phase, loss)

    def done(self, phase: Any, loss: Tensor) -> None:
        """What follows an update."""


class Bare(Loop):
    """The least that trains the same."""

    def __init__(self, trainer: Trainer, device: torch.device) -> None:
        super().__init__(trainer, device)
        self.generator = torch.Generator(device).manual_seed(1)
        feed = trainer.feed
        assert isinstance(feed, ImageFeed)
        self.pixels, self.labels = feed._pixels, feed._labels
        average, net = self.trainer.average.net, self.players["generator"].net
        self.pairs = list(average.parameters()), list(net.parameters())
        self.buffers = list(average.buffers()), list(net.buffers())

    def real(self, count: int) -> tuple[Tensor, Tensor | None]:
        """Bytes on the device, picked and converted there."""
        index = torch.randint(len(self.pixels), (count,), device=self.device)
        x = self.pixels[index].permute(0, 3, 1, 2).float().div_(127.5).sub_(1)
        return x, None if self.labels is None else self.labels[index]

    @torch.no_grad()
    def done(self, phase: Any, loss: Tensor) -> None:
        """The average follows the generator."""
        if phase.player == "generator":
            torch._foreach_lerp_(*self.pairs, 0.001)
            if self.buffers[0]:
                torch._foreach_copy_(*self.buffers)


def plainly(layer: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """The inputs of a convolution in the plain memory layout, which all that follows keeps."""
    return (inputs[0].contiguous(), *inputs[1:])


class Tutorial(Loop):
    """As a tutorial writes it."""

    def __init__(self, trainer: Trainer, device: torch.device, images: ImageSet) -> None:
        super().__init__(trainer, device)
        self.generator = torch.Generator(device).manual_seed(1)
        for player in self.players.values():
            for parameter in player.parameters:
                parameter.data = parameter.data.contiguous(memory_format=torch.contiguous_format)
            for layer in player.net.modules():
                if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
                    layer.register_forward_pre_hook(plainly)
            kind = type(player.optimizer)
            plain = {k: v for k, v in player.optimizer.defaults.items() if k not in ("fused", "foreach")}
            player.optimizer = kind(player.parameters, **plain, foreach=False)
            self.game.optimizers = {name: p.optimizer for name, p in self.players.items()}
        self.loader = DataLoader(
            Pictures(images), batch_size=self.config.batch_size, shuffle=True, drop_last=True
        )
        self.average = copy.deepcopy(self.players["generator"].net)
        self.batches: Iterator[Any] = iter(())

    def real(self, count: int) -> tuple[Tensor, Tensor | None]:
        """The loader's next batch."""
        batch = next(self.batches, None)
        if batch is None:
            self.batches = iter(self.loader)
            batch = next(self.batches)
        x, labels = batch
        return x.to(self.device), labels.to(self.device)

    @torch.no_grad()
    def done(self, phase: Any, loss: Tensor) -> None:
        """Losses are fetched; the average follows tensor by tensor."""
        loss.item()
        if phase.player == "generator":
            net = self.players["generator"].net
            for mine, theirs in zip(self.average.parameters(), net.parameters(), strict=True):
                mine.mul_(0.999).add_(theirs, alpha=0.001)


def rate(step: Callable[[], None], seconds: float, device: torch.device) -> float:
    """Steps per second over about so many seconds."""
    cuda = device.type == "cuda"
    clock = time.perf_counter if cuda else time.process_time
    wait = torch.cuda.synchronize if cuda else (lambda: None)
    wait()
    start, count = clock(), 0
    while clock() - start < seconds or not count:
        step()
        count += 1
    wait()
    return count / (clock() - start)


def compare(
    config: RunConfig, device: torch.device, seconds: float, rounds: int
) -> tuple[float, float, float]:
    """Images per second of the trainer, its time over the bare loop's, and its speed over the tutorial's."""
    images = load(config.data)
    assert isinstance(images, ImageSet)
    trainer = Trainer(config, make_feed(images, device, 0), device)
    bare, tutorial = Bare(trainer, device), Tutorial(trainer, device, images)
    for one in (trainer, bare.trainer, tutorial.trainer):
        one.step_count = UNDER_WAY
    loops = [trainer.step, bare.step, tutorial.step]
    for step in loops:
        rate(step, seconds / 10, device)
    found = [[rate(step, seconds / rounds, device) for step in loops] for _ in range(rounds)]
    studio = statistics.median(row[0] for row in found) * trainer.images / (trainer.step_count - UNDER_WAY)
    return (
        studio,
        statistics.median(bare / mine for mine, bare, _ in found),
        statistics.median(mine / plain for mine, _, plain in found),
    )


def measure(name: str, options: argparse.Namespace, ledger: Ledger) -> None:
    """Time one variant and keep what came out; over the budget, once more and three times as long."""
    device = devices.choose(options.device)
    data = {"source": "digits", "resolution": options.resolution}
    try:
        config = config_of(name, data, options.width, 0)
    except ConfigError as error:
        print(f"{name}: {error.problem}")
        return
    row = ledger.rows.get(name)
    if row is None:
        studio, over, faster = compare(config, device, options.seconds, options.rounds)
        row = ledger.add(
            name,
            images=round(studio, 1),
            over=round(over, 3),
            faster=round(faster, 2),
            date=str(date.today()),
        )
        print(row, flush=True)
    if row["over"] > BUDGET and "again" not in row:
        _, again, _ = compare(config, device, 3 * options.seconds, options.rounds)
        known = {key: row[key] for key in ("images", "over", "faster", "date")}
        print(ledger.add(name, **known, again=round(again, 3)), flush=True)


def line(name: str, row: dict[str, Any] | None) -> str:
    """One line of the table."""
    if row is None:
        return f"| {name} | not measured | | |"
    again = f", again {row['again']:.2f}" if "again" in row else ""
    return f"| {name} | {row['images']:,.0f} | {row['over']:.2f}{again} | {row['faster']:.2f} |"


def table(options: argparse.Namespace, ledger: Ledger) -> str:
    """The page."""
    device = devices.choose(options.device)
    what = "the clock" if device.type == "cuda" else "processor time, two cores shared with other work"
    lines = [
        "# Speed of every variant",
        "",
        f"Measured {date.today()} by `tests/benchmarks/variants.py` on {devices.describe(device)} "
        f"({devices.processor()}; {what}), torch {torch.__version__}: digits at "
        f"{options.resolution} px, at most {options.width} base channels, seed 0, medians of {options.rounds} rounds. "
        "Images are real images in the discriminator's updates, in a second. The budget over the bare loop is 1.03; "
        "what lay above it was measured again, three times as long.",
        "",
        "| variant | images/s | time / bare loop | speed / tutorial's loop |",
        "|---|---|---|---|",
    ]
    lines += [line(name, ledger.rows.get(name)) for name in options.only]
    found = [ledger.rows[name] for name in options.only if name in ledger]
    if found:
        over = statistics.median(row["over"] for row in found)
        faster = statistics.median(row["faster"] for row in found)
        lines.append(f"| median | | {over:.2f} | {faster:.2f} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Time what has not been timed yet and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--resolution", type=int, default=16)
    parser.add_argument("--width", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=4.0, help="for each of the three loops")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="*", default=[n for n, v in VARIANTS.items() if "image" in v.data])
    parser.add_argument("--minutes", type=float, default=1e9, help="begin no variant after so many")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    terms = {
        key: getattr(options, key)
        for key in ("device", "threads", "resolution", "width", "seconds", "rounds")
    }
    place = Path(__file__).parents[1] / "results" / "speed.jsonl"
    ledger, start = Ledger(place, terms), time.perf_counter()
    for name in options.only:
        if time.perf_counter() - start < 60 * options.minutes:
            measure(name, options, ledger)
    text = table(options, ledger)
    print(text)
    if options.write:
        place.with_suffix(".md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
