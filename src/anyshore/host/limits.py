"""How long one instance may keep a worker before its neighbours have their turn, and when it counts as endless."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from anyshore.base import sizes
from anyshore.base.errors import AnyshoreError
from anyshore.kernel.turn import ENDLESS_AFTER, YIELD_AFTER


@dataclass(frozen=True, slots=True)
class Limits:
    """What a host lets an instance use. Where a turn is cut changes nothing in what the instance does.

    Attributes:
        turn_records: records after which a turn ends and the rest waits its turn.
        turn_seconds: CPU-seconds after which it does, however few records there are: conditions and scripts may be
            dear. Such a turn counts as one of ``turn_records``.
        batch_seconds: CPU-seconds after which a transaction takes no further command.
        endless_after: records without a command from outside after which an instance stops with an incident.
    """

    turn_records: int = YIELD_AFTER
    turn_seconds: float = 0.25
    batch_seconds: float = 2.0
    endless_after: int = ENDLESS_AFTER

    def turn(self) -> Callable[[], bool]:
        """Tells whether the turn that begins now has had its time."""
        return _over(self.turn_seconds)

    def batch(self) -> Callable[[], bool]:
        """Tells whether the batch that begins now has had its time."""
        return _over(self.batch_seconds)


def _over(seconds: float) -> Callable[[], bool]:
    """Whether so much CPU time has passed. It is never more than the time of day, which costs a tenth to look at."""
    early, end = time.monotonic() + seconds, time.thread_time() + seconds
    return lambda: time.monotonic() >= early and time.thread_time() >= end


def in_words(problem: Exception) -> Exception:
    """An exception as its incident tells it: that memory gave out has a code and a hint, too."""
    if not isinstance(problem, MemoryError):
        return problem
    return AnyshoreError("value.too-large", "This takes more memory than a worker may have.", hint=sizes.HINT)
