"""When a timer is due: an ISO 8601 date-time, duration or repeating interval (5.4.2.1).

It counts on the calendar of a zone, or by a business calendar (``kernel.counting``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anyshore.base import iso8601
from anyshore.kernel import cycles
from anyshore.kernel.counting import Counting, trial
from anyshore.kernel.cycles import Round

_POINT = re.compile(r"[0-9]{4,}-[0-9]{2}-[0-9]{2}(T.*)?")


@dataclass(frozen=True, slots=True)
class Due:
    """When a timer is due.

    Attributes:
        at: microseconds since 1970 UTC.
        cycle: which round of a repeating interval that is; None for a timer that is due once.
    """

    at: int
    cycle: Round | None = None

    def stored(self) -> dict[str, Any]:
        """What is kept with the wait, to find the next round; empty for the last one."""
        cycle = self.cycle
        if cycle is None or not cycle.left:
            return {}
        kept = {"left": cycle.left, "every": cycle.every, "begun": cycle.begun, "round": cycle.number}
        return kept if cycle.until is None else {**kept, "until": cycle.until}


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


def due(text: str, since: int, counting: Counting) -> Due | None:
    """When a timer is due; None for a repeating interval whose last round was before.

    A repeating interval is due for the first time at its beginning where it has one, else after the first interval.
    What was due before it is asked for is left out.

    Args:
        text: ISO 8601.
        since: now, from which durations count, microseconds since 1970 UTC.
        counting: what it counts by.

    Raises:
        ValueError: the text is none of these.
    """
    cycle = iso8601.CYCLE.fullmatch(text)
    if cycle is None:
        return Due(counting.add(since, text) if text.startswith(("P", "-P")) else _point(text, counting))
    count = cycles.ENDLESS if cycle[1] in ("", "-1") else int(cycle[1])
    if count == 0:
        raise ValueError(f"{text!r} repeats no time")
    first, second = iso8601.halves(cycle[2])
    if second and not iso8601.is_duration(first):
        found = cycles.first(counting, _point(first, counting), iso8601.repeated(first, second), count, since)
    else:
        until = _moment(second, counting.zone) if second else None
        found = cycles.first(counting, since, first, count, since, number=1, until=until)
    return None if found is None else Due(found.due, found)


def following(data: Mapping[str, Any], due: int, counting: Counting) -> Due | None:
    """The next time of a repeating interval; None where it has ended.

    Args:
        data: as ``Due.stored`` gave it.
        due: when it was due.
        counting: what it counts by.

    Raises:
        ValueError: its business calendar is gone.
    """
    found = Round(due, data["begun"], data["round"], data["every"], data["left"], data.get("until"))
    later = cycles.following(counting, found)
    return None if later is None else Due(later.due, later)


def _point(text: str, counting: Counting) -> int:
    return counting.opened(_moment(text, counting.zone))


def _moment(text: str, zone: str) -> int:
    return iso8601.storable(iso8601.moment(text).to_micros(zone))
