"""The coming week, and how right each method was before."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from anyshore.base.errors import AnyshoreError
from anyshore.workforce import counts, forecast
from anyshore.workforce.counts import Counts
from anyshore.workforce.forecast import METHODS, WEEKS, backtest, earlier, wape, week

MONDAY = datetime(2026, 3, 2, 9)


def hours(values: dict[datetime, float]) -> Counts:
    return Counts(60, dict(sorted(values.items())))


def mondays(*newest_first: float) -> Counts:
    """One hour a week, the newest value on the Monday before ``MONDAY``."""
    return hours({MONDAY - timedelta(weeks=age): value for age, value in enumerate(newest_first, 1)})


def test_each_method_says_of_a_monday_what_mondays_were_like() -> None:
    past = [8.0, 4.0, 6.0, 2.0, 10.0]
    assert {name: method(past) for name, method in METHODS.items()} == {
        "last week": 8.0,
        "mean of four weeks": 5.0,
        "smoothed": pytest.approx(
            (8 + 0.8 * 4 + 0.64 * 6 + 0.512 * 2 + 0.4096 * 10) / (1 + 0.8 + 0.64 + 0.512 + 0.4096)
        ),
    }


def test_a_week_without_a_value_is_passed_over() -> None:
    known = hours({MONDAY - timedelta(weeks=3): 7.0, MONDAY - timedelta(weeks=1): 3.0})
    assert earlier(known.values, MONDAY) == [3.0, 7.0]
    assert earlier({}, MONDAY) == []
    assert earlier({datetime(1, 1, 1): 1.0}, datetime(1, 1, 8)) == [1.0]


def test_the_method_that_was_right_is_taken() -> None:
    jumpy = week(mondays(10, 20, 10, 20, 10, 20, 10, 20, 10, 20), date(2026, 3, 2))
    assert jumpy.errors["last week"] == pytest.approx(10 * 6 / 90)
    assert jumpy.method != "last week"
    risen = week(mondays(*[30.0] * 6, *[10.0] * 6), date(2026, 3, 2))
    assert (risen.method, risen.values) == ("last week", {MONDAY: 30.0})
    assert week(mondays(1, 2, 3, 4), date(2026, 3, 2), method="mean of four weeks").values == {MONDAY: 2.5}


def test_no_forecast_of_the_backtest_knows_its_own_week() -> None:
    """Whatever the newest week brings, the forecasts it is compared with stay as they are."""
    calm, wild = mondays(10, *[10.0] * 9), mondays(1000, *[10.0] * 9)
    assert backtest(calm)[0] == dict.fromkeys(METHODS, 0.0)
    assert backtest(wild) == (dict.fromkeys(METHODS, pytest.approx(990 / 1050)), 10 - WEEKS)


def test_of_a_short_past_less_is_asked_and_of_none_nothing() -> None:
    assert backtest(mondays(2, 4)) == (dict.fromkeys(METHODS, 1.0), 1)
    alone = week(mondays(2), date(2026, 3, 2))
    assert (alone.error, alone.method, alone.values) == (None, "mean of four weeks", {MONDAY: 2.0})
    with pytest.raises(AnyshoreError) as nothing:
        week(hours({}))
    assert nothing.value.code == "workforce.no-history"
    with pytest.raises(AnyshoreError) as far:
        week(mondays(2), date(2030, 1, 1))
    assert far.value.code == "workforce.no-history"


def test_where_only_the_day_matters_the_methods_are_judged_by_days() -> None:
    """Each day one item, at 9 or at 10 in turn: no hour is foreseen, every day is."""
    starts = [MONDAY - timedelta(days=age) for age in range(1, 71)]
    values = {
        start + timedelta(hours=hour): float(hour == start.toordinal() // 7 % 2) for start in starts for hour in (0, 1)
    }
    by_hour, by_day = (week(hours(values), judged=judged) for judged in (None, 1440))
    assert by_hour.error == pytest.approx(1.0)
    assert (by_day.error, by_day.judged, by_day.tested) == (pytest.approx(0.0), 1440, 42)
    assert by_day.daily() == {date(2026, 3, 2) + timedelta(days=number): pytest.approx(1.0) for number in range(7)}


def test_hours_that_are_usually_closed_stay_closed() -> None:
    values = {MONDAY - timedelta(weeks=age): 5.0 for age in (1, 2, 4)}
    values |= {MONDAY - timedelta(weeks=age) + timedelta(days=5): 9.0 for age in (3,)}  # one Saturday
    known = hours(values)
    assert set(week(known, date(2026, 3, 2)).values) == {MONDAY}
    with pytest.raises(AnyshoreError):
        week(known, date(2026, 3, 2), closed=[date(2026, 3, 2)])


def test_the_seven_days_follow_the_counts() -> None:
    found = week(mondays(2, 4))
    assert (found.first, set(found.values)) == (date(2026, 2, 24), {MONDAY})
    assert found.daily() == {MONDAY.date(): 3.0}  # no method was better


def test_what_cannot_be_asked_for_is_refused() -> None:
    with pytest.raises(AnyshoreError) as unknown:
        week(mondays(1), method="oracle")
    assert unknown.value.code == "workforce.method"
    with pytest.raises(AnyshoreError) as nothing:
        wape([0.0], [1.0])
    assert nothing.value.code == "workforce.no-actuals"
    assert backtest(mondays(0, 0, 0)) == ({}, 0)


def test_half_hours_of_a_bank_are_forecast_better_than_by_the_last_week(data_dir: Path) -> None:
    known = counts.read((data_dir / "calls" / "bank_calls.csv").read_bytes(), "bank_calls.csv")
    found = forecast.week(known)
    rounded = {name: round(100 * error, 1) for name, error in found.errors.items()}
    assert rounded == {
        "last week": 8.4, "mean of four weeks": 6.9, "smoothed": 6.7,
    }  # fmt: skip
    assert found.error == min(found.errors.values())
