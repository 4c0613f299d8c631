"""Ties the elements of a process together, and works out beforehand what running should not have to."""

from __future__ import annotations

from typing import Any

from lxml import etree

from anyshore.bpmn import graph
from anyshore.bpmn.elements.gateways import EventGateway, Gateway, Join
from anyshore.bpmn.elements.tasks import MessageTask
from anyshore.bpmn.model import Activity, Element, Event, Process, Scope, StartTrigger
from anyshore.bpmn.namespaces import bpmn
from anyshore.bpmn.reading.context import Reading
from anyshore.bpmn.subscriptions import WAITING


def link(reading: Reading, process: Process, xml: etree._Element, defaults: dict[str, str]) -> None:
    """Links a process whose elements and flows are read.

    Args:
        reading: the reading of its file.
        process: changed in place.
        xml: its element.
        defaults: default flow by element.
    """
    _flows(reading, process, defaults)
    _boundaries(reading, process)
    _handlers(reading, process, xml)
    _links(reading, process)
    for element in process.elements.values():
        if isinstance(element, EventGateway):
            _targets(reading, process, element)
        elif isinstance(element, Scope):
            _scope(reading, process, element)
    for element in process.elements.values():
        if isinstance(element, Scope):
            _compensation_handler(element)
    _cancels(reading, process)
    _compensable(process)
    _shortcuts(process)
    process.starts = _starts(process)


def _problem(reading: Reading, element: Element, code: str, message: str, hint: str = "") -> None:
    reading.problems.add(reading.ids[element.id], code, message, hint)


def _flows(reading: Reading, process: Process, defaults: dict[str, str]) -> None:
    for flow in process.flows.values():
        flow.is_default = defaults.get(flow.source) == flow.id
        source, target = process.elements[flow.source], process.elements[flow.target]
        source.outgoing += (flow,)
        target.incoming += (flow.id,)
        process.places[flow.id] = flow.target
    for element in process.elements.values():
        _order(reading, element)
    for name, default in defaults.items():
        if not any(flow.id == default for flow in process.elements[name].outgoing):
            _problem(
                reading, process.elements[name], "bpmn.default-flow",
                f"The default flow {default!r} does not leave this element.", "Name one of its outgoing flows.",
            )  # fmt: skip
    for element in process.elements.values():
        ignores = isinstance(element, Gateway) and element.ignores_conditions
        conditional = any(flow.condition is not None or flow.is_default for flow in element.outgoing)
        if ignores or not conditional:
            element.plain = tuple((flow.target, flow.id) for flow in element.outgoing)
        else:
            element.plain = None


def _order(reading: Reading, element: Element) -> None:
    """Puts outgoing flows into the order in which the element lists them: that of the conditions (13.4.2)."""
    xml = reading.ids.get(element.id)
    if xml is None or len(element.outgoing) < 2:
        return
    listed = {reading.text(one).rsplit(":", 1)[-1]: rank for rank, one in enumerate(reading.children(xml, "outgoing"))}
    if listed:
        element.outgoing = tuple(sorted(element.outgoing, key=lambda flow: listed.get(flow.id, len(listed))))


def _boundaries(reading: Reading, process: Process) -> None:
    for event in process.elements.values():
        if not isinstance(event, Event) or event.position != "boundary" or event.attached_to is None:
            continue
        host = process.elements.get(event.attached_to)
        if not isinstance(host, Activity) or host.container != event.container:
            _problem(
                reading,
                event,
                "bpmn.boundary",
                f"The event is attached to {event.attached_to!r}, no activity beside it.",
                "Let attachedToRef name an activity of the same process or sub-process (10.5.4).",
            )
            continue
        host.boundary += (event,)
        if any(trigger.kind in WAITING for trigger in event.triggers):
            host.listening += (event,)
        if any(trigger.kind == "compensation" for trigger in event.triggers):
            host.compensator = event


