"""Runs and folders measured from end to end: every number that suits, its protocol, its warnings, what is refused."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from support.measuring import make_run
from support.tiny import IMAGES, POINTS, tiny

from ganstudio.catalog.measures import INCEPTION, MEASURES
from ganstudio.catalog.resolve import resolve
from ganstudio.core.measurement import Measurement
from ganstudio.core.messages import Measure
from ganstudio.core.published import NETWORKS, weights_folder
from ganstudio.core.runs import RunFolder
from ganstudio.data import Cancelled, load, make_feed
from ganstudio.latent.sampling import load_generator
from ganstudio.metrics import domain, measure
from ganstudio.metrics.figures import MetricError
from ganstudio.metrics.inception_net import Inception
from ganstudio.metrics.measure import Place, measured, prepare, unvouched_name
from ganstudio.metrics.pairs import FRAME, GAP
from ganstudio.metrics.sides import GeneratorSide
from ganstudio.metrics.weightfile import read_weights
from ganstudio.nets import seeded


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSTUDIO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))
    monkeypatch.setattr(domain, "UPDATES", 4)


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return make_run(tmp_path_factory.mktemp("runs") / "digits", tiny(IMAGES))


def found(wish: Measure, **place: Any) -> dict[str, Measurement]:
    where = Place(**place)
    return {m.metric: m for m in measured(prepare(wish, where), where)}


def refused(wish: Measure) -> str:
    with pytest.raises(MetricError) as caught:
        list(measured(prepare(wish)))
    return str(caught.value)


# ---------------------------------------------------------------- runs


def test_all_that_suits_a_run_of_labelled_pictures(digits: RunFolder):
    said: list[str] = []
    numbers = found(Measure(str(digits.path), samples=64), progress=lambda what, done: said.append(what))
    assert set(numbers) == {
        "fd-domain", "kd-domain", "is-domain", "precision-domain", "recall-domain", "density-domain",
        "coverage-domain", "path-domain", "ms-ssim", "copied-domain", "class-balance",
    }  # fmt: skip
    for name, number in numbers.items():
        protocol = number.protocol
        assert np.isfinite(number.value) and number.how and number.step == 2 and number.time, name
        assert protocol.made == "digits: averaged generator at step 2" and protocol.samples == 64
        assert (
            protocol.reference == "digits: all 1,797 training pictures" and protocol.reference_samples == 1797
        )
        assert protocol.versions["torch"] and protocol.rules and protocol.device == "CPU"
        assert ("classifier trained on the data" in protocol.feature_net) == (name != "ms-ssim")
        assert any("64 samples are few" in w for w in number.warnings)
    assert {"Training a classifier of the data", "Looking at generated pictures", "Comparing subsets"} <= set(
        said
    )
    assert "Subsets have 64 samples instead of 1,000." in numbers["kd-domain"].warnings
    assert sum(numbers["class-balance"].details["shares"]) == pytest.approx(1)
    shown = Image.open(io.BytesIO(numbers["copied-domain"].picture))
    assert shown.format == "PNG" and not any(m.picture for n, m in numbers.items() if n != "copied-domain")
    nearest = numbers["copied-domain"].details["nearest"]
    assert len(nearest) == 16 and all(0 <= k < 1797 for row in nearest for k in row["training"])


def test_the_same_wish_gives_the_same_numbers_and_another_seed_others(digits: RunFolder):
    wish = Measure(str(digits.path), metrics=("fd-domain", "ms-ssim", "path-domain"), samples=40)
    one, other = found(wish), found(wish)
    assert {n: m.value for n, m in one.items()} == {n: m.value for n, m in other.items()}
    assert found(replace(wish, seed=1))["fd-domain"].value != one["fd-domain"].value
    assert found(replace(wish, truncation=0.5))["fd-domain"].protocol.truncation == 0.5


def test_measuring_changes_nothing_in_the_run(digits: RunFolder):
    before = {p: p.read_bytes() for p in sorted(digits.path.rglob("*")) if p.is_file()}
    state = torch.get_rng_state()
    found(Measure(str(digits.path), samples=20, metrics=("fd-domain",)))
    assert torch.equal(torch.get_rng_state(), state)
    assert {p: p.read_bytes() for p in sorted(digits.path.rglob("*")) if p.is_file()} == before


def test_a_conditional_run_shows_the_classes_it_was_asked_for(tmp_path: Path):
    run = make_run(tmp_path / "run", tiny(IMAGES, variant="projection-gan"))
    number = found(Measure(str(run.path), samples=50, metrics=("class-accuracy",)))["class-accuracy"]
    assert 0 <= number.value <= 1 and len(number.details["each"]) == 10


@pytest.mark.parametrize("source", ["ring", "spiral", "mixture-3"])
def test_points(tmp_path: Path, source: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ganstudio.metrics.toy.MATCHED", 50)
    monkeypatch.setattr("ganstudio.metrics.toy.REFERENCE", 2000)
    run = make_run(tmp_path / "run", tiny(POINTS, data={"source": source}))
    numbers = found(Measure(str(run.path), samples=100))
    modes = set() if source == "spiral" else {"modes", "high-quality", "reverse-kl"}
    assert set(numbers) == {"js", "w1"} | modes
    assert all(np.isfinite(m.value) for m in numbers.values())
    assert numbers["js"].details["real"] > 0


def test_codes_are_held_against_factors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ganstudio.metrics.bench.READABLE", -10.0)  # four updates teach nothing
    config = tiny(
        IMAGES, variant="infogan", data={"source": "shapes", "resolution": 16, "simple": True},
        latent={"dimension": 4, "categorical": 1, "categories": 3, "continuous": 2},
    )  # fmt: skip
    run = make_run(tmp_path / "run", config, 1)
    numbers = found(
        Measure(str(run.path), samples=60, metrics=("mig", "dci", "factor-range", "factor-pairs"))
    )
    assert all(0 <= m.value <= 1 for m in numbers.values())
    assert set(numbers["dci"].details) == {"completeness", "informativeness"}
    assert "bootstrap over 45 samples, 8 times" in numbers["dci"].how
    assert all(m.low <= m.value <= m.high for m in numbers.values())
    monkeypatch.setattr("ganstudio.metrics.bench.READABLE", 10.0)
    assert "None of the factors can be read" in refused(
        Measure(str(run.path), samples=60, metrics=("factor-range",))
    )


@pytest.mark.parametrize("variant", ["stylegan2", "stylegan"])
def test_styles_have_paths_of_their_own(tmp_path: Path, variant: str):
    config = resolve({
        "variant": variant, "data": {"source": "digits", "resolution": 16}, "batch_size": 4,
        "latent": {"dimension": 8}, "samples": {"count": 4}, "compute": {"device": "cpu", "threads": 1},
    })  # fmt: skip
    run = make_run(tmp_path / "run", config, 1)
    numbers = found(Measure(str(run.path), samples=10, metrics=("path-domain", "path-w-domain")))
    assert "in w, straight" in numbers["path-w-domain"].protocol.rules
    assert "in z, on the sphere" in numbers["path-domain"].protocol.rules
    assert all(m.value > 0 for m in numbers.values())


def test_truncation_moves_styles_and_not_z_which_is_normalised(tmp_path: Path):
    config = resolve({
        "variant": "stylegan2", "data": {"source": "digits", "resolution": 16}, "batch_size": 4,
        "latent": {"dimension": 8}, "samples": {"count": 4}, "compute": {"device": "cpu", "threads": 1},
    })  # fmt: skip
    run = make_run(tmp_path / "run", config, 1)
    wish = Measure(str(run.path), samples=30, metrics=("ms-ssim", "path-w-domain"))
    whole, cut = found(wish), found(replace(wish, truncation=0.5))
    point = found(replace(wish, truncation=0.0, metrics=("ms-ssim",)))
    assert point["ms-ssim"].value == pytest.approx(1)  # psi 0 is the average w, always the same picture
    assert whole["ms-ssim"].value < cut["ms-ssim"].value < 1
    assert cut["path-w-domain"].value < whole["path-w-domain"].value
    assert cut["ms-ssim"].protocol.made.endswith("step 1, w truncated")


def test_truncation_that_changes_nothing_is_refused(tmp_path: Path, digits: RunFolder):
    """A progressive GAN brings every latent to the same length: the number would only say that it was truncated."""
    config = resolve({
        "variant": "progan", "data": {"source": "digits", "resolution": 16}, "batch_size": 4,
        "latent": {"dimension": 8}, "samples": {"count": 4}, "compute": {"device": "cpu", "threads": 1},
    })  # fmt: skip
    run = make_run(tmp_path / "run", config, 1)
    wish = Measure(str(run.path), samples=20, metrics=("ms-ssim",), truncation=0.5)
    assert "Truncation changes nothing in what this generator draws" in refused(wish)
    assert found(replace(wish, run=str(digits.path)))["ms-ssim"].protocol.made.endswith("z shortened")


def test_stacked_digits_are_recognised_channel_by_channel(tmp_path: Path):
    config = tiny(IMAGES, data={"source": "stacked-digits", "resolution": 16})
    run = make_run(tmp_path / "run", config, 1)
    numbers = found(Measure(str(run.path), samples=30, metrics=("stacked-modes", "stacked-kl")))
    assert 1 <= numbers["stacked-modes"].value <= 30 and numbers["stacked-kl"].value > 3
    assert numbers["stacked-modes"].protocol.feature_net.count("label") == 1


def test_a_generator_that_diverged_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    run = make_run(tmp_path / "run", tiny(IMAGES))
    original = measure.load_generator

    def broken(*words: Any) -> Any:
        generator = original(*words)
        next(generator.net.parameters()).fill_(torch.nan)
        return generator

    monkeypatch.setattr(measure, "load_generator", broken)
    assert "samples that are no numbers: it diverged" in refused(Measure(str(run.path), samples=20))


def test_constant_samples_are_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    run = make_run(tmp_path / "run", tiny(IMAGES))
    original = measure.load_generator

    def empty(*words: Any) -> Any:
        generator = original(*words)
        for parameter in generator.net.parameters():
            parameter.zero_()
        return generator

    monkeypatch.setattr(measure, "load_generator", empty)
    number = found(Measure(str(run.path), samples=20, metrics=("fd-domain",)))["fd-domain"]
    assert "All generated pictures are the same." in number.warnings and np.isfinite(number.value)


# ---------------------------------------------------------------- refused


@pytest.mark.parametrize(
    ("metrics", "problem"),
    [
        (("fdi",), "'fdi' is not a metric; did you mean 'fid'?"),
        (("modes",), "modes is for points, and these are pictures"),
        (("mig",), "mig needs data with known factors"),
        (("class-accuracy",), "class-accuracy needs a generator that is asked for classes"),
        (("stacked-kl",), "stacked-kl needs stacked digits"),
        (("fid",), "not on this machine"),
    ],
)
def test_what_does_not_suit_is_told(digits: RunFolder, metrics: tuple[str, ...], problem: str):
    assert problem in refused(Measure(str(digits.path), metrics=metrics, samples=20))


def test_too_few_samples_and_a_missing_checkpoint_are_told(digits: RunFolder):
    wish = Measure(str(digits.path), metrics=("precision-domain",), samples=3)
    assert "precision-domain needs at least 6 samples" in refused(wish)
    assert "checkpoint" in refused(replace(wish, samples=10, checkpoint=77))


def test_it_can_be_stopped_anywhere(digits: RunFolder):
    left = [30]

    def stopped() -> bool:
        left[0] -= 1
        return left[0] < 0

    with pytest.raises(Cancelled):
        found(Measure(str(digits.path), samples=300), cancelled=stopped)


# ---------------------------------------------------------------- folders


def save_pictures(
    folder: Path, count: int, size: tuple[int, int] = (16, 12), mode: str = "RGB", seed: int = 0
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    generator = np.random.default_rng(seed)
    for number in range(count):
        channels = () if mode == "L" else (3,)
        pixels = generator.integers(0, 256, (size[1], size[0], *channels), dtype=np.uint8)
        Image.fromarray(pixels, mode).save(folder / f"{number}.png")
    return folder


@pytest.fixture
def pair(tmp_path: Path) -> tuple[str, str]:
    return str(save_pictures(tmp_path / "a", 30)), str(save_pictures(tmp_path / "b", 40, seed=1))


def test_two_folders_need_no_run(pair: tuple[str, str]):
    numbers = found(Measure(folders=pair))
    assert {"fd-domain", "precision-domain", "ms-ssim", "copied-domain"} <= set(numbers)
    assert not {"path-domain", "is-domain", "class-balance"} & set(numbers)
    number = numbers["fd-domain"]
    assert number.step is None and number.protocol.samples == 30 and number.protocol.reference_samples == 40
    assert number.protocol.made == "a: 30 of 30 pictures" and "turn" in number.protocol.feature_net
    assert not any("size" in w for w in number.warnings)


def test_pictures_sorted_by_class_are_looked_at_all_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The first pictures of a folder would all be of its first class."""
    monkeypatch.setattr("ganstudio.metrics.bench.KEPT", 30)
    chance = np.random.default_rng(0)
    for number in range(60):
        pixels = np.full((12, 12), 90) if number < 30 else chance.integers(0, 256, (12, 12))
        Image.fromarray(pixels.astype(np.uint8)).save(tmp_path / f"{number:02}.png")
    number = found(Measure(folders=(str(tmp_path), str(tmp_path)), metrics=("ms-ssim",)))["ms-ssim"]
    assert number.value < 0.6 and number.value == pytest.approx(number.details["real"])
    assert "among 30 of the samples and 30 of the reference" in number.protocol.rules


