"""``ganstudio sweep``: one run after the other, then mean and spread over seeds."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganstudio.catalog.resolve import load
from ganstudio.catalog.sweeping import Axis, PlannedRun, SweepPlan, axis_of, plan
from ganstudio.cli import specs
from ganstudio.cli.errors import FAILED, CommandError
from ganstudio.cli.specs import Assignment
from ganstudio.cli.terminal import say, say_json, tell
from ganstudio.cli.training import OPTIONS
from ganstudio.core.config import RunConfig, assign, flatten, place
from ganstudio.core.notes import clean_tags, note_sweep
from ganstudio.core.schema import ConfigError, Table, to_table, walk
from ganstudio.core.sweep_values import parse_seeds

SIGNALLED = 128
SAME_FAILURES = 3
"""So many equal failures one after the other, and the rest would fail as well."""
DONE, SKIPPED, UNFINISHED = "done", "skipped", "failed"


def run(options: argparse.Namespace) -> int:
    """Train all runs of the sweep that are not finished yet."""
    wanted = plan_of(options)
    folder = _folder(options, wanted)
    sweep = Sweep(wanted, folder, options)
    try:
        code = sweep.train()
    except KeyboardInterrupt:  # between two runs
        code = SIGNALLED + 2
    if code >= SIGNALLED:
        tell(f"the sweep goes on with: {shlex.join(_words(options, folder))}")
    return sweep.tell_end(code)


def plan_of(options: argparse.Namespace) -> SweepPlan:
    """The runs that the command line asks for; raises :class:`ConfigError` naming option, file or key."""
    if not options.vary and options.seeds is None:
        raise CommandError("sweep needs --vary KEY=VALUES or --seeds; see: ganstudio sweep --help")
    table, name = specs.read_table(options.spec)
    changes = specs.assignments(options.assignments)
    for option, key in OPTIONS.items():
        value = getattr(options, option, None)
        if value is not None:
            changes.append(Assignment(key, value, f"--{option}"))
    for change in changes:
        assign(table, f"{change.key}={change.text}")
    base = specs.read_config(options.spec, changes)  # tells what is wrong with its origin
    _whole_paths(table, base)
    seeds: tuple[int, ...] = ()
    try:
        seeds = parse_seeds(options.seeds) if options.seeds is not None else ()
        return plan(table, list(_axes(base, options.vary)), seeds, options.name or base.name, _tags(options))
    except ConfigError as error:
        of_seeds = error.key == "seed" and options.seeds is not None
        raise error.within("--seeds" if of_seeds else "--vary" if options.vary else name) from None


def _tags(options: argparse.Namespace) -> tuple[str, ...]:
    """The words after ``--tag``, with commas between or each with an option of its own."""
    tags = clean_tags(tag for words in options.tags for tag in words.split(","))
    if options.tags and not tags:
        raise CommandError("--tag needs a word")
    return tags


def _axes(base: RunConfig, words: Iterable[str]) -> Iterable[Axis]:
    for word in words:
        key, equals, text = word.partition("=")
        if not equals or not key.strip():
            raise CommandError(f"--vary: {word!r} is not of the form key=value,value")
        yield axis_of(base, key.strip(), text)


def _whole_paths(table: dict[str, Any], config: RunConfig) -> None:
    """Every path as the config has it, absolute: a run can then be resumed from anywhere."""
    for key, setting, value in walk(config):
        if setting.option.path and value:
            place(table, key.split("."), value)


def _folder(options: argparse.Namespace, wanted: SweepPlan) -> Path:
    from ganstudio.core.runs import RunFolder, new_run_folder

    if not options.out:
        return new_run_folder(wanted.name).absolute()
    folder = Path(options.out).expanduser().absolute()
    if folder.exists() and not folder.is_dir():
        raise CommandError(f"{options.out} is a file, not a folder for a sweep")
    if RunFolder(folder).exists():
        raise CommandError(f"{options.out} is a run; name another folder for the sweep")
    return folder


def _words(options: argparse.Namespace, folder: Path) -> list[str]:
    """The command that goes on where this one stopped."""
    words = ["ganstudio", "sweep", options.spec]
    for option, values in (("--vary", options.vary), ("--set", options.assignments), ("--tag", options.tags)):
        for value in values:
            words += [option, value]
    for option in ("seeds", "steps", "name", "device"):
        value = getattr(options, option)
        words += [] if value is None else [f"--{option}", value]
    return [*words, "--out", str(folder)]


def folder_name(label: str) -> str:
    """What a run's folder is called inside that of the sweep."""
    plain = re.sub(r"[^\w.,=+-]+", "_", label).strip("_.") or "run"
    return plain[:80].encode()[:180].decode(errors="ignore")  # file systems count bytes


@dataclass
class Told:
    """How one run of the sweep went."""

    run: PlannedRun
    path: Path
    state: str


