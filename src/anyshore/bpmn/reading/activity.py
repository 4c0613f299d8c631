"""What all activities have in common in XML."""

from __future__ import annotations

from typing import Any

from lxml import etree

from anyshore.bpmn import activities
from anyshore.bpmn.namespaces import bpmn
from anyshore.bpmn.reading import loops, mappings
from anyshore.bpmn.reading.context import Reading

MOST_TOKENS = 10_000
"""Most tokens that an activity may need to begin or send on at once; more is a slip, and would fill the memory."""

_PERFORMERS = ("potentialOwner", "humanPerformer", "performer", "resourceRole")


def read(reading: Reading, xml: etree._Element, container: str, result: str | None = None) -> dict[str, Any]:
    """The fields of an ``Activity`` that every kind of it reads alike."""
    data = mappings.read(reading, xml, result)
    loop = loops.read(reading, xml, data)
    if loop is not None and loop.multi and loop.into is not None:
        # The list of results is written once, when the loop ends, not by every instance.
        data.writes = tuple(one for one in data.writes if one.target != loop.into)
    return {
        **reading.common(xml, container),
        "enter": activities.enter,
        "data": data,
        "loop": loop,
        "start_quantity": reading.number(xml, "startQuantity", 1, 1, MOST_TOKENS),
        "completion_quantity": reading.number(xml, "completionQuantity", 1, 1, MOST_TOKENS),
        "properties": mappings.declared(reading, xml),
        "for_compensation": reading.flag(xml, "isForCompensation", False),
    }


def role(reading: Reading, xml: etree._Element) -> str | None:
    """Who may do the work: our own attribute, else the resource that the model names as performer."""
    written = reading.own(xml, "role")
    if written is not None:
        return written
    for tag in _PERFORMERS:
        for performer in xml.findall(bpmn(tag)):
            reference = reading.text(reading.child(performer, "resourceRef"))
            if reference:
                target = reading.resolve(performer, "resourceRef", reference)
                return None if target is None else (reading.ids[target].get("name") or target)
            if performer.get("name"):
                return performer.get("name")
            reading.problems.add(
                performer, "bpmn.performer", f"The {tag} names no resource and has no name.",
                "Set its name or resourceRef, or write anyshore:role on the task.",
            )  # fmt: skip
    return None
