"""Writes pictures of reports as browsers show and print them, and of the dialog: ``reports.py OUTDIR RUN [RUN ...]``.

Each run's page is opened in a headless Chromium at desktop and phone width, light and dark, and printed; so is that of
all runs together. Needs Chromium and pdftoppm.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from photographer import HOME, begin, save, settle, themes, until
from PIL import Image, ImageChops

from ganstudio.reports.write import write_report
from ganstudio.window.dialogs.report import ReportDialog

CHROMIUM = [
    "/usr/bin/chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
    "--allow-file-access-from-files",
]  # fmt: skip
WIDTHS = {"desktop": 1440, "phone": 390}
TALLEST = 9000
SCHEMES = {"light": 1, "dark": 0}
"""What Blink calls them."""


def browse(*words: str) -> None:
    """One call of the browser, with a profile of its own."""
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [*CHROMIUM, f"--user-data-dir={profile}", *words], check=True, capture_output=True, timeout=120
        )


def shoot(page: Path, out: Path, width: int, scheme: str) -> None:
    """The whole page at a width; in a frame, since a window of the browser cannot be as narrow as a phone."""
    frame = page.with_name(f"frame-{width}.html")
    style = f"border:0;width:{width}px;height:{TALLEST}px"
    frame.write_text(
        f'<meta charset="utf-8"><body style="margin:0"><iframe src="{page.name}" style="{style}">'
    )
    browse(
        f"--blink-settings=preferredColorScheme={SCHEMES[scheme]}",
        f"--window-size={max(width, 600)},{TALLEST}", f"--screenshot={out}", frame.absolute().as_uri(),
    )  # fmt: skip
    with Image.open(out) as picture:
        whole = picture.convert("RGB").crop((0, 0, width, TALLEST))
    ground = Image.new("RGB", whole.size, whole.getpixel((1, TALLEST - 1)))
    box = ImageChops.difference(whole, ground).getbbox() or (0, 0, width, 1)
    whole.crop((0, 0, width, min(TALLEST, box[3] + 24))).save(out)


def pages(name: str, runs: list[Path], out: Path) -> None:
    """The report of runs in every way it is looked at, and its own PDF."""
    page = write_report(runs, out / f"{name}.html")[0]
    for device, width in WIDTHS.items():
        for scheme in SCHEMES:
            shoot(page, out / f"{name}-{device}-{scheme}.png", width, scheme)
    browse(
        f"--print-to-pdf={out / f'{name}-printed.pdf'}", "--no-pdf-header-footer", page.absolute().as_uri()
    )
    write_report(runs, out / f"{name}.pdf")
    write_report(runs, out / f"{name}.md")
    for pdf in (f"{name}-printed", name):
        subprocess.run(["pdftoppm", "-png", "-r", "60", out / f"{pdf}.pdf", out / f"{pdf}-page"], check=True)


def dialogs(runs: list[Path], out: Path) -> None:
    """The dialog on each of its pages, in both themes; of one run, of several, of one that has been written."""
    for mode in themes():
        for label, chosen in (("one", runs[:1]), ("several", runs)):
            dialog = ReportDialog(chosen)
            dialog.show()
            for row, page in enumerate(dialog.pages):
                dialog.list.setCurrentRow(row)
                settle(0.2)
                save(dialog, out / f"dialog-{label}-{page.title.lower()}-{mode}.png")
            if label == "one":
                dialog.page.path.setText(str(HOME / "kept.zip"))
                dialog.write.click()
                until(lambda dialog=dialog: dialog.thread_ is None)
                settle(0.2)
                save(dialog, out / f"dialog-{label}-written-{mode}.png")
                dialog.page.path.setText("/nowhere/at/all/kept.zip")
                dialog.write.click()
                settle(0.2)
                save(dialog, out / f"dialog-{label}-problem-{mode}.png")
            dialog.close()


def main() -> None:
    """All pictures."""
    out, runs = Path(sys.argv[1]), [Path(word) for word in sys.argv[2:]]
    begin(out)
    dialogs(runs, out)
    for run in runs:
        pages(run.name, [run], out)
    if len(runs) > 1:
        pages("together", runs, out)


if __name__ == "__main__":
    main()
