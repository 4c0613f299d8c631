"""Advancing a batch of instances in one transaction: the rows that follow are gathered and written once (law 7)."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from anyshore.base.errors import AnyshoreError, CommandRejected
from anyshore.bpmn.starter import STARTER
from anyshore.host import detached, messages, standstill
from anyshore.host.calendars import SignedCalendars
from anyshore.host.ledgers import LedgerWriter, type_of
from anyshore.host.limits import Limits, in_words
from anyshore.host.ports import (
    ACTIVE,
    BROKEN,
    ENDED,
    SUSPENDED,
    InboxRow,
    InstanceRow,
    MessageName,
    Transaction,
    TurnRow,
    WaitRow,
)
from anyshore.host.states import States, digest, restore, snapshot
from anyshore.kernel import codec
from anyshore.kernel.commands import Act, Cancel, Command, Continue, Fail, Migrate, Resolve, Start
from anyshore.kernel.records import Record, Sent, Yielded, apply
from anyshore.kernel.state import CHILD, INCIDENT, MESSAGE, ROOT, State, Wait
from anyshore.kernel.turn import advance
from anyshore.runtime.catalogue import Catalogue, Linked
from anyshore.runtime.effects import Effects, Fact, effects, work_facts

log = logging.getLogger(__name__)


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
        states: large states kept from earlier batches.
        limits: what one instance may use.
        within: whether it is part of another batch's transaction.
        broken: instances that were put aside.
        turns: rows of the log so far.
    """

    tx: Transaction
    catalogue: Catalogue
    now: int
    states: States = field(default_factory=States)
    limits: Limits = Limits()
    within: bool = False
    broken: set[int] = field(default_factory=set)
    turns: list[TurnRow] = field(default_factory=list)
    _live: dict[int, _Live] = field(default_factory=dict)
    _new: list[InstanceRow] = field(default_factory=list)
    _begun: list[tuple[InstanceRow, InboxRow]] = field(default_factory=list)
    _aside: list[InstanceRow] = field(default_factory=list)
    _inbox: list[InboxRow] = field(default_factory=list)
    _opened: dict[tuple[int, int], WaitRow] = field(default_factory=dict)
    _closed: list[tuple[int, int]] = field(default_factory=list)
    _sent: list[tuple[InstanceRow, Sent]] = field(default_factory=list)
    _orphans: list[int] = field(default_factory=list)
    _late: list[tuple[InstanceRow, InboxRow]] = field(default_factory=list)
    _abandoned: list[tuple[int, int]] = field(default_factory=list)
    _facts: list[tuple[InstanceRow, int, Fact]] = field(default_factory=list)
    _calendars: dict[str, SignedCalendars] = field(default_factory=dict)

    def adopt(self, rows: Iterable[InstanceRow]) -> None:
        """Takes instances into the batch; the transaction holds their locks."""
        for row in rows:
            try:
                linked = self.catalogue.get(row.definition)
                state = self.states.take(row) or restore(self.tx, row, linked.engine)
            except Exception as problem:
                log.exception("instance %s cannot be read", row.id, exc_info=problem)
                self.put_aside(row, problem)
                continue
            self._live[row.id] = _Live(row, linked, state)

    def begin(self, row: InstanceRow, linked: Linked) -> None:
        """Takes a new instance into the batch: it is stored with what becomes of it here."""
        self._new.append(row)
        self._live[row.id] = _Live(row, linked, State(definition=row.definition))

    def state(self, instance: int) -> State | None:
        """What an instance of the batch holds, to be read; None where it could not be read and was put aside."""
        live = self._live.get(instance)
        return None if live is None else live.state

    def answer(self, instance: int, command: Command, stored: bytes | None = None) -> CommandRejected | None:
        """Lets an instance answer one command.

        The reason is returned where a command does not fit. Any other failure is a fault of
        ours: the instance is put aside as broken with what it had answered before, and its neighbours go on.

        Args:
            instance: its id.
            command: what is asked.
            stored: the command in stored form, where it is known.
        """
        live = self._live.get(instance)
        if live is None:
            return None
        linked = live.linked
        if command.zone != live.row.zone:  # whoever asks, an instance reads dates in its own zone
            command, stored = replace(command, zone=live.row.zone), None
        try:
            if isinstance(command, Migrate):
                linked = self.catalogue.get(command.definition)
            records = self._advance(linked, live.row, live.state, command)
        except CommandRejected as reason:
            return reason
        except Exception as problem:  # noqa: BLE001 - a poisoned instance must not hurt its neighbours
            self._fail_back(live, problem)
            return None
        try:
            logged = codec.encode_records(records)
            found = effects(command, records, live.state)
            asked = stored if stored is not None else codec.encode_command(command)
        except CommandRejected as reason:  # what it holds now cannot be stored
            self._fail_back(live, reason)
            return reason
        except Exception as problem:  # noqa: BLE001 - a poisoned instance must not hurt its neighbours
            self._fail_back(live, problem)
            return None
        live.linked = linked
        live.kept.append(records)
        self._keep(live, command, asked, found, logged)
        if records and type(records[-1]) is Yielded:
            self._inbox.append(messages.inbox(instance, self.now, Continue(at=self.now)))
        return None

    def attempt(self, row: InstanceRow, command: Command) -> str | None:
        """Whether an instance could answer a command: None, or the reason why not. Nothing of it is kept."""
        try:
            linked = self.catalogue.get(row.definition)
            state = restore(self.tx, row, linked.engine)
            if isinstance(command, Migrate):
                linked = self.catalogue.get(command.definition)
            codec.encode_records(self._advance(linked, row, state, replace(command, zone=row.zone)))
        except AnyshoreError as reason:
            return reason.message
        return None

    def _advance(self, linked: Linked, row: InstanceRow, state: State, command: Command) -> list[Record]:
        return advance(
            linked.engine, linked.definition, state, command, calendars=self._calendars_of(row.engagement),
            yield_after=self.limits.turn_records, endless_after=self.limits.endless_after, enough=self.limits.turn(),
        )  # fmt: skip

    def _calendars_of(self, engagement: str) -> SignedCalendars:
        found = self._calendars.get(engagement)
        if found is None:
            found = self._calendars[engagement] = SignedCalendars(self.tx, engagement, self.now)
        return found

    def rehearse(self, row: InstanceRow, command: Command) -> tuple[State, list[Record]]:
        """What a new instance would come to with its first command, and its records; nothing of it is kept.

        Raises:
            CommandRejected: it does not fit.
        """
        state = State(definition=row.definition)
        records = self._advance(self.catalogue.get(row.definition), row, state, command)
        return state, records

    def pull(
        self, row: InstanceRow, command: Start, at: int, fact: Fact, *, told: bool = True
    ) -> CommandRejected | None:
        """Brings an instance to life whose first turn the ledger has told already; ``fact`` says so, at its own time.

        Args:
            row: the instance.
            command: its first.
            at: when that is entered, microseconds since 1970 UTC; the turn itself is of the time of the command.
            fact: what is entered.
            told: whether the ledger has told the first turn; else it stands behind the fact.
        """
        known = len(self._facts)
        self.begin(row, self.catalogue.get(row.definition))
        unfit = self.answer(row.id, command)
        proof = {"digest": row.digest, "turn": row.turns}
        self._facts.insert(known, (row, at, Fact(fact.type, fact.data | proof)))
        if told:
            del self._facts[known + 1 :]
        return unfit

    def note(self, row: InstanceRow, fact: Fact) -> None:
        """Puts a fact into the ledger of the instance's engagement."""
        if row.engagement:
            proof = {"digest": row.digest, "turn": row.turns}
            self._facts.append((row, self.now, Fact(type_of(row, fact), fact.data | proof)))

    def cancel_called(self, children: list[int]) -> None:
        """Ends called instances whose caller is gone."""
        self._orphans += children

    def _keep(self, live: _Live, command: Command, asked: bytes, found: Effects, logged: bytes) -> None:
        row = live.row
        row.turns += 1
        row.since += len(logged)
        row.digest = digest(row.digest, logged)
        row.definition = live.state.definition
        self.turns.append(TurnRow(row.id, row.turns, command.at, command.by, asked, logged))
        self._name_work(row.id, found)
        if found.suspended is not None:
            row.status = SUSPENDED if found.suspended else ACTIVE
        for sent in found.sent:
            self._carry(row, sent)
        for index, (sent, element) in enumerate(found.begun):
            self._begin_detached(row, sent, element, detached.number(row.turns, index))
        if found.outcome is not None:
            row.status, row.outcome, row.ended = ENDED, found.outcome, command.at
            self._report_end(live)
        self._waits(live, command, found)
        self._abandoned += [(row.id, wait) for wait in found.abandoned]
        if row.engagement:
            self._say_more(live, found)
            # The running digest proves every record of the instance so far, not only this fact.
            proof = {"digest": row.digest, "turn": row.turns}
            self._facts += [(row, command.at, Fact(type_of(row, fact), fact.data | proof)) for fact in found.facts]

    def _say_more(self, live: _Live, found: Effects) -> None:
        """Says what the records do not know: whose part an instance is, and what its pack measures at its end.

        So the ledger alone proves the figures of a service.
        """
        row = live.row
        for fact in found.facts:
            if row.parent is not None and fact.type == "instance.started":
                fact.data["parent"] = str(row.parent)
            elif row.parent is None and fact.type == "instance.completed" and row.kind != STARTER:
                report = self.catalogue.report(row.definition)
                if report is not None:
                    elapsed = None if row.ended is None else row.ended - row.created
                    fact.data |= report.facts(live.state.variables.get(ROOT, {}), live.state.outcome, elapsed)

    def _name_work(self, instance: int, found: Effects) -> None:
        """Says of finished work what was said when it was opened: the records only know its number."""
        for fact in found.facts:
            if fact.type == "work.completed":
                key = (instance, fact.data["wait"])
                row = self._opened.get(key) or self.tx.find_wait(*key)
                if row is not None:
                    fact.data |= work_facts(row.element, codec.decode_value(row.data))

    def _waits(self, live: _Live, command: Command, found: Effects) -> None:
        row = live.row
        for closed in found.closed:
            if self._opened.pop((row.id, closed), None) is None:
                self._closed.append((row.id, closed))
        for wait, element in found.opened:
            if wait.kind == CHILD:
                self._call(live, wait.id, wait.data)
            self._open(row, wait, element)
        heard = live.state.waits.get(command.wait) if isinstance(command, Resolve) else None
        if heard is not None and heard.kind == MESSAGE:
            # An event that does not interrupt listens on, and its row went with the message that was handed over.
            self._closed.append((row.id, heard.id))
            self._open(row, heard, live.state.nodes[heard.owner].element)

    def _open(self, row: InstanceRow, wait: Wait, element: str) -> None:
        self._opened[row.id, wait.id] = WaitRow(
            instance=row.id, wait=wait.id, kind=wait.kind, element=element, name=wait.name, key=wait.key, due=wait.due,
            data=codec.encode_value(wait.data), engagement=row.engagement, service=row.service,
            reference=row.reference, opened=self.now,
        )  # fmt: skip

    def _call(self, live: _Live, wait: int, data: dict[str, Any]) -> None:
        """Starts the called instance, or lets the call fail where there is no such definition."""
        row = live.row
        try:
            target = self.catalogue.latest(data["target"], row.definition)
        except CommandRejected as reason:
            fail = Fail(at=self.now, wait=wait, code=reason.code, message=reason.message)
            self._inbox.append(messages.inbox(row.id, self.now, fail))
            return
        self._begin(row, target, wait, data.get("variables") or {})

    def _begin(
        self, row: InstanceRow, target: Linked, wait: int | None, variables: dict[str, Any], element: str | None = None
    ) -> None:
        """Starts another instance for one of this batch, which waits for it or not."""
        child = InstanceRow(
            id=0, definition=target.reference, kind=target.kind, key=target.key,
            engagement=row.engagement, service=row.service, reference="" if row.kind == STARTER else row.reference,
            parent=None if wait is None else row.id, parent_wait=wait, created=self.now, zone=row.zone,
        )  # fmt: skip
        start = Start(at=self.now, variables=variables, element=element)
        self._begun.append((child, messages.inbox(0, self.now, start)))

    def _carry(self, row: InstanceRow, sent: Sent) -> None:
        """Takes what an instance sends on its way."""
        if sent.kind != "escalation":
            self._sent.append((row, sent))
        elif row.parent is not None:
            up = Act(at=self.now, verb="escalate", wait=row.parent_wait, data={"code": sent.name, **sent.data})
            self._inbox.append(messages.inbox(row.parent, self.now, up))

    def _begin_detached(self, row: InstanceRow, sent: Sent, element: str, number: int) -> None:
        """Starts what an instance does not wait for; what cannot be started is an incident beside it."""
        started = detached.job(row, number, element, sent.name.removeprefix(detached.ACTIVITY), sent.data, self.now)
        if not sent.name.startswith(detached.ACTIVITY):
            try:
                self.begin_unowned(row, sent.name, sent.data, sent.key)
                return
            except CommandRejected as reason:
                problem = {"code": reason.code, "message": reason.message, "hint": reason.hint, "begins_at": sent.key}
                started = detached.failed(started, sent.name, sent.data, problem)
                self.note(row, detached.raised(started))
        self._opened[row.id, number] = started

    def begin_unowned(
        self, row: InstanceRow, target: str, variables: dict[str, Any], element: str | None = None
    ) -> None:
        """Starts an instance that nobody waits for, in the engagement and under the reference of another.

        Args:
            row: the instance that starts it.
            target: what is started.
            variables: what it is given.
            element: where it begins, if not at the definition's own start.

        Raises:
            CommandRejected: there is no such definition.
        """
        self._begin(row, self.catalogue.latest(target, row.definition), None, variables, element)

    def replace_wait(self, instance: int, wait: int, by: WaitRow | None) -> None:
        """Puts a row of the host's own in place of one, or nothing."""
        self._closed.append((instance, wait))
        if by is not None:
            self._opened[instance, wait] = by

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
            command = Fail(at=self.now, wait=row.parent_wait, code=code, variables=result)
        else:
            command = Resolve(at=self.now, wait=row.parent_wait, variables=result, outcome=outcome)
        self._inbox.append(messages.inbox(row.parent, self.now, command))

    def _fail_back(self, live: _Live, problem: Exception) -> None:
        """Puts an instance aside with the state it had after its last good command."""
        log.exception("instance %s cannot be advanced", live.row.id, exc_info=problem)
        row = live.row
        covered = len(live.kept)
        before = InstanceRow(**{name: getattr(row, name) for name in row.__struct_fields__})
        before.turns -= covered
        state = restore(self.tx, before, live.linked.engine)
        for records in live.kept:
            for record in records:
                apply(state, record, live.linked.engine)
        row.state = codec.encode_state(state) if row.turns else b""
        row.covered, row.since = row.turns, 0
        del self._live[row.id]
        self.put_aside(row, problem)

    def put_aside(self, row: InstanceRow, problem: Exception) -> None:
        """Marks an instance broken, with an incident that says why."""
        row.status = BROKEN
        self.broken.add(row.id)
        self._aside.append(row)
        problem = in_words(problem)
        data = {"code": str(getattr(problem, "code", type(problem).__name__)), "message": str(problem)}
        self._opened[row.id, 0] = WaitRow(
            instance=row.id, wait=0, kind=INCIDENT, element="", name=data["code"], data=codec.encode_value(data),
            engagement=row.engagement, service=row.service, reference=row.reference, opened=self.now,
        )  # fmt: skip
        self.note(row, Fact("incident.raised", {"wait": 0, **data}))

    def put_aside_live(self, instance: int, problem: Exception) -> None:
        """Marks an instance of this batch broken, with what it has answered so far."""
        live = self._live.get(instance)
        if live is not None:
            self._fail_back(live, problem)

    def forget(self, row: WaitRow) -> None:
        """A timer its instance does not know: it must not fire again and again."""
        log.error("instance %s does not know its timer %s", row.instance, row.wait)
        self._closed.append((row.instance, row.wait))

    def undelivered(self, instance: InstanceRow, row: InboxRow) -> None:
        """A command its instance did not take: a message among them may be waited for by somebody else."""
        if row.expires is not None:
            self._late.append((instance, row))

    def flush(self) -> None:
        """Writes everything the batch gathered."""
        tx = self.tx
        self._number()
        kept = self._lock_names()
        changed = [live for live in self._live.values() if live.kept]
        for live in changed:
            snapshot(live.row, live.state)
        tx.add_instances(self._new)
        new = {row.id for row in self._new}
        tx.save([row for row in (*(live.row for live in changed), *self._aside) if row.id not in new])
        tx.add_turns(self.turns)
        tx.drop_waits(self._closed)
        tx.add_waits(list(self._opened.values()))
        for row in self._opened.values():
            if row.kind == MESSAGE and (row.engagement, row.name, row.key) in kept:
                messages.collect(tx, self.now, row)
        post = self.post()
        for sender, sent in self._sent:
            post.deliver(sender, sent)
        for sender, late in self._late:
            post.redeliver(sender, late)
        orphans = self._orphans + (tx.children(self._abandoned) if self._abandoned else [])
        if orphans:
            self._cancel(orphans)
        tx.put_inbox(self._inbox)
        self._write_ledger()

    def _number(self) -> None:
        """Gives the instances that were begun their numbers, only now: giving numbers is writing."""
        numbers = self.tx.new_instances(len(self._begun)) if self._begun else ()
        for number, (row, start) in zip(numbers, self._begun, strict=True):
            row.id = start.instance = number
            self._new.append(row)
            self._inbox.append(start)
        self._begun = []

    def post(self) -> messages.Post:
        """Carries what is sent. A first turn within this transaction brings nobody else to a first turn in it."""
        return messages.Post(self.tx, self.catalogue, self.now, None if self.within else self._first_turn)

    def _first_turn(self, row: InstanceRow, linked: Linked, command: Start) -> None:
        batch = Batch(self.tx, self.catalogue, self.now, self.states, self.limits, within=True)
        batch.begin(row, linked)
        batch.answer(row.id, command)
        batch.flush()

    def _lock_names(self) -> set[MessageName]:
        """Holds the names of all messages this batch sends or awaits; those it awaits under which one is kept."""
        awaited: list[MessageName] = [
            (row.engagement, row.name, row.key)
            for row in self._opened.values()
            if row.kind == MESSAGE and row.name is not None
        ]
        sent: list[MessageName] = [
            (row.engagement, sent.name, sent.key) for row, sent in self._sent if sent.kind == MESSAGE
        ]
        sent += [(owner.engagement, row.name, row.key) for owner, row in self._late if row.name is not None]
        if awaited or sent:
            self.tx.lock_names([*awaited, *sent])
        return self.tx.kept_names(awaited) if awaited else set()

    def _cancel(self, children: list[int]) -> None:
        """Ends called instances whose caller has left, also those that stand still."""
        for row in self.tx.load(children).values():
            if row.status == SUSPENDED:
                row.status = ACTIVE
                self.tx.save([row])
        for child in children:
            self._inbox.append(messages.inbox(child, self.now, Cancel(at=self.now, reason="the calling instance left")))

    def remember(self) -> None:
        """Keeps the large states for the next batch. Call it when the transaction has been committed."""
        for live in self._live.values():
            self.states.keep(live.row, live.state)
            if live.kept:
                standstill.report(live.row.id, live.linked, live.state)

    def _write_ledger(self) -> None:
        by_engagement: dict[str, list[tuple[InstanceRow, int, Fact]]] = {}
        for item in self._facts:
            by_engagement.setdefault(item[0].engagement, []).append(item)
        for engagement in sorted(by_engagement):
            writer = LedgerWriter(self.tx, engagement)
            for row, at, fact in by_engagement[engagement]:
                writer.add(at, fact.type, fact.data, row)
            writer.write()
