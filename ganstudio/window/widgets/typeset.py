"""Formulas as boxes: a tree of :mod:`ganstudio.window.model.tex` laid out by the measures of a font, and painted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from ganstudio.window.model.tex import Accent, Fenced, Fraction, Node, Root, Row, Scripts, Symbol, Words

FAMILIES = ("STIX Two Text", "Cambria", "Times New Roman", "Nimbus Roman", "Liberation Serif", "DejaVu Serif")
SMALLER, SMALLEST = 0.72, 9
"""The size of a script beside its base, and the smallest size in pixels."""
AXIS = 0.28
"""Height of the fraction line above the base line, in ems; minus signs and fences are centred on it."""
SPACES = {"operator": 0.2, "relation": 0.27, "punctuation": 0.16}
WORDY = ("variable", "number", "letter", "function")
"""Kinds that a function's name must not run into."""
MARKS = {
    "hat": ((-0.5, 0.0), (0.0, -0.55), (0.5, 0.0)),
    "bar": ((-0.5, -0.1), (0.5, -0.1)),
    "tilde": ((-0.5, 0.0), (-0.35, -0.22), (-0.15, -0.25), (0.15, 0.0), (0.35, -0.03), (0.5, -0.25)),
}
"""Accents as lines, in widths of the accent, from its middle."""


@dataclass(frozen=True)
class Piece:
    """Something to paint at a place in a box: a text, or lines (a fraction's, a root's)."""

    x: float
    y: float
    text: str = ""
    font: QFont | None = None
    lines: tuple[tuple[float, float, float, float], ...] = ()
    stretch: float = 1.0


@dataclass(frozen=True)
class Box:
    """A laid out node: its measures from the base line in logical pixels, and its pieces."""

    width: float
    ascent: float
    descent: float
    pieces: tuple[Piece, ...] = ()
    breaks: bool = False
    """A line may end before this box."""

    @property
    def height(self) -> float:
        """All of it."""
        return self.ascent + self.descent

    def at(self, x: float, y: float) -> tuple[Piece, ...]:
        """The pieces, moved."""
        return tuple(replace(piece, x=piece.x + x, y=piece.y + y) for piece in self.pieces)


@cache
def math_font(size: int, italic: bool = False, bold: bool = False) -> QFont:
    """The serif font of formulas at a size in pixels."""
    font = QFont()
    font.setFamilies(list(FAMILIES))
    font.setStyleHint(QFont.StyleHint.Serif)
    font.setPixelSize(size)
    font.setItalic(italic)
    font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    return font


@cache
def _metrics(size: int, italic: bool = False, bold: bool = False) -> QFontMetricsF:
    return QFontMetricsF(math_font(size, italic, bold))


def script_size(size: int) -> int:
    """The size of scripts."""
    return max(SMALLEST, round(size * SMALLER))


def layout(node: Node, size: int) -> Box:
    """The box of a node."""
    match node:
        case Symbol():
            return _symbol(node, size)
        case Words(text):
            return _text(text, size)
        case Row(nodes):
            return beside(row_boxes(nodes, size))
        case Scripts():
            return _scripts(node, size)
        case Fraction(over, under):
            return _fraction(layout(over, size), layout(under, size), size)
        case Root(inside):
            return _root(layout(inside, size), size)
        case Accent(inside, mark):
            return _accent(layout(inside, size), mark, size)
        case Fenced(left, inside, right):
            return _fenced(left, layout(inside, size), right, size)


# ---------------------------------------------------------------- signs


def _text(text: str, size: int, italic: bool = False, bold: bool = False) -> Box:
    metrics = _metrics(size, italic, bold)
    slant = size * 0.06 if italic else 0.0
    piece = Piece(0.0, 0.0, text, math_font(size, italic, bold))
    return Box(
        metrics.horizontalAdvance(text) + slant, metrics.ascent() * 0.8, metrics.descent() * 0.85, (piece,)
    )


def _symbol(symbol: Symbol, size: int) -> Box:
    if symbol.kind == "space":
        return Box(size * 0.17 * len(symbol.text), 0.0, 0.0)
    if symbol.kind == "large" and not symbol.text.isalpha():
        return _large(symbol.text, size)
    return _text(symbol.text, size, _slanted(symbol), symbol.kind == "expectation")


def _slanted(symbol: Symbol) -> bool:
    """Variables are in italics, capital Greek letters upright."""
    return symbol.kind == "variable" and (symbol.text.isascii() or symbol.text.islower())


