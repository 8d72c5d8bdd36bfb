"""The parts that know no Qt, and the worker alone: settings, mailbox, search, story, opening, loading."""

from __future__ import annotations

import os
import signal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from support.fake_engine import serve

from ganstudio.catalog.presets import load_spec
from ganstudio.core.config import dump_toml
from ganstudio.core.messages import Begin, Picture, Ready, Scalars
from ganstudio.core.runs import RunFolder
from ganstudio.core.shapes import DataShape
from ganstudio.engine.pictures import grid, save_png, save_points
from ganstudio.window.fuzzy import best, score
from ganstudio.window.mailbox import Mailbox
from ganstudio.window.opening import Dropped, what_is
from ganstudio.window.run_loader import RunError, read_grid, read_points, read_run
from ganstudio.window.settings import Settings, SettingsFile
from ganstudio.window.worker import TrainingWorker

# ---------------------------------------------------------------- settings


def test_settings_come_back_as_they_were(tmp_path):
    file = SettingsFile(tmp_path / "window.toml")
    file.settings.theme = "light"
    file.settings.remember("/one")
    file.settings.remember("/two")
    file.settings.remember("/one")
    assert file.save()
    assert SettingsFile(tmp_path / "window.toml").settings == file.settings
    assert file.settings.recent == ["/one", "/two"]


@given(st.dictionaries(st.sampled_from(["theme", "recent", "prestart", "layout"]), st.integers() | st.text()))
def test_any_values_of_the_wrong_kind_give_way_to_defaults(table):
    from ganstudio.window.settings import _checked

    found = _checked(table)
    assert isinstance(found.prestart, bool) and found.theme in ("system", "dark", "light")
    assert isinstance(found.recent, list)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"theme = ", b"[" * 5000, b"a = 1\na = 2"])
def test_damaged_settings_are_set_aside(tmp_path, content):
    path = tmp_path / "window.toml"
    path.write_bytes(content)
    file = SettingsFile(path)
    assert file.settings == Settings() and "put back" in file.notice
    assert path.with_suffix(".toml.bad").read_bytes() == content


def test_two_windows_keep_what_the_other_one_changed(tmp_path):
    first, second = (SettingsFile(tmp_path / "window.toml") for _ in range(2))
    first.settings.remember("/one")
    first.save()
    second.settings.theme, second.settings.prestart = "light", False
    second.settings.remember("/two")
    second.save()
    first.settings.prestart = True  # as it was when this window opened: no change of its own
    first.settings.layout = "wide"
    first.save()
    found = SettingsFile(tmp_path / "window.toml").settings
    assert (found.theme, found.prestart, found.layout) == ("light", False, "wide")
    assert sorted(found.recent) == ["/one", "/two"]
    first.settings.recent.remove("/one")
    first.save()
    assert SettingsFile(tmp_path / "window.toml").settings.recent == ["/two"], "what was taken off stays off"
    first.settings.theme = "dark"
    first.save()
    second.save()
    assert SettingsFile(tmp_path / "window.toml").settings.theme == "dark", "the last change counts"


def test_settings_that_cannot_be_written_cost_nothing(tmp_path):
    (tmp_path / "file").write_text("")
    assert SettingsFile(tmp_path / "file" / "window.toml").save() is False


# ---------------------------------------------------------------- mailbox and search


def test_the_mailbox_keeps_all_scalars_in_order_and_the_newest_picture_only():
    box = Mailbox(capacity=4)
    for step in range(6):
        box.put(Scalars(step, 0, 0.0, {}))
        box.put(Picture(step, np.zeros((1, 2, 2, 1), np.uint8), saved=step % 2 == 0))
    assert [s.step for s in box.scalars()] == [2, 3, 4, 5], "bounded: the oldest give way"
    pictures, saved = box.newest()
    assert [p.step for p in pictures] == [5]
    assert saved == [0, 2, 4], "no saved grid is forgotten"
    assert box.newest() == ([], []) and box.scalars() == []


def test_a_few_letters_find_the_action_meant():
    names = ["Save checkpoint", "Save config as", "Stop", "Step", "Show run folder", "Reset layout"]
    assert best("sto", names, str)[0] == "Stop"
    assert best("sc", names, str)[:2] == ["Save checkpoint", "Save config as"]
    assert best("layout", names, str) == ["Reset layout"]
    assert best("", names, str) == names
    assert score("xyz", "Stop") is None


