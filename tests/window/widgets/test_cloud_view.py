"""Points and densities: range, shapes, modes, export."""

from __future__ import annotations

from pathlib import Path

import inputs
import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from pytestqt.qtbot import QtBot

from ganstudio.window.theme import DARK, LIGHT, theme
from ganstudio.window.widgets.cloud_painting import Frame, Range
from ganstudio.window.widgets.cloud_view import CloudView
from ganstudio.window.widgets.saving import SaveDialog


@pytest.fixture
def cloud(qtbot: QtBot) -> CloudView:
    made = CloudView()
    qtbot.addWidget(made)
    made.resize(400, 320)
    made.show()
    yield made
    made.close()


@pytest.mark.parametrize("dimension", [1, 2])
def test_real_and_generated_are_painted_and_switched(
    qtbot: QtBot, cloud: CloudView, colours, dimension: int
) -> None:
    real, generated, density = inputs.points(dimension, 256)
    cloud.set_density(density)
    cloud.set_real(real)
    cloud.set_generated(generated, 900)
    assert {DARK["real"], DARK["generator"]} <= colours(cloud)
    qtbot.keyClick(cloud, Qt.Key.Key_R)
    assert cloud.mode() == "generated"
    assert DARK["real"] not in colours(cloud)
    cloud.set_mode("real")
    assert DARK["generator"] not in colours(cloud)
    cloud.set_mode("both")
    theme().set_mode("light")
    seen = colours(cloud)
    assert {LIGHT["real"], LIGHT["generator"]} <= seen
    assert not {DARK["real"], DARK["generator"], DARK["text"]} & seen


def test_the_range_is_that_of_the_real_points(cloud: CloudView) -> None:
    cloud.set_real(np.array([[0, 0], [10, 2]], np.float32))
    before = cloud.view_range()
    cloud.set_generated(np.array([[500, -500], [np.nan, 3]], np.float32))
    assert cloud.view_range() == before
    assert before is not None
    assert before.x == pytest.approx((-1.2, 11.2))


def test_a_unit_is_as_long_across_as_up() -> None:
    frame = Frame(QRectF(0, 0, 500, 300), (-1, 1), (-1, 1), equal=True)
    across = np.diff(frame.xs(np.array([0.0, 1.0])))[0]
    up = -np.diff(frame.ys(np.array([0.0, 1.0])))[0]
    assert across == pytest.approx(up)
    assert frame.x[0] <= -1
    assert frame.y[1] >= 1


def test_empty_again_and_refused(qtbot: QtBot, cloud: CloudView) -> None:
    cloud.set_empty("Nothing", "yet", "Start")
    assert cloud.empty.isVisible()
    cloud.set_generated(np.zeros((3, 2), np.float32))
    assert cloud.canvas.isVisible()
    cloud.clear()
    with qtbot.waitSignal(cloud.action_requested):
        qtbot.mouseClick(cloud.empty.button, Qt.MouseButton.LeftButton)
    with pytest.raises(ValueError, match="points must be"):
        cloud.set_real(np.zeros((3, 4), np.float32))


def test_export(cloud: CloudView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SaveDialog, "ask", lambda _p, _t, name, suffix: tmp_path / (name + suffix))
    real, generated, _ = inputs.points(2, 64)
    cloud.set_real(real)
    cloud.set_generated(generated, 900)
    cloud.save_drawing()
    cloud.save_picture()
    assert (tmp_path / "points-000900.svg").read_text().count("<circle") + (
        tmp_path / "points-000900.svg"
    ).read_text().count("<ellipse") >= 64
    assert (tmp_path / "points-000900.png").read_bytes().startswith(b"\x89PNG")


def test_several_views_can_share_a_range(qtbot: QtBot) -> None:
    view = CloudView()
    qtbot.addWidget(view)
    own = np.zeros((3, 2), np.float32)
    view.set_real(own)
    before = view.view_range()
    shared = Range((-9.0, 9.0), (-9.0, 9.0), 2)
    view.set_range(shared)
    assert view.view_range() == shared
    view.set_range(None)
    assert view.view_range() == before
