"""Moments, durations and repeating intervals as ISO 8601 writes them, counted on the calendar of a time zone.

FEEL's own forms are stricter: a moment to the second, and durations of one kind each, days or months. ISO 8601 has
moments to the minute or the hour, offsets of hours, basic forms without separators, commas before a fraction, weeks,
and both kinds of duration in one text. Moments are microseconds since 1970 UTC.
"""

from __future__ import annotations

import re
from dataclasses import replace

from anyshore.base.temporal import DAY_NANOS, NANOS, Date, DateTime, DaysDuration, MonthsDuration, Time
from anyshore.base.zones import find_zone

_N = r"\d+(?:[.,]\d+)?"
DURATION = re.compile(
    rf"(-?)P(?=.)((?:\d+Y)?(?:\d+M)?)((?:{_N}W)?)"
    rf"((?:{_N}D)?(?:T(?=.)(?:{_N}H)?(?:{_N}M)?(?:\d+(?:[.,]\d*)?S)?)?)"
)
"""Groups: the sign; years and months; weeks; days and time. See :func:`whole` for a fraction before the seconds."""

CYCLE = re.compile(r"R(-1|[0-9]*)/(.+)")
"""Groups: how often (nothing or -1 for ever); the interval, with a beginning or an end where it has one."""

_ZONE = r"(?P<offset>[Zz]|[+-]\d{2}(?::?\d{2}(?::?\d{2})?)?)?(?:@(?P<at>[\w+\-/]+)|\[(?P<zone>[\w+\-/]+)\])?"
_FRACTION = r"(?:[.,](?P<fraction>\d{1,9})\d*)?"
MOMENT = re.compile(
    r"(?P<year>-?\d{4,9})-(?P<month>\d{2})-(?P<day>\d{2})"
    rf"(?:T(?P<hour>\d{{2}})(?::(?P<minute>\d{{2}})(?::(?P<second>\d{{2}}))?)?{_FRACTION})?{_ZONE}"
)
"""A date, or a date and time to the hour, minute or second, with an offset, the name of a zone, or both."""
_BASIC = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
    rf"T(?P<hour>\d{{2}})(?:(?P<minute>\d{{2}})(?P<second>\d{{2}})?)?{_FRACTION}{_ZONE}"
)
_PARTS = (
    (re.compile(r"-?\d{4,9}-\d{2}-\d{2}|\d{8}(?=T)"), "a date such as 2026-12-31"),
    (re.compile(r"(?:T\d{2}(?::?\d{2}(?::?\d{2})?)?(?:[.,]\d+)?)?"), "a time such as T09:30"),
    (re.compile(_ZONE), "an offset such as Z, +01 or +01:00, or a zone such as [Europe/Berlin]"),
)
LATEST = 2**63 - 1
"""The latest moment there is: what every store can hold."""


def moment(text: str) -> DateTime:
    """A date, or a date and time, in any form of ISO 8601 that names a day of the calendar.

    With an offset and a zone, as ``2036-01-01T10:00:00+01:00[Europe/Berlin]``, the offset tells the instant and the
    zone the clock it is shown on, as in Java's ``ZonedDateTime`` and so in Camunda 8.

    Raises:
        ValueError: the text is none, or there is no such day, time or zone; says which part.
    """
    match = MOMENT.fullmatch(text) or _BASIC.fullmatch(text)
    if match is None:
        raise ValueError(_because(text))
    date = Date(int(match["year"]), int(match["month"]), int(match["day"]))
    clock, ends_day = _clock(match)
    zone, offset = match["at"] or match["zone"], _offset(match["offset"])
    if ends_day:
        date = date.plus_days(1)
    if zone is None:
        return DateTime(date, replace(clock, offset=offset))
    find_zone(zone)
    if offset is None:
        return DateTime(date, replace(clock, zone=zone))
    return DateTime.from_epoch(DateTime(date, replace(clock, offset=offset)).instant, None, zone)


def _because(text: str) -> str:
    """Which part of a text keeps it from being a moment."""
    at = 0
    for part, wanted in _PARTS:
        found = part.match(text, at)
        if found is None:
            return f"not a date and time: {text!r} has no date such as 2026-12-31"
        if found.end() == at and at < len(text):
            return f"not a date and time: {text[at:]!r} in {text!r} is not {wanted}"
        at = found.end()
    if at == len(text):
        return f"not a date and time: {text!r} mixes a form with separators and one without"
    return f"not a date and time: {text[at:]!r} at the end of {text!r} is too much"


def _clock(match: re.Match[str]) -> tuple[Time, bool]:
    """The time of day, and whether it is the 24:00 that ends the day; a fraction is one of the last part written."""
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    unit = 3600 if match["minute"] is None else 60 if match["second"] is None else 1
    extra = int((match["fraction"] or "").ljust(9, "0")) * unit
    if hour == 24 and not (minute or second or extra):
        return Time(0, 0, 0), True
    whole_time = Time(hour, minute, second)  # refuses what is out of range
    return Time.from_nanosecond_of_day(whole_time.nanosecond_of_day + extra), False


def _offset(written: str | None) -> int | None:
    """Seconds ahead of UTC."""
    if written is None:
        return None
    if written in "Zz":
        return 0
    digits = written[1:].replace(":", "").ljust(6, "0")
    hours, minutes, seconds = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    if minutes > 59 or seconds > 59:
        raise ValueError(f"not an offset: {written!r}")
    return (-1 if written[0] == "-" else 1) * (hours * 3600 + minutes * 60 + seconds)


