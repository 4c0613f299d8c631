"""The rounds of a repeating interval: each is due at its beginning plus so many intervals.

Counted from the beginning, not from the round before, so that the ends of months stay: 31 January, 28 February,
31 March. Source: ISO 8601-1, 5.6 (recurring time interval).
"""

from __future__ import annotations

from dataclasses import dataclass

from anyshore.base import iso8601
from anyshore.kernel.counting import Counting

ENDLESS = -1
"""Count of a cycle that never ends."""


@dataclass(frozen=True, slots=True)
class Round:
    """One time at which a cycle is due.

    Attributes:
        due: microseconds since 1970 UTC.
        begun: from when its intervals are counted, microseconds.
        number: how many intervals after that it is due.
        every: the interval, ISO 8601 text.
        left: how many rounds follow; ``ENDLESS`` for ever.
        until: end of the cycle, microseconds.
    """

    due: int
    begun: int
    number: int
    every: str
    left: int = ENDLESS
    until: int | None = None


def first(
    counting: Counting, begun: int, every: str, count: int, now: int, *, number: int = 0, until: int | None = None
) -> Round | None:
    """The first round of a cycle that is not over yet; what was due before now is left out and counts as one.

    Args:
        counting: what it counts by.
        begun: from when its intervals are counted, microseconds.
        every: the interval, ISO 8601 text.
        count: how often it is due; ``ENDLESS`` for ever.
        now: microseconds.
        number: how many intervals after its beginning it is due for the first time: 0 or 1.
        until: end of the cycle, microseconds.

    Raises:
        ValueError: the interval takes no time, or leads further than can be counted.
    """
    counting.again(begun, every)
    due = counting.times(begun, every, number)
    found = Round(due, begun, number, every, count if count == ENDLESS else count - 1, until)
    return _from(counting, found, now)


def following(counting: Counting, found: Round) -> Round | None:
    """The round after one, however late it is noticed; None where the cycle has ended.

    Raises:
        ValueError: as for ``first``.
    """
    return _after(counting, found, 1)


def upcoming(counting: Counting, found: Round, now: int) -> Round | None:
    """The next round that is still to come, of a cycle that nobody attended to; None where it has ended.

    Raises:
        ValueError: as for ``first``.
    """
    return _from(counting, found, now + 1)


def _from(counting: Counting, found: Round, now: int) -> Round | None:
    """The first round from a moment on: by halving, since there may be millions before it."""
    if found.due >= now:
        return _within(found)
    high = 1
    while not _reaches(counting, found, high, now):
        high *= 2
    low = high // 2
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _reaches(counting, found, middle, now) else (middle, high)
    return _after(counting, found, high)


def _reaches(counting: Counting, found: Round, rounds: int, now: int) -> bool:
    try:
        return counting.times(found.begun, found.every, found.number + rounds) >= now
    except (ValueError, OverflowError):
        return True  # further away than can be counted


def _after(counting: Counting, found: Round, rounds: int) -> Round | None:
    if found.left != ENDLESS and found.left < rounds:
        return None
    number = found.number + rounds
    due = iso8601.after(found.due, counting.times(found.begun, found.every, number), found.every)
    left = found.left if found.left == ENDLESS else found.left - rounds
    return _within(Round(due, found.begun, number, found.every, left, found.until))


def _within(found: Round) -> Round | None:
    return found if found.until is None or found.due <= found.until else None
