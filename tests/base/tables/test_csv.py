"""CSV of any spreadsheet: encodings, separators, quotes, and every row at its line."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.tables import Column, head, open_sheet, open_table

COLUMNS = [Column("name"), Column("net", "money")]
TEXT = "name;net\nMüller Söhne;1.234,56\nBüro & Co;7,00\n"


def cells(content: bytes) -> list[list[object]]:
    problems: list[Diagnostic] = []
    found = [list(line.cells) for line in open_sheet(content).lines(problems)]
    assert problems == []
    return found


def refused(content: bytes) -> DataError:
    with pytest.raises(DataError) as caught:
        list(open_table(content, COLUMNS, "f.csv"))
    assert caught.value.location.file == "f.csv"
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "iso-8859-1"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_what_a_german_spreadsheet_saves(tmp_path: Path, encoding: str, separator: str, end: str) -> None:
    text = TEXT.replace("1.234,56", '"1.234,56"').replace("7,00", '"7,00"').replace(";", separator)
    path = tmp_path / "f.csv"
    path.write_bytes(text.replace("\n", end).encode(encoding))
    for source in (path, path.read_bytes()):
        table = open_table(source, COLUMNS)
        rows = [(row.text("name"), str(row.number("net"))) for row in table]
        assert rows == [("Müller Söhne", "1234.56"), ("Büro & Co", "7.00")]
        assert table.problems == []
        assert [w.code for w in table.warnings] == (["tables.encoding"] if encoding in ("cp1252", "iso-8859-1") else [])


@pytest.mark.parametrize("mark", ["utf-16-le", "utf-16-be"])
def test_both_orders_of_utf_16(mark: str) -> None:
    assert cells(("\ufeff" + TEXT).encode(mark))[1] == ["Müller Söhne", "1.234,56"]


@pytest.mark.parametrize(("content", "code", "line"), [
    (b"name;net\nMull\x81r;1\n", "file.encoding", 2),  # CP850 of MS-DOS
    ("name;net\nMüller\n".encode() + b"S\xf6hne;1\n", "file.encoding", 3),  # two encodings in one file
    (TEXT.encode("utf-16")[:-1], "file.encoding", 3),
    (TEXT.encode("utf-32"), "file.encoding", None),
    (b"name;net\n\0;1\n", "tables.binary", 2),
    (TEXT.encode("utf-16-le"), "tables.binary", 1),
    (b"", "tables.empty", 1),
    (b"\xef\xbb\xbf\n;;\n", "tables.empty", 1),
    (b'"name;net\n', "tables.quotes", 1),
])  # fmt: skip
def test_what_is_no_text_or_no_table_is_refused(content: bytes, code: str, line: int | None) -> None:
    error = refused(content)
    assert (error.code, error.location.line) == (code, line)


def test_the_separator_is_the_one_that_finds_the_columns() -> None:
    assert cells(b"sep=|\nname|net;x\n1|2\n") == [["name", "net;x"], ["1", "2"]]
    assert cells(b'"sep=;"\r\nname;net\n') == [["name", "net"]]
    assert open_sheet(b"net, gross and tax;name\n", expected={"name": Column("name")}).separator == ";"
    assert open_sheet(b'"a;b;c","name",net\n').separator == ","
    assert open_sheet(b"only one column\n1\n").separator == ";"


def test_lines_are_counted_as_the_file_has_them_and_rows_as_a_spreadsheet_counts() -> None:
    content = b'sep=;\n\nname;net\n"two\nlines";x\n;;\r\nB;y;;\n'
    table = open_table(content, COLUMNS, "f.csv")
    assert [(row.text("name"), row.line) for row in table] == [("two\nlines", 4), ("B", 7)]
    places = [(p.location.line, p.location.column, p.location.element, p.location.cell) for p in table.problems]
    assert places == [(4, 2, "net", "B3"), (7, 2, "net", "B5")]


@pytest.mark.parametrize(("row", "cell"), [
    ('"a ""quoted"" word";1', 'a "quoted" word'), ('12" pipe;1', '12" pipe'), ('"a" ;1', "a"), ('"";1', None),
    ('="00123";1', "00123"), ('"=""0,5""";1', "0,5"), ("'a;1", "'a"), ("\u00a0a\u00a0;1", "a"),
])  # fmt: skip
def test_quotes(row: str, cell: str | None) -> None:
    (found,) = open_table(f"name;net\n{row}\n".encode(), COLUMNS)
    assert (found.text("name"), str(found.number("net"))) == (cell, "1")


