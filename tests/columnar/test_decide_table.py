"""Deciding over columns gives what deciding row by row gives."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dmn.tables import kinds_of, tables
from tests.draws import examples

from anyshore import dmn, feel
from anyshore.base.errors import DmnError
from anyshore.columnar import decide_table
from anyshore.columnar import tables as columnar
from anyshore.dmn.grids import Column, Table, to_xml

LENGTHS = [datetime.timedelta(days) for days in (1, 1.5, 0, -2, 400)] + [datetime.timedelta(1, microseconds=1)]
MOMENTS = [
    datetime.datetime(2025, 3, 1, 10) + datetime.timedelta(milliseconds=step)
    for step in (-1, 0, 1, 250, 251, 999, 1000)
] + [datetime.datetime(2025, *rest) for rest in ((3, 30, 1, 30), (10, 26, 0, 30), (10, 26, 1, 30), (12, 1), (1, 1))]
DTYPES: dict[str, list[tuple[Any, st.SearchStrategy[Any]]]] = {
    "number": [
        (pl.Int64, st.integers(-(10**12), 10**12) | st.sampled_from([0, 1, 2, 3, 10, 11, 100])),
        (pl.Int16, st.integers(-10, 120)),
        (pl.Float64, st.floats(-20, 120) | st.sampled_from([2.5, 10.1, 10.0, float("nan"), float("inf"), 1e31])),
        (pl.Decimal(20, 3), st.decimals(-20, 120, places=3) | st.sampled_from([Decimal("2.5"), Decimal("10.1")])),
        (
            pl.Decimal(38, 36),
            st.sampled_from(
                [
                    Decimal(text)
                    for text in (
                        "2.5",
                        "2.50000000000000000000000000000000001",
                        "2.499999999999999999999999999999999999",
                        "-3",
                    )
                ]
            ),
        ),
        (pl.Float32, st.sampled_from([2.5, 10.1, 10.0, float("nan"), 16777217.0])),
        (pl.UInt64, st.integers(0, 2**64 - 1) | st.integers(0, 12)),
        (pl.Int128, st.integers(-(2**100), 2**100) | st.integers(-5, 12)),
    ],
    "string": [
        (pl.String, st.sampled_from(["a", "b", "c d", "", "zz", "a\u0301", "\U0001d11e"])),
        (pl.Categorical, st.sampled_from(["a", "b", "zz"])),
        (pl.Enum(["zz", "b", "a"]), st.sampled_from(["a", "b", "zz"])),
    ],
    "boolean": [(pl.Boolean, st.booleans())],
    "date": [
        (pl.Date, st.dates(datetime.date(2024, 1, 1), datetime.date(2026, 1, 1))),
        (pl.Datetime("us", "UTC"), st.just(datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC))),
    ],
    "date and time": [
        (pl.Datetime(unit, zone), st.sampled_from([d.replace(tzinfo=zone and datetime.UTC) for d in MOMENTS]))
        for unit in ("ms", "us", "ns")
        for zone in (None, "UTC", "Europe/Berlin")
    ],
    "time": [(pl.Time, st.times())],
    "days and time duration": [(pl.Duration(unit), st.sampled_from(LENGTHS)) for unit in ("ms", "us", "ns")],
    "years and months duration": [(pl.Int64, st.integers(-4, 12))],
}


def fee(policy: str = "U", rows: list[list[str]] | None = None) -> dmn.Model:
    columns = [
        Column("input", "zone", "string"),
        Column("input", "amount", "number"),
        Column("output", "fee", "number"),
    ]
    cells = rows or [['"EU"', "<= 10", "4.90"], ['"EU"', "> 10", "9.90"], ['not("EU")', "-", "20"]]
    return dmn.read(to_xml([Table("Fee", policy, columns, cells)], "fees", "urn:fees"))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Table, pl.DataFrame]:
    table = draw(tables())
    names = [column.expression for column in table.columns if column.kind == "input"]
    height = draw(st.integers(0, 12))
    data = []
    for name, kind in zip(names, kinds_of(table), strict=True):
        dtype, values = draw(st.sampled_from(DTYPES[kind] + DTYPES["string"] * (not draw(st.integers(0, 9)))))
        data.append(pl.Series(name, draw(st.lists(values | st.none(), min_size=height, max_size=height)), dtype=dtype))
    return table, pl.DataFrame(data)


def outcome(data: pl.DataFrame, row: int) -> object:
    """The outcome of a row, put together again where it became several columns."""
    columns = [name for name in data.columns if name.startswith("Outcome")]
    if columns == ["Outcome"]:
        return data["Outcome"][row]
    parts = {name.removeprefix("Outcome."): data[name][row] for name in columns}
    return None if all(value is None for value in parts.values()) else parts


@pytest.mark.parametrize("zone", [None, "UTC", "Europe/Berlin"])
def test_nanoseconds_are_within_the_years_feel_has(zone: str | None) -> None:
    at = pl.Series("at", [datetime.datetime(2025, 3, 1, 10), None]).cast(pl.Datetime("ns")).dt.replace_time_zone(zone)
    frame = pl.DataFrame([pl.Series("zone", ["EU", "EU"]), pl.Series("amount", [5, 50]), at])
    assert decide_table(fee(), "Fee", frame).data["Fee"].to_list() == [Decimal("4.90"), Decimal("9.90")]


@settings(max_examples=examples(120))
@given(cases(), st.sampled_from([1, 3, 1 << 17]), st.sampled_from([0, 1 << 22]))
def test_columns_give_what_rows_give(case: tuple[Table, pl.DataFrame], chunk: int, direct: int) -> None:
    table, frame = case
    model = dmn.read(to_xml([table], "random", "urn:random"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columnar, "CHUNK", chunk)
        patch.setattr(columnar, "DIRECT", direct)
        decided = decide_table(model, "Outcome", frame)
    assert decided.data.height == frame.height
    for row, inputs in enumerate(frame.iter_rows(named=True)):
        wanted = model.decide("Outcome", inputs).value
        found = outcome(decided.data, row)
        if isinstance(wanted, list) or (isinstance(found, str) and not isinstance(wanted, str)):
            assert found == feel.format(wanted)
        else:
            assert found == wanted


def test_outcome_stands_beside_the_data() -> None:
    frame = pl.DataFrame({"zone": ["EU", "EU", "US", None], "amount": [10.0, 10.01, None, 3.0]})
    decided = decide_table(fee(), "Fee", frame)
    assert decided.indexed
    assert decided.rows_by_row == 0
    assert decided.data["Fee"].to_list() == [Decimal("4.90"), Decimal("9.90"), Decimal(20), Decimal(20)]
    assert decided.data["zone"].to_list() == frame["zone"].to_list()


def test_arrow_and_duckdb_come_back_as_they_were() -> None:
    frame = pl.DataFrame({"zone": ["EU", "US"], "amount": [1, 2]})
    arrow = decide_table(fee(), "Fee", frame.to_arrow()).data
    assert arrow.column("Fee").to_pylist() == [Decimal("4.90"), Decimal("20.00")]
    relation = duckdb.sql("select 'EU' as zone, 11 as amount union all select 'US', 0 order by 1")
    found = decide_table(fee(), "Fee", relation).data
    assert found.project("Fee").fetchall() == [(Decimal("9.90"),), (Decimal("20.00"),)]


def test_enumerated_strings_are_strings() -> None:
    frame = pl.DataFrame({"zone": pl.Series(["EU", "US", None], dtype=pl.Enum(["US", "EU"])), "amount": [1, 2, 3]})
    found = decide_table(fee(), "Fee", frame)
    assert found.indexed
    assert found.data["Fee"].to_list() == [Decimal("4.90"), Decimal(20), Decimal(20)]


def test_row_by_row_is_said() -> None:
    rows = [["-", "amount > 3", "1"]]
    model = fee("F", rows)
    found = decide_table(model, "Fee", pl.DataFrame({"zone": ["EU"], "amount": [["no number"]]}))
    assert not found.indexed or found.rows_by_row == 1
    text = decide_table(fee(), "Fee", pl.DataFrame({"zone": [1], "amount": [2]}))
    assert not text.indexed
    assert text.rows_by_row == 1
    assert "row by row" in text.remarks[0]
    assert text.data["Fee"].to_list() == [Decimal(20)] or text.data["Fee"].to_list() == [None]


def test_outputs_that_are_computed_are_computed_over_columns() -> None:
    model = fee("U", [['"EU"', "-", "amount * 2"], ['"US"', "-", "7"]])
    found = decide_table(model, "Fee", pl.DataFrame({"zone": ["EU", "US", "EU"], "amount": [1, 2, 3]}))
    assert (found.indexed, found.rows_by_row, found.remarks) == (True, 0, [])
    assert found.data["Fee"].to_list() == [Decimal(2), Decimal(7), Decimal(6)]


def test_outputs_without_a_columnar_form_go_one_by_one() -> None:
    model = fee("U", [['"EU"', "-", "sqrt(amount * amount) * 2"], ['"US"', "-", "7"]])
    found = decide_table(model, "Fee", pl.DataFrame({"zone": ["EU", "US", "EU"], "amount": [1, 2, 3]}))
    assert found.indexed
    assert found.rows_by_row == 2
    assert "2 of 3 rows of Fee were decided one by one" in found.remarks[0]
    assert found.data["Fee"].to_list() == [Decimal(2), Decimal(7), Decimal(6)]


def test_other_data_is_refused() -> None:
    with pytest.raises(DmnError, match="no Polars frame"):
        decide_table(fee(), "Fee", [{"zone": "EU"}])


def test_dates_no_column_holds_become_literals() -> None:
    columns = [Column("input", "zone"), Column("output", "until")]
    rows = [['"EU"', 'date("99999-12-31")'], ['"US"', 'date("2026-01-01")']]
    model = dmn.read(to_xml([Table("Until", "U", columns, rows)], "until", "urn:until"))
    found = decide_table(model, "Until", pl.DataFrame({"zone": ["EU", "US"]}))
    assert found.data["Until"].to_list() == ['@"99999-12-31"', '@"2026-01-01"']
    assert "FEEL literals" in found.remarks[0]
