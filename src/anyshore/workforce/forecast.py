"""Forecast of arrivals: the mean of the same interval of the week over the last weeks.

Simple on purpose: it is the yardstick that anything cleverer has to beat.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from anyshore.base.errors import AnyshoreError

WEEKS = 4


def seasonal_mean(history: Mapping[datetime, float], at: datetime, weeks: int = WEEKS) -> float | None:
    """The arrivals to expect in an interval.

    Args:
        history: arrivals by the local start of their interval.
        at: local start of the interval asked for.
        weeks: how many earlier weeks count; those without a value (a holiday) are passed over.

    Returns:
        Arrivals per interval, or None where no earlier week has a value.
    """
    if weeks < 1:
        raise AnyshoreError("workforce.weeks", f"{weeks} weeks are no history.", hint="Take at least one week.")
    found = [value for week in range(1, weeks + 1) if (value := history.get(at - timedelta(weeks=week))) is not None]
    return sum(found) / len(found) if found else None


def wape(actual: Mapping[datetime, float], expected: Mapping[datetime, float]) -> float:
    """Weighted absolute percentage error: sum of the misses over the sum of what came, as a share.

    Only intervals with both values count (Kolassa and Schütz 2007).

    Raises:
        AnyshoreError: nothing came in the intervals that can be compared.
    """
    both = [key for key in actual if key in expected]
    total = sum(abs(actual[key]) for key in both)
    if not total:
        raise AnyshoreError("workforce.no-actuals", "There is nothing to compare the forecast with.")
    return sum(abs(actual[key] - expected[key]) for key in both) / total
