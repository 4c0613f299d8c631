"""Collaborations, choreographies, participants and what a process may contain."""

from __future__ import annotations

from collections.abc import Iterator

from anyshore.bpmn.rules.tree import (
    ARTIFACTS,
    CHOREOGRAPHY_ACTIVITIES,
    CONVERSATIONS,
    SUBPROCESSES,
    Finding,
    Tree,
    child,
    children,
    flag,
    label,
    tag,
)


def choreography_reference(tree: Tree) -> Iterator[Finding]:
    """A choreography and a global conversation refer to no choreography."""
    for element in tree.all("choreography", "globalChoreographyTask", "globalConversation"):
        if child(element, "choreographyRef") is not None:
            yield element, f"{label(element)} refers to a choreography."


def _number(written: str | None, default: int) -> int | None:
    try:
        return default if written is None else int(written)
    except ValueError:
        return None


def least_participants(tree: Tree) -> Iterator[Finding]:
    """The minimum of a participant multiplicity is not negative."""
    for element in tree.all("participantMultiplicity"):
        minimum = _number(element.get("minimum"), 0)
        if minimum is not None and minimum < 0:
            yield element, f"The minimum {minimum} is negative."


def most_participants(tree: Tree) -> Iterator[Finding]:
    """The maximum of a participant multiplicity is at least one and not below the minimum."""
    for element in tree.all("participantMultiplicity"):
        minimum, maximum = _number(element.get("minimum"), 0), _number(element.get("maximum"), 1)
        if minimum is not None and maximum is not None and (maximum < 1 or maximum < minimum):
            yield element, f"The maximum {maximum} is below one or below the minimum {minimum}."


def global_conversation(tree: Tree) -> Iterator[Finding]:
    """A global conversation contains neither conversations nor artifacts nor associations of conversations."""
    refused = CONVERSATIONS | ARTIFACTS | {"conversationLink", "conversationAssociation", "participantAssociation"}
    for element in tree.all("globalConversation"):
        for one in children(element, *sorted(refused | {"messageFlowAssociation"})):
            yield one, f"A global conversation contains no {tag(one)}."


def public_executable(tree: Tree) -> Iterator[Finding]:
    """A public process is not executable."""
    for element in tree.all("process"):
        if element.get("processType") == "Public" and flag(element, "isExecutable"):
            yield element, f"{label(element)} is public and marked as executable."


def choreography_in_process(tree: Tree) -> Iterator[Finding]:
    """A process contains no choreography activities."""
    yield from _choreography_in(tree, "process")


def choreography_in_subprocess(tree: Tree) -> Iterator[Finding]:
    """A sub-process contains no choreography activities."""
    yield from _choreography_in(tree, *sorted(SUBPROCESSES))


def _choreography_in(tree: Tree, *containers: str) -> Iterator[Finding]:
    for element in tree.all(*containers):
        for one in children(element, *sorted(CHOREOGRAPHY_ACTIVITIES)):
            yield one, f"{label(one)} stands in a {tag(element)}; it belongs to a choreography."
