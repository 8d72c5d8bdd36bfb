"""What can be measured of a run or of two folders, as data: one entry for each number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ganstudio.core.published import NETWORKS, PublishedNetwork

LOWER, HIGHER, NONE = "lower", "higher", "neither"
LABELS, CONDITIONAL, FACTORS, CODES = "labels", "conditional", "factors", "codes"
FINITE, GENERATOR, STYLES, MODES = "finite", "generator", "styles", "modes"
STACKED, LARGE = "stacked", "large"
INCEPTION, VGG16 = "inception", "vgg16"
LEAST_SIDE = 16
"""Pixels that LPIPS needs: it halves pictures four times."""
NEEDS: dict[str, str] = {
    LABELS: "data with classes",
    CONDITIONAL: "a generator that is asked for classes of the data (of two folders: a folder for each class in both)",
    FACTORS: "data with known factors",
    CODES: "a generator with at least two codes",
    FINITE: "a finite set of training pictures",
    GENERATOR: "a generator, not a folder of pictures",
    STYLES: "a generator with styles",
    MODES: "a mixture with known modes",
    STACKED: "stacked digits",
    LARGE: f"pictures of {LEAST_SIDE} px or more",
    **{name: f"the weights of {network.words}" for name, network in NETWORKS.items()},
}
"""What a measure can need -> in words, after "needs". A published network is needed by its name."""


@dataclass(frozen=True)
class Measure:
    """A number that can be measured.

    ``data`` is "image" or "points". ``better`` says which way is better. Fewer than ``least`` samples are refused,
    fewer than ``enough`` get a warning. ``protocol`` is how the field does it, ``paper`` where it comes from. What is
    ``slow`` is not measured on schedule unless it is named.
    """

    name: str
    title: str
    idea: str
    protocol: str
    data: str = "image"
    unit: str = ""
    better: str = HIGHER
    least: int = 2
    enough: int = 2000
    needs: tuple[str, ...] = ()
    paper: str = ""
    slow: bool = False


OWN_MARK = ", own features"
"""How the title of a number ends that is found in the features of the data's own classifier."""
_IN_INCEPTION = "features of the TF Inception 2015-12-05 at 299 px"
_IN_LPIPS = (
    "beginnings of 50,000 paths; LPIPS v0.1 in VGG16, larger pictures reduced to 256 px, no crop (StyleGAN2)"
)
_IN_DOMAIN = "features of a classifier trained on the data itself; not to be compared across data sets"


def _both(name: str, own: str, title: str, idea: str, rules: str, **more: Any) -> Iterable[Measure]:
    """The number in the Inception's features, and under another name in those of the data's own classifier.

    ``own_needs`` is what the second needs.
    """
    own_needs: tuple[str, ...] = more.pop("own_needs", ())
    yield Measure(name, title, idea, f"{rules}; {_IN_INCEPTION}", needs=(INCEPTION,), **more)
    yield Measure(own, f"{title}{OWN_MARK}", idea, f"{rules}; {_IN_DOMAIN}", needs=own_needs, **more)


def _paths(name: str, own: str, title: str, idea: str, way: str, needs: tuple[str, ...]) -> Iterable[Measure]:
    """The length of paths in LPIPS, as it is published, and in the features of the data's own classifier."""
    rules = f"step 1e-4 on the {way}, squared distance, outer percents left out"
    more: dict[str, Any] = {"better": LOWER, "paper": "arXiv:1812.04948", "slow": True}
    published = (*needs, LARGE, VGG16)
    yield Measure(name, title, idea, f"{rules}; {_IN_LPIPS}", needs=published, enough=10_000, **more)
    own_rules = f"{rules}; full paths, not the published length, which is taken in LPIPS; {_IN_DOMAIN}"
    yield Measure(own, f"{title}{OWN_MARK}", idea, own_rules, needs=needs, enough=1000, **more)