@given(st.text(max_size=6), st.text(max_size=20))
def test_a_text_always_finds_itself_and_never_what_lacks_a_letter(typed, text):
    found = score(typed, text)
    letters = [c for c in typed.lower() if c != " "]
    if any(c not in text.lower() for c in letters):
        assert found is None
    assert score(text, text) is not None


# ---------------------------------------------------------------- opening and loading


def test_what_a_path_is(tmp_path):
    run, pictures, nothing = tmp_path / "run", tmp_path / "pictures" / "cats", tmp_path / "nothing"
    for folder in (run, pictures, nothing):
        folder.mkdir(parents=True)
    (run / "run.toml").write_text("")
    (pictures / "one.JPG").write_bytes(b"")
    (nothing / "notes.txt").write_text("")
    (tmp_path / "my.toml").write_text("")
    kinds = [what_is(p) for p in (run, run / "run.toml", pictures.parent, nothing, tmp_path / "my.toml")]
    assert kinds == [Dropped.RUN, Dropped.RUN, Dropped.PICTURES, Dropped.NOTHING, Dropped.CONFIG]
    assert what_is(tmp_path / "gone") is Dropped.NOTHING


def test_a_saved_grid_comes_back_cell_by_cell(tmp_path):
    images = np.random.default_rng(0).integers(0, 255, (7, 8, 8, 1), dtype=np.uint8)
    save_png(tmp_path / "grid.png", grid(images))
    found = read_grid(tmp_path / "grid.png", DataShape("image", 1, 8, 8), 7)
    np.testing.assert_array_equal(found.images, images)
    assert (found.columns, found.rows) == (0, ())


