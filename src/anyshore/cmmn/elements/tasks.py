"""Human tasks and plain tasks (5.4.1.2): work for a person, or a job for an activity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from anyshore.base.errors import CommandRejected
from anyshore.cmmn import moves, variables
from anyshore.cmmn.binding import attribute, child, children
from anyshore.cmmn.definition import Checking, Family, Item, Linking
from anyshore.cmmn.engine_failures import give_way
from anyshore.cmmn.lifecycles import SUSPENDED, TASK_OR_STAGE
from anyshore.cmmn.model import CaseParameter, PlanItemDefinition, PlanningTable
from anyshore.cmmn.names import ANYSHORE
from anyshore.cmmn.templates import FLAG, TEXT, Building, Draft, Template, Writing, put, reference
from anyshore.kernel import waits
from anyshore.kernel.commands import Resolve
from anyshore.kernel.records import Noted, Sent
from anyshore.kernel.state import JOB, WORK, Node, Wait
from anyshore.kernel.turn import Turn, WorkFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(PlanItemDefinition):
    """A task (5.4.1.2).

    Attributes:
        is_blocking: whether it waits for its end; a task that does not completes as soon as it starts.
        activity: the activity that does it (ours); without one it waits for a person.
    """

    is_blocking: bool | None = attribute("isBlocking", bool)
    activity: str | None = attribute("activity", namespace=ANYSHORE)
    inputs: tuple[CaseParameter, ...] = children({"input": CaseParameter})
    outputs: tuple[CaseParameter, ...] = children({"output": CaseParameter})


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanTask(Task):
    """Work for a person (5.4.1.2.1).

    Attributes:
        performer_ref: the role that does it.
        form: the form shown (ours); its own id where left out.
    """

    performer_ref: str | None = attribute("performerRef")
    form: str | None = attribute("form", namespace=ANYSHORE)
    planning_table: PlanningTable | None = child("planningTable", PlanningTable)


def start(turn: Turn, node: int, item: Item) -> None:
    """Opens the work or the job, and goes on at once where the task does not block."""
    try:
        inputs = variables.computed(turn, node, item.inputs)
    except WorkFailed as failure:
        give_way(turn, item, failure)
        return
    definition = item.definition
    activity = definition.activity if isinstance(definition, Task) else None
    if not blocks(turn, node, item):
        if activity:
            turn.emit(Sent(node, "start", f"activity:{activity}", data=inputs))
        turn.plan("complete", node)
    elif activity:
        waits.open_wait(turn, node, JOB, name=activity, data={"element": item.id, "variables": inputs})
    else:
        _ask(turn, node, item, inputs)


def _ask(turn: Turn, node: int, item: Item, inputs: dict[str, Any]) -> None:
    """Opens work for a person."""
    definition = item.definition
    data: dict[str, Any] = {"element": item.id, "name": item.name}
    form = None
    if isinstance(definition, HumanTask):
        form = definition.form
        data["role"] = definition.performer_ref
        data["form"] = form
    if item.inputs:
        data["inputs"] = inputs
    waits.open_wait(turn, node, WORK, name=form or item.id, data=data)


def blocks(turn: Turn, node: int, item: Item) -> bool:
    """Whether a task waits for its end."""
    return moves.is_true(turn, node, item.blocking_condition, item.blocking)


def resolve(turn: Turn, node: Node, item: Item, wait: Wait, command: Resolve) -> None:
    """Writes the result and completes the task; a suspended one completes when it is resumed.

    Where the outputs cannot be computed, a person's answer is refused; work without a person fails.
    """
    try:
        result = variables.returned(turn, node.id, item.outputs, command.variables)
    except WorkFailed as failure:
        if wait.kind == WORK:
            raise CommandRejected(failure.code, failure.message, failure.location, failure.hint) from failure
        waits.close(turn, wait.id)
        if node.state == SUSPENDED:
            turn.emit(Noted(node.id, "result", ["fault", failure.code, failure.message]))
        else:
            give_way(turn, item, failure)
        return
    verb = "terminate" if command.outcome == "terminated" else "complete"
    variables.write(turn, node.id, result)
    if node.state == SUSPENDED:
        waits.close(turn, wait.id)
        turn.emit(Noted(node.id, "result", [verb]))
    else:
        moves.end(turn, node.id, verb)


def linked(linker: Linking, item: Item, task: Task) -> None:
    """A task has parameters and may go on without waiting for its end."""
    item.blocking = task.is_blocking is not False
    item.inputs = linker.bindings(task.inputs)
    item.outputs = linker.bindings(task.outputs)
    item.blocking_condition = linker.extension(task, "isBlockingExpression")


def checked(checker: Checking, task: HumanTask) -> None:
    """The role that does it is one of the case."""
    if task.performer_ref is not None:
        checker.refs(task, (task.performer_ref,), "role", checker.roles)


KEYS = {"inputs": reference("mapping"), "outputs": reference("mapping"), "wait": FLAG}
"""What a template says of every task."""


def common(builder: Building, draft: Draft) -> dict[str, Any]:
    """What every task of a template has."""
    parameters = {
        key: builder.parameters(draft.name, key, draft.data.get(key, {}), (*draft.path, key))
        for key in ("inputs", "outputs")
    }
    return {**draft.own, "is_blocking": draft.data.get("wait"), **parameters}


def written(writer: Writing, task: Task, **own: Any) -> dict[str, Any]:
    """A task as a template says it.

    Args:
        writer: the writer.
        task: the definition.
        own: the keys of its family.
    """
    data: dict[str, Any] = {}
    put(data, **own, wait=task.is_blocking)
    for key, parameters in (("inputs", task.inputs), ("outputs", task.outputs)):
        if any(p.binding_ref or p.binding_refinement is None or not p.name for p in parameters):
            writer.cannot(task, "parameters bound to case file items")
        elif parameters:
            data[key] = {p.name: p.binding_refinement.text for p in parameters if p.binding_refinement}
    return data


def _build(builder: Building, draft: Draft) -> Task:
    return Task(**common(builder, draft), activity=draft.data.get("activity"))


def _write(writer: Writing, task: Task) -> dict[str, Any]:
    return written(writer, task, activity=task.activity)


def _build_human(builder: Building, draft: Draft) -> HumanTask:
    # What a human task offers is defined in the stage around it (5.4.10).
    table = builder.table(draft.plan, draft.data.get("optional", {}), (*draft.path, "optional"))
    return HumanTask(
        **common(builder, draft),
        performer_ref=draft.data.get("role"),
        form=draft.data.get("form"),
        planning_table=table,
    )


def _write_human(writer: Writing, task: HumanTask) -> dict[str, Any]:
    return written(writer, task, role=task.performer_ref, form=task.form)


def _offered(writer: Writing, task: HumanTask) -> dict[str, Any]:
    return {} if task.planning_table is None else {"optional": writer.optional(task.planning_table)}


WAITS = frozenset({WORK, JOB})
TASK = Family(
    "task", Task, TASK_OR_STAGE, WAITS, started=start, resolved=resolve, linked=linked,
    template=Template(
        "task", "a plain task, or an activity that runs by itself", {"activity": TEXT, **KEYS}, _build, _write
    ),
)  # fmt: skip
HUMAN_TASK = Family(
    "humanTask", HumanTask, TASK_OR_STAGE, WAITS, started=start, resolved=resolve, linked=linked, checked=checked,
    template=Template(
        "human", "work for a person", {"role": reference("id"), "form": TEXT, "optional": reference("items"), **KEYS},
        _build_human, _write_human, _offered,
    ),
)  # fmt: skip
