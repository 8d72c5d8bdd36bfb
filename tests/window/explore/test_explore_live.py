"""The Explore workspace over the real engine: a run is explored while it trains, and its file restores the picture."""

from __future__ import annotations

from support.explored import saved

from ganstudio.core.explore.recipe import Recipe, Seed
from ganstudio.window.widgets.saving import SaveDialog


def test_a_run_is_explored_while_it_trains(studio):
    studio.start()
    studio.do("workspace.explore")
    space = studio.window.switcher.explore
    studio.until(lambda: space.explorer.opened is not None)
    assert space.explorer.model.live and "live" in space.column.model.card.caption.text()
    studio.until(lambda: not space.stage.one.picture.image().isNull())
    seen = space.explorer.opened.step
    studio.until(lambda: space.explorer.opened.step > seen)
    studio.do("run.stop")


def test_a_saved_picture_restores_its_recipe(studio, tmp_path, monkeypatch):
    _, model = saved("dcgan", tmp_path / "run")
    studio.do("workspace.explore")
    space = studio.window.switcher.explore
    space.open_model(model)
    studio.until(lambda: space.explorer.opened is not None)
    wanted = Recipe(Seed(12), psi=0.5)
    space.explorer.change(wanted, "Seed 12")
    path = tmp_path / "picture.png"
    monkeypatch.setattr(SaveDialog, "ask", lambda *_: path)
    studio.do("explore.save-picture")
    studio.until(path.exists)
    studio.do("edit.undo")
    studio.window.opener.open_path(path)
    studio.until(lambda: space.explorer.recipe == wanted and space.shown == wanted)
    column = space.column.directions
    column.find("sefa")
    studio.until(lambda: bool(column.sliders))
    column.sliders[0].dial.slider.setValue(150)
    studio.until(lambda: space.shown == space.explorer.recipe and bool(space.shown.moves))
    assert space.stage.one.picture.image().width() == 8