def test_the_protocol_of_the_score_says_which_logits(digits: RunFolder):
    own = found(Measure(str(digits.path), samples=20, metrics=("is-domain",)))["is-domain"]
    assert "logits as they are" in own.protocol.rules  # those of the own classifier have their bias
    # it has seen four batches here
    assert any("of held-out real pictures: this number says little" in warning for warning in own.warnings)


def test_a_folder_against_itself(pair: tuple[str, str]):
    numbers = found(Measure(folders=(pair[0], pair[0])))
    assert numbers["fd-domain"].value < 1e-6 and numbers["coverage-domain"].value == 1
    copies = numbers["copied-domain"]
    assert all(row["training"][0] == row["sample"] for row in copies.details["nearest"])
    page = np.asarray(Image.open(io.BytesIO(copies.picture)))
    left, tile = GAP + FRAME, 3 * 16 + 2 * FRAME + GAP  # each is 16 x 12 px, enlarged three times
    sample, nearest = (page[left : left + 36, x : x + 48] for x in (left, left + tile))
    assert sample.std() > 10 and np.array_equal(sample, nearest)


def test_folders_of_classes_say_what_was_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(domain, "UPDATES", 40)
    chance = np.random.default_rng(0)
    for side, swapped in (("a", 3), ("b", 0)):
        for kind, name in enumerate(("cat", "dog")):
            (tmp_path / side / name).mkdir(parents=True)
            for number in range(20):
                shade = 200 * (kind if number >= swapped else 1 - kind)
                pixels = shade + chance.integers(0, 50, (12, 12, 3))
                Image.fromarray(pixels.astype(np.uint8)).save(tmp_path / side / name / f"{number}.png")
    wish = Measure(folders=(str(tmp_path / "a"), str(tmp_path / "b")), metrics=("class-accuracy",))
    number = found(wish)["class-accuracy"]
    assert number.value == pytest.approx(0.85) and number.details["classes"] == ["cat", "dog"]
    (tmp_path / "a" / "dog").rename(tmp_path / "a" / "fox")
    assert "a folder for each" in refused(wish)


