"""The words the program understands. Imports neither torch nor Qt nor numpy, so that help comes at once."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, NoReturn

import ganstudio
from ganstudio.cli.errors import CommandError
from ganstudio.core.published import NETWORKS
from ganstudio.core.schema import nearest

Add = Callable[[argparse.ArgumentParser], None]
CATALOGUES = ("variants", "datasets", "stabilizers", "metrics", "presets")
BEST, ALL = "best", "all"
DEVICES = ("auto", "cpu", "cuda", "mps")


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings, allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter)

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing the usage and leaving."""
        raise CommandError(f"{message} (see: {self.prog} --help)")


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = Parser(
        prog="ganstudio",
        description=f"{ganstudio.__doc__}\nWithout a verb the window opens.",
        epilog="Begin with: ganstudio train digits-dcgan",
    )
    parser.add_argument("--version", action="version", version=f"GAN Studio {ganstudio.__version__}")
    parser.set_defaults(module="window", target=None)
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", dest="verb")
    for name, module, summary, add in VERBS:
        verb = verbs.add_parser(name, help=summary, description=summary[:1].upper() + summary[1:] + ".")
        add(verb)
        verb.set_defaults(module=module)
    return parser


def parse(words: list[str]) -> argparse.Namespace:
    """The options that the words stand for; raises :class:`CommandError`."""
    known = [name for name, *_ in VERBS]
    if words and not words[0].startswith("-") and words[0] not in known:
        hint = nearest(words[0], known) or ": one of " + ", ".join(known)
        raise CommandError(f"{words[0]!r} is not a verb{hint}")
    return build_parser().parse_args(words)


def _set(parser: argparse.ArgumentParser, help: str) -> None:
    parser.add_argument(
        "--set", action="append", default=[], dest="assignments", metavar="KEY=VALUE", help=help
    )


def _device(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--device", choices=DEVICES, help="where to train; auto takes a GPU where there is one"
    )


def _gui(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "target", nargs="?", metavar="RUN or SPEC", help="a run's folder, a preset or a TOML file"
    )


