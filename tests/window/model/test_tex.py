"""The TeX subset: what is read, what is refused, how it is read aloud, and that printed tables hold numerically."""

from __future__ import annotations

from math import exp, isclose, log, log1p, sqrt, tanh

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.catalog import formulas
from ganstudio.window.model.tex import (
    SYMBOLS,
    Fenced,
    FormulaError,
    Fraction,
    Node,
    Root,
    Row,
    Scripts,
    Symbol,
    parse,
    spoken,
)

ALL = [
    formula.tex
    for table in (formulas.OBJECTIVES, formulas.STABILIZERS, formulas.CONDITIONINGS)
    for found in table.values()
    for formula in found
]


def test_scripts_fractions_and_fences_make_a_tree():
    (norm,) = parse(r"\norm{x}_2^2").nodes
    assert isinstance(norm, Scripts) and isinstance(norm.base, Fenced)
    assert norm.below == Symbol("2", "number", "2") == norm.above
    (fraction,) = parse(r"\frac 1 {a+b}").nodes
    assert (
        isinstance(fraction, Fraction) and isinstance(fraction.under, Row) and len(fraction.under.nodes) == 3
    )
    assert parse("a^2_i") == parse("a_i^2")
    assert parse("12.5").nodes == (Symbol("12.5", "number", "12.5"),)


@pytest.mark.parametrize(
    ("tex", "said"),
    [
        (
            r"\E_{x \sim p}[\log D(x)]",
            "the expectation over x from p of open bracket log D of x close bracket",
        ),
        (r"\frac{\gamma}{2}", "the fraction gamma over 2 end fraction"),
        (r"\norm{\nabla C(\hat x)}^2", "the norm of gradient C of x hat end norm squared"),
        (r"\sum_{i \ne j} w_i", "the sum over i is not j of w sub i"),
        (r"f(1 - x)", "f of open bracket 1 minus x close bracket"),
        (r"W^\top, \quad a \le b", "W transposed, a is at most b"),
    ],
)
def test_a_formula_is_read_in_words(tex: str, said: str):
    assert spoken(parse(tex)) == said


@pytest.mark.parametrize(
    ("tex", "why"),
    [
        (r"\frac{1}", "missing at the end"),
        ("{a", "} is missing"),
        ("a}", "no beginning"),
        (r"\nonsense", "not known"),
        ("a^1^2", "two scripts"),
        (r"\left( a", "missing"),
        (r"\left\{ a \right\}", "no fences"),
        (r"\text words", "in braces"),
        ("a & b", "not understood"),
        ("a^", "missing at the end"),
    ],
)
def test_what_cannot_be_read_is_told(tex: str, why: str):
    with pytest.raises(FormulaError, match=why):
        parse(tex)


@pytest.mark.parametrize("tex", ALL)
def test_every_formula_of_the_catalogue_can_be_read_aloud(tex: str):
    said = spoken(parse(tex))
    assert said and not any(sign in said for sign in "\\{}_^")


@given(
    st.lists(
        st.sampled_from([*(f"\\{name} " for name in SYMBOLS), *"abc123^_{}()[]+-=,", r"\frac"]), max_size=20
    )
)
def test_anything_typed_is_read_or_refused(parts: list[str]):
    try:
        tree = parse("".join(parts))
    except FormulaError:
        return
    assert isinstance(spoken(tree), str)


# ---------------------------------------------------------------- the printed table of f-GAN, as numbers


def softplus(v: float) -> float:
    return log1p(exp(v))


FUNCTIONS = {"log": log, "tanh": tanh, "softplus": softplus, "exp": exp}


def value(node: Node, known: dict[str, float]) -> float:
    """What an expression of the table comes to."""
    match node:
        case Symbol(text, "number"):
            return float(text)
        case Symbol(text, "variable"):
            return known[text]
        case Fraction(over, under):
            return value(over, known) / value(under, known)
        case Root(inside):
            return sqrt(value(inside, known))
        case Scripts(base, None, above) if above is not None:
            return (exp(1) if base == Symbol("e", "variable", "e") else value(base, known)) ** value(
                above, known
            )
        case Row(nodes):
            return added(list(nodes), known)
    raise AssertionError(f"the table does not need {node}")


def added(nodes: list[Node], known: dict[str, float]) -> float:
    """Terms with their signs."""
    total, sign, term = 0.0, 1.0, []
    for node in [*nodes, Symbol("+", "operator")]:
        depth = sum(isinstance(n, Symbol) and (n.kind == "open") - (n.kind == "close") for n in term)
        if not depth and isinstance(node, Symbol) and node.text in "+−":
            total += sign * multiplied(term, known) if term else 0.0
            sign, term = (-1.0 if node.text == "−" else 1.0), []
        else:
            term.append(node)
    return total


def multiplied(nodes: list[Node], known: dict[str, float]) -> float:
    """Factors side by side; a function takes the next one."""
    result, waiting, here = 1.0, None, 0
    while here < len(nodes):
        node = nodes[here]
        if isinstance(node, Symbol) and node.kind == "function":
            waiting, here = FUNCTIONS[node.text], here + 1
            continue
        if isinstance(node, Symbol) and node.kind == "open":
            found, here = added(nodes[here + 1 : -1], known), len(nodes)
        else:
            found, here = value(node, known), here + 1
        result, waiting = result * (waiting(found) if waiting else found), None
    return result


GENERATORS = {
    "kl": lambda u: u * log(u),
    "reverse-kl": lambda u: -log(u),
    "pearson": lambda u: (u - 1) ** 2,
    "squared-hellinger": lambda u: (sqrt(u) - 1) ** 2,
    "jensen-shannon": lambda u: -(u + 1) * log((1 + u) / 2) + u * log(u),
    "gan": lambda u: u * log(u) - (u + 1) * log(u + 1),
    "total-variation": lambda u: abs(u - 1) / 2,
}
"""The functions f of Nowozin 2016, table 1."""


@pytest.mark.parametrize("name", formulas.DIVERGENCES)
@pytest.mark.parametrize("ratio", [0.4, 2.5])
def test_the_printed_conjugate_belongs_to_the_divergence(name: str, ratio: float):
    """f(u) is the largest value of t u - f*(t) over the range of the activation (Nowozin 2016, equation 3)."""
    activation, conjugate = (parse(tex) for tex in formulas.DIVERGENCES[name])
    reached = []
    for n in range(-240, 240):
        t = value(activation, {"v": n / 20})
        reached.append(t * ratio - value(conjugate, {"t": t}))
    assert isclose(max(reached), GENERATORS[name](ratio), rel_tol=2e-3, abs_tol=2e-3)
