"""Events in every position. Source: BPMN 2.0.2, 10.5 and 13.5."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lxml import etree

from anyshore.bpmn import activities, compensation, correlation, data, flow, propagation, scope, subscriptions
from anyshore.bpmn.elements.gateways import fire_target
from anyshore.bpmn.model import Element, Event, Trigger
from anyshore.bpmn.reading import mappings, triggers
from anyshore.bpmn.reading.context import Reading
from anyshore.bpmn.records import Passed
from anyshore.kernel import nodes, scopes
from anyshore.kernel.records import Sent
from anyshore.kernel.turn import Turn

CATCHABLE = {
    "start": frozenset({"message", "timer", "conditional", "signal", "error", "escalation", "compensation"}),
    "catch": frozenset({"message", "timer", "conditional", "signal", "link"}),
    "boundary": frozenset(
        {"message", "timer", "conditional", "signal", "error", "escalation", "compensation", "cancel"}
    ),
    "throw": frozenset({"message", "signal", "escalation", "compensation", "link"}),
    "end": frozenset({"message", "signal", "error", "escalation", "compensation", "cancel", "terminate"}),
}
"""The kinds of event each position can have (BPMN 2.0.2, table 10.93)."""


def _read(reading: Reading, xml: etree._Element, container: str, position: str, **more: Any) -> Event:
    found = triggers.read(reading, xml)
    for kind in dict.fromkeys(trigger.kind for trigger in found):
        if kind not in CATCHABLE[position]:
            reading.problems.add(
                xml, "bpmn.event-position", f"A {kind} event cannot stand here ({reading.tag(xml)}).",
                f"Here can stand: {', '.join(sorted(CATCHABLE[position]))}.",
            )  # fmt: skip
    return Event(
        **reading.common(xml, container),
        position=position,
        triggers=found,
        parallel=reading.flag(xml, "parallelMultiple", False) and len(found) > 1,
        data=mappings.read(reading, xml),
        **more,
    )


def read_start(reading: Reading, xml: etree._Element, container: str) -> Element:
    """``startEvent``."""
    return _read(
        reading, xml, container, "start",
        enter=enter_start, fire=fire_start, interrupting=reading.flag(xml, "isInterrupting", True),
    )  # fmt: skip


def read_catch(reading: Reading, xml: etree._Element, container: str) -> Element:
    """``intermediateCatchEvent``."""
    event = _read(reading, xml, container, "catch", enter=enter_catch, fire=fire_catch)
    if not event.triggers:
        reading.problems.add(
            xml, "bpmn.catches-nothing", "The event waits for nothing.", "Give it an event definition."
        )
    return event


def read_throw(reading: Reading, xml: etree._Element, container: str) -> Element:
    """``intermediateThrowEvent``; one without a trigger tells a state the process has come to (table 10.92)."""
    milestone = reading.own(xml, "milestone") or ""
    return _read(reading, xml, container, "throw", enter=enter_throw, fire=_never, milestone=milestone)


def read_boundary(reading: Reading, xml: etree._Element, container: str) -> Element:
    """``boundaryEvent``."""
    interrupting = reading.flag(xml, "cancelActivity", True)
    host = reading.reference(xml, "attachedToRef", required=True)
    event = _read(
        reading, xml, container, "boundary",
        enter=enter_start, fire=activities.fire_boundary, interrupting=interrupting, attached_to=host,
    )  # fmt: skip
    if not event.triggers:
        reading.problems.add(
            xml, "bpmn.catches-nothing", "The boundary event waits for nothing.", "Give it an event definition."
        )
    for trigger in event.triggers:
        if trigger.kind in ("error", "cancel") and not interrupting:
            reading.problems.add(
                xml, "bpmn.always-interrupts", f"A boundary {trigger.kind} event always interrupts.",
                'Remove cancelActivity="false".',
            )  # fmt: skip
    return event


def read_end(reading: Reading, xml: etree._Element, container: str) -> Element:
    """``endEvent``."""
    return _read(reading, xml, container, "end", enter=enter_throw, fire=_never)


def _never(turn: Turn, event: Event, owner: int, variables: dict[str, Any], more: bool) -> None:
    raise AssertionError(f"{event.id} throws, it does not catch")


# Catching


def enter_start(turn: Turn, event: Event, node: int, _flow: str | None) -> None:
    """A token begins at a start event."""
    flow.passed(turn, event, node)


def fire_start(turn: Turn, event: Event, owner: int, variables: dict[str, Any], more: bool) -> None:
    """The start event of an event sub-process occurs, or the last trigger of a parallel multiple start event."""
    if turn.state.nodes[owner].element == event.id:
        fire_catch(turn, event, owner, variables, more)
    else:
        scope.fire_handler(turn, event, owner, variables, more)


def enter_catch(turn: Turn, event: Event, node: int, _flow: str | None) -> None:
    """A token arrives at an intermediate event and waits there; at a link it goes on."""
    if event.triggers[0].kind == "link":
        flow.passed(turn, event, node)
        return
    openings = subscriptions.prepare(turn, (event,), scopes.view(turn.state, node), node)
    own = nodes.enter(turn, event.id, node, activities.ACTIVE)
    subscriptions.open_all(turn, own, openings)


def fire_catch(turn: Turn, event: Event, owner: int, variables: dict[str, Any], more: bool) -> None:
    """What the event waited for has happened; with a cycle that goes on it sends a token and waits on."""
    if turn.state.nodes[owner].element != event.id:
        fire_target(turn, event, owner, variables)
        return
    node = turn.state.nodes[owner].parent
    assert node is not None
    values = data.outputs(turn, event.data, variables, scopes.view(turn.state, node))
    if more:
        turn.emit(Passed(node, event.id))
    else:
        nodes.leave(turn, owner, "completed")
    data.put_all(turn, node, values)
    flow.out(turn, event, node)


# Throwing


def enter_throw(turn: Turn, event: Event, node: int, _flow: str | None) -> None:
    """A token arrives at an event that throws: each of its triggers in order, those that end something last."""
    if event.milestone:
        turn.emit(Sent(node, "milestone", event.milestone, data={"element": event.id}))
    if not event.triggers:
        flow.passed(turn, event, node)
        return
    view = scopes.view(turn.state, node)
    payload = data.inputs(turn, event.data, view)
    keys = [correlation.key_of(turn, one.correlation, view, payload) for one in event.triggers]
    turn.emit(Passed(node, event.id))
    waits = False
    for trigger, key in sorted(zip(event.triggers, keys, strict=True), key=lambda pair: pair[0].kind in ENDS):
        waits = THROW[trigger.kind](turn, event, node, trigger, payload, key) or waits
    if not waits and node in turn.state.nodes:
        flow.out(turn, event, node)


ENDS = frozenset({"error", "cancel", "terminate", "compensation"})


def _message(turn: Turn, event: Event, node: int, trigger: Trigger, payload: dict[str, Any], key: str | None) -> bool:
    correlation.learn(turn, trigger.correlation, payload)
    turn.emit(Sent(node, "message", trigger.name or "", key, payload))
    return False


def _signal(turn: Turn, event: Event, node: int, trigger: Trigger, payload: dict[str, Any], key: str | None) -> bool:
    propagation.throw_signal(turn, node, trigger.name or "", payload)
    return False


def _escalation(
    turn: Turn, event: Event, node: int, trigger: Trigger, payload: dict[str, Any], key: str | None
) -> bool:
    propagation.throw_escalation(turn, node, trigger.name, payload)
    return False


def _error(turn: Turn, event: Event, node: int, trigger: Trigger, payload: dict[str, Any], key: str | None) -> bool:
    propagation.throw_end_error(turn, node, trigger.name, payload)
    return True


def _compensation(
    turn: Turn, event: Event, node: int, trigger: Trigger, payload: dict[str, Any], key: str | None
) -> bool:
    compensation.throw(turn, event, node, trigger.activity, trigger.wait_for_completion)
    return trigger.wait_for_completion


def _cancel(turn: Turn, event: Event, node: int, trigger: Trigger, payload: dict[str, Any], key: str | None) -> bool:
    for around in nodes.ancestors(turn.state, node):
        if getattr(turn.definition.elements[around.element], "transaction", False):
            compensation.cancel(turn, around.id)
            return True
    raise AssertionError(f"{event.id}: no transaction around a cancel event, which reading refuses")


def _link(turn: Turn, event: Event, node: int, trigger: Trigger, payload: dict[str, Any], key: str | None) -> bool:
    turn.plan(flow.ENTER, turn.definition.elements[event.id].link_target, node, None)
    return True


def _terminate(turn: Turn, event: Event, node: int, trigger: Trigger, payload: dict[str, Any], key: str | None) -> bool:
    scope.terminate(turn, node)
    return True


Throw = Callable[[Turn, Event, int, Trigger, "dict[str, Any]", "str | None"], bool]
"""Throws one trigger of an event; whether the event's token does not simply go on."""

THROW: dict[str, Throw] = {
    "message": _message, "signal": _signal, "escalation": _escalation, "error": _error, "compensation": _compensation,
    "cancel": _cancel, "link": _link, "terminate": _terminate,
}  # fmt: skip
