"""What is written is read again, and nothing that is written is computed."""

from __future__ import annotations

from pathlib import Path

import pytest

from anyshore.base.errors import DataError
from anyshore.base.tables import open_sheet, open_workbook, writing
from anyshore.base.tables.writing import Written

ROWS = [["name", "net"], ["=1+1", "1.234,50"], ['two "lines"\nof text', ""]]


def test_csv() -> None:
    assert [line.cells for line in open_sheet(writing.write_csv(ROWS).encode()).lines([])] == ROWS


def test_a_workbook_of_texts_under_names_excel_takes(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    writing.write_workbook([Written("a/b", ROWS), Written("a/b", ROWS), Written("x" * 40, [["y"]])], path)
    book = open_workbook(path)
    assert [title for title, _, _ in book.sheets] == ["a b", "a b (2)", "x" * 31]
    found = [line.cells for line in book.sheet("a b").lines([])]
    assert found == ROWS


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="Cannot write"):
        writing.write_workbook([Written("a", ROWS)], tmp_path / "none" / "t.xlsx")


FORMULAS = (
    "=1+1", "=HYPERLINK(1)", "+cmd|'/C calc'!A0", "-2+3+cmd|'/C calc'!A0", "@SUM(A1)", "|x", "%x",
)  # fmt: skip


def read_again(text: str) -> str:
    (line,) = open_sheet(text.encode()).lines([])
    return line.cells[1]


@pytest.mark.parametrize("cell", FORMULAS)
def test_what_people_open_in_a_spreadsheet_holds_no_formula(cell: str) -> None:
    """CWE-1236: a cell that a spreadsheet would run begins with a space, which readers of cells do not count."""
    assert read_again(writing.write_csv([["a", cell]], for_people=True)) == f" {cell}"
    assert read_again(writing.write_csv([["a", cell]])) == cell, "for programs as it is"


@pytest.mark.parametrize("cell", ["-", "-5", "+3.25", "-1,000.50", "a=b", "> 5", "[1..2]", '"=x"'])
def test_numbers_dashes_and_conditions_stay_as_they_are(cell: str) -> None:
    assert read_again(writing.write_csv([["a", cell]], for_people=True)) == cell
