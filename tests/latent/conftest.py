"""Every family of runs, trained once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.explored import FAMILIES, explorer

from ganstudio.latent.model import Explorer

Opener = Callable[[str], Explorer]


@pytest.fixture(scope="session")
def families(tmp_path_factory: pytest.TempPathFactory) -> Opener:
    """The model of a family by its name."""
    made: dict[str, Explorer] = {}
    root: Path = tmp_path_factory.mktemp("families")

    def get(name: str) -> Explorer:
        if name not in made:
            made[name] = explorer(name, root / name)
        return made[name]

    return get


@pytest.fixture(params=list(FAMILIES))
def model(request: pytest.FixtureRequest, families: Opener) -> Explorer:
    """Each of them."""
    return families(request.param)
