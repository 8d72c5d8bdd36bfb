"""LPIPS against torch-fidelity and torchmetrics with the same random VGG16, and the published path length with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torchvision
from safetensors.torch import save_file
from support.measuring import make_run
from support.tiny import IMAGES, tiny
from torch import nn

from ganstudio.catalog.resolve import resolve
from ganstudio.core.measurement import Measurement
from ganstudio.core.messages import Measure
from ganstudio.core.published import NETWORKS, weights_folder
from ganstudio.core.shapes import DataShape
from ganstudio.metrics import lpips
from ganstudio.metrics.figures import MetricError
from ganstudio.metrics.lpips import Lpips, Vgg16, linear_weights, load_lpips, reduced
from ganstudio.metrics.measure import measured, prepare
from ganstudio.metrics.path import lerp, path_lengths, trimmed
from ganstudio.metrics.published import filled
from ganstudio.metrics.weightfile import read_weights
from ganstudio.nets import seeded

VGG16 = NETWORKS["vgg16"]


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSTUDIO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))


@pytest.fixture(scope="module")
def weights() -> dict[str, torch.Tensor]:
    """Random weights by the names of torchvision's file: of the convolutions, and of a classifier that is small."""
    with seeded(3):
        net = Vgg16()
        for parameter in net.parameters():
            if parameter.ndim > 1:
                nn.init.kaiming_normal_(parameter, nonlinearity="relu")
            else:
                nn.init.normal_(parameter, std=0.1)
    found: dict[str, torch.Tensor] = {name: tensor.detach() for name, tensor in net.state_dict().items()}
    return found | {"classifier.0.weight": torch.ones(50, 70), "classifier.0.bias": torch.ones(50)}


@pytest.fixture(scope="module")
def net(weights: dict[str, torch.Tensor]) -> Lpips:
    return Lpips(filled(Vgg16, weights, "VGG16"))


def pictures(count: int, channels: int = 3, side: int = 32, seed: int = 0) -> torch.Tensor:
    """In [-1, 1]."""
    generator = torch.Generator().manual_seed(seed)
    return 2 * torch.rand(count, channels, side, side, generator=generator) - 1


def published_linear_weights() -> dict[str, torch.Tensor]:
    """The authors' own file, written by Python 2, as torchmetrics carries it."""
    import torchmetrics

    return read_weights(Path(torchmetrics.__file__).parent / "functional/image/lpips_models/vgg.pth")


class Torchvision(nn.Module):
    """What both peers take from torchvision: ``features``, here with our weights."""

    def __init__(self, weights: dict[str, torch.Tensor]) -> None:
        super().__init__()
        with torch.device("meta"):
            self.features = torchvision.models.vgg16(weights=None).features
        own = {name: tensor for name, tensor in weights.items() if name.startswith("features.")}
        self.load_state_dict(own, assign=True)


@pytest.fixture
def fidelity(weights: dict[str, torch.Tensor], monkeypatch: pytest.MonkeyPatch) -> Any:
    """torch-fidelity's module with these weights in place of what it downloads."""
    import torch_fidelity.sample_similarity_lpips as peer

    monkeypatch.setattr(peer, "torchvision_load_pretrained_vgg16", lambda: Torchvision(weights))
    table = published_linear_weights()
    monkeypatch.setattr(peer, "load_state_dict_from_url", lambda *_, **__: table)
    return peer


# ---------------------------------------------------------------- the distance


def test_the_network_is_torchvisions(weights: dict[str, torch.Tensor], net: Lpips):
    x = pictures(2)
    peer, places = Torchvision(weights).features, (3, 8, 15, 22, 29)
    with torch.no_grad():
        found = net.net(x)
        for place, ours in zip(places, found, strict=True):
            theirs = peer[: place + 1](x)
            assert (ours - theirs).abs().max() < 1e-5 * theirs.abs().max()
    assert [tuple(part.shape[1:]) for part in found] == [
        (64, 32, 32), (128, 16, 16), (256, 8, 8), (512, 4, 4), (512, 2, 2),
    ]  # fmt: skip


def test_the_linear_weights_are_the_authors_own():
    authors = published_linear_weights()
    for stage, ours in enumerate(linear_weights()):
        assert torch.equal(ours, authors[f"lin{stage}.model.1.weight"].flatten())
        assert (ours >= 0).all()
    assert sum(ours.numel() for ours in linear_weights()) == 1472


@pytest.mark.parametrize("side", [16, 33, 64])
def test_agrees_with_torch_fidelity(net: Lpips, fidelity: Any, side: int):
    peer = fidelity.SampleSimilarityLPIPS("peer")
    x, y = pictures(3, side=side), pictures(3, side=side, seed=1)
    wanted = peer((x + 1) * 127.5, (y + 1) * 127.5)
    assert net.distance(x, y).tolist() == pytest.approx(wanted.tolist(), rel=1e-6)


