"""Reading a portfolio: located problems, and the rest goes on."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.base.errors import DataError
from anyshore.sourcing import portfolio

HEADER = "activity,volume_per_month,handling_minutes,client_country,data_class,driven_by,core\n"


def read(rows: str, header: str = HEADER) -> portfolio.Portfolio:
    return portfolio.read((header + rows).encode(), "p.csv")


def test_a_full_row() -> None:
    (found,) = read("Invoices,1000,6,de,Internal,Rules,no\n").activities
    assert found == portfolio.Activity(
        "Invoices", "DE", "internal", Decimal(1000), Decimal(6), False, {"driven by": "rules"}, 2
    )
    assert found.monthly_hours == 100


def test_what_is_not_known_stays_unknown() -> None:
    (found,) = read("Invoices,,,DE,public,,\n").activities
    assert (found.volume_per_month, found.core, found.criteria, found.monthly_hours) == (None, None, {}, None)


def test_semicolons_and_a_byte_order_mark_from_a_spreadsheet() -> None:
    content = "\ufeffActivity;Client Country;Data-Class\r\nPayroll;AT;special\r\n".encode()
    assert portfolio.read(content, "p.csv").activities[0].name == "Payroll"


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (",1,1,DE,public,,", "tables.empty-cell", "activity"),
        ("A,many,1,DE,public,,", "tables.number", "volume_per_month"),
        ("A,-1,1,DE,public,,", "tables.too-small", "volume_per_month"),
        ("A,NaN,1,DE,public,,", "tables.number", "volume_per_month"),
        ("A,1e30,1,DE,public,,", "portfolio.number", "volume_per_month"),
        ("A,1,1,Germany,public,,", "portfolio.country", "client_country"),
        ("A,1,1,UK,public,,", "portfolio.country", "client_country"),
        ("A,1,1,ZZ,public,,", "portfolio.country", "client_country"),
        ('A,"1,500",1,DE,public,,', "tables.open-number", "volume_per_month"),
        ('"A,1,1,DE,public,,', "tables.quotes", None),
        ('"A"x,1,1,DE,public,,', "tables.quotes", None),
        ("A,1,1,DE,publik,,", "tables.word", "data_class"),
        ("A,1,1,DE,public,rulez,", "tables.word", "driven_by"),
        ("A,1,1,DE,public,,perhaps", "tables.yes-no", "core"),
        ("A,1,1,DE,public,,,,x", "tables.cells", None),
    ],
)
def test_a_wrong_row_is_located_and_the_others_go_on(row: str, code: str, column: str | None) -> None:
    found = read(f"Good,1,1,DE,public,,\n{row}\nAlso good,1,1,DE,public,,\n")
    assert [a.name for a in found.activities] == ["Good", "Also good"]
    (problem,) = found.problems
    assert (problem.code, problem.location.line, problem.location.element) == (code, 3, column)
    assert problem.hint


def test_all_problems_of_a_row_come_at_once() -> None:
    assert len(read("A,x,y,Germany,publik,rulez,perhaps\n").problems) == 6


def test_a_name_stands_once() -> None:
    (problem,) = read("A,1,1,DE,public,,\nA,2,2,DE,public,,\n").problems
    assert problem.code == "portfolio.twice"
    assert "line 2" in problem.message


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfeactivity", "tables.unknown-column"),
        (b"a\x00", "tables.binary"),
        (b"", "tables.empty"),
        (b"activity,client_country,data_class\n", "portfolio.empty"),
        (b"activity,client_country,data_klass\n", "tables.unknown-column"),
        (b"activity,activity,client_country,data_class\n", "tables.column-twice"),
        (b"PK\x03\x04\x00\x00", "tables.broken-workbook"),
    ],
)
def test_a_file_that_cannot_be_used_at_all(content: bytes, code: str) -> None:
    with pytest.raises(DataError) as caught:
        portfolio.read(content, "p.csv")
    assert caught.value.code == code
    assert caught.value.location.file == "p.csv"


@given(st.binary(max_size=300))
def test_any_bytes_give_a_portfolio_or_a_typed_error(content: bytes) -> None:
    try:
        portfolio.read(b"activity,client_country,data_class\n" + content, "p.csv")
    except DataError as error:
        assert error.location.file == "p.csv"  # noqa: PT017


def test_a_quoted_cell_may_go_over_lines() -> None:
    found = read('"Two\nlines",1,1,DE,public,,\nB,1,1,DE,public,,\n"""Quoted""",1,1,DE,public,,\n')
    assert [(a.name, a.line) for a in found.activities] == [("Two\nlines", 2), ("B", 4), ('"Quoted"', 5)]


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_what_spreadsheets_of_other_countries_save(delimiter: str, encoding: str) -> None:
    text = HEADER + "Bürobedarf,7.5,12.25,AT,public,,ja\n"
    content = text.replace(",", delimiter).replace("7.5", "7,5").replace("12.25", "12,25").encode(encoding)
    found = portfolio.read(content, "p.csv")
    (activity,) = found.activities
    assert (activity.name, activity.volume_per_month, activity.handling_minutes, activity.core) == (
        "Bürobedarf", Decimal("7.5"), Decimal("12.25"), True,
    )  # fmt: skip
    warned = [("tables.encoding", "warning", 2)] if encoding == "cp1252" else []
    assert [(p.code, p.severity, p.location.line) for p in found.problems] == warned


def test_a_comma_that_may_mean_thousands_is_asked_about() -> None:
    found = portfolio.read(HEADER.replace(",", ";").encode() + b"A;1,234;5;DE;public;;\n", "p.csv")
    assert [p.code for p in found.problems] == ["tables.open-number"]


def test_more_rows_than_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portfolio, "MAX_ROWS", 3)
    assert len(read("".join(f"A{n},1,1,DE,public,,\n" for n in range(3))).activities) == 3
    with pytest.raises(DataError) as caught:
        read("".join(f"A{n},1,1,DE,public,,\n" for n in range(4)))
    assert (caught.value.code, caught.value.location.line) == ("portfolio.too-long", 5)
