"""Extensions of Flowable and Camunda in a case model: executed, harmless, left out, or refused by name.

A model is kept as it was read. What of an extension is executed is read from it when the case is linked. Sources: the
vendors' XML vocabularies (Flowable's ``CmmnXmlConstants``; Camunda 7, CMMN extension attributes and elements).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from anyshore.base.errors import Diagnostic
from anyshore.cmmn.binding import Element
from anyshore.cmmn.names import FLOWABLE

VENDORS = {
    FLOWABLE: "Flowable",
    "http://camunda.org/schema/1.0/cmmn": "Camunda",
    "http://operaton.org/schema/1.0/cmmn": "Operaton",
}

_EXECUTED = frozenset({"isBlockingExpression", "autoCompleteCondition", "counterVariable", "sentryRef", "in", "out"})

_HARMLESS = frozenset(
    {
        *("async", "asyncLeave", "asyncLeaveExclusive", "candidateStarterGroups", "candidateStarterUsers", "category"),
        *("displayOrder", "exclusive", "fallbackToDefaultTenant", "formFieldValidation", "historyTimeToLive", "icon"),
        *("ignoreCounterVariable", "includeInStageOverview", "inheritBusinessKey", "label", "priority"),
        *("sameDeployment", "storeResultVariableAsTransient", "localization", "docker", "versionTag"),
    }
)
"""What changes nothing in what a case does here."""

_LEFT_OUT = {
    "assignee": "who may do work is a role (performerRef)",
    "owner": "who may do work is a role (performerRef)",
    "candidateUsers": "who may do work is a role (performerRef)",
    "candidateGroups": "who may do work is a role (performerRef)",
    "formKey": "name the form by anyshore:form",
    "dueDate": "the terms of the engagement say when work is due",
    "followUpDate": "work has no follow-up date",
    "businessKey": "the reference of an instance is given when it starts",
    "businessStatus": "milestones say how far a case is",
    "initiatorVariableName": "the ledger says who started a case",
    "taskCompleterVariableName": "the ledger says who completed a task",
    "taskIdVariableName": "tasks have no id that a case could use",
    "idVariableName": "called work has no id that a case could use",
    "reactivationRule": "an ended case is closed",
    "defaultReactivationRule": "an ended case is closed",
    "resultVariableName": "outputs say what becomes of a result",
    "caseTenantId": "an engagement has one tenant",
    "processTenantId": "an engagement has one tenant",
    "decisionTenantId": "an engagement has one tenant",
}
"""What is not executed, and leaves the way of a case as it is."""

_CODE = "code of the other engine; name an activity by anyshore:activity"
_REFUSED = {
    **dict.fromkeys(("class", "expression", "delegateExpression", "type", "scriptFormat", "script"), _CODE),
    **dict.fromkeys(("taskListener", "planItemLifecycleListener", "caseLifecycleListener"), "code that runs with it"),
    **dict.fromkeys(("caseExecutionListener", "variableListener"), "code that runs with it"),
    **dict.fromkeys(("topic", "externalWorkerInParameter", "externalWorkerOutParameter"), _CODE),
    **dict.fromkeys(("collectionVariable", "elementVariable", "elementIndexVariable"), "an instance per element"),
    "maxInstanceCount": "a bound on instances; write it into the repetition rule",
    "availableCondition": "a condition of a listener; put it into a stage with an entry criterion",
    **dict.fromkeys(
        ("signalRef", "variableName", "variableChangeType"), "a listener to what a case does not hear here"
    ),
    **dict.fromkeys(("eventType", "eventInParameter", "eventOutParameter"), "an event registry"),
    **dict.fromkeys(("eventCorrelationParameter", "startEventCorrelationConfiguration"), "an event registry"),
    "reactivateEventListener": "an ended case is closed",
    "completionNeutralRule": "whether an item holds its stage is the required rule's",
    "milestoneVariable": "a variable set by a milestone",
    "variableAggregation": "a collected variable",
    "inheritVariables": "a call passes only what it names",
    "repeatOnStandardEvent": "a repetition by another event",
    **dict.fromkeys(("resultVariable", "mapDecisionResult"), "outputs say what becomes of a result"),
    **dict.fromkeys(("caseVersion", "processVersion", "decisionVersion"), "a binding to one version"),
}
"""What changes the way of a case and has no counterpart."""

_USUAL = {
    "triggerMode": ("default",),
    "exitType": ("default",),
    "exitEventType": ("exit",),
    "parentCompletionRule": ("default",),
    "caseBinding": ("latest", "deployment"),
    "processBinding": ("latest", "deployment"),
    "decisionBinding": ("latest", "deployment"),
}
"""What changes nothing with these values, and something with any other."""


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension on an element of a model.

    Attributes:
        vendor: what people call the product.
        name: of the attribute or element, without its namespace.
        value: of the attribute; of an element its ``type``.
        attributes: of the element.
    """

    vendor: str
    name: str
    value: str
    attributes: dict[str, str]


