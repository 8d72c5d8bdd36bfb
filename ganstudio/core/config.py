"""A run, as one frozen config. Form, command line, preset, checkpoint and report all show the same one."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import tomli_w

from ganstudio.core.schema import (
    ConfigError,
    Kinds,
    Option,
    Options,
    Table,
    nested,
    option,
    read_table,
    to_table,
)

MAX_CONFIG_BYTES = 1 << 20


def _kind(section: str, help: str, label: str = "") -> Any:
    return field(metadata={"option": Option(help=help, label=label, section=section)})


@dataclass(frozen=True)
class Latent(Options):
    """Where the generator's input comes from."""

    dimension: int = option(
        64, low=1, high=4096, help="Numbers in one latent vector z, the generator's input."
    )
    prior: str = option(
        "normal",
        choices=("normal", "uniform"),
        help="Distribution of z: standard normal, or uniform on [-1, 1].",
    )
    categorical: int = option(
        0,
        low=0,
        high=64,
        unit="codes",
        advanced=True,
        help="Categorical codes behind z, each a one-hot vector: choices that conditioning by codes gives a meaning.",
    )
    categories: int = option(
        10, low=2, high=1000, advanced=True, help="Values that each categorical code can take."
    )
    continuous: int = option(
        0,
        low=0,
        high=64,
        unit="codes",
        advanced=True,
        help="Continuous codes behind z, each uniform on [-1, 1]: dials that conditioning by codes can give a meaning.",
    )

    @property
    def one_hot(self) -> int:
        """How many numbers the categorical codes take."""
        return self.categorical * self.categories

    @property
    def width(self) -> int:
        """All numbers of the generator's input: z, then categorical, then continuous codes."""
        return self.dimension + self.one_hot + self.continuous


@dataclass(frozen=True)
class Optimizers(Options):
    """One optimizer for each player."""

    generator: Options = _kind("optimizers", "How the generator learns.")
    discriminator: Options = _kind("optimizers", "How the discriminator learns.")


@dataclass(frozen=True)
class Ema(Options):
    """The average of the generator's weights over time: what samples are drawn from."""

    half_life: float = option(
        4000.0,
        low=0,
        unit="images",
        help="Images after which an old weight counts half in the average; 0 switches the average off. "
        "Longer is smoother and later.",
    )
    ramp: float = option(
        0.05,
        low=0,
        high=1,
        advanced=True,
        help="The half-life is at most this share of the images seen, so that the average keeps up at the start; "
        "0 means no limit.",
    )
    start: int = option(
        0,
        low=0,
        high=10**9,
        unit="steps",
        advanced=True,
        help="The average begins after this many steps; before, it is the generator itself.",
    )
    statistics: str = option(
        "copied",
        choices=("copied", "standing"),
        advanced=True,
        help="Batch norm statistics of the average: copied from the generator, or measured anew for the averaged "
        "weights whenever samples are drawn (standing).",
    )


@dataclass(frozen=True)
class Samples(Options):
    """The grid of samples at fixed seeds that tells how training goes."""

    every: int = option(50, low=1, unit="steps", help="Steps between two saved grids; every one is kept.")
    count: int = option(
        64, low=1, high=1024, help="Samples in the grid (points for toy data: sixteen times as many)."
    )


@dataclass(frozen=True)
class Checkpoint(Options):
    """When the whole state of training is saved."""

    every: int = option(500, low=1, unit="steps", help="Generator updates between two checkpoints.")
    every_seconds: float = option(
        300.0, low=1, unit="s", help="Seconds between two checkpoints; whichever of the two comes first."
    )
    keep: int = option(2, low=1, high=1000, help="How many of the last checkpoints are kept.")


