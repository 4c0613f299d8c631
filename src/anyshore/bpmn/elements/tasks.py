"""Tasks. Source: BPMN 2.0.2, 10.3.3 and 13.3.3.

A reader gets the element that stands in the process and, for a call of a global task, the global task as ``source``:
what is special to the kind of task is read from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from anyshore.base import sizes
from anyshore.base.errors import AnyshoreError
from anyshore.bpmn import activities, correlation, data, expressions, flow, performers
from anyshore.bpmn.elements.gateways import fire_target
from anyshore.bpmn.model import Activity, Element, Trigger
from anyshore.bpmn.namespaces import FEEL_LANGUAGES
from anyshore.bpmn.reading import activity as common
from anyshore.bpmn.reading import triggers
from anyshore.bpmn.reading.context import Reading
from anyshore.bpmn.records import Passed
from anyshore.bpmn.subscriptions import opening
from anyshore.feel import Expression
from anyshore.kernel import scopes, waits
from anyshore.kernel.records import Sent
from anyshore.kernel.state import JOB, MESSAGE, WORK
from anyshore.kernel.turn import Turn, WorkFailed

Read = Callable[[Reading, etree._Element, str], Element]


@dataclass(slots=True, eq=False, kw_only=True)
class UserTask(Activity):
    """Work of a person.

    Attributes:
        role: who may do it.
        form: key of the form; the element id stands in where there is none.
        performer: variable that gets who finished it.
        apart: gives the people who may not do it.
    """

    role: str | None = None
    form: str | None = None
    performer: str | None = None
    apart: Expression | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class ServiceTask(Activity):
    """Work of a program.

    Attributes:
        activity: what is asked for; a row of the table of activities.
    """

    activity: str = ""


@dataclass(slots=True, eq=False, kw_only=True)
class ScriptTask(Activity):
    """A FEEL expression. Without a result variable its value is a context whose entries become variables.

    Attributes:
        script: the expression.
    """

    script: Expression | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class RuleTask(Activity):
    """A decision.

    Attributes:
        decision: name or id of the decision.
    """

    decision: str = ""


@dataclass(slots=True, eq=False, kw_only=True)
class MessageTask(Activity):
    """A send or receive task.

    Attributes:
        triggers: the one message.
        fire: what happens when a receive task's message arrives.
        instantiate: whether that message brings the process to life.
    """

    triggers: tuple[Trigger, ...]
    fire: Callable[[Turn, Any, int, dict[str, Any], bool], None]
    instantiate: bool = False
    parallel: bool = False
    interrupting: bool = True
    position: str = "catch"


# Abstract


def read_task(reading: Reading, xml: etree._Element, container: str, source: etree._Element | None = None) -> Element:
    """``task``: nothing to execute, so a token goes through it (13.3.3, Abstract Task)."""
    return Activity(**common.read(reading, xml, container), begin=begin_task, direct=flow_through)


def flow_through(turn: Turn, task: Activity, scope: int, _flow: str | None) -> None:
    """A token goes through."""
    turn.emit(Passed(scope, task.id))
    flow.out(turn, task, scope, task.completion_quantity)


def begin_task(turn: Turn, task: Activity, node: int) -> None:
    """Nothing to do: it completes."""
    activities.complete(turn, task, node, {})


# People


def read_user(reading: Reading, xml: etree._Element, container: str, source: etree._Element | None = None) -> Element:
    """``userTask``, and ``manualTask``: somebody says when the work is done."""
    kind = xml if source is None else source
    form = reading.own(xml, "form") or reading.own(kind, "form")
    if form is not None:
        reading.forms.append(form)
    role = common.role(reading, xml) or common.role(reading, kind)
    apart = reading.own(xml, "apart")
    return UserTask(
        **common.read(reading, xml, container), begin=begin_user, role=role, form=form,
        performer=reading.own(xml, "performer"),
        apart=None if apart is None else reading.expression(xml, apart),
    )  # fmt: skip


def begin_user(turn: Turn, task: UserTask, node: int) -> None:
    """Offers the work."""
    shown: dict[str, Any] = {"element": task.id, "name": task.label}
    lane = turn.definition.lanes.get(task.id)
    for key, value in (("lane", lane), ("role", task.role or lane), ("form", task.form)):
        if value is not None:
            shown[key] = value
    view = scopes.view(turn.state, node)
    given = data.inputs(turn, task.data, view)
    shown["inputs"] = {**view, **given} if task.data.all_inputs else given
    if task.performer is not None:
        shown[performers.PERFORMER] = task.performer
    if task.apart is not None:
        shown[performers.APART] = performers.people(expressions.evaluate(turn, task.apart, view))
    waits.open_wait(turn, node, WORK, name=task.form or task.id, data=shown)


# Programs


def read_service(
    reading: Reading, xml: etree._Element, container: str, source: etree._Element | None = None
) -> Element:
    """``serviceTask``: names an activity by our attribute or by its operation."""
    name = reading.own(xml, "activity") or _operation(reading, xml)
    if name is None:
        reading.problems.add(
            xml, "bpmn.no-activity", "The service task names no activity.",
            'Write anyshore:activity="…" on it, or give it an operationRef.',
        )  # fmt: skip
    else:
        reading.activities.append(name)
    return ServiceTask(**common.read(reading, xml, container), begin=begin_service, activity=name or "")


def _operation(reading: Reading, xml: etree._Element) -> str | None:
    reference = reading.reference(xml, "operationRef")
    return None if reference is None else (reading.ids[reference].get("name") or reference)


def begin_service(turn: Turn, task: ServiceTask, node: int) -> None:
    """Asks for the activity."""
    given = data.inputs(turn, task.data, scopes.view(turn.state, node))
    waits.open_wait(turn, node, JOB, name=task.activity, data=given)


# Scripts and decisions


def read_script(reading: Reading, xml: etree._Element, container: str, source: etree._Element | None = None) -> Element:
    """``scriptTask``, in FEEL."""
    kind = xml if source is None else source
    language = kind.get("scriptFormat")
    if language and language.strip().lower() not in FEEL_LANGUAGES:
        reading.problems.add(
            xml, "bpmn.script-language", f"A script in {language!r} is not executed.",
            'Write it in FEEL with scriptFormat="text/feel", or make it a service task.',
        )  # fmt: skip
        script = None
    else:
        script = reading.expression(kind, reading.text(reading.child(kind, "script")))
    result = reading.own(xml, "result") or reading.own(kind, "result")
    fields = common.read(reading, xml, container, result)
    return ScriptTask(**fields, begin=begin_script, direct=direct_script, script=script)


def direct_script(turn: Turn, task: ScriptTask, scope: int, _flow: str | None) -> None:
    """Runs a script that nothing can interrupt, without a node."""
    view, name = scopes.view(turn.state, scope), task.data.only_result
    if name is not None and task.script is not None:
        value = expressions.value(turn, task.script, view, scope, task.location)
        turn.emit(Passed(scope, task.id))
        data.put(turn, scope, name, value)
    else:
        values = _script(turn, task, scope, view)
        turn.emit(Passed(scope, task.id))
        data.put_all(turn, scope, values)
    flow.out(turn, task, scope, task.completion_quantity)


def begin_script(turn: Turn, task: ScriptTask, node: int) -> None:
    """Runs a script."""
    values = _script(turn, task, node, scopes.view(turn.state, node))
    activities.write(turn, task, node, values)
    activities.finish(turn, task, node)


def _script(turn: Turn, task: ScriptTask, node: int, view: Mapping[str, Any]) -> dict[str, Any]:
    assert task.script is not None
    mapping = task.data
    if mapping.inputs or mapping.reads:
        view = data.overlay(data.inputs(turn, mapping, view), view)
    value = expressions.value(turn, task.script, view, node, task.location)
    return _results(turn, task, node, value, view)


def _results(turn: Turn, task: Activity, node: int, value: Any, view: Mapping[str, Any]) -> dict[str, Any]:
    """The variables that a single value becomes."""
    mapping = task.data
    name = mapping.result
    if name is not None and not mapping.outputs and not mapping.writes:
        return {name: value}
    if name is None and len(mapping.produced) == 1:
        name = mapping.produced[0]
    if name is not None:
        return data.outputs(turn, mapping, {name: value}, view)
    if isinstance(value, dict):
        return data.outputs(turn, mapping, value, view)
    if mapping.outputs:
        return data.outputs(turn, mapping, {"result": value}, view)
    raise WorkFailed(
        node, "bpmn.no-result-variable", f"{task.label!r} gave a value and names no variable for it.", task.location,
        'Write anyshore:result="…" on it and migrate.',
    )  # fmt: skip


def read_rule(reading: Reading, xml: etree._Element, container: str, source: etree._Element | None = None) -> Element:
    """``businessRuleTask``: calls a decision."""
    kind = xml if source is None else source
    decision = reading.own(xml, "decision") or reading.own(kind, "decision")
    if decision is None:
        reading.problems.add(
            xml, "bpmn.no-decision", "The business rule task names no decision.", 'Write anyshore:decision="…" on it.'
        )
    else:
        reading.decisions.append(decision)
    result = reading.own(xml, "result") or reading.own(kind, "result")
    fields = common.read(reading, xml, container, result)
    return RuleTask(**fields, begin=begin_rule, direct=direct_rule, decision=decision or "")


def direct_rule(turn: Turn, task: RuleTask, scope: int, _flow: str | None) -> None:
    """Decides, where nothing can interrupt, without a node."""
    values = _rule(turn, task, scope)
    turn.emit(Passed(scope, task.id))
    data.put_all(turn, scope, values)
    flow.out(turn, task, scope, task.completion_quantity)


def begin_rule(turn: Turn, task: RuleTask, node: int) -> None:
    """Decides."""
    values = _rule(turn, task, node)
    activities.write(turn, task, node, values)
    activities.finish(turn, task, node)


def _rule(turn: Turn, task: RuleTask, node: int) -> dict[str, Any]:
    view = scopes.view(turn.state, node)
    given: Mapping[str, Any] = view
    if task.data.inputs or task.data.reads:
        given = data.inputs(turn, task.data, view)
    try:
        value = turn.definition.decide(task.decision, given, turn.now, turn.zone)
        sizes.check(value)
    except AnyshoreError as problem:
        raise WorkFailed(node, problem.code, problem.message, task.location, problem.hint) from problem
    return _results(turn, task, node, value, view)


# Messages


def read_send(reading: Reading, xml: etree._Element, container: str, source: etree._Element | None = None) -> Element:
    """``sendTask``."""
    trigger = triggers.message(reading, xml, xml)
    return MessageTask(**common.read(reading, xml, container), begin=begin_send, triggers=(trigger,), fire=fire_receive)


def begin_send(turn: Turn, task: MessageTask, node: int) -> None:
    """Sends the message and completes."""
    view = scopes.view(turn.state, node)
    payload = data.inputs(turn, task.data, view)
    trigger = task.triggers[0]
    key = correlation.key_of(turn, trigger.correlation, view, payload)
    turn.emit(Sent(node, MESSAGE, trigger.name or "", key, payload))
    correlation.learn(turn, trigger.correlation, payload)
    activities.finish(turn, task, node)


def read_receive(
    reading: Reading, xml: etree._Element, container: str, source: etree._Element | None = None
) -> Element:
    """``receiveTask``."""
    trigger = triggers.message(reading, xml, xml)
    return MessageTask(
        **common.read(reading, xml, container), begin=begin_receive, triggers=(trigger,), fire=fire_receive,
        instantiate=reading.flag(xml, "instantiate", False),
    )  # fmt: skip


def begin_receive(turn: Turn, task: MessageTask, node: int) -> None:
    """Waits for the message."""
    found = opening(turn, task, 0, task.triggers[0], scopes.view(turn.state, node), node)  # type: ignore[arg-type]
    waits.open_wait(turn, node, MESSAGE, name=found.name, key=found.key, data=found.data)


def fire_receive(turn: Turn, task: MessageTask, owner: int, variables: dict[str, Any], _more: bool) -> None:
    """The message arrived."""
    if turn.state.nodes[owner].element != task.id:
        fire_target(turn, task, owner, variables)
    else:
        activities.complete(turn, task, owner, variables)