def _handlers(reading: Reading, process: Process, xml: etree._Element) -> None:
    """Compensation handlers hang on their boundary event by an association."""
    for association in xml.iter(bpmn("association")):
        ends = [(association.get(end) or "").rsplit(":", 1)[-1] for end in ("sourceRef", "targetRef")]
        event, handler = (process.elements.get(end) for end in ends)
        if isinstance(event, Event) and isinstance(handler, Activity) and event.position == "boundary":
            event.handler = handler.id
    for event in process.elements.values():
        if not isinstance(event, Event) or event.position != "boundary" or event.handler is not None:
            continue
        if any(trigger.kind == "compensation" for trigger in event.triggers):
            _problem(
                reading, event, "bpmn.no-compensation", "The compensation event leads to no activity.",
                "Draw an association from it to an activity marked isForCompensation.",
            )  # fmt: skip


def _links(reading: Reading, process: Process) -> None:
    catching = {
        (event.container, trigger.name): event.id
        for event in process.elements.values()
        if isinstance(event, Event) and event.position == "catch"
        for trigger in event.triggers
        if trigger.kind == "link"
    }
    for event in process.elements.values():
        if not isinstance(event, Event) or event.position != "throw":
            continue
        for trigger in event.triggers:
            if trigger.kind == "link":
                event.link_target = catching.get((event.container, trigger.name))
                if event.link_target is None:
                    _problem(
                        reading, event, "bpmn.link", f"No catching link event is called {trigger.name!r}.",
                        "Give both ends of the link the same name, in the same process or sub-process.",
                    )  # fmt: skip


_TARGETS = "Let its flows lead to catching intermediate events or receive tasks (10.6.6)."


def _targets(reading: Reading, process: Process, gateway: EventGateway) -> None:
    targets = []
    for flow in gateway.outgoing:
        target = process.elements[flow.target]
        receives = isinstance(target, MessageTask) and target.kind == "receiveTask"
        catches = isinstance(target, Event) and target.position == "catch" and target.triggers
        if receives or (catches and all(trigger.kind in WAITING for trigger in target.triggers)):
            targets.append(target)
        else:
            _problem(
                reading, gateway, "bpmn.event-gateway-target",
                f"The gateway leads to {target.label!r}, which is neither a catching event nor a receive task.",
                _TARGETS,
            )  # fmt: skip
    if not targets:
        _problem(reading, gateway, "bpmn.event-gateway-target", "The gateway waits for no event.", _TARGETS)
    gateway.targets = tuple(targets)


def _scope(reading: Reading, process: Process, scope: Scope) -> None:
    inside: list[Any] = [element for element in process.elements.values() if element.container == scope.id]
    scope.handlers = tuple(one for one in inside if isinstance(one, Scope) and one.triggered_by_event)
    scope.joins = tuple(one for one in inside if isinstance(one, Join) and len(one.incoming) > 1)
    for join in scope.joins:
        join.upstream = graph.upstream(join, process.elements, process.flows)
    events = [one for one in inside if isinstance(one, Event) and one.position == "start"]
    if scope.triggered_by_event:
        _event_subprocess(reading, scope, events)
    elif events:
        scope.starts = tuple(event.id for event in events if not event.triggers)
    else:
        scope.starts = tuple(one.id for one in inside if _begins(process, one))


def _compensation_handler(scope: Scope) -> None:
    """The event sub-process for compensation listens to nothing: compensating its scope begins it."""
    for handler in scope.handlers:
        start = handler.start_event
        if start is not None and any(trigger.kind == "compensation" for trigger in start.triggers):
            scope.compensation_handler = handler
    scope.handlers = tuple(one for one in scope.handlers if one is not scope.compensation_handler)


def _begins(process: Process, element: Any) -> bool:
    """Whether an element without a start event in front of it gets a token when its scope begins."""
    if element.incoming or getattr(element, "for_compensation", False) or getattr(element, "instantiate", False):
        return False
    if isinstance(element, Scope) and element.triggered_by_event:
        return False
    if isinstance(element, Event):
        is_link = any(trigger.kind == "link" for trigger in element.triggers)
        return element.position in ("throw", "end") or (element.position == "catch" and not is_link)
    return True


