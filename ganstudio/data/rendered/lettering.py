"""Styles of lettering: each makes of a character's strokes a table of segments with widths.

A row is (ax, ay, bx, by, width at a, width at b); widths are in units of the pen's.
"""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise

import torch
from torch import Tensor

from ganstudio.data.rendered.strokes import STROKES, Point, flatten, line

STYLES = ("plain", "brushed", "serif", "angular", "outlined", "shaky")
SMOOTH, ANGULAR = 12.0, 60.0
"""Degrees between the corners of a flattened arc."""
NIB_ANGLE, NIB_EDGE = math.radians(40), 0.3
"""How a broad nib is held, and its thickness in parts of its breadth."""
UPRIGHT_EDGE = 0.45
"""The thin strokes of a serif style, which are its level ones, in parts of its upright ones."""
SERIF, SERIF_WIDTH = 0.16, 0.7
WEDGE = (1.3, 0.6)
"""The widths of a cut stroke where it starts and where it ends."""
Row = tuple[float, float, float, float, float, float]


@cache
def lettering(characters: tuple[str, ...], device: torch.device) -> Tensor:
    """All segments, float32 (styles, characters, S, 6); short lists repeat their last row, which changes nothing."""
    tables = [[_rows(character, style) for character in characters] for style in STYLES]
    longest = max(len(rows) for table in tables for rows in table)
    padded = [[rows + rows[-1:] * (longest - len(rows)) for rows in table] for table in tables]
    return torch.tensor(padded, dtype=torch.float32).to(device)


def _rows(character: str, style: str) -> list[Row]:
    step = ANGULAR if style == "angular" else SMOOTH
    chains = [flatten(stroke, step) for stroke in STROKES[character]]
    rows = [row for chain in chains for row in _segments(chain, style)]
    return rows + (_serifs(chains) if style == "serif" else [])


def _segments(chain: list[Point], style: str) -> list[Row]:
    widths = [1.0] * len(chain)
    if style == "brushed":
        widths = _nib_widths(chain, NIB_ANGLE, NIB_EDGE)
    elif style == "serif":
        widths = _nib_widths(chain, 0.0, UPRIGHT_EDGE)
    elif style == "angular":
        widths = _wedge_widths(chain)
    return [(*a, *b, wa, wb) for (a, b), (wa, wb) in zip(pairwise(chain), pairwise(widths), strict=True)]


def _nib_widths(chain: list[Point], held: float, edge: float) -> list[float]:
    """A broad nib's trace: as wide as the nib looks from the direction of the stroke, smooth from point to point."""
    breadths = [_breadth(math.atan2(b[1] - a[1], b[0] - a[0]) - held, edge) for a, b in pairwise(chain)]
    return [(breadths[max(k - 1, 0)] + breadths[min(k, len(breadths) - 1)]) / 2 for k in range(len(chain))]


def _breadth(across: float, edge: float) -> float:
    """The half width of an ellipse of half axes 1 and ``edge`` seen along a direction ``across`` its long one."""
    return math.hypot(math.sin(across), edge * math.cos(across))


def _wedge_widths(chain: list[Point]) -> list[float]:
    """Cut with a knife: evenly narrower from the start to the end."""
    lengths = [0.0]
    for a, b in pairwise(chain):
        lengths.append(lengths[-1] + math.dist(a, b))
    return [WEDGE[0] + (WEDGE[1] - WEDGE[0]) * length / lengths[-1] for length in lengths]


def _serifs(chains: list[list[Point]]) -> list[Row]:
    """A bar across each end that stands on the line or hangs from the top: upright ends get it level."""
    found: list[Row] = []
    for chain in chains:
        for end, before in ((chain[0], chain[1]), (chain[-1], chain[-2])):
            if abs(end[1]) < 0.95 or math.dist(chain[0], chain[-1]) < 1e-6:
                continue
            level = abs(end[1] - before[1]) > abs(end[0] - before[0])
            ends = (
                [(-SERIF, 0.0), (SERIF, 0.0)] if level else [(0.0, 0.0), (0.0, -math.copysign(0.26, end[1]))]
            )
            bar = flatten((line(*(end[i] + shift[i] for shift in ends for i in (0, 1))),), SMOOTH)
            found += [(*a, *b, SERIF_WIDTH, SERIF_WIDTH) for a, b in pairwise(bar)]
    return found
