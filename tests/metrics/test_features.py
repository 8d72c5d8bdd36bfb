"""The Inception against torch-fidelity with the same random weights, how its file is found, and the own classifier."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from support.downloads import FileServer

from ganstudio.catalog.datasets import DATASETS
from ganstudio.core.published import NETWORKS, weights_folder
from ganstudio.data import Cancelled, load
from ganstudio.data.sources import make_image_set
from ganstudio.metrics import domain, features
from ganstudio.metrics.domain import Lessons, load_judge, train_judge
from ganstudio.metrics.features import load_inception, see_all
from ganstudio.metrics.figures import MetricError
from ganstudio.metrics.inception_net import Inception, filled, resized_like_tensorflow
from ganstudio.metrics.published import find_weights
from ganstudio.nets import seeded

INCEPTION = NETWORKS["inception"]


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSTUDIO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random weights in the format of the published file."""
    with seeded(3):
        net = Inception()
        for name, buffer in net.named_buffers():
            if name.endswith("running_var"):
                buffer.uniform_(0.5, 1.5)
            elif name.endswith("running_mean"):
                buffer.normal_(std=0.1)
    path = tmp_path_factory.mktemp("weights") / INCEPTION.file
    torch.save(net.state_dict(), path, _use_new_zipfile_serialization=False)  # as old as the published one
    return path


