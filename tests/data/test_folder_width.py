"""Pictures that are not square: cut, padded or stretched to a width of their own, and trained on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from support.tiny import make_trainer

from ganstudio.catalog.datasets import Folder
from ganstudio.catalog.resolve import resolve
from ganstudio.core.schema import ConfigError
from ganstudio.core.shapes import DataShape, doublings, seed_size, sides, size_problem
from ganstudio.data import ImageSet, load
from ganstudio.data.decode import fitted


def folder_of(path: Path, size: tuple[int, int] = (40, 20), count: int = 1) -> Path:
    """Pictures red on the left half and blue on the right."""
    for number in range(count):
        picture = Image.new("RGB", size, (255, 0, 0))
        picture.paste((0, 0, 255), (size[0] // 2, 0, size[0], size[1]))
        picture.save(path / f"{number}.png")
    return path


def pixels(path: Path, **options: Any) -> torch.Tensor:
    found = load(Folder(path=str(path), **options))
    assert isinstance(found, ImageSet)
    assert found.shape.size == tuple(found.images.shape[1:])
    return found.images[0]


def test_width_zero_is_square(tmp_path: Path):
    assert pixels(folder_of(tmp_path), resolution=8).shape == (3, 8, 8)


def test_cropping_keeps_the_middle_in_the_new_proportions(tmp_path: Path):
    found = pixels(folder_of(tmp_path), resolution=16, width=8)
    assert found.shape == (3, 16, 8)
    assert found[0, :, :3].min() > 240 and found[2, :, :3].max() < 15
    assert found[2, :, 5:].min() > 240 and found[0, :, 5:].max() < 15


def test_stretching_takes_all_and_padding_adds_bars(tmp_path: Path):
    folder_of(tmp_path, (40, 20))
    wide = pixels(tmp_path, resolution=8, width=16, fit="pad")  # the very proportions of the picture: no bars
    assert wide.shape == (3, 8, 16) and (wide.sum(0) > 200).all()
    tall = pixels(tmp_path, resolution=16, width=8, fit="pad")  # 8 x 4 in the middle of 8 x 16
    assert not tall[:, :6].any() and not tall[:, 10:].any() and (tall[:, 6:10].sum(0) > 200).all()
    flat = pixels(tmp_path, resolution=16, width=8, fit="stretch")
    assert (flat.sum(0) > 200).all()


@pytest.mark.parametrize("fit", ["crop", "pad", "stretch"])
@pytest.mark.parametrize("size", [(1, 200), (200, 1), (33, 47), (7, 7)])
def test_every_picture_comes_out_in_the_size_asked_for(fit: str, size: tuple[int, int]):
    for width, height in ((0, 8), (24, 8), (8, 64)):
        assert fitted(Image.new("RGB", size), height, fit, width).size == (width or height, height)


def test_a_folder_read_at_two_widths_is_kept_twice(tmp_path: Path):
    folder_of(tmp_path)
    assert [pixels(tmp_path, resolution=8, width=w).shape[2] for w in (16, 8, 0, 16)] == [16, 8, 8, 16]


@pytest.mark.parametrize(("height", "width", "times", "seed"), [
    (8, 8, 1, (4, 4)), (64, 64, 4, (4, 4)), (256, 256, 6, (4, 4)), (24, 40, 2, (6, 10)), (32, 48, 3, (4, 6)),
    (56, 56, 3, (7, 7)), (64, 128, 4, (4, 8)), (12, 12, 1, (6, 6)),
])  # fmt: skip
def test_sizes_halve_down_to_4_to_7_px(height: int, width: int, times: int, seed: tuple[int, int]):
    assert doublings(height, width) == times and seed_size(height, width) == seed
    assert size_problem(height, width) == ""
    assert sides(height, width)[0] == min(seed) and sides(height, width)[-1] == min(height, width)
    assert len(sides(height, width)) == times + 1


@pytest.mark.parametrize(("size", "problem"), [
    ((4, 4), "8 to 256 px"), ((512, 512), "8 to 256 px"), ((32, 36), "both sides must be multiples of 8 px .* 32 x 32"),
    ((50, 50), "multiples of 8 px .* 48 x 48"),
])  # fmt: skip
def test_what_does_not_fit_is_told_with_a_size_that_would(
    size: tuple[int, int], problem: str, tmp_path: Path
):
    import re

    assert re.search(problem, size_problem(*size))
    near = re.search(r"(\d+) x (\d+) px would do", size_problem(*size))
    assert near is None or size_problem(int(near[2]), int(near[1])) == ""


def test_a_width_that_does_not_fit_the_networks_is_refused(tmp_path: Path):
    data = {"source": "folder", "path": str(tmp_path), "resolution": 32, "width": 36}
    with pytest.raises(ConfigError, match="36 x 32 px: both sides must be multiples of 8 px"):
        resolve({"variant": "dcgan", "data": data})


@pytest.mark.parametrize("network", ["dcgan", "resnet", "biggan", "r3gan"])
def test_pictures_that_are_not_square_train(network: str, tmp_path: Path):
    folder_of(tmp_path, (24, 16), 8)
    small: dict[str, Any] = {"width": 4} if network == "r3gan" else {"base_channels": 2}
    config = resolve({
        "variant": "dcgan", "batch_size": 4, "latent": {"dimension": 8}, "compute": {"device": "cpu"},
        "data": {"source": "folder", "path": str(tmp_path), "resolution": 16, "width": 24},
        "generator": {"network": network, **small}, "discriminator": {"network": network, **small},
    })  # fmt: skip
    trainer = make_trainer(config)
    trainer.step()
    assert trainer.feed.shape == DataShape("image", 3, 16, 24)
    assert trainer.sample(range(3)).shape == (3, 3, 16, 24)
