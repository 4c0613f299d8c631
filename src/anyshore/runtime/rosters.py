"""A roster judged by the law of a country, with its holidays."""

from __future__ import annotations

from anyshore.terms.calendars import public_holidays
from anyshore.workforce.law.rules import Breach, Worker, breaches
from anyshore.workforce.rosters.search import Found
from anyshore.workforce.rosters.sheets import Asked, duties


def judged(asked: Asked, found: Found, country: str, zone: str, *, sundays: bool) -> list[Breach]:
    """Where a roster breaks the working-time law of a country; nowhere if none was found.

    Args:
        asked: what the roster was made for.
        found: the roster.
        country: ``DE`` or ``AT``.
        zone: IANA time zone of the shifts.
        sundays: whether Sundays and holidays may be worked.
    """
    if found.roster is None:
        return []
    holidays = public_holidays(country, asked.first, asked.day(asked.problem.days))
    workers = [Worker(one.name) for one in asked.problem.people]
    return breaches(duties(asked, found.roster, zone), workers, country, holidays, sundays_allowed=sundays)
