"""A modest part of TeX's mathematics: read into a tree, and read aloud in words. Knows no Qt.

Understood: letters, numbers, operators, ``^`` and ``_``, ``{...}``, ``\\frac{a}{b}``, ``\\sqrt{a}``, ``\\hat a``,
``\\tilde a``, ``\\bar a``, ``\\norm{a}``, ``\\abs{a}``, ``\\left( ... \\right)``, ``\\text{words}``, Greek letters,
``\\E`` for expectation, sums and the other names in :data:`SYMBOLS`. Anything else is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "theta": "θ", "kappa": "κ",
    "lambda": "λ", "mu": "μ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "psi": "ψ",
    "omega": "ω", "eta": "η", "zeta": "ζ", "xi": "ξ", "nu": "ν", "chi": "χ",
    "Delta": "Δ", "Gamma": "Γ", "Phi": "Φ", "Omega": "Ω", "Theta": "Θ", "Lambda": "Λ",
}  # fmt: skip
FUNCTIONS = ("log", "exp", "tanh", "sign", "softplus", "ReLU", "LayerNorm")
LIMITS = {"min": "minimum", "max": "maximum", "sum": "sum", "prod": "product"}
OPERATORS = {
    "+": ("+", "plus"), "-": ("−", "minus"), "*": ("·", "times"), "cdot": ("·", "times"),
    "times": ("×", "times"), "pm": ("±", "plus or minus"), "odot": ("⊙", "times, number by number,"),
}  # fmt: skip
RELATIONS = {
    "=": ("=", "equals"), "<": ("<", "is less than"), ">": (">", "is more than"),
    "le": ("≤", "is at most"), "ge": ("≥", "is at least"), "ne": ("≠", "is not"), "sim": ("∼", "from"),
    "in": ("∈", "in"), "to": ("→", "to"), "gets": ("←", "becomes"), "approx": ("≈", "is about"),
    "mid": ("|", "given"), "propto": ("∝", "is proportional to"),
}  # fmt: skip
LETTERS = {
    "nabla": ("∇", "gradient"), "infty": ("∞", "infinity"), "ell": ("ℓ", "l"), "dots": ("…", "and so on"),
    "top": ("⊤", "transposed"), "ast": ("∗", "conjugate"), "partial": ("∂", "partial"), "forall": ("∀", "for all"),
}  # fmt: skip


class FormulaError(ValueError):
    """A formula that cannot be read; the text says where and why."""


@dataclass(frozen=True)
class Symbol:
    """One sign. ``kind``: "variable", "number", "letter", "function", "operator", "relation", "open", "close",
    "punctuation", "large" (takes limits below and above), "space" or "expectation"; ``said`` is its name."""

    text: str
    kind: str
    said: str = ""


@dataclass(frozen=True)
class Row:
    """Nodes side by side."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Scripts:
    """A node with a subscript, a superscript or both."""

    base: Node
    below: Node | None = None
    above: Node | None = None


@dataclass(frozen=True)
class Fraction:
    """One node over another."""

    over: Node
    under: Node


@dataclass(frozen=True)
class Root:
    """The square root of a node."""

    inside: Node


@dataclass(frozen=True)
class Accent:
    """A node with a hat, a tilde or a bar (``mark``)."""

    inside: Node
    mark: str


@dataclass(frozen=True)
class Fenced:
    """A node between fences that are as tall as it is."""

    open: str
    inside: Node
    close: str


@dataclass(frozen=True)
class Words:
    """Plain words within a formula."""

    text: str


Node = Symbol | Row | Scripts | Fraction | Root | Accent | Fenced | Words


def _symbols() -> dict[str, Symbol]:
    found = {name: Symbol(sign, "variable", name) for name, sign in GREEK.items()}
    found |= {name: Symbol(name, "function", name) for name in FUNCTIONS}
    found |= {name: Symbol(name, "large", said) for name, said in LIMITS.items()}
    found |= {"sum": Symbol("∑", "large", "sum"), "prod": Symbol("∏", "large", "product")}
    found |= {name: Symbol(sign, "operator", said) for name, (sign, said) in OPERATORS.items()}
    found |= {name: Symbol(sign, "relation", said) for name, (sign, said) in RELATIONS.items()}
    found |= {name: Symbol(sign, "letter", said) for name, (sign, said) in LETTERS.items()}
    found |= {"E": Symbol("E", "expectation", "expectation"), "KL": Symbol("KL", "letter", "K L divergence")}
    found |= {",": Symbol(" ", "space"), "quad": Symbol("   ", "space"), ";": Symbol("  ", "space")}
    found |= {"langle": Symbol("⟨", "open", "inner product of"), "rangle": Symbol("⟩", "close", "")}
    found |= {"{": Symbol("{", "open", "the set"), "}": Symbol("}", "close", "")}
    return found


