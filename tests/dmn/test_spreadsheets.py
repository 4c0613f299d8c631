from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from anyshore import dmn
from anyshore.base.errors import DmnError
from anyshore.dmn import spreadsheets, testing
from anyshore.dmn.grids import Column, Table, to_grid, to_xml

CSV = """Decision,Shipping fee,Hit policy,F
kind,input,input,output,annotation
expression,weight,zone,fee,reason
type,number,string,number,
default,,,99,
1,<= 5,"""  # the rest follows, with quotes
CSV += '"""EU""",4.90,light\n2,,"""EU""",9.90,\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "fees.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def test_a_csv_becomes_a_model(file: Path) -> None:
    model = dmn.read(spreadsheets.to_dmn(file))
    assert model.decide("Shipping fee", {"weight": 3, "zone": "EU"}).value == Decimal("4.90")
    assert model.decide("Shipping fee", {"weight": 30, "zone": "EU"}).value == Decimal("9.90")
    assert model.decide("Shipping fee", {"weight": 30, "zone": "US"}).value == Decimal(99)


def test_out_and_in_again_is_the_same(file: Path, tmp_path: Path) -> None:
    model = dmn.read(spreadsheets.to_dmn(file))
    book = tmp_path / "fees.xlsx"
    spreadsheets.write_excel(model.decisions, book)
    again = dmn.read(spreadsheets.to_dmn(book))
    assert to_grid(again.decisions[0]) == to_grid(model.decisions[0])
    (tmp_path / "again.csv").write_text(spreadsheets.write_csv(again.decisions[0]), encoding="utf-8")
    assert to_grid(dmn.read(spreadsheets.to_dmn(tmp_path / "again.csv")).decisions[0]) == to_grid(model.decisions[0])


def test_a_cell_never_becomes_a_formula(tmp_path: Path) -> None:
    columns = [Column("input", "a", "number"), Column("output", "o", "number")]
    model = dmn.read(to_xml([Table("T", "U", columns, [["= 3", "1"]])], "t", "urn:t"))
    spreadsheets.write_excel(model.decisions, tmp_path / "t.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "t.xlsx").active["B7"]
    assert (cell.value, cell.data_type) == ("= 3", "s")


def test_excels_own_values_and_merged_cells_are_feel(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Decision", "T", "Hit policy", "F"], ["kind", "input", "input", "output"],
                ["expression", "d", "b", "o"], [1, datetime.date(2026, 1, 2), True, 5],
                [2, None, False, 6.5]):  # fmt: skip
        sheet.append(row)
    sheet.merge_cells("B4:B5")
    book.save(tmp_path / "t.xlsx")
    model = dmn.read(spreadsheets.to_dmn(tmp_path / "t.xlsx"))
    assert model.decide("T", {"d": datetime.date(2026, 1, 2), "b": True}).value == Decimal(5)
    assert model.decide("T", {"d": datetime.date(2026, 1, 2), "b": False}).value == Decimal("6.5")
    assert model.decide("T", {"d": datetime.date(2026, 1, 3), "b": False}).value is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n", "no row 'kind'"),
        ("Decision,T,Hit policy,Z\nkind,input,output\nexpression,a,o\n1,1,1\n", "no hit policy"),
        ("Decision,T\nkind,input,sideways\nexpression,a,o\n", "no kind of column"),
        ("Decision,T\nkind,input,output\nexpression,a,o\n1,1,\n", "is empty"),
    ],
)
def test_a_wrong_layout_is_told_with_its_cell(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DmnError, match=message) as caught:
        spreadsheets.read_tables(path)
    assert caught.value.diagnostics[0].location.cell


def test_a_file_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"no zip")
    with pytest.raises(DmnError):
        spreadsheets.read_tables(path)


def test_cases_tell_what_failed_and_which_rules_were_reached(file: Path, tmp_path: Path) -> None:
    model = dmn.read(spreadsheets.to_dmn(file))
    cases = tmp_path / "cases.csv"
    cases.write_text("weight,zone,=> Shipping fee,note\n3,EU,4.90,ok\n3,EU,5,wrong\n3,,99,no zone\n", encoding="utf-8")
    report = testing.run_cases(model, testing.read_cases(cases))
    assert [outcome.passed for outcome in report.outcomes] == [True, False, True]
    assert report.outcomes[1].failures == {"Shipping fee": (Decimal(5), Decimal("4.90"))}
    assert report.coverage[0].hits == [2, 0]
    assert report.coverage[0].missed == [2]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "a,=> b\n1\n"])
def test_a_cases_file_that_cannot_be_used(tmp_path: Path, text: str) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DmnError):
        testing.read_cases(path)


HEAD = """Decision;Tarif;Hit policy;U
kind;input;input;output
expression;Gewicht;Express;Preis
type;number;boolean;number
"""