@dataclass(frozen=True)
class Measuring(Options):
    """Which checkpoints are measured while the run goes on, in a process of its own, and which is kept as the best."""

    every: int = option(
        0,
        low=0,
        high=10**9,
        unit="steps",
        live=True,
        help="Steps between two checkpoints that are saved and measured beside training; 0 measures none. If it takes "
        "longer, the newest is measured and those between are left out.",
    )
    metrics: str = option(
        "",
        live=True,
        help="What is measured: names of `ganstudio list metrics`, with commas between them. Empty takes all that "
        "suit, need no download and do not take long.",
    )
    samples: int = option(
        0,
        low=0,
        high=1_000_000,
        unit="samples",
        live=True,
        help="Generated samples that are measured; 0 takes the usual number: 10,000 pictures or 5,000 points.",
    )
    keep_best: str = option(
        "",
        live=True,
        help="The metric that says which checkpoint is the best: that one is kept however old it gets. Empty keeps "
        "none for its number.",
    )

    @property
    def names(self) -> tuple[str, ...]:
        """The metrics that are named, each once, in their order."""
        named = (name.strip().lower() for name in self.metrics.split(","))
        return tuple(dict.fromkeys(name for name in named if name))


@dataclass(frozen=True)
class Compute(Options):
    """What the run runs on."""

    device: str = option(
        "auto",
        choices=("auto", "cpu", "cuda", "mps"),
        help="Where training runs; auto takes a GPU where there is one.",
    )
    precision: str = option(
        "fp32",
        choices=("fp32", "bf16"),
        help="bf16 computes the networks in half precision where that is safe: faster on a CUDA GPU. "
        "Only there: a CPU run refuses it.",
    )
    compile: str = option(
        "auto",
        choices=("auto", "off"),
        advanced=True,
        help="auto lets torch.compile fuse the networks' layers in long runs on a CUDA GPU, where nothing stands "
        "against it (penalties on slopes, deterministic kernels); off runs them as they are written.",
    )
    deterministic: bool = option(
        False,
        help="Use only deterministic GPU kernels, so that a resumed run is the same bit for bit. Slower.",
    )
    threads: int = option(
        0,
        low=0,
        high=1024,
        help="CPU threads for training; 0 takes all cores, or one fewer while a window is open.",
    )


@dataclass(frozen=True)
class RunConfig(Options):
    """Everything that decides what a run does. Equal configs on the same device train equal networks."""

    variant: str = option(help="The GAN to train: a name from `ganstudio list variants`.")
    data: Options = _kind("datasets", "What the generator learns to imitate.")
    generator: Options = _kind("generators", "The network that makes samples out of latents.")
    discriminator: Options = _kind("discriminators", "The network that tells real from generated.")
    conditioning: Options = _kind("conditionings", "Whether and how the generator is told what to make.")
    objective: Options = _kind("objectives", "What the two players minimise.")
    optimizer: Optimizers = _kind("", "How the players learn.", "Optimizers")
    name: str = option("run", help="A name for the run; free text.")
    seed: int = option(0, low=0, high=2**63 - 1, help="Where all random numbers of the run start.")
    steps: int = option(
        3000, low=1, high=10**9, live=True, unit="steps", help="Steps of the whole run: rounds of the game."
    )
    batch_size: int = option(
        64, low=1, high=65536, unit="images", live=True, help="Images in one update of one player."
    )
    discriminator_steps: int = option(
        1,
        low=1,
        high=1000,
        live=True,
        help="Updates of the discriminator in each step, before the generator's.",
    )
    generator_steps: int = option(
        1, low=1, high=1000, live=True, advanced=True, help="Updates of the generator in each step."
    )
    generator_batch: int = option(
        0,
        low=0,
        high=65536,
        unit="images",
        live=True,
        advanced=True,
        help="Images in one update of the generator; 0 takes as many as for the discriminator.",
    )
    held_out: int = option(
        0,
        low=0,
        high=50,
        unit="%",
        advanced=True,
        label="Held-out pictures",
        help="Share of a finite set of pictures that training never sees, 512 at most: with it the diagnosis can tell "
        "whether the discriminator learns its pictures by heart.",
    )
    latent: Latent = nested(Latent, help="Where the generator's input comes from.")
    stabilizers: Mapping[str, Options] = field(
        default_factory=lambda: MappingProxyType({}),
        metadata={
            "option": Option(
                help="Tricks that steady the game, each a table of its own.", section="stabilizers", many=True
            )
        },
    )
    ema: Ema = nested(Ema, help="The average of the generator's weights.", label="Averaged weights")
    samples: Samples = nested(Samples, help="The grid of samples at fixed seeds.")
    checkpoint: Checkpoint = nested(Checkpoint, help="When the whole state is saved.", label="Checkpoints")
    measure: Measuring = nested(Measuring, help="What is measured while the run goes on.", label="Measuring")
    compute: Compute = nested(Compute, help="What the run runs on.")

    def __reduce__(self) -> tuple[Any, ...]:
        """Mapping proxies cannot cross a process; rebuild from the fields."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return _rebuild, (values | {"stabilizers": dict(self.stabilizers)},)


def _rebuild(values: dict[str, Any]) -> RunConfig:
    values["stabilizers"] = MappingProxyType(values["stabilizers"])
    return RunConfig(**values)


def read_config(table: Table, kinds: Kinds) -> RunConfig:
    """A complete, checked config from a complete table. What may be left out is the catalogue's business."""
    return read_table(RunConfig, table, kinds)


