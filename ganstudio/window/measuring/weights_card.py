"""The weights of the Inception network: whether they are here, a file to take them from, a download."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ganstudio.core import inception
from ganstudio.window.measuring.measurer import Measurer
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption


class WeightsCard(QWidget):
    """Says where the weights are, or offers the two ways to get them."""

    def __init__(self, measurer: Measurer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._measurer = measurer
        self._shown: tuple[Path | None, bool] | None = None
        self.words = Caption(wrap=True)
        self.choose = QPushButton("Choose file …")
        self.choose.setToolTip("Take the weights from a file on this computer; its checksum is looked at")
        self.download = QPushButton(f"Download ({inception.MEGABYTES} MB)")
        self.download.setToolTip("Fetch the published file once; it can be cancelled and taken up again")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.choose)
        line.addWidget(self.download)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.words)
        column.addLayout(line)
        self.choose.clicked.connect(self._on_choose)
        self.download.clicked.connect(self._on_download)
        self.refresh()

    @property
    def here(self) -> bool:
        """Whether the weights are on this machine."""
        return inception.find_weights() is not None

    @Slot()
    def refresh(self) -> None:
        """Look again."""
        found, busy = inception.find_weights(), self._measurer.busy
        if self._shown == (found, busy):
            return
        self._shown = (found, busy)
        if found is not None:
            text = f"The weights of the Inception are here: {found}"
        else:
            text = (
                "The weights of the Inception, which published numbers are made with, are not on this computer. "
                f"Without a network put {inception.FILE} into {inception.weights_folder()}."
            )
        self.words.setText(text)
        set_role(self.words, "caption" if found is not None else "warning")
        for button in (self.choose, self.download):
            button.setVisible(found is None)
            button.setEnabled(not busy)

    @Slot()
    def _on_choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, "Weights of the Inception", "", "Weights (*.pth);;All files (*)"
        )
        if chosen:
            self._measurer.fetch(chosen)

    @Slot()
    def _on_download(self) -> None:
        self._measurer.fetch()
