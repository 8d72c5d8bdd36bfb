"""The measures as data: complete, unambiguous, each with what measures it."""

from __future__ import annotations

import re

import pytest

from ganstudio.catalog.measures import (
    HIGHER,
    INCEPTION,
    LOWER,
    MEASURES,
    NEEDS,
    NONE,
    VGG16,
    Measure,
    downloads,
)
from ganstudio.catalog.metrics import METRICS
from ganstudio.core.published import NETWORKS, PublishedNetwork
from ganstudio.metrics.measurers import MEASURERS
from ganstudio.metrics.points import POINT_MEASURERS


def test_everything_in_the_catalogue_can_be_measured_and_nothing_else():
    assert {m.name for m in MEASURES.values() if m.data == "image"} == set(MEASURERS)
    assert {m.name for m in MEASURES.values() if m.data == "points"} == set(POINT_MEASURERS)
    assert not set(MEASURES) & set(METRICS)


@pytest.mark.parametrize("measure", MEASURES.values(), ids=lambda m: m.name)
def test_an_entry_is_complete(measure: Measure):
    assert re.fullmatch(r"[a-z0-9-]+", measure.name)
    assert measure.title and measure.idea.endswith(".") and measure.protocol
    assert measure.better in (LOWER, HIGHER, NONE)
    assert 2 <= measure.least <= measure.enough
    assert set(measure.needs) <= set(NEEDS)


@pytest.mark.parametrize("measure", MEASURES.values(), ids=lambda m: m.name)
def test_only_the_published_network_lends_its_name(measure: Measure):
    branded = measure.name in ("fid", "kid", "is", "precision", "recall", "density", "coverage")
    assert branded == (INCEPTION in measure.needs)
    assert branded == ("TF Inception" in measure.protocol)
    assert measure.name.startswith("ppl") == (VGG16 in measure.needs) == ("LPIPS v0.1" in measure.protocol)
    assert "fid" not in measure.name or measure.name == "fid"


def test_what_has_to_be_downloaded_is_known_by_the_names_of_needs():
    assert downloads(MEASURES["ppl"]) == (NETWORKS["vgg16"],)
    assert downloads(MEASURES["fid"]) == (NETWORKS["inception"],)
    assert downloads(MEASURES["path-domain"]) == downloads(MEASURES["ms-ssim"]) == ()


@pytest.mark.parametrize("network", NETWORKS.values(), ids=lambda n: n.name)
def test_a_published_network_is_complete(network: PublishedNetwork):
    assert NEEDS[network.name] == f"the weights of {network.words}"
    assert re.fullmatch(r"[0-9a-f]{64}", network.sha256) and network.sha256[:8] in network.file
    assert network.urls and all(url.startswith("https://") for url in network.urls)
    assert network.megabytes > 50 and network.licence and network.source and network.purpose
    assert network.file not in network.names and network.names[-1].endswith(".safetensors")
