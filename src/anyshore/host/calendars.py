"""The business calendars of an engagement: those of its signed terms, as they stand in its ledger."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from anyshore.base.errors import AnyshoreError
from anyshore.host.ports import Transaction
from anyshore.terms.ledger import Entry

if TYPE_CHECKING:
    from anyshore.terms.model import Terms


class SignedCalendars:
    """See ``kernel.turn.Calendars``. The terms are read when a timer first asks for them.

    Args:
        tx: the open transaction.
        engagement: its id; empty for none.
        now: the time for which terms must be in force, microseconds since 1970 UTC.
    """

    __slots__ = ("_engagement", "_now", "_terms", "_tx")

    def __init__(self, tx: Transaction, engagement: str, now: int) -> None:
        self._tx, self._engagement, self._now = tx, engagement, now
        self._terms: Terms | None = None

    def after(self, calendar: str, at: int, days: int, time: int) -> int:
        """See ``kernel.turn.Calendars``."""
        from anyshore.terms import deadlines  # knows the holidays of the world, which takes a while to read

        try:
            terms = self._terms = self._terms or self._in_force()
            found = terms.calendars.get(calendar)
            if found is None:
                known = ", ".join(sorted(terms.calendars)) or "none"
                raise ValueError(f"by the calendar {calendar!r}, and the terms of {self._engagement!r} have: {known}")
            return deadlines.after(found, at, days, time)
        except AnyshoreError as problem:
            raise ValueError(f"not to be had by the calendar {calendar!r}: {problem.message}") from problem

    def _in_force(self) -> Terms:
        found = terms_in_force(self._tx, self._engagement, self._now) if self._engagement else None
        if found is None:
            raise ValueError(f"by a business calendar, and no signed terms are in force for {self._engagement!r}")
        return found


def terms_in_force(tx: Transaction, engagement: str, now: int) -> Terms | None:
    """The signed terms in force at a time, microseconds since 1970 UTC: the latest; of equals, the last signed."""
    from anyshore.terms.calendars import local_date  # likewise

    versions = [_read(row.line) for row in tx.signed(engagement)]
    known = [terms for terms in versions if terms.in_force_from <= local_date(terms.time_zone, now)]
    return max(reversed(known), key=lambda terms: terms.in_force_from) if known else None


@lru_cache(maxsize=64)
def _read(line: bytes) -> Terms:
    from anyshore.terms.book import terms_in  # likewise

    return terms_in(msgspec.json.decode(line, type=Entry))
