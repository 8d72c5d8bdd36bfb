"""The thread between the gallery and the child that looks at data: started on demand, ended with the gallery."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing.connection import Connection

from PySide6.QtCore import QObject

from ganstudio.core.messages import Preview
from ganstudio.engine.launch import serve_previews
from ganstudio.window.child_thread import ChildThread


class PreviewWorker(ChildThread):
    """Sends :class:`Preview` to a child and emits what it reports; what a child has downloaded stays when it ends."""

    def __init__(
        self, target: Callable[[Connection], None] | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(target or serve_previews, parent)

    def stop(self) -> None:
        """End what is under way at once, by ending the child; the next preview starts another one."""
        self.send(None)

    def _obey(self, command: Preview | None) -> None:
        if command is None:
            self._end_child()
        else:
            self._pass_on(command)
