"""The dialog of report and export: formats, parts, checkpoints, progress, failure, cancelling, opening."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from support.reported import make_run

from ganstudio.reports.parts import Cancelled
from ganstudio.window.dialogs.report import ReportDialog
from ganstudio.window.dialogs.report import report_page as module


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return make_run(tmp_path, "digits")


@pytest.fixture
def dialog(qtbot, run: Path):
    shown = ReportDialog((run,))
    shown.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(shown)
    shown.show()
    return shown


def choose(dialog: ReportDialog, title: str) -> None:
    box = dialog.page.format
    index = box.findText(title)
    assert index >= 0
    box.setCurrentIndex(index)
    box.activated.emit(index)


def press(button) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_page_is_written_into_the_run_and_opened(qtbot, dialog, run: Path, monkeypatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or True)
    assert dialog.page.target() == run / "report.html" and not dialog.open_.isVisible()
    press(dialog.write)
    qtbot.waitUntil(lambda: dialog.open_.isVisible() and dialog.thread_ is None)
    assert (run / "report.html").is_file() and dialog.said.text() == "Written: report.html."
    press(dialog.open_)
    assert opened == [str(run / "report.html")]
    assert dialog.write.isEnabled() and dialog.leave.text() == "Close" and not dialog.progress.isVisible()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("PDF", "report.pdf"),
        ("CSV", "report.csv"),
        ("TensorBoard", "tensorboard"),
        ("Web page", "report.html"),
    ],
)
def test_the_path_follows_the_format(dialog, run: Path, title: str, name: str) -> None:
    choose(dialog, title)
    assert dialog.page.target() == run / name and dialog.page.about.text()
    choose(dialog, "JSON")
    assert dialog.page.target() == run / "report.json"


def test_a_path_of_ones_own_keeps_its_name(dialog, tmp_path: Path) -> None:
    dialog.page.path.setText(str(tmp_path / "mine.html"))
    choose(dialog, "PDF")
    assert dialog.page.target() == tmp_path / "mine.pdf"
    dialog.page.path.setText(str(tmp_path / "v1.2"))
    assert dialog.page.target() == tmp_path / "v1.2.pdf"


def test_parts_that_are_off_are_left_out(qtbot, dialog, run: Path) -> None:
    choose(dialog, "JSON")
    dialog.report.switches["curves"].setChecked(False)
    press(dialog.write)
    qtbot.waitUntil(lambda: dialog.thread_ is None and bool(dialog.files))
    (told,) = json.loads((run / "report.json").read_text("utf-8"))["runs"]
    assert "series" not in told and "config" in told


def test_a_folder_that_is_not_there_is_told(dialog, tmp_path: Path) -> None:
    dialog.page.path.setText(str(tmp_path / "nowhere" / "r.html"))
    press(dialog.write)
    assert dialog.problem.isVisible() and "There is no folder" in dialog.problem.text()
    dialog.page.path.setText("")
    assert not dialog.write.isEnabled() and not dialog.problem.isVisible()


def test_a_run_that_has_gone_is_told(qtbot, dialog, run: Path, tmp_path: Path) -> None:
    (run / "run.toml").unlink()
    dialog.page.path.setText(str(tmp_path / "r.html"))
    press(dialog.write)
    qtbot.waitUntil(lambda: dialog.problem.isVisible() and dialog.thread_ is None)
    assert "has no run.toml" in dialog.problem.text() and not dialog.open_.isVisible()


def test_cancelling_stops_the_writing(qtbot, dialog, run: Path, monkeypatch) -> None:
    begun, ended = threading.Event(), threading.Event()

    def slow(_runs, _out, making):
        begun.set()
        while not making.cancelled():
            threading.Event().wait(0.01)
        ended.set()
        raise Cancelled

    monkeypatch.setattr(module, "write_report", slow)
    press(dialog.write)
    qtbot.waitUntil(begun.is_set)
    assert dialog.leave.text() == "Cancel" and dialog.progress.isVisible() and not dialog.write.isEnabled()
    press(dialog.leave)
    assert ended.is_set() and not dialog.isVisible()
    assert not (run / "report.html").exists()


def test_the_window_offers_it_for_an_open_run(fake, run: Path) -> None:
    action = fake.window.registry.action("file.report")
    assert not action.isEnabled() and "No run is open." in action.toolTip()
    fake.window.opener.open_path(run)
    fake.until(lambda: fake.model.folder is not None)
    fake.until(action.isEnabled)
    assert fake.window.top.report.isEnabled() and fake.window.top.report.text() == "Report"
    fake.do("file.report")
    fake.until(lambda: bool(fake.window.findChildren(ReportDialog)))
    shown = fake.window.findChildren(ReportDialog)[-1]
    assert shown.runs == (run,)
    shown.reject()