def dump_toml(config: RunConfig, extra: Table | None = None) -> str:
    """The config as TOML text; ``extra`` adds tables of its own (versions, device) behind it."""
    return tomli_w.dumps(_scalars_first(to_table(config) | dict(extra or {})))


def _scalars_first(table: dict[str, Any]) -> dict[str, Any]:
    return dict(sorted(table.items(), key=lambda item: isinstance(item[1], dict)))


def flatten(table: Table) -> dict[str, Any]:
    """Dotted key -> value of every setting in a table, kinds among them; a stabilizer that is on is ``True`` itself."""
    return dict(_leaves(table, ""))


def _leaves(table: Table, path: str) -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        key = f"{path}.{name}" if path else name
        if isinstance(value, Mapping):
            if path == "stabilizers":
                yield key, True
            yield from _leaves(cast("Table", value), key)
        else:
            yield key, value


def load_toml(path: Path) -> dict[str, Any]:
    """The table in a TOML file; every way in which that can fail is a :class:`ConfigError` naming the file."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_CONFIG_BYTES + 1)
    except FileNotFoundError:
        raise ConfigError("", "no such file", str(path)) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ConfigError("", f"cannot be read ({reason})", str(path)) from None
    if len(data) > MAX_CONFIG_BYTES:
        raise ConfigError("", "is too large for a config (over 1 MB)", path.name)
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ConfigError("", "is not a text file in UTF-8", path.name) from None
    except (ValueError, RecursionError) as error:  # ValueError: also a number of too many digits
        raise ConfigError("", f"is not valid TOML: {error}", path.name) from None


def assign(table: dict[str, Any], assignment: str) -> None:
    """Write ``key=value`` (a dotted key, a TOML value or plain text) into a table, as ``--set`` does."""
    key, equals, text = assignment.partition("=")
    names = [part.strip() for part in key.split(".")]
    if not equals or not all(names):
        raise ConfigError("--set", f"{assignment!r} is not of the form key=value")
    place(table, names, parse_value(text.strip()))


def place(table: dict[str, Any], names: list[str], value: Any) -> None:
    """Write a value under a path of keys, making the tables between."""
    for depth, name in enumerate(names[:-1]):
        inner = table.setdefault(name, {})
        if not isinstance(inner, dict):
            raise ConfigError(".".join(names[: depth + 1]), "is a value, not a table of settings")
        table = inner
    table[names[-1]] = value


def parse_value(text: str) -> Any:
    """A TOML value; what is none (a bare word, a path) stays the text it is."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):
        return text
