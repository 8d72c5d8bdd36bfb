"""Counted randomness: every random stream is seeded from what it is for and where it stands.

No generator state has to be carried or saved: the seed of any moment can be computed again.
"""

from __future__ import annotations

import hashlib


def derive(seed: int, purpose: str, *counters: int) -> int:
    """A seed in 0 to 2**63 - 1 for one purpose at one place, such as ``derive(0, "z", step)``.

    The first 63 bits of BLAKE2b over a canonical encoding, so that it is the same on every machine and
    neighbouring places have unrelated seeds. torch's CPU generator keeps the low 32 bits only, which lets
    two of a million places share a stream now and then; that does no harm to training.
    """
    text = f"{seed} {len(purpose)} {purpose} {counters}"  # the length keeps purpose and counters apart
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
