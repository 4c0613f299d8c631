"""Times as half-open spans: joined, met, taken away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

Span = tuple[datetime, datetime]
"""From a moment on until before another."""


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same times in order, none touching another; what is empty or turned round is left out."""
    found: list[Span] = []
    for begin, end in sorted(one for one in spans if one[0] < one[1]):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def met(one: Iterable[Span], other: Iterable[Span]) -> list[Span]:
    """The times that are in both."""
    first, second = joined(one), joined(other)
    found: list[Span] = []
    here = there = 0
    while here < len(first) and there < len(second):
        begin = max(first[here][0], second[there][0])
        end = min(first[here][1], second[there][1])
        if begin < end:
            found.append((begin, end))
        if first[here][1] <= second[there][1]:
            here += 1
        else:
            there += 1
    return found


def without(one: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """The times of the first that are in none of the second."""
    found: list[Span] = []
    away = joined(taken)
    for begin, end in joined(one):
        for gone, back in away:
            if back <= begin or gone >= end:
                continue
            if begin < gone:
                found.append((begin, gone))
            begin = max(begin, back)
        if begin < end:
            found.append((begin, end))
    return found


def length(spans: Sequence[Span]) -> timedelta:
    """How long they last together; they must not overlap."""
    return sum((end - begin for begin, end in spans), timedelta())
