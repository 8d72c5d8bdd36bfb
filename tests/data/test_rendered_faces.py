"""Factors of faces change what they claim, by the amounts they claim; colours, too."""

from __future__ import annotations

import pytest
import torch
from support.rendered import middle, nearest
from torch import Tensor

from ganstudio.catalog.rendered import FACE_LABELS
from ganstudio.data.rendered.canvas import Canvas
from ganstudio.data.rendered.face_model import BEARDS, CLOTHES, COLLARS, GROUNDS, HAIRS, SKINS
from ganstudio.data.rendered.faces import FaceSource, skin_word
from ganstudio.data.rendered.factors import CATEGORICAL, Values
from ganstudio.data.rendered.palette import Palette, colour


def faces(channels: int = 3, label: str = "hair") -> FaceSource:
    return FaceSource("faces", 64, channels, label)


def near(found: Tensor, wanted: Tensor, tolerance: float = 0.12) -> bool:
    return bool((found - wanted).abs().max() < tolerance)


def spot(values: Values, x: float, y: float, channels: int = 3) -> Tensor:
    """The colour of the first picture at a place, (C,) in 0 to 1."""
    picture = (faces(channels).render(values)[0] + 1) / 2
    return picture[:, round((1 - y) / 2 * 64 - 0.5), round((1 + x) / 2 * 64 - 0.5)]


@pytest.mark.parametrize(
    ("factor", "colours", "place", "others"),
    [
        ("background", GROUNDS, (-0.9, 0.0), {}),
        ("hair_colour", HAIRS, (-0.2, 0.47), {"hair": "cropped"}),
        ("clothes", CLOTHES, (0.45, -0.93), {}),
    ],
)
def test_a_part_of_a_face_has_the_colour_it_is_said_to_have(
    factor: str, colours: Palette, place: tuple[float, float], others: dict[str, str]
):
    for name, rgb in zip(colours.names, colours.rgb, strict=True):
        values = middle(faces(), **{factor: name} | others)
        assert near(spot(values, *place), torch.tensor(rgb) / 255, 0.2), name


def test_the_skin_goes_from_fair_to_dark():
    brow = [spot(middle(faces(), skin=k / 6, hair="bald"), 0.0, 0.3) for k in range(7)]
    for found, rgb in zip(brow, SKINS.rgb, strict=True):
        assert near(found, torch.tensor(rgb) / 255)
    assert [skin_word(k / 6) for k in range(7)] == list(SKINS.names)


def test_wearing_things_changes_the_picture_where_they_are_worn():
    source = faces()
    bare = source.render(middle(source))[0]
    for change, rows in (({"hat": "beanie"}, slice(2, 26)), ({"glasses": "sunglasses"}, slice(24, 42)),
                         ({"beard": "beard"}, slice(30, 58)), ({"collar": COLLARS[2]}, slice(44, 64))):  # fmt: skip
        difference = (source.render(middle(source, **change))[0] - bare).abs().amax(0)
        assert difference[rows].max() > 0.5
        outside = torch.cat([difference[: rows.start], difference[rows.stop :]])
        assert outside.numel() == 0 or outside.max() < 0.02, change


def test_the_look_turns_and_leans_the_head():
    source = faces()
    left, right = source.render(middle(source, 2, turn=torch.tensor([-1.0, 1.0]), eye_colour="blue"))
    assert (left - right.flip(-1)).abs().mean() < 0.02  # but for the light in the eyes, mirror images
    assert (left - right).abs().mean() > 0.01
    tilted = source.render(middle(source, 2, tilt=torch.tensor([-1.0, 1.0])))
    assert (tilted[0] - tilted[1].flip(-1)).abs().mean() < 0.02


def test_light_comes_from_where_it_is_said_to():
    source = faces()
    pictures = source.render(middle(source, 2, light=torch.tensor([-1.0, 1.0]), hair="bald"))
    left, right = pictures[..., 22:30, 20:30].mean((1, 2, 3)), pictures[..., 22:30, 34:44].mean((1, 2, 3))
    assert left[0] > right[0] + 0.05 and right[1] > left[1] + 0.05


@pytest.mark.parametrize("label", ["hair", "expression", "hair colour", "glasses", "hat"])
def test_a_face_is_labelled_by_the_factor_that_was_chosen(label: str):
    source = faces(label=label)
    values = source.draw(400, torch.Generator().manual_seed(0))
    assert torch.equal(source.labels(values), values[label])
    assert source.class_names == source.factor(label).choices


def test_hats_stay_in_the_picture():
    source = faces()
    values = source.draw(400, torch.Generator().manual_seed(4)) | {
        "backdrop": torch.zeros(400, dtype=torch.int64)
    }
    values |= {"light": torch.zeros(400), "background": torch.zeros(400, dtype=torch.int64)}
    top = source.render(values)[:, :, 0]
    assert (top - top[0, :, :1]).abs().max() < 0.01
    sides = source.render(values)[:, :, :40][..., [0, -1]]
    assert (sides[..., 0] - sides[..., 1]).abs().max() < 0.01


def test_no_part_of_a_face_is_cut_off_by_the_window_it_is_painted_in(monkeypatch: pytest.MonkeyPatch):
    source = faces()
    values = source.draw(256, torch.Generator().manual_seed(6))
    picked = torch.rand(256, len(source.factors), generator=torch.Generator().manual_seed(7)) < 0.5
    for k, factor in enumerate(source.factors):
        if factor.kind != CATEGORICAL:
            values[factor.name] = torch.where(picked[:, k], factor.low, float(factor.high))
    found = source.render(values)
    monkeypatch.setattr(Canvas, "window", lambda canvas, *borders: canvas)
    assert torch.allclose(source.render(values), found, atol=0.01)


def test_expressions_show_in_the_mouth():
    source = faces()
    pictures = source.render(middle(source, 5, expression=list(FACE_LABELS["expression"])))[
        :, :, 38:50, 20:44
    ]
    assert nearest(pictures) > 8


def test_captions_of_faces_tell_their_factors():
    source = faces()
    values = middle(source, hair="long", hair_colour="red", expression="smiling", glasses="round glasses", skin=0.5,
                    background="sky", hat="beanie", hat_colour="teal", beard="moustache", turn=-0.9)  # fmt: skip
    assert source.captions(values) == [
        "a smiling person with long red hair, tan skin, a moustache, round glasses and a teal beanie, "
        "looking to the left, on a sky background"
    ]
    assert set(BEARDS) == {"none", "stubble", "moustache", "beard"}


# ---------------------------------------------------------------- colours


def test_a_ramp_meets_its_colours_and_goes_straight_between_them():
    ends = SKINS.ramp(torch.tensor([0.0, 1 / 12, 1 / 6, 1.0]), 3)
    rgb = torch.tensor(SKINS.rgb) / 255
    assert torch.allclose(ends, torch.stack([rgb[0], (rgb[0] + rgb[1]) / 2, rgb[1], rgb[-1]]), atol=1e-6)


def test_grey_is_the_luma_of_a_colour():
    device = torch.device("cpu")
    assert colour("ffffff", 1, device).item() == pytest.approx(1.0)
    assert colour("ff0000", 1, device).item() == pytest.approx(0.299)
    assert colour("336699", 3, device).tolist() == [pytest.approx([0.2, 0.4, 0.6])]
    source, grey = faces(), faces(channels=1)
    values = source.draw(16, torch.Generator().manual_seed(0))
    luma = (source.render(values) * torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)).sum(1, keepdim=True)
    assert (luma - grey.render(values)).abs().mean() < 0.03
