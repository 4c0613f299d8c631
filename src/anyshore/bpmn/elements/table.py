"""Every executable element of BPMN and the function that reads it. A new element is a row here."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from anyshore.bpmn.elements import calls, events, gateways, subprocesses, tasks
from anyshore.bpmn.model import Element
from anyshore.bpmn.reading.context import Reading

ELEMENTS: dict[str, Callable[[Reading, etree._Element, str], Element]] = {
    "task": tasks.read_task,
    "manualTask": tasks.read_user,
    "userTask": tasks.read_user,
    "serviceTask": tasks.read_service,
    "scriptTask": tasks.read_script,
    "businessRuleTask": tasks.read_rule,
    "sendTask": tasks.read_send,
    "receiveTask": tasks.read_receive,
    "callActivity": calls.read_call,
    "subProcess": subprocesses.read_subprocess,
    "transaction": subprocesses.read_transaction,
    "adHocSubProcess": subprocesses.read_adhoc,
    "exclusiveGateway": gateways.read_exclusive,
    "parallelGateway": gateways.read_parallel,
    "inclusiveGateway": gateways.read_inclusive,
    "complexGateway": gateways.read_complex,
    "eventBasedGateway": gateways.read_event_based,
    "startEvent": events.read_start,
    "intermediateCatchEvent": events.read_catch,
    "intermediateThrowEvent": events.read_throw,
    "boundaryEvent": events.read_boundary,
    "endEvent": events.read_end,
}
