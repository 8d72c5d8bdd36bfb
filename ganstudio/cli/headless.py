"""Training without a window: a session in this process, its reports in the terminal, signals as commands."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from ganstudio.catalog.best import best_checkpoint
from ganstudio.cli.errors import FAILED, USAGE
from ganstudio.cli.main import log_details
from ganstudio.cli.schedule_words import ScheduleWords
from ganstudio.cli.terminal import Progress, say, say_json, tell
from ganstudio.core import messages as m
from ganstudio.core import numbers
from ganstudio.core.runs import RunFolder
from ganstudio.core.schedule import left_out_words
from ganstudio.engine.beside import Beside
from ganstudio.engine.launch import prepare_environment
from ganstudio.engine.ports import LocalPort

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)
)

LEAVING = b"\nWhat is not measured yet is left for the next time.\n"
STOPPING = b"\nSaving a checkpoint; once more leaves at once without saving.\n"


class Headless:
    """Runs one ``Begin`` and tells a terminal how it goes."""

    def __init__(self, quiet: bool = False) -> None:
        self.port = LocalPort(self.report)
        self.bar = Progress(quiet)
        self.signal = 0
        self.trouble: m.Finding | None = None
        self.started: m.Started | None = None
        self.problem = ""
        """What went wrong, where something did."""
        self.values: dict[str, float] = {}
        self.titles: dict[str, str] = {}
        """What was found and still holds, by kind."""
        self.words = ScheduleWords(self.bar)
        self.beside = Beside(self.words.tell, lambda step: self.bar.note(left_out_words(step)))

    def train(self, begin: m.Begin, changes: list[m.Change], as_json: bool) -> int:
        """Train to the end, or until a signal or trouble stops it; the exit code."""
        with signals_stop(self._stop):
            prepare_environment(window=False)  # also beside measuring, which has only what is left over
            from ganstudio.engine.session import TrainingSession

            if self.signal:
                tell("stopped before training began")
                return 128 + self.signal
            for change in changes:
                self.port.commands.put(change)
            session = TrainingSession(self.port)
            try:
                end = session.train(begin)
                self.bar.close()
                self.words.waited_for = True
                self.beside.finish(lambda: self.signal != 0)
            finally:
                self.beside.close()
            self.bar.close()
            record = self._record(begin, end, session)
        return self._tell_end(end, record, as_json)

    def _stop(self, number: int) -> None:
        """In a signal handler, which may interrupt a write to stderr: the note goes around Python's buffers."""
        self.signal = number
        self.port.commands.put(m.Stop())
        with contextlib.suppress(OSError):
            os.write(2, LEAVING if self.words.waited_for else STOPPING)

    # ------------------------------------------------------------ while it runs

    def report(self, report: m.Report) -> None:
        """One report of the session."""
        match report:
            case m.Started():
                self._tell_start(report)
            case m.Preparing(what, done):
                self.bar.show(done, what)
            case m.Scalars():
                self._tell_progress(report)
                self.beside.poll()
            case m.Due(step):
                if self.started is not None:
                    self.beside.due(Path(self.started.folder), step)
            case m.Finding():
                self._tell_finding(report)
            case m.Healed(kind, step):
                self._tell_healed(kind, step)
            case m.Changed(step, key, old, new):
                self.bar.note(f"From step {step:,} on: {key} {old} -> {new}")
            case m.Refused(_, reason):
                tell(reason)
            case _:
                pass

    def _tell_start(self, started: m.Started) -> None:
        self.started = started
        generator, discriminator = (f"{count:,}" for count in started.parameters)
        self.bar.note(f"{started.config.name}: {started.config.variant} on {started.data_summary}")
        self.bar.note(f"{started.device}; generator {generator} parameters, discriminator {discriminator}")
        if started.step:
            self.bar.note(f"Going on at step {started.step:,}")

    def _tell_progress(self, report: m.Scalars) -> None:
        self.values = report.values
        started = self.started
        if started is None:
            return
        total, rate = started.config.steps, report.values.get("rate/images_per_second", 0.0)
        images = started.config.batch_size * started.config.discriminator_steps
        parts = [f"{report.step:,} of {total:,} steps"]
        if rate > 0:
            parts.append(numbers.with_unit(rate, "img/s"))
        if rate > 0 and report.step < total:
            parts.append(numbers.time_left((total - report.step) * images / rate))
        for name, player in (("loss/discriminator", "D"), ("loss/generator", "G")):
            if name in report.values:
                parts.append(f"{player} {numbers.significant(report.values[name])}")
        self.bar.show(report.step / total, "  ".join(parts), now=report.step >= total)

    def _tell_finding(self, finding: m.Finding) -> None:
        """Nobody is there to press a button: trouble stops the run where its state is safe."""
        if self.trouble is not None and finding.kind == self.trouble.kind:
            return
        self.titles[finding.kind] = finding.title
        self.bar.note(f"{finding.title}: {finding.text}")
        if finding.severity == "error" and self.trouble is None:
            self.trouble = finding
            self.port.commands.put(m.Stop())

    def _tell_healed(self, kind: str, step: int) -> None:
        title = self.titles.pop(kind, "")
        if title:
            self.bar.note(f"No longer, at step {step:,}: {title[:1].lower()}{title[1:]}")

    # ------------------------------------------------------------ the end

    def _tell_end(self, end: m.Finished | m.Failed, record: dict[str, Any], as_json: bool) -> int:
        code = self._exit_code(end)
        if isinstance(end, m.Failed):
            self.problem = end.problem
            tell(_one_line(end) + (log_details(end.detail) if end.detail else ""))
        elif code:
            reason = f"stopped by {self.trouble.title.lower()}" if self.trouble else "stopped"
            tell(f"{reason} at step {end.step:,}; to go on: {self._way_on(end.folder)}")
        if as_json:
            say_json(record)
        elif self.started is not None:
            say(str(record["run"]))
        return code

    def _exit_code(self, end: m.Finished | m.Failed) -> int:
        if isinstance(end, m.Failed):
            return USAGE if end.key else FAILED
        if self.trouble is not None:
            return FAILED
        return 128 + self.signal if self.signal and end.reason == "stopped" else 0

    def _way_on(self, folder: str) -> str:
        """The command that goes on, with what the finding advises."""
        words = ["ganstudio", "resume", folder]
        for advice in self.trouble.advice if self.trouble else ():
            for command in advice.commands:
                if isinstance(command, m.Change):
                    words += ["--set", f"{command.key}={command.value}"]
                elif isinstance(command, m.RollBack) and self.started is not None:
                    words += _slower(self.started.config, command.factor)
        return shlex.join(words)

    def _record(self, begin: m.Begin, end: m.Finished | m.Failed, session: Any) -> dict[str, Any]:
        run = getattr(session, "run", None)
        record: dict[str, Any] = {
            "run": begin.folder,
            "step": end.step,
            "seconds": round(run.seconds, 3) if run else 0.0,
            "images_per_second": run.trainer.images / run.seconds if run and run.seconds > 0 else None,
            "device": self.started.device if self.started else None,
            "metrics": self.values,
            "samples": _last_picture(run) if run else None,
            "reason": end.reason if isinstance(end, m.Finished) else "failed",
        }
        best = best_checkpoint(RunFolder(begin.folder))
        if best is not None:
            record["best"] = best
        if self.trouble is not None:
            record |= {"reason": "trouble", "finding": self.trouble.kind}
        if isinstance(end, m.Failed):
            record["error"] = end.problem
        return record


