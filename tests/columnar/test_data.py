"""What columns hold that FEEL or Polars has no values for: left alone where nobody reads it, else refused by name."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pytest
from tests.columnar.test_decide_table import fee

from anyshore import dmn
from anyshore.base.errors import DmnError
from anyshore.columnar import decide_table
from anyshore.dmn.grids import Column, Table, to_xml

ROW = "select 'EU' as zone, 11 as amount"


@pytest.mark.parametrize(
    "value",
    [
        "interval 3 months",
        "'infinity'::date",
        "'-infinity'::timestamp",
        "'24:00:00'::time",
        "'b'::enum('a', 'b')",
        "[interval 1 day]",
    ],
)
def test_a_column_nobody_reads_stays_as_it_is(value: str) -> None:
    given = duckdb.sql(f"{ROW}, {value} as unread")
    wanted = given.project("unread").fetchall()
    found = decide_table(fee(), "Fee", given).data
    assert found.project("unread").fetchall() == wanted
    assert found.project("Fee").fetchall() == [(Decimal("9.90"),)]


def test_a_wide_arrow_decimal_nobody_reads_stays_as_it_is() -> None:
    wide = pa.array([Decimal("1.5")], pa.decimal256(50, 2))
    found = decide_table(fee(), "Fee", pa.table({"zone": ["EU"], "amount": [1], "wide": wide})).data
    assert found.schema.field("wide").type == pa.decimal256(50, 2)


def test_a_wide_arrow_decimal_of_few_digits_is_read() -> None:
    amounts = pa.array([Decimal("10.00"), Decimal("10.01"), None], pa.decimal256(20, 2))
    found = decide_table(fee(), "Fee", pa.table({"zone": ["EU"] * 3, "amount": amounts})).data
    assert found.column("Fee").to_pylist() == [Decimal("4.90"), Decimal("9.90"), None]


@pytest.mark.parametrize(
    ("value", "code", "words"),
    [
        ("interval 3 months", "columnar.type", "amount is of type month_day_nano_interval"),
        ("'12'::bignum", "columnar.type", "amount is of type"),
        ("'12:00:00+01'::timetz", "columnar.type", "TIME WITH TIME ZONE"),
        ("[interval 1 day]", "columnar.type", "amount is of type list"),
        ("'infinity'::date", "columnar.value", "in row 0"),
        ("'-infinity'::timestamptz", "columnar.value", "without end"),
        ("'20000-01-01'::date", "columnar.value", "after 9999"),
        ("'24:00:00'::time", "columnar.value", "24:00:00"),
    ],
)
def test_a_column_that_is_read_is_refused_by_name(value: str, code: str, words: str) -> None:
    with pytest.raises(DmnError, match=words) as caught:
        decide_table(fee(), "Fee", duckdb.sql(f"select 'EU' as zone, {value} as amount"))
    assert caught.value.code == code
    assert caught.value.hint


def test_a_zoned_time_of_duckdb_is_refused_though_nobody_reads_it() -> None:
    with pytest.raises(DmnError, match="unread is of type TIME WITH TIME ZONE"):
        decide_table(fee(), "Fee", duckdb.sql(f"{ROW}, '12:00:00+01'::timetz as unread"))


def test_a_wide_arrow_decimal_that_is_read_is_refused() -> None:
    wide = pa.array([Decimal("1.5")], pa.decimal256(50, 2))
    with pytest.raises(DmnError, match=r"decimal256\(50, 2\)"):
        decide_table(fee(), "Fee", pa.table({"zone": ["EU"], "amount": wide}))


def test_objects_are_refused() -> None:
    with pytest.raises(DmnError, match="amount is of type Object"):
        decide_table(fee(), "Fee", pl.DataFrame({"zone": ["EU"], "amount": pl.Series([object()], dtype=pl.Object)}))


def test_no_number_is_null() -> None:
    frame = pl.DataFrame({"zone": ["EU", "EU"], "amount": [float("nan"), 3.0]})
    found = decide_table(fee(), "Fee", frame)
    assert found.data["Fee"].to_list() == [None, Decimal("4.90")]


@pytest.mark.parametrize("zones", [["US"], ["EU"], [None], []])
def test_the_type_of_an_outcome_is_that_of_the_model_whatever_the_rows(zones: list[str | None]) -> None:
    frame = pl.DataFrame({"zone": pl.Series(zones, dtype=pl.String), "amount": [1] * len(zones)})
    assert decide_table(fee(), "Fee", frame).data.schema["Fee"] == pl.Decimal(28, 2)


def test_two_months_stand_under_each_other() -> None:
    months = [decide_table(fee(), "Fee", pl.DataFrame({"zone": [z], "amount": [1]})).data for z in ("US", "EU")]
    assert pl.concat(months)["Fee"].to_list() == [Decimal(20), Decimal("4.90")]


def outcome(policy: str, cells: list[Any], kind: str | None = None) -> pl.DataType:
    columns = [Column("input", "zone", "string"), Column("output", "fee", kind)]
    rows = [[f'"{at}"', cell] for at, cell in enumerate(cells)]
    model = dmn.read(to_xml([Table("Fee", policy, columns, rows)], "fees", "urn:fees"))
    return decide_table(model, "Fee", pl.DataFrame({"zone": ["0"]})).data.schema["Fee"]


@pytest.mark.parametrize(
    ("policy", "cells", "kind", "wanted"),
    [
        ("U", ["1", "2.345"], None, pl.Decimal(28, 3)),
        ("C+", ["9" * 26, "0.5"], None, pl.Decimal(30, 1)),
        ("U", ["1", "9" * 34 + "."[:0], "0.00001"], None, pl.String()),
        ("U", ["1", '"a"'], None, pl.String()),
        ("U", ["true", "null"], None, pl.Boolean()),
        ("U", ["null", "null"], "string", pl.String()),
        ("U", ['"a"', '"b"'], None, pl.String()),
        ("U", ['date("2025-01-01")'], None, pl.Date()),
        ("C#", ["0.5"], None, pl.Decimal(28, 0)),
        ("U", ["1", "sqrt(string length(zone))"], "number", pl.Decimal(37, 10)),
        ("U", ["1", "string length(zone) / 4"], "number", pl.Decimal(28, 2)),
    ],
)
def test_types_of_outcomes(policy: str, cells: list[str], kind: str | None, wanted: pl.DataType) -> None:
    assert outcome(policy, cells, kind) == wanted