def _train(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("spec", nargs="?", metavar="SPEC", help="a preset's name or a TOML file")
    _set(parser, "change one setting, such as optimizer.generator.lr=1e-4; may be repeated")
    parser.add_argument(
        "--help-settings",
        action="store_true",
        help="list every key that --set knows for SPEC, with unit, range and value, and leave",
    )
    parser.add_argument("--steps", metavar="N", help="generator updates in the whole run")
    parser.add_argument("--seed", metavar="N", help="where all random numbers of the run start")
    parser.add_argument("--name", help="a name for the run")
    _device(parser)
    parser.add_argument("--out", metavar="DIR", help="the run's folder; by default a new one below the runs")
    _output(parser)
    parser.epilog = (
        "Prints the run's folder. Ctrl-C saves a checkpoint first; a second Ctrl-C leaves at once.\n"
        "All settings: ganstudio train SPEC --help-settings"
    )


def _resume(parser: argparse.ArgumentParser) -> None:
    _run(parser)
    parser.add_argument("--steps", type=_positive, metavar="N", help="the new total of generator updates")
    parser.add_argument("--device", choices=DEVICES, help="where to train; by default where the run says")
    _set(parser, "change a live setting from here on, such as batch_size=32; may be repeated")
    _checkpoint(parser)
    _output(parser)


def _sweep(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("spec", metavar="SPEC", help="a preset's name or a TOML file")
    parser.add_argument(
        "--vary",
        action="append",
        default=[],
        metavar="KEY=VALUES",
        help="values that a setting takes, such as optimizer.generator.lr=1e-4,2e-4 or latent.dimension=1..4; "
        "repeated, every combination is trained",
    )
    parser.add_argument("--seeds", metavar="A,B,...", help="seeds of every combination, such as 0,1,2 or 0-4")
    _set(parser, "change one setting in all runs; may be repeated")
    parser.add_argument("--steps", metavar="N", help="generator updates in each run")
    parser.add_argument("--name", help="a name for the sweep and its runs")
    parser.add_argument(
        "--tag",
        action="append",
        default=[],
        dest="tags",
        metavar="WORD",
        help="a word that every run gets, by which the Compare workspace finds it; may be repeated",
    )
    _device(parser)
    parser.add_argument(
        "--out", metavar="DIR", help="the folder of the runs; by default a new one below the runs"
    )
    _output(parser)
    parser.epilog = (
        "Values: 1e-4,2e-4   1..5 (whole numbers)   0.5..0.9 x5 (equal steps)   log 1e-5..1e-3 x5 (equal factors)\n"
        "Ends with mean and standard deviation over seeds. The same command with the same --out goes on: finished\n"
        "runs are kept, an interrupted one is resumed. Ctrl-C saves first."
    )


def _sample(parser: argparse.ArgumentParser) -> None:
    _run(parser)
    parser.add_argument("--out", required=True, metavar="F.png", help="the picture to write")
    parser.add_argument("--count", type=_positive, default=64, metavar="N", help="samples (64)")
    parser.add_argument("--seed", type=_natural, default=0, metavar="N", help="seed of the first sample (0)")
    _look(parser, quiet=False)


def _interpolate(parser: argparse.ArgumentParser) -> None:
    _run(parser)
    parser.add_argument(
        "--seeds", required=True, metavar="A,B,...", help="the seeds to pass through, in order"
    )
    parser.add_argument(
        "--out", required=True, metavar="F", help="a strip (.png) or a film (.gif, .mp4, .webm)"
    )
    parser.add_argument("--frames", type=_positive, default=60, metavar="N", help="pictures in all (60)")
    parser.add_argument("--fps", type=_rate, default=30.0, metavar="N", help="pictures a second (30)")
    parser.add_argument(
        "--space",
        choices=("z", "w"),
        default="z",
        help="where the way lies: z (the default), or w behind a mapping",
    )
    parser.add_argument(
        "--mode",
        choices=("lerp", "slerp", "matched", "spline"),
        help="straight, along the great circle, straight with the variance put right, or smooth; by default slerp "
        "in z and lerp in w",
    )
    parser.add_argument(
        "--easing",
        choices=("linear", "smooth", "in", "out"),
        default="linear",
        help="the pace between two seeds",
    )
    parser.add_argument(
        "--even", action="store_true", help="every step changes the picture as much as any other"
    )
    parser.add_argument("--loop", action="store_true", help="go on to the first seed again")
    _look(parser)


def _mix(parser: argparse.ArgumentParser) -> None:
    _run(parser)
    parser.add_argument("--rows", required=True, metavar="A,B,...", help="seeds of the rows")
    parser.add_argument("--cols", required=True, metavar="A,B,...", help="seeds that lend their styles")
    parser.add_argument(
        "--layers",
        default="coarse",
        metavar="WHICH",
        help="what the columns lend: coarse (the default), middle, fine, all, or layers by number such as 0-3",
    )
    parser.add_argument(
        "--strength", type=_share, default=1.0, metavar="S", help="how much of it, from 0 to 1 (1)"
    )
    parser.add_argument("--out", required=True, metavar="F.png", help="the picture to write")
    _look(parser)


def _evaluate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", nargs="?", metavar="RUN", help="a run's folder, or its name below the runs")
    parser.add_argument(
        "--folders",
        nargs=2,
        metavar=("A", "B"),
        help="compare the pictures in A with those in B, without a run",
    )
    parser.add_argument(
        "--metrics",
        metavar="NAME,NAME",
        help="what to measure (see: ganstudio list metrics); by default all that suits and needs no download",
    )
    parser.add_argument(
        "--samples", type=_positive, metavar="N", help="generated samples (10,000; points 5,000)"
    )
    parser.add_argument(
        "--seed", type=_natural, default=0, metavar="N", help="where random numbers start (0)"
    )
    parser.add_argument(
        "--truncation",
        type=_factor,
        default=1.0,
        metavar="PSI",
        help="moves w towards its average, or makes z shorter where there is no w (1: the whole prior)",
    )
    parser.add_argument(
        "--pairs",
        metavar="F.png",
        help="write the samples that copied-domain suspects, each beside its nearest training pictures",
    )
    parser.add_argument("--device", choices=DEVICES, default="auto", help="where networks compute")
    sizes = " and ".join(f"{network.words} ({network.megabytes} MB)" for network in NETWORKS.values())
    parser.add_argument(
        "--fetch", action="store_true", help=f"download weights where the metrics need them: of {sizes}"
    )
    for network in NETWORKS.values():
        parser.add_argument(
            f"--{network.name}",
            metavar="FILE",
            help=f"take the weights of {network.words} from this file; they are kept for the next time",
        )
    _checkpoint(parser)
    _output(parser)
    parser.epilog = "A run keeps what is measured in its evaluations.jsonl, each number with its protocol."


def _export(parser: argparse.ArgumentParser) -> None:
    _run(parser)
    parser.add_argument(
        "--out",
        required=True,
        metavar="F",
        help="the generator as .safetensors or .onnx, or checkpoints as .zip",
    )
    parser.add_argument(
        "--checkpoint",
        type=_step_or_all,
        metavar="STEP",
        help="the checkpoint to take: a step, 'best' for the best one that was measured, or 'all' into a .zip; by "
        "default the newest",
    )
    parser.add_argument("--json", action="store_true", help="end with one JSON object on stdout")


def _report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "runs",
        nargs="+",
        metavar="RUN",
        help="a run's folder, or its name below the runs; several are compared",
    )
    parser.add_argument(
        "--out",
        required=True,
        metavar="F",
        help="a file that ends in .html, .pdf, .md, .json or .csv, or a folder for TensorBoard event files",
    )
    parser.add_argument(
        "--without",
        default="",
        metavar="PART,PART",
        help="what to leave out: samples, curves, measurements, settings, events",
    )
    _output(parser)
    parser.epilog = "The web page is one file that opens anywhere and needs no network."


def _list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("catalogue", choices=CATALOGUES, metavar="WHAT", help=", ".join(CATALOGUES))
    parser.add_argument("--json", action="store_true", help="as one JSON object")


def _doctor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="as one JSON object")


