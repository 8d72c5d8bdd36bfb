from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from support.exploring import ThreadExplorer
from support.sessions import ThreadTalk


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Sessions set torch's threads for the whole process: put them back."""
    yield
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(False)


@pytest.fixture
def talk() -> Iterator[ThreadTalk]:
    """A session in a thread; hanging at the end fails the test."""
    made = ThreadTalk()
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "run"


@pytest.fixture
def explore() -> Iterator[ThreadExplorer]:
    """An explore session in a thread."""
    made = ThreadExplorer()
    yield made
    made.close()
