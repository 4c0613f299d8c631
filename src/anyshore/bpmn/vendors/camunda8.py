"""Camunda 8 (Zeebe): expressions are FEEL already; tasks, mappings, forms, loops and correlation are extensions."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from anyshore import feel
from anyshore.base.errors import FeelError
from anyshore.bpmn.namespaces import bpmn, own
from anyshore.bpmn.vendors.work import Work, discard, retag

VENDORS = {"http://camunda.org/schema/zeebe/1.0": "Camunda 8"}

_REFUSED = {
    "executionListeners": "programs that run on entering or leaving",
    "taskListeners": "programs that run with the task",
    "adHoc": "a list of activities that are started",
}
_LEFT_OUT = {
    "taskHeaders": "an activity has inputs, no headers; add them as inputs where it needs them",
    "taskSchedule": "the terms of the engagement say when work is due",
}
_READ = frozenset(
    ["taskDefinition", "ioMapping", "assignmentDefinition", "formDefinition", "calledDecision", "calledElement",
     "script", "loopCharacteristics", "subscription"]
)  # fmt: skip
_HARMLESS = frozenset(
    ["userTask", "userTaskForm", "priorityDefinition", "properties", "versionTag", "publishMessage",
     "modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon", "linkedResources", "bindingType",
     "conditionalFilter"]
)  # fmt: skip

_NAMES = {"message": "name", "signal": "name", "error": "errorCode", "escalation": "escalationCode"}
"""What a message, a signal, an error and an escalation are told apart by."""


class Zeebe:
    """The translation of one file."""

    def __init__(self, work: Work) -> None:
        self.work = work

    def run(self) -> None:
        """Translates everything, and removes what is of the dialect."""
        keys = self._correlation_keys()
        readers: dict[str, Callable[[etree._Element, etree._Element], None]] = {
            "taskDefinition": self._job,
            "ioMapping": self._mapping,
            "assignmentDefinition": self._assignment,
            "formDefinition": self._form,
            "calledDecision": self._decision,
            "calledElement": self._call,
            "script": self._script,
            "loopCharacteristics": self._loop,
        }
        for element in self.work.elements():
            self._named(element)
            self._functions(element)
            for extension in self.work.extensions(element):
                name = etree.QName(extension).localname
                reader = readers.get(name)
                if reader is not None:
                    reader(element, extension)
                elif name in _REFUSED:
                    self.work.refuse(extension, name, _REFUSED[name])
                elif name in _LEFT_OUT:
                    self.work.note(extension, name, _LEFT_OUT[name])
                elif name not in _HARMLESS and name not in _READ:
                    self.work.refuse(extension, name)
            if self.work.extension(element, "taskDefinition") is not None:
                self.work.no_inputs(element)
            elif element.tag == bpmn("userTask"):
                self.work.all_inputs(element)
            self._correlate(element, keys)
            self.work.cron(element)
            self.work.drop_extensions(element)
            self.work.drop_attributes(element)

    def _named(self, element: etree._Element) -> None:
        """A name or code that is FEEL: a text stands for itself, one that is worked out is refused."""
        attribute = _NAMES.get(etree.QName(element).localname)
        written = element.get(attribute) if attribute else None
        if attribute is None or written is None or not written.startswith("="):
            return
        try:
            known, value = feel.constant(feel.compile(written[1:]).tree)
        except FeelError:
            known, value = False, None
        if known and isinstance(value, str):
            element.set(attribute, value)
        else:
            self.work.refuse(element, f"the {attribute} {written!r}", "it is worked out", "Write it plainly.")

    def _functions(self, element: etree._Element) -> None:
        """Functions that Camunda adds to FEEL, in the expressions of an element and of its extensions."""
        inside = [one for extension in self.work.extensions(element) for one in extension.iter(etree.Element)]
        for one in (element, *inside):
            for written in (one.text or "", *map(str, one.attrib.values())):
                text = written.strip()
                for name in _unknown_calls(text[1:]) if text.startswith("=") else ():
                    self.work.refuse(one, f"the function {name}", "it is none of FEEL", "Write it with FEEL's own.")

    def _correlation_keys(self) -> dict[str, str]:
        """The correlation key by the id of its message."""
        found = {}
        for message in self.work.elements("message"):
            subscription = self.work.extension(message, "subscription")
            key = "" if subscription is None else (subscription.get("correlationKey") or "")
            if key:
                found[message.get("id") or ""] = _feel(key)
        return found

    def _correlate(self, element: etree._Element, keys: dict[str, str]) -> None:
        if element.tag == bpmn("receiveTask"):
            holder: etree._Element | None = element
        elif element.tag == bpmn("messageEventDefinition"):
            holder = element.getparent()
        else:
            return
        key = keys.get((element.get("messageRef") or "").rsplit(":", 1)[-1])
        if key and holder is not None and holder.get(own("correlation")) is None:
            holder.set(own("correlation"), key)

    def _job(self, element: etree._Element, definition: etree._Element) -> None:
        kind = definition.get("type") or ""
        if kind.startswith("="):
            self.work.refuse(element, f"the job type {kind!r}", "it is worked out", "Name one job type.")
            return
        name = etree.QName(element).localname
        if name in ("intermediateThrowEvent", "endEvent"):
            for trigger in element.findall(bpmn("messageEventDefinition")):
                element.remove(trigger)
        if name == "userTask":
            self.work.refuse(element, "a user task that is a job", "", "Make it a service task.")
            return
        for script in element.findall(bpmn("script")):
            element.remove(script)
        retag(element, "serviceTask", "messageRef", "scriptFormat", "implementation", "operationRef")
        element.set(own("activity"), kind)

    def _mapping(self, element: etree._Element, mapping: etree._Element) -> None:
        for name in ("input", "output"):
            pairs = [
                (one.get("target") or "", _feel(one.get("source") or "")) for one in self.work.children(mapping, name)
            ]
            self.work.mappings(element, name, [pair for pair in pairs if pair[0]])

    def _assignment(self, element: etree._Element, assignment: etree._Element) -> None:
        for name in ("candidateGroups", "assignee", "candidateUsers"):
            written = assignment.get(name)
            if written and written.startswith("="):
                self.work.note(element, f"{name} {written!r}", "who may do the work is a role, not worked out")
            elif written:
                element.set(own("role"), written.split(",")[0].strip())
                return

    def _form(self, element: etree._Element, definition: etree._Element) -> None:
        key = definition.get("formId") or definition.get("externalReference") or definition.get("formKey") or ""
        if key and element.tag in (bpmn("userTask"), bpmn("manualTask")):
            element.set(own("form"), key.rsplit(":", 1)[-1])

    def _decision(self, element: etree._Element, called: etree._Element) -> None:
        name = called.get("decisionId") or ""
        if name.startswith("="):
            self.work.refuse(element, f"the decision {name!r}", "it is worked out", "Name one decision.")
            return
        element.set(own("decision"), name)
        if called.get("resultVariable"):
            element.set(own("result"), called.get("resultVariable", ""))

    def _call(self, element: etree._Element, called: etree._Element) -> None:
        name = called.get("processId") or ""
        if name.startswith("="):
            self.work.refuse(element, f"the process {name!r}", "it is worked out", "Name one process.")
            name = "unknown"
        element.set("calledElement", name)
        mapping = self.work.extension(element, "ioMapping")
        outputs = self.work.children(mapping, "output")
        if called.get("propagateAllParentVariables") != "false":
            element.set(own("inputs"), "all")
        if called.get("propagateAllChildVariables") != "false" and not outputs:
            element.set(own("outputs"), "all")

    def _script(self, element: etree._Element, script: etree._Element) -> None:
        discard(element, "scriptFormat")
        for old in element.findall(bpmn("script")):
            element.remove(old)
        etree.SubElement(element, bpmn("script")).text = _feel(script.get("expression") or "")
        if script.get("resultVariable"):
            element.set(own("result"), script.get("resultVariable", ""))

    def _loop(self, element: etree._Element, loop: etree._Element) -> None:
        if loop.get("inputCollection"):
            element.set(own("collection"), _feel(loop.get("inputCollection", "")))
        if loop.get("inputElement"):
            element.set(own("item"), loop.get("inputElement", ""))
        if loop.get("outputElement"):
            element.set(own("collect"), _feel(loop.get("outputElement", "")))
        if loop.get("outputCollection"):
            element.set(own("into"), loop.get("outputCollection", ""))


def _unknown_calls(text: str) -> list[str]:
    """The functions an expression calls that FEEL does not have; a variable of a process is never a function."""
    try:
        free = [name for name, _ in feel.compile(text).unknown_names]
    except FeelError:
        return []  # told where it is read
    return sorted(name for name in free if re.search(rf"(?<!\w){re.escape(name)}\s*\(", text))


def _feel(written: str) -> str:
    """``=expression`` is FEEL; anything else is a text as it stands."""
    return written[1:].strip() if written.startswith("=") else feel.quoted(written)
