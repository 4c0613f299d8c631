"""Calendar months: the window of objectives and invoices."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from anyshore.base.errors import AnyshoreError
from anyshore.terms.calendars import FIRST_YEAR, LAST_YEAR, instant, local_date


class Month(NamedTuple):
    """A month of a year, for example 2026-01."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return date(self.year, self.month, self.days)

    @property
    def days(self) -> int:
        """Number of days."""
        return monthrange(self.year, self.month)[1]

    @property
    def next(self) -> Month:
        """The month after."""
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    def bounds(self, zone: str) -> tuple[int, int]:
        """From (included) and to (excluded) in microseconds, from midnight to midnight in a time zone."""
        info = ZoneInfo(zone)
        return instant(info, self.first, 0), instant(info, self.next.first, 0)


def parse(text: str) -> Month:
    """A month from text like ``2026-01``.

    Raises:
        AnyshoreError: it is written otherwise.
    """
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text) or not f"{FIRST_YEAR}" < text < f"{LAST_YEAR}-12":
        raise AnyshoreError("terms.month", f"'{text}' is not a month", None, "write it as 2026-01")
    return Month(int(text[:4]), int(text[5:]))


def month_of(at: int, zone: str) -> Month:
    """The month a local calendar shows at an instant."""
    day = local_date(zone, at)
    return Month(day.year, day.month)
