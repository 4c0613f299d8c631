"""The one loop (law 6): accept a command, drain the agenda, settle, again, to a fixed point, under a budget."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

from anyshore.base import sizes
from anyshore.base.errors import AnyshoreError, CommandRejected, InternalError, TooLargeError
from anyshore.base.locations import Location
from anyshore.kernel.commands import Cancel, Command, Continue, Migrate, Resume, Retry, Start, Suspend, Write
from anyshore.kernel.records import (
    HANDLERS,
    Applier,
    Continued,
    Record,
    Resumed,
    Suspended,
    VariableSet,
    WaitClosed,
    WaitOpened,
    Yielded,
)
from anyshore.kernel.state import INCIDENT, ROOT, State

YIELD_AFTER = 20_000
"""Records after which a turn ends early, leaving its agenda in the state. Keeps memory flat in long loops."""

LONGEST = 10 * YIELD_AFTER
"""Records after which a turn ends even when its agenda is long. Until then it does at least as much as it leaves, so
that storing a long agenda again and again costs no more than the work itself."""

ENDLESS_AFTER = 4_000_000
"""Records without a command from outside after which the instance counts as an endless loop."""

FULL = 16_000_000
"""Bytes of variables after which a turn ends early, as it does at its number of records."""

SETTLE = "settle"
"""The one task of the kernel's own: look at nodes again."""

Task = tuple[Any, ...]
"""A step on the agenda: a verb and plain data, so that it can be stored when a turn yields."""


class WorkFailed(AnyshoreError):
    """Running work failed at a node (a script, a condition, a mapping). Becomes an incident on that node.

    Args:
        node: the node that cannot go on.
        code: error code.
        message: what happened.
        location: where in the definition.
        hint: what a person can do.
    """

    def __init__(self, node: int, code: str, message: str, location: Location | None = None, hint: str = "") -> None:
        super().__init__(code, message, location, hint)
        self.node = node


class Engine(Applier, Protocol):
    """What the kernel asks of an engine. ``records`` are the types of its own records."""

    records: tuple[type[Record], ...]

    def accept(self, turn: Turn, command: Command) -> None:
        """Turns a command into records and tasks, or raises ``CommandRejected`` before the first record."""

    def run(self, turn: Turn, task: Task) -> None:
        """Does one step. It evaluates before it emits: when it raises ``WorkFailed`` it has emitted nothing."""

    def settle(self, turn: Turn) -> bool:
        """Fires what the state now allows (joins, sentries, completion of scopes); whether anything fired.

        Looks only at the nodes in ``turn.changed``, which it empties.
        """


class Calendars(Protocol):
    """Business time, by the name of a calendar: data from outside, as the definition is."""

    def after(self, calendar: str, at: int, days: int, time: int) -> int:
        """The moment so many business days, and then so much business time, after another.

        Args:
            calendar: its name.
            at: microseconds since 1970 UTC.
            days: business days.
            time: microseconds of business time; with no days either, the next moment that is open.

        Raises:
            ValueError: there is no such calendar, or it has no such moment.
        """


class NoCalendars:
    """Where none are known."""

    def after(self, calendar: str, at: int, days: int, time: int) -> int:
        """See ``Calendars``."""
        raise ValueError(f"by the business calendar {calendar!r}, and no calendars are known here")


_NO_CALENDARS = NoCalendars()


