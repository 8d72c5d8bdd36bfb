"""What is going on, in plain sentences: about the run's state, its findings, its end. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ganstudio.core.lifecycle import State
from ganstudio.core.messages import Begin, Command, Finding
from ganstudio.core.numbers import duration, percent, step, whole

if TYPE_CHECKING:
    from ganstudio.window.run_model import RunModel


@dataclass(frozen=True)
class Button:
    """Something to press: commands for the engine, or the id of an action of the window."""

    label: str
    commands: tuple[Command, ...] = ()
    action: str = ""
    series: str = ""
    tooltip: str = ""


@dataclass(frozen=True)
class Line:
    """One statement. ``mark`` is "good", "calm", "busy", "note", "warning" or "error"."""

    mark: str
    text: str
    detail: str = ""
    buttons: tuple[Button, ...] = ()
    kind: str = ""


def story(model: RunModel) -> list[Line]:
    """Every statement that is due, the state of the run first."""
    return [_state_line(model), *_followed_lines(model), *_finding_lines(model)]


def _state_line(model: RunModel) -> Line:
    if model.state is State.FAILED:
        return _failed(model)
    return {
        State.IDLE: _idle,
        State.STARTING: _starting,
        State.RUNNING: _running,
        State.PAUSED: _paused,
        State.STOPPING: _stopping,
        State.FINISHED: _finished,
    }[model.state](model)


def _idle(model: RunModel) -> Line:
    stored = model.stored
    if stored is None:
        return Line("calm", "Nothing is training. Start takes the settings at the left and trains them.")
    name = stored.folder.name
    if stored.trainer is not None:
        return Line(
            "note",
            f"{name} is being trained by another process at the moment (process {stored.trainer}). "
            "What it had written when it was opened is shown here.",
        )
    where = f"{step(model.step)} of {whole(model.total_steps)}"
    if stored.interrupted:
        text = f"{name} broke off at {where}: its training was killed or the computer went down."
    elif model.step >= model.total_steps:
        text = f"{name} is complete: {where}."
    else:
        text = f"{name} stands at {where}."
    return Line("warning" if stored.interrupted else "calm", text, buttons=_resume_buttons(model))


def _starting(model: RunModel) -> Line:
    if model.preparing is None:
        return Line("busy", "Getting ready: the networks are built and the data is loaded.")
    share = f" ({percent(model.preparing.done)})" if model.preparing.done >= 0 else ""
    what = model.preparing.what.rstrip(".")
    return Line("busy", f"{what[:1].upper()}{what[1:]}{share}.")


def _running(model: RunModel) -> Line:
    if model.waiting:
        return Line("busy", model.waiting)
    real, fake = model.value("accuracy/real"), model.value("accuracy/fake")
    if real is None or fake is None:
        return Line("good", f"Training{_size(model)} has begun.")
    right = (real + fake) / 2
    says = f"The discriminator is right about {percent(right)} of the time{_reading(right)}"
    return Line("good", f"Training{_size(model)}. {says}")


def _size(model: RunModel) -> str:
    """How far a growing run has come, such as " at 8 px, the newest layers faded in by 40 %"; empty for others."""
    size, alpha = model.value("growth/resolution"), model.value("growth/alpha")
    if size is None or alpha is None:
        return ""
    fade = f", the newest layers faded in by {percent(alpha)}" if alpha < 1 else ""
    return f" at {size:.0f} px{fade}"


def _reading(right: float) -> str:
    if right >= 0.95:
        return ": it tells nearly all samples apart, so far."
    if right >= 0.6:
        return ", and the generator keeps learning from it."
    if right >= 0.45:
        return ": it can hardly tell the samples from real ones."
    return ": it is mistaken more often than a coin would be."


def _paused(model: RunModel) -> Line:
    return Line("calm", f"Paused after {step(model.step)}. Resume goes on, Step does one update.")


def _stopping(model: RunModel) -> Line:
    return Line("busy", model.waiting or "Stopping after this step and saving a checkpoint.")


def _finished(model: RunModel) -> Line:
    done = model.finished
    if done is None:
        return Line("calm", "The run has ended.", buttons=_resume_buttons(model))
    took = f" after {duration(done.seconds)}" if done.seconds > 0 else ""
    if done.step >= model.total_steps:
        return Line("good", f"Done: {whole(done.step)} steps{took}. The run is saved.")
    return Line(
        "calm",
        f"Stopped at {step(done.step)} of {whole(model.total_steps)}{took}.",
        buttons=_resume_buttons(model),
    )


def _failed(model: RunModel) -> Line:
    if model.lost:
        at = model.resume_step()
        kept = (
            f"Everything up to {step(at)} is saved."
            if at is not None
            else "No checkpoint had been saved yet."
        )
        return Line(
            "error",
            f"The engine has ended at {step(model.step)}: {model.lost}. {kept}",
            buttons=(*_resume_buttons(model), Button("Close run", action="run.close")),
        )
    problem = model.failure
    if problem is None:
        return Line("error", "The run has failed.", buttons=_resume_buttons(model))
    text = " ".join(part for part in (_sentence(problem.problem), _sentence(problem.remedy)) if part)
    buttons = _resume_buttons(model)
    if problem.detail:
        buttons = (
            *buttons,
            Button("Details", action="run.details", tooltip="What a bug report should contain"),
        )
    return Line("error", text, detail=problem.detail, buttons=buttons)


def _resume_buttons(model: RunModel) -> tuple[Button, ...]:
    at = model.resume_step()
    if at is None or (model.stored is not None and model.stored.trainer is not None):
        return ()
    if at >= model.total_steps:
        return ()
    return (
        Button(
            f"Resume from {step(at)}",
            action="run.resume",
            tooltip="Goes on exactly where the checkpoint stands",
        ),
    )


def _followed_lines(model: RunModel) -> Iterator[Line]:
    if model.followed and model.active:
        yield Line(
            "note",
            f"Followed: {model.followed}.",
            buttons=(Button("Put back", action="advice.undo", tooltip="Takes the change back (Ctrl+Z)"),),
        )


def _finding_lines(model: RunModel) -> Iterator[Line]:
    for finding in reversed(model.findings):
        yield Line(
            finding.severity if finding.severity in ("note", "warning", "error") else "note",
            _finding_text(finding),
            buttons=tuple(_finding_buttons(finding, model)),
            kind=finding.kind,
        )


def _finding_text(finding: Finding) -> str:
    title = _sentence(finding.title)
    return f"{title} {_sentence(finding.text)}" if finding.text else title


def _finding_buttons(finding: Finding, model: RunModel) -> Iterator[Button]:
    for advice in finding.advice:
        # Once the run has ended nobody obeys: only a fresh beginning can still be made.
        if model.active or any(isinstance(command, Begin) for command in advice.commands):
            yield Button(advice.label, commands=advice.commands)
    if finding.series:
        yield Button("Show in chart", series=finding.series[0])
    yield Button("Dismiss", action="finding.dismiss")


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in ".?:" else text + "."
