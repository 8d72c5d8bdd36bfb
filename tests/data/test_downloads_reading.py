"""The published formats, made small, go through the real readers and come out as they were put in."""

from __future__ import annotations

import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from support import published
from support.downloads import FileServer, md5
from support.published import Made

from ganstudio.catalog.downloads import (
    DOWNLOADS,
    CelebA,
    Cifar10,
    Cifar100,
    Download,
    Emnist,
    FashionMnist,
    Flowers102,
    Kmnist,
    Mnist,
    OxfordPets,
    Stl10,
    Svhn,
)
from ganstudio.data import DataError, ImageSet, load
from ganstudio.data.downloads import absent_files, door, downloads_folder, readers

LETTERS = tuple("abcdefghijklmnopqrstuvwxyz")
DIGITS = tuple("0123456789")
JPEGS = ("celeba", "flowers102", "oxford-pets")
CASES: dict[str, tuple[Download, Callable[[], Made], tuple[str, ...]]] = {
    "mnist": (Mnist(), lambda: published.mnist("mnist"), DIGITS),
    "fashion-mnist": (FashionMnist(), lambda: published.mnist("fashion-mnist"), ("T-shirt/top", "Trouser")),
    "kmnist": (Kmnist(), lambda: published.mnist("kmnist"), ("o", "ki", "su")),
    "emnist": (Emnist(), lambda: published.emnist("balanced"), DIGITS),
    "emnist letters": (Emnist(split="letters"), lambda: published.emnist("letters"), LETTERS),
    "emnist digits": (Emnist(split="digits"), lambda: published.emnist("digits"), DIGITS),
    "cifar10": (Cifar10(), published.cifar10, ("thing 0", "thing 1")),
    "cifar100": (Cifar100(), lambda: published.cifar100("fine"), ("fine 0",)),
    "cifar100 groups": (Cifar100(label="coarse"), lambda: published.cifar100("coarse"), ("coarse 0",)),
    "svhn": (Svhn(), published.svhn, DIGITS),
    "stl10": (Stl10(resolution=32), lambda: published.stl10("train"), ("thing 0",)),
    "stl10 unlabelled": (Stl10(split="unlabeled"), lambda: published.stl10("unlabeled"), ()),
    "celeba": (CelebA(), lambda: published.celeba("none"), ()),
    "celeba smiling": (
        CelebA(label="Smiling"),
        lambda: published.celeba("Smiling"),
        ("not smiling", "smiling"),
    ),
    "flowers102": (Flowers102(), published.flowers, ("pink primrose",)),
    "oxford-pets": (OxfordPets(), lambda: published.pets("breed"), ("Breed 0", "Breed 1")),
    "oxford-pets species": (OxfordPets(label="species"), lambda: published.pets("species"), ("Cat", "Dog")),
}


