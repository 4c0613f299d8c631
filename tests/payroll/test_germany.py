"""Germany: figures computed by hand from the law."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from conformance import social_insurance
from hypothesis import given
from hypothesis import strategies as st
from tests.payroll.charts import chart

from anyshore.payroll import schemes
from anyshore.payroll.schemes import Payslip, compute
from anyshore.payroll.wagetax import WageTax, read

SOCIAL = ("social_employee", "social_employer", "u1", "u2", "insolvency", "subsidies", "march_clause", "levy_base")


def slip(day: str, wanted: tuple[str, ...] = SOCIAL, **inputs: object) -> Payslip:
    exact = {
        name: Decimal(value) if isinstance(value, str) and value[0].isdigit() else value
        for name, value in inputs.items()
    }
    return compute(schemes.country("DE"), date.fromisoformat(day), exact, wanted=wanted)


def figures(payslip: Payslip, *names: str) -> list[str]:
    return [str(payslip.amount(name)) for name in names]


def test_the_suite_passes(data_dir: Path) -> None:
    score = social_insurance.run(data_dir)
    assert score.failed == []
    assert score.passed == score.total >= 29


def test_above_the_ceilings() -> None:
    one = slip("2026-06-30", salary="9000", health_extra="2.5", u1_rate="1.9", u2_rate="0.44")
    assert figures(one, "pension_base", "health_base", "pension_employee", "unemployment_employee") == [
        "8450.00", "5812.50", "785.85", "109.85",
    ]  # fmt: skip
    assert figures(one, "health_employee", "extra_employee", "care_employee") == ["424.31", "72.66", "139.51"]
    assert figures(one, "u1", "u2", "insolvency") == ["160.55", "37.18", "12.68"]


@pytest.mark.parametrize(
    ("day", "saxony", "parent", "children", "employee", "employer"),
    [
        ("2024-05-31", False, True, 1, "51.00", "51.00"), ("2024-05-31", False, False, 0, "69.00", "51.00"),
        ("2024-05-31", False, True, 3, "36.00", "51.00"), ("2024-05-31", False, True, 9, "21.00", "51.00"),
        ("2024-05-31", True, True, 1, "66.00", "36.00"), ("2018-05-31", True, False, 0, "60.75", "23.25"),
        ("2025-05-31", True, False, 0, "87.00", "39.00"), ("2023-06-30", False, True, 4, "45.75", "45.75"),
    ],
)  # fmt: skip
def test_care(day: str, saxony: bool, parent: bool, children: int, employee: str, employer: str) -> None:
    one = slip(day, salary="3000", saxony=saxony, parent=parent, children=children)
    assert figures(one, "care_employee", "care_employer") == [employee, employer]


def test_no_surcharge_before_the_age_of_23() -> None:
    assert figures(slip("2024-05-31", salary="3000", age=22), "care_surcharge") == ["0.00"]


@pytest.mark.parametrize(
    ("pay", "exempt", "employee", "employer"),
    [("538", True, "0.00", "150.64"), ("538", False, "19.37", "150.64"), ("100", False, "17.55", "28.00")],
)
def test_marginal_employment(pay: str, exempt: bool, employee: str, employer: str) -> None:
    """100 EUR: 18.6 % of the least base of 175 are 32.55, the employer bears 15 % of 100 (§ 168 (1) no. 1b SGB VI)."""
    one = slip("2024-03-31", salary=pay, pension_exempt=exempt)
    assert figures(one, "social_employee", "social_employer") == [employee, employer]
    assert slip("2024-03-31", salary="538.01").values["kind"] == "transition"


@pytest.mark.parametrize(
    ("day", "limit"), [("2018-01-31", "450"), ("2022-10-31", "520"), ("2024-01-31", "538"), ("2025-01-31", "556"),
     ("2026-01-31", "603")]
)  # fmt: skip
def test_the_limit_of_marginal_employment_follows_the_minimum_wage(day: str, limit: str) -> None:
    assert figures(slip(day, ("marginal_up_to",)), "marginal_up_to") == [limit]


@pytest.mark.parametrize(
    ("day", "factor"),
    [("2018-05-31", "0.7547"), ("2020-05-31", "0.7547"), ("2023-02-28", "0.6922"), ("2026-12-31", "0.6619")],
)
def test_factor_f_of_other_years(day: str, factor: str) -> None:
    assert figures(slip(day, ("factor_f",)), "factor_f") == [factor]


def test_the_zone_reached_850_until_june_2019() -> None:
    kinds = [slip(day, ("kind",), salary="900").values["kind"] for day in ("2019-06-30", "2019-07-31")]
    assert kinds == ["regular", "transition"]


def test_a_month_below_the_limit_within_the_zone() -> None:
    one = slip("2024-05-31", salary="300", usual_pay="900")
    assert figures(one, "transition_base", "transition_base_employee", "pension_employee") == ["205.38", "0.00", "0.00"]
    assert figures(one, "pension_employer") == ["38.20"]


def test_two_jobs_in_the_zone_share_its_base() -> None:
    whole = slip("2024-05-31", salary="950")
    half = slip("2024-05-31", salary="475", other_pay="475")
    assert abs(2 * half.amount("transition_base") - whole.amount("transition_base")) <= Decimal("0.01")


def test_several_jobs_share_the_ceiling() -> None:
    """§ 22 (2) SGB IV: 7,550 in proportion of 6,000 and 4,000; health each at most its ceiling before."""
    one = slip("2024-05-31", salary="6000", other_pay="4000")
    assert figures(one, "pension_base", "health_base") == ["4530.00", "2918.87"]


def test_a_trainee_below_325() -> None:
    one = slip("2024-05-31", salary="300", employment="trainee", parent=True)
    assert figures(one, "social_employee", "pension_employer", "care_employer") == ["0.00", "55.80", "10.20"]


def test_half_of_a_month() -> None:
    one = slip("2024-05-31", salary="9000", month_days=31, paid_days=15, insured_days=15)
    assert figures(one, "gross", "pension_base", "health_base") == ["4354.84", "3775.00", "2587.50"]


def test_a_one_off_payment_fills_the_room_of_the_year() -> None:
    """Room of pension until June 2024: 6 × 7,550 − 5 × 7,000 − 7,000 = 3,300."""
    one = slip(
        "2024-06-30", salary="7000", one_off="5000", year_days=180, year_pension_base="35000", year_health_base="25875"
    )
    assert figures(one, "once_pension", "once_health", "pension_base", "levy_base") == [
        "3300.00",
        "0.00",
        "10300.00",
        "7000.00",
    ]


def test_march_clause() -> None:
    """§ 23a (4) SGB IV: in March beyond the ceiling so far, it belongs to December with the rates of that year."""
    given = {
        "salary": "5000",
        "one_off": "4000",
        "year_days": 90,
        "year_pension_base": "10000",
        "year_health_base": "10000",
    }
    before = {"previous_days": 360, "previous_pension_base": "60000", "previous_health_base": "58050"}
    one = slip("2025-03-31", **given, **before, health_extra="2.5")
    assert one.values["march_clause"] is True
    assert figures(one, "once_pension", "health_base") == ["0.00", "5000.00"]
    earlier = one.values["earlier"]
    assert isinstance(earlier, dict)
    assert (str(earlier["pension_base"]), str(earlier["health_base"])) == ("4000.00", "4000.00")
    assert str(earlier["care_employer"]) == "68.00"  # 3.4 % in 2024, not the 3.6 % of 2025
    branches = [f"{branch}_employee" for branch in ("pension", "unemployment", "health", "extra", "care")]
    assert one.amount("social_employee") == sum(one.amount(each) + earlier[each] for each in branches)
    assert slip("2025-04-30", **given, **before).values["march_clause"] is False
    assert slip("2025-03-31", **given, previous_days=0).values["march_clause"] is False


def test_private_insurance_is_subsidised_by_half_up_to_the_fund_s() -> None:
    cheap = slip("2024-05-31", salary="7000", health_group=0, care_group=0, private_health="600", private_care="60")
    dear = slip("2024-05-31", salary="7000", health_group=0, care_group=0, private_health="1200", private_care="200")
    assert figures(cheap, "private_health_employer", "private_care_employer") == ["300.00", "30.00"]
    assert figures(dear, "private_health_employer", "private_care_employer") == ["421.76", "87.98"]
    assert figures(dear, "health_employee", "care_employee") == ["0.00", "0.00"]


def test_a_pensioner_at_work_bears_no_pension_contribution() -> None:
    one = slip("2024-05-31", salary="3000", pension_group=3, unemployment_group=2, health_group=3)
    assert figures(one, "pension_employee", "pension_employer", "unemployment_employee", "unemployment_employer") == [
        "0.00", "279.00", "0.00", "39.00",
    ]  # fmt: skip
    assert figures(one, "health_employee") == ["210.00"]


@given(
    st.sampled_from(["2018-03-31", "2019-08-31", "2022-05-31", "2022-11-30", "2023-07-31", "2026-01-31"]),
    st.decimals(min_value=1, max_value=12000, places=2), st.booleans(), st.integers(0, 7), st.booleans(),
    st.integers(1, 30),
)  # fmt: skip
def test_nobody_pays_less_than_nothing(
    day: str, pay: Decimal, parent: bool, children: int, saxony: bool, days: int
) -> None:
    one = slip(day, salary=pay, parent=parent, children=children, saxony=saxony, insured_days=days)
    for branch in ("pension", "unemployment", "health", "extra", "care"):
        assert one.amount(f"{branch}_employee") >= 0
        assert one.amount(f"{branch}_employer") >= 0
    assert one.amount("social_employee") < pay
    assert one.amount("pension_base") <= one.amount("gross")


def test_tax_of_a_part_of_a_month_is_by_day_and_church_tax_by_state() -> None:
    inputs = "".join(
        f'<INPUT name="{name}" type="{kind}"/>'
        for name, kind in (("RE4", "BigDecimal"), ("LZZ", "int"), ("R", "int"), ("SONSTB", "BigDecimal"))
    )
    outputs = "".join(
        f'<OUTPUT name="{name}" type="BigDecimal"/>' for name in ("LSTLZZ", "SOLZLZZ", "BK", "STS", "SOLZS", "BKS")
    )
    content = chart(
        "LSTLZZ = RE4.multiply(BigDecimal.valueOf(0.2)).setScale(0, BigDecimal.ROUND_DOWN)", "BK = LSTLZZ",
        "STS = SONSTB.multiply(BigDecimal.valueOf(0.3)).setScale(0, BigDecimal.ROUND_DOWN)", "BKS = STS",
        inputs=inputs, name="Lohnsteuer2024",
    ).replace(b"</OUTPUTS>", outputs.encode() + b"</OUTPUTS>")  # fmt: skip
    charts = [WageTax(read(content, "made.xml"))]
    germany = schemes.country("DE")
    given = {"salary": 3000, "month_days": 31, "paid_days": 10, "insured_days": 10, "tax_days": 10, "church": "BY"}
    one = compute(germany, date(2024, 5, 31), {**given, "one_off": 100}, charts)
    assert figures(one, "gross_regular", "wage_tax", "church_tax") == ["967.74", "223.50", "17.80"]
    flat = compute(germany, date(2024, 5, 31), {"salary": 500, "flat_tax": True}, charts)
    assert figures(flat, "wage_tax", "marginal_flat_tax", "net") == ["0.00", "10.00", "500.00"]
