"""What can still reach what: the paths by which a token may arrive at an inclusive or complex gateway."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyshore.bpmn.model import Element, Event, Flow


def upstream(gateway: Element, elements: Mapping[str, Any], flows: Mapping[str, Flow]) -> dict[str, int]:
    """For every element of the same scope: the gateway's incoming flows that a token there may still arrive by.

    A bit mask over ``gateway.incoming``. Paths do not visit the gateway itself (BPMN 2.0.2, 13.4.3); a token in an
    activity may also leave by its boundary events, and one at a throwing link goes on at the catching one.
    """
    before = _predecessors(gateway.container, elements)
    reached: dict[str, int] = {}
    for index, flow in enumerate(gateway.incoming):
        bit = 1 << index
        todo = [flows[flow].source]
        while todo:
            current = todo.pop()
            if current == gateway.id or reached.get(current, 0) & bit:
                continue
            reached[current] = reached.get(current, 0) | bit
            todo.extend(before.get(current, ()))
    return reached


def _predecessors(container: str, elements: Mapping[str, Any]) -> dict[str, list[str]]:
    before: dict[str, list[str]] = {}
    links: dict[str, list[str]] = {}
    inside = [element for element in elements.values() if element.container == container]
    for element in inside:
        for flow in element.outgoing:
            before.setdefault(flow.target, []).append(element.id)
        if isinstance(element, Event):
            if element.attached_to is not None:
                before.setdefault(element.id, []).append(element.attached_to)
            for trigger in element.triggers:
                if trigger.kind == "link" and element.position == "throw":
                    links.setdefault(trigger.name or "", []).append(element.id)
    for element in inside:
        if isinstance(element, Event) and element.position == "catch":
            for trigger in element.triggers:
                if trigger.kind == "link":
                    before.setdefault(element.id, []).extend(links.get(trigger.name or "", ()))
    return before
