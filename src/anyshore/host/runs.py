"""Many pieces of work at once, and what came of them: the same figures after any number of interruptions.

What was received is told by name, what came of it is read from the store: who is stopped at any moment and begins
again finds the work that is there and goes on. Rows are read by the page; no more than one state is held at a time.
"""

from __future__ import annotations

import time
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

import msgspec

from anyshore.base.errors import Diagnostic
from anyshore.host import garbage
from anyshore.host.driver import Host
from anyshore.host.ports import BROKEN, ENDED, InstanceRow, Page, Transaction
from anyshore.host.states import restore
from anyshore.kernel.state import CHILD, CONDITION, INCIDENT, MESSAGE, ROOT, SIGNAL, TIMER, WORK, State
from anyshore.runtime.reports import Report, Standing, Tally

CHUNK = 200
"""Rows that are read at a time."""

WAIT = 1.0
"""Seconds between two looks at what another worker does."""

PATIENCE = 30
"""Looks without any progress after which a run ends with what is there."""

NAMED = 1_000
"""Names of things that were not taken in which a report keeps; the rest is counted."""

EVENTS = frozenset({MESSAGE, SIGNAL, CONDITION})

Progress = Callable[[str], AbstractContextManager[Callable[[int], None]]]
"""Shows how far a step has come: given its title, something to tell the number done."""


class Received(Protocol):
    """What a thing that was received is answered with (``host.intake.parcels.Receipt``)."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def status(self) -> str:
        """``accepted``, ``duplicate`` or ``refused``."""

    @property
    def instance(self) -> int | None:
        """The piece of work it is, or that is there already."""

    @property
    def reason(self) -> Diagnostic | None:
        """Why it was not taken in."""


@dataclass(frozen=True, slots=True)
class Work:
    """What is run.

    Attributes:
        engagement: id of the engagement it is done under.
        service: id of the service.
        report: what the work comes to, as the pack says it.
    """

    engagement: str
    service: str
    report: Report


@dataclass(slots=True)
class Outcome:
    """What came of a run, read from the store.

    Attributes:
        tally: what became of the pieces of work.
        received: things received.
        cases: pieces of work they are; several things may be one.
        fresh: those that are there since this run.
        repeated: things that are the same as one before them in this run, by name.
        refused: things that were not taken in, with the reason.
        unnamed: how many more were repeated or refused than are named.
        archived: pieces of work that ended long ago and left the store.
        seconds: wall-clock time of this run.
        worked: commands and jobs done in this run.
        problems: what else went wrong.
    """

    tally: Tally
    received: int = 0
    cases: int = 0
    fresh: int = 0
    repeated: list[tuple[str, int]] = field(default_factory=list)
    refused: list[tuple[str, Diagnostic]] = field(default_factory=list)
    unnamed: int = 0
    archived: int = 0
    seconds: float = 0.0
    worked: int = 0
    problems: list[Diagnostic] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether all was received and decided or waits for a person."""
        return not (self.refused or self.problems or self.tally.incidents or self.tally.undecided)

    def refuse(self, name: str, problem: Diagnostic) -> None:
        """Notes what was not taken in."""
        if len(self.refused) < NAMED:
            self.refused.append((name, problem))
        else:
            self.unnamed += 1

    def repeat(self, name: str, instance: int) -> None:
        """Notes what is the same as something before it."""
        if len(self.repeated) < NAMED:
            self.repeated.append((name, instance))
        else:
            self.unnamed += 1


@dataclass(frozen=True, slots=True)
class Steps:
    """What a run does beside receiving and working.

    Attributes:
        before: called with the pieces of work once they are received, before any is worked on.
        after: called with the pieces of work once nothing is due; gives what went wrong.
        progress: shows how far it has come.
    """

    before: Callable[[Sequence[int]], None] | None = None
    after: Callable[[Sequence[int]], Iterable[Diagnostic]] | None = None
    progress: Progress | None = None


def run(host: Host, work: Work, receipts: Iterable[Received], steps: Steps | None = None) -> Outcome:
    """Receives what is given and works until nothing of it is due.

    Args:
        host: the host.
        work: what is run.
        receipts: what is received, as it is received.
        steps: what is done beside.
    """
    with garbage.frozen():
        return _run(host, work, receipts, steps or Steps())


def _run(host: Host, work: Work, receipts: Iterable[Received], steps: Steps) -> Outcome:
    show = steps.progress or _silent
    begun = time.monotonic()
    outcome = Outcome(Tally(work.report))
    with show("Receiving") as advance:
        numbers = _received(outcome, receipts, advance)
    if steps.before is not None:
        steps.before(numbers)
    host.recover()
    with show("Commands and jobs done") as advance:
        outcome.worked = host.work(progress=advance)
    outcome.worked += _settle(host, work, numbers)
    if steps.after is not None:
        outcome.problems += steps.after(numbers)
        outcome.worked += _settle(host, work, numbers)
    summarise(host, work, numbers, outcome)
    outcome.seconds = time.monotonic() - begun
    return outcome


class _Silent:
    def __enter__(self) -> Callable[[int], None]:
        return lambda done: None

    def __exit__(self, *problem: object) -> None:
        return None


def _silent(title: str) -> AbstractContextManager[Callable[[int], None]]:
    del title
    return _Silent()


def _received(outcome: Outcome, receipts: Iterable[Received], advance: Callable[[int], None]) -> array[int]:
    """The pieces of work, each once, in the order in which they were received."""
    numbers: array[int] = array("q")
    seen: set[int] = set()
    for one in receipts:
        outcome.received += 1
        if one.instance is None:
            problem = one.reason or Diagnostic("intake.refused", f"{one.name} was not taken in.")
            outcome.refuse(one.name, problem)
        elif one.instance in seen:
            outcome.repeat(one.name, one.instance)
        else:
            seen.add(one.instance)
            numbers.append(one.instance)
            outcome.fresh += one.status == "accepted"
        advance(outcome.received)
    outcome.cases = len(numbers)
    return numbers


