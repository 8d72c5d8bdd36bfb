"""Whatever a diagnosis may advise goes through the form while a run is active, and undo takes it back."""

from __future__ import annotations

from typing import Any

import pytest

from ganstudio.catalog.diagnosing import facts_of
from ganstudio.catalog.resolve import resolve
from ganstudio.catalog.variants import VARIANTS
from ganstudio.core.diagnosis import facts as f
from ganstudio.core.messages import Advice, Change
from ganstudio.window.form.draft import draft_of
from ganstudio.window.form.model import FormModel

SOURCES = {"points": {"source": "ring"}, "image": {"source": "digits", "resolution": 8}}
KINDS = ("unrolling", "r1", "instance-noise", "gradient-clipping", "gradient-penalty", "weight-clip", "replay",
         "adaptive-augment", "diffaugment")  # fmt: skip


def possible(facts: f.Facts) -> list[Advice]:
    """All advice that any rule could give of these facts."""
    penalties = {key.split(".")[1] for key in facts.settings if key.startswith("stabilizers.")}
    found = [
        f.rated(facts, "generator", 0.1),
        f.rated(facts, "discriminator", 4.0),
        f.both_rated(facts, 0.25),
        f.larger_batch(facts),
        f.fewer_updates(facts),
        f.more_updates(facts),
        *(f.switched(facts, kind) for kind in KINDS),
        *(f.weaker(facts, kind) for kind in penalties),
    ]
    return [advice for advice in found if advice is not None]


@pytest.mark.parametrize("variant", list(VARIANTS))
def test_every_advice_is_one_edit_that_undo_takes_back(qtbot: Any, variant: str):
    config = resolve({"variant": variant, "data": SOURCES[VARIANTS[variant].data[0]]})
    model = FormModel(draft_of(config))
    model.set_active(True)
    sent: dict[str, Any] = {}
    model.live_edit.connect(sent.__setitem__)
    advised = possible(facts_of(config, 100))
    assert len(advised) > 5
    for advice in advised:
        changes = {c.key: c.value for c in advice.commands if isinstance(c, Change)}
        sent.clear()
        assert model.take_advice(changes, advice.label), advice.label
        assert sent.keys() == changes.keys() and model.undo_text() == advice.label
        assert model.examined.config != config
        model.undo()
        assert model.examined.config == config and sent.keys() == changes.keys(), advice.label
