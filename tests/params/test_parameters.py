from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore import params
from anyshore.params import ParamsError

VAT = """
title: Value added tax, standard rates
country: DE
parameters:
  vat.standard:
    description: standard rate
    unit: percent
    values:
      - {from: 2007-01-01, value: 19, source: § 12 (1) UStG}
      - {from: 2020-07-01, value: 16, source: § 28 (1) UStG}
      - {from: 2021-01-01, value: 19, source: § 12 (1) UStG, url: "https://www.gesetze-im-internet.de/ustg_1980/__12.html"}
  old.levy:
    description: a levy that ended
    unit: percent
    values:
      - {from: 1995-01-01, value: 5.5, source: own example}
      - {from: 2021-01-01, value: null, source: own example}
  scale:
    description: a table
    unit: table
    values:
      - from: 2024-01-01
        source: own example
        value:
          - {above: 0, rate: 0.1}
          - {above: 1000, rate: 0.25}
"""


@pytest.fixture
def vat() -> params.Parameters:
    return params.loads(VAT, file="vat.yaml")


DAYS = [
    (date(2007, 1, 1), 19), (date(2020, 6, 30), 19), (date(2020, 7, 1), 16), (date(2020, 12, 31), 16),
    (date(2021, 1, 1), 19), (date(2099, 1, 1), 19),
]  # fmt: skip


@pytest.mark.parametrize(("day", "rate"), DAYS)
def test_the_value_of_the_day(vat: params.Parameters, day: date, rate: int) -> None:
    assert vat["vat.standard"].at(day) == rate
    assert vat["vat.standard"].number(day) == Decimal(rate)


def test_a_value_knows_its_source_and_place(vat: params.Parameters) -> None:
    found = vat["vat.standard"].dated(date(2020, 8, 1))
    assert found.source == "§ 28 (1) UStG"
    assert (found.location.file, found.location.line) == ("vat.yaml", 10)
    assert vat["vat.standard"].unit == "percent"


def test_before_the_first_value(vat: params.Parameters) -> None:
    with pytest.raises(ParamsError, match=r"no value on 2006-12-31, its first is of 2007-01-01") as caught:
        vat["vat.standard"].at(date(2006, 12, 31))
    assert caught.value.location.line == 5


def test_abolished(vat: params.Parameters) -> None:
    assert vat["old.levy"].at(date(2022, 1, 1)) is None
    with pytest.raises(ParamsError, match="not a number"):
        vat["old.levy"].number(date(2022, 1, 1))


def test_numbers_in_tables_are_decimals(vat: params.Parameters) -> None:
    assert vat["scale"].at(date(2025, 1, 1)) == [
        {"above": Decimal(0), "rate": Decimal("0.1")},
        {"above": Decimal(1000), "rate": Decimal("0.25")},
    ]


def test_all_values_of_a_day(vat: params.Parameters) -> None:
    assert vat.at(date(2000, 1, 1)) == {"old.levy": Decimal("5.5")}
    assert set(vat.at(date(2026, 1, 1))) == {"vat.standard", "scale"}


def test_unknown_name(vat: params.Parameters) -> None:
    with pytest.raises(ParamsError, match=r"did you mean 'vat\.standard'"):
        vat["vat.standart"]


def test_merged_refuses_the_same_name_twice(vat: params.Parameters) -> None:
    with pytest.raises(ParamsError, match="stands in two files"):
        vat.merged(vat)
    other = params.loads(VAT.replace("vat.standard", "vat.x").replace("old.levy", "y").replace("scale", "z"))
    assert len(vat.merged(other)) == 6


BAD = [
    ("", "yaml.type"),
    ("parameters: {}", "yaml.empty"),
    ("parameters: {a: {description: x, unit: y, values: [{from: 2024-01-01, value: 1}]}}", "yaml.missing-key"),
    ("parameters: {a: {description: x, unit: y, values: [{from: 2024, value: 1, source: z}]}}", "yaml.type"),
    ("parameters: {A: {description: x, unit: y, values: [{from: 2024-01-01, value: 1, source: z}]}}", "yaml.pattern"),
    ("parameters: {a: {description: x, values: [{from: 2024-01-01, value: 1, source: z}]}}", "yaml.missing-key"),
    ("parameters: {a: {description: x, unit: y, values: [{from: 2024-01-01, value: 1, source: z}, "
     "{from: 2024-01-01, value: 2, source: z}]}}", "params.order"),
    ("a: b: c", "yaml.syntax"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code"), BAD)
def test_bad(text: str, code: str) -> None:
    with pytest.raises(ParamsError) as caught:
        params.loads(text, file="p.yaml")
    assert [d.code for d in caught.value.diagnostics] == [code]


def test_unreadable_files(tmp_path: Path) -> None:
    with pytest.raises(ParamsError, match="Cannot read"):
        params.read(tmp_path / "absent.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"title: \xfc\n")
    with pytest.raises(ParamsError, match="not UTF-8"):
        params.read(tmp_path / "latin.yaml")


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=12, unique=True).map(sorted), st.integers(-10, 5100))
def test_the_latest_value_not_after_the_day(offsets: list[int], asked: int) -> None:
    base = date(2010, 1, 1)
    rows = "".join(f"\n      - {{from: {base + timedelta(o)}, value: {o}, source: s}}" for o in offsets)
    parameter = params.loads(f"parameters:\n  p:\n    description: d\n    unit: u\n    values:{rows}\n")["p"]
    day = base + timedelta(asked)
    past = [o for o in offsets if o <= asked]
    if past:
        assert parameter.at(day) == max(past)
    else:
        with pytest.raises(ParamsError):
            parameter.at(day)
