from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from anyshore.cli.main import app
from anyshore.dmn.grids import Column, Table, to_xml

RUNNER = CliRunner()


@pytest.fixture
def model(tmp_path: Path) -> str:
    columns = [Column("input", "age", "number"), Column("output", "fee", "number"), Column("annotation", "why")]
    rows = [["< 18", "1", "young"], ["> 18", "2", ""]]
    path = tmp_path / "fee.dmn"
    path.write_bytes(to_xml([Table("Fee", "U", columns, rows)], "fee", "urn:fee"))
    return str(path)


def test_check_finds_the_gap(model: str) -> None:
    found = RUNNER.invoke(app, ["dmn", "check", "--json", model])
    assert found.exit_code == 1
    assert [d["code"] for d in json.loads(found.stdout)] == ["dmn.gap"]
    assert RUNNER.invoke(app, ["dmn", "check", model]).exit_code == 1


def test_run_decides_and_explains(model: str) -> None:
    found = RUNNER.invoke(app, ["dmn", "run", model, "Fee", "-i", "age=30", "--explain"])
    assert found.exit_code == 0
    assert "rule 2 matched" in found.stdout
    plain = RUNNER.invoke(app, ["dmn", "run", model, "-i", "age=3", "--json"])
    assert json.loads(plain.stdout)["Fee"]["value"] == 1
    assert RUNNER.invoke(app, ["dmn", "run", model, "Fee"]).exit_code == 1
    assert RUNNER.invoke(app, ["dmn", "run", model, "Nothing"]).exit_code == 1
    assert RUNNER.invoke(app, ["dmn", "run", model, "-i", "age"]).exit_code == 1


def test_test_compares_and_covers(model: str, tmp_path: Path) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_text("age,=> Fee\n3,1\n", encoding="utf-8")
    assert RUNNER.invoke(app, ["dmn", "test", model, str(cases)]).exit_code == 0
    covered = RUNNER.invoke(app, ["dmn", "test", model, str(cases), "--coverage", "80", "--json"])
    assert covered.exit_code == 1
    assert json.loads(covered.stdout)["missed_rules"] == {"Fee": [2]}
    cases.write_text("age,=> Fee\n3,7\n", encoding="utf-8")
    failed = RUNNER.invoke(app, ["dmn", "test", model, str(cases)])
    assert failed.exit_code == 1
    assert "Failed cases" in failed.stdout


def test_tables_go_to_a_workbook_and_back(model: str, tmp_path: Path) -> None:
    book, again = str(tmp_path / "fee.xlsx"), str(tmp_path / "again.dmn")
    assert RUNNER.invoke(app, ["dmn", "to-excel", model, book]).exit_code == 0
    assert RUNNER.invoke(app, ["dmn", "from-excel", book, again]).exit_code == 1  # the gap is still there
    assert json.loads(RUNNER.invoke(app, ["dmn", "run", again, "-i", "age=3", "--json"]).stdout)["Fee"]["value"] == 1
    assert RUNNER.invoke(app, ["dmn", "to-excel", model, str(tmp_path / "fee.csv"), "--decision", "Fee"]).exit_code == 0


def test_a_missing_file_is_told_without_a_traceback(tmp_path: Path) -> None:
    found = RUNNER.invoke(app, ["dmn", "run", str(tmp_path / "none.dmn")])
    assert found.exit_code == 1
    assert not isinstance(found.exception, OSError)
