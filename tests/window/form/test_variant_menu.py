"""The variant menu: groups, search, cards with typeset formulas, the paper's address, taking by key and button."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from support.plain import PLAIN

from ganstudio.catalog.formulas import formulas_of_variant
from ganstudio.catalog.variants import VARIANTS
from ganstudio.window.dialogs.chooser import ENTRY, Entry, fitting
from ganstudio.window.form.draft import draft_of
from ganstudio.window.form.variant_menu import GROUPS, VariantCard, VariantMenu, entries, variants_in_order
from ganstudio.window.papers import address
from ganstudio.window.widgets.formula import FormulaView

DIGITS = draft_of(PLAIN)


@pytest.fixture
def menu(form) -> VariantMenu:
    QTest.keyClick(form.variant, Qt.Key.Key_Return)
    return form.findChildren(VariantMenu)[0]


def row_of(menu: VariantMenu, name: str) -> int:
    data = [menu.list.item(row).data(ENTRY) for row in range(menu.list.count())]
    return next(row for row, entry in enumerate(data) if isinstance(entry, Entry) and entry.id == name)


def test_every_variant_stands_in_a_known_group_in_order():
    assert {variant.group for variant in VARIANTS.values()} <= set(GROUPS)
    places = [GROUPS.index(variant.group) for variant in variants_in_order()]
    assert places == sorted(places) and len(places) == len(VARIANTS)


@pytest.mark.parametrize("typed", ["dcgan", "2015", "1511.06434", "convolutions keeps steady"])
def test_search_finds_by_name_year_paper_and_idea(typed: str):
    assert "dcgan" in [entry.id for entry in fitting(typed, entries(DIGITS))]


def test_the_best_name_comes_first_and_nonsense_finds_nothing():
    assert fitting("dcgan", entries(DIGITS))[0].id == "dcgan"
    assert not fitting("qqqzzz", entries(DIGITS))


@pytest.mark.parametrize(
    ("paper", "place"),
    [
        ("arXiv:1406.2661", "https://arxiv.org/abs/1406.2661"),
        ("OpenReview rkmu5b0a-", "https://openreview.net/forum?id=rkmu5b0a-"),
        ("torch.ch/blog/2015/11/13/gan.html", "https://torch.ch/blog/2015/11/13/gan.html"),
        ("https://example.org/x", "https://example.org/x"),
        ("a talk, 2014", ""),
    ],
)
def test_the_address_of_a_paper(paper: str, place: str):
    assert address(paper) == place


def test_every_variants_paper_has_an_address():
    assert all(address(variant.paper) for variant in VARIANTS.values())


@pytest.mark.parametrize("name", VARIANTS)
def test_every_card_shows_its_idea_its_formulas_and_its_traps(qtbot, name: str):
    card = VariantCard()
    qtbot.addWidget(card)
    card.show_variant(name)
    variant = VARIANTS[name]
    shown = {label.text() for label in card.widget().findChildren(QLabel)}
    assert {variant.title, variant.idea, variant.watch, variant.pitfalls} <= shown
    assert len(card.findChildren(FormulaView)) == len(formulas_of_variant(variant))


def test_the_menu_opens_at_the_chosen_variant_with_its_card(menu):
    assert menu.list.currentItem().data(ENTRY).id == "dcgan"
    assert menu.card.variant is VARIANTS["dcgan"]


def test_arrows_walk_through_the_cards_and_enter_takes(form, menu):
    menu.list.setCurrentRow(row_of(menu, "gan"))
    assert menu.card.variant is VARIANTS["gan"]
    QTest.keyClick(menu.search, Qt.Key.Key_Return)
    assert form.model.draft.variant == "gan"


def test_a_click_only_shows_the_card_and_its_button_takes(form, menu):
    item = menu.list.item(row_of(menu, "gan"))
    menu.list.itemClicked.emit(item)
    assert form.model.draft.variant == "dcgan" and menu.card.variant is VARIANTS["gan"]
    QTest.mouseClick(menu.card.take, Qt.MouseButton.LeftButton)
    assert form.model.draft.variant == "gan"


def test_the_paper_opens_in_the_browser(menu, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()) or True)
    QTest.mouseClick(menu.card.paper, Qt.MouseButton.LeftButton)
    assert opened == ["https://arxiv.org/abs/1511.06434"]
