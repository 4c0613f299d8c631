"""Excel workbooks: typed cells, formulas, merged and hidden cells, chosen sheets; what is none is refused by name."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyshore.base.errors import DataError
from anyshore.base.tables import Column, Table, open_sheet, open_table, open_workbook
from anyshore.base.tables.cells import Covered, Fault, Figure
from anyshore.base.tables.formats import Format, read_format

COLUMNS = [Column("name"), Column("net", "money", unit="EUR"), Column("share", "number"), Column("day", "date")]


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(*rows: list[object], change: Callable[[Any], None] = lambda _sheet: None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    change(sheet)
    return saved(book)


def patched(content: bytes, part: str, old: str, new: str) -> bytes:
    """A workbook with one of its parts changed, as no library would write it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            if name == part:
                assert re.search(old.encode(), data)
                data = re.sub(old.encode(), new.encode(), data)
            after.writestr(name, data)
    return out.getvalue()


def read(content: bytes) -> tuple[Table, list[dict[str, object]]]:
    table = open_table(content, COLUMNS, "f.xlsx")
    return table, [dict(row.values) for row in table]


HEAD: list[object] = ["Name", "Net", "Share", "Day"]


def cells(content: bytes) -> list[object]:
    return [cell for line in open_sheet(content).lines([]) for cell in line.cells]


def test_cells_have_their_types() -> None:
    table, (row,) = read(workbook(HEAD, ["Müller", 1234.56, 0.19, datetime(2025, 12, 31)]))
    assert (table.problems, table.file) == ([], "f.xlsx [Sheet]")
    assert row == {"name": "Müller", "net": Decimal("1234.56"), "share": Decimal("0.19"), "day": date(2025, 12, 31)}


def test_what_a_spreadsheet_computes_is_read_to_its_own_15_digits() -> None:
    assert cells(workbook([0.1 + 0.2, 1e15, 1e-7, -2.5, 525.0000000000001])) == [
        Figure(Decimal(one)) for one in ("0.3", "1e15", "1e-7", "-2.5", "525")
    ]


def test_dates_times_and_durations() -> None:
    values = [date(2025, 12, 31), datetime(2025, 12, 31, 8, 20), time(8, 20), timedelta(hours=30), date(1900, 2, 28)]
    assert cells(workbook(values)) == values


def test_a_day_of_1900_that_never_was_and_a_number_beyond_all_days() -> None:
    def as_dates(sheet: Any) -> None:
        for cell in sheet[1]:
            cell.number_format = "dd.mm.yyyy"

    found = cells(workbook([60, 59, 61, -1, 3_000_000, 46022.5], change=as_dates))
    assert found[1:3] == [date(1900, 2, 28), date(1900, 3, 1)]
    assert found[5] == datetime(2025, 12, 31, 12)
    assert [type(found[at]) for at in (0, 3, 4)] == [Fault] * 3


def test_days_counted_from_1904() -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    assert book.active is not None
    book.active["A1"] = date(2025, 12, 31)
    assert cells(saved(book)) == [date(2025, 12, 31)]


@pytest.mark.parametrize(("number", "code", "form"), [
    (0, None, Format()), (14, None, Format("date")), (21, None, Format("time")), (46, None, Format("elapsed")),
    (10, None, Format(percent=True)), (164, "0.0%", Format(percent=True)), (164, "dd.mm.yyyy", Format("date")),
    (164, "[$-407]d. mmmm yyyy", Format("date")), (164, "mmm", Format("date")), (164, "hh:mm", Format("time")),
    (164, "[h]:mm", Format("elapsed")), (164, "00000", Format(digits=5)), (164, "0.00E+00", Format()),
    (164, '#,##0.00 "€"', Format(currency="€")), (164, "#,##0.00\\ [$€-407]", Format(currency="€")),
    (164, '[Red]#,##0.00;"day"', Format()), (164, "#,##0 [$CHF]", Format(currency="CHF")), (164, "General", Format()),
])  # fmt: skip
def test_formats_tell_what_a_number_is(number: int, code: str | None, form: Format) -> None:
    assert read_format(number, code) == form


