"""Random cases under random commands: what must hold whatever the plan is.

The harness checks after every command that a restart changes nothing, that the same command gives the same records,
and that replaying all records gives the state.
"""

from __future__ import annotations

import contextlib
import json
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from anyshore import cmmn
from anyshore.base.errors import CommandRejected
from anyshore.cmmn.acts import LIFECYCLE_VERBS
from anyshore.cmmn.definition import Options
from anyshore.cmmn.lifecycles import CASE, ENDED
from anyshore.cmmn.records import Transitioned
from anyshore.kernel.commands import Act, Command, Fail, Migrate, Resolve, Resume, Retry, Start, Suspend, Write
from anyshore.kernel.records import Continued, Entered, Left, Yielded
from anyshore.kernel.state import ROOT
from tests.cmmn.cases import HOUR, Case, linked
from tests.draws import examples

NAMES = [f"i{n}" for n in range(8)]
VARIABLES = ["p", "q"]
EVENTS = {
    "human": ["complete", "exit", "start", "fault", "create"],
    "milestone": ["occur"],
    "user": ["occur"],
    "timer": ["occur"],
    "stage": ["complete", "exit", "start"],
    "task": ["complete"],
    "process": ["complete"],
}
rules = st.sampled_from([None, None, True, "p", "not(p)", "q > 1", "repetitionCounter < 3"])


@st.composite
def plans(draw: st.DrawFn) -> dict[str, Any]:
    """A template of up to eight items, one level of nesting, with sentries across it."""
    kinds = {
        name: draw(st.sampled_from(sorted(EVENTS))) for name in draw(st.permutations(NAMES))[: draw(st.integers(1, 8))]
    }
    items: dict[str, Any] = {name: item(draw, name, kind, kinds) for name, kind in kinds.items()}
    stages = [name for name, kind in kinds.items() if kind == "stage"]
    for name in list(items):
        if kinds[name] != "stage" and stages and draw(st.booleans()):
            items[draw(st.sampled_from(stages))]["items"][name] = items.pop(name)
    return {"case": "x", "auto_complete": draw(st.booleans()), "items": items}


def item(draw: st.DrawFn, name: str, kind: str, kinds: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {"type": kind}
    if kind == "stage":
        found |= {"items": {}, "auto_complete": draw(st.booleans())}
    if kind == "timer":
        found["at"] = draw(st.sampled_from(["PT1H", "R2/PT1H", "R/PT3H"]))
    if kind == "task":
        found["wait"] = False
    if kind == "process":
        found["calls"] = "p"
    for key in ("required", "repeat", "manual"):
        rule = draw(rules)
        if rule is not None and not (key == "manual" and kind in ("timer", "user", "milestone")):
            found[key] = rule
    for key in ("enter", "exit"):
        if key == "exit" or kind not in ("timer", "user"):
            criteria = [criterion(draw, kinds) for _ in range(draw(st.sampled_from([0, 0, 1, 2])))]
            found |= {key: criteria} if criteria else {}
    return found


def criterion(draw: st.DrawFn, kinds: dict[str, str]) -> dict[str, Any]:
    sources = draw(st.lists(st.sampled_from(sorted(kinds)), max_size=2, unique=True))
    found: dict[str, Any] = {}
    if sources:
        found["on"] = [f"{source} {draw(st.sampled_from(EVENTS[kinds[source]]))}" for source in sources]
    if not sources or draw(st.booleans()):
        found["if"] = draw(st.sampled_from(["p", "q > 1", "not(p)", "true"]))
    return found


def dumped(plan: dict[str, Any]) -> str:
    return json.dumps(plan)


@st.composite
def commands(draw: st.DrawFn, case: Case) -> Command:
    """A command that may or may not fit."""
    now = case.now + draw(st.sampled_from([0, HOUR, 2 * HOUR]))
    waits = list(case.state.waits.values())
    nodes = list(case.state.nodes)
    choice = draw(st.integers(0, 9))
    if waits and choice < 5:
        wait = draw(st.sampled_from(waits))
        if wait.kind == "incident":
            return Retry(at=now, wait=wait.id)
        return Resolve(at=now, wait=wait.id, variables=draw(values()))
    match choice:
        case 5 if waits:
            return Fail(at=now, wait=draw(st.sampled_from(waits)).id, code="e")
        case 6:
            return Write(at=now, variables=draw(values()))
        case 7:
            return draw(
                st.sampled_from([Suspend(at=now), Resume(at=now), Resume(at=now), Migrate(at=now, definition="test:1")])
            )
        case _:
            verb = draw(st.sampled_from([*LIFECYCLE_VERBS, "skip", "repeat", "reorder", "occur", "manual_start"]))
            node = draw(st.sampled_from(nodes)) if nodes else None
            return Act(at=now, verb=verb, node=node, reason="r", data={"after": draw(st.sampled_from([[], ["i0"]]))})


def values() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={"p": st.booleans(), "q": st.sampled_from([Decimal(0), Decimal(5)])})


