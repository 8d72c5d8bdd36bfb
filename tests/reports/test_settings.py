"""What differs from the defaults, and the command that trains the same again."""

from __future__ import annotations

import shlex
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from ganstudio.catalog.presets import load_spec
from ganstudio.catalog.resolve import change, resolve
from ganstudio.cli import specs
from ganstudio.cli.parser import parse
from ganstudio.core.config import RunConfig
from ganstudio.reports import settings


def understood(command: str) -> RunConfig:
    """The config for which the program itself takes a command."""
    options = parse(shlex.split(command)[1:])
    return specs.read_config(options.spec, specs.assignments(options.assignments))


@pytest.mark.parametrize(
    ("preset", "changes"),
    [
        ("digits-dcgan", {}),
        ("digits-dcgan", {"optimizer.generator.betas": [0.1, 0.95], "seed": 2**40}),
        ("digits-sngan", {"stabilizers": {}}),
        ("digits-gan", {"stabilizers": {"label-smoothing": {"target": 0.8}, "r1": {}}}),
        ("digits-infogan", {"latent.continuous": 5}),
        ("digits-dcgan", {"generator": {"network": "resnet"}}),
    ],
)
def test_the_command_stands_for_the_very_config(preset: str, changes: dict[str, Any]) -> None:
    config = load_spec(preset)
    for key, value in changes.items():
        config = change(config, key, value)
    command, exact = settings.command(config)
    assert exact
    assert settings.differences(understood(command), config) == []


@given(
    lr=st.floats(1e-6, 0.1),
    seed=st.integers(0, 2**63 - 1),
    target=st.floats(0.55, 1.0),
)
@limits(max_examples=20, deadline=None)
def test_numbers_survive_the_command(lr: float, seed: int, target: float) -> None:
    config = change(load_spec("digits-dcgan"), "optimizer.generator.lr", lr)
    config = change(config, "seed", seed)
    config = change(config, "stabilizers", {"label-smoothing": {"target": target}})
    command, exact = settings.command(config)
    assert exact and settings.differences(understood(command), config) == []


def test_an_unchanged_preset_needs_no_settings() -> None:
    assert settings.command(load_spec("ring-2d")) == ("ganstudio train ring-2d", True)


def test_without_a_preset_of_its_kind_the_file_itself_is_named() -> None:
    config = change(load_spec("digits-dcgan"), "data", {"source": "glyphs", "resolution": 16})
    assert settings.command(config) == ("ganstudio train run.toml", False)


def test_where_single_settings_do_not_lead_there_the_file_itself_is_named() -> None:
    """The preset has betas, and ``--set`` cannot take a key away that the other optimizer does not have."""
    config = change(load_spec("ring-2d"), "optimizer.discriminator", {"kind": "sgd", "lr": 0.01})
    assert settings.command(config) == ("ganstudio train run.toml", False)


def test_only_what_differs_from_the_recipe_is_told() -> None:
    config = load_spec("digits-dcgan")
    base = settings.defaults(config)
    assert base is not None and settings.differences(base, base) == []
    changed = change(base, "optimizer.generator.lr", 0.5)
    (row,) = settings.differences(base, changed)
    assert row.key == "optimizer.generator.lr" and row.texts() == ("2e-4", "0.5")


def test_a_name_makes_no_difference_and_a_switch_does() -> None:
    config = load_spec("digits-gan")
    assert settings.differences(config, change(config, "name", "another")) == []
    rows = settings.differences(config, change(config, "stabilizers", {"dropout": {}}))
    assert ("stabilizers.dropout", ("–", "on")) in [(row.key, row.texts()) for row in rows]


def test_paths_of_this_machine_stay_at_home(tmp_path) -> None:
    table = {"variant": "dcgan", "data": {"source": "folder", "path": str(tmp_path / "cats")}}
    config = resolve(table)
    assert str(tmp_path) not in settings.toml(config) and 'path = "cats"' in settings.toml(config)
    assert str(tmp_path) not in settings.command(config)[0]
