"""What a report reads: whole runs, empty ones, damaged ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.marking import number, put
from support.reported import measurement

from ganstudio.core.runs import RunFolder
from ganstudio.reports import figures, words
from ganstudio.reports.data import ReportData, ReportError, read_report
from ganstudio.reports.write import write_report


def test_a_run_is_read_whole(report: ReportData) -> None:
    assert report.step == 40 and report.images == 32 * 40 and report.seconds == 20.0
    assert report.samples == (0, 20, 40) and report.checkpoints == (40,)
    assert report.facts["torch"] == "2.14.1"
    assert words.state(report) == words.COMPLETE


def test_the_summary_says_what_came_of_it(report: ReportData) -> None:
    told = " ".join(words.summary(report)).replace("\u00a0", " ")
    assert (
        "DCGAN (2015) on Handwritten digits, seed 0. The run is complete: 40 steps in 20 s, after 1,280 images."
        in told
    )
    assert "right about 75 % of the time" in told
    assert "Best of 2 measured steps is step 40: Frechet distance, own features (fd-domain) 30.25" in told
    assert "Still to be looked at: few modes." in told and "discriminator wins" not in told


def test_findings_tell_since_when_and_whether_they_healed(report: ReportData) -> None:
    strong, collapse = words.findings(report)
    assert (strong.title, strong.step, strong.healed) == ("The discriminator wins", 8, 20)
    assert (collapse.step, collapse.healed) == (30, None)


def test_what_happened_is_told_in_order(report: ReportData) -> None:
    told = [moment.text for moment in words.moments(report)]
    assert told[:2] == ["started on CPU, 2 threads", "finished"]
    assert "optimizer.generator.lr: 1e-3 → 2e-3" in told


@pytest.mark.parametrize(
    ("steps", "event", "state"),
    [
        (40, None, words.COMPLETE),
        (20, None, words.STOPPED),
        (20, "failed", words.FAILED),
        (0, None, words.EMPTY),
    ],
)
def test_the_state_of_a_run(make_run, steps: int, event: str | None, state: str) -> None:
    path = make_run(steps=steps, pictures=())
    if event:
        RunFolder(path).append_event(event, steps, problem="no memory")
    assert words.state(read_report(path)) == state


def test_a_killed_run_is_told_as_broken_off(make_run) -> None:
    path = make_run(steps=20)
    (path / "session.json").write_text('{"pid": 999999999, "started": 0}')
    assert words.state(read_report(path)) == words.BROKEN
    assert "broke off" in words.summary(read_report(path))[0]


def test_only_numbers_found_in_the_same_way_are_compared(make_run) -> None:
    path = make_run()
    folder = RunFolder(path)
    folder.append_evaluation(measurement("fd-domain", 1.0, 20, samples=100))
    folder.append_evaluation(measurement("fd-domain", 9.0, 40, samples=500))
    best = figures.best(read_report(path))
    assert best is not None and best.measurement.value == 9.0 and best.steps == 1


def test_higher_is_better_where_the_catalogue_says_so(make_run) -> None:
    path = make_run()
    for step, value in ((20, 0.9), (40, 0.4)):
        RunFolder(path).append_evaluation(measurement("is-domain", value, step))
    best = figures.best(read_report(path))
    assert best is not None and best.measurement.step == 20 and not best.kept
    assert "no longer in the run" in figures.best_words(read_report(path))


def test_variety_alone_makes_no_checkpoint_the_best(make_run) -> None:
    path = make_run()
    RunFolder(path).append_evaluation(measurement("ms-ssim", 0.01, 40))
    report = read_report(path)
    assert figures.best(report) is None
    assert words.summary(report)[-1] == "Nothing that was measured says which checkpoint is best."


def test_what_is_no_run_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="There is no folder"):
        read_report(tmp_path / "nowhere")
    with pytest.raises(ReportError, match=r"is not a run: it has no run\.toml"):
        read_report(tmp_path)
    (tmp_path / "run.toml").write_text("variant = 3")
    with pytest.raises(ReportError, match=r"The config of .* cannot be used: run\.toml: variant"):
        read_report(tmp_path)


@pytest.mark.parametrize("suffix", [".html", ".md", ".json", ".csv", ".pdf", ""])
def test_an_empty_run_and_a_damaged_one_still_have_a_report(make_run, tmp_path: Path, suffix: str) -> None:
    empty = make_run("empty", steps=0, pictures=())
    damaged = make_run("damaged")
    (damaged / "samples/000040.png").write_bytes(b"\x89PNG\r\n\x1a\n torn")
    for name in ("metrics.jsonl", "events.jsonl", "evaluations.jsonl"):
        with (damaged / name).open("ab") as file:
            file.write(
                b'\n[1]\n{"step": "x", "event": 3, "time": "y"}\n{"step": 41, "loss/generator": "a"}\n{"torn'
            )
    for run in (empty, damaged):
        written = write_report([run], tmp_path / f"{run.name}-report{suffix}")
        assert all(path.stat().st_size > 0 for path in written)


def test_what_cannot_be_written_is_told(run: Path, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="the name must end in"):
        write_report([run], tmp_path / "report.docx")
    with pytest.raises(ReportError, match="cannot be written"):
        write_report([run], tmp_path / "nowhere" / "report.html")
    with pytest.raises(ReportError, match="about 1 to 64 runs"):
        write_report([], tmp_path / "report.html")


def test_the_best_is_chosen_by_the_metric_that_the_run_keeps_it_by(make_run) -> None:
    path = make_run(measure__keep_best="precision-domain")
    folder = RunFolder(path)
    put(folder, 20, keep_best="precision-domain")
    folder.checkpoint_path(40).rmdir()
    put(folder, 40, keep_best="precision-domain")
    for step, distance, precision in ((20, 9.0, 0.9), (40, 5.0, 0.4)):
        folder.append_evaluation(number(step, distance))
        folder.append_evaluation(number(step, precision, "precision-domain"))
    report = read_report(path)
    best = figures.best(report)
    assert best is not None and best.measurement.step == 20 == report.best and best.kept
    assert "precision-domain" in figures.best_words(report)


def test_a_best_that_is_gone_is_told_with_the_one_that_is_still_there(make_run) -> None:
    path = make_run()
    folder = RunFolder(path)
    folder.append_evaluation(number(20, 5.0))
    folder.append_evaluation(number(40, 9.0, weights=""))
    report = read_report(path)
    assert report.best == 40
    told = figures.best_words(report)
    assert "Its checkpoint is no longer in the run. The best that is still there is step\u00a040." in told
