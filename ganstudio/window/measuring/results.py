"""Numbers as they come: value with its interval, protocol in a tooltip, warnings beside it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ganstudio.core.measurement import Measurement
from ganstudio.core.numbers import whole
from ganstudio.reports.details import PICTURED, detail_words
from ganstudio.reports.figures import (
    better_words,
    protocol_words,
    real_words,
    spread_words,
    title_of,
    value_words,
)
from ganstudio.window.theme import theme
from ganstudio.window.theme.style import set_role
from ganstudio.window.widgets.basic import Caption, ElidedLabel


class ResultRow(QWidget):
    """One number."""

    def __init__(self, measurement: Measurement, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.measurement = measurement
        title = ElidedLabel(title_of(measurement.metric))
        value = QLabel(value_words(measurement))
        value.setFont(theme().font("figure"))
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(title, 1)
        line.addWidget(value)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addLayout(line)
        self.about = Caption(about_words(measurement), wrap=True)
        column.addWidget(self.about)
        self.rules = Caption(rules_words(measurement), wrap=True)
        self.rules.setVisible(bool(self.rules.text()))
        column.addWidget(self.rules)
        for words in detail_words(measurement):
            column.addWidget(Caption(words, wrap=True))
        if measurement.picture:
            column.addWidget(PairsPicture(measurement.picture))
            column.addWidget(Caption(PICTURED, wrap=True))
        for words in measurement.warnings:
            warning = Caption(words, wrap=True)
            set_role(warning, "warning")
            column.addWidget(warning)
        tooltip = "\n".join(protocol_words(measurement))
        for widget in (self, title, value, self.about, self.rules):
            widget.setToolTip(tooltip)
        self.setAccessibleName(f"{title_of(measurement.metric)}: {value_words(measurement)}")


class PairsPicture(QWidget):
    """Samples beside their nearest training pictures, as wide as there is room, never enlarged."""

    def __init__(self, png: bytes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = QImage.fromData(png)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setToolTip(PICTURED)
        self.setAccessibleName("Samples beside their nearest training pictures")

    def sizeHint(self) -> QSize:
        """Every pixel as it is."""
        return self.picture.size()

    def hasHeightForWidth(self) -> bool:
        """It keeps its shape."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as its shape wants it."""
        whole = self.picture.size()
        return whole.height() if width >= whole.width() else whole.height() * width // max(whole.width(), 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it from the upper left on."""
        size = self.picture.size().boundedTo(
            self.picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        )
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, size != self.picture.size())
        painter.drawImage(QRect(QPoint(0, 0), size), self.picture)


def rules_words(measurement: Measurement) -> str:
    """The metric's own rules and what its interval is."""
    return "; ".join(part for part in (measurement.protocol.rules, measurement.how) if part)


def about_words(measurement: Measurement) -> str:
    """The interval, which side is better, what real samples have: in one line."""
    real = real_words(measurement)
    parts = [
        spread_words(measurement), better_words(measurement.metric), f"real samples have {real}" if real else "",
    ]  # fmt: skip
    return " · ".join(part for part in parts if part)


def shared_words(measurement: Measurement) -> str:
    """The part of the protocol that all numbers of one wish share."""
    p = measurement.protocol
    other = f" ({whole(p.reference_samples)})" if p.reference_samples else ""
    return (
        f"{whole(p.samples)} samples, seed {p.seed}, truncation {p.truncation:g}, against {p.reference}{other}; "
        f"on {p.device}"
    )


class ResultList(QScrollArea):
    """The numbers of one wish, the newest last and in sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[Measurement, ...] = ()
        self.rows: list[ResultRow] = []
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Results")
        self._renew()

    def show_results(self, found: Sequence[Measurement]) -> None:
        """Bring the rows in line; those that are there stay."""
        if tuple(found[: len(self._shown)]) != self._shown:
            self._renew()
        for measurement in found[len(self._shown) :]:
            row = ResultRow(measurement)
            self.rows.append(row)
            self._column.insertWidget(self._column.count() - 1, row)
        self._shown = tuple(found)

    def _renew(self) -> None:
        inside = QWidget()
        set_role(inside, "scrolled")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(2, 0, 12, 4)
        self._column.setSpacing(10)
        self._column.addStretch(1)
        self.rows, self._shown = [], ()
        self.setWidget(inside)
