"""A service at a glance, from its ledger alone: volume, straight-through rate, backlog, time in hand, quality.

Both sides can compute every figure again from an export. A piece of work counts on the day, in the week or month in
which it was received, and its end in which it ended; a called process is a part of what called it and counts with it.
Time in hand is the time between taking a task and finishing it or giving it back, night and day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from anyshore.base.measures import Figure, Values, share
from anyshore.terms.calendars import instant, local_date
from anyshore.terms.months import Month

By = Literal["day", "week", "month"]
DAY_LONG = 86_400_000_000
AGES = (1, 2, 5, 10)
"""Days up to which open work is of an age; older work is the last band."""

SHOWN: Mapping[By, int] = {"day": 31, "week": 26, "month": 24}
"""Periods that are shown at most: the last ones."""

WORDS = 20
"""Words of a counted list that are shown, the most frequent ones."""

DESCRIBED = "service.described"
"""Type of the entry that holds what a pack calls and measures."""


@dataclass(slots=True)
class Period:
    """A day, a week from Monday, or a month.

    Attributes:
        name: ``2026-11-30``, ``2026-W49`` or ``2026-11``.
        first: its first day.
        start: microseconds since 1970 UTC, included; so is ``end``, excluded.
        received: pieces of work received.
        outcomes: pieces of work completed, by outcome.
        cancelled: pieces of work cancelled.
        untouched: those completed without any person.
        backlog: open at its end (or now), by age: up to each of ``AGES`` days, and older.
        held: time in hand of each stay of a task in somebody's hands that ended in it, microseconds.
        attained: by objective: cases met and cases that count.
        figures: the measures of the work completed in it.
        counted: how often each word stands in each counted list of the work completed in it.
    """

    name: str
    first: date
    start: int
    end: int
    received: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    cancelled: int = 0
    untouched: int = 0
    backlog: list[int] = field(default_factory=lambda: [0] * (len(AGES) + 1))
    held: Figure = field(default_factory=lambda: Figure("mean", Values(each=None)))
    attained: dict[str, tuple[int, int]] = field(default_factory=dict)
    figures: dict[str, Figure] = field(default_factory=dict)
    counted: dict[str, Counter[str]] = field(default_factory=dict)

    @property
    def completed(self) -> int:
        """Pieces of work completed."""
        return self.outcomes.total()

    @property
    def straight_through(self) -> Decimal | None:
        """Of those, how many in a hundred without any person; None where none was completed."""
        return share(self.untouched, self.completed)

    @property
    def open(self) -> int:
        """Pieces of work open at its end."""
        return sum(self.backlog)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a piece of work of a service cost in a month.

    Attributes:
        month: the month.
        cases: pieces of work completed in it.
        cost: fees less credits, without VAT.
        unit_cost: of one; None where none was completed.
        baseline: the client's own cost of one before; None where the terms tell none.
        currency: ISO 4217.
    """

    month: Month
    cases: int
    cost: Decimal
    unit_cost: Decimal | None
    baseline: Decimal | None
    currency: str


@dataclass(slots=True)
class Dashboard:
    """A service over the last days, weeks or months.

    Attributes:
        engagement: id of the engagement.
        service: key of the service.
        by: length of a period.
        zone: IANA time zone of days.
        until: as of when, microseconds since 1970 UTC, excluded.
        periods: oldest first.
        described: what the pack calls and measures, as the ledger holds it.
        objectives: name and target of each objective of the service, by key.
        costs: what a piece of work cost, by month.
    """

    engagement: str
    service: str
    by: By
    zone: str
    until: int
    periods: list[Period] = field(default_factory=list)
    described: Mapping[str, Any] = field(default_factory=dict)
    objectives: dict[str, tuple[str, Decimal]] = field(default_factory=dict)
    costs: list[Cost] = field(default_factory=list)

    @property
    def measures(self) -> Mapping[str, Mapping[str, Any]]:
        """Title by language, ``as``, ``unit``, ``direction`` and ``standard`` of each measure, by name."""
        found: Mapping[str, Mapping[str, Any]] = self.described.get("measures", {})
        return found

    @property
    def details(self) -> Mapping[str, Mapping[str, Any]]:
        """Title by language of each counted list, as why people were asked, by name."""
        found: Mapping[str, Mapping[str, Any]] = self.described.get("details", {})
        return found

    def said(self, word: str, language: str) -> str:
        """A word of the service in the reader's language."""
        texts: Mapping[str, Mapping[str, str]] = self.described.get("words", {})
        return texts.get(word, {}).get(language) or word


def periods(since: int, until: int, by: By, zone: str) -> Iterator[Period]:
    """The days, weeks or months from an instant to another, oldest first."""
    info = ZoneInfo(zone)
    first = first_of(local_date(zone, since), by)
    while (start := instant(info, first, 0)) < until:
        after = _next(first, by)
        yield Period(_name(first, by), first, start, instant(info, after, 0))
        first = after


def day_bounds(day: date, zone: str) -> tuple[int, int]:
    """The instants between which a local calendar shows a day."""
    info = ZoneInfo(zone)
    return instant(info, day, 0), instant(info, day + timedelta(days=1), 0)


def first_of(day: date, by: By) -> date:
    """The first day of the day, week or month that a day lies in."""
    if by == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if by == "month" else day


def _next(first: date, by: By) -> date:
    if by == "month":
        return Month(first.year, first.month).next.first
    return first + timedelta(days=7 if by == "week" else 1)


def _name(first: date, by: By) -> str:
    if by == "week":
        year, week, _ = first.isocalendar()
        return f"{year}-W{week:02}"
    return first.isoformat()[:7] if by == "month" else first.isoformat()


def as_dict(found: Dashboard, *, money: bool = True) -> dict[str, Any]:
    """A dashboard as plain data: what ``--json`` and REST give. Without the cost where it is not to be seen."""
    plain = {
        "engagement": found.engagement, "service": found.service, "by": found.by, "until": found.until,
        "ages": list(AGES),
        "objectives": {key: {"name": name, "target": target} for key, (name, target) in found.objectives.items()},
        "measures": dict(found.measures), "details": dict(found.details),
        "periods": [_plain(found, period) for period in found.periods],
    }  # fmt: skip
    if money:
        plain["costs"] = [
            {
                "month": str(cost.month), "cases": cost.cases, "cost": cost.cost, "unit_cost": cost.unit_cost,
                "baseline": cost.baseline, "currency": cost.currency,
            }
            for cost in found.costs
        ]  # fmt: skip
    return plain


def _plain(found: Dashboard, period: Period) -> dict[str, Any]:
    held = period.held.value
    return {
        "period": period.name, "received": period.received, "completed": period.completed,
        "outcomes": dict(period.outcomes.most_common()), "cancelled": period.cancelled, "untouched": period.untouched,
        "straight_through": period.straight_through, "open": period.open, "backlog": period.backlog,
        "tasks_done": period.held.cases, "seconds_in_hand": None if held is None else held / 1_000_000,
        "attained": {
            key: {"met": met, "of": total, "percent": share(met, total)}
            for key, (met, total) in period.attained.items()
        },
        "measures": {
            name: {"value": period.figures[name].value, "cases": period.figures[name].cases}
            for name in found.measures
            if name in period.figures
        },
        "details": {name: dict(period.counted[name].most_common()) for name in found.details if name in period.counted},
    }  # fmt: skip