class World:
    """A server with made collections, and torchvision believing in them."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.patch, self.server = patch, FileServer({})

    def publish(self, made: Made, options: Download) -> Made:
        self.server.files |= made.files
        made.tell(self.patch, self.server.url)
        if made.files_by_hand:
            published.place(made.files_by_hand, downloads_folder(options))
        return made


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    found = World(monkeypatch)
    yield found
    found.server.close()


def read(options: Download) -> ImageSet:
    found = load(options)
    assert isinstance(found, ImageSet)
    return found


def refused(options: Download) -> DataError:
    with pytest.raises(DataError) as caught:
        load(options)
    return caught.value


def test_every_collection_is_among_the_cases():
    assert {options.kind for options, _, _ in CASES.values()} == {cls.kind for cls in DOWNLOADS}


@pytest.mark.parametrize("case", CASES)
def test_what_was_published_comes_out(world: World, case: str):
    options, make, names = CASES[case]
    made = world.publish(make(), options)
    assert absent_files(options) == tuple(made.files)
    found = read(options)
    side: int = getattr(options, "resolution", 0)
    if made.pixels.shape[-1] == side:
        difference = np.abs(found.images.numpy().astype(int) - made.pixels)
        assert difference.max() <= (4 if options.kind in JPEGS else 0)
    assert found.images.shape == (len(made.pixels), made.pixels.shape[1], side, side)
    assert (found.labels is None) == (not made.labels)
    assert found.labels is None or found.labels.tolist() == made.labels
    assert found.class_names[: len(names)] == names
    assert len(found.class_names) == found.shape.classes == options.classes
    assert found.unreadable == () and absent_files(options) == ()


def test_the_cases_above_cannot_pass_by_accident(world: World):
    """Turned, transposed or mixed-up pictures would be seen: they are noise."""
    made = world.publish(published.cifar10(), Cifar10())
    found = read(Cifar10()).images.numpy()
    assert not np.array_equal(found.transpose(0, 1, 3, 2), made.pixels)
    assert not np.array_equal(found[:, ::-1], made.pixels)


def test_nothing_is_unpickled(world: World, monkeypatch: pytest.MonkeyPatch):
    def forbidden(*args: Any, **options: Any) -> None:
        raise AssertionError("a file was unpickled")

    for options, make, _ in CASES.values():
        world.publish(make(), options)
        with monkeypatch.context() as patch:
            for module, name in ((pickle, "load"), (pickle, "loads"), (pickle, "Unpickler"), (torch, "load")):
                patch.setattr(module, name, forbidden)
            read(options)


def test_stl10_at_its_own_size_is_exact(world: World, monkeypatch: pytest.MonkeyPatch):
    made = world.publish(published.stl10("train"), Stl10())
    sizes: list[torch.Tensor] = []
    original = door.resized

    def kept(pixels: torch.Tensor, *args: Any) -> torch.Tensor:
        sizes.append(pixels)
        return original(pixels, *args)

    monkeypatch.setattr(door, "resized", kept)
    read(Stl10())
    assert np.array_equal(sizes[0].numpy(), made.pixels)


# ---------------------------------------------------------------- size and colour


def test_the_edge_of_28_px_is_black_and_the_rest_exact():
    pixels = torch.from_numpy(published.noise(3, 1, 28, 28))
    found = door.resized(pixels, 32, 1)
    assert torch.equal(found[:, :, 2:30, 2:30], pixels)
    assert int(found.sum()) == int(pixels.sum())


@pytest.mark.parametrize("resolution", [8, 16, 64, 256])
def test_even_colours_stay_even_at_any_size(resolution: int):
    pixels = torch.tensor([10, 120, 250], dtype=torch.uint8).view(1, 3, 1, 1).expand(2, 3, 32, 32)
    found = door.resized(pixels, resolution, 3)
    assert found.shape == (2, 3, resolution, resolution) and found.dtype == torch.uint8
    assert torch.equal(found[:, :, 0, 0], torch.tensor([[10, 120, 250]] * 2, dtype=torch.uint8))
    assert torch.equal(found, found[:, :, :1, :1].expand_as(found))


def test_halving_keeps_the_mean():
    pixels = torch.from_numpy(published.noise(4, 3, 96, 96))
    assert abs(float(door.resized(pixels, 64, 3).float().mean()) - float(pixels.float().mean())) < 1


def test_grey_is_pillows_grey():
    from PIL import Image

    pixels = published.noise(5, 3, 32, 32)
    ours = door.resized(torch.from_numpy(pixels), 32, 1).numpy()[:, 0]
    theirs = [np.asarray(Image.fromarray(p.transpose(1, 2, 0)).convert("L")) for p in pixels]
    assert np.abs(ours.astype(int) - np.array(theirs)).max() <= 1


def test_many_pictures_are_resized_in_blocks_with_the_same_result(monkeypatch: pytest.MonkeyPatch):
    pixels = torch.from_numpy(published.noise(25, 3, 32, 32))
    whole = door.resized(pixels, 16, 3)
    monkeypatch.setattr(door, "BLOCK", 4)
    told: list[float] = []
    assert torch.equal(door.resized(pixels, 16, 3, lambda what, done: told.append(done)), whole)
    assert len(told) == 7 and told == sorted(told)


# ---------------------------------------------------------------- kept, and mended


@pytest.mark.parametrize("case", ["mnist", "flowers102", "celeba smiling"])
def test_a_second_time_neither_network_nor_files_are_needed(world: World, case: str, monkeypatch):
    options, make, _ = CASES[case]
    world.publish(make(), options)
    first, asked = read(options), len(world.server.asked)
    world.server.close()
    shutil.rmtree(downloads_folder(options))
    monkeypatch.setitem(readers.PLANS, options.kind, lambda *args: pytest.fail("the files were looked at"))
    second = read(options)
    assert second.fingerprint == first.fingerprint and second.class_names == first.class_names
    assert len(world.server.asked) == asked


def test_other_settings_need_no_second_download(world: World):
    world.publish(published.cifar10(), Cifar10())
    read(Cifar10())
    world.server.close()
    grey = read(Cifar10(resolution=16, channels=1))
    assert grey.shape.size == (1, 16, 16)


def test_files_put_there_by_hand_are_taken(world: World):
    made = world.publish(published.mnist("mnist"), Mnist())
    world.server.close()
    published.place(made.files, downloads_folder(Mnist()))
    assert len(read(Mnist())) == len(made.labels)
    assert world.server.asked == []


def test_a_damaged_file_on_the_disk_is_fetched_anew(world: World):
    made = world.publish(published.mnist("mnist"), Mnist())
    name = "train-images-idx3-ubyte.gz"
    published.place(made.files | {name: made.files[name][:-20]}, downloads_folder(Mnist()))
    assert len(read(Mnist())) == len(made.labels)
    assert [path for path, _ in world.server.asked] == [name]


@pytest.mark.parametrize("case", ["cifar10", "stl10"])
def test_what_was_spoilt_after_unpacking_is_unpacked_anew(world: World, case: str):
    options, make, _ = CASES[case]
    world.publish(make(), options)
    first = read(options)
    world.server.close()
    shutil.rmtree(door.cache.cache_folder())
    for path in downloads_folder(options).rglob("*.bin"):
        path.write_bytes(path.read_bytes()[:-1])
    assert read(options).fingerprint == first.fingerprint


def test_files_that_stay_unreadable_are_told(world: World, monkeypatch: pytest.MonkeyPatch):
    made = published.cifar10()
    made.files["cifar-10-binary.tar.gz"] = published.tar({"cifar-10-batches-bin/data_batch_1.bin": b"x"})
    world.publish(made, Cifar10())
    error = refused(Cifar10())
    assert "The files of CIFAR-10 cannot be read" in error.problem
    assert str(downloads_folder(Cifar10())) in error.remedy


@pytest.mark.parametrize("labels", [[0, 1, 2], [0] * 29 + [10]], ids=["too few", "out of range"])
def test_labels_that_do_not_fit_are_refused(world: World, labels: list[int]):
    made = published.mnist("mnist")
    made.files["train-labels-idx1-ubyte.gz"] = published.idx(np.array(labels, dtype=np.uint8))
    world.publish(made, Mnist())
    assert "The files of MNIST cannot be read (ValueError" in refused(Mnist()).problem


def test_a_damaged_picture_is_left_out_and_named(world: World):
    made = published.flowers()
    whole = published.jpeg((1, 2, 3), (80, 80))
    files = {f"jpg/image_{i:05d}.jpg": whole for i in (1, 2)} | {"jpg/image_00003.jpg": whole[:200]}
    made.files["102flowers.tgz"] = published.tar(files)
    world.publish(made, Flowers102())
    found = read(Flowers102())
    assert found.labels is not None and found.labels.tolist() == [76, 0, 0, 76]
    assert found.unreadable == ("image_00003.jpg: damaged or cut short",) * 2


def test_a_collection_without_a_readable_picture_is_told(world: World):
    made = published.flowers()
    made.files["102flowers.tgz"] = published.tar({f"jpg/image_{i:05d}.jpg": b"" for i in (1, 2, 3)})
    world.publish(made, Flowers102())
    assert (
        "None of the 6 pictures of Flowers 102 can be read (the file is empty)"
        in refused(Flowers102()).problem
    )


# ---------------------------------------------------------------- CelebA, by hand


def test_celeba_says_what_to_do_by_hand(world: World):
    made = published.celeba("none")
    made.tell(world.patch, world.server.url)
    error = refused(CelebA())
    assert "drive that often refuses programs" in error.problem
    assert all(name in error.remedy for name in made.files_by_hand)
    assert str(downloads_folder(CelebA())) in error.remedy
    del made.files_by_hand["identity_CelebA.txt"]
    published.place(made.files_by_hand, downloads_folder(CelebA()))
    assert "Fetch identity_CelebA.txt in a browser" in refused(CelebA()).remedy


@pytest.mark.parametrize("name", ["img_align_celeba.zip", "list_attr_celeba.txt"])
def test_celebas_checksums_count_for_files_put_by_hand_too(world: World, name: str):
    made = world.publish(published.celeba("none"), CelebA())
    path = downloads_folder(CelebA()) / name
    path.write_bytes(made.files_by_hand[name] + b"x")
    error = refused(CelebA())
    assert f"{name} in {path.parent} is damaged or another version" in error.problem
    assert path.exists()  # a person's file is not deleted
    assert md5(path.read_bytes()) != md5(made.files_by_hand[name])


def test_celeba_can_be_cut_to_the_first_pictures(world: World):
    made = world.publish(published.celeba("Wearing_Hat"), CelebA())
    found = read(CelebA(label="Wearing_Hat", limit=3))
    assert len(found) == 3 and found.class_names == ("not wearing hat", "wearing hat")
    assert found.labels is not None and found.labels.tolist() == made.labels[:3]


def test_every_attribute_offered_is_one_of_celebas():
    from ganstudio.catalog.downloads import CELEBA_LABELS

    assert len(set(CELEBA_LABELS)) == len(CELEBA_LABELS)
    assert all(label == "none" or label.replace("_", "").isalpha() for label in CELEBA_LABELS)


@pytest.mark.parametrize("split", sorted(published.EMNIST_CLASSES))
def test_emnist_tells_its_classes_as_torchvision_has_them(split: str):
    from torchvision.datasets import EMNIST

    assert Emnist(split=split).classes == len(EMNIST.classes_split_dict[split]) - (split == "letters")


@pytest.mark.parametrize("cls", DOWNLOADS, ids=lambda cls: cls.kind)
def test_every_collection_says_where_it_comes_from_and_how_large_it_is(cls: type[Download]):
    assert cls.megabytes > 1 and cls().size.endswith(("MB", "GB"))
    terms = ("CC BY", "licence", "non-commercial")
    assert any(term in cls.about for term in terms) and cls.about.endswith(".")
    assert "download" in cls.idea or cls.by_hand


def test_what_a_killed_process_left_while_reading_goes(world: World):
    world.publish(published.mnist("mnist"), Mnist())
    left = downloads_folder(Mnist()) / f"{readers.WORKSHOP}abc"
    left.mkdir(parents=True)
    (left / "images").write_bytes(b"x")
    read(Mnist())
    assert not left.exists()


def test_torchvision_is_imported_on_use_only():
    code = "import sys, ganstudio.data, ganstudio.engine.child; sys.exit('torchvision' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
