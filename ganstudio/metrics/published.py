"""Weights of published networks: found on this machine, taken from a person's file, or fetched when asked for.

Only the published file, told by its checksum, lets a number have the published name.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import torch
from torch import Tensor, nn

from ganstudio.core import published
from ganstudio.core.published import NETWORKS, weights_folder
from ganstudio.data import DataError
from ganstudio.data.downloads.fetch import Damaged, RemoteFile, Unreachable, fetch, is_whole
from ganstudio.metrics.figures import CancelCheck, MetricError, Progress

UNVERIFIED = "unverified-"
"""How the name of a network begins whose weights nobody can vouch for."""
Net = TypeVar("Net", bound=nn.Module)


def find_weights(name: str) -> Path | None:
    """A network's weights on this machine: where they belong, or where the other packages keep them."""
    return published.find_weights(name, Path(torch.hub.get_dir()))


def weights_at_hand(
    name: str,
    allow_fetch: bool = False,
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> tuple[Path, bool]:
    """Where a network's weights lie, and whether it is the published file (or a conversion that may be anything).

    With ``allow_fetch`` they are downloaded where they are not there. Raises :class:`MetricError` or ``Cancelled``.
    """
    network = NETWORKS[name]
    path = find_weights(name)
    if path is None and allow_fetch:
        path = _fetched(name, progress, cancelled)
    if path is None:
        raise MetricError(
            f"The weights of {network.words}, which this number is defined by, are not on this machine.",
            f"Put {network.file} ({network.megabytes} MB, from {network.source}) into {weights_folder()}, "
            "let it be fetched (--fetch), or choose the -domain metrics, which need no download.",
        )
    converted = path.suffix == ".safetensors"
    if not converted and not is_whole(path, _remote(name), progress, cancelled):
        raise MetricError(
            f"{path} is damaged or another file: its checksum is not the published one.",
            "Delete it and fetch it again.",
        )
    return path, not converted


def facts_of(name: str, genuine: bool) -> str:
    """What a protocol says of a network's weights."""
    return f"weights: {f'SHA-256 {NETWORKS[name].sha256[:8]}…' if genuine else 'not the published file'}"


def fetch_weights(name: str, progress: Progress | None = None, cancelled: CancelCheck | None = None) -> Path:
    """The weights on this machine, downloaded if they are not there; raises :class:`MetricError` or ``Cancelled``."""
    return find_weights(name) or _fetched(name, progress, cancelled)


def take_weights(
    name: str, path: Path, progress: Progress | None = None, cancelled: CancelCheck | None = None
) -> Path:
    """Copy the published weights from a person's file to where they are found; raises :class:`MetricError`.

    Only the published file is taken, since only with it a number may have the published name.
    """
    network = NETWORKS[name]
    try:
        whole = path.is_file() and is_whole(path, _remote(name), progress, cancelled)
    except OSError as error:
        raise MetricError(f"{path} cannot be read ({error.strerror or error}).") from error
    if not whole:
        raise MetricError(
            f"{path.name} is not the published file {network.file}: its checksum is another one.",
            f"Choose the file from {network.source}, or download it.",
        )
    place = weights_folder() / network.file
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


def filled(build: Callable[[], Net], weights: Mapping[str, Tensor], title: str) -> Net:
    """The network that ``build`` makes with weights by name, in evaluation mode.

    Raises :class:`MetricError` where they do not fit; ``title`` says whose they should be.
    """
    with torch.device("meta"):  # neither draws random numbers nor fills memory for nothing
        net = build()
    ready: dict[str, Tensor] = {}
    for name, tensor in net.state_dict().items():
        if name.endswith("num_batches_tracked"):  # older files lack it, and it plays no part here
            ready[name] = torch.zeros((), dtype=torch.int64)
        elif name not in weights:
            raise MetricError(f"The weights lack {name}: they are not those of {title}.")
        elif weights[name].shape != tensor.shape:
            raise MetricError(
                f"{name} in the weights is {tuple(weights[name].shape)}, not {tuple(tensor.shape)}."
            )
        else:
            ready[name] = weights[name].float()
    net.load_state_dict(ready, assign=True)
    return net.eval().requires_grad_(False)


def _remote(name: str) -> RemoteFile:
    network = NETWORKS[name]
    return RemoteFile(network.file, "", network.urls, sha256=network.sha256)


def _fetched(name: str, progress: Progress | None, cancelled: CancelCheck | None) -> Path:
    network, folder = NETWORKS[name], weights_folder()
    try:
        return fetch(_remote(name), folder, progress, cancelled)
    except Unreachable as error:
        problem = f"could not be downloaded: {error}"
    except Damaged:
        problem = "arrived damaged twice"
    except DataError as error:
        raise MetricError(error.problem, error.remedy) from error
    except OSError as error:
        problem = f"cannot be kept in {folder} ({error.strerror or error})"
    raise MetricError(
        f"The weights of {network.words} {problem}.",
        f"Put {network.file} (from {network.source}) into {folder} by hand, or choose the -domain metrics, which need "
        "no download.",
    )
