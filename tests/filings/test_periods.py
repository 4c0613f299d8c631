"""The fourth quarter and the trailing twelve months: what adds up over time, and what does not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.filings.samples import context, fact, instance

from anyshore.base.errors import DataError
from anyshore.filings import filing, periods
from anyshore.filings.periods import Reported


def span(start: str, end: str) -> str:
    return f"<xbrli:startDate>{start}</xbrli:startDate><xbrli:endDate>{end}</xbrli:endDate>"


CONTEXTS = (
    context("y", span("2024-01-01", "2024-12-31")) + context("nine", span("2024-01-01", "2024-09-30"))
    + context("new", span("2025-01-01", "2025-03-31")) + context("old", span("2024-01-01", "2024-03-31"))
    + context("day", "<xbrli:instant>2024-12-31</xbrli:instant>")
)  # fmt: skip
END = {"y": date(2024, 12, 31), "nine": date(2024, 9, 30), "new": date(2025, 3, 31), "old": date(2024, 3, 31)}


def value(place: str, amount: str, name: str = "g:Sales", unit: str = "usd", end: date | None = None) -> Reported:
    found = filing.read({"a.xml": instance(fact(name, amount, place=place, unit=unit), CONTEXTS)})
    (one,) = periods.reported(
        found, name.partition(":")[2], filed=date(2025, 5, 1), end=end or END.get(place, END["y"])
    )
    return one


def test_the_fourth_quarter_is_the_year_less_nine_months() -> None:
    found = periods.fourth_quarter(value("y", "100"), value("nine", "70"))
    assert (found.value, str(found.period), str(found.unit)) == (Decimal(30), "2024-10-01/2024-12-31", "USD")
    assert len(found.added) == len(found.subtracted) == 1


def test_twelve_months_are_year_plus_new_less_old() -> None:
    found = periods.trailing(value("y", "100"), value("new", "40"), value("old", "20"))
    assert (found.value, str(found.period)) == (Decimal(120), "2024-04-01/2025-03-31")


@pytest.mark.parametrize(
    ("year", "part", "code"),
    [
        (value("y", "5", unit="perShare"), value("nine", "3", unit="perShare"), "period.no-flow"),
        (value("y", "5", "g:AverageRate"), value("nine", "3", "g:AverageRate"), "period.no-flow"),
        (value("day", "5"), value("day", "3"), "period.no-flow"),
        (value("y", "5"), value("nine", "3", "g:Cost"), "period.differs"),
        (value("y", "5", end=date(2025, 12, 31)), value("nine", "3"), "period.restated"),
        (value("y", "5"), value("old", "3"), "period.no-quarter"),
    ],
)  # fmt: skip
def test_what_does_not_add_up_is_refused(year: Reported, part: Reported, code: str) -> None:
    with pytest.raises(DataError) as caught:
        periods.fourth_quarter(year, part)
    assert caught.value.code == code


def test_months_that_make_no_year_are_refused() -> None:
    with pytest.raises(DataError, match="twelve months"):
        periods.trailing(value("y", "100"), value("old", "20"), value("new", "40"))
