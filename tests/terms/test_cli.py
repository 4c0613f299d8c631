from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from anyshore.cli.main import app

runner = CliRunner()


def run(*words: object):
    return runner.invoke(app, ["terms", *map(str, words)])


@pytest.fixture
def export(ledger, tmp_path: Path) -> Path:
    for n in range(19):
        ledger.case(f"i{n:02}", "2026-01-05T09:00", "2026-01-07T12:00" if n == 0 else "2026-01-05T12:00")
    ledger.issue("2026-01", "2026-02-01T08:00")
    return ledger.export(tmp_path / "export.jsonl")


def test_check(tmp_path: Path, terms_text: str) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(terms_text, encoding="utf-8")
    bad.write_text(terms_text.replace("currency: EUR", "curency: EUR"), encoding="utf-8")
    found = run("check", good)
    assert (found.exit_code, "acme version 1" in found.stdout) == (0, True)
    found = run("check", bad)
    assert found.exit_code == 1
    assert "did you mean 'currency'?" in found.stderr
    shown = json.loads(run("check", bad, "--json").stdout)
    assert {(p["code"], p["line"]) for p in shown["problems"]} == {("yaml.missing-key", 2), ("yaml.unknown-key", 6)}
    assert json.loads(run("check", good, "--json").stdout)["problems"] == []
    assert run("check", tmp_path / "absent").exit_code == 1


def test_schema() -> None:
    assert json.loads(run("schema").stdout)["title"] == "Terms of an engagement"


def test_verify(export: Path) -> None:
    found = run("verify", export)
    assert (found.exit_code, "40 entries, sound" in found.stdout) == (0, True)
    shown = json.loads(run("verify", export, "--json").stdout)
    assert (shown["entries"], shown["findings"]) == (40, [])
    anchor = f"40:{shown['head']['hash']}"
    assert run("verify", export, "--anchor", anchor).exit_code == 0
    assert run("verify", export, "--anchor", f"40:{'0' * 64}").exit_code == 1
    assert run("verify", export, "--anchor", "x").exit_code == 1
    export.write_bytes(export.read_bytes().replace(b"i07", b"i08", 1))
    found = run("verify", export)
    assert (found.exit_code, "ledger.changed-entry" in found.stderr) == (1, True)
    assert json.loads(run("verify", export, "--json").stdout)["findings"][0]["line"] == 17
    assert run("verify", export.parent / "absent").exit_code == 1


def test_recompute(export: Path) -> None:
    found = run("recompute", export)
    assert found.exit_code == 0
    assert "94.7 %: 18 of 19 cases" in found.stdout
    assert "as recorded" in found.stdout
    assert "94,7 %: 18 von 19" in run("recompute", export, "--lang", "de").stdout
    shown = json.loads(run("recompute", export, "--json", "--month", "2026-02").stdout)
    assert [(i["number"], i["same"], i["figures"]["gross"]) for i in shown["invoices"]] == [("R-1", True, "40.58")]
    assert [m["month"] for m in shown["months"]] == ["2026-02"]
    assert run("recompute", export, "--month", "soon").exit_code == 1


def test_recompute_finds_a_chain_written_anew(export: Path) -> None:
    head = json.loads(run("verify", export, "--json").stdout)["head"]
    assert run("recompute", export, "--anchor", f"{head['sequence']}:{head['hash']}").exit_code == 0
    found = run("recompute", export, "--anchor", f"{head['sequence']}:{'0' * 64}")
    assert (found.exit_code, "ledger.rewritten" in found.stderr) == (1, True)
    for wrong in ("x", "1:x", f"0:{'0' * 64}", f"{'9' * 5000}:{'0' * 64}", f"1:{'z' * 64}"):
        assert run("recompute", export, "--anchor", wrong).exit_code == 1


def test_recompute_tells_a_figure_that_differs(ledger, tmp_path: Path) -> None:
    ledger.case("a", "2026-01-05T09:00", "2026-01-05T12:00")
    ledger.issue("2026-01", "2026-02-01T08:00", gross="9.99")
    found = run("recompute", ledger.export(tmp_path / "export.jsonl"))
    assert found.exit_code == 1
    assert "gross: recorded 9.99, recomputed 2.20" in found.stderr
    assert "differs" in found.stdout