def test_percentages_currencies_and_leading_zeros() -> None:
    def shown(sheet: Any) -> None:
        sheet["A2"].number_format, sheet["B2"].number_format, sheet["C2"].number_format = "00000", '0.00 "€"', "0%"

    _, (row,) = read(workbook(HEAD, [1067, 5, 0.125], change=shown))
    assert (row["name"], row["net"], row["share"]) == ("01067", 5, Decimal("0.125"))
    columns = [Column("name"), Column("net", "money", unit="USD"), Column("share", "number", unit="%"), COLUMNS[3]]
    table = open_table(workbook(HEAD, [1067, 5, 0.125], change=shown), columns)
    assert [row.number("share") for row in table] == [Decimal("12.5")]
    assert [problem.code for problem in table.problems] == ["tables.currency"]


def test_what_does_not_fit_its_column_is_told_with_its_cell() -> None:
    table, _ = read(
        workbook(HEAD, ["A", "1.234", datetime(2026, 5, 1), 46022], ["B", "x", True, datetime(2026, 1, 1, 8)])
    )
    assert [(p.code, p.location.line, p.location.element, p.location.cell) for p in table.problems] == [
        ("tables.open-number", 2, "Net", "B2"), ("tables.number", 2, "Share", "C2"), ("tables.date", 2, "Day", "D2"),
        ("tables.number", 3, "Net", "B3"), ("tables.number", 3, "Share", "C3"), ("tables.date", 3, "Day", "D3"),
    ]  # fmt: skip


def test_text_in_cells_is_read_as_in_a_csv() -> None:
    _, rows = read(workbook(HEAD, ["A", "1.234,50 €", "0,5", "31.12.2025"], ["B", "1.234", " ", None]))
    assert [row["net"] for row in rows] == [Decimal("1234.50"), Decimal(1234)]
    assert (rows[0]["share"], rows[0]["day"], rows[1]["share"]) == (Decimal("0.5"), date(2025, 12, 31), None)


def test_results_of_formulas_are_read_and_one_without_a_result_is_told() -> None:
    content = workbook(HEAD, ["=1+1", "=B9", None, None])
    table, _ = read(content)
    assert [(p.code, p.location.cell) for p in table.problems] == [
        ("tables.no-result", "A2"),
        ("tables.no-result", "B2"),
    ]
    part = "xl/worksheets/sheet1.xml"
    computed = patched(content, part, r"<f>B9</f><v\s*/>|<f>B9</f><v></v>", "<f>B9</f><v>7.5</v>")
    computed = patched(
        computed,
        part,
        r'r="A2"><f>1\+1</f><v\s*/>|r="A2"><f>1\+1</f><v></v>',
        'r="A2" t="str"><f>1+1</f><v>x_x000D_</v>',
    )
    assert read(computed)[1][0] == {"name": "x", "net": Decimal("7.5"), "share": None, "day": None}
    broken = patched(
        content, part, r'r="B2"><f>B9</f><v\s*/>|r="B2"><f>B9</f><v></v>', 'r="B2" t="e"><f>B9</f><v>#REF!</v>'
    )
    assert ("tables.error-cell", "B2") in [(p.code, p.location.cell) for p in read(broken)[0].problems]


def test_formulas_are_refused_where_their_meaning_must_not_stay_in_the_spreadsheet() -> None:
    computed = patched(workbook(["=1+1", 2]), "xl/worksheets/sheet1.xml", r"<v\s*/>|<v></v>", "<v>2</v>")
    [line] = open_workbook(computed).sheet(results=False).lines([])
    assert [getattr(cell, "code", cell) for cell in line.cells] == ["tables.formula", Figure(Decimal(2))]
    assert cells(computed) == [Figure(Decimal(2))] * 2


