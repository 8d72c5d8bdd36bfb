"""The reader of mouths sees the mouth alone and reads it, and the slider's page says what was found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from support import mouth_slider
from support.explored import GROWN, IMAGES, stored
from support.factor_page import page
from support.mouth_reading import MouthReader, answers, inside, train_reader, window
from support.mouth_slider import MouthLab, changed, filmstrips, mouth_section, sliders, visible
from support.tiny import trained
from torch import nn

from ganstudio.catalog.resolve import resolve
from ganstudio.data import RenderedSource, load
from ganstudio.latent.model import opened

DATA = {"source": "faces", "resolution": 32}
TERMS = {"seeds": 4, "count": 1, "samples": 9, "pool": 9, "marked": 3}


@pytest.fixture(scope="module")
def source() -> RenderedSource:
    found = load(resolve(IMAGES | {"data": DATA}).data)
    assert isinstance(found, RenderedSource)
    return found


@pytest.fixture(scope="module")
def reader(source: RenderedSource) -> MouthReader:
    return train_reader(source, 60)


def test_a_mouth_is_read_where_the_drawing_has_one(reader: MouthReader, source: RenderedSource):
    assert reader.accuracy > 0.85
    drawn = source.draw(64, torch.Generator().manual_seed(5))
    choices = source.factor("expression").choices
    read = {
        name: reader.read(
            source.render(drawn | {"expression": torch.full((64,), choices.index(name))})
        ).mean()
        for name in choices
    }
    assert min(read["laughing"], read["surprised"]) > max(read["neutral"], read["sad"], read["smiling"])
    assert answers(source, {"expression": torch.arange(5)}).tolist() == [0, 0, 0, 1, 1]


def test_nothing_but_the_mouth_is_looked_at(reader: MouthReader, source: RenderedSource):
    pictures = source.render(source.draw(4, torch.Generator().manual_seed(6)))
    mask = inside((32, 32))
    assert window(pictures).flatten(2).shape[2] == mask.sum()
    assert torch.equal(pictures[:, :, mask], window(pictures).flatten(2))
    elsewhere = torch.where(mask, pictures, -pictures)
    assert (reader.read(pictures) == reader.read(elsewhere)).all()


def test_an_open_mouth_changes_the_window_most_for_its_size(source: RenderedSource):
    at_mouth, elsewhere = visible(source, "laughing")
    share = float(inside((32, 32)).float().mean())
    assert at_mouth / share > 3 * elsewhere / (1 - share)
    assert visible(source, "neutral") == (0.0, 0.0)


def test_changes_are_parts_of_the_range():
    low, high = -torch.ones(2, 3, 4, 4), torch.ones(2, 3, 4, 4)
    mask = torch.zeros(4, 4, dtype=torch.bool)
    mask[0] = True
    high[:, :, 1:] = -1
    assert changed(low, high, mask) == 1 and changed(low, high, ~mask) == 0


class Brightness(nn.Module):
    """Stands in for a reader that has learned: bright mouths are open."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return 20 * x.mean((1, 2, 3))[:, None]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> MouthLab:
    net = {"generator": {**GROWN, "style": 6, "mapping": 2}, "discriminator": GROWN}
    config = resolve({**IMAGES, "variant": "stylegan2", "data": DATA, **net})
    folder: Path = tmp_path_factory.mktemp("runs") / "faces"
    return MouthLab(opened(stored(trained(config, 2), folder)), MouthReader(Brightness(), 0.9), range(4))


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"LOOKED": 40, "MARKED": 10, "NAMELESS": 2, "LARGE": 1}.items():
        monkeypatch.setattr(mouth_slider, name, value)


@pytest.mark.usefixtures("few")
def test_the_slider_is_found_from_marks_and_followed(lab: MouthLab):
    found = sliders(lab, 50)
    first = found["moves"][0]
    low, high = first["ends"]
    assert high >= low and first["mouth"] > 0 and found["unlike"] > 0
    kinds = [(move["origin"], move["rows"]) for move in found["moves"]]
    assert len(set(kinds)) == len(kinds) and ("learned, apart", "all") in kinds and ("PCA", "all") in kinds
    assert filmstrips(lab, 2).shape == (64, 7 * 32, 3)


@pytest.mark.usefixtures("few")
def test_the_page_says_what_came_out(lab: MouthLab):
    row: dict[str, Any] = sliders(lab, 50) | {
        "key": "faces: the slider", "seed": 0, "step": 9, "images": 90, "resolution": 32, "accuracy": 0.991,
        "visible": {"laughing": (13.0, 16.4)}, "drawn": 0.4, "seen": "mouths open.", "measured": 1,
        "date": "2026-01-01",
    }  # fmt: skip
    text = "\n".join(mouth_section(row))
    assert page([row], TERMS).endswith(text)
    assert "in 99.1% of held-out drawn faces" in text and "laughing 13 at the mouth and 16 elsewhere" in text
    assert "By eye: mouths open." in text
    assert text.count("\n| ") == len(row["moves"]) + 1