class Sweep:
    """Trains what is left of a plan inside a folder, and tells what came of it."""

    def __init__(self, wanted: SweepPlan, folder: Path, options: argparse.Namespace) -> None:
        self.plan, self.folder, self.options = wanted, folder, options
        self.told: list[Told] = []
        self._paths = self._places()

    def _places(self) -> list[Path]:
        """A folder for each run: the same ones whenever the sweep is asked for again."""
        names: list[str] = []
        for planned in self.plan.runs:
            name, number = folder_name(planned.label), 2
            while name in names:
                name, number = f"{folder_name(planned.label)}-{number}", number + 1
            names.append(name)
        return [self.folder / name for name in names]

    def train(self) -> int:
        """One run after the other; the exit code of the sweep, or of the signal that stopped it."""
        for planned, path in zip(self.plan.runs, self._paths, strict=True):
            check_same(planned.config, path)  # all before the first is trained
        code, failures = 0, list[str]()
        for number, (planned, path) in enumerate(zip(self.plan.runs, self._paths, strict=True), 1):
            if is_finished(path, planned.config.steps):
                note_sweep(path, self.plan.name, planned.config.name, self.plan.tags)
                self.told.append(Told(planned, path, SKIPPED))
                continue
            self._say(f"Run {number} of {len(self.plan.runs)}: {planned.label}")
            ended, problem = self._train_one(planned, path)
            self.told.append(Told(planned, path, UNFINISHED if ended else DONE))
            if ended >= SIGNALLED:
                return ended
            code = FAILED if ended else code
            failures = [*failures, problem] if ended and problem else []
            if len(failures) >= SAME_FAILURES and len(set(failures[-SAME_FAILURES:])) == 1:
                tell("three runs have failed in the same way, so that the rest is not tried")
                break
        return code

    def _train_one(self, planned: PlannedRun, path: Path) -> tuple[int, str]:
        """The exit code of one run, and what went wrong."""
        from ganstudio.cli.headless import Headless
        from ganstudio.core.messages import Begin
        from ganstudio.core.runs import RunFolder

        path.mkdir(parents=True, exist_ok=True)
        note_sweep(path, self.plan.name, planned.config.name, self.plan.tags)
        if RunFolder(path).exists():
            begin = Begin(str(path), resume=True, steps=planned.config.steps, window=False)
        else:
            begin = Begin(str(path), planned.config, window=False)
        headless = Headless(self.options.quiet)
        code = headless.train(begin, [], as_json=False)
        return code, headless.problem

    def _say(self, text: str) -> None:
        if not self.options.quiet:
            tell(text)

    # ------------------------------------------------------------ the end

    def tell_end(self, code: int) -> int:
        """Mean and spread of what there is; returns the code."""
        from ganstudio.core.run_list import read_entry
        from ganstudio.reports.sweeps import lines, samples_of, to_records

        axes = [axis.key for axis in self.plan.axes]
        samples = samples_of(read_entry(told.path) for told in self.told if told.state != UNFINISHED)
        counts = {state: sum(t.state == state for t in self.told) for state in (DONE, SKIPPED, UNFINISHED)}
        left = len(self.plan.runs) - len(self.told)
        words = {"trained": counts[DONE], "finished before": counts[SKIPPED], "not finished": counts[UNFINISHED],
                 "not begun": left}  # fmt: skip
        parts = [f"{count} {what}" for what, count in words.items() if count]
        self._say(f"{self.plan.name}: of {len(self.plan.runs)} runs {', '.join(parts)}")
        if samples:
            self._say("mean ± standard deviation of finished runs over seeds:")
            for line in lines(samples, axes):
                say(line)
        if self.options.json:
            say_json(self._record(to_records(samples, axes)))
        else:
            say(str(self.folder))
        return code

    def _record(self, table: list[dict[str, Any]]) -> dict[str, Any]:
        runs = [
            {"run": str(t.path), "label": t.run.label, "settings": dict(t.run.settings), "state": t.state}
            for t in self.told
        ]
        return {"sweep": str(self.folder), "name": self.plan.name, "tags": list(self.plan.tags),
                "planned": len(self.plan.runs), "runs": runs, "table": table}  # fmt: skip


def is_finished(path: Path, steps: int) -> bool:
    """Whether a run's last checkpoint stands at its last step."""
    from ganstudio.core.runs import RunFolder

    return bool(found := RunFolder(path).checkpoint_steps()) and found[-1] >= steps


def check_same(config: RunConfig, path: Path) -> None:
    """Refuse to go on with a run of other settings; more steps are no other settings."""
    from ganstudio.core.runs import RunFolder

    folder = RunFolder(path)
    if not folder.exists():
        return
    here, there = flatten(_told(config)), flatten(_told(load(folder.config_path)))
    for key in [*here, *(key for key in there if key not in here)]:
        if here.get(key) != there.get(key):
            raise CommandError(
                f"{path} holds a run with another {key} ({there.get(key)}, not {here.get(key)}); "
                "name another folder with --out"
            )


def _told(config: RunConfig) -> Table:
    """What has to be the same."""
    return {key: value for key, value in to_table(config).items() if key not in ("steps", "name")}
