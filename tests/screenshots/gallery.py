"""Writes screenshots of the data gallery, in both themes, from real previews: ``gallery.py OUTDIR``.

Works without a display and without a network.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from photographer import HOME, begin, save, settle, themes, until
from PIL import Image

from ganstudio.catalog.datasets import Digits
from ganstudio.window.gallery.dialog import GalleryDialog


def some_pictures(folder: Path) -> Path:
    """A person's folder: three classes, two files that are no pictures."""
    for index, (name, count) in enumerate((("cats", 24), ("dogs", 9), ("rabbits", 15))):
        (folder / name).mkdir(parents=True)
        for number in range(count):
            colour = (80 * index + 4 * number, 200 - 6 * number, 60 + 70 * index)
            Image.new("RGB", (60, 40), colour).save(folder / name / f"{number}.png")
    (folder / "cats" / "holiday photo.jpg").write_bytes(b"\xff\xd8\xff cut short")
    (folder / "dogs" / "empty.png").write_bytes(b"")
    return folder


def main(arguments: list[str]) -> int:
    """Take the pictures."""
    if not arguments:
        print(__doc__)
        return 2
    out = Path(arguments[0])
    begin(out)
    gallery = GalleryDialog(Digits())
    gallery.show()
    pictures = some_pictures(HOME / "my pictures")
    steps: dict[str, Callable[[], None]] = {
        kind: lambda kind=kind: gallery.select(kind)
        for kind in ("digits", "shapes", "stacked-digits", "ring", "cifar10", "celeba", "folder")
    }
    steps["pictures"] = lambda: gallery.take_folder(str(pictures))
    for mode in themes():
        for name, go in steps.items():
            go()
            until(lambda: gallery._wanted is None)
            settle()
            save(gallery, out / f"gallery-{name}-{mode}.png")
    gallery.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
