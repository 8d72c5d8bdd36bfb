"""Writing generators into files for a window: a session in a child of its own, which may be killed at any time."""

from __future__ import annotations

import os
import signal
from multiprocessing.connection import Connection
from pathlib import Path

import torch

from ganstudio.core.exports import Export, ExportCommand, Exported, ExportFailed, ExportReport
from ganstudio.core.messages import Preparing, Quit, Ready
from ganstudio.core.runs import RunFolder
from ganstudio.engine import devices
from ganstudio.engine.ports import Doorway, PipeDoorway
from ganstudio.latent.export import EXPORTERS
from ganstudio.latent.sampling import load_generator
from ganstudio.reports.card import write_card
from ganstudio.reports.data import ReportError
from ganstudio.training.checkpoint import CheckpointError


def run_exporting(connection: Connection) -> None:
    """Serve one window until it quits or goes away. Files appear whole, so nothing has to be saved."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    torch.set_num_threads(1)  # training may go on beside it
    port = PipeDoorway[ExportCommand, ExportReport](connection, on_lost=lambda: os._exit(0))
    port.send(Ready(("cpu",), str(torch.__version__)))
    ExportSession(port).serve()


class ExportSession:
    """Obeys one :class:`Export` after the other, on the CPU."""

    def __init__(self, port: Doorway[ExportCommand, ExportReport]) -> None:
        self._port = port

    def serve(self) -> None:
        """Until told to quit."""
        while not isinstance(command := self._port.wait(), Quit):
            self._port.send(self._answer(command))

    def _answer(self, wish: Export) -> Exported | ExportFailed:
        try:
            return self._written(wish)
        except CheckpointError as error:
            return ExportFailed(f"{error}.".replace("..", "."), "Choose another checkpoint.")
        except ReportError as error:
            return ExportFailed(str(error))
        except OSError as error:
            return ExportFailed(f"{wish.out} cannot be written ({error.strerror or error}).")
        except Exception as error:  # whatever it is, the window is told
            return ExportFailed(_unforeseen(error, Path(wish.out).suffix))

    def _written(self, wish: Export) -> Exported:
        out, run = Path(wish.out), Path(wish.run)
        self._port.send(Preparing("Reading the checkpoint", 0.1))
        generator = load_generator(RunFolder(run), wish.checkpoint)
        self._port.send(Preparing(f"Writing {out.name}", 0.4))
        EXPORTERS[out.suffix.lower()](generator, out, run.name)
        self._port.send(Preparing("Writing the model card", 0.9))
        card = write_card(run, out, generator.step)
        return Exported((str(out), str(card)), generator.step, generator.problems)


def _unforeseen(error: Exception, suffix: str) -> str:
    if devices.is_out_of_memory(error):
        return "There is not enough memory to export this generator."
    reason = " ".join(str(error).split())[:300]
    return f"This generator cannot be written as {suffix} ({type(error).__name__}: {reason})."
