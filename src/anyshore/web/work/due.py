"""When work is due by the clocks of the terms in force."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from anyshore.base.errors import AnyshoreError
from anyshore.terms import bulk, scorecard
from anyshore.terms.book import Book, Case
from anyshore.terms.model import Duration, Terms
from anyshore.terms.months import Month
from anyshore.web.engine import tallies
from anyshore.web.engine.models import Wait


def moments(rows: Iterable[Wait], now: int) -> dict[int, int]:
    """The instant at which each piece of work is due, by the number of its instance.

    It is the first at which an objective on time is missed; work under no such objective is due at no time.

    Args:
        rows: open work.
        now: microseconds since 1970 UTC by the host's clock.
    """
    rows = list(rows)
    numbers: dict[str, set[int]] = {}
    for row in rows:
        numbers.setdefault(row.engagement, set()).add(row.instance)
    agreed = {engagement: _agreed(engagement, some, now) for engagement, some in numbers.items()}
    found: dict[int, int] = {}
    for row in rows:
        in_force = agreed[row.engagement]
        if in_force is not None and row.instance not in found:
            moment = _due(*in_force, row, now)
            if moment is not None:
                found[row.instance] = moment
    return found


def _agreed(engagement: str, numbers: set[int], now: int) -> tuple[Book, Terms] | None:
    at = datetime.fromtimestamp(now / 1_000_000, UTC)
    try:
        found = tallies.agreed(engagement)
        terms = found.terms_for(Month(at.year, at.month)).terms
        return tallies.cases(engagement, found, numbers), terms
    except AnyshoreError:
        return None  # no terms are in force: nothing is due by them


def _due(found: Book, terms: Terms, row: Wait, now: int) -> int | None:
    case, service = _case(found, row), terms.services.get(row.service)
    if case is None or service is None:
        return None
    moments = [_moment(terms, one, case, now) for one in service.objectives if isinstance(one, Duration)]
    return min((one for one in moments if one is not None), default=None)


def _case(found: Book, row: Wait) -> Case | None:
    """The case of an item; of a row of a batch that is no case yet, the class that waits there, which is like it."""
    case = found.cases.get((row.service, str(row.instance)))
    batch = bulk.batch_of(row.instance)
    if case is not None or batch is None:
        return case
    return next((one for one in found.cases.values() if _waits_there(one, batch, row.element)), None)


def _waits_there(case: Case, batch: int, element: str) -> bool:
    number = int(case.instance)
    opened = case.events[-1].type == "work.opened" and case.events[-1].data.get("element") == element
    return number < 0 and bulk.class_of(number)[0] == batch and opened


def _moment(terms: Terms, objective: Duration, case: Case, now: int) -> int | None:
    try:
        return scorecard.due(case, objective, scorecard.clock_for(terms, objective), now)
    except AnyshoreError:
        return None  # the calendar ends before it
