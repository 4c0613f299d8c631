"""The calendar: dates are days since 1970; an engine is asked only for what all tell alike, and tests show that."""

from __future__ import annotations

from anyshore.columnar import plan
from anyshore.columnar.plan import NotCompiled, Plan, whole

# Every engine's calendar reaches from the year 1 past the year 9999; so far days are given to one.
_MOST_DAYS = 80_000_000
_BOUNDS = {"year": 300_000, "month": 12, "day": 31}


def _checked(date: Plan) -> Plan:
    if date.bound > _MOST_DAYS:
        raise NotCompiled("a date can lie past the calendar of an engine")
    return date


def part(date: Plan, name: str) -> Plan:
    """Its ``year``, ``month`` or ``day``."""
    return Plan("date part", (_checked(date),), "whole", _BOUNDS[name], name)


def plus_months(date: Plan, months: Plan) -> Plan:
    """The same day of another month, or that month's last day when it is shorter."""
    if months.bound > 1_200_000:
        raise NotCompiled("a date can lie past the calendar of an engine")
    return Plan("plus months", (_checked(date), months), "whole", date.bound + 31 * months.bound)


def read(text: Plan) -> Plan:
    """The date a text of the form ``yyyy-mm-dd`` is; null where there is no such day."""
    return Plan("read date", (text,), "whole", 2_932_897)


def weekday(date: Plan) -> Plan:
    """1 for Monday to 7 for Sunday."""
    monday = plan.add(date, whole(3))
    rest = plan.subtract(monday, plan.times(plan.floor_divide(monday, whole(7)), 7))
    return plan.add(plan.bounded(rest, 7), whole(1))
