"""A session serves commands and trains between them. The same object works in a child process, in a test and
under the command line: only its port differs."""

from __future__ import annotations

import contextlib
import math
import time
import traceback
from collections.abc import Callable

from ganstudio.catalog.resolve import change as changed_config
from ganstudio.core import marks
from ganstudio.core import messages as m
from ganstudio.core.lifecycle import Lifecycle, State
from ganstudio.core.schema import ConfigError
from ganstudio.data import Cancelled
from ganstudio.engine import devices, safety
from ganstudio.engine.diagnosing import Diagnosis
from ganstudio.engine.keeping import tidy
from ganstudio.engine.ports import Port
from ganstudio.engine.publisher import Publisher
from ganstudio.engine.setup import Run, SetupError, prepare
from ganstudio.training import checkpoint

REPORT_EVERY = 0.1
"""Seconds between two reports."""


class TrainingSession:
    """Trains one run at a time."""

    def __init__(self, port: Port) -> None:
        self.port = port
        self.life = Lifecycle()
        self.quit = False
        self.run: Run

    def serve(self) -> None:
        """Obey commands until ``Quit``."""
        while not self.quit:
            command = self.port.wait()
            if isinstance(command, m.Begin):
                self.train(command)
            elif isinstance(command, m.Quit):
                self.quit = True
            else:
                self._refuse(command, "no run is under way")

    # ------------------------------------------------------------ one run, from begin to end

    def train(self, begin: m.Begin) -> m.Finished | m.Failed:
        """One whole run; what it ends with is also sent as a report."""
        self.life = Lifecycle()
        self._waiting: list[m.Command] = []
        self._stop: m.Stop | None = None
        for last in ("run", "publisher", "guard", "diagnosis"):  # the memory of the run before is needed now
            vars(self).pop(last, None)
        self._move(State.STARTING, 0)
        end: m.Finished | m.Failed
        try:
            self.run = prepare(begin, self._progress, self._cancelled)
        except Cancelled:
            end = m.Finished(0, 0.0, begin.folder, "stopped")
        except SetupError as error:
            end = m.Failed(error.problem, error.remedy, key=error.key)
        except Exception as error:
            end = self._failure(error, 0)
        else:
            end = self._train(begin)
        self._move(State.FINISHED if isinstance(end, m.Finished) else State.FAILED, end.step)
        self.port.send(end)
        return end

    def _train(self, begin: m.Begin) -> m.Finished | m.Failed:
        trainer = self.run.trainer
        self.publisher = Publisher(self.port, self.run, live=begin.window)
        self.publisher.saved = mark(self.run) if self.run.resumed and begin.steps is None else None
        self.guard = safety.Safeguard(trainer)
        self.diagnosis = Diagnosis(self.publisher)
        self._saved_at = time.perf_counter()
        self._tended_step = trainer.step_count
        self._disk_refuses = self._disk_told = self._do_without_disk = self._wrapped = False
        self._measure_anew()
        try:
            self.publisher.started()
            self._take_up_measuring()
            whole = self.run.resumed or self._on_disk("first samples", self.publisher.save_samples)
            halted = begin.paused or self._stop is not None or not whole
            self._move(State.PAUSED if halted else State.RUNNING, trainer.step_count)
            self._loop()
            return self._finish()
        except Exception as error:
            return self._failure(error, trainer.step_count)
        finally:
            self.run.watch.stop()
            with contextlib.suppress(OSError):
                self.run.folder.release()

    def _loop(self) -> None:
        trainer, port = self.run.trainer, self.port
        while self._stop is None:
            command = self._waiting.pop(0) if self._waiting else port.poll()
            if command is not None:
                self._obey(command)
            elif self.life.state is State.PAUSED:
                self._obey(port.wait())
            elif trainer.step_count >= trainer.config.steps:
                if self._wrapped_up():
                    return
            elif self._advance(trainer.step):
                self._after_step()

    def _advance(self, action: Callable[[], None]) -> bool:
        """Take a step or half of one; running out of memory pauses with a finding instead of ending the run."""
        try:
            action()
            return True
        except (RuntimeError, MemoryError) as error:
            if not devices.is_out_of_memory(error):
                raise
        # Outside the except block, so that the traceback no longer holds the tensors.
        trainer = self.run.trainer
        for player in trainer.players.values():
            player.optimizer.zero_grad(set_to_none=True)
        devices.release_memory(trainer.device)
        self._trouble(safety.out_of_memory(trainer, safety.fitting_batch(trainer)))
        return False

    def _after_step(self) -> None:
        """What is due after a step: cheap when nothing is."""
        trainer = self.run.trainer
        now = time.perf_counter()
        if trainer.measure:
            self._report()
        elif now >= self._next_report:
            trainer.measure = True  # the next step measures what a report tells
        step = trainer.step_count
        if step == self._tended_step:  # half a step of the discriminator
            return
        self._tended_step = step
        if step % trainer.config.samples.every == 0:
            self._on_disk("sample grid", self.publisher.save_samples)
        rule, measuring = trainer.config.checkpoint, trainer.config.measure.every
        due = measuring > 0 and step % measuring == 0
        if due or step % rule.every == 0 or now - self._saved_at >= rule.every_seconds:
            self._save(due)

    def _take_up_measuring(self) -> None:
        """What was killed while it waited or was measured: the newest of them is due again, others wait no longer."""
        folder = self.run.folder
        with contextlib.suppress(OSError):
            tidy(folder)
            step = marks.waiting(folder)
            if step is None or not self.run.trainer.config.measure.every:
                marks.let_go(folder)
            else:
                marks.let_go(folder, before=step)
                self.port.send(m.Due(step))

    def _measure_anew(self) -> None:
        """The next step measures and reports; what was noted before counts no more."""
        trainer = self.run.trainer
        self._next_report = 0.0
        trainer.measure = True
        trainer.meter.clear()
        self._reported = (trainer.step_count, trainer.images, self.run.seconds)

    def _report(self) -> None:
        """Tell how training goes; pause where the numbers are no longer finite."""
        trainer = self.run.trainer
        trainer.measure = False
        since, images, seconds = self._reported
        self._reported = (trainer.step_count, trainer.images, self.run.seconds)
        elapsed = self._reported[2] - seconds
        rate = (trainer.images - images) / elapsed if elapsed > 0 else 0.0
        scores = self.publisher.scores()
        values = self.publisher.read() | {"rate/images_per_second": rate} | self.diagnosis.signs()
        self._on_disk("series", lambda: self.publisher.scalars(values, scores))
        bad = [name for name, value in values.items() if not math.isfinite(value)]
        if bad:
            self._trouble(safety.not_finite(self.guard, bad, since))
        else:
            self.guard.keep_good()
            self.diagnosis.consider(values)
            self.publisher.live_samples()
        self._next_report = time.perf_counter() + REPORT_EVERY

    def _last_report(self) -> None:
        """Tell of the steps since the last report, if there are any."""
        if self.run.trainer.step_count > self._reported[0]:
            self._report()

    # ------------------------------------------------------------ commands

    def _obey(self, command: m.Command) -> None:
        self._disk_told = False
        match command:
            case m.Pause():
                self._pause()
            case m.Resume():
                self._resume()
            case m.Step():
                self._single(command)
            case m.Change(key, value):
                self._change(key, value)
            case m.Look():
                self._look(command)
            case m.Save(measure):
                self._do_without_disk = False
                self._save(due=measure)
            case m.RollBack(factor):
                self._roll_back(factor)
            case m.Stop():
                self._stop = command
            case m.Quit():
                self._stop, self.quit = m.Stop(), True
            case m.Begin():
                self._refuse(command, "a run is under way already")
            case m.Preview():
                self._refuse(command, "this engine trains; data is shown by one of its own")
            case m.Measure() | m.StopMeasuring() | m.FetchWeights():
                self._refuse(command, "this engine trains; what is measured is measured by one of its own")

    def _pause(self) -> None:
        if self.life.state is State.RUNNING:
            self._move(State.PAUSED, self.run.trainer.step_count)
            self.publisher.event("paused")

    def _resume(self) -> None:
        if self.life.state is State.PAUSED:
            self._do_without_disk = self._disk_refuses
            self._measure_anew()
            self._move(State.RUNNING, self.run.trainer.step_count)
            self.publisher.event("resumed")

    def _single(self, command: m.Step) -> None:
        trainer, player = self.run.trainer, command.player
        if player and player not in trainer.players:
            self._refuse(command, f"{player!r} is no player; the players are {' and '.join(trainer.players)}")
            return
        if trainer.step_count >= trainer.config.steps:
            self._refuse(command, f"the run has done all of its {trainer.config.steps:,} steps")
            return
        self._pause()
        self._measure_anew()
        self.run.watch.start()
        done = self._advance(lambda: trainer.half_step(player) if player else trainer.step())
        if done:
            self._after_step()
        self.run.watch.stop()
        if done and player != "discriminator":
            self.publisher.live_samples(now=True)

    def _change(self, key: str, value: object) -> None:
        trainer = self.run.trainer
        try:
            old, new = self.publisher.live_value(key), value
            config = changed_config(trainer.config, key, value)
        except ConfigError as error:
            self._refuse(m.Change(key, value), str(error))
            return
        switched = config.stabilizers.keys() != trainer.config.stabilizers.keys()
        if switched and self.guard.bad_tensors():
            self._refuse(
                m.Change(key, value), "the numbers have broken down: go back to the last good state first"
            )
            return
        trainer.adopt(config)
        if switched:
            self.guard.take()  # a state that remembers for other stabilizers could not be put back
        new = self.publisher.live_value(key)
        self.publisher.changed(key, old, new)
        self.diagnosis.changed(key)

    def _look(self, command: m.Look) -> None:
        """Show samples with codes or a label set."""
        reason = self.publisher.gallery.look(command)
        if reason:
            self._refuse(command, reason)
        else:
            self.publisher.live_samples(now=True)

    def _roll_back(self, factor: float) -> None:
        self._pause()
        trainer = self.run.trainer
        self.guard.roll_back()
        self.publisher.event("rolled back", factor=factor)
        for name in trainer.players:
            lr = getattr(trainer.config.optimizer, name).lr * factor
            self._change(f"optimizer.{name}.lr", lr)
        self._tended_step, self.publisher.grid_step = trainer.step_count, -1
        self._measure_anew()
        self._move(State.PAUSED, trainer.step_count, again=True)
        self.publisher.live_samples(now=True)

    def _save(self, due: bool = False) -> bool:
        """Write a checkpoint, unless the state is not finite: a good one is never replaced by a bad one.

        One that is ``due`` is to be measured, by a process of its own.
        """
        bad = self.guard.bad_tensors()
        if bad:
            self._trouble(safety.not_finite(self.guard, bad, self._reported[0]))
            return False
        self.guard.take()  # rolling back never goes behind a checkpoint
        saved = self._on_disk("checkpoint", lambda: self.publisher.checkpoint(self.run.seconds, due))
        if saved:
            self.publisher.saved = mark(self.run)
            self._disk_refuses = self._do_without_disk = False
        self._saved_at = time.perf_counter()
        return saved

    # ------------------------------------------------------------ trouble and the end

    def _wrapped_up(self) -> bool:
        """At the last step: report and save. What is not finite or cannot be saved pauses the run instead."""
        self._last_report()
        if self.life.state is State.RUNNING and not (self._wrapped and self._do_without_disk):
            self._wrapped, self._do_without_disk = True, False
            self._keep()
        return self.life.state is State.RUNNING

    def _keep(self) -> None:
        """Write the grid and the checkpoint of this very state, unless they are there."""
        trainer, publisher = self.run.trainer, self.publisher
        if publisher.grid_step != trainer.step_count:
            self._on_disk("sample grid", publisher.save_samples)
        there = trainer.step_count in self.run.folder.checkpoint_steps()
        if not there or publisher.saved != mark(self.run):
            self._save()

    def _on_disk(self, what: str, action: Callable[[], None]) -> bool:
        """Do something that writes; a disk that refuses pauses the run with a finding.

        That is told once; a person who then goes on without saving is not asked again before a checkpoint could
        be written.
        """
        try:
            action()
            return True
        except OSError as error:
            self._disk_refuses = True
            if not (self._disk_told or self._do_without_disk):
                self._disk_told = True
                self._trouble(safety.disk_trouble(self.run.trainer, what, error))
            return False

    def _trouble(self, finding: m.Finding) -> None:
        if self.life.state is State.RUNNING:
            self._move(State.PAUSED, self.run.trainer.step_count)
        self.publisher.finding(finding)

    def _finish(self) -> m.Finished:
        trainer = self.run.trainer
        if self.life.state is State.RUNNING:
            self._last_report()
        self._do_without_disk = False
        self._move(State.STOPPING, trainer.step_count)
        reason = "stopped" if self._stop else "done"
        if self._stop is None or self._stop.save:
            if self.guard.bad_tensors():
                self.guard.roll_back()
            self._keep()
        self.publisher.event("finished", reason=reason)
        return m.Finished(
            trainer.step_count,
            self.run.seconds,
            str(self.run.folder.path),
            reason,
            self.publisher.last_values,
        )

    def _failure(self, error: Exception, step: int) -> m.Failed:
        detail = "".join(traceback.format_exception(error))
        if step:
            with contextlib.suppress(Exception):
                self.publisher.event("failed", problem=str(error))
                if not self.guard.bad_tensors():
                    checkpoint.save(self.run.trainer, self.run.folder, self.run.seconds)
        if devices.is_out_of_memory(error):
            return _no_memory(detail, step)
        return m.Failed(
            f"Training stopped because of an error in the program: {type(error).__name__}: {error}",
            "The last checkpoint is safe: resume from it. The details help to report the fault.",
            detail,
            step,
        )

    def _move(self, state: State, step: int, again: bool = False) -> None:
        if self.life.move(state) or again:
            if state is State.RUNNING:
                self.run.watch.start()
            elif "run" in vars(self):
                self.run.watch.stop()
            self.port.send(m.StateChanged(state, step))

    def _refuse(self, command: m.Command, reason: str) -> None:
        self.port.send(m.Refused(type(command).__name__, reason))

    def _progress(self, what: str, done: float) -> None:
        self.port.send(m.Preparing(what, done))

    def _cancelled(self) -> bool:
        """While data is being prepared: keep commands for later, but stop at once if asked to."""
        while (command := self.port.poll()) is not None:
            if isinstance(command, m.Stop | m.Quit):
                self.quit = self.quit or isinstance(command, m.Quit)
                self._stop = m.Stop(save=False)
            else:
                self._waiting.append(command)
        return self._stop is not None


def _no_memory(detail: str, step: int) -> m.Failed:
    """Memory ran out elsewhere than in a training step, which alone can be tried with less."""
    if step:
        problem = "Memory ran out while samples were made or the run was saved."
        remedy = "Free some memory, then resume from the last checkpoint."
    else:
        problem = "Memory ran out while the run was set up."
        remedy = "Use a smaller batch, smaller networks or fewer samples."
    return m.Failed(problem, remedy, detail, step)


def mark(run: Run) -> tuple[object, ...]:
    """All that makes one state of a run differ from another."""
    trainer = run.trainer
    updates = tuple(player.updates for player in trainer.players.values())
    return (updates, trainer.images, trainer.config)
