"""Small files in the formats in which the collections are published, and torchvision told that these are they."""

from __future__ import annotations

import gzip
import io
import os
import struct
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy.io import savemat
from support.downloads import md5

from ganstudio.data.downloads import readers

Pixels = NDArray[np.uint8]
EMNIST_CLASSES = {"letters": 26, "digits": 10, "balanced": 47}


@dataclass
class Made:
    """A made collection: the files by name, what the pictures in them are, and how torchvision is told."""

    files: dict[str, bytes]
    pixels: Pixels
    labels: list[int]
    tell: Callable[[pytest.MonkeyPatch, str], None]
    files_by_hand: dict[str, bytes] = field(default_factory=dict[str, bytes])


def noise(*shape: int, seed: int = 0) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def idx(array: Pixels) -> bytes:
    """The format of MNIST: two zero bytes, the type (8: unsigned bytes), the dimensions, their sizes, the bytes."""
    head = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return gzip.compress(head + array.tobytes(), mtime=0)


def tar(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def jpeg(colour: tuple[int, int, int], size: tuple[int, int]) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


def flat(colours: list[tuple[int, int, int]], side: int) -> Pixels:
    """What pictures of one colour each become."""
    return np.array(colours, dtype=np.uint8)[:, :, None, None].repeat(side, 2).repeat(side, 3)


def matlab(**values: object) -> bytes:
    buffer = io.BytesIO()
    savemat(buffer, values)
    return buffer.getvalue()


def mnist(kind: str) -> Made:
    from torchvision.datasets import KMNIST, MNIST, FashionMNIST

    cls = {"mnist": MNIST, "fashion-mnist": FashionMNIST, "kmnist": KMNIST}[kind]
    pictures, labels = noise(30, 28, 28), [i % 10 for i in range(30)]
    files = {
        "train-images-idx3-ubyte.gz": idx(pictures),
        "train-labels-idx1-ubyte.gz": idx(np.array(labels, dtype=np.uint8)),
    }

    def tell(patch: pytest.MonkeyPatch, url: str) -> None:
        patch.setattr(cls, "mirrors", [url])
        patch.setattr(cls, "resources", [(n, md5(d)) for n, d in files.items()] + [("t10k-x.gz", "0" * 32)])

    return Made(files, np.pad(pictures, ((0, 0), (2, 2), (2, 2)))[:, None], labels, tell)


def emnist(split: str) -> Made:
    from torchvision.datasets import EMNIST

    classes = EMNIST_CLASSES[split]
    labels = [i % classes for i in range(2 * classes)]
    pictures = noise(len(labels), 28, 28)
    stored = np.array(labels, dtype=np.uint8) + (split == "letters")
    stem = f"gzip/emnist-{split}-train"
    files = {
        "gzip.zip": zipped(
            {
                "gzip/emnist-mapping.txt": b"not needed",
                f"{stem}-images-idx3-ubyte.gz": idx(np.ascontiguousarray(pictures.transpose(0, 2, 1))),
                f"{stem}-labels-idx1-ubyte.gz": idx(stored),
            }
        )
    }

    def tell(patch: pytest.MonkeyPatch, url: str) -> None:
        patch.setattr(EMNIST, "url", f"{url}gzip.zip")
        patch.setattr(EMNIST, "md5", md5(files["gzip.zip"]))

    return Made(files, np.pad(pictures, ((0, 0), (2, 2), (2, 2)))[:, None], labels, tell)


def cifar10() -> Made:
    from torchvision.datasets import CIFAR10

    pictures, labels = noise(50, 3, 32, 32), [i % 10 for i in range(50)]
    records = [bytes([label]) + picture.tobytes() for label, picture in zip(labels, pictures, strict=True)]
    inside = {f"data_batch_{i + 1}.bin": b"".join(records[10 * i : 10 * i + 10]) for i in range(5)}
    inside["batches.meta.txt"] = b"".join(b"thing %d\n" % i for i in range(10)) + b"\n"
    files = {"cifar-10-binary.tar.gz": tar({f"cifar-10-batches-bin/{n}": d for n, d in inside.items()})}

    def tell(patch: pytest.MonkeyPatch, url: str) -> None:
        patch.setattr(CIFAR10, "url", f"{url}cifar-10-python.tar.gz")
        patch.setitem(readers.CIFAR_MD5, "cifar10", md5(files["cifar-10-binary.tar.gz"]))

    return Made(files, pictures, labels, tell)


def cifar100(label: str) -> Made:
    from torchvision.datasets import CIFAR100

    pictures, fine = noise(100, 3, 32, 32), list(range(100))
    coarse = [i // 5 for i in fine]
    records = [bytes([c, f]) + p.tobytes() for c, f, p in zip(coarse, fine, pictures, strict=True)]
    inside = {
        "train.bin": b"".join(records),
        "fine_label_names.txt": b"".join(b"fine %d\n" % i for i in range(100)),
        "coarse_label_names.txt": b"".join(b"coarse %d\n" % i for i in range(20)),
    }
    files = {"cifar-100-binary.tar.gz": tar({f"cifar-100-binary/{n}": d for n, d in inside.items()})}

    def tell(patch: pytest.MonkeyPatch, url: str) -> None:
        patch.setattr(CIFAR100, "url", f"{url}cifar-100-python.tar.gz")
        patch.setitem(readers.CIFAR_MD5, "cifar100", md5(files["cifar-100-binary.tar.gz"]))

    return Made(files, pictures, fine if label == "fine" else coarse, tell)


def svhn() -> Made:
    from torchvision.datasets import SVHN

    pictures, labels = noise(20, 3, 32, 32), [i % 10 for i in range(20)]
    stored = np.array([[label or 10] for label in labels], dtype=np.uint8)  # the file calls zero "10"
    files = {"train_32x32.mat": matlab(X=pictures.transpose(2, 3, 1, 0), y=stored)}

    def tell(patch: pytest.MonkeyPatch, url: str) -> None:
        name = "train_32x32.mat"
        patch.setattr(SVHN, "split_list", {"train": [url + name, name, md5(files[name])]})

    return Made(files, pictures, labels, tell)


def stl10(split: str) -> Made:
    from torchvision.datasets import STL10

    pictures, labels = noise(10, 3, 96, 96), list(range(10))
    inside = {
        "train_X.bin": np.ascontiguousarray(pictures.transpose(0, 1, 3, 2)).tobytes(),  # column by column
        "train_y.bin": bytes(label + 1 for label in labels),
        "unlabeled_X.bin": np.ascontiguousarray(pictures[::-1].transpose(0, 1, 3, 2)).tobytes(),
        "test_X.bin": b"",
        "test_y.bin": b"",
        "class_names.txt": "\n".join(f"thing {i}" for i in range(10)).encode(),
    }
    files = {"stl10_binary.tar.gz": tar({f"stl10_binary/{n}": d for n, d in inside.items()})}
    sums = {name: [name, md5(data)] for name, data in inside.items()}

    def tell(patch: pytest.MonkeyPatch, url: str) -> None:
        patch.setattr(STL10, "url", f"{url}stl10_binary.tar.gz")
        patch.setattr(STL10, "tgz_md5", md5(files["stl10_binary.tar.gz"]))
        patch.setattr(
            STL10, "train_list", [sums[n] for n in ("train_X.bin", "train_y.bin", "unlabeled_X.bin")]
        )
        patch.setattr(STL10, "test_list", [sums[n] for n in ("test_X.bin", "test_y.bin")])

    if split == "unlabeled":
        return Made(files, pictures[::-1], [], tell)
    return Made(files, pictures, labels, tell)


def celeba(label: str) -> Made:
    from torchvision.datasets import CelebA

    colours = [(200, 40, 40), (40, 200, 40), (40, 40, 200), (90, 90, 90)]
    names = [f"{i + 1:06d}.jpg" for i in range(4)]
    smiling, hat = [0, 1, 1, 0], [1, 0, 0, 0]
    signs = [f"{n} {2 * s - 1:2d} {2 * h - 1:2d}" for n, s, h in zip(names, smiling, hat, strict=True)]
    rows = {columns: [f"{n}{' 7' * columns}" for n in names] for columns in (1, 4, 10)}
    files = {
        "img_align_celeba.zip": zipped(
            {f"img_align_celeba/{n}": jpeg(c, (178, 218)) for n, c in zip(names, colours, strict=True)}
        ),
        "list_attr_celeba.txt": "\n".join(["4", "Smiling Wearing_Hat", *signs]).encode(),
        "identity_CelebA.txt": "\n".join(rows[1]).encode(),
        "list_bbox_celeba.txt": "\n".join(["4", "a b c d", *rows[4]]).encode(),
        "list_landmarks_align_celeba.txt": "\n".join(["4", "a b c d e f g h i j", *rows[10]]).encode(),
        "list_eval_partition.txt": "\n".join(f"{n} {i % 3}" for i, n in enumerate(names)).encode(),
    }

    def tell(patch: pytest.MonkeyPatch, url: str) -> None:
        patch.setattr(CelebA, "file_list", [(f"id{i}", md5(d), n) for i, (n, d) in enumerate(files.items())])

    labels = {"none": [], "Smiling": smiling, "Wearing_Hat": hat}[label]
    return Made({}, flat(colours, 64), labels, tell, files)


def flowers() -> Made:
    from torchvision.datasets import Flowers102

    colours = [(230, 200, 20), (200, 40, 160), (250, 250, 250)]
    pictures = {f"jpg/image_{i + 1:05d}.jpg": jpeg(c, (90 + i, 75)) for i, c in enumerate(colours)}
    files = {
        "102flowers.tgz": tar(pictures),
        "imagelabels.mat": matlab(labels=np.array([[77, 1, 102]], dtype=np.uint8)),
        # MATLAB's loadmat turns a single number into a scalar, so each part has at least two.
        "setid.mat": matlab(trnid=np.array([[3, 1]]), valid=np.array([[2, 2]]), tstid=np.array([[1, 3]])),
    }

    def tell(patch: pytest.MonkeyPatch, url: str) -> None:
        keys = ("image", "label", "setid")
        listed = {key: (name, md5(files[name])) for key, name in zip(keys, files, strict=True)}
        patch.setattr(Flowers102, "_download_url_prefix", url)
        patch.setattr(Flowers102, "_file_dict", listed)

    order = [2, 0, 1, 1, 0, 2]
    return Made(files, flat([colours[i] for i in order], 64), [[76, 0, 101][i] for i in order], tell)


def pets(label: str) -> Made:
    from torchvision.datasets import OxfordIIITPet

    breeds = [(f"breed_{i}", 1 + i % 2) for i in range(37)]  # 1: cat, 2: dog
    colours = [(6 * i, 255 - 6 * i, 128) for i in range(37)]
    pictures = {f"images/{n}_1.jpg": jpeg(c, (40, 50)) for (n, _), c in zip(breeds, colours, strict=True)}
    lines = [f"{name}_1 {i + 1} {species} 1" for i, (name, species) in enumerate(breeds)]
    files = {
        "images.tar.gz": tar(pictures),
        "annotations.tar.gz": tar(
            {"annotations/trainval.txt": "\n".join(lines).encode(), "annotations/test.txt": lines[4].encode()}
        ),
    }

    def tell(patch: pytest.MonkeyPatch, url: str) -> None:
        patch.setattr(OxfordIIITPet, "_RESOURCES", tuple((url + n, md5(d)) for n, d in files.items()))

    classes = list(range(37)) if label == "breed" else [species - 1 for _, species in breeds]
    return Made(files, flat([*colours, colours[4]], 64), [*classes, classes[4]], tell)


def place(files: dict[str, bytes], folder: Path) -> None:
    """Put files where a person would."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)


def serve_previews_of_mnist(connection: Connection) -> None:
    """The gallery's real child, for which MNIST lies at the address in ``$MADE_MNIST``."""
    from ganstudio.engine.launch import serve_previews

    mnist("mnist").tell(pytest.MonkeyPatch(), os.environ["MADE_MNIST"])
    serve_previews(connection)