def test_a_sample_is_drawn_again_as_it_was(digits: RunFolder):
    data = load(load_generator(digits).config.data)
    side = GeneratorSide(load_generator(digits), make_feed(data, "cpu", 0), 300, seed=4)
    whole = torch.cat(list(side.batches()))
    again = side.pick([0, 255, 256, 299])
    assert (again.int() - whole[[0, 255, 256, 299]].int()).abs().max() <= 1  # of rounding alone


@pytest.mark.parametrize(
    ("size", "mode", "problem"),
    [
        ((24, 24), "RGB", "pictures of different size (24 x 24 and 16 x 12 px)"),
        ((16, 12), "L", "One folder is grey and the other in colour"),
    ],
)
def test_what_makes_folders_unlike_is_said_beside_the_number(
    tmp_path: Path, pair: tuple[str, str], size: tuple[int, int], mode: str, problem: str
):
    other = str(save_pictures(tmp_path / "c", 12, size, mode))
    number = found(Measure(folders=(other, pair[1]), metrics=("fd-domain",)))["fd-domain"]
    assert any(problem in warning for warning in number.warnings)


def test_mixed_sizes_and_damaged_files_are_said(tmp_path: Path, pair: tuple[str, str]):
    save_pictures(Path(pair[0]) / "sub", 3, (20, 20))
    (Path(pair[0]) / "bad.png").write_bytes(b"no picture")
    warnings = found(Measure(folders=pair, metrics=("fd-domain",)))["fd-domain"].warnings
    assert any("3 of the pictures in a have another size than 16 x 12" in w for w in warnings)
    assert any("One file of a could not be read and was left out" in w and "bad.png" in w for w in warnings)


