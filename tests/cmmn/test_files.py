"""The case file: documents arrive, change and go, and sentries hear of it (CMMN 1.1, 5.3, 8.3)."""

from __future__ import annotations

from typing import Any

import pytest

from anyshore.base.errors import CommandRejected
from anyshore.cmmn.records import FileChanged
from anyshore.kernel.records import Record
from anyshore.kernel.state import ROOT
from tests.cmmn.cases import Case

FILE = """
documents:
  contract: {}
  letters: {many: true}
  dossier: {documents: {memo: {}, notes: {many: true}}}
items: {a: {type: human}}
"""


def events(records: list[Record]) -> list[tuple[str, str]]:
    return [(r.item, r.transition) for r in records if isinstance(r, FileChanged)]


@pytest.mark.parametrize(
    ("before", "written", "heard"),
    [
        ({}, {"contract": "text"}, [("contract", "create")]),
        ({"contract": "text"}, {"contract": "new"}, [("contract", "update")]),
        ({"contract": "text"}, {"contract": None}, [("contract", "delete")]),
        ({}, {"contract": None}, []),
        ({}, {"letters": ["one", "two"]}, [("letters", "create"), ("letters", "create")]),
        ({"letters": ["one"]}, {"letters": ["two"]}, [("letters", "update")]),
        ({"letters": ["one", "two"]}, {"letters": ["two"]}, [("letters", "delete")]),
        ({}, {"memo": "text"}, [("memo", "create"), ("dossier", "addChild")]),
        ({"memo": "text"}, {"memo": None}, [("memo", "delete"), ("dossier", "removeChild")]),
        ({}, {"other": 1}, []),
    ],
)
def test_writing_makes_transitions(before: dict[str, Any], written: dict[str, Any], heard: list[Any]) -> None:
    case = Case(FILE)
    case.start(**before)
    assert events(case.set(**written)) == heard


def test_documents_given_at_the_start_are_heard() -> None:
    case = Case("documents: {contract: {}}\nitems: {a: {type: human, after: contract}}")
    case.start(contract="text")
    assert case.open == ["a"]


def test_a_document_in_the_result_of_a_task_is_heard() -> None:
    case = Case("documents: {memo: {}}\nitems: {a: {type: human}, b: {type: human, enter: [{on: memo}]}}")
    case.start()
    case.complete("a", memo={"text": "findings"})
    assert case.open == ["b"]


def test_every_new_letter_starts_a_task() -> None:
    case = Case("documents: {letters: {many: true}}\nitems: {a: {type: human, after: letters, repeat: true}}")
    case.start()
    case.act("file", "letters", event="create", value="first")
    case.act("file", "letters", event="create", value="second")
    assert case.variables["letters"] == ["first", "second"]
    assert case.open == ["a", "a"]


@pytest.mark.parametrize("event", ["replace", "addReference", "removeReference"])
def test_other_transitions_come_by_name(event: str) -> None:
    case = Case(f"documents: {{contract: {{}}}}\nitems: {{a: {{type: human, enter: [{{on: contract {event}}}]}}}}")
    case.start()
    case.act("file", "contract", event=event)
    assert case.open == ["a"]


def test_unknown_documents_and_events_are_refused() -> None:
    case = Case(FILE)
    case.start()
    with pytest.raises(CommandRejected, match="contract"):
        case.act("file", "contrat", event="create")
    with pytest.raises(CommandRejected, match="no event"):
        case.act("file", "contract", event="burn")


def test_a_timer_waits_for_a_document_to_change() -> None:
    case = Case("documents: {c: {}}\nitems: {t: {type: timer, at: PT1H, starts_on: c update}, a: {type: human}}")
    case.start(c="one")
    assert not case.waits(kind="timer")
    case.set(c="two")
    assert case.waits(kind="timer")


def test_one_of_many_documents_goes_and_the_others_stay() -> None:
    case = Case("""
        documents: {letters: {many: true}}
        items: {a: {type: human}, m: {type: milestone, name: M, after: letters delete, repeat: true}}
    """)
    case.start()
    for letter in ("one", "two"):
        case.act("file", "letters", event="create", value=letter)
    case.act("file", "letters", event="delete", value="one")
    assert case.state.variables[ROOT]["letters"] == ["two"]
    case.act("file", "letters", event="delete")
    assert case.state.variables[ROOT]["letters"] is None
    assert case.milestones == ["M", "M"]
