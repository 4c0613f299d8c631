"""Counts per interval from CSV or Excel: calls of an exchange, tickets, letters; all problems come back at once.

Long: a column with the start of each interval, or one with the day and one with the time, and one with the count. Wide:
a row per day and a column per time of day, or the other way round. Times are those of the local clock; in place of a
start may stand the range of its interval.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain, pairwise
from pathlib import Path
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.base.tables import Column, dates, head, open_sheet
from anyshore.base.tables.cells import Cell, Line, Sheet
from anyshore.base.tables.headers import Found
from anyshore.base.tables.rows import is_empty
from anyshore.base.tables.values import Reader, Wrong, reader, text_of
from anyshore.base.zones import find_zone
from anyshore.workforce.intervals import Starts, is_range_of_clock, minutes_of

MAX_CELLS = 3_000_000
MAX_PROBLEMS = 100
"""After so many problems reading stops."""
MAX_COUNT = 1e9
DAY = 24 * 60
HALF_HOUR = 30
USUAL = (60, 30, 15)
_TOLD = 10_000
Gaps = Literal["refuse", "skip", "zero"]
_START = Found(Column("start", "datetime"), 0, "start")
_COUNT = Found(Column("count", "number"), 0, "count")


@dataclass(frozen=True, slots=True)
class Counts:
    """What came, by interval.

    Attributes:
        minutes: length of an interval; a day is a multiple of it.
        values: arrivals by the start of the interval on the local clock, in order; of an hour that the clock showed
            twice, the mean of both. What is absent is unknown or closed.
    """

    minutes: int
    values: Mapping[datetime, float]

    def interval(self, text: str) -> datetime:
        """The beginning of an interval, as somebody writes it.

        Raises:
            DataError: it is no time, or begins no interval.
        """
        try:
            found = datetime.fromisoformat(text)
        except ValueError as problem:
            raise DataError("option.time", f"{text!r} is no time.", hint="Write it as 2026-03-02T12:00.") from problem
        if found.tzinfo or (60 * found.hour + found.minute) % self.minutes or found.second or found.microsecond:
            hint = (
                f"Name the beginning of an interval of {self.minutes} minutes, on the local clock, as 2026-03-02T12:00."
            )
            raise DataError("option.time", f"{text!r} begins no interval.", hint=hint)
        return found


class _Count(NamedTuple):
    """A count and where it stands."""

    start: str
    value: Cell
    line: int
    column: int
    name: str


@dataclass(slots=True)
class _Reading:
    """A file while it is read."""

    file: str
    zone: ZoneInfo | None
    starts: Starts
    counts: Reader
    problems: list[Diagnostic] = field(default_factory=list)
    found: dict[datetime, dict[int, float]] = field(default_factory=dict)
    """By local time the counts of its first and, where the clock went back over it, its second hour (0 and 1)."""
    lines: dict[datetime, int] = field(default_factory=dict)
    lengths: dict[datetime, int] = field(default_factory=dict)
    """Minutes of the range that a start stands in, where it stands in one."""

    def problem(self, code: str, message: str, hint: str, line: int, column: int | None = None, name: str = "") -> None:
        """Notes a problem; stops where there are too many."""
        place = Location(self.file, None, line, column, f"column {name!r}" if name else None)
        self.problems.append(Diagnostic(code, message, place, hint))
        if len(self.problems) >= MAX_PROBLEMS:
            raise self.refused()

    def refused(self) -> DataError:
        first = self.problems[0]
        return DataError(first.code, "The counts cannot be used.", first.location, diagnostics=self.problems)


def read(
    source: bytes | Path, file: str | None = None, *, column: str | None = None, zone: str | None = None,
    interval: int | None = None, gaps: Gaps = "refuse", progress: Callable[[int], None] = lambda _done: None,
) -> Counts:  # fmt: skip
    """Reads counts per interval.

    Args:
        source: a path, or the content: CSV or a workbook.
        file: its name, for messages; its path where left out.
        column: name of the column with the counts, where a long file has several.
        zone: IANA time zone of the local clock; needed where times carry an offset, or where the clock changes.
        interval: minutes to add the counts up to; where left out half an hour, or the file's own where that is longer.
        gaps: what an interval without a count is, where others of the same day and time have one: an error, unknown,
            or zero. Days without any count, and the ends of a day, are taken to be closed.
        progress: called with the number of counts read so far.

    Raises:
        DataError: the file cannot be used, with every problem: numbers below zero, gaps, intervals that stand twice,
            times the clock skipped, times that do not fit the interval.
    """
    sheet = open_sheet(source, file)
    reading = _reading(sheet, zone, column)
    for number, cell in enumerate(_cells(sheet, reading, column), 1):
        _take(cell, reading)
        if number % _TOLD == 0:
            progress(number)
        if number > MAX_CELLS:
            reading.problem("workforce.too-long", f"More than {MAX_CELLS:,} counts.", "Split the file.", cell.line)
            break
    if reading.problems:
        raise reading.refused()
    if not reading.found:
        hint = "Add a row per interval: its start and the count."
        raise DataError("workforce.empty", "The file has no counts.", Location(reading.file), hint)
    return _counts(reading, interval, gaps)


def binned(moments: Iterable[datetime], minutes: int, first: date, last: date) -> Counts:
    """Counts of single arrivals from one day to another, both included; where nothing came, 0.

    Args:
        moments: when each came, on the local clock, all in one time zone.
        minutes: length of an interval; a day is a multiple of it.
        first: the first day counted.
        last: the last day counted.
    """
    came: Counter[tuple[int, int]] = Counter()
    zone = None
    for moment in moments:
        zone = moment.tzinfo
        came[moment.toordinal(), (60 * moment.hour + moment.minute) // minutes] += 1
    values = {}
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        midnight = datetime.combine(date.fromordinal(ordinal), time())
        for number in range(DAY // minutes):
            start = midnight + timedelta(minutes=minutes * number)
            twice = isinstance(zone, ZoneInfo) and _shown_twice(start, zone)
            values[start] = came[ordinal, number] / (2 if twice else 1)
    return Counts(minutes, values)


def _reading(sheet: Sheet, zone: str | None, column: str | None) -> _Reading:
    """A file that is about to be read; what one of its cells leaves open, all the others tell."""

    def look_through() -> None:
        for cell in _cells(sheet, _Reading(sheet.name, None, starts, counts), column):
            starts.look(cell.start, cell.line)
            counts.look(cell.value, cell.line)
        starts.reader.looked = counts.looked = True
        counts.point_is_usual = sheet.separator == ","

    starts, counts = Starts(reader(_START, look_through)), reader(_COUNT, look_through)
    return _Reading(sheet.name, _zone(zone), starts, counts)


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return None if name is None else find_zone(name)
    except ValueError as unknown:
        hint = "Use an IANA name, for example Europe/Berlin."
        raise DataError("workforce.zone", f"There is no time zone {name!r}.", hint=hint) from unknown


def _cells(sheet: Sheet, reading: _Reading, column: str | None) -> Iterator[_Count]:
    first = head(sheet)
    header = [] if first is None else [str(cell) for cell in first.cells]
    while header and not header[-1]:
        header.pop()
    after = first.number if first else 0
    rows = (line for line in sheet.lines(reading.problems) if line.number > after)
    filled = (line for line in rows if not all(map(is_empty, line.cells)))
    days, times = (len(header) > 1 and all(map(tells, header[1:])) for tells in (_is_day, _is_clock))
    if days or times:
        yield from _wide(header, filled, reading, rows_are_days=times)
    else:
        yield from _long(header, filled, reading, column)


def _wide(header: Sequence[str], rows: Iterator[Line], reading: _Reading, *, rows_are_days: bool) -> Iterator[_Count]:
    for line, cells in ((row.line, row.cells) for row in rows):
        if not all(map(is_empty, cells[len(header) :])):
            message = f"The row has {len(cells)} cells, the header {len(header)}."
            reading.problem("workforce.cells", message, "Name every column in the first row.", line)
            continue
        first = text_of(cells[0])
        for number, (name, count) in enumerate(zip(header[1:], cells[1:], strict=False), 2):
            start = f"{first} {name}" if rows_are_days else f"{name} {first}"
            if not is_empty(count):
                yield _Count(start, count, line, number, name)


def _long(header: Sequence[str], rows: Iterator[Line], reading: _Reading, column: str | None) -> Iterator[_Count]:
    first = next(rows, None)
    # The start may stand in two columns, day and time.
    begun = [text_of(cell).strip() for cell in first.cells[:2]] if first and len(first.cells) > 2 else []
    starts = 2 if begun and _is_day(begun[0]) and _is_clock(begun[1]) else 1
    names = header[starts:]
    if len(names) != 1 if column is None else column not in names:
        which = "which one holds the counts is not clear" if column is None else f"none is {column!r}"
        message = f"Beside the start there are {len(names)} columns; {which}."
        hint = f"Name one: --column {names[0]!r}." if names else "The first column is the start, the second the count."
        reading.problem("workforce.header", message, hint, 1)
        return
    place = starts + (0 if column is None else names.index(column))
    for line, cells in ((row.line, row.cells) for row in (() if first is None else chain([first], rows))):
        if len(cells) <= place or is_empty(cells[place]):
            hint = "Write 0, or leave the row out."
            reading.problem("workforce.count", "The count is missing.", hint, line, place + 1, header[place])
        else:
            start = " ".join(text_of(cell).strip() for cell in cells[:starts])
            yield _Count(start, cells[place], line, place + 1, header[place])


def _take(cell: _Count, reading: _Reading) -> None:
    start, count = _start(cell, reading), _count(cell, reading)
    if start is None or count is None:
        return
    wall = start.replace(tzinfo=None, fold=0)
    known = reading.found.setdefault(wall, {})
    hour = start.fold if start.tzinfo else len(known)
    if hour in known or hour > 1 or (hour and not _shown_twice(wall, reading.zone)):
        message = f"The interval {wall:%Y-%m-%d %H:%M} stands in line {reading.lines[wall]} already."
        hint = "Remove one. If the clock went back then, name its time zone: --zone Europe/Berlin."
        reading.problem("workforce.twice", message, hint, cell.line, cell.column)
        return
    known[hour] = count
    reading.lines[wall] = cell.line


def _start(cell: _Count, reading: _Reading) -> datetime | None:
    try:
        found = reading.starts.read(cell.start, cell.line)
    except Wrong as wrong:
        reading.problem("workforce.start", wrong.message, wrong.hint, cell.line, 1)
        return None
    if found is None:
        reading.problem("workforce.start", "The start is missing.", "Write 2026-03-02 09:30.", cell.line, 1)
        return None
    start = _on_the_clock(found.at, cell, reading)
    if start is not None and found.length is not None and _runs_evenly(start, found.length, reading.zone):
        reading.lengths[start.replace(tzinfo=None, fold=0)] = minutes_of(found.length)
    return start


def _runs_evenly(start: datetime, length: timedelta, zone: ZoneInfo | None) -> bool:
    """Whether the clock does not change between two times, so that what it shows tells how long that is."""
    first = start.replace(tzinfo=None, fold=0)
    if zone is None:
        return True
    return not _shown_twice(first, zone) and first.replace(tzinfo=zone).utcoffset() == (
        (first + length).replace(tzinfo=zone).utcoffset()
    )


def _on_the_clock(start: datetime, cell: _Count, reading: _Reading) -> datetime | None:
    if start.tzinfo is not None:
        if reading.zone is None:
            message = f"{cell.start!r} has an offset, and whose clock to count by is not known."
            reading.problem("workforce.offset", message, "Name the time zone: --zone Europe/Berlin.", cell.line, 1)
            return None
        return start.astimezone(reading.zone)
    if reading.zone is not None and not _shown(start, reading.zone):
        message = f"The clock of {reading.zone.key} skipped {start:%Y-%m-%d %H:%M}."
        reading.problem("workforce.skipped", message, "Check the time, or the time zone.", cell.line, 1)
        return None
    return start


def _count(cell: _Count, reading: _Reading) -> float | None:
    try:
        found = reading.counts.read(cell.value, cell.line)
    except Wrong as wrong:
        reading.problem("workforce.count", wrong.message, wrong.hint, cell.line, cell.column, cell.name)
        return None
    value = float(found) if isinstance(found, Decimal) else math.nan
    if 0 <= value <= MAX_COUNT:
        return value
    wrong_way = "is below zero" if value < 0 else f"is no number from 0 to {MAX_COUNT:,.0f}"
    message = f"{text_of(cell.value)!r} {wrong_way}."
    reading.problem("workforce.count", message, "Counts are numbers from 0 on.", cell.line, cell.column, cell.name)
    return None


def _is_day(text: str) -> bool:
    found = dates.written(text)
    return found is not None and found.clock is None


def _is_clock(text: str) -> bool:
    found = dates.read_clock(text)
    return (found is not None and found.tzinfo is None) or is_range_of_clock(text)


def _shown(wall: datetime, zone: ZoneInfo) -> bool:
    """Whether a clock shows a time at all on its day."""
    try:
        there = wall.replace(tzinfo=zone).astimezone(ZoneInfo("UTC"))
        return there.astimezone(zone).replace(tzinfo=None, fold=0) == wall
    except OverflowError:
        return False


def _shown_twice(wall: datetime, zone: ZoneInfo | None) -> bool:
    if zone is None or not _shown(wall, zone):
        return False
    return wall.replace(tzinfo=zone).utcoffset() != wall.replace(tzinfo=zone, fold=1).utcoffset()


def _counts(reading: _Reading, interval: int | None, gaps: Gaps) -> Counts:
    values = {start: sum(found.values()) / len(found) for start, found in sorted(reading.found.items())}
    minutes = _minutes(reading, list(values), interval)
    missing = _gaps(values, minutes, reading)
    if gaps == "zero":
        values = dict(sorted((values | dict.fromkeys(missing, 0.0)).items()))
    elif gaps == "refuse":
        for start, line in missing.items():
            message = f"There is no count for {start:%Y-%m-%d %H:%M}, and there is one at this time in other weeks."
            reading.problem("workforce.gap", message, "Add it, or say what gaps are: --gaps zero or skip.", line)
    if reading.problems:
        raise reading.refused()
    whole = summed(Counts(minutes, values), interval or (minutes if HALF_HOUR % minutes else HALF_HOUR))
    unknown = {_floor(start, whole.minutes) for start in missing} if gaps == "skip" else set()
    return Counts(whole.minutes, {start: value for start, value in whole.values.items() if start not in unknown})


def _minutes(reading: _Reading, starts: Sequence[datetime], interval: int | None) -> int:
    """The length of the file's intervals: that of their ranges, else their commonest step, the smallest, or a usual one
    that fits every start."""
    steps = Counter((later - sooner) // timedelta(minutes=1) for sooner, later in pairwise(starts))
    commonest = min(steps, key=lambda one: (-steps[one], one), default=HALF_HOUR)
    candidates = [one for one in (commonest, min(steps, default=commonest), *USUAL) if one > 0 and DAY % one == 0]
    if reading.lengths:
        candidates = [_length(reading)]
    minutes = next((one for one in candidates if all(start == _floor(start, one) for start in starts)), 0)
    line = reading.lines[starts[0]]
    if not minutes:
        for start in starts:
            if start != _floor(start, candidates[0]):
                message = f"{start:%Y-%m-%d %H:%M:%S} does not begin an interval of {candidates[0]} minutes."
                hint = "Let every interval begin at a multiple of its length."
                reading.problem("workforce.off-beat", message, hint, reading.lines[start])
        raise reading.refused()
    if interval is not None and (interval % minutes or not 1 <= interval <= DAY or DAY % interval):
        message = f"Intervals of {minutes} minutes cannot be added up to {interval}."
        reading.problem("workforce.interval", message, "Take a multiple that divides a day.", line)
    return minutes


def _length(reading: _Reading) -> int:
    """The minutes of all ranges of a file; every one that is longer or shorter than most is a problem."""
    lengths = Counter(reading.lengths.values())
    usual = min(lengths, key=lambda one: (-lengths[one], one))
    for start, length in reading.lengths.items():
        if length != usual or DAY % usual:
            message = f"The range from {start:%Y-%m-%d %H:%M} is {length} minutes long"
            message += f", and most are {usual}." if length != usual else ", which divides no day."
            hint = "Let all intervals be equally long, and a day a multiple of that."
            reading.problem("workforce.range", message, hint, reading.lines[start], 1)
    if reading.problems:
        raise reading.refused()
    return usual


def _gaps(values: Mapping[datetime, float], minutes: int, reading: _Reading) -> dict[datetime, int]:
    """Intervals without a count within a day's hours, though most days of that weekday have one; and the line after."""
    usual: Counter[tuple[int, time]] = Counter((start.weekday(), start.time()) for start in values)
    days = Counter(day.weekday() for day in {start.date() for start in values})
    found = {}
    before = None
    for start in values:
        if before is not None and before.date() == start.date():
            lacking = before + timedelta(minutes=minutes)
            while lacking < start:
                weekday = lacking.weekday()
                common = 2 * usual[weekday, lacking.time()] >= days[weekday] > 0
                if common and (reading.zone is None or _shown(lacking, reading.zone)):
                    found[lacking] = reading.lines[start]
                lacking += timedelta(minutes=minutes)
        before = start
    return found


def _floor(start: datetime, minutes: int) -> datetime:
    hour, minute = divmod((60 * start.hour + start.minute) // minutes * minutes, 60)
    return start.replace(hour=hour, minute=minute, second=0, microsecond=0)


def summed(counts: Counts, minutes: int) -> Counts:
    """The same counts over longer intervals, of a number of minutes that is a multiple of theirs."""
    if minutes == counts.minutes:
        return counts
    found: dict[datetime, float] = {}
    for start, value in counts.values.items():
        key = _floor(start, minutes)
        found[key] = found.get(key, 0.0) + value
    return Counts(minutes, found)
