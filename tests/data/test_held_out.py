"""Pictures that training never sees."""

from __future__ import annotations

import torch

from ganstudio.data.held_out import FEWEST, MOST, hold_out
from ganstudio.data.pixels import from_pixels
from ganstudio.data.sources import ImageSet, make_image_set


def numbered(count: int) -> ImageSet:
    """Pictures of one pixel whose value is their number, and whose label is its last digit."""
    values = torch.arange(count)
    images = (values % 256).to(torch.uint8).reshape(count, 1, 1, 1)
    return make_image_set(images, values % 10, tuple("0123456789"), name="numbers", unreadable=("x.png",))


def test_every_picture_is_on_one_side_with_its_label():
    whole = numbered(200)
    rest, out = hold_out(whole, 20, seed=3)
    assert out is not None and len(rest) == 160 and out.shape == (40, 1, 1, 1)
    shown = torch.cat([from_pixels(rest.images), out]).flatten().sort().values
    assert torch.equal(shown, from_pixels(whole.images).flatten().sort().values)
    assert rest.labels is not None and torch.equal(rest.labels, rest.images.flatten().long() % 10)
    assert rest.unreadable == whole.unreadable and "40 more held out" in rest.summary
    assert rest.fingerprint != whole.fingerprint


def test_the_seed_decides():
    one, same, other = (hold_out(numbered(200), 20, seed)[1] for seed in (1, 1, 2))
    assert one is not None and same is not None and other is not None
    assert torch.equal(one, same) and not torch.equal(one, other)


def test_too_few_pictures_are_left_whole_and_many_are_capped():
    few = numbered(20)
    assert hold_out(few, 10, 0) == (few, None) and hold_out(few, 0, 0) == (few, None)
    assert len(hold_out(numbered(2 * FEWEST), 50, 0)[0]) == FEWEST
    out = hold_out(numbered(3000), 50, 0)[1]
    assert out is not None and len(out) == MOST
