"""A roster judged by the law of the countries its people work under, each with its holidays; and a swap by rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anyshore.terms.calendars import public_holidays
from anyshore.workforce.law.rules import Breach, Worker, breaches
from anyshore.workforce.rosters import swaps
from anyshore.workforce.rosters.check import Broken
from anyshore.workforce.rosters.problem import Row
from anyshore.workforce.rosters.sheets import Asked, duties


def judged(asked: Asked, roster: Sequence[Row] | None, country: str, zone: str, *, sundays: bool) -> list[Breach]:
    """Where a roster breaks the working-time law of each person's country; nowhere if there is none.

    Args:
        asked: what the roster was made for.
        roster: a row per person.
        country: ``DE`` or ``AT``, of those who have none of their own.
        zone: IANA time zone of the shifts that have none of their own.
        sundays: whether Sundays and holidays may be worked.
    """
    if roster is None:
        return []
    own = {one.name: asked.countries.get(one.name, country) for one in asked.problem.people}
    all_duties, found = duties(asked, roster, zone), []
    for law in sorted(set(own.values())):
        holidays = public_holidays(law, asked.first, asked.day(asked.problem.days))
        mine = [duty for duty in all_duties if own[duty.worker] == law]
        workers = [Worker(name) for name, whose in own.items() if whose == law]
        found += breaches(mine, workers, law, holidays, sundays_allowed=sundays)
    return sorted(found, key=lambda one: (one.worker, one.day, one.rule))


@dataclass(frozen=True, slots=True)
class Swapped:
    """A roster after a swap, and what speaks against it: rules and law it would break that were kept before."""

    roster: list[Row]
    rules: list[Broken]
    law: list[Breach]

    @property
    def allowed(self) -> bool:
        """Whether nothing does."""
        return not self.rules and not self.law


def swap(
    asked: Asked, roster: Sequence[Row], wanted: swaps.Swap, country: str | None, zone: str, *, sundays: bool
) -> Swapped:  # fmt: skip
    """Tries a swap, against the rules of the people and, where a country is named, the law.

    Raises:
        DataError: the swap names somebody or a day that does not fit the roster.
    """
    after = swaps.swapped(asked.problem, roster, wanted)
    law: list[Breach] = []
    if country is not None:
        known = set(judged(asked, roster, country, zone, sundays=sundays))
        law = [one for one in judged(asked, after, country, zone, sundays=sundays) if one not in known]
    return Swapped(after, swaps.against(asked.problem, roster, after), law)
