"""Case, process and decision tasks (5.4.1.2): calling another model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import structs

from anyshore.base import sizes
from anyshore.base.errors import AnyshoreError
from anyshore.cmmn import moves, variables, vendors
from anyshore.cmmn.binding import Element, attribute, child, children
from anyshore.cmmn.definition import Binding, Checking, Definition, Family, Item, Linking
from anyshore.cmmn.elements import tasks
from anyshore.cmmn.elements.tasks import Task, blocks, resolve
from anyshore.cmmn.engine_failures import give_way
from anyshore.cmmn.expressions import Compiled, value
from anyshore.cmmn.lifecycles import TASK_OR_STAGE
from anyshore.cmmn.model import Called, Case, Expression
from anyshore.cmmn.names import local_name
from anyshore.cmmn.templates import TEXT, Building, Draft, Template, Writing
from anyshore.kernel import scopes, waits
from anyshore.kernel.commands import Resolve
from anyshore.kernel.records import Sent
from anyshore.kernel.state import CHILD, Node, Wait
from anyshore.kernel.turn import Turn, WorkFailed
from anyshore.params.shapes import nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterMapping(Element):
    """Carries a parameter of the task to one of what it calls, or back (5.4.1.2.2)."""

    source_ref: str | None = attribute("sourceRef")
    target_ref: str | None = attribute("targetRef")
    transformation: Expression | None = child("transformation", Expression)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTask(Task):
    """Calls a case (5.4.1.2.3)."""

    case_ref: str | None = attribute("caseRef")
    mappings: tuple[ParameterMapping, ...] = children({"parameterMapping": ParameterMapping})
    reference: Expression | None = child("caseRefExpression", Expression)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessTask(Task):
    """Calls a process (5.4.1.2.2)."""

    process_ref: str | None = attribute("processRef")
    mappings: tuple[ParameterMapping, ...] = children({"parameterMapping": ParameterMapping})
    reference: Expression | None = child("processRefExpression", Expression)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTask(Task):
    """Asks a decision (5.4.1.2.4)."""

    decision_ref: str | None = attribute("decisionRef")
    mappings: tuple[ParameterMapping, ...] = children({"parameterMapping": ParameterMapping})
    reference: Expression | None = child("decisionRefExpression", Expression)


Calling = CaseTask | ProcessTask | DecisionTask


def reference_of(definition: object) -> tuple[str, str | None]:
    """What a calling task calls: ``case``, ``process`` or ``decision``, and its reference."""
    match definition:
        case CaseTask():
            return "case", definition.case_ref
        case ProcessTask():
            return "process", definition.process_ref
        case DecisionTask():
            return "decision", definition.decision_ref
        case _:
            return "", None


def _target(turn: Turn, node: int, item: Item) -> str:
    """The id of what is called; a process or decision of the file stands for its external reference."""
    kind, fixed = reference_of(item.definition)
    if fixed is None and item.reference is not None:
        found = value(turn, node, item.reference, moves.view(turn, node, item.reference))
        if not isinstance(found, str) or not found:
            raise WorkFailed(
                node, "case.no-reference", f"The reference of {item.name!r} is no text: {found!r}.",
                item.definition.location, f"Mend the expression that names the {kind}, or its variables, and retry.",
            )  # fmt: skip
        fixed = found
    return external(turn.definition, kind, local_name(fixed or ""))


def external(definition: Definition, kind: str, reference: str) -> str:
    """The reference a process or decision element of the file stands for."""
    listed = {"process": definition.model.processes, "decision": definition.model.decisions}.get(kind, ())
    for called in listed:
        if called.id == reference and called.external_ref:
            return local_name(called.external_ref)
    return reference


def call(turn: Turn, node: int, item: Item) -> None:
    """Opens the wait for the called instance; one that does not block is only announced."""
    try:
        kind, _ = reference_of(item.definition)
        target = f"{kind}:{_target(turn, node, item)}"
        inputs = variables.computed(turn, node, item.inputs)
    except WorkFailed as failure:
        give_way(turn, item, failure)
        return
    if blocks(turn, node, item):
        waits.open_wait(turn, node, CHILD, name=target, data={"target": target, "variables": inputs})
    else:
        turn.emit(Sent(node, "start", target, data=inputs))
        turn.plan("complete", node)


def returned(turn: Turn, node: Node, item: Item, wait: Wait, command: Resolve) -> None:
    """A call is over: only what the task's outputs name comes back (5.4.1.2.2; ADR 0307)."""
    if not item.outputs:
        command = structs.replace(command, variables={})
    resolve(turn, node, item, wait, command)


