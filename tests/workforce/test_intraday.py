"""The rest of a day, forecast again while it runs."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from anyshore.base.errors import AnyshoreError
from anyshore.workforce import counts, intraday
from anyshore.workforce.counts import Counts

MONDAY = datetime(2026, 1, 5)
LEVELS = (1.0, 1.3, 0.8, 1.1, 0.7, 1.2, 0.9)


def days(many: int, stays: float) -> Counts:
    """Two hours a day, 100 each on a usual one; of a morning's surplus a share stays, and no weekday repeats it."""
    values = {}
    for number in range(many):
        surplus = 0.0 if number < 28 else LEVELS[number * 3 % 7] - 1
        day = MONDAY + timedelta(days=number)
        values[day + timedelta(hours=9)] = 100 * (1 + surplus)
        values[day + timedelta(hours=13)] = 100 * (1 + stays * surplus)
    return Counts(60, values)


def test_a_share_of_the_surplus_stays_as_earlier_days_had_it() -> None:
    known = days(35, 0.5)
    at = datetime.combine(date(2026, 2, 9), time(12))
    found = intraday.update(Counts(60, {**known.values, at.replace(hour=9): 150.0}), at, "mean of four weeks")
    assert (found.days, found.came, found.learnt) == (7, 150.0, 0.0)  # too few days: the morning stands
    assert found.values == found.morning
    more = days(49, 0.5)
    at += timedelta(weeks=2)
    usual = intraday.update(Counts(60, {**more.values, at.replace(hour=9): 1e9}), at, "last week").expected
    found = intraday.update(Counts(60, {**more.values, at.replace(hour=9): 2 * usual}), at, "last week")
    assert found.days == 21
    assert 0.3 < found.learnt < 0.7
    assert found.factor == pytest.approx(1 + found.learnt)
    (rest,) = found.values
    assert found.values[rest] == pytest.approx(found.morning[rest] * found.factor)


def test_nothing_after_the_time_is_known() -> None:
    known = days(50, 0.5)
    at = max(known.values).replace(hour=12)
    wild = {**known.values, max(known.values): 1e6, at + timedelta(days=3): 1e6}
    assert intraday.update(known, at, "smoothed") == intraday.update(Counts(60, wild), at, "smoothed")


def test_no_day_of_the_backtest_knows_its_rest_or_later_days() -> None:
    known = days(50, 0.5)
    early = {at: value for at, value in known.values.items() if at < datetime(2026, 2, 9)}
    first = intraday.backtest(Counts(60, early), time(12), "smoothed")
    assert first is None  # nothing to learn from yet
    found = intraday.backtest(known, time(12), "smoothed")
    assert found is not None
    assert found.days == 50 - 28 - intraday.FEWEST
    assert found.again < found.morning


def test_a_day_that_was_filled_in_teaches_nothing() -> None:
    known = days(49, 0.5)
    at = max(known.values).replace(hour=12)
    fewer = intraday.update(known, at, "smoothed", [at.date() - timedelta(days=1)])
    assert fewer.days == intraday.update(known, at, "smoothed").days - 1


def test_without_a_morning_there_is_nothing_to_correct() -> None:
    with pytest.raises(AnyshoreError) as nothing:
        intraday.update(days(49, 0.5), MONDAY + timedelta(days=80, hours=12), "smoothed")
    assert nothing.value.code == "workforce.no-morning"


def test_at_noon_the_afternoon_of_a_bank_is_forecast_better_than_in_the_morning(data_dir: Path) -> None:
    known = counts.read((data_dir / "calls" / "bank_calls.csv").read_bytes(), "bank_calls.csv")
    found = intraday.backtest(known, time(12), "smoothed")
    assert found is not None
    assert (round(100 * found.again, 1), round(100 * found.morning, 1), found.days) == (4.9, 6.4, 134)
