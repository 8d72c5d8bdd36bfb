"""The dialog: what suits, what is missing, progress, numbers, weights of the Inception."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog
from support.marking import number
from support.reported import STEPS, make_run
from support.tiny import IMAGES, POINTS, tiny

from ganstudio.catalog.measures import MEASURES, downloads
from ganstudio.core.lifecycle import State
from ganstudio.core.messages import Measured
from ganstudio.core.published import NETWORKS, weights_folder
from ganstudio.core.runs import RunFolder
from ganstudio.window.measuring.choices import OWN, PUBLISHED, groups, has_both, in_own_features
from ganstudio.window.measuring.dialog import BEST, NEWEST, NOW, MeasureDialog


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSTUDIO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "hub"))


@pytest.fixture
def dialog(fake: Any, tmp_path: Path) -> Iterator[MeasureDialog]:
    """Over an opened run of digits with one checkpoint."""
    fake.window.opener.open_run(make_run(tmp_path, "digits"))
    fake.until(lambda: fake.model.folder is not None)
    fake.do("run.measure")
    yield fake.window.measuring.dialog


def press(fake: Any, dialog: MeasureDialog, *metrics: str) -> None:
    dialog.list.set_all(False)
    for name in metrics:
        dialog.list.rows[name].switch.setChecked(True)
    assert dialog.go.isEnabled(), dialog.go.toolTip()
    dialog.go.click()
    fake.until(lambda: not dialog.measurer.busy)


def names(found: list) -> set[str]:
    return {choice.measure.name for _, choices in found for choice in choices}


def test_every_measure_is_in_a_group_and_says_how_it_is_found():
    for base in (POINTS, IMAGES):
        config = tiny(base)
        found = names(groups(config, OWN)) | names(groups(config, PUBLISHED))
        kind = config.data.data
        assert found == {m.name for m in MEASURES.values() if m.data == kind}
        for _, choices in groups(config, OWN):
            for choice in choices:
                assert choice.measure.idea in choice.tooltip and choice.measure.protocol in choice.tooltip
                assert choice.on != bool(choice.why or choice.measure.slow)


def test_numbers_of_features_are_shown_in_those_that_were_chosen():
    own, published = (names(groups(tiny(IMAGES), which)) for which in (OWN, PUBLISHED))
    assert "fd-domain" in own and "fid" not in own and "fid" in published and "fd-domain" not in published
    assert "copied-domain" in own & published and "ppl" in published and "path-domain" not in published
    assert all(bool(downloads(MEASURES[name])) == (name in published - own) for name in own | published)
    assert (
        in_own_features(MEASURES["fid"]) is MEASURES["fd-domain"]
        and in_own_features(MEASURES["ppl"]) is MEASURES["path-domain"]
        and in_own_features(MEASURES["w1"]) is None
    )
    assert has_both(tiny(IMAGES)) and not has_both(tiny(POINTS))


def test_what_does_not_suit_is_greyed_with_the_reason(dialog: MeasureDialog):
    row = dialog.list.rows["mig"]
    assert not row.switch.isEnabled() and not row.switch.isChecked()
    assert "This needs data with known factors and a generator with at least two codes." in row.words.text()
    assert "arXiv:1802.04942" in row.toolTip()
    assert "mig" not in dialog.list.names() and "fd-domain" in dialog.list.names()


def test_numbers_come_with_interval_protocol_and_warnings(fake: Any, dialog: MeasureDialog):
    press(fake, dialog, "fd-domain", "precision-domain")
    rows = dialog.results.rows
    assert [row.measurement.metric for row in rows] == ["fd-domain", "precision-domain"]
    assert "59.0 to 61.0 · lower is better" in rows[0].about.text()
    fake.until(rows[0].isVisible)
    assert (
        "unbiased covariance" in rows[0].toolTip()
        and rows[0].rules.text() == "unbiased covariance; bootstrap"
    )
    assert dialog.shared.text().startswith(
        "10,000 samples, seed 0, truncation 1, against digits: all (1,797)"
    )
    assert dialog.what.text() == "Measured; the numbers stand in the run."
    assert [m.metric for m in fake.model.measurements] == ["fd-domain", "precision-domain"]
    assert RunFolder(dialog.folder.path).evaluations()[0].protocol.samples == 10_000


def test_progress_and_cancel(fake: Any, dialog: MeasureDialog):
    (dialog.folder.path / "hang").touch()
    dialog.go.click()
    fake.until(lambda: dialog.bar.maximum() == 1000 and dialog.bar.value() == 250)
    assert dialog.stop.isVisible() and not dialog.go.isEnabled()
    assert dialog.what.text() == "Looking at generated pictures …"
    job = dialog.measurer.job
    dialog.measurer._on_report(Measured(job.wish.number, number(40, 3.0)))
    dialog.measurer._on_report(Measured(job.wish.number - 1, number(40, 4.0)))
    assert [row.measurement.value for row in dialog.results.rows] == [3.0], "as they come, of this wish alone"
    fake.until(dialog.results.rows[0].isVisible)
    dialog.stop.click()
    fake.until(lambda: not dialog.measurer.busy)
    assert (
        dialog.what.text().startswith("Cancelled.") and dialog.go.isEnabled() and not dialog.bar.isVisible()
    )


def test_a_failure_is_told_where_it_was_asked(fake: Any, dialog: MeasureDialog):
    (dialog.folder.path / "refuse").touch()
    dialog.go.click()
    fake.until(dialog.problem.isVisible)
    assert dialog.problem.text() == "The data has gone. Bring it back."


@pytest.mark.parametrize(
    ("field", "text", "why"),
    [("samples", "", "Give a number for samples."), ("seed", "", "the seed"), ("truncation", "x", "the truncation"),
     ("samples", "3", "At least 10 samples")],
)  # fmt: skip
def test_what_is_missing_is_said(dialog: MeasureDialog, field: str, text: str, why: str):
    getattr(dialog, field).setText(text)
    assert not dialog.go.isEnabled() and why in dialog.go.toolTip()


def test_no_metric_no_measuring(dialog: MeasureDialog):
    dialog.none_.click()
    assert dialog.go.toolTip() == "Switch a metric on." and not dialog.go.isEnabled()
    dialog.all_.click()
    assert dialog.go.isEnabled() and "path-domain" in dialog.list.names()


def show_published(dialog: MeasureDialog, *metrics: str) -> None:
    """Numbers of published networks, and of them these alone."""
    dialog.features.set_value(PUBLISHED)
    dialog.features.chosen.emit(PUBLISHED)
    dialog.list.set_all(False)
    for name in metrics:
        dialog.list.rows[name].switch.setChecked(True)


@pytest.mark.parametrize(("metric", "network"), [("fid", "inception"), ("ppl", "vgg16")])
def test_weights_from_a_file(
    fake: Any,
    dialog: MeasureDialog,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    metric: str,
    network: str,
):
    show_published(dialog, metric)
    assert not dialog.go.isEnabled()
    assert f"The weights of {NETWORKS[network].words} are not here yet." in dialog.go.toolTip()
    row = dialog.weights.rows[network]
    assert NETWORKS[network].file in row.words.text() and str(weights_folder()) in row.words.text()
    empty, good = tmp_path / "empty.pth", tmp_path / "good.pth"
    empty.write_bytes(b"")
    good.write_bytes(b"weights")
    for chosen, told in ((empty, "This is not the published file. Choose another one."), (good, "")):
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, path=chosen: (str(path), ""))
        row.choose.click()
        fake.until(lambda: not dialog.measurer.busy)
        assert dialog.problem.text() == told
    assert row.words.text().startswith(f"The weights of {NETWORKS[network].words} are here")
    assert dialog.go.isEnabled() and not row.download.isVisible()
    press(fake, dialog, metric)
    assert dialog.results.rows[0].measurement.metric == metric


def test_each_network_is_asked_for_where_a_metric_needs_it(dialog: MeasureDialog):
    def asked() -> set[str]:
        return {name for name, row in dialog.weights.rows.items() if row.isVisibleTo(dialog)}

    assert asked() == set()
    show_published(dialog, "ppl")
    assert (
        asked() == {"vgg16"}
        and f"{NETWORKS['vgg16'].megabytes} MB" in dialog.weights.rows["vgg16"].download.text()
    )
    show_published(dialog, "fid", "kid", "ppl")
    assert asked() == {"inception", "vgg16"}
    assert "the Inception network and the VGG16 network are not here yet" in dialog.go.toolTip()
    show_published(dialog, "ms-ssim")
    assert asked() == set() and dialog.go.isEnabled()


def test_features_may_be_changed_and_the_same_numbers_stay_chosen(dialog: MeasureDialog):
    show_published(dialog, "fid", "ppl", "ms-ssim")
    dialog.features.set_value(OWN)
    dialog.features.chosen.emit(OWN)
    assert dialog.list.names() == ("fd-domain", "path-domain", "ms-ssim")


def test_a_download_shows_progress_and_can_be_cancelled(fake: Any, dialog: MeasureDialog):
    show_published(dialog, "ppl")
    weights_folder().mkdir(parents=True)
    (weights_folder() / "hang").touch()
    row, file = dialog.weights.rows["vgg16"], NETWORKS["vgg16"].file
    row.download.click()
    fake.until(lambda: dialog.what.text() == f"Downloading {file} …" and dialog.bar.value() == 500)
    dialog.stop.click()
    fake.until(lambda: not dialog.measurer.busy)
    assert row.download.isVisible() and row.download.isEnabled()
    (weights_folder() / "hang").unlink()
    row.download.click()
    fake.until(lambda: row.here and not dialog.measurer.busy)
    assert not row.download.isVisible()


def test_which_checkpoint(fake: Any, dialog: MeasureDialog):
    def entries() -> list[tuple[str, int]]:
        box = dialog.checkpoint
        return [(box.itemText(i), box.itemData(i)) for i in range(box.count())]

    assert entries() == [("Newest (40)", NEWEST), ("40", 40)]
    press(fake, dialog, "fd-domain")
    assert ("Best (40)", BEST) in entries()
    for step in (BEST, 40, NEWEST):
        dialog.checkpoint.setCurrentIndex(dialog.checkpoint.findData(step))
        assert dialog.wish().checkpoint == 40
    dialog.seed.setText("7")
    dialog.truncation.setText("0.5")
    assert (dialog.wish().seed, dialog.wish().truncation) == (7, 0.5)


def test_a_live_run_may_be_measured_as_it_is(fake: Any):
    fake.start()
    fake.do("run.measure")
    dialog = fake.window.measuring.dialog
    assert dialog.checkpoint.currentData() == NOW and not dialog.weights.isVisible()
    press(fake, dialog, "w1")
    assert [m.metric for m in fake.model.measurements] == ["w1"] and fake.state is State.RUNNING
    assert fake.model.measurements[0].step == RunFolder(dialog.folder.path).checkpoint_steps()[-1]


def test_it_may_be_closed_while_measuring_goes_on_and_shows_the_same_again(fake: Any, dialog: MeasureDialog):
    (dialog.folder.path / "hang").touch()
    dialog.samples.setText("300")
    dialog.go.click()
    fake.until(lambda: dialog.bar.value() == 250)
    folder = dialog.folder.path
    dialog.leave.click()
    fake.until(lambda: fake.window.measuring.dialog is None)
    assert fake.window.measuring.measurer.busy and fake.window.status.measuring.isVisibleTo(fake.window)
    (folder / "hang").unlink()
    fake.until(lambda: not fake.window.measuring.measurer.busy)
    fake.do("run.measure")
    again = fake.window.measuring.dialog
    assert again.samples.text() == "300"
    fake.until(again.results.rows[0].isVisible)


def test_another_run_closes_it(fake: Any, dialog: MeasureDialog):
    fake.do("run.close")
    assert fake.window.measuring.dialog is None
    assert not fake.window.registry.action("run.measure").isEnabled()
    assert "No run is open." in fake.window.registry.action("run.measure").toolTip()


def test_everything_has_a_name_and_a_tooltip(dialog: MeasureDialog):
    from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit

    for kind in (QAbstractButton, QComboBox, QLineEdit):
        for widget in dialog.findChildren(kind):
            if widget.isVisibleTo(dialog) and widget.objectName() != "qt_spinbox_lineedit":
                named = widget.accessibleName() or getattr(widget, "text", str)()
                assert named and (widget.toolTip() or widget is dialog.features), widget


def test_numbers_of_before_stand_there_until_something_is_asked_for(fake: Any, tmp_path: Path):
    path = make_run(tmp_path, "measured")
    RunFolder(path).append_evaluation(number(STEPS, 4.5, "fd-domain"))
    fake.window.opener.open_run(path)
    fake.until(lambda: fake.model.folder is not None)
    fake.do("run.measure")
    dialog = fake.window.measuring.dialog
    assert [row.measurement.value for row in dialog.results.rows] == [4.5]
    assert f"measured before, at step\u00a0{STEPS}" in dialog.found.caption_label.text()
    press(fake, dialog, "ms-ssim")
    assert [row.measurement.metric for row in dialog.results.rows] == ["ms-ssim"]
