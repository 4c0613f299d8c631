"""Planning at run time: discretionary items, adding, skipping, repeating, reordering; saving the changed plan."""

from __future__ import annotations

import pytest

from anyshore import cmmn
from anyshore.base.errors import CommandRejected
from anyshore.cmmn.records import Planned
from tests.cmmn.cases import Case

REVIEW = """
case: review
roles: {expert: Expert, clerk: Clerk}
items:
  read: {type: human, name: Read}
  check: {type: human, name: Check, after: read}
  agree: {type: milestone, name: Agreed, after: check}
  sign: {type: human, name: Sign off, after: agree, required: true}
optional:
  ask: {type: human, name: Ask the client, planners: [expert]}
  translate: {type: human, when: language != "en"}
"""


def review(**variables: object) -> Case:
    case = Case(REVIEW)
    case.start(**{"language": "en", **variables})
    return case


def test_what_may_be_planned_depends_on_rules_and_roles() -> None:
    case = review()
    names = [p.item for p in cmmn.offers(case.definition, case.state, 0)]
    assert names == ["ask"]
    assert [p.item for p in cmmn.offers(case.definition, case.state, 0, roles=["clerk"])] == []
    case.set(language="de")
    assert [p.item for p in cmmn.offers(case.definition, case.state, 0)] == ["ask", "translate"]


def test_a_discretionary_item_is_planned_with_a_reason() -> None:
    case = review()
    with pytest.raises(CommandRejected, match="reason"):
        case.act("plan", "ask")
    with pytest.raises(CommandRejected, match="reserved"):
        case.act("plan", "ask", reason="unclear", roles=["clerk"])
    records = case.act("plan", "ask", reason="Clause 4 is unclear.", roles=["expert"])
    (planned,) = [r for r in records if isinstance(r, Planned)]
    assert (planned.verb, planned.element, planned.by, planned.reason) == ("plan", "ask", "ada", "Clause 4 is unclear.")
    assert case.open == ["read", "ask"]
    assert cmmn.offers(case.definition, case.state, 0) == []
    with pytest.raises(CommandRejected, match="not offered"):
        case.act("plan", "ask", reason="again")


def test_what_is_not_offered_is_refused() -> None:
    case = review()
    with pytest.raises(CommandRejected, match="not offered"):
        case.act("plan", "translate", reason="to be sure")


def test_an_open_offer_keeps_a_case_without_auto_completion_open() -> None:
    case = review()
    for task in ("read", "check", "sign"):
        case.complete(task)
    assert case.outcome is None
    case.act("complete")
    assert case.outcome == "completed"


def test_a_human_task_offers_items_while_it_is_active() -> None:
    case = Case("""
        items:
          a: {type: human, optional: {b: {type: human}, c: {type: human, after: a}}}
          d: {type: human}
    """)
    case.start()
    case.act("plan", "c", reason="later")
    case.complete("a")
    assert case.open == ["d", "c"]
    with pytest.raises(CommandRejected, match="not offered"):
        case.act("plan", "b", reason="too late")


def test_a_plan_fragment_is_planned_whole() -> None:
    text = """<definitions xmlns="http://www.omg.org/spec/CMMN/20151109/MODEL" targetNamespace="t">
      <case id="x"><casePlanModel id="x.plan">
        <planItem id="a" definitionRef="h"/>
        <planningTable><discretionaryItem id="both" definitionRef="f"/></planningTable>
        <humanTask id="h"/>
        <planFragment id="f">
          <planItem id="one" definitionRef="h"/>
          <planItem id="two" definitionRef="h"><entryCriterion id="e" sentryRef="s"/></planItem>
          <sentry id="s"><planItemOnPart sourceRef="one"><standardEvent>complete</standardEvent>
          </planItemOnPart></sentry>
        </planFragment>
      </casePlanModel></case></definitions>"""
    case = Case(cmmn.link(cmmn.read(text)))
    case.start()
    case.act("plan", "both", reason="needed")
    assert case.open == ["a", "one"]
    case.complete("one")
    assert case.open == ["a", "two"]


def test_a_plan_fragment_in_the_plan_itself_only_draws_a_line_around_its_items() -> None:
    text = """<definitions xmlns="http://www.omg.org/spec/CMMN/20151109/MODEL" targetNamespace="t">
      <case id="x"><casePlanModel id="x.plan">
        <planItem id="a" definitionRef="h"/>
        <planItem id="group" definitionRef="f"><entryCriterion id="ge" sentryRef="gs"/></planItem>
        <sentry id="gs"><planItemOnPart sourceRef="a"><standardEvent>complete</standardEvent></planItemOnPart></sentry>
        <humanTask id="h"/>
        <planFragment id="f">
          <planItem id="one" definitionRef="h"/>
          <planItem id="two" definitionRef="h"><entryCriterion id="e" sentryRef="s"/></planItem>
          <sentry id="s"><planItemOnPart sourceRef="a"><standardEvent>complete</standardEvent>
          </planItemOnPart></sentry>
        </planFragment>
      </casePlanModel></case></definitions>"""
    model = cmmn.read(text)
    (told,) = cmmn.check(model)
    assert (told.code, told.severity, told.location.element) == ("cmmn.fragment", "warning", "group")
    case = Case(cmmn.link(model))
    case.start()
    assert case.open == ["a", "one"]
    case.complete("a")
    assert case.open == ["one", "two"]
    case.complete("one")
    case.complete("two")
    assert case.outcome == "completed"


