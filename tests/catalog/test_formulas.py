"""Formulas: every loss has one for either player, and those of a variant are those of its parts."""

from __future__ import annotations

import pytest

from ganstudio.catalog.conditioning import CONDITIONINGS
from ganstudio.catalog.formulas import CONDITIONINGS as OF_CONDITIONING
from ganstudio.catalog.formulas import DIVERGENCES, Formula, formulas_of, formulas_of_variant
from ganstudio.catalog.formulas import OBJECTIVES as OF_OBJECTIVE
from ganstudio.catalog.formulas import STABILIZERS as OF_STABILIZER
from ganstudio.catalog.objectives import OBJECTIVES
from ganstudio.catalog.stabilizers import STABILIZERS
from ganstudio.catalog.variants import VARIANTS

ALL = [
    (kind, formula)
    for table in (OF_OBJECTIVE, OF_CONDITIONING, OF_STABILIZER)
    for kind, formulas in table.items()
    for formula in formulas
]


@pytest.mark.parametrize("kind", OBJECTIVES)
def test_every_loss_has_a_formula_for_either_player(kind: str):
    names = [formula.name for formula in formulas_of(OBJECTIVES[kind]())]
    assert names[0] == "Discriminator" and any(name.startswith("Generator") for name in names)


@pytest.mark.parametrize("kind", CONDITIONINGS)
def test_every_way_of_conditioning_is_in_the_table(kind: str):
    assert kind in OF_CONDITIONING and bool(formulas_of(CONDITIONINGS[kind]())) is (kind != "nothing")


def test_every_penalty_has_a_formula_and_no_formula_is_for_nothing():
    penalties = {kind for kind, cls in STABILIZERS.items() if getattr(cls, "group", "") == "Penalties"}
    assert penalties and penalties <= set(OF_STABILIZER)
    assert set(OF_OBJECTIVE) == set(OBJECTIVES) and set(OF_CONDITIONING) == set(CONDITIONINGS)


@pytest.mark.parametrize(("kind", "formula"), ALL, ids=lambda value: value if isinstance(value, str) else "")
def test_a_formulas_braces_and_brackets_match(kind: str, formula: Formula):
    assert formula.tex.count("{") == formula.tex.count("}"), kind
    for one, other in ("()", "[]"):
        assert formula.tex.count(one) == formula.tex.count(other), kind


def test_a_variants_card_shows_the_formulas_of_its_parts():
    shown = formulas_of_variant(VARIANTS["gan"])
    assert [part for part, _ in shown] == ["Non-saturating", "Non-saturating"]
    assert shown[1][1].tex == r"L_G = -\E_z[\log D(G(z))]"


def test_the_chosen_divergence_adds_its_own_lines():
    kl, pearson = (
        formulas_of(OBJECTIVES["f-divergence"](divergence=name))  # type: ignore[call-arg]
        for name in ("kl", "pearson")
    )
    assert kl[-1].tex == r"f^\ast(t) = e^{t - 1}" and pearson[-1].tex != kl[-1].tex
    divergence = next(
        f for f in OBJECTIVES["f-divergence"].__dataclass_fields__.values() if f.name == "divergence"
    )
    assert set(divergence.metadata["option"].choices) == set(DIVERGENCES)
