"""Which measures suit a config, and what is said where one does not."""

from __future__ import annotations

import pytest
from support.tiny import IMAGES, POINTS, tiny

from ganstudio.catalog.measures import MEASURES
from ganstudio.catalog.resolve import change
from ganstudio.catalog.suiting import lacking, suiting
from ganstudio.core.schema import ConfigError

SHAPES = {"variant": "dcgan", "data": {"source": "shapes", "resolution": 16}}


def names(**changes: object) -> set[str]:
    base = POINTS if not changes.get("variant") else {}
    return {measure.name for measure in suiting(tiny(base, **changes))}


def test_points_and_pictures_have_their_own():
    assert names() == {"modes", "high-quality", "reverse-kl", "js", "w1"}
    assert names(data={"source": "spiral"}) == {"js", "w1"}
    digits = {measure.name for measure in suiting(tiny(IMAGES))}
    assert {"fid", "fd-domain", "copied-domain", "class-balance"} <= digits
    assert not digits & {"w1", "class-accuracy", "mig", "path-w-domain", "stacked-modes", "factor-range"}


def test_what_a_run_has_decides():
    assert {"factor-range", "factor-pairs"} <= names(**SHAPES)
    assert not names(**SHAPES) & {"copied-domain", "mig", "stacked-kl"}
    codes = SHAPES | {"variant": "infogan", "latent": {"categorical": 1, "categories": 3, "continuous": 2}}
    assert {"mig", "dci"} <= names(**codes)
    assert "stacked-modes" in names(variant="dcgan", data={"source": "stacked-digits"})
    assert "path-w-domain" in names(variant="stylegan2", data={"source": "shapes", "resolution": 32})
    assert "class-accuracy" in {m.name for m in suiting(tiny(IMAGES, variant="projection-gan"))}


def test_a_folder_may_have_classes():
    assert "class-balance" in names(variant="dcgan", data={"source": "folder", "path": "x"})


def test_the_reason_is_told():
    assert lacking(MEASURES["w1"], tiny(IMAGES)) == "is for points, and this run makes pictures"
    assert lacking(MEASURES["mig"], tiny(IMAGES)) == (
        "needs data with known factors and a generator with at least two codes"
    )
    assert lacking(MEASURES["fid"], tiny(IMAGES)) == "", "the weights of the Inception may still come"
    assert lacking(MEASURES["ppl"], tiny(IMAGES)) == "needs pictures of 16 px or more"
    assert lacking(MEASURES["ppl"], tiny(IMAGES, data={"source": "digits", "resolution": 16})) == ""


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("measure.metrics", "w1, fd-domain", "fd-domain is for pictures"),
        ("measure.metrics", "mods", "'mods' is not a metric; did you mean 'modes'?"),
        ("measure.metrics", "?", "is not a metric: one of modes, high-quality, reverse-kl, js, w1"),
        ("measure.keep_best", "fid", "fid is for pictures"),
        ("measure.every", -1, "at least 0"),
    ],
)
def test_what_cannot_be_measured_is_refused_by_its_key(key: str, value: object, words: str):
    with pytest.raises(ConfigError, match=words) as caught:
        change(tiny(), key, value)
    assert caught.value.key == key


def test_what_has_no_better_side_keeps_nothing():
    with pytest.raises(ConfigError, match="neither a high nor a low density-domain is better"):
        change(tiny(IMAGES), "measure.keep_best", "density-domain")


def test_the_names_of_the_config():
    config = tiny(measure={"every": 5, "metrics": " W1, js,w1,", "keep_best": "w1"})
    assert config.measure.names == ("w1", "js")
    assert tiny().measure.names == () and tiny().measure.every == 0