def test_agrees_with_torchmetrics(
    net: Lpips, weights: dict[str, torch.Tensor], monkeypatch: pytest.MonkeyPatch
):
    import torchmetrics.functional.image.lpips as peer

    monkeypatch.setattr(peer, "_get_tv_model_features", lambda *_: Torchvision(weights).features)
    theirs = peer._LPIPS(net="vgg")
    x, y = pictures(3), pictures(3, seed=1)
    assert net.distance(x, y).tolist() == pytest.approx(
        peer._lpips_update(x, y, theirs, normalize=False).tolist(), rel=1e-6
    )


def test_a_distance_is_one(net: Lpips):
    x, y = pictures(3), pictures(3, seed=1)
    assert net.distance(x, x).tolist() == [0, 0, 0]
    assert torch.equal(net.distance(x, y), net.distance(y, x)) and (net.distance(x, y) > 0).all()
    near = net.distance(x, x + 0.01 * (y - x))
    assert (near > 0).all() and (near < 0.1 * net.distance(x, y)).all()
    flat = torch.zeros(1, 3, 32, 32)
    assert net.distance(flat, flat).item() == 0


def test_grey_pictures_are_shown_in_three_channels(net: Lpips):
    x, y = pictures(2, channels=1), pictures(2, channels=1, seed=1)
    assert torch.equal(net.distance(x, y), net.distance(x.repeat(1, 3, 1, 1), y.repeat(1, 3, 1, 1)))


@pytest.mark.parametrize(("side", "wanted"), [(16, 16), (256, 256), (400, 400), (512, 256), (1024, 256)])
def test_large_pictures_are_averaged_over_blocks(side: int, wanted: int):
    x = pictures(1, channels=1, side=side)
    found = reduced(x)
    assert found.shape[-2:] == (wanted, wanted)
    block = side // wanted
    assert found[0, 0, 0, 1].item() == pytest.approx(
        x[0, 0, :block, block : 2 * block].mean().item(), abs=1e-6
    )


@pytest.mark.parametrize(
    ("channels", "side", "problem"), [(2, 32, "not 2 channels"), (3, 8, "16 px or more, and these have 8")]
)
def test_what_it_cannot_see_is_told(net: Lpips, channels: int, side: int, problem: str):
    with pytest.raises(MetricError, match=problem):
        net.distance(pictures(1, channels, side), pictures(1, channels, side))


@pytest.mark.parametrize(("side", "pairs"), [(16, 128), (32, 64), (128, 4), (256, 1), (1024, 1)])
def test_few_large_pictures_are_compared_at_once(net: Lpips, side: int, pairs: int):
    assert net.pairs_at_once(DataShape("image", 3, side, side)) == pairs


# ---------------------------------------------------------------- its file