SYMBOLS = _symbols()
PLAIN = {
    "(": Symbol("(", "open"), ")": Symbol(")", "close"), "[": Symbol("[", "open"), "]": Symbol("]", "close"),
    ",": Symbol(",", "punctuation", ","), ".": Symbol(".", "number", "point"), ":": Symbol(":", "relation", "is"),
    "/": Symbol("/", "letter", "over"), "|": Symbol("|", "relation", "given"), "'": Symbol("′", "letter", "prime"),
    "!": Symbol("!", "letter", "factorial"), "%": Symbol("%", "letter", "percent"),
}  # fmt: skip
ACCENTS = {"hat": "hat", "tilde": "tilde", "bar": "bar"}
FENCES = {"norm": ("‖", "‖"), "abs": ("|", "|")}


def parse(tex: str) -> Row:
    """The tree of a formula; raises :class:`FormulaError`."""
    reader = _Reader(tex)
    row = reader.row()
    if reader.here < len(reader.tokens):
        raise FormulaError(f"{tex!r}: {reader.tokens[reader.here]} has no beginning")
    return row


def _tokens(tex: str) -> Iterator[str]:
    """Commands with their backslash, single signs, and the braces of ``\\text`` as one token."""
    here = 0
    while here < len(tex):
        if tex[here] != "\\":
            if not tex[here].isspace():
                yield tex[here]
            here += 1
            continue
        end = here + 1
        while end < len(tex) and tex[end].isalpha():
            end += 1
        end = max(end, here + 2)
        name, here = tex[here:end], end
        if name == "\\text":
            close = tex.find("}", here)
            if tex[here : here + 1] != "{" or close < 0:
                raise FormulaError(f"{tex!r}: \\text needs its words in braces")
            name, here = f"\\text{tex[here : close + 1]}", close + 1
        yield name


class _Reader:
    """Reads tokens from left to right."""

    def __init__(self, tex: str) -> None:
        self.tex, self.tokens, self.here = tex, list(_tokens(tex)), 0

    def _next(self, for_what: str) -> str:
        if self.here >= len(self.tokens):
            raise FormulaError(f"{self.tex!r}: {for_what} is missing at the end")
        self.here += 1
        return self.tokens[self.here - 1]

    def row(self, end: str = "") -> Row:
        """Nodes up to the token ``end``, which is taken, too."""
        nodes: list[Node] = []
        while self.here < len(self.tokens):
            token = self.tokens[self.here]
            if token == end:
                self.here += 1
                return Row(tuple(nodes))
            if token in ("}", "\\right"):
                break
            nodes.append(self._scripted(self._atom()))
        if end:
            raise FormulaError(f"{self.tex!r}: {end} is missing")
        return Row(tuple(nodes))

    def _scripted(self, base: Node) -> Node:
        below: Node | None = None
        above: Node | None = None
        while self.here < len(self.tokens) and self.tokens[self.here] in ("_", "^"):
            lower = self._next("a script") == "_"
            if (below if lower else above) is not None:
                raise FormulaError(f"{self.tex!r}: two scripts at the same place")
            found = self._atom()
            below, above = (found, above) if lower else (below, found)
        return base if below is None and above is None else Scripts(base, below, above)

    def _atom(self) -> Node:
        token = self._next("a sign")
        if token == "{":
            return self.row("}")
        if token.startswith("\\"):
            return self._command(token[1:])
        if token.isdigit():
            return self._number(token)
        if token.isalpha():
            return Symbol(token, "variable", token)
        if token in PLAIN:
            return PLAIN[token]
        if token in OPERATORS or token in RELATIONS:
            return SYMBOLS[token]
        raise FormulaError(f"{self.tex!r}: {token} is not understood here")

    def _number(self, first: str) -> Symbol:
        digits = first
        while self.here < len(self.tokens) and (
            self.tokens[self.here].isdigit() or self.tokens[self.here] == "."
        ):
            digits += self._next("a digit")
        return Symbol(digits, "number", digits)

    def _command(self, name: str) -> Node:
        if name.startswith("text{"):
            return Words(name[5:-1])
        if name == "frac":
            return Fraction(self._atom(), self._atom())
        if name == "sqrt":
            return Root(self._atom())
        if name in ACCENTS:
            return Accent(self._atom(), ACCENTS[name])
        if name in FENCES:
            return Fenced(FENCES[name][0], self._atom(), FENCES[name][1])
        if name == "left":
            return self._fenced()
        if name in SYMBOLS:
            return SYMBOLS[name]
        raise FormulaError(f"{self.tex!r}: \\{name} is not known")

    def _fenced(self) -> Fenced:
        left = self._next("a fence")
        inside = self.row("\\right")
        right = self._next("a fence")
        if left not in ("(", "[") or right not in (")", "]"):
            raise FormulaError(f"{self.tex!r}: {left} {right} are no fences")
        return Fenced(left, inside, right)


