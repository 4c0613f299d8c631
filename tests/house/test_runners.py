"""The runners of the suites name what is odd in a folder and go on."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from tests.conftest import ROOT

PLACES = {
    "dmn-tck": "dmn-tck/compliance-level-2/0001-x",
    "betsy": "betsy",
    "betsy-invalid": "betsy/invalid/EXT.001",
    "cmmn-kit": "cmmn-kit/scenarios",
    "cash-flows": "cash-flows",
    "mcda": "mcda",
    "en16931": "einvoice/en16931-test/ubl",
    "xrechnung": "einvoice/xrechnung-testsuite/business-cases/standard",
    "payroll": "payroll",
    "social-insurance": "payroll",
    "notice-periods": "hr",
    "erlang": "calls",
    "urls": "web-links",
    "robots": "web-links",
    "certificates": "certificates",
    "act": "accessibility/act",
    "diagnosis": "diagnosis",
    "project-scheduling": "project-scheduling/j30",
    "rosters": "rosters",
    "recruiting": "recruiting/vacancy-resume/CV",
    "gift": "questions/gift",
    "item-analysis": "questions",
    "xrechnung-rules": "einvoice/xrechnung-rules",
    "peppol-rules": "einvoice/peppol-rules",
    "zugferd": "einvoice/zugferd-corpus/correct",
    "mail-replies": "mail-replies",
    "mail-intake": "bounces",
    "bounces": "bounces",
    "mail-address": "mail-address",
    "domains": "mail-address",
    "intents-banking77": "tickets/banking77",
    "intents-clinc150": "tickets/clinc150",
    "survey-files": "survey-files/triple-s",
    "survey-table": "survey/some-survey",
    "survey-r": "survey-r",
    "choice": "choice",
    "xbrl-facts": "xbrl-filings",
    "xbrl-sums": "xbrl-filings",
    "tatqa": "tatqa",
    "nist": "nist-strd/linear",
    "screening": "review",
    "ab-tests": "marketing",
    "caps": "marketing",
    "kb-hit5": "knowledge-base",
    "kb-first": "knowledge-base",
    "entities": "entities",
    "name-checks": "entities",
    "cuad-pdf": "legal/cuad",
    "hmda": "hmda-edits",
}
"""Where each suite stands in the folder of all data, with the folder that holds its cases."""
ENDINGS = {
    "betsy-invalid": ".bpmn", "cmmn-kit": ".json", "dmn-tck": ".xml", "en16931": ".xml", "xrechnung": ".xml",
    "cash-flows": ".json", "mcda": ".json", "xrechnung-rules": ".jsonl.xz", "peppol-rules": ".jsonl.xz",
    "zugferd": ".pdf", "payroll": ".xml", "mail-replies": ".json", "intents-clinc150": ".json",
    "urls": ".json", "robots": ".json", "certificates": ".json", "gift": ".gift",
    "item-analysis": "_patterns.csv", "survey-files": ".sss", "survey-r": ".json", "choice": ".json",
    "xbrl-facts": ".zip", "xbrl-sums": ".zip", "tatqa": ".json", "nist": ".dat",
    "ab-tests": "ab_published.csv", "caps": "campaign.csv", "kb-hit5": ".json", "kb-first": ".json",
    "entities": ".csv", "name-checks": ".json", "hmda": ".parquet", "rosters": ".txt", "screening": ".csv",
}  # fmt: skip
ODD = {
    "empty": b"",
    "cut": b"<?xml version='1.0'?><definitions",
    "binary": bytes(range(256)),
    "entity": b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><a>&x;</a>",
    "encoding": "<?xml version='1.0' encoding='UTF-8'?><a>\xe4</a>".encode("latin-1"),
    "text": b"[1, 2",
}
"""Files that are nothing anybody can read."""


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A suite's module by name."""
    monkeypatch.syspath_prepend(str(ROOT))
    suites = importlib.import_module("conformance.__main__").SUITES
    return lambda name: importlib.import_module(f"conformance.{suites[name]}")


