"""Contact sheets of the rendered sources: ``python tests/screenshots/rendered.py OUT_FOLDER [SOURCE ...]``.

Every source at 32, 64 and 256 px, at fixed seeds, with the captions of the largest beside it as text.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from ganstudio.catalog.rendered import RENDERED
from ganstudio.core.schema import Options
from ganstudio.data import load, make_feed
from ganstudio.data.rendered import RenderedFeed
from ganstudio.engine.gallery import to_images
from ganstudio.engine.pictures import grid, save_png

SHEETS = {32: (96, 3), 64: (48, 2), 256: (12, 1)}
"""Resolution -> how many pictures, and how many screen pixels each of theirs takes."""


def sheet(options: Options, count: int, scale: int, path: Path) -> list[str]:
    """Write one sheet; gives the captions."""
    feed = make_feed(load(options), "cpu", seed=0)
    assert isinstance(feed, RenderedFeed)
    pictures, _ = feed.batch(0, count)
    shown = feed.to_display(pictures).repeat_interleave(scale, 2).repeat_interleave(scale, 3)
    save_png(path, grid(to_images(shown)), {})
    return feed.captions(0, count)


def main() -> None:
    """Write the sheets that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("sources", nargs="*", metavar="SOURCE")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(2)
    for cls in RENDERED:
        if chosen.sources and cls.kind not in chosen.sources:
            continue
        for resolution, (count, scale) in SHEETS.items():
            path = chosen.folder / f"{cls.kind}-{resolution}.png"
            captions = sheet(cls(resolution=resolution), count, scale, path)
            print(path)
        path.with_suffix(".txt").write_text("\n".join(captions) + "\n", "utf-8")


if __name__ == "__main__":
    main()
