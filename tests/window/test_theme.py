"""The look: contrast, completeness, switching, following the system."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from ganstudio.window.theme import DARK, LIGHT, THEMES, Theme, icon, theme
from ganstudio.window.theme.icons import svg_of
from ganstudio.window.theme.palette import palette_of
from ganstudio.window.theme.style import set_role, style_sheet
from ganstudio.window.theme.tokens import contrast, mix

SURFACES = ("window", "panel", "card")
READ_ON = {
    "text": (*SURFACES, "field", "button", "hover", "pressed", "selection", "tip"),
    "muted": (*SURFACES, "field", "tip"),
    "axis": ("card", "panel"),
    "accent-text": SURFACES,
    "on-accent": ("accent", "accent-hover", "accent-pressed"),
}


@pytest.mark.parametrize("name", THEMES)
def test_text_can_be_read(name: str) -> None:
    tokens = THEMES[name]
    pairs = [(ink, ground) for ink, grounds in READ_ON.items() for ground in grounds]
    assert len(pairs) > 20
    assert [pair for pair in pairs if contrast(tokens[pair[0]], tokens[pair[1]]) < 4.5] == []


@pytest.mark.parametrize("name", THEMES)
def test_what_is_drawn_can_be_seen(name: str) -> None:
    """3:1 for curves, marks and frames (WCAG 2.2, 1.4.11)."""
    drawn = (
        "generator",
        "discriminator",
        "real",
        "accent",
        "warning",
        "focus",
        *(f"run-{i}" for i in range(1, 9)),
    )
    assert [t for t in drawn if contrast(THEMES[name][t], THEMES[name]["card"]) < 3] == []


def test_contrast_is_the_published_ratio() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert mix("#ffffff", "#000000", 0.5) == "#808080"


def test_both_themes_have_the_same_tokens() -> None:
    assert DARK.keys() == LIGHT.keys()
    assert all(
        re.fullmatch("#[0-9a-f]{6}", colour) for tokens in THEMES.values() for colour in tokens.values()
    )


@pytest.mark.parametrize("name", THEMES)
def test_every_colour_of_the_style_sheet_is_a_token(name: str, qapp: QApplication) -> None:
    sheet = style_sheet(THEMES[name])
    plain = re.sub(r'url\("[^"]*"\)', "", sheet)
    assert set(re.findall("#[0-9a-fA-F]{6}", plain)) <= set(THEMES[name].values())
    assert "$" not in sheet


@pytest.mark.parametrize("name", THEMES)
def test_qts_own_file_dialog_shows_its_buttons(name: str, qtbot: QtBot) -> None:
    """Used where the system has none; its buttons are too small for the padding of others, and their icons black."""
    theme().set_mode(name)
    dialog = QFileDialog(options=QFileDialog.Option.DontUseNativeDialog)
    qtbot.addWidget(dialog)
    dialog.show()
    for button in dialog.findChildren(QToolButton):
        button.setEnabled(True)
        shown = button.grab().toImage()
        colours = [shown.pixelColor(x, y).name() for x in range(shown.width()) for y in range(shown.height())]
        seen = [colour for colour in colours if contrast(colour, shown.pixelColor(3, 12).name()) > 2.5]
        assert len(seen) >= 10, button.objectName()


@pytest.mark.parametrize("name", THEMES)
def test_the_palette_comes_from_the_tokens(name: str) -> None:
    palette, tokens = palette_of(THEMES[name]), THEMES[name]
    assert palette.color(QPalette.ColorRole.Window).name() == tokens["panel"]
    assert palette.color(QPalette.ColorRole.Highlight).name() == tokens["accent"]
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert disabled.name() == tokens["disabled"]


def test_an_unknown_mode_or_token_is_an_error() -> None:
    with pytest.raises(ValueError, match="sepia"):
        theme().set_mode("sepia")
    with pytest.raises(KeyError):
        theme().color("mauve")
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon")


def test_it_follows_the_system_unless_told_otherwise(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, scheme = Theme(), [Qt.ColorScheme.Light]
    hints = qapp.styleHints()
    monkeypatch.setattr(type(hints), "colorScheme", lambda _self: scheme[0])
    seen: list[str] = []
    own.changed.connect(lambda: seen.append(own.name))
    own._system_changed(Qt.ColorScheme.Light)
    assert own.name == "light"
    scheme[0] = Qt.ColorScheme.Dark
    own._system_changed(Qt.ColorScheme.Dark)
    own.set_mode("light")
    own._system_changed(Qt.ColorScheme.Dark)
    assert own.name == "light"
    own.set_mode("system")
    assert seen == ["light", "dark", "light", "dark"]


def test_the_fonts_are_as_the_look_asks(qapp: QApplication) -> None:
    assert theme().font().pixelSize() == 13
    dots = qapp.primaryScreen().logicalDotsPerInch()
    assert theme().font("caption").pointSizeF() * dots / 72 == pytest.approx(11.5, abs=0.1)
    assert theme().font("title").weight() > theme().font().weight()


def test_icons_are_drawn_in_the_colour_of_the_theme(qapp: QApplication) -> None:
    assert "currentColor" in svg_of("play")
    drawn = icon("play", "generator")
    for mode in ("dark", "light"):
        theme().set_mode(mode)
        image = drawn.pixmap(16, 16).toImage()
        assert image.pixelColor(6, 8).name() == THEMES[mode]["generator"]


def test_switching_leaves_nothing_in_the_old_colours(qtbot: QtBot, qapp: QApplication) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    set_role(widget, "panel")
    layout = QVBoxLayout(widget)
    primary, box = QPushButton("Start"), QComboBox()
    set_role(primary, "primary")
    box.addItems(["one", "two"])
    for part in (QLabel("Words"), QLineEdit("0.5"), QPushButton("Stop"), primary, box):
        layout.addWidget(part)
    theme().set_mode("dark")
    widget.show()
    for old, new in ((DARK, LIGHT), (LIGHT, DARK)):
        theme().set_mode("light" if new is LIGHT else "dark")
        qapp.processEvents()
        image = widget.grab().toImage()
        seen = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
        assert new["panel"] in seen
        assert new["accent"] in seen
        assert not seen & (set(old.values()) - set(new.values())), "old colours are left"
    widget.close()
