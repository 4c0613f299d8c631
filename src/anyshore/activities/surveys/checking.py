"""The activity ``surveys.check-tables``: whether tables follow from the field file they came with.

The tables are made anew from the field file by the plan in their first line, and compared line by line: who signs a
report signs figures that anybody with the two files finds again.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from anyshore.activities.activity import ActivityContext
from anyshore.base import files
from anyshore.base.errors import DataError
from anyshore.surveys import asking, quality, weighting
from anyshore.surveys.files.model import Survey
from anyshore.surveys.tabulation import cells

_SHOWN = 20
_SECONDS = "seconds"
"""The column of a field file that holds the length of the interview."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A file that came.

    Attributes:
        document: name of the document in the host.
        name: of the file.
    """

    document: str
    name: str


@dataclass(frozen=True, slots=True)
class CheckInput:
    """What is checked.

    Attributes:
        documents: the files that came together: the field file, and the tables as ``.txt``.
        tables: name of the document that holds the tables.
    """

    documents: tuple[Delivered, ...]
    tables: str


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """What was found.

    Attributes:
        cases: in the field file.
        effective: cases after weighting (Kish), to the tenth.
        efficiency: that over the cases, to the thousandth.
        speeders: cases shorter than a third of the median; 0 where no column ``seconds`` says how long they took.
        repeated: cases that stand in the file twice.
        lines: cells compared.
        same: whether every line of the tables follows from the field file.
        differing: lines that do not, at most 20.
    """

    cases: int
    effective: Decimal
    efficiency: Decimal
    speeders: int
    repeated: int
    lines: int
    same: bool
    differing: tuple[str, ...]


def check_tables(data: CheckInput, context: ActivityContext) -> CheckOutcome:
    """Makes the tables anew and compares."""
    names = {one.document: one.name for one in data.documents}
    text = files.read_text(context.read_document(data.tables), name=names.get(data.tables, "tables"))
    survey = asking.delivered({
        one.name: context.read_document(one.document) for one in data.documents if one.document != data.tables
    })  # fmt: skip
    plan = asking.planned(text, names.get(data.tables, "tables"))
    own = cells.lines(asking.made(survey, plan), plan.line).splitlines()
    given = text.splitlines()
    missing = set(own)
    differing = [line for line in given if line not in missing]
    differing += [f"left out: {line}" for line in own if line not in set(given)]
    weights = np.nan_to_num(asking.numbers(asking.named(survey, plan.weight))) if plan.weight else np.ones(survey.cases)
    effective = weighting.effective_cases(weights)
    return CheckOutcome(
        survey.cases, Decimal(f"{effective:.1f}"), Decimal(f"{effective / max(survey.cases, 1):.3f}"),
        _speeders(survey), quality.repeated([one.values for one in survey.variables]).flagged,
        sum(" | base " in line for line in given), not differing, tuple(differing[:_SHOWN]),
    )  # fmt: skip


def _speeders(survey: Survey) -> int:
    column = next((one for one in survey.variables if one.name.lower() == _SECONDS), None)
    if column is None:
        return 0
    try:
        return quality.speeders(asking.numbers(column)).flagged
    except DataError:  # nobody's length is known
        return 0
