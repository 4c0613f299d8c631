"""Surveys, weights and tables as people read them, and as JSON has them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from anyshore.base.errors import DataError, plain
from anyshore.base.telling import Sheet
from anyshore.surveys.files.model import Absence, Survey, Variable
from anyshore.surveys.tabulation import cells
from anyshore.surveys.tabulation.banner import Table
from anyshore.surveys.weighting import Weighted

_ABSENCES: tuple[Absence, ...] = ("answered", "missing", "absent")


def of_survey(survey: Survey, file: str) -> Sheet:
    """Its variables: kind, labels, how many answered."""
    rows = [
        (one.name, one.kind, one.label, len(one.answers), *counts(one).values()) for one in survey.variables
    ]  # fmt: skip
    columns = ("Variable", "Kind", "Label", "Answers", *(word.capitalize() for word in _ABSENCES))
    return Sheet(f"{survey.title or file}: {survey.cases:,} cases", columns, rows, right=(3, 4, 5, 6))


def survey_data(survey: Survey) -> dict[str, Any]:
    """The same as plain data, with what could not be read."""
    return {
        "title": survey.title, "cases": survey.cases, "version": survey.version,
        "variables": [_variable(one) for one in survey.variables], "problems": plain(survey.problems),
    }  # fmt: skip


def _variable(one: Variable) -> dict[str, Any]:
    return {
        "name": one.name, "kind": one.kind, "label": one.label,
        "answers": {str(answer.code): answer.label for answer in one.answers},
        "missing": [[str(span.low), str(span.high)] for span in one.missing], **counts(one),
    }  # fmt: skip


def counts(one: Variable) -> dict[str, int]:
    """How many answered a question, did not, or were not asked."""
    found = Counter(one.absence(value) for value in one.values)
    return {word: found[word] for word in _ABSENCES}


def of_weights(data: dict[str, Any]) -> Sheet:
    """What ``weights_data`` holds, to four digits."""
    return Sheet("Weights", ("", "Value"), [(name, f"{value:,.4g}") for name, value in data.items()], right=(1,))


def weights_data(found: Weighted) -> dict[str, Any]:
    """How good weights are."""
    return {
        "cases": len(found.weights), "effective": found.effective, "efficiency": found.efficiency,
        "lowest": found.lowest, "highest": found.highest, "capped": found.capped, "off": found.off,
        "rounds": found.rounds,
    }  # fmt: skip


def of_table(table: Table) -> Sheet:
    """A table with the letters of the columns a column is significantly above."""
    columns = ("", *(f"{name} {mark}".strip() for name, mark in zip(table.columns, table.marks, strict=True)))
    rows = [("Cases", *(f"{one:.0f}" for one in table.cases))]
    rows += [
        (row.label, *(f"{cells.shown(row, place)} {row.letters[place]}".strip() for place in range(len(table.columns))))
        for row in table.rows
    ]
    return Sheet(f"{table.name}: {table.label}", columns, rows, right=tuple(range(1, len(columns))))


def shares(text: str) -> dict[str, float]:
    """The shares wanted of the answers to a question, written as 1:49,2:51.

    Raises:
        DataError: it is not written so.
    """
    try:
        return {code: float(share) for code, _, share in (part.rpartition(":") for part in text.split(","))}
    except ValueError as odd:
        raise DataError("survey.targets", f"{text!r} are no shares.", hint="Write them as sex=1:49,2:51.") from odd


def caps(text: str) -> tuple[float, float]:
    """The lowest and the highest weight, written as 0.3:3.

    Raises:
        DataError: it is not written so.
    """
    low, _, high = text.partition(":")
    try:
        return float(low), float(high)
    except ValueError as odd:
        raise DataError("survey.caps", f"{text!r} are no caps.", hint="Write them as 0.3:3.") from odd
