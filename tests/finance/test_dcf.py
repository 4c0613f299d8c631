"""Discounted cash flows and comparables against values worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.base.errors import DataError
from anyshore.finance import comparables, dcf, returns
from anyshore.finance.comparables import Peer
from anyshore.knowledge import derivations

D = Decimal
CASE = dcf.Case((D(110), D(121)), D("0.10"), D("0.05"), D(100), D(10))


def test_capital_cost_is_built_up() -> None:
    cost = dcf.CapitalCost(D("0.03"), D("0.05"), D("1.2"), D("0.04"), D("0.25"), D(75), D(25), D("0.01"))
    assert (cost.of_equity, cost.of_debt, cost.average) == (D("0.10"), D("0.03"), D("0.0825"))
    with pytest.raises(DataError):
        _ = replace(cost, equity=D(0), debt=D(0)).average


def test_a_company_is_worth_its_flows() -> None:
    found = dcf.value(CASE)
    assert found.present == (D(100), D(100))
    assert found.terminal == D("127.05") / D("0.05")
    assert found.terminal_present == D(2100)
    assert (found.enterprise, found.equity, found.per_share) == (D(2300), D(2200), D(220))
    assert found.terminal_share == pytest.approx(D(21) / D(23), rel=D("1e-30"))


def test_flows_in_the_middle_of_the_year_are_worth_more() -> None:
    early = dcf.value(replace(CASE, mid_year=True))
    assert abs(early.enterprise / dcf.value(CASE).enterprise - D("1.1").sqrt()) < D("1e-25")


def test_a_derivation_over_the_same_figures_comes_to_the_same_value() -> None:
    known = {"flow": D(110), "wacc": D("0.0825")}
    (present,) = dcf.discounted(known["wacc"], [(D("0.5"), known["flow"])])
    assert derivations.compute(derivations.parse("flow / (1 + wacc)^0.5"), known) == present


def test_sensitivity_has_a_row_a_rate_and_no_value_where_growth_reaches_it() -> None:
    table = dcf.sensitivity(CASE, [D("0.05"), D("0.10")], [D("0.04"), D("0.05")])
    assert table[0][1] is None
    assert table[1][1] == D(220)
    assert table[1][0] is not None
    assert table[1][0] < D(220)


def test_scenarios_are_weighted() -> None:
    scenarios = [dcf.Scenario("a", D("0.25"), CASE), dcf.Scenario("b", D("0.75"), replace(CASE, net_debt=D(0)))]
    assert dcf.weighted(scenarios) == D("0.25") * 220 + D("0.75") * 230
    with pytest.raises(DataError, match="weights"):
        dcf.weighted(scenarios[:1])


@pytest.mark.parametrize(
    "wrong", [{"growth": D("0.10")}, {"flows": ()}, {"shares": D(0)}, {"rate": D(-2), "growth": D(-3)}]
)
def test_what_cannot_be_valued_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(DataError):
        dcf.value(replace(CASE, **wrong))  # type: ignore[arg-type]  # what is wrong


@given(st.lists(st.tuples(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(-(10**6), 10**6)), min_size=1))
def test_present_values_are_those_of_the_business_case(flows: list[tuple[date, int]]) -> None:
    found = sum(dcf.discounted(D("0.1"), dcf.dated([(day, D(amount)) for day, amount in flows])))
    wanted = returns.xnpv(0.1, [(day, float(amount)) for day, amount in flows])
    assert float(found) == pytest.approx(wanted, rel=1e-9, abs=1e-6)


def test_multiples_leave_out_with_a_reason() -> None:
    peers = [Peer("A", D(10), D(1)), Peer("B", D(30), D(2)), Peer("C", D(5), D(-1)), Peer("E", D(40), D(2)),
             Peer("F", D(9), D(1), "another business")]  # fmt: skip
    found = comparables.multiples(peers)
    assert (found.low, found.median, found.high) == (D("12.5"), D(15), D("17.5"))
    assert set(found.excluded) == {"C", "F"}
    assert found.excluded["F"] == "another business"
    for wrong in ([], peers[2:3], [peers[0], peers[0]]):
        with pytest.raises(DataError):
            comparables.multiples(wrong)
