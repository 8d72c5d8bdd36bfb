"""What can be done in the Explore workspace as a table, and who does it: one method for each id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ganstudio.core.explore.recipe import Recipe, Seed
from ganstudio.window.explore import edits

if TYPE_CHECKING:
    from ganstudio.window.workspaces.explore import ExploreWorkspace


class Verbs:
    """The actions whose ids begin with "explore."."""

    def __init__(self, workspace: ExploreWorkspace) -> None:
        self._space = workspace

    def perform(self, id: str) -> None:
        """Do the action with an id."""
        name = id.removeprefix("explore.").replace("-", "_")
        if name.startswith("view_"):
            self._space.stage.set_view(name.removeprefix("view_"))
        else:
            getattr(self, name)()

    def open(self) -> None:
        """The menu of runs."""
        self._space.column.model.choose()

    def next(self) -> None:
        """The next seed."""
        self._space.column.where.step_on()

    def previous(self) -> None:
        """The seed before."""
        self._space.column.where.step_back()

    def random(self) -> None:
        """Any seed."""
        self._space.column.where.draw()

    def lock(self) -> None:
        """Keep the seed, or let it go."""
        self._space.column.where.lock.toggle()

    def walk(self) -> None:
        """Wander, or stand still."""
        self._space.column.where.walk.toggle()

    def plain(self) -> None:
        """The seed alone: no truncation, no direction, no mixture."""
        explorer = self._space.explorer
        explorer.change(Recipe(Seed(edits.base_seed(explorer.recipe.place))), "The seed alone")

    def pin(self) -> None:
        """Pin the recipe's time-lapse, or let it go."""
        self._space.lapse.toggle()

    def play(self) -> None:
        """Play the timeline, or stop."""
        self._space.player.toggle()

    def add_key(self) -> None:
        """One key more."""
        self._space.timeline.add_key()

    def save_picture(self) -> None:
        """The picture as PNG."""
        self._space.home.save_picture()

    def save_strip(self) -> None:
        """The timeline as a strip."""
        self._space.home.save_strip()

    def save_matrix(self) -> None:
        """The mixing matrix as PNG."""
        self._space.home.save_matrix()

    def save_film(self) -> None:
        """The film dialog."""
        self._space.home.save_film()

    def save_latents(self) -> None:
        """The recipe as JSON."""
        self._space.home.save_latents()

    def split(self) -> None:
        """Lerp and slerp, one below the other."""
        card = self._space.timeline
        if card.split.isEnabled():
            card.split.toggle()
        else:
            self._space.told.emit(card.split.toolTip())

    def learn(self) -> None:
        """The dialog in which samples are marked."""
        self._space.learn()

    def open_direction(self) -> None:
        """Ask for the file of a direction."""
        self._space.column.directions.ask_file()

    def noise_map(self) -> None:
        """Where the noise matters."""
        self._space.show_noise()

    def find_sefa(self) -> None:
        """Directions by SeFa."""
        self._space.column.directions.find("sefa")

    def find_pca(self) -> None:
        """Directions by PCA."""
        self._space.column.directions.find("pca")
