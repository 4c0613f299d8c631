"""What a worker is at, told to whoever watches it: a worker that had to be ended cannot say what it was ended for."""

from __future__ import annotations

import mmap
import os
import struct
from contextvars import ContextVar
from functools import cache
from typing import NamedTuple

from anyshore.host import following

HANDLE = "ANYSHORE_WORKER_HAND"
"""Environment variable with the number of the open file through which a worker tells."""

_FORM = struct.Struct("=qqd")
SIZE = _FORM.size
NO_WAIT = -1


class Held(NamedTuple):
    """What is in hand.

    Attributes:
        instance: its id.
        wait: the job of it that is run; ``NO_WAIT`` where the instance itself is advanced.
    """

    instance: int
    wait: int = NO_WAIT


CURRENT: ContextVar[Held | None] = ContextVar("held", default=None)
"""What this thread has in hand: log lines say it."""


class Hand:
    """Of a worker nobody watches."""

    def begin(self, instance: int, wait: int = NO_WAIT) -> None:
        """Says what is taken up."""
        CURRENT.set(Held(instance, wait))
        following.tracer().took(instance, wait)

    def empty(self) -> None:
        """Says that nothing is in hand."""
        CURRENT.set(None)
        following.tracer().left()


class SharedHand(Hand):
    """Of a worker that is watched: some bytes of memory that both processes have.

    Args:
        file: open file of ``SIZE`` bytes.
    """

    def __init__(self, file: int) -> None:
        self._memory = mmap.mmap(file, SIZE)

    def begin(self, instance: int, wait: int = NO_WAIT) -> None:
        """See ``Hand``."""
        super().begin(instance, wait)
        _FORM.pack_into(self._memory, 0, instance, wait, _cpu())

    def empty(self) -> None:
        """See ``Hand``."""
        super().empty()
        _FORM.pack_into(self._memory, 0, 0, NO_WAIT, 0.0)

    def held(self) -> tuple[Held, float] | None:
        """What is in hand, and the CPU-seconds its process had used when it was taken up; None for nothing."""
        instance, wait, since = _FORM.unpack_from(self._memory, 0)
        return (Held(instance, wait), since) if instance else None


def _cpu() -> float:
    used = os.times()
    return used.user + used.system


@cache
def of_this_process() -> Hand:
    """The hand of this process: shared with who started it, where that watches."""
    file = os.environ.get(HANDLE, "")
    return SharedHand(int(file)) if file else Hand()
