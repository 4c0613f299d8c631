"""Dates and times as people and spreadsheets write them; ``03/04/2026`` is open until its column has told its order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Literal

Order = Literal["", "dmy", "mdy"]
"""Which comes first, the day or the month; empty where nothing tells it."""

_NAMES = {
    name: number
    for number, names in enumerate(
        ("january januar jan jänner jän", "february februar feb", "march märz maerz mar mär mrz", "april apr",
         "may mai", "june juni jun", "july juli jul", "august aug", "september sep sept", "october oktober oct okt",
         "november nov", "december dezember dec dez"), 1,
    )
    for name in names.split()
}  # fmt: skip
_YEAR = r"(?P<y>\d{4}|\d{2})"
_DAYS = tuple(
    re.compile(form, re.ASCII | re.IGNORECASE)
    for form in (
        r"(?P<y>\d{4})(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})",
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})",
        rf"(?P<d>\d{{1,2}})\. ?(?P<m>\d{{1,2}})\. ?{_YEAR}",
        rf"(?P<a>\d{{1,2}})(?P<sep>[-/])(?P<b>\d{{1,2}})(?P=sep){_YEAR}",
        rf"(?P<d>\d{{1,2}})[. -]{{1,2}}(?P<n>[a-zä]{{3,9}})[. -]{{1,2}}{_YEAR}",
        rf"(?P<n>[a-zä]{{3,9}})[. ]{{1,2}}(?P<d>\d{{1,2}}),? {_YEAR}",
    )
)
_SPLIT = re.compile(r"(.+?)(?:[ T,]\s*(\d{1,2}:.*|\d{1,2}\s*[AaPp]\.?[Mm]\.?))?", re.DOTALL)
_CLOCK = re.compile(
    r"(\d{1,2})(?::(\d{2}))?(?::(\d{2})(?:[.,](\d{1,6})\d*)?)?\s*(?:(am|pm|a\.m\.|p\.m\.)|uhr|h)?\s*"
    r"(z|utc|[+-]\d{2}:?(?:\d{2})?)?",
    re.ASCII | re.IGNORECASE,
)
_PIVOT = 50
WEST = frozenset({*range(0, 13 * 60, 60), 150, 210, 270, 570})
"""Minutes that clocks are behind UTC, or were since 2000: whole hours; Newfoundland, Venezuela, Marquesas."""
_FARTHEST_EAST = 14 * 60


@dataclass(frozen=True, slots=True)
class Written:
    """A date, perhaps with a time, as it is written.

    Attributes:
        year: with its century.
        numbers: day and month as they stand, where a sign of several countries parts them; else the day and the month.
        order: the order its form tells; ``dmy`` for all that says itself what is what.
        open: whether both orders give a date, and another one each.
        short: whether the year had two digits: 00 to 49 are of this century, 50 to 99 of the last.
        told: whether it is evidence of the order of its column.
        clock: the time, with its offset from UTC where there is one.
    """

    year: int
    numbers: tuple[int, int]
    order: Order
    open: bool
    short: bool
    told: bool
    clock: time | None

    def day(self, order: Order = "") -> date:
        """The day.

        Args:
            order: of the column; needed where the date is open.
        """
        first, second = self.numbers
        return date(self.year, *((first, second) if (order or self.order) == "mdy" else (second, first)))

    def moment(self, order: Order = "") -> datetime:
        """The day and the time; midnight where no time is written."""
        return datetime.combine(self.day(order), self.clock or time())


@lru_cache(1 << 14)
def written(text: str) -> Written | None:
    """What is written, or None where it is no date there is."""
    parts = _SPLIT.fullmatch(text.replace("\u00a0", " ").strip())
    if parts is None:
        return None
    clock = read_clock(parts[2]) if parts[2] else None
    if parts[2] and clock is None:
        return None
    for form in _DAYS:
        found = form.fullmatch(parts[1].strip().lower())
        if found:
            return _dated(found, clock)
    return None


@lru_cache(1 << 10)
def read_clock(text: str) -> time | None:
    """A time of day: ``9:30``, ``09:30:15.5``, ``9:30 PM``, ``9:30 Uhr``, with an offset or ``Z`` behind; else None.

    An offset is one that a clock somewhere has: ``08:00-08:30`` is none, but a range.
    """
    found = _CLOCK.fullmatch(text.strip())
    if found is None or (found[2] is None and found[5] is None):
        return None
    hour = int(found[1])
    if found[5]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[5].lower().startswith("p") else 0)
    try:
        micros = int((found[4] or "").ljust(6, "0"))
        return time(hour, int(found[2] or 0), int(found[3] or 0), micros, tzinfo=_offset(found[6]))
    except ValueError:
        return None


def _offset(text: str | None) -> timezone | None:
    if text is None:
        return None
    digits = re.sub(r"\D", "", text)
    minutes = int(digits[:2] or 0) * 60 + int(digits[2:] or 0)
    west = text.startswith("-")
    if int(digits[2:] or 0) > 59 or minutes > _FARTHEST_EAST or (west and minutes not in WEST):
        raise ValueError(f"no clock is {text} from UTC")
    return timezone(timedelta(minutes=-minutes if west else minutes))


def _dated(found: re.Match[str], clock: time | None) -> Written | None:
    parts = found.groupdict()
    year = int(parts["y"])
    short = len(parts["y"]) == 2
    if short:
        year += 2000 if year < _PIVOT else 1900
    if parts.get("a"):
        return _parted(year, int(parts["a"]), int(parts["b"]), short, clock)
    month = _NAMES.get(parts["n"].lower(), 0) if parts.get("n") else int(parts["m"])
    day = int(parts["d"])
    return Written(year, (day, month), "dmy", False, short, False, clock) if _is_day(year, month, day) else None


def _parted(year: int, first: int, second: int, short: bool, clock: time | None) -> Written | None:
    dmy, mdy = _is_day(year, second, first), _is_day(year, first, second)
    if not dmy and not mdy:
        return None
    same = first == second
    order: Order = "dmy" if dmy else "mdy"
    return Written(year, (first, second), order, dmy and mdy and not same, short, dmy != mdy, clock)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
