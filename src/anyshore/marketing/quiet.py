"""Quiet hours in the time zone of the person who is reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from anyshore.base.errors import DataError
from anyshore.base.zones import find_zone


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When nobody is reached.

    Attributes:
        begin: local time from which it is quiet.
        end: local time until which it is; before ``begin``, it is of the next day.
        days: that are quiet as a whole, 0 for Monday.
        channels: that keep quiet; empty for all.
    """

    begin: time
    end: time
    days: frozenset[int] = frozenset()
    channels: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.begin == self.end or len(self.days) > 6:
            message = "It is quiet all the time: nothing would ever leave."
            raise DataError("quiet.always", message, hint="Leave hours of a day in which people may be reached.")

    def holds(self, local: datetime) -> bool:
        """Whether it is quiet at a local time."""
        now = local.time().replace(tzinfo=None)
        over_night = self.begin > self.end
        quiet = (now >= self.begin or now < self.end) if over_night else self.begin <= now < self.end
        return quiet or local.weekday() in self.days


def open_from(hours: Sequence[QuietHours], at: int, zone: str, channel: str) -> int:
    """From when somebody may be reached; ``at`` itself where it is not quiet.

    Args:
        hours: all of these keep quiet.
        at: microseconds since 1970 UTC.
        zone: IANA time zone of the person.
        channel: by which.

    Raises:
        DataError: there is no such zone, or together they are quiet for a week.
    """
    kept = [one for one in hours if not one.channels or channel in one.channels]
    try:
        where = find_zone(zone)
    except ValueError as problem:
        raise DataError("quiet.zone", f"{problem}.", hint="Give a zone such as Europe/Berlin.") from problem
    moment = datetime.fromtimestamp(at / 1_000_000, UTC).replace(microsecond=at % 1_000_000)
    limit = moment + timedelta(days=8)
    while any(one.holds(moment.astimezone(where)) for one in kept):
        moment = min(_next(one, moment, where) for one in kept if one.holds(moment.astimezone(where)))
        if moment > limit:
            raise DataError("quiet.always", "Quiet hours follow each other for a week.", hint="Leave hours between.")
    return int((moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))


def _next(one: QuietHours, moment: datetime, where: object) -> datetime:
    """The first moment after which a rule may say otherwise: its end, or midnight.

    A local time that does not exist, or exists twice, is met by stepping through instants: the clock is asked again.
    """
    local = moment.astimezone(where)  # type: ignore[arg-type]
    marks = [datetime.combine(local.date() + timedelta(days=days), at, local.tzinfo) for days in (0, 1)
             for at in (one.end, time(0))]  # fmt: skip
    later = [found.astimezone(UTC) for found in marks]
    return min((found for found in later if found > moment), default=moment + timedelta(hours=1))
