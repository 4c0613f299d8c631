"""What may stand in an executable process. Everything else is refused by name: nothing is passed through unexecuted."""

from __future__ import annotations

from lxml import etree

from anyshore.bpmn.namespaces import ANYSHORE, BPMN, DRAWING_VENDORS, EXECUTING_VENDORS, XSI
from anyshore.bpmn.reading import jbpm
from anyshore.bpmn.reading.context import Reading

_ACTIVITY = "isForCompensation startQuantity completionQuantity default"
_GATEWAY = "gatewayDirection"
_ITEM = "itemSubjectRef isCollection"

ATTRIBUTES: dict[str, str] = {
    "process": "isExecutable isClosed processType definitionalCollaborationRef",
    "task": _ACTIVITY, "manualTask": _ACTIVITY,
    "userTask": f"{_ACTIVITY} implementation", "serviceTask": f"{_ACTIVITY} implementation operationRef",
    "scriptTask": f"{_ACTIVITY} scriptFormat", "businessRuleTask": f"{_ACTIVITY} implementation",
    "sendTask": f"{_ACTIVITY} implementation messageRef operationRef",
    "receiveTask": f"{_ACTIVITY} implementation messageRef operationRef instantiate",
    "callActivity": f"{_ACTIVITY} calledElement",
    "subProcess": f"{_ACTIVITY} triggeredByEvent", "transaction": f"{_ACTIVITY} triggeredByEvent method",
    "adHocSubProcess": f"{_ACTIVITY} triggeredByEvent ordering cancelRemainingInstances",
    "exclusiveGateway": f"{_GATEWAY} default", "inclusiveGateway": f"{_GATEWAY} default",
    "complexGateway": f"{_GATEWAY} default", "parallelGateway": _GATEWAY,
    "eventBasedGateway": f"{_GATEWAY} instantiate eventGatewayType",
    "startEvent": "isInterrupting parallelMultiple", "intermediateCatchEvent": "parallelMultiple",
    "intermediateThrowEvent": "", "endEvent": "",
    "boundaryEvent": "attachedToRef cancelActivity parallelMultiple",
    "sequenceFlow": "sourceRef targetRef isImmediate",
    "conditionExpression": "language evaluatesToTypeRef", "activationCondition": "language evaluatesToTypeRef",
    "loopCondition": "language evaluatesToTypeRef", "loopCardinality": "language evaluatesToTypeRef",
    "completionCondition": "language evaluatesToTypeRef", "condition": "language evaluatesToTypeRef",
    "timeDate": "language evaluatesToTypeRef", "timeDuration": "language evaluatesToTypeRef",
    "timeCycle": "language evaluatesToTypeRef", "transformation": "language evaluatesToTypeRef",
    "from": "language evaluatesToTypeRef", "to": "language evaluatesToTypeRef",
    "dataPath": "language evaluatesToTypeRef",
    "messageEventDefinition": "messageRef operationRef", "timerEventDefinition": "",
    "conditionalEventDefinition": "", "signalEventDefinition": "signalRef", "errorEventDefinition": "errorRef",
    "escalationEventDefinition": "escalationRef", "compensateEventDefinition": "activityRef waitForCompletion",
    "cancelEventDefinition": "", "linkEventDefinition": "", "terminateEventDefinition": "",
    "standardLoopCharacteristics": "testBefore loopMaximum",
    "multiInstanceLoopCharacteristics": "isSequential behavior noneBehaviorEventRef oneBehaviorEventRef",
    "complexBehaviorDefinition": "", "event": "",
    "dataObject": _ITEM, "dataObjectReference": f"{_ITEM} dataObjectRef", "property": _ITEM,
    "dataStoreReference": f"{_ITEM} dataStoreRef", "dataState": "",
    "dataInput": _ITEM, "dataOutput": _ITEM, "inputDataItem": _ITEM, "outputDataItem": _ITEM,
    "ioSpecification": "", "inputSet": "", "outputSet": "", "dataInputAssociation": "", "dataOutputAssociation": "",
    "assignment": "",
    "laneSet": "", "lane": "partitionElementRef", "childLaneSet": "",
    "association": "sourceRef targetRef associationDirection",
    "correlationSubscription": "correlationKeyRef", "correlationPropertyBinding": "correlationPropertyRef",
    "potentialOwner": "", "humanPerformer": "", "performer": "", "resourceRole": "",
    "resourceParameterBinding": "parameterRef",
}  # fmt: skip
"""Executed elements and the attributes that each may have besides ``id``, ``name`` and our own."""

REFERENCES = frozenset(
    [
        "incoming",
        "outgoing",
        "flowNodeRef",
        "eventDefinitionRef",
        "operationRef",
        "sourceRef",
        "targetRef",
        "dataInputRefs",
        "dataOutputRefs",
        "optionalInputRefs",
        "optionalOutputRefs",
        "whileExecutingInputRefs",
        "whileExecutingOutputRefs",
        "inputSetRefs",
        "outputSetRefs",
        "loopDataInputRef",
        "loopDataOutputRef",
        "resourceRef",
        "source",
        "target",
        "script",
    ]
)
"""Elements that hold only text."""

