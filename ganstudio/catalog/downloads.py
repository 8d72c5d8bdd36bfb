"""Published collections of pictures that are fetched once; reading them is in ``ganstudio.data.downloads``.

Sizes are those of the files that are fetched (1 MB = 1,000,000 bytes). What is said about licences is what the
authors publish with the data; where they publish none, it says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from ganstudio.catalog.source import IMAGE_SIZES, Dataset
from ganstudio.core.schema import option

NO_LABELS = "none"
CELEBA_LABELS = (
    NO_LABELS, "Smiling", "Eyeglasses", "Male", "Young", "Wearing_Hat", "Blond_Hair", "Black_Hair", "Brown_Hair",
    "Gray_Hair", "Bald", "Bangs", "Wavy_Hair", "Straight_Hair", "Mustache", "Goatee", "Wearing_Lipstick",
    "Heavy_Makeup", "Wearing_Earrings", "Mouth_Slightly_Open",
)  # fmt: skip
EMNIST_SPLITS: dict[str, tuple[int, int]] = {
    "balanced": (47, 112_800),
    "letters": (26, 124_800),
    "digits": (10, 240_000),
    "mnist": (10, 60_000),
    "bymerge": (47, 697_932),
    "byclass": (62, 697_932),
}
"""Name of a split -> its classes and its training pictures in the published files."""


def _resolution(default: int, native: str) -> Any:
    return option(
        default, choices=IMAGE_SIZES, unit="px", help=f"Width and height; the originals have {native}."
    )


def _channels() -> Any:
    return option(3, choices=(1, 3), help="3 for colour, 1 for grey.")


@dataclass(frozen=True)
class Download(Dataset):
    """A collection behind a download: ``megabytes`` to fetch, ``labelled`` classes (0: none).

    ``by_hand`` says that no program can be relied on to fetch it: a person has to.
    """

    megabytes: ClassVar[float] = 0.0
    labelled: ClassVar[int] = 10
    by_hand: ClassVar[bool] = False

    @property
    def classes(self) -> int | None:
        """Known before anything is fetched."""
        return self.labelled

    @property
    def size(self) -> str:
        """What there is to fetch, as a person reads it: ``"9.9 MB"`` or ``"2.6 GB"``."""
        if self.megabytes >= 1000:
            return f"{self.megabytes / 1000:.1f} GB"
        return f"{self.megabytes:.0f} MB" if self.megabytes >= 100 else f"{self.megabytes:.1f} MB"


@dataclass(frozen=True)
class Mnist(Download):
    """LeCun, Cortes and Burges' handwritten digits."""

    kind: ClassVar[str] = "mnist"
    title: ClassVar[str] = "MNIST"
    idea: ClassVar[str] = "60,000 handwritten digits, grey: where most papers begin. 9.9 MB to download."
    about: ClassVar[str] = (
        "Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits, 1998, from NIST's "
        "Special Databases 1 and 3; CC BY-SA 3.0. The 60,000 training pictures, 28 × 28, ten classes."
    )
    megabytes: ClassVar[float] = 9.9

    resolution: int = _resolution(32, "28 px and get a black edge of 2 px")


@dataclass(frozen=True)
class FashionMnist(Download):
    """Zalando's articles of clothing."""

    kind: ClassVar[str] = "fashion-mnist"
    title: ClassVar[str] = "Fashion-MNIST"
    idea: ClassVar[str] = (
        "60,000 shirts, shoes and bags, grey, as small as MNIST and harder. 26.5 MB to download."
    )
    about: ClassVar[str] = (
        "H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST, arXiv:1708.07747, 2017; MIT licence. The 60,000 training "
        "pictures, 28 × 28, ten classes."
    )
    megabytes: ClassVar[float] = 26.5

    resolution: int = _resolution(32, "28 px and get a black edge of 2 px")


@dataclass(frozen=True)
class Kmnist(Download):
    """Japanese characters in the cursive script of old books."""

    kind: ClassVar[str] = "kmnist"
    title: ClassVar[str] = "KMNIST"
    idea: ClassVar[str] = "60,000 cursive Japanese characters from old books, grey. 18.2 MB to download."
    about: ClassVar[str] = (
        "T. Clanuwat et al.: Deep Learning for Classical Japanese Literature, arXiv:1812.01718, 2018; CC BY-SA 4.0. "
        "The 60,000 training pictures, 28 × 28, ten classes."
    )
    megabytes: ClassVar[float] = 18.2

    resolution: int = _resolution(32, "28 px and get a black edge of 2 px")


