"""A played run reads the filing, values the company and signs a note whose every figure leads to its source."""

from __future__ import annotations

from pathlib import Path

from tests.cli.test_run_contract_review import anyshore


def test_a_note_is_signed_and_lists_its_figures(tmp_path: Path) -> None:
    done = anyshore(tmp_path, "run", "investment-research", "--play", "--out", str(tmp_path / "notes"))
    assert (done["cases"], done["outcomes"]) == (1, {"note-signed": 1})
    [note] = (tmp_path / "notes").glob("*.html")
    told = note.read_text(encoding="utf-8")
    assert "Draft, not signed" not in told
    assert "Revenues, y25, eur: 1204500000" in told
    assert "assumptions.csv, row 4, value: 1.1" in told
    assert "= weight_base * per_share_base + weight_low * per_share_low" in told
