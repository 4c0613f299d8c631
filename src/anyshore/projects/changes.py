"""Changes: when they may be made, which of them collide, and the four figures of how well they are delivered.

The figures are those of DORA (Forsgren, Humble and Kim 2018, "Accelerate"): deployment frequency, lead time for
changes, change failure rate, time to restore. Times are microseconds since 1970-01-01T00:00Z; an end is outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Slot:
    """When a change is made to which services; or when these are frozen.

    Attributes:
        key: its name.
        start: first moment.
        end: first moment after it.
        services: it touches; none: all.
    """

    key: str
    start: int
    end: int
    services: frozenset[str] = frozenset()

    def meets(self, other: Slot) -> bool:
        """Whether both are at one time on one service; what ends when the other begins does not meet it."""
        same = not self.services or not other.services or bool(self.services & other.services)
        return same and self.start < other.end and other.start < self.end


def met_by(slot: Slot, others: Iterable[Slot]) -> list[Slot]:
    """The others a slot meets, by their beginning; itself is left out."""
    return sorted(
        (one for one in others if one.key != slot.key and slot.meets(one)), key=lambda one: (one.start, one.key)
    )


def next_free(slot: Slot, others: Sequence[Slot]) -> int:
    """The first moment from its start on at which a slot of its length meets none of the others."""
    start = slot.start
    while found := met_by(Slot(slot.key, start, start + slot.end - slot.start, slot.services), others):
        start = max(one.end for one in found)
    return start


@dataclass(frozen=True, slots=True)
class Delivered:
    """A change that was made.

    Attributes:
        asked: when it was asked for (for lead time as DORA has it: when it was committed).
        made: when it was in use.
        failed: whether it had to be mended, rolled back or backed out.
        restored: when it was mended after that; none while it is not.
    """

    asked: int
    made: int
    failed: bool = False
    restored: int | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """How well changes were delivered.

    Attributes:
        changes: how many.
        per_day: deployment frequency, over the days of the period.
        lead_time: median, in microseconds; none without changes.
        failure_rate: share that failed; none without changes.
        restore_time: median of those mended, in microseconds; none without any.
    """

    changes: int
    per_day: float
    lead_time: float | None
    failure_rate: float | None
    restore_time: float | None


def delivery(changes: Iterable[Delivered], start: int, end: int) -> Delivery:
    """The figures of the changes made in a period.

    Args:
        changes: of any time.
        start: first moment of the period.
        end: first moment after it, later than its start.
    """
    made = [one for one in changes if start <= one.made < end]
    mended = [one.restored - one.made for one in made if one.failed and one.restored is not None]
    return Delivery(
        len(made), len(made) * DAY / (end - start),
        median(one.made - one.asked for one in made) if made else None,
        sum(one.failed for one in made) / len(made) if made else None, median(mended) if mended else None,
    )  # fmt: skip