@pytest.fixture
def published(weights: dict[str, torch.Tensor], monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The random weights where the published ones belong; they count as those."""
    path = weights_folder() / VGG16.file
    path.parent.mkdir(parents=True)
    torch.save(weights, path, _use_new_zipfile_serialization=False)  # as old as the published file
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    monkeypatch.setitem(NETWORKS, "vgg16", replace(VGG16, sha256=digest))
    yield path
    path.unlink()  # 59 MB


@pytest.mark.usefixtures("published")
def test_the_published_file_is_used(net: Lpips, monkeypatch: pytest.MonkeyPatch):
    read: list[str] = []

    def watched(path: Path, prefix: str) -> dict[str, torch.Tensor]:
        found = read_weights(path, prefix)
        read.extend(found)
        return found

    monkeypatch.setattr(lpips, "read_weights", watched)
    ours = load_lpips()
    assert len(read) == 26 and not any(name.startswith("classifier") for name in read)
    assert ours.name == "vgg16" and "LPIPS v0.1" in ours.facts and "SHA-256" in ours.facts
    x, y = pictures(2), pictures(2, seed=1)
    assert torch.equal(ours.distance(x, y), net.distance(x, y))


def test_without_the_file_it_says_where_to_put_it():
    with pytest.raises(MetricError) as caught:
        load_lpips()
    assert "VGG16" in caught.value.problem
    for words in (str(weights_folder()), VGG16.file, "553 MB", "--fetch", "-domain"):
        assert words in caught.value.remedy


def test_weights_of_another_network_are_told():
    with pytest.raises(MetricError, match="they are not those of VGG16"):
        filled(Vgg16, {"features.0.weight": torch.zeros(64, 3, 3, 3)}, "VGG16")


# ---------------------------------------------------------------- paths


class Toy(nn.Module):
    """Latents (N, 6) -> pictures of 64 px in [0, 255]."""

    def __init__(self) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(5)
        self.first = torch.randn(6, 3 * 8 * 8, generator=generator)

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        small = (z @ self.first).tanh().view(-1, 3, 8, 8)
        return 127.5 * (1 + nn.functional.interpolate(small, (64, 64), mode="bilinear"))


@pytest.mark.parametrize(("step", "tolerance"), [(1e-2, 1e-5), (1e-4, 1e-3)])
def test_agrees_with_torch_fidelitys_path_length(
    net: Lpips, fidelity: Any, monkeypatch: pytest.MonkeyPatch, step: float, tolerance: float
):
    """Straight between normal latents; of the usual step theirs loses some digits, since it is taken in float32."""
    from torch_fidelity import GenerativeModelModuleWrapper
    from torch_fidelity.metric_ppl import calculate_ppl

    percentile = np.percentile
    monkeypatch.setattr(  # numpy has renamed what it is called with
        np, "percentile", lambda *words, interpolation: percentile(*words, method=interpolation)
    )
    count, toy = 30, Toy()
    theirs = calculate_ppl(
        1, input1=GenerativeModelModuleWrapper(toy, 6, "normal", 0), input1_model_num_samples=count,
        batch_size=8, ppl_epsilon=step, ppl_reduction="none", ppl_sample_similarity_dtype="float32",
        ppl_z_interp_mode="lerp", rng_seed=1, cuda=False, verbose=False,
    )  # fmt: skip
    monkeypatch.undo()
    drawn = np.random.RandomState(1)
    first, second = (torch.from_numpy(drawn.randn(count, 6)).float() for _ in range(2))
    ours = path_lengths(
        lambda z, part: toy(z) / 127.5 - 1, net.distance, first, second, torch.zeros(count),
        interpolate=lerp, epsilon=step, at_once=16,
    )  # fmt: skip
    assert trimmed(ours) == pytest.approx(theirs["perceptual_path_length_raw"], rel=tolerance)
    assert trimmed(ours).mean() == pytest.approx(theirs["perceptual_path_length_mean"], rel=tolerance / 10)


def found(wish: Measure) -> dict[str, Measurement]:
    return {m.metric: m for m in measured(prepare(wish))}


def styles(resolution: int = 16) -> Any:
    return resolve({
        "variant": "stylegan2", "data": {"source": "digits", "resolution": resolution}, "batch_size": 4,
        "latent": {"dimension": 8}, "samples": {"count": 4}, "compute": {"device": "cpu", "threads": 1},
    })  # fmt: skip


@pytest.mark.usefixtures("published")
def test_a_run_is_measured_with_its_protocol(tmp_path: Path):
    run = make_run(tmp_path / "run", styles(), 1)
    numbers = found(Measure(str(run.path), samples=10, metrics=("ppl", "ppl-w")))
    assert set(numbers) == {"ppl", "ppl-w"} and all(m.value > 0 for m in numbers.values())
    assert numbers["ppl"].protocol.rules == (
        "10 beginnings of paths in z, on the sphere, step 0.0001, without the outermost percents"
    )
    assert "in w, straight" in numbers["ppl-w"].protocol.rules
    for number in numbers.values():
        assert "LPIPS v0.1" in number.protocol.feature_net and "256 px" in number.protocol.resize
        assert number.low <= number.value <= number.high and "bootstrap" in number.how
        assert any("made for pictures of 64 px or more: at 16 px" in w for w in number.warnings)
    again = found(Measure(str(run.path), samples=10, metrics=("ppl",)))
    assert again["ppl"].value == numbers["ppl"].value


def test_a_conversion_lends_no_name(tmp_path: Path, weights: dict[str, torch.Tensor]):
    path = weights_folder() / VGG16.names[0]
    path.parent.mkdir(parents=True)
    save_file({name: tensor for name, tensor in weights.items() if name.startswith("features.")}, path)
    run = make_run(tmp_path / "run", tiny(IMAGES, data={"source": "digits", "resolution": 16}))
    numbers = found(Measure(str(run.path), samples=4, metrics=("ppl",)))
    path.unlink()
    assert set(numbers) == {"path-unverified"}
    assert any(
        "weights of the VGG16 network could not be verified" in w for w in numbers["path-unverified"].warnings
    )


def test_pictures_that_are_too_small_are_told_before_anything_is_fetched(tmp_path: Path):
    run = make_run(tmp_path / "run", tiny(IMAGES))
    with pytest.raises(MetricError, match="ppl needs pictures of 16 px or more"):
        found(Measure(str(run.path), samples=4, metrics=("ppl",)))
