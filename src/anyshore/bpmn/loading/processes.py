"""One executable process: its elements, flows and lanes, linked by ``linking``."""

from __future__ import annotations

from typing import Any

from lxml import etree

from anyshore.bpmn import scope
from anyshore.bpmn.activities import enter as enter_activity
from anyshore.bpmn.elements.table import ELEMENTS
from anyshore.bpmn.loading import linking
from anyshore.bpmn.model import Flow, Process, Scope
from anyshore.bpmn.namespaces import BPMN, bpmn
from anyshore.bpmn.reading import mappings
from anyshore.bpmn.reading.context import Reading


def read(reading: Reading, xml: etree._Element) -> Process:
    """Reads and links a process."""
    name = xml.get("id") or ""
    root = Scope(
        **reading.common(xml, ""),
        enter=enter_activity,
        begin=scope.begin,
        settle=scope.settle,
        data=mappings.read(reading, xml),
        properties=mappings.declared(reading, xml),
    )
    process = Process(name, xml.get("name") or name, root, elements={name: root})
    defaults: dict[str, str] = {}
    todo = [xml]
    while todo:
        container = todo.pop()
        for child in container.iterchildren(f"{{{BPMN}}}*"):
            tag = reading.tag(child)
            if tag in ELEMENTS:
                element: Any = ELEMENTS[tag](reading, child, container.get("id") or "")
                _add(reading, process, child, element)
                if child.get("default") and element.id in process.elements:
                    defaults[element.id] = child.get("default", "")
                if isinstance(element, Scope):
                    todo.append(child)
            elif tag == "laneSet":
                _lanes(reading, process, child)
        _flows(reading, process, container)
    linking.link(reading, process, xml, defaults)
    process.calls = tuple(dict.fromkeys(reading.calls))
    process.decisions = tuple(dict.fromkeys(reading.decisions))
    process.activities = tuple(dict.fromkeys(reading.activities))
    process.forms = tuple(dict.fromkeys(reading.forms))
    return process


def _add(reading: Reading, process: Process, xml: etree._Element, element: Any) -> None:
    if not element.id:
        reading.problems.add(xml, "bpmn.no-id", f"The {element.kind} has no id.", "Give it one.")
        return
    process.elements.setdefault(element.id, element)


def _flows(reading: Reading, process: Process, container: etree._Element) -> None:
    inside = {child.get("id") for child in container}
    for xml in container.findall(bpmn("sequenceFlow")):
        name = xml.get("id") or f"{xml.get('sourceRef')}->{xml.get('targetRef')}"
        ends = {}
        for end in ("sourceRef", "targetRef"):
            found = reading.reference(xml, end, required=True)
            if found is not None and (found not in inside or found not in process.elements):
                reading.problems.add(
                    xml, "bpmn.flow-end", f"{end} of the sequence flow is {found!r}, which is no element beside it.",
                    "A sequence flow stays within its process or sub-process; use a message flow or an event.",
                )  # fmt: skip
                found = None
            ends[end] = found
        if ends["sourceRef"] is None or ends["targetRef"] is None:
            continue
        condition = reading.expression_child(xml, "conditionExpression")
        process.flows.setdefault(name, Flow(name, ends["sourceRef"], ends["targetRef"], condition))


def _lanes(reading: Reading, process: Process, xml: etree._Element) -> None:
    """The innermost lane of every element: a lane inside another is read after it."""
    for lane in xml.findall(bpmn("lane")):
        label = lane.get("name") or lane.get("id") or ""
        for reference in lane.findall(bpmn("flowNodeRef")):
            found = reading.resolve(reference, "flowNodeRef", reading.text(reference))
            if found is not None:
                process.lanes[found] = label
        for inner in lane.findall(bpmn("childLaneSet")):
            _lanes(reading, process, inner)
