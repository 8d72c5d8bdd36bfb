"""The weights of published networks: whether they are here, a file to take them from, a download."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ganstudio.core.published import NETWORKS, PublishedNetwork, find_weights, weights_folder
from ganstudio.window.measuring.measurer import Measurer
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption


class WeightsRow(QWidget):
    """Says where the weights of one network are, or offers the two ways to get them."""

    def __init__(self, network: PublishedNetwork, measurer: Measurer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.network, self._measurer = network, measurer
        self._shown: tuple[Path | None, bool] | None = None
        self.words = Caption(wrap=True)
        self.choose = QPushButton("Choose file …")
        self.choose.setAccessibleName(f"Choose the file of {network.words}")
        self.choose.setToolTip("Take the weights from a file on this computer; its checksum is looked at")
        self.download = QPushButton(f"Download ({network.megabytes} MB)")
        self.download.setAccessibleName(f"Download {network.words} ({network.megabytes} MB)")
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
        return find_weights(self.network.name) is not None

    def refresh(self) -> None:
        """Look again."""
        network = self.network
        found, busy = find_weights(network.name), self._measurer.busy
        if self._shown == (found, busy):
            return
        self._shown = (found, busy)
        if found is not None:
            text = f"The weights of {network.words} are here: {found}"
        else:
            text = (
                f"The weights of {network.words}, which {network.purpose}, are not on this computer. "
                f"Without a network connection put {network.file} into {weights_folder()}."
            )
        self.words.setText(text)
        set_role(self.words, "caption" if found is not None else "warning")
        for button in (self.choose, self.download):
            button.setVisible(found is None)
            button.setEnabled(not busy)

    @Slot()
    def _on_choose(self) -> None:
        title = f"Weights of {self.network.words}"
        chosen, _ = QFileDialog.getOpenFileName(self, title, "", "Weights (*.pth);;All files (*)")
        if chosen:
            self._measurer.fetch(self.network.name, chosen)

    @Slot()
    def _on_download(self) -> None:
        self._measurer.fetch(self.network.name)


class WeightsCard(QWidget):
    """One row for each published network that is needed."""

    def __init__(self, measurer: Measurer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = {name: WeightsRow(network, measurer) for name, network in NETWORKS.items()}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for row in self.rows.values():
            column.addWidget(row)

    def missing(self, needed: Iterable[PublishedNetwork]) -> list[PublishedNetwork]:
        """Those whose weights are not on this machine."""
        return [network for network in needed if not self.rows[network.name].here]

    def show_needed(self, needed: Iterable[PublishedNetwork]) -> None:
        """Look again at what the chosen metrics need; nothing is shown where they need nothing."""
        names = {network.name for network in needed}
        for name, row in self.rows.items():
            row.refresh()
            row.setVisible(name in names)
        self.setVisible(bool(names))
