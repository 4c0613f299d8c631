"""Moving a running instance to another version of its definition."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from anyshore.base.errors import CommandRejected, Diagnostic
from anyshore.base.locations import Location
from anyshore.kernel.commands import Migrate
from anyshore.kernel.records import Migrated, NodeMapped
from anyshore.kernel.state import State
from anyshore.kernel.turn import Turn


def problems(state: State, elements: Mapping[str, str], fits: Callable[[str, str], str | None]) -> list[Diagnostic]:
    """What stands against a migration, without changing anything (a dry run).

    Args:
        state: the running instance.
        elements: old element id → new element id; the rest keep their id.
        fits: asks the engine whether a node at the old element can stand at the new one; returns the reason if not.
    """
    found: list[Diagnostic] = []
    becomes: dict[str, str] = {}
    for old in dict.fromkeys(node.element for node in state.nodes.values()):
        new = elements.get(old, old)
        first = becomes.setdefault(new, old)
        reason = fits(old, new) if first == old else f"{first!r} is active, too, and two would become one."
        if reason is not None:
            found.append(
                Diagnostic(
                    "migration.no-place",
                    f"Element {old!r} is active and cannot go on as {new!r}: {reason}",
                    Location(element=old),
                    "Map it to an element of the same kind, or wait until it is left.",
                )
            )
    return found


def migrate(turn: Turn, command: Migrate, fits: Callable[[str, str], str | None]) -> None:
    """Checks a plan and carries it out.

    Raises:
        CommandRejected: an active element has no place in the new definition; nothing was changed.
    """
    check(turn.state, command.elements, fits)
    carry_out(turn, command)


def check(state: State, elements: Mapping[str, str], fits: Callable[[str, str], str | None]) -> None:
    """Refuses a plan that does not fit.

    Raises:
        CommandRejected: an active element has no place in the new definition.
    """
    against = problems(state, elements, fits)
    if against:
        raise CommandRejected("migration.no-place", "\n".join(d.message for d in against), hint=against[0].hint)


def carry_out(turn: Turn, command: Migrate) -> None:
    """Carries a checked plan out: the nodes stand for the elements of the new definition."""
    turn.emit(Migrated(command.definition))
    for node in list(turn.state.nodes.values()):
        new = command.elements.get(node.element, node.element)
        if new != node.element:
            turn.emit(NodeMapped(node.id, new))
        turn.changed[node.id] = None
