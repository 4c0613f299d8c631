"""The packs that ship, the template, and every way to break one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from anyshore.cli.main import app
from anyshore.packs import checking, reading, testing

TEMPLATE = reading.SHIPPED / "_template"
runner = CliRunner()


@pytest.mark.parametrize("folder", [*reading.find(), TEMPLATE], ids=lambda folder: folder.name)
def test_shipped_packs_have_no_problem_and_pass_their_scenarios(folder: Path) -> None:
    assert checking.check(folder) == []
    assert [outcome for outcome in testing.run(reading.read(folder)) if outcome.problem] == []


def test_the_template_is_hidden() -> None:
    assert TEMPLATE not in reading.find()
    listed = [one["id"] for one in json.loads(runner.invoke(app, ["pack", "list", "--json"]).stdout)]
    assert "payables" in listed
    assert "template" not in listed


def copy_of(pack: str, target: Path) -> Path:
    source = TEMPLATE if pack == "template" else reading.named(pack).folder
    return Path(shutil.copytree(source, target / pack))


def test_a_copy_of_the_template_with_another_name_is_a_pack(tmp_path: Path) -> None:
    folder = shutil.copytree(TEMPLATE, tmp_path / "visas")
    assert [p.code for p in checking.check(folder)] == ["pack.id"]
    for name in ("pack.yaml", "terms.yaml"):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(
            text.replace("id: template", "id: visas").replace("  template:", "  visas:"), "utf-8"
        )
    assert checking.check(folder) == []
    found = runner.invoke(app, ["pack", "test", str(folder), "--json"])
    assert found.exit_code == 0
    assert {one["problem"] for one in json.loads(found.stdout)} == {None}


BREAKS = [
    ("template", "pack.yaml", "id: template", "id: Template", ["yaml.pattern"]),
    ("template", "pack.yaml", "kind: bpo", "kind: ito", ["yaml.value"]),
    ("template", "pack.yaml", "  de: Kleine", "  fr: Kleine", ["yaml.missing-key", "yaml.unknown-key"]),
    ("template", "pack.yaml", "process:request", "process:requests", ["pack.start"]),
    ("template", "pack.yaml", "kind: bpo", "kind: [", ["yaml.syntax"]),
    ("template", "forms.yaml", "type: choice", "type: choise", ["yaml.value"]),
    ("template", "forms.yaml", "  request-decision:", "  request-decisions:", ["pack.unknown-form"]),
    ("template", "terms.yaml", "currency: EUR", "currency: EUX", ["terms.currency"]),
    ("template", "terms.yaml", "  template:", "  templates:", ["pack.terms"]),
    ("template", "scenarios.yaml", "expect:", "expects:", ["yaml.missing-key", "yaml.unknown-key"]),
    ("template", "way.dmn", "</definitions>", "", ["xml.malformed"]),
    ("template", "way.dmn", 'name="Way"', 'name="Weg"', ["pack.unknown-decision"]),
    ("template", "way.dmn", "&gt; 50", "&gt; 60", ["dmn.gap"]),
    ("template", "way.dmn", "&gt; 50", "&gt; fifty", ["dmn.unknown-name"]),
    ("template", "request.bpmn", "</definitions>", "", ["xml.malformed"]),
    (
        "template",
        "request.bpmn",
        'targetRef="decide"',
        'targetRef="decyde"',
        ["bpmn.EXT150", "bpmn.REF"],
    ),
    ("payables", "payables.bpmn", "einvoice.read", "einvoice.reed", ["pack.unknown-activity"]),
    ("payables", "terms.yaml", "outcomes: [invoice booked", "outcomes: [booked", ["pack.terms-outcome"]),
    ("payables", "scenarios.yaml", "08-not-xml.xml", "08-no-xml.xml", ["pack.sample"]),
    ("payables", "scenarios.yaml", "approved-seller: sellers.csv", "approved-seller: ../pack.yaml", ["pack.sample"]),
    ("contract-review", "case.yaml", "form: contract-memo", "form: contract-memos", ["pack.unknown-form"]),
]


@pytest.mark.parametrize(("pack", "file", "old", "new", "codes"), BREAKS, ids=[f"{b[1]}: {b[3]}" for b in BREAKS])
def test_every_kind_of_break_is_found_with_its_place(
    tmp_path: Path, pack: str, file: str, old: str, new: str, codes: list[str]
) -> None:
    folder = copy_of(pack, tmp_path)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    found = checking.check(folder)
    assert sorted({problem.code for problem in found}) == codes
    assert all(Path(problem.location.file or "").exists() and problem.message for problem in found)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"- a\n", b"a: &x 1\nb: *x\n"])
@pytest.mark.parametrize("file", ["pack.yaml", "forms.yaml", "terms.yaml", "scenarios.yaml", "request.bpmn", "way.dmn"])
def test_files_that_are_something_else(tmp_path: Path, file: str, content: bytes) -> None:
    folder = copy_of("template", tmp_path)
    (folder / file).write_bytes(content)
    assert any(problem.severity == "error" for problem in checking.check(folder))


def test_missing_files_and_programs(tmp_path: Path) -> None:
    folder = copy_of("template", tmp_path)
    (folder / "samples").mkdir(exist_ok=True)
    (folder / "samples" / "make.py").write_text("", encoding="utf-8")
    (folder / "scenarios.yaml").unlink()
    assert [(p.code, p.severity) for p in checking.check(folder)] == [
        ("pack.code", "error"),
        ("pack.untested", "warning"),
    ]
    (folder / "forms.yaml").unlink()
    (folder / "way.dmn").unlink()
    codes = {problem.code for problem in checking.check(folder)}
    assert {"pack.unknown-form", "pack.unknown-decision"} <= codes
    (folder / "pack.yaml").unlink()
    assert [p.code for p in checking.check(folder)] == ["file.unreadable"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("way: grant}", "way: ask}", "way is 'grant', expected 'ask'"),
        ("element: decide, answers: {decision: grant", "element: deside, answers: {decision: grant", "No work item"),
        ("decision: refuse, reason", "decision: burn, reason", "One of grant, refuse is needed"),
        ("{number: R-1, amount: 20}", "{number: R-1}", "the key 'amount' is missing"),
    ],
)  # fmt: skip
def test_a_scenario_that_fails_says_why_and_the_others_run(tmp_path: Path, old: str, new: str, told: str) -> None:
    folder = copy_of("template", tmp_path)
    path = folder / "scenarios.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new).replace("status: ended, way", "incidents: [], status: ended, way"), "utf-8")
    found = runner.invoke(app, ["pack", "test", str(folder), "--json"])
    assert found.exit_code == 1
    problems = [one["problem"] for one in json.loads(found.stdout) if one["problem"]]
    assert len(problems) == 1
    assert told in problems[0]
