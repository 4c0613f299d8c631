"""Working-time law: each rule just kept and just broken, with its paragraph; averages, substitute days, zones."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from anyshore.base.errors import AnyshoreError
from anyshore.workforce.law.rules import Breach, Duty, Worker, breaches, law

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 2)


def duty(day: int, begin: float, hours: float, breaks: int = 60, zone: ZoneInfo = BERLIN, worker: str = "a") -> Duty:
    at = datetime(2026, 3, 2, tzinfo=zone) + timedelta(days=day, hours=begin)
    return Duty(worker, at, at + timedelta(hours=hours), breaks)


ADULT = Worker("a")


def broken(*duties: Duty, worker: Worker = ADULT, country: str = "DE", **more: bool) -> list[tuple[str, str]]:
    return [(one.rule, one.source) for one in breaches(duties, [worker], country, **more)]


YOUNG, MOTHER = Worker("a", date(2009, 1, 1)), Worker("a", mother=True)


@pytest.mark.parametrize(
    ("worker", "kept", "wrong", "rule", "source"),
    [
        (Worker("a"), [duty(0, 8, 9), duty(1, 4, 8)], [duty(0, 8, 9), duty(1, 3.9, 8)], "rest", "§ 5 (1) ArbZG"),
        (Worker("a"), [duty(0, 8, 11)], [duty(0, 8, 11.1)], "day", "§ 3 sentence 2 ArbZG"),
        (Worker("a"), [duty(0, 8, 6, 0)], [duty(0, 8, 6.5, 0)], "breaks", "§ 4 ArbZG"),
        (Worker("a"), [duty(0, 8, 9.5, 30)], [duty(0, 8, 9.75, 40)], "breaks", "§ 4 ArbZG"),
        (YOUNG, [duty(0, 8, 9), duty(1, 8, 8)], [duty(0, 11, 9), duty(1, 7.5, 8)], "youth_rest", "§ 13 JArbSchG"),
        (YOUNG, [duty(0, 8, 9.5)], [duty(0, 8, 9.6)], "youth_day", "§ 8 (1) and (2a) JArbSchG"),
        (YOUNG, [duty(0, 8, 4.5, 0)], [duty(0, 8, 5, 0)], "youth_breaks", "§ 11 (1) JArbSchG"),
        (YOUNG, [duty(0, 12, 8)], [duty(0, 12.5, 8)], "youth_hours", "§ 14 (1) JArbSchG"),
        (YOUNG, [duty(4, 8, 8)], [duty(5, 8, 8)], "youth_free", "§§ 16 (1) and 17 (1) JArbSchG"),
        (MOTHER, [duty(0, 8, 9.5)], [duty(0, 8, 10)], "mother_day", "§ 4 (1) MuSchG"),
        (MOTHER, [duty(0, 6, 8)], [duty(0, 5.5, 8)], "mother_hours", "§ 5 (1) MuSchG"),
        (MOTHER, [duty(5, 8, 8)], [duty(5, 22, 8)], "mother_hours", "§ 5 (1) MuSchG"),
    ],
)  # fmt: skip
def test_a_rule_is_just_kept_and_just_broken(
    worker: Worker, kept: list[Duty], wrong: list[Duty], rule: str, source: str
) -> None:
    assert broken(*kept, worker=worker) == []
    assert broken(*wrong, worker=worker) == [(rule, source)]


def test_somebody_grows_up() -> None:
    worker = Worker("a", date(2008, 3, 4))
    days = [one.day for one in breaches([duty(day, 13, 8) for day in range(4)], [worker], "DE")]
    assert days == [MONDAY, MONDAY + timedelta(days=1)]


def test_the_week_of_the_young() -> None:
    assert broken(*[duty(day, 8, 9) for day in range(5)], worker=YOUNG) == []
    assert broken(*[duty(day, 8, 9.25) for day in range(5)], worker=YOUNG) == [("youth_week", "§ 8 (1) JArbSchG")]


def test_rest_is_counted_in_real_hours_over_a_change_of_the_clock() -> None:
    # on 29 March 2026 the clocks go from 2 to 3: eleven hours by the clock are ten
    evening = Duty("a", datetime(2026, 3, 28, 12, tzinfo=BERLIN), datetime(2026, 3, 28, 20, tzinfo=BERLIN), 60)
    morning = Duty("a", datetime(2026, 3, 29, 7, tzinfo=BERLIN), datetime(2026, 3, 29, 13, tzinfo=BERLIN), 60)
    assert broken(evening, morning, sundays_allowed=True) == [("rest", "§ 5 (1) ArbZG")]


def test_rest_is_counted_between_zones() -> None:
    manila = ZoneInfo("Asia/Manila")
    assert broken(duty(0, 8, 9), duty(1, 10.5, 8, zone=manila)) == [("rest", "§ 5 (1) ArbZG")]
    assert broken(duty(0, 8, 9), duty(1, 10.5, 8)) == []


def test_eight_hours_a_working_day_on_the_average_of_24_weeks() -> None:
    weeks = [duty(7 * week + day, 8, 10.6, 60) for week in range(24) for day in range(5)]
    assert broken(*weeks) == []
    more = [duty(7 * week + 5, 8, 6, 0) for week in range(24)]
    found = breaches([*weeks, *more], [Worker("a")], "DE")
    assert {one.rule for one in found} == {"average"}
    assert found[-1].message == "54 hours a week over 24 weeks, 48 are the most"


def test_night_workers_have_four_weeks() -> None:
    weeks = [duty(7 * week + day, 8, 11, 60) for week in range(4) for day in range(5)]
    assert broken(*weeks, worker=Worker("a", night_worker=True)) == [("night_average", "§ 6 (2) ArbZG")]
    assert broken(*weeks) == []


def test_a_sunday_needs_an_exception_and_a_substitute_day() -> None:
    assert broken(duty(6, 8, 8)) == [("sundays", "§ 9 (1) ArbZG")]
    every = [duty(day, 8, 7) for day in range(21)]
    found = broken(*every, sundays_allowed=True)
    assert found == [("substitute_sunday", "§ 11 (3) sentence 1 ArbZG")]
    assert broken(*[one for one in every if one.day != MONDAY + timedelta(days=9)], sundays_allowed=True) == []


def test_a_holiday_gets_its_day_within_eight_weeks() -> None:
    holiday = MONDAY + timedelta(days=2)
    every = [duty(day, 8, 7) for day in range(70) if day % 7 != 6]
    found = breaches(every, [Worker("a")], "DE", {holiday}, sundays_allowed=True)
    assert [(one.rule, one.day) for one in found] == [("substitute_holiday", holiday)]
    without = [one for one in every if one.day != MONDAY + timedelta(days=50)]
    assert breaches(without, [Worker("a")], "DE", {holiday}, sundays_allowed=True) == []


def test_fifteen_sundays_of_a_year_are_free() -> None:
    year = [
        Duty("a", at := datetime(2026, 1, 4, 8, tzinfo=BERLIN) + timedelta(weeks=week), at + timedelta(hours=6))
        for week in range(38)
    ]
    assert "free_sundays" not in {rule for rule, _source in broken(*year[:37], sundays_allowed=True)}
    assert ("free_sundays", "§ 11 (1) ArbZG") in broken(*year, sundays_allowed=True)


def test_another_country_has_other_values_by_date() -> None:
    long = duty(0, 8, 12.5, 60)
    assert broken(long, country="AT") == []
    before = Duty("a", *(at.replace(year=2017, month=3, day=6) for at in (long.begin, long.end)), 60)
    assert broken(before, country="AT") == [("day", "§ 9 (1) AZG as of 1970")]


def test_what_cannot_be_judged_is_told() -> None:
    with pytest.raises(AnyshoreError, match="is not known"):
        law("XX")
    naive = Duty("a", datetime(2026, 3, 2, 8), datetime(2026, 3, 2, 9))
    for wrong in (naive, duty(0, 8, -1), duty(0, 8, 8, worker="b")):
        with pytest.raises(AnyshoreError, match="cannot be judged"):
            breaches([wrong], [Worker("a")], "DE")


def test_a_breach_names_everything() -> None:
    (found,) = breaches([duty(0, 8, 12)], [Worker("a")], "DE")
    assert found == Breach("a", MONDAY, "day", "§ 3 sentence 2 ArbZG", "11 hours of work, 10 are the most")