def test_an_item_no_model_has_is_added() -> None:
    case = review()
    case.complete("read")
    item = {"type": "human", "name": "Call counsel", "after": ["read", "check"], "role": "expert"}
    case.act("add", reason="The law changed.", id="counsel", item=item)
    assert case.states("counsel") == ["available"]
    case.complete("check")
    assert sorted(case.open) == ["counsel", "sign"]
    assert case.wait("counsel").data["role"] == "expert"
    case.complete("counsel")


def test_a_whole_stage_is_added() -> None:
    case = review()
    inside = {"p": {"type": "human"}, "q": {"type": "human", "after": "p"}}
    case.act("add", reason="second opinion", id="opinion", item={"type": "stage", "items": inside})
    case.complete("p")
    assert "q" in case.open


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ({"type": "humna"}, "human"),
        ({"type": "human", "after": "raed"}, "read"),
        ({"type": "human", "nmae": "x"}, "name"),
        ({"type": "human", "required": "1 +"}, "FEEL|expression|expected"),
        (None, "mapping"),
    ],
)
def test_a_wrong_item_is_refused_and_changes_nothing(item: object, message: str) -> None:
    case = review()
    with pytest.raises(CommandRejected, match=message):
        case.act("add", reason="x", id="new", item=item)
    assert "plan" not in case.private


def test_an_added_id_must_be_new() -> None:
    case = review()
    with pytest.raises(CommandRejected, match="read"):
        case.act("add", reason="x", id="read", item={"type": "human"})


def test_what_waited_for_a_skipped_item_goes_on() -> None:
    case = review()
    case.complete("read")
    case.act("skip", "check", reason="The contract is a standard one.")
    assert case.last("check") == "terminated"
    assert case.milestones == ["Agreed"]
    assert case.open == ["sign"]


def test_required_items_are_not_skipped() -> None:
    case = review()
    with pytest.raises(CommandRejected, match="required"):
        case.act("skip", "sign", reason="no time")


def test_an_ended_item_is_repeated_at_once() -> None:
    case = review()
    case.complete("read")
    case.complete("check")
    case.act("repeat", "check", reason="A page was missing.")
    assert sorted(case.open) == ["check", "sign"]


def test_items_are_reordered() -> None:
    case = review()
    case.act("reorder", "check", reason="can be done first", after=[])
    assert case.open == ["read", "check"]
    case.complete("check")
    assert case.open == ["read", "sign"]


def test_an_item_put_behind_what_has_ended_begins() -> None:
    case = Case("items: {a: {type: human}, b: {type: human}, c: {type: human, enter: [{if: never}]}}")
    case.start()
    case.complete("a")
    case.act("reorder", "c", reason="x", after=["a"])
    assert sorted(case.open) == ["b", "c"]


@pytest.mark.parametrize(
    ("element", "after", "message"),
    [("check", ["sign"], "itself"), ("check", ["nobody"], "nobody"), ("read", [], "active"), ("check", "read", "list")],
)
def test_orders_that_cannot_be_are_refused(element: str, after: object, message: str) -> None:
    case = review()
    with pytest.raises(CommandRejected, match=message):
        case.act("reorder", element, reason="x", after=after)


def test_the_changed_plan_is_saved_as_a_new_version() -> None:
    case = review()
    case.act("add", reason="r", id="counsel", item={"type": "human", "name": "Call counsel", "after": "read"})
    case.act("reorder", "sign", reason="r", after=["counsel", "agree"])
    case.act("skip", "check", reason="r")
    model = cmmn.revised(case.definition, case.state, version="2")
    assert cmmn.revised(case.definition, case.log, version="2") == model
    text = cmmn.native.dumps(model)
    assert cmmn.native.loads(text) == cmmn.native.loads(cmmn.native.dumps(cmmn.native.loads(text)))
    plan = cmmn.native.loads(text).case().plan
    assert plan is not None
    assert [item.id for item in plan.plan_items] == ["read", "agree", "sign", "counsel"]
    again = Case(cmmn.link(cmmn.native.loads(text)))
    again.start(language="en")
    again.complete("read")
    assert again.milestones == ["Agreed"]
    again.complete("counsel")
    assert again.open == ["sign"]
    assert "version: '2'" in text


def test_the_definition_itself_is_not_changed() -> None:
    case = review()
    case.act("add", reason="r", id="counsel", item={"type": "human"})
    assert "counsel" not in case.definition.items
    other = Case(case.definition)
    other.start(language="en")
    assert other.open == ["read"]
    assert "counsel" in cmmn.live_plan(case.definition, case.state).items
