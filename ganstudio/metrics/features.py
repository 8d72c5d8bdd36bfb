"""What pictures are compared by: networks that turn uint8 pictures into features and class logits.

The TF-ported Inception is the one that published numbers are made with; only with its published weights a distance
is called FID. Without any download a small classifier of the data itself does (:mod:`ganstudio.metrics.domain`).
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor

from ganstudio.core import inception
from ganstudio.core.inception import FILE, MEGABYTES, weights_folder
from ganstudio.data import DataError
from ganstudio.data.downloads.fetch import Damaged, RemoteFile, Unreachable, fetch, is_whole
from ganstudio.metrics.figures import CancelCheck, MetricError, Progress
from ganstudio.metrics.inception_net import SIDE, Inception, filled
from ganstudio.metrics.ticks import tick
from ganstudio.metrics.weightfile import read_weights

PUBLISHED = RemoteFile(
    FILE,
    "",
    (
        "https://github.com/toshas/torch-fidelity/releases/download/v0.2.0/weights-inception-2015-12-05-6726825d.pth",
        "https://github.com/mseitzer/pytorch-fid/releases/download/fid_weights/pt_inception-2015-12-05-6726825d.pth",
    ),
    sha256="6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2",
)
"""The file of pytorch-fid and torch-fidelity: TensorFlow's weights of 2015-12-05, Apache licence 2.0."""


@dataclass(frozen=True, eq=False)
class Seen:
    """What a network says of pictures: ``features`` (N, F) and ``logits`` (N, C), float32, on the CPU."""

    features: Tensor
    logits: Tensor

    def __len__(self) -> int:
        return len(self.features)


class FeatureNet(Protocol):
    """Sees pictures. ``name`` stands in the names of what is measured with it, ``facts`` in the protocol."""

    @property
    def name(self) -> str:
        """ "inception" or "domain", in short."""
        ...

    @property
    def facts(self) -> str:
        """Which network it is, its weights and how it was made."""
        ...

    @property
    def resize(self) -> str:
        """What is done to the size of pictures before they are seen."""
        ...

    def see(self, images: Tensor) -> Seen:
        """Features and logits of uint8 pictures (N, C, H, W)."""
        ...


def see_all(
    net: FeatureNet,
    batches: Iterable[Tensor],
    total: int,
    what: str,
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> Seen:
    """Features and logits of all pictures in ``batches`` (uint8), ``total`` in number."""
    parts: list[Seen] = []
    done = 0
    for images in batches:
        tick(progress, cancelled, what, done / max(total, 1))
        parts.append(net.see(images))
        done += len(images)
    if not parts:
        raise MetricError("There are no pictures to look at.", "Take more samples.")
    return Seen(torch.cat([p.features for p in parts]), torch.cat([p.logits for p in parts]))


class InceptionFeatures:
    """The published Inception on a device. ``genuine`` says whether its weights are the published ones."""

    resize = f"TensorFlow 1 bilinear to {SIDE} px"

    def __init__(self, net: Inception, device: torch.device | str = "cpu", genuine: bool = True) -> None:
        self.device = torch.device(device)
        self.net = net.to(self.device)
        self.name = "inception" if genuine else "unverified-inception"
        weights = f"SHA-256 {PUBLISHED.sha256[:8]}…" if genuine else "not the published file"
        self.facts = f"TF Inception 2015-12-05 (pt_inception-2015-12-05-6726825d), weights: {weights}"

    @torch.no_grad()
    def see(self, images: Tensor) -> Seen:
        """2,048 features and 1,008 logits; grey pictures are shown in three equal channels."""
        colour = images.expand(-1, 3, -1, -1) if images.shape[1] == 1 else images
        if colour.shape[1] != 3:
            raise MetricError(f"The Inception sees grey and colour pictures, not {colour.shape[1]} channels.")
        parts = [self.net(part.to(self.device)) for part in colour.split(32)]
        return Seen(*(torch.cat([part[i].cpu() for part in parts]) for i in range(2)))


def find_weights() -> Path | None:
    """The Inception's weights on this machine: where they belong, or where the other packages keep them."""
    return inception.find_weights(Path(torch.hub.get_dir()))


def load_inception(
    device: torch.device | str = "cpu",
    *,
    allow_fetch: bool = False,
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> InceptionFeatures:
    """The Inception with weights from the disk; with ``allow_fetch`` they are downloaded where they are not there.

    Raises :class:`MetricError` or ``Cancelled``.
    """
    path = find_weights()
    if path is None:
        path = _fetched(progress, cancelled) if allow_fetch else None
    if path is None:
        raise MetricError(
            "The weights of the Inception network, which this number is defined by, are not on this machine.",
            f"Put {PUBLISHED.name} ({MEGABYTES} MB, from the releases of torch-fidelity) into {weights_folder()}, "
            "let it be fetched (--fetch), or choose the -domain metrics, which need no download.",
        )
    genuine = path.suffix != ".safetensors" and is_whole(path, PUBLISHED, progress, cancelled)
    if not genuine and path.suffix != ".safetensors":
        raise MetricError(
            f"{path} is damaged or another file: its checksum is not the published one.",
            "Delete it and fetch it again.",
        )
    return InceptionFeatures(filled(read_weights(path)), device, genuine)


def fetch_weights(progress: Progress | None = None, cancelled: CancelCheck | None = None) -> Path:
    """The weights on this machine, downloaded if they are not there; raises :class:`MetricError` or ``Cancelled``."""
    return find_weights() or _fetched(progress, cancelled)


def take_weights(path: Path, progress: Progress | None = None, cancelled: CancelCheck | None = None) -> Path:
    """Copy the published weights from a person's file to where they are found; raises :class:`MetricError`.

    Only the published file is taken, since only with it a distance may be called FID.
    """
    try:
        whole = path.is_file() and is_whole(path, PUBLISHED, progress, cancelled)
    except OSError as error:
        raise MetricError(f"{path} cannot be read ({error.strerror or error}).") from error
    if not whole:
        raise MetricError(
            f"{path.name} is not the published file {PUBLISHED.name}: its checksum is another one.",
            "Choose the file from the releases of torch-fidelity or pytorch-fid, or download it.",
        )
    place = weights_folder() / PUBLISHED.name
    if place.exists() and place.samefile(path):
        return place
    beside = place.with_name(f".{place.name}.tmp")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, beside)
        return beside.replace(place)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise MetricError(
            f"{path.name} cannot be kept in {place.parent} ({error.strerror or error})."
        ) from error


def _fetched(progress: Progress | None, cancelled: CancelCheck | None) -> Path:
    folder = weights_folder()
    try:
        return fetch(PUBLISHED, folder, progress, cancelled)
    except Unreachable as error:
        problem = f"could not be downloaded: {error}"
    except Damaged:
        problem = "arrived damaged twice"
    except DataError as error:
        raise MetricError(error.problem, error.remedy) from error
    except OSError as error:
        problem = f"cannot be kept in {folder} ({error.strerror or error})"
    raise MetricError(
        f"The weights of the Inception network {problem}.",
        f"Put {PUBLISHED.name} into {folder} by hand, or choose the -domain metrics, which need no download.",
    )
