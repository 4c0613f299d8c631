from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.payroll.charts import tax

from anyshore.params import loads as parameters
from anyshore.payroll import schemes
from anyshore.payroll.schemes import Scheme, SchemeError, compute
from anyshore.payroll.wagetax import WageTaxError

TWO = """
parameters:
  rate:
    description: rate of the levy
    unit: percent
    values:
      - {from: 2020-01-01, value: 10, source: Act 1}
      - {from: 2021-01-01, value: 12.5, source: Act 2}
"""
FIGURES = """
country: ZZ
title: {en: Nowhere, de: Nirgends}
currency: XTS
inputs:
  pay: {title: {en: Pay, de: Lohn}, unit: XTS}
  rest: {title: {en: Rest, de: Rest}, default: 0}
figures:
  levy:
    title: {en: Levy, de: Abgabe}
    law: Act 1
    of:
      - {from: 2020-01-01, formula: pay * rate / 100}
      - {from: 2022-01-01, formula: pay * january.rate / 200, law: Act 3}
    round: half up 2
  before:
    title: {en: Levy of the year before, de: Abgabe des Vorjahres}
    law: Act 4
    again: {when: rest > 0, day: "date(day.year - 1, 12, 31)", inputs: {pay: rest}, figures: [levy]}
  tax:
    title: {en: Tax, de: Steuer}
    law: Act 5
    chart: {when: pay > 5, inputs: {A: pay, Q: rest}, outputs: [X, NONE]}
  net:
    title: {en: Net, de: Netto}
    law: Act 1
    of: pay - levy - before.levy - tax.X
"""


def nowhere(figures: str = FIGURES) -> Scheme:
    return schemes.loads(figures, parameters(TWO), file="figures.yaml")


def test_a_country_is_two_files(tmp_path: Path) -> None:
    (tmp_path / "parameters.yaml").write_text(TWO, "utf-8")
    (tmp_path / "figures.yaml").write_text(FIGURES, "utf-8")
    assert schemes.load(tmp_path).country == "ZZ"
    assert schemes.countries() == ["DE"]
    with pytest.raises(SchemeError, match="no payroll of 'ZZ'"):
        schemes.country("ZZ")


def test_formulas_and_parameters_hold_by_day() -> None:
    charts = [tax("X = A.divide(BigDecimal.TEN, 2, BigDecimal.ROUND_DOWN)")]
    on = [compute(nowhere(), date(year, 5, 1), {"pay": 3}).amount("levy") for year in (2020, 2021, 2022)]
    assert on == [Decimal("0.30"), Decimal("0.38"), Decimal("0.19")]
    payslip = compute(nowhere(), date(2031, 5, 1), {"pay": 100, "rest": 40}, charts)
    assert payslip.figures() == {
        "levy": Decimal("6.25"), "before": {"levy": Decimal("2.50")}, "net": Decimal("81.25"),
        "tax": {"X": Decimal("10.00"), "NONE": 0},
    }  # fmt: skip


def test_every_figure_opens() -> None:
    payslip = compute(nowhere(), date(2022, 5, 1), {"pay": 4})
    levy = payslip.explain("levy")
    assert (levy.formula, levy.law, levy.rounding, levy.value) == (
        "pay * january.rate / 200", "Act 3", "half up 2", Decimal("0.25"),
    )  # fmt: skip
    assert [(one.name, one.kind, one.value) for one in levy.operands] == [("pay", "input", Decimal(4))]
    early = compute(nowhere(), date(2021, 5, 1), {"pay": 4}).explain("levy")
    assert [(one.name, one.source, str(one.valid_from)) for one in early.operands if one.kind == "parameter"] == [
        ("rate", "Act 2", "2021-01-01")
    ]
    assert payslip.explain("tax").formula.splitlines() == ["when = pay > 5", "A = pay", "Q = rest"]
    assert {one.name for one in payslip.explain("net").operands} == {"pay", "levy", "before", "tax"}
    with pytest.raises(SchemeError, match="no figure 'nett'") as found:
        payslip.explain("nett")
    assert "net" in found.value.hint


def test_only_what_is_wanted_is_computed() -> None:
    payslip = compute(nowhere(), date(2031, 5, 1), {"pay": 100}, wanted=["before"])
    assert list(payslip.figures()) == ["levy", "before"]
    with pytest.raises(SchemeError):
        compute(nowhere(), date(2031, 5, 1), {"pay": 100}, wanted=["nothing"])


@pytest.mark.parametrize(
    ("inputs", "word"),
    [
        ({}, "missing: pay"),
        ({"pay": 1, "paid": 2}, "unknown: paid"),
        ({"pay": 1.5}, "no exact"),
        ({"pay": "x"}, "levy"),
    ],
)  # fmt: skip
def test_inputs_are_checked(inputs: dict[str, object], word: str) -> None:
    with pytest.raises(SchemeError, match=word):
        compute(nowhere(), date(2021, 1, 1), inputs)


def test_a_day_before_the_law_and_a_year_without_a_chart_are_told() -> None:
    with pytest.raises(SchemeError, match="no formula for 2019"):
        compute(nowhere(), date(2019, 1, 1), {"pay": 1})
    with pytest.raises(WageTaxError, match="no flow chart for 2032"):
        compute(nowhere(), date(2032, 1, 1), {"pay": 10}, [tax("X = A")])


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("rate / 100", "rates / 100", "payroll.unknown"), ("of: pay - levy", "of: pay - (levy", "feel."),
        ("  before:", "  pay:", "payroll.name"), ("[levy]}", "[net]}", "payroll.order"),
        ("2022-01-01", "2019-01-01", "payroll.order"),
        ("    of: pay - levy - before.levy - tax.X", "    round: up 2", "payroll.source"),
        ("half up 2", "half 2", ""), ("country: ZZ", "land: ZZ", ""),
    ],
)  # fmt: skip
def test_problems_of_the_file_are_told_with_their_place(old: str, new: str, code: str) -> None:
    with pytest.raises(SchemeError) as found:
        nowhere(FIGURES.replace(old, new, 1))
    assert any(code in one.code for one in found.value.diagnostics)
    assert all(one.location.line for one in found.value.diagnostics)
