"""The pages of the report dialog that take something out of a run: its generator, its checkpoints."""

from __future__ import annotations

import os
import zipfile
from multiprocessing.connection import Connection
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog
from support.reported import make_run, measurement
from support.sealing import seal

from ganstudio.core.exports import Export, Exported, ExportFailed
from ganstudio.core.messages import Preparing
from ganstudio.core.runs import RunFolder
from ganstudio.reports.data import ReportError
from ganstudio.reports.parts import Cancelled, Making
from ganstudio.window.dialogs.report import ReportDialog, export_pages, making
from ganstudio.window.dialogs.report.export_pages import WITHOUT, TakingPage
from ganstudio.window.dialogs.report.making import export_generator

TITLES = {"Generator": 1, "Checkpoints": 2}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    path = make_run(tmp_path, "digits")
    for step in (20, 40):
        seal(RunFolder(path), step)
    RunFolder(path).append_evaluation(measurement("fd-domain", 3.0, 20))
    return path


@pytest.fixture
def dialog(qtbot, run: Path):
    return opened(qtbot, run)


def opened(qtbot, *runs: Path) -> ReportDialog:
    shown = ReportDialog(runs)
    shown.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(shown)
    shown.show()
    return shown


def turn_to(dialog: ReportDialog, title: str) -> TakingPage:
    dialog.list.setCurrentRow(TITLES[title])
    page = dialog.page
    assert isinstance(page, TakingPage) and page.title == title
    return page


def pick(box: QComboBox, text: str) -> None:
    index = box.findText(text)
    assert index >= 0, [box.itemText(i) for i in range(box.count())]
    box.setCurrentIndex(index)
    box.activated.emit(index)


def press(button) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def shown_choices(box: QComboBox) -> list[str]:
    return [box.itemText(i) for i in range(box.count())]


def test_the_keyboard_reaches_every_page(qtbot, dialog) -> None:
    dialog.list.setFocus()
    for title in TITLES:
        QTest.keyClick(dialog.list, Qt.Key.Key_Down)
        assert dialog.page.title == title and dialog.page.isVisible()
    for page in dialog.pages:
        for box in page.findChildren(QComboBox):
            assert box.accessibleName()
        assert page.path.accessibleName() and page.choose.toolTip()


# ---------------------------------------------------------------- checkpoints


def test_newest_best_all_and_each_can_be_chosen(dialog, run: Path) -> None:
    page = turn_to(dialog, "Checkpoints")
    assert shown_choices(page.checkpoint) == [
        "Newest, step 40", "Best that was measured, step 20", "All 2", "Step 20",
    ]  # fmt: skip
    assert page.target() == run / "digits-checkpoint-000040.zip"
    assert page.note.text().startswith("1 checkpoint, 0.0 MB.")
    pick(page.checkpoint, "All 2")
    assert page.target() == run / "digits-checkpoints.zip" and page.note.text().startswith("2 checkpoints")
    pick(page.format, "Folder")
    assert page.target() == run / "digits-checkpoints"
    page.path.setText(str(run / "mine"))
    pick(page.checkpoint, "Best that was measured, step 20")
    pick(page.format, "One zip file")
    assert page.target() == run / "mine.zip"
    assert "All 2" not in shown_choices(turn_to(dialog, "Generator").checkpoint)


def test_checkpoints_are_copied_and_shown(qtbot, dialog, run: Path, monkeypatch) -> None:
    places: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: places.append(url.toLocalFile()) or True)
    page = turn_to(dialog, "Checkpoints")
    pick(page.checkpoint, "All 2")
    press(dialog.write)
    qtbot.waitUntil(lambda: dialog.open_.isVisible() and dialog.thread_ is None)
    assert dialog.said.text() == "Written: digits-checkpoints.zip." and dialog.open_.text() == "Show"
    with zipfile.ZipFile(run / "digits-checkpoints.zip") as file:
        assert "digits-checkpoints/checkpoints/000020/state.json" in file.namelist()
    press(dialog.open_)
    assert places == [str(run)]
    pick(page.format, "Folder")
    press(dialog.write)
    qtbot.waitUntil(lambda: dialog.open_.isVisible() and dialog.thread_ is None)
    assert RunFolder(run / "digits-checkpoints").checkpoint_steps() == [20, 40]
    press(dialog.open_)
    assert places[1:] == [str(run / "digits-checkpoints")]


def test_a_chosen_folder_gets_a_new_one_and_a_chosen_file_its_name(dialog, run: Path, monkeypatch) -> None:
    page = turn_to(dialog, "Checkpoints")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(run))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(run / "kept"), ""))
    press(page.choose)
    assert page.target() == run / "kept.zip"
    pick(page.format, "Folder")
    press(page.choose)
    assert page.target() == run / "digits-checkpoint-000040"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    press(page.choose)
    assert page.target() == run / "digits-checkpoint-000040"


