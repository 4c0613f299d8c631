"""Tables that came with a field file are made anew, and what differs is told."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

import anyshore
from anyshore.activities.families import ACTIVITIES
from anyshore.activities.memory import MemoryContext
from anyshore.base.errors import DataError

SAMPLE = Path(anyshore.__file__).parent / "services/kpo/market-research/samples/bakery-wave-1.zip"


@pytest.fixture
def files() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(SAMPLE.read_bytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def checked(files: dict[str, bytes]) -> dict[str, object]:
    given = {"documents": [{"document": name, "name": name} for name in files], "tables": "tables.txt"}
    return ACTIVITIES["surveys.check-tables"].run(given, MemoryContext(documents=files))


def test_tables_of_their_field_file_are_found_again_cell_by_cell(files: dict[str, bytes]) -> None:
    found = checked(files)
    assert (found["same"], found["cases"], found["lines"]) == (True, Decimal(420), Decimal(30))
    assert found["speeders"] == 6  # every seventieth was made too fast
    assert Decimal(400) < found["effective"] < 420  # type: ignore[operator]
    assert found == checked(files)


def test_a_cell_that_was_changed_or_left_out_is_told(files: dict[str, bytes]) -> None:
    text = files["tables.txt"].decode()
    line = next(one for one in text.splitlines() if " | base " in one and "18-39" in one)
    changed = checked(files | {"tables.txt": text.replace(line, line.replace(" %", "1 %")).encode()})
    assert changed["same"] is False
    assert changed["differing"] == [line.replace(" %", "1 %"), f"left out: {line}"]


def test_tables_without_a_plan_and_a_delivery_without_a_survey_are_refused(files: dict[str, bytes]) -> None:
    with pytest.raises(DataError, match="no plan"):
        checked(files | {"tables.txt": b"Table: made by hand"})
    with pytest.raises(DataError, match="None of the files"):
        checked({name: content for name, content in files.items() if name.endswith(".txt")})


def test_findings_of_a_played_run_quote_the_line_of_their_cell(files: dict[str, bytes]) -> None:
    run = ACTIVITIES["surveys.read-findings"].run(
        {"document": "tables.txt", "name": "tables.txt"}, MemoryContext(documents=files)
    )
    findings = run["findings"]
    assert isinstance(findings, list)
    text = files["tables.txt"].decode()
    assert len(findings) == 7
    for one in findings:
        (span,) = one["evidence"]
        assert text[int(span["start"]) : int(span["end"])] == span["quote"]
        assert " | above " in span["quote"]
