"""Attainment of service level objectives, month by month, with the case behind every figure.

When a case counts. A case counts once, in the month in which its fate is sealed: a case that ends within the limit, in
the month of its end; any other, in the month in which the limit ran out. So a case half finished at the month's end
counts as missed when its limit has run out, and otherwise waits for a later month; nobody gains by never finishing.

Boundary. Within the limit means: no more than the limit has passed on the objective's clock. Exactly at the deadline is
met, and so is an end at night after a limit used up at closing time, for the clock stands still at night.

A case that finishes or is cancelled without the end the objective waits for counts (as missed) only if its limit had
run out before. Without any case, or with fewer than the agreed minimum, an objective is not assessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from typing import Literal

from anyshore.terms.book import EARLIEST, LATEST, Book, Case, Event
from anyshore.terms.calendars import Calendar, Span
from anyshore.terms.clocks import Clock, clock_of, merged
from anyshore.terms.model import Duration, Exclusion, Match, Objective, Service, Share, Terms, holds
from anyshore.terms.months import Month

Status = Literal["met", "missed", "too-few", "no-work"]


@dataclass(frozen=True, slots=True)
class Result:
    """One case (or entry) of an objective.

    Attributes:
        instance: id of the instance.
        reference: the client's name of the case.
        met: within the limit, or holding the fact asked for.
        at: when its fate was sealed.
        started: when the clock started; None for a share.
        ended: when it ended; None while it runs, and for a share.
        elapsed: time on the clock until the end, or until the end of the month (microseconds); None for a share.
        paused: time on the clock that exclusions took out; None for a share.
        deadline: when the limit was used up; None when it was not, and for a share.
        finished: the instance itself has finished.
        sequence: the entry that told it, for a share.
        number: how many cases it is of: see ``book.Case``.
    """

    instance: str
    reference: str
    met: bool
    at: int
    started: int | None = None
    ended: int | None = None
    elapsed: int | None = None
    paused: int | None = None
    deadline: int | None = None
    finished: bool = False
    sequence: int = 0
    number: int = 1


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many cases there are of each kind in a month of an objective, where the cases themselves are not at hand."""

    met: int
    counted: int
    running: int
    left_out: int
    unmeasured: int


