"""The template people write by hand: every problem at once with its place; into CMMN XML and back."""

from __future__ import annotations

import json
from textwrap import dedent

import pytest

from anyshore import cmmn
from anyshore.base.errors import CmmnError
from anyshore.cmmn import names

FULL = """
case: review
name: Contract review
version: '2'
description: A review.
roles: {expert: Expert}
documents:
  contract: {name: contract, description: what is reviewed}
  letters: {many: true, documents: {answer: {}}}
auto_complete: true
exit:
- {on: withdraw}
items:
  intake:
    type: stage
    name: Intake
    required: true
    exit: [{on: [contract delete, withdraw], if: sure}]
    items:
      read: {type: human, role: expert, form: reading, inputs: {text: contract.text}, outputs: {notes: findings}}
      log: {type: task, activity: mail.send, wait: false}
    optional:
      ask: {type: human, when: count(letters) < 3, planners: [expert]}
  pay: {type: process, calls: payables, after: intake}
  sub: {type: case, calls: dispute, after: [intake, pay], enter: [{if: value > 1, about: contract}]}
  price: {type: decision, calls: price, manual: true, repeat: again}
  agreed: {type: milestone, name: Agreed, enter: [{on: price}]}
  late: {type: timer, at: P10D, calendar: office, starts_on: contract update}
  withdraw: {type: user, roles: [expert]}
  answer_in: {type: message, message: answered, key: reference}
"""


def problems(text: str) -> list[tuple[str, int | None, str]]:
    with pytest.raises(CmmnError) as refused:
        cmmn.native.loads(dedent(text), "x.case.yaml")
    assert all(d.location.file == "x.case.yaml" for d in refused.value.diagnostics)
    return [(d.code, d.location.line, d.hint) for d in refused.value.diagnostics]


def test_a_template_becomes_cmmn_and_comes_back() -> None:
    model = cmmn.native.loads(FULL)
    again = cmmn.read(cmmn.write(model))
    assert again == model
    assert cmmn.native.loads(cmmn.native.dumps(again)) == model


def test_a_written_template_reads_like_one() -> None:
    text = cmmn.native.dumps(cmmn.native.loads(FULL))
    assert "after: intake" in text
    assert "on: withdraw" in text
    assert cmmn.native.dumps(cmmn.native.loads(text)) == text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("case: x\nitmes: {}", [("yaml.missing-key", 1, "items"), ("yaml.unknown-key", 2, "'items'")]),
        ("case: x\nitems:\n  a: {type: humna}", [("yaml.value", 3, "'human'")]),
        ("case: x\nitems:\n  a: {name: A}", [("yaml.missing-key", 3, "stage")]),
        ("case: x\nitems:\n  a: {type: human, frm: y}", [("yaml.unknown-key", 3, "'form'")]),
        ("case: x\nitems:\n  a: {type: human, after: b}", [("cmmn.dangling", 3, "")]),
        ("case: x\nitems:\n  rea: {type: human}\n  b: {type: human, after: red}", [("cmmn.dangling", 4, "'rea'")]),
        ("case: x\nitems:\n  a: {type: human, required: '1 +'}", [("feel", 3, "")]),
        ("case: x\nitems:\n  a: {type: human, role: boss}", [("cmmn.dangling", 3, "")]),
        ("case: x\nitems:\n  a: {type: human, enter: [{on: b done}]}\n  b: {type: human}", [("cmmn.event", 3, "")]),
        ("case: x\nitems:\n  t: {type: timer, at: P1H}", [("cmmn.timer", 3, "")]),
        ("case: x\nitems:\n  t: {type: timer, at: P1M, calendar: office}", [("cmmn.timer", 3, "")]),
        ("case: x\nitems:\n  t: {type: timer, at: P1D, after: t}", [("yaml.unknown-key", 3, "")]),
        ("case: x\nitems:\n  a: {type: human}\n  s: {type: stage, items: {a: {type: human}}}",
         [("cmmn.duplicate-id", 4, "another")]),
        ("case: x\nitems:\n  a: {type: human, enter: [{on: a, about: c}]}",
         [("cmmn.dangling", 3, ""), ("cmmn.about", 3, "")]),
        ("case: 9x\nitems: {}", [("yaml.pattern", 1, "letters")]),
        ("case: x\nitems: [a]", [("yaml.type", 2, "")]),
        ("case: [", [("yaml.syntax", None, "")]),
        ("", [("yaml.type", 1, "")]),
    ],
)  # fmt: skip
def test_problems_have_place_and_hint(text: str, found: list[tuple[str, int | None, str]]) -> None:
    actual = problems(text)
    assert len(actual) == len(found), actual
    for (code, line, hint), (wanted, at, part) in zip(actual, found, strict=True):
        assert code.startswith(wanted)
        assert at is None or line == at
        assert part in hint


def test_all_problems_of_a_kind_come_at_once() -> None:
    assert len(problems("case: x\nitems:\n  a: {type: human, frm: 1}\n  b: {type: hum}\n  c: {typ: human}")) == 3
    assert len(problems("case: x\nitems:\n  a: {type: human, after: q}\n  b: {type: human, after: r, role: s}")) >= 2


def test_a_wrong_condition_is_found_in_its_line() -> None:
    ((_, line, _),) = problems("""
        case: x
        items:
          a:
            type: human
            enter:
            - if: amount >
    """)
    assert line == 7


def test_what_a_template_cannot_say_is_named() -> None:
    from tests.cmmn.test_xml import EVERYTHING

    with pytest.raises(CmmnError) as refused:
        cmmn.native.dumps(cmmn.read(EVERYTHING))
    said = " ".join(d.message for d in refused.value.diagnostics)
    for what in ("planning table in a planning table", "extensions", "one definition", "parameters"):
        assert what in said


def test_the_schema_is_published_and_json() -> None:
    schema = cmmn.native.schema()
    assert schema["$id"] == "https://anyshore.org/schemas/case.json"
    json.dumps(dict(schema), default=str)


def test_words_yaml_likes_to_change_stay_what_they_are() -> None:
    model = cmmn.native.loads("case: x\nversion: 1.10\nitems: {a: {type: human, name: 'NO', required: true}}")
    assert model.case().version == "1.10"


def test_of_several_cases_one_is_named() -> None:
    plans = "".join(
        f'<case id="{name}"><casePlanModel id="{name}.plan"><planItem id="{name}.i" definitionRef="{name}.t"/>'
        f'<humanTask id="{name}.t" name="Read"/></casePlanModel></case>'
        for name in ("intake", "appeal")
    )
    model = cmmn.read(f'<definitions xmlns="{names.CMMN}" targetNamespace="t">{plans}</definitions>')
    assert cmmn.native.dumps(model, "appeal").startswith("case: appeal")
    with pytest.raises(CmmnError, match="2 cases: intake, appeal"):
        cmmn.native.dumps(model)
    with pytest.raises(CmmnError, match="no case 'apeal'") as refused:
        cmmn.native.dumps(model, "apeal")
    assert "appeal" in refused.value.hint
