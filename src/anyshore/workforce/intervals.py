"""Starts of intervals as exports write them: ``08:00`` alone, or a range such as ``08:00 - 08:30`` or ``8-9 Uhr``.

A range begins at its first time. ``08:00-08:30`` without blanks may also be a time with its offset from UTC
(ISO 8601-1, 4.3.13); what all cells of the column say together decides, and where they fit both ways none is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from anyshore.base.tables import dates
from anyshore.base.tables.cells import Cell
from anyshore.base.tables.values import Reader, Wrong

DAY = timedelta(days=1)
_HALF_DAY = 12 * 60
_CLOCK = (
    r"(?:(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?)?|(?P<digits>\d{4}))"
    r"\s*(?P<mark>[ap]\.?m\.?|uhr|h)?\s*(?P<offset>z|utc|[+-]\d{2}:?\d{2})?"
)
_ALONE = re.compile(_CLOCK, re.ASCII | re.IGNORECASE)
_DATED = re.compile(rf"(?P<day>.+?)(?:,? ?\bum |[ T,]\s*){_CLOCK}", re.ASCII | re.IGNORECASE)
_BETWEEN = re.compile(
    r"\s+-+\s+|\s*[\u2010-\u2015\u2212~\u2026]\s*|\s*\.{2,3}\s*|\s+(?:bis(?: zu)?|to|until|till|und|and|à)\s+"
    r"|\s*/\s*(?=P?T?\d)|(?<=\d|m|r|h|\.)\s*-\s+|(?<=m|r|h)\s*-\s*|(?<=\d)\s+-(?=\d)",
    re.IGNORECASE,
)
"""What can stand only between two times."""
_HYPHEN = re.compile(r"(.+)-(\d{1,2}(?:[:.h]\d{2}|\d{2})?(?:[:.]\d{2})?\s*(?:[ap]\.?m\.?|uhr|h)?)", re.IGNORECASE)
_OFFSET = re.compile(r".*[\d]:\d{2}(?::\d{2}(?:[.,]\d+)?)?-(\d{2})(?::?(\d{2}))?", re.ASCII)
_LEADING = re.compile(
    r"\s*(?:von|from|between|zwischen)\s+|(?<=\d)[ ,]+(?:von|from|between|zwischen)\s+", re.IGNORECASE
)
_LENGTH = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?", re.ASCII)


class Range(NamedTuple):
    """A range as it is written.

    Attributes:
        start: its beginning, as a date and a time in 24 hours.
        end: its end, likewise; empty where ``length`` says it.
        dated: whether the end has a date of its own.
        length: what an ISO 8601 duration says.
    """

    start: str
    end: str
    dated: bool
    length: timedelta | None = None


class Start(NamedTuple):
    """When an interval begins, and how long its range is; None where it is written without an end."""

    at: datetime
    length: timedelta | None


@dataclass(slots=True)
class Starts:
    """Reads the starts of a column.

    Attributes:
        reader: reads a single date and time, and looks through the whole column where a cell is open.
        ranges: whether a cell was seen that can only be a range.
        offsets: whether one was seen that can only be a time with an offset.
        open: minutes after midnight, and minutes behind the hyphen, of the cells that may be either.
    """

    reader: Reader
    ranges: bool = False
    offsets: bool = False
    open: set[tuple[int, int]] = field(default_factory=set)

    def look(self, cell: str, line: int) -> None:
        """Takes from a cell what it tells about the column."""
        found = read_range(cell)
        self.reader.look(cell if found is None else found.start, line)
        behind = _behind(cell)
        if found is None:
            written = dates.written(cell)
            self.offsets |= written is not None and written.clock is not None and written.clock.tzinfo is not None
        elif behind is None:
            self.ranges = True
        else:
            clock = dates.read_clock(found.start.rpartition(" ")[2])
            if clock is not None:
                self.open.add((60 * clock.hour + clock.minute, behind))

    def read(self, cell: str, line: int) -> Start | None:
        """The start in a cell; None where it is empty.

        Raises:
            Wrong: it is no date with a time, or a range that ends before it begins, or it may be either.
        """
        found = read_range(cell)
        if found is None or (_behind(cell) is not None and self._kind(cell) == "offset"):
            at = self._moment(cell, line)
            return None if at is None else Start(at, None)
        at = self._moment(found.start, line)
        if at is None:
            return None
        if found.length is not None:
            return Start(at, found.length)
        end = self._moment(found.end, line)
        if end is None:
            return None
        if (end.tzinfo is None) != (at.tzinfo is None):
            end = end.replace(tzinfo=at.tzinfo)
        if not found.dated and end <= at:
            end += DAY
        if end <= at:
            raise Wrong("workforce.start", f"{cell!r} ends before it begins.", "Write the start alone.")
        return Start(at, end - at)

    def _moment(self, text: str, line: int) -> datetime | None:
        found = self.reader.read(text, line)
        return found if isinstance(found, datetime) else None

    def _kind(self, cell: Cell) -> Literal["range", "offset"]:
        if not self.reader.looked:
            self.reader.tell()
        behind = {west for _start, west in self.open}
        lengths = {(west - start) % (24 * 60) for start, west in self.open}
        # A clock has at most two: in winter, and in summer an hour more.
        as_offset = len(behind) == 1 or (len(behind) == 2 and max(behind) - min(behind) == 60)
        as_range = len(lengths) == 1 and 0 < max(lengths) <= _HALF_DAY
        if not as_offset or self.ranges != self.offsets:
            return "range" if not as_offset or self.ranges else "offset"
        # ISO 8601 writes ranges with a solidus, so behind its T a hyphen is an offset.
        if not as_range or "T" in str(cell):
            return "offset"
        message = f"{cell!r} may be a range or a time with its offset from UTC, and no other cell tells."
        raise Wrong("workforce.start", message, "Write the start alone, or the range as 08:00 – 08:30.")


def minutes_of(length: timedelta) -> int:
    """The minutes of a range; where it names the last minute or second it holds (``08:00-08:29``), one more."""
    seconds = int(length.total_seconds())
    for more in (0, 1, 60):
        if (seconds + more) % 300 == 0:
            return (seconds + more) // 60
    return -(-seconds // 60)


def is_range_of_clock(text: str) -> bool:
    """Whether a text is a range between two times of day: ``08:00-08:30``, ``8-9 Uhr``."""
    return read_range(f"2000-01-01 {text}") is not None


@lru_cache(1 << 14)
def read_range(text: str) -> Range | None:
    """A range of times with the date it begins on; None for all else. One that may be an offset is given as a range."""
    text = _LEADING.sub(lambda found: " " if found.start() else "", text.replace("\u00a0", " ").strip(), count=1)
    text = text.replace("\u202f", " ").strip()
    for parting in _BETWEEN.finditer(text):
        found = _between(text[: parting.start()].strip(), text[parting.end() :].strip())
        if found is not None:
            return found
    hyphen = _HYPHEN.fullmatch(text)
    return _between(hyphen[1], hyphen[2]) if hyphen else None


def _between(left: str, right: str) -> Range | None:
    day = dates.written(left)
    other = dates.written(right)
    if day and other and day.clock is None and other.clock is None:  # whole days, the last one included
        return Range(left, f"{right} 23:59", True)
    first = _DATED.fullmatch(left)
    if first is None or not _is_day(first["day"]):
        return None
    lasts = _LENGTH.fullmatch(right)
    if lasts and (lasts[1] or lasts[2]):
        length = timedelta(hours=int(lasts[1] or 0), minutes=int(lasts[2] or 0))
        start = _clock(first, "")
        return Range(f"{first['day']} {start}", "", False, length) if start and length else None
    alone = _ALONE.fullmatch(right)
    dated = None if alone else _DATED.fullmatch(right)
    last = alone or dated
    if last is None or (dated and not _is_day(dated["day"])):
        return None
    start, end = _clock(first, _meridiem(first, last)), _clock(last, "")
    if not start or not end:
        return None
    return Range(f"{first['day']} {start}", f"{dated['day'] if dated else first['day']} {end}", dated is not None)


def _is_day(text: str) -> bool:
    found = dates.written(text)
    return found is not None and found.clock is None


def _clock(found: re.Match[str], meridiem: str) -> str:
    """A time in 24 hours, with its offset; empty where there is no such time. 24:00 is the midnight after."""
    digits = found["digits"]
    hour, minute = (int(digits[:2]), int(digits[2:])) if digits else (int(found["hour"]), int(found["minute"] or 0))
    mark = _half(found) or meridiem
    if mark:
        if not 1 <= hour <= 12:
            return ""
        hour = hour % 12 + (12 if mark == "p" else 0)
    if hour == 24 and not minute:
        hour = 0
    if hour > 23 or minute > 59:
        return ""
    return f"{hour:02}:{minute:02}:{found['second'] or '00'}{found['offset'] or ''}"


def _half(found: re.Match[str]) -> str:
    mark = (found["mark"] or "").lower()
    return mark[0] if mark[:1] in ("a", "p") else ""


def _meridiem(first: re.Match[str], last: re.Match[str]) -> str:
    """The half of the day of a first time that leaves it to the second (``11-12 pm``): the one nearer before it."""
    half = _half(last)
    if not half or _half(first) or first["digits"] or int(first["hour"]) > 12:
        return ""
    before = (int(first["hour"]) % 12, int(first["minute"] or 0))
    after = (int(last["hour"] or 0) % 12, int(last["minute"] or 0))
    return half if before < after else {"a": "p", "p": "a"}[half]


def _behind(text: str) -> int | None:
    """The minutes behind a hyphen that may begin an offset; None where it cannot."""
    found = _OFFSET.fullmatch(text.strip())
    if found is None or dates.written(text.strip()) is None:
        return None
    return 60 * int(found[1]) + int(found[2] or 0)
