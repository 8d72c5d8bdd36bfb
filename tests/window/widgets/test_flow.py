"""The layout that goes on in the next line."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ganstudio.window.widgets.flow import Flow


def made(count: int) -> tuple[QWidget, list[QLabel]]:
    whole, labels = QWidget(), [QLabel("words") for _ in range(count)]
    flow = Flow(10)
    for label in labels:
        label.setFixedSize(100, 20)
        flow.addWidget(label)
    QVBoxLayout(whole).addLayout(flow)
    whole.layout().setContentsMargins(0, 0, 0, 0)
    return whole, labels


def test_what_has_no_room_goes_to_the_next_line(qtbot):
    whole, labels = made(3)
    qtbot.addWidget(whole)
    for width, lines in ((320, 1), (319, 2), (210, 2), (209, 3), (50, 3)):
        assert whole.layout().totalHeightForWidth(width) == 20 * lines + 2 * (lines - 1), width
    whole.resize(210, 100)
    whole.show()
    assert [(label.x(), label.y() - labels[0].y()) for label in labels] == [(0, 0), (110, 0), (0, 22)]


def test_what_is_hidden_takes_no_room_and_what_is_wide_widens_nothing(qtbot):
    whole, labels = made(2)
    qtbot.addWidget(whole)
    labels[0].hide()
    flow = whole.layout().itemAt(0).layout()
    assert flow.heightForWidth(1000) == 20 and flow.sizeHint().width() == 100
    assert flow.minimumSize().width() == 0 and flow.count() == 2
    assert flow.itemAt(2) is None and flow.takeAt(5) is None
