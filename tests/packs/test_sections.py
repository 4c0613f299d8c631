"""The sections of a pack that say what is made of its work: report, words, play, demonstration."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from anyshore.base.errors import PackError
from anyshore.packs import checking, reading
from anyshore.packs import report as reports
from anyshore.packs.reading import Pack

TEMPLATE = reading.SHIPPED / "_template"
TITLE = "{en: A, de: B}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEMPLATE, tmp_path / "template"))


def said(folder: Path, text: str) -> Path:
    """The template with further sections, those it has of the same name left out."""
    path = folder / "pack.yaml"
    new = {line.partition(":")[0] for line in text.splitlines() if line and not line[0].isspace()}
    kept, keep = [], True
    for line in path.read_text(encoding="utf-8").splitlines():
        keep = line.partition(":")[0] not in new if line and not line[0].isspace() else keep
        kept += [line] if keep else []
    path.write_text("\n".join(kept) + "\n" + text, encoding="utf-8")
    return folder


def pack(folder: Path, text: str) -> Pack:
    return reading.read(said(folder, text))


def test_a_report_is_read_with_its_expressions(folder: Path) -> None:
    found = pack(
        folder,
        f"""
report:
  outcome: way
  outcomes: {{grant: {TITLE}}}
  reason: way
  reasons: {{ask: {TITLE}}}
  untouched: true
  details: {{ways: {{title: {TITLE}, of: way, when: amount > 3}}}}
  measures:
    amount: {{title: {TITLE}, of: amount, as: sum, unit: EUR, direction: down, standard: money asked for}}
    small: {{title: {TITLE}, of: amount < 9, as: share}}
    one: {{title: {TITLE}, of: 1.5}}
words: {{decide: {TITLE}}}
""",
    )
    report = found.report
    variables = {"way": "grant", "amount": Decimal(4)}
    assert report.facts(variables, "granted") == {
        "outcome": "grant", "untouched": True,
        "measures": {"amount": Decimal(4), "small": True, "one": Decimal("1.5")}, "details": {"ways": ["grant"]},
    }  # fmt: skip
    amount, small, one = (report.measures[name] for name in ("amount", "small", "one"))
    assert (amount.kind, amount.unit, amount.direction, amount.standard) == ("sum", "EUR", "down", "money asked for")
    assert ((small.kind, small.unit), (one.kind, one.unit)) == (("share", "%"), ("mean", ""))
    assert [found.words.say(word, "de") for word in ("grant", "ask", "decide", "else")] == ["B", "B", "B", "else"]
    assert reports.variables(report) == {"way", "amount"}


def test_what_a_host_keeps_of_a_pack_tells_its_report(folder: Path) -> None:
    found = pack(folder, "report: {outcome: way}\n")
    kept = reading.report_of(found.definitions)
    assert kept is not None
    assert kept.outcome_of({"way": "ask"}, "e") == "ask"
    assert reading.report_of({}) is None
    assert reading.report_of({"pack.yaml": b"id: ["}) is None
    assert reading.report_of({"pack.yaml": b"\xff"}) is None


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("report: {outcome: 'way +'}", ["feel.syntax"]),
        (f"report: {{outcome: '(', details: {{a: {{title: {TITLE}, of: '1 1'}}}}}}", ["feel.syntax", "feel.syntax"]),
        (f"report: {{measures: {{a: {{title: {TITLE}}}}}}}", ["yaml.missing-key"]),
        (f"report: {{measures: {{a: {{title: {TITLE}, of: x, as: total}}}}}}", ["yaml.value"]),
        (f"report: {{measures: {{a: {{title: {TITLE}, of: x, as: share, unit: EUR}}}}}}", ["pack.unit"]),
        ("words: {a: {en: A}}", ["yaml.missing-key"]),
        ("play: {}", ["yaml.missing-key"]),
        (f"play: {{note: {TITLE}, items: {{decide: {{person: 0}}}}}}", ["yaml.range"]),
        (f"play: {{note: {TITLE}, items: {{decyde: {{}}}}}}", ["pack.unknown-task"]),
        (f"play: {{note: {TITLE}, call: {{activity: payables.buy}}}}", ["pack.unknown-activity"]),
        (f"play: {{note: {TITLE}, plan: [{{element: decide, during: rule, reason: 1}}]}}", ["pack.play"]),
        (f"demonstration: {{order: 1, runs: [{{title: {TITLE}, play: true, simulate: true}}]}}", ["pack.no-play"]),
        (f"demonstration: {{order: 1, runs: [{{title: {TITLE}, data: /etc}}]}}", ["yaml.pattern"]),
    ],
)  # fmt: skip
def test_problems_are_told_with_their_place(folder: Path, text: str, codes: list[str]) -> None:
    found = checking.check(said(folder, text + "\n"))
    assert [problem.code for problem in found] == codes
    assert all(problem.location.line and str(problem.location.file).endswith("pack.yaml") for problem in found)


def test_learning_names_what_there_is_and_says_what_there_is_not(folder: Path) -> None:
    text = """
learning:
  own: training.mine
  file: training.file
  ask: seat
  learner: who
  forms: [ask, hand-in]
  test: {form: ask, questions: asked, answers: said}
  attendance: {form: list, field: there, there: "yes", away: "no"}
"""
    found = checking.check(said(folder, text))
    assert {problem.code for problem in found} == {"pack.learning"}
    assert [problem.message for problem in found] == [
        "There is no activity 'training.mine'.", "There is no kind of intake 'seat'.", "There is no field 'said'.",
        "There is no form 'list'.", "There is no field 'there'.", "There is no form 'hand-in'.",
    ]  # fmt: skip


def test_a_demonstration_needs_terms(folder: Path) -> None:
    (folder / "terms.yaml").unlink()
    found = checking.check(said(folder, f"demonstration: {{order: 1, runs: [{{title: {TITLE}}}]}}\n"))
    assert [problem.code for problem in found] == ["pack.no-terms"]


def test_no_process_names_what_only_helps_to_try_a_service(folder: Path) -> None:
    path = folder / "request.bpmn"
    text = path.read_text(encoding="utf-8").replace(
        '<businessRuleTask id="rule" name="Apply the rule" anyshore:decision="Way" anyshore:result="way">',
        '<serviceTask id="rule" anyshore:activity="payables.make-up-references">',
    )
    path.write_text(text.replace("</businessRuleTask>", "</serviceTask>"), encoding="utf-8")
    assert "pack.unknown-activity" in [problem.code for problem in checking.check(folder)]


def test_a_broken_report_refuses_the_pack(folder: Path) -> None:
    with pytest.raises(PackError) as caught:
        pack(folder, "report: {outcome: '('}\n")
    assert "double quotes" in caught.value.diagnostics[0].hint or caught.value.diagnostics[0].hint
