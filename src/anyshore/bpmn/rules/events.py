"""Events: their flows, what may trigger them where, links and compensation."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from anyshore.bpmn.namespaces import bpmn
from anyshore.bpmn.rules.tree import (
    ACTIVITIES,
    GATEWAYS,
    PROCESS_NODES,
    SUBPROCESSES,
    Finding,
    Tree,
    child,
    children,
    executable,
    flag,
    in_ad_hoc,
    is_event_subprocess,
    label,
    parent,
    refs,
    tag,
)

_TOP_LEVEL_START = frozenset(("message", "timer", "conditional", "signal"))
_BOUNDARY = frozenset(("message", "timer", "error", "escalation", "cancel", "compensate", "conditional", "signal"))
_BOUNDARY_NOT_INTERRUPTING = frozenset(("message", "timer", "escalation", "conditional", "signal"))
_CATCH = frozenset(("message", "timer", "conditional", "link", "signal"))
_THROW = frozenset(("message", "escalation", "compensate", "link", "signal"))
_END = frozenset(("message", "error", "escalation", "cancel", "compensate", "signal", "terminate"))
_INTERMEDIATE = ("intermediateCatchEvent", "intermediateThrowEvent")


def _trigger(kind: str) -> str:
    return {"compensate": "compensation"}.get(kind, kind)


# Start events


def start_not_entered(tree: Tree) -> Iterator[Finding]:
    """A start event has no incoming flow."""
    for event in tree.all("startEvent"):
        if tree.any_incoming(event):
            yield event, f"{label(event)} has an incoming flow."


def start_left(tree: Tree) -> Iterator[Finding]:
    """A start event has an outgoing flow."""
    for event in tree.all("startEvent"):
        if not tree.outgoing(event):
            yield event, f"{label(event)} leads nowhere."


def end_needs_start(tree: Tree) -> Iterator[Finding]:
    """Where there is an end event there is a start event; creating receive tasks and gateways count as one."""
    for event in tree.all("endEvent"):
        around = parent(event)
        if around is not None and not children(around, "startEvent") and not _instantiating(around):
            yield event, f"{label(event)} ends what no start event begins."


def _instantiating(container: etree._Element) -> bool:
    return any(flag(one, "instantiate") for one in children(container, "receiveTask", "eventBasedGateway"))


def start_needs_end(tree: Tree) -> Iterator[Finding]:
    """Where there is a start event there is an end event."""
    for event in tree.all("startEvent"):
        around = parent(event)
        if around is not None and not children(around, "endEvent"):
            yield event, f"{label(event)} begins what no end event ends."


def top_level_triggers(tree: Tree) -> Iterator[Finding]:
    """A process is started by nothing, a message, a timer, a condition or a signal."""
    for event in tree.all("startEvent"):
        around = parent(event)
        if around is not None and tag(around) == "process":
            for kind in tree.kinds(event):
                if kind not in _TOP_LEVEL_START:
                    yield event, f"A process cannot be started by {_trigger(kind)}, as {label(event)} says."


def called_has_none_start(tree: Tree) -> Iterator[Finding]:
    """A process that is called can be started without a trigger."""
    called = {id(found) for call in tree.all("callActivity")
              if (found := tree.target(call.get("calledElement"))) is not None}  # fmt: skip
    for process in tree.all("process"):
        starts = children(process, "startEvent")
        if id(process) in called and starts and all(tree.definitions(one) for one in starts):
            yield process, f"{label(process)} is called and has no none start event."


def subprocess_start_is_none(tree: Tree) -> Iterator[Finding]:
    """The start event of a sub-process has no trigger, unless an event triggers the sub-process."""
    for one in tree.all(*sorted(SUBPROCESSES)):
        if is_event_subprocess(one):
            continue
        for event in children(one, "startEvent"):
            if tree.definitions(event) or children(event, "eventDefinitionRef"):
                yield event, f"{label(event)} starts a sub-process and has a trigger."


def start_sends_nothing(tree: Tree) -> Iterator[Finding]:
    """A start event is no source of a message flow."""
    yield from _message_end(tree, "sourceRef", "startEvent")


def start_receives_message(tree: Tree) -> Iterator[Finding]:
    """A start event to which a message flow leads is triggered by a message."""
    yield from _message_trigger(tree, "targetRef", "startEvent")


# End events


def end_not_left(tree: Tree) -> Iterator[Finding]:
    """An end event has no outgoing flow."""
    for event in tree.all("endEvent"):
        if tree.any_outgoing(event):
            yield event, f"{label(event)} has an outgoing flow."


def end_entered(tree: Tree) -> Iterator[Finding]:
    """An end event has an incoming flow."""
    for event in tree.all("endEvent"):
        if not tree.incoming(event):
            yield event, f"{label(event)} cannot be reached."


def cancel_in_transaction(tree: Tree) -> Iterator[Finding]:
    """A cancel end event stands in a transaction."""
    for event in tree.all("endEvent"):
        if "cancel" in tree.kinds(event) and next(event.iterancestors(bpmn("transaction")), None) is None:
            yield event, f"{label(event)} cancels no transaction."


def end_receives_nothing(tree: Tree) -> Iterator[Finding]:
    """An end event is no target of a message flow."""
    yield from _message_end(tree, "targetRef", "endEvent")


def end_sends_message(tree: Tree) -> Iterator[Finding]:
    """An end event from which a message flow comes throws a message."""
    yield from _message_trigger(tree, "sourceRef", "endEvent")


def end_triggers(tree: Tree) -> Iterator[Finding]:
    """An end event throws no link, condition or timer."""
    yield from _only(tree, "endEvent", _END)


def _only(tree: Tree, name: str, allowed: frozenset[str]) -> Iterator[Finding]:
    for event in tree.all(name):
        for kind in tree.kinds(event):
            if kind not in allowed:
                yield event, f"{label(event)} cannot have the trigger {_trigger(kind)}."


def _message_end(tree: Tree, end: str, name: str) -> Iterator[Finding]:
    for flow in tree.all("messageFlow"):
        found = tree.target(flow.get(end))
        if found is not None and tag(found) == name:
            yield flow, f"{label(found)} cannot be the {end.removesuffix('Ref')} of a message flow."


def _message_trigger(tree: Tree, end: str, name: str) -> Iterator[Finding]:
    for flow in tree.all("messageFlow"):
        found = tree.target(flow.get(end))
        if found is not None and tag(found) == name and "message" not in tree.kinds(found):
            yield found, f"{label(found)} has a message flow and no message event definition."


# Boundary events


def boundary_triggers(tree: Tree) -> Iterator[Finding]:
    """A boundary event has triggers, and those that fit to whether it interrupts."""
    for event in tree.all("boundaryEvent"):
        kinds = tree.kinds(event)
        interrupting = flag(event, "cancelActivity", True)
        allowed = _BOUNDARY if interrupting else _BOUNDARY_NOT_INTERRUPTING
        if not kinds:
            yield event, f"{label(event)} on the boundary has no trigger."
        for kind in kinds:
            if kind not in allowed:
                how = "interrupting" if interrupting else "non-interrupting"
                yield event, f"The {how} {label(event)} cannot have the trigger {_trigger(kind)}."


def boundary_not_none(tree: Tree) -> Iterator[Finding]:
    """No none event stands on a boundary."""
    for event in tree.all("boundaryEvent"):
        if not tree.kinds(event):
            yield event, f"{label(event)} on the boundary is a none event."


def cancel_on_transaction(tree: Tree) -> Iterator[Finding]:
    """A cancel boundary event is attached to a transaction."""
    for event in tree.all("boundaryEvent"):
        host = tree.target(event.get("attachedToRef"))
        if "cancel" in tree.kinds(event) and (host is None or tag(host) != "transaction"):
            yield event, f"{label(event)} is attached to no transaction."


def cancel_place(tree: Tree) -> Iterator[Finding]:
    """Cancel events belong to transactions."""
    yield from cancel_in_transaction(tree)
    yield from cancel_on_transaction(tree)


def boundary_not_entered(tree: Tree) -> Iterator[Finding]:
    """A boundary event has no incoming flow."""
    for event in tree.all("boundaryEvent"):
        if tree.any_incoming(event):
            yield event, f"{label(event)} on the boundary has an incoming flow."


def boundary_left(tree: Tree) -> Iterator[Finding]:
    """A boundary event has an outgoing flow, unless it compensates."""
    for event in tree.all("boundaryEvent"):
        if not tree.outgoing(event) and "compensate" not in tree.kinds(event):
            yield event, f"{label(event)} on the boundary leads nowhere."


def compensation_boundary_not_left(tree: Tree) -> Iterator[Finding]:
    """A compensation boundary event has no outgoing flow: an association leads to its handler."""
    for event in tree.all("boundaryEvent"):
        if "compensate" in tree.kinds(event) and tree.any_outgoing(event):
            yield event, f"{label(event)} compensates and has an outgoing flow."


# Intermediate events and links


def intermediate_entered(tree: Tree) -> Iterator[Finding]:
    """An intermediate event has an incoming flow, unless a link leads to it or it stands in an ad-hoc sub-process."""
    for event in tree.all(*_INTERMEDIATE):
        is_target = tag(event) == "intermediateCatchEvent" and "link" in tree.kinds(event)
        if not is_target and not tree.incoming(event) and not (in_ad_hoc(event) and not tree.strict):
            yield event, f"{label(event)} has no incoming flow."


def intermediate_left(tree: Tree) -> Iterator[Finding]:
    """An intermediate event has an outgoing flow, unless it throws a link or stands in an ad-hoc sub-process."""
    for event in tree.all(*_INTERMEDIATE):
        is_source = tag(event) == "intermediateThrowEvent" and "link" in tree.kinds(event)
        if not is_source and not tree.outgoing(event) and not (in_ad_hoc(event) and not tree.strict):
            yield event, f"{label(event)} has no outgoing flow."


def link_has_one_side(tree: Tree) -> Iterator[Finding]:
    """A link event is entered by a flow or left by one, not both."""
    for event in tree.all(*_INTERMEDIATE):
        if "link" not in tree.kinds(event):
            continue
        wrong = tree.any_outgoing(event) if tag(event) == "intermediateThrowEvent" else tree.any_incoming(event)
        if wrong:
            yield event, f"The link event {label(event)} has flows on both sides."


def catch_triggers(tree: Tree) -> Iterator[Finding]:
    """A catching intermediate event waits for a message, a timer, a condition, a link or a signal."""
    for event in tree.all("intermediateCatchEvent"):
        if not tree.kinds(event):
            yield event, f"{label(event)} waits for nothing."
    yield from _only(tree, "intermediateCatchEvent", _CATCH)


def throw_triggers(tree: Tree) -> Iterator[Finding]:
    """A throwing intermediate event throws a message, an escalation, a compensation, a link or a signal."""
    yield from _only(tree, "intermediateThrowEvent", _THROW)


def catch_no_compensation(tree: Tree) -> Iterator[Finding]:
    """A catching intermediate event in normal flow catches no compensation."""
    for event in tree.all("intermediateCatchEvent"):
        if "compensate" in tree.kinds(event):
            yield event, f"{label(event)} catches a compensation in normal flow."


def start_no_compensation(tree: Tree) -> Iterator[Finding]:
    """Compensation starts event sub-processes only."""
    for event in tree.all("startEvent"):
        around = parent(event)
        if "compensate" in tree.kinds(event) and (around is None or not is_event_subprocess(around)):
            yield event, f"{label(event)} waits for a compensation outside an event sub-process."


def _links(tree: Tree, name: str) -> Iterator[tuple[etree._Element, etree._Element]]:
    for event in tree.all(name):
        for definition in tree.definitions(event):
            if tag(definition) == "linkEventDefinition":
                yield event, definition


def _namesake(tree: Tree, definition: etree._Element, name: str) -> list[etree._Element]:
    """Link events of a kind that bear the name of a link: how modellers pair them where no reference does."""
    wanted = definition.get("name")
    return [event for event, one in _links(tree, name) if wanted and one.get("name") == wanted]


def link_pairs(tree: Tree) -> Iterator[Finding]:
    """The target of a link names the link as one of its sources."""
    for _, definition in _links(tree, "intermediateThrowEvent"):
        for name in refs(definition, "target"):
            found = tree.target(name)
            if found is None or definition.get("id") not in refs(found, "source"):
                yield definition, f"The link leads to {name!r}, which does not name it as a source."


def link_has_source(tree: Tree) -> Iterator[Finding]:
    """A catching link has a source: by reference, or by its name."""
    for event, definition in _links(tree, "intermediateCatchEvent"):
        meant = any(definition.get("id") in refs(one, "target") for one in tree.all("linkEventDefinition"))
        named = _namesake(tree, definition, "intermediateThrowEvent") and not meant
        if not refs(definition, "source") and not named:
            yield definition, f"The link event {label(event)} has no source."


def link_has_target(tree: Tree) -> Iterator[Finding]:
    """A throwing link has exactly one target: by reference, or by its name."""
    for event, definition in _links(tree, "intermediateThrowEvent"):
        meant = any(definition.get("id") in refs(one, "source") for one in tree.all("linkEventDefinition"))
        targets: list[object] = [*refs(definition, "target")]
        if not targets and not meant:
            targets = [*_namesake(tree, definition, "intermediateCatchEvent")]
        if len(targets) != 1:
            yield definition, f"The link event {label(event)} has {len(targets) or 'no'} target{'s' * bool(targets)}."


def link_within_level(tree: Tree) -> Iterator[Finding]:
    """A link stays within its process or sub-process."""
    for event, definition in _links(tree, "intermediateThrowEvent"):
        found = [tree.target(name) for name in refs(definition, "target")]
        targets = [parent(one) for one in found if one is not None]
        if not targets:
            targets = list(_namesake(tree, definition, "intermediateCatchEvent"))
        for target in targets:
            if target is not None and parent(target) is not parent(event):
                yield definition, f"The link of {label(event)} leads into another process or sub-process."


# Messages


def intermediate_message_direction(tree: Tree) -> Iterator[Finding]:
    """A throwing event sends messages and a catching event receives them."""
    for flow in tree.all("messageFlow"):
        source, target = tree.target(flow.get("sourceRef")), tree.target(flow.get("targetRef"))
        if target is not None and tag(target) == "intermediateThrowEvent":
            yield flow, f"The throwing {label(target)} is the target of a message flow."
        if source is not None and tag(source) in ("intermediateCatchEvent", "boundaryEvent"):
            yield flow, f"The catching {label(source)} is the source of a message flow."


def message_named(tree: Tree) -> Iterator[Finding]:
    """A message event of an executable process names its message."""
    for definition in tree.all("messageEventDefinition"):
        if tree.executed(definition) and not definition.get("messageRef"):
            yield definition, "The message event names no message."


def operation_named(tree: Tree) -> Iterator[Finding]:
    """A message event of an executable process names its operation.

    A file for an engine is left alone: there, the message says all that is needed.
    """
    if tree.for_engine:
        return
    for definition in tree.all("messageEventDefinition"):
        if tree.executed(definition) and child(definition, "operationRef") is None:
            yield definition, "The message event names no operation."


def escalation_code(tree: Tree) -> Iterator[Finding]:
    """An escalation that an executable process throws has a code."""
    for event in tree.all("intermediateThrowEvent", "endEvent"):
        if not executable(event):
            continue
        for definition in tree.definitions(event):
            if tag(definition) == "escalationEventDefinition":
                found = tree.target(definition.get("escalationRef"))
                if found is None or not found.get("escalationCode"):
                    yield event, f"{label(event)} throws an escalation without a code."


# Compensation


def _handlers(tree: Tree) -> Iterator[etree._Element]:
    """Activities to which an association leads from a compensation boundary event."""
    for association in tree.all("association"):
        ends = [tree.target(association.get(end)) for end in ("sourceRef", "targetRef")]
        source, target = ends
        if source is None or target is None or tag(target) not in ACTIVITIES:
            continue
        if tag(source) == "boundaryEvent" and "compensate" in tree.kinds(source):
            yield target


def handler_marked(tree: Tree) -> Iterator[Finding]:
    """An activity that compensates another is marked so."""
    for activity in _handlers(tree):
        if not flag(activity, "isForCompensation"):
            yield activity, f"{label(activity)} compensates and is not marked isForCompensation."


def handler_without_flows(tree: Tree) -> Iterator[Finding]:
    """No sequence flow touches an activity that compensates another."""
    for activity in tree.all(*sorted(ACTIVITIES)):
        if flag(activity, "isForCompensation") and (tree.any_incoming(activity) or tree.any_outgoing(activity)):
            yield activity, f"A sequence flow touches {label(activity)}, which is for compensation."


# Reachability


def _in_flow(tree: Tree, node: etree._Element) -> bool:
    """Whether sequence flows have to lead to a node and away from it."""
    if tag(node) in ACTIVITIES:
        return not flag(node, "isForCompensation") and not is_event_subprocess(node)
    return tag(node) in GATEWAYS or tag(node) in _INTERMEDIATE


def all_entered(tree: Tree) -> Iterator[Finding]:
    """Where there is a start event, every node can be reached by a flow or a link."""
    begun = {parent(event) for event in tree.all("startEvent")}
    for node in tree.all(*sorted(PROCESS_NODES)):
        if parent(node) not in begun or not _in_flow(tree, node):
            continue
        link = tag(node) == "intermediateCatchEvent" and "link" in tree.kinds(node)
        creates = tag(node) in ("receiveTask", "eventBasedGateway") and flag(node, "instantiate")
        if not link and not creates and not tree.incoming(node):
            yield node, f"No flow leads to {label(node)}, although a start event says where to begin."


def all_left(tree: Tree) -> Iterator[Finding]:
    """Where there is an end event, every node is left by a flow or a link."""
    ended = {parent(event) for event in tree.all("endEvent")}
    for node in tree.all(*sorted(PROCESS_NODES)):
        if parent(node) not in ended or not _in_flow(tree, node):
            continue
        link = tag(node) == "intermediateThrowEvent" and "link" in tree.kinds(node)
        if not link and not tree.outgoing(node):
            yield node, f"No flow leaves {label(node)}, although an end event says where to end."
