"""The ready runs, and what a person may write in their place."""

from __future__ import annotations

import tomllib

import pytest

from ganstudio.catalog.presets import DEFAULT_PRESET, Preset, load_spec, presets, shipped
from ganstudio.catalog.resolve import resolve
from ganstudio.catalog.variants import VARIANTS
from ganstudio.core.config import dump_toml
from ganstudio.core.schema import ConfigError


def test_the_default_comes_first():
    assert next(iter(presets())) == DEFAULT_PRESET


@pytest.mark.parametrize("name", presets())
def test_every_preset_says_what_it_is_and_resolves(name):
    preset = presets()[name]
    assert preset.about.endswith((".", "?"))
    table = tomllib.loads(preset.path.read_text("utf-8"))
    assert table["name"] == name
    if table["data"]["source"] == "folder":
        table["data"]["path"] = "pictures"
        assert resolve(table).name == name
    else:
        assert load_spec(name) == resolve(table)


def test_presets_for_a_gpu_come_last_and_every_family_has_one_of_each_kind():
    kinds = [preset.for_gpu for preset in presets().values()]
    assert kinds == sorted(kinds)
    for family in {variant.group for variant in VARIANTS.values()}:
        found = {p.for_gpu for p in presets().values() if VARIANTS[_variant(p)].group == family}
        assert found == {True, False}, family


def _variant(preset: Preset) -> str:
    return str(tomllib.loads(preset.path.read_text("utf-8"))["variant"])


def test_shipped_folders_are_found():
    assert shipped("presets").is_dir()
    assert shipped("resources").is_dir()


def test_a_file_or_a_run_folder_is_a_spec_too(tmp_path):
    config = load_spec(DEFAULT_PRESET)
    (tmp_path / "run.toml").write_text(dump_toml(config, {"run": {"device": "CPU"}}))
    assert load_spec(str(tmp_path)) == config
    assert load_spec(str(tmp_path / "run.toml")) == config


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        ("digits-dcgam", "digits-dcgam: is neither a preset nor a TOML file; did you mean 'digits-dcgan'?"),
        ("none.toml", "none.toml: no such file"),
        ("", "cannot be read"),
        ("~no-such-user-here/x.toml", "no such file"),
        ("x" * 5000, "is neither a preset nor a TOML file"),
        ("x" * 5000 + ".toml", "cannot be read"),
        ("a\0b", "is neither a preset nor a TOML file"),
        ("a\0b.toml", "cannot be read"),
    ],
)
def test_what_is_no_spec_is_a_clear_error(spec, problem):
    with pytest.raises(ConfigError) as caught:
        load_spec(spec)
    assert problem in str(caught.value)