def _settle(host: Host, work: Work, numbers: Sequence[int]) -> int:
    """Works until none of these is due any more: another worker may have taken a part. How much was done.

    Waits as long as the other one gets on.
    """
    worked, still = 0, 0
    due = list(_due(host, work, numbers))
    while due and still < PATIENCE:
        time.sleep(WAIT)
        worked += host.work()
        before, due = len(due), list(_due(host, work, due))
        still = still + 1 if len(due) >= before else 0
    return worked


def _due(host: Host, work: Work, numbers: Sequence[int]) -> Iterator[int]:
    """Those that neither ended nor wait for somebody."""
    open_ = _Open(host, work)
    for number, _row, _state, status in _standing(host, numbers, open_):
        if status == "undecided":
            yield number


def summarise(host: Host, work: Work, numbers: Sequence[int], outcome: Outcome) -> None:
    """Counts what these pieces of work came to by now."""
    tally = Tally(work.report)
    open_, touched = _Open(host, work), _touched(host, work.engagement)
    found = 0
    for number, row, state, status in _standing(host, numbers, open_):
        found += 1
        variables = state.variables.get(ROOT, {}) if state is not None else {}
        end = row.outcome if row is not None else None
        waits_at = open_.places.get(number, "")
        elapsed = row.ended - row.created if row is not None and row.ended is not None else None
        tally.add(Standing(status, variables, end, waits_at, number in touched, elapsed))
    outcome.tally = tally
    outcome.archived = len(numbers) - found


class _Open:
    """What waits for people and what stands still, by the piece of work it belongs to.

    Attributes:
        places: the task at which a person has to act.
        troubled: pieces of work with an open incident.
    """

    def __init__(self, host: Host, work: Work) -> None:
        self.places: dict[int, str] = {}
        self.troubled: set[int] = set()
        with host.store.transaction() as tx:
            for kind in (WORK, INCIDENT):
                page = Page(kind=kind, engagement=work.engagement, service=work.service, limit=CHUNK)
                while rows := tx.waits(page):
                    roots = roots_of(tx, {row.instance for row in rows})
                    for row in rows:
                        root = roots[row.instance]
                        if kind == WORK:
                            self.places.setdefault(root, row.element)
                        else:
                            self.troubled.add(root)
                    page.after = (rows[-1].opened, rows[-1].instance, rows[-1].wait)


def roots_of(tx: Transaction, instances: Iterable[int]) -> dict[int, int]:
    """For each instance the piece of work it is a part of: itself, or what called it."""
    found = {number: number for number in instances}
    edge = set(found)
    while edge:
        above = {row.id: row.parent for row in tx.look(edge).values() if row.parent is not None}
        found = {number: above.get(root, root) for number, root in found.items()}
        edge = set(above.values())
    return found


def _standing(
    host: Host, numbers: Sequence[int], open_: _Open
) -> Iterator[tuple[int, InstanceRow | None, State | None, str]]:
    """How each stands: its number, row and state, and the word for it. Those that left the store are left out."""
    remaining = iter(numbers)
    while chunk := list(islice(remaining, CHUNK)):
        with host.store.transaction() as tx:
            seen = tx.look(chunk)
            rows = tx.load(seen)
            for number in seen:
                row = rows.get(number)
                if row is None:  # another worker has it
                    yield number, None, None, "undecided"
                    continue
                state = None if row.status == BROKEN else restore(tx, row, host.catalogue.get(row.definition).engine)
                yield number, row, state, _status(host, tx, row, state, open_)


def _status(host: Host, tx: Transaction, row: InstanceRow, state: State | None, open_: _Open) -> str:
    if row.status == ENDED:
        return "ended"
    if row.id in open_.places:
        return "waiting"
    if row.id in open_.troubled or state is None:
        return "incident"
    place = _waits_at(host, tx, row, state)
    if place is None:
        return "undecided"
    open_.places[row.id] = place
    return "waiting"


def _waits_at(host: Host, tx: Transaction, row: InstanceRow, state: State) -> str | None:
    """The event an instance waits for, or that what it called waits for; None where something of it is due."""
    found = None
    for wait in state.waits.values():
        if wait.kind in EVENTS or (wait.kind == TIMER and (wait.due or 0) > host.clock()):
            found = found or wait.name or wait.kind
        elif wait.kind == CHILD:
            for child in tx.load(tx.children([(row.id, wait.id)])).values():
                if child.status != ENDED:
                    inner = restore(tx, child, host.catalogue.get(child.definition).engine)
                    found = found or _waits_at(host, tx, child, inner)
        else:
            return None
    return found


def _touched(host: Host, engagement: str) -> set[int]:
    """The pieces of work on which a person completed something, as the ledger tells it."""
    people: set[int] = set()
    found: set[int] = set()
    with host.store.transaction() as tx:
        for row in tx.ledger(engagement):
            if row.type == "work.completed" and row.instance is not None:
                if not msgspec.json.decode(row.line)["data"].get("withdrawn"):
                    people.add(row.instance)
                if len(people) >= CHUNK:
                    found.update(roots_of(tx, people).values())
                    people.clear()
        found.update(roots_of(tx, people).values())
    return found


def counted(counter: Counter[str]) -> dict[str, int]:
    """A counter as plain data, the most frequent first."""
    return dict(counter.most_common())
