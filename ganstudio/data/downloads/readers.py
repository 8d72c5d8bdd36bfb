"""What each collection consists of, and how its files are read.

The files are read by torchvision's own readers, with one exception: its reader of CIFAR unpickles, and nothing
that comes from a file is ever unpickled here. So CIFAR is fetched in its authors' other format, plain records of
bytes, and read by :func:`_cifar`. MNIST and its relatives are read by torchvision's functions for their format and
not through its classes, which would load an older format with ``torch.load`` if they found it. SVHN and the label
files of Flowers 102 go through ``scipy.io.loadmat``, which executes nothing. torchvision is imported on use only.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ganstudio.catalog.downloads import NO_LABELS
from ganstudio.data.downloads.fetch import RemoteFile
from ganstudio.data.downloads.unpack import unpack_gzip

CIFAR_MD5 = {"cifar10": "c32a1d4ab5d03f1284b67883e8d87530", "cifar100": "03b5dce01913d631647c71ecec9e9cb8"}
"""Published by the authors on their page beside the archives of the binary version."""
DIGITS = tuple("0123456789")
WORKSHOP = ".reading-"


@dataclass(frozen=True, eq=False)
class Raw:
    """What a reader found: uint8 ``pixels`` (N, C, H, W), or picture files at ``paths``; int64 ``labels`` (N,)."""

    labels: Tensor | None
    names: tuple[str, ...]
    pixels: Tensor | None = None
    paths: Sequence[Path] = ()


@dataclass(frozen=True)
class Part:
    """A file of a collection; of an archive, ``gives`` are the paths inside it that are needed."""

    file: RemoteFile
    gives: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """Where a collection's files belong, which ones, and what reads them once they are there."""

    folder: Path
    parts: tuple[Part, ...]
    read: Callable[[], Raw]

    def missing(self) -> list[Part]:
        """The parts that are not ready to be read: not there, or not unpacked."""
        ready = {part: part.gives or (part.file.name,) for part in self.parts}
        return [part for part in self.parts if not all((self.folder / name).exists() for name in ready[part])]

    def absent(self) -> list[str]:
        """The files that would have to be fetched."""
        return [part.file.name for part in self.missing() if not (self.folder / part.file.name).is_file()]


def plan(options: Any, root: Path) -> Plan:
    """The plan for a collection (options of ``catalog.downloads``) that lives below ``root``."""
    return PLANS[options.kind](options, root)


# ---------------------------------------------------------------- MNIST and its relatives


def _mnist(options: Any, root: Path) -> Plan:
    from torchvision.datasets import KMNIST, MNIST, FashionMNIST

    cls = {"mnist": MNIST, "fashion-mnist": FashionMNIST, "kmnist": KMNIST}[options.kind]
    names: tuple[str, ...] = DIGITS if cls is MNIST else tuple(cls.classes)
    parts = tuple(
        Part(RemoteFile(name, md5, tuple(mirror + name for mirror in cls.mirrors)))
        for name, md5 in cls.resources
        if name.startswith("train")
    )

    def read() -> Raw:
        pixels, labels = _idx(root, *(part.file.name for part in parts))
        return Raw(labels, names, pixels)

    return Plan(root, parts, read)


def _emnist(options: Any, root: Path) -> Plan:
    from torchvision.datasets import EMNIST

    stem = f"gzip/emnist-{options.split}-train"
    gives = (f"{stem}-images-idx3-ubyte.gz", f"{stem}-labels-idx1-ubyte.gz")
    archive = RemoteFile(EMNIST.url.rpartition("/")[2], EMNIST.md5, (EMNIST.url,))
    names = tuple(EMNIST.classes_split_dict[options.split])

    def read() -> Raw:
        pixels, labels = _idx(root, *gives)
        upright = pixels.transpose(2, 3)  # the files hold the pictures column by column
        if options.split == "letters":  # they count from 1, behind a class that has no pictures
            return Raw(labels - 1, names[1:], upright)
        return Raw(labels, names, upright)

    return Plan(root, (Part(archive, gives),), read)


def _idx(root: Path, images: str, labels: str) -> tuple[Tensor, Tensor]:
    """Pixels uint8 (N, 1, H, W) and labels int64 (N,) from two compressed files in the format of MNIST."""
    from torchvision.datasets.mnist import read_image_file, read_label_file

    with tempfile.TemporaryDirectory(dir=root, prefix=WORKSHOP) as workshop:
        pixels = read_image_file(str(unpack_gzip(root / images, Path(workshop, "images"))))
        classes = read_label_file(str(unpack_gzip(root / labels, Path(workshop, "labels"))))
    return pixels.unsqueeze(1), classes


def remove_workshops(folder: Path) -> None:
    """Remove what a process left that was killed while it read."""
    for left in folder.glob(f"{WORKSHOP}*"):
        shutil.rmtree(left, ignore_errors=True)


# ---------------------------------------------------------------- small photographs


def _cifar_plan(options: Any, root: Path) -> Plan:
    """The binary version beside the pickled one that torchvision names."""
    from torchvision.datasets import CIFAR10, CIFAR100

    cls = {"cifar10": CIFAR10, "cifar100": CIFAR100}[options.kind]
    name = cls.filename.replace("-python.", "-binary.")
    file = RemoteFile(name, CIFAR_MD5[options.kind], (cls.url.replace("-python.", "-binary."),))
    folder = "cifar-10-batches-bin" if cls is CIFAR10 else "cifar-100-binary"
    below = root / folder
    if cls is CIFAR10:
        batches = [below / f"data_batch_{number}.bin" for number in range(1, 6)]
        return Plan(root, (Part(file, (folder,)),), lambda: _cifar(batches, below / "batches.meta.txt", 1, 0))
    column = 0 if options.label == "coarse" else 1
    names = below / f"{options.label}_label_names.txt"
    return Plan(root, (Part(file, (folder,)),), lambda: _cifar([below / "train.bin"], names, 2, column))


