"""Callers at a line and the people who are there: who is answered when and by whom, and who gives up.

First come, first served; of several who are free, whoever has been so longest answers. What each call takes and how
long each caller has patience is given, so the same day can be gone through with other people: what would have been.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who calls.

    Attributes:
        at: when, in seconds on any clock.
        handling: seconds the call takes, its wrap-up included.
        patience: seconds after which they give up.
    """

    at: float
    handling: float
    patience: float


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who is at the line from one time to another; a call begun before the end is finished."""

    person: str
    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class Served:
    """What became of a caller.

    Attributes:
        caller: who called.
        waited: seconds until they were answered or gave up.
        person: who answered; None: they gave up.
    """

    caller: Caller
    waited: float
    person: str | None


def served(callers: Sequence[Caller], present: Sequence[Present]) -> list[Served]:
    """What becomes of each caller, in the order they call.

    Args:
        callers: in any order.
        present: who is there when; one person may come and go several times.
    """
    spans: dict[str, list[Present]] = {}
    for one in sorted(present, key=lambda span: span.begin):
        spans.setdefault(one.person, []).append(one)
    free = dict.fromkeys(spans, float("-inf"))
    found = []
    for caller in sorted(callers, key=lambda one: one.at):
        # Who called earlier has been given the earliest places already, or gave up before theirs: what is left is ours.
        places = (
            (at, free[name], name)
            for name, own in spans.items()
            if (at := _from(own, caller.at, free[name])) is not None
        )
        at, _since, name = min(places, default=(float("inf"), 0.0, ""))
        waited = at - caller.at
        if waited > caller.patience:
            found.append(Served(caller, caller.patience, None))
            continue
        free[name] = at + caller.handling
        found.append(Served(caller, waited, name))
    return found


def level(found: Sequence[Served], target: float, short: float = 0.0) -> float | None:
    """The share of callers answered within so many seconds; None where nobody counts.

    Args:
        found: what became of them.
        target: seconds.
        short: who gives up sooner than this did not wait, and counts nowhere.
    """
    counted = [one for one in found if one.person is not None or one.waited >= short]
    return sum(one.person is not None and one.waited <= target for one in counted) / len(counted) if counted else None


def _from(own: Sequence[Present], at: float, free: float) -> float | None:
    """The first moment somebody can take a call; None: never."""
    moment = max(at, free)
    return next((max(moment, span.begin) for span in own if moment < span.end), None)