@dataclass(frozen=True)
class Emnist(Download):
    """Handwritten letters and digits."""

    kind: ClassVar[str] = "emnist"
    title: ClassVar[str] = "EMNIST"
    idea: ClassVar[str] = "Handwritten letters and digits, grey, in six selections. 562 MB to download."
    about: ClassVar[str] = (
        "G. Cohen, S. Afshar, J. Tapson, A. van Schaik: EMNIST, arXiv:1702.05373, 2017, from NIST Special Database 19; "
        "no licence is published with it. Training pictures, 28 × 28: 60,000 to 697,932 in 10 to 62 classes."
    )
    megabytes: ClassVar[float] = 561.8

    split: str = option(
        "balanced",
        choices=tuple(EMNIST_SPLITS),
        help="Which selection: 47 balanced classes, the letters, the digits, MNIST's own digits, or everything "
        "with look-alike cases merged (bymerge) or apart (byclass).",
    )
    resolution: int = _resolution(32, "28 px and get a black edge of 2 px")

    @property
    def classes(self) -> int | None:
        """As many as the selection has."""
        return EMNIST_SPLITS[self.split][0]


@dataclass(frozen=True)
class Cifar10(Download):
    """Small photographs of ten things."""

    kind: ClassVar[str] = "cifar10"
    title: ClassVar[str] = "CIFAR-10"
    idea: ClassVar[str] = (
        "50,000 tiny photographs of animals and vehicles: the yardstick of GANs. 170 MB to download."
    )
    about: ClassVar[str] = (
        "A. Krizhevsky: Learning Multiple Layers of Features from Tiny Images, 2009; no licence is published with "
        "it. The 50,000 training pictures, 32 × 32, ten classes."
    )
    megabytes: ClassVar[float] = 170.1

    resolution: int = _resolution(32, "32 px")
    channels: int = _channels()


@dataclass(frozen=True)
class Cifar100(Download):
    """Small photographs of a hundred things."""

    kind: ClassVar[str] = "cifar100"
    title: ClassVar[str] = "CIFAR-100"
    idea: ClassVar[str] = "50,000 tiny photographs in 100 classes, 500 of each. 169 MB to download."
    about: ClassVar[str] = (
        "A. Krizhevsky: Learning Multiple Layers of Features from Tiny Images, 2009; no licence is published with "
        "it. The 50,000 training pictures, 32 × 32, 100 classes in 20 groups."
    )
    megabytes: ClassVar[float] = 168.5

    label: str = option(
        "fine",
        choices=("fine", "coarse"),
        help="The 100 classes, or the 20 groups they form (people, trees, ...).",
    )
    resolution: int = _resolution(32, "32 px")
    channels: int = _channels()

    @property
    def classes(self) -> int | None:
        """100 classes or 20 groups."""
        return 100 if self.label == "fine" else 20


@dataclass(frozen=True)
class Svhn(Download):
    """House numbers from street photographs."""

    kind: ClassVar[str] = "svhn"
    title: ClassVar[str] = "SVHN"
    idea: ClassVar[str] = "73,257 digits cut out of photographs of house numbers. 182 MB to download."
    about: ClassVar[str] = (
        "Y. Netzer et al.: Reading Digits in Natural Images with Unsupervised Feature Learning, 2011; for "
        "non-commercial use only. The 73,257 training pictures, 32 × 32, ten classes."
    )
    megabytes: ClassVar[float] = 182.0

    resolution: int = _resolution(32, "32 px")
    channels: int = _channels()