@pytest.mark.parametrize("suite", ENDINGS)
@pytest.mark.parametrize("inside", [True, False], ids=["all data", "the suite"])
def test_files_that_cannot_be_read_are_named_and_the_rest_goes_on(
    suite: str, inside: bool, tmp_path: Path, runner: Any
) -> None:
    folder = tmp_path / PLACES[suite]
    folder.mkdir(parents=True)
    for name, content in ODD.items():
        (folder / f"{name}{ENDINGS[suite]}").write_bytes(content)
    (folder / f"folder{ENDINGS[suite]}").mkdir()
    (folder / "README.md").write_text("# Read me")
    (folder / "deeper").mkdir()
    (folder / f"deeper/gone{ENDINGS[suite]}").symlink_to(tmp_path / "nowhere")
    score = runner(suite).run(tmp_path if inside else folder)
    # The entity is not followed, and without it this is another kind of document to the suites that count those.
    wanted = {*ODD, "gone"} - {"entity"}
    assert {name for name in wanted if any(name in line for line in score.failed)} == wanted
    assert score.passed == 0
    assert score.total == len(score.failed)
    score.print()


@pytest.mark.parametrize("suite", PLACES)
def test_a_folder_without_a_case_has_none(suite: str, tmp_path: Path, runner: Any) -> None:
    (tmp_path / PLACES[suite]).mkdir(parents=True)
    score = runner(suite).run(tmp_path)
    assert score.passed == 0
    assert score.total == len(score.failed)
    assert all("tests.json" in line for line in score.failed)


@pytest.mark.parametrize(
    "scenario",
    [
        "{}", "[]", "null", '{"steps": []}', '{"steps": [{}], "model": "absent.cmmn", "expressions": {}}',
        '{"steps": [{"do": {"start": {"case": "x"}}, "expect": {}}]}', '{"steps": 5, "model": 3}',
        '{"steps": [{"do": {}}], "model": "../outside.cmmn", "expressions": []}',
    ],
)  # fmt: skip
def test_a_scenario_of_another_shape_fails_by_name(scenario: str, tmp_path: Path, runner: Any) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios/odd.json").write_text(scenario)
    score = runner("cmmn-kit").run(tmp_path)
    assert (score.passed, score.total) == (0, 1)
    assert score.failed[0].startswith("odd: ")


@pytest.mark.parametrize("suite", ["cash-flows", "mcda"])
def test_examples_of_another_shape_fail_by_name(suite: str, tmp_path: Path, runner: Any) -> None:
    odd = [
        {}, 5, None, {"id": "x", "case": "x", "method": "EVIL()", "matrix": [[1]], "weights": [1], "types": [1]},
        {"method": "__import__('os').getcwd()", "matrix": [[1]], "types": [1], "weights": [1], "expected": [1]},
        {"method": ["TOPSIS()"], "matrix": [], "objectives": ["most"], "expected": []},
        {"flows": [["2026-13-01", "1"]]}, {"flows": [], "xirr": None, "xnpv_10": 0, "irr_periodic": None, "npv_8": 0},
    ]  # fmt: skip
    (tmp_path / "odd.json").write_text(json.dumps(odd))
    score = runner(suite).run(tmp_path)
    assert (score.passed, score.total, len(score.failed)) == (0, len(odd), len(odd))


def test_tests_of_betsy_of_another_shape_fail_by_name(tmp_path: Path, runner: Any) -> None:
    odd = [
        {"name": "NoGroup", "cases": []}, 5, {"group": "g", "name": "NoCases"},
        {"group": "g", "name": "Absent", "cases": [{"traces": ["x"]}]},
        {"group": "g", "name": "Odd", "cases": [{"traces": 7}], "file": "../../etc"},
    ]  # fmt: skip
    (tmp_path / "tests.json").write_text(json.dumps(odd))
    score = runner("betsy").run(tmp_path)
    assert score.total == 5
    assert [line.split(":")[0] for line in score.failed] == ["no group/test 2", "g/NoCases", "g/Absent", "g/Odd"]
    (tmp_path / "tests.json").write_text('{"tests": []}')
    (line,) = runner("betsy").run(tmp_path).failed
    assert "tests.json: no list of tests" in line


