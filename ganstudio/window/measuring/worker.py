"""The thread between the window and the child that measures."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing.connection import Connection

from PySide6.QtCore import QObject

from ganstudio.core.messages import FetchWeights, Measure, StopMeasuring
from ganstudio.engine.launch import serve_measuring
from ganstudio.window.child_thread import ChildThread

Wish = Measure | FetchWeights | StopMeasuring


class MeasuringWorker(ChildThread):
    """Sends wishes to a child and emits what it reports. What has been measured is on the disk when a child ends."""

    def __init__(
        self, target: Callable[[Connection], None] | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(target or serve_measuring, parent)

    def rest(self) -> None:
        """Give the child's memory back; the next wish starts another one."""
        self.send(None)

    def _obey(self, command: Wish | None) -> None:
        if command is None:
            self._end_child()
        else:
            self._pass_on(command, start=not isinstance(command, StopMeasuring))
