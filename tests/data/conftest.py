from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory, monkeypatch):
    """No test reads or writes the person's cache."""
    monkeypatch.setenv("GANSTUDIO_CACHE", str(tmp_path_factory.mktemp("cache")))
