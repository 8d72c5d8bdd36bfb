"""What a run shows of its samples: a grid of pictures, or clouds of points."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganstudio.core.messages import Cloud, Density, Look, Picture, RealSamples, Report
from ganstudio.core.runs import RunFolder
from ganstudio.data import Feed, PointFeed, PointSource
from ganstudio.engine.pictures import draw_points, grid, save_png, save_points
from ganstudio.latent.looking import problem, with_codes
from ganstudio.latent.sheet import Sheet, sheet
from ganstudio.training.streams import labels_for, latents_for
from ganstudio.training.trainer import Trainer

POINTS_PER_CELL = 16
AS_DRAWN = Look()
"""Codes and labels as they were drawn."""


class Gallery(Protocol):
    """Shows samples of the averaged generator at seeds 0, 1, 2, ..."""

    def show(self, step: int, saved: bool) -> Report:
        """The samples now, as a report."""
        ...

    def save(self, run: RunFolder, step: int) -> Report:
        """The samples now, written into the run's folder; the report shows what is looked at. Raises ``OSError``."""
        ...

    def look(self, wish: Look) -> str:
        """Show samples with codes or a label set from now on; the reason in one sentence where that cannot be."""
        ...

    def context(self) -> list[Report]:
        """What stays the same: real samples, exact densities."""
        ...


class ImageGallery:
    """Pictures as uint8 (N, H, W, C)."""

    def __init__(self, trainer: Trainer, feed: Feed) -> None:
        self.trainer, self.feed = trainer, feed
        self.wish = AS_DRAWN

    def picture(self, step: int, saved: bool, wish: Look) -> Picture:
        """The pictures now, in their layout."""
        trainer, way = self.trainer, self.trainer.rules.way
        layout = sheet(trainer.config.samples.count, way.kinds, label=wish.label)
        names = row_names(layout, self.feed.class_names if way.from_data else ())
        images = to_images(self.feed.to_display(samples(trainer, layout, wish)))
        return Picture(step, images, saved, layout.columns, names)

    def show(self, step: int, saved: bool) -> Picture:
        """The pictures now."""
        return self.picture(step, saved, self.wish)

    def save(self, run: RunFolder, step: int) -> Picture:
        """The pictures now, kept as PNG."""
        picture = self.picture(step, True, AS_DRAWN)
        recipe = sheet_recipe(self.trainer.config.name, picture)
        save_png(run.sample_path(step), grid(picture.images, columns=picture.columns), recipe)
        return picture if self.wish == AS_DRAWN else self.show(step, saved=True)

    def look(self, wish: Look) -> str:
        """From now on so, if that can be."""
        reason = problem(wish, self.trainer.config.latent, self.trainer.rules.way.kinds)
        self.wish = self.wish if reason else wish
        return reason

    def context(self) -> list[Report]:
        """As many real pictures."""
        real, _ = self.feed.batch(0, self.trainer.config.samples.count)
        return [RealSamples(to_images(self.feed.to_display(real)))]


class PointGallery:
    """Points as float32 (N, D) in the data's own units."""

    def __init__(self, trainer: Trainer, feed: PointFeed) -> None:
        self.trainer, self.feed, self.source = trainer, feed, feed.source
        self.count = trainer.config.samples.count * POINTS_PER_CELL
        self.real = self.points(feed.batch(0, self.count)[0])
        self.wish = AS_DRAWN

    def points(self, x: Tensor) -> NDArray[np.float32]:
        """Network values as points."""
        return self.feed.to_display(x).cpu().numpy()

    def cloud(self, step: int, saved: bool, wish: Look) -> Cloud:
        """The points now, each seed with a label of its own unless one is wished for."""
        labels = None if wish.label is None else torch.full((self.count,), wish.label)
        layout = Sheet(tuple(range(self.count)), labels)
        return Cloud(step, self.points(samples(self.trainer, layout, wish)), self.real, saved)

    def show(self, step: int, saved: bool) -> Cloud:
        """The points now."""
        return self.cloud(step, saved, self.wish)

    def save(self, run: RunFolder, step: int) -> Cloud:
        """The points now, kept as safetensors and as a plain picture."""
        cloud = self.cloud(step, True, AS_DRAWN)
        save_points(run.points_path(step), cloud.generated, cloud.real)
        save_png(run.sample_path(step), draw_points(cloud.generated, cloud.real, self.source.view))
        return cloud if self.wish == AS_DRAWN else self.show(step, saved=True)

    def look(self, wish: Look) -> str:
        """From now on so, if that can be."""
        reason = problem(wish, self.trainer.config.latent, self.trainer.rules.way.kinds)
        self.wish = self.wish if reason else wish
        return reason

    def context(self) -> list[Report]:
        """Real points, and the exact density where the data is a line."""
        reports: list[Report] = [RealSamples(self.real)]
        density = exact_density(self.source)
        return [*reports, density] if density is not None else reports


def make_gallery(trainer: Trainer) -> Gallery:
    """The gallery that suits the data."""
    feed: Any = trainer.feed
    if feed.shape.kind == "image":
        return ImageGallery(trainer, feed)
    return PointGallery(trainer, feed)


def samples(trainer: Trainer, layout: Sheet, wish: Look) -> Tensor:
    """The averaged generator's samples (N, *size) for a layout, with the codes that are wished for."""
    labels = labels_for(layout.seeds, trainer.rules.way.kinds) if layout.labels is None else layout.labels
    z = latents_for(layout.seeds, trainer.config.latent)
    return trainer.render(with_codes(z, wish.codes, trainer.config.latent), labels)


def row_names(layout: Sheet, class_names: tuple[str, ...]) -> tuple[str, ...]:
    """What to call the rows of a grid: the classes' names, or their numbers."""
    return tuple(class_names[row] if row < len(class_names) else str(row + 1) for row in layout.rows)


def to_images(pixels: Tensor) -> NDArray[np.uint8]:
    """uint8 (N, C, H, W) as a numpy array (N, H, W, C)."""
    return np.ascontiguousarray(pixels.permute(0, 2, 3, 1).cpu().numpy())


def sheet_recipe(name: str, picture: Picture) -> dict[str, Any]:
    """What remakes a sample grid; goes into the PNG's metadata."""
    count, height, width, _ = picture.images.shape
    recipe: dict[str, Any] = {
        "kind": "samples", "run": name, "step": picture.step, "seed": 0, "count": count,
        "height": height, "width": width, "scale": 1,
    }  # fmt: skip
    return recipe | {"columns": picture.columns, "rows": list(picture.rows)} if picture.columns else recipe


def exact_density(source: PointSource, points: int = 400) -> Density | None:
    """The density of one-dimensional data over its view, where it is known."""
    if source.dimension != 1:
        return None
    x = torch.linspace(*source.view, points)
    logarithm = source.log_density(x[:, None])
    if logarithm is None:
        return None
    return Density(x.numpy(), logarithm.exp().float().numpy())
