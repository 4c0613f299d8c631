"""The chain of a case: contract, results that follow, another person's run, and where findings come from."""

from __future__ import annotations

import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import anyshore
from anyshore.activities.families import ACTIVITIES
from anyshore.activities.memory import MemoryContext

SAMPLE = Path(anyshore.__file__).parent / "services/kpo/data-analysis/samples/tickets-january.zip"
NAMES = {"data": "tickets.csv", "contract": "contract.yaml", "plan": "plan.yaml", "results": "results.txt"}


@pytest.fixture
def files() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(SAMPLE.read_bytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def run(name: str, files: dict[str, bytes], *documents: str, **values: object) -> dict[str, Any]:
    given = {one: NAMES[one] for one in documents} | values
    return ACTIVITIES[f"analysis.{name}"].run(given, MemoryContext(documents=files))


def test_a_contract_that_is_kept_and_rows_that_break_it(files: dict[str, bytes]) -> None:
    assert run("check-data", files, "data", "contract")["holds"] is True
    spoilt = files["tickets.csv"].replace(b"T007,early", b"T006,noon")
    found = run("check-data", files | {"tickets.csv": spoilt}, "data", "contract")
    assert (found["holds"], found["count"], found["broken_rows"]) == (False, 3, 2)
    assert [(one["row"], one["column"]) for one in found["broken"]] == [(6, "ticket"), (7, "ticket"), (7, "team")]


def test_results_follow_from_data_and_plan_or_the_first_difference_is_told(files: dict[str, bytes]) -> None:
    found = run("compute", files, "data", "plan", "results")
    assert (found["same"], found["rows"], found["tests"], found["difference"]) == (True, 120, 8, "")
    changed = files["results.txt"].replace(b"34.3533", b"34.3534", 1)
    found = run("compute", files | {"results.txt": changed}, "data", "plan", "results")
    assert found["same"] is False
    assert "34.3534" in found["difference"]
    assert "34.3533" in found["difference"]
    marked = b"\xef\xbb\xbf" + files["results.txt"]
    assert run("compute", files | {"results.txt": marked}, "data", "plan", "results")["same"] is False


def test_another_run_is_the_same_through_a_form_and_differs_by_a_digit(files: dict[str, bytes]) -> None:
    text = files["results.txt"].decode()
    assert run("rerun", files, "results", again=text.rstrip().replace("\n", "\r\n"))["same"] is True
    found = run("rerun", files, "results", again=text.replace("rows 120", "rows 119"))
    assert found["same"] is False
    assert found["difference"].startswith("line 2: ")


def test_the_record_is_a_chain_in_prov_json_and_a_question_changed_later_is_told(files: dict[str, bytes]) -> None:
    seal = run("seal", files, question="Who waits?", decision="Move a person")["digest"]
    given = {"decision": "Move a person", "seal": seal, "again": "0" * 64, "findings": Decimal(3)}
    found = run("record", files, *NAMES, question="Who waits?", **given)
    assert found["kept"] is True
    record = json.loads(found["text"])
    known = {*record["entity"], *record["activity"], *record["agent"]}
    relations = ("used", "wasGeneratedBy", "wasAssociatedWith", "wasDerivedFrom")
    ends = [end for kind in relations for one in record[kind].values() for end in one.values()]
    assert set(ends) == known  # nothing stands alone, nothing leads nowhere
    assert run("record", files, *NAMES, question="Who is slow?", **given)["kept"] is False


def test_findings_of_a_played_run_quote_the_line_of_their_test(files: dict[str, bytes]) -> None:
    found = run("read-findings", files, "data", "plan", "results")
    text = files["results.txt"].decode()
    assert found["again"] == text
    assert len(found["findings"]) == 7  # of eight tests
    for one in found["findings"]:
        (span,) = one["evidence"]
        assert text[int(span["start"]) : int(span["end"])] == span["quote"]
        assert span["quote"].endswith("| significant")