@pytest.fixture
def published(weights: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    """A server that has the random weights, which count as the published ones."""
    server = FileServer({INCEPTION.file: weights.read_bytes()})
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    told = replace(INCEPTION, sha256=digest, urls=(f"{server.url}{INCEPTION.file}",))
    monkeypatch.setitem(NETWORKS, "inception", told)
    yield server
    server.close()


def pictures(count: int, channels: int = 3, side: int = 24) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randint(0, 256, (count, channels, side, side), generator=generator, dtype=torch.uint8)


# ---------------------------------------------------------------- the network


def test_the_network_is_that_of_torch_fidelity(weights: Path):
    from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3

    peer = FeatureExtractorInceptionV3(
        "peer", ["2048", "logits_unbiased"], feature_extractor_weights_path=str(weights)
    )
    ours = filled(features.read_weights(weights))
    assert {n: tuple(t.shape) for n, t in ours.state_dict().items()} == {
        n: tuple(t.shape) for n, t in peer.state_dict().items()
    }
    x = pictures(3)
    with torch.no_grad():
        theirs, found = peer(x), ours(x)
    for a, b in zip(found, theirs, strict=True):
        assert (a - b).abs().max() < 1e-5 * b.abs().max()


@pytest.mark.parametrize("size", [(8, 8), (32, 48), (299, 299), (400, 320), (1, 5)])
def test_pictures_are_enlarged_as_torch_fidelity_does(size: tuple[int, int]):
    from torch_fidelity.interpolate_compat_tensorflow import interpolate_bilinear_2d_like_tensorflow1x as peer

    x = 255 * torch.rand(2, 3, *size, generator=torch.Generator().manual_seed(0))
    wanted = peer(x, size=(299, 299), align_corners=False)
    assert (resized_like_tensorflow(x, 299) - wanted).abs().max() < 1e-4


# ---------------------------------------------------------------- its file


def test_without_the_file_it_says_where_to_put_it():
    with pytest.raises(MetricError) as caught:
        load_inception()
    assert str(weights_folder()) in caught.value.remedy and INCEPTION.file in caught.value.remedy
    assert "-domain" in caught.value.remedy


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("name", [INCEPTION.file, INCEPTION.names[0]])
def test_a_file_put_there_by_hand_is_used(weights: Path, name: str):
    weights_folder().mkdir(parents=True)
    (weights_folder() / name).write_bytes(weights.read_bytes())
    net = load_inception()
    assert net.name == "inception" and "SHA-256" in net.facts
    seen = see_all(net, pictures(3, channels=1).split(2), 3, "Looking")
    assert seen.features.shape == (3, 2048) and seen.logits.shape == (3, 1008)


def test_a_file_of_the_other_packages_is_found(weights: Path):
    place = Path(torch.hub.get_dir()) / "checkpoints"
    place.mkdir(parents=True)
    (place / INCEPTION.names[0]).write_bytes(b"x")
    assert find_weights("inception") == place / INCEPTION.names[0]


def test_another_file_of_that_name_is_not_taken_for_it(weights: Path):
    weights_folder().mkdir(parents=True)
    (weights_folder() / INCEPTION.file).write_bytes(weights.read_bytes())
    with pytest.raises(MetricError, match="checksum is not the published one"):
        load_inception()


def test_a_conversion_is_used_under_another_name(weights: Path):
    from safetensors.torch import save_file

    weights_folder().mkdir(parents=True)
    save_file(features.read_weights(weights), weights_folder() / INCEPTION.names[1])
    assert load_inception().name == "unverified-inception"


def test_weights_of_another_network_are_told():
    with pytest.raises(MetricError, match=r"lack Conv2d_1a_3x3.conv.weight"):
        filled({"a": torch.ones(2)})


def test_it_is_fetched_only_when_asked(published: FileServer):
    said: list[float] = []
    net = load_inception(allow_fetch=True, progress=lambda what, done: said.append(done))
    assert net.name == "inception" and max(said) == 1
    published.close()
    assert load_inception().name == "inception"


def test_no_network_is_told(monkeypatch: pytest.MonkeyPatch):
    told = replace(INCEPTION, urls=("http://127.0.0.1:9/x.pth",))
    monkeypatch.setitem(NETWORKS, "inception", told)
    with pytest.raises(MetricError, match="could not be downloaded") as caught:
        load_inception(allow_fetch=True)
    assert str(weights_folder()) in caught.value.remedy


def test_strange_channels_and_no_pictures_are_told(weights: Path):
    net = features.InceptionFeatures(filled(features.read_weights(weights)))
    with pytest.raises(MetricError, match="not 2 channels"):
        net.see(pictures(1, channels=2))
    with pytest.raises(MetricError, match="no pictures"):
        see_all(net, [], 0, "Looking")


# ---------------------------------------------------------------- the own classifier


def digits():
    return load(DATASETS["digits"](resolution=8))


def test_it_learns_the_digits_and_is_kept(monkeypatch: pytest.MonkeyPatch):
    data = digits()
    net = load_judge(data, updates=150)
    assert net.accuracies[0] > 0.9 and "label 0.9" in net.facts
    monkeypatch.setattr(domain, "train_judge", lambda *_: pytest.fail("it was trained again"))
    again = load_judge(digits(), updates=150)
    x = data.images[:50]
    assert torch.equal(net.see(x).features, again.see(x).features)
    assert again.accuracies == net.accuracies
    seen, told = net.see_with_answers(x)
    assert seen.logits.shape == (50, 10) and (told["label"] == data.labels[:50]).float().mean() > 0.9


def test_a_damaged_one_is_trained_anew():
    net = load_judge(digits(), updates=2)
    (path,) = domain.judges_folder().glob("*.safetensors")
    path.write_bytes(path.read_bytes()[:100])
    again = load_judge(digits(), updates=2)
    x = digits().images[:5]
    assert torch.equal(net.see(x).features, again.see(x).features)


def test_training_leaves_the_random_numbers_alone():
    torch.manual_seed(5)
    wanted = torch.rand(1)
    torch.manual_seed(5)
    for updates in (2, 5):
        train_judge(Lessons(digits()), updates)
    assert torch.equal(torch.rand(1), wanted)


@pytest.mark.parametrize("size", [(12, 12), (12, 20)])
def test_without_labels_it_tells_turns(size: tuple[int, int]):
    images = torch.zeros(40, 1, *size, dtype=torch.uint8)
    images[:, :, :4, :7] = 255  # a corner: every turn is plain to see
    judge, accuracies = train_judge(Lessons(make_image_set(images, name="corners")), 40)
    assert [head.name for head in judge.heads] == [domain.TURNED] and accuracies[0] == 1


def test_rendered_data_tells_its_factors():
    lessons = Lessons(load(DATASETS["shapes"](resolution=16, simple=True)))
    judge, accuracies = train_judge(lessons, 30)
    names = [head.name for head in judge.heads]
    assert names[0] == "label" and set(names[1:]) == {f.name for f in lessons.data.factors if f.varies}
    assert len(accuracies) == len(names)
    net = domain.DomainFeatures(judge, accuracies)
    x, targets = lessons.held_out()
    _, told = net.see_with_answers(((x + 1) * 127.5).round().to(torch.uint8))
    for head, target in zip(judge.heads[1:], targets[1:], strict=True):
        assert told[head.name].shape == target.shape
        assert head.kinds == 0 or told[head.name].max() < head.kinds


def test_other_data_has_another_classifier():
    from ganstudio.metrics.domain import fingerprint_of

    shapes, glyphs = (load(DATASETS[name](resolution=16)) for name in ("shapes", "glyphs"))
    marks = {fingerprint_of(d) for d in (digits(), shapes, glyphs, load(DATASETS["ring"]()))}
    assert len(marks) == 4 and json.dumps(sorted(marks))
    assert fingerprint_of(shapes) == fingerprint_of(load(DATASETS["shapes"](resolution=16)))


def test_points_need_none_and_training_can_be_stopped():
    with pytest.raises(MetricError, match="Points need no classifier"):
        load_judge(load(DATASETS["ring"]()))
    with pytest.raises(Cancelled):
        load_judge(digits(), cancelled=lambda: True)
