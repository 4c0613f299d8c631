"""A played run produces what is not privileged, and its report tells nothing that is protected."""

from __future__ import annotations

from pathlib import Path

from tests.cli.test_run_contract_review import anyshore


def test_a_production_is_signed_with_its_log_and_holds_nothing_privileged(tmp_path: Path) -> None:
    done = anyshore(tmp_path, "run", "document-review", "--play", "--out", str(tmp_path / "productions"))
    assert (done["cases"], done["outcomes"]) == (1, {"production-signed": 1})
    values = {name: one["value"] for name, one in done["measures"].items()}
    assert (values["coded"], values["copies"], values["produced"], values["logged"]) == ("11", "1", "7", "3")
    [page] = (tmp_path / "productions").glob("*.html")
    told = page.read_text(encoding="utf-8")
    assert "Draft, not signed" not in told
    assert "KM000003 to KM000004" in told
    assert "D0008 | D0007 | 2025-03-27 | Anke Petersen" in told
    assert "may we hold back" not in told, "the subject of the question to counsel"
    assert "notes-for-counsel" not in told
