"""Random cases of every family under random commands: a restart at any step changes nothing, replay gives the state."""

from __future__ import annotations

import contextlib
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from anyshore import cmmn
from anyshore.base.errors import CommandRejected
from anyshore.cmmn import edits
from anyshore.cmmn.definition import Definition, Options
from anyshore.kernel.commands import Command, Start
from anyshore.kernel.records import Continued, Yielded
from tests.cmmn.cases import Case, linked
from tests.cmmn.drawn import Drawer, decide
from tests.cmmn.test_properties import lawful, settled
from tests.draws import examples

seeds = st.integers(0, 10**9)
often = settings(max_examples=examples(60))
STEPS = 14


def drawn(drawer: Drawer) -> Definition:
    return linked(json.dumps(drawer.template()), options=Options(most_rounds=20), decide=decide)


def first(drawer: Drawer) -> Command:
    return Start(at=0, variables=drawer.values())


@often
@given(seed=seeds)
def test_a_drawn_case_holds_what_every_case_holds(seed: int) -> None:
    """The harness stores, restarts and replays after every command."""
    drawer = Drawer(seed)
    case = Case(drawn(drawer))
    command = first(drawer)
    for _ in range(STEPS):
        with contextlib.suppress(CommandRejected):
            case.do(command)
            settled(case)
        if case.state.outcome is not None:
            break
        command = drawer.command(case.state, case.now)
    if case.state.nodes:
        case.definition = edits.live_plan(case.definition, case.state)
        lawful(case)


@often
@given(seed=seeds, budget=st.integers(1, 6))
def test_a_drawn_case_cut_anywhere_does_the_same(seed: int, budget: int) -> None:
    drawer = Drawer(seed)
    definition = drawn(drawer)
    whole, pieces = Case(definition, strict=False), Case(definition, strict=False)
    pieces.yield_after = budget
    command = first(drawer)
    for _ in range(STEPS):
        taken = []
        for case in (whole, pieces):
            try:
                case.do(command)
                taken.append(True)
            except CommandRejected:
                taken.append(False)
        assert taken[0] == taken[1]
        assert whole.state == pieces.state
        assert [one for one in pieces.log if not isinstance(one, Yielded | Continued)] == whole.log
        if whole.state.outcome is not None:
            break
        command = drawer.command(whole.state, whole.now)


@often
@given(seed=seeds)
def test_a_drawn_template_survives_being_written(seed: int) -> None:
    model = cmmn.native.loads(json.dumps(Drawer(seed).template()))
    assert cmmn.read(cmmn.write(model)) == model
    assert cmmn.native.loads(cmmn.native.dumps(model)) == model
