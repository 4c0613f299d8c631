"""What a process miner counts: variants, directly-follows pairs, beginnings, ends, rework, durations.

Source of the terms: van der Aalst 2016, Process Mining, 2nd edition, 2.2 and 6.2.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anyshore.sourcing.event_log.log import EventLog

_SMALL = 1 << 22  # pairs up to so many are counted in an array, more by sorting


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of a log.

    Attributes:
        events: events of cases.
        cases: cases.
        activities: activities that occur.
        variants: different sequences of activities.
        largest_variants: cases of the ten most frequent variants, most frequent first.
        follows: (activity, next activity) → how often.
        starts: activity → cases that begin with it.
        ends: activity → cases that end with it.
        rework: activity → cases in which it occurs more than once.
        median_duration_s: median seconds from a case's first event to its last.
    """

    events: int
    cases: int
    activities: int
    variants: int
    largest_variants: tuple[int, ...]
    follows: dict[tuple[str, str], int]
    starts: dict[str, int]
    ends: dict[str, int]
    rework: dict[str, int]
    median_duration_s: float


def count(log: EventLog) -> Counts:
    """Counts a log."""
    activity, names = log.activity, log.activities
    variants = _variants(log)
    largest = tuple(n for _, n in Counter(variants).most_common(10))
    duration = log.time[log.ends] - log.time[log.starts]
    return Counts(
        len(activity), len(log.starts), len(np.unique(activity)), len(variants), largest, _follows(log),
        _by_name(activity[log.starts], names), _by_name(activity[log.ends], names), _rework(log),
        float(np.median(duration)) / 1e6,
    )  # fmt: skip


def _variants(log: EventLog) -> Counter[bytes]:
    """How many cases each sequence of activities has."""
    width = np.uint8 if len(log.activities) <= 1 << 8 else np.uint16 if len(log.activities) <= 1 << 16 else np.uint32
    size = width().itemsize
    whole = log.activity.astype(width).tobytes()
    edges = (np.append(log.starts, len(log.activity)) * size).tolist()
    return Counter(whole[edges[at] : edges[at + 1]] for at in range(len(edges) - 1))


def _follows(log: EventLog) -> dict[tuple[str, str], int]:
    n, names = len(log.activities), log.activities
    inside = np.ones(len(log.activity), bool)
    inside[log.starts] = False  # the first event of a case follows none
    keys = (log.activity[:-1].astype(np.int64) * n + log.activity[1:])[inside[1:]]
    found, how_often = counted(keys, n * n)
    return {
        (names[key // n], names[key % n]): times for key, times in zip(found.tolist(), how_often.tolist(), strict=True)
    }


def _rework(log: EventLog) -> dict[str, int]:
    n = len(log.activities)
    case = np.repeat(np.arange(len(log.starts)), log.sizes)
    keys, how_often = np.unique(case * n + log.activity, return_counts=True)
    return _by_name((keys[how_often > 1] % n), log.activities)


def _by_name(numbers: NDArray[Any], names: tuple[str, ...]) -> dict[str, int]:
    found, how_often = counted(numbers, len(names))
    return {names[one]: times for one, times in zip(found.tolist(), how_often.tolist(), strict=True)}


def counted(keys: NDArray[Any], size: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Different keys below ``size``, ascending, and how often each occurs."""
    if size > _SMALL:
        return np.unique(keys, return_counts=True)
    how_often = np.bincount(keys, minlength=1)
    found = np.flatnonzero(how_often)
    return found, how_often[found]
