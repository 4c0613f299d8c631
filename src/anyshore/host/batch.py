"""Advancing a batch of instances in one transaction: the rows that follow are gathered and written once (law 7)."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from anyshore.base.errors import CommandRejected
from anyshore.host.ports import (
    ACTIVE,
    BROKEN,
    ENDED,
    SUSPENDED,
    InboxRow,
    InstanceRow,
    LedgerRow,
    MessageRow,
    Transaction,
    TurnRow,
    WaitRow,
)
from anyshore.kernel import codec
from anyshore.kernel.commands import Cancel, Command, Continue, Fail, Migrate, Resolve, Start
from anyshore.kernel.records import Record, Sent, apply
from anyshore.kernel.state import CHILD, INCIDENT, MESSAGE, ROOT, SIGNAL, State
from anyshore.kernel.turn import advance
from anyshore.runtime.catalogue import Catalogue, Linked
from anyshore.runtime.effects import Effects, Fact, effects, work_facts
from anyshore.terms import ledger

log = logging.getLogger(__name__)

MESSAGE_LIFETIME = 7 * 24 * 3600 * 1_000_000
"""How long a message is kept that nobody waits for, in microseconds."""


@dataclass(slots=True)
class _Live:
    """An instance while the batch has it."""

    row: InstanceRow
    linked: Linked
    state: State
    kept: list[list[Record]] = field(default_factory=list)


@dataclass(slots=True)
class Batch:
    """The changes of one transaction.

    Attributes:
        tx: the open transaction.
        catalogue: where definitions come from.
        now: the time of everything in this batch, microseconds since 1970 UTC.
        rejected: commands that did not fit, with the reason.
        broken: instances that were put aside.
        turns: rows of the log so far.
    """

    tx: Transaction
    catalogue: Catalogue
    now: int
    rejected: list[tuple[int, Command, CommandRejected]] = field(default_factory=list)
    broken: set[int] = field(default_factory=set)
    turns: list[TurnRow] = field(default_factory=list)
    _live: dict[int, _Live] = field(default_factory=dict)
    _inbox: list[InboxRow] = field(default_factory=list)
    _opened: dict[tuple[int, int], WaitRow] = field(default_factory=dict)
    _closed: list[tuple[int, int]] = field(default_factory=list)
    _sent: list[tuple[InstanceRow, Sent]] = field(default_factory=list)
    _abandoned: list[tuple[int, int]] = field(default_factory=list)
    _facts: list[tuple[InstanceRow, int, Fact]] = field(default_factory=list)
    _children: list[InstanceRow] = field(default_factory=list)

    def adopt(self, rows: Sequence[InstanceRow]) -> None:
        """Takes instances into the batch; the transaction holds their locks."""
        for row in rows:
            try:
                linked = self.catalogue.get(row.definition)
                state = codec.decode_state(row.state) if row.state else State(definition=row.definition)
            except Exception as problem:  # noqa: BLE001 - what cannot be read hurts only this instance
                self._break(row, problem)
                continue
            self._live[row.id] = _Live(row, linked, state)

    def answer(self, instance: int, command: Command) -> bool:
        """Lets an instance answer one command; whether it did.

        A command that does not fit is noted in ``rejected``. Any other failure is a fault of ours: the instance is put
        aside as broken with what it had answered before, and its neighbours go on.
        """
        live = self._live.get(instance)
        if live is None:
            return False
        linked = live.linked
        try:
            if isinstance(command, Migrate):
                linked = self.catalogue.get(command.definition)
            records = advance(linked.engine, linked.definition, live.state, command)
            stored = codec.encode_records(records)
        except CommandRejected as reason:
            if reason.code.startswith("value."):
                self._fail_back(live, reason)
            self.rejected.append((instance, command, reason))
            return False
        except Exception as problem:  # noqa: BLE001 - a poisoned instance must not hurt its neighbours
            self._fail_back(live, problem)
            return False
        live.linked = linked
        live.kept.append(records)
        self._keep(live, command, records, stored)
        if live.state.pending:
            self._inbox.append(_inbox(instance, self.now, Continue(at=self.now, zone=live.row.zone)))
        return True

    def _keep(self, live: _Live, command: Command, records: list[Record], stored: bytes) -> None:
        row = live.row
        row.turns += 1
        row.digest = hashlib.sha256(row.digest.encode() + stored).hexdigest()
        row.definition = live.state.definition
        self.turns.append(TurnRow(row.id, row.turns, command.at, command.by, codec.encode_command(command), stored))
        found = effects(command, records, live.state)
        self._name_work(row.id, found)
        if found.suspended is not None:
            row.status = SUSPENDED if found.suspended else ACTIVE
        if found.outcome is not None:
            row.status, row.outcome, row.ended = ENDED, found.outcome, command.at
            self._report_end(live)
        self._waits(live, found)
        self._sent += [(row, sent) for sent in found.sent]
        self._abandoned += [(row.id, wait) for wait in found.abandoned]
        self._facts += [(row, command.at, fact) for fact in found.facts]

    def _name_work(self, instance: int, found: Effects) -> None:
        """Says of finished work what was said when it was opened: the records only know its number."""
        for fact in found.facts:
            if fact.type == "work.completed":
                key = (instance, fact.data["wait"])
                row = self._opened.get(key) or self.tx.find_wait(*key)
                if row is not None:
                    fact.data |= work_facts(row.element, codec.decode_value(row.data))

    def _waits(self, live: _Live, found: Effects) -> None:
        row = live.row
        for closed in found.closed:
            if self._opened.pop((row.id, closed), None) is None:
                self._closed.append((row.id, closed))
        for wait, element in found.opened:
            if wait.kind == CHILD:
                self._call(live, wait.id, wait.data)
            self._opened[row.id, wait.id] = WaitRow(
                instance=row.id, wait=wait.id, kind=wait.kind, element=element, name=wait.name, key=wait.key,
                due=wait.due, data=codec.encode_value(wait.data), engagement=row.engagement, service=row.service,
                reference=row.reference, opened=self.now,
            )  # fmt: skip

    def _call(self, live: _Live, wait: int, data: dict[str, Any]) -> None:
        """Starts the called instance, or lets the call fail where there is no such definition."""
        row = live.row
        try:
            target = self.catalogue.latest(data["target"], row.definition)
        except CommandRejected as reason:
            fail = Fail(at=self.now, wait=wait, code=reason.code, message=reason.message, zone=row.zone)
            self._inbox.append(_inbox(row.id, self.now, fail))
            return
        child = InstanceRow(
            id=self.tx.allocate("instance", 1), definition=target.reference, kind=target.kind, key=target.key,
            engagement=row.engagement, service=row.service, reference=row.reference, parent=row.id, parent_wait=wait,
            created=self.now, zone=row.zone,
        )  # fmt: skip
        self._children.append(child)
        start = Start(at=self.now, variables=data.get("variables") or {}, zone=row.zone)
        self._inbox.append(_inbox(child.id, self.now, start))

    def _report_end(self, live: _Live) -> None:
        """Tells the calling instance that the call is over."""
        row = live.row
        if row.parent is None or row.parent_wait is None:
            return
        result = live.state.variables.get(ROOT, {})
        outcome = row.outcome or ""
        kind, _, code = outcome.partition(":")
        command: Command
        if kind == "error":
            command = Fail(at=self.now, wait=row.parent_wait, code=code, variables=result, zone=row.zone)
        else:
            command = Resolve(at=self.now, wait=row.parent_wait, variables=result, outcome=outcome, zone=row.zone)
        self._inbox.append(_inbox(row.parent, self.now, command))

    def _fail_back(self, live: _Live, problem: Exception) -> None:
        """Puts an instance aside with the state it had after its last good command."""
        log.exception("instance %s cannot be advanced", live.row.id, exc_info=problem)
        row = live.row
        state = codec.decode_state(row.state) if row.state else State(definition=live.linked.reference)
        for records in live.kept:
            for record in records:
                apply(state, record, live.linked.engine)
        live.state = state
        self._break(row, problem)
        row.state = codec.encode_state(state)
        del self._live[row.id]
        self.tx.save([row])

    def _break(self, row: InstanceRow, problem: Exception) -> None:
        row.status = BROKEN
        self.broken.add(row.id)
        data = {"code": getattr(problem, "code", type(problem).__name__), "message": str(problem)}
        self._opened[row.id, 0] = WaitRow(
            instance=row.id, wait=0, kind=INCIDENT, element="", name=str(data["code"]), data=codec.encode_value(data),
            engagement=row.engagement, service=row.service, reference=row.reference, opened=self.now,
        )  # fmt: skip
        self._facts.append((row, self.now, Fact("incident.raised", {"wait": 0, **data})))
        self.tx.save([row])

    def flush(self) -> None:
        """Writes everything the batch gathered."""
        tx = self.tx
        tx.add_instances(self._children)
        for live in self._live.values():
            if live.kept:
                live.row.state = codec.encode_state(live.state)
        tx.save([live.row for live in self._live.values() if live.kept])
        tx.add_turns(self.turns)
        tx.drop_waits(self._closed)
        tx.add_waits(list(self._opened.values()))
        self._deliver_kept()
        for row, sent in self._sent:
            deliver(tx, self.now, row.engagement, sent, row.zone)
        for child in tx.children(self._abandoned) if self._abandoned else ():
            self._inbox.append(_inbox(child, self.now, Cancel(at=self.now, reason="the calling instance left")))
        tx.put_inbox(self._inbox)
        self._write_ledger()

    def _deliver_kept(self) -> None:
        """Hands messages that came early to those who now wait for them."""
        for row in list(self._opened.values()):
            if row.kind != MESSAGE or row.name is None:
                continue
            self.tx.lock_name(row.engagement, row.name, row.key)
            kept = self.tx.take_message(row.engagement, row.name, row.key, self.now)
            if kept is not None:
                _hand_over(self.tx, self.now, row, codec.decode_value(kept.data))

    def _write_ledger(self) -> None:
        by_engagement: dict[str, list[tuple[InstanceRow, int, Fact]]] = {}
        for item in self._facts:
            if item[0].engagement:
                by_engagement.setdefault(item[0].engagement, []).append(item)
        for engagement in sorted(by_engagement):
            writer = LedgerWriter(self.tx, engagement)
            for row, at, fact in by_engagement[engagement]:
                # The running digest proves every record of the instance so far, not only this fact.
                writer.add(at, fact.type, fact.data | {"digest": row.digest, "turn": row.turns}, row)
            writer.write()


class LedgerWriter:
    """Appends to one engagement's chain; holds the chain's lock until the transaction ends."""

    def __init__(self, tx: Transaction, engagement: str) -> None:
        self._tx = tx
        self._engagement = engagement
        sequence, digest = tx.ledger_head(engagement)
        self._head = ledger.Head(sequence, digest) if sequence else ledger.EMPTY
        self._rows: list[LedgerRow] = []

    def add(self, at: int, type: str, data: dict[str, Any], row: InstanceRow | None = None) -> ledger.Entry:
        """Chains one entry.

        Args:
            at: microseconds since 1970 UTC.
            type: the entry's type.
            data: its facts; FEEL dates and durations become texts.
            row: the instance it is about.
        """
        entry = ledger.append(
            self._head, engagement=self._engagement, at=at, type=type, service=row.service if row else "",
            instance=str(row.id) if row else "", reference=row.reference if row else "", data=_readable(data),
        )  # fmt: skip
        self._head = ledger.head_of(entry)
        self._rows.append(
            LedgerRow(self._engagement, entry.sequence, at, type, row.id if row else None, ledger.canonical(entry))
        )
        return entry

    def write(self) -> None:
        """Stores what was added and moves the head."""
        self._tx.add_ledger(self._rows, {self._engagement: (self._head.sequence, self._head.hash)})
        self._rows = []


def _readable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _readable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_readable(item) for item in value]
    plain = value is None or isinstance(value, (str, int, Decimal))
    return value if plain else str(value)


def deliver(
    tx: Transaction, now: int, engagement: str, sent: Sent, zone: str = "UTC", lifetime: int = MESSAGE_LIFETIME
) -> int:
    """Brings a message to the one who waits for it, or a signal to all; how many heard it.

    A message nobody waits for is kept for ``lifetime`` microseconds; a signal nobody waits for is gone (BPMN 10.5.1).
    """
    if sent.kind == SIGNAL:
        heard = tx.subscribers(engagement, SIGNAL, sent.name, None)
        for row in heard:
            _hand_over(tx, now, row, sent.data, zone)
        return len(heard)
    tx.lock_name(engagement, sent.name, sent.key)
    waiting = tx.subscribers(engagement, MESSAGE, sent.name, sent.key)
    if waiting:
        _hand_over(tx, now, waiting[0], sent.data, zone)
        return 1
    tx.keep_message(
        MessageRow(
            engagement=engagement,
            name=sent.name,
            key=sent.key,
            data=codec.encode_value(sent.data),
            expires=now + lifetime,
        )
    )
    return 0


def _hand_over(tx: Transaction, now: int, row: WaitRow, data: dict[str, Any], zone: str = "UTC") -> None:
    """Queues the resolution. The row goes at once, so that a second message finds the next one waiting."""
    tx.drop_waits([(row.instance, row.wait)])
    tx.put_inbox([_inbox(row.instance, now, Resolve(at=now, wait=row.wait, variables=data, zone=zone))])


def _inbox(instance: int, due: int, command: Command) -> InboxRow:
    return InboxRow(instance=instance, due=due, command=codec.encode_command(command))
