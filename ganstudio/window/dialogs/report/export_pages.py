"""The pages of what is taken out of a run: its generator, its checkpoints."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QWidget

from ganstudio.catalog.best import best_checkpoint
from ganstudio.core.exports import Export
from ganstudio.core.numbers import whole
from ganstudio.core.runs import RunFolder
from ganstudio.reports.bundle import ZIP, write_bundle
from ganstudio.reports.parts import Making
from ganstudio.window.dialogs.report.making import Make, export_generator
from ganstudio.window.dialogs.report.page import Page
from ganstudio.window.widgets.basic import Caption

NETWORKS = {
    ".safetensors": (
        "Weights (safetensors)",
        "The weights and the complete config: for GAN Studio and PyTorch",
    ),
    ".onnx": ("Network (ONNX)", "The whole network: for any ONNX runtime, without GAN Studio"),
}
BUNDLES = {
    ZIP: ("One zip file", "Opens as a run once it is unpacked, and goes on from its newest checkpoint"),
    "": ("Folder", "Opens as a run, and goes on from its newest checkpoint"),
}
WITHOUT = (
    "This run has no checkpoint yet. One is written as it trains, when it stops, and with Save checkpoint."
)


class CheckpointChoice(QComboBox):
    """Which checkpoint: the newest, the best where one was measured, any; with ``all_of_them`` also all at once."""

    def __init__(self, run: Path, all_of_them: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Checkpoint")
        folder = RunFolder(run)
        steps = folder.checkpoint_steps()
        best = best_checkpoint(folder)
        if steps:
            self.addItem(f"Newest, step {whole(steps[-1])}", (steps[-1],))
        if best in steps:
            self.addItem(f"Best that was measured, step {whole(best)}", (best,))
        if all_of_them and len(steps) > 1:
            self.addItem(f"All {whole(len(steps))}", tuple(steps))
        for step in reversed(steps[:-1]):
            self.addItem(f"Step {whole(step)}", (step,))

    def steps(self) -> tuple[int, ...]:
        """What is chosen; nothing where there is none."""
        return tuple(self.currentData() or ())


class TakingPage(Page):
    """A page with a choice of checkpoints."""

    def __init__(self, run: Path, formats: dict[str, tuple[str, str]], all_of_them: bool) -> None:
        super().__init__(formats)
        self.run = run
        self.checkpoint = CheckpointChoice(run, all_of_them)
        self.checkpoint.setToolTip("Which state of the run to take")
        self.note = Caption(wrap=True)
        self.checkpoint.activated.connect(self._on_checkpoint)
        self.assemble([("Checkpoint", self.checkpoint), ("", self.note)])
        self._tell()

    def hindrance(self) -> str:
        """Without a checkpoint there is nothing to take."""
        return "" if self.checkpoint.steps() else WITHOUT

    @Slot(int)
    def _on_checkpoint(self, _index: int) -> None:
        self._tell()
        self.suggest()
        self.changed.emit()

    def _tell(self) -> None:
        self.note.setText(self.hindrance() or self.told())

    def told(self) -> str:
        """What comes with it, in a sentence."""
        raise AssertionError("every page has its own")


class GeneratorPage(TakingPage):
    """The averaged generator, for use elsewhere."""

    title = "Generator"

    def __init__(self, run: Path) -> None:
        super().__init__(run, NETWORKS, all_of_them=False)

    def told(self) -> str:
        """What comes with it, in a sentence."""
        return "The averaged weights, as samples show them. A model card is written beside the file."

    def first_path(self, suffix: str) -> Path:
        """In the folder of the run, with the step in its name."""
        steps = self.checkpoint.steps()
        return self.run / f"generator{f'-{steps[0]:06d}' if steps else ''}{suffix}"

    def make(self) -> Make:
        """Have a child write it."""
        wish = Export(str(self.run), str(self.target().absolute()), next(iter(self.checkpoint.steps())))

        def made(making: Making) -> list[Path]:
            return export_generator(wish, making)

        return made


class CheckpointsPage(TakingPage):
    """Sealed copies of checkpoints, to keep or to hand on."""

    title = "Checkpoints"

    def __init__(self, run: Path) -> None:
        super().__init__(run, BUNDLES, all_of_them=True)

    def told(self) -> str:
        """How much it is, and that copies are checked."""
        steps = self.checkpoint.steps()
        count = f"{whole(len(steps))} checkpoints" if len(steps) > 1 else "1 checkpoint"
        size = _size(self.run, steps)
        return f"{count}, {size}. Every copy is checked against its checksum; a model card goes with it."

    def first_path(self, suffix: str) -> Path:
        """In the folder of the run; the name says which."""
        steps = self.checkpoint.steps()
        which = f"checkpoint-{steps[0]:06d}" if len(steps) == 1 else "checkpoints"
        return self.run / f"{self.run.name}-{which}{suffix}"

    def within(self, folder: Path) -> Path:
        """A new folder in the one that was chosen: what is there stays as it is."""
        return folder / self.first_path("").name

    def make(self) -> Make:
        """Copy and check."""
        run, steps, out = self.run, self.checkpoint.steps(), self.target().absolute()

        def made(making: Making) -> list[Path]:
            return write_bundle(run, steps, out, making)

        return made


def _size(run: Path, steps: tuple[int, ...]) -> str:
    """The room that checkpoints take, in words."""
    folders = (RunFolder(run).checkpoint_path(step) for step in steps)
    total = sum(
        file.stat().st_size
        for folder in folders
        if folder.is_dir()
        for file in folder.iterdir()
        if file.is_file()
    )
    return f"{total / 1e6:,.1f} MB" if total < 1e9 else f"{total / 1e9:,.2f} GB"
