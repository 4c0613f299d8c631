"""What a timer counts by: the calendar of a time zone, or a business calendar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from anyshore.base import iso8601
from anyshore.base.temporal import DaysDuration
from anyshore.kernel.turn import Calendars, NoCalendars


@dataclass(frozen=True, slots=True)
class Counting:
    """How moments follow each other. By a business calendar days are business days, hours and less business time.

    Attributes:
        zone: IANA zone of dates without an offset.
        calendar: name of a business calendar; empty for none.
        calendars: business calendars, by name.
    """

    zone: str
    calendar: str = ""
    calendars: Calendars = NoCalendars()

    def add(self, at: int, duration: str) -> int:
        """A moment plus an ISO 8601 duration.

        Raises:
            ValueError: the text is no duration, or cannot be counted.
        """
        if not self.calendar:
            return iso8601.later(at, duration, self.zone)
        match = iso8601.DURATION.fullmatch(iso8601.whole(duration.partition("[")[0]))
        if match is None or match[1] or match[2] or match[3]:
            raise ValueError(f"not counted in business days, hours, minutes and seconds: {duration!r}")
        days, _, rest = match[4].partition("T")
        time = DaysDuration.parse(f"PT{rest}").nanoseconds // 1000 if rest else 0
        return self.calendars.after(self.calendar, at, int(days.rstrip("D") or 0), time)

    def again(self, at: int, interval: str) -> int:
        """The next time of a repeating interval.

        Raises:
            ValueError: as for ``add``, or the interval takes no time, so that it would never end.
        """
        return iso8601.after(at, self.add(at, interval), interval)

    def times(self, at: int, interval: str, number: int) -> int:
        """A moment plus an interval so many times over, so that P1M from 31 January is 28 February and 31 March.

        Raises:
            ValueError: as for ``add``.
        """
        duration, bracket, zone = interval.partition("[")  # a zone's name has digits of its own: Etc/GMT+5
        many = _NUMBER.sub(lambda found: _text(found, number), duration)
        return self.add(at, many + bracket + zone) if number else at

    def opened(self, at: int) -> int:
        """A moment; by a business calendar, the next one that is open.

        Raises:
            ValueError: there is no such calendar, or it has no such moment.
        """
        return self.calendars.after(self.calendar, at, 0, 0) if self.calendar else at


_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")


def _text(found: re.Match[str], number: int) -> str:
    whole = Decimal(found[0].replace(",", ".")) * number
    return f"{whole:f}".rstrip("0").rstrip(".") if whole % 1 else f"{whole:.0f}"


class _RoundTheClock:
    def after(self, calendar: str, at: int, days: int, time: int) -> int:
        return at + days * 24 * 3600 * 1_000_000 + time


def trial(calendar: str | None = None) -> Counting:
    """For trying a timer that is written in a model, before there are calendars: by one that never closes."""
    return Counting("UTC", calendar or "", _RoundTheClock())
