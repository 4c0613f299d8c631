"""How often one person may be reached: over all campaigns and channels together, within a time that moves along."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from anyshore.base.errors import DataError


@dataclass(frozen=True, slots=True)
class Cap:
    """A frequency cap.

    Attributes:
        most: messages that may reach a person.
        within: microseconds in which they are counted, back from the moment of sending; None for ever.
        channels: that count and are held back; empty for all.
    """

    most: int
    within: int | None = None
    channels: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.most < 0 or (self.within is not None and self.within < 1):
            message = f"A cap of {self.most} within {self.within} cannot be kept."
            raise DataError("caps.cap", message, hint="Give a number of messages and a time, or no time.")


Sent = tuple[int, str]
"""When a message left, in microseconds since 1970 UTC, and by which channel."""


def held_until(cap: Cap, sent: Sequence[Sent], at: int, channel: str) -> int | None:
    """Until when a cap holds a message back; ``at`` itself where it does not, None where it does for ever.

    Args:
        cap: the cap.
        sent: what has left to this person, or stands before leaving, oldest first.
        at: when the message would leave.
        channel: by which.
    """
    if cap.channels and channel not in cap.channels:
        return at
    counted = [when for when, by in sent if not cap.channels or by in cap.channels]
    if cap.within is not None:
        counted = counted[bisect_right(counted, at - cap.within) :]
    if len(counted) < cap.most:
        return at
    if cap.within is None or cap.most == 0:
        return None
    return counted[-cap.most] + cap.within


def latest(caps: Sequence[Cap], sent: Sequence[Sent], at: int, channel: str) -> int | None:
    """Until when all caps together hold a message back; see ``held_until``."""
    moments = [held_until(cap, sent, at, channel) for cap in caps]
    if None in moments:
        return None
    return max((moment for moment in moments if moment is not None), default=at)