def _large(text: str, size: int) -> Box:
    """A sum or product sign, larger and centred on the axis."""
    big = round(size * 1.4)
    ink = _metrics(big).tightBoundingRect(text)
    shift = (ink.top() + ink.bottom()) / 2 + size * AXIS
    piece = Piece(0.0, -shift, text, math_font(big))
    width = _metrics(big).horizontalAdvance(text)
    return Box(width, -ink.top() + shift, ink.bottom() - shift, (piece,))


# ---------------------------------------------------------------- rows


def row_boxes(nodes: Sequence[Node], size: int, tight: bool = False) -> list[Box]:
    """The boxes of a row with the room that operators, relations and commas want; ``tight`` as in scripts."""
    boxes: list[Box] = []
    before = "open"
    for node in nodes:
        kind = node.kind if isinstance(node, Symbol) else _kind_of(node)
        sign = kind == "operator" and before in ("open", "operator", "relation", "punctuation")
        box = layout(node, size)
        room = 0.0 if sign else SPACES.get(kind, 0.0) * size * (0.25 if tight else 1.0)
        left = 0.0 if kind == "punctuation" else room
        if (before == "function" and kind in WORDY) or (kind == "function" and before in (*WORDY, "close")):
            left = size * 0.14
        right = size * 0.14 if kind == "large" else room
        breaks = kind in ("operator", "relation") and not sign
        boxes.append(Box(box.width + left + right, box.ascent, box.descent, box.at(left, 0.0), breaks))
        before = kind
    return boxes


def _kind_of(node: Node) -> str:
    if isinstance(node, Scripts):
        return node.base.kind if isinstance(node.base, Symbol) else _kind_of(node.base)
    return "close" if isinstance(node, Fenced) else "variable"


def beside(boxes: Iterable[Box]) -> Box:
    """Boxes in one line."""
    x, pieces, ascent, descent = 0.0, [], 0.0, 0.0
    for box in boxes:
        pieces += box.at(x, 0.0)
        x += box.width
        ascent, descent = max(ascent, box.ascent), max(descent, box.descent)
    return Box(x, ascent, descent, tuple(pieces))


def lines_of(boxes: Sequence[Box], width: float, indent: float) -> list[Box]:
    """Boxes in as few lines as a width allows; a line ends before an operator or relation, later ones are indented."""
    groups: list[list[Box]] = [[]]
    for box in boxes:
        if box.breaks and groups[-1]:
            groups.append([])
        groups[-1].append(box)
    lines: list[list[Box]] = [[]]
    used = 0.0
    for group in groups:
        wide = sum(box.width for box in group)
        if lines[-1] and used + wide > width:
            lines.append([Box(indent, 0.0, 0.0)])
            used = indent
        lines[-1] += group
        used += wide
    return [beside(line) for line in lines]


# ---------------------------------------------------------------- what is built of parts


def _scripts(node: Scripts, size: int) -> Box:
    base = layout(node.base, size)
    below = _script(node.below, size) if node.below is not None else None
    above = _script(node.above, size) if node.above is not None else None
    if isinstance(node.base, Symbol) and node.base.kind == "large":
        return _limits(base, below, above, size)
    pieces, ascent, descent, wide = base.pieces, base.ascent, base.descent, 0.0
    if below is not None:
        drop = max(size * 0.22, base.descent - size * 0.12)
        pieces += below.at(base.width, drop)
        descent, wide = max(descent, drop + below.descent), below.width
    if above is not None:
        rise = max(size * 0.38, base.ascent - size * 0.36)
        pieces += above.at(base.width + size * 0.03, -rise)
        ascent, wide = max(ascent, rise + above.ascent), max(wide, above.width)
    return Box(base.width + wide + size * 0.07, ascent, descent, pieces)


def _script(node: Node, size: int) -> Box:
    """What stands below or above, smaller and tighter."""
    nodes = node.nodes if isinstance(node, Row) else (node,)
    return beside(row_boxes(nodes, script_size(size), tight=True))


def _limits(base: Box, below: Box | None, above: Box | None, size: int) -> Box:
    """Scripts under and over, in the middle."""
    width = max(box.width for box in (base, below, above) if box is not None)
    pieces, ascent, descent = base.at((width - base.width) / 2, 0.0), base.ascent, base.descent
    if below is not None:
        drop = descent + below.ascent + size * 0.02
        pieces += below.at((width - below.width) / 2, drop)
        descent = drop + below.descent
    if above is not None:
        rise = ascent + above.descent + size * 0.05
        pieces += above.at((width - above.width) / 2, -rise)
        ascent = rise + above.ascent
    return Box(width, ascent, descent, pieces)


