"""What layers do with a picture."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ganstudio.core.explore.recipe import Recipe, Seed
from ganstudio.latent import inside
from ganstudio.latent.errors import ExploreError
from ganstudio.latent.rendering import said, values

PLAYERS = ("generator", "discriminator")


def test_every_layer_of_both_players_can_be_looked_into(model):
    for player in PLAYERS:
        layers = inside.layers(model, player)
        for number, layer in list(enumerate(layers))[:: max(1, len(layers) // 5)]:
            found = inside.look(model, Recipe(Seed(1)), player, number, 3)
            shown = min(3, layer.channels)
            assert found.maps.shape == (shown, layer.height, layer.width)
            assert found.mean.shape == found.deviation.shape == found.largest.shape == (shown,)
            assert found.channels == layer.channels
            assert len(found.spectrum) == (
                0 if min(layer.height, layer.width) < 2 else min(layer.height, layer.width) // 2 + 1
            )


def test_maps_are_what_the_layer_made(families):
    model = families("dcgan")
    net, z = model.net, model.z([1])
    with torch.no_grad():
        wanted = net.layers[0](z[:, :, None, None])[0]
    found = inside.look(model, Recipe(Seed(1)), "generator", 0)
    assert found.mean == pytest.approx(wanted.mean((1, 2)).numpy(), abs=1e-6)
    assert found.deviation == pytest.approx(wanted.std((1, 2), correction=0).numpy(), abs=1e-6)
    assert found.largest == pytest.approx(wanted.abs().amax((1, 2)).numpy(), abs=1e-6)
    for picture, values_ in zip(found.maps, wanted, strict=True):
        assert picture.max() == 255 and picture.min() == 0
        assert picture.argmax() == int(values_.argmax())


def test_nothing_behind_the_layer_is_computed_and_nothing_is_left_behind(families):
    model = families("dcgan")
    passed: list[int] = []
    handle = model.net.layers[-1].register_forward_hook(lambda *_: passed.append(1))
    layers = inside.layers(model, "generator")
    passed.clear()
    inside.look(model, Recipe(Seed(1)), "generator", 0)
    assert len(passed) == 1  # only to list the layers
    handle.remove()
    assert all(not module._forward_hooks for module in model.net.modules())
    assert len({layer.path for layer in layers}) == len(layers)


def test_the_last_layer_of_a_discriminator_is_its_logit(families):
    model = families("dcgan")
    layers = inside.layers(model, "discriminator")
    found = inside.look(model, Recipe(Seed(1)), "discriminator", len(layers) - 1)
    logit = said(model, Recipe(Seed(1)), values(model, Recipe(Seed(1)))).logits
    assert float(found.mean[0]) == pytest.approx(float(logit), abs=1e-5)


@pytest.mark.parametrize(("across", "down", "ring"), [(3, 0, 3), (0, 2, 2), (3, 4, 5), (8, 0, 8)])
def test_the_spectrum_of_a_wave_peaks_at_its_frequency(across: int, down: int, ring: int):
    y, x = torch.meshgrid(torch.arange(16.0), torch.arange(16.0), indexing="ij")
    wave = torch.cos(2 * torch.pi * (across * x + down * y) / 16)
    found = inside.spectrum(wave[None])
    assert int(found.argmax()) == ring and len(found) == 9
    others = np.delete(found, ring)
    assert others.max() < found[ring] - 60


def test_a_flat_map_has_no_detail():
    found = inside.described(torch.full((1, 4, 4), 3.0), 8)
    assert (found.maps == 0).all() and found.mean.tolist() == [3] and found.deviation.tolist() == [0]
    assert (found.spectrum == -120).all()


def test_layers_that_are_not_there_are_refused(families):
    with pytest.raises(ExploreError, match="no layer 100"):
        inside.look(families("dcgan"), Recipe(), "generator", 99)
