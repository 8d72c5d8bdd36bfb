"""Networks that begin with small pictures and grow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

from ganstudio.catalog.network_base import Network
from ganstudio.catalog.stabilizers.base import Stabilizer
from ganstudio.core.schema import option

if TYPE_CHECKING:
    from ganstudio.core.config import RunConfig
    from ganstudio.core.shapes import DataShape

SHARE = 0.5
"""Of the planned run that growing takes where the phases have no lengths of their own."""
FEWEST = 4
"""Samples below which the batch is never halved."""
RATES = {128: 1.5, 256: 2.0, 512: 3.0}
"""StyleGAN's rates at a size, as multiples of those at the small ones (Karras 2019, arXiv:1812.04948, appendix C)."""
_SIZES = (8, 16, 32, 64, 128, 256, 512, 1024)
_PHASE: dict[str, Any] = dict(low=0, high=10**9, logarithmic=True, unit="images")


@dataclass(frozen=True)
class Growing(Stabilizer):
    """Progressive growing (Karras 2018, section 2 and figure 2).

    At each size the networks train for ``stable`` real images; then the layers of the next size fade in over ``fade``.
    """

    kind: ClassVar[str] = "growing"
    title: ClassVar[str] = "Progressive growing"
    idea: ClassVar[str] = (
        "Both networks begin with tiny pictures and take in a size at a time: first the whole, then the detail."
    )
    group: ClassVar[str] = "Architecture"
    year: ClassVar[int] = 2017
    paper: ClassVar[str] = "arXiv:1710.10196"
    live_switch: ClassVar[bool] = False

    start: int = option(
        4,
        choices=(4, *_SIZES),
        unit="px",
        label="First size",
        help="Side of the pictures that training begins with; the paper has 4, StyleGAN 8.",
    )
    stable: int = option(
        0,
        label="Images at a size",
        help="Real images that each size is trained with before the next one comes; the paper has 600,000. 0 shares "
        "the first half of the run out evenly.",
        **_PHASE,
    )
    fade: int = option(
        0,
        label="Images of a fade",
        help="Real images over which the layers of the next size fade in; the paper has 600,000. 0 shares the first "
        "half of the run out evenly.",
        **_PHASE,
    )
    halve_batch_from: int = option(
        0,
        choices=(0, *_SIZES),
        unit="px",
        label="Halve the batch from",
        help="From this size on each doubling halves the batch, down to 4, so that large pictures fit into memory; "
        "0 keeps it.",
    )
    restart: bool = option(
        True,
        label="Optimizers begin anew",
        help="Whether what the optimizers remember is dropped whenever a new size begins, as in the authors' program.",
    )

    rising_rate: bool = option(
        False,
        label="Rates rise with size",
        help="Learning rates are 1.5 times as high at 128 px, twice at 256 and three times from 512 px on, as StyleGAN "
        "was trained.",
    )

    def rate_at(self, size: int) -> float:
        """What learning rates are multiplied by at a size in px."""
        if not self.rising_rate or size < min(RATES):
            return 1.0
        return RATES[min(size, max(RATES))]

    def batch_at(self, size: int, count: int) -> int:
        """The batch at a size in px, ``count`` being that of the smallest."""
        start = self.halve_batch_from
        if not start or size < start:
            return count
        halvings = (size // start).bit_length()
        return max(min(FEWEST, count), count >> halvings)

    def lengths(self, planned: int, doublings: int) -> tuple[int, int]:
        """Real images of a stable phase and of a fade, in a run that is to see ``planned`` ones."""
        even = max(1, int(planned * SHARE) // max(1, 2 * doublings))
        return self.stable or even, self.fade or even

    def refuses(self, config: RunConfig, shape: DataShape | None) -> str:
        """Both networks must be able to grow, to a size beyond the first."""
        for name in ("generator", "discriminator"):
            net = cast("Network", getattr(config, name))
            if not net.grows:
                return f"the {name} {net.title} has one size only: take the networks of the variants progan or stylegan"
        if shape is not None and self.start > shape.height:
            return f"training cannot begin with {self.start} px where the pictures have {shape.height} px"
        if "replay" in config.stabilizers:
            return "remembered samples would have the size of an earlier time: switch experience replay off"
        return self._uneven(config)

    def _uneven(self, config: RunConfig) -> str:
        packs = getattr(config.stabilizers.get("packing"), "samples", 1)
        for count in (config.batch_size, config.generator_batch or config.batch_size):
            for size in _SIZES:
                batch = self.batch_at(size, count)
                if batch % packs:
                    return f"at {size} px a batch has {batch} samples, which make no full packs of {packs}"
        return ""


def stage_at(images: int, doublings: int, stable: int, fade: int) -> tuple[int, float]:
    """How often the first size has doubled after so many real images, and how far the newest layers have faded in.

    A doubling begins when more than ``stable`` images were seen at the size before and is complete ``fade`` later.
    """
    done, within = divmod(images, stable + fade)
    if done >= doublings:
        return doublings, 1.0
    return (done + 1, (within - stable) / fade) if within > stable else (done, 1.0)


ALL: tuple[type[Stabilizer], ...] = (Growing,)
