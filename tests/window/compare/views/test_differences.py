"""The table of settings: what differs, what is unusual, what changed on the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.reported import make_run

from ganstudio.catalog.presets import load_spec, presets
from ganstudio.core.runs import RunFolder
from ganstudio.core.schema import ConfigError
from ganstudio.reports.settings import flat
from ganstudio.window.compare.views.differences import SettingRow, chosen, label_of, rows_of, summary, to_csv
from ganstudio.window.compare.views.readings import SettingsReading, read_settings


def readings(parent: Path) -> list[SettingsReading]:
    one = make_run(parent, "one", steps=0, seed=1)
    two = make_run(parent, "two", steps=0, seed=2, optimizer__generator__lr=3e-4, stabilizers__r1=False)
    RunFolder(two).append_event("changed", 7, key="optimizer.discriminator.lr", old=2e-4, new=1e-4)
    RunFolder(two).append_event("changed", 9, key="stabilizers.noise", old=False, new={"level": 0.1})
    return [read_settings(one), read_settings(two)]


def by_key(rows: list[SettingRow]) -> dict[str, SettingRow]:
    return {row.key: row for row in rows}


def test_only_what_differs_is_listed_unless_all_is_asked_for(tmp_path: Path) -> None:
    rows = rows_of(readings(tmp_path))
    listed = by_key(chosen(rows, 2, every=False))
    assert {"seed", "optimizer.generator.lr", "stabilizers.r1", "stabilizers.r1.gamma"} <= set(listed)
    assert "batch_size" not in listed
    assert [cell.text for cell in listed["seed"].cells] == ["1", "2"]
    assert [cell.text for cell in listed["stabilizers.r1"].cells] == ["on", "–"]
    assert len(chosen(rows, 2, every=True)) == len(rows) > 40
    assert summary(rows, 2) == f"{len(listed)} settings of {len(rows)} differ"


def test_a_change_on_the_way_is_told_with_its_step(tmp_path: Path) -> None:
    rows = by_key(rows_of(readings(tmp_path)))
    changed = rows["optimizer.discriminator.lr"]
    assert changed.differs
    assert [cell.shown() for cell in changed.cells] == ["2e-4", "2e-4 → 1e-4 at step\u00a07"]
    assert rows["stabilizers.noise"].cells[1].shown() == "off → on at step\u00a09"


def test_what_is_not_usual_says_what_would_be(tmp_path: Path) -> None:
    rows = by_key(rows_of(readings(tmp_path)))
    assert rows["batch_size"].cells[0].usual == "64"
    assert rows["data.resolution"].cells[0].usual == ""
    assert rows["stabilizers.r1"].cells[0].usual == "not there"


def test_one_run_is_compared_with_the_usual(tmp_path: Path) -> None:
    rows = rows_of(readings(tmp_path)[:1])
    listed = chosen(rows, 1, every=False)
    assert listed
    assert all(row.cells[0].usual for row in listed)
    assert (
        summary(rows, 1)
        == f"{len(listed)} settings of {len(rows)} not what variant and data alone would give"
    )


def test_a_run_that_cannot_be_read_differs_in_nothing(tmp_path: Path) -> None:
    path = make_run(tmp_path, "whole", steps=0)
    broken = make_run(tmp_path, "broken", steps=0)
    (broken / "run.toml").write_text("nonsense")
    rows = rows_of([read_settings(path), read_settings(broken)])
    assert rows
    assert not any(row.differs for row in rows)
    assert {row.cells[1].text for row in rows} == {""}


def test_the_table_as_text_has_the_runs_as_columns(tmp_path: Path) -> None:
    rows = chosen(rows_of(readings(tmp_path)), 2, every=False)
    lines = to_csv(rows, ["one", "two"]).splitlines()
    assert lines[0] == "setting,key,one,two"
    assert "Seed,seed,1,2" in lines


def test_every_setting_of_every_preset_has_words_of_its_own_and_help() -> None:
    for preset in presets():
        try:
            config = load_spec(preset)
        except ConfigError:
            continue  # it needs a folder first
        rows = rows_of([SettingsReading((None, None), flat(config), {}, {}, config)])
        names = [row.label for row in rows]
        assert len(set(names)) == len(names), preset
        assert all(row.help and row.key in row.help for row in rows)


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("optimizer.generator.lr", "Generator rate"),
        ("optimizer.generator.kind", "Generator optimizer"),
        ("objective.loss", "Loss"),
        ("ema.ramp", "Averaged weights: ramp"),
        ("stabilizers.no-such-thing", "no-such-thing"),
    ],
)
def test_keys_are_told_as_people_call_them(key: str, label: str) -> None:
    assert label_of(key, None) == label