class Turn:
    """What an engine sees while it answers one command.

    Attributes:
        state: the state so far; read it, never write it.
        now: the command's time, microseconds since 1970 UTC.
        definition: the linked definition, as the engine knows it.
        changed: ids of nodes whose surroundings changed since the last settling, in order. Empty between turns; a
            turn that ends at its budget leaves them with its tasks.
        zone: the command's time zone.
        calendars: business calendars, by name.
        bytes: about how long the variables written so far are.
        scratch: working memory of the engine for this turn, derived from the state, never stored.
    """

    __slots__ = (
        "_engine", "agenda", "bytes", "calendars", "changed", "definition", "now", "records", "scratch", "state",
        "zone",
    )  # fmt: skip

    def __init__(
        self, engine: Engine, definition: Any, state: State, command: Command, calendars: Calendars = _NO_CALENDARS
    ) -> None:
        self._engine = engine
        self.state = state
        self.now = command.at
        self.zone = command.zone
        self.calendars = calendars
        self.definition = definition
        self.records: list[Record] = []
        self.agenda: deque[Task] = deque()
        self.changed: dict[int, None] = {}
        self.bytes = 0
        self.scratch: Any = None

    def new_id(self) -> int:
        """The id for the node or wait that is emitted next."""
        return self.state.next_id

    def emit(self, record: Record) -> None:
        """Applies a record and keeps it."""
        # What `records.apply` does, without a call of it: nothing is done as often.
        kind = type(record)
        handler = HANDLERS.get(kind)
        if handler is None:
            self._engine.apply(self.state, record)
        else:
            handler(self.state, record)
        self.records.append(record)
        if kind is VariableSet:
            value = record.value  # type: ignore[attr-defined]
            if type(value) in _LONG:
                self.bytes += _length(value)

    def plan(self, *task: Any) -> None:
        """Puts a step at the end of the agenda."""
        self.agenda.append(task)


_LONG = frozenset({str, list, dict, tuple})


def _length(value: Any) -> int:
    """Bytes of a value as it is written out; of one that is too large to be stored, as many as end a turn."""
    try:
        return sizes.measure(value, sizes.PAYLOAD).bytes
    except TooLargeError:
        return FULL


def advance(
    engine: Engine,
    definition: Any,
    state: State,
    command: Command,
    *,
    calendars: Calendars = _NO_CALENDARS,
    yield_after: int = YIELD_AFTER,
    endless_after: int = ENDLESS_AFTER,
    enough: Callable[[], bool] | None = None,
) -> list[Record]:
    """Answers one command: changes ``state`` in place and returns the records that did it.

    Args:
        engine: the engine the definition is for.
        definition: the linked definition.
        state: the state; after ``CommandRejected`` it is untouched, after any other error it must be thrown away.
        command: what is asked.
        calendars: business calendars, by name.
        yield_after: records after which the turn leaves the rest to a ``Continue`` command (see ``State.pending``).
        endless_after: records without an outside command after which the turn becomes an incident.
        enough: asked before every step but the first; the turn ends early where it says so, and counts as a full one.

    Raises:
        CommandRejected: the command does not fit the state.
        InternalError: an engine broke a law.
    """
    turn = Turn(engine, definition, state, command, calendars)
    spent = 0
    _admit(state, command)
    if type(command) is Continue:
        spent = state.spent
        _continue(turn)
    elif not _administrative(turn, command):
        engine.accept(turn, command)
    records = turn.records
    if _to_fixed_point(turn, yield_after, enough) or not state.nodes:
        # Where the instance has ended, whatever is left is about nodes that are gone.
        return records
    spent += max(len(records), yield_after)
    if spent >= endless_after:
        _endless(turn, spent)
    else:
        turn.emit(Yielded(_left(turn), spent))
    return records


def _to_fixed_point(turn: Turn, yield_after: int, enough: Callable[[], bool] | None) -> bool:
    """Drains the agenda and settles, again and again, until nothing is left to do; False where the budget ended it."""
    records, agenda = turn.records, turn.agenda
    if agenda:  # however small the budget, a turn does one step: else it would end where it began, again and again
        _run(turn, agenda.popleft())
    while True:
        while agenda and len(records) < yield_after:
            if turn.bytes >= FULL or (enough is not None and enough()):
                return False
            _run(turn, agenda.popleft())
        if agenda:
            left = len(agenda) + len(turn.changed)
            if left > YIELD_AFTER and len(records) < (least := min(left, LONGEST)):
                yield_after = least
                continue
            return False
        if not _settle(turn) and not agenda:
            return True
        if len(records) >= yield_after or turn.bytes >= FULL or (enough is not None and enough()):
            return not agenda and not turn.changed


def _left(turn: Turn) -> list[Task]:
    """What a turn leaves over: the nodes that are to be looked at, then its agenda."""
    return [(SETTLE, *turn.changed), *turn.agenda] if turn.changed else list(turn.agenda)


