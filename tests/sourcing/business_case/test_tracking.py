"""Bridges that sum to the cent, months against their case, and knowledge in its own units."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.draws import examples

from anyshore.base.errors import DataError
from anyshore.sourcing.business_case import knowledge, months
from anyshore.sourcing.business_case.bridge import STEPS, Bridge, Line, bridge
from anyshore.sourcing.business_case.case import Case, Frame, made
from anyshore.sourcing.business_case.distributions import fixed
from anyshore.sourcing.business_case.tracking import KEEP, Month, planned, track

START = date(2027, 1, 1)
D = Decimal


def cost(lines: list[Line]) -> Decimal:
    """By hand, rounded half up."""
    total = sum((one.items * one.work * one.price * one.exchange - one.credits for one in lines), D(0))
    return total.quantize(D("0.01"), "ROUND_HALF_UP")


numbers = st.decimals(0, 10_000, places=3, allow_nan=False, allow_infinity=False)
lines = st.lists(
    st.builds(
        Line, st.sampled_from("ABCDE"), numbers, numbers, numbers,
        st.decimals("0.01", 200, places=4), numbers,
    ),
    max_size=5, unique_by=lambda one: one.key,
)  # fmt: skip


@given(lines, lines)
@settings(max_examples=examples(100, 2_000), deadline=None)
def test_the_steps_of_any_two_months_sum_to_the_cent(before: list[Line], after: list[Line]) -> None:
    found = bridge(before, after)
    assert (found.planned, found.actual) == (cost(before), cost(after))
    assert found.planned + sum(found.steps.values()) == found.actual


def test_a_thousand_random_months_sum_to_the_cent() -> None:
    chance = np.random.default_rng(11)
    for _month in range(1_000):
        sides = [
            [
                Line(key, D(int(chance.integers(0, 20_000))), *(D(f"{one:.4f}") for one in chance.uniform(0.01, 90, 3)),
                     D(f"{chance.uniform(0, 900):.2f}"))
                for key in ("payables · PL", "payables · IN", "helpdesk · PL")
            ]
            for _side in range(2)
        ]  # fmt: skip
        found = bridge(*sides)
        assert (found.planned, found.actual) == (cost(sides[0]), cost(sides[1]))
        assert found.planned + sum(found.steps.values()) == found.actual


@pytest.mark.parametrize(
    ("step", "change", "expected"),
    [
        ("volume", {"items": D(110)}, "200.00"), ("productivity", {"work": D(3)}, "1000.00"),
        ("price", {"price": D(12)}, "400.00"), ("currency", {"exchange": D("1.1")}, "200.00"),
        ("credits", {"credits": D(50)}, "-50.00"),
    ],
)  # fmt: skip
def test_one_change_is_one_step(step: str, change: dict[str, Decimal], expected: str) -> None:
    plan = {"items": D(100), "work": D(2), "price": D(10), "exchange": D(1), "credits": D(0)}
    found = bridge([Line("A", **plan)], [Line("A", **(plan | change))])
    assert found.steps == {**dict.fromkeys(STEPS, D("0.00")), step: D(expected)}


def test_work_that_moves_to_a_dearer_site_is_mix() -> None:
    plan = [Line("PL", D(50), price=D(10)), Line("IN", D(50), price=D(4))]
    moved = bridge(plan, [Line("PL", D(80), price=D(10)), Line("IN", D(20), price=D(4))])
    assert moved.steps["mix"] == D("180.00")
    assert moved.steps["volume"] == 0
    new = bridge(plan, [*plan, Line("PH", D(10), price=D(7))])
    # A tenth more of everything would have been 70: what came is 70 at another site.
    assert (new.steps["volume"], new.steps["mix"]) == (D("70.00"), D("0.00"))


def test_a_month_that_was_not_planned_is_mix() -> None:
    assert bridge([], [Line("A", D(1), price=D(9))]) == Bridge(
        D("0.00"), {**dict.fromkeys(STEPS, D("0.00")), "mix": D("9.00")}, D("9.00")
    )


def test_a_line_that_is_none_is_refused() -> None:
    for broken in (
        lambda: Line("A", D(-1)), lambda: Line("A", D("NaN")), lambda: Line("A", D(1), exchange=D(0)),
        lambda: bridge([Line("A", D(1)), Line("A", D(2))], []),
    ):  # fmt: skip
        with pytest.raises(DataError):
            broken()


def a_case(**sites: float) -> Case:
    rows = {("P", "", "baseline volume"): fixed(12_000), ("P", "", "baseline unit cost"): fixed(10)}
    rows |= {("P", site, "price per item"): fixed(price) for site, price in sites.items()}
    rows[("P", "", "one-off cost")] = fixed(20_000)
    return made(Frame(START, 3, 0.1), rows)


def test_the_plan_of_a_month_is_a_twelfth_of_its_year() -> None:
    grown = a_case(S=6).with_row(("P", "", "volume growth"), fixed(0.1))
    line, own = planned(grown, "P", "S", date(2028, 3, 1))
    assert (line.items.quantize(D("0.001")), line.price, own) == (D("1100.000"), D(6), D(10))
    for outside in (date(2026, 12, 1), date(2030, 1, 1)):
        with pytest.raises(DataError) as error:
            planned(grown, "P", "S", outside)
        assert error.value.code == "business.months"


def test_months_as_planned_bring_what_was_planned_and_flip_nothing() -> None:
    found = track(a_case(S=6, T=7), "P", "S", [Month(date(2027, n, 1), D(1_000), D(6_000)) for n in (1, 2)])
    assert found.benefit == found.planned_benefit == D("8000.00")
    assert [one.bridge.steps["price"] for one in found.months] == [0, 0]
    assert found.revised_npv == pytest.approx(found.expected_npv)
    assert (found.best_then, found.best_now, found.flips) == ("S", "S", False)


def test_the_alert_comes_where_the_other_site_or_keeping_would_be_better() -> None:
    dearer = [Month(START, D(1_000), D(9_500))]
    assert track(a_case(S=6, T=7), "P", "S", dearer).best_now == "T"
    alone = track(a_case(S=6), "P", "S", [Month(START, D(1_000), D(10_500))])
    assert (alone.best_now, alone.flips) == (KEEP, True)
    # A little dearer: moving again would cost another 20,000, which this does not save.
    assert not track(a_case(S=6, T=6.1), "P", "S", [Month(START, D(1_000), D(6_300))]).flips


def test_what_moved_a_month_is_told() -> None:
    rows = {
        ("P", "", "baseline volume"): fixed(12_000), ("P", "", "baseline unit cost"): fixed(10),
        ("P", "S", "hours per item"): fixed(0.5), ("P", "S", "rate"): fixed(12),
    }  # fmt: skip
    case = made(Frame(START, 1), rows)
    month = Month(START, D(1_100), D("6380"), D(100), D(580), D("1.05"))
    (one,) = track(case, "P", "S", [month]).months
    assert one.bridge.planned == D("6000.00")
    assert one.bridge.steps == {
        "volume": D("600.00"), "mix": D("0.00"), "productivity": D("360.00"), "price": D("-580.00"),
        "currency": D("319.00"), "credits": D("-100.00"),
    }  # fmt: skip
    assert one.bridge.actual == D("6599.00")
    assert one.benefit == D("11000.00") - D("6599.00")


def test_what_cannot_be_tracked_is_refused() -> None:
    case = a_case(S=6)
    for activity, site, given_months in (("Q", "S", [Month(START, D(1), D(1))]), ("P", "Z", []), ("P", "S", [])):
        with pytest.raises(DataError):
            track(case, activity, site, given_months)


def test_months_are_read() -> None:
    found = months.read(
        b"Monat;St\xc3\xbcck;Entgelt;Kurs\n2027-01;1000;6.000,50;1,05\n2027-02;900;5.400,00;\n", "m.csv"
    )
    assert found[0] == Month(START, D(1_000), D("6000.50"), exchange=D("1.05"))
    assert found[1].exchange == 1


@pytest.mark.parametrize(
    ("rows", "code"),
    [("2027-13,1,1,", "business.month"), ("January,1,1,", "business.month"),
     ("2027-01,1,1,\n2027-01,1,1,", "business.twice"),
     ("", "business.months"), ("2027-01,1,1,0", "business.exchange"), ("2027-01,-1,1,", "tables.too-small")],
)  # fmt: skip
def test_months_that_cannot_be_used_are_refused(rows: str, code: str) -> None:
    with pytest.raises(DataError) as error:
        months.read(f"month,items,fees,exchange\n{rows}\n".encode(), "m.csv")
    assert code in {one.code for one in error.value.diagnostics}


def test_knowledge_is_gained_in_its_own_units() -> None:
    found = knowledge.read(
        b"measure,baseline,now,source\ntime to insight,30,20,log\naccess to expertise,2,9,roster\n"
        b"knowledge handed back,,3,list\n"
    )
    assert [one.gained for one in found] == [10, 7, None]
    assert found[0].as_dict()["unit"] == "days"
    with pytest.raises(DataError):
        knowledge.gain("wisdom", 1, 2)
    with pytest.raises(DataError):
        knowledge.gain("calibration", 1, float("nan"))
