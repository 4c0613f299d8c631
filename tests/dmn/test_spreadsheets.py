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
