"""Published networks that numbers are defined by: what their files are called, and where they lie on this machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class PublishedNetwork:
    """A network whose weights somebody published as one ``file`` of so many ``megabytes`` (10^6 bytes).

    ``purpose`` follows "which" and says what it is for, ``source`` where a person finds the file, ``urls`` where it is
    fetched from. Under ``names`` it is found, too: as other packages name the same file, or a conversion to
    safetensors. ``licence`` is that of the weights.
    """

    name: str
    title: str
    purpose: str
    file: str
    megabytes: int
    sha256: str
    source: str
    urls: tuple[str, ...]
    names: tuple[str, ...]
    licence: str

    @property
    def words(self) -> str:
        """What it is called within a sentence."""
        return f"the {self.title} network"


_ALL = (
    PublishedNetwork(
        "inception",
        "Inception",
        "published distances are measured with",
        "weights-inception-2015-12-05-6726825d.pth",
        96,
        "6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2",
        "the releases of torch-fidelity",
        (
            "https://github.com/toshas/torch-fidelity/releases/download/v0.2.0/weights-inception-2015-12-05-6726825d.pth",
            "https://github.com/mseitzer/pytorch-fid/releases/download/fid_weights/pt_inception-2015-12-05-6726825d.pth",
        ),
        ("pt_inception-2015-12-05-6726825d.pth", "inception-2015-12-05.safetensors"),
        "Apache 2.0",  # TensorFlow's weights of 2015-12-05, as torch-fidelity and pytorch-fid converted them
    ),
    PublishedNetwork(
        "vgg16",
        "VGG16",
        "published path lengths are measured with",
        "vgg16-397923af.pth",
        553,
        "397923af8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0",
        "download.pytorch.org/models",
        ("https://download.pytorch.org/models/vgg16-397923af.pth",),
        ("vgg16-397923af.safetensors",),
        "BSD 3-clause",  # torchvision's weights for ImageNet
    ),
)
NETWORKS: Mapping[str, PublishedNetwork] = {network.name: network for network in _ALL}
"""Name, which is also that of the need of a metric -> the network."""


def weights_folder() -> Path:
    """Where weights belong, also those put there by hand: below ``$GANSTUDIO_CACHE`` or the system's caches."""
    from platformdirs import user_cache_dir  # --help names the networks, and has no time for it

    return Path(os.environ.get("GANSTUDIO_CACHE") or user_cache_dir("ganstudio", appauthor=False)) / "weights"


def hub_folder() -> Path:
    """Where other packages keep what they download through torch (its documented default)."""
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("TORCH_HOME") or Path(caches) / "torch") / "hub"


def find_weights(name: str, hub: Path | None = None) -> Path | None:
    """A network's weights on this machine: in :func:`weights_folder`, or in the ``hub`` of other packages."""
    network = NETWORKS[name]
    folders = (weights_folder(), (hub or hub_folder()) / "checkpoints")
    places = [folder / file for folder in folders for file in (network.file, *network.names)]
    return next((path for path in places if path.is_file()), None)
