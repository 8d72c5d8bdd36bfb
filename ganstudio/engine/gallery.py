"""What a run shows of its samples: a grid of pictures, or clouds of points."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ganstudio.core.messages import Cloud, Density, Picture, RealSamples, Report
from ganstudio.core.runs import RunFolder
from ganstudio.data import Feed, PointFeed, PointSource
from ganstudio.engine.pictures import draw_points, grid, save_png, save_points
from ganstudio.latent.sheet import Sheet, sheet
from ganstudio.training.trainer import Trainer

POINTS_PER_CELL = 16


class Gallery(Protocol):
    """Shows samples of the averaged generator at seeds 0, 1, 2, ..."""

    def show(self, step: int, saved: bool) -> Report:
        """The samples now, as a report."""
        ...

    def save(self, run: RunFolder, step: int) -> Report:
        """The samples now, written into the run's folder and as a report; raises ``OSError``."""
        ...

    def context(self) -> list[Report]:
        """What stays the same: real samples, exact densities."""
        ...


class ImageGallery:
    """Pictures as uint8 (N, H, W, C)."""

    def __init__(self, trainer: Trainer, feed: Feed) -> None:
        self.trainer, self.feed = trainer, feed
        way = trainer.rules.way
        self.sheet = sheet(trainer.config.samples.count, way.kinds)
        self.rows = row_names(self.sheet, feed.class_names if way.from_data else ())

    def images(self) -> NDArray[np.uint8]:
        """The grid at fixed seeds."""
        return to_images(self.feed.to_display(self.trainer.sample(self.sheet.seeds, self.sheet.labels)))

    def picture(self, step: int, saved: bool) -> Picture:
        """The pictures now, in their layout."""
        return Picture(step, self.images(), saved, self.sheet.columns, self.rows)

    def show(self, step: int, saved: bool) -> Picture:
        """The pictures now."""
        return self.picture(step, saved)

    def save(self, run: RunFolder, step: int) -> Picture:
        """The pictures now, kept as PNG."""
        picture = self.picture(step, saved=True)
        recipe = sheet_recipe(self.trainer.config.name, picture)
        save_png(run.sample_path(step), grid(picture.images, columns=picture.columns), recipe)
        return picture

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

    def points(self, x: Tensor) -> NDArray[np.float32]:
        """Network values as points."""
        return self.feed.to_display(x).cpu().numpy()

    def show(self, step: int, saved: bool) -> Cloud:
        """The points now."""
        return Cloud(step, self.points(self.trainer.sample(range(self.count))), self.real, saved)

    def save(self, run: RunFolder, step: int) -> Cloud:
        """The points now, kept as safetensors and as a plain picture."""
        cloud = self.show(step, saved=True)
        save_points(run.points_path(step), cloud.generated, cloud.real)
        save_png(run.sample_path(step), draw_points(cloud.generated, cloud.real, self.source.view))
        return cloud

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
