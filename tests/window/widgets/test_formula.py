"""Typeset formulas: sizes, places, line breaks, both themes, words for screen readers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from ganstudio.catalog import formulas
from ganstudio.window.model.tex import parse
from ganstudio.window.theme import DARK, LIGHT, theme
from ganstudio.window.widgets.formula import INDENT, FormulaView
from ganstudio.window.widgets.typeset import layout, lines_of, row_boxes, script_size

LONG = formulas.OBJECTIVES["hinge"][0].tex
ALL = [
    f.tex for table in (formulas.OBJECTIVES, formulas.STABILIZERS) for found in table.values() for f in found
]


def box(tex: str, size: int = 16):
    return layout(parse(tex), size)


def test_scripts_are_smaller_and_lie_above_and_below(qapp):
    base, both = box("x"), box("x_i^2")
    sub, sup = (next(p for p in both.pieces if p.text == text) for text in ("i", "2"))
    assert sub.y > 0 > sup.y
    assert sub.font.pixelSize() == sup.font.pixelSize() == script_size(16) < 16
    assert both.width > base.width and both.ascent > base.ascent and both.descent > base.descent


def test_a_fraction_is_as_wide_as_its_wider_part_and_centres_the_other(qapp):
    made = box(r"\frac{1}{a+b+c}")
    one = next(p for p in made.pieces if p.text == "1")
    line = next(p for p in made.pieces if p.lines)
    middle = made.width / 2
    assert abs(one.x + box("1").width / 2 - middle) < 0.6
    assert abs(sum(line.lines[0][::2]) / 2 - middle) < 0.6
    assert made.width > box("a+b+c").width and made.height > 2 * box("1").height * 0.9


def test_fences_grow_with_what_they_hold(qapp):
    low, tall = box(r"\left( a \right)"), box(r"\left( \frac{a}{b} \right)")
    assert low.pieces[0].stretch < tall.pieces[0].stretch
    assert box(r"\norm{\frac{a}{b}}").height > box(r"\norm{a}").height


def test_a_sum_has_its_limits_below_and_above(qapp):
    made = box(r"\sum_{i=1}^{n} x")
    sign = next(p for p in made.pieces if p.text == "∑")
    lower, upper = (next(p for p in made.pieces if p.text == text) for text in ("1", "n"))
    assert upper.y < sign.y < lower.y
    assert lower.x < box(r"\sum_{i=1}^{n}").width


def test_operators_have_room_but_signs_have_not(qapp):
    assert box("a - b").width > box("a").width + box("-").width + box("b").width + 3
    assert abs(box("-b").width - box("-").width - box("b").width) < 0.6


@given(st.sampled_from(ALL), st.integers(10, 40))
def test_larger_letters_make_a_larger_formula(tex: str, size: int):
    small, large = box(tex, size), box(tex, size * 2)
    assert large.width > small.width * 1.6 and large.height > small.height * 1.4


@given(st.sampled_from(ALL), st.integers(60, 700))
def test_lines_fit_where_they_can_be_broken_and_lose_nothing(tex: str, width: int):
    boxes = row_boxes(parse(tex).nodes, 16)
    lines = lines_of(boxes, width, INDENT)
    assert sum(len(line.pieces) for line in lines) == sum(len(b.pieces) for b in boxes)
    widest = max(line.width for line in lines_of(boxes, 1, INDENT))
    assert all(line.width <= max(width, widest) + 0.01 for line in lines)


def test_a_narrow_view_is_taller(qtbot: QtBot):
    view = FormulaView(LONG)
    qtbot.addWidget(view)
    assert view.heightForWidth(view.sizeHint().width()) == view.sizeHint().height()
    assert view.heightForWidth(200) >= 2 * view.sizeHint().height() * 0.9
    assert view.minimumSizeHint().width() < view.sizeHint().width()


def test_it_is_read_in_words(qtbot: QtBot):
    view = FormulaView(r"\max(0, 1 - x)")
    qtbot.addWidget(view)
    assert view.accessibleName() == "maximum open bracket 0, 1 minus x close bracket" == view.toolTip()


@pytest.mark.parametrize(
    "tex", [LONG, r"\sqrt{\frac{a}{b}} \hat x \tilde y \bar z \left( \frac{c}{d} \right)"]
)
def test_it_is_painted_in_the_themes_own_colour(qtbot: QtBot, colours, tex: str):
    view = FormulaView(tex)
    qtbot.addWidget(view)
    view.resize(500, 80)
    view.show()
    assert DARK["text"] in colours(view)
    theme().set_mode("light")
    seen = colours(view)
    assert LIGHT["text"] in seen and DARK["text"] not in seen
    view.close()