@pytest.mark.parametrize("damage", ["empty", "torn", "other"])
def test_a_damaged_grid_or_cloud_is_told_in_words(tmp_path, damage):
    png, points = tmp_path / "000050.png", tmp_path / "000050.safetensors"
    save_png(png, grid(np.zeros((4, 8, 8, 1), np.uint8)))
    save_points(points, np.zeros((3, 2), np.float32), np.zeros((3, 2), np.float32))
    for path in (png, points):
        content = path.read_bytes()
        path.write_bytes({"empty": b"", "torn": content[: len(content) // 2], "other": b"hello" * 9}[damage])
    with pytest.raises(RunError, match=r"000050\.png"):
        read_grid(png, DataShape("image", 1, 8, 8), 4)
    with pytest.raises(RunError, match=r"000050\.safetensors"):
        read_points(points)


def test_a_grid_of_another_size_is_no_grid(tmp_path):
    Image.fromarray(np.zeros((5, 5), np.uint8)).save(tmp_path / "a.png")
    with pytest.raises(RunError):
        read_grid(tmp_path / "a.png", DataShape("image", 1, 8, 8), 64)


def test_a_run_is_read_with_its_marks_and_its_end(tmp_path):
    folder = RunFolder(tmp_path / "run")
    folder.path.mkdir()
    folder.create(dump_toml(load_spec("ring-2d")))
    folder.append_metrics(10, 100, 1.0, {"loss/generator": 0.5})
    folder.append_event("changed", 5, key="optimizer.generator.lr", old=1e-4, new=2e-4)
    folder.append_event("resumed", 7)
    folder.append_event("resumed", 8, device="CPU")
    with (folder.path / "metrics.jsonl").open("a") as file:
        file.write('{"step": 11, "lo')
    found = read_run(folder.path)
    assert found.step == 10
    assert [(m.step, m.label, m.kind) for m in found.marks] == [
        (5, "Generator rate 1e-4 → 2e-4", "change"),
        (8, "resumed", "resume"),
    ]


def test_a_run_is_read_with_the_findings_that_still_held(tmp_path):
    folder = RunFolder(tmp_path / "run")
    folder.path.mkdir()
    folder.create(dump_toml(load_spec("ring-2d")))
    told = {"title": "Alike", "text": "They are alike.", "series": ["diversity/samples"], "since": 20}
    folder.append_event("finding", 30, finding="before", **told)
    folder.append_event("resumed", 40, device="CPU")
    folder.append_event("finding", 50, finding="over", **told)
    folder.append_event("finding", 60, finding="disk", text="The disk is full.")
    folder.append_event("finding", 70, finding="mode-collapse", **told)
    folder.append_event("healed", 80, finding="over")
    (finding,) = read_run(folder.path).findings
    assert (finding.kind, finding.title, finding.step, finding.since) == ("mode-collapse", "Alike", 70, 20)
    assert finding.series == ("diversity/samples",) and not finding.advice


@pytest.mark.parametrize(
    "content", ["", "variant = 3", "\x00", "variant = 'dcgan'\nsteps = -1\n[data]\nsource = 'digits'"]
)
def test_a_run_that_cannot_be_read_is_one_sentence(tmp_path, content):
    (tmp_path / "run.toml").write_text(content)
    with pytest.raises(RunError) as caught:
        read_run(tmp_path)
    assert str(caught.value).count("\n") == 0 and "run.toml" in str(caught.value)


# ---------------------------------------------------------------- the worker alone


@pytest.fixture
def worker(qtbot):
    made = TrainingWorker(serve)
    reports: list[object] = []
    made.report.connect(reports.append)
    made.reports = reports
    made.start()
    yield made
    made.close()
    assert made.wait(20_000)


def test_a_warm_engine_says_that_it_is_ready(worker, qtbot):
    qtbot.waitUntil(lambda: any(isinstance(r, Ready) for r in worker.reports))


def test_an_engine_that_dies_before_it_is_ready_is_not_started_again_and_again(qtbot):
    made = TrainingWorker(_dies)
    with qtbot.waitSignal(made.lost):
        made.start()
    assert made.pid == 0
    made.close()
    assert made.wait(20_000)


def _dies(_pipe: object) -> None:
    os._exit(3)


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
def test_a_begin_starts_an_engine_where_there_is_none(worker, qtbot, tmp_path):
    qtbot.waitUntil(lambda: worker.pid != 0 and bool(worker.reports))
    worker.prestart = False
    with qtbot.waitSignal(worker.lost):
        os.kill(worker.pid, signal.SIGKILL)
    assert worker.pid == 0
    worker.send(Begin(str(tmp_path), load_spec("ring-2d")))
    qtbot.waitUntil(lambda: bool(worker.mailbox.scalars()))


def save_rows(path, recipe, columns=2) -> np.ndarray:
    images = np.arange(6 * 16, dtype=np.uint8).reshape(6, 4, 4, 1)
    save_png(path, grid(images, columns=columns), recipe)
    return images


def test_a_saved_grid_of_classes_comes_back_with_its_rows(tmp_path):
    recipe = {"count": 6, "columns": 2, "rows": ["cat", "dog", "eel"]}
    images = save_rows(tmp_path / "a.png", recipe)
    found = read_grid(tmp_path / "a.png", DataShape("image", 1, 4, 4), 7)
    np.testing.assert_array_equal(found.images, images)
    assert (found.columns, found.rows) == (2, ("cat", "dog", "eel"))


@pytest.mark.parametrize(
    "recipe",
    [
        {"count": 6, "columns": -2, "rows": []},
        {"count": 6, "columns": 10**9, "rows": ["x"]},
        {"count": 6, "columns": 2, "rows": "cat"},
        {"count": True, "columns": 2.0, "rows": ["x"]},
        {"count": 10**12},
    ],
)
def test_a_description_that_makes_no_sense_is_passed_over(tmp_path, recipe):
    save_rows(tmp_path / "a.png", recipe, columns=3)
    found = read_grid(tmp_path / "a.png", DataShape("image", 1, 4, 4), 6)
    assert (found.columns, found.rows) == (0, ()) and len(found.images) == 6


def test_names_of_rows_are_bounded(tmp_path):
    save_rows(tmp_path / "a.png", {"count": 6, "columns": 2, "rows": ["x" * 10_000] * 500})
    found = read_grid(tmp_path / "a.png", DataShape("image", 1, 4, 4), 6)
    assert len(found.rows) == 3 and len(found.rows[0]) == 80
