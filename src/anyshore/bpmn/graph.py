"""What can still reach what: the paths by which a token may arrive at an inclusive or complex gateway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from anyshore.bpmn.model import Element, Event, Flow


@dataclass(slots=True)
class Upstream:
    """What can still arrive at a gateway, as bit masks over its incoming flows.

    Attributes:
        entering: by element: the flows that a token about to enter the element may arrive by.
        leaving: by element: the flows that a token which leaves it by its own flows may arrive by. A boundary event
            counts by itself, as its token is one more than that of the activity.
    """

    entering: dict[str, int] = field(default_factory=dict)
    leaving: dict[str, int] = field(default_factory=dict)


def upstream(gateway: Element, elements: Mapping[str, Any], flows: Mapping[str, Flow]) -> Upstream:
    """The paths to an inclusive or complex gateway within its scope.

    Paths do not visit the gateway itself (BPMN 2.0.2, 13.4.3). A token before an activity may also leave by the
    activity's boundary events, and one at a throwing link goes on at the catching one.
    """
    before, after = _neighbours(gateway.container, elements)
    found = Upstream()
    for index, flow in enumerate(gateway.incoming):
        bit = 1 << index
        source = flows[flow].source
        if source != gateway.id:
            found.leaving[source] = found.leaving.get(source, 0) | bit
        todo = [source]
        while todo:
            current = todo.pop()
            if current == gateway.id or found.entering.get(current, 0) & bit:
                continue
            found.entering[current] = found.entering.get(current, 0) | bit
            todo.extend(before.get(current, ()))
    for element, targets in after.items():
        for target in targets:
            if target != gateway.id:
                found.leaving[element] = found.leaving.get(element, 0) | found.entering.get(target, 0)
    return found


def _neighbours(container: str, elements: Mapping[str, Any]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """What comes before an element, by flow, link or boundary; and what comes after it, by flow or link."""
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    links: dict[str, list[str]] = {}
    inside = [element for element in elements.values() if element.container == container]
    for element in inside:
        for flow in element.outgoing:
            before.setdefault(flow.target, []).append(element.id)
            after.setdefault(element.id, []).append(flow.target)
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
                    for thrower in links.get(trigger.name or "", ()):
                        before.setdefault(element.id, []).append(thrower)
                        after.setdefault(thrower, []).append(element.id)
    return before, after