@dataclass(slots=True)
class ObjectiveScore:
    """The month of one objective.

    Attributes:
        service: key of the service.
        objective: the objective measured.
        results: every case that counts, in the order in which their fates were sealed.
        running: instances still open within their limit: they count later.
        left_out: instances that do not count: outcomes left out, and cancelled ones within their limit.
        unmeasured: instances whose end is known and whose start is not.
        numbers: of what was counted before; the four lists are empty then. None: they are told by the lists.
        many: how many cases a name in the lists stands for, where that is more than one.
    """

    service: str
    objective: Objective
    results: list[Result] = field(default_factory=list)
    running: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    unmeasured: list[str] = field(default_factory=list)
    numbers: Numbers | None = None
    many: dict[str, int] = field(default_factory=dict)

    def cases(self, names: Iterable[str]) -> int:
        """How many cases some names stand for."""
        return sum(self.many.get(name, 1) for name in names)

    @property
    def counts(self) -> Numbers:
        """How many there are of each kind."""
        if self.numbers is not None:
            return self.numbers
        names = (self.running, self.left_out, self.unmeasured)
        return Numbers(self.numerator, self.denominator, *map(self.cases, names))

    @property
    def numerator(self) -> int:
        """Cases met."""
        return self.numbers.met if self.numbers is not None else sum(one.number for one in self.results if one.met)

    @property
    def denominator(self) -> int:
        """Cases that count."""
        return self.numbers.counted if self.numbers is not None else sum(one.number for one in self.results)

    @property
    def missed(self) -> list[Result]:
        """The cases that were missed."""
        return [result for result in self.results if not result.met]

    @property
    def attainment(self) -> Decimal | None:
        """Percentage met, cut (not rounded) to four places, so that it never looks better than it is; None: no case."""
        if not self.denominator:
            return None
        exact = Decimal(100 * self.numerator * 10**4 // self.denominator)
        return exact.scaleb(-4).quantize(Decimal("0.0001"), ROUND_FLOOR)

    def below(self, percent: Decimal) -> bool:
        """Whether attainment is exactly below a percentage, compared without rounding."""
        return 100 * self.numerator < percent * self.denominator

    @property
    def status(self) -> Status:
        """Met or missed, or why not assessed."""
        if not self.denominator:
            return "no-work"
        if self.denominator < self.objective.minimum_cases:
            return "too-few"
        return "missed" if self.below(self.objective.target) else "met"


def score(book: Book, terms: Terms, month: Month, *, until: int | None = None) -> list[ObjectiveScore]:
    """The objectives of all services in a month.

    Args:
        book: the entries.
        terms: the terms of the month.
        month: the window.
        until: look at the month as of this instant; its end when absent.
    """
    return [found for service in terms.services.values() for found in score_service(book, terms, service, month, until)]


def score_service(
    book: Book, terms: Terms, service: Service, month: Month, until: int | None = None
) -> list[ObjectiveScore]:
    """The objectives of one service in a month."""
    start, end = month.bounds(terms.time_zone)
    stop = end if until is None else min(end, until)
    scores = []
    for objective in service.objectives:
        found = ObjectiveScore(service.key, objective)
        clock = clock_for(terms, objective) if isinstance(objective, Duration) else None
        for case in book.cases_of(service.key):
            _measure(case, objective, clock, start, stop, found)
        found.results.sort(key=lambda r: (r.at, r.instance))
        scores.append(found)
    return scores


def clock_for(terms: Terms, objective: Duration) -> Clock:
    """The clock an objective runs by; round the clock when it names no calendar."""
    return clock_of(terms.calendars[objective.calendar] if objective.calendar else Calendar())


def of_case(case: Case, objective: Objective, clock: Clock | None, start: int, stop: int) -> ObjectiveScore:
    """One case alone under an objective, from an instant and as of another; a share has no clock."""
    found = ObjectiveScore(case.service, objective)
    _measure(case, objective, clock, start, stop, found)
    return found


def _measure(
    case: Case, objective: Objective, clock: Clock | None, start: int, stop: int, found: ObjectiveScore
) -> None:
    if case.number > 1:
        found.many[case.instance] = case.number
    if isinstance(objective, Share):
        found.results.extend(_share(case, objective, start, stop))
    elif clock is not None and not _over(case, start):
        _duration(case, objective, clock, start, stop, found)


def shared(case: Case, objective: Share) -> Iterator[Result]:
    """Whatever a case adds to a share, at any time."""
    return _share(case, objective, EARLIEST, LATEST)


def begun(case: Case, objective: Duration) -> int | None:
    """When the clock of an objective began for a case, while it was not finished; None: never."""
    last = case.finished.at if case.finished else case.events[-1].at
    return next((e.at for e in case.events if e.at <= last and objective.begins.fits(e.type, e.data)), None)


def paused(case: Case, objective: Duration, at: int) -> bool:
    """Whether the clock of an open case stands still after an instant, until something happens."""
    return any(end > at for _begin, end in _pauses(case, objective.exclusions, at + 1))


def _over(case: Case, start: int) -> bool:
    """Whether the case's fate was sealed before the month began, whatever the objective."""
    return case.finished is not None and case.finished.at < start


def _share(case: Case, objective: Share, start: int, stop: int) -> Iterator[Result]:
    for event in case.events:
        if start <= event.at < stop and objective.of.fits(event.type, event.data):
            good = holds(objective.good, event.data)
            yield Result(
                case.instance, case.reference, good, event.at, sequence=event.sequence, number=case.number
            )  # fmt: skip


def _duration(case: Case, objective: Duration, clock: Clock, start: int, stop: int, found: ObjectiveScore) -> None:
    finished = case.finished if case.finished and case.finished.at < stop else None
    last = finished.at if finished else stop - 1
    events = case.events if case.events[-1].at <= last else [event for event in case.events if event.at <= last]
    begin = _first(events, objective.begins)
    if begin is None:
        # What begins with a milestone is promised of those that reach it; any other beginning is part of every case.
        if objective.begins.entry != "milestone.reached" and any(
            e.at >= start and objective.ends.fits(e.type, e.data) for e in events
        ):
            found.unmeasured.append(case.instance)
        return
    end = _first(events, objective.ends, begin)
    if end is not None and end.at < start:
        return
    if finished and finished.data.get("outcome") in objective.left_out:
        found.left_out.append(case.instance)
        return
    result = _result(case, objective, clock, begin, end, finished, stop)
    if result is None:
        (found.left_out if finished else found.running).append(case.instance)
    elif start <= result.at < stop:
        found.results.append(result)


def _first(events: Iterable[Event], match: Match, after: Event | None = None) -> Event | None:
    """The first event that is meant, of those after another."""
    for event in events:
        if event.type == match.entry and (after is None or event > after) and match.fits(event.type, event.data):
            return event
    return None


def _result(
    case: Case, objective: Duration, clock: Clock, begin: Event, end: Event | None, finished: Event | None, stop: int
) -> Result | None:
    """The case's result as of ``stop``, or None when its fate is not sealed."""
    over = end.at if end else finished.at if finished else stop
    pauses = merged(_pauses(case, objective.exclusions, over), begin.at, over) if objective.exclusions else []
    whole = clock.business_time_between(begin.at, over)
    elapsed = whole - sum(clock.business_time_between(since, until) for since, until in pauses)
    met = elapsed <= objective.limit
    if met and end is None:
        return None
    limit = objective.limit
    sealed = over if met else _used_up(clock, begin.at, over, pauses, limit, late=True)
    deadline = None if elapsed < limit else _used_up(clock, begin.at, over, pauses, limit, late=False)
    return Result(
        instance=case.instance,
        reference=case.reference,
        met=met,
        at=over if sealed is None else sealed,
        started=begin.at,
        ended=end.at if end else None,
        elapsed=elapsed,
        paused=whole - elapsed,
        deadline=deadline,
        finished=finished is not None,
        number=case.number,
    )


def left(case: Case, objective: Duration, clock: Clock, at: int) -> int | None:
    """Time an open case has left on an objective's clock at an instant, in microseconds.

    Returns:
        0 or less where the limit is used up; None where the clock had not begun or had ended by then.
    """
    events = [event for event in case.events if event.at <= at]
    begin = next((e for e in events if objective.begins.fits(e.type, e.data)), None)
    if begin is None or any(e > begin and objective.ends.fits(e.type, e.data) for e in events):
        return None
    return objective.limit - clock.elapsed(begin.at, at, _pauses(case, objective.exclusions, at))


def due(case: Case, objective: Duration, clock: Clock, at: int) -> int | None:
    """When the limit of an open case is used up, as things stand at an instant: passed already, or yet to come.

    Returns:
        Microseconds since 1970 UTC; None where the clock had not begun or had ended by then.

    Raises:
        AnyshoreError: the calendar has no such moment before the year 2200.
    """
    remaining = left(case, objective, clock, at)
    if remaining is None:
        return None
    if remaining > 0:
        return clock.add_business_time(at, remaining)
    begin = next(e for e in case.events if objective.begins.fits(e.type, e.data))
    pauses = merged(_pauses(case, objective.exclusions, at), begin.at, at)
    return _used_up(clock, begin.at, at, pauses, objective.limit, late=False)


def _pauses(case: Case, exclusions: tuple[Exclusion, ...], over: int) -> Iterator[Span]:
    """Times of the exclusions up to ``over``. One that begins twice ends when both have ended."""
    for exclusion in exclusions:
        depth, since = 0, 0
        for event in case.events:
            if event.at > over:
                break
            if exclusion.begins.fits(event.type, event.data):
                since = event.at if depth == 0 else since
                depth += 1
            elif depth and exclusion.ends.fits(event.type, event.data):
                depth -= 1
                if depth == 0:
                    yield since, event.at
        if depth:
            yield since, over


def _used_up(clock: Clock, start: int, over: int, pauses: list[Span], limit: int, *, late: bool) -> int | None:
    """The instant the limit is used up: the first such, or (late) the last before more than it has passed.

    None when that does not happen before ``over``.
    """
    left = limit
    for begin, stop in _running(start, over, pauses):
        counted = clock.business_time_between(begin, stop)
        if counted > left or (counted == left and not late):
            return clock.add_business_time(begin, left, late=late)
        left -= counted
    return None


def _running(start: int, over: int, pauses: list[Span]) -> Iterator[Span]:
    """The times between the pauses (which are in order and apart)."""
    for begin, stop in pauses:
        if start < begin:
            yield start, begin
        start = stop
    if start < over:
        yield start, over
