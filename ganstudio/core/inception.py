"""Where the weights of the published Inception network lie on this machine, and what their file is called."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_dir

FILE = "weights-inception-2015-12-05-6726825d.pth"
"""As torch-fidelity publishes them: TensorFlow's weights of 2015-12-05, Apache licence 2.0."""
NAMES = (FILE, "pt_inception-2015-12-05-6726825d.pth", "inception-2015-12-05.safetensors")
"""Under these names they are found: the file as torch-fidelity and pytorch-fid name it, or a conversion."""
MEGABYTES = 96


def weights_folder() -> Path:
    """Where weights belong, also those put there by hand: below ``$GANSTUDIO_CACHE`` or the system's caches."""
    return Path(os.environ.get("GANSTUDIO_CACHE") or user_cache_dir("ganstudio", appauthor=False)) / "weights"


def hub_folder() -> Path:
    """Where other packages keep what they download through torch (its documented default)."""
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("TORCH_HOME") or Path(caches) / "torch") / "hub"


def find_weights(hub: Path | None = None) -> Path | None:
    """The weights on this machine: in :func:`weights_folder`, or in the ``hub`` of other packages."""
    folders = (weights_folder(), (hub or hub_folder()) / "checkpoints")
    places = [folder / name for folder in folders for name in NAMES]
    return next((path for path in places if path.is_file()), None)
