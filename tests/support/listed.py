"""Entries made by hand, so that every number is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from support.reported import measurement

from ganstudio.core.notes import Notes
from ganstudio.core.run_list import FINISHED, RunEntry


def entry(name: str, notes: Notes | None = None, metrics: Any = (), **more: Any) -> RunEntry:
    """A finished run of DCGAN on digits; ``metrics`` are pairs of name and value, ``lr`` its generator's rate."""
    notes = notes or Notes()
    seed, rate = more.pop("seed", 0), more.pop("lr", 2e-4)
    told = {"variant": "dcgan", "source": "digits", "state": FINISHED, "step": 40, "steps": 40, "images": 1280,
            "seconds": 20.0, "created": 1777890030.0} | more  # fmt: skip
    settings = {
        "name": name, "variant": told["variant"], "data.source": told["source"], "seed": seed, "steps": told["steps"],
        "optimizer.generator.lr": rate, "optimizer.discriminator.lr": 1e-3, "stabilizers.r1": True,
    }  # fmt: skip
    told.setdefault("settings", settings)
    found = tuple(m if not isinstance(m, tuple) else measurement(*m, 40) for m in metrics)
    return RunEntry(Path("/runs") / name, notes.title or name, notes, seed=seed, measurements=found, **told)
