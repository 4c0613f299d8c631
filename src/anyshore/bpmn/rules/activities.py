"""Activities: quantities, performers, loop markers, messages and operations, sub-processes."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from anyshore.bpmn.namespaces import FEEL_LANGUAGES
from anyshore.bpmn.rules.tree import (
    ACTIVITIES,
    CHOREOGRAPHY_ACTIVITIES,
    CONVERSATIONS,
    SUBPROCESSES,
    TASKS,
    Finding,
    Tree,
    child,
    children,
    flag,
    is_event_subprocess,
    is_mime,
    is_uri,
    label,
    same_item,
    tag,
    text,
)

_PERFORMERS = ("resourceRole", "performer", "humanPerformer", "potentialOwner")
_NOT_FOR_EVENT_SUBPROCESS = frozenset(("link", "cancel", "terminate"))
_ONLY_INTERRUPTING = frozenset(("error", "compensate"))


def start_quantity(tree: Tree) -> Iterator[Finding]:
    """An activity needs one token or more to begin."""
    yield from _quantity(tree, "startQuantity")


def completion_quantity(tree: Tree) -> Iterator[Finding]:
    """An activity sends one token or more on."""
    yield from _quantity(tree, "completionQuantity")


def _quantity(tree: Tree, name: str) -> Iterator[Finding]:
    for activity in tree.all(*sorted(ACTIVITIES)):
        written = (activity.get(name) or "1").strip()
        if written.lstrip("+-").isdigit() and int(written) < 1:
            yield activity, f"{name} of {label(activity)} is {written}."


def resource_or_expression(tree: Tree) -> Iterator[Finding]:
    """A performer is a resource or an expression, not both."""
    for role in tree.all(*_PERFORMERS):
        if child(role, "resourceRef") is not None and child(role, "resourceAssignmentExpression") is not None:
            yield role, f"{label(role)} has a resource and an expression."


def bindings_need_resource(tree: Tree) -> Iterator[Finding]:
    """Parameters are bound only where a performer names a resource."""
    for role in tree.all(*_PERFORMERS):
        if child(role, "resourceParameterBinding") is not None and child(role, "resourceRef") is None:
            yield role, f"{label(role)} binds parameters of no resource."


def one_loop_marker_on_task(tree: Tree) -> Iterator[Finding]:
    """A task has one loop marker at most."""
    yield from _loop_markers(tree, *sorted(TASKS), "callActivity")


def one_loop_marker_on_subprocess(tree: Tree) -> Iterator[Finding]:
    """A sub-process has one loop marker at most."""
    yield from _loop_markers(tree, *sorted(SUBPROCESSES))


def _loop_markers(tree: Tree, *names: str) -> Iterator[Finding]:
    for activity in tree.all(*names):
        if len(children(activity, "standardLoopCharacteristics", "multiInstanceLoopCharacteristics")) > 1:
            yield activity, f"{label(activity)} has several loop markers."


def one_loop_marker(tree: Tree) -> Iterator[Finding]:
    """An activity of any kind has one loop marker at most."""
    yield from _loop_markers(tree, *sorted(ACTIVITIES | CHOREOGRAPHY_ACTIVITIES))


_METHODS = frozenset(("##compensate", "##store", "##image"))


def transaction_method(tree: Tree) -> Iterator[Finding]:
    """The method of a transaction is ##Compensate, ##Store, ##Image or a URI."""
    for element in tree.all("transaction"):
        written = element.get("method")
        if written is not None and written.strip().lower() not in _METHODS and not is_uri(written):
            yield element, f"method={written!r} of {label(element)} is neither of these nor a URI."


def is_known_method(element: etree._Element, _message: str) -> bool:
    """Whether a method only lacks the signs before its name."""
    return f"##{(element.get('method') or '').strip().lower()}" in _METHODS


def _specified(activity: etree._Element, name: str) -> list[etree._Element]:
    """Children of the input and output specification of an activity."""
    specification = child(activity, "ioSpecification")
    return [] if specification is None else children(specification, name)


def _using(tree: Tree, name: str, attribute: str) -> Iterator[etree._Element]:
    for activity in tree.all(name):
        if activity.get(attribute):
            yield activity


def service_inputs(tree: Tree) -> Iterator[Finding]:
    """A service task with an operation has exactly one input set."""
    for task in _using(tree, "serviceTask", "operationRef"):
        if len(_specified(task, "inputSet")) != 1:
            yield task, f"{label(task)} calls an operation and has not exactly one input set."


def service_outputs(tree: Tree) -> Iterator[Finding]:
    """A service task with an operation has one output set at most."""
    for task in _using(tree, "serviceTask", "operationRef"):
        if len(_specified(task, "outputSet")) > 1:
            yield task, f"{label(task)} calls an operation and has several output sets."


def _message_of(tree: Tree, task: etree._Element, end: str) -> etree._Element | None:
    operation = tree.target(task.get("operationRef"))
    return None if operation is None else tree.target(text(child(operation, end)))


def _fits(tree: Tree, message: etree._Element, data: list[etree._Element], *, declared: bool) -> bool:
    """Whether one of the data elements has the item of a message; nothing can be said where neither has one."""
    wanted = tree.item(message)
    items = [tree.item(one) for one in data]
    if wanted is None:
        return not declared or not any(item is not None for item in items)
    return any(item is not None and same_item(wanted, item) for item in items)


def service_input_item(tree: Tree) -> Iterator[Finding]:
    """The input of a service task is the item of the message that its operation takes."""
    for task in _using(tree, "serviceTask", "operationRef"):
        message, data = _message_of(tree, task, "inMessageRef"), _specified(task, "dataInput")
        if message is not None and data and not _fits(tree, message, data, declared=False):
            yield task, f"The input of {label(task)} is another item than {label(message)} of its operation."