def extensions(element: Element) -> Iterator[Extension]:
    """The extensions of the vendors on an element: attributes, then elements."""
    for written, value in element.foreign:
        name = etree.QName(written)
        if name.namespace in VENDORS:
            yield Extension(VENDORS[name.namespace], name.localname, value, {})
    for text in (*element.extensions, *element.foreign_elements):
        root = etree.fromstring(text)
        for child in root if root.tag.endswith("}extensionElements") else (root,):
            name = etree.QName(child) if isinstance(child.tag, str) else None
            if name is not None and name.namespace in VENDORS:
                given = {str(key): str(value) for key, value in child.attrib.items()}
                yield Extension(VENDORS[name.namespace], name.localname, given.get("type", ""), given)


def value_of(element: Element, name: str) -> str | None:
    """The value of an extension attribute of a vendor; None where there is none."""
    return next((one.value for one in extensions(element) if one.name == name and not one.attributes), None)


def problems(element: Element) -> Iterator[Diagnostic]:
    """What is to be said of the extensions on an element: errors for what changes the case and is not executed."""
    if not element.foreign and not element.extensions and not element.foreign_elements:
        return
    for found in extensions(element):
        said = _said(found)
        if said is not None:
            code, why, severity = said
            message = f"{found.name} of {found.vendor} is {why}."
            hint = "Model it in plain CMMN, or remove it." if severity == "error" else ""
            yield Diagnostic(code, message, element.location, hint, severity)


Said = tuple[str, str, Literal["error", "warning"]]


def _said(found: Extension) -> Said | None:
    name = found.name
    if name in _USUAL:
        if found.value in (*_USUAL[name], ""):
            return None
        return "cmmn.not-translated", f"not executed with {found.value!r}", "error"
    if name in _REFUSED:
        return "cmmn.not-translated", f"not executed: {_REFUSED[name]}", "error"
    if name in ("in", "out"):
        return _mapping(found)
    if name in _EXECUTED or name in _HARMLESS or name.endswith(("-form-field-validation", "-navigation-size")):
        return None
    if name == "field":
        return None  # belongs to what is refused beside it
    return "cmmn.left-out", f"left out: {_LEFT_OUT.get(name, 'it is not known here')}", "warning"


def _mapping(found: Extension) -> Said | None:
    given = found.attributes
    known = {"source", "sourceExpression", "target", "sourceType", "targetType", "businessKey"}
    if set(given) == {"businessKey"}:
        return "cmmn.left-out", f"left out: {_LEFT_OUT['businessKey']}", "warning"
    if set(given) - known or "target" not in given or ("source" in given) == ("sourceExpression" in given):
        return "cmmn.not-translated", f"not executed with {', '.join(sorted(given)) or 'nothing'}", "error"
    return None


def mappings(element: Element, name: str) -> Iterator[tuple[str, str, bool]]:
    """The ``in`` or ``out`` mappings of a calling task: source, target, whether the source is an expression."""
    if not element.extensions:
        return
    for found in extensions(element):
        if found.name == name and _mapping(found) is None:
            given = found.attributes
            yield given.get("source") or given["sourceExpression"], given["target"], "source" not in given