@dataclass(frozen=True)
class Stl10(Download):
    """Larger photographs of ten things, and many without labels."""

    kind: ClassVar[str] = "stl10"
    title: ClassVar[str] = "STL-10"
    idea: ClassVar[str] = (
        "Photographs of animals and vehicles, 96 px: 5,000 labelled, 100,000 not. 2.6 GB to download."
    )
    about: ClassVar[str] = (
        "A. Coates, H. Lee, A. Y. Ng: An Analysis of Single-Layer Networks in Unsupervised Feature Learning, 2011, "
        "from ImageNet; no licence is published with it. 5,000 pictures in ten classes or 100,000 without, 96 × 96."
    )
    megabytes: ClassVar[float] = 2640.4

    split: str = option(
        "train",
        choices=("train", "unlabeled"),
        help="The 5,000 labelled training pictures, or the 100,000 without labels that GAN papers use.",
    )
    resolution: int = _resolution(64, "96 px")
    channels: int = _channels()

    @property
    def classes(self) -> int | None:
        """Only the training pictures have labels."""
        return 10 if self.split == "train" else 0


@dataclass(frozen=True)
class CelebA(Download):
    """Faces of well-known people, aligned."""

    kind: ClassVar[str] = "celeba"
    title: ClassVar[str] = "CelebA"
    idea: ClassVar[str] = (
        "202,599 aligned faces with attributes such as smiling. 1.5 GB, to be fetched by hand."
    )
    about: ClassVar[str] = (
        "Z. Liu, P. Luo, X. Wang, X. Tang: Deep Learning Face Attributes in the Wild, arXiv:1411.7766, 2015; for "
        "non-commercial research only. All 202,599 aligned and cropped pictures, 178 × 218. They lie on a drive that "
        "often refuses programs, so they are downloaded in a browser and put into a folder."
    )
    megabytes: ClassVar[float] = 1494.7
    by_hand: ClassVar[bool] = True

    label: str = option(
        NO_LABELS,
        choices=CELEBA_LABELS,
        help="The attribute that makes two classes, without and with it; none for no classes.",
    )
    limit: int = option(
        0,
        low=0,
        high=202_599,
        unit="pictures",
        label="At most",
        help="Take only so many pictures, the first ones; 0 takes all (2.5 GB of memory at 64 px).",
    )
    resolution: int = _resolution(64, "178 × 218 px, of which the middle square is taken")
    channels: int = _channels()

    @property
    def classes(self) -> int | None:
        """Without and with the chosen attribute."""
        return 0 if self.label == NO_LABELS else 2


@dataclass(frozen=True)
class Flowers102(Download):
    """Flowers that are common in the United Kingdom."""

    kind: ClassVar[str] = "flowers102"
    title: ClassVar[str] = "Flowers 102"
    idea: ClassVar[str] = "8,189 photographs of flowers, 40 to 258 of each kind. 345 MB to download."
    about: ClassVar[str] = (
        "M.-E. Nilsback, A. Zisserman: Automated Flower Classification over a Large Number of Classes, 2008; no "
        "licence is published with it. All 8,189 pictures (all three parts), 500 px and more, 102 classes."
    )
    megabytes: ClassVar[float] = 344.9
    labelled: ClassVar[int] = 102

    resolution: int = _resolution(64, "500 px and more, of which the middle square is taken")
    channels: int = _channels()


@dataclass(frozen=True)
class OxfordPets(Download):
    """Cats and dogs."""

    kind: ClassVar[str] = "oxford-pets"
    title: ClassVar[str] = "Oxford pets"
    idea: ClassVar[str] = "7,349 photographs of cats and dogs, about 200 of each breed. 811 MB to download."
    about: ClassVar[str] = (
        "O. M. Parkhi, A. Vedaldi, A. Zisserman, C. V. Jawahar: Cats and Dogs, 2012; CC BY-SA 4.0. All 7,349 pictures "
        "(all parts) of various sizes, 37 breeds."
    )
    megabytes: ClassVar[float] = 811.1

    label: str = option(
        "breed", choices=("breed", "species"), help="The 37 breeds, or just cat and dog, as classes."
    )
    resolution: int = _resolution(64, "various sizes, of which the middle square is taken")
    channels: int = _channels()

    @property
    def classes(self) -> int | None:
        """37 breeds or two species."""
        return 37 if self.label == "breed" else 2


DOWNLOADS: tuple[type[Download], ...] = (
    Mnist, FashionMnist, Kmnist, Emnist, Cifar10, Cifar100, Svhn, Stl10, CelebA, Flowers102, OxfordPets,
)  # fmt: skip
