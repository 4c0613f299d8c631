"""The only way in: from what arrives to work, each thing answered for by name.

A parcel is sorted into pieces of work (``sorting``); a piece's identity is its content or what its pack says, never
its name. What is new is started, what was there already is said to be, the rest is refused with its reason; the work
and the receipts of one transaction are kept together, so that who is killed and called again loses nothing and starts
nothing twice.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from anyshore import feel
from anyshore.base.errors import AnyshoreError, Diagnostic
from anyshore.base.locations import Location
from anyshore.base.temporal import DateTime
from anyshore.host import starting
from anyshore.host.driver import Host
from anyshore.host.intake.parcels import Kind, Parcel, Place, Receipt, Service
from anyshore.host.intake.sorting import Piece, Sorter
from anyshore.host.intake.unpacking import Refused, digest
from anyshore.host.intake_ports import ACCEPTED, DUPLICATE, REFUSED, ReceiptPage, ReceiptRow, SeenRow
from anyshore.host.names import shown
from anyshore.host.ports import Transaction
from anyshore.host.starting import NewWork
from anyshore.kernel import codec
from anyshore.kernel.commands import Start

CHUNK = 200
"""Answers kept in one transaction."""
CHUNK_BYTES = 64 * 1024 * 1024
"""Bytes of documents in one transaction: a large one is stored before the next is read."""

_SEPARATOR = "\x1f"
_CALLED = "rest"
"""The channel of programs that ask and read the answer."""
_USUAL = frozenset({"name", "documents", "sender", "subject", "text"})
"""What tells how a file came, of the variables of a kind that names none."""
_ARRIVAL = re.compile(r"parcel\.(name|received|channel|sender|subject|text|reference|documents)|\b(now|today)\(")


@dataclass(slots=True)
class _Answer:
    """What a thing is answered with, before it is stored."""

    parcel: Parcel
    name: str
    kind: str = ""
    digest: str = ""
    work: NewWork | None = None
    problem: Diagnostic | None = None
    arrival: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Pending:
    """Answers of one transaction, and the parcels that end with it."""

    answers: list[_Answer] = field(default_factory=list)
    ended: list[Parcel] = field(default_factory=list)
    size: int = 0

    def add(self, answer: _Answer) -> None:
        self.answers.append(answer)
        if answer.work is not None:
            self.size += sum(len(content) for _, content in answer.work.documents.values())

    @property
    def full(self) -> bool:
        return len(self.answers) >= CHUNK or self.size >= CHUNK_BYTES


def receive(host: Host, pack: Service, place: Place, parcels: Iterable[Parcel]) -> Iterator[Receipt]:
    """Takes parcels in; the pack's definitions have been deployed.

    Work is started where its identity is new; its first turn comes with the next ``work`` of any worker. It is done as
    the answers are read: read them to the end.

    Args:
        host: the host.
        pack: the service.
        place: where they are delivered.
        parcels: in order; each is held in memory alone.

    Yields:
        An answer for each thing in them, in order, once it is stored.

    Raises:
        CommandRejected: there is no such definition.
    """
    sorter, refusals = Sorter(pack), _Refusals()
    pending = _Pending()
    for parcel in parcels:
        for found in sorter.sort(parcel):
            answer = _answer(pack, place, parcel, found, host.clock())
            refusals.note(parcel, answer)
            pending.add(answer)
            if pending.full:
                yield from _store(host, place, pending, refusals)
                pending = _Pending()
        pending.ended.append(parcel)
    yield from _store(host, place, pending, refusals)


def pieces(pack: Service, parcels: Iterable[Parcel]) -> Iterator[Piece]:
    """The pieces of work in parcels, as ``receive`` would find them; nothing is stored."""
    sorter = Sorter(pack)
    for parcel in parcels:
        yield from (found for found in sorter.sort(parcel) if isinstance(found, Piece))


def receipts(host: Host, page: ReceiptPage) -> list[Receipt]:
    """How things were answered, newest first."""
    with host.store.transaction() as tx:
        return [from_row(row) for row in tx.receipts(page)]


def from_row(row: ReceiptRow) -> Receipt:
    """A receipt as it is kept."""
    reason = None
    if row.reason:
        said = codec.decode_value(bytes(row.reason))
        place = Location(row.name, line=int(said["line"]) if said.get("line") is not None else None)
        reason = Diagnostic(said["code"], said["message"], place, said["hint"])
    return Receipt(
        row.name, row.status, row.instance, reason, row.kind, row.digest, row.channel, row.sender, row.at
    )  # fmt: skip


class _Refusals:
    """Why things of a parcel were refused, for whoever handed it over by a channel."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, str], list[str]] = {}

    def note(self, parcel: Parcel, answer: _Answer) -> None:
        if parcel.seen is not None and answer.problem is not None:
            hint = f" {answer.problem.hint}" if answer.problem.hint else ""
            self._found.setdefault(parcel.seen, []).append(f"{answer.name}: {answer.problem.message}{hint}")

    def text(self, parcel: Parcel) -> str:
        assert parcel.seen is not None
        return "\n".join(self._found.pop(parcel.seen, ()))