IGNORED = frozenset(
    [
        "documentation",
        "extensionElements",
        "auditing",
        "monitoring",
        "textAnnotation",
        "group",
        "categoryValueRef",
        "rendering",
    ]
)
"""Elements that describe and execute nothing; what is in them is not looked at."""

OWN: dict[str, frozenset[str]] = {
    "userTask": frozenset({"form", "role", "performer", "apart", "inputs", "outputs"}),
    "manualTask": frozenset({"form", "role", "performer", "apart", "inputs", "outputs"}),
    "serviceTask": frozenset({"activity", "outputs"}),
    "scriptTask": frozenset({"result", "outputs"}),
    "businessRuleTask": frozenset({"decision", "result", "outputs"}),
    "sendTask": frozenset({"correlation"}),
    "receiveTask": frozenset({"correlation", "outputs"}),
    "startEvent": frozenset({"correlation"}),
    "endEvent": frozenset({"correlation"}),
    "boundaryEvent": frozenset({"correlation"}),
    "intermediateCatchEvent": frozenset({"correlation", "outputs"}),
    "intermediateThrowEvent": frozenset({"correlation", "milestone"}),
    "timerEventDefinition": frozenset({"calendar"}),
    "callActivity": frozenset({"target", "inputs", "outputs", "form", "role", "result", "decision"}),
    "multiInstanceLoopCharacteristics": frozenset({"collection", "item", "collect", "into"}),
}
"""Our own attributes, by element."""

_IMPLEMENTATIONS = frozenset({"webservice", "unspecified", ""})
"""Values of ``implementation`` that say nothing more than the element does."""


def check(reading: Reading, process: etree._Element) -> None:
    """Finds everything in an executable process that would not be executed."""
    todo = [process]
    while todo:
        xml = todo.pop()
        tag = reading.tag(xml)
        _attributes(reading, xml, tag)
        for child in reversed(list(xml.iterchildren(etree.Element))):
            name = etree.QName(child)
            if name.namespace != BPMN:
                _foreign(reading, child, str(name.namespace))
            elif name.localname in ATTRIBUTES:
                todo.append(child)
            elif name.localname == "extensionElements":
                for extension in child.iterchildren(etree.Element):
                    _foreign(reading, extension, str(etree.QName(extension).namespace))
            elif name.localname not in REFERENCES and name.localname not in IGNORED:
                _refuse(reading, child, f"{name.localname} is not executed.")


def _refuse(reading: Reading, xml: etree._Element, message: str) -> None:
    reading.problems.add(
        xml, "bpmn.not-executed", message, 'Remove it, or set isExecutable="false" if the process is only a drawing.'
    )


def _attributes(reading: Reading, xml: etree._Element, tag: str) -> None:
    known = ATTRIBUTES[tag].split()
    for qualified, value in xml.attrib.items():
        name = etree.QName(str(qualified))
        namespace = str(name.namespace or "")
        if not namespace:
            if name.localname not in known and name.localname not in ("id", "name"):
                _refuse(reading, xml, f"The attribute {name.localname} of {tag} is not executed.")
            elif name.localname == "implementation" and str(value).strip("#").lower() not in _IMPLEMENTATIONS:
                _refuse(reading, xml, f"implementation={value!r} is not executed.")
        elif namespace == ANYSHORE:
            if name.localname not in OWN.get(tag, ()):
                _refuse(reading, xml, f"{tag} has no anyshore:{name.localname}.")
        elif namespace not in (XSI, BPMN) and namespace not in DRAWING_VENDORS:
            _foreign_attribute(reading, xml, name)


def _foreign_attribute(reading: Reading, xml: etree._Element, name: etree.QName) -> None:
    vendor = EXECUTING_VENDORS.get(str(name.namespace))
    if vendor == "jBPM" and jbpm.changes_nothing(xml, name):
        return
    if vendor is not None:
        _refuse(reading, xml, f"{name.localname} of {vendor} is not executed.")
    else:
        _warn(reading, xml, f"{name.localname} from {name.namespace} means nothing here.")


def _foreign(reading: Reading, xml: etree._Element, namespace: str) -> None:
    tag = etree.QName(xml).localname
    vendor = EXECUTING_VENDORS.get(namespace)
    if vendor == "jBPM" and jbpm.element_changes_nothing(xml):
        return
    if vendor is not None:
        _refuse(reading, xml, f"{tag} of {vendor} is not executed.")
    elif namespace == ANYSHORE:
        if tag not in ("input", "output"):
            _refuse(reading, xml, f"There is no anyshore:{tag}.")
    elif namespace not in DRAWING_VENDORS:
        _warn(reading, xml, f"{tag} from {namespace} means nothing here.")


def _warn(reading: Reading, xml: etree._Element, message: str) -> None:
    reading.problems.warn(xml, "bpmn.unknown-extension", message, "Remove it, if it is there to be executed.")
