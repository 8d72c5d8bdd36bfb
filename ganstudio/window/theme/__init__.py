"""The look: tokens, palette, style sheet, fonts and icons, behind one object that says when they change."""

from __future__ import annotations

from ganstudio.window.theme.icons import icon, pixmap
from ganstudio.window.theme.manager import Theme, theme
from ganstudio.window.theme.tokens import DARK, LIGHT, THEMES, Tokens

__all__ = ["DARK", "LIGHT", "THEMES", "Theme", "Tokens", "icon", "pixmap", "theme"]
