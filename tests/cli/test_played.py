"""Runs that play the people: what they sign, bill and hand over of three judgement services, in one installation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.cli.commands import Commands

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def prompt(tmp_path_factory: pytest.TempPathFactory, installed: Callable[[Path], Path]) -> Iterator[Commands]:
    prompt = Commands(installed(tmp_path_factory.mktemp("home")), tmp_path_factory.mktemp("printed"))
    yield prompt
    prompt.close()


def test_as_many_memos_are_billed_as_were_signed(prompt: Commands, tmp_path: Path) -> None:
    run = ("run", "contract-review", "--play", "--out", tmp_path / "memos")
    first = prompt.run(*run)
    assert (first["cases"], sum(first["outcomes"].values())) == (1, 1)
    prompt.run(*run)  # nothing is signed, or billed, again
    [memo] = (tmp_path / "memos").glob("*.html")
    told = memo.read_text(encoding="utf-8")
    assert "Draft, not signed" not in told
    assert told.count("Every finding rests on the words quoted.") == 1
    invoice = prompt.run("invoice", "contract-review")
    billed = {line["name"]: line["quantity"] for line in invoice["lines"]}
    assert float(billed["Memo signed"]) == 1


def test_a_production_is_signed_with_its_log_and_holds_nothing_privileged(prompt: Commands, tmp_path: Path) -> None:
    done = prompt.run("run", "document-review", "--play", "--out", tmp_path / "productions")
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


def test_a_note_is_signed_and_lists_its_figures(prompt: Commands, tmp_path: Path) -> None:
    """The run reads the filing, values the company, and every figure of the note leads to its source."""
    done = prompt.run("run", "investment-research", "--play", "--out", tmp_path / "notes")
    assert (done["cases"], done["outcomes"]) == (1, {"note-signed": 1})
    [note] = (tmp_path / "notes").glob("*.html")
    told = note.read_text(encoding="utf-8")
    assert "Draft, not signed" not in told
    assert "Revenues, y25, eur: 1204500000" in told
    assert "assumptions.csv, row 4, value: 1.1" in told
    assert "= weight_base * per_share_base + weight_low * per_share_low" in told
