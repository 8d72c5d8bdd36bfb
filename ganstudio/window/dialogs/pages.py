"""Pages to read: keyboard shortcuts, and about the program."""

from __future__ import annotations

import html
import platform
from collections.abc import Sequence

import PySide6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QTextBrowser, QVBoxLayout, QWidget

import ganstudio
from ganstudio.window.actions import KEYS_IN_PLACE
from ganstudio.window.dialogs.chooser import Entry
from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role


class PageDialog(QDialog):
    """A title, a text to read, one button."""

    def __init__(
        self, title: str, text: str, parent: QWidget | None = None, size: tuple[int, int] = (520, 560)
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        heading = QLabel(title)
        heading.setFont(theme().font("heading"))
        self.text = QTextBrowser()
        self.text.setOpenExternalLinks(True)
        self.text.setHtml(text)
        self.text.setAccessibleName(title)
        close = QPushButton("Close")
        set_role(close, "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(heading)
        column.addWidget(self.text, 1)
        column.addLayout(buttons)
        self.resize(*size)


def keys_page(entries: Sequence[Entry]) -> str:
    """All shortcuts, by menu, as HTML."""
    parts: list[str] = []
    for group in dict.fromkeys(entry.group for entry in entries if entry.hint):
        rows = [(e.hint, e.title) for e in entries if e.group == group and e.hint]
        parts.append(_table(group, rows))
    parts.append(_table("Where the focus is", list(KEYS_IN_PLACE)))
    return "".join(parts)


def _table(title: str, rows: list[tuple[str, str]]) -> str:
    muted = theme().tokens["muted"]
    lines = "".join(
        f'<tr><td width="130" style="padding:2px 12px 2px 0"><b>{html.escape(keys)}</b></td>'
        f'<td style="padding:2px 0">{html.escape(what)}</td></tr>'
        for keys, what in rows
    )
    return f'<p style="color:{muted};margin:10px 0 2px 0">{html.escape(title)}</p><table>{lines}</table>'


def about_page() -> str:
    """Version, licence and what it is made with, as HTML."""
    return (
        f"<p><b>GAN Studio {html.escape(ganstudio.__version__)}</b></p>"
        f"<p>{html.escape((ganstudio.__doc__ or '').strip())}</p>"
        "<p>MIT licence. Made with Qt for Python (LGPL 3), pyqtgraph, PyTorch, NumPy and Pillow.</p>"
        f"<p>PySide6 {PySide6.__version__}, Python {platform.python_version()}, "
        f"{html.escape(platform.system())} {html.escape(platform.release())}</p>"
    )
