"""What begins by itself: the starter of a process, alone."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.base.errors import CommandRejected
from anyshore.bpmn.starter import STARTER, StarterEngine, begins_by_itself
from anyshore.kernel.commands import Act, Cancel, Resolve, Resume, Suspend, Write
from anyshore.kernel.records import Sent
from tests.bpmn.models import process
from tests.harness import Instance

SECOND = 1_000_000


def start_event(name: str, *triggers: str, more: str = "") -> str:
    return f'<startEvent id="{name}" {more}>{"".join(triggers)}</startEvent>'


def timer(kind: str, text: str) -> str:
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def condition(text: str) -> str:
    formal = f'<condition xsi:type="tFormalExpression">{text}</condition>'
    return f"<conditionalEventDefinition>{formal}</conditionalEventDefinition>"


SIGNAL = '<signalEventDefinition signalRef="S1"/>'


def starter(*starts: str, **variables: Any) -> Instance:
    found = Instance(StarterEngine(), process("".join(starts) + '<scriptTask id="x"><script>1</script></scriptTask>'))
    found.start(0, **variables)
    return found


def begun(instance: Instance) -> list[str | None]:
    """The start events that began an instance, in order."""
    return [record.key for record in instance.log if isinstance(record, Sent)]


def run(instance: Instance, until: int) -> None:
    """Lets the timers fire until then."""
    while found := [wait for wait in instance.waits(kind="timer") if (wait.due or 0) <= until]:
        first = min(found, key=lambda wait: wait.due or 0)
        instance.do(Resolve(at=first.due or 0, wait=first.id))


@pytest.mark.parametrize(
    ("triggers", "itself"),
    [
        ((), False),
        ((SIGNAL,), False),
        ((timer("timeCycle", "R/PT1S"),), True),
        ((condition("x > 1".replace(">", "&gt;")),), True),
        ((SIGNAL, timer("timeDuration", "PT1S")), True),
    ],
)
def test_what_begins_by_itself(triggers: tuple[str, ...], itself: bool) -> None:
    assert begins_by_itself(process(start_event("s", *triggers))) is itself


def test_timers_of_an_event_sub_process_are_none_of_its_business() -> None:
    inner = start_event("t", timer("timeCycle", "R/PT1S"))
    assert not begins_by_itself(
        process(start_event("s") + f'<subProcess id="e" triggeredByEvent="true">{inner}</subProcess>')
    )


def test_what_it_sends_names_the_process_the_event_and_what_is_known() -> None:
    found = starter(start_event("s", timer("timeDuration", "PT1S")), site=Decimal(7))
    run(found, 10 * SECOND)
    (sent,) = (record for record in found.log if isinstance(record, Sent))
    assert (sent.kind, sent.name, sent.key, sent.data) == ("start", "test:1", "s", {"site": Decimal(7)})


def test_a_timer_is_computed_from_what_is_known() -> None:
    found = starter(start_event("s", timer("timeDuration", "duration(pause)")), pause="PT9S")
    assert [wait.due for wait in found.waits(kind="timer")] == [9 * SECOND]


def test_each_trigger_of_a_multiple_event_begins_by_its_own_name() -> None:
    found = starter(start_event("s", SIGNAL, timer("timeCycle", "R2/PT1S"), condition("a")))
    run(found, 5 * SECOND)
    found.do(Write(at=5 * SECOND, variables={"a": True}))
    assert Counter(begun(found)) == {"s#1": 2, "s#2": 1}


def test_a_condition_that_holds_from_the_beginning_begins_at_once() -> None:
    assert begun(starter(start_event("s", condition("a")), a=True)) == ["s"]


def test_what_it_does_not_know_is_refused() -> None:
    found = starter(start_event("s", timer("timeCycle", "R/PT1S")))
    (ready,) = found.waits(kind="condition")
    assert ready.name == STARTER
    for command in (Resolve(at=1, wait=ready.id), Act(at=1, verb="start"), Resolve(at=1, wait=99)):
        with pytest.raises(CommandRejected):
            found.do(command)


def test_cancelled_it_is_over() -> None:
    found = starter(start_event("s", timer("timeCycle", "R/PT1S")))
    found.do(Cancel(at=1))
    assert (found.state.outcome, found.state.waits) == ("cancelled", {})


STEPS = st.one_of(
    st.integers(1, 7).map(lambda seconds: ("wait", seconds)),
    st.integers(0, 3).map(lambda value: ("write", value)),
    st.sampled_from([("hold", 0), ("go on", 0)]),
)


@given(steps=st.lists(STEPS, max_size=25), cycles=st.lists(st.integers(1, 5), max_size=3), limit=st.integers(0, 3))
def test_whatever_happens_it_begins_what_a_list_of_times_and_values_says(
    steps: list[tuple[str, int]], cycles: list[int], limit: int
) -> None:
    """Stored, read back and replayed after every command (``Instance``), against a count without any engine."""
    events = [start_event(f"t{n}", timer("timeCycle", f"R/PT{seconds}S")) for n, seconds in enumerate(cycles)]
    found = starter(*events, start_event("c", condition(f"v > {limit}".replace(">", "&gt;"))))
    expected: Counter[str | None] = Counter()
    now, held, value, seen = 0, False, 0, False
    for what, number in steps:
        if what == "wait":
            if not held:
                for event, seconds in enumerate(cycles):
                    expected[f"t{event}"] += (now + number) // seconds - now // seconds
            now += number
            if not held:
                run(found, now * SECOND)
        elif what == "write":
            value = number
            found.do(Write(at=now * SECOND, variables={"v": Decimal(number)}))
        elif (what == "hold") != held:
            held = what == "hold"
            found.do((Suspend if held else Resume)(at=now * SECOND))
        if not held:
            expected["c"] += value > limit and not seen
            seen = value > limit
    assert Counter(begun(found)) == +expected