# ---------------------------------------------------------------- in words


def spoken(node: Node) -> str:
    """How a formula is read aloud, in plain words: ``"expectation over x of log D of x"``."""
    return " ".join(" ".join(_say(node)).replace(" ,", ",").split())


def _say(node: Node) -> Iterator[str]:
    match node:
        case Symbol():
            yield from _say_symbol(node)
        case Words(text):
            yield text
        case Row(nodes):
            for index, inner in enumerate(nodes):
                bracket = _bracket(nodes, index)
                yield from (bracket,) if bracket is not None else _say(inner)
        case Scripts():
            yield from _say_scripts(node)
        case Fraction(over, under):
            yield from ("the fraction", *_say(over), "over", *_say(under), "end fraction")
        case Root(inside):
            yield from ("the square root of", *_say(inside), "end root")
        case Accent(inside, mark):
            yield from (*_say(inside), mark)
        case Fenced(left, inside, _):
            said = {"‖": ("the norm of", "end norm"), "|": ("the absolute value of", "end value")}
            before, after = said.get(left, ("open bracket", "close bracket"))
            yield from (before, *_say(inside), after)


def _bracket(nodes: tuple[Node, ...], index: int) -> str | None:
    """What is said for a bracket in a row; ``None`` where there is none. ``D(x)`` is "D of x" without brackets."""
    node = nodes[index]
    if not isinstance(node, Symbol) or node.text not in ("(", ")", "[", "]"):
        return None
    opens = node.kind == "open"
    first = index if opens else _partner(nodes, index, -1)
    last = _partner(nodes, index, 1) if opens else index
    applied = first > 0 and _applies(nodes[first - 1])
    if applied and last - first <= 2:
        return "of" if opens else ""
    return ("of " if applied and opens else "") + ("open bracket" if opens else "close bracket")


def _applies(node: Node) -> bool:
    """Whether a bracket behind this node holds what it is applied to."""
    base = node.base if isinstance(node, Scripts) else node
    if isinstance(base, Symbol):
        return base.kind in ("variable", "function", "letter", "close")
    return isinstance(base, Words | Accent)


def _partner(nodes: tuple[Node, ...], index: int, step: int) -> int:
    """Where the bracket lies that belongs to the one at ``index``; beyond the row where there is none."""
    depth = 0
    while 0 <= index < len(nodes):
        node = nodes[index]
        base = node.base if isinstance(node, Scripts) else node
        if isinstance(base, Symbol) and base.text in ("(", ")", "[", "]"):
            depth += 1 if base.kind == "open" else -1
            if not depth:
                return index
        index += step
    return index


def _say_symbol(symbol: Symbol) -> Iterator[str]:
    plain = {"(": "open bracket", "[": "open bracket", ")": "close bracket", "]": "close bracket"}
    yield "the expectation of" if symbol.kind == "expectation" else plain.get(symbol.text, symbol.said)


def _say_scripts(node: Scripts) -> Iterator[str]:
    base = node.base
    if isinstance(base, Symbol) and base.kind in ("expectation", "large"):
        yield f"the {base.said}"
        if node.below is not None:
            yield from ("over", *_say(node.below))
        if node.above is not None:
            yield from ("up to", *_say(node.above))
        yield "of"
        return
    yield from _say(base)
    if node.below is not None:
        yield from ("sub", *_say(node.below))
    if node.above is not None:
        said = spoken(node.above)
        known = {"2": "squared", "transposed": "transposed", "minus 1": "inverse", "conjugate": "conjugate"}
        yield known.get(said, f"to the power of {said}")
