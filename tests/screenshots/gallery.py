"""Writes screenshots of the data gallery, in both themes, from real previews: ``gallery.py OUTDIR``.

Works without a display and without a network.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
HOME = tempfile.mkdtemp(prefix="ganstudio-gallery-")
SCREEN = {"name": "large", "x": 0, "y": 0, "width": 1920, "height": 1200, "logicalDpi": 96, "dpr": 1}
Path(HOME, "screen.json").write_text(json.dumps({"screens": [SCREEN]}))
os.environ.setdefault("QT_QPA_PLATFORM", f"offscreen:configfile={HOME}/screen.json")
os.environ["GANSTUDIO_CONFIG_HOME"] = f"{HOME}/config"
os.environ["GANSTUDIO_CACHE"] = f"{HOME}/cache"

from ganstudio.window.application import make_application, prepare_environment  # noqa: E402

prepare_environment()

from PIL import Image  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from ganstudio.catalog.datasets import Digits  # noqa: E402
from ganstudio.window.gallery.dialog import GalleryDialog  # noqa: E402
from ganstudio.window.theme import theme  # noqa: E402


def until(app: QApplication, condition: Callable[[], bool], seconds: float = 60) -> None:
    """Run the window until a condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        app.processEvents()
        time.sleep(0.005)


def settle(app: QApplication) -> None:
    """Let the layout come to rest."""
    end = time.monotonic() + 0.3
    until(app, lambda: time.monotonic() > end)


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
    app, out = make_application(), Path(arguments[0])
    out.mkdir(parents=True, exist_ok=True)
    gallery = GalleryDialog(Digits())
    gallery.show()
    pictures = some_pictures(Path(HOME, "my pictures"))
    steps: dict[str, Callable[[], None]] = {
        kind: lambda kind=kind: gallery.select(kind)
        for kind in ("digits", "shapes", "stacked-digits", "ring", "cifar10", "celeba", "folder")
    }
    steps["pictures"] = lambda: gallery.take_folder(str(pictures))
    for mode in ("dark", "light"):
        theme().set_mode(mode)
        for name, go in steps.items():
            go()
            until(app, lambda: gallery._wanted is None)
            settle(app)
            gallery.grab().save(str(out / f"gallery-{name}-{mode}.png"))
            print(f"gallery-{name}-{mode}.png", flush=True)
    gallery.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
