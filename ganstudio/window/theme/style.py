"""The one style sheet, made from the tokens.

What a widget says about itself, as dynamic property ``role`` (use :func:`set_role`):

- QPushButton: "primary" (the main action), "quiet" (no frame until hovered), "link".
- QToolButton: "quiet", "tool" (a bare icon of fixed size), "rail".
- QLabel: "heading", "title", "caption", "figure", "warning".
- QWidget as a surface: "card", "panel", "bar" (tool bar and status strip), "window".
- QLineEdit, QAbstractSpinBox, QComboBox: ``invalid`` set to true draws the frame in the warning colour.
"""

from __future__ import annotations

from string import Template

from PySide6.QtWidgets import QWidget

from ganstudio.window.theme.icons import icon_file
from ganstudio.window.theme.tokens import Tokens

ICONS = (
    "chevron-up",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "folder-new",
    "view-list",
    "view-details",
)
"""What the sheet draws with; ``$chevron_up`` stands for the file in the theme's colour."""

_SHEET = Template("""
QToolTip { background: $tip; color: $text; border: 1px solid $line; padding: 4px 6px; }
QMainWindow, QDialog, QWidget[role="window"] { background: $window; }
QMainWindow::separator { background: $window; width: 6px; height: 6px; }
QMainWindow::separator:hover { background: $accent; }
QWidget[role="panel"] { background: $panel; }
QFrame[role="card"] { background: $card; border: 1px solid $line; border-radius: 8px; }
QWidget[role="bar"] { background: $panel; }
QToolBar { background: $panel; border: none; border-bottom: 1px solid $line; spacing: 8px; padding: 6px 12px; }
QStatusBar { background: $panel; border-top: 1px solid $line; color: $muted; }
QStatusBar::item { border: none; }
QDockWidget { titlebar-close-icon: none; titlebar-normal-icon: none; }
QDockWidget::title { background: $panel; padding: 6px 12px; }
QDockWidget > QWidget { background: $window; }

QLabel { background: transparent; }
QLabel[role="caption"] { color: $muted; }
QLabel[role="warning"] { color: $warning; }
QLabel:disabled { color: $disabled; }

QPushButton, QToolButton, QComboBox {
  background: $button; color: $text; border: 1px solid $line; border-radius: 6px; padding: 4px 10px;
  min-height: 18px;
}
QPushButton:hover, QToolButton:hover, QComboBox:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed, QToolButton:checked, QPushButton:checked { background: $pressed; }
QPushButton:focus, QToolButton:focus, QComboBox:focus { border-color: $focus; }
QPushButton:disabled, QToolButton:disabled, QComboBox:disabled { color: $disabled; background: $panel; }
QPushButton[role="primary"] { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QPushButton[role="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[role="primary"]:pressed { background: $accent_pressed; }
QPushButton[role="primary"]:focus { border-color: $text; }
QPushButton[role="primary"]:disabled { background: $button; color: $disabled; border-color: $line; }
QPushButton[role="quiet"], QToolButton[role="quiet"] { background: transparent; border-color: transparent; }
QPushButton[role="quiet"]:hover, QToolButton[role="quiet"]:hover { background: $hover; }
QPushButton[role="quiet"]:focus, QToolButton[role="quiet"]:focus { border-color: $focus; }
QToolButton[role="quiet"] { padding: 2px 4px; min-height: 16px; }
QToolButton[role="quiet"]:checked { background: $button; }
QToolButton[role="tool"] {
  background: transparent; border: 1px solid transparent; border-radius: 4px; padding: 0; min-height: 0;
}
QToolButton[role="tool"]:hover { background: $hover; }
QToolButton[role="tool"]:focus { border-color: $focus; }
QPushButton[role="link"] {
  background: transparent; border: 1px solid transparent; color: $accent_text; text-align: left; padding: 0 2px;
  min-height: 16px;
}
QPushButton[role="link"]:hover { text-decoration: underline; }
QPushButton[role="link"]:focus { border-color: $focus; }
QPushButton[role="link"]:disabled { color: $disabled; }
QToolButton[role="rail"] {
  background: transparent; color: $muted; border: none; border-left: 3px solid transparent; border-radius: 0;
  padding: 6px 0; min-height: 40px;
}
QToolButton[role="rail"]:hover { color: $text; background: $hover; }
QToolButton[role="rail"]:checked { color: $text; border-left-color: $accent; background: $card; }
QToolButton[role="rail"]:focus { color: $text; border-left-color: $focus; }
QToolButton[role="rail"]:disabled { color: $disabled; }
QToolButton::menu-indicator { image: none; }
QFileDialog QToolButton, QLineEdit QToolButton { padding: 0; min-height: 0; }
QFileDialog {
  backward-icon: url("$chevron_left"); forward-icon: url("$chevron_right");
  filedialog-parent-directory-icon: url("$chevron_up"); filedialog-new-directory-icon: url("$folder_new");
  filedialog-listview-icon: url("$view_list"); filedialog-detailedview-icon: url("$view_details");
}

QPushButton[role="fold"] {
  background: transparent; border: 1px solid transparent; color: $muted; text-align: left; padding: 1px 0;
  min-height: 16px;
}
QPushButton[role="fold"]:hover { color: $text; }
QPushButton[role="fold"]:focus { border-color: $focus; }
QPushButton[role="filter"] { background: transparent; color: $muted; padding: 2px 8px; }
QPushButton[role="filter"]:hover { background: $hover; }
QPushButton[role="filter"]:checked { background: $selection; color: $text; border-color: $accent; }
QFrame[role="choice"] { background: $card; border: 1px solid $line; border-radius: 8px; }
QFrame[role="choice"]:hover, QFrame[role="choice"]:focus { border-color: $focus; }
QFrame[role="choice"]:disabled { background: $panel; border-color: $line; }
QFrame#chooser QListWidget { border: none; background: transparent; }
QFrame#chooser { background: $card; border: 1px solid $line; border-radius: 8px; }
QToolBar#rail { padding: 8px 0; border: none; border-right: 1px solid $line; spacing: 4px; }
QLabel#live { color: $accent_text; }

QLineEdit, QAbstractSpinBox, QPlainTextEdit, QTextEdit {
  background: $field; color: $text; border: 1px solid $line; border-radius: 5px; padding: 2px 6px;
  selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit[role="figure"] { background: transparent; border-color: transparent; }
QLineEdit, QAbstractSpinBox { min-height: 18px; }
QLineEdit:hover, QAbstractSpinBox:hover { border-color: $track; }
QLineEdit:focus, QAbstractSpinBox:focus, QPlainTextEdit:focus, QTextEdit:focus { border-color: $focus; }
QLineEdit:disabled, QAbstractSpinBox:disabled { color: $disabled; background: $panel; }
QLineEdit[invalid="true"], QAbstractSpinBox[invalid="true"], QComboBox[invalid="true"] { border-color: $warning; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; background: transparent; width: 14px; }
QAbstractSpinBox::up-arrow { image: url("$chevron_up"); width: 9px; height: 9px; }
QAbstractSpinBox::down-arrow { image: url("$chevron_down"); width: 9px; height: 9px; }
QAbstractSpinBox[buttonSymbols="NoButtons"]::up-button { width: 0; }
QComboBox { padding-right: 4px; }  /* the arrow has room of its own */
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: url("$chevron_down"); width: 10px; height: 10px; }
QComboBox QAbstractItemView {
  background: $card; color: $text; border: 1px solid $line; outline: none; padding: 4px;
  selection-background-color: $selection; selection-color: $text;
}
QCheckBox, QRadioButton { color: $text; spacing: 8px; background: transparent; }
QCheckBox:disabled, QRadioButton:disabled { color: $disabled; }

QAbstractItemView {
  background: $card; color: $text; border: 1px solid $line; border-radius: 6px; outline: none;
  selection-background-color: $selection; selection-color: $text;
}
QAbstractItemView::item { padding: 4px 6px; }
QAbstractItemView::item:hover { background: $hover; }
QAbstractItemView::item:disabled { color: $disabled; }
QAbstractItemView::item:selected { background: $selection; color: $text; }
QAbstractItemView[role="flush"] { border: none; border-radius: 0; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QHeaderView::section { background: $panel; color: $muted; border: none; padding: 4px 6px; }

QMenuBar { background: $panel; color: $text; border: none; padding: 2px 6px; }
QMenuBar::item { background: transparent; padding: 4px 8px; border-radius: 4px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $hover; }
QMenu { background: $card; color: $text; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 10px; border-radius: 4px; }
QMenu::item:selected { background: $selection; color: $text; }
QMenu::item:disabled { color: $disabled; background: transparent; }
QMenu::separator { height: 1px; background: $line; margin: 4px 6px; }
QMenu::icon { padding-left: 6px; }

QSlider { min-height: 20px; background: transparent; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $track; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent; }
QSlider[actor="generator"]::sub-page:horizontal { background: $generator; }
QSlider[actor="discriminator"]::sub-page:horizontal { background: $discriminator; }
QSlider::handle:horizontal { background: $text; width: 12px; height: 12px; margin: -4px 0; border-radius: 6px; }
QSlider::handle:horizontal:focus { background: $accent; border: 2px solid $text; width: 8px; height: 8px; }
QSlider::sub-page:horizontal:disabled { background: $track; }
QSlider::handle:horizontal:disabled { background: $disabled; }

QProgressBar {
  background: $track; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; color: transparent;
}
QProgressBar::chunk { background: $accent; border-radius: 2px; }

QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget[role="scrolled"] { background: transparent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $track; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $disabled; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: transparent; }
QTabBar::tab { background: transparent; color: $muted; padding: 6px 12px; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:hover { color: $text; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QGroupBox { border: none; margin-top: 18px; }
QGroupBox::title { subcontrol-origin: margin; color: $muted; }
""")


def style_sheet(tokens: Tokens) -> str:
    """The style sheet of a theme."""
    names = {name.replace("-", "_"): value for name, value in tokens.items()}
    drawn = {name.replace("-", "_"): icon_file(name, tokens["muted"]) for name in ICONS}
    return _SHEET.substitute(names | drawn)


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget its role in the style sheet and have it drawn anew."""
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