def service_output_item(tree: Tree) -> Iterator[Finding]:
    """The output of a service task is the item of the message that its operation gives."""
    for task in _using(tree, "serviceTask", "operationRef"):
        message, data = _message_of(tree, task, "outMessageRef"), _specified(task, "dataOutput")
        if message is not None and not _fits(tree, message, data, declared=False):
            yield task, f"The output of {label(task)} is another item than {label(message)} of its operation."


def _several(tree: Tree, name: str, what: str) -> Iterator[Finding]:
    for task in _using(tree, name, "messageRef"):
        if len(_specified(task, what)) > 1:
            yield task, f"{label(task)} has a message and several elements {what}."


def send_input_sets(tree: Tree) -> Iterator[Finding]:
    """A send task with a message has one input set at most."""
    yield from _several(tree, "sendTask", "inputSet")


def send_inputs(tree: Tree) -> Iterator[Finding]:
    """A send task with a message has one data input at most."""
    yield from _several(tree, "sendTask", "dataInput")


def receive_output_sets(tree: Tree) -> Iterator[Finding]:
    """A receive task with a message has one output set at most."""
    yield from _several(tree, "receiveTask", "outputSet")


def receive_outputs(tree: Tree) -> Iterator[Finding]:
    """A receive task with a message has one data output at most."""
    yield from _several(tree, "receiveTask", "dataOutput")


def send_item(tree: Tree) -> Iterator[Finding]:
    """The input of a send task is the item of its message."""
    yield from _message_item(tree, "sendTask", "dataInput")


def receive_item(tree: Tree) -> Iterator[Finding]:
    """The output of a receive task is the item of its message."""
    yield from _message_item(tree, "receiveTask", "dataOutput")


def _message_item(tree: Tree, name: str, what: str) -> Iterator[Finding]:
    for task in _using(tree, name, "messageRef"):
        message, data = tree.target(task.get("messageRef")), _specified(task, what)
        if message is not None and data and not _fits(tree, message, data, declared=True):
            yield task, f"The {what} of {label(task)} is another item than its message {label(message)}."


def instantiating_receive_first(tree: Tree) -> Iterator[Finding]:
    """A receive task that creates instances has no incoming flow."""
    for task in tree.all("receiveTask"):
        if flag(task, "instantiate") and tree.any_incoming(task):
            yield task, f"{label(task)} creates instances and has an incoming flow."


def script_format(tree: Tree) -> Iterator[Finding]:
    """A script says in which language it is written."""
    for task in tree.all("scriptTask"):
        if child(task, "script") is not None and not task.get("scriptFormat"):
            yield task, f"The script of {label(task)} does not say in which language it is."


def script_format_is_mime(tree: Tree) -> Iterator[Finding]:
    """The format of a script is a MIME type; FEEL may be called so, as here."""
    for name, attribute in (("scriptTask", "scriptFormat"), ("globalScriptTask", "scriptLanguage")):
        for element in tree.all(name):
            written = element.get(attribute)
            if written and not is_mime(written) and written.strip().lower() not in FEEL_LANGUAGES:
                yield element, f"{attribute}={written!r} of {label(element)} is no MIME type such as text/feel."


def event_subprocess_flows(tree: Tree) -> Iterator[Finding]:
    """No sequence flow touches an event sub-process."""
    for one in tree.all(*sorted(SUBPROCESSES)):
        if is_event_subprocess(one) and (tree.any_incoming(one) or tree.any_outgoing(one)):
            yield one, f"A sequence flow touches the event sub-process {label(one)}."


def event_subprocess_starts(tree: Tree) -> Iterator[Finding]:
    """An event sub-process has exactly one start event."""
    for one in tree.all(*sorted(SUBPROCESSES)):
        if is_event_subprocess(one) and len(children(one, "startEvent")) != 1:
            yield one, f"The event sub-process {label(one)} has not exactly one start event."


def event_subprocess_triggers(tree: Tree) -> Iterator[Finding]:
    """The start event of an event sub-process has a trigger that can start one."""
    for one in tree.all(*sorted(SUBPROCESSES)):
        if not is_event_subprocess(one):
            continue
        for start in children(one, "startEvent"):
            kinds = set(tree.kinds(start))
            wrong = kinds & _NOT_FOR_EVENT_SUBPROCESS
            if not flag(start, "isInterrupting", True):
                wrong |= kinds & _ONLY_INTERRUPTING
            if not kinds:
                yield start, f"{label(start)} of an event sub-process has no trigger."
            for kind in sorted(wrong):
                yield start, f"{label(start)} of an event sub-process cannot have the trigger {kind}."


def event_subprocess_not_none(tree: Tree) -> Iterator[Finding]:
    """The start event of an event sub-process is no none event."""
    for one in tree.all(*sorted(SUBPROCESSES)):
        if is_event_subprocess(one):
            for start in children(one, "startEvent"):
                if not tree.kinds(start):
                    yield start, f"{label(start)} of an event sub-process is a none event."


def ad_hoc_has_activity(tree: Tree) -> Iterator[Finding]:
    """An ad-hoc sub-process contains an activity."""
    for one in tree.all("adHocSubProcess"):
        if not children(one, *sorted(ACTIVITIES)):
            yield one, f"The ad-hoc sub-process {label(one)} contains no activity."


def ad_hoc_content(tree: Tree) -> Iterator[Finding]:
    """An ad-hoc sub-process contains no start or end events, conversations or choreography activities."""
    refused = CHOREOGRAPHY_ACTIVITIES | CONVERSATIONS | {"startEvent", "endEvent", "conversationLink"}
    for one in tree.all("adHocSubProcess"):
        for found in children(one, *sorted(refused)):
            yield found, f"An ad-hoc sub-process contains no {tag(found)}."
