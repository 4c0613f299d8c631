"""Camunda 7, Operaton, Flowable and Activiti: one family with the same extensions under different namespaces."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from anyshore.bpmn.namespaces import bpmn, own
from anyshore.bpmn.vendors.work import Work, discard, retag, text_of
from anyshore.feel import juel, quoted

VENDORS = {
    "http://camunda.org/schema/1.0/bpmn": "Camunda 7",
    "http://operaton.org/schema/1.0/bpmn": "Operaton",
    "http://flowable.org/bpmn": "Flowable",
    "http://activiti.org/bpmn": "Activiti",
}

_HARMLESS = frozenset(
    [
        *("asyncBefore", "asyncAfter", "async", "asyncLeave", "asynchronous", "exclusive", "jobPriority"),
        *("taskPriority", "priority", "category"),
        *("historyTimeToLive", "versionTag", "candidateStarterGroups", "candidateStarterUsers", "tenantId"),
        *("isStartableInTasklist", "modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon"),
        *("formHandlerClass", "formFieldValidation", "initiator", "diagramRelationId", "isEagerExecutionFetching"),
        *("fallbackToDefaultTenant", "sameDeployment", "calledElementType", "processInstanceName", "useLocalScope"),
        *("storeResultVariableAsTransient", "calledElementBinding", "decisionRefBinding", "formRefBinding", "type"),
        *("elementVariable", "formRefVersion", "idGenerator", "variableName", "variableEvents", "autoStoreVariables"),
        *("useLocalScopeForResultVariable", "inheritBusinessKey", "noWaitStatesAsyncLeave", "topic"),
    ]
)
"""Attributes that do not change what a model does here, or that others are read with."""

_HARMLESS_ELEMENTS = frozenset(
    ["properties", "failedJobRetryTimeCycle", "potentialStarter", "in", "out", "inputOutput", "field", "connector",
     "formData", "formProperty", "taskPriority", "attributes", "localization", "customCaption"]
)  # fmt: skip
"""Extension elements that mean nothing for the run, or that others are read with."""

_REFUSED = {
    "executionListener": "code that runs on entering or leaving",
    "taskListener": "code that runs with the task",
    "listener": "code that runs with the element",
    "errorEventDefinition": "errors by the result of an external task",
    "eventType": "an event registry",
    "skipExpression": "a way around the element",
    "triggerable": "a task that waits after it was done",
    "elementIndexVariable": "the number of an instance, which is loopCounter",
    "deploymentId": "a binding to one deployment",
    "calledElementVersion": "a binding to one version",
    "decisionRefVersion": "a binding to one version",
    "endDate": "an end of a repeating timer",
    "businessCalendarName": "a calendar of its own",
}
"""What changes the run and has no counterpart."""

_LEFT_OUT = {
    "dueDate": "the terms of the engagement say when work is due",
    "followUpDate": "work has no follow-up date",
    "businessKey": "the reference of an instance is given when it starts",
    "calledElementTenantId": "an engagement has one tenant",
    "decisionRefTenantId": "an engagement has one tenant",
    "caseTenantId": "an engagement has one tenant",
    "validation": "the form checks its fields",
    "errorMessage": "the message comes from where the error happens",
}


class Family:
    """The translation of one file."""

    def __init__(self, work: Work) -> None:
        self.work = work

    def run(self) -> None:
        """Translates everything, and removes what is of the dialect."""
        readers: dict[str, Callable[[etree._Element, dict[str, str]], None]] = {
            "userTask": self._user,
            "serviceTask": self._service,
            "sendTask": self._service,
            "businessRuleTask": self._rule,
            "scriptTask": self._script,
            "callActivity": self._call,
            "multiInstanceLoopCharacteristics": self._multi,
            "errorEventDefinition": self._error,
            "escalationEventDefinition": self._escalation,
            "signalEventDefinition": self._signal,
            "messageEventDefinition": self._message,
            "message": self._named,
            "signal": self._named,
        }
        for element in self.work.elements():
            given = self.work.attributes(element)
            self._left_over(element, given)
            name = etree.QName(element).localname
            self._mappings(element)
            reader = readers.get(name)
            if reader is not None:
                reader(element, given)
            self._expressions(element, name)
            self.work.drop_attributes(element)
            self.work.drop_extensions(element)

    def _left_over(self, element: etree._Element, given: dict[str, str]) -> None:
        """Speaks about what no reader takes up."""
        for name in given:
            self._say(element, name)
        for extension in self.work.extensions(element):
            name = etree.QName(extension).localname
            if name in ("formData", "formProperty"):
                self.work.note(extension, name, "draw the form as a form file and name it in the form key")
            elif name not in _HARMLESS_ELEMENTS:
                self._say(extension, name)

    def _say(self, element: etree._Element, name: str) -> None:
        if name in _REFUSED:
            self.work.refuse(element, name, _REFUSED[name])
        elif name in _LEFT_OUT:
            self.work.note(element, name, _LEFT_OUT[name])
        elif name not in _HARMLESS and name not in _READ:
            self.work.refuse(element, name)

    # People

    def _user(self, task: etree._Element, given: dict[str, str]) -> None:
        self.work.all_inputs(task)
        for name in ("candidateGroups", "assignee", "candidateUsers"):
            written = given.get(name)
            if written and (juel.is_expression(written) or written == "$INITIATOR"):
                self.work.note(task, f"{name} {written!r}", "who may do the work is a role, not worked out")
            elif written:
                self._set(task, "role", written.split(",")[0].strip())
                break
        form = given.get("formRef") or given.get("formKey")
        if form:
            self._set(task, "form", _form(form))

    @staticmethod
    def _set(element: etree._Element, name: str, value: str) -> None:
        """Sets one of our attributes, unless the model says it itself."""
        if element.get(own(name)) is None:
            element.set(own(name), value)

    # Programs

    def _service(self, task: etree._Element, given: dict[str, str]) -> None:
        connector = self.work.extension(task, "connector")
        if given.get("type") == "dmn" or "decisionRef" in given:
            self._decision_service(task, given)
            return
        expression = given.get("expression")
        result = given.get("resultVariable") or given.get("resultVariableName")
        name = self._implementation(given)
        if connector is not None:
            name = "".join(text_of(one) for one in self.work.children(connector, "connectorId")) or name
            self._in_out(task, connector)
        if name is None and expression is not None:
            called = juel.call(expression)
            if called is None:
                self._as_script(task, expression, result)
                return
            name = called.name
            for number, argument in enumerate(called.arguments, 1):
                self.work.mapping(task, "input", f"argument{number}", argument)
        self._fields(task)
        if name is not None:
            retag(task, "serviceTask", "messageRef", "implementation")
            self._set(task, "activity", name)
            self.work.no_inputs(task)
        if result is not None and name is not None:
            self.work.mapping(task, "output", result, "result")

    def _implementation(self, given: dict[str, str]) -> str | None:
        if given.get("type") in ("external", "external-worker"):
            return given.get("topic")
        delegate = given.get("delegateExpression")
        if delegate:
            return re.sub(r"^[$#]\{\s*|\s*\}$", "", delegate.strip())
        return given.get("class") or given.get("type") or given.get("topic")

    def _as_script(self, task: etree._Element, expression: str, result: str | None) -> None:
        """An expression that only calculates needs no program."""
        feel = self.work.juel(task, expression, "the expression")
        if feel is None:
            return
        if result is None:
            self.work.refuse(task, f"the expression {expression!r}", "its value goes nowhere", "Name a resultVariable.")
            return
        retag(task, "scriptTask", "operationRef", "messageRef", "implementation")
        etree.SubElement(task, bpmn("script")).text = feel
        self._set(task, "result", result)

    def _fields(self, task: etree._Element) -> None:
        for field in self.work.extensions(task, "field"):
            name = field.get("name") or ""
            written = field.get("stringValue") or field.get("expression")
            if written is None:
                inner = [*self.work.children(field, "string"), *self.work.children(field, "expression")]
                written = text_of(inner[0]) if inner else ""
            value = self.work.juel(field, written, f"the field {name}")
            if value is not None:
                self.work.mapping(task, "input", name, value)

    def _decision_service(self, task: etree._Element, given: dict[str, str]) -> None:
        """Flowable's service task of the type ``dmn``."""
        fields = {one.get("name"): one for one in self.work.extensions(task, "field")}
        key = fields.get("decisionTableReferenceKey")
        retag(task, "businessRuleTask", "operationRef", "implementation")
        if key is not None:
            inner = self.work.children(key, "string")
            given = {**given, "decisionRef": key.get("stringValue") or (text_of(inner[0]) if inner else "")}
        if "decisionRef" in given:
            self._rule(task, given)
        else:
            self.work.refuse(task, "a decision task without a decision", "", "Set decisionTableReferenceKey.")

    def _rule(self, task: etree._Element, given: dict[str, str]) -> None:
        decision = given.get("decisionRef")
        if decision is None:
            if self._implementation(given) is not None or "expression" in given:
                self._service(task, given)
            elif "rules" in given or "ruleVariablesInput" in given:
                self.work.refuse(task, "a rule task without a decision", "its rules are Java", "Name a decision.")
            return
        if juel.is_expression(decision):
            self.work.refuse(task, f"the decision {decision!r}", "it is worked out", "Name one decision.")
            return
        self._set(task, "decision", decision)
        if given.get("resultVariable"):
            self._set(task, "result", given["resultVariable"])
            self._decided(task, given)

    def _decided(self, task: etree._Element, given: dict[str, str]) -> None:
        """How Camunda makes a variable of a decision's result, where that is not the value of DMN."""
        name, how = given["resultVariable"], given.get("mapDecisionResult", "resultList")
        if how == "collectEntries":
            value = self.work.variable(task, name, "the result variable")
            if value is not None:
                self.work.mapping(task, "output", name, f"if {value} = null then [] else flatten([{value}])")
        elif how != "singleEntry" and self.work.vendor in ("Camunda 7", "Operaton"):
            why = f"{name} gets the value of DMN: of one output its value, of several a context"
            self.work.note(task, f"mapDecisionResult {how!r}", why)

    def _script(self, task: etree._Element, given: dict[str, str]) -> None:
        script = task.find(bpmn("script"))
        language = (task.get("scriptFormat") or "").lower()
        if "resource" in given:
            self.work.refuse(task, "resource", "the script stands in another file", "Write it into the model, in FEEL.")
        elif script is not None and (language == "juel" or (not language and juel.is_expression(text_of(script)))):
            feel = self.work.juel(script, text_of(script), "the script")
            if feel is not None:
                script.text = feel
                discard(task, "scriptFormat")
        result = given.get("resultVariable")
        if result:
            self._set(task, "result", result)

    # Calls

    def _call(self, task: etree._Element, given: dict[str, str]) -> None:
        called = task.get("calledElement") or ""
        if juel.is_expression(called):
            self.work.refuse(task, f"calledElement {called!r}", "it is worked out", "Name one process.")
            task.set("calledElement", "unknown")
        if given.get("caseRef"):
            self._set(task, "target", f"case:{given['caseRef']}")
        if "variableMappingClass" in given or "variableMappingDelegateExpression" in given:
            self.work.refuse(task, "a variable mapping in Java")
        if self._in(task, "in", "input", task) or given.get("inheritVariables") == "true":
            self._set(task, "inputs", "all")
        if self._in(task, "out", "output", task):
            self._set(task, "outputs", "all")

    def _in(self, element: etree._Element, name: str, kind: str, holder: etree._Element) -> bool:
        """``in`` and ``out`` of calls and signals, as mappings of the holder; whether all variables go."""
        pairs: list[tuple[str, str]] = []
        everything = False
        for one in self.work.extensions(element, name):
            source, target, expression = one.get("source"), one.get("target"), one.get("sourceExpression")
            if one.get("businessKey") is not None:
                self.work.note(one, "businessKey", _LEFT_OUT["businessKey"])
            elif one.get("variables") == "all":
                everything = True
            elif target and (source or expression):
                feel = (
                    self.work.variable(one, source, "the source")
                    if source
                    else self.work.juel(one, expression or "", "the mapping")
                )
                if feel is not None:
                    pairs.append((target, feel))
        self.work.mappings(holder, kind, pairs)
        return everything

    # Loops and events

    def _multi(self, loop: etree._Element, given: dict[str, str]) -> None:
        source = given.get("collection")
        if source:
            read = self.work.juel if juel.is_expression(source) else self.work.variable
            feel = read(loop, source, "the collection")
            if feel is not None:
                self._set(loop, "collection", feel)
        if given.get("elementVariable"):
            self._set(loop, "item", given["elementVariable"])

    def _error(self, definition: etree._Element, given: dict[str, str]) -> None:
        event = definition.getparent()
        for attribute, name in (("errorCodeVariable", "errorCode"), ("errorMessageVariable", "errorMessage")):
            if given.get(attribute) and event is not None:
                self.work.mapping(event, "output", given[attribute], name)

    def _escalation(self, definition: etree._Element, given: dict[str, str]) -> None:
        event = definition.getparent()
        if given.get("escalationCodeVariable") and event is not None:
            self.work.mapping(event, "output", given["escalationCodeVariable"], "escalationCode")

    def _signal(self, definition: etree._Element, given: dict[str, str]) -> None:
        event = definition.getparent()
        if event is not None and self._in(definition, "in", "input", event):
            self.work.refuse(definition, "a signal with all variables", "", "Write every variable as in.")

    def _named(self, root: etree._Element, given: dict[str, str]) -> None:
        """The name of a message or a signal, which may be worked out there."""
        name = root.get("name") or ""
        if juel.is_expression(name):
            self.work.refuse(root, f"the name {name!r}", "it is worked out", "Name it plainly, and correlate by a key.")

    def _message(self, definition: etree._Element, given: dict[str, str]) -> None:
        """A throwing message event that a program sends: it sends its message here, named after the program."""
        name = self._implementation(given)
        event = definition.getparent()
        if definition.get("messageRef") or name is None or event is None:
            return
        identifier = "anyshore_" + re.sub(r"\W", "_", name)
        root = self.work.document.root
        if all(one.get("id") != identifier for one in root.findall(bpmn("message"))):
            root.insert(0, etree.Element(bpmn("message"), id=identifier, name=name))
        definition.set("messageRef", identifier)

    # Data and expressions

    def _mappings(self, element: etree._Element) -> None:
        self._in_out(element, element)

    def _in_out(self, element: etree._Element, holder: etree._Element) -> None:
        """``inputOutput`` of an element or of its connector."""
        found = (
            self.work.extensions(element, "inputOutput")
            if holder is element
            else self.work.children(holder, "inputOutput")
        )
        for mapping in found:
            for name, kind in (("inputParameter", "input"), ("outputParameter", "output")):
                for parameter in self.work.children(mapping, name):
                    value = self._value(parameter)
                    if value is not None:
                        self.work.mapping(element, kind, parameter.get("name") or "", value)
                    if kind == "output" and holder is element and etree.QName(element).localname in _RESULTS:
                        self._set(element, "outputs", "all")

    def _value(self, holder: etree._Element) -> str | None:
        """The value of a parameter, an entry or an item: a text, a list, a map or a script."""
        inner = [one for one in holder.iterchildren(etree.Element) if self.work.is_ours(one.tag)]
        if not inner:
            written = text_of(holder)
            return "null" if not written else self.work.juel(holder, written, "the value")
        one = inner[0]
        match etree.QName(one).localname:
            case "list":
                items = [self._value_of(item) for item in one.iterchildren(etree.Element)]
                return None if None in items else f"[{', '.join(item for item in items if item is not None)}]"
            case "map":
                entries = [(entry.get("key") or "", self._value(entry)) for entry in self.work.children(one, "entry")]
                if any(value is None for _, value in entries):
                    return None
                return "{" + ", ".join(f"{quoted(key)}: {value}" for key, value in entries) + "}"
            case "script":
                return self._value_of(one)
            case _:
                self.work.refuse(one, etree.QName(one).localname)
                return None

    def _value_of(self, element: etree._Element) -> str | None:
        """The value of a list item or a script."""
        if etree.QName(element).localname != "script":
            return self.work.juel(element, text_of(element), "the value")
        language = (element.get("scriptFormat") or "").lower()
        if language == "feel":
            return text_of(element)
        if language == "juel":
            return self.work.juel(element, text_of(element), "the script")
        self.work.refuse(element, f"a script in {language or 'no language'}", "", "Write it in FEEL.")
        return None

    def _expressions(self, element: etree._Element, name: str) -> None:
        """Conditions, cardinalities and timers with ``${…}`` in them."""
        if name not in _EXPRESSIONS:
            return
        if "resource" in self.work.attributes(element):
            self.work.refuse(element, "resource", "the condition stands in another file", "Write it in FEEL.")
        written = text_of(element)
        in_feel = element.get("language", "").lower().startswith("feel")
        if not self.work.cron(element) and juel.is_expression(written) and not in_feel:
            feel = self.work.juel(element, written, "the expression")
            for inner in list(element):
                element.remove(inner)
            element.text = feel if feel is not None else "null"
            discard(element, "language")


