"""Moving running processes to another version: what can go on goes on, anything else is told beforehand."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anyshore import feel
from anyshore.base.errors import BpmnError, CommandRejected
from anyshore.bpmn import BpmnEngine, Process, blocked, migration
from anyshore.kernel.commands import Act, Migrate, Resolve, Resume, Retry, Start, Suspend
from anyshore.kernel.state import INCIDENT
from tests.bpmn import drawn
from tests.bpmn.models import log, process, run, script, trace
from tests.draws import examples
from tests.harness import Instance

EVERYTHING = (drawn.marked, drawn.caught, drawn.watched, drawn.selected)


def begun(definition: Process, n: int) -> Instance:
    instance = Instance(BpmnEngine(), definition)
    items = feel.from_python([1, 2, 3])
    instance.do(Start(at=0, variables={"n": Decimal(n), "trace": [], "items": items}))
    return instance


def step(instance: Instance, choose: random.Random) -> bool:
    """Does something that can be done; whether there was anything."""
    waits = [wait for wait in instance.state.waits.values() if wait.kind not in (INCIDENT, "condition")]
    if waits:
        wait = choose.choice(waits)
        at = max(instance.now, wait.due or 0)
        instance.do(Resolve(at=at, wait=wait.id))
        return True
    for node in list(instance.state.nodes.values()):
        if getattr(instance.definition.elements[node.element], "ordering", None) and node.state == "active":
            instance.do(Act(at=instance.now, verb="complete", node=node.id))
            return True
    return False


def goes_on(instance: Instance, choose: random.Random) -> None:
    """Plays to the end: completed, waiting for a condition or a person, or told to be blocked."""
    for _ in range(400):
        if instance.outcome is not None or not step(instance, choose):
            break
    if instance.outcome is None and not instance.state.waits:
        assert blocked.find(instance.definition, instance.state), "dead, and nobody is told"


def moved(instance: Instance, version: Process, choose: random.Random, elements: dict[str, str]) -> None:
    """Migrates, where nothing stands against it; what is told beforehand and what is refused are the same."""
    told = migration.problems(instance.state, version, elements)
    suspended = choose.random() < 0.2
    if suspended:
        instance.do(Suspend(at=instance.now))
    before, instance.definition = instance.definition, version
    try:
        instance.do(Migrate(at=instance.now, definition="test:2", elements=elements))
    except CommandRejected as problem:
        refused = problem.code
        instance.definition = before
    else:
        refused = ""
    assert bool(told) == (refused == "migration.no-place")
    if suspended:
        instance.do(Resume(at=instance.now))
    goes_on(instance, choose)


def brought_to_somewhere(text: str, choose: random.Random) -> Instance | None:
    instance = begun(process(text), choose.randint(0, 9))
    for _ in range(choose.choice((0, 1, 2, 3, 5, 8))):
        if instance.outcome is None:
            step(instance, choose)
    return instance if instance.outcome is None else None


@settings(max_examples=examples(100))
@given(old=st.integers(0, 10**9), new=st.integers(0, 10**9), order=st.integers(0, 10**9))
def test_between_any_two_processes_it_is_refused_or_goes_on(old: int, new: int, order: int) -> None:
    choose = random.Random(order)
    instance = brought_to_somewhere(drawn.written(old, 2, EVERYTHING), choose)
    if instance is None:
        return
    version = drawn.drawn(new, 2, EVERYTHING)
    places = [*instance.definition.elements, *instance.definition.flows]
    targets = [*version.elements, *version.flows]
    elements = {choose.choice(places): choose.choice(targets) for _ in range(choose.randint(0, 4))}
    active = {node.element for node in instance.state.nodes.values()} - {"p"}
    elements |= {one: choose.choice(list(version.elements)) for one in active if choose.random() < 0.5}
    moved(instance, version, choose, elements)


@settings(max_examples=examples(150))
@given(seed=st.integers(0, 10**9), order=st.integers(0, 10**9))
def test_between_two_versions_of_a_process_it_is_refused_or_goes_on(seed: int, order: int) -> None:
    choose = random.Random(order)
    text = drawn.written(seed, 3, EVERYTHING)
    instance = brought_to_somewhere(text, choose)
    if instance is None:
        return
    try:
        version = process(drawn.revised(text, choose))
    except BpmnError:
        return  # no process any more: a gateway that waits for what no longer waits, an end without its beginning
    moved(instance, version, choose, {})


@settings(max_examples=examples(60))
@given(seed=st.integers(0, 10**9), order=st.integers(0, 10**9), steps=st.integers(0, 8))
def test_the_same_version_again_changes_nothing(seed: int, order: int, steps: int) -> None:
    choose = random.Random(order)
    definition = drawn.drawn(seed, 2, EVERYTHING)
    instance = begun(definition, choose.randint(0, 9))
    for _ in range(steps):
        if instance.outcome is None:
            step(instance, choose)
    if instance.outcome is not None:
        return
    waits = dict(instance.state.waits)
    instance.do(Migrate(at=instance.now, definition="test:2"))
    assert instance.state.waits == waits
    goes_on(instance, choose)


LINE = "a -> t\nt -> e"
ENDS = '<startEvent id="a"/><endEvent id="e"/>'


def task(marker: str = "", tag: str = "userTask", more: str = "") -> Process:
    return process(f'{ENDS}<{tag} id="t" {more}>{marker}</{tag}>', LINE)


def multi(sequential: bool, source: str = 'anyshore:collection="items" anyshore:item="it"', inner: str = "") -> str:
    word = "true" if sequential else "false"
    collect = 'anyshore:collect="it" anyshore:into="results"'
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{word}" {source} {collect}>{inner}'
        "</multiInstanceLoopCharacteristics>"
    )


COUNTED = multi(True, "", "<loopCardinality>3</loopCardinality>")
ROUNDS = '<standardLoopCharacteristics testBefore="false" loopMaximum="3"/>'


def to(instance: Instance, version: Process, **elements: str) -> None:
    instance.definition = version
    instance.do(Migrate(at=instance.now, definition="test:2", elements=elements))


@pytest.mark.parametrize("finished", [0, 1, 2])
@pytest.mark.parametrize("sequential", [True, False])
def test_instances_in_a_row_become_instances_side_by_side_and_back(sequential: bool, finished: int) -> None:
    instance = begun(task(multi(sequential)), 0)
    for _ in range(finished):
        instance.resolve("t")
    to(instance, task(multi(not sequential)))
    assert len(instance.waits("t", "work")) == 3 - finished
    while instance.outcome is None:
        instance.resolve("t")
    assert instance.variables["results"] == [1, 2, 3]


def test_while_it_is_suspended_no_further_instance_begins() -> None:
    instance = begun(task(multi(True)), 0)
    instance.do(Suspend(at=0))
    to(instance, task(multi(False)))
    assert len(instance.waits("t", "work")) == 1
    instance.do(Resume(at=1))
    assert len(instance.waits("t", "work")) == 3


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (ROUNDS, multi(True), "it is a loop and the new one multi-instance"),
        (multi(False), ROUNDS, "it is multi-instance and the new one a loop"),
        (COUNTED, multi(True), "by a collection"),
        (multi(True), COUNTED, "by a number"),
        ("", ROUNDS, "no loop and the new one is"),
        ("", multi(False), "no loop and the new one is"),
        (ROUNDS, "", "it is a loop and the new one is not"),
    ],
)
def test_a_loop_of_another_kind_is_told(old: str, new: str, told: str) -> None:
    instance = begun(task(old), 0)
    (problem,) = migration.problems(instance.state, task(new), {})
    assert told in problem.message
    with pytest.raises(CommandRejected, match=told):
        to(instance, task(new))


def test_a_loop_that_could_not_begin_may_become_another() -> None:
    instance = run(f'{ENDS}<userTask id="t">{multi(True)}</userTask>', LINE)
    incident = instance.wait("t", "incident")
    to(instance, task(ROUNDS))
    instance.do(Retry(at=0, wait=incident.id))
    for _ in range(3):
        instance.resolve("t")
    assert instance.outcome == "completed"


def watched_by(trigger: str, name: str = "x", interrupting: str = "true") -> Process:
    event = f'<boundaryEvent id="{name}" attachedToRef="t" cancelActivity="{interrupting}">{trigger}</boundaryEvent>'
    return process(f'{ENDS}<userTask id="t"/>{event}' + log("caught"), f"{LINE}\n{name} -> caught")


MESSAGE, OTHER = '<messageEventDefinition messageRef="M1"/>', '<messageEventDefinition messageRef="M2"/>'
SIGNAL = '<signalEventDefinition signalRef="S1"/>'
HOUR = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
DAY = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
HOURS = "<timerEventDefinition><timeCycle>R3/PT1H</timeCycle></timerEventDefinition>"
READY = "<conditionalEventDefinition><condition>n = 7</condition></conditionalEventDefinition>"


@pytest.mark.parametrize(
    ("old", "new", "heard"),
    [
        (MESSAGE, HOUR, ("timer", "x", 3_600_000_000)),
        (MESSAGE, OTHER, ("message", "reply", None)),
        (MESSAGE, SIGNAL, ("signal", "alarm", None)),
        (HOUR, MESSAGE, ("message", "order", None)),
        (SIGNAL, READY, ("condition", "x", None)),
        (HOUR, HOURS, ("timer", "x", 3_600_000_000)),
    ],
)
def test_an_event_whose_trigger_changes_listens_to_the_new_one(
    old: str, new: str, heard: tuple[str, str, int | None]
) -> None:
    instance = begun(watched_by(old), 0)
    to(instance, watched_by(new))
    (wait,) = [wait for wait in instance.waits("t") if wait.kind != "work"]
    assert (wait.kind, wait.name, wait.due) == heard


def test_a_timer_that_is_set_stays_set() -> None:
    instance = begun(watched_by(HOUR), 0)
    to(instance, watched_by(DAY))
    assert instance.wait("t", "timer").due == 3_600_000_000


def test_a_reminder_that_was_given_is_not_given_again() -> None:
    instance = begun(watched_by(HOUR, interrupting="false"), 0)
    instance.resolve("t", "timer", at=3_600_000_000)
    to(instance, watched_by(HOUR, "y", "false"), x="y")
    assert not instance.waits("t", "timer")
    assert trace(instance) == ["caught"]


def test_an_event_in_the_way_of_the_process_waits_for_its_new_trigger() -> None:
    def version(trigger: str) -> Process:
        return process(f'{ENDS}<intermediateCatchEvent id="t">{trigger}</intermediateCatchEvent>', LINE)

    instance = begun(version(MESSAGE), 0)
    to(instance, version(HOUR))
    assert not instance.waits("t", "message")
    instance.resolve("t", "timer", at=3_600_000_000)
    assert instance.outcome == "completed"


def test_an_event_based_gateway_waits_for_the_events_behind_it_now() -> None:
    def version(*events: str) -> Process:
        body = "".join(f'<intermediateCatchEvent id="{name}">{MESSAGE}</intermediateCatchEvent>' for name in events)
        links = "".join(f"g -> {name}\n{name} -> e\n" for name in events)
        return process(f'{ENDS}<eventBasedGateway id="g"/>{body}', f"a -> g\n{links}")

    instance = begun(version("b", "c"), 0)
    to(instance, version("c", "d", "f"))
    assert sorted(wait.data["event"] for wait in instance.waits("g")) == ["c", "d", "f"]


def test_two_active_elements_do_not_become_one() -> None:
    body = f'{ENDS}<parallelGateway id="s"/><userTask id="b"/><userTask id="c"/>'
    instance = begun(process(body, "a -> s\ns -> b\ns -> c\nb -> e\nc -> e"), 0)
    version = process(f'{ENDS}<userTask id="d"/>', "a -> d\nd -> e")
    (problem,) = migration.problems(instance.state, version, {"b": "d", "c": "d"})
    assert "two would become one" in problem.message
    instance.resolve("b")
    to(instance, version, b="d", c="d")
    instance.resolve("d")
    assert instance.outcome == "completed"


def test_tokens_before_a_join_that_is_none_any_more_go_on() -> None:
    body = f'{ENDS}<parallelGateway id="s"/><userTask id="b"/><userTask id="c"/>'
    links = "a -> s\ns -> b\ns -> c\nb -> j [bj]\nc -> j [cj]\nj -> e"
    for kind in ("parallelGateway", "inclusiveGateway"):
        instance = begun(process(f'{body}<{kind} id="j"/>', links), 0)
        instance.resolve("b")
        to(instance, process(f'{body}<exclusiveGateway id="j"/>', links))
        assert "tokens" not in instance.state.nodes[1].private, "the token has gone on"
        instance.resolve("c")
        assert instance.outcome == "completed"


def test_a_token_that_failed_is_tried_again_under_the_new_name() -> None:
    instance = run(ENDS + script("t", 'error("no")'), LINE)
    incident = instance.wait("p", "incident")
    to(instance, process(ENDS + log("u"), "a -> u\nu -> e"), t="u")
    (incident,) = instance.waits("p", "incident")
    instance.do(Retry(at=0, wait=incident.id))
    assert trace(instance) == ["u"]
    with pytest.raises(CommandRejected, match="ended"):
        to(instance, process(ENDS, "a -> e"))


def test_a_failed_token_without_a_place_is_told() -> None:
    instance = run(ENDS + script("t", 'error("no")'), LINE)
    (problem,) = migration.problems(instance.state, process(ENDS + log("u"), "a -> u\nu -> e"), {})
    assert "a token stands at 't'" in problem.message


def test_a_timer_of_the_new_version_without_a_date_is_told() -> None:
    instance = begun(watched_by(MESSAGE), 0)
    bad = "<timerEventDefinition><timeDate>deadline</timeDate></timerEventDefinition>"
    with pytest.raises(CommandRejected, match="deadline"):
        to(instance, watched_by(bad))
    assert instance.waits("t", "message"), "nothing was changed"


def test_what_the_definitions_alone_say() -> None:
    found = migration.differences(task(multi(True)), task(multi(False)), {})
    assert found == {"t": "sequential multi-instance becomes parallel multi-instance"}
    assert migration.differences(task(), task(ROUNDS), {}) == {"t": "no loop becomes loop"}
    (told,) = migration.differences(watched_by(MESSAGE), watched_by(OTHER, "y"), {"x": "y"}).values()
    assert told == "message 'order' becomes message 'reply': it listens anew"