def halves(interval: str) -> tuple[str, str]:
    """The two parts of an interval, or the only one and nothing. A zone's name may hold a slash, too."""
    for slash in re.finditer("/", interval):
        before, behind = interval[: slash.start()], interval[slash.end() :]
        if (is_moment(before) or is_duration(before)) and re.match(r"\d|-?P", behind):
            return before, behind
    before, _, behind = interval.partition("/")
    return (interval, "") if "[" in before else (before, behind)


def is_moment(text: str) -> bool:
    """Whether a text has the form of a date, or of a date and time."""
    return bool(MOMENT.fullmatch(text) or _BASIC.fullmatch(text))


def is_duration(text: str) -> bool:
    """Whether a text has the form of a duration, also one with a zone as :func:`repeated` makes it."""
    return bool(DURATION.fullmatch(re.sub(r"\[[\w+\-/]+\]$", "", text)))


def is_cycle(text: str) -> bool:
    """Whether a text has the form of a repeating interval: a duration, or two parts one of which may be a moment."""
    cycle = CYCLE.fullmatch(text)
    if cycle is None:
        return False
    first, second = halves(cycle[2])
    return (is_duration(first) and not second) or all(is_moment(one) or is_duration(one) for one in (first, second))


def repeated(first: str, interval: str) -> str:
    """The interval of a cycle, with the zone that its beginning names: its days are days of that zone."""
    match = MOMENT.fullmatch(first) or _BASIC.fullmatch(first)
    zone = match and (match["at"] or match["zone"])
    return f"{interval}[{zone}]" if zone and DURATION.fullmatch(interval) else interval


def whole(duration: str) -> str:
    """A duration without fractions but of its seconds: ``PT0.5H`` is ``PT30M``.

    Raises:
        ValueError: the text is no duration, or has a fraction elsewhere than in its last part, or of a month.
    """
    match = DURATION.fullmatch(duration)
    if match is None:
        part = re.search(r"\d+[.,]\d+[YM](?!.*T)", duration.partition("T")[0])
        why = f": {part[0]!r} has no fixed length, write it in days" if part else ""
        raise ValueError(f"not a duration: {duration!r}{why}")
    parts = re.findall(r"(\d+)(?:[.,](\d*))?([A-Z])", match[4] if match[4] else match[3])
    if any(fraction for _, fraction, _ in parts[:-1]) or (match[4] and re.search("[.,]", match[3])):
        raise ValueError(f"not a duration: only the last part of {duration!r} may have a fraction")
    if not parts or not parts[-1][1]:
        return duration
    sign, months, weeks, rest = match.groups()
    if parts[-1][2] == "S":
        return duration.replace(",", ".")
    nanos = _UNITS["W" if not rest else parts[-1][2]] if not rest or "T" in rest or parts[-1][2] == "D" else 0
    number, fraction, _ = parts[-1]
    written = re.sub(r"\d+[.,]\d*[A-Z]$", "", f"{months}{weeks}{rest}")
    amount = int(number) * nanos + nanos * int(fraction) // 10 ** len(fraction)
    return _joined(sign, written, amount)


_UNITS = {"W": 7 * DAY_NANOS, "D": DAY_NANOS, "H": 3600 * NANOS, "M": 60 * NANOS}


def _joined(sign: str, before: str, nanos: int) -> str:
    """The parts before the last one, and that one in days, hours, minutes and seconds."""
    date, _, time = before.partition("T")
    days, rest = divmod(nanos, DAY_NANOS) if "T" not in before else (0, nanos)
    seconds, fraction = divmod(rest, NANOS)
    time += f"{seconds // 60}M" if seconds >= 60 or "H" in time else ""
    second = f"{seconds % 60}" + (f".{fraction:09}".rstrip("0") if fraction else "")
    time += f"{second}S" if second != "0" or not time else ""
    return f"{sign}P{date}" + (f"{days}D" if days else "") + f"T{time}"


def later(at: int, duration: str, zone: str) -> int:
    """A moment plus a duration. Months, weeks and days keep the time of day across a clock change; hours are hours.

    With the name of a zone behind it (see :func:`repeated`), the duration is counted there.

    Raises:
        ValueError: the text is no duration, or leads past what can be stored.
    """
    duration, _, named = duration.partition("[")
    zone = named.rstrip("]") or zone
    match = DURATION.fullmatch(whole(duration))
    assert match is not None
    sign, months, weeks, rest = match.groups()
    days, _, time = rest.partition("T")
    moment = began = DateTime.from_micros(at, zone)
    if months:
        moment = moment.plus_months(MonthsDuration.parse(f"{sign}P{months}").months)
    if weeks or days:
        count = 7 * int(weeks[:-1] or 0) + int(days[:-1] or 0)
        moment = DateTime(Date.from_ordinal(moment.date.ordinal + (-count if sign else count)), moment.time)
    if moment.date != began.date and zone != "UTC":
        # In the second of two equal hours the moment has an offset; on another day its hour is that of the zone.
        moment = DateTime(moment.date, replace(moment.time, offset=None, zone=zone))
    if time:
        moment = moment.plus(DaysDuration.parse(f"{sign}PT{time}"))
    return storable(moment.to_micros(zone))


def after(at: int, found: int, interval: str) -> int:
    """The next time found for a repeating interval, which must come later.

    Raises:
        ValueError: it does not.
    """
    if found <= at:
        raise ValueError(f"a cycle that would never end, because its interval {interval!r} takes no time")
    return found


def storable(moment: int) -> int:
    """The moment itself.

    Raises:
        ValueError: no store could hold it.
    """
    if abs(moment) > LATEST:
        raise ValueError("further away than the year 292277")
    return moment
