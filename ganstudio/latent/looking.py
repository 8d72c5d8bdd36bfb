"""Looking at samples with some codes or a label set by hand."""

from __future__ import annotations

from torch import Tensor

from ganstudio.core.config import Latent
from ganstudio.core.messages import Look


def problem(look: Look, latent: Latent, kinds: int) -> str:
    """Why samples of a run cannot be looked at so, in one sentence; empty where they can."""
    wanted = latent.categorical + latent.continuous
    if look.codes and len(look.codes) != wanted:
        return f"this run has {wanted} codes, not {len(look.codes)}"
    for index, value in enumerate(look.codes):
        if value is None:
            continue
        whole = index < latent.categorical
        low, high = (0, latent.categories - 1) if whole else (-1, 1)
        if not low <= value <= high or (whole and value != int(value)):
            return f"code {index + 1} goes from {low} to {high}{' in whole numbers' if whole else ''}"
    if look.label is not None and not 0 <= look.label < kinds:
        return f"the labels go from 0 to {kinds - 1}" if kinds else "this run has no labels"
    return ""


def with_codes(z: Tensor, codes: tuple[float | None, ...], latent: Latent) -> Tensor:
    """Latents (N, width) with the codes that are not ``None`` set; ``z`` itself stays as it is."""
    if all(value is None for value in codes):
        return z
    z = z.clone()
    for index, value in enumerate(codes):
        if value is None:
            continue
        if index < latent.categorical:
            start = latent.dimension + index * latent.categories
            z[:, start : start + latent.categories] = 0.0
            z[:, start + int(value)] = 1.0
        else:
            z[:, latent.dimension + latent.one_hot + index - latent.categorical] = value
    return z
