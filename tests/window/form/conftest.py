"""The setup form on the screen."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot
from support.plain import PLAIN

from ganstudio.window.form.draft import draft_of
from ganstudio.window.form.model import FormModel
from ganstudio.window.form.setup_form import SetupForm


@pytest.fixture
def form(qtbot: QtBot) -> SetupForm:
    """With plain settings."""
    made = SetupForm(FormModel(draft_of(PLAIN)))
    qtbot.addWidget(made)
    made.resize(300, 900)
    with qtbot.waitExposed(made):
        made.show()
    return made
