"""Published collections of pictures: fetched once into the user's cache, checked, read, brought to one size."""

from __future__ import annotations

from ganstudio.data.downloads.door import absent_files, downloads_folder, load_download

__all__ = ["absent_files", "downloads_folder", "load_download"]
