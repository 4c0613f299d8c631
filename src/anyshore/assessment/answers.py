"""Marks of many people from a table: a column per question, a row per person."""

from __future__ import annotations

import math

from anyshore.assessment.item_analysis import Analysis, analyse
from anyshore.base.errors import DataError, Diagnostic
from anyshore.base.locations import Location
from anyshore.base.tables import open_sheet

PEOPLE = "people"
"""The column that says how many people answered as a row does."""
MOST = 1_000_000
"""People a table may stand for."""


def read(content: bytes, file: str) -> Analysis:
    """Reads a table of marks and analyses it.

    Raises:
        DataError: with every problem of the table, located.
    """
    problems: list[Diagnostic] = []
    sheet = open_sheet(content, name=file)
    lines = [line for line in sheet.lines(problems) if any(cell != "" for cell in line.cells)]
    heads = [str(cell).strip() for cell in lines[0].cells] if lines else []
    names = [name for name in heads if name != PEOPLE]
    if not names or len(lines) < 2:
        message, hint = "The table holds no answers.", "A heading per question, then a row per person."
        raise DataError("marks.empty", message, Location(file, line=1), hint)
    marks: list[list[float | None]] = []
    for line in lines[1:]:
        place = Location(file, line=line.line)
        row = [str(cell) for cell in line.cells] + [""] * (len(heads) - len(line.cells))
        if len(row) > len(heads):
            message = f"The row has {len(row)} cells, the heading {len(heads)}."
            problems.append(Diagnostic("marks.row", message, place, "Give a cell per question."))
            continue
        values = dict(zip(heads, row, strict=True))
        people = _people(values.get(PEOPLE, "1"), place, problems)
        cells = [_mark(values[name], name, place, problems) for name in names]
        marks += [cells] * people
        if len(marks) > MOST:
            message = f"The table stands for more than {MOST:,} people."
            raise DataError("marks.large", message, place, "Analyse a part of it.")
    if problems:
        raise DataError.of(problems)
    return analyse(names, marks)


def _people(text: str, place: Location, problems: list[Diagnostic]) -> int:
    if text.strip().isascii() and text.strip().isdigit() and len(text.strip()) < 10:
        return int(text)
    problems.append(Diagnostic("marks.people", f"{text!r} is no number of people.", place, "Write 0, 1, 2 …"))
    return 0


def _mark(text: str, name: str, place: Location, problems: list[Diagnostic]) -> float | None:
    if not text.strip():
        return None
    try:
        mark = float(text.replace(",", "."))
    except ValueError:
        mark = math.nan
    if not 0 <= mark <= 1:
        where = Location(place.file, line=place.line, cell=name)
        problems.append(Diagnostic("marks.mark", f"{text!r} is no mark.", where, "Write 0 to 1, or nothing."))
        return None
    return mark
