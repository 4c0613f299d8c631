"""Parallel gateways over columns: a fork whose branches are straight and meet again, with nothing between them to wait.

Tokens of one row share its variables and move in turns. Where every variable a branch gives is new and given by no
other branch, and no branch reads what another gives, no order of theirs can be told from another; so one after the
other is what all at once comes to. Anything else stops the rows before the fork. Source: BPMN 2.0.2, 13.4.1.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from anyshore.bpmn.elements.tasks import RuleTask, ScriptTask
from anyshore.bpmn.model import Activity, Element, Process
from anyshore.columnar.straight import structure

PARALLEL = "parallelGateway"


@dataclass(frozen=True, slots=True)
class Fork:
    """A fork and where its branches meet.

    Attributes:
        branches: the elements of each, in order.
        join: the gateway where they meet.
    """

    branches: tuple[tuple[Element, ...], ...]
    join: Element

    def gives(self) -> list[str]:
        """The variables the branches give, in their order."""
        return [name for branch in self.branches for name in given_by(branch)]


def given_by(branch: Collection[Element]) -> list[str]:
    """The variables a branch gives."""
    tasks = (one for one in branch if isinstance(one, (ScriptTask, RuleTask)))
    return [one.data.result for one in tasks if one.data.result is not None]


def fork_of(process: Process, element: Element) -> Fork | str:
    """The block a parallel gateway opens, or why rows do not go through it."""
    if element.container != process.id or process.root.handlers or process.watches:
        return structure(process, element)
    if len(element.outgoing) < 2:
        return structure(process, element)
    branches, joins = [], []
    for flow in element.outgoing:
        found = _branch(process, flow.target)
        if isinstance(found, str):
            return found
        branches.append(found[0])
        joins.append(found[1])
    join = joins[0]
    if any(one is not join for one in joins) or len(join.incoming) != len(branches) or len(join.outgoing) != 1:
        return "its branches do not all meet in one gateway"
    fork = Fork(tuple(branches), join)
    if len(set(fork.gives())) != len(fork.gives()):
        return "two of its branches give the same variable"
    return fork


def explained(process: Process) -> dict[str, str]:
    """Why rows do not go through each parallel gateway of a process; empty where they do."""
    found: dict[str, str] = {}
    for element in process.elements.values():
        if element.kind == PARALLEL and len(element.outgoing) > 1:
            fork = fork_of(process, element)
            found[element.id] = fork if isinstance(fork, str) else ""
            if isinstance(fork, Fork):
                found[fork.join.id] = ""
    return found


def _branch(process: Process, target: str) -> tuple[tuple[Element, ...], Element] | str:
    """The elements of a branch and the gateway at its end, or why rows do not go through."""
    found: list[Element] = []
    while (element := process.elements[target]).kind != PARALLEL:
        why = structure(process, element)
        if not isinstance(element, Activity) or why:
            return f"a branch of it does not go straight to where they meet: {why or f'{element.label} is no task'}"
        if element in found or len(element.incoming) != 1:
            return "flows join within a branch of it"
        found.append(element)
        target = element.outgoing[0].target
    return tuple(found), element