def _store(host: Host, place: Place, pending: _Pending, refusals: _Refusals) -> list[Receipt]:
    """Starts what is new, and keeps the answers and what the channels have handed over, in one transaction."""
    if not pending.answers and not any(parcel.seen for parcel in pending.ended):
        return []
    now = host.clock()
    works = [answer.work for answer in pending.answers if answer.work is not None]
    with host.store.transaction() as tx:
        started = starting.prepare(tx, host.catalogue, works, now)
        starting.queue(tx, started, now)
        _tell_apart(tx, pending.answers, started)
        rows = list(_rows(place, pending.answers, started, now))
        tx.add_receipts(rows)
        _remember(tx, pending.ended, refusals)
    return [
        replace(from_row(row), reason=answer.problem)
        for row, answer in zip(rows, pending.answers, strict=True)
    ]  # fmt: skip


def _tell_apart(tx: Transaction, answers: Iterable[_Answer], started: starting.Started) -> None:
    """Says of what a program sent that is here already with other content what differs: it is not done silently."""
    fresh = {row.id: command for row, _, command in started.instances}
    works = (answer for answer in answers if answer.work is not None)
    for number, answer in zip(started.ids, works, strict=True):
        if answer.work is None or answer.parcel.channel != _CALLED:
            continue
        before = fresh.get(number) or _begun(tx, number)
        told = {} if before is None else before.variables
        names = {*told, *answer.work.variables} - answer.arrival if before is not None else set()
        differing = sorted(name for name in names if told.get(name) != answer.work.variables.get(name))
        if differing:
            message = f"This is here already, as {number}, with other content; different are: {', '.join(differing)}."
            hint = "Give new work a name of its own, or hand over what was handed over before."
            place = Location(answer.name, ", ".join(differing))
            answer.problem = Diagnostic("intake.differs", message, place, hint)


def _begun(tx: Transaction, number: int) -> Start | None:
    """What an instance was begun with; None where that is not told any more."""
    turns = tx.turns(number)[:1]
    found = [turns[0].command] if turns else [row.command for row in tx.queued(number)]
    command = codec.decode_command(bytes(found[0])) if found else None
    return command if isinstance(command, Start) else None


def _of_arrival(piece: Piece) -> frozenset[str]:
    """The variables that tell how and when a thing came: they differ though it is the same."""
    named = piece.kind.variables
    if not named:
        return _USUAL if piece.documents else frozenset()
    return frozenset(name for name, one in named.items() if _ARRIVAL.search(one.source))


def _rows(place: Place, answers: list[_Answer], started: starting.Started, now: int) -> Iterator[ReceiptRow]:
    fresh = {row.id for row, _, _ in started.instances}
    numbers = iter(started.ids)
    for answer in answers:
        instance = next(numbers) if answer.work is not None else None
        status = REFUSED if instance is None else ACCEPTED if instance in fresh else DUPLICATE
        fresh.discard(instance or 0)  # the second of two that are the same is the duplicate
        yield ReceiptRow(
            engagement=place.engagement, service=place.service, kind=answer.kind, name=answer.name,
            digest=answer.digest, channel=answer.parcel.channel, sender=answer.parcel.sender, at=now, status=status,
            instance=instance, reason=_stored(answer.problem),
        )  # fmt: skip


def _remember(tx: Transaction, ended: Iterable[Parcel], refusals: _Refusals) -> None:
    tx.add_seen([SeenRow(*parcel.seen, refusals.text(parcel)) for parcel in ended if parcel.seen is not None])


def _stored(problem: Diagnostic | None) -> bytes:
    if problem is None:
        return b""
    said = {"code": problem.code, "message": problem.message, "hint": problem.hint}
    return codec.encode_value(said if problem.location.line is None else said | {"line": problem.location.line})


def _answer(pack: Service, place: Place, parcel: Parcel, found: Piece | Refused, now: int) -> _Answer:
    if isinstance(found, Refused):
        return _Answer(parcel, found.name, digest=found.digest, problem=found.problem)
    answer = _Answer(parcel, found.name, found.kind.name, found.digest, arrival=_of_arrival(found))
    made = _work(pack, place, parcel, found, now)
    if isinstance(made, Diagnostic):
        answer.problem = made
    else:
        answer.work = made
    return answer


