"""The theme in force, asked by every self-painting widget and chart."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QGuiApplication
from PySide6.QtWidgets import QApplication

from ganstudio.window.theme.fonts import font_for
from ganstudio.window.theme.palette import palette_of
from ganstudio.window.theme.style import style_sheet
from ganstudio.window.theme.tokens import THEMES, Tokens

MODES = ("system", "light", "dark")


class Theme(QObject):
    """Which colours and fonts are in force. There is one, see :func:`theme`.

    ``mode`` is "system", "light" or "dark"; ``name`` is the table that follows from it, "light" or "dark".
    Where the system has no opinion, it is dark. ``changed`` comes after palette and style sheet are set.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mode = "system"
        self._name = "dark"
        self._colors: dict[str, QColor] = {}
        self._installed = False
        self._name = self._wanted()

    @property
    def mode(self) -> str:
        """What was asked for: "system", "light" or "dark"."""
        return self._mode

    @property
    def name(self) -> str:
        """What is shown: "light" or "dark"."""
        return self._name

    @property
    def tokens(self) -> Tokens:
        """The table in force, name to ``#rrggbb``."""
        return THEMES[self._name]

    def color(self, token: str) -> QColor:
        """The colour of a token; ``KeyError`` for a name that is not in the table."""
        if token not in self._colors:
            self._colors[token] = QColor(self.tokens[token])
        return QColor(self._colors[token])

    def font(self, role: str = "body") -> QFont:
        """The font for a role: "body", "title", "heading", "caption", "figure" or "small-figure"."""
        return font_for(role)

    def install(self, app: QApplication) -> None:
        """Give the application its style, palette, font and style sheet, and follow the system from now on."""
        app.setStyle("Fusion")
        app.setFont(self.font())
        hints = app.styleHints()
        if not self._installed:
            hints.colorSchemeChanged.connect(self._system_changed)
        self._installed = True
        self._name = self._wanted()
        self._apply()

    def set_mode(self, mode: str) -> None:
        """Choose "system", "light" or "dark"; ``ValueError`` for another word."""
        if mode not in MODES:
            raise ValueError(f"{mode!r} is not one of {', '.join(MODES)}")
        self._mode = mode
        self._switch()

    @Slot(Qt.ColorScheme)
    def _system_changed(self, _scheme: Qt.ColorScheme) -> None:
        self._switch()

    def _wanted(self) -> str:
        if self._mode != "system":
            return self._mode
        app = QGuiApplication.instance()
        scheme = (
            app.styleHints().colorScheme() if isinstance(app, QGuiApplication) else Qt.ColorScheme.Unknown
        )
        return "light" if scheme == Qt.ColorScheme.Light else "dark"

    def _switch(self) -> None:
        if self._wanted() == self._name:
            return
        self._name = self._wanted()
        self._apply()

    def _apply(self) -> None:
        self._colors.clear()
        app = QApplication.instance()
        if self._installed and isinstance(app, QApplication):
            app.setPalette(palette_of(self.tokens))
            app.setStyleSheet(style_sheet(self.tokens))
        self.changed.emit()


_theme: Theme | None = None


def theme() -> Theme:
    """The one theme of this process."""
    global _theme  # noqa: PLW0603 - one look for the whole process
    if _theme is None:
        _theme = Theme()
    return _theme
