from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.base.errors import AnyshoreError
from anyshore.terms import money, months
from anyshore.terms.clocks import HOUR
from anyshore.terms.messages import clock_time, number
from anyshore.terms.messages import money as written
from anyshore.terms.months import Month

ROUNDED = [
    ("0.005", "EUR", "0.01"), ("-0.005", "EUR", "-0.01"), ("0.0049", "EUR", "0.00"), ("2.5", "JPY", "3"),
    ("1.0005", "KWD", "1.001"), ("-0.001", "EUR", "0.00"), ("12345678901234567890123456789012.345", "EUR",
     "12345678901234567890123456789012.35"),
]  # fmt: skip


@pytest.mark.parametrize(("amount", "currency", "expected"), ROUNDED)
def test_half_up_to_the_minor_unit(amount: str, currency: str, expected: str) -> None:
    assert str(money.rounded(Decimal(amount), currency)) == expected


def test_places_belong_to_known_currencies() -> None:
    assert set(money._PLACES) <= money.CURRENCIES
    assert len(money.CURRENCIES) > 150
    assert [money.places(c) for c in ("EUR", "JPY", "BHD", "CLF")] == [2, 0, 3, 4]


@pytest.mark.parametrize(
    "text", ["2026-1", "2026-13", "26-01", "", "2026-01-01", "1899-12", "2199-12", "9999-12", "None"]
)
def test_not_a_month(text: str) -> None:
    with pytest.raises(AnyshoreError, match="not a month"):
        months.parse(text)


@given(st.integers(1900, 2198), st.integers(1, 12), st.sampled_from(["Europe/Berlin", "Asia/Tokyo", "America/Lima"]))
def test_months_follow_each_other_without_gap(year: int, month: int, zone: str) -> None:
    one = Month(year, month)
    start, end = one.bounds(zone)
    assert one.next.bounds(zone)[0] == end
    assert months.month_of(start, zone) == one == months.month_of(end - 1, zone)
    assert months.month_of(end, zone) == one.next
    assert months.parse(str(one)) == one
    assert abs((end - start) - one.days * 24 * HOUR) <= 2 * HOUR


def test_march_is_an_hour_shorter_in_berlin() -> None:
    start, end = Month(2026, 3).bounds("Europe/Berlin")
    assert end - start == (31 * 24 - 1) * HOUR


WRITTEN = [
    (Decimal("1234.50"), "en", "1,234.5", "1,234.50 EUR"), (Decimal("1234.50"), "de", "1.234,5", "1.234,50 EUR"),
    (Decimal(-1), "de", "-1", "-1 EUR"), (Decimal("1E+3"), "de", "1.000", "1.000 EUR"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "lang", "plain", "amount"), WRITTEN)
def test_numbers_as_written(value: Decimal, lang, plain: str, amount: str) -> None:
    assert (number(value, lang), written(value, "EUR", lang)) == (plain, amount)


TIMES = [
    (0, "0:00 h"),
    (8 * HOUR, "8:00 h"),
    (100 * HOUR + 61_000_000, "100:01:01 h"),
    (8 * HOUR + 1, "8:00:00.000001 h"),
]


@pytest.mark.parametrize(("micros", "text"), TIMES)
def test_clock_times(micros: int, text: str) -> None:
    assert clock_time(micros) == text
