"""The suites of bank statements and matching, and that any folder of their shape is counted to its end."""

import json
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(("suite", "least"), [("camt", 26), ("mt940", 54), ("bank_matching", 25)])
def test_suites(data_dir: Path, suite: str, least: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT)
    score = import_module(f"conformance.{suite}").run(data_dir)
    assert score.failed == []
    assert score.total >= least
    assert score.extra.get("false_automatic", 0) == 0


def test_broken_files_fail_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT)
    (tmp_path / "a.json").write_text("[{}, 1]")
    (tmp_path / "b.json").write_text("{")
    (tmp_path / "c.xml").write_text("<")
    (tmp_path / "d.xml").write_text(
        '<Document xmlns="urn:x:camt.053.001.02"><BkToCstmrStmt><Stmt/></BkToCstmrStmt></Document>'
    )
    (tmp_path / "e.sta").write_text(":20:A\n:25:1\n:60F:C260102EUR1,\n:61:260105C1,NTRFNONREF\n:62F:C260102EUR2,\n")
    (tmp_path / "f.sta").write_text(":20:A\n:25:1\n:60F:Z260102EUR1,\n")
    scores = {name: import_module(f"conformance.{name}").run(tmp_path) for name in ("camt", "mt940", "bank_matching")}
    assert [(one.passed, one.total) for one in scores.values()] == [(0, 2), (2, 2), (0, 3)]


def test_a_parse_is_compared_field_by_field(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data_dir: Path) -> None:
    monkeypatch.syspath_prepend(ROOT)
    camt = import_module("conformance.camt")
    given = sorted((data_dir / "bank/camt").rglob("*.json"))[0]
    parse = json.loads(given.read_text("utf-8"))
    parse["getGroupHeader"]["getMessageId"] = "another"
    (tmp_path / "a.xml").write_bytes(given.with_suffix(".xml").read_bytes())
    (tmp_path / "a.json").write_text(json.dumps(parse))
    score = camt.run(tmp_path)
    assert (score.passed, score.total) == (0, 1)
    assert "getMessageId" in score.failed[0]
