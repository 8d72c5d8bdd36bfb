"""Every metric is to be had on arrays, by a function that the room's first page names."""

from __future__ import annotations

import importlib
import re

import pytest

from ganstudio import metrics
from ganstudio.catalog.measures import MEASURES

PAGE = metrics.__doc__ or ""


@pytest.mark.parametrize("name", re.findall(r":(?:func|class):`\.(\w+\.\w+)`", PAGE))
def test_what_the_page_names_is_there_and_explained(name: str):
    module, function = name.split(".")
    found = getattr(importlib.import_module(f"ganstudio.metrics.{module}"), function)
    assert callable(found) and found.__doc__


@pytest.mark.parametrize("name", MEASURES)
def test_every_metric_has_its_line(name: str):
    plain = name.replace("-w", "").removesuffix("-domain")  # walked in z or w, in whichever features
    lines = re.findall(r"^(\S.*?)(?:  |$)", PAGE, re.MULTILINE)
    words = {word.removesuffix("-domain") for line in lines for word in re.split(r",\s*", line)}
    assert plain in words
