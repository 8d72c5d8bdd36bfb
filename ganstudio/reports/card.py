"""The model card that goes with an exported generator (after Mitchell et al., arXiv:1810.03993)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

from ganstudio.catalog.conditioning import Conditioning
from ganstudio.core.files import write_atomically
from ganstudio.core.measurement import Measurement
from ganstudio.core.numbers import whole
from ganstudio.reports import settings, words
from ganstudio.reports.data import ReportData, read_report
from ganstudio.reports.markdown import block, code, differing, escaped, grid, measured, sentence

USES = {
    ".safetensors": "The weights as safetensors. The metadata of the file holds the complete config and the lines "
    "that build the network and load it (key `how_to_use`).",
    ".onnx": "The whole network as ONNX: any ONNX runtime draws samples from it. Its metadata says what the inputs are "
    "and how to turn the output into pixels.",
}


def card_path(model: Path) -> Path:
    """Where the card of a model file stands: ``NAME.card.md`` beside it."""
    return model.with_name(f"{model.stem}.card.md")


def write_card(run: Path, model: Path, step: int) -> Path:
    """The card beside ``model``, the generator of ``run`` at ``step``; raises :class:`ReportError` or ``OSError``."""
    path = card_path(model)
    write_atomically(path, card(read_report(run), model.name, step).encode("utf-8"), durable=False)
    return path


def card(report: ReportData, file: str, step: int, use: str = "") -> str:
    """What somebody who has only the file must know, as Markdown; ``use`` says how to use what is no file of
    :data:`USES`."""
    variant, config = report.variant, report.config
    asked = " It is asked for classes." if cast("Conditioning", config.conditioning).labels else ""
    numbers = [m for m in report.measurements if m.step == step]
    facts = [
        ("File", code(file)),
        ("Run", f"{escaped(report.name)}, step {whole(step)} of {whole(config.steps)}"),
        ("Method", f"{escaped(variant.title)} ({variant.year}), {escaped(variant.paper)}"),
        ("Data", f"{escaped(report.source)} ({code(config.data.kind)})"),
        ("Generator", f"{escaped(type(config.generator).title)}, {config.latent.width} latent numbers"),
        ("Seed", str(config.seed)),
        *((escaped(title), escaped(told)) for title, told in words.versions(report)),
    ]
    sections = [
        f"# {escaped(Path(file).stem)}",
        f"A generator trained as {escaped(variant.title)} on {escaped(report.source)}. {sentence(variant.idea)}{asked}",
        grid(("", ""), facts),
        "## How to use it",
        use or USES[Path(file).suffix.lower()],
        "## What it is for",
        "Learning and trying things out. What it draws imitates its training data and says nothing about the world: "
        "it repeats what that data has too much of, and lacks what that data lacks.",
        "## How good it is",
        _numbers(report, numbers, step),
        "## Known limits",
        _limits(report, step),
        "## How it was trained",
        block(settings.command(config)[0], "sh"),
        differing(report),
        "### The complete config",
        block(settings.toml(config), "toml"),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _numbers(report: ReportData, numbers: list[Measurement], step: int) -> str:
    if not numbers:
        return f"Step {whole(step)} has not been measured: nothing is known about the quality of its samples."
    return measured(replace(report, measurements=tuple(numbers)))


def _limits(report: ReportData, step: int) -> str:
    """What the recipe is known for, what was found in this run, and how far it had come."""
    lines = [sentence(report.variant.pitfalls)]
    if step < report.config.steps:
        lines.append(
            f"It was taken at step {whole(step)}, before the end of its {whole(report.config.steps)} steps."
        )
    for remark in words.findings(report):
        if remark.healed is None and remark.step <= step:
            lines.append(
                f"Found while it trained: {escaped(remark.title.rstrip('.'))}. {escaped(remark.text)}".rstrip()
            )
    return "\n".join(f"- {line}" for line in lines)
