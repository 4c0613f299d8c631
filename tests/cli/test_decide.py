"""``anyshore decide``: what is printed, and with which status it ends."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from anyshore.cli.main import app
from anyshore.sourcing.decide import RULES

HEADER = "activity,client_country,data_class,driven_by,process,complexity\n"
GOOD = "Invoices,DE,internal,rules,predefined,low\n"
runner = CliRunner()


def decide(folder: Path, content: str | bytes, *words: str):
    file = folder / "portfolio.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return runner.invoke(app, ["decide", str(file), *words])


def test_the_rest_is_decided_where_a_row_is_wrong(tmp_path: Path) -> None:
    found = decide(tmp_path, HEADER + GOOD + "Payroll,Germany,personal,,,\n", "--json")
    assert found.exit_code == 1
    shown = json.loads(found.stdout)
    assert [(d["activity"], d["kind"]) for d in shown["decisions"]] == [("Invoices", "BPO")]
    assert [(p["code"], p["line"]) for p in shown["problems"]] == [("portfolio.country", 3)]
    assert "portfolio.csv:3:2, client_country, B3: 'GERMANY' is no country code. [portfolio.country]" in found.stderr


def test_a_warning_is_told_and_is_no_failure(tmp_path: Path) -> None:
    found = decide(tmp_path, (HEADER + GOOD.replace("Invoices", "Bürobedarf")).encode("latin-1"))
    assert (found.exit_code, "Bürobedarf" in found.stdout) == (0, True)
    assert "warning" in found.stderr


def test_reasons_in_both_languages(tmp_path: Path) -> None:
    assert "driven by" in decide(tmp_path, HEADER + GOOD, "--reasons").stdout
    assert "sprechen für Regeln" in decide(tmp_path, HEADER + GOOD, "--lang", "de").stdout
    assert decide(tmp_path, HEADER + GOOD, "--lang", "fr").exit_code == 2


def test_own_rules_decide(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(RULES, rules)
    kind = (rules / "kind.dmn").read_text(encoding="utf-8")
    (rules / "kind.dmn").write_text(kind.replace("&lt;= 0.4", "&lt; 0").replace("]0.4..0.6[", "[0..0.6["), "utf-8")
    found = decide(tmp_path, HEADER + GOOD, "--rules", str(rules), "--json")
    assert json.loads(found.stdout)["decisions"][0]["kind"] == "not enough evidence"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("</definitions>", "", "xml.malformed"),
        ('"BPO"', '"BPO', "feel.syntax"),
        ("&gt;= 3", "&gt;= 99", "sourcing.gap"),
    ],
)
def test_broken_rules_are_told_with_their_place(tmp_path: Path, old: str, new: str, code: str) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(RULES, rules)
    kind = (rules / "kind.dmn").read_text(encoding="utf-8")
    (rules / "kind.dmn").write_text(kind.replace(old, new), encoding="utf-8")
    found = decide(tmp_path, HEADER + GOOD, "--rules", str(rules))
    assert (found.exit_code, code in found.stderr) == (1, True)
    (rules / "kind.dmn").unlink()
    found = decide(tmp_path, HEADER + GOOD, "--rules", str(rules))
    assert (found.exit_code, "file.unreadable" in found.stderr) == (1, True)


def test_an_activity_the_rules_forgot_does_not_stop_the_others(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(RULES, rules)
    shore = (rules / "shore.dmn").read_text(encoding="utf-8")
    forgotten = re.sub(r'<rule id="allowed_t_r5">.*?</rule>', "", shore, flags=re.DOTALL)
    (rules / "shore.dmn").write_text(forgotten, encoding="utf-8")
    rows = GOOD + GOOD.replace("Invoices,DE,internal", "Secrets,DE,secret")
    found = decide(tmp_path, HEADER + rows, "--rules", str(rules), "--json")
    shown = json.loads(found.stdout)
    assert (found.exit_code, [d["activity"] for d in shown["decisions"]]) == (1, ["Invoices"])
    (problem,) = shown["problems"]
    assert (problem["code"], problem["line"]) == ("sourcing.gap", 3)
    assert "Secrets" in problem["message"]
