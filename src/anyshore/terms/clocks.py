"""The SLA clock: it runs in business hours and stands still outside them and in pauses.

All instants and durations are integer microseconds, so sums are exact over holidays, weekends, changes of daylight
saving time and any number of pauses. Counting uses a table of the calendar's open spans with running totals, built
per year and searched by bisection.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from anyshore.base.errors import AnyshoreError
from anyshore.terms.calendars import FIRST_YEAR, LAST_YEAR, ROUND_THE_CLOCK, Calendar, Span

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE


class _Table(NamedTuple):
    """Open spans of some years; replaced as a whole when more years are needed, so threads may share a clock."""

    first: int = 0
    last: int = 0
    low: int = 0
    high: int = 0
    """Instants from low (included) to high (excluded) are answered."""
    starts: Sequence[int] = ()
    ends: Sequence[int] = ()
    before: Sequence[int] = ()
    """Business time from the beginning of the table to each start."""

    def position(self, at: int) -> int:
        index = bisect_right(self.starts, at) - 1
        if index < 0:
            return 0
        return self.before[index] + min(at, self.ends[index]) - self.starts[index]

    def moment(self, position: int, *, late: bool) -> int | None:
        """The first (or last) instant of a position; None when the table ends before."""
        index = (bisect_right if late else bisect_left)(self.before, position) - 1
        if index < 0:
            return None
        moment = self.starts[index] + position - self.before[index]
        end = self.ends[index]
        return moment if moment < end or (moment == end and not late) else None


class Clock:
    """Counts business time by a calendar.

    ``business_time_between`` is additive: between(a, b) + between(b, c) = between(a, c), and negative when b < a.
    """

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._table = _Table()
        self._always = not calendar.regions and not calendar.special and calendar.weekly == ROUND_THE_CLOCK

    def business_time_between(self, start: int, end: int) -> int:
        """Business time from one instant to another, in microseconds.

        Raises:
            AnyshoreError: an instant lies outside the years 1900 to 2199.
        """
        if self._always:
            return end - start
        low, high = (start, end) if start <= end else (end, start)
        table = self._table
        if low < table.low or high >= table.high:
            table = self._cover(low, high)
        return table.position(end) - table.position(start)

    def add_business_time(self, start: int, duration: int, *, late: bool = False) -> int:
        """The instant at which a business duration (0 or more) after a start is used up.

        Where the duration ends exactly at closing time, that is the closing time; with ``late``, the next opening,
        the last instant at which no more than the duration has passed.

        Raises:
            AnyshoreError: the calendar has no such hours before the year 2200.
        """
        if duration < 0:
            raise AnyshoreError("terms.duration", f"a business duration cannot be negative: {duration}")
        if self._always or (duration == 0 and not late):
            return start + duration
        table = self._table
        if not table.low <= start < table.high:
            table = self._cover(start, start)
        position = table.position(start) + duration
        while (moment := table.moment(position, late=late)) is None:
            table = self._grow(table)
        return max(moment, start)

    def elapsed(self, start: int, end: int, pauses: Iterable[Span] = ()) -> int:
        """Business time from start to end without the pauses, which may overlap each other and the ends."""
        total = self.business_time_between(start, end)
        for begin, stop in merged(pauses, start, end):
            total -= self.business_time_between(begin, stop)
        return total

    def _grow(self, table: _Table) -> _Table:
        if table.last >= LAST_YEAR:
            raise AnyshoreError("terms.calendar-exhausted", f"the calendar has too few hours before {LAST_YEAR + 1}")
        self._table = grown = self._build(table.first, min(table.last + 1 + (table.last - table.first) // 2, LAST_YEAR))
        return grown

    def _cover(self, low: int, high: int) -> _Table:
        try:
            # A day of margin: the years of a local calendar begin and end up to 14 hours off the UTC year.
            first, last = (datetime.fromtimestamp(t // SECOND, UTC).year for t in (low - 24 * HOUR, high + 24 * HOUR))
        except (ValueError, OverflowError, OSError):
            first, last = FIRST_YEAR - 1, LAST_YEAR + 1
        if first < FIRST_YEAR or last > LAST_YEAR:
            raise AnyshoreError("terms.instant", f"an instant lies outside the years {FIRST_YEAR} to {LAST_YEAR}")
        if self._table.first:
            first, last = min(first, self._table.first), max(last, self._table.last)
        self._table = table = self._build(first, last)
        return table

    def _build(self, first: int, last: int) -> _Table:
        spans = _joined(year_spans(self.calendar, year) for year in range(first, last + 1))
        total, before = 0, []
        for start, end in spans:
            before.append(total)
            total += end - start
        low = int(datetime(first, 1, 2, tzinfo=UTC).timestamp()) * SECOND
        high = int(datetime(last, 12, 31, tzinfo=UTC).timestamp()) * SECOND
        return _Table(first, last, low, high, [s for s, _ in spans], [e for _, e in spans], before)


@lru_cache(maxsize=512)
def year_spans(calendar: Calendar, year: int) -> tuple[Span, ...]:
    """The calendar's business hours of one year, as UTC microseconds."""
    return tuple(calendar.open_spans(year))


def _joined(years: Iterable[Sequence[Span]]) -> list[Span]:
    spans: list[Span] = []
    for year in years:
        for start, end in year:
            if spans and spans[-1][1] >= start:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
    return spans


def merged(pauses: Iterable[Span], start: int, end: int) -> list[Span]:
    """Pauses cut to the time from start to end, in order, overlapping ones joined."""
    found: list[Span] = []
    for begin, stop in sorted(pauses):
        begin, stop = max(begin, start), min(stop, end)
        if begin >= stop:
            continue
        if found and found[-1][1] >= begin:
            found[-1] = (found[-1][0], max(found[-1][1], stop))
        else:
            found.append((begin, stop))
    return found


@lru_cache(maxsize=256)
def clock_of(calendar: Calendar) -> Clock:
    """The clock of a calendar; equal calendars share one table."""
    return Clock(calendar)
