"""Forms: located problems when read, typed values when filled in."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore import forms
from anyshore.base.errors import FormError
from anyshore.base.temporal import Date

TEXT = """
forms:
  clarify:
    title: {en: Clarify, de: Klären}
    shows: [reason]
    fields:
      - {id: decision, type: choice, label: {en: Decision}, required: true,
         choices: [{value: book, label: {en: Book it}}, {value: return, label: {en: Send back}}]}
      - {id: amount, type: number, label: {en: Amount}, minimum: 0, maximum: 100.5}
      - {id: due, type: date, label: {en: Due}, minimum: 2026-01-01}
      - {id: urgent, type: yes-no, label: {en: Urgent}}
      - {id: note, type: long text, label: {en: Note}, max-length: 10}
"""


@pytest.fixture
def form() -> forms.Form:
    return forms.loads(TEXT)["clarify"]


def test_answers_become_feel_values(form: forms.Form) -> None:
    typed = {"decision": "book", "amount": "12.50", "due": "2026-05-01", "urgent": "on", "note": " well "}
    values, problems = forms.validate(form, typed)
    assert not problems
    assert values == {
        "decision": "book", "amount": Decimal("12.50"), "due": Date.parse("2026-05-01"), "urgent": True, "note": "well",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({}, "form.required"),
        ({"decision": "burn"}, "form.choice"),
        ({"decision": "book", "amount": "12,5"}, "form.number"),
        ({"decision": "book", "amount": "NaN"}, "form.number"),
        ({"decision": "book", "amount": True}, "form.number"),
        ({"decision": "book", "amount": "1e999999"}, "form.number"),
        ({"decision": "book", "amount": "1e-999999"}, "form.number"),
        ({"decision": "book", "amount": "0." + "1" * 40}, "form.number"),
        ({"decision": ["book"]}, "form.choice"),
        ({"decision": "book", "note": "a\0b"}, "form.text"),
        ({"decision": "book", "note": "\ud800"}, "form.text"),
        ({"decision": "book", "note": 7}, "form.type"),
        ({"decision": "book", "amount": "-1"}, "form.too-small"),
        ({"decision": "book", "amount": "100.51"}, "form.too-great"),
        ({"decision": "book", "due": "2025-12-31"}, "form.too-early"),
        ({"decision": "book", "due": "31.12.2026"}, "form.date"),
        ({"decision": "book", "urgent": "perhaps"}, "form.yes-no"),
        ({"decision": "book", "note": "far too long a text"}, "form.too-long"),
        ({"decision": "book", "colour": "red"}, "form.unknown-field"),
    ],
)
def test_each_unfit_answer_is_named(form: forms.Form, answers: dict[str, object], code: str) -> None:
    _, problems = forms.validate(form, answers)
    assert [problem.code for problem in problems] == [code]


@given(st.dictionaries(st.sampled_from(["decision", "amount", "due", "urgent", "note"]), st.text()))
def test_any_text_is_accepted_or_refused_but_never_fails(answers: dict[str, str]) -> None:
    values, problems = forms.validate(forms.loads(TEXT)["clarify"], answers)
    assert problems or values["decision"] in ("book", "return")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("forms: {a: {title: {en: A}, fields: [{id: x, type: colour, label: {en: X}}]}}", "forms.a.fields[0].type"),
        ("forms: {a: {title: {en: A}, fields: [{id: x, type: choice, label: {en: X}}]}}", "forms.a.fields[0]"),
        ("forms: {a: {title: {de: A}, fields: []}}", "forms.a.title"),
        ("form: {}", "form"),
    ],
)
def test_a_wrong_file_is_located(text: str, where: str) -> None:
    with pytest.raises(FormError) as caught:
        forms.loads(text, file="forms.yaml")
    places = [d.location for d in caught.value.diagnostics]
    assert all(place.file == "forms.yaml" and place.line == 1 for place in places)
    assert where in [place.element for place in places] + [None, "form"]


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("type: number, minimum: 2026-01-01", "form.limits"),
        ("type: date, maximum: 5", "form.limits"),
        ("type: text, minimum: 5", "form.limits"),
        ("type: number, minimum: 5, maximum: 4.5", "form.limits"),
        ("type: date, minimum: 2026-01-02, maximum: 2026-01-01", "form.limits"),
        ("type: number, max-length: 5", "form.limits"),
        ("type: number, suggestions: [{en: Ten}]", "form.suggestions"),
        ('type: number, minimum: "5"', "yaml.date"),
        ("type: choice, choices: [{value: a, label: {en: A}}, {value: a, label: {en: B}}]", "form.choices"),
    ],
)
def test_limits_and_choices_fit_their_field(field: str, code: str) -> None:
    text = f"forms:\n  a:\n    title: {{en: A}}\n    fields:\n      - {{id: x, label: {{en: X}}, {field}}}\n"
    with pytest.raises(FormError) as caught:
        forms.loads(text, file="forms.yaml")
    assert {(d.code, d.location.line) for d in caught.value.diagnostics} == {(code, 5)}


DEPENDENT = """
forms:
  match:
    title: {en: Match}
    fields:
      - {id: decision, type: choice, label: {en: Decision}, required: true,
         choices: [{value: match, label: {en: Match}}, {value: book, label: {en: Book}}]}
      - {id: number, type: text, label: {en: Number}, required: 'decision = "match"'}
      - {id: price, type: number, label: {en: Price}, required: 'number != null and decision = "match"'}
"""


@pytest.mark.parametrize(
    ("answers", "missing", "needed"),
    [
        ({"decision": "book"}, [], {"decision"}),
        ({"decision": "match"}, ["number"], {"decision", "number"}),
        ({"decision": "match", "number": "  "}, ["number"], {"decision", "number"}),
        ({"decision": "match", "number": "PO-1"}, ["price"], {"decision", "number", "price"}),
        ({"decision": "match", "number": "PO-1", "price": "3"}, [], {"decision", "number", "price"}),
        ({}, ["decision"], {"decision"}),
        ({"decision": "burn"}, ["decision"], {"decision"}),
    ],
)
def test_a_field_may_be_needed_because_of_another_answer(
    answers: dict[str, str], missing: list[str], needed: set[str]
) -> None:
    form = forms.loads(DEPENDENT)["match"]
    _values, problems = forms.validate(form, answers)
    assert [one.location.element for one in problems] == missing
    assert forms.needed(form, answers | {"unheard": "of"}) == needed


@pytest.mark.parametrize(
    ("condition", "code"), [("decision =", "feel.syntax"), ('decison = "match"', "form.unknown-field")]
)
def test_a_condition_that_cannot_hold_is_refused_with_its_place(condition: str, code: str) -> None:
    with pytest.raises(FormError) as caught:
        forms.loads(DEPENDENT.replace('decision = "match"\'}', condition + "'}", 1), file="forms.yaml")
    [found] = caught.value.diagnostics
    assert (found.code, found.location.line) == (code, 8)
