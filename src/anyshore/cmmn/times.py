"""When a timer is due: an ISO 8601 date-time, duration or repeating interval (5.4.2.1).

It counts on the calendar of a zone, or by a business calendar (``kernel.counting``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from anyshore.base import iso8601
from anyshore.kernel.counting import Counting, trial

FOREVER = -1
_POINT = re.compile(r"[0-9]{4,}-[0-9]{2}-[0-9]{2}(T.*)?")


@dataclass(frozen=True, slots=True)
class Due:
    """When a timer is due.

    Attributes:
        at: microseconds since 1970 UTC.
        again: the rest of a repeating interval, as a text to go on with; empty for the last time.
    """

    at: int
    again: str = ""


def is_iso(text: str) -> bool:
    """Whether a timer expression is an ISO 8601 text rather than FEEL."""
    return bool(iso8601.CYCLE.fullmatch(text) or re.fullmatch(r"-?P[0-9T].*", text) or _POINT.fullmatch(text))


def problem(text: str, calendar: str | None = None) -> str | None:
    """Why an ISO text cannot be a timer, by a business calendar where one is named; None if it can."""
    try:
        due(text, 0, trial(calendar))
    except (ValueError, OverflowError) as found:
        return str(found)
    return None


def due(text: str, since: int, counting: Counting) -> Due:
    """When a timer is due.

    A repeating interval is due for the first time at its beginning where it has one, else after the first interval.

    Args:
        text: ISO 8601.
        since: what durations count from, microseconds since 1970 UTC.
        counting: what it counts by.

    Raises:
        ValueError: the text is none of these.
    """
    cycle = iso8601.CYCLE.fullmatch(text)
    if cycle is None:
        return Due(counting.add(since, text) if text.startswith(("P", "-P")) else _point(text, counting))
    left = FOREVER if cycle[1] in ("", "-1") else int(cycle[1])
    if left == 0:
        raise ValueError(f"{text!r} repeats no time")
    first, second = iso8601.halves(cycle[2])
    if second and not iso8601.is_duration(first):
        at, period, end = _point(first, counting), iso8601.repeated(first, second), ""
    else:
        at, period, end = counting.again(since, first), first, second
    following = counting.again(at, period)
    rest = f"R{'' if left == FOREVER else left - 1}/{period}" + (f"/{end}" if end else "")
    over = left == 1 or (end != "" and following > _moment(end, counting.zone))
    return Due(at, "" if over else rest)


def _point(text: str, counting: Counting) -> int:
    return counting.opened(_moment(text, counting.zone))


def _moment(text: str, zone: str) -> int:
    return iso8601.storable(iso8601.moment(text).to_micros(zone))
