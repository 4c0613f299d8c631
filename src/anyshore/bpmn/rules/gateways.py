"""Gateways: directions, numbers of flows, and what may follow an event-based gateway."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from anyshore.bpmn.rules.tree import GATEWAYS, Finding, Tree, child, flag, label, local, tag

_AFTER_EVENT_GATEWAY = frozenset(("message", "signal", "timer", "conditional"))


def _directed(tree: Tree, direction: str) -> Iterator[etree._Element]:
    for gateway in tree.all(*sorted(GATEWAYS)):
        if gateway.get("gatewayDirection") == direction:
            yield gateway


def converging(tree: Tree) -> Iterator[Finding]:
    """A converging gateway has one outgoing flow."""
    for gateway in _directed(tree, "Converging"):
        if len(tree.any_outgoing(gateway)) > 1:
            yield gateway, f"{label(gateway)} is converging and has several outgoing flows."


def diverging(tree: Tree) -> Iterator[Finding]:
    """A diverging gateway has one incoming flow."""
    for gateway in _directed(tree, "Diverging"):
        if len(tree.any_incoming(gateway)) > 1:
            yield gateway, f"{label(gateway)} is diverging and has several incoming flows."


def mixed(tree: Tree) -> Iterator[Finding]:
    """A mixed gateway has several incoming and several outgoing flows."""
    for gateway in _directed(tree, "Mixed"):
        if len(tree.incoming(gateway)) < 2 or len(tree.outgoing(gateway)) < 2:
            yield gateway, f"{label(gateway)} is mixed and has not several flows on both sides."


def does_something(tree: Tree) -> Iterator[Finding]:
    """A gateway has several incoming or several outgoing flows."""
    for gateway in tree.all(*sorted(GATEWAYS)):
        if len(tree.incoming(gateway)) < 2 and len(tree.outgoing(gateway)) < 2:
            yield gateway, f"{label(gateway)} neither joins nor splits anything."


def event_gateway_splits(tree: Tree) -> Iterator[Finding]:
    """An event-based gateway has two or more outgoing flows."""
    for gateway in tree.all("eventBasedGateway"):
        if len(tree.outgoing(gateway)) < 2:
            yield gateway, f"{label(gateway)} needs two or more events to wait for."


def event_gateway_unconditional(tree: Tree) -> Iterator[Finding]:
    """The flows out of an event-based gateway have no conditions."""
    for gateway in tree.all("eventBasedGateway"):
        for flow in tree.flows_from(gateway):
            if child(flow, "conditionExpression") is not None:
                yield flow, f"The flow out of {label(gateway)} has a condition."


def _followers(tree: Tree, gateway: etree._Element) -> Iterator[etree._Element]:
    for flow in tree.flows_from(gateway):
        found = tree.target(flow.get("targetRef"))
        if found is not None:
            yield found


def event_gateway_targets(tree: Tree) -> Iterator[Finding]:
    """After an event-based gateway come receive tasks and catching message, signal, timer or conditional events."""
    for gateway in tree.all("eventBasedGateway"):
        for target in _followers(tree, gateway):
            if tag(target) == "receiveTask":
                continue
            kinds = tree.kinds(target) if tag(target) == "intermediateCatchEvent" else []
            if not kinds or not _AFTER_EVENT_GATEWAY.issuperset(kinds):
                yield target, f"{label(gateway)} cannot wait for {label(target)}."


def event_gateway_one_way_to_receive(tree: Tree) -> Iterator[Finding]:
    """After an event-based gateway come receive tasks or message events, not both."""
    for gateway in tree.all("eventBasedGateway"):
        targets = list(_followers(tree, gateway))
        tasks = any(tag(target) == "receiveTask" for target in targets)
        if tasks and any("message" in tree.kinds(target) for target in targets if tag(target) != "receiveTask"):
            yield gateway, f"{label(gateway)} leads to receive tasks and to message events."


def event_gateway_tasks_unattached(tree: Tree) -> Iterator[Finding]:
    """A receive task after an event-based gateway has no boundary events."""
    attached = {local(event.get("attachedToRef")) for event in tree.all("boundaryEvent")}
    for gateway in tree.all("eventBasedGateway"):
        for target in _followers(tree, gateway):
            if tag(target) == "receiveTask" and target.get("id") in attached:
                yield target, f"{label(target)} follows an event-based gateway and has a boundary event."


def event_gateway_only_way_in(tree: Tree) -> Iterator[Finding]:
    """What follows an event-based gateway has no other incoming flow."""
    for gateway in tree.all("eventBasedGateway"):
        for target in _followers(tree, gateway):
            if len(tree.any_incoming(target)) > 1:
                yield target, f"{label(target)} follows an event-based gateway and can be reached another way."


def instantiating_gateway_first(tree: Tree) -> Iterator[Finding]:
    """An event-based gateway that creates instances has no incoming flow."""
    for gateway in tree.all("eventBasedGateway"):
        if flag(gateway, "instantiate") and tree.any_incoming(gateway):
            yield gateway, f"{label(gateway)} creates instances and has an incoming flow."


def parallel_event_gateway(tree: Tree) -> Iterator[Finding]:
    """A parallel event-based gateway creates instances."""
    for gateway in tree.all("eventBasedGateway"):
        if gateway.get("eventGatewayType") == "Parallel" and not flag(gateway, "instantiate"):
            yield gateway, f"{label(gateway)} is parallel and does not create instances."
