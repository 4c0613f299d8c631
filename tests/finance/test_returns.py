"""NPV, XNPV, IRR and XIRR, and that every rate found is one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore.base.errors import DataError
from anyshore.finance import returns

DAY = date(2026, 1, 1)
amounts = st.integers(-1_000_000, 1_000_000).map(lambda cents: cents / 100)
dated = st.lists(
    st.tuples(st.integers(0, 3_650).map(lambda n: DAY + timedelta(days=n)), amounts), min_size=2, max_size=24
)


def test_worths_by_hand() -> None:
    assert returns.npv(0.1, [-100, 60, 60]) == pytest.approx(-100 + 60 / 1.1 + 60 / 1.21)
    year = [(DAY, -100.0), (DAY + timedelta(days=365), 121.0)]
    assert returns.xnpv(0.1, year) == pytest.approx(10)
    assert returns.xirr(year).rate == pytest.approx(0.21)
    assert returns.xirr(year[::-1]).rate == pytest.approx(0.21)
    assert returns.irr([-100, 110]).rate == pytest.approx(0.1)


def test_two_returns_are_both_told() -> None:
    # -100 + 230/(1+r) - 132/(1+r)²: 10 % and 20 %.
    found = returns.irr([-100, 230, -132])
    assert found.several
    assert found.all == pytest.approx((0.1, 0.2))
    assert found.rate in (pytest.approx(0.1), pytest.approx(0.2))


@pytest.mark.parametrize("flows", [[100, 50], [-100, -50], [0, 0], [-100, 0]])
def test_where_no_sign_changes_there_is_no_return(flows: list[float]) -> None:
    assert returns.irr(flows) == returns.Returns(None, ())


def test_a_change_of_sign_may_have_no_return() -> None:
    assert returns.irr([-100, 100, -100]) == returns.Returns(None, ())


def test_dates_count_for_the_sign_and_not_the_order_they_are_given_in() -> None:
    late = [(DAY, -1_000.0), (DAY + timedelta(days=400), 20_000.0), (DAY + timedelta(days=40), -9_000.0)]
    assert returns.xirr(late).all == pytest.approx(returns.xirr(sorted(late)).all)


@given(dated)
@example([(DAY, -1.0), (DAY, 1.0)])
@settings(max_examples=examples(60), deadline=None)
def test_the_worth_at_every_rate_found_is_nothing_to_the_cent(flows: list[tuple[date, float]]) -> None:
    found = returns.xirr(flows)
    first = min(day for day, _amount in flows)
    for rate in found.all:
        factors = [(1 + rate) ** (-(day - first).days / 365) for day, _amount in flows]
        # Cents of what is discounted: near -100 % a factor may be 10^60, and a cent is then below the last digit.
        scale = max(1.0, *factors)
        worth = sum(amount * factor for (_day, amount), factor in zip(flows, factors, strict=True))
        assert worth / scale == pytest.approx(0, abs=0.01)
    if found.rate is not None and found.rate > -0.9:
        assert returns.xnpv(found.rate, flows) / scale == pytest.approx(0, abs=0.01)


@given(st.integers(1, 10_000_000), st.floats(-0.9, 5), st.integers(30, 3_650))
@settings(max_examples=examples(60), deadline=None)
def test_an_ordinary_investment_returns_its_rate_and_is_worth_nothing_at_it(cents: int, rate: float, days: int) -> None:
    spent = cents / 100
    flows = [(DAY, -spent), (DAY + timedelta(days=days), spent * (1 + rate) ** (days / 365))]
    found = returns.xirr(flows)
    assert found.rate == pytest.approx(rate, rel=1e-6, abs=1e-7)
    assert len(found.all) == 1
    assert returns.xnpv(found.rate, flows) == pytest.approx(0, abs=0.005)


@given(st.lists(amounts, min_size=1, max_size=30), st.floats(-0.5, 2))
@settings(max_examples=examples(40), deadline=None)
def test_periodic_worth_is_the_sum_of_its_parts(flows: list[float], rate: float) -> None:
    assert returns.npv(rate, flows) == pytest.approx(
        sum(amount / (1 + rate) ** period for period, amount in enumerate(flows)), rel=1e-9, abs=1e-6
    )


@pytest.mark.parametrize(
    ("flows", "rate", "code"),
    [
        ([], 0.1, "business.flows"),
        ([float("nan")], 0.1, "business.flows"),
        ([1.0], -1.0, "business.rate"),
        ([1.0], -2.0, "business.rate"),
    ],
)
def test_what_has_no_worth_is_refused(flows: list[float], rate: float, code: str) -> None:
    for worth in (lambda: returns.npv(rate, flows), lambda: returns.xnpv(rate, [(DAY, one) for one in flows])):
        with pytest.raises(DataError) as error:
            worth()
        assert error.value.code == code
