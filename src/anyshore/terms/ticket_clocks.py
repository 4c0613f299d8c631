"""The three clocks of a ticket: first response, update, resolution; read from its log, and nothing but its log.

A clock runs in the business hours of the client's plan and stands still in the states the plan names for it. A change
of priority or plan is no event on a clock: from then on all of the history is read anew under what is in force, so a
ticket that becomes urgent may be late at once, and one that was wrongly urgent is no longer. A clock that has stopped
keeps what was in force when it stopped.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.terms.calendars import Calendar, Span
from anyshore.terms.clocks import clock_of, merged

Kind = Literal["first response", "update", "resolution"]
KINDS: tuple[Kind, ...] = ("first response", "update", "resolution")
EVENTS = frozenset({"opened", "priority", "plan", "state", "response", "update", "resolved", "reopened", "closed"})
"""What a log tells: ``response`` and ``update`` are what the customer was told, ``state`` is any word of the desk."""
PERCENT = 100


@dataclass(frozen=True, slots=True)
class Escalation:
    """Who is told when so much of a clock's limit is used up.

    Attributes:
        clock: which clock.
        percent: of its limit: 100 is the breach, more is after it.
        to: whom, in words of the desk.
    """

    clock: Kind
    percent: int
    to: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What was agreed with a client.

    Attributes:
        calendar: business hours.
        limits: by priority and clock, in microseconds; a clock without a limit does not run.
        pauses: by clock the states in which it stands still.
        reopening: whether the resolution clock of a ticket that is opened again ``continues`` or ``restarts``.
        reopen_within: microseconds after the resolution in which an answer opens it again; later it is a new ticket.
        escalations: in any order.
    """

    calendar: Calendar
    limits: Mapping[str, Mapping[Kind, int]]
    pauses: Mapping[Kind, frozenset[str]] = field(default_factory=dict)
    reopening: Literal["continues", "restarts"] = "continues"
    reopen_within: int | None = None
    escalations: tuple[Escalation, ...] = ()

    def reopens(self, resolved: int, at: int) -> bool:
        """Whether an answer at a moment opens a ticket again that was resolved at another."""
        return self.reopen_within is None or at - resolved <= self.reopen_within


