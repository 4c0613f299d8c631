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
    (rules / "kind.dmn").write_text(kind.replace("<text>1.2</text>", "<text>99</text>"), "utf-8")
    found = decide(tmp_path, HEADER + GOOD, "--rules", str(rules), "--json")
    assert json.loads(found.stdout)["decisions"][0]["kind"] == "ask"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("</definitions>", "", "xml.malformed"),
        ('"BPO"', '"BPO', "feel.syntax"),
        ("&lt; 0.5", "&lt; -1", "sourcing.gap"),
        ('"band"', '"bend"', "sourcing.gap"),
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
    assert (found.exit_code, "kind.dmn is missing" in found.stderr) == (1, True)


def test_an_activity_the_rules_forgot_does_not_stop_the_others(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(RULES, rules)
    shore = (rules / "shore.dmn").read_text(encoding="utf-8")
    forgotten = re.sub(r'<rule id="allowed_t_r4">.*?</rule>', "", shore, flags=re.DOTALL)
    (rules / "shore.dmn").write_text(forgotten, encoding="utf-8")
    rows = GOOD + GOOD.replace("Invoices,DE,internal", "Health records,DE,special")
    found = decide(tmp_path, HEADER + rows, "--rules", str(rules), "--json")
    shown = json.loads(found.stdout)
    assert (found.exit_code, [d["activity"] for d in shown["decisions"]]) == (1, ["Invoices"])
    (problem,) = shown["problems"]
    assert (problem["code"], problem["line"]) == ("sourcing.gap", 3)
    assert "Health records" in problem["message"]


def test_an_event_log_is_evidence(tmp_path: Path) -> None:
    rows = ["case,activity,time"]
    for case in range(120):
        rows += [
            f"{case},{step},2026-01-{1 + case % 28:02d} 09:0{n}" for n, step in enumerate(("take", "check", "pay"))
        ]
    (tmp_path / "log.csv").write_text("\n".join(rows), encoding="utf-8")
    header = "activity,client_country,data_class,event_log\n"
    found = decide(tmp_path, header + "Xqz,DE,internal,log.csv\nYqz,DE,internal,none.csv\n", "--json")
    shown = json.loads(found.stdout)
    first, second = shown["decisions"]
    assert (first["kind"], first["log"]["cases"], first["log"]["next_step_accuracy"]) == ("BPO", 120, 1.0)
    assert (second["kind"], second["log"], found.exit_code) == ("ask", None, 1)
    assert [problem["code"] for problem in shown["problems"]] == ["file.unreadable"]


def test_the_day_decides_which_laws_hold(tmp_path: Path) -> None:
    content = "activity,client_country,data_class\nPost invoices,DE,personal\n"
    before, after = (
        json.loads(decide(tmp_path, content, "--json", "--on", day).stdout)["decisions"][0]["gates"][1]
        for day in ("2018-05-24", "2026-11-30")
    )
    assert (before["act"], "BR" in [one["country"] for one in after["countries"]]) == ("", True)
