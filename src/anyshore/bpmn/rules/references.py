"""References: what each may point to, and that it is there."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from anyshore.bpmn.namespaces import BPMN
from anyshore.bpmn.rules.tree import (
    ACTIVITIES,
    CHOREOGRAPHY_ACTIVITIES,
    CONVERSATIONS,
    EVENT_DEFINITIONS,
    EVENTS,
    FLOW_NODES,
    GLOBAL_TASKS,
    ITEM_AWARE,
    Finding,
    Tree,
    local,
    tag,
    text,
)

_ANY: frozenset[str] = frozenset()
_INTERACTION = ACTIVITIES | EVENTS | CONVERSATIONS | CHOREOGRAPHY_ACTIVITIES | {"participant"}
_CALLABLE = GLOBAL_TASKS | {"process"}
_COLLABORATIONS = frozenset(("collaboration", "globalConversation", "choreography", "globalChoreographyTask"))
_ARTIFACT = frozenset(("association", "textAnnotation", "group"))
"""What only other rules speak about when a flow ends there, so that one mistake gives one problem."""

_DATA_END = ITEM_AWARE
_ITEM = frozenset(("itemDefinition",))

ATTRIBUTES: dict[str, dict[str, frozenset[str]]] = {
    "*": {
        "itemSubjectRef": _ITEM,
        "itemRef": _ITEM,
        "messageRef": frozenset(("message",)),
        "operationRef": frozenset(("operation",)),
        "processRef": frozenset(("process",)),
        "attachedToRef": ACTIVITIES,
        "default": frozenset(("sequenceFlow",)),
        "dataObjectRef": frozenset(("dataObject",)),
        "dataStoreRef": frozenset(("dataStore",)),
        "signalRef": frozenset(("signal",)),
        "errorRef": frozenset(("error",)),
        "escalationRef": frozenset(("escalation",)),
        "activityRef": ACTIVITIES,
        "definitionalCollaborationRef": _COLLABORATIONS,
        "correlationKeyRef": frozenset(("correlationKey",)),
        "correlationPropertyRef": frozenset(("correlationProperty",)),
        "categoryValueRef": frozenset(("categoryValue",)),
        "parameterRef": frozenset(("resourceParameter",)),
        "initiatingParticipantRef": frozenset(("participant",)),
        "calledCollaborationRef": _COLLABORATIONS,
        "calledChoreographyRef": _COLLABORATIONS,
        "inputDataRef": frozenset(("inputSet", "dataInput")),
        "outputDataRef": frozenset(("outputSet", "dataOutput")),
        "noneBehaviorEventRef": EVENT_DEFINITIONS,
        "oneBehaviorEventRef": EVENT_DEFINITIONS,
        "partitionElementRef": _ANY,
    },
    "sequenceFlow": {"sourceRef": FLOW_NODES | _ARTIFACT, "targetRef": FLOW_NODES | _ARTIFACT},
    "messageFlow": {"sourceRef": _INTERACTION | _ARTIFACT, "targetRef": _INTERACTION | _ARTIFACT},
    "association": {"sourceRef": _ANY, "targetRef": _ANY},
    "conversationLink": {"sourceRef": _INTERACTION, "targetRef": _INTERACTION},
    "callActivity": {"calledElement": _CALLABLE},
    "signal": {"structureRef": _ITEM},
    "error": {"structureRef": _ITEM},
    "escalation": {"structureRef": _ITEM},
}
"""What the attribute of an element (``*``: of any element) may point to; an empty set: anything."""

ELEMENTS: dict[str, frozenset[str]] = {
    "incoming": frozenset(("sequenceFlow",)),
    "outgoing": frozenset(("sequenceFlow",)),
    "flowNodeRef": FLOW_NODES,
    "eventDefinitionRef": EVENT_DEFINITIONS,
    "dataInputRefs": frozenset(("dataInput",)),
    "optionalInputRefs": frozenset(("dataInput",)),
    "whileExecutingInputRefs": frozenset(("dataInput",)),
    "dataOutputRefs": frozenset(("dataOutput",)),
    "optionalOutputRefs": frozenset(("dataOutput",)),
    "whileExecutingOutputRefs": frozenset(("dataOutput",)),
    "inputSetRefs": frozenset(("inputSet",)),
    "outputSetRefs": frozenset(("outputSet",)),
    "sourceRef": _DATA_END,
    "targetRef": _DATA_END,
    "loopDataInputRef": _DATA_END,
    "loopDataOutputRef": _DATA_END,
    "supportedInterfaceRef": frozenset(("interface",)),
    "interfaceRef": frozenset(("interface",)),
    "inMessageRef": frozenset(("message",)),
    "outMessageRef": frozenset(("message",)),
    "errorRef": frozenset(("error",)),
    "operationRef": frozenset(("operation",)),
    "messageFlowRef": frozenset(("messageFlow",)),
    "participantRef": frozenset(("participant",)),
    "innerParticipantRef": frozenset(("participant",)),
    "outerParticipantRef": frozenset(("participant",)),
    "choreographyRef": _COLLABORATIONS,
    "correlationPropertyRef": frozenset(("correlationProperty",)),
    "resourceRef": frozenset(("resource",)),
    "categoryValueRef": frozenset(("categoryValue",)),
    "source": frozenset(("linkEventDefinition",)),
    "target": frozenset(("linkEventDefinition",)),
    "supports": frozenset(("process",)),
}
"""What an element that holds a reference as its text may point to."""


def references(tree: Tree) -> Iterator[Finding]:
    """Every reference points to an element of the file, of a kind that fits."""
    for element in tree.root.iter(f"{{{BPMN}}}*"):
        name = tag(element)
        allowed = ELEMENTS.get(name)
        if name in ("source", "target") and not _in_link(element):
            allowed = None  # of a relationship: anything, here or elsewhere
        if allowed is not None and text(element) and not len(element):
            yield from _one(tree, element, name, text(element), allowed)
        for attribute, kinds in {**ATTRIBUTES["*"], **ATTRIBUTES.get(name, {})}.items():
            written = element.get(attribute)
            if written:
                yield from _one(tree, element, attribute, written, kinds)


def _one(tree: Tree, element: etree._Element, name: str, written: str, kinds: frozenset[str]) -> Iterator[Finding]:
    if _is_foreign(tree, element, written):
        return
    found = tree.target(written)
    if name == "calledElement" and tree.for_engine:
        return  # the key of a process that is deployed with the file, not the id of one in it
    if found is None:
        if name == "structureRef":
            return  # a type of another language
        yield element, f"{name} refers to {written!r}, which is not in the file."
    elif kinds and tag(found) not in kinds:
        yield element, f"{name} refers to the {tag(found)} {local(written)!r}, not to {_list(kinds)}."


def _in_link(element: etree._Element) -> bool:
    around = element.getparent()
    return around is not None and tag(around) == "linkEventDefinition"


def _list(kinds: frozenset[str]) -> str:
    names = sorted(kinds)
    return f"a {names[0]}" if len(names) == 1 else "one of " + ", ".join(names)


def _is_foreign(tree: Tree, element: etree._Element, written: str) -> bool:
    """Whether a reference leads into another file: its prefix stands for a namespace that is not this file's."""
    prefix, colon, _ = written.strip().rpartition(":")
    if not colon or tree.ids.get(written.strip()) is not None:
        return False
    namespace = element.nsmap.get(prefix)
    return namespace is not None and namespace not in (BPMN, tree.root.get("targetNamespace"))
