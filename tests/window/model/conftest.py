"""What is tested here knows no Qt, so the net under the window's tests is not spread."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def leak_net() -> None:
    """Nothing of Qt can leak."""


@pytest.fixture(autouse=True)
def own_folders() -> None:
    """Nothing is written."""
