"""The stored form of states, records and commands: MessagePack, exact and validated when read back.

``msgspec`` writes a ``Decimal`` as text and would read it back as text, so values go through ``pack`` first, which
marks every type that MessagePack does not know as an extension.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Union

import msgspec
from msgspec.msgpack import Decoder, Encoder, Ext

from anyshore.base import sizes
from anyshore.base.errors import CommandRejected, HostError, TooLargeError
from anyshore.base.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from anyshore.kernel.commands import ANY_COMMAND, Command
from anyshore.kernel.records import KERNEL_RECORDS, Entered, Noted, Record, Sent, VariableSet, WaitOpened, Yielded
from anyshore.kernel.state import Node, State, Wait, index
from anyshore.kernel.turn import Engine

MAX_DEPTH = sizes.PAYLOAD.depth
"""How deep lists and contexts may nest in a variable."""


def _write_number(value: Decimal) -> str:
    if not value.is_finite():
        message = f"The number {value} cannot be stored in an instance."
        raise CommandRejected("value.not-storable", message, hint="Give a finite number, or null.")
    return str(value)


def _read_number(text: str) -> Decimal:
    value = Decimal(text)
    if not value.is_finite():
        raise ValueError(f"{text} is no number")
    return value


_NUMBER = 1
_EXTENSIONS: dict[type, tuple[int, Callable[[Any], str]]] = {
    Decimal: (_NUMBER, _write_number), Date: (2, str), Time: (3, str), DateTime: (4, str), DaysDuration: (5, str),
    MonthsDuration: (6, str),
}  # fmt: skip
_READERS: dict[int, Callable[[str], Any]] = {
    _NUMBER: _read_number, 2: Date.parse, 3: Time.parse, 4: DateTime.parse, 5: DaysDuration.parse,
    6: MonthsDuration.parse,
}  # fmt: skip
_PLAIN = frozenset({str, bool, int, type(None)})
_all_plain, _all_text = _PLAIN.issuperset, frozenset({str}).issuperset

_UNREADABLE = (msgspec.DecodeError, ValueError, ArithmeticError, RecursionError)
"""What reading bytes that are not ours can raise: a broken form, a value out of its range, a number that is none,
nesting without end."""

_encoder = Encoder()


def pack(value: Any, depth: int = 0) -> Any:
    """A value with everything MessagePack does not know marked as an extension; itself where there is nothing to mark.

    Raises:
        CommandRejected: a function, a range or another value that cannot be stored, or one nested too deeply.
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is Decimal:  # by far the most frequent
        return Ext(_NUMBER, _write_number(value).encode())
    extension = _EXTENSIONS.get(kind)
    if extension is not None:
        return Ext(extension[0], extension[1](value).encode())
    if depth >= MAX_DEPTH:
        raise CommandRejected("value.too-deep", f"A variable nests deeper than {MAX_DEPTH} levels.")
    if kind is dict:
        if _flat(value):
            return value
        depth += 1
        return {
            str(key): item if (inner := type(item)) in _PLAIN
            else Ext(_NUMBER, _write_number(item).encode()) if inner is Decimal
            else pack(item, depth)
            for key, item in value.items()
        }  # fmt: skip
    if kind is list or kind is tuple:
        depth += 1
        return value if _all_plain(map(type, value)) else [pack(item, depth) for item in value]
    raise CommandRejected(
        "value.not-storable",
        f"A value of type {kind.__name__} cannot be stored in an instance.",
        hint="Store numbers, strings, booleans, dates, times, durations, lists and contexts.",
    )


def _bounded(value: Any, limit: sizes.Limit) -> Any:
    """A value as ``pack`` gives it. It is counted before, as one that shares its parts is small until it is packed."""
    try:
        sizes.check(value, limit)
    except TooLargeError as problem:
        raise CommandRejected(problem.code, problem.message, hint=problem.hint) from None
    return pack(value)


def check_values(values: Mapping[str, Any]) -> None:
    """Refuses values from outside that no instance could take, before any is kept for one that does not wait yet.

    Raises:
        CommandRejected: one of them cannot be stored, or is too large.
    """
    for value in values.values():
        _bounded(value, sizes.PAYLOAD)


def _each(values: dict[str, Any]) -> dict[str, Any]:
    """Values by name, each bounded by itself: what was stored as variables can always be passed on."""
    return {str(name): _bounded(value, sizes.PAYLOAD) for name, value in values.items()}


def _unpack(code: int, data: memoryview) -> Any:
    if code == _NUMBER:  # by far the most frequent
        return _read_number(str(data, "ascii"))
    reader = _READERS.get(code)
    if reader is None:
        raise HostError("store.unknown-type", f"The store holds a value of unknown kind {code}.")
    return reader(bytes(data).decode())


