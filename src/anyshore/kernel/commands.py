"""What may be asked of an instance. A command carries its time and who asks (law 1)."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field


class Command(Struct, tag=True, tag_field="type", omit_defaults=True, kw_only=True):
    """Root of all commands.

    Attributes:
        at: when, in microseconds since 1970 UTC.
        by: the person or program that asks; None for the host itself.
        zone: IANA zone in which the definition reads dates without an offset.
    """

    at: int
    by: str | None = None
    zone: str = "UTC"


class Start(Command):
    """Bring an instance to life.

    Attributes:
        variables: the variables of the root scope.
        element: where to begin, if not at the definition's own start.
    """

    variables: dict[str, Any] = field(default_factory=dict)
    element: str | None = None


class Resolve(Command):
    """What a wait waited for has happened.

    Attributes:
        wait: the wait's id.
        variables: the result: of a work item, a job, a message, a called instance.
        outcome: how it ended, where that is more than "done" (the outcome of a called instance).
    """

    wait: int
    variables: dict[str, Any] = field(default_factory=dict)
    outcome: str | None = None


class Fail(Command):
    """What a wait waited for cannot be had: a job gave up, a called instance failed.

    Attributes:
        wait: the wait's id.
        code: error code; an engine may have a handler for it, otherwise it becomes an incident.
        message: what happened, for a person.
        variables: what came with the error.
    """

    wait: int
    code: str
    message: str = ""
    variables: dict[str, Any] = field(default_factory=dict)


class Write(Command):
    """Set variables from outside (a document arrived, a person repairs).

    Attributes:
        scope: the node whose variables are meant; the root where left out.
    """

    variables: dict[str, Any]
    scope: int | None = None


class Act(Command):
    """A verb of the engine on one of its nodes: start a discretionary task, repeat, skip.

    Attributes:
        verb: the engine's word.
        node: the node it is about, where there is one.
        wait: the wait it is about, where the node is known by that: it is the wait's owner.
        element: the element of the definition it is about, where there is no node yet.
        data: whatever else the verb needs.
        reason: why, in the words of the person who asks.
    """

    verb: str
    node: int | None = None
    wait: int | None = None
    element: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    reason: str = ""


class Retry(Command):
    """Try again what ended in an incident.

    Attributes:
        wait: the incident's id.
        variables: written to the failing node's scope first (a repair).
    """

    wait: int
    variables: dict[str, Any] = field(default_factory=dict)


class Cancel(Command):
    """End the instance now."""

    reason: str = ""


class Suspend(Command):
    """Stand still: nothing but resuming, cancelling, repairing and migrating is accepted."""


class Resume(Command):
    """Go on after ``Suspend``."""


class Continue(Command):
    """Take up the tasks left over when a turn ended at its budget."""


class Migrate(Command):
    """Go on under another version of the definition.

    Attributes:
        definition: reference of the new version; the caller hands its definition to ``advance``.
        elements: old element id → new element id; elements not named keep their id.
    """

    definition: str
    elements: dict[str, str] = field(default_factory=dict)


ANY_COMMAND = Start | Resolve | Fail | Write | Act | Retry | Cancel | Suspend | Resume | Continue | Migrate
"""The closed union, for decoding."""