def test_folders_that_will_not_do_are_told(tmp_path: Path, pair: tuple[str, str]):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    small = str(save_pictures(tmp_path / "small", 3, (4, 4)))
    one = str(save_pictures(tmp_path / "one", 1))
    for other, problem in (
        (tmp_path / "empty", "holds no pictures"),
        (tmp_path / "no", "does not exist"),
        (tmp_path / "file", "is no folder"),
    ):
        assert problem in refused(Measure(folders=(pair[0], str(other))))
        assert problem in refused(Measure(folders=(str(other), pair[0])))
    assert "8 px are needed" in refused(Measure(folders=(pair[0], small)))
    assert "needs at least 2 samples" in refused(Measure(folders=(one, pair[0]), metrics=("fd-domain",)))
    assert "needs a generator" in refused(Measure(folders=pair, metrics=("path-domain",)))


# ---------------------------------------------------------------- the Inception


@pytest.fixture
def inception(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Random weights that count as the published ones."""
    with seeded(0):
        weights = Inception().state_dict()
    path = weights_folder() / NETWORKS["inception"].file
    path.parent.mkdir(parents=True)
    torch.save(weights, path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    monkeypatch.setitem(NETWORKS, "inception", replace(NETWORKS["inception"], sha256=digest))
    yield path


@pytest.mark.usefixtures("inception")
def test_the_numbers_of_the_published_network(pair: tuple[str, str]):
    names = tuple(m.name for m in MEASURES.values() if INCEPTION in m.needs)
    numbers = found(Measure(folders=pair, metrics=names, samples=10))
    assert set(numbers) == set(names)
    for number in numbers.values():
        assert "TF Inception 2015-12-05" in number.protocol.feature_net
        assert number.protocol.resize == "TensorFlow 1 bilinear to 299 px"
        assert np.isfinite(number.value)


def test_weights_that_nobody_can_vouch_for_lend_no_name(pair: tuple[str, str], inception: Path):
    from safetensors.torch import save_file

    save_file(read_weights(inception), inception.with_name(NETWORKS["inception"].names[1]))
    inception.unlink()
    numbers = found(Measure(folders=pair, metrics=("kid",), samples=2))
    assert set(numbers) == {"kd-unverified"}
    assert any("is not to be called kid" in w for w in numbers["kd-unverified"].warnings)
    assert [unvouched_name(name) for name in ("fid", "precision", "ppl")] == [
        "fd-unverified", "precision-unverified", "path-unverified",
    ]  # fmt: skip