def test_merged_texts_stand_for_all_their_rows_and_merged_amounts_are_asked_about() -> None:
    def merge(sheet: Any) -> None:
        sheet.merge_cells("A2:A4")
        sheet.merge_cells("B2:B3")

    table, rows = read(workbook(HEAD, ["A", 5, 1], [None, None, 2], [None, 6, 3], [None, None, None], change=merge))
    assert [row["name"] for row in rows] == ["A", "A", "A"]
    assert [(p.code, p.location.cell) for p in table.problems] == [("tables.merged-number", "B3")]
    assert Covered("A", "A2:A4") in cells(workbook(["x"], ["A"], [None, 1], change=lambda s: s.merge_cells("A2:A4")))


def test_a_title_merged_over_the_header_names_its_first_column_alone() -> None:
    content = workbook(["Name", "Net", None, "Day"], ["A", 5, None, None], change=lambda s: s.merge_cells("B1:C1"))
    assert read(content)[1] == [{"name": "A", "net": 5, "share": None, "day": None}]


def test_hidden_rows_are_read_and_said() -> None:
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True

    table, rows = read(workbook(HEAD, ["A"], ["B"], change=hide))
    assert len(rows) == 2
    assert [(w.code, w.location.line) for w in table.warnings] == [("tables.hidden-rows", 3)]


def test_a_sheet_is_chosen_by_name_or_is_the_first_that_shows() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.sheet_state = "hidden"
    for name in ("Orders", "Other"):
        book.create_sheet(name).append([name])
    content = saved(book)
    assert cells(content) == ["Orders"]
    assert next(open_sheet(content, "f.xlsx", sheet="oTHER").lines([])).cells == ["Other"]
    with pytest.raises(DataError, match="no sheet 'Third'") as caught:
        open_sheet(content, "f.xlsx", sheet="Third")
    assert (caught.value.location.file, caught.value.hint) == ("f.xlsx", "Sheets of this file: Sheet, Orders, Other.")


def test_gaps_keep_their_places() -> None:
    def fill(sheet: Any) -> None:
        sheet["C3"], sheet["AB5"] = "x", "y"

    lines = list(open_sheet(workbook(change=fill)).lines([]))
    assert [(line.number, [at for at, cell in enumerate(line.cells) if cell]) for line in lines] == [
        (3, [2]),
        (5, [27]),
    ]


MAIN = 'xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"'
RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
STRICT = {
    "_rels/.rels": f'<Relationships {RELATIONS}><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/_rels/workbook.xml.rels": f'<Relationships {RELATIONS}><Relationship Id="a" Type="x/worksheet" '
    'Target="one.xml"/>'
    '<Relationship Id="b" Type="x/sharedStrings" Target="/xl/texts.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="urn:r"><sheets><sheet name="One" sheetId="1" r:id="a"/></sheets>'
    "</workbook>",
    "xl/texts.xml": f"<sst {MAIN}><si><t>plain</t></si>"
    "<si><r><t>ri</t></r><r><t>ch</t></r><rPh><t>no</t></rPh></si></sst>",
    "xl/one.xml": f'<worksheet {MAIN}><sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c>'
    '<c t="d"><v>2025-12-31</v></c><c t="d"><v>2025-12-31T08:00</v></c><c t="d"><v>08:00</v></c><c t="d"><v>x</v></c>'
    '<c t="b"><v>1</v></c><c t="s"/></row></sheetData></worksheet>',
}


def packed(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def test_shared_texts_and_the_strict_form_of_the_standard() -> None:
    found = cells(packed(STRICT))
    assert found[:5] == ["plain", "rich", date(2025, 12, 31), datetime(2025, 12, 31, 8), time(8)]
    assert isinstance(found[5], Fault)
    assert found[6:] == [True, ""]


def test_a_text_that_is_not_there_breaks_the_workbook() -> None:
    with pytest.raises(DataError, match="broken workbook"):
        cells(packed({**STRICT, "xl/one.xml": STRICT["xl/one.xml"].replace("<v>1</v>", "<v>2</v>")}))


def ods() -> bytes:
    return archive("mimetype", "content.xml")


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return out.getvalue()


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)


