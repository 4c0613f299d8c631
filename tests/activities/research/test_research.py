"""A dossier is checked against its sources: quotes, contradictions, age, voices, and who is meant."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import anyshore
from anyshore.activities.families import ACTIVITIES
from anyshore.activities.memory import MemoryContext
from anyshore.activities.research.identity import is_lei
from anyshore.base.errors import DataError

SAMPLE = Path(anyshore.__file__).parent / "services/kpo/business-research/samples/orbelin-pumpen.zip"


@pytest.fixture
def files() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(SAMPLE.read_bytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def checked(files: dict[str, bytes], **brief: object) -> dict[str, Any]:
    given = {"documents": [{"document": name, "name": f"orbelin.zip/{name}"} for name in files], **brief}
    return ACTIVITIES["research.check-dossier"].run(given, MemoryContext(documents=files))


def changed(files: dict[str, bytes], name: str, old: str, new: str) -> dict[str, bytes]:
    text = files[name].decode()
    assert old in text
    return files | {name: text.replace(old, new).encode()}


def test_the_sample_is_cited_and_its_one_contradiction_stands_side_by_side(files: dict[str, bytes]) -> None:
    found = checked(files, as_of="2026-03-31")
    assert (found["complete"], found["cited"], found["statements"]) == (True, 19, 19)
    (conflict,) = found["contradictions"]
    assert (conflict["subject"], conflict["attribute"]) == ("Orbelin Pumpen GmbH", "revenue")
    assert [(one["value"], one["period"], one["grade"]) for one in conflict["sides"]] == [
        ("EUR 48.2 million", "2025", "B1"), ("48,200,000 euros", "2025", "C2"), ("EUR 51 million", "2025", "D3"),
    ]  # fmt: skip
    assert conflict["best"] == "Annual report 2025"
    assert (found["sources"], found["voices"]) == (4, 3)  # the paper repeats the annual report


def test_a_sentence_whose_words_or_digits_are_not_in_its_source_is_told(files: dict[str, bytes]) -> None:
    other = checked(changed(files, "annual-report-2025.txt", "employed 412 people", "employed 421 people"))
    assert other["complete"] is False
    assert len(other["uncited"]) == 1
    other = checked(changed(files, "statements.csv", "employees,412 people", "employees,413 people"))
    assert [one.rpartition(" — ")[2] for one in other["uncited"]] == ["the quote does not say 413"]


def test_old_and_late_sources_are_told_by_the_day_of_the_brief(files: dict[str, bytes]) -> None:
    assert checked(files, as_of="2026-03-31")["stale"] == ["Register extract (2024-05-14)"]
    assert checked(files, as_of="2025-11-14")["stale"] == []  # eighteen months to the day
    assert checked(files, as_of="2025-11-15")["stale"] == ["Register extract (2024-05-14)"]
    assert checked(files, as_of="2026-03-31", months=24)["stale"] == []
    assert len(checked(files, as_of="2026-01-31")["late"]) == 2
    with pytest.raises(DataError, match="no day"):
        checked(files, as_of="soon")


def test_a_question_nobody_answered_is_open_until_somebody_says_where_was_looked(files: dict[str, bytes]) -> None:
    found = checked(files, questions=["Who owns it?"])
    assert (found["open"], found["complete"], found["questions"], found["answered"]) == (["Who owns it?"], False, 7, 5)
    line = b"Who owns it?,,,,,,,,,Shareholder list\n"
    found = checked(files | {"statements.csv": files["statements.csv"] + line}, questions=["Who owns it?"])
    assert (found["open"], found["complete"]) == ([], True)
    assert found["not_found"][1] == {"question": "Who owns it?", "looked_in": "Shareholder list"}


def test_names_are_held_against_the_company_with_reasons_both_ways(files: dict[str, bytes]) -> None:
    company = checked(files)["company"]
    same = {one["name"]: one["same"] for one in company["names"]}
    assert same == {"Orbelin Pumpen": True, "Orbelin": True, "Orbelin Immobilien": False}
    (other,) = (one for one in company["names"] if not one["same"])
    assert "'immobilien' has no counterpart" in other["reasons_against"]
    assert company["former_names"] == ["Pumpenwerk Orbelin KG"]
    assert company["problems"] == []


def test_another_lei_is_another_company_whatever_its_name(files: dict[str, bytes]) -> None:
    portal = files["trade-portal.txt"] + b"LEI 529900T8BM49AURSDO55.\n"
    line = b"Who?,Orbelin Pumpen,LEI,529900T8BM49AURSDO55,,lasting,trade-portal.txt,LEI 529900T8BM49AURSDO55,,\n"
    found = checked(files | {"trade-portal.txt": portal, "statements.csv": files["statements.csv"] + line})
    named = next(one for one in found["company"]["names"] if one["name"] == "Orbelin Pumpen")
    assert named["same"] is False
    assert found["contradictions"] == []  # what it turned over is no statement about ours


def test_check_digits_of_an_lei() -> None:
    assert is_lei("529900T8BM49AURSDO55")
    assert not is_lei("529900T8BM49AURSDO56")
    assert not is_lei("529900T8BM49")


def test_confirmed_by_others_takes_another_voice(files: dict[str, bytes]) -> None:
    assert checked(files)["overrated"] == []
    alone = changed(files, "sources.csv", "C2", "C1")
    assert checked(alone)["overrated"] == ["Orbelin Courier (C1)"]


def test_tables_with_problems_are_refused_at_their_cells(files: dict[str, bytes]) -> None:
    broken = changed(files, "sources.csv", "D3", "G9")
    with pytest.raises(DataError, match="no grade"):
        checked(broken)
    for old, new, match in (
        ("2025,flow", "soon,flow", "no period"), ("flow,trade", "river,trade", "no kind"),
        ("flow,trade-portal.txt", "flow,portal.txt", "no source"),
        (",Annual report 2025; register extract; trade portal", ",", "says nothing"),
    ):  # fmt: skip
        with pytest.raises(DataError, match=match):
            checked(changed(files, "statements.csv", old, new))
    with pytest.raises(DataError, match=r"no statements\.csv"):
        checked({name: one for name, one in files.items() if name != "statements.csv"})
    with pytest.raises(DataError, match="did not come"):
        checked({name: one for name, one in files.items() if name != "trade-portal.txt"})


def test_findings_of_a_played_run_quote_their_words_and_put_contradictions_in_one(files: dict[str, bytes]) -> None:
    given = {"documents": [{"document": name, "name": name} for name in files]}
    findings = ACTIVITIES["research.read-findings"].run(given, MemoryContext(documents=files))["findings"]
    assert isinstance(findings, list)
    texts = {one.decode() for one in files.values()}
    for one in findings:
        for span in one["evidence"]:
            assert any(text[int(span["start"]) : int(span["end"])] == span["quote"] for text in texts)
    (differing,) = (one for one in findings if one["topic"] == "Contradictions")
    assert len(differing["evidence"]) == 3
    assert Decimal(len(findings)) == 17
