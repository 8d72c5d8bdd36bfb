"""Everything that rules and ways of conditioning tell has an entry in the catalogue of series."""

from __future__ import annotations

import re
from typing import Any

import pytest
from support.tiny import IMAGES, POINTS, make_trainer, tiny

from ganstudio.catalog.metrics import METRICS

KNOWN = [re.compile(re.sub(r"<[^>]*>", "[^/]+", name) + "$") for name in METRICS]
RULES: dict[str, dict[str, Any]] = {
    "label-smoothing": {}, "label-flipping": {}, "instance-noise": {}, "diffaugment": {}, "adaptive-augment": {},
    "replay": {}, "packing": {}, "feature-matching": {}, "unrolling": {"ahead": 1}, "gradient-clipping": {},
    "schedule": {}, "burn-in": {}, "balance": {}, "top-k": {},
}  # fmt: skip
TOLD = {
    "augment/probability", "augment/overfitting", "balance/skipped/generator", "balance/skipped/discriminator",
    "clipping/generator", "clipping/discriminator", "schedule/generator", "schedule/discriminator", "top-k/share",
    "penalty/feature-matching", "burn-in",
}  # fmt: skip


def told(base: Any, **changes: Any) -> dict[str, float]:
    trainer = make_trainer(tiny(base, **changes))
    trainer.measure = True
    for _ in range(2):
        trainer.step()
    return trainer.meter.read(True)


def test_all_rules_together():
    values = told(IMAGES, stabilizers=RULES)
    assert values.keys() >= TOLD
    assert [name for name in values if not any(known.match(name) for known in KNOWN)] == []


@pytest.mark.parametrize(
    ("conditioning", "latent", "names"),
    [
        ({"by": "classifier"}, {}, {"penalty/classifier", "classified/real", "classified/fake"}),
        ({"by": "codes"}, {"categorical": 1, "continuous": 1}, {"penalty/codes", "information"}),
        ({"by": "crowd"}, {}, {"penalty/crowd", "told-apart"}),
        ({"by": "projection"}, {}, set()),
        ({"by": "concatenation"}, {}, set()),
    ],
)
def test_ways_of_conditioning(conditioning: Any, latent: Any, names: set[str]):
    values = told(POINTS, conditioning=conditioning, latent={"dimension": 4, **latent})
    assert values.keys() >= names
    assert [name for name in values if not any(known.match(name) for known in KNOWN)] == []
