"""Counted random numbers."""

from __future__ import annotations

import pytest
import torch
from scipy.stats import kstest

from ganstudio.core.config import Latent
from ganstudio.training.streams import Streams, draw, latents_for

CPU = torch.device("cpu")


def numbers(seed: int, purpose: str, *counters: int | str) -> list[float]:
    return torch.rand(4, generator=Streams(seed, CPU)(purpose, *counters)).tolist()


def test_a_stream_depends_on_seed_purpose_and_counters_alone():
    first = numbers(0, "z", "generator", 5)
    streams = Streams(0, CPU)
    torch.rand(100, generator=streams("z", "generator", 4))
    assert torch.rand(4, generator=streams("z", "generator", 5)).tolist() == first
    others = [
        numbers(1, "z", "generator", 5),
        numbers(0, "noise", "generator", 5),
        numbers(0, "z", "discriminator", 5),
        numbers(0, "z", "generator", 6),
    ]
    assert first not in others and len({tuple(o) for o in others}) == 4


@pytest.mark.parametrize(
    ("prior", "law"), [("normal", "norm"), ("uniform", lambda x: (x.clip(-1, 1) + 1) / 2)]
)
def test_latents_follow_their_prior(prior: str, law: object):
    z = draw(Latent(dimension=8, prior=prior), 2000, torch.Generator().manual_seed(3))
    assert z.shape == (2000, 8)
    assert kstest(z.flatten().numpy(), law).pvalue > 0.01


def test_a_seed_is_the_same_latent_wherever_it_stands():
    latent = Latent(dimension=6)
    together = latents_for([3, 1, 2], latent)
    assert torch.equal(together[1:2], latents_for([1], latent))
    assert torch.equal(latents_for([3], latent), together[:1])
    assert not torch.equal(together[0], together[1])