@settings(max_examples=examples(60))
@given(data=st.data())
def test_random_cases_hold_what_every_case_holds(data: st.DataObject) -> None:
    definition = linked(dumped(data.draw(plans())), options=Options(most_rounds=20))
    case = Case(definition)
    case.do(Start(at=0, variables=data.draw(values())))
    for _ in range(8):
        if case.state.outcome is not None:
            break
        try:
            case.do(data.draw(commands(case)))
        except CommandRejected:
            continue
        settled(case)
    lawful(case)


@settings(max_examples=examples(30))
@given(data=st.data(), budget=st.integers(1, 9))
def test_a_turn_cut_into_pieces_does_the_same(data: st.DataObject, budget: int) -> None:
    definition = linked(dumped(data.draw(plans())), options=Options(most_rounds=5))
    whole, pieces = Case(definition, strict=False), Case(definition, strict=False)
    pieces.yield_after = budget
    done: Command = Start(at=0, variables=data.draw(values()))
    for _ in range(8):
        for case in (whole, pieces):
            with contextlib.suppress(CommandRejected):
                case.do(done)
        assert whole.state == pieces.state
        assert [one for one in pieces.log if not isinstance(one, Yielded | Continued)] == whole.log
        if whole.state.outcome is not None:
            break
        done = data.draw(commands(whole))


def settled(case: Case) -> None:
    """Nothing more happens by looking at everything again."""
    if case.state.outcome is None and not case.state.suspended:
        before = len([r for r in case.log if isinstance(r, Transitioned)])
        case.do(Suspend(at=case.now))
        case.do(Resume(at=case.now))
        assert len([r for r in case.log if isinstance(r, Transitioned)]) == before, "it had not settled"


def lawful(case: Case) -> None:
    """Every transition is one of the tables, follows the one before it, and none leaves an end."""
    states: dict[int, str] = {}
    for record in case.log:
        match record:
            case Entered():
                states[record.id] = record.state
            case Transitioned():
                assert states[record.id] == record.before
                assert record.before not in ENDED
                table = CASE if record.id == ROOT else case.definition.items[record.element].family.lifecycle
                assert (record.before, record.transition) in table
                states[record.id] = record.state
            case Left():
                assert states[record.id] in ENDED
    for node in case.state.nodes.values():
        assert node.state not in ENDED
        assert node.parent is None or node.parent in case.state.nodes
    for wait in case.state.waits.values():
        assert wait.owner in case.state.nodes


@settings(max_examples=examples(30))
@given(data=st.data())
def test_random_templates_survive_being_written(data: st.DataObject) -> None:
    model = cmmn.native.loads(dumped(data.draw(plans())))
    assert cmmn.read(cmmn.write(model)) == model
    assert cmmn.native.loads(cmmn.native.dumps(model)) == model
