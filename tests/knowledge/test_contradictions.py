"""Contradictions between sources are found, and another spelling of one figure is none."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from tests.draws import seeds

from anyshore.base.errors import DataError
from anyshore.knowledge import stated_values
from anyshore.knowledge.contradictions import Statement, contradict, find, statement
from anyshore.knowledge.source_grades import grade, voices

PLANTED = 200


def of(value: str, period: str = "2025", kind: str = "flow", id: str = "a") -> Statement:
    return statement(id, "Tarnow Pumpen GmbH", "revenue", value, "a.txt", period, kind)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("EUR 1.2 million", 1_150_000, 1_250_000, "EUR"),
        ("1,200,000 EUR", "1199999.5", "1200000.5", "EUR"),
        ("€1.2m", 1_150_000, 1_250_000, "EUR"),
        ("1,2 Mio. EUR", 1_150_000, 1_250_000, "EUR"),
        ("1.200.000 €", "1199999.5", "1200000.5", "EUR"),
        ("TEUR 1.200", 1_199_500, 1_200_500, "EUR"),
        ("about 1,200,000 EUR", 1_150_000, 1_250_000, "EUR"),
        ("-3.5 %", "-3.55", "-3.45", "%"),
        ("10–12 million USD", 9_500_000, 12_500_000, "USD"),
        ("1.200 Mitarbeiter", "1199.5", "1200.5", "people"),
        ("more than 500 employees", "499.5", "Infinity", "people"),
        ("2.5 t", 2450, 2550, "kg"),
        ("120 m", "119.5", "120.5", "m"),
        ("EUR -2 million", -2_500_000, -1_500_000, "EUR"),
    ],
)
def test_the_digits_printed_bound_what_can_be_meant(text: str, low: object, high: object, unit: str) -> None:
    read = stated_values.read(text)
    assert (read.low, read.high, read.unit) == (Decimal(str(low)), Decimal(str(high)), unit)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("EUR 1.2 million", "1,200,000 EUR"), ("EUR 1.2 million", "1,234,567 EUR"), ("EUR 1.2 million", "1.200 TEUR"),
        ("12 March 1987", "1987"), ("Dr. Anna Weber", "Anna Weber"), ("EUR 5 million", "USD 9 million"),
        ("more than 400 employees", "412"), ("31.03.2025", "March 31, 2025"),
    ],
)  # fmt: skip
def test_one_thing_said_in_two_ways_is_no_contradiction(one: str, other: str) -> None:
    assert not contradict(of(one), of(other))
    assert not contradict(of(other), of(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("EUR 1.2 million", "EUR 1.3 million"), ("EUR 1.2 million", "1,300,000 EUR"), ("412 employees", "413 staff"),
        ("12 March 1987", "1988"), ("Anna Weber", "Jonas Keller"), ("more than 500 employees", "412"),
        ("EUR 1.2 million", "EUR 1.2 billion"), ("12 %", "13 percent"),
    ],
)  # fmt: skip
def test_what_cannot_both_be_true_contradicts(one: str, other: str) -> None:
    assert contradict(of(one), of(other))
    assert contradict(of(other), of(one))


def test_flows_of_other_periods_are_not_compared_and_stocks_that_overlap_are() -> None:
    assert not contradict(of("5 EUR", "2024"), of("9 EUR", "2025"))
    assert not contradict(of("5 EUR", "Q1 2025"), of("9 EUR", "2025"))
    assert contradict(of("5 EUR", "2025"), of("9 EUR", "2025-01-01/2025-12-31"))
    assert contradict(of("5 people", "2025-12-31", "stock"), of("9 people", "2025", "stock"))
    assert not contradict(of("5 people", "2024-12-31", "stock"), of("9 people", "2025-12-31", "stock"))
    assert contradict(of("HRB 1", "", "lasting"), of("HRB 2", "", "lasting"))


def test_three_statements_of_which_one_differs_stand_side_by_side_once() -> None:
    (found,) = find([of("5 EUR", id="a"), of("5.0 EUR", id="b"), of("9 EUR", id="c"), of("3 EUR", "2024", id="d")])
    assert [one.id for one in found.statements] == ["a", "b", "c"]
    assert found.pairs == (("a", "c"), ("b", "c"))


def test_a_period_nobody_can_read_and_a_flow_without_one_are_refused() -> None:
    for period, kind in (("last year", "lasting"), ("", "flow"), ("2025", "river")):
        with pytest.raises(DataError):
            of("5 EUR", period, kind)


def test_planted_contradictions_are_flagged_and_other_spellings_are_not() -> None:
    flagged = false = consistent = planted = 0
    for seed in seeds(20, PLANTED):
        draw = random.Random(seed)
        for _ in range(PLANTED // 20):
            value = draw.randint(10_000_000, 999_999_999)
            first, second = _said(value, draw), _said(value, draw)
            consistent += 1
            false += contradict(of(first), of(second))
            # A fifth of more than ten million is more than any of the roundings below hides.
            other = value * draw.choice((3, 4, 6, 7, 8, 13, 14, 15, 20, 100)) // 10
            planted += 1
            flagged += contradict(of(first), of(_said(other, draw)))
    assert flagged == planted
    assert planted >= PLANTED
    assert false <= consistent * 0.05


def _said(value: int, draw: random.Random) -> str:
    """A sum as a report may print it: whole, in thousands or millions, English or German."""
    german = f"{value:,}".replace(",", ".")
    million = Decimal(value) / 1_000_000
    digits = draw.randint(1, 3)
    thousand = f"{(value + 500) // 1000:,}"
    return draw.choice(
        [
            f"{value:,} EUR", f"€{value:,}", f"EUR {value}", f"{german} €", f"EUR {million:.{digits}f} million",
            f"€{million:.{digits}f}m", f"{million:.{digits}f}".replace(".", ",") + " Mio. EUR",
            f"EUR {thousand} thousand", f"TEUR {thousand.replace(',', '.')}", f"{million / 1000:.5f} billion euros",
        ]
    )  # fmt: skip


def test_grades_and_voices() -> None:
    assert str(grade("b-2")) == "B2"
    assert grade("F6").words == "reliability cannot be judged, truth cannot be judged"
    with pytest.raises(DataError, match="no grade"):
        grade("G1")
    origins = {"paper": "release", "portal": "paper", "register": ""}
    assert voices(origins, ["paper", "portal"]) == {"release"}
    assert len(voices(origins, origins)) == 2
    with pytest.raises(DataError, match="repeat each other"):
        voices({"a": "b", "b": "a"}, ["a"])