def test_a_damaged_checkpoint_is_told_and_the_rest_can_be_written(qtbot, dialog, run: Path) -> None:
    (run / "checkpoints" / "000040" / "weights.safetensors").write_bytes(b"no")
    page = turn_to(dialog, "Checkpoints")
    press(dialog.write)
    qtbot.waitUntil(lambda: dialog.problem.isVisible() and dialog.thread_ is None)
    assert "Checkpoint 000040 is damaged" in dialog.problem.text() and dialog.write.isEnabled()
    pick(page.checkpoint, "Step 20")
    assert not dialog.problem.isVisible()
    press(dialog.write)
    qtbot.waitUntil(lambda: bool(dialog.files) and dialog.thread_ is None)


def test_without_a_checkpoint_the_page_says_so(qtbot, tmp_path: Path) -> None:
    dialog = opened(qtbot, make_run(tmp_path, "fresh", steps=0))
    assert dialog.write.isEnabled()
    for title in TITLES:
        page = turn_to(dialog, title)
        assert not dialog.write.isEnabled() and dialog.write.toolTip() == WITHOUT == page.note.text()
    dialog.list.setCurrentRow(0)
    assert dialog.write.isEnabled() and not dialog.write.toolTip()


def test_of_several_runs_there_is_a_report_only(qtbot, run: Path, tmp_path: Path) -> None:
    dialog = opened(qtbot, run, make_run(tmp_path, "other"))
    for title in TITLES:
        (item,) = dialog.list.findItems(title, Qt.MatchFlag.MatchExactly)
        assert not item.flags() & Qt.ItemFlag.ItemIsEnabled and "single run" in item.toolTip()
    assert len(dialog.pages) == 1 and dialog.page.title == "Report"


# ---------------------------------------------------------------- the generator


def answer(connection: Connection) -> None:
    """A child that writes nothing and says it did, fails, goes away or hangs, as the name of the file asks."""
    wish = connection.recv()
    assert isinstance(wish, Export)
    name = Path(wish.out).stem
    if name == "gone":
        os._exit(3)
    connection.send(Preparing("Reading the checkpoint", 0.1))
    if name == "bad":
        connection.send(ExportFailed("Checkpoint 40 is damaged.", "Choose another checkpoint."))
    elif name != "hang":
        connection.send(Exported((wish.out, f"{name}.card.md"), wish.checkpoint or 0))
    connection.recv()


@pytest.fixture
def child(monkeypatch) -> list[int]:
    """The child is :func:`answer`; the numbers of those that were started."""
    started: list[int] = []

    def with_child(wish: Export, making: Making) -> list[Path]:
        try:
            return export_generator(wish, making, answer)
        finally:
            started.extend(process.pid for process in psutil.Process().children())

    monkeypatch.setattr(export_pages, "export_generator", with_child)
    return started


@pytest.mark.usefixtures("child")
def test_a_generator_and_its_card_are_written(qtbot, dialog, run: Path) -> None:
    page = turn_to(dialog, "Generator")
    assert page.target() == run / "generator-000040.safetensors" and "model card" in page.note.text()
    pick(page.checkpoint, "Best that was measured, step 20")
    pick(page.format, "Network (ONNX)")
    assert page.target() == run / "generator-000020.onnx"
    press(dialog.write)
    qtbot.waitUntil(lambda: dialog.open_.isVisible() and dialog.thread_ is None)
    assert dialog.said.text() == "Written: generator-000020.onnx and generator-000020.card.md."
    assert dialog.open_.text() == "Show" and not dialog.problem.isVisible()


@pytest.mark.usefixtures("child")
@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("bad", "Checkpoint 40 is damaged. Choose another checkpoint."),
        ("gone", "The engine has gone: it ended with code 3."),
    ],
)
def test_a_child_that_fails_is_told(qtbot, dialog, tmp_path: Path, name: str, problem: str) -> None:
    turn_to(dialog, "Generator").path.setText(str(tmp_path / f"{name}.safetensors"))
    press(dialog.write)
    qtbot.waitUntil(lambda: dialog.problem.isVisible() and dialog.thread_ is None)
    assert dialog.problem.text() == problem and dialog.write.isEnabled() and dialog.list.isEnabled()


def test_cancelling_ends_the_child(qtbot, dialog, tmp_path: Path, child: list[int]) -> None:
    turn_to(dialog, "Generator").path.setText(str(tmp_path / "hang.safetensors"))
    press(dialog.write)
    qtbot.waitUntil(lambda: dialog.said.text() == "Reading the checkpoint …")
    assert not dialog.list.isEnabled() and not dialog.page.isEnabled() and dialog.progress.value() == 10
    press(dialog.leave)
    assert not dialog.isVisible()
    assert not [pid for pid in child if psutil.pid_exists(pid) and _is_engine(pid)]


def _is_engine(pid: int) -> bool:
    """The resource tracker of multiprocessing stays, as it should."""
    return "resource_tracker" not in " ".join(psutil.Process(pid).cmdline())


def test_an_engine_that_does_not_start_is_told(dialog, run: Path, monkeypatch) -> None:
    def refuse(_target: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(making, "EngineProcess", refuse)
    with pytest.raises(ReportError, match="could not be started"):
        export_generator(Export(str(run), "g.onnx", 40), Making())


def test_nobody_waits_for_a_child_that_is_not_wanted(run: Path) -> None:
    with pytest.raises(Cancelled):
        export_generator(Export(str(run), "g.onnx", 40), Making(cancelled=lambda: True), answer)
