"""Batches depend on seed and position alone."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tiny import never_waiting

from ganstudio.data import ImageFeed, ImageSet, PointFeed, from_pixels, make_feed, to_pixels
from ganstudio.data import feed as feed_module
from ganstudio.data.curves import checkerboard
from ganstudio.data.points import ring
from ganstudio.data.sources import make_image_set


def numbered(count: int, channels: int = 1, size: int = 2) -> ImageSet:
    """A set whose picture number i is made of i, with label i."""
    images = torch.arange(count, dtype=torch.uint8).view(-1, 1, 1, 1).expand(count, channels, size, size)
    return make_image_set(images, torch.arange(count), tuple(map(str, range(count))), name="numbers")


def drawn(feed: ImageFeed, position: int, count: int) -> list[int]:
    x, labels = feed.batch(position, count)
    assert labels is not None
    assert torch.equal(to_pixels(x)[:, 0, 0, 0].long(), labels)  # the label belongs to the picture
    return labels.tolist()


@given(length=st.integers(1, 40), seed=st.integers(0, 2**40), epoch=st.integers(0, 50))
@settings(max_examples=60, deadline=None)
def test_every_epoch_is_a_permutation(length: int, seed: int, epoch: int):
    feed = ImageFeed(numbered(length), "cpu", seed)
    assert sorted(drawn(feed, epoch * length, length)) == list(range(length))


def test_epochs_and_seeds_differ():
    first = ImageFeed(numbered(100), "cpu", 0)
    epochs = [drawn(first, e * 100, 100) for e in range(5)]
    assert len({tuple(e) for e in epochs}) == 5
    assert drawn(ImageFeed(numbered(100), "cpu", 1), 0, 100) != epochs[0]


@given(
    length=st.integers(1, 30),
    position=st.integers(0, 200),
    parts=st.lists(st.integers(0, 70), min_size=1, max_size=4),
)
@settings(max_examples=80, deadline=None)
def test_a_batch_is_its_parts_whatever_was_drawn_before(length: int, position: int, parts: list[int]):
    whole = drawn(ImageFeed(numbered(length), "cpu", 3), position, sum(parts))
    feed = ImageFeed(numbered(length), "cpu", 3)
    pieces: dict[int, list[int]] = {}
    starts = [position + sum(parts[:i]) for i in range(len(parts))]
    for index in reversed(range(len(parts))):  # backwards: a history that training never has
        pieces[index] = drawn(feed, starts[index], parts[index])
    assert [label for i in range(len(parts)) for label in pieces[i]] == whole


def test_a_batch_larger_than_the_set_spans_epochs():
    feed = ImageFeed(numbered(5), "cpu", 0)
    batch = drawn(feed, 3, 17)
    assert batch == [drawn(feed, p, 1)[0] for p in range(3, 20)]
    assert sorted(batch[2:7]) == list(range(5))


@pytest.mark.parametrize("channels", [1, 3])
def test_batches_are_channels_last_floats(channels: int):
    x, _ = ImageFeed(numbered(20, channels, 4), "cpu", 0).batch(0, 8)
    assert x.shape == (8, channels, 4, 4) and x.dtype == torch.float32
    assert x.is_contiguous(memory_format=torch.channels_last)


def test_pictures_keep_their_places():
    images = torch.randint(256, (6, 3, 4, 5), dtype=torch.uint8)
    feed = ImageFeed(make_image_set(images, torch.arange(6), tuple("abcdef"), name="x"), "cpu", 0)
    x, labels = feed.batch(0, 6)
    assert torch.equal(to_pixels(x), images[labels])


def test_a_batch_can_be_changed_without_harm():
    feed = ImageFeed(numbered(4), "cpu", 0)
    before, labels = feed.batch(0, 4)
    before.zero_()
    assert labels is not None
    labels.zero_()
    assert sorted(drawn(feed, 0, 4)) == [0, 1, 2, 3]


def test_without_labels_there_are_none():
    plain = make_image_set(torch.zeros(3, 1, 2, 2, dtype=torch.uint8), name="plain")
    assert ImageFeed(plain, "cpu", 0).batch(0, 2)[1] is None


def test_batches_touch_no_global_generator():
    before = torch.get_rng_state()
    ImageFeed(numbered(9), "cpu", 0).batch(5, 20)
    PointFeed(ring(), "cpu", 0).batch(5, 20)
    assert torch.equal(before, torch.get_rng_state())


def test_pixels_come_back_exactly():
    pixels = torch.arange(256, dtype=torch.uint8)
    x = from_pixels(pixels)
    assert x.min() == -1 and x.max() == 1
    assert torch.equal(to_pixels(x), pixels)
    assert torch.allclose(x, pixels.double().div(127.5).sub(1).float(), atol=1e-7)


def test_pixels_are_rounded_and_clipped():
    x = torch.tensor([-3.0, -1.0, 1.0, 3.0, 100.4 / 127.5 - 1, 100.6 / 127.5 - 1, float("inf"), float("nan")])
    assert to_pixels(x).tolist() == [0, 0, 255, 255, 100, 101, 255, 128]


def test_conversion_leaves_its_input_alone():
    x = torch.tensor([10.0, 20.0])
    from_pixels(x)
    assert x.tolist() == [10.0, 20.0]


@given(position=st.integers(0, 2**50), count=st.integers(1, 64), seed=st.integers(0, 2**40))
@settings(max_examples=40, deadline=None)
def test_points_depend_on_seed_and_position_alone(position: int, count: int, seed: int):
    feed = PointFeed(ring(), "cpu", seed)
    x, labels = feed.batch(position, count)
    assert labels is not None and x.shape == (count, 2)
    centres = ring().centres[labels] / ring().scale  # the label is the mode the point comes from
    assert (x - centres).norm(dim=1).max() < 8 * 0.02 / ring().scale
    feed.batch(position + 1, 3)
    assert torch.equal(feed.batch(position, count)[0], x)
    assert torch.equal(PointFeed(ring(), "cpu", seed).batch(position, count)[0], x)
    assert not torch.equal(feed.batch(position + count, count)[0], x)


def test_points_are_scaled_for_networks_and_back():
    feed = PointFeed(ring(), "cpu", 0)
    x, _ = feed.batch(0, 1000)
    assert x.norm(dim=1).mean().item() == pytest.approx(2 / 1.414, rel=0.01)
    raw = feed.to_display(x)
    assert raw.norm(dim=1).mean().item() == pytest.approx(2, rel=0.01)
    assert torch.allclose(feed.from_display(raw), x)


def test_the_feed_suits_the_data():
    assert isinstance(make_feed(numbered(3), "cpu", 0), ImageFeed)
    assert make_feed(checkerboard(), "cpu", 0).shape.size == (2,)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
class TestOnGpu:
    def test_order_is_that_of_the_cpu(self):
        here, there = ImageFeed(numbered(50), "cpu", 4), ImageFeed(numbered(50), "cuda", 4)
        for position, count in ((0, 64), (1000, 7), (49, 2), (10, 200)):
            x, labels = there.batch(position, count)
            y, expected = here.batch(position, count)
            assert x.device.type == "cuda" and x.is_contiguous(memory_format=torch.channels_last)
            assert labels is not None and expected is not None
            assert torch.equal(labels.cpu(), expected) and torch.equal(x.cpu(), y)

    def test_no_batch_waits_for_the_device(self):
        images, points = ImageFeed(numbered(50), "cuda", 4), PointFeed(ring(), "cuda", 0)
        board = PointFeed(checkerboard(), "cuda", 0)
        points.batch(0, 8)  # sends the constants
        with never_waiting():
            for step in range(10):
                images.batch(step * 32, 32)
                points.batch(step * 32, 32)
                board.batch(step * 32, 32)

    def test_points_are_drawn_there(self):
        feed = PointFeed(ring(), "cuda", 0)
        x, _ = feed.batch(640, 5000)
        assert x.device.type == "cuda"
        assert torch.equal(feed.batch(640, 5000)[0], x)
        assert x.norm(dim=1).mean().item() == pytest.approx(2 / 1.414, rel=0.01)

    def test_a_set_too_large_for_the_card_stays_in_host_memory(self, monkeypatch):
        monkeypatch.setattr(feed_module, "DEVICE_SHARE", 0.0)
        feed = ImageFeed(numbered(50), "cuda", 4)
        assert feed.home.type == "cpu"
        x, labels = feed.batch(40, 64)
        expected = ImageFeed(numbered(50), "cpu", 4).batch(40, 64)
        assert x.device.type == "cuda" and torch.equal(x.cpu(), expected[0])
        assert labels is not None and expected[1] is not None and torch.equal(labels.cpu(), expected[1])
