"""What holds for all tests: hypothesis without deadlines (other processes share the machine), no stray run folders."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from ganstudio.engine.launch import prepare_environment

prepare_environment(
    window=True
)  # before anything imports torch: its threads must not spin beside other processes
settings.register_profile("quick", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("quick")


@pytest.fixture(autouse=True)
def runs_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """New runs go to a folder of the test session, never to the user's."""
    folder = tmp_path_factory.getbasetemp() / "runs"
    monkeypatch.setenv("GANSTUDIO_RUNS", str(folder))
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test marked ``gpu`` skips by itself where there is no CUDA device; torch is imported only if one is marked."""
    marked = [item for item in items if item.get_closest_marker("gpu")]
    if not marked:
        return
    import torch

    if not torch.cuda.is_available():
        for item in marked:
            item.add_marker(pytest.mark.skip(reason="needs a CUDA device"))