@pytest.mark.parametrize(("content", "message"), [
    (OLE, "Excel 97 to 2003 (.xls)"), (OLE + "EncryptedPackage".encode("utf-16-le"), "with a password"),
    (ods(), "(.ods)"), (archive("xl/workbook.bin"), "(.xlsb)"), (archive("word/document.xml"), "(.docx)"),
    (archive("a.csv"), "(.zip)"), (b"%PDF-1.7", "PDF"), (b"<html><table>", "web page"),
    (b"\xef\xbb\xbf <TABLE>", "web page"),
    (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "Excel 2003"),
    (b'<?xml version="1.0"?><a/>', "is XML"), (b"PAR1", "Parquet"), (b"\x1f\x8b", "gzip"),
])  # fmt: skip
def test_other_files_are_refused_by_their_name(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "f.xlsx"
    path.write_bytes(content)
    for source in (content, path):
        with pytest.raises(DataError, match=re.escape(message)) as caught:
            open_table(source, COLUMNS)
        assert caught.value.code == "tables.not-a-table"
        assert "sav" in caught.value.hint
    with pytest.raises(DataError):
        open_workbook(content)


GOOD = workbook(HEAD, ["A", 5, 0.5, date(2026, 1, 1)], ["B", "x"], change=lambda sheet: sheet.merge_cells("A3:A4"))


@pytest.mark.parametrize(("part", "old", "new"), [
    ("xl/worksheets/sheet1.xml", "<sheetData>", "<sheetData><x>"), ("xl/workbook.xml", "^", "<!DOCTYPE x>"),
    ("xl/worksheets/sheet1.xml", "^", "<!DOCTYPE x>"), ("xl/worksheets/sheet1.xml", 'r="A1"', 'r="ZZZ1"'),
    ("xl/worksheets/sheet1.xml", 'r="A1"', 'r="1A"'), ("xl/worksheets/sheet1.xml", '<row r="1"', '<row r="9999999"'),
    ("xl/worksheets/sheet1.xml", "A3:A4", "A3"),
    ("xl/styles.xml", "numFmtId=\"0\"", "numFmtId=\"x\""), ("_rels/.rels", "officeDocument\"", "none\""),
])  # fmt: skip
def test_a_broken_workbook_is_refused(part: str, old: str, new: str) -> None:
    with pytest.raises(DataError) as caught:
        list(open_table(patched(GOOD, part, old, new), COLUMNS, "f.xlsx"))
    assert (caught.value.code, caught.value.location.file) == ("tables.broken-workbook", "f.xlsx")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="Cannot read") as caught:
        open_table(tmp_path / "none.xlsx", COLUMNS)
    assert caught.value.code == "file.unreadable"


@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=4))
def test_any_damage_gives_rows_or_a_typed_refusal(at: int, damage: bytes) -> None:
    content = GOOD[:at] + damage + GOOD[at + len(damage) :]
    try:
        rows = list(open_table(content, COLUMNS, "f.xlsx"))
    except DataError as error:
        assert error.location.file  # noqa: PT017
    else:
        assert all(set(row.values) == {"name", "net", "share", "day"} for row in rows)


PLAIN_CELL = (
    st.none() | st.integers(-(10**12), 10**12) | st.booleans() | st.dates(date(1900, 3, 1))
    | st.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 30)).map(lambda moment: moment.replace(microsecond=0))
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"], exclude_characters="=_"), min_size=1)
)  # fmt: skip


@given(st.lists(st.lists(PLAIN_CELL, min_size=1, max_size=4), min_size=1, max_size=4))
def test_what_a_library_writes_is_read_again(rows: list[list[object]]) -> None:
    read_back = {line.number: line.cells for line in open_sheet(workbook(*rows)).lines([])}
    for number, row in enumerate(rows, 1):
        found = read_back.get(number, [])
        for at, value in enumerate(row):
            cell = found[at] if at < len(found) else ""
            if isinstance(value, int) and not isinstance(value, bool):
                assert cell == Figure(Decimal(value))
            elif isinstance(value, datetime) and value.time() == time():
                assert cell == value.date()
            else:
                assert cell == ("" if value is None else value)
