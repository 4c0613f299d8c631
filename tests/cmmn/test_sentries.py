"""Entry and exit sentries: on-parts, if-parts, their memory and their order (CMMN 1.1, 5.4.6, 8.5; ADR 0302)."""

from __future__ import annotations

from decimal import Decimal

from anyshore import cmmn
from anyshore.cmmn.records import Heard, Satisfied
from anyshore.kernel.commands import Retry
from tests.cmmn.cases import Case, moves


def test_all_on_parts_of_a_criterion_must_occur() -> None:
    case = Case("items: {a: {type: human}, b: {type: human}, c: {type: human, after: [a, b]}}")
    case.start()
    case.complete("b")
    assert case.states("c") == ["available"]
    case.complete("a")
    assert case.open == ["c"]


def test_any_of_several_criteria_suffices() -> None:
    case = Case("items: {a: {type: human}, b: {type: human}, c: {type: human, enter: [{on: a}, {on: b}]}}")
    case.start()
    records = case.complete("b")
    assert [r.criterion for r in records if isinstance(r, Satisfied)] == ["c.enter.2"]
    assert "c" in case.open


def test_an_on_part_stays_satisfied_until_the_condition_is_true() -> None:
    case = Case("items: {a: {type: human}, b: {type: human, enter: [{on: a, if: amount > 100}]}}")
    case.start(amount=5)
    records = case.complete("a")
    assert [(r.criterion, r.part) for r in records if isinstance(r, Heard)] == [("b.enter.1", "a:complete")]
    case.set(amount=50)
    assert case.states("b") == ["available"]
    case.set(amount=500)
    assert case.open == ["b"]


def test_a_condition_that_is_null_is_not_true() -> None:
    case = Case(
        "items: {a: {type: human, enter: [{if: nothing > 1}, {if: '\"text\"'}, {if: missing.field}]}, b: {type: human}}"
    )
    case.start()
    assert case.states("a") == ["available"]


def test_the_exit_fires_before_the_entry() -> None:
    case = Case("items: {u: {type: user}, a: {type: human, after: u, exit: [{on: u}]}, b: {type: human}}")
    case.start()
    assert moves(case.act("occur", "u")) == [("u", "occur"), ("a", "exit")]


def test_outer_items_exit_before_inner_ones() -> None:
    case = Case("""
        items:
          u: {type: user}
          s: {type: stage, exit: [{on: u}], items: {a: {type: human, exit: [{on: u}]}}}
          b: {type: human}
    """)
    case.start()
    records = case.act("occur", "u")
    assert [r.id for r in records if isinstance(r, Satisfied)] == [case.node("b").id - 1]
    assert moves(records) == [("u", "occur"), ("a", "exit"), ("s", "exit")]


def test_items_are_entered_in_the_order_of_their_creation() -> None:
    case = Case("items: {c: {type: human, after: u}, a: {type: human, after: u}, b: {type: human}, u: {type: user}}")
    case.start()
    assert [e for e, _ in moves(case.act("occur", "u"))] == ["u", "c", "a"]


def test_the_case_ends_by_its_own_exit_criterion() -> None:
    case = Case("exit: [{on: u, if: sure}]\nitems: {u: {type: user}, a: {type: human}}")
    case.start()
    case.act("occur", "u")
    assert case.outcome is None
    case.set(sure=True)
    assert case.outcome == "terminated"


def test_creation_can_be_waited_for() -> None:
    case = Case("items: {a: {type: human}, b: {type: milestone, name: B, enter: [{on: a create}]}}")
    case.start()
    assert case.milestones == ["B"]


def test_an_on_part_can_name_the_criterion_that_caused_an_exit() -> None:
    text = """<definitions xmlns="http://www.omg.org/spec/CMMN/20151109/MODEL" targetNamespace="t">
      <case id="x"><casePlanModel id="x.plan">
        <planItem id="a" definitionRef="h">
          <exitCriterion id="one" sentryRef="s1"/><exitCriterion id="two" sentryRef="s2"/>
        </planItem>
        <planItem id="u1" definitionRef="u"/><planItem id="u2" definitionRef="u"/>
        <planItem id="m" definitionRef="m1"><entryCriterion id="e" sentryRef="s3"/></planItem>
        <sentry id="s1"><planItemOnPart sourceRef="u1"><standardEvent>occur</standardEvent></planItemOnPart></sentry>
        <sentry id="s2"><planItemOnPart sourceRef="u2"><standardEvent>occur</standardEvent></planItemOnPart></sentry>
        <sentry id="s3"><planItemOnPart sourceRef="a" exitCriterionRef="two"><standardEvent>exit</standardEvent>
        </planItemOnPart></sentry>
        <humanTask id="h"/><userEventListener id="u"/><milestone id="m1" name="by two"/>
      </casePlanModel></case></definitions>"""
    for listener, reached in (("u1", []), ("u2", ["by two"])):
        case = Case(cmmn.link(cmmn.read(text)))
        case.start()
        case.act("occur", listener)
        assert case.milestones == reached


def test_a_condition_can_be_about_a_document() -> None:
    case = Case("""
        documents: {contract: {}}
        items: {a: {type: human, enter: [{on: contract update, if: value > 10, about: contract}]}, b: {type: human}}
    """)
    case.start()
    case.set(contract={"value": 5})
    case.set(contract={"value": 6})
    assert case.open == ["b"]
    case.set(contract={"value": 60})
    assert case.open == ["b", "a"]


def test_events_heard_before_a_restart_are_remembered() -> None:
    """The harness stores and reads the case after every command; the on-part of ``a`` survives that."""
    case = Case("items: {a: {type: human}, b: {type: human}, c: {type: milestone, name: C, after: [a, b]}}")
    case.start()
    case.complete("a")
    assert case.node("c").private["heard"] == {"c.enter.1": ["a:complete"]}
    case.complete("b")
    assert case.milestones == ["C"]


def test_a_condition_that_breaks_its_budget_is_one_incident_and_can_be_retried() -> None:
    case = Case("items: {a: {type: human, enter: [{if: count(for i in 1..n return i) > 0}]}, b: {type: human}}")
    case.start(n=1_000_000_000)
    assert len(case.incidents) == 1
    case.set(n=2_000_000_000)
    assert len(case.incidents) == 1
    assert case.states("a") == ["available"]
    case.do(Retry(at=1, wait=case.waits(kind="incident")[0].id, variables={"n": Decimal(3)}))
    assert case.open == ["b", "a"]
    assert not case.incidents