def encode_state(state: State) -> bytes:
    """The stored form of a state, without its derived indexes."""
    # Structs encode as tuples of their fields, in C, where nothing in them has to be marked.
    nodes = [n if _flat(n.private) else (n.id, n.element, n.parent, n.state, pack(n.private)) for n in
             state.nodes.values()]  # fmt: skip
    waits = [w if _flat(w.data) else (w.id, w.owner, w.kind, w.name, w.key, w.due, pack(w.data)) for w in
             state.waits.values()]  # fmt: skip
    variables = {scope: pack(values) for scope, values in state.variables.items()}
    pending = [task if _all_plain(map(type, task)) else pack(task) for task in state.pending]
    return _encoder.encode(
        (state.definition, state.next_id, nodes, variables, waits, pending, state.spent, state.suspended, state.outcome)
    )


def _flat(values: dict[str, Any]) -> bool:
    return not values or (_all_plain(map(type, values.values())) and _all_text(map(type, values)))


class _StoredState(msgspec.Struct, array_like=True):
    definition: str
    next_id: int
    nodes: list[Node]
    variables: dict[int, dict[str, Any]]
    waits: list[Wait]
    pending: list[tuple[Any, ...]]
    spent: int
    suspended: bool
    outcome: str | None


_state_decoder = Decoder(_StoredState, ext_hook=_unpack)


def decode_state(data: bytes) -> State:
    """The state again, with its indexes.

    Raises:
        HostError: the bytes are no stored state.
    """
    try:
        stored = _state_decoder.decode(data)
    except _UNREADABLE as problem:
        raise HostError("store.bad-state", f"A stored state cannot be read: {problem}") from problem
    state = State(
        stored.definition, stored.next_id, {n.id: n for n in stored.nodes}, stored.variables,
        {w.id: w for w in stored.waits}, stored.pending, stored.spent, stored.suspended, stored.outcome,
    )  # fmt: skip
    try:
        index(state)
    except LookupError as problem:
        message = f"A stored state hangs on a node it does not have: {problem}."
        raise HostError("store.bad-state", message, hint="Restore the database from its last backup.") from problem
    return state


def _whole(value: Any) -> Any:
    """What a record holds besides variables; short plain data, as most of it is, needs no count."""
    if type(value) in _PLAIN and type(value) is not str:
        return value
    return _bounded(value, sizes.RECORD)


def _packed(record: Record) -> Record:
    """The record with its values marked; itself where it has none."""
    match record:
        case VariableSet():
            if type(record.value) in _PLAIN and type(record.value) is not str:
                return record
            return VariableSet(record.scope, record.name, _bounded(record.value, sizes.PAYLOAD))
        case WaitOpened() if record.data:
            return WaitOpened(
                record.id, record.owner, record.kind, record.name, record.key, record.due, _whole(record.data)
            )
        case Entered() if record.private:
            return Entered(record.id, record.element, record.parent, record.state, _whole(record.private))
        case Noted():
            return Noted(record.id, record.key, _whole(record.value))
        case Sent() if record.data:
            return Sent(record.node, record.kind, record.name, record.key, _whole(record.data))
        case Yielded():
            return Yielded(pack(record.tasks), record.spent)
        case _:
            return record


def encode_records(records: Iterable[Record]) -> bytes:
    """The stored form of a turn's records."""
    return _encoder.encode([_packed(record) for record in records])


@lru_cache(maxsize=16)
def _record_decoder(types: tuple[type[Record], ...]) -> Decoder[Any]:
    return Decoder(list[Union[types]], ext_hook=_unpack)  # type: ignore[valid-type]  # noqa: UP007


def decode_records(data: bytes, engine: Engine) -> Sequence[Record]:
    """The records again, validated.

    Raises:
        HostError: the bytes are no records of this engine.
    """
    try:
        found: Sequence[Record] = _record_decoder(KERNEL_RECORDS + tuple(engine.records)).decode(data)
    except _UNREADABLE as problem:
        raise HostError("store.bad-records", f"Stored records cannot be read: {problem}") from problem
    return found


_command_decoder: Decoder[Any] = Decoder(ANY_COMMAND, ext_hook=_unpack)


def encode_command(command: Command) -> bytes:
    """The stored form of a command, for an inbox and the log.

    Raises:
        CommandRejected: one of its values cannot be stored, or is too large.
    """
    values = getattr(command, "variables", None)
    if values:
        command = msgspec.structs.replace(command, variables=_each(values))
    data = getattr(command, "data", None)
    if data:
        command = msgspec.structs.replace(command, data=_each(data))
    return _encoder.encode(command)


def decode_command(data: bytes) -> Command:
    """The command again.

    Raises:
        HostError: the bytes are no command.
    """
    try:
        command: Command = _command_decoder.decode(data)
    except _UNREADABLE as problem:
        raise HostError("store.bad-command", f"A stored command cannot be read: {problem}") from problem
    return command


_value_decoder: Decoder[Any] = Decoder(ext_hook=_unpack)


def encode_value(value: Any) -> bytes:
    """The stored form of one value.

    Raises:
        CommandRejected: it cannot be stored, or is too large.
    """
    return _encoder.encode(_bounded(value, sizes.RECORD))


def decode_value(data: bytes) -> Any:
    """The value again.

    Raises:
        HostError: the bytes are no stored value.
    """
    try:
        return _value_decoder.decode(data)
    except _UNREADABLE as problem:
        raise HostError("store.bad-value", f"A stored value cannot be read: {problem}") from problem
