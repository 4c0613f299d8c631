"""Events as columns of numbers, ordered by case, time and row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location

NO_CASE = -1


@dataclass(frozen=True, slots=True)
class EventLog:
    """Events of cases, those of a case together, by time; events at one time stand in the order of the file.

    Attributes:
        activity: number of each event's activity.
        time: microseconds since 1970 of each event, UTC where the file gives offsets, else as written.
        starts: where each case begins in the two columns.
        activities: names by number.
        without_case: events that belong to no case: kept as a count, part of no figure of cases.
        zoned: whether the times are UTC.
        problems: what of the file could not be used as it stands.
    """

    activity: NDArray[np.int32]
    time: NDArray[np.int64]
    starts: NDArray[np.int64]
    activities: tuple[str, ...]
    without_case: int = 0
    zoned: bool = False
    problems: tuple[Diagnostic, ...] = field(default=())

    @property
    def ends(self) -> NDArray[np.int64]:
        """Where each case ends: the index of its last event."""
        return np.append(self.starts[1:], len(self.activity)) - 1

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Events of each case."""
        return np.diff(np.append(self.starts, len(self.activity)))


def ordered(
    case: NDArray[np.int32], activity: NDArray[np.int32], time: NDArray[np.int64], activities: Sequence[str],
    *, file: str, zoned: bool, problems: Sequence[Diagnostic] = (),
) -> EventLog:  # fmt: skip
    """A log of columns in the order of the file.

    Args:
        case: number of each event's case, ``NO_CASE`` for none; numbers in the order in which cases appear.
        activity: number of each event's activity.
        time: microseconds of each event.
        activities: names by number.
        file: for messages.
        zoned: whether the times are UTC.
        problems: of the reader.

    Raises:
        DataError: there is no event of a case.
    """
    inside = case != NO_CASE
    outside = int(len(case) - inside.sum())
    if outside:
        case, activity, time = case[inside], activity[inside], time[inside]
    if not len(case):
        raise DataError("event-log.empty", "The log holds no event of a case.", Location(file), "Check its columns.")
    same = case[1:] == case[:-1]
    if not ((case[1:] > case[:-1]) | (same & (time[1:] >= time[:-1]))).all():
        order = np.lexsort((time, case))  # stable: equal times keep the order of the rows
        case, activity, time = case[order], activity[order], time[order]
        same = case[1:] == case[:-1]
    starts = np.concatenate(([0], np.flatnonzero(~same) + 1)).astype(np.int64)
    return EventLog(activity, time, starts, tuple(activities), outside, zoned, tuple(problems))