def _run(turn: Turn, task: Task) -> None:
    before = len(turn.records)
    try:
        if task[0] != SETTLE:
            turn._engine.run(turn, task)
        else:
            turn.changed.update(dict.fromkeys(task[1:]))
    except WorkFailed as failure:
        if len(turn.records) != before:
            raise InternalError(
                "engine.not-atomic", f"Task {task!r} emitted records before it failed: {failure}"
            ) from failure
        open_incident(turn, failure, [task])


def _settle(turn: Turn) -> bool:
    try:
        return turn._engine.settle(turn)
    except WorkFailed as failure:
        turn.changed.pop(failure.node, None)
        open_incident(turn, failure, [(SETTLE, failure.node)])
        return True


def _admit(state: State, command: Command) -> None:
    """Refuses what no engine could answer."""
    if type(command) is Continue and state.nodes and not state.suspended and state.outcome is None:
        return
    if isinstance(command, Start):
        if state.nodes or state.outcome is not None:
            raise CommandRejected("instance.started", "The instance has been started already.")
        return
    if state.outcome is not None:
        raise CommandRejected("instance.ended", f"The instance has ended ({state.outcome}).")
    if not state.nodes:
        raise CommandRejected("instance.not-started", "The instance has not been started.")
    if state.suspended and not isinstance(command, _WHILE_SUSPENDED):
        already = isinstance(command, Suspend)
        raise CommandRejected(
            "instance.suspended", f"The instance is suspended{' already' if already else ''}.",
            hint="" if already else "Resume it first.",
        )  # fmt: skip
    if state.pending and not isinstance(command, _WHILE_BUSY):
        raise CommandRejected(
            "instance.busy", "The instance has tasks left from its last turn.",
            hint=f"{'Resume it first, and let' if state.suspended else 'Let'} it continue, as a host does by itself.",
        )  # fmt: skip


_WHILE_SUSPENDED = (Resume, Cancel, Write, Migrate)
_WHILE_BUSY = (Continue, Cancel, Suspend, Resume)


def _continue(turn: Turn) -> None:
    """Takes up what was left when the last turn yielded, so that the cut changes nothing."""
    tasks = turn.state.pending
    turn.emit(Continued())
    turn.agenda.extend(tasks)
    if tasks and tasks[0][0] == SETTLE:
        _run(turn, turn.agenda.popleft())


def _administrative(turn: Turn, command: Command) -> bool:
    """Answers the commands that mean the same for every engine."""
    match command:
        case Suspend():
            turn.emit(Suspended())
        case Resume():
            if not turn.state.suspended:
                raise CommandRejected("instance.not-suspended", "The instance is not suspended.")
            turn.emit(Resumed())
            if not turn.state.pending:
                # Variables may have been written while the instance stood still. With tasks left over they cannot, and
                # settling before these would take a scope whose tokens are still on their way for empty.
                turn.changed.update(dict.fromkeys(turn.state.nodes))
        case Retry():
            _retry(turn, command)
        case _:
            return False
    return True


def _retry(turn: Turn, command: Retry) -> None:
    wait = turn.state.waits.get(command.wait)
    if wait is None or wait.kind != INCIDENT:
        raise CommandRejected("incident.unknown", f"There is no open incident {command.wait}.")
    if command.variables:
        turn._engine.accept(turn, Write(at=command.at, by=command.by, variables=command.variables, scope=wait.owner))
    turn.emit(WaitClosed(wait.id, INCIDENT))
    for task in wait.data["tasks"]:
        turn.plan(*task)


def open_incident(turn: Turn, failure: WorkFailed, tasks: list[Task]) -> None:
    """Notes that a node cannot go on until a person acts; a ``Retry`` plans the tasks again."""
    data = {
        "code": failure.code, "message": failure.message, "where": str(failure.location), "hint": failure.hint,
        "tasks": [list(task) for task in tasks],
    }  # fmt: skip
    turn.emit(WaitOpened(turn.new_id(), failure.node, INCIDENT, failure.code, data=data))


def _endless(turn: Turn, spent: int) -> None:
    """Stops a loop that never waits: what was left on the agenda becomes an incident."""
    message = f"{spent:,} records without waiting for anything: the definition seems to loop without end."
    hint = "Cancel the instance, or repair its variables and retry."
    open_incident(turn, WorkFailed(ROOT, "instance.endless", message, hint=hint), _left(turn))