@dataclass(frozen=True, slots=True)
class Event:
    """A line of a ticket's log; ``value`` is the priority, the plan or the state."""

    at: int
    kind: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A clock, or one round of it.

    Attributes:
        clock: which.
        started: when it began.
        ended: when it stopped; None while it has not.
        limit: microseconds of business time.
        used: microseconds so far, or until it stopped.
        due: when the limit is used up if nothing stops it; None where it stopped or stands still.
        breached: when the limit was passed; None where it was not, as the log is read now.
    """

    clock: Kind
    started: int
    ended: int | None
    limit: int
    used: int
    due: int | None
    breached: int | None


@dataclass(frozen=True, slots=True)
class Fired:
    """An escalation that fired, at the moment its share was used up or a change made it so."""

    at: int
    clock: Kind
    percent: int
    to: str
    started: int


class Log:
    """A ticket's log, ordered; equal times in the order given.

    Args:
        events: the first of them opens the ticket; its value is the state.
        plans: by name.
        plan: in force from the beginning.
        priority: from the beginning.

    Raises:
        DataError: the log is none, with every line that is wrong.
    """

    def __init__(self, events: Iterable[Event], plans: Mapping[str, Plan], *, plan: str, priority: str) -> None:
        self.events = sorted(events, key=lambda event: event.at)
        self._plans = plans
        problems = list(_problems(self.events, plans, plan))
        if problems:
            raise DataError.of(problems)
        self._in_force = _changes(self.events, "plan", plan)
        self._priority = _changes(self.events, "priority", priority)
        self._states = _changes(self.events, "state", self.events[0].value)

    def read(self, now: int) -> list[Reading]:
        """All clocks and rounds as they stand at a moment, by clock and beginning."""
        return [
            one
            for kind in KINDS
            for start, end in self._rounds(kind, now)
            for one in self._reading(kind, start, end, now)
        ]

    def fired(self, until: int) -> list[Fired]:
        """The escalations up to a moment, in time; each once for each round of its clock."""
        found = [
            one
            for kind in KINDS
            for start, end in self._rounds(kind, until)
            for one in self._fire(kind, start, end, until)
        ]
        return sorted(found, key=lambda one: (one.at, one.clock, one.percent))

    def next_escalation(self, now: int) -> Fired | None:
        """The next escalation after a moment if nothing happens until then: what a timer is set to."""
        best: Fired | None = None
        for kind in KINDS:
            for start, end in self._rounds(kind, now):
                plan, limit = self._terms(kind, now)
                if end is not None or limit is None or self._paused(kind, plan, now):
                    continue
                used = self._used(kind, plan, start, now)
                for step in plan.escalations:
                    left = -(-limit * step.percent // PERCENT) - used
                    if step.clock == kind and left > 0:
                        at = clock_of(plan.calendar).add_business_time(now, left)
                        if best is None or at < best.at:
                            best = Fired(at, kind, step.percent, step.to, start)
        return best

    def _terms(self, kind: Kind, at: int) -> tuple[Plan, int | None]:
        plan = self._plans[_at(self._in_force, at)]
        return plan, plan.limits.get(_at(self._priority, at), {}).get(kind)

    def _rounds(self, kind: Kind, until: int) -> Iterator[tuple[int, int | None]]:
        """From when to when a clock runs: the update clock anew with each word to the customer, all anew when
        reopened."""
        told = [event for event in self.events if event.at <= until]
        start: int | None = None
        for event in told:
            if event.kind == "opened":
                start = event.at
            elif event.kind in ("response", "update") and start is not None and kind != "resolution":
                if kind == "first response" and event.kind == "response":
                    yield start, event.at
                    start = None
                elif kind == "update":
                    yield start, event.at
                    start = event.at
            elif event.kind in ("resolved", "closed") and start is not None:
                if kind != "resolution" or event.kind == "closed" or not self._goes_on(event, until):
                    yield start, event.at
                    start = None
            elif event.kind == "reopened" and kind != "first response" and start is None:
                start = event.at
        if start is not None:
            yield start, None

    def _goes_on(self, resolved: Event, until: int) -> bool:
        """Whether a resolution was none: the ticket was opened again, and its clock continues."""
        again = next((one for one in self.events if one.kind == "reopened" and resolved.at <= one.at <= until), None)
        return again is not None and self._plans[_at(self._in_force, again.at)].reopening == "continues"

    def _paused(self, kind: Kind, plan: Plan, at: int) -> bool:
        return any(begin <= at < end for begin, end in self._pauses(kind, plan, at, at + 1))

    def _pauses(self, kind: Kind, plan: Plan, start: int, end: int) -> list[Span]:
        still = plan.pauses.get(kind, frozenset())
        times = [at for at, _ in self._states] + [max(end, self._states[-1][0])]
        spans = [(at, after) for (at, state), after in zip(self._states, times[1:], strict=True) if state in still]
        return merged([*spans, *self._resolved(end)], start, end)

    def _resolved(self, end: int) -> Iterator[Span]:
        """Times between a resolution and its reopening: nobody works on it then."""
        since: int | None = None
        for event in self.events:
            if event.kind in ("resolved", "closed"):
                since = event.at if since is None else since
            elif event.kind == "reopened" and since is not None:
                yield since, event.at
                since = None
        if since is not None and since < end:
            yield since, end

    def _used(self, kind: Kind, plan: Plan, start: int, end: int) -> int:
        return clock_of(plan.calendar).elapsed(start, end, self._pauses(kind, plan, start, end))

    def _reading(self, kind: Kind, start: int, end: int | None, now: int) -> Iterator[Reading]:
        plan, limit = self._terms(kind, now if end is None else end)
        if limit is None:
            return
        last = now if end is None else end
        used = self._used(kind, plan, start, last)
        due = None
        if end is None and not self._paused(kind, plan, now) and used <= limit:
            due = clock_of(plan.calendar).add_business_time(now, limit - used)
        breached = self._reached(kind, plan, start, last, limit) if used > limit else None
        yield Reading(kind, start, end, limit, used, due, breached)

    def _reached(self, kind: Kind, plan: Plan, start: int, end: int, amount: int) -> int | None:
        """The moment an amount of business time without pauses is used up; None where it is not by the end."""
        clock, at = clock_of(plan.calendar), start
        for begin, stop in [*self._pauses(kind, plan, start, end), (end, end)]:
            here = clock.business_time_between(at, begin)
            if here >= amount:
                return clock.add_business_time(at, amount)
            amount, at = amount - here, stop
        return None

    def _fire(self, kind: Kind, start: int, end: int | None, until: int) -> Iterator[Fired]:
        """Between two changes of terms the history is read under the terms of that time; what a change makes due
        fires then."""
        last = until if end is None else end
        changes = sorted({at for at, _ in (*self._in_force, *self._priority) if start < at < last})
        done: set[tuple[int, str]] = set()
        for begin, stop in zip([start, *changes], [*changes, last], strict=True):
            plan, limit = self._terms(kind, begin)
            if limit is None:
                continue
            for step in plan.escalations:
                if step.clock != kind or (step.percent, step.to) in done:
                    continue
                at = self._reached(kind, plan, start, stop, -(-limit * step.percent // PERCENT))
                if at is not None and (at < stop or stop == until or at == last):
                    done.add((step.percent, step.to))
                    yield Fired(max(at, begin), kind, step.percent, step.to, start)


def _changes(events: Sequence[Event], kind: str, first: str) -> list[tuple[int, str]]:
    return [(events[0].at, first), *((event.at, event.value) for event in events if event.kind == kind)]


def _at(changes: Sequence[tuple[int, str]], at: int) -> str:
    return changes[max(bisect_right(changes, at, key=lambda change: change[0]) - 1, 0)][1]


def _problems(events: Sequence[Event], plans: Mapping[str, Plan], plan: str) -> Iterator[Diagnostic]:
    if plan not in plans:
        yield Diagnostic("ticket.plan", f"There is no plan {plan!r}.", hint=f"Known are: {', '.join(plans)}.")
    if not events or events[0].kind != "opened":
        yield Diagnostic("ticket.opened", "The log does not begin with the opening of the ticket.", hint="Add it.")
    for number, event in enumerate(events, 1):
        place = Location(element=f"line {number}")
        if event.kind not in EVENTS:
            hint = f"Known are: {', '.join(sorted(EVENTS))}."
            yield Diagnostic("ticket.event", f"A log tells no {event.kind!r}.", place, hint)
        elif event.kind == "opened" and number > 1:
            yield Diagnostic("ticket.opened", "The ticket is opened twice.", place, "Say reopened.")
        elif event.kind == "plan" and event.value not in plans:
            yield Diagnostic(
                "ticket.plan", f"There is no plan {event.value!r}.", place, f"Known are: {', '.join(plans)}."
            )