def _work(pack: Service, place: Place, parcel: Parcel, piece: Piece, now: int) -> NewWork | Diagnostic:
    """The work a piece becomes, or why it becomes none."""
    kind, moment = piece.kind, parcel.received or now
    context = {"parcel": _described(parcel, piece, moment, place.zone)}

    def value(expression: feel.Expression, variables: Mapping[str, Any]) -> Any:
        return expression.evaluate(variables, now=moment, zone=place.zone)

    try:
        variables = dict(piece.says) | (_usual(piece) if not kind.variables else {})
        variables |= {name: value(one, variables | context) for name, one in kind.variables.items()}
        known = variables | context
        reference = value(kind.reference, known) if kind.reference is not None else (parcel.reference or piece.name)
        identity = _identity(parcel, piece, [(one.source, value(one, known)) for one in kind.identity])
    except AnyshoreError as error:
        return error.diagnostics[0]
    if isinstance(identity, Diagnostic):
        return identity
    if not isinstance(reference, str) or not reference.strip():
        reference = parcel.reference or piece.name
    documents = dict(piece.documents)
    if piece.letter is not None:
        documents.setdefault(digest(piece.letter.content), (piece.letter.name, piece.letter.content))
    return NewWork(
        place.starts or pack.starts, variables, engagement=place.engagement, service=place.service,
        reference=shown(reference), by=place.by, zone=place.zone, documents=documents, identity=identity,
    )  # fmt: skip


def _described(parcel: Parcel, piece: Piece, moment: int, zone: str) -> dict[str, Any]:
    """``parcel`` as expressions see it."""
    letter = piece.letter
    said = {name: dict(piece.says) if piece.asked == name else None for name in ("row", "form", "payload")}
    return said | {
        "name": piece.name, "digest": piece.digest or None, "channel": parcel.channel,
        "received": DateTime.from_micros(moment, zone), "reference": parcel.reference or None,
        "sender": (letter.sender if letter else parcel.sender) or None,
        "subject": letter.subject if letter else None, "text": letter.text if letter else None,
        "documents": _listed(piece),
    }  # fmt: skip


def _listed(piece: Piece) -> list[dict[str, str]]:
    return [{"document": digest, "name": name} for digest, (name, _) in piece.documents.items()]


def _usual(piece: Piece) -> dict[str, Any]:
    """The variables of a kind that names none."""
    if not piece.documents:
        return {}
    found: dict[str, Any] = {"document": piece.digest, "name": piece.name, "documents": _listed(piece)}
    if piece.letter is not None:
        letter = piece.letter
        found |= {"sender": letter.sender or None, "subject": letter.subject, "text": letter.text}
    return found


def _identity(parcel: Parcel, piece: Piece, told: list[tuple[str, Any]]) -> str | Diagnostic:
    """What makes it the same work as another, as a text of fixed length; empty where nothing does."""
    kind: Kind = piece.kind
    if told:
        empty = [source for source, value in told if value is None or value == ""]
        if empty:
            message = f"What tells one piece of work from another is empty: {', '.join(empty)}."
            return Diagnostic("intake.no-identity", message, Location(piece.name), "Fill it in.")
        return _digest(kind.name, *(feel.format(value) for _, value in told))
    if kind.repeats:
        return ""
    content = _content(parcel, piece)
    return _digest(kind.name, *content) if content else ""


def _content(parcel: Parcel, piece: Piece) -> list[str]:
    """What was handed over, without what it is called."""
    letter = piece.letter
    if letter is not None and letter.name == piece.name:  # the mail itself: who writes twice asks twice
        return [f"mail {letter.id or piece.digest}"]
    said = {name: value for name, value in sorted(piece.says.items()) if value is not None}
    content = [*sorted(piece.documents), *([feel.format(said)] if said else [])]
    if not piece.documents and piece.asked == "payload":
        # Values alone are the same only where who sends them says so; unless the pack describes them.
        described = piece.kind.payload is not None
        return [f"reference {parcel.reference}", *content] if parcel.reference else content if described else []
    return content


def _digest(*parts: str) -> str:
    return f"{parts[0]}:{hashlib.sha256(_SEPARATOR.join(parts).encode('utf-8', 'surrogatepass')).hexdigest()}"


__all__ = ["Parcel", "Place", "Receipt", "from_row", "pieces", "receipts", "receive"]
