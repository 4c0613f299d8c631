"""Days that lack in counts."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from anyshore.workforce import forecast, missing
from anyshore.workforce.counts import Counts

MONDAY = date(2026, 1, 5)


def weeks(many: int, *without: date, days: int = 5) -> Counts:
    """Two hours a day, Monday to Friday: 10 and 20 in the first week, one more each week."""
    starts = [
        datetime(2026, 1, 5, hour) + timedelta(weeks=week, days=day)
        for week in range(many) for day in range(days) for hour in (9, 10)
    ]  # fmt: skip
    age = {start: (start.date() - MONDAY).days // 7 for start in starts}
    return Counts(60, {one: 10.0 * (one.hour - 8) + age[one] for one in starts if one.date() not in without})


def test_a_day_that_most_weeks_have_lacks_and_a_weekend_does_not() -> None:
    lost = date(2026, 1, 21)
    assert missing.days(weeks(6, lost)) == [lost]
    assert missing.days(weeks(6)) == []
    assert missing.days(Counts(60, {})) == []


def test_a_holiday_that_is_named_lacks_nothing_and_is_no_sign_that_others_are_closed() -> None:
    closed, lost = date(2026, 1, 21), date(2026, 1, 28)
    assert missing.days(weeks(4, closed, lost, date(2026, 1, 14))) == []
    assert missing.days(weeks(4, closed, lost, date(2026, 1, 14)), [closed, date(2026, 1, 14)]) == [lost]
    assert missing.days(weeks(6, closed, lost), [closed]) == [lost]


def test_a_day_that_lacks_is_filled_from_both_sides_interval_by_interval() -> None:
    lost = date(2026, 1, 21)
    known = weeks(6, lost)
    whole, told = missing.filled(known)
    assert told == [lost]
    added = {start: value for start, value in whole.values.items() if start not in known.values}
    assert added == {datetime(2026, 1, 21, 9): 10 + (1 + 0 + 3 + 4) / 4, datetime(2026, 1, 21, 10): 20 + 2}
    assert list(whole.values) == sorted(whole.values)


def test_an_hour_that_few_of_its_days_have_stays_closed() -> None:
    known = weeks(6, date(2026, 1, 21))
    late = Counts(60, dict(sorted((known.values | {datetime(2026, 1, 14, 11): 5.0}).items())))
    assert datetime(2026, 1, 21, 11) not in missing.filled(late)[0].values


def test_the_forecast_says_which_days_were_filled_and_judges_no_method_by_them() -> None:
    lost = date(2026, 2, 11)
    whole, gappy = forecast.week(weeks(6)), forecast.week(weeks(6, lost))
    assert (whole.filled, gappy.filled) == ((), (lost,))
    assert gappy.tested == whole.tested - 2
    known = forecast.week(weeks(6, lost), closed=[lost])
    assert known.filled == ()