_EXPRESSIONS = frozenset(
    ["conditionExpression", "condition", "loopCardinality", "completionCondition", "loopCondition", "timeDate",
     "timeDuration", "timeCycle", "activationCondition"]
)  # fmt: skip

_RESULTS = frozenset(
    ["userTask", "manualTask", "serviceTask", "scriptTask", "businessRuleTask", "receiveTask", "intermediateCatchEvent"]
)
"""What completes with results, all of which become variables there, whatever an output parameter adds."""

_READ = frozenset(
    ["assignee", "candidateGroups", "candidateUsers", "formKey", "formRef", "topic", "class", "delegateExpression",
     "expression", "resultVariable", "resultVariableName", "decisionRef", "mapDecisionResult", "caseRef",
     "inheritVariables", "collection", "errorCodeVariable", "errorMessageVariable", "escalationCodeVariable",
     "resource", "rules", "ruleVariablesInput", "variableMappingClass", "variableMappingDelegateExpression"]
)  # fmt: skip
"""Attributes that a reader above takes up."""


def _form(key: str) -> str:
    """The name of a form without how it is embedded: ``embedded:app:forms/check.html`` is ``check``."""
    last = re.split(r"[/:]", key)[-1]
    return re.sub(r"\.(html?|form|json|xhtml|jsf)$", "", last)