@pytest.mark.parametrize(
    "content",
    [
        (HEAD + "1;<= 2,5;WAHR;4,90\n2;> 2,5;WAHR;9,90\n").encode("utf-8-sig"),
        (HEAD + "1;<= 2,5;WAHR;4,90\n2;> 2,5;WAHR;9,90;\n").replace("Tarif", "Gebühr").encode("cp1252"),
        ("sep=;\n" + HEAD + "1;<= 2.5;TRUE;4.90\n2;> 2.5;TRUE;9.90\n").encode(),
        (HEAD + "1;<= 2,5;WAHR;4,90\n2;> 2,5;WAHR;9,90\n").replace(";", "\t").encode("utf-16"),
        (HEAD + "1;1, 2, 2,5;WAHR;4,90\n2;> 2,5;WAHR;9,90\n").encode(),
    ],
)
def test_a_csv_of_a_german_spreadsheet(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "tarif.csv"
    path.write_bytes(content)
    model = dmn.read(spreadsheets.to_dmn(path))
    name = model.decisions[0].name
    assert name in ("Tarif", "Gebühr")
    assert model.decide(name, {"Gewicht": Decimal("2.5"), "Express": True}).value == Decimal("4.9")
    assert model.decide(name, {"Gewicht": Decimal("2.6"), "Express": True}).value == Decimal("9.9")


def test_a_comma_that_may_mean_two_things_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "tarif.csv"
    path.write_text(HEAD + "1;1,2;WAHR;4\n", encoding="utf-8")
    with pytest.raises(DmnError, match="decimal comma or part two numbers") as caught:
        spreadsheets.read_tables(path)
    assert caught.value.diagnostics[0].location.cell == "B5"


def test_cases_with_semicolons_and_decimal_commas(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_bytes("Gewicht;=> Preis;note\n2,5;4,90;für Größe\n".encode("cp1252"))
    (case,) = testing.read_cases(path)
    assert case.inputs == {"Gewicht": Decimal("2.5")}
    assert case.expected == {"Preis": Decimal("4.90")}
    assert case.note == "für Größe"


def _book(path: Path, **sheets: list[list[object]]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return book


def _rows(name: str, *rules: list[object]) -> list[list[object]]:
    return [["Decision", name, "Hit policy", "F"], ["kind", "input", "output"], ["expression", "a", "o"], *rules]


def test_tables_stand_anywhere_in_a_workbook(tmp_path: Path) -> None:
    """Under a title, in column B, one below another, side by side; notes and hidden sheets are left out."""
    below = [["Tariffs 2026"], [], *([None, *row] for row in _rows("One", [1, 5, 1])), []]
    below += [[None, *row] for row in _rows("Two", [1, 6, 2])]
    beside = [[*a, None, *b] for a, b in zip(_rows("Three", [1, 7, 3]), _rows("Four", [1, 8, 4]), strict=True)]
    beside[0] = ["Decision", "Three", "Hit policy", "F", "Decision", "Four", "Hit policy", "F"]
    path = tmp_path / "book.xlsx"
    book = _book(path, Below=below, Notes=[["Ask Ms Meier."]], Beside=beside, Old=_rows("One", [1, 0, 0]))
    book["Old"].sheet_state = "hidden"
    book.save(path)
    model = dmn.read(spreadsheets.to_dmn(path))
    found = {d.name: model.decide(d.name, {"a": 4 + n}).value for n, d in enumerate(model.decisions, 1)}
    assert found == {"One": 1, "Two": 2, "Three": 3, "Four": 4}


def test_what_word_processors_write_is_understood(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Decision", "T", "Hit policy", "F"],
        ["kind", "input", "input", "input", "input", "output"],
        ["expression", "zone", "weight", "day", "time left", "o"],
        ["type", "string", "number", "date", "days and time duration", "number"],
        [1, "\u201cEU\u201d", "\u2264 5", "[2026-07-01..31.12.2026]", datetime.timedelta(days=2), 0.0000001],
        [2, "\u2013", "\u2265 5", "", "", 2],
    ]
    _book(tmp_path / "t.xlsx", T=rows)
    model = dmn.read(spreadsheets.to_dmn(tmp_path / "t.xlsx"))
    assert dmn.check(model)  # a gap
    inputs = {"zone": "EU", "weight": 5, "day": datetime.date(2026, 12, 31), "time left": datetime.timedelta(2)}
    assert model.decide("T", inputs).value == Decimal("0.0000001")
    assert model.decide("T", {**inputs, "day": datetime.date(2027, 1, 1)}).value == Decimal(2)


def test_all_cells_that_cannot_be_read_are_told_at_once(tmp_path: Path) -> None:
    _book(tmp_path / "t.xlsx", T=_rows("T", [1, "=B9*2", 1], [2, 3, "=1+1"]))
    with pytest.raises(DmnError) as caught:
        spreadsheets.read_tables(tmp_path / "t.xlsx")
    assert [d.location.cell for d in caught.value.diagnostics] == ["B4", "C5"]
    _book(tmp_path / "t.xlsx", T=_rows("T", [1, 3, 1, "no kind above"]))
    with pytest.raises(DmnError, match="no kind") as caught:
        spreadsheets.read_tables(tmp_path / "t.xlsx")
    assert caught.value.diagnostics[0].location.cell == "D4"
    _book(tmp_path / "t.xlsx", A=_rows("T", [1, 3, 1]), B=_rows("T", [1, 3, 1]))
    with pytest.raises(DmnError, match="2 tables decide T"):
        spreadsheets.read_tables(tmp_path / "t.xlsx")


def test_merged_titles_and_formulas_as_inputs(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Decision", "Fee", None, "Hit policy", "F"],
        ["kind", "input", "input", "output"],
        ["expression", "weight * 2", "weight + height", "fee"],
        [1, "< 5", "> 1", 1],
    ]
    path = tmp_path / "t.xlsx"
    book = _book(path, T=rows)
    book["T"].merge_cells("B1:C1")
    book.save(path)
    model = dmn.read(spreadsheets.to_dmn(path))
    assert model.decide("Fee", {"weight": 2, "height": 1}).value == Decimal(1)
    assert model.decide("Fee", {"weight": 3, "height": 1}).value is None