def _event_subprocess(reading: Reading, scope: Scope, events: list[Event]) -> None:
    if len(events) != 1 or not events[0].triggers:
        _problem(
            reading, scope, "bpmn.event-subprocess",
            "An event sub-process has exactly one start event, with a trigger.",
            "Give it one start event with an event definition (10.3.5).",
        )  # fmt: skip
        return
    start = events[0]
    scope.starts = (start.id,)
    scope.start_event = start
    if scope.incoming or scope.outgoing:
        _problem(
            reading, scope, "bpmn.event-subprocess", "No sequence flow may touch an event sub-process.",
            "Remove the flow: its start event begins it (10.3.5).",
        )  # fmt: skip


def _cancels(reading: Reading, process: Process) -> None:
    """Cancel events belong to transactions."""
    for event in process.elements.values():
        if not isinstance(event, Event) or not any(trigger.kind == "cancel" for trigger in event.triggers):
            continue
        around = process.elements.get((event.attached_to if event.position == "boundary" else event.container) or "")
        if event.position == "end":
            while isinstance(around, Scope) and not around.transaction and around.container:
                around = process.elements.get(around.container)
        if not (isinstance(around, Scope) and around.transaction):
            _problem(
                reading, event, "bpmn.cancel", "A cancel event belongs to a transaction.",
                "Make the sub-process around it, or the activity it is attached to, a transaction (10.5.5).",
            )  # fmt: skip


def _compensable(process: Process) -> None:
    """Which activities stay after completion. None does where nothing ever compensates."""
    throws = any(
        trigger.kind in ("compensation", "cancel")
        for event in process.elements.values()
        if isinstance(event, Event) and event.position in ("throw", "end")
        for trigger in event.triggers
    )
    if not throws:
        return
    for element in process.elements.values():
        if isinstance(element, Activity) and (element.compensator or getattr(element, "compensation_handler", None)):
            current: Any = element
            # Two elements of one id are told about elsewhere; here an event may stand for the scope around.
            while isinstance(current, Activity) and not current.compensable and current is not process.root:
                if not (isinstance(current, Scope) and current.triggered_by_event):
                    current.compensable = True
                current = process.elements.get(current.container)


def _shortcuts(process: Process) -> None:
    for element in process.elements.values():
        if not isinstance(element, Activity):
            if isinstance(element, Event):
                process.watches = process.watches or any(one.kind == "conditional" for one in element.triggers)
            continue
        if element.data.input_sets:
            process.watches = True
        if element.start_quantity > 1:
            process.places[element.id] = element.id
        container = process.elements[element.container] if element.container else None
        in_adhoc = isinstance(container, Scope) and container.ordering is not None
        if element.direct is not None and element.plain_task and not in_adhoc and not element.data.input_sets:
            element.enter = element.direct


def _starts(process: Process) -> tuple[StartTrigger, ...]:
    """The ways in which an instance can come to life."""
    found: list[StartTrigger] = []
    nones = [
        one
        for one in process.elements.values()
        if isinstance(one, Event) and one.position == "start" and one.container == process.id and not one.triggers
    ]
    if len(nones) == 1 or (not nones and process.root.starts):
        found.append(StartTrigger(None, "none"))
    elif len(nones) > 1:
        found += [StartTrigger(one.id, "none") for one in nones]
    for element in process.elements.values():
        if element.container != process.id:
            continue
        if (isinstance(element, Event) and element.position == "start") or (
            isinstance(element, MessageTask) and element.instantiate
        ):
            found += _by_trigger(element, gathers=isinstance(element, Event) and element.parallel)
        elif isinstance(element, EventGateway) and element.instantiate:
            for target in element.targets:
                found += _by_trigger(target, gathers=element.parallel)
    return tuple(found)


def _by_trigger(element: Event | MessageTask, *, gathers: bool) -> list[StartTrigger]:
    many = len(element.triggers) > 1
    return [
        StartTrigger(
            f"{element.id}#{index}" if many else element.id,
            one.kind,
            one.name,
            one.timer,
            one.condition,
            one.correlation,
            gathers,
        )
        for index, one in enumerate(element.triggers)
    ]
