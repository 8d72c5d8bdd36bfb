"""The gallery over a quick stand-in for its child, in a real process all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QHelpEvent
from PySide6.QtWidgets import QFileDialog, QListWidgetItem, QToolTip, QWidget
from pytestqt.qtbot import QtBot
from support.fake_previews import serve

from ganstudio.catalog.datasets import DATASETS, Digits, Folder
from ganstudio.catalog.downloads import Mnist
from ganstudio.core.schema import Options
from ganstudio.window.dialogs.chooser import ENTRY, Entry
from ganstudio.window.gallery.bars import ROW, ClassBars
from ganstudio.window.gallery.dialog import GalleryDialog
from ganstudio.window.gallery.sources import GROUPS, counts_caption, group_of, grouped, options_of


class Gallery:
    """An open gallery, driven by tests."""

    def __init__(self, qtbot: QtBot, current: Options | None = None) -> None:
        self.qtbot = qtbot
        self.dialog = GalleryDialog(current or Digits(), target=serve)
        self.dialog.show()
        self.stage = self.dialog.stage

    def until(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()))

    def show(self, kind: str) -> None:
        """Choose a source in the list and wait for what is shown."""
        self.dialog.select(kind)
        self.settle()

    def settle(self) -> None:
        self.until(lambda: self.dialog._wanted is None)

    def words(self) -> str:
        """The empty state in words."""
        assert self.stage.current() is self.stage.empty
        return self.stage.empty.accessibleName()

    def press(self) -> None:
        """The button of the empty state."""
        self.qtbot.mouseClick(self.stage.empty.button, Qt.MouseButton.LeftButton)


@pytest.fixture
def gallery(qtbot: QtBot) -> Iterator[Gallery]:
    made = Gallery(qtbot)
    made.settle()
    yield made
    made.dialog.reject()


def entries(gallery: Gallery) -> list[Entry | str]:
    return [gallery.dialog.list.item(row).data(ENTRY) for row in range(gallery.dialog.list.count())]


# ---------------------------------------------------------------- the list


def test_every_source_stands_under_its_heading(gallery: Gallery):
    listed = entries(gallery)
    assert [e for e in listed if isinstance(e, str)] == list(GROUPS)
    assert sorted(e.id for e in listed if isinstance(e, Entry)) == sorted(DATASETS)
    heading = ""
    for entry in listed:
        if isinstance(entry, str):
            heading = entry
        else:
            assert group_of(DATASETS[entry.id]) == heading
    assert {e.hint for e in listed if isinstance(e, Entry) and e.id == "mnist"} == {"9.9 MB"}


def test_the_current_data_is_ticked_and_shown_first(gallery: Gallery):
    ticked = [e.id for e in entries(gallery) if isinstance(e, Entry) and e.current]
    assert ticked == ["digits"]
    assert gallery.dialog.title.text() == "Handwritten digits"
    assert gallery.dialog.about.text().endswith("CC BY 4.0.")


def test_arrow_keys_pass_over_headings(gallery: Gallery):
    seen = []
    for _ in range(len(DATASETS) + 3):
        gallery.qtbot.keyClick(gallery.dialog.list, Qt.Key.Key_Down)
        seen.append(gallery.dialog.list.currentItem().data(ENTRY))
    assert all(isinstance(entry, Entry) for entry in seen)
    gallery.settle()
    assert gallery.dialog.title.text() == grouped()[-1].title


def test_settings_of_the_form_are_kept_for_its_own_source():
    assert options_of("digits", Digits(resolution=8)) == Digits(resolution=8)
    assert options_of("mnist", Digits(resolution=8)) == Mnist()
    assert options_of("folder", Digits()) is None
    assert options_of("folder", Folder(path="")) is None
    assert options_of("folder", Folder(path="x")) == Folder(path="x")


# ---------------------------------------------------------------- what is shown


def test_pictures_are_called_by_their_class(gallery: Gallery):
    assert gallery.stage.current() is gallery.stage.pictures
    assert [gallery.stage.pictures.cell_name(index) for index in range(3)] == ["cats", "dogs", "cats"]
    assert gallery.dialog.bars.names() == ("cats", "dogs") and gallery.dialog.bars.counts() == (30, 10)
    assert gallery.dialog.classes.isVisible() and not gallery.dialog.left_out.isVisible()
    assert gallery.dialog.classes.caption_label.text() == "2 classes, all 40 samples"
    assert gallery.dialog.facts.text() == "40 images"


def test_points_are_shown_as_points(gallery: Gallery):
    gallery.show("ring")
    assert gallery.stage.current() is gallery.stage.points
    assert not gallery.dialog._side.isVisible()


@pytest.mark.parametrize(
    ("counts", "total", "drawn", "text"),
    [
        ((), 0, 0, "The data has no labels."),
        ((1, 2), 3, 3, "2 classes, all 3 samples"),
        ((1,) * 1000, 0, 2000, "1,000 classes, 2,000 samples drawn"),
    ],
)
def test_what_is_counted_is_said(counts: tuple[int, ...], total: int, drawn: int, text: str):
    assert counts_caption(counts, total, drawn) == text


def test_a_folder_shows_what_was_left_out_and_why(gallery: Gallery):
    gallery.dialog.take_folder("/pictures/some")
    gallery.settle()
    assert gallery.dialog.left_out.isVisible()
    skipped = gallery.dialog.skipped
    assert [skipped.item(row).text() for row in range(skipped.count())] == ["cats/1.png: the file is empty"]
    assert gallery.dialog.left_out.caption_label.text() == "1 file, with the reason"
    gallery.show("digits")
    assert not gallery.dialog.left_out.isVisible() and skipped.count() == 0
    gallery.show("folder")  # the one that was chosen, still
    assert gallery.dialog.left_out.isVisible()


def test_another_folder_keeps_the_settings_of_the_form(qtbot: QtBot):
    gallery = Gallery(qtbot, Folder(path="/pictures/mine", resolution=64, fit="pad"))
    gallery.settle()
    gallery.dialog.take_folder("/pictures/other")
    gallery.settle()
    found = gallery.dialog.found
    assert found is not None and found.data == Folder(path="/pictures/other", resolution=64, fit="pad")
    gallery.dialog.reject()


def test_a_folder_is_asked_for_first(gallery: Gallery, monkeypatch: pytest.MonkeyPatch):
    gallery.show("folder")
    assert "No folder is chosen" in gallery.words()
    assert not gallery.dialog.use.isEnabled() and gallery.dialog.use.toolTip() == "Choose a folder first."
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *args: "/pictures/mine")
    gallery.press()
    gallery.settle()
    assert gallery.stage.current() is gallery.stage.pictures and gallery.dialog.use.isEnabled()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *args: "")
    gallery.dialog.folder.click()
    assert gallery.stage.current() is gallery.stage.pictures


def test_a_problem_is_told_with_what_to_do(gallery: Gallery):
    gallery.dialog.take_folder("/pictures/broken")
    gallery.settle()
    assert gallery.words() == "The folder is broken.. Choose another."
    assert gallery.stage.empty.button.text() == "Choose folder …"


# ---------------------------------------------------------------- downloads


def test_a_download_waits_for_the_button(gallery: Gallery):
    gallery.show("mnist")
    assert "9.9 MB to download, once" in gallery.words()
    assert gallery.dialog.facts.text() == "9.9 MB to download · 10 classes"
    gallery.press()
    assert gallery.stage.current() is gallery.stage.busy
    gallery.settle()
    assert gallery.stage.current() is gallery.stage.pictures


def test_a_download_tells_how_far_it_is_and_can_be_cancelled(gallery: Gallery):
    gallery.show("svhn")
    gallery.press()
    gallery.until(lambda: gallery.stage.busy.what.text() == "Downloading a.gz: 1.0 of 4.0 MB")
    assert gallery.stage.busy.bar.value() == gallery.stage.busy.bar.maximum() // 4
    child = psutil.Process(gallery.dialog.worker.pid)
    gallery.stage.busy.cancel.click()
    assert "is kept and taken up again" in gallery.words()
    assert gallery.stage.empty.button.text() == "Download"
    gallery.until(lambda: not child.is_running())
    gallery.show("digits")  # another child
    assert gallery.stage.current() is gallery.stage.pictures


def test_celeba_is_told_to_be_fetched_by_hand(
    gallery: Gallery, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    gallery.show("celeba")
    assert all(word in gallery.words() for word in ("drive", "/the/folder", "a.zip", "b.txt"))
    assert gallery.stage.empty.button.text() == "Look again"
    gallery.dialog._place = str(tmp_path / "new" / "folder")
    gallery.dialog.open_folder.click()
    assert [url.toLocalFile() for url in opened] == [str(tmp_path / "new" / "folder")]
    assert (tmp_path / "new" / "folder").is_dir()
    gallery.press()
    gallery.settle()
    assert "a.zip" in gallery.words()


def test_a_folder_that_cannot_be_made_is_told(gallery: Gallery, tmp_path: Path):
    gallery.show("celeba")
    (tmp_path / "file").write_bytes(b"")
    gallery.dialog._place = str(tmp_path / "file" / "below")
    gallery.dialog.open_folder.click()
    assert "The folder cannot be made" in gallery.words()


# ---------------------------------------------------------------- the child


def test_a_child_that_dies_takes_nothing_along(gallery: Gallery):
    gallery.dialog.take_folder("/pictures/crash")
    gallery.settle()
    assert "The process that looks at data has gone: it ended with code 9" in gallery.words()
    gallery.show("digits")
    assert gallery.stage.current() is gallery.stage.pictures


def test_a_child_killed_while_idle_is_replaced_without_a_word(gallery: Gallery):
    process = psutil.Process(gallery.dialog.worker.pid)
    process.kill()
    gallery.until(lambda: gallery.dialog.worker.pid == 0)
    assert gallery.stage.current() is gallery.stage.pictures
    gallery.show("ring")
    assert gallery.stage.current() is gallery.stage.points


def test_closing_ends_the_child_even_in_the_middle_of_work(qtbot: QtBot):
    gallery = Gallery(qtbot)
    gallery.settle()
    gallery.dialog.take_folder("/pictures/hang")
    gallery.until(lambda: gallery.stage.busy.what.text() == "Reading pictures")
    child = psutil.Process(gallery.dialog.worker.pid)
    gallery.dialog.reject()
    assert gallery.dialog.worker.isFinished()
    assert not child.is_running()


def test_a_child_that_cannot_be_started_is_told(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch):
    def refused(*args: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("ganstudio.window.child_thread.EngineProcess", refused)
    gallery = Gallery(qtbot)
    gallery.settle()
    assert "it could not be started (Resource temporarily unavailable)" in gallery.words()
    gallery.dialog.reject()


# ---------------------------------------------------------------- taking data


def test_the_data_shown_can_be_taken(qtbot: QtBot):
    gallery = Gallery(qtbot)
    taken: list[Options] = []
    gallery.dialog.chosen.connect(taken.append)
    gallery.show("cifar10")
    gallery.dialog.use.click()
    assert [options.kind for options in taken] == ["cifar10"]
    assert gallery.dialog.worker.isFinished()


def test_while_a_run_is_under_way_it_says_why_not(gallery: Gallery):
    gallery.dialog.lock("Stop the run first, then take other data.")
    gallery.show("shapes")
    assert not gallery.dialog.use.isEnabled() and "Stop the run first" in gallery.dialog.use.toolTip()
    gallery.dialog.lock("")
    assert gallery.dialog.use.isEnabled()


# ---------------------------------------------------------------- bars, names


def test_bars_tell_name_number_and_share(qtbot: QtBot):
    bars = ClassBars()
    qtbot.addWidget(bars)
    bars.show_counts(("a", "b"), (30, 10))
    bars.resize(200, 2 * ROW)
    bars.show()
    assert bars.row_text(1) == "b: 10 (25\u00a0%)"
    assert bars.sizeHint().height() == 2 * ROW
    bars.event(QHelpEvent(QHelpEvent.Type.ToolTip, QPoint(5, ROW + 3), bars.mapToGlobal(QPoint(5, ROW + 3))))
    assert QToolTip.text() == "b: 10 (25\u00a0%)"
    QToolTip.hideText()
    assert "a 30, b 10" in bars.accessibleDescription()


def test_longer_bars_mean_more_and_none_means_none(qtbot: QtBot):
    bars = ClassBars()
    qtbot.addWidget(bars)
    bars.show_counts(("a", "b", "c"), (40, 10, 0))
    bars.resize(300, 3 * ROW)
    from ganstudio.window.theme import theme

    image, green = bars.grab().toImage(), theme().color("real").rgb()
    middle = [row * ROW + ROW // 2 for row in range(3)]
    lengths = [sum(image.pixel(x, y) == green for x in range(image.width())) for y in middle]
    assert lengths[0] > 3 * lengths[1] > 0 and lengths[2] == 0


def test_every_control_of_the_gallery_has_a_name_and_a_tooltip(gallery: Gallery):
    from PySide6.QtWidgets import QAbstractButton

    gallery.show("celeba")
    for button in gallery.dialog.findChildren(QAbstractButton):
        if button.isVisible():
            assert button.text() or button.accessibleName()
            assert button.toolTip(), button.text()
    for widget in (gallery.dialog.list, gallery.dialog.skipped, gallery.stage.busy.bar):
        assert isinstance(widget, QWidget) and widget.accessibleName()
    assert isinstance(gallery.dialog.list.currentItem(), QListWidgetItem)


def test_a_shorter_text_after_a_longer_one_takes_less_room(gallery: Gallery):
    empty = gallery.stage.empty
    gallery.stage.show_text("Title", "short")
    before = empty._text.height()
    gallery.stage.show_text("Title", "long " * 200)
    assert empty._text.height() > before
    gallery.stage.show_text("Title", "short")
    assert empty._text.height() == before
