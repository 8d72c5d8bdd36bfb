"""A config that presets may be tuned without: DCGAN on digits, nearly as the catalogue has it."""

from __future__ import annotations

from ganstudio.catalog.resolve import resolve
from ganstudio.core.config import RunConfig

PLAIN: RunConfig = resolve(
    {
        "name": "digits-dcgan",
        "variant": "dcgan",
        "data": {"source": "digits", "resolution": 16},
        "latent": {"dimension": 64},
        "generator": {"base_channels": 32},
        "discriminator": {"base_channels": 32},
    }
)