def test_a_test_file_of_the_kit_may_be_anywhere_and_of_any_name(tmp_path: Path, runner: Any) -> None:
    space = "http://www.omg.org/spec/DMN/20160719/testcase"
    case = '<testCase id="1"><resultNode name="d"><expected/></resultNode></testCase>'
    (tmp_path / "any.xml").write_text(f'<testCases xmlns="{space}">{case}</testCases>')
    (tmp_path / "other.xml").write_text("<pom/>")
    score = runner("dmn-tck").run(tmp_path)
    assert (score.total, score.extra["null_total"]) == (1, 1)
    assert "the model cannot be read" in score.failed[0]


def test_what_is_measured_leaves_out_and_names_what_is_not_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    clauses, review = (importlib.import_module(f"benchmarks.{name}") for name in ("clauses", "review_queue"))
    (tmp_path / "contracts").mkdir()
    (tmp_path / "contracts/One.txt").write_text("This agreement is governed by the laws of Ireland.")
    (tmp_path / "master_clauses.csv").write_text(
        "Filename,Governing Law,Governing Law-Answer\nOne.pdf,\"['the laws of Ireland']\",Ireland\nTwo.pdf,[],\n"
    )
    assert len(clauses.cuad(tmp_path)) == 1
    assert "left out: Two.pdf" in capsys.readouterr().err
    clauses.measure_cuad(clauses.cuad(tmp_path))
    (tmp_path / "dev.json").write_text(json.dumps({"documents": [{}, 5], "labels": {}}))
    clauses.measure_nli(tmp_path / "dev.json")
    told = capsys.readouterr()
    assert told.out.count("too few") == 2
    assert "document 2" in told.err
    (tmp_path / "odd.csv").write_text("record_id,title,label_included\n1,a,1\n1,b,0\n,c,0\n2,d,?\n3,e,0\n")
    documents, truth = review.read(tmp_path / "odd.csv")
    assert (len(documents), truth) == (2, {"1": True, "3": False})
    assert capsys.readouterr().err.count("left out: odd.csv") == 3
    for module in (clauses, review):
        monkeypatch.setattr(sys, "argv", ["measure", str(tmp_path / "absent")])
        module.main()
    assert capsys.readouterr().out.count("no data") == 3


def called(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "conformance", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def test_a_folder_that_is_absent_or_empty_is_told(tmp_path: Path) -> None:
    absent = called("dmn-tck", tmp_path / "nowhere")
    assert (absent.returncode, "is no folder" in absent.stderr) == (2, True)
    empty = called("dmn-tck", tmp_path)
    assert (empty.returncode, "holds no case of dmn-tck" in empty.stderr) == (1, True)
    assert json.loads(empty.stdout.splitlines()[-1])["total"] == 0


def test_the_score_of_the_properties_is_that_of_pytest(runner: Any) -> None:
    told = etree.fromstring(
        '<testsuites><testsuite><testcase file="tests/a.py" classname="tests.a" name="one"/>'
        '<testcase file="tests/a.py" classname="tests.a.Many" name="two[x]"><failure message="not so&#10;more"/>'
        '</testcase><testcase classname="a" name="three"><skipped/></testcase></testsuite></testsuites>'
    )
    score = runner("properties").counted(told)
    assert (score.passed, score.total, score.extra) == (1, 2, {"skipped": 1})
    again = "ANYSHORE_DRAWS=full PYTHONHASHSEED=0 .venv/bin/pytest -n 0 'tests/a.py::Many::two[x]'"
    assert score.failed == [f"tests/a.py::Many::two[x]: not so (again: {again})"]
