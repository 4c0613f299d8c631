"""Sequence flows and message flows: what they may connect."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from anyshore.bpmn.namespaces import bpmn
from anyshore.bpmn.rules.tree import (
    ACTIVITIES,
    ARTIFACTS,
    CHOREOGRAPHY_ACTIVITIES,
    FLOW_NODES,
    GATEWAYS,
    Finding,
    Tree,
    child,
    executable,
    flag,
    is_event_subprocess,
    label,
    local,
    parent,
    refs,
    tag,
)


def _artifact_end(tree: Tree, flow_tag: str, end: str) -> Iterator[Finding]:
    for flow in tree.all(flow_tag):
        found = tree.target(flow.get(end))
        if found is not None and tag(found) in ARTIFACTS:
            role = "the target" if end == "targetRef" else "the source"
            yield flow, f"{label(found)} is an artifact and cannot be {role} of a {flow_tag}."


def artifact_as_sequence_target(tree: Tree) -> Iterator[Finding]:
    """An artifact is no target of a sequence flow."""
    yield from _artifact_end(tree, "sequenceFlow", "targetRef")


def artifact_as_sequence_source(tree: Tree) -> Iterator[Finding]:
    """An artifact is no source of a sequence flow."""
    yield from _artifact_end(tree, "sequenceFlow", "sourceRef")


def artifact_as_message_target(tree: Tree) -> Iterator[Finding]:
    """An artifact is no target of a message flow."""
    yield from _artifact_end(tree, "messageFlow", "targetRef")


def artifact_as_message_source(tree: Tree) -> Iterator[Finding]:
    """An artifact is no source of a message flow."""
    yield from _artifact_end(tree, "messageFlow", "sourceRef")


def _node_end(tree: Tree, end: str) -> Iterator[Finding]:
    for flow in tree.all("sequenceFlow"):
        found = tree.target(flow.get(end))
        if found is None:
            continue
        in_process = next(flow.iterancestors(bpmn("process")), None) is not None
        allowed = FLOW_NODES - CHOREOGRAPHY_ACTIVITIES if in_process else FLOW_NODES
        if tag(found) not in allowed or is_event_subprocess(found):
            yield flow, f"{label(found)} cannot be the {end.removesuffix('Ref')} of a sequence flow."


def sequence_source(tree: Tree) -> Iterator[Finding]:
    """A sequence flow leaves an activity, a gateway or an event, and no event sub-process."""
    yield from _node_end(tree, "sourceRef")


def sequence_target(tree: Tree) -> Iterator[Finding]:
    """A sequence flow leads to an activity, a gateway or an event, and to no event sub-process."""
    yield from _node_end(tree, "targetRef")


def both_sides_agree(tree: Tree) -> Iterator[Finding]:
    """The nodes at both ends of a sequence flow list it, and they list no other."""
    for flow in tree.all("sequenceFlow"):
        for end, listing in (("sourceRef", "outgoing"), ("targetRef", "incoming")):
            node = tree.target(flow.get(end))
            if node is None or (flow.get("id") not in refs(node, listing) and not tree.unlisted):
                where = "a missing element" if node is None else label(node)
                yield flow, f"{where} at its {end} does not list {label(flow)} as {listing}."
    for node in tree.all(*sorted(FLOW_NODES)):
        for end, listing in (("sourceRef", "outgoing"), ("targetRef", "incoming")):
            for name in refs(node, listing):
                flow_found = tree.target(name)
                if flow_found is not None and local(flow_found.get(end)) != node.get("id"):
                    yield node, f"{label(node)} lists {name!r} as {listing}, which has another {end}."


def immediate(tree: Tree) -> Iterator[Finding]:
    """Sequence flows of executable processes are immediate."""
    for flow in tree.all("sequenceFlow"):
        if not flag(flow, "isImmediate", True) and executable(flow):
            yield flow, f"{label(flow)} is marked as not immediate in an executable process."


def lonely_condition(tree: Tree) -> Iterator[Finding]:
    """A conditional flow leaves a gateway, or an activity that has another way out."""
    for flow in tree.all("sequenceFlow"):
        source = tree.target(flow.get("sourceRef"))
        if child(flow, "conditionExpression") is None or source is None or tag(source) in GATEWAYS:
            continue
        if tag(source) not in ACTIVITIES:
            yield flow, f"The flow from {label(source)} has a condition; only activities and gateways decide."
        elif len(tree.any_outgoing(source)) < 2:
            yield flow, f"The only flow out of {label(source)} has a condition: a token could be stuck."


def default_leaves(tree: Tree) -> Iterator[Finding]:
    """The default flow of an activity or gateway leaves it."""
    for node in tree.all(*sorted(ACTIVITIES | GATEWAYS)):
        default = node.get("default")
        flow = tree.target(default)
        if default and flow is not None and local(flow.get("sourceRef")) != node.get("id"):
            yield node, f"The default flow {default!r} does not leave {label(node)}."


def _ends(tree: Tree) -> Iterator[tuple[etree._Element, etree._Element, etree._Element]]:
    for flow in tree.all("sequenceFlow"):
        source, target = tree.target(flow.get("sourceRef")), tree.target(flow.get("targetRef"))
        if source is not None and target is not None:
            yield flow, source, target


def pool_border(tree: Tree) -> Iterator[Finding]:
    """No sequence flow crosses the border of a pool."""
    for flow, source, target in _ends(tree):
        if _process(source) is not _process(target):
            yield flow, f"{label(flow)} leads from one process into another; use a message flow."


def subprocess_border(tree: Tree) -> Iterator[Finding]:
    """No sequence flow crosses the border of a sub-process."""
    for flow, source, target in _ends(tree):
        if parent(source) is not parent(target):
            yield flow, f"{label(flow)} crosses the border of a sub-process or of its process."


def _process(node: etree._Element) -> etree._Element | None:
    return next(node.iterancestors(bpmn("process")), None)


def _pool(tree: Tree, reference: str | None) -> str | None:
    """What stands for the pool of an end of a message flow: its process where it has one, else the pool itself."""
    found = tree.target(reference)
    if found is None:
        return None
    if tag(found) == "participant":
        process = found.get("processRef")
        return local(process) if process else found.get("id")
    around = _process(found)
    return None if around is None else around.get("id")


def message_between_pools(tree: Tree) -> Iterator[Finding]:
    """A message flow connects two pools."""
    for flow in tree.all("messageFlow"):
        source, target = _pool(tree, flow.get("sourceRef")), _pool(tree, flow.get("targetRef"))
        if source is not None and source == target:
            yield flow, f"{label(flow)} stays within one pool."


def message_to_choreography(tree: Tree) -> Iterator[Finding]:
    """A message flow does not end at a choreography activity."""
    for flow in tree.all("messageFlow"):
        for end in ("sourceRef", "targetRef"):
            found = tree.target(flow.get(end))
            if found is not None and tag(found) in CHOREOGRAPHY_ACTIVITIES:
                yield flow, f"{label(found)} cannot be the {end.removesuffix('Ref')} of a message flow."
