"""Numbers, dates and words of a column; what is open is decided by the column, or refused at its cell."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.base.errors import DataError, InternalError
from anyshore.base.tables import Column, Table, open_table


def table(column: Column, *cells: str, separator: str = ";", other: str = "") -> Table:
    rows = "".join(f'"{cell.replace(chr(34), chr(34) * 2)}"{separator}"{other}"\n' for cell in cells)
    columns = [column, Column("other", "number" if other else "text")]
    return open_table(f"{column.name}{separator}other\n{rows}".encode(), columns, "f.csv")


def values(column: Column, *cells: str, separator: str = ";", other: str = "") -> list[object]:
    found = table(column, *cells, separator=separator, other=other)
    rows = list(found)
    assert found.problems == []
    return [row.values[column.name] for row in rows]


def told(column: Column, *cells: str, separator: str = ";") -> list[tuple[str, str | None]]:
    found = table(column, *cells, separator=separator)
    list(found)
    assert all(problem.hint and problem.location.file == "f.csv" for problem in found.problems)
    return [(problem.code, problem.location.cell) for problem in found.problems]


NUMBER, MONEY, DAY, MOMENT = Column("n", "number"), Column("m", "money"), Column("d", "date"), Column("t", "datetime")


@pytest.mark.parametrize(("text", "value"), [
    ("1234", "1234"), ("1.234,56", "1234.56"), ("1,234.56", "1234.56"), ("12,5", "12.5"), ("12.5", "12.5"),
    ("1.234.567", "1234567"), ("1,234,567", "1234567"), ("1.234.567,8", "1234567.8"), ("12,34,567.8", "1234567.8"),
    ("1 234,5", "1234.5"), ("1\u00a0234,5", "1234.5"), ("1\u202f234\u202f567", "1234567"), ("1'234.50", "1234.50"),
    ("1’234’567", "1234567"), ("0,125", "0.125"), ("0.125", "0.125"), ("1234,567", "1234.567"), ("1,5000", "1.5000"),
    (",5", "0.5"), (".5", "0.5"), ("-5", "-5"), ("−5", "-5"), ("5-", "-5"), ("(5,00)", "-5.00"), ("+5", "5"),
    ("1,5E-03", "0.0015"), ("2.5e3", "2.5e3"), ("007", "7"), ("12,5 %", "0.125"),
])  # fmt: skip
def test_numbers_that_say_themselves_what_they_are(text: str, value: str) -> None:
    assert values(NUMBER, text) == [Decimal(value)]


@pytest.mark.parametrize("text", [
    "many", "1,2,3", "1.2.3", "1 23", "12 34,5", "1.23,456", "--5", "(-5)", "5 Stk", "1e999", "1" * 35, "1,", "0x10",
    "½", "٣", "5 €", "NaN", "∞", "1..5", "1.234,567,8", "€", "5 % %", "1'23", "01.05.2026", "5 kg",
])  # fmt: skip
def test_what_is_no_number_is_refused_at_its_cell(text: str) -> None:
    assert [cell for _, cell in told(NUMBER, "1", text)] == ["A3"]


@pytest.mark.parametrize(("text", "value"), [
    ("1.234,56 €", "1234.56"), ("€ 1.234,56", "1234.56"), ("1.234,56\u00a0EUR", "1234.56"), ("EUR 5", "5"),
    ("-5,00 €", "-5.00"), ("€-5.00", "-5.00"), ("-€5.00", "-5.00"), ("(5,00 €)", "-5.00"), ("5,00- €", "-5.00"),
    ("12", "12"), ("5,00 Euro", "5.00"),
])  # fmt: skip
def test_amounts_with_their_currency(text: str, value: str) -> None:
    assert values(Column("m", "money", unit="EUR"), text) == [Decimal(value)]
    assert values(MONEY, text) == [Decimal(value)]


@pytest.mark.parametrize(("text", "unit", "value"), [
    ("$1,234.50", "USD", "1234.50"), ("CHF 1'234.50", "CHF", "1234.50"), ("Fr. 5.50", "CHF", "5.50"),
    ("5 zł", "PLN", "5"), ("100 kr", "SEK", "100"), ("£5", "GBP", "5"), ("1 500 Kč", "CZK", "1500"),
])  # fmt: skip
def test_amounts_of_other_countries(text: str, unit: str, value: str) -> None:
    assert values(Column("m", "money", unit=unit), text) == [Decimal(value)]


def test_an_amount_of_another_currency_is_refused() -> None:
    assert told(Column("m", "money", unit="EUR"), "5 €", "5 $", "5 USD") == [
        ("tables.currency", "A3"), ("tables.currency", "A4"),
    ]  # fmt: skip
    assert told(MONEY, "5 €", "5", "5 £") == [("tables.currency", "A4")]
    assert told(MONEY, "5 %") == [("tables.percent", "A2")]
    assert told(NUMBER, "5 €") == [("tables.currency", "A2")]


@pytest.mark.parametrize(("cells", "expected"), [
    (("1.234", "2,5"), ["1234", "2.5"]), (("1.234", "1.234,00"), ["1234", "1234.00"]),
    (("1,234", "2.5"), ["1234", "2.5"]), (("1.234", "2.5"), ["1.234", "2.5"]), (("2,5", "1,234"), ["2.5", "1.234"]),
    (("1.234", "7", "1.234.567"), ["1234", "7", "1234567"]), (("1.234", "-0.125"), ["1.234", "-0.125"]),
])  # fmt: skip
def test_the_column_tells_what_a_numeral_leaves_open(cells: tuple[str, ...], expected: list[str]) -> None:
    assert values(NUMBER, *cells) == [Decimal(one) for one in expected]


def test_nothing_is_guessed_where_nothing_tells() -> None:
    assert told(NUMBER, "1.234", "5", "12,345") == [("tables.open-number", "A2"), ("tables.open-number", "A4")]
    assert told(NUMBER, "1.234", separator="\t") == [("tables.open-number", "A2")]
    assert told(NUMBER, "1,234", separator=",") == [("tables.open-number", "A2")]
    assert values(NUMBER, "1.234", separator=",") == [Decimal("1.234")]  # as programs write
    assert values(Column("n", "number", decimal=","), "1.234") == [Decimal(1234)]
    assert told(Column("n", "number", decimal=","), "1.5") == [("tables.mixed-numbers", "A2")]


def test_the_other_columns_tell_where_the_own_one_does_not_and_a_warning_says_so() -> None:
    found = table(NUMBER, "1.234", "2.345", other="0,5")
    assert [row.number("n") for row in found] == [1234, 2345]
    assert [(w.code, w.location.cell) for w in found.warnings] == [("tables.assumed", "A2")]
    assert "'1234'" in found.warnings[0].message


def test_a_column_that_contradicts_itself_is_refused() -> None:
    assert told(NUMBER, "1,5", "3", "1.5", "1.234,5") == [("tables.mixed-numbers", "A4")]


def test_digits_a_spreadsheet_has_dropped_are_missed() -> None:
    assert told(NUMBER, "1,23457E+11") == [("tables.shortened", "A2")]
    found = table(Column("ean"), "4,00638E+12")
    assert [row.text("ean") for row in found] == ["4,00638E+12"]
    assert [warning.code for warning in found.warnings] == ["tables.assumed"]


def test_units_and_shares() -> None:
    assert values(Column("n", "number", unit="h"), "12,5 h", "3H", "4") == [Decimal("12.5"), Decimal(3), Decimal(4)]
    assert values(Column("n", "number", unit="%"), "12,5 %", "12,5") == [Decimal("12.5")] * 2
    assert told(Column("n", "number", unit="h"), "5 %") == [("tables.percent", "A2")]
    assert told(Column("n", "number", minimum=Decimal(0)), "-1", "0") == [("tables.too-small", "A2")]


@pytest.mark.parametrize("text", [
    "2025-12-31", "31.12.2025", "31.12.25", "31. 12. 2025", "20251231", "2025/12/31", "2025.12.31", "31/12/2025",
    "31-12-2025", "12/31/2025", "31. Dezember 2025", "31 Dec 2025", "31-Dez-25", "December 31, 2025", "Dec 31 2025",
    "2025-12-31 00:00", "2025-12-31T00:00:00", "31.12.2025 00:00:00",
])  # fmt: skip
def test_dates_that_say_themselves_what_they_are(text: str) -> None:
    assert values(DAY, text) == [date(2025, 12, 31)]


@pytest.mark.parametrize("text", [
    "31.02.2025", "2025-13-01", "13/13/2025", "soon", "46022", "0000-01-01", "1.1.", "31.12.2025 10:00", "12/2025",
    "2025-12-31T25:00", "31.12.025",
])  # fmt: skip
def test_what_is_no_date_is_refused_at_its_cell(text: str) -> None:
    assert told(DAY, "1.1.2025", text) == [("tables.date", "A3")]


def test_days_and_months_are_told_by_the_column_or_asked() -> None:
    assert values(DAY, "03/04/2026", "12/31/2026") == [date(2026, 3, 4), date(2026, 12, 31)]
    assert values(DAY, "03/04/2026", "31/12/2026") == [date(2026, 4, 3), date(2026, 12, 31)]
    assert values(DAY, "05/05/2026") == [date(2026, 5, 5)]
    assert told(DAY, "03/04/2026", "05/05/2026") == [("tables.open-date", "A2")]
    assert told(DAY, "31/12/2026", "12/31/2026") == [("tables.mixed-dates", "A3")]
    assert values(Column("d", "date", order="mdy"), "03/04/2026") == [date(2026, 3, 4)]
    assert told(Column("d", "date", order="mdy"), "31/12/2026") == [("tables.mixed-dates", "A2")]
    assert values(DAY, "03.04.2026", "12/31/2026") == [date(2026, 4, 3), date(2026, 12, 31)]


def test_years_of_two_digits_are_read_and_said() -> None:
    found = table(DAY, "1.2.49", "1.2.50", "1.2.2026")
    assert [row.day("d") for row in found] == [date(2049, 2, 1), date(1950, 2, 1), date(2026, 2, 1)]
    assert [warning.code for warning in found.warnings] == ["tables.assumed"]


@pytest.mark.parametrize(("text", "moment"), [
    ("2026-01-05", datetime(2026, 1, 5)), ("05.01.2026 8:00", datetime(2026, 1, 5, 8)),
    ("2026-01-05T08:00:01.5", datetime(2026, 1, 5, 8, 0, 1, 500_000)),
    ("05.01.2026, 8:30 Uhr", datetime(2026, 1, 5, 8, 30)),
    ("1/31/2026 8:30 PM", datetime(2026, 1, 31, 20, 30)), ("1/31/2026 12:00 AM", datetime(2026, 1, 31)),
    ("2026-01-05T08:00Z", datetime(2026, 1, 5, 8, tzinfo=UTC)),
    ("2026-01-05 08:00+01:00", datetime(2026, 1, 5, 8, tzinfo=timezone(timedelta(hours=1)))),
])  # fmt: skip
def test_dates_with_times(text: str, moment: datetime) -> None:
    (found,) = values(MOMENT, text)
    assert found == moment


@pytest.mark.parametrize("text", ["2026-01-05 08:00-08:30", "2026-01-05 08:00-18:00", "2026-01-05T08:00+08:60",
                                  "2026-01-05 08:00 - 09:00", "2026-01-05 08:00+15:00"])  # fmt: skip
def test_an_offset_is_one_that_clocks_have(text: str) -> None:
    assert told(MOMENT, text) == [("tables.date", "A2")]


def test_yes_and_no() -> None:
    column = Column("f", "yes-no")
    cells = ("ja", "Nein", "YES", "0", "wahr", "FALSCH", "", "x")
    assert values(column, *cells) == [True, False, True, False, True, False, True]
    assert told(column, "maybe") == [("tables.yes-no", "A2")]


def test_words_of_a_code_list() -> None:
    column = Column("c", "code", codes={"not met": ("nicht erfüllt", "-"), "met": ("erfüllt",)})
    assert values(column, "Not_Met", "nicht  erfuellt", "MET", "-") == ["not met", "not met", "met", "not met"]
    found = table(column, "nott met")
    list(found)
    assert (found.problems[0].code, found.problems[0].hint) == ("tables.word", "Did you mean 'not met'?")


def test_a_required_cell_is_missed() -> None:
    found = open_table(b"a;b\n;1\n2;\n", [Column("a", required=True), Column("b")], "f.csv")
    assert [row.broken for row in found] == [True, False]
    assert [(p.code, p.location.line, p.location.cell) for p in found.problems] == [("tables.empty-cell", 2, "A2")]


def test_headers_are_found_in_any_spelling_and_order() -> None:
    columns = [Column("size", aliases=("Größe",)), Column("unit_price", "money"), Column("h", "number", unit="h")]
    for header in (
        "Größe;Unit Price;H",
        "GROESSE;unit-price;h (h)",
        "Unit_Price (EUR);grosse;h in h",
        "size;unitprice;h",
    ):
        cells = {"size": "L", "unit_price": "5", "h": "1"}
        names = ["unit_price" if "rice" in one else "h" if one[0] in "hH" else "size" for one in header.split(";")]
        content = f"{header}\n{';'.join(cells[name] for name in names)}\n"
        (row,) = open_table(content.encode(), columns)
        assert (row.text("size"), row.number("unit_price"), row.number("h")) == ("L", 5, 1)


def test_all_problems_of_a_header_come_at_once() -> None:
    columns = [Column("name", required=True), Column("net", "money", unit="EUR", header=True), Column("h", "number")]
    with pytest.raises(DataError) as caught:
        open_table(b"nett;Name;NAME;h (%)\n", columns, "f.csv")
    found = [(p.code, p.location.line, p.location.cell) for p in caught.value.diagnostics]
    assert found == [
        ("tables.unknown-column", 1, "A1"), ("tables.column-twice", 1, "C1"), ("tables.missing-column", 1, None),
        ("tables.unit", 1, "D1"),
    ]  # fmt: skip
    assert caught.value.diagnostics[0].hint == "Did you mean 'net'?"
    with pytest.raises(DataError, match="USD"):
        open_table(b"name;net (USD)\n", columns)
    with pytest.raises(DataError, match="TEUR"):
        open_table(b"name;net in TEUR\n", columns)


def test_columns_nobody_expects_can_be_left_out() -> None:
    (row,) = open_table(b"x;name;x\n1;A;2\n", [Column("name")], unknown="ignore")
    assert row.values == {"name": "A"}
    with pytest.raises(DataError, match="none of the columns"):
        open_table(b"x;y\n", [Column("name")], unknown="ignore")


def test_two_columns_found_by_one_word_are_a_fault_of_ours() -> None:
    with pytest.raises(InternalError, match="both found by"):
        open_table(b"a;b\n", [Column("a"), Column("b", aliases=("A ",))])


def german(value: Decimal) -> str:
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))


AMOUNTS = st.lists(st.decimals(-(10**9), 10**9, places=2), min_size=1, max_size=8)


@given(AMOUNTS)
def test_what_german_and_english_spreadsheets_show_is_read_back(amounts: list[Decimal]) -> None:
    assert values(MONEY, *map(german, amounts)) == amounts
    assert values(MONEY, *(f"{one:,.2f}" for one in amounts)) == amounts
    assert values(MONEY, *(f"{german(one)} €" for one in amounts)) == amounts
    assert values(MONEY, *(f"{one:.2f}" for one in amounts)) == amounts


@given(st.lists(st.dates(date(1900, 1, 1)), min_size=1), st.sampled_from(["%d.%m.%Y", "%Y-%m-%d", "%d. %B %Y"]))
def test_dates_that_are_shown_are_read_back(days: list[date], form: str) -> None:
    assert values(DAY, *(one.strftime(form) for one in days)) == days


@given(st.lists(st.dates(date(1900, 1, 1)), min_size=1), st.booleans())
def test_a_date_with_slashes_is_read_rightly_or_refused(days: list[date], american: bool) -> None:
    found = table(DAY, *(one.strftime("%m/%d/%Y" if american else "%d/%m/%Y") for one in days))
    read = [row.day("d") for row in found]
    assert all(one in (day, None) for one, day in zip(read, days, strict=True))
    assert len(found.problems) == read.count(None)
