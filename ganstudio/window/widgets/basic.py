"""Small shared widgets: card, caption, elided label, empty state."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role

WIDEST_TEXT = 360
FIELD_INSET = 5
"""Pixels between the frame of a field and its text."""


def inset(spin: QAbstractSpinBox) -> None:
    """Keep the text of a number field off its frame: padding in the style sheet moves everything but the text."""
    spin.lineEdit().setTextMargins(FIELD_INSET, 0, 0, 0)


def scrolled(inside: QWidget) -> QScrollArea:
    """An area without a frame that scrolls a widget up and down; the widget is as wide as the area."""
    set_role(inside, "scrolled")
    area = QScrollArea()
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


class Caption(QLabel):
    """A small muted text; ``wrap`` lets it take several lines."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, wrap: bool = False) -> None:
        super().__init__(text, parent)
        self.setFont(theme().font("caption"))
        self.setWordWrap(wrap)
        set_role(self, "caption")


class Title(QLabel):
    """A semibold text at body size."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setFont(theme().font("title"))
        set_role(self, "title")


class ElidedLabel(QLabel):
    """One line that shortens itself to the room it has, with the whole text in the tooltip.

    Paths are shortened in the middle (``middle=True``), everything else at the end.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None, *, middle: bool = False) -> None:
        super().__init__(parent)
        self._mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setText(text)

    def text(self) -> str:
        """The whole text."""
        return self._whole

    def setText(self, text: str) -> None:
        """Show a text; line breaks become spaces."""
        self._whole = " ".join(text.splitlines())
        self.setAccessibleName(self._whole)
        self._fit()
        self.updateGeometry()

    def shown_text(self) -> str:
        """What fits."""
        return super().text()

    def sizeHint(self) -> QSize:
        """As wide as the whole text, where there is room."""
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Room for a few letters."""
        return QSize(self.fontMetrics().horizontalAdvance("…") * 3, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten anew."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """A new font needs a new fit."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, self._mode, max(self.contentsRect().width(), 0))
        super().setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")


class Card(QFrame):
    """A surface with an optional title, caption and controls at the right, and a body below.

    Put the content into ``body``, controls into the header with :meth:`add_control`.
    """

    def __init__(self, title: str = "", caption: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title_label = Title(title)
        self.caption_label = ElidedLabel(caption)
        self.caption_label.setFont(theme().font("caption"))
        set_role(self.caption_label, "caption")
        self._header = QHBoxLayout()
        self._header.setSpacing(10)
        self._header.addWidget(self.title_label)
        self._header.addWidget(self.caption_label, 1)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 10, 12, 10)
        outer.setSpacing(8)
        outer.addLayout(self._header)
        outer.addLayout(self.body, 1)
        self.set_title(title)
        set_role(self, "card")

    def set_title(self, title: str) -> None:
        """The name of the card, which is its accessible name too."""
        self.title_label.setText(title)
        self.title_label.setVisible(bool(title))
        self.setAccessibleName(title)

    def set_caption(self, caption: str) -> None:
        """A few muted words beside the title."""
        self.caption_label.setText(caption)

    def add_control(self, control: QWidget) -> None:
        """A control at the right end of the header."""
        self._header.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)


class EmptyState(QWidget):
    """What is shown where nothing is yet: what will be here, and the action that fills it."""

    activated = Signal()

    def __init__(
        self, title: str = "", text: str = "", button: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title = Title()
        self._text = Caption(wrap=True)
        self._button = QPushButton()
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._button.clicked.connect(self._clicked)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addStretch(1)
        layout.addWidget(self._title)
        layout.addWidget(self._text, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(4)
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        self.set_content(title, text, button)

    def set_content(self, title: str, text: str, button: str = "", tooltip: str = "") -> None:
        """Words and the label of the button, which is hidden without one."""
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._fit()
        self._button.setText(button)
        self._button.setVisible(bool(button))
        self._button.setToolTip(tooltip or text)
        self._button.setAccessibleName(button)
        self.setAccessibleName(f"{title}. {text}")

    @property
    def button(self) -> QPushButton:
        """The button, for its shortcut, its tooltip or to disable it."""
        return self._button

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap the text anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """A centred label that wraps has no height of its own in a layout, so it is told."""
        wanted = self._text.fontMetrics().horizontalAdvance(self._text.text()) + 8
        width = max(min(wanted, WIDEST_TEXT, self.width() - 24), 80)
        self._text.setMinimumSize(0, 0)  # the room of a longer text before would count
        self._text.setFixedSize(width, max(self._text.heightForWidth(width), 0))

    @Slot()
    def _clicked(self) -> None:
        self.activated.emit()


class Swatch(QWidget):
    """A small square in the colour of a token."""

    def __init__(self, token: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._token = token
        self.setFixedSize(10, 10)
        theme().changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """One rounded square."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color(self._token))
        painter.drawRoundedRect(self.rect(), 2, 2)