@pytest.mark.parametrize("wrong", ['"A;1', '"A"x;1', '"A\nB;1'])
def test_quotes_that_do_not_fit_cost_their_row_alone(wrong: str) -> None:
    table = open_table(f"name;net\nfirst;1\n{wrong}\nlast;2\n".encode(), COLUMNS, "f.csv")
    names = [row.text("name") for row in table]
    assert (names[0], names[-1]) == ("first", "last")
    assert [(p.code, p.location.line) for p in table.problems] == [("tables.quotes", 3)]
    with pytest.raises(DataError, match="quote"):
        table.refuse_if_broken()


def test_cells_beyond_the_header_are_told_and_trailing_empty_ones_are_not() -> None:
    table = open_table(b"name;net;;\nA;1;;\nB\nC;3;;4\nD;4;5\n", COLUMNS, "f.csv")
    assert [row.text("name") for row in table] == ["A", "B", "C", "D"]
    assert [(p.code, p.location.line) for p in table.problems] == [("tables.cells", 4), ("tables.cells", 5)]


def test_a_column_without_a_name_is_told_once() -> None:
    content = b"name;;net\nA;x;1\nB;y;2\n"
    table = open_table(content, COLUMNS, "f.csv")
    assert len(list(table)) == 2
    assert [(p.code, p.location.cell) for p in table.problems] == [("tables.unnamed-column", "B2")]
    table = open_table(content, COLUMNS, "f.csv", unknown="ignore")
    assert (len(list(table)), table.problems) == (2, [])


def test_the_head_of_a_sheet() -> None:
    first = head(open_sheet(b"\n ;\n a ;b\nc;d\n"))
    assert first is not None
    assert (first.number, first.line, first.cells) == (3, 3, ["a", "b"])
    assert head(open_sheet(b" ;\n")) is None


def test_reading_stops_after_many_problems() -> None:
    table = open_table(b"name;net\n" + b"A;x\n" * 5_000, COLUMNS, "f.csv")
    assert len(list(table)) == 1_000
    assert (len(table.problems), table.problems[-1].code) == (1_001, "tables.too-many-problems")


def test_a_table_is_read_as_often_as_it_is_asked_for() -> None:
    table = open_table(b"name;net\nA;x\nB;2\n", COLUMNS)
    first = [row.values for row in table]
    assert ([row.values for row in table], len(table.problems)) == (first, 1)


QUOTED = st.text(st.sampled_from('a";,\n\r\t =') | st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)


@given(st.lists(st.lists(QUOTED, min_size=2, max_size=4), min_size=1, max_size=5), st.sampled_from(";,\t"))
def test_what_any_program_writes_is_read_again(rows: list[list[str]], separator: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerow(["first", "second"])
    writer.writerows(rows)
    assert cells(out.getvalue().encode()) == [["first", "second"], *rows]


@given(st.text(st.sampled_from('a";\n\r'), max_size=30))
@example('"a""')
@example('a"b;"c"')
def test_quotes_are_understood_as_by_the_standard_library(text: str) -> None:
    """Where that, in its strict way, understands the whole file."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True))
    except csv.Error:
        return
    problems: list[Diagnostic] = []
    found = [list(line.cells) for line in open_sheet(b"sep=;\n" + text.encode()).lines(problems)]
    assert (problems, found) == ([], [row or [""] for row in rows])


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_any_bytes_are_rows_or_a_typed_refusal(content: bytes) -> None:
    try:
        table = open_table(b"name;net\n" + content, COLUMNS, "f.csv")
        rows = list(table)
    except DataError as error:
        assert error.location.file == "f.csv"  # noqa: PT017
    else:
        assert all(row.broken or isinstance(row.values["name"], str | None) for row in rows)
        assert all(problem.hint and problem.location.line for problem in table.problems)
