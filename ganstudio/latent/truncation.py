"""Truncation: less variety for more typical pictures.

With styles w moves towards its average (Karras 2019, arXiv:1812.04948, appendix B). Without, z is made shorter, which
is not the truncated normal of BigGAN (arXiv:1809.11096, section 3.1): that draws numbers anew and would show another
picture for every psi, while this one keeps what the latent stands for.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ganstudio.latent.model import Explorer

PLAINLY = (
    "This model has no w: truncation makes z shorter, towards the middle of the prior, and has no cutoff by layer."
)  # fmt: skip
"""What truncation is for models without styles, for a person."""
IN_VAIN = "This generator brings every z to one length first: a shorter one makes the same picture."


def truncated_styles(ws: Tensor, middle: Tensor, psi: float, cutoff: int = -1) -> Tensor:
    """middle + psi (w - middle) in the rows of ``ws`` (N, rows, width) below ``cutoff`` (negative: in all).

    psi 1 changes nothing, 0 is the average itself, a negative one goes to the other side.
    """
    if psi == 1.0:
        return ws
    rows = ws.shape[1] if cutoff < 0 else min(cutoff, ws.shape[1])
    return torch.cat([middle + psi * (ws[:, :rows] - middle), ws[:, rows:]], 1)


def truncated_latents(z: Tensor, psi: float, model: Explorer) -> Tensor:
    """z (N, D) times psi; codes behind it stay what they are."""
    if psi == 1.0:
        return z
    size = model.latent.dimension
    return torch.cat([z[:, :size] * psi, z[:, size:]], 1)
