"""Configs small enough to train in a moment, and the program in this process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cli.program import Done

TINY = """
name = "tiny"
variant = "dcgan"
steps = 20
batch_size = 8

[data]
source = "digits"
resolution = 8

[latent]
dimension = 8

[generator]
base_channels = 4

[discriminator]
base_channels = 4

[samples]
every = 10
count = 9

[checkpoint]
every = 10
"""
TOY = """
name = "toy"
variant = "gan"
steps = 6
batch_size = 16

[data]
source = "ring"

[generator]
width = 8

[discriminator]
width = 8

[samples]
every = 3
count = 4
"""


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A TOML file of 20 steps on 8 px digits."""
    path = tmp_path / "tiny.toml"
    path.write_text(TINY)
    return path


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """A TOML file of 6 steps on the ring."""
    path = tmp_path / "toy.toml"
    path.write_text(TOY)
    return path


@pytest.fixture
def studio(capsys: pytest.CaptureFixture[str]) -> Any:
    """The program in this process."""
    from ganstudio.cli.main import run

    def call(*words: object) -> Done:
        capsys.readouterr()
        code = run([str(word) for word in words])
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return call
