"""What a case comes to: against sums by hand, and what must hold of any draws."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import ROOT
from tests.draws import examples

from anyshore.base.errors import DataError
from anyshore.finance import returns
from anyshore.sourcing.business_case.case import Case, Frame, made, read
from anyshore.sourcing.business_case.cash import drawn_flows, median_flows
from anyshore.sourcing.business_case.distributions import Distribution, fixed
from anyshore.sourcing.business_case.outcomes import evaluate, tornado

START = date(2027, 1, 1)
BASE = {
    ("P", "", "baseline volume"): fixed(1_000), ("P", "", "baseline unit cost"): fixed(10),
    ("P", "S", "price per item"): fixed(6), ("P", "", "one-off cost"): fixed(5_000),
}  # fmt: skip


def a_case(years: int = 3, **more: Distribution) -> Case:
    named = {("P", "S", name.replace("_", " ")): one for name, one in more.items()}
    return made(Frame(START, years, 0.1), {**BASE, **named})


def savings(case: Case) -> list[float]:
    return [float(one) for one in median_flows(case, "P").saving[0, 0]]


def test_a_plain_case_by_hand() -> None:
    case = a_case()
    assert savings(case) == [4_000, 4_000, 4_000]
    (one,) = evaluate(case, draws=10).outcomes
    assert one.median_npv == pytest.approx(-5_000 + 4_000 / 1.1 + 4_000 / 1.21 + 4_000 / 1.331)
    assert one.npv.p10 == one.npv.p90 == pytest.approx(one.median_npv)
    assert one.payback.p50 == pytest.approx(1.25)
    assert one.break_even == pytest.approx(5_000 / (one.median_npv + 5_000))
    assert one.median_flows[0] == (START, -5_000)
    assert returns.xnpv(one.xirr.rate or 0, one.median_flows) == pytest.approx(0, abs=0.005)
    assert one.gains == 1
    assert one.tornado == ()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("governance", 0.1, [4_000 - 600] * 3), ("tax_on_fees", 0.05, [4_000 - 300] * 3),
        ("tax_on_saving", 0.3, [2_800] * 3), ("retained_cost", 0.2, [2_000] * 3),
        ("price_inflation", 0.1, [4_000, 3_400, 2_740]), ("baseline_inflation", 0.1, [4_000, 5_000, 6_100]),
        ("volume_growth", 0.5, [4_000, 6_000, 9_000]), ("currency_drift", 0.1, [3_400, 2_740, 2_014]),
    ],
)  # fmt: skip
def test_every_quantity_does_what_it_says(name: str, value: float, expected: list[float]) -> None:
    assert savings(a_case(**{name: fixed(value)})) == pytest.approx(expected)


def test_hours_at_a_rate_are_a_price_and_leavers_cost_their_replacement() -> None:
    hourly = made(Frame(START, 1), {
        **BASE, ("P", "S", "price per item"): fixed(0), ("P", "S", "hours per item"): fixed(0.5),
        ("P", "S", "rate"): fixed(12), ("P", "S", "attrition"): fixed(0.2),
        ("P", "S", "replacement cost"): fixed(8_000),
    })  # fmt: skip
    # 500 hours are 0.3125 people, of whom a fifth leave.
    assert savings(hourly) == pytest.approx([4_000 - 0.3125 * 0.2 * 8_000])


def test_the_lag_is_the_area_under_a_line_that_may_reach_into_the_next_year() -> None:
    # Half the productivity, back in 6 months: a quarter of half a year, 0.125 of a year's fees.
    assert savings(a_case(lag_months=fixed(6), lag_loss=fixed(0.5))) == pytest.approx([4_000 - 750, 4_000, 4_000])
    # In 24 months: 0.5 × 0.75 in the first year, 0.5 × 0.25 in the second.
    assert savings(a_case(lag_months=fixed(24), lag_loss=fixed(0.5))) == pytest.approx(
        [4_000 - 2_250, 4_000 - 750, 4_000]
    )


def test_a_case_that_never_pays_says_so() -> None:
    (one,) = evaluate(a_case(price_per_item=fixed(11)), draws=10).outcomes
    assert one.payback.p50 == float("inf")
    assert one.break_even is None
    assert one.gains == 0
    assert one.xirr.rate is None
    assert one.as_dict()["payback_years"] == [None, None, None]


def test_draws_agree_with_the_sum_of_their_means_and_a_seed_gives_the_same() -> None:
    case = a_case(governance=Distribution("uniform", (0.0, 0.4)), currency_volatility=fixed(0.2))
    npv = np.concatenate([one.npv(0.1) for one in drawn_flows(case, "P", 40_000, 1)])[:, 0]
    # The walk has a mean of 1, and governance one of 0.2.
    saving = 10_000 - 6_000 * 1.2
    mean = -5_000 + saving * (1 / 1.1 + 1 / 1.21 + 1 / 1.331)
    assert npv.mean() == pytest.approx(mean, abs=4 * npv.std() / 200)
    again = np.concatenate([one.npv(0.1) for one in drawn_flows(case, "P", 40_000, 1)])[:, 0]
    assert np.array_equal(npv, again)


def test_a_row_that_counts_for_several_moves_them_together() -> None:
    rows = {
        **BASE, ("P", "T", "price per item"): fixed(6), ("Q", "", "baseline volume"): fixed(1_000),
        ("Q", "", "baseline unit cost"): fixed(10), ("Q", "", "price per item"): fixed(6),
        ("", "", "governance"): Distribution("uniform", (0, 0.5)),
    }  # fmt: skip
    case = made(Frame(START, 1), rows)
    p, q = (next(drawn_flows(case, name, 100, 3)).saving[:, :, 0] for name in "PQ")
    assert p[:, 0].tolist() == np.broadcast_to(p, (100, 2))[:, -1].tolist() == q[:, 0].tolist()
    own = case.with_row(("P", "T", "governance"), Distribution("uniform", (0, 0.5)))
    apart = next(drawn_flows(own, "P", 100, 3)).saving[:, :, 0]
    assert apart[:, 0].tolist() == p[:, 0].tolist()
    assert apart[:, 1].tolist() != p[:, 0].tolist()


@given(st.floats(0, 0.5), st.floats(0, 0.5), st.floats(0, 0.3))
@settings(max_examples=examples(15), deadline=None)
def test_percentiles_rise_and_shares_are_shares(low: float, more: float, volatility: float) -> None:
    case = a_case(governance=Distribution("uniform", (low, low + more)), currency_volatility=fixed(volatility))
    (one,) = evaluate(case, draws=200, seed=5).outcomes
    for spread in (one.npv, one.yearly, one.payback):
        assert spread.p10 <= spread.p50 <= spread.p90
    assert 0 <= one.gains <= 1


def test_a_tornado_has_the_widest_bar_first_and_both_ends_by_hand() -> None:
    case = a_case(governance=Distribution("uniform", (0.0, 1.0)), retained_cost=Distribution("uniform", (0.0, 0.01)))
    bars = tornado(case, "P", "S")
    assert [bar.quantity for bar in bars] == ["governance", "retained cost"]
    annuity = 1 / 1.1 + 1 / 1.21 + 1 / 1.331
    assert bars[0].at_p90 - bars[0].at_p10 == pytest.approx(-0.8 * 6_000 * annuity)


def test_a_portfolio_takes_each_activity_where_its_median_is_best() -> None:
    case = read(ROOT / "src/anyshore/sourcing/samples/case.csv", Frame(START))
    found = evaluate(case, draws=500, seed=1)
    assert set(found.best) == {"Payables", "Research"}
    best = [one for one in found.outcomes if found.best[one.activity] == one.site]
    assert all(
        one.median_npv >= other.median_npv for one in best for other in found.outcomes if other.activity == one.activity
    )
    assert found.npv.p10 <= found.npv.p50 <= found.npv.p90


def test_no_draw_is_no_case() -> None:
    with pytest.raises(DataError):
        evaluate(a_case(), draws=0)


def test_a_case_from_leap_day_has_anniversaries() -> None:
    case = made(Frame(date(2028, 2, 29), 1, 0.1), BASE)
    (one,) = evaluate(case, draws=1).outcomes
    assert one.median_flows[1][0] == date(2029, 2, 28)
