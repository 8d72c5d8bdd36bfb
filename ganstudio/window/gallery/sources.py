"""The data sources in groups, and what is said about one of them. No Qt."""

from __future__ import annotations

from typing import cast

from ganstudio.catalog.datasets import DATASETS, Dataset, Folder
from ganstudio.catalog.downloads import Download
from ganstudio.core.numbers import whole
from ganstudio.core.schema import MISSING, Options, settings_of

PICTURES, POINTS, DOWNLOADS, OWN = "Pictures, no download", "Points, no download", "Downloads", "Your own"
GROUPS = (PICTURES, POINTS, DOWNLOADS, OWN)


def group_of(cls: type[Options]) -> str:
    """The heading a source stands under."""
    if issubclass(cls, Folder):
        return OWN
    if issubclass(cls, Download):
        return DOWNLOADS
    return PICTURES if cast("type[Dataset]", cls).data == "image" else POINTS


def grouped() -> list[type[Dataset]]:
    """All sources, group by group, in the catalogue's order."""
    known = [cast("type[Dataset]", cls) for cls in DATASETS.values()]
    return sorted(known, key=lambda cls: GROUPS.index(group_of(cls)))


def options_of(name: str, data: Options) -> Dataset | None:
    """The settings under which a source is shown: those of ``data`` where it is the same, else its own.

    ``None`` where a setting is needed first (a folder has to be chosen).
    """
    cls = cast("type[Dataset]", DATASETS[name])
    if isinstance(data, cls) and getattr(data, "path", "-"):
        return data
    return None if any(s.default is MISSING for s in settings_of(cls)) else cls()


def facts(cls: type[Dataset], options: Dataset | None) -> str:
    """What is known before anything is read: download, classes."""
    parts: list[str] = []
    if isinstance(options, Download):
        parts.append(
            f"{options.size}, to be fetched by hand" if options.by_hand else f"{options.size} to download"
        )
    if options is not None and options.classes:
        parts.append(f"{whole(options.classes)} classes")
    return " · ".join(parts)


def by_hand_text(cls: type[Download], absent: tuple[str, ...], folder: str) -> str:
    """What to do about files that no program can fetch."""
    return (
        f"{cls.title} lies on a drive that often refuses programs. Download these files in a browser from the page "
        f"of its authors and put them, as they are, into {folder}: {', '.join(absent)}."
    )


def counts_caption(counts: tuple[int, ...], total: int, drawn: int) -> str:
    """What the bars count."""
    if not counts:
        return "The data has no labels."
    classes = f"{whole(len(counts))} classes"
    return f"{classes}, all {whole(total)} samples" if total else f"{classes}, {whole(drawn)} samples drawn"
