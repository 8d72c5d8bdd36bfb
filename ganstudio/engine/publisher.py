"""Tells the outside how a run goes: reports to the port, lines and pictures into the run's folder."""

from __future__ import annotations

import contextlib
import math
import time
from typing import Any, cast

from safetensors.torch import save as tensor_bytes

from ganstudio.catalog.objectives import ObjectiveOptions
from ganstudio.catalog.stabilizers import STABILIZERS, Stabilizer
from ganstudio.core import messages as m
from ganstudio.core.files import write_atomically
from ganstudio.core.schema import ConfigError, to_table, unknown, walk
from ganstudio.engine import devices
from ganstudio.engine.gallery import make_gallery
from ganstudio.engine.ports import Port
from ganstudio.engine.setup import Run
from ganstudio.nets import parameter_count
from ganstudio.training import checkpoint

LIVE_EVERY = 0.25
"""Seconds between two live pictures at least."""
LIVE_SHARE = 0.04
"""The share of the time that live pictures may take at most."""
DENSE_STEPS = 5_000
"""Up to here every report gets a line in the run's series; later on the lines thin out."""
SCORES_SHOWN = 512


def line_gap(step: int) -> int:
    """Steps between two lines of series at least: at most some 30,000 lines in a million steps, 70,000 ever."""
    return max(1, step // DENSE_STEPS)


class Publisher:
    """Reports on one run. With ``live`` it sends pictures between the saved ones, for a window."""

    def __init__(self, port: Port, run: Run, live: bool) -> None:
        self.port, self.run, self.live = port, run, live
        self.trainer, self.folder = run.trainer, run.folder
        self.gallery = make_gallery(run.trainer)
        self.last_values: dict[str, float] = {}
        self.saved: tuple[object, ...] | None = None
        self.grid_step = -1
        self._written_step = -1
        self._next_live = 0.0

    @property
    def probability(self) -> bool:
        """Whether the objective makes sigmoid(logit) a probability."""
        return bool(getattr(self.trainer.config.objective, "probability", False))

    def read(self) -> dict[str, float]:
        """What the meter has gathered since the last time, answers read as the objective means them."""
        objective = cast(ObjectiveOptions, self.trainer.config.objective)
        return self.trainer.meter.read(objective.probability, objective.middle())

    def started(self) -> None:
        """Tell what has been set up."""
        trainer, data = self.trainer, self.run.data
        counts = [parameter_count(player.net) for player in trainer.players.values()]
        device = devices.describe(trainer.device)
        self.port.send(
            m.Started(
                folder=str(self.folder.path),
                config=trainer.config,
                shape=trainer.feed.shape,
                class_names=trainer.feed.class_names,
                step=trainer.step_count,
                device=device,
                data_summary=data.summary,
                parameters=(counts[0], counts[1]),
            )
        )
        for report in self.gallery.context():
            self.port.send(report)
        self.port.send(self.gallery.show(trainer.step_count, saved=False))
        self._tell_warnings()
        self.event("resumed" if self.run.resumed else "started", device=device)

    def _tell_warnings(self) -> None:
        step = self.trainer.step_count
        for text in self.run.warnings:
            self.port.send(m.Finding("resume", "warning", "Resumed with a remark", text, step))
        unreadable: tuple[str, ...] = getattr(self.run.data, "unreadable", ())
        if unreadable:
            named = ", ".join(unreadable[:5]) + (" …" if len(unreadable) > 5 else "")
            files = "file" if len(unreadable) == 1 else "files"
            title = f"{len(unreadable):,} {files} could not be read as pictures"
            self.port.send(m.Finding("unreadable", "warning", title, f"Left out: {named}", step))

    def _tell_notice(self) -> None:
        """Say once what the trainer had to do without."""
        passes = self.trainer.passes
        if passes.notice:
            text, passes.notice = passes.notice, ""
            self.port.send(m.Finding("compile", "note", "Not compiled", text, self.trainer.step_count))

    def scores(self) -> m.Scores | None:
        """What the discriminator said last, fetched from the device."""
        if not self.live:
            return None
        real, fake = self.trainer.meter.latest_logits("real"), self.trainer.meter.latest_logits("fake")
        if real is None or fake is None:
            return None
        answers = [x.float().sigmoid() if self.probability else x.float() for x in (real, fake)]
        arrays = [x[:SCORES_SHOWN].cpu().numpy() for x in answers]
        return m.Scores(self.trainer.step_count, arrays[0], arrays[1], self.probability)

    def scalars(self, values: dict[str, float], scores: m.Scores | None) -> None:
        """Send one report of the series and write its line; raises ``OSError`` if the disk will not have it."""
        trainer = self.trainer
        step, images, seconds = trainer.step_count, trainer.images, self.run.seconds
        self.last_values = values
        memory = devices.memory_used(trainer.device)
        self.port.send(m.Scalars(step, images, seconds, values, memory))
        self._tell_notice()
        if scores is not None:
            self.port.send(scores)
        if step - self._written_step >= line_gap(step) or step < self._written_step:
            self.folder.append_metrics(step, images, seconds, values)
            self._written_step = step

    def live_samples(self, now: bool = False) -> None:
        """Send the samples as they are, as often as is cheap."""
        start = time.perf_counter()
        never = self._next_live == math.inf
        if not self.live or never or (start < self._next_live and not now):
            return
        try:
            self.port.send(self.gallery.show(self.trainer.step_count, saved=False))
        except (RuntimeError, MemoryError) as error:
            if not devices.is_out_of_memory(error):
                raise
            self._without_pictures()
            return
        end = time.perf_counter()
        self._next_live = end + max(LIVE_EVERY, (end - start) / LIVE_SHARE)

    def _without_pictures(self) -> None:
        """A picture that does not fit beside training is left out; training goes on."""
        self._next_live = math.inf
        devices.release_memory(self.trainer.device)
        text = "Memory does not suffice for live pictures beside training. Training goes on; saved grids still come."
        self.port.send(m.Finding("pictures", "note", "No live pictures", text, self.trainer.step_count))

    def save_samples(self) -> None:
        """Write the grid of this step and the averaged weights for other readers; raises ``OSError``."""
        self.port.send(self.gallery.save(self.folder, self.trainer.step_count))
        weights = {
            f"average.{k}": v.cpu().contiguous() for k, v in self.trainer.average.net.state_dict().items()
        }
        facts = {"step": str(self.trainer.step_count)}
        write_atomically(
            self.folder.live / "weights.safetensors", tensor_bytes(weights, facts), durable=False
        )
        self.grid_step = self.trainer.step_count

    def checkpoint(self, seconds: float, due: bool = False) -> None:
        """Write a checkpoint and prune older ones; say so if it is ``due`` to be measured. Raises ``OSError``."""
        start, step = time.perf_counter(), self.trainer.step_count
        checkpoint.save(self.trainer, self.folder, seconds, self.trainer.config.checkpoint.keep, due)
        self.port.send(m.Saved(step, time.perf_counter() - start))
        self.event("checkpoint")
        if due:
            self.port.send(m.Due(step))

    def live_value(self, key: str) -> Any:
        """The value of a setting that may change now; raises ``ConfigError`` for any other key."""
        section, _, kind = key.partition(".")
        if section == "stabilizers" and "." not in kind:
            return self._switch_value(key, kind)
        found = {k: (setting, value) for k, setting, value in walk(self.trainer.config)}
        if key not in found:
            raise ConfigError(key, unknown(key, list(found)))
        setting, value = found[key]
        if not setting.option.live:
            raise ConfigError(key, "cannot change while a run goes on; it holds for the next run")
        return value

    def _switch_value(self, key: str, kind: str) -> Any:
        """The settings of a stabilizer that may be switched now, or ``False`` while it is off."""
        if kind not in STABILIZERS:
            raise ConfigError(key, unknown(kind, list(STABILIZERS)))
        known = cast("type[Stabilizer]", STABILIZERS[kind])
        if not known.live_switch:
            raise ConfigError(key, "changes the networks themselves: it is switched before a run starts")
        settings = self.trainer.config.stabilizers.get(kind)
        return False if settings is None else {k: v for k, v in to_table(settings).items() if k != known.tag}

    def changed(self, key: str, old: Any, new: Any) -> None:
        """Tell that a live setting has another value."""
        self.port.send(m.Changed(self.trainer.step_count, key, old, new))
        self.event("changed", key=key, old=old, new=new)

    def finding(self, finding: m.Finding) -> None:
        """Tell something worth saying about the run."""
        self.port.send(finding)
        evidence = {"series": list(finding.series), "since": finding.since} if finding.series else {}
        self.event("finding", finding=finding.kind, title=finding.title, text=finding.text, **evidence)

    def healed(self, kind: str) -> None:
        """Tell that a finding no longer holds."""
        self.port.send(m.Healed(kind, self.trainer.step_count))
        self.event("healed", finding=kind)

    def event(self, kind: str, **details: Any) -> None:
        """One line in the run's events. A disk that refuses it is told of by series and checkpoints, not here."""
        with contextlib.suppress(OSError):
            self.folder.append_event(kind, self.trainer.step_count, **details)
