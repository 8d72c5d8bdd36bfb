"""What a measurement has found is kept row by row, and only rows on equal terms are taken up again."""

from __future__ import annotations

from pathlib import Path

from support.ledger import Ledger


def test_rows_are_found_again_on_equal_terms_alone(tmp_path: Path):
    place = tmp_path / "found.jsonl"
    first = Ledger(place, {"steps": 3})
    first.add("ring, gan", modes=8)
    first.add("ring, gan", modes=7)
    assert "ring, gan" in Ledger(place, {"steps": 3})
    assert Ledger(place, {"steps": 3}).rows["ring, gan"]["modes"] == 7
    assert "ring, gan" not in Ledger(place, {"steps": 4})
    assert "grid, gan" not in first
