"""What a long measurement has found so far, one JSON object a line beside its script, so that it can go on later."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


class Ledger:
    """Rows by key; each row is on the disk as soon as it is known.

    Rows measured with other ``terms`` (steps, images, sizes) are left out: they cannot stand in the same table.
    """

    def __init__(self, path: Path, terms: dict[str, Any]) -> None:
        self.path, self.terms = path, terms
        self.rows: dict[str, dict[str, Any]] = {}
        for line in path.read_text("utf-8").splitlines() if path.exists() else ():
            row = json.loads(line)
            if row["terms"] == terms:
                self.rows[row["key"]] = row

    def __contains__(self, key: str) -> bool:
        return key in self.rows

    def add(self, key: str, **values: Any) -> dict[str, Any]:
        """Keep a row and give it back."""
        row = {"key": key, "terms": self.terms, **values}
        self.rows[key] = row
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        return row