_IMAGES: tuple[Measure, ...] = (
    *_both(
        "fid",
        "fd-domain",
        "Frechet distance",
        "How far the features of generated and real pictures lie apart, each seen as a Gaussian.",
        "50,000 generated against all real, unbiased covariance",
        better=LOWER,
        enough=10_000,
        paper="arXiv:1706.08500",
    ),
    *_both(
        "kid",
        "kd-domain",
        "Kernel distance",
        "How far the features lie apart by a polynomial kernel; unbiased, so that few samples do.",
        "100 subsets of 1,000, degree 3, 1/d, 1",
        better=LOWER,
        enough=1000,
        paper="arXiv:1801.01401",
    ),
    *_both(
        "is",
        "is-domain",
        "Inception score",
        "How surely a classifier names each sample, and how many classes it names in all.",
        "10 splits, 50,000 generated",
        own_needs=(LABELS,),
        least=10,
        enough=5000,
        paper="arXiv:1606.03498",
    ),
    *_both(
        "precision",
        "precision-domain",
        "Precision",
        "The share of generated samples that lie among the real ones.",
        "third neighbour, edge included (Kynkäänniemi)",
        least=6,
        enough=5000,
        paper="arXiv:1904.06991",
    ),
    *_both(
        "recall",
        "recall-domain",
        "Recall",
        "The share of real samples that lie among the generated ones.",
        "third neighbour, edge included (Kynkäänniemi)",
        least=6,
        enough=5000,
        paper="arXiv:1904.06991",
    ),
    *_both(
        "density",
        "density-domain",
        "Density",
        "How many real neighbourhoods a generated sample lies in; 1 for real samples, more in crowded places.",
        "fifth neighbour, edge left out (Naeem)",
        better=NONE,
        least=6,
        enough=5000,
        paper="arXiv:2002.09797",
    ),
    *_both(
        "coverage",
        "coverage-domain",
        "Coverage",
        "The share of real samples that have a generated one in their neighbourhood.",
        "fifth neighbour, edge left out (Naeem)",
        least=6,
        enough=5000,
        paper="arXiv:2002.09797",
    ),
    *_paths(
        "ppl",
        "path-domain",
        "Path length",
        "How much a picture changes for a tiny step between two latents: large where the generator jumps.",
        "sphere in z",
        (GENERATOR,),
    ),
    *_paths(
        "ppl-w",
        "path-w-domain",
        "Path length in styles",
        "The same between two styles w: shorter than in z where the mapping untangles the latents.",
        "straight way in w",
        (GENERATOR, STYLES),
    ),
    Measure(
        "ms-ssim",
        "Similarity of pairs (MS-SSIM)",
        "How alike two samples are on average; much above the data's own value means too little variety.",
        "1,000 random pairs, of one class where classes are known; fewer scales below 176 px",
        better=LOWER,
        enough=200,
        paper="arXiv:1610.09585",
    ),
    Measure(
        "copied-domain",
        "Copied samples, own features",
        "The share of samples nearer to a training picture than 95 % of real ones are: 0.05 is no sign of memory.",
        f"nearest training picture, beside that of training pictures to each other; {_IN_DOMAIN}",
        better=LOWER,
        enough=1000,
        needs=(FINITE,),
        paper="arXiv:2004.05675",
    ),
    Measure(
        "class-balance",
        "Imbalance of classes",
        "How far the shares of recognised classes are from those of the data (total variation).",
        "classes recognised by a classifier trained on the data itself",
        better=LOWER,
        enough=1000,
        needs=(LABELS,),
    ),
    Measure(
        "class-accuracy",
        "Classes as asked for",
        "The share of samples that show the class the generator was asked for.",
        "classes recognised by a classifier trained on the data itself",
        enough=1000,
        needs=(LABELS, CONDITIONAL),
    ),
    Measure(
        "factor-range",
        "Range of factors",
        "How much of every factor's range generated samples reach, of what real samples reach.",
        "factors read by a network trained on the data itself, 20 parts of each range",
        enough=2000,
        needs=(FACTORS,),
    ),
    Measure(
        "factor-pairs",
        "Combinations of factors",
        "How many combinations of two factors generated samples reach, of those that real samples have.",
        "factors read by a network trained on the data itself, 8 parts of each range",
        enough=5000,
        needs=(FACTORS,),
    ),
    Measure(
        "mig",
        "Mutual information gap",
        "How much more one code tells about a factor than the next best code; 1 if each factor has its own.",
        "codes against factors read from the pictures, 20 parts",
        enough=2000,
        needs=(FACTORS, CODES),
        paper="arXiv:1802.04942",
    ),
    Measure(
        "dci",
        "Disentanglement (DCI)",
        "Whether each code is about one factor only; completeness and informativeness stand beside it.",
        "random forests from codes to factors read from the pictures",
        least=40,
        enough=2000,
        needs=(FACTORS, CODES),
        paper="Eastwood and Williams, ICLR 2018",
        slow=True,
    ),
    Measure(
        "stacked-modes",
        "Modes found",
        "How many of the 1,000 triples of digits are generated at least once.",
        "digits recognised by a network trained on the data itself; 26,000 samples",
        unit="modes",
        enough=26_000,
        needs=(STACKED,),
        paper="arXiv:1611.02163",
    ),
    Measure(
        "stacked-kl",
        "Divergence of modes",
        "KL of the generated triples from equal shares, in nats; about (1,000 - 1) / (2 N) for real samples.",
        "digits recognised by a network trained on the data itself; 26,000 samples",
        unit="nats",
        better=LOWER,
        enough=26_000,
        needs=(STACKED,),
        paper="arXiv:1611.02163",
    ),
)
_POINTS: tuple[Measure, ...] = (
    Measure(
        "modes",
        "Modes found",
        "How many modes have at least one sample within three deviations.",
        "2,500 samples (PacGAN)",
        data="points",
        unit="modes",
        enough=2500,
        needs=(MODES,),
        paper="arXiv:1712.04086",
    ),
    Measure(
        "high-quality",
        "Samples of high quality",
        "The share of samples within three deviations of the nearest mode.",
        "2,500 samples (PacGAN)",
        data="points",
        enough=2500,
        needs=(MODES,),
        paper="arXiv:1712.04086",
    ),
    Measure(
        "reverse-kl",
        "Reverse divergence of modes",
        "KL of the shares of generated modes from those of the data, in nats.",
        "every sample belongs to its nearest mode; 2,500 samples (PacGAN)",
        data="points",
        unit="nats",
        better=LOWER,
        enough=2500,
        needs=(MODES,),
        paper="arXiv:1712.04086",
    ),
    Measure(
        "js",
        "Jensen-Shannon divergence",
        "How far the density of the points is from the data's, in nats: 0 to ln 2.",
        "shares of cells, 200 on a line, 64 x 64 in the plane",
        data="points",
        unit="nats",
        better=LOWER,
        enough=2500,
    ),
    Measure(
        "w1",
        "Wasserstein distance",
        "How far points would have to be carried on average to become the data.",
        "exact matching of 1,000 generated with 1,000 real points, five times",
        data="points",
        unit="data units",
        better=LOWER,
        enough=5000,
    ),
)
MEASURES: dict[str, Measure] = {measure.name: measure for measure in (*_IMAGES, *_POINTS)}
"""Name on the command line, in records and in tables -> the measure."""


def downloads(measure: Measure) -> tuple[PublishedNetwork, ...]:
    """The published networks that a measure needs."""
    return tuple(NETWORKS[name] for name in measure.needs if name in NETWORKS)
