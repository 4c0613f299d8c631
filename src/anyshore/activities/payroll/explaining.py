"""The activity ``payroll.explain``: a figure of a recorded payslip, opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from anyshore.activities.activity import ActivityContext
from anyshore.activities.payroll import slips
from anyshore.payroll.schemes import Explanation


@dataclass(frozen=True, slots=True)
class ExplainInput:
    """A payslip on record and one of its figures."""

    id: str
    figure: str


@dataclass(frozen=True, slots=True)
class ExplainOutcome:
    """The figure opened: each operand is a text with its value, and of a parameter its day and source."""

    figure: str
    title: Mapping[str, str]
    amount: object
    formula: str
    law: str
    operands: tuple[str, ...]


def explain(data: ExplainInput, context: ActivityContext) -> ExplainOutcome:
    """Opens a figure of a payslip that was recorded, however long ago: its inputs are kept, its law is dated.

    Raises:
        DataError: there is no such payslip.
        SchemeError: there is no such figure.
    """
    _row, payslip = slips.payslip(context, data.id)
    one = payslip.explain(data.figure)
    return ExplainOutcome(one.name, one.title, one.value, one.formula, one.law, operands(one))


def operands(one: Explanation) -> tuple[str, ...]:
    """What a figure rests on, a text each: name, value, and of a parameter its source and first day."""
    return tuple(
        f"{each.name} = {each.value}" + (f" ({each.source}, {each.valid_from})" if each.source else "")
        for each in one.operands
    )