def _fraction(over: Box, under: Box, size: int) -> Box:
    gap, axis, side = size * 0.12, size * AXIS, size * 0.1
    width = max(over.width, under.width) + 2 * side
    rise, drop = axis + gap + over.descent, gap + under.ascent - axis
    line = Piece(0.0, -axis, lines=((side * 0.4, 0.0, width - side * 0.4, 0.0),))
    pieces = over.at((width - over.width) / 2, -rise) + under.at((width - under.width) / 2, drop) + (line,)
    return Box(width, rise + over.ascent, drop + under.descent, pieces)


def _root(inside: Box, size: int) -> Box:
    left, top = size * 0.55, inside.ascent + size * 0.1
    foot = inside.descent
    hook = (
        (0.0, -size * 0.25, size * 0.14, -size * 0.32),
        (size * 0.14, -size * 0.32, left * 0.55, foot),
        (left * 0.55, foot, left, -top),
        (left, -top, left + inside.width + size * 0.06, -top),
    )
    pieces = (*inside.at(left + size * 0.03, 0.0), Piece(0.0, 0.0, lines=hook))
    return Box(left + inside.width + size * 0.1, top + size * 0.06, inside.descent, pieces)


def _accent(inside: Box, mark: str, size: int) -> Box:
    """Lines right above the ink of what stands below."""
    own, top = inside.pieces[0], inside.ascent
    middle = inside.width / 2
    if own.font is not None and own.text:
        ink = QFontMetricsF(own.font).tightBoundingRect(own.text)
        top, middle = -ink.top(), own.x + ink.center().x() + size * 0.03
    wide, foot = size * 0.36, -(top + size * 0.13)
    points = [(middle + x * wide, foot + y * wide) for x, y in MARKS[mark]]
    lines = tuple((*one, *other) for one, other in pairwise(points))
    height = max(inside.ascent, -foot + wide * 0.6)
    return Box(inside.width, height, inside.descent, (*inside.pieces, Piece(0.0, 0.0, lines=lines)))


def _fenced(left: str, inside: Box, right: str, size: int) -> Box:
    """Fences grow with what they hold, centred on the axis."""
    axis = size * AXIS
    reach = max(inside.ascent - axis, inside.descent + axis, size * 0.5)
    sides = [_fence(sign, reach, size) for sign in (left, right)]
    gap = size * 0.05
    x = sides[0].width + gap
    pieces = sides[0].pieces + inside.at(x, 0.0) + sides[1].at(x + inside.width + gap, 0.0)
    width = x + inside.width + gap + sides[1].width
    return Box(width, max(inside.ascent, sides[0].ascent), max(inside.descent, sides[0].descent), pieces)


def _fence(sign: str, reach: float, size: int) -> Box:
    axis = size * AXIS
    if sign in ("‖", "|"):
        bars = (size * 0.1, size * 0.26) if sign == "‖" else (size * 0.12,)
        lines = tuple((x, -axis - reach, x, -axis + reach) for x in bars)
        return Box(bars[-1] + size * 0.1, axis + reach, reach - axis, (Piece(0.0, 0.0, lines=lines),))
    ink = _metrics(size).tightBoundingRect(sign)
    stretch = max(1.0, 2 * reach / ink.height())
    middle = (ink.top() + ink.bottom()) / 2 * stretch
    piece = Piece(0.0, -axis - middle, sign, math_font(size), stretch=stretch)
    half = ink.height() * stretch / 2
    return Box(_metrics(size).horizontalAdvance(sign), axis + half, half - axis, (piece,))


# ---------------------------------------------------------------- painting


def paint(painter: QPainter, box: Box, x: float, baseline: float, weight: float = 1.0) -> None:
    """Paint a box with the painter's pen; ``weight`` is the width of lines in logical pixels."""
    colour = painter.pen().color()
    for piece in box.pieces:
        place = QPointF(x + piece.x, baseline + piece.y)
        if piece.font is not None and piece.stretch == 1.0:
            painter.setFont(piece.font)
            painter.drawText(place, piece.text)
        elif piece.font is not None:
            path = QPainterPath()
            path.addText(QPointF(0, 0), piece.font, piece.text)
            painter.save()
            painter.translate(place)
            painter.scale(1.0, piece.stretch)
            painter.fillPath(path, colour)
            painter.restore()
        for x1, y1, x2, y2 in piece.lines:
            painter.setPen(QPen(colour, weight))
            painter.drawLine(place + QPointF(x1, y1), place + QPointF(x2, y2))
            painter.setPen(colour)


def bounds(box: Box) -> QRectF:
    """The box with its base line at 0."""
    return QRectF(0.0, -box.ascent, box.width, box.height)