def _last_picture(run: Any) -> str | None:
    steps = run.folder.sample_steps()
    return str(run.folder.sample_path(steps[-1])) if steps else None


def _one_line(end: m.Failed) -> str:
    problem = end.problem if end.problem.endswith((".", "?")) else end.problem + "."
    return " ".join(f"{problem} {end.remedy}".split()).removesuffix(".")


def _slower(config: Any, factor: float) -> list[str]:
    words: list[str] = []
    for name in ("generator", "discriminator"):
        words += ["--set", f"optimizer.{name}.lr={getattr(config.optimizer, name).lr * factor:g}"]
    return words


@contextmanager
def signals_stop(stop: Callable[[int], None]) -> Generator[None]:
    """Within the block the first signal calls ``stop`` with its number, the second leaves at once.

    A signal that whoever started this process has chosen to ignore (``nohup``) stays ignored.
    """
    seen: list[int] = []

    def handle(number: int, _frame: FrameType | None) -> None:
        if seen:
            os._exit(128 + number)
        seen.append(number)
        stop(number)

    before = {number: signal.getsignal(number) for number in SIGNALS}
    ours = [number for number, handler in before.items() if handler is not signal.SIG_IGN]
    for number in ours:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, before[number] or signal.SIG_DFL)


def checked_out(folder: Path) -> Path:
    """A place for a new run: absent, or an empty folder."""
    from ganstudio.cli.errors import CommandError

    if RunFolder(folder).exists():
        raise CommandError(f"{folder} already holds a run; to go on with it: ganstudio resume {folder}")
    if folder.exists() and not folder.is_dir():
        raise CommandError(f"{folder} is a file, not a folder for a run")
    if folder.is_dir() and any(folder.iterdir()):
        raise CommandError(f"{folder} is not empty; name a new folder for the run")
    return folder.absolute()