def _run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", help="a run's folder, or its name below the runs")


def _look(parser: argparse.ArgumentParser, quiet: bool = True) -> None:
    """What pictures of one model have in common."""
    parser.add_argument("--label", metavar="L", help="the class to draw, for a generator that knows classes")
    parser.add_argument(
        "--truncation",
        type=_factor,
        default=1.0,
        metavar="PSI",
        help="truncation: below 1 draws nearer to the average w, or to the middle of z where there is no w, "
        "which gives more typical and less varied samples; 1 changes nothing",
    )
    parser.add_argument("--scale", type=_positive, default=1, metavar="N", help="enlarge every pixel N times")
    _checkpoint(parser)
    if quiet:
        _output(parser)
    else:
        parser.add_argument("--json", action="store_true", help="end with one JSON object on stdout")


def _checkpoint(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--checkpoint",
        type=_step,
        metavar="STEP",
        help="the checkpoint to take: a step, or 'best' for the best one that was measured; by default the newest",
    )


def _output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="end with one JSON object on stdout")
    parser.add_argument("-q", "--quiet", action="store_true", help="no progress")


def _step(text: str) -> int | str:
    """A step, or the word that stands for one."""
    return BEST if text.strip().lower() == BEST else _whole(text, 0)


def _step_or_all(text: str) -> int | str:
    """A step, or one of the words that stand for some."""
    return ALL if text.strip().lower() == ALL else _step(text)


def _natural(text: str) -> int:
    return _whole(text, 0)


def _positive(text: str) -> int:
    return _whole(text, 1)


def _whole(text: str, low: int) -> int:
    try:
        value = int(text.replace(",", "").replace("_", ""))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
    if not low <= value < 2**63:
        raise argparse.ArgumentTypeError(f"{text} is not at least {low}")
    return value


def _factor(text: str) -> float:
    return _number(text, 0, 10)


def _share(text: str) -> float:
    return _number(text, 0, 1)


def _rate(text: str) -> float:
    return _number(text, 0.1, 240)


def _number(text: str, low: float, high: float) -> float:
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    if not low <= value <= high:
        raise argparse.ArgumentTypeError(f"{text} is not between {low:g} and {high:g}")
    return value


VERBS: tuple[tuple[str, str, str, Add], ...] = (
    ("gui", "window", "open the window, with a run or a preset if one is named", _gui),
    ("train", "training", "train a preset or a TOML file", _train),
    ("resume", "resuming", "go on exactly where a run's last checkpoint stands", _resume),
    ("sweep", "sweeping", "train a preset in several values and seeds, and tell mean and spread", _sweep),
    ("sample", "sampling", "draw a grid of samples into a PNG", _sample),
    ("interpolate", "interpolating", "walk from seed to seed, as a strip or a film", _interpolate),
    ("mix", "mixing", "mix styles of seeds in a matrix of pictures", _mix),
    ("evaluate", "evaluating", "measure a run, or one folder of pictures against another", _evaluate),
    ("report", "reporting", "write the report of a run, or of several beside each other", _report),
    ("export", "exporting", "write the generator or checkpoints for use elsewhere", _export),
    ("list", "listing", "what there is to choose from", _list),
    ("doctor", "doctor", "say what this machine has, and try it out", _doctor),
)
"""Verb, the module below ``ganstudio.cli`` that does it, one line about it, its arguments."""
