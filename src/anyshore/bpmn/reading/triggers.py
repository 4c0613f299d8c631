"""Event definitions, and what messages are correlated by."""

from __future__ import annotations

from lxml import etree

from anyshore.bpmn import timers
from anyshore.bpmn.correlation import Correlation, Property
from anyshore.bpmn.model import Trigger
from anyshore.bpmn.namespaces import BPMN, bpmn
from anyshore.bpmn.reading.context import Reading
from anyshore.bpmn.timers import Timer
from anyshore.feel import Expression

_SUFFIX = "EventDefinition"
_KINDS = {"compensate": "compensation"}
_TIMERS = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}


def read(reading: Reading, xml: etree._Element) -> tuple[Trigger, ...]:
    """The triggers of an event: its own definitions and those it refers to."""
    found: list[Trigger] = []
    for child in xml.iterchildren(f"{{{BPMN}}}*"):
        tag = reading.tag(child)
        if tag.endswith(_SUFFIX):
            found.append(read_one(reading, xml, child))
        elif tag == "eventDefinitionRef":
            target = reading.resolve(child, tag, reading.text(child), required=True)
            if target is not None:
                found.append(read_one(reading, xml, reading.ids[target]))
    return tuple(found)


def read_one(reading: Reading, event: etree._Element, xml: etree._Element) -> Trigger:
    """One event definition, as used by an event."""
    tag = reading.tag(xml)
    kind = tag.removesuffix(_SUFFIX)
    kind = _KINDS.get(kind, kind)
    match kind:
        case "message":
            return message(reading, event, xml)
        case "timer":
            return Trigger(kind, timer=_timer(reading, xml))
        case "conditional":
            condition = reading.expression_child(xml, "condition")
            if reading.child(xml, "condition") is None:
                reading.problems.add(
                    xml, "bpmn.no-condition", "The conditional event has no condition.", "Write a condition (10.5.5)."
                )
            return Trigger(kind, condition=condition)
        case "signal":
            return Trigger(kind, _name_of(reading, xml, "signalRef"))
        case "error":
            return Trigger(kind, _code_of(reading, xml, "errorRef", "errorCode"))
        case "escalation":
            return Trigger(kind, _code_of(reading, xml, "escalationRef", "escalationCode"))
        case "compensation":
            activity = reading.reference(xml, "activityRef")
            return Trigger(kind, activity=activity, wait_for_completion=reading.flag(xml, "waitForCompletion", True))
        case "link":
            return Trigger(kind, _link(reading, xml))
        case "cancel" | "terminate":
            return Trigger(kind)
        case _:
            reading.problems.add(xml, "bpmn.not-executed", f"{tag} is not executed.", "Use an event that is (10.5.5).")
            return Trigger(kind)


def message(reading: Reading, user: etree._Element, xml: etree._Element) -> Trigger:
    """The message that an event definition or a task sends or receives; its operation may name it."""
    reference = reading.reference(xml, "messageRef")
    if reference is None and xml.get("messageRef") is None:
        reference = _message_of_operation(reading, xml)
        if reference is None:
            reading.problems.add(xml, "bpmn.no-message", f"{reading.tag(xml)} names no message.", "Set its messageRef.")
    name = None if reference is None else (reading.ids[reference].get("name") or reference)
    return Trigger("message", name, correlation=_correlation(reading, user, reference))


def _message_of_operation(reading: Reading, xml: etree._Element) -> str | None:
    written = xml.get("operationRef") or reading.text(reading.child(xml, "operationRef"))
    operation = reading.resolve(xml, "operationRef", written) if written else None
    if operation is None:
        return None
    found = reading.child(reading.ids[operation], "inMessageRef")
    return reading.resolve(xml, "inMessageRef", reading.text(found)) if found is not None else None


def _correlation(reading: Reading, user: etree._Element, message: str | None) -> Correlation | None:
    written = reading.own(user, "correlation")
    if written is not None:
        return Correlation(expression=reading.expression(user, written))
    if message is None:
        return None
    properties = tuple(
        Property(
            found.get("name") or found.get("id") or "",
            _message_path(reading, found, message),
            _data_path(reading, user, found.get("id")),
        )
        for found in reading.document.root.findall(bpmn("correlationProperty"))
        if _retrieval(reading, found, message) is not None
    )
    return Correlation(properties=properties) if properties else None


def _retrieval(reading: Reading, xml: etree._Element, message: str) -> etree._Element | None:
    for found in reading.children(xml, "correlationPropertyRetrievalExpression"):
        if (found.get("messageRef") or "").rsplit(":", 1)[-1] == message:
            return found
    return None


def _message_path(reading: Reading, xml: etree._Element, message: str) -> Expression | None:
    found = _retrieval(reading, xml, message)
    return None if found is None else reading.expression_child(found, "messagePath")


def _data_path(reading: Reading, user: etree._Element, name: str | None) -> Expression | None:
    """The path over the process variables, from the subscription of the process around the element."""
    for process in user.iterancestors(bpmn("process")):
        for binding in process.iter(bpmn("correlationPropertyBinding")):
            if (binding.get("correlationPropertyRef") or "").rsplit(":", 1)[-1] == name:
                return reading.expression_child(binding, "dataPath")
    return None


def _name_of(reading: Reading, xml: etree._Element, attribute: str) -> str | None:
    reference = reading.reference(xml, attribute, required=True)
    return None if reference is None else (reading.ids[reference].get("name") or reference)


def _link(reading: Reading, xml: etree._Element) -> str | None:
    """The name that both ends of a link share: that of its target, where one end refers to the other by id."""
    target = reading.ids.get(reading.text(reading.child(xml, "target")).rsplit(":", 1)[-1])
    if target is None:
        for other in reading.document.root.iter(bpmn("linkEventDefinition")):
            sources = [reading.text(one).rsplit(":", 1)[-1] for one in reading.children(other, "source")]
            if xml.get("id", "") in sources:
                target = other
    named = xml if target is None else target
    return named.get("name") or named.get("id")


def _code_of(reading: Reading, xml: etree._Element, attribute: str, code: str) -> str | None:
    reference = reading.reference(xml, attribute)
    if reference is None:
        return None
    found = reading.ids[reference]
    return found.get(code) or found.get("name") or reference


def _timer(reading: Reading, xml: etree._Element) -> Timer:
    written = [(tag, found) for tag in _TIMERS if (found := reading.child(xml, tag)) is not None]
    if len(written) != 1:
        reading.problems.add(
            xml,
            "bpmn.timer",
            f"A timer has one of {', '.join(_TIMERS)}; this one has {len(written)}.",
            "Write one of them (10.5.5).",
        )
        return Timer("duration", "PT0S")
    tag, found = written[0]
    kind, text = _TIMERS[tag], reading.text(found)
    reading.language(found, found.get("language"))
    calendar = reading.own(xml, "calendar") or ""
    if timers.is_literal(text):
        wrong = timers.problem(kind, text, calendar)
        if wrong is not None:
            reading.problems.add(found, "bpmn.timer", f"The timer is {wrong}.", "Write ISO 8601, for example PT10M.")
        return Timer(kind, text, calendar=calendar)
    reading.unlabelled = reading.unlabelled or not found.get("language")
    return Timer(kind, expression=reading.expression(found, text), calendar=calendar)