def decide(turn: Turn, node: int, item: Item) -> None:
    """Asks the decision, writes what it says, and completes; a decision that fails makes the task fail."""
    try:
        reference = _target(turn, node, item)
        inputs: Mapping[str, Any] = (
            variables.computed(turn, node, item.inputs) if item.inputs else scopes.view(turn.state, node)
        )
        answer = turn.definition.decide(reference, inputs, turn.now, turn.zone)
        sizes.check(answer)
        result = variables.returned(turn, node, item.outputs, _named(answer, item, reference))
    except WorkFailed as failure:
        give_way(turn, item, failure)
        return
    except AnyshoreError as problem:
        failed = WorkFailed(node, problem.code, problem.message, problem.location, problem.hint)
        give_way(turn, item, failed)
        return
    variables.write(turn, node, result)
    turn.plan("complete", node)


def _named(answer: object, item: Item, reference: str) -> dict[str, Any]:
    """The answer as variables: a single output takes it whole, several take its parts."""
    if len(item.outputs) == 1 and item.outputs[0].expression is None:
        return {item.outputs[0].name: answer}
    if isinstance(answer, dict) and item.outputs:
        return {**answer, "result": answer}
    return {"result": answer} if item.outputs else {reference: answer}


def linked(linker: Linking, item: Item, task: Calling) -> None:
    """What it calls, and what is carried there and back."""
    tasks.linked(linker, item, task)
    item.reference = linker.reference(task.reference)
    _mapped(linker, item, task)
    for source, target, computed in vendors.mappings(task, "in"):
        expression = linker.theirs(source, task) if computed else None
        item.inputs += (Binding(target, expression, source),)
    for source, target, computed in vendors.mappings(task, "out"):
        expression = linker.theirs(source, task) if computed else None
        item.outputs += (Binding(source, expression, target),)


def _mapped(linker: Linking, item: Item, task: Calling) -> None:
    """Applies parameter mappings: the called model's names stand for the task's own (5.4.1.2.2)."""
    model = linker.model
    models: list[Called | Case] = [*model.processes, *model.decisions, *model.cases]
    called = {p.id: p for one in models for p in (*one.inputs, *one.outputs)}
    for mapping in task.mappings:
        change = linker.expression(mapping.transformation)
        source, target = mapping.source_ref or "", mapping.target_ref or ""
        inputs = {p.id: b for p, b in zip(task.inputs, item.inputs, strict=True)}
        outputs = {p.id: b for p, b in zip(task.outputs, item.outputs, strict=True)}

        def renamed(old: Binding, name: str, change: Compiled | None = change) -> Binding:
            known = called.get(name)
            return Binding((known.name if known else None) or name, change or old.expression, old.variable or old.name)

        if source in inputs:
            new = renamed(inputs[source], target)
            item.inputs = tuple(new if b is inputs[source] else b for b in item.inputs)
        elif target in outputs:
            new = renamed(outputs[target], source)
            item.outputs = tuple(new if b is outputs[target] else b for b in item.outputs)
        else:
            linker.problem(
                "cmmn.mapping", f"The mapping from {source!r} to {target!r} names no parameter of {task.id!r}.",
                mapping, nearest(source, [*inputs, *outputs]),
            )  # fmt: skip


def checked(checker: Checking, task: Calling) -> None:
    """It says what it calls, and calls nothing else besides."""
    kind, reference = reference_of(task)
    if reference is None and task.reference is None:
        checker.add(
            task, "cmmn.no-reference", f"The task {task.id!r} does not say which {kind} it calls.",
            f"Add {kind}Ref.",
        )  # fmt: skip
    if task.activity is not None:
        checker.add(
            task, "cmmn.activity", f"The task {task.id!r} calls a {kind} and names an activity.",
            "Remove the activity, or make it a plain task.",
        )  # fmt: skip


def _template(word: str, definition: type[Calling]) -> Template:
    """A call as a template says it: what is called has the name of the definition's own reference."""

    def build(builder: Building, draft: Draft) -> Calling:
        own = {**tasks.common(builder, draft), f"{word}_ref": draft.data["calls"]}
        return definition(**own)

    def write(writer: Writing, task: Calling) -> dict[str, Any]:
        _, reference = reference_of(task)
        if reference is None or task.mappings:
            writer.cannot(task, "parameter mappings and reference expressions")
        return tasks.written(writer, task, calls=reference)

    return Template(word, "", {"calls": TEXT, **tasks.KEYS}, build, write, needed=("calls",))


CASE_TASK = Family(
    "caseTask", CaseTask, TASK_OR_STAGE, frozenset({CHILD}), started=call, resolved=returned,
    linked=linked, checked=checked, template=_template("case", CaseTask),
)  # fmt: skip
PROCESS_TASK = Family(
    "processTask", ProcessTask, TASK_OR_STAGE, frozenset({CHILD}), started=call, resolved=returned,
    linked=linked, checked=checked, template=_template("process", ProcessTask),
)  # fmt: skip
DECISION_TASK = Family(
    "decisionTask", DecisionTask, TASK_OR_STAGE, started=decide,
    linked=linked, checked=checked, template=_template("decision", DecisionTask),
)  # fmt: skip