def _cifar(batches: Sequence[Path], names: Path, label_bytes: int, column: int) -> Raw:
    """Records of label bytes and 3 x 32 x 32 pixels, red, green, blue, each row by row (the authors' description).

    CIFAR-100 has two label bytes: the group, then the class. ``column`` says which of them counts.
    """
    record = label_bytes + 3 * 32 * 32
    data = np.concatenate([np.fromfile(path, dtype=np.uint8).reshape(-1, record) for path in batches])
    pixels = torch.from_numpy(data[:, label_bytes:].reshape(-1, 3, 32, 32).copy())
    labels = torch.from_numpy(data[:, column].astype(np.int64))
    lines = (line.strip() for line in names.read_text("utf-8").splitlines())
    return Raw(labels, tuple(line for line in lines if line), pixels)


def _svhn(options: Any, root: Path) -> Plan:
    from torchvision.datasets import SVHN

    url, name, md5 = SVHN.split_list["train"]

    def read() -> Raw:
        found = SVHN(root, split="train")
        return Raw(torch.from_numpy(found.labels), DIGITS, torch.from_numpy(np.ascontiguousarray(found.data)))

    return Plan(root, (Part(RemoteFile(name, md5, (url,))),), read)


def _stl10(options: Any, root: Path) -> Plan:
    from torchvision.datasets import STL10

    def read() -> Raw:
        found = STL10(root, split=options.split)
        pixels = torch.from_numpy(np.ascontiguousarray(found.data))
        if options.split == "unlabeled" or found.labels is None:
            return Raw(None, (), pixels)
        return Raw(torch.from_numpy(found.labels.astype(np.int64)), tuple(found.classes), pixels)

    file = RemoteFile(STL10.filename, STL10.tgz_md5, (STL10.url,))
    return Plan(root, (Part(file, (STL10.base_folder,)),), read)


# ---------------------------------------------------------------- photographs in files of their own


def _celeba(options: Any, root: Path) -> Plan:
    """Without addresses: torchvision knows only the files' numbers on a drive."""
    from torchvision.datasets import CelebA

    folder = root / CelebA.base_folder

    def read() -> Raw:
        found = CelebA(root, split="all")
        paths = [folder / "img_align_celeba" / name for name in found.filename]
        if options.label == NO_LABELS:
            return Raw(None, (), paths=paths)
        said = options.label.replace("_", " ").lower()
        labels = found.attr[:, found.attr_names.index(options.label)]
        return Raw(labels.long(), (f"not {said}", said), paths=paths)

    parts = tuple(
        Part(RemoteFile(name, md5), ("img_align_celeba",) if name.endswith(".zip") else ())
        for _, md5, name in CelebA.file_list
    )
    return Plan(folder, parts, read)


def _flowers(options: Any, root: Path) -> Plan:
    from torchvision.datasets import Flowers102

    prefix: str = Flowers102._download_url_prefix  # pyright: ignore[reportPrivateUsage]
    listed: Mapping[str, tuple[str, str]] = Flowers102._file_dict  # pyright: ignore[reportPrivateUsage]

    def read() -> Raw:
        paths: list[Path] = []
        labels: list[int] = []
        for split in ("train", "val", "test"):
            found = Flowers102(root, split=split, loader=Path)
            for index in range(len(found)):
                path, label = found[index]
                paths.append(path)
                labels.append(label)
        return Raw(torch.tensor(labels), tuple(Flowers102.classes), paths=paths)

    parts = tuple(
        Part(RemoteFile(name, md5, (prefix + name,)), ("jpg",) if what == "image" else ())
        for what, (name, md5) in listed.items()
    )
    return Plan(root / "flowers-102", parts, read)


def _pets(options: Any, root: Path) -> Plan:
    from torchvision.datasets import OxfordIIITPet

    gives = {"images.tar.gz": ("images",), "annotations.tar.gz": ("annotations",)}
    resources = OxfordIIITPet._RESOURCES  # pyright: ignore[reportPrivateUsage]

    def read() -> Raw:
        paths: list[Path] = []
        labels: list[int] = []
        names: tuple[str, ...] = ()
        for split in ("trainval", "test"):
            found = OxfordIIITPet(root, split=split)
            paths += found._images  # pyright: ignore[reportPrivateUsage]
            breeds, species = found._labels, found._bin_labels  # pyright: ignore[reportPrivateUsage]
            labels += breeds if options.label == "breed" else species
            names = names or tuple(found.classes if options.label == "breed" else found.bin_classes)
        return Raw(torch.tensor(labels), names, paths=paths)

    files = [RemoteFile(url.rpartition("/")[2], md5, (url,)) for url, md5 in resources]
    parts = tuple(Part(file, gives[file.name]) for file in files)
    return Plan(root / "oxford-iiit-pet", parts, read)


PLANS: Mapping[str, Callable[[Any, Path], Plan]] = {
    "mnist": _mnist,
    "fashion-mnist": _mnist,
    "kmnist": _mnist,
    "emnist": _emnist,
    "cifar10": _cifar_plan,
    "cifar100": _cifar_plan,
    "svhn": _svhn,
    "stl10": _stl10,
    "celeba": _celeba,
    "flowers102": _flowers,
    "oxford-pets": _pets,
}
"""Catalogue kind -> its plan."""
