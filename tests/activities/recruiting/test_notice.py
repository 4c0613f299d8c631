"""Notice periods of § 622 BGB, by year of service, by contract, and to the day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore.activities.recruiting import law, notice
from anyshore.activities.recruiting.notice import EMPLOYEE, EMPLOYER, Employment, Period, find
from anyshore.base.errors import DataError
from anyshore.params import ParamsError

DAYS = st.dates(date(1995, 1, 1), date(2090, 12, 31))
MONTH_END = (notice.END,)


@pytest.mark.parametrize(
    ("years", "months"),
    [(2, 1), (4, 1), (5, 2), (7, 2), (8, 3), (10, 4), (11, 4), (12, 5), (15, 6), (19, 6), (20, 7), (45, 7)],
)
def test_an_employer_keeps_longer_periods_by_years_of_service(years: int, months: int) -> None:
    found = find(Employment(date(2026 - years, 3, 10), date(2026, 3, 10), EMPLOYER))
    assert (found.period, found.years) == (Period(months=months, to=MONTH_END), years)
    employee = find(Employment(date(2026 - years, 3, 10), date(2026, 3, 10), EMPLOYEE))
    assert employee.period == Period(weeks=4, to=(15, notice.END))


def test_two_years_are_over_with_the_day_before_the_second_anniversary() -> None:
    since = date(2024, 3, 10)
    assert find(Employment(since, date(2026, 3, 9), EMPLOYER)).period.weeks == 4
    assert find(Employment(since, date(2026, 3, 10), EMPLOYER)).period.months == 1
    leap = date(2024, 2, 29)
    assert find(Employment(leap, date(2026, 2, 28), EMPLOYER)).period.weeks == 4
    assert find(Employment(leap, date(2026, 3, 1), EMPLOYER)).period.months == 1
    assert find(Employment(leap, date(2028, 2, 29), EMPLOYER)).years == 4


@pytest.mark.parametrize(
    ("received", "last"),
    [
        ("2026-03-03", "2026-03-31"), ("2026-03-04", "2026-04-15"), ("2026-03-18", "2026-04-15"),
        ("2026-03-19", "2026-04-30"), ("2024-02-01", "2024-02-29"), ("2024-02-02", "2024-03-15"),
        ("2025-01-31", "2025-02-28"), ("2025-02-01", "2025-03-15"), ("2026-12-31", "2027-01-31"),
        ("2027-01-03", "2027-01-31"), ("2027-01-04", "2027-02-15"),
    ],
)  # fmt: skip
def test_four_weeks_end_on_the_15th_or_the_end_of_a_month(received: str, last: str) -> None:
    found = find(Employment(date(2020, 1, 1), date.fromisoformat(received), EMPLOYEE))
    assert found.last_day == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("received", "months", "last"),
    [
        ("2026-01-31", 1, "2026-02-28"), ("2026-02-28", 1, "2026-03-31"), ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 1, "2024-03-31"), ("2026-12-31", 2, "2027-02-28"), ("2023-12-31", 2, "2024-02-29"),
        ("2026-04-30", 3, "2026-07-31"), ("2026-05-01", 3, "2026-08-31"), ("2026-06-30", 7, "2027-01-31"),
    ],
)  # fmt: skip
def test_months_end_with_a_month(received: str, months: int, last: str) -> None:
    assert Period(months=months, to=MONTH_END).ends(date.fromisoformat(received)) == date.fromisoformat(last)


def test_neither_receipt_nor_end_moves_to_a_working_day() -> None:
    sunday, saturday = date(2026, 11, 1), date(2026, 10, 31)
    assert find(Employment(date(2020, 1, 1), sunday, EMPLOYEE)).last_day == date(2026, 11, 30)
    assert find(Employment(date(2020, 1, 1), date(2026, 10, 3), EMPLOYEE)).last_day == saturday
    assert sunday.weekday() == 6
    assert saturday.weekday() == 5


def test_probation_ends_with_two_weeks_on_any_day_and_counts_the_receipt() -> None:
    since = date(2026, 1, 15)
    last = find(Employment(since, date(2026, 7, 14), EMPLOYER, probation_months=6))
    assert (last.last_day, last.rule) == (date(2026, 7, 28), "§ 622 (3) BGB")
    assert find(Employment(since, date(2026, 7, 15), EMPLOYER, probation_months=6)).period.weeks == 4
    assert find(Employment(since, date(2026, 7, 15), EMPLOYER, probation_months=9)).period.weeks == 4
    assert find(Employment(since, date(2026, 3, 1), EMPLOYEE, probation_months=3)).last_day == date(2026, 3, 15)
    assert find(Employment(since, date(2026, 3, 1), EMPLOYEE)).period.weeks == 4


def test_years_before_the_age_of_25_count_since_the_law_was_struck_out() -> None:
    young = Employment(date(1998, 9, 15), date(2005, 12, 1), EMPLOYER, birth=date(1979, 5, 3))
    before = find(young)
    assert (before.years, before.period.weeks) == (1, 4)
    assert "age of 25" in before.notes[0]
    after = find(Employment(date(2012, 1, 1), date(2019, 1, 2), EMPLOYER, birth=date(1994, 5, 3)))
    assert (after.years, after.period.months) == (7, 2)


def test_a_collective_agreement_takes_the_place_of_the_law() -> None:
    agreed = Period(weeks=2, to=(notice.END,))
    found = find(Employment(date(2010, 1, 1), date(2026, 3, 10), EMPLOYER, collective=agreed))
    assert (found.period, found.last_day) == (agreed, date(2026, 3, 31))
    assert "622 (4)" in found.rule


def test_a_contract_holds_where_it_never_ends_sooner() -> None:
    long_ago, now = date(1976, 1, 1), date(2012, 12, 19)
    # Six months to the middle or the end of a year against seven months: BAG 2 AZR 280/14.
    half_years = Period(months=6, to=(notice.END,), in_months=(6, 12))
    found = find(Employment(long_ago, now, EMPLOYER, agreed=half_years))
    assert (found.period.months, found.last_day) == (7, date(2013, 7, 31))
    assert "280/14" in found.notes[0]
    quarters = Period(months=3, to=(notice.END,), in_months=(3, 6, 9, 12))
    kept = find(Employment(date(2023, 1, 1), date(2026, 2, 10), EMPLOYER, agreed=quarters))
    assert (kept.period, kept.last_day) == (quarters, date(2026, 6, 30))


def test_a_contract_that_binds_the_employee_longer_binds_both() -> None:
    three = Period(months=3, to=MONTH_END)
    employer = find(Employment(date(2025, 1, 1), date(2026, 2, 10), EMPLOYER, agreed_other=three))
    assert (employer.period, employer.last_day) == (three, date(2026, 5, 31))
    employee = find(Employment(date(2025, 1, 1), date(2026, 2, 10), EMPLOYEE, agreed=three))
    assert employee.period == three


def test_temporary_help_and_small_employers_may_agree_on_less() -> None:
    two = Period(weeks=2)
    helper = Employment(date(2026, 1, 1), date(2026, 3, 31), EMPLOYER, agreed=two, helper=True)
    assert find(helper).last_day == date(2026, 4, 14)
    longer = Employment(date(2026, 1, 1), date(2026, 4, 1), EMPLOYER, agreed=two, helper=True)
    assert find(longer).period.weeks == 4
    four = Period(weeks=4)
    small = Employment(date(2026, 1, 1), date(2026, 3, 4), EMPLOYEE, agreed=four, employees=Decimal(20))
    assert find(small).last_day == date(2026, 4, 1)
    large = Employment(date(2026, 1, 1), date(2026, 3, 4), EMPLOYEE, agreed=four, employees=Decimal("20.5"))
    assert find(large).last_day == date(2026, 4, 15)
    served = Employment(date(2020, 1, 1), date(2026, 3, 4), EMPLOYER, agreed=four, employees=Decimal(8))
    assert find(served).period.months == 2


def test_part_time_counts_by_its_weight() -> None:
    assert notice.head_count((Decimal(20), Decimal("20.5"), Decimal(30), Decimal(38))) == Decimal("3.00")


def test_what_contradicts_itself_is_told_at_once() -> None:
    odd = Employment(date(2026, 2, 1), date(2026, 1, 1), "landlord", probation_months=-1, agreed=Period(2, 3))
    with pytest.raises(DataError) as told:
        find(odd)
    codes = [one.code for one in told.value.diagnostics]
    assert codes == ["recruiting.party", "recruiting.before-entry", "recruiting.probation", "recruiting.period"]
    assert all(one.hint for one in told.value.diagnostics)


@pytest.mark.parametrize(
    "period",
    [Period(to=(32,)), Period(weeks=4, to=(30,)), Period(weeks=4, to=(30,), in_months=(2,)), Period(weeks=500)],
)
def test_a_period_that_ends_on_no_day_is_refused(period: Period) -> None:
    with pytest.raises(DataError, match="recruiting"):
        find(Employment(date(2020, 1, 1), date(2026, 1, 1), EMPLOYER, collective=period))


def test_a_day_before_the_law_has_no_period() -> None:
    with pytest.raises(ParamsError, match="1993"):
        find(Employment(date(1980, 1, 1), date(1990, 1, 1), EMPLOYER))


@given(DAYS, st.integers(1, 7))
@example(date(2024, 2, 29), 1)
@example(date(2024, 1, 30), 1)
@example(date(2023, 12, 31), 2)
@settings(max_examples=examples(200))
def test_months_to_the_end_of_a_month_end_the_month_of_their_number(received: date, months: int) -> None:
    last = Period(months=months, to=MONTH_END).ends(received)
    assert last == law.month_end(last)
    assert (last.year - received.year) * 12 + last.month - received.month == months


@given(DAYS)
@example(date(2024, 2, 1))
@example(date(2023, 2, 1))
@settings(max_examples=examples(200))
def test_four_weeks_are_the_first_day_that_fits(received: date) -> None:
    last = find(Employment(date(1994, 1, 1), received, EMPLOYEE)).last_day
    assert (last - received).days >= 28
    assert last.day == 15 or last == law.month_end(last)
    sooner = [received + timedelta(days) for days in range(28, (last - received).days)]
    assert not any(day.day == 15 or day == law.month_end(day) for day in sooner)


@given(DAYS, st.integers(0, 30), st.sampled_from([EMPLOYER, EMPLOYEE]))
@settings(max_examples=examples(100))
def test_a_later_receipt_never_ends_sooner_and_service_never_shortens(day: date, years: int, party: str) -> None:
    since = date(1994, 1, 1)
    first = find(Employment(since, day, party)).last_day
    assert find(Employment(since, day + timedelta(1), party)).last_day >= first
    more = law.months_later(since, 12 * years)
    if more <= day:
        assert find(Employment(more, day, party)).last_day <= first
